package lua53

// MakeTable makes a table with room for n list items and h other keys, for Go
// code that knows what it is about to store.
func (s *State) MakeTable(n, h int) *Table { return s.newTable(n, h) }
