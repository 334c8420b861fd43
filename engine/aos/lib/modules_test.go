package lib

import (
	"errors"
	"testing"

	lua "github.com/yuin/gopher-lua"

	"patchbay/engine/lua53"
)

func TestBase64(t *testing.T) {
	probes(t, `b64 = require(".base64")`, map[string]string{
		`b64.encode(""), b64.encode("a"), b64.encode("ab"), b64.encode("abc"), b64.encode("abcd")`:                       ` YQ== YWI= YWJj YWJjZA==`,
		`b64.decode("YQ=="), b64.decode("YWI="), b64.decode("YWJj"), b64.decode("YW Jj\nZA=="), b64.decode("")`:          `a ab abc abcd `,
		`b64.encode("\255\254\253", b64.makeencoder("-", "_", ".")), b64.encode("\255", b64.makeencoder("-", "_", "."))`: `__79 _w..`,
		`b64.decode("__79", b64.makedecoder("-", "_")) == "\255\254\253"`:                                                `true`,
		`b64.decode("YQ")`: `error: [string ".base64"]:N: attempt to perform arithmetic on a nil value (field '?')`,
		`b64.decode("=")`:  `error: [string ".base64"]:N: attempt to perform arithmetic on a nil value (field '?')`,
		`b64.decode(nil)`:  `error: [string ".base64"]:N: attempt to index a nil value (local 'b64')`,
		`b64.encode(nil)`:  `error: [string ".base64"]:N: attempt to get length of a nil value (local 'str')`,
		`b64.makeencoder()[0], b64.makeencoder()[64], b64.makedecoder()[65], b64.makedecoder()[61]`: `65 61 0 64`,
		`b64.decode(b64.encode(("xyz\0"):rep(1000))) == ("xyz\0"):rep(1000)`:                        `true`,
	})
}

