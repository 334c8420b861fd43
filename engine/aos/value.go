package aos

import (
	"context"
	"errors"
	"weak"

	lua "github.com/yuin/gopher-lua"

	"patchbay/engine/aos/lib"
	"patchbay/engine/aos/lib/jsonx"
	"patchbay/engine/lua53"
	"patchbay/patchdev"
)

// converter turns Lua values into what arrives at the other side of aos' JSON
// (DESIGN S8): integers of up to 14 digits stay integers, other numbers pass
// through %.14g, functions inside objects vanish, an empty table is an empty
// list, and a table is either a gapless list or has string keys alone.
//
// Scripts send the same large table again and again (`balances = Balances`). So
// the value of a large table is kept and brought up to date from the keys that
// were stored into since (spec lua53 §3): what did not change keeps its identity,
// and costs nothing.
type converter struct {
	m *machine
	// kept are the values of large tables. A table that is gone leaves its entry
	// until the next sweep.
	kept map[weak.Pointer[table]]*keptValue
	// open are the tables being converted, to find circles.
	open  []*table
	deep  map[*table]bool // the same, once they are many
	nodes int             // converted in this evaluation
	// virtuals counts the tables whose metatable decides what is in them.
	virtuals int
	now      lua53.Mark
	runs     int
	// texts are values of short strings that come again and again, such as the
	// names of tags.
	texts map[string]patchdev.Value
}

// text is the value of a string that is likely to come again.
func (c *converter) text(s string) patchdev.Value {
	if len(s) > 24 {
		return patchdev.String(s)
	}
	v, ok := c.texts[s]
	if !ok {
		v = patchdev.String(s)
		if len(c.texts) < 256 {
			c.texts[s] = v
		}
	}
	return v
}

type keptValue struct {
	v     patchdev.Value
	since lua53.Mark
	used  int
}

const (
	// keepFrom is the number of keys from which a table's value is kept.
	keepFrom = 24
	// sweepEvery is after how many evaluations entries are looked through, and
	// keepUnused for how many an unused one stays.
	sweepEvery = 256
	keepUnused = 1024
)

func newConverter(m *machine) *converter {
	return &converter{m: m, kept: map[weak.Pointer[table]]*keptValue{}, texts: map[string]patchdev.Value{}}
}

// begin is called once an evaluation, before its values are converted.
func (c *converter) begin() {
	c.open, c.deep, c.nodes = c.open[:0], nil, 0
	c.now = c.m.s.Mark()
	if c.runs++; c.runs%sweepEvery == 0 {
		for p, k := range c.kept {
			if p.Value() == nil || c.runs-k.used > keepUnused {
				delete(c.kept, p)
			}
		}
	}
}

// errFunction is the complaint about a function where aos' JSON has no way out.
var errFunction = &lib.TypeError{Type: "function"}

// value converts v. A nil Value with a nil error stands for nil and, at the top,
// for a function.
func (c *converter) value(v lua.LValue) (patchdev.Value, error) {
	if _, ok := v.(*lua.LFunction); ok {
		return nil, nil
	}
	return c.convert(v, false)
}

// convert is value without the exception for functions. watched says that the
// table around v is kept, which obliges to ask for the changes of every table
// below it.
func (c *converter) convert(v lua.LValue, watched bool) (patchdev.Value, error) {
	switch x := v.(type) {
	case lua.LString:
		return patchdev.String(x), nil
	case lua.LBool:
		return patchdev.Bool(x), nil
	case *table:
		return c.table(x, watched)
	case *lua.LNilType, nil:
		return nil, nil
	}
	n, ok := lua53.ToNumber(v)
	switch {
	case !ok:
		return nil, &lib.TypeError{Type: c.m.typeName(v)}
	case n.IsInt:
		return jsonx.Int(n.Int), nil
	case n.Float != n.Float || n.Float-n.Float != 0:
		return nil, &lib.NumberError{Text: lua53.FormatFloat(n.Float)}
	}
	return jsonx.Float(n.Float), nil
}

const (
	// maxNodes is how many values one evaluation may send. A heap at its limit
	// holds fewer; only tables that contain others many times over get there.
	maxNodes = 8_400_000
	// scanOpen is up to which depth circles are looked for without a map.
	scanOpen = 24
)

// errTooMuch ends what would otherwise not end: forty tables that each contain
// the next one twice are a million million values.
var errTooMuch = errors.New("the evaluation sends more than 8 million values: the same tables are contained in each other many times over")

func (c *converter) table(t *table, watched bool) (patchdev.Value, error) {
	if len(c.open) < scanOpen {
		for _, o := range c.open {
			if o == t {
				return nil, lib.ErrCircular
			}
		}
	} else if c.isOpen(t) {
		return nil, lib.ErrCircular
	}
	if len(c.open) >= jsonx.MaxDepth {
		return nil, lib.ErrDepth
	}
	if c.nodes++; c.nodes > maxNodes {
		return nil, errTooMuch
	}
	c.open = append(c.open, t)
	if c.deep != nil {
		c.deep[t] = true
	}
	v, err := c.opened(t, watched)
	if c.open = c.open[:len(c.open)-1]; c.deep != nil {
		delete(c.deep, t)
	}
	return v, err
}

// isOpen looks for a table among many that are open.
func (c *converter) isOpen(t *table) bool {
	if c.deep == nil {
		c.deep = make(map[*table]bool, 2*scanOpen)
		for _, o := range c.open {
			c.deep[o] = true
		}
	}
	return c.deep[t]
}

