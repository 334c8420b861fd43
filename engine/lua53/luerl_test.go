package lua53

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/big"
	"strconv"
	"testing"

	lua "github.com/yuin/gopher-lua"
	"pgregory.net/rapid"
)

// luerl runs a chunk in a state with luerl's numbers and returns its first result
// as tostring gives it.
func luerl(t testing.TB, source string) (string, error) {
	t.Helper()
	s := New(Options{Luerl: true})
	defer s.Close()
	fn, err := s.Load("return tostring(("+source+"))", "=x", "t", nil)
	if err != nil {
		if fn, err = s.Load(source, "=x", "t", nil); err != nil {
			return "", err
		}
	}
	res, err := s.Call(context.Background(), fn)
	if err != nil || len(res) == 0 {
		return "", err
	}
	return s.ToString(res[0]), nil
}

func TestLuerlNumbers(t *testing.T) {
	for source, want := range map[string]string{
		"9223372036854775806 + 1":               "9223372036854775807",
		"-9223372036854775808":                  "-9223372036854775808",
		"-0x8000000000000000":                   "-9223372036854775808",
		"0x7fffffffffffffff":                    "9223372036854775807",
		"-1 >> 1":                               "-1",
		"-8 >> 1":                               "-4",
		"5 >> 100":                              "0",
		"-5 >> 100":                             "-1",
		"1 << 62":                               "4611686018427387904",
		"1 << -3":                               "0",
		"-16 << -3":                             "-2",
		"3 >> -2":                               "12",
		"0 << 1000":                             "0",
		"~5 & 0xff | 1 ~ 3":                     "250",
		"1e15":                                  "1.0e15",
		"1e14":                                  "1.0e14",
		"1/3":                                   "0.3333333333333333",
		"10/2":                                  "5.0",
		"2^53":                                  "9007199254740992.0e0",
		"0.1 + 0.2":                             "0.30000000000000004",
		"1000.0":                                "1.0e3",
		"100.0":                                 "100.0",
		"-1500.0":                               "-1.5e3",
		"123456789.0":                           "123456789.0",
		"0.001":                                 "0.001",
		"1e-7":                                  "1.0e-7",
		"-0.0":                                  "-0.0",
		"math.huge":                             "1.7976931348623157e308",
		"1.5 .. ''":                             "1.5",
		"table.concat({1e20, 2}, ' ')":          "1.0e20 2",
		"('x'):gsub('x', { x = 1e20 })":         "1.0e20",
		"string.format('%s %.14g', 1e20, 1e20)": "1.0e20 1e+20",
		"7 // 2 + 7 % -3 + 2^2":                 "5.0",
		"tonumber('9223372036854775807')":       "9223372036854775807",
		"tonumber('-9223372036854775808')":      "-9223372036854775808",
		"math.floor(1e15)":                      "1000000000000000",
		"math.type(2^40 // 1)":                  "float",
		"#'é' .. '/' .. #'\\u{e9}' .. '/' .. #'\\195\\169'": "4/2/2",
		"#[[é]]":                  "4",
		"#string.char(195, 169)":  "2",
		"load(\"return #'é'\")()": "8", // the text was encoded once before
		"(function() local n = 0 for i = math.maxinteger - 2, math.maxinteger do n = n + 1 end return n end)()":                 "3",
		"(function() local n = 0 for i = math.mininteger + 2, math.mininteger, -1 do n = n + 1 end return n end)()":             "3",
		"(function() local n for i = 1, math.huge do n = i if i == 5 then break end end return n end)()":                        "5",
		"(function() for i = math.maxinteger - 1, math.maxinteger do if i == math.maxinteger then return 'last' end end end)()": "last",
	} {
		if want == "9007199254740992.0e0" {
			want = "9.007199254740992e15"
		}
		if got, err := luerl(t, source); err != nil || got != want {
			t.Errorf("%s: %q, %v, want %q", source, got, err, want)
		}
	}
}

