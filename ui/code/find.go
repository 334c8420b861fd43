package code

import (
	"fmt"

	"fyne.io/fyne/v2"

	"patchbay/ui/code/text"
)

const (
	// countUpTo bounds the matches that are counted, countBytes the size of text in which they are.
	countUpTo  = 10_000
	countBytes = 4 << 20
)

// finder is the state of find and replace.
type finder struct {
	open    bool
	query   text.Query
	with    string
	search  *text.Search // nil without a valid query
	err     error
	found   []text.Range // all matches, as of the last count
	counted bool
	stale   bool // the text changed since
	start   text.Pos
	bar     *findBar
}

// ShowFind opens the bar to find a text, filled with the selection, and puts the focus into it.
func (e *Editor) ShowFind() { e.showBar(false) }

// ShowReplace opens the bar with the field for the replacement.
func (e *Editor) ShowReplace() { e.showBar(!e.readOnly) }

func (e *Editor) showBar(replace bool) {
	e.picker.close(e)
	if e.find.bar == nil {
		e.find.bar = newFindBar(e)
	}
	f := &e.find
	f.open = true
	f.start = e.sel.Range().From
	if s := e.Selected(); s != "" && !f.query.Regexp && len(s) < 1000 && e.sel.Anchor.Line == e.sel.Caret.Line {
		f.query.Text = s
	}
	f.bar.show(replace)
	e.setQuery(f.query)
	e.focusOn(f.bar.query)
}

// HideFind closes the bar and gives the focus back to the text.
func (e *Editor) HideFind() {
	if !e.find.open {
		return
	}
	e.find.open = false
	e.focusOn(e)
	e.Refresh()
}

// focusOn gives the keyboard to the editor or to something over its text, unless
// another tab took the editor's place meanwhile.
func (e *Editor) focusOn(o fyne.Focusable) {
	e.Refresh()
	d := fyne.CurrentApp().Driver()
	c := d.CanvasForObject(e) // remembered for a while after the editor has gone
	// What is not on the screen is said to be in the corner of the window, where only
	// the whole content begins.
	if c != nil && (!d.AbsolutePositionForObject(e).IsZero() || c.Content() == fyne.CanvasObject(e)) {
		c.Focus(o)
	}
}

// Find looks for a text from the caret on and selects the first match; it is what the bar does while its field is edited.
// False when there is none; the error tells of a bad regular expression.
func (e *Editor) Find(q text.Query) (bool, error) {
	e.find.start = e.sel.Range().From
	e.setQuery(q)
	if e.find.search == nil {
		return false, e.find.err
	}
	return e.findFrom(e.find.start), nil
}

// setQuery takes over what to look for; it moves nothing.
func (e *Editor) setQuery(q text.Query) {
	f := &e.find
	f.query = q
	f.search, f.err = text.Compile(q)
	f.found, f.counted = nil, false
	if q.Text == "" {
		f.err = nil
	}
	e.count()
	e.showStatus()
	e.Refresh()
}

// count finds all matches where the text is small enough to do so at once.
func (e *Editor) count() {
	f := &e.find
	f.stale = false
	f.found, f.counted = nil, false
	if f.search != nil && e.buf.Size() <= countBytes {
		f.found, f.counted = f.search.All(e.buf, countUpTo), true
	}
}

// findTick counts again after the text has changed.
func (e *Editor) findTick() {
	if e.find.open && e.find.stale {
		e.count()
		e.showStatus()
		e.Refresh()
	}
}

func (e *Editor) findFrom(p text.Pos) bool {
	if e.find.search == nil {
		return false
	}
	r, ok := e.find.search.Next(e.buf, p)
	e.selectMatch(r, ok)
	return ok
}

func (e *Editor) selectMatch(r text.Range, ok bool) {
	if ok {
		e.buf.Break()
		e.single()
		e.setSel(text.Sel{Anchor: r.From, Caret: r.To})
		e.center(r.To)
		e.revealCell(e.ruler.Cell(e.buf.Line(r.From.Line), r.From.Col))
	}
	e.showStatus()
	e.Refresh()
}

// FindNext selects the next match after the selection, going round at the end; without a query it takes the selected text.
func (e *Editor) FindNext() bool {
	if e.find.search == nil {
		if s := e.Selected(); s != "" {
			e.setQuery(text.Query{Text: s, Case: true})
		} else {
			e.ShowFind()
			return false
		}
	}
	return e.findFrom(e.sel.Range().To)
}

