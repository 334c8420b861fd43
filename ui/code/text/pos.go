// Package text is the editor without the screen: a buffer of lines with undo, the widths of what is in a line, words, search,
// indentation, comments and differences. It imports no widget, keeps no time and starts nothing.
//
// Bytes are never changed silently: what was read comes back from [Buffer.Text] byte for byte, with its line endings, NUL bytes
// and invalid UTF-8.
package text

import "strings"

// Pos is a place in a buffer: line and byte column, both from zero. A place between the bytes of one character is never shown,
// but is allowed.
type Pos struct{ Line, Col int }

// Before reports whether p comes before q.
func (p Pos) Before(q Pos) bool { return p.Line < q.Line || p.Line == q.Line && p.Col < q.Col }

// Range is the text from From up to, but without, To.
type Range struct{ From, To Pos }

// Empty reports whether there is nothing in it.
func (r Range) Empty() bool { return r.From == r.To }

// Contains reports whether p lies in r, its end included.
func (r Range) Contains(p Pos) bool { return !p.Before(r.From) && !r.To.Before(p) }

// Sel is a selection: Caret is where typing goes, Anchor the other end. They are equal when nothing is selected.
type Sel struct{ Anchor, Caret Pos }

// At is the selection of nothing at p.
func At(p Pos) Sel { return Sel{p, p} }

// Range gives the selected text's range in reading order.
func (s Sel) Range() Range {
	if s.Caret.Before(s.Anchor) {
		return Range{s.Caret, s.Anchor}
	}
	return Range{s.Anchor, s.Caret}
}

// Empty reports whether nothing is selected.
func (s Sel) Empty() bool { return s.Anchor == s.Caret }

// Edit replaces the text of Range by Text, in which lines end with "\n".
type Edit struct {
	Range
	Text string
}

// Kind says what made an edit, which decides what one undo takes back.
type Kind uint8

// The kinds of edits. Typing and Deleting merge with the step before while nothing broke the run; Command never merges.
const (
	Command Kind = iota
	Typing
	Deleting
)

// EndOf gives the place behind the text of an edit once it is made.
func EndOf(e Edit) Pos {
	i := strings.LastIndexByte(e.Text, '\n')
	if i < 0 {
		return Pos{e.From.Line, e.From.Col + len(e.Text)}
	}
	return Pos{e.From.Line + strings.Count(e.Text, "\n"), len(e.Text) - i - 1}
}
