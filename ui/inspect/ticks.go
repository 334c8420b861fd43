package inspect

import (
	"math"
	"strconv"
	"strings"
)

// thin chooses at most about n indices so that least and greatest stay.
func thin(v []float64, n int) []int {
	if len(v) <= n {
		out := make([]int, len(v))
		for i := range out {
			out[i] = i
		}
		return out
	}
	var out []int
	parts := n / 2
	for k := range parts {
		a, b := len(v)*k/parts, len(v)*(k+1)/parts
		lo, hi := a, a
		for i := a; i < b; i++ {
			if v[i] < v[lo] {
				lo = i
			}
			if v[i] > v[hi] {
				hi = i
			}
		}
		out = append(out, min(lo, hi))
		if lo != hi {
			out = append(out, max(lo, hi))
		}
	}
	if out[len(out)-1] != len(v)-1 {
		out = append(out, len(v)-1)
	}
	return out
}

// Ticks gives about n round numbers that span lo..hi.
func Ticks(lo, hi float64, n int) []float64 {
	if lo == hi {
		return []float64{lo}
	}
	raw := (hi - lo) / float64(max(n, 1))
	mag := math.Pow(10, math.Floor(math.Log10(raw)))
	step := mag
	for _, m := range []float64{1, 2, 2.5, 5, 10} {
		if step = m * mag; step >= raw {
			break
		}
	}
	var out []float64
	for k := math.Floor(lo / step); ; k++ {
		out = append(out, k*step)
		if k*step >= hi || len(out) > 50 {
			return out
		}
	}
}

// Short writes an axis label: 700000 as 700k, with as many digits as the step needs
// and in the unit of most, the farthest label from 0, so that all have the same. An
// infinite step is that of a label that stands alone.
func Short(f, step, most float64) string {
	unit, div := "", 1.0
	if f == 0 {
		return "0"
	}
	switch a := most; {
	case a >= 1e15:
		return strconv.FormatFloat(f, 'g', 4, 64)
	case math.IsInf(step, 0) && a < 1e7: // the only label: it tells the value
	case a >= 1e10:
		unit, div = "G", 1e9
	case a >= 1e7:
		unit, div = "M", 1e6
	case a >= 1e4:
		unit, div = "k", 1e3
	}
	digits := 0
	if part := step / div; !math.IsInf(part, 0) {
		for p := part; digits < 6 && math.Abs(p-math.Round(p)) > 1e-6*p; p *= 10 {
			digits++
		}
	}
	s := strconv.FormatFloat(f/div, 'f', digits, 64)
	whole, frac, _ := strings.Cut(s, ".")
	neg := strings.HasPrefix(whole, "-")
	whole = strings.TrimPrefix(whole, "-")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if frac != "" {
		whole += "." + frac
	}
	if neg && f != 0 {
		whole = "-" + whole
	}
	return whole + unit
}
