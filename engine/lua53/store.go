package lua53

import (
	lua "github.com/yuin/gopher-lua"
)

// This file is the one door through which values get into tables and captured
// variables. Nothing else may write to Table or cell: what passes here is
// logged for roll-back, noted for Dirty, and accounted for.

func (s *State) newTable(n, h int) *Table {
	t := allocTable(h)
	if n > 0 {
		t.arr = make([]val, 0, n)
	}
	if s.tx != nil {
		t.born = s.tx.id
	}
	size := int64(tableBytes + n*itemBytes + h*entryBytes)
	if s.allocLeft -= size; s.allocLeft < s.allocFloor {
		s.overAlloc(size)
	}
	return t
}

// allocTable makes a table with room for h keys. Small ones, which most are, and
// their room are one piece.
func allocTable(h int) *Table {
	switch h {
	case 1:
		x := &struct {
			t Table
			e [1]entry
		}{}
		x.t.ents = x.e[:0]
		return &x.t
	case 2:
		x := &struct {
			t Table
			e [2]entry
		}{}
		x.t.ents = x.e[:0]
		return &x.t
	case 3:
		x := &struct {
			t Table
			e [3]entry
		}{}
		x.t.ents = x.e[:0]
		return &x.t
	case 4:
		x := &struct {
			t Table
			e [4]entry
		}{}
		x.t.ents = x.e[:0]
		return &x.t
	case 5, 6:
		x := &struct {
			t Table
			e [6]entry
		}{}
		x.t.ents = x.e[:0:h]
		return &x.t
	}
	t := &Table{}
	if h > 0 {
		t.ents = make([]entry, 0, h)
		t.reindex(h)
	}
	return t
}

// Get is rawget.
func (s *State) Get(t *Table, k lua.LValue) lua.LValue { return t.Get(k) }

// Set is rawset: the store door for Go code. A nil or NaN key panics with an
// *Error, as it would raise one in Lua.
func (s *State) Set(t *Table, k, v lua.LValue) { s.rawSet(t, unbox(k), unbox(v)) }

// SetString is Set with a string key.
func (s *State) SetString(t *Table, k string, v lua.LValue) { s.setStr(t, lua.LString(k), unbox(v)) }

// SetInt is Set with an integer key.
func (s *State) SetInt(t *Table, i int64, v lua.LValue) { s.setInt(t, i, unbox(v)) }

// Append stores v behind the end of the list.
func (s *State) Append(t *Table, v lua.LValue) { s.setInt(t, t.length()+1, unbox(v)) }

// SetMetatable sets or, with nil, removes a table's metatable.
func (s *State) SetMetatable(t, mt *Table) {
	if t.meta == mt {
		return
	}
	t.open()
	if s.logs(t) {
		s.tx.add(undo{kind: undoMeta, t: t, old: tableVal(t.meta)})
	}
	t.meta = mt
	if t.track != nil {
		s.seq++
		t.track.noteAll(s)
	}
}

// rawSet stores v under any key.
func (s *State) rawSet(t *Table, k, v val) {
	if k.o == nil {
		s.setInt(t, int64(k.n), v)
		return
	}
	switch x := k.o.(type) {
	case lua.LString:
		s.setHash(t, k, v, hashStr(string(x))) // k is boxed already
		return
	case floatTag:
		k = normKey(k)
		if k.o == nil {
			s.setInt(t, int64(k.n), v)
			return
		}
		if f := k.float(); f != f {
			s.cur.throwf("table index is NaN")
		}
	case *lua.LNilType:
		s.cur.throwf("table index is nil")
	}
	s.setHash(t, k, v, hashVal(k))
}

func (s *State) setInt(t *Table, i int64, v val) {
	t.open()
	n := len(t.arr)
	if uint64(i-1) < uint64(n) {
		if t.holed {
			if t.arr[i-1].isNil() {
				s.place(t, intVal(i))
			}
		} else if v.isNil() && int(i) < n {
			s.layoutOf(t)
		}
		if s.logs(t) {
			s.tx.add(undo{kind: undoItem, pos: int32(i - 1), t: t, old: t.arr[i-1]})
		}
		t.arr[i-1] = v
		if int(i) == n && v.isNil() {
			t.trim()
		}
		if t.track != nil {
			s.note(t, intVal(i), v)
		}
		return
	}
	if i == int64(n)+1 {
		if !v.isNil() {
			if t.holed {
				s.place(t, intVal(i))
			}
			s.push(t, v)
			if t.live() > 0 {
				s.migrate(t)
			}
		} else if t.holed {
			s.place(t, intVal(i))
		}
		return
	}
	k := intVal(i)
	s.setHash(t, k, v, hashVal(k))
}

// push appends to the list part.
func (s *State) push(t *Table, v val) {
	if s.logs(t) {
		s.tx.add(undo{kind: undoPush, pos: int32(len(t.arr)), t: t, old: intVal(int64(cap(t.arr)))})
	}
	if len(t.arr) == cap(t.arr) {
		s.growList(t)
	}
	t.arr = append(t.arr, v)
	if t.track != nil {
		s.note(t, intVal(int64(len(t.arr))), v)
	}
}

