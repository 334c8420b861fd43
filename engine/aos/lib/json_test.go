package lib

import (
	"errors"
	"math"
	"strings"
	"testing"

	lua "github.com/yuin/gopher-lua"
	"pgregory.net/rapid"

	"patchbay/engine/lua53"
	"patchbay/patchdev"
)

func TestJSON(t *testing.T) {
	const setup = `json = require("json") function try(f, ...) return select(2, pcall(f, ...)) end`
	probes(t, setup, map[string]string{
		// Encoding.
		`json.encode(nil), json.encode(true), json.encode("a\"\\\n\1\127é/")`:                               `null true "a\"\\\n\u0001` + "\x7f" + `é/"`,
		`json.encode(3.0), json.encode(10 / 2), json.encode(2^53 + 1), json.encode(0.1), json.encode(-0.0)`: `3 5 9.007199254741e+15 0.1 -0`,
		`json.encode(9007199254740993), json.encode(math.maxinteger), json.encode(99999999999999)`:          `9.007199254741e+15 9.2233720368548e+18 99999999999999`,
		`json.encode({}), json.encode({ 1, "a", { } }), json.encode({ a = { b = { } } })`:                   `[] [1,"a",[]] {"a":{"b":[]}}`,
		`json.encode({ f = print }), json.encode({ f = print, v = 1 })`:                                     `{} {"v":1}`,
		`json.encode({ print })`:                                        `error: [string "json"]:N: unexpected type 'function'`,
		`json.encode(print)`:                                            `error: [string "json"]:N: unexpected type 'function'`,
		`json.encode({ c = coroutine.create(print) })`:                  `error: [string "json"]:N: unexpected type 'thread'`,
		`json.encode({ 1, 2, x = 3 })`:                                  `error: [string "json"]:N: invalid table: mixed or invalid key types`,
		`json.encode({ [5] = "a" })`:                                    `error: [string "json"]:N: invalid table: mixed or invalid key types`,
		`json.encode({ [1] = "a", [3] = "c" })`:                         `error: [string "json"]:N: invalid table: sparse array`,
		`json.encode({ [true] = 1 })`:                                   `error: [string "json"]:N: invalid table: mixed or invalid key types`,
		`json.encode({ 1, [1.5] = 2 })`:                                 `error: [string "json"]:N: invalid table: sparse array`,
		`json.encode({ x = 0 / 0 }):gsub("%-", "")`:                     `error: [string "json"]:N: unexpected number value '-nan'`,
		`json.encode({ 1 / 0 })`:                                        `error: [string "json"]:N: unexpected number value 'inf'`,
		`(function() local t = {} t.t = t return json.encode(t) end)()`: `error: [string "json"]:N: circular reference`,
		`(function() local t = {} return json.encode({ t, t }) end)()`:  `[[],[]]`,
		`json.encode(setmetatable({ a = 1 }, { __index = { b = 2 } }))`: `{"a":1}`,
		`json.encode({ a = 1, b = 2, c = 3 })`:                          `{"a":1,"b":2,"c":3}`,
		// Decoding.
		`json.decode("[1,2.0,\"x\",true,null]")[1], math.type(json.decode("2.0")), #json.decode("[1,null,3]"), json.decode("[1,null,3]")[3]`: `1 float 1 3`,
		`json.decode("{\"a\":1,\"a\":null}").a, next(json.decode("{\"a\":null}"))`:                                                           `nil nil`,
		`math.type(json.decode("9223372036854775807")), math.type(json.decode("9223372036854775808"))`:                                       `integer float`,
		`json.decode("[1,]")[1], json.decode("{\"a\":1,}").a, json.decode("01"), json.decode("0x10")`:                                        `1 1 1 16`,
		`json.decode("null"), select("#", json.decode("null"))`:                                                                              `nil 1`,
		`json.decode("")`:               `error: [string "json"]:N: unexpected character '' at line 1 col 1`,
		`json.decode("not")`:            `error: [string "json"]:N: invalid literal 'not' at line 1 col 1`,
		`json.decode("[1,\n2 3]")`:      `error: [string "json"]:N: expected ']' or ',' at line 2 col 4`,
		`json.decode()`:                 `error: [string "json"]:N: expected argument of type string, got nil`,
		`json.decode(5)`:                `error: [string "json"]:N: expected argument of type string, got number`,
		`json.decode(("["):rep(20000))`: `error: [string "json"]:N: stack overflow`,
		`json.decode(json.encode({ deep = { list = { 1, { k = "v" } } } })).deep.list[2].k`: `v`,
		`json._version, type(json.encode)`:                                                  `0.2.0 function`,
	})
}

// A decoded document that is encoded and decoded again is the same.
func TestJSONRoundTrip(t *testing.T) {
	m := newMachine(t)
	rapid.Check(t, func(t *rapid.T) {
		m.s.ResetBudget()
		v := luaValue(m.l, t, 3)
		first, err := m.l.AppendJSON(nil, nil, v)
		if err != nil {
			t.Fatal(err)
		}
		back, err := m.l.DecodeJSON(string(first))
		if err != nil {
			t.Fatalf("%s: %v", first, err)
		}
		again, err := m.l.AppendJSON(nil, nil, back)
		if err != nil || string(again) != string(first) {
			t.Fatalf("%s came back as %s, %v", first, again, err)
		}
		// Value is what reading gives.
		val, err := m.l.Value(nil, v)
		if err != nil {
			t.Fatal(err)
		}
		third, err := m.l.AppendJSON(nil, nil, m.l.ToLua(val))
		if err != nil || len(third) != len(first) {
			t.Fatalf("%s as a patch value is %s, %v", first, third, err)
		}
	})
}

