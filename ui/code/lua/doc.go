// Package lua is what the code editor knows of the Lua language: the colours of each line, which brackets and words belong
// together, how the next line is indented, the outline, and the functions that a script can call. The grammar itself is
// engine/lua53/syntax; this package keeps its answers up to date while a buffer is edited. It imports no widget.
package lua

import (
	"slices"

	"patchbay/engine/lua53/syntax"
	"patchbay/ui/code/text"
)

const (
	// longestColoured bounds the lines that get colours: beyond it a keystroke would be felt (a line of megabytes is data).
	longestColoured = 20_000
	// farAhead is how many lines are lexed at once to reach the one asked for; beyond it the colours are a guess until
	// [Doc.Work] has caught up.
	farAhead  = 30_000
	spansKept = 512
)

// Doc watches a buffer and colours its lines. It belongs to the buffer's goroutine.
type Doc struct {
	buf *text.Buffer

	// start[i] is the state in which line i starts. States up to clean are right. The lines [clean, dirty) were edited since
	// they were lexed; from dirty to known each line still leads from its state to the next, so that meeting one of those
	// states again makes all up to known right. clean <= dirty <= known.
	start               []syntax.LineState
	clean, dirty, known int

	spans [spansKept]lineSpans // by line modulo spansKept
	match matchCache
}

type lineSpans struct {
	line  int // plus one, so that zero is empty
	in    syntax.LineState
	spans []syntax.Span
}

// New makes the Doc of a buffer and watches it from now on.
func New(b *text.Buffer) *Doc {
	d := &Doc{buf: b}
	d.reset()
	b.Watch(d.changed)
	return d
}

func (d *Doc) reset() {
	d.start = make([]syntax.LineState, d.buf.Len()+1)
	d.clean, d.dirty, d.known = 0, 0, 0
	for i := range d.spans {
		d.spans[i].line = 0
	}
}

func (d *Doc) changed(c text.Change) {
	if c.Whole {
		d.reset()
		return
	}
	delta := c.Added - c.Removed
	if delta == 0 {
		for i := c.First; i < c.First+min(c.Added, spansKept); i++ {
			d.spans[i%spansKept].line = 0
		}
	} else {
		// The state behind the edited lines stays, to be compared with.
		d.start = slices.Replace(d.start, c.First+1, c.First+c.Removed, make([]syntax.LineState, c.Added-1)...)
		for i := range d.spans {
			if d.spans[i].line > c.First {
				d.spans[i].line = 0
			}
		}
	}
	shift := func(line int) int {
		if line >= c.First+c.Removed {
			return line + delta
		}
		return min(line, c.First)
	}
	d.known, d.dirty = shift(d.known), shift(d.dirty)
	if d.known > c.First {
		d.dirty = max(d.dirty, c.First+c.Added)
	}
	d.clean = min(d.clean, c.First)
	d.dirty = max(d.dirty, d.clean)
	d.known = max(d.known, d.dirty)
}

// step lexes the first line that is not right.
func (d *Doc) step() {
	i := d.clean
	out := d.lex(i, d.start[i])
	if i+1 >= d.dirty && i+1 <= d.known && d.start[i+1] == out {
		d.clean = d.known
	} else {
		d.start[i+1] = out
		d.clean = i + 1
	}
	d.dirty = max(d.dirty, d.clean)
	d.known = max(d.known, d.clean)
}

// lex colours line i, which starts in state in, keeps the spans and gives the state behind it.
func (d *Doc) lex(i int, in syntax.LineState) (out syntax.LineState) {
	s := &d.spans[i%spansKept]
	l := d.buf.Line(i)
	s.line, s.in, s.spans = i+1, in, s.spans[:0]
	if len(l) > longestColoured {
		return in
	}
	s.spans, out = syntax.LexLine(l, in, s.spans)
	return out
}

// Spans gives the coloured runs of line i; the slice is good until the next call. Far below what was seen of a huge file the
// colours may be a guess; see [Doc.Work].
func (d *Doc) Spans(i int) []syntax.Span {
	if i-d.clean <= farAhead {
		for d.clean < i {
			d.step()
		}
	}
	in := syntax.LineState(0)
	if i <= d.clean {
		in = d.start[i]
	}
	if s := &d.spans[i%spansKept]; s.line == i+1 && s.in == in {
		return s.spans
	}
	if i == d.clean && i < d.buf.Len() {
		d.step()
	} else {
		d.lex(i, in)
	}
	return d.spans[i%spansKept].spans
}

// Work lexes up to n more lines and reports whether colours given before may have changed by it. Call it from time to time when
// nothing else is to do; for files of ordinary size it has nothing to do.
func (d *Doc) Work(n int) bool {
	if d.clean >= d.buf.Len() || d.buf.Len() <= farAhead {
		return false
	}
	for range n {
		if d.clean >= d.buf.Len() {
			break
		}
		d.step()
	}
	return true
}

// KindAt tells what the byte at p is part of; syntax.KindNone for space.
func (d *Doc) KindAt(p text.Pos) syntax.Kind {
	for _, s := range d.Spans(p.Line) {
		if p.Col >= s.Start && p.Col < s.End {
			return s.Kind
		}
	}
	return syntax.KindNone
}
