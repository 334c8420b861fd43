package lua53

import (
	"math"
	"strconv"

	lua "github.com/yuin/gopher-lua"
)

// val is a Lua value in a register: numbers are unboxed.
//
//	o == nil          an integer, n holds it
//	o is floatTag     a float, n holds its bits
//	otherwise         o is the value; n means nothing
//
// The zero val is the integer 0, not nil. Within this package values travel as
// val; box and unbox are the border to LValue.
type val struct {
	o lua.LValue
	n uint64
}

// floatTag marks a val as a float. It never leaves a val.
type floatTag struct{}

func (floatTag) Type() lua.LValueType { return lua.LTNumber }
func (floatTag) String() string       { return "float" }

var (
	vNil   = val{o: lua.LNil}
	vTrue  = val{o: lua.LTrue}
	vFalse = val{o: lua.LFalse}
)

func intVal(i int64) val     { return val{n: uint64(i)} }
func floatVal(f float64) val { return val{o: floatTag{}, n: math.Float64bits(f)} }
func strVal(s string) val    { return val{o: lua.LString(s)} }
func tableVal(t *Table) val {
	return val{o: t}
}

func boolVal(b bool) val {
	if b {
		return vTrue
	}
	return vFalse
}

func numVal(n Number) val {
	if n.IsInt {
		return intVal(n.Int)
	}
	return floatVal(n.Float)
}

// unbox turns an LValue into a register value; a Go nil is Lua's nil.
func unbox(v lua.LValue) val {
	switch x := v.(type) {
	case lua.LNumber:
		if i := int64(x); lua.LNumber(i) == x {
			return val{n: uint64(i)}
		}
		return floatVal(float64(x))
	case Float:
		return floatVal(float64(x))
	case Integer:
		return intVal(int64(x))
	case nil:
		return vNil
	}
	return val{o: v}
}

// box turns a register value into its canonical LValue.
func (v val) box() lua.LValue {
	if v.o == nil {
		return MakeInt(int64(v.n))
	}
	if _, ok := v.o.(floatTag); ok {
		return Float(math.Float64frombits(v.n))
	}
	return v.o
}

func (v val) isInt() bool   { return v.o == nil }
func (v val) isFloat() bool { _, ok := v.o.(floatTag); return ok }
func (v val) isNil() bool   { _, ok := v.o.(*lua.LNilType); return ok }
func (v val) int() int64    { return int64(v.n) }
func (v val) float() float64 {
	return math.Float64frombits(v.n)
}

func (v val) truthy() bool {
	switch x := v.o.(type) {
	case lua.LBool:
		return bool(x)
	case *lua.LNilType:
		return false
	}
	return true
}

func (v val) isNumber() bool { return v.o == nil || v.isFloat() }

// number reads a number; strings are not converted.
func (v val) number() (Number, bool) {
	if v.o == nil {
		return Number{IsInt: true, Int: int64(v.n)}, true
	}
	if v.isFloat() {
		return Number{Float: v.float()}, true
	}
	return Number{}, false
}

// toFloat reads a number as a float; strings are not converted.
func (v val) toFloat() (float64, bool) {
	if v.o == nil {
		return float64(int64(v.n)), true
	}
	if v.isFloat() {
		return v.float(), true
	}
	return 0, false
}

// toInteger reads an integer or a float with an exact integer value.
func (v val) toInteger() (int64, bool) {
	if v.o == nil {
		return int64(v.n), true
	}
	if v.isFloat() {
		return floatToInteger(v.float())
	}
	return 0, false
}

// coerce reads a number or a numeric string.
func (v val) coerce() (Number, bool) {
	if s, ok := v.o.(lua.LString); ok {
		return StringToNumber(string(s))
	}
	return v.number()
}

func (v val) table() (*Table, bool) { t, ok := v.o.(*Table); return t, ok }

// typeName is type(v).
func (v val) typeName() string {
	if v.o == nil {
		return "number"
	}
	if _, ok := v.o.(lightUserData); ok {
		return "userdata"
	}
	return v.o.Type().String()
}

// lightUserData stands for a C pointer, such as debug.upvalueid returns.
type lightUserData uintptr

func (lightUserData) Type() lua.LValueType { return lua.LTUserData }
func (p lightUserData) String() string     { return "userdata: 0x" + strconv.FormatUint(uint64(p), 16) }

// longText is the length from which comparing and hashing a string costs gas.
const longText = 256

// payText charges for looking at all bytes of a long string.
func (s *State) payText(n int) {
	if n > longText {
		if s.fuel -= int64(n >> 6); s.fuel < 0 {
			s.refuel()
		}
	}
}

// rawEqual is rawequal(a, b): 1 == 1.0, NaN ~= NaN.
func rawEqual(a, b val) bool {
	if a.o == nil {
		if b.o == nil {
			return a.n == b.n
		}
		if b.isFloat() {
			return equalIntFloat(int64(a.n), b.float())
		}
		return false
	}
	if a.isFloat() {
		if b.o == nil {
			return equalIntFloat(int64(b.n), a.float())
		}
		return b.isFloat() && a.float() == b.float()
	}
	if b.o == nil {
		return false
	}
	return a.o == b.o
}

func equalIntFloat(i int64, f float64) bool {
	j, ok := floatToInteger(f)
	return ok && i == j
}
