package lua53

import (
	"math"

	lua "github.com/yuin/gopher-lua"
)

// operator is an arithmetic or bitwise operator.
type operator uint8

const (
	opAdd operator = iota
	opSub
	opMul
	opMod
	opPow
	opDiv
	opIDiv
	opBAnd
	opBOr
	opBXor
	opShl
	opShr
	opUnm
	opBNot
)

// opEvents are the metamethods of the operators.
var opEvents = [...]string{
	"__add", "__sub", "__mul", "__mod", "__pow", "__div", "__idiv",
	"__band", "__bor", "__bxor", "__shl", "__shr", "__unm", "__bnot",
}

var opNames = map[string]operator{
	"+": opAdd, "-": opSub, "*": opMul, "%": opMod, "^": opPow, "/": opDiv, "//": opIDiv,
	"&": opBAnd, "|": opBOr, "~": opBXor, "<<": opShl, ">>": opShr, "unm": opUnm, "bnot": opBNot,
}

func (o operator) bitwise() bool { return o >= opBAnd && o <= opShr || o == opBNot }

// arith is a op b with coercions and metamethods.
func (th *thread) arith(o operator, a, b val) val {
	x, ok1 := a.number()
	y, ok2 := b.number()
	if ok1 && ok2 {
		if v, ok := th.numberOp(o, x, y); ok {
			return v
		}
	} else {
		x, ok1 = a.coerce()
		y, ok2 = b.coerce()
		if ok1 && ok2 {
			if !o.bitwise() { // strings count as floats: "10" + 1 is 11.0
				x = Number{Float: numberToFloat(x)}
				y = Number{Float: numberToFloat(y)}
			}
			if v, ok := th.numberOp(o, x, y); ok {
				return v
			}
		}
	}
	m := th.s.metaOf(a, opEvents[o])
	if m.isNil() {
		m = th.s.metaOf(b, opEvents[o])
	}
	if !m.isNil() {
		return th.callMeta(m, a, b)
	}
	th.arithError(o, a, b)
	return vNil
}

// numberOp computes with numbers. ok is false when a bitwise operator meets a
// float without an integer representation.
func (th *thread) numberOp(o operator, x, y Number) (v val, ok bool) {
	if th != nil && th.s.opts.Luerl { // nil: constants are folded
		return th.luerlOp(o, x, y)
	}
	if o.bitwise() {
		a, ok1 := numberToInteger(x)
		b, ok2 := numberToInteger(y)
		if !ok1 || !ok2 {
			return vNil, false
		}
		return intVal(bitOp(o, a, b)), true
	}
	if x.IsInt && y.IsInt {
		switch o {
		case opAdd:
			return intVal(x.Int + y.Int), true
		case opSub:
			return intVal(x.Int - y.Int), true
		case opMul:
			return intVal(x.Int * y.Int), true
		case opMod:
			return intVal(th.intMod(x.Int, y.Int)), true
		case opIDiv:
			return intVal(th.intDiv(x.Int, y.Int)), true
		case opUnm:
			return intVal(-x.Int), true
		}
	}
	return floatVal(floatOp(o, numberToFloat(x), numberToFloat(y))), true
}

func bitOp(o operator, a, b int64) int64 {
	switch o {
	case opBAnd:
		return a & b
	case opBOr:
		return a | b
	case opBXor:
		return a ^ b
	case opShl:
		return shiftLeft(a, b)
	case opShr:
		return shiftRight(a, b)
	}
	return ^a
}

// shiftLeft shifts by any amount, negative ones to the right, filling with
// zeros.
func shiftLeft(a, n int64) int64 {
	switch {
	case n <= -64 || n >= 64:
		return 0
	case n >= 0:
		return int64(uint64(a) << uint(n))
	}
	return int64(uint64(a) >> uint(-n))
}

func shiftRight(a, n int64) int64 {
	if n == math.MinInt64 {
		return 0
	}
	return shiftLeft(a, -n)
}

// intMod is a % b, which has the sign of b.
func (th *thread) intMod(a, b int64) int64 {
	switch b {
	case 0:
		th.throwf("attempt to perform 'n%%0'")
	case -1:
		return 0
	}
	m := a % b
	if m != 0 && m^b < 0 {
		m += b
	}
	return m
}

// intDiv is a // b, rounded down.
func (th *thread) intDiv(a, b int64) int64 {
	switch b {
	case 0:
		th.throwf("attempt to divide by zero")
	case -1:
		return -a
	}
	q := a / b
	if a%b != 0 && a^b < 0 {
		q--
	}
	return q
}

