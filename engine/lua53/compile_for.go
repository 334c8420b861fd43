package lua53

import (
	lua "github.com/yuin/gopher-lua"

	"patchbay/engine/lua53/syntax"
)

func (c *compiler) numFor(x *syntax.NumFor) execFn {
	start, limit := c.expr(x.Start), c.expr(x.Limit)
	step := func(*frame) val { return intVal(1) }
	if x.Step != nil {
		step = c.expr(x.Step)
	}
	regs := c.nregs
	var body execFn
	var slot int
	cost := c.loopCost(func() {
		c.declare(x.Var)
		slot = x.Var.Slot
		body = c.scope(x.Body)
	})
	c.nregs = regs
	isCell := isCell(x.Var)
	s := c.s
	at := &site{line: x.Line, col: x.Col}
	prep := &site{line: x.DoLine, col: x.Col}
	return func(f *frame) ctl {
		a := start(f)
		b := limit(f)
		st := step(f)
		f.site = prep
		i, n, by, ok := f.th.intLoop(a, b, st)
		if !ok || s.opts.Luerl && leaves(n, by) {
			round := func(v val) ctl {
				if isCell {
					v = val{o: s.newCell(v)}
				}
				f.regs[slot] = v
				if s.fuel -= cost; s.fuel < 0 {
					f.site = at
					s.refuel()
				}
				return body(f)
			}
			if ok {
				return luerlLoop(i, n, by, round)
			}
			return f.floatLoop(a, b, st, round)
		}
		for {
			if by > 0 {
				if i > n {
					return ctlNone
				}
			} else if i < n {
				return ctlNone
			}
			if s.fuel -= cost; s.fuel < 0 {
				f.site = at
				s.refuel()
			}
			if isCell {
				f.regs[slot] = val{o: s.newCell(intVal(i))}
			} else {
				f.regs[slot] = val{n: uint64(i)}
			}
			if r := body(f); r != ctlNone {
				if r == ctlBreak {
					return ctlNone
				}
				return r
			}
			i += by // wraps around, as PUC 5.3 does
		}
	}
}

// intLoop prepares a loop over integers. ok is false when it must run over
// floats.
func (th *thread) intLoop(a, b, st val) (i, limit, step int64, ok bool) {
	if a.o != nil || st.o != nil {
		return 0, 0, 0, false
	}
	i, step = int64(a.n), int64(st.n)
	if b.o == nil {
		return i, int64(b.n), step, true
	}
	n, isNum := b.coerce()
	if !isNum {
		return 0, 0, 0, false
	}
	if n.IsInt {
		return i, n.Int, step, true
	}
	if v, ok := floatFloor(n.Float, step < 0); ok {
		return i, v, step, true
	}
	// The limit is beyond the integers, or not a number.
	if n.Float > 0 {
		if step < 0 {
			return 0, 1, -1, true // not a single round
		}
		return i, 1<<63 - 1, step, true
	}
	if step >= 0 {
		return 1, 0, 1, true
	}
	return i, -1 << 63, step, true
}

// floatFloor rounds a float down, or up, to an integer that fits.
func floatFloor(f float64, up bool) (int64, bool) {
	if i, ok := floatToInteger(f); ok {
		return i, true
	}
	if f != f || f >= 1<<63 || f < -(1<<63) {
		return 0, false
	}
	i := int64(f) // toward zero
	if up && f > 0 {
		i++
	} else if !up && f < 0 {
		i--
	}
	return i, true
}

// floatLoop runs a loop over floats.
func (f *frame) floatLoop(a, b, st val, round func(val) ctl) ctl {
	read := func(v val, what string) float64 {
		n, ok := v.coerce()
		if !ok {
			f.th.throwf("'for' %s must be a number", what)
		}
		return numberToFloat(n)
	}
	limit := read(b, "limit")
	step := read(st, "step")
	i := read(a, "initial value")
	i = (i - step) + step // PUC takes the step off first and adds it before every round
	for {
		if step > 0 {
			if !(i <= limit) {
				return ctlNone
			}
		} else if !(limit <= i) {
			return ctlNone
		}
		if r := round(floatVal(i)); r != ctlNone {
			if r == ctlBreak {
				return ctlNone
			}
			return r
		}
		i += step
	}
}

