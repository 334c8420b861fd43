package code

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"patchbay/ui/theme"
)

// field is an entry of the editor's bars: some keys belong to the bar, and shortcuts that an entry has no use for go on to the editor.
type field struct {
	widget.Entry
	e     *Editor
	onKey func(chord) bool
}

func newField(e *Editor, hint string, onKey func(chord) bool) *field {
	f := &field{e: e, onKey: onKey}
	f.PlaceHolder = hint
	f.ExtendBaseWidget(f)
	return f
}

// TypedKey gives the bar the first word.
func (f *field) TypedKey(k *fyne.KeyEvent) {
	if !f.onKey(chord{k.Name, f.e.modifiers() & shift}) {
		f.Entry.TypedKey(k)
	}
}

// KeyDown and KeyUp let the editor know which modifiers are held.
func (f *field) KeyDown(k *fyne.KeyEvent) { f.e.KeyDown(k); f.Entry.KeyDown(k) }

// KeyUp is the other half of KeyDown.
func (f *field) KeyUp(k *fyne.KeyEvent) { f.e.KeyUp(k); f.Entry.KeyUp(k) }

// TypedShortcut keeps what an entry does with text and hands the rest on.
func (f *field) TypedShortcut(s fyne.Shortcut) {
	c, ok := s.(*desktop.CustomShortcut)
	if !ok {
		f.Entry.TypedShortcut(s)
		return
	}
	switch c.KeyName {
	case fyne.KeyLeft, fyne.KeyRight, fyne.KeyHome, fyne.KeyEnd, fyne.KeyBackspace, fyne.KeyDelete, fyne.KeyUp, fyne.KeyDown:
		f.Entry.TypedShortcut(s)
	case fyne.KeyF, fyne.KeyH, fyne.KeyG, fyne.KeyO:
		f.e.TypedShortcut(s)
	default:
		if !f.onKey(chord{c.KeyName, c.Modifier}) && f.e.opt.OnShortcut != nil {
			f.e.opt.OnShortcut(s)
		}
	}
}

// toggle is a small button that stays pressed.
type toggle struct {
	widget.Button
	on bool
}

func newToggle(label string, changed func(on bool)) *toggle {
	t := &toggle{}
	t.Text = label
	t.Importance = widget.LowImportance
	t.OnTapped = func() { t.set(!t.on); changed(t.on) }
	t.ExtendBaseWidget(t)
	return t
}

func (t *toggle) set(on bool) {
	t.on = on
	t.Importance = widget.LowImportance
	if on {
		t.Importance = widget.HighImportance
	}
	t.Refresh()
}

// findBar is the bar over the upper right corner of the text.
type findBar struct {
	widget.BaseWidget
	e                 *Editor
	query, with       *field
	match, word, expr *toggle
	info              *canvas.Text
	second            *fyne.Container
	box               *fyne.Container
	back              *canvas.Rectangle
}

func newFindBar(e *Editor) *findBar {
	b := &findBar{e: e}
	b.query = newField(e, "Find", b.queryKey)
	b.query.OnChanged = func(s string) {
		q := e.find.query
		if q.Text == s {
			return
		}
		q.Text = s
		e.setQuery(q)
		e.findFrom(e.find.start)
	}
	b.with = newField(e, "Replace with", b.withKey)
	b.with.OnChanged = func(s string) { e.find.with = s }
	again := func() { e.setQuery(e.find.query); e.findFrom(e.find.start) }
	b.match = newToggle("Aa", func(on bool) { e.find.query.Case = on; again() })
	b.word = newToggle("W", func(on bool) { e.find.query.Word = on; again() })
	b.expr = newToggle(".*", func(on bool) { e.find.query.Regexp = on; again() })
	b.info = canvas.NewText("", color.Transparent)
	prev := lowButton("↑", func() { e.FindPrevious() })
	next := lowButton("↓", func() { e.FindNext() })
	shut := lowButton("×", e.HideFind)
	one := lowButton("Replace", func() { e.ReplaceNext(e.find.with) })
	all := lowButton("All", b.replaceAll)
	first := container.NewBorder(nil, nil, nil, container.NewHBox(b.match, b.word, b.expr, prev, next, shut), b.query)
	b.second = container.NewBorder(nil, nil, nil, container.NewHBox(one, all), b.with)
	b.back = canvas.NewRectangle(color.Transparent)
	b.box = container.New(layout.NewCustomPaddedVBoxLayout(3), first, b.second, b.info)
	b.ExtendBaseWidget(b)
	return b
}

