package lua53

import "patchbay/engine/lua53/syntax"

func (c *compiler) table(x *syntax.Table) evalFn {
	s := c.s
	type field struct {
		key   evalFn // nil: str
		str   val
		hash  uint32
		value evalFn
		st    *site
	}
	var list []evalFn
	var fields []field
	var rest func(*frame) []val
	keyed := false   // some field has a key that may be an integer
	inOrder := false // list items between fields: keep the order of evaluation
	for i, it := range x.Items {
		switch {
		case it.Key == nil && i == len(x.Items)-1 && multi(it.Value):
			rest = c.multi(it.Value)
		case it.Key == nil:
			if len(fields) > 0 {
				inOrder = true
			}
			list = append(list, c.expr(it.Value))
		default:
			if len(list) > 0 {
				inOrder = true
			}
			fd := field{st: &site{line: x.Line, col: x.Col}}
			if k, ok := it.Key.(*syntax.Str); ok {
				fd.str, fd.hash = strVal(k.Value), hashStr(k.Value)
			} else {
				fd.key = c.expr(it.Key)
				keyed = true
			}
			fd.value = c.expr(it.Value)
			fields = append(fields, fd)
		}
	}
	n, h := len(list), len(fields)
	setField := func(f *frame, t *Table, fd *field) {
		if fd.key == nil {
			s.setHash(t, fd.str, fd.value(f), fd.hash)
			return
		}
		k := fd.key(f)
		v := fd.value(f)
		f.site = fd.st
		s.setField(t, k, v)
	}
	finish := func(f *frame, t *Table) (items int) {
		if rest != nil {
			vs := rest(f)
			if len(vs) > 0 {
				s.grow(int64(len(vs)) * itemBytes)
				if len(t.arr) == 0 {
					t.arr = make([]val, 0, len(vs)) // no more, as PUC's: see layoutOf
				}
				t.arr = append(t.arr, vs...)
			}
		}
		items = len(t.arr)
		s.settle(t)
		return items
	}
	if inOrder {
		var order []func(*frame, *Table)
		li, fi := 0, 0
		for i, it := range x.Items {
			switch {
			case it.Key == nil && i == len(x.Items)-1 && multi(it.Value):
			case it.Key == nil:
				e := list[li]
				li++
				order = append(order, func(f *frame, t *Table) { t.arr = append(t.arr, e(f)) })
			default:
				fd := &fields[fi]
				fi++
				order = append(order, func(f *frame, t *Table) { setField(f, t, fd) })
			}
		}
		return func(f *frame) val {
			// The list grows aside, so that fields like [1]=x cannot disturb it.
			t, l := s.newTable(0, h), s.newTable(n, 0)
			for i, it := range order {
				if x.Items[i].Key == nil {
					it(f, l)
				} else {
					it(f, t)
				}
			}
			items := finish(f, l)
			var keys []val
			if keyed {
				keys = s.fieldKeys(t)
			}
			mergeList(s, t, l)
			if keys != nil {
				s.follow(t, layout{list: items}, h, keys)
			}
			return val{o: t}
		}
	}
	if h == 0 {
		return func(f *frame) val {
			t := s.newTable(n, 0)
			for _, e := range list {
				t.arr = append(t.arr, e(f))
			}
			finish(f, t)
			return val{o: t}
		}
	}
	return func(f *frame) val {
		t := s.newTable(0, h)
		for i := range fields {
			setField(f, t, &fields[i])
		}
		var keys []val
		if keyed {
			keys = s.fieldKeys(t)
		}
		items := 0
		if n > 0 || rest != nil {
			l := s.newTable(n, 0)
			for _, e := range list {
				l.arr = append(l.arr, e(f))
			}
			items = finish(f, l)
			mergeList(s, t, l)
		}
		if keys != nil {
			s.follow(t, layout{list: items}, h, keys)
		}
		return val{o: t}
	}
}

// mergeList gives a new table the list items of its constructor, which win over
// fields with the same keys.
func mergeList(s *State, t, l *Table) {
	mergeItems(s, t, l)
	if l.holed {
		s.follow(t, layout{list: l.track.layout.list}, t.live(), nil)
	}
}

func mergeItems(s *State, t, l *Table) {
	if len(t.arr) == 0 && len(t.ents) == 0 {
		t.arr = l.arr
		return
	}
	hasInts := len(t.arr) > 0
	for i := range t.ents {
		hasInts = hasInts || t.ents[i].key.o == nil
	}
	if !hasInts {
		t.arr = l.arr
		return
	}
	for i, v := range l.arr {
		s.setInt(t, int64(i+1), v)
	}
}
