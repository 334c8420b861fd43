package lua53

import (
	"math"
)

// mathLib holds the state of math.random.
type mathLib struct {
	s     *State
	rng   randomState
	guard txGuard
}

func (s *State) openMath() {
	l := &mathLib{s: s, guard: txGuard{s: s}}
	seed := uint32(1)
	if s.opts.Seed != 0 {
		seed = uint32(s.opts.Seed) ^ uint32(s.opts.Seed>>32)
	}
	l.rng.seed(seed)
	t := s.Library("math", []Reg{
		{"abs", mathAbs},
		{"acos", float1(math.Acos)},
		{"asin", float1(math.Asin)},
		{"atan", mathAtan},
		{"ceil", rounded(math.Ceil)},
		{"cos", float1(math.Cos)},
		{"deg", float1(func(x float64) float64 { return x * (180 / math.Pi) })},
		{"exp", float1(expE)},
		{"floor", rounded(math.Floor)},
		{"fmod", mathFmod},
		{"log", mathLog},
		{"max", mathMax},
		{"min", mathMin},
		{"modf", mathModf},
		{"rad", float1(func(x float64) float64 { return x * (math.Pi / 180) })},
		{"random", l.random},
		{"randomseed", l.randomseed},
		{"sin", float1(math.Sin)},
		{"sqrt", float1(math.Sqrt)},
		{"tan", float1(math.Tan)},
		{"tointeger", mathToInteger},
		{"type", mathType},
		{"ult", mathUlt},
		// From 5.2 and before; PUC builds keep them (LUA_COMPAT_MATHLIB).
		{"atan2", mathAtan},
		{"cosh", float1(math.Cosh)},
		{"sinh", float1(math.Sinh)},
		{"tanh", float1(math.Tanh)},
		{"pow", mathPow},
		{"frexp", mathFrexp},
		{"ldexp", mathLdexp},
		{"log10", plain1(func(x float64) float64 { return logBase(x, ln10) })},
	})
	s.Set(t, strVal("atan2").o, s.Get(t, strVal("atan").o)) // one function with two names
	huge := math.Inf(1)
	if s.opts.Luerl {
		huge = math.MaxFloat64
	}
	for _, k := range []struct {
		name string
		v    val
	}{
		{"pi", floatVal(math.Pi)},
		{"huge", floatVal(huge)},
		{"maxinteger", intVal(math.MaxInt64)},
		{"mininteger", intVal(math.MinInt64)},
	} {
		s.Set(t, strVal(k.name).o, k.v.box())
	}
}

// pushFloat pushes a result of the C library made from in.
func pushFloat(c *Call, f float64, in ...float64) { c.PushFloat(fixNaN(f, in...)) }

func float1(f func(float64) float64) func(*Call) {
	return func(c *Call) {
		x := c.Float(1)
		pushFloat(c, f(x), x)
	}
}

// plain1 is for the functions whose C code makes a NaN without the sign.
func plain1(f func(float64) float64) func(*Call) {
	return func(c *Call) { c.PushFloat(f(c.Float(1))) }
}

func rounded(f func(float64) float64) func(*Call) {
	return func(c *Call) {
		if v := c.arg(1); v.isInt() && c.N() > 0 {
			c.push(v)
			return
		}
		x := f(c.Float(1))
		if i, ok := floatToInteger(x); ok {
			c.PushInt(i)
			return
		}
		c.s.luerlRounded(x)
		c.PushFloat(x)
	}
}

func mathAbs(c *Call) {
	if v := c.arg(1); v.isInt() && c.N() > 0 {
		n := v.int()
		if n < 0 {
			if n = -n; n < 0 && c.s.opts.Luerl {
				c.s.tooWide("the result")
			}
		}
		c.PushInt(n)
		return
	}
	c.PushFloat(math.Abs(c.Float(1)))
}

func mathAtan(c *Call) {
	y, x := c.Float(1), c.OptFloat(2, 1)
	pushFloat(c, math.Atan2(y, x), y, x)
}

func mathPow(c *Call) {
	x, y := c.Float(1), c.Float(2)
	c.PushFloat(pow(x, y))
}