func lowButton(label string, f func()) *widget.Button {
	b := widget.NewButton(label, f)
	b.Importance = widget.LowImportance
	return b
}

func (b *findBar) replaceAll() {
	n, err := b.e.Replace(b.e.find.query, b.e.find.with)
	b.e.count()
	switch {
	case err != nil:
		b.status(err.Error(), true)
	case n == 1:
		b.status("1 replaced", false)
	default:
		b.status(itoa(n)+" replaced", n == 0)
	}
	b.e.Refresh()
}

// queryKey and withKey do what Enter, Escape and the toggles' keys do in the two fields.
func (b *findBar) queryKey(c chord) bool {
	switch c {
	case chord{fyne.KeyReturn, 0}, chord{fyne.KeyEnter, 0}, chord{fyne.KeyF3, 0}, chord{fyne.KeyDown, 0}:
		b.e.FindNext()
	case chord{fyne.KeyReturn, shift}, chord{fyne.KeyEnter, shift}, chord{fyne.KeyF3, shift}, chord{fyne.KeyUp, 0}:
		b.e.FindPrevious()
	case chord{fyne.KeyEscape, 0}:
		b.e.HideFind()
	case chord{fyne.KeyC, alt}:
		b.match.OnTapped()
	case chord{fyne.KeyW, alt}:
		b.word.OnTapped()
	case chord{fyne.KeyR, alt}:
		b.expr.OnTapped()
	default:
		return false
	}
	return true
}

func (b *findBar) withKey(c chord) bool {
	switch c {
	case chord{fyne.KeyReturn, 0}, chord{fyne.KeyEnter, 0}:
		b.e.ReplaceNext(b.e.find.with)
	case chord{fyne.KeyReturn, ctrl | alt}, chord{fyne.KeyEnter, ctrl | alt}:
		b.replaceAll()
	default:
		return b.queryKey(c)
	}
	return true
}

// show fills the fields from the finder's state.
func (b *findBar) show(replace bool) {
	q := b.e.find.query
	b.query.SetText(q.Text)
	b.query.TypedShortcut(&fyne.ShortcutSelectAll{})
	b.match.set(q.Case)
	b.word.set(q.Word)
	b.expr.set(q.Regexp)
	if replace {
		b.second.Show()
	} else {
		b.second.Hide()
	}
	b.Refresh()
}

func (b *findBar) status(s string, bad bool) {
	b.info.Text = s
	b.info.Color = theme.Color(theme.Dim)
	if bad {
		b.info.Color = theme.Color(theme.Bad)
	}
	b.info.Refresh()
	b.Refresh()
}

// CreateRenderer draws the bar. Fyne calls it.
func (b *findBar) CreateRenderer() fyne.WidgetRenderer { return &findBarRenderer{b} }

type findBarRenderer struct{ b *findBar }

func (r *findBarRenderer) Destroy() {}
func (r *findBarRenderer) MinSize() fyne.Size {
	return r.b.box.MinSize().Add(fyne.NewSize(12, 10))
}

func (r *findBarRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.b.back, r.b.box}
}

func (r *findBarRenderer) Layout(s fyne.Size) {
	r.b.back.Resize(s)
	r.b.box.Move(fyne.NewPos(6, 5))
	r.b.box.Resize(s.Subtract(fyne.NewSize(12, 10)))
}

func (r *findBarRenderer) Refresh() {
	r.b.back.FillColor = theme.Color(theme.Panel)
	r.b.back.StrokeColor, r.b.back.StrokeWidth, r.b.back.CornerRadius = theme.Color(theme.Border), 1, 6
	r.b.info.TextSize = em(11)
	r.b.info.Hidden = r.b.info.Text == ""
	r.Layout(r.b.Size())
	canvas.Refresh(r.b)
}

// Tapped keeps clicks on the bar from reaching the text below.
func (b *findBar) Tapped(*fyne.PointEvent) {}

// MouseDown and MouseUp keep the pressed button from the text below.
func (b *findBar) MouseDown(*desktop.MouseEvent) {}

// MouseUp is the other half of MouseDown.
func (b *findBar) MouseUp(*desktop.MouseEvent) {}

// Cursor is an arrow over the bar.
func (b *findBar) Cursor() desktop.Cursor { return desktop.DefaultCursor }
