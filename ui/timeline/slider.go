package timeline

import (
	"fmt"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"patchbay/ui/kit"
	"patchbay/ui/theme"
)

// Slider moves through the slots 0..Last. Red ticks are slots that failed.
type Slider struct {
	widget.BaseWidget
	// OnMoved tells that the user wants to see a slot.
	OnMoved func(n int64)

	at, last int64
	errors   []int64
	focused  bool
}

var (
	_ fyne.Widget        = (*Slider)(nil)
	_ fyne.Draggable     = (*Slider)(nil)
	_ fyne.Tappable      = (*Slider)(nil)
	_ fyne.Focusable     = (*Slider)(nil)
	_ fyne.Scrollable    = (*Slider)(nil)
	_ desktop.Cursorable = (*Slider)(nil)
)

// NewSlider makes a slider over no slots.
func NewSlider() *Slider {
	s := &Slider{at: -1, last: -1}
	s.ExtendBaseWidget(s)
	return s
}

// Set shows the place at among 0..last, and which slots failed (ascending).
func (s *Slider) Set(at, last int64, errors []int64) {
	if s.at == at && s.last == last && len(s.errors) == len(errors) {
		return
	}
	s.at, s.last, s.errors = at, last, errors
	s.Refresh()
}

const sliderPad = 8

func (s *Slider) x(n int64) float32 {
	w := s.Size().Width - 2*sliderPad
	if s.last <= 0 {
		return sliderPad + w
	}
	return sliderPad + w*float32(float64(n)/float64(s.last))
}

func (s *Slider) move(n int64) {
	n = max(0, min(n, s.last))
	if s.last < 0 || n == s.at {
		return
	}
	s.at = n
	s.Refresh()
	if s.OnMoved != nil {
		s.OnMoved(n)
	}
}

func (s *Slider) to(x float32) {
	w := s.Size().Width - 2*sliderPad
	if w <= 0 || s.last < 0 {
		return
	}
	s.move(int64(float64((x-sliderPad)/w)*float64(s.last) + 0.5))
}

// Tapped jumps.
func (s *Slider) Tapped(e *fyne.PointEvent) {
	kit.Focus(s)
	s.to(e.Position.X)
}

// Dragged moves.
func (s *Slider) Dragged(e *fyne.DragEvent) { s.to(e.Position.X) }

// DragEnd does nothing.
func (s *Slider) DragEnd() {}

// Scrolled is the wheel: a slot a step.
func (s *Slider) Scrolled(e *fyne.ScrollEvent) {
	if e.Scrolled.DY+e.Scrolled.DX > 0 {
		s.move(s.at - 1)
	} else {
		s.move(s.at + 1)
	}
}

// TypedKey moves by one, by a tenth, to the ends.
func (s *Slider) TypedKey(k *fyne.KeyEvent) {
	switch k.Name {
	case fyne.KeyLeft, fyne.KeyDown:
		s.move(s.at - 1)
	case fyne.KeyRight, fyne.KeyUp:
		s.move(s.at + 1)
	case fyne.KeyPageDown:
		s.move(s.at - max(1, s.last/10))
	case fyne.KeyPageUp:
		s.move(s.at + max(1, s.last/10))
	case fyne.KeyHome:
		s.move(0)
	case fyne.KeyEnd:
		s.move(s.last)
	}
}

// TypedRune does nothing.
func (s *Slider) TypedRune(rune) {}

// FocusGained draws a ring.
func (s *Slider) FocusGained() { s.focused = true; s.Refresh() }

// FocusLost removes it.
func (s *Slider) FocusLost() { s.focused = false; s.Refresh() }

// Cursor is a hand.
func (s *Slider) Cursor() desktop.Cursor { return desktop.PointerCursor }

// CreateRenderer is part of fyne.Widget.
func (s *Slider) CreateRenderer() fyne.WidgetRenderer {
	r := &sliderRenderer{s: s, track: canvas.NewRectangle(color.Transparent), done: canvas.NewRectangle(color.Transparent), knob: canvas.NewCircle(color.Transparent)}
	r.track.CornerRadius, r.done.CornerRadius = 2, 2
	r.Layout(s.Size())
	return r
}

type sliderRenderer struct {
	s           *Slider
	track, done *canvas.Rectangle
	knob        *canvas.Circle
	ticks       []*canvas.Rectangle
	objects     []fyne.CanvasObject
}

func (r *sliderRenderer) Destroy()                     {}
func (r *sliderRenderer) MinSize() fyne.Size           { return fyne.NewSize(80, 24) }
func (r *sliderRenderer) Objects() []fyne.CanvasObject { return r.objects }

// maxTicks is how many failed slots are drawn; more would be one red bar anyway.
const maxTicks = 200