func mathFrexp(c *Call) {
	f, e := math.Frexp(c.Float(1))
	c.PushFloat(f)
	c.PushInt(int64(e))
}

func mathLdexp(c *Call) {
	x, e := c.Float(1), int(int32(c.Int(2)))
	c.PushFloat(math.Ldexp(x, e))
}

func mathLog(c *Call) {
	x := c.Float(1)
	if c.NoneOrNil(2) {
		pushFloat(c, logE(x), x)
		return
	}
	base := c.Float(2)
	switch base {
	case 2:
		pushFloat(c, logBase(x, ln2), x)
	case 10:
		c.PushFloat(logBase(x, ln10))
	default:
		pushFloat(c, logE(x)/logE(base), x, base)
	}
}

// mathMax and mathMin compare as < does: what compares passes, and the winner is returned as it is.
func mathMax(c *Call) {
	c.Any(1)
	best := 1
	for i := 2; i <= c.N(); i++ {
		if c.th.less(c.arg(best), c.arg(i)) {
			best = i
		}
	}
	c.push(c.arg(best))
}

func mathMin(c *Call) {
	c.Any(1)
	best := 1
	for i := 2; i <= c.N(); i++ {
		if c.th.less(c.arg(i), c.arg(best)) {
			best = i
		}
	}
	c.push(c.arg(best))
}

func mathFmod(c *Call) {
	a, b := c.arg(1), c.arg(2)
	if c.N() >= 2 && a.isInt() && b.isInt() {
		switch b.int() {
		case 0:
			c.ArgErrorf(2, "zero")
		case -1: // the only division that overflows
			c.PushInt(0)
		default:
			c.PushInt(a.int() % b.int())
		}
		return
	}
	y := c.Float(2) // PUC looks at it first
	x := c.Float(1)
	pushFloat(c, math.Mod(x, y), x, y)
}

func mathModf(c *Call) {
	if v := c.arg(1); v.isInt() && c.N() > 0 {
		c.push(v)
		c.PushFloat(0)
		return
	}
	x := c.Float(1)
	whole := math.Trunc(x)
	if i, ok := floatToInteger(whole); ok {
		c.PushInt(i)
	} else {
		c.PushFloat(whole)
	}
	if x == whole {
		c.PushFloat(0)
	} else {
		c.PushFloat(x - whole)
	}
}

func mathToInteger(c *Call) {
	c.Any(1)
	if n, ok := c.arg(1).coerce(); ok {
		if i, ok := numberToInteger(n); ok {
			c.PushInt(i)
			return
		}
	}
	c.PushNil()
}

func mathType(c *Call) {
	c.Any(1)
	switch v := c.arg(1); {
	case v.isInt():
		c.PushString("integer")
	case v.isFloat():
		c.PushString("float")
	default:
		c.PushNil()
	}
}

func mathUlt(c *Call) {
	a, b := c.Int(1), c.Int(2)
	c.PushBool(uint64(a) < uint64(b))
}

func (l *mathLib) changing() {
	old := l.rng
	l.guard.change(func() { l.rng = old })
}

func (l *mathLib) randomseed(c *Call) {
	x := c.Float(1)
	l.changing()
	// PUC: (unsigned int)(lua_Integer)x. Out of range the conversion gives the smallest integer on x86.
	n := int64(math.MinInt64)
	if x >= -(1<<63) && x < 1<<63 {
		n = int64(x)
	}
	l.rng.seed(uint32(n))
	l.rng.next()
}

func (l *mathLib) random(c *Call) {
	l.changing()
	r := l.rng.float()
	low, up := int64(1), int64(0)
	switch c.N() {
	case 0:
		c.PushFloat(r)
		return
	case 1:
		up = c.Int(1)
	case 2:
		low, up = c.Int(1), c.Int(2)
	default:
		c.Errorf("wrong number of arguments")
	}
	if low > up {
		c.ArgErrorf(1, "interval is empty")
	}
	if low < 0 && up > math.MaxInt64+low {
		c.ArgErrorf(1, "interval too large")
	}
	r *= float64(up-low) + 1
	c.PushInt(int64(r) + low)
}
