package code

import (
	"slices"

	"patchbay/ui/code/text"
)

// Severity orders marks; the worse one wins where two meet.
type Severity uint8

// The severities of a [Mark].
const (
	Info Severity = iota
	Warning
	Error
)

// Mark is something to say about a place in the text. It shows as a colour in the gutter, a squiggle under the text, a tick
// beside the scroll bar and, when the pointer rests on it, as a sentence.
type Mark struct {
	// Line counts from one.
	Line int
	// Col and EndCol are columns in bytes from one, EndCol behind the last. A Col of 0 marks the whole line; an EndCol not
	// beyond Col marks the word at Col.
	Col, EndCol int
	Severity    Severity
	// Message is one or two sentences; Rule is the id of a lint, "" for an error.
	Message, Rule string
}

// marks holds the marks by line, moving with edits.
type marks struct {
	own, checked []Mark // of SetMarks and of Options.Check
	all          []Mark // both, sorted by line, then column
	byLine       map[int][]Mark
}

func (m *marks) clear() { m.own, m.checked = nil, nil; m.merge() }

// merge makes all of the two lists. A place that both speak of is told once, by the check, which is newer.
func (m *marks) merge() {
	m.all = slices.Clone(m.checked)
	for _, k := range m.own {
		if !slices.ContainsFunc(m.checked, func(c Mark) bool { return c.Line == k.Line && c.Message == k.Message }) {
			m.all = append(m.all, k)
		}
	}
	slices.SortStableFunc(m.all, func(a, b Mark) int {
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		return a.Col - b.Col
	})
	m.index()
}

func (m *marks) index() {
	m.byLine = make(map[int][]Mark, len(m.all))
	for _, k := range m.all {
		m.byLine[k.Line-1] = append(m.byLine[k.Line-1], k)
	}
}

// at gives the marks of a line from zero.
func (m *marks) at(line int) []Mark { return m.byLine[line] }

func (m *marks) worst(line int) (Severity, bool) {
	s, ok := Info, false
	for _, k := range m.byLine[line] {
		s, ok = max(s, k.Severity), true
	}
	return s, ok
}

// shift keeps marks at their words while the text is edited; those of lines that go away go too.
func (m *marks) shift(c text.Change) {
	if len(m.all) == 0 {
		return
	}
	m.own, m.checked = shiftMarks(m.own, c), shiftMarks(m.checked, c)
	m.merge()
}

func shiftMarks(list []Mark, c text.Change) []Mark {
	out := list[:0]
	for _, k := range list {
		l := k.Line - 1
		switch {
		case l < c.From.Line:
		case k.Col < 1: // the whole line
			if l > c.From.Line && l < c.To.Line || l == c.To.Line && l > c.From.Line && c.From.Col > 0 {
				continue
			}
			if l >= c.To.Line {
				k.Line += c.End.Line - c.To.Line
			}
		default:
			from := text.Pos{Line: l, Col: k.Col - 1}
			if c.From.Before(from) && from.Before(c.To) && l != c.From.Line {
				continue
			}
			end := c.Move(text.Pos{Line: l, Col: max(k.Col, k.EndCol) - 1}, false)
			from = c.Move(from, true)
			if k.EndCol > k.Col {
				if end.Line != from.Line || end.Col <= from.Col {
					end.Col = from.Col + 1
				}
				k.EndCol = end.Col + 1
			}
			k.Line, k.Col = from.Line+1, from.Col+1
		}
		out = append(out, k)
	}
	return out
}

// SetMarks replaces all marks. Places outside the text are drawn at the nearest place inside it.
func (e *Editor) SetMarks(list []Mark) {
	e.marks.own = slices.Clone(list)
	e.marks.merge()
	e.Refresh()
}

// Marks gives the marks where they are now, sorted by place.
func (e *Editor) Marks() []Mark { return slices.Clone(e.marks.all) }

// MarkAtCaret gives the worst mark of the caret's line, for the strip below the editor.
func (e *Editor) MarkAtCaret() (Mark, bool) {
	list := e.marks.at(e.sel.Caret.Line)
	if len(list) == 0 {
		return Mark{}, false
	}
	return slices.MaxFunc(list, func(a, b Mark) int { return int(a.Severity) - int(b.Severity) }), true
}

// NextMark puts the caret on the next mark (or the one before), going round at the ends. False when there is none.
func (e *Editor) NextMark(back bool) bool {
	if len(e.marks.all) == 0 {
		return false
	}
	line, col := e.Caret()
	pick := -1
	if back {
		pick = len(e.marks.all) - 1
		for i := len(e.marks.all) - 1; i >= 0; i-- {
			if k := e.marks.all[i]; k.Line < line || k.Line == line && max(1, k.Col) < col {
				pick = i
				break
			}
		}
	} else {
		pick = 0
		for i, k := range e.marks.all {
			if k.Line > line || k.Line == line && max(1, k.Col) > col {
				pick = i
				break
			}
		}
	}
	k := e.marks.all[pick]
	e.Reveal(k.Line, k.Col)
	return true
}

// span gives the byte columns of a mark in its line, clipped to it; an empty line gives 0, 0.
func (k Mark) span(b *text.Buffer) (from, to int) {
	l := b.Line(min(max(k.Line-1, 0), b.Len()-1))
	in := len(text.Indent(l))
	if k.Col < 1 {
		return in, len(l)
	}
	from = min(k.Col-1, len(l))
	to = min(k.EndCol-1, len(l))
	if to <= from {
		w := b.WordAt(text.Pos{Line: k.Line - 1, Col: from})
		from, to = w.From.Col, w.To.Col
		if from >= in && to > from {
			return from, to
		}
		from, to = min(k.Col-1, len(l)), len(l)
	}
	if from == to && from > 0 {
		from--
	}
	return from, to
}
