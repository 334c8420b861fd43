package bint

import (
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

var widths = []int{64, 72, 96, 128, 160, 256, 320, 512, 1024}

// model is x as math/big sees it: unsigned and signed.
func model(a *Arith, x []uint64) (u, s *big.Int) {
	u = new(big.Int)
	for i := len(x) - 1; i >= 0; i-- {
		u.Lsh(u, 64).Or(u, new(big.Int).SetUint64(x[i]))
	}
	s = new(big.Int).Set(u)
	if a.IsNeg(x) {
		s.Sub(s, new(big.Int).Lsh(big.NewInt(1), uint(a.Bits())))
	}
	return u, s
}

func wrap(a *Arith, v *big.Int) *big.Int {
	return new(big.Int).Mod(v, new(big.Int).Lsh(big.NewInt(1), uint(a.Bits())))
}

func draw(t *rapid.T, a *Arith, name string) []uint64 {
	x := a.Make()
	for i := range x {
		x[i] = rapid.OneOf(rapid.Uint64(), rapid.SampledFrom([]uint64{0, 0, 1, ^uint64(0), 1 << 63, 1<<63 - 1, 1 << 32})).Draw(t, name)
	}
	x[len(x)-1] &= a.top
	return x
}

func TestAgainstBig(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := New(rapid.SampledFrom(widths).Draw(t, "width"))
		x, y := draw(t, a, "x"), draw(t, a, "y")
		ux, sx := model(a, x)
		uy, sy := model(a, y)
		z := a.Make()
		want := func(name string, v *big.Int) {
			t.Helper()
			u, _ := model(a, z)
			if w := wrap(a, v); u.Cmp(w) != 0 {
				t.Fatalf("%s: got %s want %s", name, u, w)
			}
		}
		a.Add(z, x, y)
		want("add", new(big.Int).Add(ux, uy))
		a.Sub(z, x, y)
		want("sub", new(big.Int).Sub(ux, uy))
		a.Mul(z, x, y)
		want("mul", new(big.Int).Mul(ux, uy))
		a.Neg(z, x)
		want("neg", new(big.Int).Neg(ux))
		a.Not(z, x)
		want("not", new(big.Int).Not(ux))
		a.And(z, x, y)
		want("and", new(big.Int).And(ux, uy))
		a.Or(z, x, y)
		want("or", new(big.Int).Or(ux, uy))
		a.Xor(z, x, y)
		want("xor", new(big.Int).Xor(ux, uy))
		a.Abs(z, x)
		want("abs", new(big.Int).Abs(sx))
		copy(z, x)
		a.Inc(z)
		want("inc", new(big.Int).Add(ux, big.NewInt(1)))
		copy(z, x)
		a.Dec(z)
		want("dec", new(big.Int).Sub(ux, big.NewInt(1)))
		k := rapid.Uint64Range(0, uint64(a.Bits())+5).Draw(t, "shift")
		a.Shl(z, x, k)
		want("shl", new(big.Int).Lsh(ux, uint(k)))
		a.Shr(z, x, k)
		want("shr", new(big.Int).Rsh(ux, uint(k)))
		if a.Cmp(x, y) != ux.Cmp(uy) || a.SCmp(x, y) != sx.Cmp(sy) {
			t.Fatal("comparison")
		}
		if a.IsInt64(x) != sx.IsInt64() {
			t.Fatal("IsInt64")
		}
		if sx.IsInt64() && a.Int64(x) != sx.Int64() {
			t.Fatal("Int64")
		}
		if f, _ := new(big.Float).SetInt(sx).Float64(); f != a.Float64(x) {
			t.Fatalf("Float64: %v %v", f, a.Float64(x))
		}
		q, r := a.Make(), a.Make()
		if ok := a.UDivMod(q, r, x, y); ok != (uy.Sign() != 0) {
			t.Fatal("division by zero")
		} else if ok {
			qq, rr := new(big.Int).QuoRem(ux, uy, new(big.Int))
			gq, _ := model(a, q)
			gr, _ := model(a, r)
			if gq.Cmp(qq) != 0 || gr.Cmp(rr) != 0 {
				t.Fatalf("%s divmod %s: got %s, %s", ux, uy, gq, gr)
			}
		}
	})
}

func TestPow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := New(rapid.SampledFrom(widths).Draw(t, "width"))
		x, y := draw(t, a, "x"), draw(t, a, "y")
		ux, _ := model(a, x)
		uy, _ := model(a, y)
		z := a.Make()
		a.Pow(z, x, y)
		got, _ := model(a, z)
		want := new(big.Int).Exp(ux, uy, new(big.Int).Lsh(big.NewInt(1), uint(a.Bits())))
		if got.Cmp(want) != 0 {
			t.Fatalf("%s ^ %s: got %s want %s", ux, uy, got, want)
		}
	})
}

