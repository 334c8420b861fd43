// Package bint does arithmetic on integers of a fixed width, as the lua-bint
// library that aos scripts require as `.bint` does it: two's complement, every
// result wrapped to the width (spec aos-runtime §10).
//
// A number is a slice of 64-bit limbs, least significant first, of exactly
// [Arith.Limbs] limbs; bits above the width are always zero ("canonical").
// Nothing here allocates once an Arith is made, so that the binding to Lua can
// keep its operands in scratch space. The package knows nothing of Lua.
package bint

import "math/bits"

// Arith does the arithmetic of one width. It holds scratch space: one goroutine
// at a time may use it.
type Arith struct {
	bits int
	n    int
	top  uint64 // the bits that the highest limb may have
	sign uint64 // the sign bit within the highest limb

	num, den, acc []uint64 // scratch of division (num has one limb more) and powers
}

// New returns the arithmetic of integers of the given width in bits, which must
// be at least 1.
func New(width int) *Arith {
	n := (width + 63) / 64
	a := &Arith{bits: width, n: n, top: ^uint64(0)}
	if r := width % 64; r != 0 {
		a.top = 1<<uint(r) - 1
	}
	a.sign = a.top ^ a.top>>1
	a.num = make([]uint64, n+1)
	a.den = make([]uint64, n)
	a.acc = make([]uint64, n)
	return a
}

// Bits is the width in bits.
func (a *Arith) Bits() int { return a.bits }

// Limbs is how many limbs a number of this width has.
func (a *Arith) Limbs() int { return a.n }

// Make returns a new zero.
func (a *Arith) Make() []uint64 { return make([]uint64, a.n) }

// Zero sets z to 0.
func (a *Arith) Zero(z []uint64) { clear(z) }

// SetUint64 sets z to v, wrapped to the width.
func (a *Arith) SetUint64(z []uint64, v uint64) {
	clear(z)
	z[0] = v
	z[a.n-1] &= a.top
}

// SetInt64 sets z to v, sign extended.
func (a *Arith) SetInt64(z []uint64, v int64) {
	z[0] = uint64(v)
	fill := uint64(v >> 63)
	for i := 1; i < len(z); i++ {
		z[i] = fill
	}
	z[a.n-1] &= a.top
}

// Int64 returns the low 64 bits of x as a signed integer: what remains of x when
// it wraps around.
func (a *Arith) Int64(x []uint64) int64 {
	if a.n == 1 && x[0]&a.sign != 0 {
		return int64(x[0] | ^a.top)
	}
	return int64(x[0])
}

// IsInt64 tells whether x, as a signed number, fits in 64 bits.
func (a *Arith) IsInt64(x []uint64) bool {
	if a.n == 1 {
		return true
	}
	fill := uint64(int64(x[0]) >> 63)
	for i := 1; i < a.n-1; i++ {
		if x[i] != fill {
			return false
		}
	}
	return x[a.n-1] == fill&a.top
}

// IsZero asks about the signed value of x, as do IsOne, IsMinusOne and IsNeg.
func (a *Arith) IsZero(x []uint64) bool {
	for _, w := range x {
		if w != 0 {
			return false
		}
	}
	return true
}

// IsOne tells whether x is 1.
func (a *Arith) IsOne(x []uint64) bool {
	return x[0] == 1 && a.IsZero(x[1:])
}

// IsMinusOne tells whether x is -1.
func (a *Arith) IsMinusOne(x []uint64) bool {
	for i := 0; i < a.n-1; i++ {
		if x[i] != ^uint64(0) {
			return false
		}
	}
	return x[a.n-1] == a.top
}

// IsNeg tells whether the sign bit of x is set.
func (a *Arith) IsNeg(x []uint64) bool { return x[a.n-1]&a.sign != 0 }

// SetMax sets z to the largest signed number, SetMin to the smallest.
func (a *Arith) SetMax(z []uint64) {
	for i := range z {
		z[i] = ^uint64(0)
	}
	z[a.n-1] = a.top ^ a.sign
}

