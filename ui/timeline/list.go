package timeline

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"patchbay/engine/ao"
	"patchbay/ui/kit"
	"patchbay/ui/theme"
)

// Source gives the slots of the process shown. Its methods never wait.
type Source interface {
	// Head is the last computed slot, Scheduled the last scheduled one; -1: none.
	Head() int64
	Scheduled() int64
	// Slot gives a slot if it is at hand, else nil; then it is fetched and the list
	// refreshed when it came.
	Slot(n int64) *ao.Slot
	// Search goes through the slots from..to, backwards when to is below from, in the
	// background. each gets what match found in a part, with the last slot looked at,
	// and says whether to go on; end comes once, unless the search was stopped.
	Search(from, to int64, match func(*ao.Slot) bool, each func(hits []*ao.Slot, at int64) (more bool), end func(error)) (stop func())
}

// Options is what the panels of this package need from outside.
type Options struct {
	Source Source
	Names  Names
	// OnShow asks to show the window's state after a slot.
	OnShow func(n int64)
	// OnError asks for the next slot with an error, newer or older.
	OnError func(newer bool)
	// OnKey asks to show a key of the cache.
	OnKey func(path []string)
	// OnPlace asks to show a place in a script.
	OnPlace func(chunk string, line int)
	// OfScript says whether a line that a slot names is one of a script; nil: all are.
	OfScript func(s *ao.Slot, line int) bool
	// OnSlot asks to show a slot of any process: where a message went.
	OnSlot func(pid string, n int64)
	// Copy puts text on the clipboard.
	Copy func(text, what string)
	// OnResend asks to put a slot's message into the composer.
	OnResend func(*ao.Slot)
	// OnFork asks for a new branch from a slot; nil: not offered.
	OnFork func(n int64)
	// Empty says what to do when there is no slot.
	Empty func() []string
}

// List is the list of slots, newest first. UI goroutine.
type List struct {
	Rows   *kit.List
	Filter *kit.Entry

	o       Options
	content fyne.CanvasObject
	bar     *fyne.Container
	shown   int64
	query   string
	failed  bool
	hits    []*ao.Slot
	errBtn  *kit.Button
	// Older and Newer jump to the next slot with an error.
	Older, Newer *kit.Button

	stop      func() // of the search under way
	looking   bool
	upTo      int64 // newest slot that hits know of
	note      string
	noteLabel *kit.Label
	noteBox   *fyne.Container
}

// NewList makes the list.
func NewList(o Options) *List {
	l := &List{o: o, shown: -1}
	l.Rows = kit.NewList(l.length, l.row)
	l.Rows.RowHeight = 27
	l.Rows.OnSelected = func(i int) {
		if n := l.number(i); n >= 0 && n <= o.Source.Head() && o.OnShow != nil {
			o.OnShow(n)
		}
	}
	l.Rows.OnMenu = l.menu
	l.Rows.OnCopy = func() {
		if i := l.Rows.Selected(); i >= 0 && o.Copy != nil {
			o.Copy(l.Rows.RowText(i), "slot")
		}
	}
	l.Rows.Empty = func() []string {
		if l.looking {
			return []string{"Looking …"}
		}
		if l.query != "" || l.failed {
			return []string{"No slot matches.", "Words look at the action, the sender, tags (Quantity=5), errors, output and #number."}
		}
		if o.Empty != nil {
			return o.Empty()
		}
		return nil
	}
	l.Filter = kit.NewEntry("filter slots")
	l.Filter.OnChanged = func(s string) {
		if s = strings.ToLower(strings.TrimSpace(s)); s != l.query {
			l.query = s
			l.find()
			l.Refresh()
		}
	}
	l.Filter.OnSubmitted = func(string) { l.Rows.Focus() }
	l.Filter.OnEscape = func() { l.SetFilterShown(false); l.Rows.Focus() }
	l.Filter.OnRefused = func(string) { l.note = "That is too long for a filter."; l.showNote() }
	l.errBtn = kit.NewNote(kit.Bare, func() { l.OnlyFailed(!l.failed) }, kit.Dim("errors"))
	l.errBtn.Hint = "Show only slots that failed"
	jump := func(sign, hint string, newer bool) *kit.Button {
		b := kit.NewNote(kit.Bare, func() {
			if o.OnError != nil {
				o.OnError(newer)
			}
		}, kit.Dim(sign))
		b.Hint = hint
		return b
	}
	l.Older = jump("▾", "The error before (Alt+PageUp)", false)
	l.Newer = jump("▴", "The next error (Alt+PageDown)", true)
	box := container.New(kit.Min{Width: 80}, l.Filter)
	bar := kit.NewBar(36, box, box, l.errBtn, l.Newer, l.Older)
	bar.Layout.(*kit.Bar).Gap = 4
	l.noteLabel = kit.NewLabel()
	l.noteLabel.Pad = 12
	l.noteLabel.MinWidth = 40
	l.noteBox = container.New(kit.Min{Height: 20}, l.noteLabel)
	l.noteBox.Hide()
	l.bar = kit.NewStack(nil, bar, l.noteBox, kit.NewLine())
	l.bar.Hidden = o.Source.Scheduled() < 0
	l.content = kit.NewStack(l.Rows, l.bar, l.Rows)
	return l
}

