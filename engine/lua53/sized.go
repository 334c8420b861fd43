package lua53

import (
	"unsafe"

	lua "github.com/yuin/gopher-lua"
)

// MakeTable makes a table with room for n list items and h other keys, for Go
// code that knows what it is about to store.
func (s *State) MakeTable(n, h int) *Table { return s.newTable(n, h) }

// records is what a list of MakeRecords holds while nobody has looked into it: the
// rows of which its tables will be made. Nothing that a script or Go code can ask
// tells such a list from one whose tables were made at once.
type records struct {
	k1, k2 lua.LString
	rows   [][2]lua.LValue
}

// recordList is a list that nobody looked into; its track is recorded.
type recordList struct {
	Table
	records
}

// recorded is the tracker of every recordList until it is opened.
var recorded = &tracker{late: true}

// records are the rows of which the list of t will be made, or nil.
func (t *Table) records() *records {
	if t.track != recorded {
		return nil
	}
	return &(*recordList)(unsafe.Pointer(t)).records // the Table is its first field
}

// MakeRecords makes a list of tables with the keys k1 and k2, one for each row of
// their values; nil values are left out. The rows are copied. The tables are paid for
// now and made when the list is first looked into, which with the tags of a sent message
// hardly any script does.
func (s *State) MakeRecords(k1, k2 lua.LString, rows [][2]lua.LValue) *Table {
	n := len(rows)
	size := int64(n)*(itemBytes+tableBytes+2*entryBytes) + tableBytes
	if s.allocLeft -= size; s.allocLeft < s.allocFloor {
		s.overAlloc(size)
	}
	l := &recordList{}
	if s.tx != nil {
		l.born = s.tx.id
	}
	if n > 0 {
		l.records = records{k1, k2, append([][2]lua.LValue(nil), rows...)}
		l.track = recorded
	}
	return &l.Table
}

// Records gives the rows of a list as MakeRecords made it with these keys, which it
// is as long as nobody looked into it or stored into it; otherwise ok is false, and
// the list is an ordinary one. The rows must not be changed.
func (t *Table) Records(k1, k2 lua.LString) (rows [][2]lua.LValue, ok bool) {
	r := t.records()
	if r == nil {
		return nil, false
	}
	return r.rows, r.k1 == k1 && r.k2 == k2
}

// open gives a table that MakeRecords or NewInts made its list, which it goes without
// until somebody looks; every other table stays as it is. It is called wherever the list
// part of a table is looked at for more than the keys that are in it, and before anything
// but a list is noted. What it makes belongs to the transaction that made the table, so
// that it changes nothing that a roll-back could see.
func (t *Table) open() {
	if t.track != nil && t.track.late {
		t.openLate()
	}
}

func (t *Table) openLate() {
	if x := t.ints(); x != nil {
		t.track = nil
		t.arr = make([]val, fewInts)
		for i, w := range x.words {
			t.arr[i] = intVal(int64(w))
		}
		return
	}
	r := t.records()
	t.track = nil
	n := len(r.rows)
	tables, ents := make([]Table, n), make([]entry, 2*n)
	t.arr = make([]val, n)
	keys := [2]val{{o: r.k1}, {o: r.k2}}
	hashes := [2]uint32{hashVal(keys[0]), hashVal(keys[1])}
	for i, row := range r.rows {
		rec := &tables[i]
		rec.born = t.born
		rec.ents = ents[2*i : 2*i : 2*i+2]
		for k, v := range row {
			if v := unbox(v); !v.isNil() {
				rec.ents = append(rec.ents, entry{key: keys[k], v: v, hash: hashes[k]})
			}
		}
		t.arr[i] = tableVal(rec)
	}
	*r = records{}
}
