package lib

import (
	"math/big"
	"testing"

	lua "github.com/yuin/gopher-lua"
	"pgregory.net/rapid"

	"patchbay/engine/lua53"
)

func TestBint(t *testing.T) {
	const setup = `bint = require(".bint")(256); b = bint; small = require(".bint")(64)`
	probes(t, setup, map[string]string{
		// Making numbers.
		`b("  12")`:                       `error: [string ".bint"]:N: value cannot be represented by a bint`,
		`b("+5"), b("-0x1F"), b("0b101")`: `5 -31 5`,
		`b("")`:                           `error: [string ".bint"]:N: value cannot be represented by a bint`,
		`b(nil)`:                          `error: [string ".bint"]:N: value cannot be represented by a bint`,
		`b(false)`:                        `error: [string ".bint"]:N: value cannot be represented by a bint`,
		`b(true)`:                         `true`,
		`b(3.5)`:                          `error: [string ".bint"]:N: value cannot be represented by a bint`,
		`b(2^70)`:                         `error: [string ".bint"]:N: value cannot be represented by a bint`,
		`b(1/0)`:                          `error: [string ".bint"]:N: value cannot be represented by a bint`,
		`b(2^53), b(-2.0)`:                `9007199254740992 -2`,
		`b(math.mininteger)`:              `-9223372036854775808`,
		`b.fromuinteger(-1)`:              `18446744073709551615`,
		`b.frominteger("1e3"), b.frominteger(" 7 ")`:            `1000 7`,
		`select("#", b.frominteger("x"))`:                       `0`,
		`select("#", b.tobint({}))`:                             `0`,
		`b.frombase(" 5 ", 10), b.frombase("-zz", 36)`:          `5 -1295`,
		`select("#", b.frombase("123456789012345678901 ", 10))`: `0`,
		`b.frombase("5", 37)`:                                   ``,
		`b.trunc(-3.9), b.trunc("7.9"), b.trunc(2^70)`:          `-3 7`,
		`b.floor(-3.5), b.ceil("3.5"), b.floor(7)`:              `-4 4 7`,
		`b.floor("x")`: `error: [string ".bint"]:N: bad argument #1 to 'math_floor' (number expected, got nil)`,
		`b.parse("1.5"), b.parse("12"), b.parse("x")`:                                 `1.5 12 nil`,
		`#b(7), #b.fromle("\1\2"), b.fromle("\1\2"), b.frombe("\1\2")`:                `8 9 513 258`,
		`type(b(1)), getmetatable(b(1)) == b, b(5)[1], b(5)[8], b(-1)[8]`:             `table true 5 0 4294967295`,
		`b.bits, small.bits, require(".bint")() == b, require(".bint")(256, 32) == b`: `256 64 true true`,
		`require(".bint")(100)`:     `error: [string ".bint"]:N: bitsize is not multiple of word bitsize`,
		`require(".bint")(32)`:      `error: [string ".bint"]:N: bitsize must be >= 64`,
		`require(".bint")(128, 64)`: `error: [string ".bint"]:N: word bitsize must be half of the lua integer bitsize`,
		`#require(".bint")(128, 16)(1), require(".bint")(128, 16)("0x1234567890abcdef1234") + 1`: `8 85968058272638546416181`,
		`#require(".bint")(96)(1), require(".bint")(96)(2):ipow(95)`:                             `3 -39614081257132168796771975168`,
		// Arithmetic and wrapping.
		`b.maxinteger() + 1 == b.mininteger()`:                                    `true`,
		`small("9223372036854775807") + 1`:                                        `-9223372036854775808`,
		`b("7") // -2, b(-7) // 2, b(-7) // -2, b(7) % -3, b(-7) % 3, b(-7) % -3`: `-4 -4 3 -2 2 -1`,
		`b.__idiv(7, 2)`:                         `3 1`,
		`b.__idiv(-7, 2)`:                        `-4 1`,
		`b.idivmod(-7, 2)`:                       `-4 1`,
		`b.tdivmod(-7, 2)`:                       `-3 -1`,
		`b.tdiv(b(7), 2.5), b.tmod(b(-7), 2.5)`:  `2.0 -2.0`,
		`b.tdiv("7", 2)`:                         `error: [string ".bint"]:N: attempt to compare string with number`,
		`b.tdivmod(b.mininteger(), -1)`:          `error: [string ".bint"]:N: division overflow`,
		`b.mininteger() // -1 == b.mininteger()`: `true`,
		`b(1) // 0`:                              `error: [string ".bint"]:N: attempt to divide by zero`,
		`b(1) % 0`:                               `error: [string ".bint"]:N: attempt to divide by zero`,
		`b(1) // 0.0`:                            `error: [string ".bint"]:N: attempt to divide by zero`,
		`b(1) / 0, b(7) / 2, b(2) ^ 0.5`:         `inf 3.5 1.4142135623731`,
		`b(5) + 0.5, 0.5 + b(5), b(5) * "2", b(5) - "1.5"`: `5.5 5.5 10 3.5`,
		`b(5) + {}`:       `error: [string ".bint"]:N: attempt to perform arithmetic on a nil value`,
		`b(5) + small(5)`: `error: [string ".bint"]:N: attempt to perform arithmetic on a nil value`,
		`b(5) + "x"`:      `error: [string ".bint"]:N: attempt to perform arithmetic on a nil value`,
		`-b(5), -b.mininteger() == b.mininteger()`: `-5 true`,
		`b.__unm(5)`: `error: [string ".bint"]:N: attempt to index a number value`,
		`b.ipow(2, 255) == b.mininteger(), b.ipow(3, 0), b.ipow("3", "4"), b.ipow(0, -1)`: `true 1 81 0`,
		`b.upowmod(3, 200, 1000007), b.upowmod(3, 5, 1)`:                                  `959082 0`,
		`b.udivmod(17, 5)`: `3 2`,
		`b.udiv(-1, 2) == b.maxinteger(), b.umod(7, 4)`: `true 3`,
		`b.udiv("x", 1)`: `error: [string ".bint"]:N: value cannot be represented by a bint`,
		`b.udiv(1, "x")`: `error: [string ".bint"]:N: value has not integer representation`,
		`b.inc(1.5), b.inc(7), b.dec("7"), b.inc("1e1")`: `2.5 8 6 11.0`,
		`b.inc(nil)`:                            `error: [string ".bint"]:N: attempt to perform arithmetic on a nil value (local 'x')`,
		`b.abs(-5), b.abs(-1.5), b.abs("-1.5")`: `5 1.5 1.5`,
		`b.abs({})`:                             `error: [string ".bint"]:N: bad argument #1 to 'math_abs' (number expected, got table)`,
		// Bits.
		`b(5) & 3, b(5) | 8, b(5) ~ 1, ~b(0), b(1) << 70, b(-1) >> 255, b(1) << -1, b(8) >> -1`: `1 13 4 -1 1180591620717411303424 1 0 16`,
		`b(1) << 256, b(1) << math.mininteger`:                                                  `0 0`,
		`b(1) << 1.5`:                                                                           `error: [string ".bint"]:N: value has no integer representation`,
		`b(1.5 and "x") & 1`:                                                                    `error: [string ".bint"]:N: value cannot be represented by a bint`,
		`b(1) & "x"`:                                                                            `error: [string ".bint"]:N: value has not integer representation`,
		`b.bror(1, 1) == b.mininteger(), b.brol(b.mininteger(), 1), b.brol(1, -1) == b.mininteger()`: `true 1 true`,
		`b.bwrap(-1, 8), b.bwrap(5, 0), b.bwrap(-1, 300)`:                                            `255 0 -1`,
		`b.bwrap(1, "x")`: `error: [string ".bint"]:N: attempt to compare string with number`,
		// Comparing.
		`b(1) < 2, b(1) < 1.5, b(2) <= "2", 1 < b(2), b(-1) < 0`: `true true true true true`,
		`b(1) < "x"`: `error: [string ".bint"]:N: attempt to compare number with nil`,
		`b(1) == b(1), b(1) == 1, b.eq(1, "1"), b.eq(1.5, 1.5), b.__eq(b(1), small(1))`: `true false true true false`,
		`b.__eq("1", 1)`: `error: [string ".bint"]:N: attempt to index a number value (local 'y')`,
		`b.ult(-1, 1), b.ule(1, 1), b.ult("x", 1)`:                                      `error: [string ".bint"]:N: value has not integer representation`,
		`b.ult(-1, 1), b.ule(1, 1)`:                                                     `false true`,
		`b.max(1, b(3)), b.min("1", 3), b.max(1.5, b(3)), b.max(2.5, 1), b.min(2.5, 1)`: `3 1 3 2.5 1`,
		`b.max(1, {})`: `error: attempt to compare number with table`,
		`b.isneg(-1), b.ispos(1.5), b.isneg(b(-1)), b.iseven(2), b.isodd(b(3)), b.iseven(2.0), b.isodd("3")`: `true true true true true true true`,
		`b.isneg("1")`: `error: [string ".bint"]:N: attempt to compare string with number`,
		`b.isneg(nil)`: `error: [string ".bint"]:N: attempt to compare nil with number`,
		`b.iszero(0.0), b.isone("1"), b.isminusone(-1), b.isminusone(b(-1))`:                         `true false true true`,
		`b.isbint(small(1)), b.isintegral(1.0), b.isintegral(1), b.isnumeric(1.5), b.isnumeric("1")`: `false false true true false`,
		`b.type(b(1)), b.type(1), b.type(1.5), b.type("1"), b.type()`:                                `bint integer float nil nil`,
		// Showing.
		`b.tobase(255, 16), b.tobase(-255, 16, false), b.tobase(-1, 2, true) == ("1"):rep(256)`: `ff -ff true`,
		`b.tobase(-1, 10, true)`:                                   `115792089237316195423570985008687907853269984665640564039457584007913129639935`,
		`select("#", b.tobase("x")), select("#", b.tobase(1, 37))`: `0 0`,
		`b.tobase(1, "x")`:                                         `error: [string ".bint"]:N: attempt to compare number with string`,
		`b.tonumber(b("123456789012345678901")), b.tonumber("0x10"), b.tonumber({})`:                  `1.2345678901235e+20 16 nil`,
		`b.tointeger(b("18446744073709551615")), b.tointeger("7.0"), select("#", b.tointeger("7.5"))`: `-1 7 0`,
		`b.tole(1, true), #b.tole(1), b.tobe(258, true) == "\1\2"`:                                    "\x01 32 true",
		`b.__tostring(5)`:                      `error: [string ".bint"]:N: attempt to index a number value (local 'self')`,
		`b.__tostring("5")`:                    `error: [string ".bint"]:N: attempt to call a nil value (method 'tobase')`,
		`require("json").encode({ v = b(5) })`: `{"v":[5,0,0,0,0,0,0,0]}`,
		// In place.
		`(function() local x = b(5) local y = x x:_inc():_add("3"):_unm() return x, rawequal(x, y) end)()`: `-9 true`,
		`(function() local x = b(1) x:_shlwords(1):_shlone() return x end)()`:                              `8589934592`,
		`b.new(b(5)) == b(5), rawequal(b.tobint(b.one(), true), b.one())`:                                  `true false`,
		`(function() local x = b(5) x[3] = nil return x + 1 end)()`:                                        `error: [string ".bint"]:N: attempt to perform arithmetic on a nil value (field '?')`,
		`"a" .. b(1)`: `error: aos:1: attempt to concatenate a table value`,
	})
}

