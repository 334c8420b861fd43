package kit

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"

	"patchbay/ui/theme"
)

// Find looks for a text in the rows of a [List], in capitals or not: a field above the
// list, marks on what was found, and a walk from match to match. It is there while
// nobody looks for anything, hidden, and costs nothing then. UI goroutine.
type Find struct {
	// Joins says that a row goes on where the row before it ends, because a line was
	// too long for the list: a match may begin in the one and end in the other. nil:
	// each row is a line of its own.
	Joins func(row int) bool

	list    *List
	field   *Entry
	info    *Label
	bar     *fyne.Container
	content *fyne.Container
	held    Shift

	query   string // folded
	matches []found
	rows    map[int][]mark
	at      int // in matches
	from    place
	more    bool
}

// place is a rune in a row.
type place struct{ row, rune int }

func (a place) before(b place) bool { return a.row < b.row || a.row == b.row && a.rune < b.rune }

// found is a match; mark the part of one that stands in one row.
type (
	found struct{ from, to place }
	mark  struct{ from, to, match int }
)

// maxFound is how many matches are counted.
const maxFound = 9999

// NewFind adds a search to a list. body is the list, or what it stands in; in its place
// goes [Find.Content].
func NewFind(list *List, body fyne.CanvasObject) *Find {
	f := &Find{list: list}
	f.field = NewEntry("find")
	f.field.finds = f
	f.field.OnChanged = func(s string) {
		f.query = fold(s)
		f.search()
		f.show(f.first(f.from))
	}
	f.field.OnKey = f.key
	f.field.OnHeld = f.held.Key
	f.field.OnEscape = f.Close
	f.info = NewLabel()
	f.info.MinWidth = 84
	button := func(text, hint string, do func()) *Button {
		b := NewButton(Quiet, text, do)
		b.Hint, b.Skip = hint, true
		return b
	}
	box := container.New(Min{Width: 60}, f.field)
	strip := NewBar(36, box, box, f.info,
		button("▴", "The match before (Shift+F3)", f.Previous), button("▾", "The next match (F3)", f.Next), button("×", "Close (Escape)", f.Close))
	strip.Layout.(*Bar).Gap = 6
	f.bar = NewStack(nil, strip, NewLine())
	f.bar.Hide()
	f.content = NewStack(body, f.bar, body)
	list.finds = f
	return f
}

// Content is the list with the field above it.
func (f *Find) Content() fyne.CanvasObject { return f.content }

// Field is where the text is typed.
func (f *Find) Field() *Entry { return f.field }

// Says is what stands beside the field: "3 of 12".
func (f *Find) Says() string { return f.info.Text() }

// Shown says whether the field is there.
func (f *Find) Shown() bool { return f.bar.Visible() }

// FindOf is the search that belongs to what has the keyboard: a list or its field; nil
// for none.
func FindOf(o fyne.Focusable) *Find {
	switch o := o.(type) {
	case *List:
		return o.finds
	case *Entry:
		return o.finds
	}
	return nil
}

// Show opens the field, with what was looked for last chosen to be typed over.
func (f *Find) Show() {
	if !f.Shown() {
		f.from = place{row: f.list.top}
		f.bar.Show()
		f.content.Refresh()
		f.search()
		f.at = f.first(f.from)
		f.tell()
	}
	// The field was perhaps never drawn, but the list is on the screen.
	if OnScreen(f.list) {
		fyne.CurrentApp().Driver().CanvasForObject(f.list).Focus(f.field)
	}
	f.field.TypedShortcut(&fyne.ShortcutSelectAll{})
}

// Close hides the field and the marks; the list gets the keyboard.
func (f *Find) Close() {
	if !f.Shown() {
		return
	}
	f.bar.Hide()
	f.matches, f.rows = nil, nil
	f.content.Refresh()
	f.list.Refresh()
	f.list.Focus()
}

// Changed looks again, because the rows are others. What is on screen stays.
func (f *Find) Changed() {
	if !f.Shown() {
		return
	}
	here := f.from
	if f.at < len(f.matches) {
		here = f.matches[f.at].from
	}
	f.search()
	f.at = f.first(here)
	f.tell()
}

// Next goes to the next match, after the last to the first; Previous the other way.
func (f *Find) Next() { f.step(1) }

// Previous is Next backwards.
func (f *Find) Previous() { f.step(-1) }

func (f *Find) step(by int) {
	if n := len(f.matches); f.Shown() && n > 0 {
		f.show((f.at + by + n) % n)
	}
}

// key deals with the keys of the field, and F3 and Escape of the list.
func (f *Find) key(k fyne.KeyName) bool {
	back := f.held.Down()
	switch k {
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeyF3:
	case fyne.KeyDown:
		back = false
	case fyne.KeyUp:
		back = true
	default:
		return false
	}
	if back {
		f.Previous()
	} else {
		f.Next()
	}
	return true
}