// SetMin sets z to the smallest signed number.
func (a *Arith) SetMin(z []uint64) {
	clear(z)
	z[a.n-1] = a.sign
}

// Add sets z = x + y.
func (a *Arith) Add(z, x, y []uint64) {
	var c uint64
	for i := range z {
		z[i], c = bits.Add64(x[i], y[i], c)
	}
	z[a.n-1] &= a.top
}

// Sub sets z = x - y.
func (a *Arith) Sub(z, x, y []uint64) {
	var b uint64
	for i := range z {
		z[i], b = bits.Sub64(x[i], y[i], b)
	}
	z[a.n-1] &= a.top
}

// Neg sets z = -x; the smallest number stays itself.
func (a *Arith) Neg(z, x []uint64) {
	var b uint64
	for i := range z {
		z[i], b = bits.Sub64(0, x[i], b)
	}
	z[a.n-1] &= a.top
}

// Inc adds 1 to z, Dec takes 1 away.
func (a *Arith) Inc(z []uint64) {
	for i := range z {
		z[i]++
		if z[i] != 0 {
			break
		}
	}
	z[a.n-1] &= a.top
}

// Dec subtracts 1 from z.
func (a *Arith) Dec(z []uint64) {
	for i := range z {
		z[i]--
		if z[i] != ^uint64(0) {
			break
		}
	}
	z[a.n-1] &= a.top
}

// Abs sets z = |x|; the smallest number stays itself.
func (a *Arith) Abs(z, x []uint64) {
	if a.IsNeg(x) {
		a.Neg(z, x)
		return
	}
	copy(z, x)
}

// Not sets z to x with every bit flipped.
func (a *Arith) Not(z, x []uint64) {
	for i := range z {
		z[i] = ^x[i]
	}
	z[a.n-1] &= a.top
}

// And sets z = x & y.
func (a *Arith) And(z, x, y []uint64) {
	for i := range z {
		z[i] = x[i] & y[i]
	}
}

// Or sets z = x | y.
func (a *Arith) Or(z, x, y []uint64) {
	for i := range z {
		z[i] = x[i] | y[i]
	}
}

// Xor sets z = x ^ y.
func (a *Arith) Xor(z, x, y []uint64) {
	for i := range z {
		z[i] = x[i] ^ y[i]
	}
}

// Shl sets z = x << k; k may be any size. z may be x.
func (a *Arith) Shl(z, x []uint64, k uint64) {
	if k >= uint64(a.bits) {
		clear(z)
		return
	}
	words, s := int(k/64), uint(k%64)
	for i := a.n - 1; i >= 0; i-- {
		var v uint64
		if j := i - words; j >= 0 {
			v = x[j] << s
			if s != 0 && j > 0 {
				v |= x[j-1] >> (64 - s)
			}
		}
		z[i] = v
	}
	z[a.n-1] &= a.top
}

// Shr sets z = x >> k, filling with zeros; k may be any size. z may be x.
func (a *Arith) Shr(z, x []uint64, k uint64) {
	if k >= uint64(a.bits) {
		clear(z)
		return
	}
	words, s := int(k/64), uint(k%64)
	for i := 0; i < a.n; i++ {
		var v uint64
		if j := i + words; j < a.n {
			v = x[j] >> s
			if s != 0 && j+1 < a.n {
				v |= x[j+1] << (64 - s)
			}
		}
		z[i] = v
	}
}

// Cmp compares x and y as unsigned numbers: -1, 0 or 1.
func (a *Arith) Cmp(x, y []uint64) int {
	for i := a.n - 1; i >= 0; i-- {
		if x[i] != y[i] {
			if x[i] < y[i] {
				return -1
			}
			return 1
		}
	}
	return 0
}

// SCmp compares x and y as signed numbers: -1, 0 or 1.
func (a *Arith) SCmp(x, y []uint64) int {
	nx, ny := a.IsNeg(x), a.IsNeg(y)
	if nx != ny {
		if nx {
			return -1
		}
		return 1
	}
	return a.Cmp(x, y)
}
