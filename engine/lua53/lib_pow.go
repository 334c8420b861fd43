package lua53

import "math"

// Go's math.Pow, Exp and Log may be off by several units in the last place, which shows in "%.14g". PUC uses the C
// library's, which are right to within about half a unit. The functions here compute in double-double
// arithmetic (about 100 bits) and round once, so they agree with it.

// dd is the unevaluated sum of two floats, |lo| <= ulp(hi)/2.
type dd struct{ hi, lo float64 }

func twoSum(a, b float64) dd {
	s := a + b
	t := s - a
	return dd{s, (a - (s - t)) + (b - t)}
}

func quickSum(a, b float64) dd {
	s := a + b
	return dd{s, b - (s - a)}
}

func twoProd(a, b float64) dd {
	p := a * b
	return dd{p, math.FMA(a, b, -p)}
}

func (a dd) add(b dd) dd {
	s := twoSum(a.hi, b.hi)
	t := twoSum(a.lo, b.lo)
	s = quickSum(s.hi, s.lo+t.hi)
	return quickSum(s.hi, s.lo+t.lo)
}

func (a dd) mul(b dd) dd {
	p := twoProd(a.hi, b.hi)
	return quickSum(p.hi, p.lo+(a.hi*b.lo+a.lo*b.hi))
}

func (a dd) mulFloat(b float64) dd {
	p := twoProd(a.hi, b)
	return quickSum(p.hi, p.lo+a.lo*b)
}

func (a dd) div(b dd) dd {
	q := a.hi / b.hi
	r := a.add(b.mulFloat(-q))
	q2 := r.hi / b.hi
	r = r.add(b.mulFloat(-q2))
	return quickSum(q, q2).add(dd{hi: r.hi / b.hi})
}

// ln2 to 107 bits.
var ln2 = dd{0.6931471805599453, 2.3190468138462996e-17}

// ddLog is the logarithm of a positive finite x.
func ddLog(x float64) dd {
	m, e := math.Frexp(x) // subnormal numbers too
	if m < math.Sqrt2/2 {
		m *= 2
		e--
	}
	// log m = 2 atanh(s), s = (m-1)/(m+1), |s| < 0.172
	s := dd{hi: m - 1}.div(twoSum(m, 1))
	s2 := s.mul(s)
	sum := dd{hi: 1.0 / 43}
	for k := 41; k >= 1; k -= 2 {
		sum = sum.mul(s2).add(dd{hi: 1}.div(dd{hi: float64(k)}))
	}
	return s.mul(sum).mulFloat(2).add(ln2.mulFloat(float64(e)))
}

// ddExp is the exponential of a, rounded to a float.
func ddExp(a dd) float64 {
	switch {
	case a.hi > 710:
		return math.Inf(1)
	case a.hi < -746:
		return 0
	}
	k := math.Round(a.hi / math.Ln2)
	r := a.add(ln2.mulFloat(-k))
	// e^r = (e^(r/64))^64
	r = dd{r.hi / 64, r.lo / 64}
	sum := dd{hi: 1}
	for n := 13; n >= 1; n-- {
		sum = sum.mul(r).mul(dd{hi: 1}.div(dd{hi: float64(n)})).add(dd{hi: 1})
	}
	for range 6 {
		sum = sum.mul(sum)
	}
	return scale(sum, int(k))
}

// scale is a·2^k, rounded once, also where the result is subnormal.
func scale(a dd, k int) float64 {
	if k > -1000 {
		return math.Ldexp(a.hi, k)
	}
	// Bring the bits that will be lost into the sum before the only rounding.
	h := math.Ldexp(a.hi, k)
	rest := dd{a.hi - math.Ldexp(h, -k), a.lo}
	return h + math.Ldexp(rest.hi+rest.lo, k)
}

// pow is C's pow.
func pow(x, y float64) float64 {
	switch {
	case y == 2:
		return x * x
	case y == 1:
		return x
	case y == 0.5 && x > 0:
		return math.Sqrt(x)
	}
	if x == 0 || y == 0 || x != x || y != y || math.IsInf(x, 0) || math.IsInf(y, 0) || x == 1 {
		return fixNaN(math.Pow(x, y), x, y)
	}
	neg := false
	if x < 0 {
		if y != math.Trunc(y) {
			return nanDefault
		}
		neg = math.Mod(y, 2) != 0
		x = -x
	}
	l := ddLog(x)
	var r float64
	switch p := l.hi * y; {
	case p > 800:
		r = math.Inf(1)
	case p < -800:
		r = 0
	default:
		r = ddExp(l.mulFloat(y))
	}
	if neg {
		return -r
	}
	return r
}

// expE is C's exp.
func expE(x float64) float64 {
	if x == 0 || x != x || math.IsInf(x, 0) {
		return math.Exp(x)
	}
	return ddExp(dd{hi: x})
}

// logE is C's log.
func logE(x float64) float64 {
	if !(x > 0) || math.IsInf(x, 0) {
		return math.Log(x)
	}
	l := ddLog(x)
	return l.hi + l.lo
}

// ln10 to 107 bits.
var ln10 = dd{2.302585092994046, -2.1707562233822494e-16}

// logBase is C's log2 and log10, given the base's logarithm.
func logBase(x float64, base dd) float64 {
	if !(x > 0) || math.IsInf(x, 0) {
		return math.Log10(x)
	}
	l := ddLog(x).div(base)
	return l.hi + l.lo
}

// fixNaN gives a NaN that was not in the arguments the sign that x86 gives it.
func fixNaN(f float64, in ...float64) float64 {
	if f == f {
		return f
	}
	for _, x := range in {
		if x != x {
			return x
		}
	}
	return nanDefault
}