// What luerl has and we have not ends the evaluation, whatever the script does.
func TestLuerlRefuses(t *testing.T) {
	for source, cause := range map[string]error{
		"9223372036854775808":                              ErrWide,
		"99999999999999999999":                             ErrWide,
		"0xffffffffffffffff":                               ErrWide,
		"0x10000000000000001":                              ErrWide,
		"9223372036854775807 + 1":                          ErrWide,
		"math.mininteger - 1":                              ErrWide,
		"-math.mininteger":                                 ErrWide,
		"math.maxinteger * 2":                              ErrWide,
		"math.mininteger * -1":                             ErrWide,
		"-1 * math.mininteger":                             ErrWide,
		"math.mininteger // -1":                            ErrWide,
		"1 << 63":                                          ErrWide,
		"-3 << 62":                                         ErrWide,
		"1 >> -70":                                         ErrWide,
		"math.abs(math.mininteger)":                        ErrWide,
		"math.floor(2^63)":                                 ErrWide,
		"math.ceil(-2.0^64)":                               ErrWide,
		"tonumber('9223372036854775808')":                  ErrWide,
		"tonumber(' -9223372036854775809 ')":               ErrWide,
		"tonumber('zzzzzzzzzzzzzz', 36)":                   ErrWide,
		"pcall(function() return math.maxinteger + 1 end)": ErrWide,
		"pcall(load, 'return 1')  and pcall(load('return 99999999999999999999'))": ErrWide,
		"1 / 0":                              ErrBadArith,
		"0 / 0":                              ErrBadArith,
		"1 // 0":                             ErrBadArith,
		"1 % 0":                              ErrBadArith,
		"1 % 0.0":                            ErrBadArith,
		"2.0 ^ 1024":                         ErrBadArith,
		"1e308 * 10":                         ErrBadArith,
		"math.huge * 2":                      ErrBadArith,
		"math.sqrt(-1)":                      ErrBadArith,
		"math.log(0)":                        ErrBadArith,
		"tonumber('1e999')":                  ErrBadArith,
		"pcall(function() return 1 / 0 end)": ErrBadArith,
		"xpcall(function() return 1 / 0 end, print)": ErrBadArith,
	} {
		_, err := luerl(t, source)
		if !errors.Is(err, cause) {
			t.Errorf("%s: %v, want %v", source, err, cause)
		}
		var e *Error
		if errors.As(err, &e) && e.Line != 1 {
			t.Errorf("%s: no line: %v", source, err)
		}
	}
	// A numeral in code that does not run does no harm.
	if got, err := luerl(t, "(function() if false then return 99999999999999999999 end return 1 end)()"); got != "1" {
		t.Errorf("%s, %v", got, err)
	}
}

func TestLuerlTraps(t *testing.T) {
	var said []string
	s := New(Options{Luerl: true, Trap: func(k Trap, chunk string, line int) {
		said = append(said, fmt.Sprint(k, chunk, line))
	}})
	defer s.Close()
	if _, err := s.Load("-- é\nlocal x = 'a'\nx = [[\né]] .. 'ü'\ngoto done\n::done::", "=x", "t", nil); err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(said); got != "[0 x 3 0 x 4 1 x 5]" && got != "[0x3 0x4 1x5]" {
		t.Error(got)
	}
}

// Arithmetic is exact where it fits and refused where it does not, as big numbers
// tell.
func TestLuerlIntegersAgreeWithBig(t *testing.T) {
	s := New(Options{Luerl: true})
	defer s.Close()
	fns := map[string]lua.LValue{}
	for _, op := range []string{"+", "-", "*", "//", "%", "<<", ">>", "&", "|", "~"} {
		fn, err := s.Load("local a, b = ... return a "+op+" b", "=x", "t", nil)
		if err != nil {
			t.Fatal(err)
		}
		fns[op] = fn
	}
	num := rapid.OneOf(rapid.Int64(), rapid.Int64Range(-70, 70), rapid.SampledFrom([]int64{math.MaxInt64, math.MinInt64, math.MaxInt64 - 1, 1 << 62, -1 << 62}))
	rapid.Check(t, func(rt *rapid.T) {
		a, b := num.Draw(rt, "a"), num.Draw(rt, "b")
		x, y := big.NewInt(a), big.NewInt(b)
		for op, fn := range fns {
			want := new(big.Int)
			shift := func(n int64) {
				if n >= 0 {
					if n > 200 {
						n = 200
					}
					want.Lsh(x, uint(n))
				} else {
					want.Rsh(x, uint(min(-max(n, -200), 200)))
				}
			}
			switch op {
			case "+":
				want.Add(x, y)
			case "-":
				want.Sub(x, y)
			case "*":
				want.Mul(x, y)
			case "//", "%":
				if b == 0 {
					continue
				}
				m := new(big.Int)
				want.DivMod(x, y, m) // Euclid's; round down instead
				if b < 0 && m.Sign() != 0 {
					want.Sub(want, big.NewInt(1))
					m.Add(m, y)
				}
				if op == "%" {
					want = m
				}
			case "<<":
				shift(b)
			case ">>":
				shift(-max(b, -200))
			case "&":
				want.And(x, y)
			case "|":
				want.Or(x, y)
			case "~":
				want.Xor(x, y)
			}
			res, err := s.Call(context.Background(), fn, MakeInt(a), MakeInt(b))
			if !want.IsInt64() {
				if !errors.Is(err, ErrWide) {
					rt.Fatalf("%d %s %d: %v %v, want ErrWide", a, op, b, res, err)
				}
				s.ResetBudget()
				continue
			}
			if err != nil || s.ToString(res[0]) != want.String() {
				rt.Fatalf("%d %s %d: %v %v, want %v", a, op, b, res, err, want)
			}
		}
	})
}

// What is spelled reads back as the same float.
func TestErlangFloats(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := rapid.Float64().Draw(t, "f")
		back, err := strconv.ParseFloat(FormatErlang(f), 64)
		if err != nil || back != f {
			t.Fatalf("%v is spelled %s", f, FormatErlang(f))
		}
	})
}