func TestUtils(t *testing.T) {
	const setup = `u = require(".utils")
		function show(t) local r = {} for i, v in ipairs(t) do r[i] = tostring(v) end return table.concat(r, ",") end
		add3 = function(a, b, c) return tostring(a) .. tostring(b) .. tostring(c) end`
	probes(t, setup, map[string]string{
		`u.curry(add3)(1)(2)(3), u.curry(add3)(1)(2, 3), u.curry(add3)(1, 2, 3), u.curry(add3)(1, 2)(3)`: `123 123 123 13nil`,
		`u.curry(add3)()(1, 2, 3), u.curry(add3)(1, 2, 3, 4)`:                                            `nil12 123`, // f() keeps a nil
		`u.curry(add3, 2)(1)(2), u.curry(add3, 1) == add3, u.curry(print) == print`:                      `12nil true true`,
		`u.curry(5)`: `error: [string ".utils"]:N: function is required as first argument`,
		`show(u.concat({ 1 }, { 2 })), show(u.concat({ 1 })({ 2, 3 })), show(u.reverse({ 1, 2, 3 }))`: `1,2 1,2,3 3,2,1`,
		`u.concat(1, {})`:           `error: [string ".utils"]:N: first argument should be a table that is an array`,
		`u.concat({ x = 1 }, {})`:   `error: [string ".utils"]:N: first argument should be a table`,
		`u.concat({}, { [3] = 1 })`: `error: [string ".utils"]:N: second argument should be a table`,
		`u.reduce(function(a, b) return a + b end, nil, { 1, 2, 3 })`: `6`,
		`u.reduce(1, 2, {})`:            `error: [string ".utils"]:N: first argument should be a function that accepts (result, value, key)`,
		`u.reduce(print, 2, { a = 1 })`: `error: [string ".utils"]:N: third argument should be a table that is an array`,
		`show(u.map(function(v, k) return v * k end, { 5, 6 })), show(u.filter(function(v) return v > 1 end)({ 1, 2, 3 }))`: `5,12 2,3`,
		`u.map(print, { a = 1 })`: `error: [string ".utils"]:N: second argument should be an Array`,
		`u.map(1, {})`:            `error: [string ".utils"]:N: first argument should be a unary function`,
		`select("#", u.find(function() end, { 1 })), u.find(function(v) return v == 2 end)({ 1, 2 })`: `0 2`,
		`u.propEq("a", "x", { a = "x" }), u.propEq("a")("y")({ a = "x" })`:                            `true false`,
		`u.propEq("a", 1, {})`:  `error: [string ".utils"]:N: second argument should be a string`,
		`u.propEq(1, "a", {})`:  `error: [string ".utils"]:N: first argument should be a string`,
		`u.propEq("a", "b", 1)`: `error: [string ".utils"]:N: third argument should be a table<object>`,
		`u.compose(function(x) return x .. "a" end, function(x) return x .. "b" end)("c")`: `cba`,
		`u.compose(tostring)(function(x) return x + 1 end)(1)`:                             `2`,
		`u.compose(tostring, 1)(1)`:                                                        `error: [string ".utils"]:N: each argument needs to be a function`,
		`u.prop("a", { a = 1 }), u.prop("a")({ a = 2 }), u.prop("len", "x") == string.len`: `1 2 true`,
		`u.prop("a", nil)(5)`: `error: [string ".utils"]:N: attempt to index a number value (local 'object')`,
		`u.includes(2, { 1, 2 }), u.includes("x")({ }), u.includes(false, { false })`: `true false true`,
		`u.includes(1, { a = 1 })`: `error: [string ".utils"]:N: argument should be a table that is an array`,
		`show(u.keys({ a = 1, b = 2 })), show(u.values({ a = 1, b = 2 }))`: `a,b 1,2`,
		`u.keys(1)`: `error: [string ".utils"]:N: argument needs to be a table`,
		`u.normalize("some_TAG-name"), u.normalize("a--b_c"), u.normalize(5), u.capitalize("hELLO wORLD"), u.capitalize(nil)`:                                       `Some-Tag-Name A--B-C 5 Hello world nil`,
		`u.matchesSpec({ Action = "X" }, "X"), u.matchesSpec({ Action = "x" }, "X"), u.matchesSpec({}, "X")`:                                                        `true false false`,
		`u.matchesSpec({ A = "Hello" }, { A = "hello" }), u.matchesSpec({ A = "Hello" }, { A = "^h.*O$" }), u.matchesSpec({ A = "a-b" }, { A = "A-B" })`:            `true true true`,
		`u.matchesSpec({ A = "x" }, { A = { "y", "X" } }), u.matchesSpec({ A = "x" }, { A = false }), u.matchesSpec({ A = 5 }, { A = "5" }), u.matchesSpec({}, {})`: `true false true true`,
		`u.matchesSpec({ A = {} }, { A = "x" })`: `error: [string ".utils"]:N: bad argument #1 to 'lower' (string expected, got table)`,
		`u.matchesSpec({ A = 1 }, { A = function(v, m) return v == 1 and m.A == 1 end }), u.matchesSpec(nil, function() return "continue" end)`: `true continue`,
		`u.matchesPattern("_", nil, {}), u.matchesPattern(nil, "x", {}), u.matchesPattern({ "b", function() return true end }, 1, {})`:          `true false true`,
	})
}

