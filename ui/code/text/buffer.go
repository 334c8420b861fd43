package text

import (
	"slices"
	"strings"
)

// Buffer holds a text as lines, with undo. Lines are immutable strings, so that a snapshot costs one slice copy.
// It belongs to one goroutine (the UI's); [Buffer.Snapshot] may be handed to others.
type Buffer struct {
	lines   []string
	eol     string // how lines end in Text: "\n" or "\r\n"
	size    int    // bytes of all lines without their ends
	version uint64
	watch   []func(Change)

	undo, redo []step
	undoBytes  int
	broken     bool   // the next edit starts a step of its own
	lastState  uint64 // the last id given to a state
	base       uint64 // state below the oldest step
	saved      uint64 // state that is on disk
}

// Change tells a watcher that the lines [First, First+Removed) were replaced by Added lines; Removed == Added when no line
// break was touched. To is where the replaced text ended before, End where its replacement ends now; both start at From. Whole is
// set when the whole text was replaced by SetText, and then no place is kept.
type Change struct {
	First, Removed, Added int
	From, To, End         Pos
	Whole                 bool
}

// Move gives where a place of the text before the change is after it. A place within the replaced text goes to the end of its
// replacement; one at which text was put in stays before it unless after is set.
func (c Change) Move(p Pos, after bool) Pos {
	switch {
	case p.Before(c.From) || p == c.From && !(after && c.From == c.To):
		return p
	case p.Before(c.To):
		return c.End
	}
	if p.Line == c.To.Line {
		p.Col += c.End.Col - c.To.Col
	}
	p.Line += c.End.Line - c.To.Line
	return p
}

// New makes a buffer of a text.
func New(s string) *Buffer {
	b := &Buffer{}
	b.SetText(s)
	return b
}

// SetText replaces everything and forgets all undo; the text counts as saved. To change the text of a file that was changed
// outside, use [Buffer.ReplaceAll], which can be undone.
func (b *Buffer) SetText(s string) {
	removed := len(b.lines)
	b.eol = lineEnd(s)
	b.lines = splitLines(s, b.eol)
	b.size = len(s) - (len(b.lines)-1)*len(b.eol)
	b.undo, b.redo, b.undoBytes = nil, nil, 0
	b.lastState++
	b.base, b.saved = b.lastState, b.lastState
	b.broken = true
	b.changed(Change{Removed: removed, Added: len(b.lines), Whole: true})
}

// lineEnd finds how the lines of s end. Only a text whose every line ends with CRLF is a CRLF text: in a mixed one the CR stay
// where they are, visible, and nothing is converted.
func lineEnd(s string) string {
	n := strings.Count(s, "\n")
	if n > 0 && strings.Count(s, "\r\n") == n {
		return "\r\n"
	}
	return "\n"
}

func splitLines(s, eol string) []string {
	out := make([]string, 0, strings.Count(s, eol)+1)
	for {
		i := strings.Index(s, eol)
		if i < 0 {
			return append(out, s)
		}
		out = append(out, s[:i])
		s = s[i+len(eol):]
	}
}

// Len is the number of lines, at least one.
func (b *Buffer) Len() int { return len(b.lines) }

// Line gives line i without its end. It panics when i is not a line.
func (b *Buffer) Line(i int) string { return b.lines[i] }

// Size is the length of the text in bytes.
func (b *Buffer) Size() int { return b.size + (len(b.lines)-1)*len(b.eol) }

// CRLF reports whether lines end with "\r\n".
func (b *Buffer) CRLF() bool { return b.eol == "\r\n" }

// Version counts the changes; two equal versions of one buffer are the same text.
func (b *Buffer) Version() uint64 { return b.version }

// End is the place behind the last character.
func (b *Buffer) End() Pos { return Pos{len(b.lines) - 1, len(b.lines[len(b.lines)-1])} }

// Text gives the whole text with its line ends.
func (b *Buffer) Text() string { return b.Snapshot().Text() }

// Snapshot is the text at one moment; it may be read from any goroutine.
type Snapshot struct {
	lines []string
	eol   string
	// Version is the buffer's version at that moment.
	Version uint64
}

// Snapshot gives the text as it is now without joining it.
func (b *Buffer) Snapshot() Snapshot { return Snapshot{slices.Clone(b.lines), b.eol, b.version} }

// Text joins the lines.
func (s Snapshot) Text() string { return strings.Join(s.lines, s.eol) }

// Lines gives the lines without their ends; do not change the slice.
func (s Snapshot) Lines() []string { return s.lines }

// Clip moves p to the nearest place that exists.
func (b *Buffer) Clip(p Pos) Pos {
	if p.Line < 0 {
		return Pos{}
	}
	if p.Line >= len(b.lines) {
		return b.End()
	}
	p.Col = max(0, min(p.Col, len(b.lines[p.Line])))
	return p
}

func (b *Buffer) clipRange(r Range) Range {
	r = Range{b.Clip(r.From), b.Clip(r.To)}
	if r.To.Before(r.From) {
		r.From, r.To = r.To, r.From
	}
	return r
}

// Slice gives the text of a range, lines parted by "\n".
func (b *Buffer) Slice(r Range) string {
	r = b.clipRange(r)
	if r.From.Line == r.To.Line {
		return b.lines[r.From.Line][r.From.Col:r.To.Col]
	}
	var sb strings.Builder
	sb.WriteString(b.lines[r.From.Line][r.From.Col:])
	for _, l := range b.lines[r.From.Line+1 : r.To.Line] {
		sb.WriteByte('\n')
		sb.WriteString(l)
	}
	sb.WriteByte('\n')
	sb.WriteString(b.lines[r.To.Line][:r.To.Col])
	return sb.String()
}

// Watch calls f after each change. Watchers live as long as the buffer.
func (b *Buffer) Watch(f func(Change)) { b.watch = append(b.watch, f) }

func (b *Buffer) changed(c Change) {
	b.version++
	for _, f := range b.watch {
		f(c)
	}
}

// replace does one edit and gives its inverse; the one place where lines change.
func (b *Buffer) replace(e Edit) (inverse Edit) {
	r := b.clipRange(e.Range)
	old := b.Slice(r)
	if r.From.Line == r.To.Line && len(b.lines[r.From.Line]) > longAt {
		old = strings.Clone(old) // else undo would keep the whole line for each deleted character
	}
	parts := splitLines(e.Text, "\n")
	end := Pos{r.From.Line + len(parts) - 1, len(parts[len(parts)-1])}
	if len(parts) == 1 {
		end.Col += r.From.Col
	}
	head, tail := b.lines[r.From.Line][:r.From.Col], b.lines[r.To.Line][r.To.Col:]
	if len(parts) == 1 {
		parts[0] = head + parts[0] + tail
	} else {
		parts[0] = head + parts[0]
		parts[len(parts)-1] += tail
	}
	removed := r.To.Line - r.From.Line + 1
	b.size += len(e.Text) - (len(parts) - 1) - len(old) + (removed - 1)
	if removed == len(parts) {
		copy(b.lines[r.From.Line:], parts)
	} else {
		b.lines = slices.Replace(b.lines, r.From.Line, r.To.Line+1, parts...)
	}
	b.changed(Change{First: r.From.Line, Removed: removed, Added: len(parts), From: r.From, To: r.To, End: end})
	return Edit{Range{r.From, end}, old}
}