// listKey is a key that the list got.
func (f *Find) listKey(k fyne.KeyName) bool {
	switch {
	case !f.Shown():
		return false
	case k == fyne.KeyEscape:
		f.Close()
		return true
	}
	return k == fyne.KeyF3 && f.key(k)
}

// show shows a match.
func (f *Find) show(i int) {
	f.at = i
	if i < len(f.matches) {
		m := f.matches[i]
		f.from = m.from
		f.list.selected = m.from.row
		if m.from.row < f.list.top || m.to.row >= f.list.top+f.list.Page() {
			f.list.top, f.list.offset = max(0, m.from.row-f.list.Page()/3), 0
		}
	}
	f.tell()
}

// first is the first match that does not begin before a place, else the first of all.
func (f *Find) first(p place) int {
	for i := range f.matches {
		if !f.matches[i].from.before(p) {
			return i
		}
	}
	return 0
}

// tell says which match is shown, of how many.
func (f *Find) tell() {
	switch n := len(f.matches); {
	case f.query == "":
		f.info.SetRuns()
	case n == 0:
		f.info.SetRuns(Run{Text: "not found", Color: theme.Warn})
	case f.more:
		f.info.SetRuns(Dim(fmt.Sprintf("%d of %d+", f.at+1, n)))
	default:
		f.info.SetRuns(Dim(fmt.Sprintf("%d of %d", f.at+1, n)))
	}
	f.list.Refresh()
}

// fold makes all small letters, rune by rune, so that places stay what they are.
func fold(s string) string { return strings.Map(unicode.ToLower, s) }

// search finds all matches in all rows.
func (f *Find) search() {
	f.matches, f.rows, f.more = nil, map[int][]mark{}, false
	if f.query == "" {
		return
	}
	n := f.list.Len()
	var line strings.Builder
	var starts []int // of the line's rows, in runes
	runes := 0
	for i := 0; i < n && !f.more; {
		line.Reset()
		first := i
		for starts, runes = starts[:0], 0; i < n && (i == first || f.Joins != nil && f.Joins(i)); i++ {
			text := fold(f.list.RowText(i))
			starts = append(starts, runes)
			runes += utf8.RuneCountInString(text)
			line.WriteString(text)
		}
		f.line(line.String(), first, append(starts, runes))
	}
}

// line finds the matches in one line that begins in a row; starts are where its rows
// begin, and its end.
func (f *Find) line(text string, row int, starts []int) {
	size, at := utf8.RuneCountInString(f.query), 0
	for {
		i := strings.Index(text, f.query)
		if i < 0 {
			return
		}
		if len(f.matches) == maxFound {
			f.more = true
			return
		}
		at += utf8.RuneCountInString(text[:i])
		m := found{}
		for k := range starts[:len(starts)-1] {
			from, to := max(at, starts[k]), min(at+size, starts[k+1])
			if from >= to {
				continue
			}
			if m.to == (place{}) {
				m.from = place{row + k, from - starts[k]}
			}
			m.to = place{row + k, to - starts[k]}
			f.rows[row+k] = append(f.rows[row+k], mark{from - starts[k], to - starts[k], len(f.matches)})
		}
		f.matches = append(f.matches, m)
		text, at = text[i+len(f.query):], at+size
	}
}

// paint marks what was found in a row that is about to be drawn.
func (f *Find) paint(i int, r *Row) {
	marks := f.rows[i]
	if len(marks) == 0 || !f.Shown() {
		return
	}
	at := 0 // runes before the run, as in Row.Text
	for c := range r.Cells {
		if c > 0 {
			at += 2
		}
		var out []Run
		for _, run := range r.Cells[c].Runs {
			text := []rune(run.Text)
			done := 0
			put := func(to int, m *mark) {
				if to <= done {
					return
				}
				part := run
				part.Text = string(text[done:to])
				if m != nil {
					part.Back = theme.CodeMatch
					if m.match == f.at {
						part.Back, part.Color = theme.Warn, theme.Panel
					}
				}
				out, done = append(out, part), to
			}
			for k := range marks {
				put(max(0, min(marks[k].from-at, len(text))), nil)
				put(max(0, min(marks[k].to-at, len(text))), &marks[k])
			}
			put(len(text), nil)
			at += len(text)
		}
		r.Cells[c].Runs = out
	}
}

// Shift knows whether the Shift key is held: from the driver where it can say, else
// from the keys seen.
type Shift struct{ seen bool }

// Key takes a key that was pressed, or let go.
func (s *Shift) Key(k fyne.KeyName, down bool) {
	if k == desktop.KeyShiftLeft || k == desktop.KeyShiftRight {
		s.seen = down
	}
}

// Down says whether the key is held now.
func (s *Shift) Down() bool {
	if d, ok := fyne.CurrentApp().Driver().(desktop.Driver); ok {
		return d.CurrentKeyModifiers()&fyne.KeyModifierShift != 0
	}
	return s.seen
}
