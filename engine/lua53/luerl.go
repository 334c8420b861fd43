package lua53

import (
	"errors"
	"math"
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"patchbay/engine/lua53/syntax"
)

// With Options.Luerl a state has the numbers and texts of luerl, the Lua in Erlang
// that nodes run (spec aos-runtime §13):
//
//   - Integers of luerl have no bounds. Here one beyond 64 bits ends the evaluation
//     with ErrWide, wherever it would arise: a numeral, arithmetic, a shift, a
//     conversion. No pcall catches that, for the script would go on with another
//     value than on a node.
//   - Erlang has neither infinities nor NaN. What would give one, division by zero
//     first of all, ends the evaluation with ErrBadArith; on a node, too, no pcall
//     catches it. math.huge is the largest float.
//   - >> keeps the sign, << does not wrap.
//   - A float is spelled in Erlang's shortest form: 1.0e15, 0.3333333333333333.
//   - Bytes beyond ASCII that string literals hold as such are encoded twice.
//
// All else is Lua 5.3 as everywhere. Code that is not compiled for luerl does not
// pay for it.

// What luerl cannot go on with; see Options.Luerl. errors.Is finds them in what
// Call returns; no pcall catches them.
var (
	ErrWide     = errors.New("integer beyond 64 bits")
	ErrBadArith = errors.New("arithmetic that Erlang refuses")
)

// Trap names what a chunk has that luerl reads differently.
type Trap uint8

// The traps.
const (
	TrapForeign Trap = iota // a string literal with bytes beyond ASCII
	TrapGoto                // a goto statement
)

// traps tells the host what a chunk has that luerl reads differently.
func (s *State) traps(c *syntax.Chunk) {
	if s.opts.Trap == nil {
		return
	}
	for _, t := range []struct {
		kind Trap
		at   []syntax.Pos
	}{{TrapForeign, c.Foreign}, {TrapGoto, c.Gotos}} {
		for _, p := range t.at {
			s.opts.Trap(t.kind, c.Name, int(p.Line))
		}
	}
}

// tooWide ends the evaluation because of an integer beyond 64 bits.
func (s *State) tooWide(what string) {
	s.fatal(ErrWide, "%s is an integer beyond 64 bits: a node's Lua has integers of any size, Patchbay has not; keep such amounts as strings, or in floats", what)
}

// badArith ends the evaluation because of arithmetic that Erlang refuses.
func (s *State) badArith(what string) {
	s.fatal(ErrBadArith, "%s: a node's Lua has neither infinities nor NaN and ends the evaluation here (badarith), which pcall does not catch", what)
}

// wideNumeral is an integer numeral that 64 bits do not hold.
func (c *compiler) wideNumeral(x *syntax.Num) evalFn {
	st := c.site(x)
	return func(f *frame) val {
		f.site = st
		f.th.s.tooWide("the numeral")
		return vNil
	}
}

// luerlArith compiles an arithmetic or bitwise operator for luerl.
func (c *compiler) luerlArith(x *syntax.Binary) evalFn {
	o, st := binaryOps[x.Op], c.site(x)
	a, b := c.expr(x.L), c.expr(x.R)
	return func(f *frame) val {
		x := a(f)
		y := b(f)
		if x.o == nil && y.o == nil { // the common ones without a detour
			i, j := int64(x.n), int64(y.n)
			switch o {
			case opAdd:
				if r := i + j; (i^r)&(j^r) >= 0 {
					return intVal(r)
				}
			case opSub:
				if r := i - j; (i^j)&(i^r) >= 0 {
					return intVal(r)
				}
			}
		}
		f.site = st
		return f.th.arith(o, x, y)
	}
}

// luerlUnary compiles - and ~ for luerl.
func (c *compiler) luerlUnary(x *syntax.Unary) evalFn {
	if n, ok := x.X.(*syntax.Num); ok && x.Op == syntax.OpNeg && n.Wide == syntax.Just {
		return func(*frame) val { return intVal(math.MinInt64) }
	}
	o := opBNot
	if x.Op == syntax.OpNeg {
		o = opUnm
	}
	e, st := c.expr(x.X), c.site(x)
	return func(f *frame) val {
		v := e(f)
		f.site = st
		return f.th.arith(o, v, v)
	}
}

// luerlOp is numberOp for luerl.
func (th *thread) luerlOp(o operator, x, y Number) (val, bool) {
	if o.bitwise() {
		a, ok1 := numberToInteger(x)
		b, ok2 := numberToInteger(y)
		if !ok1 || !ok2 {
			return vNil, false
		}
		switch o {
		case opShl:
			return intVal(th.luerlShift(a, b)), true
		case opShr:
			if b == math.MinInt64 {
				b++
			}
			return intVal(th.luerlShift(a, -b)), true
		}
		return intVal(bitOp(o, a, b)), true
	}
	switch o {
	case opDiv, opIDiv, opMod:
		if numberToFloat(y) == 0 {
			th.s.badArith("attempt to divide by zero")
		}
	}
	if x.IsInt && y.IsInt && o != opDiv && o != opPow {
		return intVal(th.luerlInt(o, x.Int, y.Int)), true
	}
	r := floatOp(o, numberToFloat(x), numberToFloat(y))
	th.s.finite(r)
	return floatVal(r), true
}

