package lib

import (
	"math"

	lua "github.com/yuin/gopher-lua"

	"patchbay/engine/aos/lib/mt19937"
	"patchbay/engine/lua53"
)

// inChance is the place of errors in the module .chance.
const inChance at = `[string ".chance"]:75: `

// tooBig is what an empty range is answered with.
const tooBig = "max must bigger than min"

// Random is the one generator of a process: behind math.random, once the world has
// replaced that, and behind .chance (spec aos-runtime §12).
type Random struct {
	s      *lua53.State
	src    mt19937.Source
	savedT uint32 // the transaction in which the generator was saved last
}

// Random returns the generator of the process.
func (l *Lib) Random() *Random {
	l.random.s = l.s
	return &l.random
}

// save makes a roll-back put the generator back.
func (r *Random) save() {
	if tx := r.s.Transaction(); tx != 0 && tx != r.savedT {
		old := r.src
		r.s.Save(func() { r.src = old })
		r.savedT = tx
	}
}

// Seed starts the generator anew from the low 32 bits of seed.
func (r *Random) Seed(seed int64) {
	r.save()
	r.src.Seed(seed)
}

// Float64 returns the next number in [0, 1).
func (r *Random) Float64() float64 {
	r.save()
	return r.src.Float64()
}

// Integer is .chance's integer(min, max): floor(random * (max - min + 1) + min), an
// integer if it fits in 64 bits. ok is false when max is below min; no number is
// drawn then.
func (r *Random) Integer(lo, hi lua53.Number) (n lua53.Number, ok bool) {
	var span, from float64
	if lo.IsInt && hi.IsInt {
		if hi.Int < lo.Int {
			return n, false
		}
		span, from = float64(hi.Int-lo.Int+1), float64(lo.Int) // wraps, as in Lua
	} else {
		l, h := asFloat(lo), asFloat(hi)
		if !(h >= l) {
			return n, false
		}
		span, from = h-l+1, l
	}
	f := math.Floor(r.Float64()*span + from)
	if f >= -(1<<63) && f < 1<<63 {
		return lua53.Number{IsInt: true, Int: int64(f)}, true
	}
	return lua53.Number{Float: f}, true
}

func asFloat(n lua53.Number) float64 {
	if n.IsInt {
		return float64(n.Int)
	}
	return n.Float
}

// openChance makes the module .chance.
func (l *Lib) openChance() lua.LValue {
	r := l.Random()
	return l.table(
		lua53.Reg{Name: "seed", Fn: func(c *lua53.Call) {
			v := c.Arg(1)
			n, ok := lua53.CoerceNumber(v)
			if !ok {
				raise(c, inChance, "attempt to perform bitwise operation on a %s value (local 's')", typeName(c, v))
			}
			i, ok := lua53.ToInteger(lua53.MakeNumber(n))
			if !ok {
				raise(c, inChance, "number has no integer representation")
			}
			r.Seed(i)
		}},
		lua53.Reg{Name: "random", Fn: func(c *lua53.Call) { c.PushFloat(r.Float64()) }},
		lua53.Reg{Name: "integer", Fn: func(c *lua53.Call) {
			lo, hi := c.Arg(1), c.Arg(2)
			x, okx := lua53.ToNumber(lo)
			y, oky := lua53.ToNumber(hi)
			if !okx || !oky {
				_, sx := lo.(lua.LString)
				_, sy := hi.(lua.LString)
				if !sx || !sy {
					tx, ty := typeName(c, lo), typeName(c, hi)
					if tx == ty {
						raise(c, inChance, "attempt to compare two %s values", tx)
					}
					raise(c, inChance, "attempt to compare %s with %s", tx, ty)
				}
				assert(c, !c.Less(hi, lo), inChance, tooBig) // as strings
				x, y = floatOf(c, lo), floatOf(c, hi)
			}
			n, ok := r.Integer(x, y)
			assert(c, ok, inChance, tooBig)
			c.PushNumber(n)
		}},
	)
}

// floatOf is a string in arithmetic, which makes it a float.
func floatOf(c *lua53.Call, v lua.LValue) lua53.Number {
	n, ok := lua53.CoerceNumber(v)
	if !ok {
		raise(c, inChance, "attempt to perform arithmetic on a string value (local 'max')")
	}
	return lua53.Number{Float: asFloat(n)}
}
