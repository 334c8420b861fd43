// Package patchdev is the patch@1.0 device: immutable values, the persistent
// tree of what a process exposed, the deep merge that makes a new root of an
// outbox, and the codecs in which a node answers.
//
// It imports nothing else of Patchbay. Everything in it may be used from any
// goroutine: values never change once made.
package patchdev

// Kind says what a [Value] is.
type Kind uint8

// The kinds of values. KindNone is the kind of no value at all (a nil Value).
const (
	KindNone Kind = iota
	KindString
	KindInt
	KindFloat
	KindBool
	KindList
	KindTable
)

// String names the kind in words fit for a person: "string", "integer",
// "float", "boolean", "list", "table", "nothing".
func (k Kind) String() string {
	switch k {
	case KindString:
		return "string"
	case KindInt:
		return "integer"
	case KindFloat:
		return "float"
	case KindBool:
		return "boolean"
	case KindList:
		return "list"
	case KindTable:
		return "table"
	default:
		return "nothing"
	}
}

// Value is one immutable value of the state tree: a [String], [Int], [Float],
// [Bool], *[List] or *[Table]. A nil Value means that there is no value.
//
// Lists and tables are compared by identity to see that a subtree did not
// change; [Equal] compares by content.
type Value interface {
	// Kind says which of the concrete types the value is.
	Kind() Kind
}

type (
	// String is a string of bytes, normally UTF-8.
	String string
	// Int is an integer.
	Int int64
	// Float is a number with a fraction, or one that its process holds as float.
	Float float64
	// Bool is a truth value.
	Bool bool
)

// Atom is a word that a node answers with and that is neither text nor a
// boolean, such as the name of a module. No process holds one; it is typed and
// written like a boolean, so that is its kind.
type Atom string

// Kind returns KindBool.
func (Atom) Kind() Kind { return KindBool }

// Kind returns KindString.
func (String) Kind() Kind { return KindString }

// Kind returns KindInt.
func (Int) Kind() Kind { return KindInt }

// Kind returns KindFloat.
func (Float) Kind() Kind { return KindFloat }

// Kind returns KindBool.
func (Bool) Kind() Kind { return KindBool }