func (c *compiler) genFor(x *syntax.GenFor) execFn {
	regs := c.nregs
	base := c.temp(3)
	fill := c.fill(x.Exprs, 3, base)
	var body execFn
	cost := c.loopCost(func() {
		for _, v := range x.Vars {
			c.declare(v)
		}
		body = c.scope(x.Body)
	})
	c.nregs = regs
	s := c.s
	vars := x.Vars
	first := vars[0].Slot // the others follow
	n := len(vars)
	var cells []int
	for _, v := range vars {
		if isCell(v) {
			cells = append(cells, v.Slot)
		}
	}
	at := &site{line: x.InLine, col: x.Col, iter: true}
	round := func(f *frame) ctl {
		if s.fuel -= cost; s.fuel < 0 {
			f.site = at
			s.refuel()
		}
		for _, i := range cells {
			f.regs[i] = val{o: s.newCell(f.regs[i])}
		}
		return body(f)
	}
	pair := func(f *frame, k, v val) {
		f.regs[first] = k
		if n > 1 {
			f.regs[first+1] = v
			for i := 2; i < n; i++ {
				f.regs[first+i] = vNil
			}
		}
	}
	return func(f *frame) ctl {
		fill(f)
		if lf, ok := f.regs[base].o.(*lua.LFunction); ok {
			if t, ok := f.regs[base+1].o.(*Table); ok {
				if lf == s.nextFn && f.regs[base+2].isNil() {
					return s.eachPair(f, t, at, pair, round)
				}
				if lf == s.ipairsFn && f.regs[base+2].o == nil {
					return s.eachItem(f, t, int64(f.regs[base+2].n), at, pair, round)
				}
			}
		}
		for {
			f.site = at
			th := f.th
			var in [2]val
			in[0], in[1] = f.regs[base+1], f.regs[base+2]
			res := th.call(f.regs[base], in[:])
			if len(res) == 0 || res[0].isNil() {
				return ctlNone
			}
			f.regs[base+2] = res[0]
			k := copy(f.regs[first:first+n], res)
			for ; k < n; k++ {
				f.regs[first+k] = vNil
			}
			if r := round(f); r != ctlNone {
				if r == ctlBreak {
					return ctlNone
				}
				return r
			}
		}
	}
}

// eachPair is the loop over pairs(t), or next, t: the place in the table is
// kept instead of looking the key up in each round.
func (s *State) eachPair(f *frame, t *Table, at *site, pair func(*frame, val, val), round func(*frame) ctl) ctl {
	t.open()
	if t.ordered() != nil {
		return s.eachSlot(f, t, at, pair, round)
	}
	for i := 0; i < len(t.arr); i++ {
		v := t.arr[i]
		if v.isNil() {
			if i%stepsPerGas == 0 {
				f.site = at
				s.payLooks(stepsPerGas)
			}
			continue
		}
		pair(f, intVal(int64(i+1)), v)
		if r := round(f); r != ctlNone {
			if r == ctlBreak {
				return ctlNone
			}
			return r
		}
	}
	for i := 0; i < len(t.ents); i++ {
		e := &t.ents[i]
		if e.v.isNil() {
			if s.fuel--; s.fuel < 0 {
				f.site = at
				s.refuel()
			}
			continue
		}
		k := e.key
		pair(f, k, e.v)
		if r := round(f); r != ctlNone {
			if r == ctlBreak {
				return ctlNone
			}
			return r
		}
		// Storing new keys meanwhile may have moved the entries.
		if i >= len(t.ents) || t.ents[i].key != k {
			i = t.find(k, hashVal(k))
			if i < 0 {
				f.site = at
				f.th.throwf("invalid key to 'next'")
			}
		}
	}
	return ctlNone
}

// eachSlot is eachPair for a table whose keys have PUC's order.
func (s *State) eachSlot(f *frame, t *Table, at *site, pair func(*frame, val, val), round func(*frame) ctl) ctl {
	l := t.ordered()
	k, v, after := l.nextSlot(t, 0)
	f.site = at
	s.paySteps(l)
	for after >= 0 {
		if s.fuel--; s.fuel < 0 {
			f.site = at
			s.refuel()
		}
		pair(f, k, v)
		if r := round(f); r != ctlNone {
			if r == ctlBreak {
				return ctlNone
			}
			return r
		}
		// Storing new keys meanwhile may have moved the others.
		if l = t.ordered(); l == nil {
			var looked int
			var ok bool
			f.site = at
			if k, v, looked, ok = t.next(k); !ok {
				f.th.throwf("invalid key to 'next'")
			}
			s.payLooks(looked)
			if k.isNil() {
				return ctlNone
			}
			continue
		}
		from, ok := l.slotAfter(k)
		if !ok {
			f.site = at
			f.th.throwf("invalid key to 'next'")
		}
		k, v, after = l.nextSlot(t, from)
		f.site = at
		s.paySteps(l)
	}
	return ctlNone
}

// eachItem is the loop over ipairs(t).
func (s *State) eachItem(f *frame, t *Table, i int64, at *site, pair func(*frame, val, val), round func(*frame) ctl) ctl {
	for {
		i++
		v := t.getInt(i)
		if v.isNil() {
			if t.meta != nil {
				f.site = at
				v = f.th.index(val{o: t}, intVal(i))
			}
			if v.isNil() {
				return ctlNone
			}
		}
		pair(f, intVal(i), v)
		if r := round(f); r != ctlNone {
			if r == ctlBreak {
				return ctlNone
			}
			return r
		}
	}
}