func TestStringify(t *testing.T) {
	probes(t, `f = function(t, i) return (require(".stringify").format(t, i):gsub("\27%[(%d+)m", "<%1>")) end p = require(".pretty").tprint`, map[string]string{
		`f({})`:                       `{  }`,
		`f({ 1, "a", 2.0 })`:          `{ <34>1<0>, <32>"a"<0>, <34>2.0<0> }`,
		`f({ a = 1 })`:                "{\n   <31>a<0> = <34>1<0>\n}",
		`f({ 1, x = true })`:          "{\n   <31>x<0> = <34>true<0>\n}",
		`f({ { 1 }, { a = {} } })`:    "{\n  { <34>1<0> },\n  {\n     <31>a<0> = {  }\n  }\n }",
		`f({ a = { 1, 2 } }, 4)`:      "{\n       <31>a<0> = { <34>1<0>, <34>2<0> }\n    }",
		`f({ [5] = "x", [1.5] = 1 })`: "{\n   <31>5<0> = <32>\"x\"<0>,\n   <31>1.5<0> = <34>1<0>\n}",
		`f({ [true] = 1 })`:           `error: [string ".stringify"]:N: attempt to concatenate a boolean value (local 'k')`,
		`f(nil)`:                      `error: [string ".stringify"]:N: bad argument #1 to 'for iterator' (table expected, got nil)`,
		`require(".stringify").isSimpleArray({ 1, 2 }), require(".stringify").isSimpleArray({ true }), require(".stringify").isSimpleArray({})`: `true false true`,
		`p({ a = 1, t = { b = true } })`: "a: 1\nt: \n b: true\n",
		`p({ 1.0, "x" }, 2)`:             "  1: 1.0\n  2: x\n",
		`p({ f = print })`:               `error: [string ".pretty"]:N: attempt to concatenate a function value (local 'v')`,
	})
}

func TestDump(t *testing.T) {
	probes(t, `D = require(".dump")`, map[string]string{
		`D({})`:                   `{}`,
		`D(5), D("a\nb"), D(nil)`: "\"5\" \"a\\\nb\" \"nil\"",
		`D({ b = 1, a = "x", [1] = true, [2.5] = {}, ["a-b"] = 1, ["end"] = 2 })`: "{\n    [1] = true,\n    [2.5] = {},\n    [\"a-b\"] = 1,\n    [\"end\"] = 2,\n    a = \"x\",\n    b = 1\n}",
		`D({ a = { b = 1 } }, 2)`: "{\n  a = {\n    b = 1\n  }\n}",
		`D({ a = { 1 } }, 0)`:     "{ a = { [1] = 1 } }",
		`D({ a = 1 }, 2, 3)`:      "{\n     a = 1\n   }",
		`D({ "\27[0m\0001\r" })`:  "{\n    [1] = \"\\27[0m\\0001\\13\"\n}",
		`D({ a = 1 }, -1)`:        `error: aos:1: indent must be unsigned integer`,
		`D({ a = 1 }, 1.5)`:       `error: aos:1: indent must be unsigned integer`,
		`D({ a = 1 }, 2, "x")`:    `error: aos:1: padding must be unsigned integer`,
		`D({ a = 1 }, 2, 0, 5)`:   `error: aos:1: filter must be function`,
		`(D((function() local t = {} t.t = t return t end)()):gsub("0x%x+", "P"))`: "{\n    t = \"<Circular table: P>\"\n}",
		`D({ a = 1, b = "s", c = { d = 2 } }, 4, 0, function(v, depth, typ, use, key, ud) if use == "key" and v == "a" then return nil end if use == "val" and typ == "string" then return v .. ud, true end return v end, "!")`: "{\n    b = s!,\n    c = {\n        d = 2\n    }\n}",
		`D(print, 4, 0, function() return 7, true end)`: `7`,
		`(D({ f = print }):gsub(": [^\"]+", ": P"))`:    "{\n    f = \"function: P\"\n}",
		`D({ [false] = 1, [true] = 2 })`:                "{\n    [false] = 1,\n    [true] = 2\n}",
	})
}

