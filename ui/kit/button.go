package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"patchbay/ui/theme"
)

// Look says how a [Button] is drawn.
type Look int

// The looks: Quiet is a bordered surface, Strong the accent colour for the one
// main action, Capsule a rounded note that may be clicked, Bare text alone, Field
// an input-like surface that opens a menu.
const (
	Quiet Look = iota
	Strong
	Capsule
	Bare
	Field
)

// Button is flat text that can be clicked, or with OnTapped nil only read.
type Button struct {
	widget.BaseWidget
	// OnTapped is the action; nil makes the button a plain note.
	OnTapped func()
	// Hint says what the button does and its shortcut, for the status bar.
	Hint string
	// OnHover gets Hint when the pointer is over the button and "" when it left.
	OnHover func(hint string)

	// OnEscape is Escape while the button has the keyboard.
	OnEscape func()

	// CutFront drops the beginning of what does not fit instead of its end.
	CutFront bool
	// Skip leaves the button out when the Tab key goes round: what it does is also
	// done by a key of the control beside it.
	Skip bool

	icon     fyne.Resource
	look     Look
	runs     []Run
	dot      fyne.ThemeColorName
	minWidth float32
	disabled bool
	hover    bool
	focused  bool
	pressed  bool
}

var (
	_ fyne.Widget       = (*Button)(nil)
	_ fyne.Tappable     = (*Button)(nil)
	_ fyne.Focusable    = (*Button)(nil)
	_ fyne.Disableable  = (*Button)(nil)
	_ desktop.Hoverable = (*Button)(nil)
	_ desktop.Mouseable = (*Button)(nil)
)

// NewButton makes a button with one plain text.
func NewButton(look Look, text string, tapped func()) *Button {
	b := &Button{look: look, runs: apart([]Run{{Text: text}}), OnTapped: tapped}
	b.ExtendBaseWidget(b)
	return b
}

// NewNote makes a button of runs.
func NewNote(look Look, tapped func(), runs ...Run) *Button {
	b := &Button{look: look, runs: apart(runs), OnTapped: tapped}
	b.ExtendBaseWidget(b)
	return b
}

// NewIcon makes a small button of an icon alone.
func NewIcon(icon fyne.Resource, tapped func()) *Button {
	b := &Button{look: Bare, icon: fynetheme.NewColoredResource(icon, fynetheme.ColorNamePlaceHolder), OnTapped: tapped}
	b.ExtendBaseWidget(b)
	return b
}

// SetText shows one plain text.
func (b *Button) SetText(s string) { b.SetRuns(Run{Text: s}) }

// SetRuns shows other text.
func (b *Button) SetRuns(runs ...Run) {
	runs = apart(runs)
	if len(runs) == len(b.runs) {
		same := true
		for i := range runs {
			same = same && runs[i] == b.runs[i]
		}
		if same {
			return
		}
	}
	b.runs = runs
	b.Refresh()
}

// SetDot draws a dot of this colour before the text, "" none.
func (b *Button) SetDot(c fyne.ThemeColorName) {
	if b.dot != c {
		b.dot = c
		b.Refresh()
	}
}

// SetMinWidth keeps the button at least this wide, so that it does not jump when its text changes.
func (b *Button) SetMinWidth(w float32) { b.minWidth = w }

// Text is the shown text.
func (b *Button) Text() string { return Plaintext(b.runs) }

// SetEnabled lets the button act or not.
func (b *Button) SetEnabled(yes bool) {
	if b.disabled == yes {
		b.disabled = !yes
		b.Refresh()
	}
}

// Enabled says whether a click does something.
func (b *Button) Enabled() bool { return !b.disabled && b.OnTapped != nil }

// Enable lets the button act.
func (b *Button) Enable() { b.SetEnabled(true) }

// Disable keeps the button from acting.
func (b *Button) Disable() { b.SetEnabled(false) }

// Disabled says whether the Tab key passes the button by: Fyne asks nothing else.
func (b *Button) Disabled() bool { return b.Skip || !b.Enabled() }

// Tapped runs the action.
func (b *Button) Tapped(*fyne.PointEvent) {
	if b.Enabled() {
		b.OnTapped()
	}
}

// TypedKey runs the action on Enter and Space.
func (b *Button) TypedKey(k *fyne.KeyEvent) {
	switch k.Name {
	case fyne.KeyEscape:
		if b.OnEscape != nil {
			b.OnEscape()
		}
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		b.Tapped(nil)
	}
}

// TypedRune does nothing.
func (b *Button) TypedRune(rune) {}

// FocusGained draws the focus ring.
func (b *Button) FocusGained() { b.focused = true; b.Refresh() }

// FocusLost removes it.
func (b *Button) FocusLost() { b.focused = false; b.Refresh() }

// MouseIn lights the button.
func (b *Button) MouseIn(*desktop.MouseEvent) {
	b.hover = true
	if b.OnHover != nil && b.Hint != "" {
		b.OnHover(b.Hint)
	}
	b.Refresh()
}

// MouseMoved does nothing.
func (b *Button) MouseMoved(*desktop.MouseEvent) {}

// MouseOut puts the light out.
func (b *Button) MouseOut() {
	b.hover = false
	if b.OnHover != nil && b.Hint != "" {
		b.OnHover("")
	}
	b.Refresh()
}

// MouseDown shows that the button is held.
func (b *Button) MouseDown(*desktop.MouseEvent) { b.pressed = true; b.Refresh() }