// finite ends the evaluation when a result is an infinity or NaN.
func (s *State) finite(f float64) {
	if f != f || math.IsInf(f, 0) {
		s.badArith("the result is no finite number")
	}
}

// luerlLoop runs an integer loop whose counter would leave 64 bits, where a loop
// of PUC wraps around.
func luerlLoop(i, n, by int64, round func(val) ctl) ctl {
	for by > 0 && i <= n || by < 0 && i >= n {
		if r := round(intVal(i)); r != ctlNone {
			if r == ctlBreak {
				return ctlNone
			}
			return r
		}
		next := i + by
		if (next > i) != (by > 0) {
			return ctlNone
		}
		i = next
	}
	return ctlNone
}

// leaves says whether a counter with this limit and step may leave 64 bits.
func leaves(n, by int64) bool {
	return by > 0 && n > math.MaxInt64-by || by < 0 && n < math.MinInt64-by
}

// luerlInt computes with integers and ends the evaluation on an overflow.
func (th *thread) luerlInt(o operator, a, b int64) int64 {
	var r int64
	fits := true
	switch o {
	case opAdd:
		r = a + b
		fits = (a^r)&(b^r) >= 0
	case opSub:
		r = a - b
		fits = (a^b)&(a^r) >= 0
	case opMul:
		r = a * b
		fits = a == 0 || (r/a == b && !(a == -1 && b == math.MinInt64))
	case opUnm:
		r = -a
		fits = a != math.MinInt64
	case opIDiv:
		r = th.intDiv(a, b)
		fits = a != math.MinInt64 || b != -1
	case opMod:
		r = th.intMod(a, b)
	}
	if !fits {
		th.s.tooWide("the result")
	}
	return r
}

// luerlShift shifts to the left by n, to the right when n is negative; the sign
// stays.
func (th *thread) luerlShift(a, n int64) int64 {
	switch {
	case n <= 0:
		return a >> uint(min(-n, 63))
	case a == 0:
		return 0
	case n > 62 || a<<uint(n)>>uint(n) != a:
		th.s.tooWide("the result")
	}
	return a << uint(n)
}

// luerlNumber checks a number that was read from a text.
func (s *State) luerlNumber(text string) {
	if syntax.WideInteger(text) {
		s.tooWide(strings.TrimSpace(text))
	}
}

// luerlRounded is math.floor and math.ceil of a float that is no 64-bit integer.
func (s *State) luerlRounded(f float64) {
	if s.opts.Luerl {
		s.tooWide(FormatErlang(f))
	}
}

// text reads a string, or a number as tostring spells it in this state.
func (s *State) text(v val) (string, bool) {
	if v.o == nil {
		return strconv.FormatInt(int64(v.n), 10), true
	}
	switch x := v.o.(type) {
	case lua.LString:
		return string(x), true
	case floatTag:
		return s.FormatFloat(v.float()), true
	}
	return "", false
}

// FormatFloat is tostring of a float in this state.
func (s *State) FormatFloat(f float64) string {
	if s.opts.Luerl {
		return FormatErlang(f)
	}
	return FormatFloat(f)
}

// FormatErlang spells a float as Erlang does: the fewest digits that give the
// same float again, in the shorter of the two notations, with an exponent from
// 2^53 on.
func FormatErlang(f float64) string {
	if s := nonFinite(f); s != "" {
		return s
	}
	sign := ""
	if math.Signbit(f) {
		sign, f = "-", -f
	}
	if f == 0 {
		return sign + "0.0"
	}
	mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(f, 'e', -1, 64), "e")
	digits := strings.Replace(mantissa, ".", "", 1)
	exp, _ := strconv.Atoi(exponent)
	n, place := len(digits), exp+1 // the point stands behind digit number place
	rest := digits[1:]
	if rest == "" {
		rest = "0"
	}
	scientific := digits[:1] + "." + rest + "e" + strconv.Itoa(exp)
	var plain string
	switch {
	case place <= 0:
		plain = "0." + strings.Repeat("0", -place) + digits
	case place >= n:
		if place < 30 {
			plain = digits + strings.Repeat("0", place-n) + ".0"
		}
	default:
		plain = digits[:place] + "." + digits[place:]
	}
	if plain == "" || f >= maxSmall || len(scientific) < len(plain) {
		return sign + scientific
	}
	return sign + plain
}
