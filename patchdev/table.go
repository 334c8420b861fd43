package patchdev

import (
	"encoding/binary"
	"fmt"
	"iter"
)

// Table is an immutable, persistent map from string to [Value], ordered by the
// bytes of the keys. A change makes a new table that shares all but the path to
// the changed key with the old one, so that keeping a root for every slot costs
// only what the slots changed.
//
// The zero value is not used; [EmptyTable] is the table without keys. A table
// may be read from any goroutine.
//
// # Why a B+tree of our own
//
// Three structures were measured (BenchmarkStructure, 10 to 1,000,000 keys):
// this one, tidwall/btree with its copy-on-write Copy, and benbjohnson/immutable
// SortedMap. For making a new version with one key changed the three are within
// a factor of two of one another; this one reads fastest from 1,000 keys on and
// copies less than half of what tidwall/btree does. What decided is what cannot
// be had from outside of the other two: skipping nodes that two tables share
// (which makes [Diff], [Equal] and the merge cost only what differs), remembering
// a digest and attributes on each inner node ([Hash], lints), and the i-th key of
// a persistent map in O(log n) (a window on a big table in the tree view).
type Table struct {
	root *node // nil for the empty table
	memo memo
	// slash: the table was made of a key with a slash, so nodes write it out where
	// they would write the link of any other table.
	slash bool
}

// Widest leaf and widest inner node. Wider nodes make reads faster and changes
// dearer: a new version copies the values of a leaf and the kids of the nodes above
// it, and what is copied the collector has to look at, all the more in a big heap.
// With 16 a patch of 100 keys into a table of a million costs half of what it does
// with 32 (BenchmarkApplyGrowth).
const (
	maxLeaf  = 16
	maxInner = 16
)

// node is a leaf (kids nil: keys and vals side by side) or an inner node (keys
// holds the smallest key below each kid).
//
// A node is changed only by the Builder whose token it carries, and never once
// that Builder gave out a Table.
type node struct {
	token *token
	count int // entries below
	keys  []string
	// heads are the first eight bytes of the keys, as numbers of the same order, so
	// that a search in a big table need not fetch the keys themselves. Only the
	// nodes of tables that outgrew one leaf have them.
	heads []uint64
	vals  []Value
	kids  []*node
	memo  memo
}

// token marks the nodes that a Builder may change in place.
type token struct{ _ byte }

var emptyTable = &Table{}

// EmptyTable returns the shared empty table.
func EmptyTable() *Table { return emptyTable }

// NewTable makes a table of alternating keys and values, for tests and small
// literals. Values may be Values or Go's string, int, int64, float64 and bool.
// It panics on anything else: that is a mistake in the program, not in data.
func NewTable(kv ...any) *Table {
	if len(kv)%2 != 0 {
		panic("patchdev.NewTable: a key without a value")
	}
	b := emptyTable.Edit()
	for i := 0; i < len(kv); i += 2 {
		b.Set(kv[i].(string), literal(kv[i+1]))
	}
	return b.Table()
}

func literal(x any) Value {
	switch x := x.(type) {
	case Value:
		return x
	case string:
		return String(x)
	case int:
		return Int(x)
	case int64:
		return Int(x)
	case float64:
		return Float(x)
	case bool:
		return Bool(x)
	default:
		panic(fmt.Sprintf("patchdev.NewTable: a %T is no value", x))
	}
}

// TableOf makes a table of a sequence. A key that comes twice has its last value.
func TableOf(fields iter.Seq2[string, Value]) *Table {
	b := emptyTable.Edit()
	for k, v := range fields {
		b.Set(k, v)
	}
	return b.Table()
}

// Kind returns KindTable.
func (*Table) Kind() Kind { return KindTable }

// Len is the number of keys.
func (t *Table) Len() int {
	if t.root == nil {
		return 0
	}
	return t.root.count
}

// Get returns the value of a key.
func (t *Table) Get(key string) (Value, bool) {
	n := t.root
	if n == nil {
		return nil, false
	}
	for n.kids != nil {
		i := n.kidOf(key)
		if i < 0 {
			return nil, false
		}
		n = n.kids[i]
	}
	if i, ok := n.find(key); ok {
		return n.vals[i], true
	}
	return nil, false
}

// Set returns a table in which key has the value v; the table itself when it
// already has it. A nil v deletes the key.
func (t *Table) Set(key string, v Value) *Table {
	if v == nil {
		return t.Delete(key)
	}
	if old, ok := t.Get(key); ok && same(old, v) {
		return t
	}
	b := t.Edit()
	b.Set(key, v)
	return b.Table()
}

