package patchdev

import (
	"iter"
	"slices"
	"sync"
)

// List is an immutable list. A list is not a table: a merge replaces it whole
// (spec hyperbeam-http §4.2). Readers of a path see it as a table with the keys
// "1" to "n" (§2.4).
type List struct {
	vals []Value // see items
	memo memo
	late *late // of a list whose values are made when they are asked for
}

// late makes the values of a list once.
type late struct {
	once sync.Once
	n    int
	make func() []Value
}

// LateList makes a list of n values, which vals makes when one of them is first
// asked for, on whichever goroutine that is: once, and always the same n, none of
// them nil. It is for lists that are seldom looked at, such as the tags of a sent
// message as a list, next to the tags as keys.
func LateList(n int, vals func() []Value) *List {
	if n == 0 {
		return emptyList
	}
	l := &struct {
		List
		late
	}{late: late{n: n, make: vals}}
	l.List.late = &l.late
	return &l.List
}

// items are the values of the list.
func (l *List) items() []Value {
	if l.late != nil {
		l.late.once.Do(func() { l.vals, l.late.make = l.late.make(), nil })
	}
	return l.vals
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
func (l *List) Len() int {
	if l.late != nil {
		return l.late.n
	}
	return len(l.vals)
}

// At returns the i-th value, counted from 0.
func (l *List) At(i int) Value { return l.items()[i] }

// All yields the values in order with their index from 0.
func (l *List) All() iter.Seq2[int, Value] { return slices.All(l.items()) }