// Whatever the operands, the module agrees with math/big.
func TestBintAgainstBig(t *testing.T) {
	m := newMachine(t)
	m.run(t, `bint = require(".bint")(256)
		function calc(op, x, y)
			local r
			if op == "+" then r = bint(x) + y elseif op == "-" then r = bint(x) - y elseif op == "*" then r = bint(x) * bint(y)
			elseif op == "//" then r = bint(x) // y elseif op == "%" then r = bint(x) % y
			elseif op == "<" then return tostring(bint(x) < bint(y)) elseif op == "<=" then return tostring(bint.__le(x, y)) end
			return tostring(r)
		end`)
	calc := m.s.Globals().GetString("calc")
	mod := new(big.Int).Lsh(big.NewInt(1), 256)
	half := new(big.Int).Lsh(big.NewInt(1), 255)
	number := func(t *rapid.T, name string) *big.Int {
		v := new(big.Int).SetBytes(rapid.SliceOfN(rapid.Byte(), 0, 32).Draw(t, name))
		if v.Cmp(half) >= 0 {
			v.Sub(v, mod)
		}
		if rapid.Bool().Draw(t, name+" small") {
			v.Rem(v, big.NewInt(1000))
		}
		return v
	}
	rapid.Check(t, func(t *rapid.T) {
		x, y := number(t, "x"), number(t, "y")
		op := rapid.SampledFrom([]string{"+", "-", "*", "//", "%", "<", "<="}).Draw(t, "op")
		want := new(big.Int)
		text := ""
		switch op {
		case "+":
			want.Add(x, y)
		case "-":
			want.Sub(x, y)
		case "*":
			want.Mul(x, y)
		case "//", "%":
			if y.Sign() == 0 {
				t.Skip()
			}
			q, r := new(big.Int).DivMod(x, y, new(big.Int))
			if r.Sign() != 0 && y.Sign() < 0 { // Euclid rounds differently
				q.Sub(q, big.NewInt(1))
				r.Add(r, y)
			}
			if want = q; op == "%" {
				want = r
			}
		case "<":
			text = map[bool]string{true: "true", false: "false"}[x.Cmp(y) < 0]
		default:
			text = map[bool]string{true: "true", false: "false"}[x.Cmp(y) <= 0]
		}
		if text == "" {
			want.Mod(want, mod)
			if want.Cmp(half) >= 0 {
				want.Sub(want, mod)
			}
			text = want.String()
		}
		m.s.ResetBudget()
		got, err := m.s.Call(t.Context(), calc, lua.LString(op), lua.LString(x.String()), lua.LString(y.String()))
		if err != nil || m.s.ToString(got[0]) != text {
			t.Fatalf("%s %s %s: got %v, %v; want %s", x, op, y, got, err, text)
		}
	})
}