func (r *sliderRenderer) Layout(size fyne.Size) {
	s := r.s
	mid := size.Height / 2
	r.track.FillColor = theme.Color(theme.Border)
	r.track.Move(fyne.NewPos(sliderPad, mid-2))
	r.track.Resize(fyne.NewSize(max(0, size.Width-2*sliderPad), 4))
	x := s.x(max(s.at, 0))
	if s.last < 0 {
		x = sliderPad
	}
	r.done.FillColor = theme.Color(theme.Accent)
	r.done.Move(fyne.NewPos(sliderPad, mid-2))
	r.done.Resize(fyne.NewSize(max(x-sliderPad, 0), 4))
	r.objects = append(r.objects[:0], r.track, r.done)
	lastX := float32(-10)
	n := 0
	for i := len(s.errors) - 1; i >= 0 && n < maxTicks; i-- {
		ex := s.x(s.errors[i])
		if lastX > 0 && lastX-ex < 2 {
			continue
		}
		lastX = ex
		if n == len(r.ticks) {
			r.ticks = append(r.ticks, canvas.NewRectangle(color.Transparent))
		}
		t := r.ticks[n]
		n++
		t.FillColor = theme.Color(theme.Bad)
		t.Move(fyne.NewPos(ex-1, mid-7))
		t.Resize(fyne.NewSize(2, 14))
		r.objects = append(r.objects, t)
	}
	d := float32(13)
	if s.focused {
		d = 16
	}
	r.knob.FillColor = theme.Color(theme.Accent)
	r.knob.Hidden = s.last < 0
	r.knob.Move(fyne.NewPos(x-d/2, mid-d/2))
	r.knob.Resize(fyne.NewSquareSize(d))
	r.objects = append(r.objects, r.knob)
}

func (r *sliderRenderer) Refresh() {
	r.Layout(r.s.Size())
	canvas.Refresh(r.s)
}

// Bar is the line at the foot of the window: ◀ ▶, the slot, the slider, Live.
type Bar struct {
	Slider *Slider
	Live   *kit.Button
	Back   *kit.Button
	Next   *kit.Button

	label    *kit.Label
	content  *fyne.Container
	onMoved  func(int64)
	at, last int64
}

// NewBar makes the line. onMoved asks for a slot, onLive for the newest; tail is
// what stands at the right.
func NewBar(onMoved func(n int64), onLive func(), tail fyne.CanvasObject) *Bar {
	b := &Bar{Slider: NewSlider(), label: kit.NewLabel(), onMoved: onMoved, at: -1, last: -1}
	b.Slider.OnMoved = onMoved
	b.Back = kit.NewNote(kit.Bare, func() { b.step(-1) }, kit.Dim("◄"))
	b.Back.Hint = "The slot before (Alt+←)"
	b.Next = kit.NewNote(kit.Bare, func() { b.step(1) }, kit.Dim("►"))
	b.Next.Hint = "The next slot (Alt+→)"
	b.Live = kit.NewNote(kit.Capsule, onLive, kit.Dim("Live"))
	b.Live.Hint = "Follow the newest slot"
	b.Live.SetDot(theme.Good)
	b.content = kit.NewBar(39, b.Slider, b.Back, b.Next, b.label, b.Slider, b.Live, tail)
	b.content.Layout.(*kit.Bar).Gap = 8
	b.content.Layout.(*kit.Bar).Wide = tail
	return b
}

// Widen gives what stands at the right so much more room than it needs, as far as
// the slider can spare it.
func (b *Bar) Widen(by float32) {
	if l := b.content.Layout.(*kit.Bar); l.WideBy != by {
		l.WideBy = by
		b.content.Refresh()
	}
}

// Content is the widget tree.
func (b *Bar) Content() fyne.CanvasObject { return b.content }

// Text is "slot 128 / 128".
func (b *Bar) Text() string { return b.label.Text() }

// Step moves by d slots.
func (b *Bar) step(d int64) {
	n := b.at + d
	if n >= 0 && n <= b.last {
		b.onMoved(n)
	}
}

// StepBack and StepNext are the keys Alt+← and Alt+→.
func (b *Bar) StepBack() { b.step(-1) }

// StepNext shows the next slot.
func (b *Bar) StepNext() { b.step(1) }

// Set shows the slot at of last, and whether the window follows the newest.
func (b *Bar) Set(at, last int64, live bool, errors []int64) {
	b.at, b.last = at, last
	text := "no slot"
	if last >= 0 {
		text = fmt.Sprintf("slot %d / %d", at, last)
	}
	old := b.label.Text()
	b.label.SetRuns(kit.Mono(text, theme.Dim))
	b.Slider.Set(at, last, errors)
	b.Back.SetEnabled(at > 0)
	b.Next.SetEnabled(at < last)
	if live {
		b.Live.SetDot(theme.Good)
		b.Live.SetRuns(kit.Dim("Live"))
	} else {
		b.Live.SetDot(theme.Faint)
		b.Live.SetRuns(kit.Plain("Go live"))
	}
	if len(old) != len(text) {
		b.content.Refresh()
	}
}
