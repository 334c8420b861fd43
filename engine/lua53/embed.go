package lua53

import (
	"unsafe"

	lua "github.com/yuin/gopher-lua"
)

// What Go modules with tables of their own need to be fast: packages of
// integers in the list part, and a way to save Go state once a transaction.

// fewInts is how many integers a table of NewInts has to have to keep them as words:
// those of a number of 256 bits.
const fewInts = 8

// intTable is a table whose list nobody looked into but ReadInts: its items are the
// words, and its track is packed.
type intTable struct {
	Table
	words [fewInts]uint32
}

// packed is the tracker of every intTable until it is opened.
var packed = &tracker{late: true}

// ints is the table that t is a part of, or nil.
func (t *Table) ints() *intTable {
	if t.track != packed {
		return nil
	}
	return (*intTable)(unsafe.Pointer(t)) // the Table is its first field
}

// NewInts makes a table with the metatable mt (nil for none) whose list is ints.
func (s *State) NewInts(mt *Table, ints []int64) *Table {
	if t := s.packInts(ints); t != nil {
		t.meta = mt
		return t
	}
	t := s.newTable(len(ints), 0)
	for _, i := range ints {
		s.push(t, intVal(i))
	}
	t.meta = mt
	return t
}

// packInts is newTable for fewInts items that fit into words, or nil. Most numbers
// are seen by nothing but other arithmetic, and so never take the room of a list.
func (s *State) packInts(ints []int64) *Table {
	if len(ints) != fewInts {
		return nil
	}
	x := &intTable{}
	for i, n := range ints {
		if x.words[i] = uint32(n); int64(x.words[i]) != n {
			return nil
		}
	}
	x.track = packed
	if s.tx != nil {
		x.born = s.tx.id
	}
	const size = tableBytes + fewInts*itemBytes
	if s.allocLeft -= size; s.allocLeft < s.allocFloor {
		s.overAlloc(size)
	}
	return &x.Table
}

// NewTableSized makes a table with room for n list items and h other keys, for
// Go code that is not in a call. A table larger than an object may be ends the
// evaluation by a panic with an *Error, as a store does.
func (s *State) NewTableSized(n, h int) *Table {
	if size := int64(n)*itemBytes + int64(h)*entryBytes; size > s.limits.Object {
		s.overAlloc(size)
	}
	return s.newTable(n, h)
}

// ReadInts copies the first len(dst) items of the list into dst. It reports
// false when one of them is missing or not of the integer kind.
func (t *Table) ReadInts(dst []int64) bool {
	if x := t.ints(); x != nil && len(dst) <= fewInts {
		for i := range dst {
			dst[i] = int64(x.words[i])
		}
		return true
	}
	if len(t.arr) < len(dst) {
		return false
	}
	for i := range dst {
		v := &t.arr[i]
		if v.o != nil {
			return false
		}
		dst[i] = int64(v.n)
	}
	return true
}

// Dense reports whether the table has no keys but those of its list, and no
// holes in that.
func (t *Table) Dense() bool {
	t.open()
	if t.live() > 0 {
		return false
	}
	for i := range t.arr {
		if t.arr[i].isNil() {
			return false
		}
	}
	return true
}

// Captured tells which values the Go code of fn, a function of this package, holds
// on to, so that they count as long as a script can reach fn. It returns fn.
func (s *State) Captured(fn *lua.LFunction, vs ...lua.LValue) *lua.LFunction {
	f := asFunction(fn)
	for _, v := range vs {
		f.ups = append(f.ups, unbox(v))
	}
	return fn
}

// SetLine remembers with a Go function of this package the line of the script for
// which it stands. Scripts see nothing of it.
func SetLine(fn *lua.LFunction, line int) {
	if f := asFunction(fn); f != nil {
		f.line = int32(line)
	}
}

// Line is what SetLine remembered, 0 for nothing.
func Line(fn *lua.LFunction) int {
	if f := asFunction(fn); f != nil {
		return int(f.line)
	}
	return 0
}

// Closure makes a Lua function of a Go function that holds on to a value, as
// Captured would, in one piece.
func (s *State) Closure(held lua.LValue, name string, fn func(*Call)) *lua.LFunction {
	x := &struct {
		f   function
		ups [1]val
	}{}
	x.ups[0] = unbox(held)
	return x.f.close(name, fn, x.ups[:])
}

// Closures makes two functions as Closure does, which stay in memory together.
func (s *State) Closures(held lua.LValue, a, b Reg) (*lua.LFunction, *lua.LFunction) {
	x := &struct {
		f   [2]function
		ups [1]val
	}{}
	x.ups[0] = unbox(held)
	return x.f[0].close(a.Name, a.Fn, x.ups[:]), x.f[1].close(b.Name, b.Fn, x.ups[:])
}

func (f *function) close(name string, fn func(*Call), ups []val) *lua.LFunction {
	f.name, f.goFn, f.ups = name, fn, ups
	f.init()
	return &f.LFunction
}

// Holder is a value to give to Captured for Go state whose values change: each
// shows those that it holds at the time.
func Holder(each func(visit func(lua.LValue))) lua.LValue { return &holder{each: each} }

type holder struct {
	each func(visit func(lua.LValue))
	mark uint32 // of the last recount that met it
}

func (*holder) Type() lua.LValueType { return lua.LTNil }
func (*holder) String() string       { return "holder" }

// Roots registers a function that shows all values that Go code holds between
// calls (the state of a host, say), so that they count as reachable. What is
// shown must follow from what scripts did alone, or accounts differ in a replay.
func (s *State) Roots(each func(visit func(lua.LValue))) { s.roots = append(s.roots, each) }

// Transaction identifies the innermost open transaction: 0 outside of any, and
// never the same number twice. A Go module that remembers the number under
// which it called Save last needs to call it but once a transaction.
func (s *State) Transaction() uint32 {
	if s.tx == nil {
		return 0
	}
	return s.tx.id
}
