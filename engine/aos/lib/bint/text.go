package bint

import (
	"math/bits"
	"strconv"
)

const digits = "0123456789abcdefghijklmnopqrstuvwxyz"

// AppendDecimal appends x in base 10 with its sign. x is left as it is.
func (a *Arith) AppendDecimal(dst []byte, x []uint64) []byte {
	if a.IsInt64(x) {
		return strconv.AppendInt(dst, a.Int64(x), 10)
	}
	if a.IsNeg(x) {
		dst = append(dst, '-')
		a.Neg(a.den, x)
	} else {
		copy(a.den, x)
	}
	return a.appendMagnitude(dst, a.den, 10)
}

// AppendBase appends x in the given base (2 to 36), lower-case letters; with
// signed the sign is written and the magnitude after it, otherwise all bits
// count as an unsigned number.
func (a *Arith) AppendBase(dst []byte, x []uint64, base int, signed bool) []byte {
	if signed && a.IsNeg(x) {
		dst = append(dst, '-')
		a.Neg(a.den, x)
	} else {
		copy(a.den, x)
	}
	return a.appendMagnitude(dst, a.den, base)
}

// step is how many digits of a base fit in one limb, and the base to that power.
func step(base int) (int, uint64) {
	n, p := 0, uint64(1)
	for {
		hi, lo := bits.Mul64(p, uint64(base))
		if hi != 0 {
			return n, p
		}
		n, p = n+1, lo
	}
}

// appendMagnitude writes x as an unsigned number and destroys it.
func (a *Arith) appendMagnitude(dst []byte, x []uint64, base int) []byte {
	n := used(x)
	if n == 0 {
		return append(dst, '0')
	}
	start := len(dst)
	per, power := step(base)
	for n > 0 {
		rem := divWord(x, n, power)
		for n > 0 && x[n-1] == 0 {
			n--
		}
		for i := 0; i < per && (n > 0 || rem != 0); i++ {
			dst = append(dst, digits[rem%uint64(base)])
			rem /= uint64(base)
		}
	}
	for i, j := start, len(dst)-1; i < j; i, j = i+1, j-1 {
		dst[i], dst[j] = dst[j], dst[i]
	}
	return dst
}

// SetDigits sets z to the number that the digits of s (letters in either case)
// write in the given base (2 to 36), wrapped to the width. It reports false when
// s is empty or has a character that is not a digit of the base; z is then
// undefined.
func (a *Arith) SetDigits(z []uint64, s string, base int) bool {
	if s == "" {
		return false
	}
	clear(z)
	n := 0
	per, _ := step(base)
	for i := 0; i < len(s); {
		var part uint64
		power := uint64(1)
		for k := 0; k < per && i < len(s); k++ {
			d := digitOf(s[i])
			if d >= base {
				return false
			}
			part = part*uint64(base) + uint64(d)
			power *= uint64(base)
			i++
		}
		n = a.mulAddWord(z, n, power, part)
	}
	z[a.n-1] &= a.top
	return true
}

// digitOf is the value of a digit, 36 for what is none.
func digitOf(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'z':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'Z':
		return int(c-'A') + 10
	}
	return 36
}

// Float64 is the float nearest to x, infinite when x is too large for one.
func (a *Arith) Float64(x []uint64) float64 {
	if a.IsInt64(x) {
		return float64(a.Int64(x))
	}
	f, _ := strconv.ParseFloat(string(a.AppendDecimal(make([]byte, 0, 80), x)), 64)
	return f
}
