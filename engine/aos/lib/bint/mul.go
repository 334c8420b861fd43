package bint

import "math/bits"

// used is how many limbs of x are not leading zeros.
func used(x []uint64) int {
	n := len(x)
	for n > 0 && x[n-1] == 0 {
		n--
	}
	return n
}

// Mul sets z = x * y. z must be neither x nor y.
func (a *Arith) Mul(z, x, y []uint64) {
	clear(z)
	nx, ny := used(x), used(y)
	for i := 0; i < nx; i++ {
		var carry uint64
		xi := x[i]
		if xi == 0 {
			continue
		}
		j := 0
		for ; j < ny && i+j < a.n; j++ {
			hi, lo := bits.Mul64(xi, y[j])
			var c uint64
			lo, c = bits.Add64(lo, z[i+j], 0)
			hi += c
			lo, c = bits.Add64(lo, carry, 0)
			hi += c
			z[i+j], carry = lo, hi
		}
		if i+j < a.n {
			z[i+j] = carry
		}
	}
	z[a.n-1] &= a.top
}

// mulAddWord sets z = z*m + c in place, wrapped, and returns how many limbs are
// in use afterwards when n were before.
func (a *Arith) mulAddWord(z []uint64, n int, m, c uint64) int {
	for i := 0; i < n; i++ {
		hi, lo := bits.Mul64(z[i], m)
		var k uint64
		lo, k = bits.Add64(lo, c, 0)
		z[i], c = lo, hi+k
	}
	if c != 0 && n < a.n {
		z[n] = c
		n++
	}
	return n
}

// divWord sets x = x / d in place over its n low limbs and returns the remainder.
func divWord(x []uint64, n int, d uint64) uint64 {
	var r uint64
	for i := n - 1; i >= 0; i-- {
		x[i], r = bits.Div64(r, x[i], d)
	}
	return r
}

// UDivMod sets q = x / y and r = x % y, all unsigned. It reports false, and
// changes nothing, when y is zero. q and r must not overlap each other nor y;
// q may be x.
func (a *Arith) UDivMod(q, r, x, y []uint64) bool {
	ny := used(y)
	if ny == 0 {
		return false
	}
	nx := used(x)
	if nx < ny || a.Cmp(x, y) < 0 {
		copy(r, x)
		clear(q)
		return true
	}
	if ny == 1 {
		d := y[0]
		copy(q, x)
		rem := divWord(q, nx, d)
		clear(r)
		r[0] = rem
		return true
	}
	a.long(q, r, x, y, nx, ny)
	return true
}

// long is schoolbook division (Knuth, algorithm D) on normalised copies.
func (a *Arith) long(q, r, x, y []uint64, nx, ny int) {
	s := uint(bits.LeadingZeros64(y[ny-1]))
	u, v := a.num[:nx+1], a.den[:ny]
	for i := ny - 1; i > 0; i-- {
		v[i] = y[i]<<s | shiftIn(y[i-1], s)
	}
	v[0] = y[0] << s
	u[nx] = shiftIn(x[nx-1], s)
	for i := nx - 1; i > 0; i-- {
		u[i] = x[i]<<s | shiftIn(x[i-1], s)
	}
	u[0] = x[0] << s
	clear(q)
	for j := nx - ny; j >= 0; j-- {
		q[j] = digit(u[j:j+ny+1], v)
	}
	clear(r)
	for i := 0; i < ny; i++ {
		r[i] = u[i] >> s
		if s != 0 {
			r[i] |= u[i+1] << (64 - s)
		}
	}
}

// shiftIn is what comes into the limb above when w is shifted left by s.
func shiftIn(w uint64, s uint) uint64 {
	if s == 0 {
		return 0
	}
	return w >> (64 - s)
}

// digit divides u (one limb longer than v, its quotient below 2^64) by the
// normalised v, leaves the remainder in u and returns the quotient.
func digit(u, v []uint64) uint64 {
	n := len(v)
	var qhat, rhat uint64
	if u[n] >= v[n-1] {
		qhat = ^uint64(0)
		var c uint64
		rhat, c = bits.Add64(u[n-1], v[n-1], 0)
		if c == 0 {
			qhat, rhat = correct(qhat, rhat, u, v)
		}
	} else {
		qhat, rhat = bits.Div64(u[n], u[n-1], v[n-1])
		qhat, rhat = correct(qhat, rhat, u, v)
	}
	_ = rhat
	var borrow, carry uint64
	for i := 0; i < n; i++ {
		hi, lo := bits.Mul64(qhat, v[i])
		var c uint64
		lo, c = bits.Add64(lo, carry, 0)
		carry = hi + c
		u[i], borrow = bits.Sub64(u[i], lo, borrow)
	}
	u[n], borrow = bits.Sub64(u[n], carry, borrow)
	if borrow != 0 { // one too many: add back
		qhat--
		var c uint64
		for i := 0; i < n; i++ {
			u[i], c = bits.Add64(u[i], v[i], c)
		}
		u[n] += c
	}
	return qhat
}

// correct lowers a guessed quotient digit until its second limb fits.
func correct(qhat, rhat uint64, u, v []uint64) (uint64, uint64) {
	n := len(v)
	for {
		hi, lo := bits.Mul64(qhat, v[n-2])
		if hi < rhat || (hi == rhat && lo <= u[n-2]) {
			return qhat, rhat
		}
		qhat--
		var c uint64
		rhat, c = bits.Add64(rhat, v[n-1], 0)
		if c != 0 {
			return qhat, rhat
		}
	}
}

// Pow sets z = x^y with y unsigned. z must be neither; x and y are changed.
func (a *Arith) Pow(z, x, y []uint64) {
	a.SetUint64(z, 1)
	n := used(y)
	for i := 0; i < n; i++ {
		w := y[i]
		steps := 64
		if i == n-1 {
			steps = bits.Len64(w)
		}
		for b := 0; b < steps; b++ {
			if w&1 != 0 {
				a.Mul(a.acc, z, x)
				copy(z, a.acc)
			}
			w >>= 1
			a.Mul(a.acc, x, x)
			copy(x, a.acc)
		}
	}
}