// A roll-back takes in-place changes and classes back.
func TestBintRollback(t *testing.T) {
	m := newMachine(t)
	m.run(t, `bint = require(".bint")(256) x = bint(5)`)
	m.s.Begin()
	m.run(t, `x:_add(7) other = require(".bint")(512)`)
	m.s.Rollback()
	if got := m.eval(t, `tostring(x), other, require(".bint")(512).bits`); got != "5 nil 512" {
		t.Error(got)
	}
}

var sink []lua.LValue

func benchCall(b *testing.B, setup, fn string, args ...lua.LValue) {
	m := newMachine(b)
	m.run(b, setup)
	f := m.s.Globals().GetString(fn)
	b.ReportAllocs()
	for b.Loop() {
		m.s.ResetBudget()
		r, err := m.s.Call(b.Context(), f, args...)
		if err != nil {
			b.Fatal(err)
		}
		sink = r
	}
}

// What a token's Transfer does with its numbers: two checks, a subtraction and an
// addition of decimal strings.
func BenchmarkBintTransfer(b *testing.B) {
	benchCall(b, `local bint = require(".bint")(256)
		local function plus(a, b) return tostring(bint(a) + bint(b)) end
		local function minus(a, b) return tostring(bint(a) - bint(b)) end
		function transfer(q, have, other)
			assert(bint.__lt(0, bint(q)))
			if bint.__le(bint(q), bint(have)) then return minus(have, q), plus(other, q) end
		end`, "transfer", lua.LString("1000000000000"), lua.LString("123456789012345678901"), lua.LString("5"))
}

func BenchmarkBintAdd(b *testing.B) {
	benchCall(b, `local bint = require(".bint")(256)
		local x, y = bint("123456789012345678901234567890"), bint(1)
		function add() for i = 1, 100 do local z = x + y end end`, "add")
}

var _ = lua53.MakeInt