// Delete returns a table without key; the table itself when it has none.
func (t *Table) Delete(key string) *Table {
	if _, ok := t.Get(key); !ok {
		return t
	}
	b := t.Edit()
	b.Delete(key)
	return b.Table()
}

// same says whether two values are the same without looking inside: equal
// scalars of one kind, or the same list or table.
func same(a, b Value) bool {
	if x, ok := a.(Float); ok {
		y, ok := b.(Float)
		return ok && floatBits(x) == floatBits(y)
	}
	return a == b
}

// All yields keys and values in order of the keys.
func (t *Table) All() iter.Seq2[string, Value] {
	return func(yield func(string, Value) bool) {
		if t.root != nil {
			t.root.each(yield)
		}
	}
}

func (n *node) each(yield func(string, Value) bool) bool {
	if n.kids == nil {
		for i, k := range n.keys {
			if !yield(k, n.vals[i]) {
				return false
			}
		}
		return true
	}
	for _, kid := range n.kids {
		if !kid.each(yield) {
			return false
		}
	}
	return true
}

// From yields keys and values in order, starting with the first key that is not
// below key.
func (t *Table) From(key string) iter.Seq2[string, Value] {
	return func(yield func(string, Value) bool) {
		if t.root != nil {
			t.root.eachFrom(key, yield)
		}
	}
}

func (n *node) eachFrom(key string, yield func(string, Value) bool) bool {
	if n.kids == nil {
		i, _ := n.find(key)
		for ; i < len(n.keys); i++ {
			if !yield(n.keys[i], n.vals[i]) {
				return false
			}
		}
		return true
	}
	i := max(n.kidOf(key), 0)
	if !n.kids[i].eachFrom(key, yield) {
		return false
	}
	for i++; i < len(n.kids); i++ {
		if !n.kids[i].each(yield) {
			return false
		}
	}
	return true
}

// At returns the i-th key, counted from 0 in order of the keys, and its value,
// in O(log n). It panics when there is no i-th key, like a slice.
func (t *Table) At(i int) (string, Value) {
	if i < 0 || i >= t.Len() {
		panic(fmt.Sprintf("patchdev: key %d of a table of %d", i, t.Len()))
	}
	n := t.root
	for n.kids != nil {
		for _, kid := range n.kids {
			if i < kid.count {
				n = kid
				break
			}
			i -= kid.count
		}
	}
	return n.keys[i], n.vals[i]
}

// Index returns how many keys are below key: its place, counted from 0, when
// the table has it, else the place it would have.
func (t *Table) Index(key string) int {
	n := t.root
	if n == nil {
		return 0
	}
	at := 0
	for n.kids != nil {
		i := max(n.kidOf(key), 0)
		for _, kid := range n.kids[:i] {
			at += kid.count
		}
		n = n.kids[i]
	}
	i, _ := n.find(key)
	return at + i
}

// find returns the place of key in a leaf, or where it would be.
func (n *node) find(key string) (int, bool) {
	lo := n.search(key)
	return lo, lo < len(n.keys) && n.keys[lo] == key
}

// search returns the first place whose key is not below key.
func (n *node) search(key string) int {
	lo, hi := 0, len(n.keys)
	if n.heads != nil {
		h := headOf(key)
		for lo < hi {
			m := int(uint(lo+hi) >> 1)
			if n.heads[m] < h || n.heads[m] == h && n.keys[m] < key {
				lo = m + 1
			} else {
				hi = m
			}
		}
		return lo
	}
	for lo < hi {
		m := int(uint(lo+hi) >> 1)
		if n.keys[m] < key {
			lo = m + 1
		} else {
			hi = m
		}
	}
	return lo
}

// kidOf returns the kid below which key is, if anywhere; -1 when key is below
// the smallest key.
func (n *node) kidOf(key string) int {
	i := n.search(key)
	if i < len(n.keys) && (n.heads == nil || n.heads[i] == headOf(key)) && n.keys[i] == key {
		return i
	}
	return i - 1
}

// headOf is the first eight bytes of a key, filled up with zeros.
func headOf(key string) uint64 {
	if len(key) >= 8 {
		return binary.BigEndian.Uint64([]byte(key[:8]))
	}
	var h uint64
	for i := range 8 {
		h <<= 8
		if i < len(key) {
			h |= uint64(key[i])
		}
	}
	return h
}

// withHeads makes the heads of a node that belongs to a table of several nodes.
func (n *node) withHeads() {
	if n.heads == nil {
		n.heads = make([]uint64, len(n.keys), cap(n.keys))
		for i, k := range n.keys {
			n.heads[i] = headOf(k)
		}
	}
}