// luaValue draws a value that JSON can carry.
func luaValue(l *Lib, t *rapid.T, depth int) lua.LValue {
	kinds := 5
	if depth > 0 {
		kinds = 7
	}
	switch rapid.IntRange(0, kinds-1).Draw(t, "kind") {
	case 0:
		return lua.LString(rapid.String().Draw(t, "s"))
	case 1:
		return lua53.MakeInt(rapid.Int64Range(-99999999999999, 99999999999999).Draw(t, "i"))
	case 2:
		f := rapid.Float64().Filter(func(f float64) bool { return !math.IsInf(f, 0) && f == f && f != 0 }).Draw(t, "f")
		n, err := l.DecodeJSON(string(must(l.AppendJSON(nil, nil, lua53.MakeFloat(f)))))
		if err != nil {
			t.Fatal(err)
		}
		return n
	case 3:
		return lua.LBool(rapid.Bool().Draw(t, "b"))
	case 4:
		return lua53.MakeInt(0)
	case 5:
		tbl := l.s.NewTable()
		for i := range rapid.IntRange(0, 4).Draw(t, "n") {
			l.setInt(tbl, i+1, luaValue(l, t, depth-1))
		}
		return tbl
	default:
		tbl := l.s.NewTable()
		for range rapid.IntRange(0, 4).Draw(t, "n") {
			l.set(tbl, rapid.String().Draw(t, "key"), luaValue(l, t, depth-1))
		}
		return tbl
	}
}

func must(b []byte, err error) []byte {
	if err != nil {
		panic(err)
	}
	return b
}

func TestValue(t *testing.T) {
	m := newMachine(t)
	r := m.run(t, `return { n = 10 / 2, big = 9007199254740993, f = print, e = {}, l = { "a", 1.5 }, b = false }, print, nil`)
	v, err := m.l.Value(nil, r[0])
	if err != nil {
		t.Fatal(err)
	}
	want := patchdev.NewTable("n", patchdev.Int(5), "big", patchdev.Float(9.007199254741e15), "e", patchdev.EmptyList(),
		"l", patchdev.NewList(patchdev.String("a"), patchdev.Float(1.5)), "b", patchdev.Bool(false))
	if !patchdev.Equal(v, want) {
		t.Errorf("%s", patchdev.AppendJSON(nil, v, patchdev.JSONOptions{}))
	}
	for _, v := range r[1:] {
		if got, err := m.l.Value(nil, v); got != nil || err != nil {
			t.Errorf("%v: %v, %v", v, got, err)
		}
	}
	for script, want := range map[string]error{
		`return { 1, x = 2 }`:                                     ErrMixedKeys,
		`return { [2] = 2 }`:                                      ErrMixedKeys,
		`return { 1, [3] = 2 }`:                                   ErrSparse,
		`local t = {} t[1] = t return t`:                          ErrCircular,
		`local t = {} for i = 1, 17000 do t = { t } end return t`: ErrDepth,
	} {
		if _, err := m.l.Value(nil, m.run(t, script)[0]); !errors.Is(err, want) {
			t.Errorf("%s: %v", script, err)
		}
	}
}

// The budget stops what would fill the memory.
func TestJSONBudget(t *testing.T) {
	m := newMachineWith(t, lua53.Limits{Alloc: 64 << 20, Object: 4 << 20})
	for script, want := range map[string]error{
		`local s = ("x"):rep(1 << 18) local t = {} for i = 1, 20 do t[i] = s end return require("json").encode(t)`: lua53.ErrMemory,
		`local s = "[" .. ("1,"):rep(100000) .. "1]" for i = 1, 100 do require("json").decode(s) end`:              lua53.ErrMemory,
	} {
		if _, err := m.try(script); !errors.Is(err, want) {
			t.Errorf("%s: %v", script, err)
		}
	}
}

// Whatever a document holds, decoding ends with a value or an error.
func FuzzDecodeJSON(f *testing.F) {
	f.Add(`{"a":[1,2.5,null,{"b":"c"}]}`)
	s := lua53.New(lua53.Options{})
	f.Cleanup(s.Close)
	l := Open(s)
	f.Fuzz(func(t *testing.T, doc string) {
		s.ResetBudget()
		v, err := l.DecodeJSON(doc)
		if err != nil {
			return
		}
		if _, err := l.AppendJSON(nil, nil, v); err != nil && !errors.Is(err, ErrSparse) && !errors.Is(err, ErrMixedKeys) && !strings.Contains(err.Error(), "unexpected number") {
			t.Fatal(err)
		}
	})
}

const benchDoc = `{"Target":"abcdefghijklmnopqrstuvwxyz0123456789_-ABCDE","Tags":[{"name":"Action","value":"Transfer"},{"name":"Quantity","value":"1000000"},{"name":"Recipient","value":"zyxwvutsrqponmlkjihgfedcba0123456789_-ABCDE"}],"n":12345,"f":1.5,"ok":true,"nested":{"list":[1,2,3,4,5,6,7,8,9,10]}}`

func BenchmarkJSONEncode(b *testing.B) {
	benchCall(b, `local json = require("json") local v = json.decode([==[`+benchDoc+`]==]) function f() return json.encode(v) end`, "f")
}

func BenchmarkJSONDecode(b *testing.B) {
	benchCall(b, `local json = require("json") function f(s) return json.decode(s) end`, "f", lua.LString(benchDoc))
}