func TestText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := New(rapid.SampledFrom(widths).Draw(t, "width"))
		x := draw(t, a, "x")
		base := rapid.IntRange(2, 36).Draw(t, "base")
		ux, sx := model(a, x)
		if got := string(a.AppendDecimal(nil, x)); got != sx.String() {
			t.Fatalf("decimal %s, want %s", got, sx)
		}
		if got := string(a.AppendBase(nil, x, base, false)); got != ux.Text(base) {
			t.Fatalf("base %d: %s, want %s", base, got, ux.Text(base))
		}
		if got := string(a.AppendBase(nil, x, base, true)); got != sx.Text(base) {
			t.Fatalf("signed base %d: %s, want %s", base, got, sx.Text(base))
		}
		// A number longer than the width wraps.
		text := strings.ToUpper(ux.Text(base)) + rapid.StringMatching(`[01]{0,200}`).Draw(t, "tail")
		z := a.Make()
		if !a.SetDigits(z, text, base) {
			t.Fatalf("%q is not base %d", text, base)
		}
		v, _ := new(big.Int).SetString(strings.ToLower(text), base)
		if got, _ := model(a, z); got.Cmp(wrap(a, v)) != 0 {
			t.Fatalf("parse %q: got %s want %s", text, got, wrap(a, v))
		}
		if a.SetDigits(z, text+"!", base) || a.SetDigits(z, "", base) {
			t.Fatal("took what is no digit")
		}
	})
}

func TestWords(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.SampledFrom([]int{8, 16, 24, 32}).Draw(t, "word")
		a := New(word * rapid.IntRange((64+word-1)/word, 40).Draw(t, "count"))
		x := draw(t, a, "x")
		z := a.Make()
		for i := 0; i < a.Words(word); i++ {
			a.OrWord(z, i, word, a.Word(x, i, word))
		}
		if a.Cmp(x, z) != 0 {
			t.Fatal("words do not come back")
		}
		b := a.AppendLE(nil, x)
		a.SetLE(z, append(b, 1, 2, 3))
		if a.Cmp(x, z) != 0 {
			t.Fatal("bytes do not come back")
		}
	})
}

func TestLimits(t *testing.T) {
	for _, w := range widths {
		a := New(w)
		z := a.Make()
		a.SetMax(z)
		_, s := model(a, z)
		want := new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), uint(w-1)), big.NewInt(1))
		if s.Cmp(want) != 0 {
			t.Errorf("max of %d bits is %s", w, s)
		}
		a.SetMin(z)
		_, s = model(a, z)
		if s.Cmp(want.Neg(want).Sub(want, big.NewInt(1))) != 0 {
			t.Errorf("min of %d bits is %s", w, s)
		}
		a.SetInt64(z, -1)
		if !a.IsMinusOne(z) || a.IsOne(z) || a.IsZero(z) || a.Int64(z) != -1 {
			t.Errorf("-1 of %d bits", w)
		}
		a.SetUint64(z, 1)
		if !a.IsOne(z) || a.IsMinusOne(z) {
			t.Errorf("1 of %d bits", w)
		}
	}
}

func BenchmarkAdd256(b *testing.B) {
	a := New(256)
	x, y, z := a.Make(), a.Make(), a.Make()
	a.SetMax(x)
	a.SetInt64(y, -5)
	for b.Loop() {
		a.Add(z, x, y)
	}
}

func BenchmarkMul256(b *testing.B) {
	a := New(256)
	x, y, z := a.Make(), a.Make(), a.Make()
	a.SetMax(x)
	a.SetInt64(y, -5)
	for b.Loop() {
		a.Mul(z, x, y)
	}
}

func BenchmarkDiv256(b *testing.B) {
	a := New(256)
	x, y, q, r := a.Make(), a.Make(), a.Make(), a.Make()
	a.SetMax(x)
	a.SetDigits(y, "1000000000000000000000000007", 10)
	for b.Loop() {
		a.UDivMod(q, r, x, y)
	}
}

func BenchmarkDecimal256(b *testing.B) {
	a := New(256)
	x := a.Make()
	a.SetDigits(x, "123456789012345678901234567890", 10)
	buf := make([]byte, 0, 100)
	for b.Loop() {
		buf = a.AppendDecimal(buf[:0], x)
	}
}