// Content is the widget tree.
func (l *List) Content() fyne.CanvasObject { return l.content }

// SetFilterShown shows the filter, or empties it.
func (l *List) SetFilterShown(yes bool) {
	if !yes {
		l.failed = false
		l.Filter.SetText("")
		l.query = ""
		l.showErrors()
		l.find()
	}
	l.Refresh()
}

// OnlyFailed shows only slots that ended in an error.
func (l *List) OnlyFailed(yes bool) {
	l.failed = yes
	l.showErrors()
	l.find()
	l.Refresh()
}

func (l *List) showErrors() {
	c := theme.Dim
	if l.failed {
		c = theme.Bad
	}
	l.errBtn.SetRuns(kit.Run{Text: "errors", Color: c, Bold: l.failed})
}

func (l *List) filtering() bool { return l.query != "" || l.failed }

func (l *List) length() int {
	if l.filtering() {
		return len(l.hits)
	}
	return int(l.o.Source.Scheduled()) + 1
}

// number is the slot in row i, -1 if there is none.
func (l *List) number(i int) int64 {
	if l.filtering() {
		if i < 0 || i >= len(l.hits) {
			return -1
		}
		return l.hits[i].Number
	}
	return l.o.Source.Scheduled() - int64(i)
}

func (l *List) rowOf(n int64) int {
	if l.filtering() {
		return slices.IndexFunc(l.hits, func(s *ao.Slot) bool { return s.Number == n })
	}
	if n < 0 {
		return -1
	}
	return int(l.o.Source.Scheduled() - n)
}

func (l *List) row(i int, out *kit.Row) {
	n := l.number(i)
	if s := l.o.Source.Slot(n); s != nil && n <= l.o.Source.Head() {
		DrawSlot(s, l.o.Names, n == l.shown, l.Rows.Size().Width, out)
		return
	}
	text := "…"
	switch head := l.o.Source.Head(); {
	case n == head+1:
		text = "computing …"
	case n > head:
		text = "waiting"
	}
	out.Line = true
	out.Cells = append(out.Cells, kit.Cell{X: 4, Width: 36, End: true, Runs: []kit.Run{kit.Mono(itoa(n), theme.Faint)}})
	out.Add(50, 0, kit.Dim(text))
}

// Show marks the slot whose state the window shows.
func (l *List) Show(n int64) {
	l.shown = n
	l.Refresh()
}

// Reveal scrolls to the slot shown.
func (l *List) Reveal() {
	if i := l.rowOf(l.shown); i >= 0 {
		l.Rows.Reveal(i)
	}
}

// Refresh takes new slots over.
func (l *List) Refresh() {
	if none := l.o.Source.Scheduled() < 0; none != l.bar.Hidden {
		l.bar.Hidden = none
		l.content.Refresh()
	}
	if l.filtering() {
		if head := l.o.Source.Head(); head < l.upTo { // another process or branch
			l.find()
		}
		l.fresh()
	}
	l.showNote()
	l.Rows.SetSelected(l.rowOf(l.shown))
	l.Rows.Refresh()
}

// Again looks for what the filter means anew: another process is shown.
func (l *List) Again() {
	if l.filtering() {
		l.find()
	}
}

func (l *List) menu(i int) *fyne.Menu {
	n := l.number(i)
	s := l.o.Source.Slot(n)
	if s == nil {
		return nil
	}
	m := fyne.NewMenu("")
	if l.o.OnResend != nil {
		m.Items = append(m.Items, fyne.NewMenuItem("Put into the composer", func() { l.o.OnResend(s) }))
	}
	if l.o.Copy != nil {
		m.Items = append(m.Items,
			fyne.NewMenuItem("Copy message id", func() { l.o.Copy(s.Message.ID, "message id") }),
			fyne.NewMenuItem("Copy error", func() { l.o.Copy(s.Result.Error, "error") }))
		m.Items[len(m.Items)-1].Disabled = !s.Result.Failed()
	}
	if l.o.OnFork != nil {
		m.Items = append(m.Items, fyne.NewMenuItem("New branch from here", func() { l.o.OnFork(n) }))
	}
	return m
}
