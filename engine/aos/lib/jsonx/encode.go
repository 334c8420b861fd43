// Package jsonx is the JSON of an aos process (spec aos-runtime §9), a dialect:
// numbers have at most 14 significant digits, null makes a value vanish, a comma
// may stand before a closing bracket. It works on Go strings and events; package
// lib ties it to Lua values and to patch values.
package jsonx

import (
	"math"
	"strconv"
	"strings"

	"patchbay/patchdev"
)

const hexDigits = "0123456789abcdef"

// AppendString appends s as a JSON string. Control characters, quotes and
// backslashes are escaped; every other byte stays, valid UTF-8 or not.
func AppendString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	start := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		dst = append(dst, s[start:i]...)
		start = i + 1
		switch c {
		case '"', '\\':
			dst = append(dst, '\\', c)
		case '\b':
			dst = append(dst, '\\', 'b')
		case '\f':
			dst = append(dst, '\\', 'f')
		case '\n':
			dst = append(dst, '\\', 'n')
		case '\r':
			dst = append(dst, '\\', 'r')
		case '\t':
			dst = append(dst, '\\', 't')
		default:
			dst = append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		}
	}
	dst = append(dst, s[start:]...)
	return append(dst, '"')
}

// exact bounds the integers that have at most 14 digits.
const exact = 100_000_000_000_000

// AppendFloat appends a finite float as C's "%.14g" does.
func AppendFloat(dst []byte, f float64) []byte {
	if i := int64(f); i > -exact && i < exact && float64(i) == f && (i != 0 || !math.Signbit(f)) {
		return strconv.AppendInt(dst, i, 10)
	}
	return strconv.AppendFloat(dst, f, 'g', 14, 64)
}

// AppendInt appends an integer as "%.14g" does: beyond 14 digits it is rounded and
// gets an exponent.
func AppendInt(dst []byte, i int64) []byte {
	if i > -exact && i < exact {
		return strconv.AppendInt(dst, i, 10)
	}
	return strconv.AppendFloat(dst, float64(i), 'g', 14, 64)
}

// Float is what a finite float becomes when it travels through this JSON and is
// read again (DESIGN S8): an integer when no point and no exponent is written, else
// a float of at most 14 digits.
func Float(f float64) patchdev.Value {
	if i := int64(f); i > -exact && i < exact && float64(i) == f {
		return patchdev.Int(i)
	}
	var buf [32]byte
	return reread(string(strconv.AppendFloat(buf[:0], f, 'g', 14, 64)))
}

// Int is what an integer becomes when it travels through this JSON.
func Int(i int64) patchdev.Value {
	if i > -exact && i < exact {
		return patchdev.Int(i)
	}
	var buf [32]byte
	return reread(string(AppendInt(buf[:0], i)))
}

func reread(s string) patchdev.Value {
	if !strings.ContainsAny(s, ".e") {
		if i, err := strconv.ParseInt(s, 10, 64); err == nil {
			return patchdev.Int(i)
		}
	}
	f, _ := strconv.ParseFloat(s, 64) // our own text; out of range gives infinity
	return patchdev.Float(f)
}