func (c *converter) opened(t *table, watched bool) (patchdev.Value, error) {
	if t.Metatable() != nil && isVirtual(t) {
		c.virtuals++
		return c.shaped(t)
	}
	if t.Count() < keepFrom {
		if watched {
			c.m.s.Dirty(t, c.now)
		}
		return c.whole(t, watched)
	}
	p := weak.Make(t)
	k := c.kept[p]
	virtuals := c.virtuals
	if k == nil {
		k = &keptValue{}
	}
	keys, all := c.m.s.Dirty(t, k.since)
	var err error
	switch {
	case k.v == nil || all:
		k.v, err = c.whole(t, true)
	case len(keys) > 0:
		k.v, err = c.update(t, k.v, keys)
	}
	if err != nil {
		delete(c.kept, p)
		return nil, err
	}
	if c.virtuals != virtuals { // of which nobody tells when it changes
		delete(c.kept, p)
		return k.v, nil
	}
	k.since, k.used = c.now, c.runs
	c.kept[p] = k
	return k.v, nil
}

// isVirtual says whether a metatable decides what aos' JSON finds in a table.
func isVirtual(t *table) bool {
	mt := t.Metatable()
	return mt.GetString("__pairs") != lua.LNil || mt.GetString("__len") != lua.LNil
}

// shaped is whole for a virtual table. What its functions give is asked in a call
// of its own: the evaluation is over.
func (c *converter) shaped(t *table) (patchdev.Value, error) {
	var items []lua.LValue
	var object *table
	var bad error
	_, err := c.m.s.Call(context.Background(), c.m.function("encode", func(call *call) {
		items, object, bad = lib.Shape(call, t)
	}))
	switch {
	case err != nil:
		return nil, err
	case bad != nil:
		return nil, bad
	case object == t:
		return c.whole(t, false)
	case object != nil:
		return c.convert(object, false)
	}
	vals := make([]patchdev.Value, len(items))
	for i, v := range items {
		if vals[i], err = c.convert(v, false); err != nil {
			return nil, err
		}
	}
	return patchdev.NewList(vals...), nil
}

// update brings the value of a table up to date from the keys that changed.
func (c *converter) update(t *table, old patchdev.Value, keys []lua.LValue) (patchdev.Value, error) {
	was, ok := old.(*patchdev.Table)
	if !ok || t.GetInt(1) != lua.LNil || t.Count() == 0 {
		return c.whole(t, true)
	}
	b := was.Edit()
	for _, k := range keys {
		v := t.Get(k)
		s, ok := k.(lua.LString)
		if !ok {
			if v != lua.LNil {
				return nil, lib.ErrMixedKeys
			}
			continue
		}
		if _, isFn := v.(*lua.LFunction); isFn || v == lua.LNil {
			b.Delete(string(s))
			continue
		}
		pv, err := c.convert(v, true)
		if err != nil {
			return nil, err
		}
		if old, ok := b.Get(string(s)); !ok || !same(old, pv) {
			b.Set(string(s), pv)
		}
	}
	return b.Table(), nil
}

// same says whether two values are one, without looking into tables.
func same(a, b patchdev.Value) bool {
	if a.Kind() != b.Kind() {
		return false
	}
	return a == b // tables and lists are pointers; floats here are never NaN
}

func (c *converter) whole(t *table, watched bool) (patchdev.Value, error) {
	n := t.Count()
	if n == 0 {
		return patchdev.NewList(), nil
	}
	c.nodes += n
	if t.GetInt(1) != lua.LNil {
		return c.list(t, n, watched)
	}
	if n <= smallTable {
		return c.small(t, n, watched)
	}
	b := patchdev.EmptyTable().Edit()
	for k, v := range t.All {
		s, ok := k.(lua.LString)
		if !ok {
			return nil, lib.ErrMixedKeys
		}
		if _, isFn := v.(*lua.LFunction); isFn {
			continue
		}
		pv, err := c.convert(v, watched)
		if err != nil {
			return nil, err
		}
		b.Set(string(s), pv)
	}
	return b.Table(), nil
}

// smallTable is up to how many keys are sorted by insertion.
const smallTable = 12

// small is whole for a table of few string keys, which most are.
func (c *converter) small(t *table, n int, watched bool) (patchdev.Value, error) {
	keys, vals := make([]string, 0, n), make([]patchdev.Value, 0, n)
	for k, v := range t.All {
		s, ok := k.(lua.LString)
		if !ok {
			return nil, lib.ErrMixedKeys
		}
		if _, isFn := v.(*lua.LFunction); isFn {
			continue
		}
		pv, err := c.convert(v, watched)
		if err != nil {
			return nil, err
		}
		i := len(keys)
		keys, vals = append(keys, ""), append(vals, nil)
		for ; i > 0 && keys[i-1] > string(s); i-- {
			keys[i], vals[i] = keys[i-1], vals[i-1]
		}
		keys[i], vals[i] = string(s), pv
	}
	return patchdev.FromSorted(keys, vals), nil
}

func (c *converter) list(t *table, count int, watched bool) (patchdev.Value, error) {
	for k := range t.All {
		if !lua53.IsNumber(k) {
			return nil, lib.ErrMixedKeys
		}
	}
	if int64(count) != t.Len() {
		return nil, lib.ErrSparse
	}
	vals := make([]patchdev.Value, 0, count)
	for i := 1; i <= count; i++ {
		v := t.GetInt(int64(i))
		if v == lua.LNil {
			return nil, lib.ErrSparse
		}
		pv, err := c.convert(v, watched)
		if err != nil {
			return nil, err
		}
		vals = append(vals, pv)
	}
	return patchdev.NewList(vals...), nil
}

// isBudget says whether an error is the end of the evaluation and not a
// complaint about a value.
func isBudget(err error) bool {
	var e *lua53.Error
	return errors.As(err, &e)
}
