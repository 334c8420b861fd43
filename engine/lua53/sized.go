package lua53

import lua "github.com/yuin/gopher-lua"

// MakeTable makes a table with room for n list items and h other keys, for Go
// code that knows what it is about to store.
func (s *State) MakeTable(n, h int) *Table { return s.newTable(n, h) }

// MakeRecords makes a list of tables with the keys k1 and k2, which are strings,
// one for each row of their values; nil values are left out. It is two allocations where many
// small tables would be many.
func (s *State) MakeRecords(k1, k2 lua.LValue, rows [][2]lua.LValue) *Table {
	n := len(rows)
	size := int64(n)*itemBytes + int64(n)*(tableBytes+2*entryBytes) + tableBytes
	if s.allocLeft -= size; s.allocLeft < s.allocFloor {
		s.overAlloc(size)
	}
	tables, ents := make([]Table, n+1), make([]entry, 2*n)
	if s.tx != nil {
		for i := range tables {
			tables[i].born = s.tx.id
		}
	}
	list := &tables[n]
	list.arr = make([]val, n)
	keys := [2]val{{o: k1}, {o: k2}}
	hashes := [2]uint32{hashVal(keys[0]), hashVal(keys[1])}
	for i, row := range rows {
		t := &tables[i]
		t.ents = ents[2*i : 2*i : 2*i+2]
		for k, v := range row {
			if v := unbox(v); !v.isNil() {
				t.ents = append(t.ents, entry{key: keys[k], v: v, hash: hashes[k]})
			}
		}
		list.arr[i] = tableVal(t)
	}
	return list
}