// listDoubles is up to which size a list part doubles when it grows.
const listDoubles = 1024

// growList accounts for the next doubling of the list part. A list that is
// mostly holes at its beginning (a queue) is put on the list for compaction.
func (s *State) growList(t *Table) {
	n := len(t.arr)
	size := 4
	if n >= 4 {
		size = n + n/2 + n/4
		if n < listDoubles {
			size = slots(n + 1) // as PUC's grows: see layoutOf
		}
	}
	if int64(size)*itemBytes > s.limits.Object*2 && int64(n+1)*itemBytes > s.limits.Object {
		s.overAlloc(int64(n+1) * itemBytes)
	}
	s.grow(int64(size) * itemBytes)
	arr := make([]val, n, size)
	copy(arr, t.arr)
	t.arr = arr
	if n >= 64 && t.arr[0].isNil() && t.arr[n/2].isNil() {
		s.queueCompact(t)
	}
}

// migrate moves keys that now continue the list from the other keys.
func (s *State) migrate(t *Table) {
	for t.live() > 0 {
		k := intVal(int64(len(t.arr)) + 1)
		e := t.find(k, hashVal(k))
		if e < 0 || t.ents[e].v.isNil() {
			return
		}
		v := t.ents[e].v
		s.setEntry(t, e, vNil)
		s.push(t, v)
	}
}

// trim keeps the rule that the list part does not end with nil.
func (t *Table) trim() {
	n := len(t.arr)
	for n > 0 && t.arr[n-1].isNil() {
		n--
	}
	t.arr = t.arr[:n]
}

// settle ends the construction of a list: it keeps the rule that the list part does
// not end with nil, and has a list with holes followed.
func (s *State) settle(t *Table) {
	n := len(t.arr)
	for i := range t.arr {
		if t.arr[i].isNil() {
			s.follow(t, layout{list: n}, 0, nil)
			t.trim()
			return
		}
	}
}

// listOf makes a list of values with room for h other keys.
func (s *State) listOf(vs []val, h int) *Table {
	t := s.newTable(len(vs), h)
	t.arr = append(t.arr, vs...)
	s.settle(t)
	if t.holed {
		t.track.layout.clear(slots(h))
	}
	return t
}

func (s *State) setStr(t *Table, k lua.LString, v val) {
	s.payText(len(k))
	s.setHash(t, val{o: k}, v, hashStr(string(k)))
}

func (s *State) setHash(t *Table, k, v val, h uint32) {
	if e := t.find(k, h); e >= 0 && !t.ents[e].v.isNil() {
		s.setEntry(t, e, v)
		return
	}
	if v.isNil() {
		if t.holed { // PUC gives the key a slot all the same
			s.place(t, k)
		}
		return
	}
	s.insertKey(t, k, v, h)
}

// setEntry overwrites the value of a live entry.
func (s *State) setEntry(t *Table, e int, v val) {
	en := &t.ents[e]
	if s.logs(t) {
		s.tx.add(undo{kind: undoEntry, pos: int32(e), t: t, old: en.v})
	}
	en.v = v
	if v.isNil() {
		t.dead++
	}
	if t.track != nil {
		s.note(t, en.key, v)
	}
}

// insertKey gives a key without a value its value; the key becomes the last.
func (s *State) insertKey(t *Table, k, v val, h uint32) {
	t.open()
	if t.holed || k.o == nil && int64(k.n) > 0 {
		s.place(t, k)
	}
	logs := s.logs(t)
	if len(t.ents) == cap(t.ents) && t.dead > 8 && int(t.dead) > len(t.ents)/2 {
		if logs {
			s.queueCompact(t)
		} else {
			t.compact()
			s.grow(int64(cap(t.ents)) * entryBytes)
		}
	}
	if len(t.ents) == cap(t.ents) && int64(len(t.ents)+1)*entryBytes > s.limits.Object {
		s.overAlloc(int64(len(t.ents)+1) * entryBytes)
	}
	if logs {
		s.tx.add(undo{kind: undoInsert, t: t, old: intVal(int64(cap(t.ents)))})
	}
	t.absent = 0
	if g := t.insert(k, v, h); g != 0 {
		s.grow(int64(cap(t.ents)) * entryBytes)
	}
	if t.track != nil {
		s.note(t, k, v)
	}
}

// set stores into a captured variable.
func (s *State) setCell(c *cell, v val) {
	if s.tx != nil && c.seq != s.tx.id {
		s.tx.add(undo{kind: undoCell, c: c, old: c.v, pos: int32(c.seq)})
		c.seq = s.tx.id
	}
	c.v = v
}

func (s *State) newCell(v val) *cell {
	c := &cell{v: v}
	if s.tx != nil {
		c.seq = s.tx.id
	}
	return c
}

// logs says whether stores into t must be undone by a roll-back.
func (s *State) logs(t *Table) bool { return s.tx != nil && t.born != s.tx.id }
