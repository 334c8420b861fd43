package lua53

import lua "github.com/yuin/gopher-lua"

// The order in which a table lists its keys.

// Next is next(t, key): the key after key and its value, or nil at the end.
// Pass lua.LNil to begin. ok is false for a key that is not in the table.
func (t *Table) Next(key lua.LValue) (k, v lua.LValue, ok bool) {
	kv, vv, _, ok := t.next(unbox(key))
	return kv.box(), vv.box(), ok
}

// All iterates over keys and values in the table's order. The table must not
// get new keys meanwhile.
func (t *Table) All(yield func(k, v lua.LValue) bool) {
	t.open()
	if l := t.ordered(); l != nil {
		for i := 0; ; {
			k, v, after := l.nextSlot(t, i)
			if after < 0 || !yield(k.box(), v.box()) {
				return
			}
			i = after
		}
	}
	for i := range t.arr {
		if v := t.arr[i]; !v.isNil() && !yield(MakeInt(int64(i+1)), v.box()) {
			return
		}
	}
	for i := 0; i < len(t.ents); i++ {
		if e := &t.ents[i]; !e.v.isNil() && !yield(e.key.box(), e.v.box()) {
			return
		}
	}
}

// next finds the pair after a key. It tells how many places it looked at.
func (t *Table) next(k val) (key, v val, looked int, ok bool) {
	t.open()
	if l := t.ordered(); l != nil {
		from, ok := 0, true
		if !k.isNil() {
			from, ok = l.slotAfter(normKey(k))
		}
		if !ok {
			return vNil, vNil, 0, false
		}
		key, v, _ = l.nextSlot(t, from)
		looked, l.steps = l.steps, 0
		return key, v, looked, true
	}
	i := 0
	switch {
	case k.isNil():
	default:
		k = normKey(k)
		if k.o == nil && uint64(k.n-1) < uint64(len(t.arr)) {
			i = int(k.n)
			break
		}
		e := t.find(k, hashVal(k))
		if e < 0 {
			if k.o == nil && uint64(k.n-1) < uint64(cap(t.arr)) {
				// The list part shrank while it was traversed.
				return t.nextEntry(0)
			}
			return vNil, vNil, 0, false
		}
		return t.nextEntry(e + 1)
	}
	from := i
	for ; i < len(t.arr); i++ {
		if v := t.arr[i]; !v.isNil() {
			return intVal(int64(i + 1)), v, i - from, true
		}
	}
	key, v, looked, ok = t.nextEntry(0)
	return key, v, looked + i - from, ok
}

func (t *Table) nextEntry(i int) (key, v val, looked int, ok bool) {
	from := i
	for ; i < len(t.ents); i++ {
		if e := &t.ents[i]; !e.v.isNil() {
			return e.key, e.v, i - from, true
		}
	}
	return vNil, vNil, i - from, true
}

// ordered is the layout of a table whose keys have PUC's order, or nil.
func (t *Table) ordered() *layout {
	if !t.holed || t.track.layout.mixed {
		return nil
	}
	return t.track.layout
}

// nextSlot finds the first key with a value from a slot on: those of the list come
// first. The slot after it is where the next one is looked for; -1: there is no key.
func (l *layout) nextSlot(t *Table, i int) (key, v val, after int) {
	for ; i < l.list; i++ {
		l.steps++
		if v := t.getInt(int64(i + 1)); !v.isNil() {
			return intVal(int64(i + 1)), v, i + 1
		}
	}
	for i -= l.list; i < len(l.nodes); i++ {
		l.steps += 2 * stepsPerGas // each a search in our own index
		if n := &l.nodes[i]; n.used {
			if v := t.get(n.key); !v.isNil() {
				return n.key, v, l.list + i + 1
			}
		}
	}
	return vNil, vNil, -1
}

// slotAfter is the slot behind that of a key; ok is false for a key without one.
func (l *layout) slotAfter(k val) (slot int, ok bool) {
	if l.inList(k) {
		return int(k.n), true
	}
	if i := l.find(k); i >= 0 {
		return l.list + i + 1, true
	}
	return 0, false
}
