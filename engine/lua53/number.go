package lua53

import (
	"math"
	"strconv"

	lua "github.com/yuin/gopher-lua"

	"patchbay/engine/lua53/syntax"
)

// A Lua 5.3 number is an integer (int64) or a float (float64). As an LValue it
// has exactly one form, so that interface equality and use as a Go map key are
// right for numbers of one kind:
//
//	lua.LNumber  an integer with |v| <= 2^53
//	Integer      any other integer
//	Float        every float, whatever its value
//
// LNumbers that are not integral are read as floats, should other Go code make
// them. All three say LTNumber.

// Integer is a Lua integer beyond ±2^53. Make one with MakeInt.
type Integer int64

// Float is a Lua float. Make one with MakeFloat.
type Float float64

// Type says LTNumber.
func (Integer) Type() lua.LValueType { return lua.LTNumber }

// String is what tostring gives.
func (v Integer) String() string { return strconv.FormatInt(int64(v), 10) }

// Type says LTNumber.
func (Float) Type() lua.LValueType { return lua.LTNumber }

// String is what tostring gives: "%.14g", with ".0" where that looks like an
// integer.
func (v Float) String() string { return FormatFloat(float64(v)) }

const maxSmall = 1 << 53

// smallInts holds boxed integers, so that counting does not allocate.
var smallInts = func() (b [1024 + 128]lua.LValue) {
	for i := range b {
		b[i] = lua.LNumber(i - 128)
	}
	return b
}()

// MakeInt returns the canonical form of an integer.
func MakeInt(i int64) lua.LValue {
	if uint64(i+128) < uint64(len(smallInts)) {
		return smallInts[i+128]
	}
	if i >= -maxSmall && i <= maxSmall {
		return lua.LNumber(i)
	}
	return Integer(i)
}

// MakeFloat returns the canonical form of a float. A float stays a float: 5.0
// is not 5.
func MakeFloat(f float64) lua.LValue { return Float(f) }

// Number is a Lua number out of its LValue.
type Number = syntax.Number

// MakeNumber returns the canonical form of n.
func MakeNumber(n Number) lua.LValue {
	if n.IsInt {
		return MakeInt(n.Int)
	}
	return Float(n.Float)
}

// ToNumber reads a number value; strings are not converted.
func ToNumber(v lua.LValue) (Number, bool) {
	switch x := v.(type) {
	case lua.LNumber:
		if i := int64(x); lua.LNumber(i) == x {
			return Number{IsInt: true, Int: i}, true
		}
		return Number{Float: float64(x)}, true
	case Float:
		return Number{Float: float64(x)}, true
	case Integer:
		return Number{IsInt: true, Int: int64(x)}, true
	}
	return Number{}, false
}

// IsNumber reports whether v is a number (math.type(v) ~= nil).
func IsNumber(v lua.LValue) bool { return v != nil && v.Type() == lua.LTNumber }

// IsInt reports whether v is a number of the integer kind.
func IsInt(v lua.LValue) bool { n, ok := ToNumber(v); return ok && n.IsInt }

// ToInteger reads an integer, or a float with an exact integer value that fits;
// strings are not converted.
func ToInteger(v lua.LValue) (int64, bool) {
	n, ok := ToNumber(v)
	if !ok {
		return 0, false
	}
	return numberToInteger(n)
}

// ToFloat reads a number as a float; strings are not converted.
func ToFloat(v lua.LValue) (float64, bool) {
	n, ok := ToNumber(v)
	return numberToFloat(n), ok
}

// CoerceNumber reads a number or a string that looks like one (§3.4.3).
func CoerceNumber(v lua.LValue) (Number, bool) {
	if s, ok := v.(lua.LString); ok {
		return syntax.StringToNumber(string(s))
	}
	return ToNumber(v)
}

// CoerceInteger is ToInteger for numbers and strings that look like them.
func CoerceInteger(v lua.LValue) (int64, bool) {
	n, ok := CoerceNumber(v)
	if !ok {
		return 0, false
	}
	return numberToInteger(n)
}

// StringToNumber converts text as tonumber(s) does.
func StringToNumber(s string) (Number, bool) { return syntax.StringToNumber(s) }

func numberToInteger(n Number) (int64, bool) {
	if n.IsInt {
		return n.Int, true
	}
	return floatToInteger(n.Float)
}

func numberToFloat(n Number) float64 {
	if n.IsInt {
		return float64(n.Int)
	}
	return n.Float
}

// floatToInteger converts a float with an exact integer value in range.
func floatToInteger(f float64) (int64, bool) {
	if f >= -(1<<63) && f < 1<<63 {
		if i := int64(f); float64(i) == f {
			return i, true
		}
	}
	return 0, false
}

// FormatNumber is what tostring and .. make of a number.
func FormatNumber(n Number) string {
	if n.IsInt {
		return strconv.FormatInt(n.Int, 10)
	}
	return FormatFloat(n.Float)
}

// FormatFloat is tostring of a float: C's "%.14g", and ".0" behind it when the
// result would read as an integer.
func FormatFloat(f float64) string {
	if s := nonFinite(f); s != "" {
		return s
	}
	var buf [32]byte
	b := appendG(buf[:0], f, 14)
	for _, c := range b {
		if c == '.' || c == 'e' {
			return string(b)
		}
	}
	return string(append(b, '.', '0'))
}

// nonFinite spells what C's printf spells; "" for ordinary numbers. The sign of
// a NaN is shown, as glibc does: 0/0 is -nan on x86.
func nonFinite(f float64) string {
	switch {
	case math.IsInf(f, 1):
		return "inf"
	case math.IsInf(f, -1):
		return "-inf"
	case f != f && math.Signbit(f):
		return "-nan"
	case f != f:
		return "nan"
	}
	return ""
}

// appendG appends C's "%.<prec>g" of a finite f.
func appendG(dst []byte, f float64, prec int) []byte {
	if prec == 0 {
		prec = 1
	}
	if f == 0 {
		if math.Signbit(f) {
			dst = append(dst, '-')
		}
		return append(dst, '0')
	}
	var buf [64]byte
	e := strconv.AppendFloat(buf[:0], f, 'e', prec-1, 64)
	k := len(e) - 1
	for e[k] != 'e' {
		k--
	}
	exp, _ := strconv.Atoi(string(e[k+1:]))
	if exp < -4 || exp >= prec {
		dst = append(dst, trimZeros(e[:k])...)
		return append(dst, e[k:]...)
	}
	start := len(dst)
	dst = strconv.AppendFloat(dst, f, 'f', prec-1-exp, 64)
	return dst[:start+len(trimZeros(dst[start:]))]
}

// trimZeros takes zeros off the end of a fraction, and its point when nothing
// is left of it.
func trimZeros(b []byte) []byte {
	for _, c := range b {
		if c == '.' {
			for b[len(b)-1] == '0' {
				b = b[:len(b)-1]
			}
			if b[len(b)-1] == '.' {
				b = b[:len(b)-1]
			}
			break
		}
	}
	return b
}

// nanDefault is the NaN that arithmetic makes on x86, whose sign bit is set.
var nanDefault = math.Float64frombits(0xFFF8000000000000)
