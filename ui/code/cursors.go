package code

import (
	"slices"
	"strings"

	"patchbay/ui/code/text"
)

// cursor is a further caret with its selection and the column that up and down aim at.
type cursor struct {
	text.Sel
	want int
}

// maxCursors bounds the carets: each takes part in every key.
const maxCursors = 2000

// Refresh draws the editor again. Fyne calls it too.
func (e *Editor) Refresh() {
	if !e.batch {
		e.BaseWidget.Refresh()
	}
}

// single goes back to one caret and reports whether there were more.
func (e *Editor) single() bool {
	if e.batch {
		return false
	}
	had := len(e.extra) > 0
	e.extra = nil
	return had
}

// each runs a command for every caret, as one step of undo. The command works on e.sel; the other carets move with its edits.
func (e *Editor) each(f func()) { e.eachOf(func(int) { f() }) }

// eachOf is each for a command that needs to know which caret it works for: those of e.extra in their order, then the main one.
func (e *Editor) eachOf(f func(i int)) {
	if len(e.extra) == 0 || e.batch {
		f(0)
		return
	}
	before := e.sel
	e.extra = append(e.extra, cursor{e.sel, e.wantCell})
	main := len(e.extra) - 1
	v := e.buf.Version()
	e.autoEnds = nil
	e.complete.hide()
	e.tip.hide()
	e.batch = true
	e.buf.Group(before, func() {
		for i := range e.extra {
			e.sel, e.wantCell = e.extra[i].Sel, e.extra[i].want
			f(i)
			e.extra[i] = cursor{e.sel, e.wantCell}
		}
	})
	e.batch = false
	last := e.extra[main]
	e.extra = slices.Delete(e.extra, main, main+1)
	e.sel, e.wantCell = last.Sel, last.want
	e.mergeCursors()
	e.autoEnds = nil
	if e.buf.Version() != v {
		e.buf.After(e.sel)
		e.reveal(e.sel.Caret)
		e.afterChange()
	} else {
		e.reveal(e.sel.Caret)
		e.Refresh()
	}
	if e.OnCaretMoved != nil && e.sel.Caret != before.Caret {
		e.OnCaretMoved(e.Caret())
	}
}

// mergeCursors makes one of carets that have come to the same place or whose selections overlap; the main one wins.
func (e *Editor) mergeCursors() {
	keep := e.extra[:0]
	taken := []text.Range{e.sel.Range()}
	for _, x := range e.extra {
		r := x.Range()
		if !slices.ContainsFunc(taken, func(o text.Range) bool {
			return o == r || o.From.Before(r.To) && r.From.Before(o.To) || r.Empty() && o.Contains(r.From) || o.Empty() && r.Contains(o.From)
		}) {
			taken, keep = append(taken, r), append(keep, x)
		}
	}
	e.extra = keep
}

// addCursor makes the present caret a further one and puts the main one at s.
func (e *Editor) addCursor(s text.Sel) {
	if len(e.extra) >= maxCursors {
		return
	}
	e.buf.Break()
	e.extra = append(e.extra, cursor{e.sel, e.wantCell})
	e.setSel(s)
	e.mergeCursors()
	e.reveal(s.Caret)
	e.Refresh()
}

// Cursors gives the number of carets.
func (e *Editor) Cursors() int { return len(e.extra) + 1 }

// CursorBelow adds a caret in the line below (1) or above (-1) the last one.
func (e *Editor) CursorBelow(by int) {
	lines := e.sel.Caret.Line
	for _, x := range e.extra { // from the outermost
		if by > 0 {
			lines = max(lines, x.Caret.Line)
		} else {
			lines = min(lines, x.Caret.Line)
		}
	}
	line := lines + by
	if line < 0 || line >= e.buf.Len() {
		return
	}
	want := e.wantCell
	e.addCursor(text.At(text.Pos{Line: line, Col: e.ruler.Col(e.buf.Line(line), float32(want))}))
	e.wantCell = want
}

// SelectNext selects the word at the caret, and from then on adds a caret at its next occurrence.
func (e *Editor) SelectNext() {
	if e.sel.Empty() {
		e.extra = nil
		w := e.buf.WordAt(e.sel.Caret)
		e.setSel(text.Sel{Anchor: w.From, Caret: w.To})
		e.Refresh()
		return
	}
	s, err := text.Compile(text.Query{Text: e.Selected(), Case: true})
	if err != nil {
		return
	}
	r, ok := s.Next(e.buf, e.sel.Range().To)
	if !ok || r == e.sel.Range() || slices.ContainsFunc(e.extra, func(x cursor) bool { return x.Range() == r }) {
		return // all are selected
	}
	e.addCursor(text.Sel{Anchor: r.From, Caret: r.To})
	e.center(r.To)
	e.Refresh()
}

// SelectAllOccurrences puts a caret at every occurrence of the selected text, or of the word at the caret.
func (e *Editor) SelectAllOccurrences() {
	if e.sel.Empty() {
		e.SelectNext()
	}
	s, err := text.Compile(text.Query{Text: e.Selected(), Case: true})
	if err != nil {
		return
	}
	e.extra = nil
	for _, r := range s.All(e.buf, maxCursors) {
		if r != e.sel.Range() {
			e.extra = append(e.extra, cursor{text.Sel{Anchor: r.From, Caret: r.To}, e.ruler.Cell(e.buf.Line(r.To.Line), r.To.Col)})
		}
	}
	e.mergeCursors()
	e.Refresh()
}

// inOrder gives all selections from top to bottom.
func (e *Editor) inOrder() []text.Sel {
	out := []text.Sel{e.sel}
	for _, x := range e.extra {
		out = append(out, x.Sel)
	}
	slices.SortFunc(out, func(a, b text.Sel) int {
		if a.Range().From.Before(b.Range().From) {
			return -1
		}
		return 1
	})
	return out
}

// copyAll gives the selections of all carets, a line each.
func (e *Editor) copyAll() string {
	var parts []string
	for _, s := range e.inOrder() {
		parts = append(parts, e.buf.Slice(s.Range()))
	}
	return strings.Join(parts, "\n")
}

// pasteAll puts a line of the text at each caret when there are as many, else the whole text at each.
func (e *Editor) pasteAll(s string) {
	lines := strings.Split(strings.TrimSuffix(s, "\n"), "\n")
	all := append(slices.Clone(e.extra), cursor{Sel: e.sel}) // in the order in which eachOf goes through them
	if len(lines) != len(all) {
		e.each(func() { e.Insert(s) })
		return
	}
	order := e.inOrder()
	which := make([]string, len(all))
	for i, c := range all {
		which[i] = lines[slices.Index(order, c.Sel)]
	}
	e.eachOf(func(i int) { e.Insert(which[i]) })
}