// MouseUp shows that it is let go.
func (b *Button) MouseUp(*desktop.MouseEvent) { b.pressed = false; b.Refresh() }

func (b *Button) pad() float32 {
	switch b.look {
	case Bare:
		return 4
	case Field:
		return 9
	}
	return 10
}

// CreateRenderer is part of fyne.Widget.
func (b *Button) CreateRenderer() fyne.WidgetRenderer {
	r := &buttonRenderer{b: b, back: canvas.NewRectangle(color.Transparent), over: canvas.NewRectangle(color.Transparent), dot: canvas.NewCircle(color.Transparent)}
	if b.icon != nil {
		r.icon = canvas.NewImageFromResource(b.icon)
		r.icon.FillMode = canvas.ImageFillContain
	}
	r.style()
	return r
}

type buttonRenderer struct {
	icon       *canvas.Image
	b          *Button
	back, over *canvas.Rectangle
	dot        *canvas.Circle
	texts      []*canvas.Text
	objects    []fyne.CanvasObject
}

func (r *buttonRenderer) Destroy()                     {}
func (r *buttonRenderer) Objects() []fyne.CanvasObject { return r.objects }

func (r *buttonRenderer) MinSize() fyne.Size {
	var w float32
	for i := range r.b.runs {
		w += r.b.runs[i].Width()
	}
	if r.b.dot != "" {
		w += 15
	}
	h := float32(28)
	if r.b.look == Bare {
		h = 22
	}
	if r.b.icon != nil {
		w += 16
	}
	return fyne.NewSize(max(w+2*r.b.pad(), r.b.minWidth), h)
}

func (r *buttonRenderer) Layout(s fyne.Size) {
	r.back.Resize(s)
	r.over.Resize(s)
	radius := float32(5)
	if r.b.look == Capsule {
		radius = s.Height / 2
	}
	r.back.CornerRadius, r.over.CornerRadius = radius, radius
	if r.icon != nil {
		r.icon.Resize(fyne.NewSquareSize(16))
		r.icon.Move(fyne.NewPos((s.Width-16)/2, (s.Height-16)/2))
	}
	room := s.Width - 2*r.b.pad()
	x := r.b.pad()
	if r.b.dot != "" {
		r.dot.Resize(fyne.NewSquareSize(9))
		r.dot.Move(fyne.NewPos(x, (s.Height-9)/2))
		x += 15
		room -= 15
	}
	var total float32
	for i, t := range r.texts {
		run := r.b.runs[i]
		r.colour(&run)
		if r.b.CutFront && i == len(r.texts)-1 {
			run.cutFront(room - total)
		}
		w := run.Cut(room - total)
		run.draw(t)
		m := t.MinSize()
		t.Resize(fyne.NewSize(w, m.Height))
		t.Move(fyne.NewPos(x+total, run.top(s.Height, m.Height)))
		total += w
	}
	if r.b.look != Field && r.b.look != Bare && room > total { // centred
		for _, t := range r.texts {
			t.Move(t.Position().AddXY((room-total)/2, 0))
		}
		r.dot.Move(r.dot.Position().AddXY((room-total)/2, 0))
	}
}

func (r *buttonRenderer) colour(run *Run) {
	switch {
	case r.b.disabled: // which is Faint, but where all text is strong
		run.Color = fynetheme.ColorNameDisabled
	case r.b.look == Strong:
		run.Color = theme.OnAccent
	}
}

func (r *buttonRenderer) style() {
	b := r.b
	back, border := theme.Pill, theme.Border
	switch b.look {
	case Strong:
		back, border = theme.Accent, theme.Accent
		if b.disabled {
			back = theme.Pill
		}
	case Field:
		back = theme.Sunken
	case Bare:
		back, border = "", ""
	}
	if b.disabled { // nothing to press: in high contrast the grey of its text alone is hardly seen
		border = ""
	}
	if b.focused {
		border = theme.Accent
		if b.look == Strong {
			border = theme.Text
		}
	}
	r.back.Hidden = back == "" && border == ""
	r.back.FillColor, r.back.StrokeWidth = color.Transparent, 0
	if back != "" {
		r.back.FillColor = theme.Color(back)
	}
	if border != "" {
		r.back.StrokeColor, r.back.StrokeWidth = theme.Color(border), 1
		if b.focused {
			r.back.StrokeWidth = 2
		}
	}
	switch {
	case b.pressed && b.Enabled():
		r.over.FillColor, r.over.Hidden = theme.Color("pressed"), false
	case b.hover && b.Enabled():
		r.over.FillColor, r.over.Hidden = theme.Color("hover"), false
	default:
		r.over.Hidden = true
	}
	r.dot.Hidden = b.dot == ""
	if b.dot != "" {
		r.dot.FillColor = theme.Color(b.dot)
	}
	for len(r.texts) < len(b.runs) {
		r.texts = append(r.texts, canvas.NewText("", color.Transparent))
	}
	r.texts = r.texts[:len(b.runs)]
	r.objects = append(r.objects[:0], r.back, r.over, r.dot)
	for _, t := range r.texts {
		r.objects = append(r.objects, t)
	}
	if r.icon != nil {
		r.objects = append(r.objects, r.icon)
	}
}

func (r *buttonRenderer) Refresh() {
	r.style()
	r.Layout(r.b.Size())
	canvas.Refresh(r.b)
}
