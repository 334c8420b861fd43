package syntax

import (
	"math"
	"math/big"
	"strconv"
	"strings"
)

// Number is a Lua 5.3 number: an integer when IsInt, else a float.
type Number struct {
	IsInt bool
	Int   int64
	Float float64
}

// maxNumeralExp is where reading a binary exponent stops: far beyond what a
// float can hold, so that 0x1p999999999999 is still infinite.
const maxNumeralExp = 1 << 20

// ParseNumeral converts an unsigned numeral of source text, as the lexer of
// PUC does: decimal integers that do not fit become floats, hexadecimal
// integers wrap around modulo 2^64, hexadecimal floats are exact.
func ParseNumeral(s string) (Number, bool) {
	if s == "" || s[0] == '-' || s[0] == '+' {
		return Number{}, false
	}
	return parseUnsigned(s)
}

// StringToNumber converts a string by the rules of Lua 5.3 §3.4.3: white space
// around it is ignored, a sign is allowed, "inf" and "nan" are not numbers.
func StringToNumber(s string) (Number, bool) {
	for s != "" && isSpace(s[0]) {
		s = s[1:]
	}
	for s != "" && isSpace(s[len(s)-1]) {
		s = s[:len(s)-1]
	}
	neg := false
	if s != "" && (s[0] == '-' || s[0] == '+') {
		neg = s[0] == '-'
		s = s[1:]
	}
	if s == "" {
		return Number{}, false
	}
	if neg && s == "9223372036854775808" {
		return Number{IsInt: true, Int: math.MinInt64}, true
	}
	n, ok := parseUnsigned(s)
	if neg {
		n.Int, n.Float = -n.Int, -n.Float
	}
	return n, ok
}

// Wide says whether an integer numeral fits into 64 bits.
type Wide uint8

// The widths. Just is 2^63, whose negative fits.
const (
	Narrow Wide = iota
	Just
	TooWide
)

// WideInteger says whether a text that tonumber reads is an integer beyond 64 bits.
func WideInteger(s string) bool {
	for s != "" && isSpace(s[0]) {
		s = s[1:]
	}
	for s != "" && isSpace(s[len(s)-1]) {
		s = s[:len(s)-1]
	}
	neg := false
	if s != "" && (s[0] == '-' || s[0] == '+') {
		neg, s = s[0] == '-', s[1:]
	}
	w := wide(s)
	return w == TooWide || w == Just && !neg
}

// wide looks at a numeral without sign.
func wide(s string) Wide {
	limit, top := 19, "9223372036854775808"
	valid := isDigit
	if len(s) > 1 && s[0] == '0' && s[1]|0x20 == 'x' {
		s, limit, top = s[2:], 16, "8000000000000000"
		valid = func(c byte) bool { _, ok := hexValue(c); return ok }
	}
	for i := 0; i < len(s); i++ {
		if !valid(s[i]) {
			return Narrow
		}
	}
	s = strings.TrimLeft(s, "0")
	switch {
	case len(s) < limit || len(s) == limit && s < top:
		return Narrow
	case s == top:
		return Just
	}
	return TooWide
}

func parseUnsigned(s string) (Number, bool) {
	if len(s) > 1 && s[0] == '0' && s[1]|0x20 == 'x' {
		return parseHex(s[2:])
	}
	i := 0
	var v uint64
	fits := true
	for i < len(s) && isDigit(s[i]) {
		d := uint64(s[i] - '0')
		if v > (math.MaxInt64-d)/10 {
			fits = false
		}
		v = v*10 + d
		i++
	}
	if i == len(s) && i > 0 && fits {
		return Number{IsInt: true, Int: int64(v)}, true
	}
	return parseDecimalFloat(s)
}

func parseDecimalFloat(s string) (Number, bool) {
	digits, dot := 0, false
	i := 0
	for ; i < len(s); i++ {
		if isDigit(s[i]) {
			digits++
		} else if s[i] == '.' && !dot {
			dot = true
		} else {
			break
		}
	}
	if digits == 0 {
		return Number{}, false
	}
	if i < len(s) {
		if s[i]|0x20 != 'e' {
			return Number{}, false
		}
		i++
		if i < len(s) && (s[i] == '+' || s[i] == '-') {
			i++
		}
		if i == len(s) {
			return Number{}, false
		}
		for ; i < len(s); i++ {
			if !isDigit(s[i]) {
				return Number{}, false
			}
		}
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil && !math.IsInf(f, 0) {
		return Number{}, false
	}
	return Number{Float: f}, true
}

func parseHex(s string) (Number, bool) {
	i := 0
	var v uint64
	for i < len(s) {
		d, ok := hexValue(s[i])
		if !ok {
			break
		}
		v = v<<4 | d
		i++
	}
	if i == len(s) {
		return Number{IsInt: true, Int: int64(v)}, i > 0
	}
	return parseHexFloat(s)
}

// parseHexFloat keeps all digits, as C's strtod does, so that the result is
// rounded once.
func parseHexFloat(s string) (Number, bool) {
	var digits strings.Builder
	exp, dot := 0, false
	i := 0
	for ; i < len(s); i++ {
		if s[i] == '.' && !dot {
			dot = true
			continue
		}
		if _, ok := hexValue(s[i]); !ok {
			break
		}
		digits.WriteByte(s[i])
		if dot {
			exp -= 4
		}
	}
	if digits.Len() == 0 {
		return Number{}, false
	}
	if i < len(s) {
		if s[i]|0x20 != 'p' {
			return Number{}, false
		}
		i++
		neg := false
		if i < len(s) && (s[i] == '+' || s[i] == '-') {
			neg = s[i] == '-'
			i++
		}
		if i == len(s) {
			return Number{}, false
		}
		e := 0
		for ; i < len(s); i++ {
			if !isDigit(s[i]) {
				return Number{}, false
			}
			if e < maxNumeralExp {
				e = e*10 + int(s[i]-'0')
			}
		}
		if neg {
			e = -e
		}
		exp += e
	}
	m, ok := new(big.Int).SetString(digits.String(), 16)
	if !ok {
		return Number{}, false
	}
	if m.Sign() == 0 {
		return Number{}, true
	}
	f := new(big.Float).SetPrec(uint(m.BitLen()) + 1).SetInt(m)
	f.SetMantExp(f, exp)
	v, _ := f.Float64()
	return Number{Float: v}, true
}

// numeralEnd returns where the numeral that starts at p ends. It reads as
// PUC's lexer does: 0xep1 is one malformed numeral, 3in a numeral and a word.
func numeralEnd(s string, p int) int {
	exp := byte('e')
	q := p + 1
	if s[p] == '0' && q < len(s) && s[q]|0x20 == 'x' {
		exp = 'p'
		q++
	}
	for q < len(s) {
		if s[q]|0x20 == exp {
			q++
			if q < len(s) && (s[q] == '+' || s[q] == '-') {
				q++
			}
		}
		if q == len(s) {
			break
		}
		if _, hex := hexValue(s[q]); !hex && s[q] != '.' {
			break
		}
		q++
	}
	return q
}
