package lua53

import lua "github.com/yuin/gopher-lua"

// MakeTable makes a table with room for n list items and h other keys, for Go
// code that knows what it is about to store.
func (s *State) MakeTable(n, h int) *Table { return s.newTable(n, h) }

// MakeRecords makes a list of tables with the keys k1 and k2, one for each row of
// their values; nil values are left out. It is one allocation where many small
// tables would be many.
func (s *State) MakeRecords(k1, k2 string, rows [][2]lua.LValue) *Table {
	n := len(rows)
	list := s.newTable(n, 0)
	size := int64(n) * (tableBytes + 2*entryBytes)
	if s.allocLeft -= size; s.allocLeft < s.allocFloor {
		s.overAlloc(size)
	}
	tables, ents := make([]Table, n), make([]entry, 2*n)
	keys := [2]val{strVal(k1), strVal(k2)}
	hashes := [2]uint32{hashStr(k1), hashStr(k2)}
	for i, row := range rows {
		t := &tables[i]
		t.ents = ents[2*i : 2*i : 2*i+2]
		for k, v := range row {
			if v := unbox(v); !v.isNil() {
				t.ents = append(t.ents, entry{key: keys[k], v: v, hash: hashes[k]})
			}
		}
		if s.tx != nil {
			t.born = s.tx.id
		}
		s.push(list, tableVal(t))
	}
	return list
}