func floatOp(o operator, x, y float64) float64 {
	var r float64
	switch o {
	case opAdd:
		r = x + y
	case opSub:
		r = x - y
	case opMul:
		r = x * y
	case opDiv:
		r = x / y
	case opMod:
		r = floatMod(x, y)
	case opPow:
		r = floatPow(x, y)
	case opIDiv:
		r = math.Floor(x / y)
	case opUnm:
		return -x
	}
	if r != r {
		return madeNaN(x, y)
	}
	return r
}

// madeNaN is the NaN that x86 arithmetic gives: an operand that is one already,
// or else the default one, whose sign bit is set.
func madeNaN(x, y float64) float64 {
	if x != x {
		return x
	}
	if y != y {
		return y
	}
	return nanDefault
}

// floatMod is a - floor(a/b)*b, computed as C's fmod with the sign put right.
func floatMod(a, b float64) float64 {
	m := math.Mod(a, b)
	if m*b < 0 {
		m += b
	}
	return m
}

func floatPow(x, y float64) float64 {
	if y == 2 {
		return x * x
	}
	return pow(x, y)
}

// Comparison.

// less is a < b.
func (th *thread) less(a, b val) bool {
	if a.o == nil && b.o == nil {
		return int64(a.n) < int64(b.n)
	}
	x, ok1 := a.number()
	y, ok2 := b.number()
	if ok1 && ok2 {
		return numberLess(x, y)
	}
	if s, ok := a.o.(lua.LString); ok {
		if t, ok := b.o.(lua.LString); ok {
			th.s.payText(min(len(s), len(t)))
			return s < t
		}
	}
	if m, ok := th.compareMeta("__lt", a, b); ok {
		return th.callMeta(m, a, b).truthy()
	}
	th.compareError(a, b)
	return false
}

// lessEq is a <= b; without __le it is not (b < a).
func (th *thread) lessEq(a, b val) bool {
	if a.o == nil && b.o == nil {
		return int64(a.n) <= int64(b.n)
	}
	x, ok1 := a.number()
	y, ok2 := b.number()
	if ok1 && ok2 {
		return numberLessEq(x, y)
	}
	if s, ok := a.o.(lua.LString); ok {
		if t, ok := b.o.(lua.LString); ok {
			th.s.payText(min(len(s), len(t)))
			return s <= t
		}
	}
	if m, ok := th.compareMeta("__le", a, b); ok {
		return th.callMeta(m, a, b).truthy()
	}
	if m, ok := th.compareMeta("__lt", b, a); ok {
		return !th.callMeta(m, b, a).truthy()
	}
	th.compareError(a, b)
	return false
}

func (th *thread) compareMeta(event string, a, b val) (val, bool) {
	m := th.s.metaOf(a, event)
	if m.isNil() {
		m = th.s.metaOf(b, event)
	}
	return m, !m.isNil()
}

func numberLess(x, y Number) bool {
	switch {
	case x.IsInt && y.IsInt:
		return x.Int < y.Int
	case x.IsInt:
		return intLessFloat(x.Int, y.Float)
	case y.IsInt:
		return x.Float == x.Float && !intLessEqFloat(y.Int, x.Float)
	}
	return x.Float < y.Float
}

func numberLessEq(x, y Number) bool {
	switch {
	case x.IsInt && y.IsInt:
		return x.Int <= y.Int
	case x.IsInt:
		return intLessEqFloat(x.Int, y.Float)
	case y.IsInt:
		return x.Float == x.Float && !intLessFloat(y.Int, x.Float)
	}
	return x.Float <= y.Float
}

// intLessFloat compares exactly, also where the integer has no float.
func intLessFloat(i int64, f float64) bool {
	if i >= -maxSmall && i <= maxSmall {
		return float64(i) < f
	}
	if f >= 1<<63 {
		return true
	}
	if f > -(1 << 63) {
		return i < int64(math.Ceil(f))
	}
	return false
}

func intLessEqFloat(i int64, f float64) bool {
	if i >= -maxSmall && i <= maxSmall {
		return float64(i) <= f
	}
	if f >= 1<<63 {
		return true
	}
	if f >= -(1 << 63) {
		return i <= int64(math.Floor(f))
	}
	return false
}

// equal is a == b with __eq.
func (th *thread) equal(a, b val) bool {
	if rawEqual(a, b) {
		return true
	}
	x, ok1 := a.o.(*Table)
	y, ok2 := b.o.(*Table)
	if ok1 && ok2 {
		if x.meta == nil && y.meta == nil {
			return false
		}
	} else if _, ud := a.o.(*lua.LUserData); !ud {
		return false
	} else if _, ud := b.o.(*lua.LUserData); !ud {
		return false
	}
	m, ok := th.compareMeta("__eq", a, b)
	return ok && th.callMeta(m, a, b).truthy()
}