func TestChance(t *testing.T) {
	const setup = `c = require(".chance") c.seed(42)`
	m := newMachine(t)
	m.run(t, setup)
	if got := m.eval(t, `c.integer(1, 1000), c.integer(1, 1000), c.random()`); got != "375 797 0.95071431156248" {
		t.Error(got)
	}
	m.s.Begin()
	before := m.eval(t, `c.random(), c.integer(1, 5)`)
	m.run(t, `for i = 1, 2000 do c.random() end c.seed(1)`)
	m.s.Rollback()
	if got := m.eval(t, `c.random(), c.integer(1, 5)`); got != before {
		t.Errorf("after a roll-back %s, before %s", got, before)
	}
	for expr, want := range map[string]string{
		`c.integer(5, 1)`: `error: [string ".chance"]:N: max must bigger than min`,
		`c.integer(1)`:    `error: [string ".chance"]:N: attempt to compare number with nil`,
		`c.seed("x")`:     `error: [string ".chance"]:N: attempt to perform bitwise operation on a string value (local 's')`,
		`c.seed(1.5)`:     `error: [string ".chance"]:N: number has no integer representation`,
		`math.type(c.integer(1.0, 2.0)), math.type(c.random())`: `integer float`,
		`math.type(c.integer(0, 2^70))`:                         `float`,
		`c.integer(7, 7)`:                                       `7`,
	} {
		if got := m.eval(t, expr); got != want {
			t.Errorf("%s: %q, want %q", expr, got, want)
		}
	}
}

// Whatever has no end is ended by the budget.
func TestRunawayTables(t *testing.T) {
	m := newMachineWith(t, lua53.Limits{Gas: 2_000_000, Alloc: 64 << 20, Object: 4 << 20})
	for _, script := range []string{
		`local t = {} for i = 1, 40 do t[i] = i end t[41] = t return require(".stringify").format(t)`,
		`local t = {} t.t = t return require(".pretty").tprint(t)`,
		`local b = require(".bint")(1 << 40)`,
		`return require(".crypto").kdf.pbkdf2({ 1 }, { 2 }, 1 << 40, 1 << 40)`,
		`return require(".crypto").digest.sha2_256(function() return 1 end)`,
		`local c, t = require(".crypto"), {} for i = 1, 1 << 40 do t[i] = c.digest.md5(c.utils.stream.fromString("")) end`,
		`local u, t = require(".utils"), {} for i = 1, 1 << 40 do t[i] = u.curry(print, 9) end`,
	} {
		_, err := m.try(script)
		t.Logf("%s: %v", script, err)
		if err == nil {
			t.Errorf("%s came back", script)
			continue
		}
		if !errors.Is(err, lua53.ErrMemory) && !errors.Is(err, lua53.ErrGas) && neutral(err.Error()) != `[string ".pretty"]:N: stack overflow` {
			t.Errorf("%s: %v", script, err)
		}
	}
}

// Whatever text a script passes, the modules answer with a value or a Lua error.
func FuzzText(f *testing.F) {
	for _, s := range []string{"", "YQ==", "0x1f", "-12", "616", "\xff=", "a-b_C", "%", "["} {
		f.Add(s)
	}
	m := newMachine(f)
	m.run(f, `local b, b64, c, u, D = require(".bint")(256), require(".base64"), require(".crypto"), require(".utils"), require(".dump")
		function all(s)
			local ok, n = pcall(b, s)
			if ok then assert(b(tostring(n)) == n) end
			for base = 2, 36 do b.frombase(s, base) end
			pcall(b64.decode, s)
			assert(b64.decode(b64.encode(s)) == s)
			pcall(c.utils.hex.hexToString, s)
			assert(c.utils.hex.hexToString(c.utils.hex.stringToHex(s)) == s)
			pcall(c.cipher.aes.decrypt, s, ("k"):rep(16))
			pcall(c.cipher.morus.decrypt, ("k"):rep(16), ("n"):rep(16), s)
			pcall(c.cipher.norx.decrypt, ("k"):rep(32), ("n"):rep(32), s)
			local x = { a = { [s] = s } }
			assert(load("return " .. D(x))().a[s] == s)
			u.normalize(s) u.capitalize(s)
			pcall(u.matchesPattern, s, s, {})
			pcall(b.fromle, s) pcall(b.frombe, s)
		end`)
	all := m.s.Globals().GetString("all")
	f.Fuzz(func(t *testing.T, s string) {
		m.s.ResetBudget()
		if _, err := m.s.Call(t.Context(), all, lua.LString(s)); err != nil {
			t.Fatal(err)
		}
	})
}