// FindPrevious selects the match before the selection.
func (e *Editor) FindPrevious() bool {
	if e.find.search == nil {
		return e.FindNext()
	}
	r, ok := e.find.search.Prev(e.buf, e.sel.Range().From)
	e.selectMatch(r, ok)
	return ok
}

// ReplaceNext replaces the selected match and selects the next; when no match is selected it only selects one.
func (e *Editor) ReplaceNext(with string) bool {
	if e.find.search == nil || e.readOnly {
		return false
	}
	r := e.sel.Range()
	if m, ok := e.matchAt(r); ok {
		if e.apply(text.Command, text.Edit{Range: m, Text: e.find.search.Replacement(e.buf, m, with)}) {
			e.finish(e.sel)
		}
		return e.findFrom(e.sel.Caret)
	}
	return e.findFrom(r.From)
}

func (e *Editor) matchAt(r text.Range) (text.Range, bool) {
	for _, m := range e.find.search.Line(e.buf, r.From.Line, 0) {
		if m == r {
			return m, true
		}
	}
	return text.Range{}, false
}

// Replace puts another text in place of every match, as one step of undo, and gives how many there were.
func (e *Editor) Replace(q text.Query, with string) (int, error) {
	s, err := text.Compile(q)
	if err != nil || e.readOnly {
		return 0, err
	}
	all := s.All(e.buf, e.buf.Size()+1)
	if len(all) == 0 {
		return 0, nil
	}
	edits := make([]text.Edit, 0, len(all))
	for i := len(all) - 1; i >= 0; i-- { // from the end, so that places stay right
		edits = append(edits, text.Edit{Range: all[i], Text: s.Replacement(e.buf, all[i], with)})
	}
	caret := e.sel.Caret
	if e.apply(text.Command, edits...) {
		e.finish(text.At(e.buf.Clip(caret)))
	}
	return len(all), nil
}

// showStatus tells in the bar how many matches there are and which is selected.
func (e *Editor) showStatus() {
	f := &e.find
	if f.bar == nil || !f.open {
		return
	}
	f.bar.status(e.findStatus(), f.err != nil || f.counted && len(f.found) == 0 && f.query.Text != "")
}

func (e *Editor) findStatus() string {
	f := &e.find
	switch {
	case f.err != nil:
		return f.err.Error()
	case f.query.Text == "":
		return ""
	case !f.counted:
		return ""
	case len(f.found) == 0:
		return "No matches"
	}
	more := ""
	if len(f.found) == countUpTo {
		more = "+"
	}
	r := e.sel.Range()
	for i, m := range f.found {
		if m == r {
			return fmt.Sprintf("%d of %d%s", i+1, len(f.found), more)
		}
	}
	if len(f.found) == 1 {
		return "1 match"
	}
	return fmt.Sprintf("%d%s matches", len(f.found), more)
}

// visible gives the matches between two lines, to be drawn.
func (f *finder) visible(e *Editor, first, last int) []text.Range {
	if !f.open || f.search == nil {
		return nil
	}
	var out []text.Range
	for i := first; i <= last; i++ {
		out = append(out, f.search.Line(e.buf, i, 200)...)
	}
	return out
}

// occurrences gives where else the selected word stands between two lines.
func (e *Editor) occurrences(first, last int) []text.Range {
	r := e.sel.Range()
	if r.Empty() || e.find.open || r.From.Line != r.To.Line || r.To.Col-r.From.Col > 200 || e.buf.WordAt(r.From) != r {
		return nil
	}
	w := e.buf.Slice(r)
	if !isWord(rune(w[0])) || len(w) < 2 {
		return nil
	}
	s, err := text.Compile(text.Query{Text: w, Case: true, Word: true})
	if err != nil {
		return nil
	}
	var out []text.Range
	for i := first; i <= last; i++ {
		for _, m := range s.Line(e.buf, i, 50) {
			if m != r {
				out = append(out, m)
			}
		}
	}
	return out
}

// ticks gives matches for the scroll bar, as many as can be told apart.
func (f *finder) ticks() []text.Range {
	if !f.open {
		return nil
	}
	return f.found[:min(len(f.found), 300)]
}
