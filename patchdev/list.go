package patchdev

import (
	"iter"
	"slices"
)

// List is an immutable list. A list is not a table: a merge replaces it whole
// (spec hyperbeam-http §4.2). Readers of a path see it as a table with the keys
// "1" to "n" (§2.4).
type List struct {
	vals []Value
	memo memo
}

var emptyList = &List{}

// EmptyList returns the shared empty list.
func EmptyList() *List { return emptyList }

// NewList makes a list of values. It keeps no reference to the slice given.
// Nil values are not allowed in a list and are left out.
func NewList(vals ...Value) *List {
	if len(vals) == 0 {
		return emptyList
	}
	out := make([]Value, 0, len(vals))
	for _, v := range vals {
		if v != nil {
			out = append(out, v)
		}
	}
	return &List{vals: out}
}

// ListOf makes a list of values, none of them nil. The slice belongs to the list
// from now on; nobody may change it.
func ListOf(vals []Value) *List {
	if len(vals) == 0 {
		return emptyList
	}
	return &List{vals: vals}
}

// Kind returns KindList.
func (*List) Kind() Kind { return KindList }

// Len is the number of values.
func (l *List) Len() int { return len(l.vals) }

// At returns the i-th value, counted from 0.
func (l *List) At(i int) Value { return l.vals[i] }

// All yields the values in order with their index from 0.
func (l *List) All() iter.Seq2[int, Value] { return slices.All(l.vals) }
