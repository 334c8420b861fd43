package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"patchbay/ui/kit"
	"patchbay/ui/theme"
)

// steps are the five steps of the tour.
func (w *Window) steps() [][2]string {
	first := "Change the script at the left and press Run (" + w.keyName("R") + "): the process evaluates it and keeps its state."
	if w.pid == "" {
		first = "Press " + w.keyName("N") + " to make a process from a template; its script opens at the left, and Run (" + w.keyName("R") + ") loads it."
	}
	return [][2]string{
		{"1 of 5 · The script", first},
		{"2 of 5 · A message", "Below it choose who sends and what, then press Send (" + w.keyName("Enter") + "). Dry run only shows what would happen."},
		{"3 of 5 · The slots", "Every message is a slot. Click one, or move the slider at the foot: the whole window shows that time."},
		{"4 of 5 · The cache", "At the right is what the process exposed. Changed keys light up; ▲ marks what a real node would answer differently."},
		{"5 of 5 · The address", "Choose a key and press Copy URL: it answers on this machine now. " + w.keyName("Shift+P") + " finds every command."},
	}
}

// tour is a line below the header that explains the window in five steps and
// never stands in the way of using it.
type tour struct {
	w       *Window
	content *fyne.Container
	head    *kit.Label
	text    *kit.Paragraph
	next    *kit.Button
	back    *kit.Button
	at      int
	height  float32 // of the text, as the window was laid out for
	outline *outline
}

func newTour(w *Window) *tour {
	t := &tour{w: w, head: kit.NewLabel(), text: kit.NewParagraph(), outline: newOutline()}
	t.back = kit.NewButton(kit.Quiet, "Back", func() { t.show(t.at - 1) })
	t.next = kit.NewButton(kit.Strong, "Next", func() { t.show(t.at + 1) })
	skip := kit.NewButton(kit.Quiet, "Close", t.done)
	buttons := kit.NewBar(42, nil, t.back, t.next, skip)
	buttons.Layout.(*kit.Bar).Gap = 6
	row := container.New(tourRow{t.text}, t.head, t.text, buttons)
	t.content = kit.NewStack(nil, container.NewStack(kit.NewSurface(theme.Sunken), row), kit.NewLine())
	t.content.Hide()
	return t
}

func (t *tour) show(i int) {
	steps := t.w.steps()
	if i >= len(steps) {
		t.done()
		return
	}
	t.at = max(i, 0)
	t.head.SetRuns(kit.Run{Text: steps[t.at][0], Bold: true, Color: theme.Accent})
	t.text.Set(kit.Plain(steps[t.at][1]))
	t.back.SetEnabled(t.at > 0)
	if t.at == len(steps)-1 {
		t.next.SetText("Done")
	} else {
		t.next.SetText("Next")
	}
	if t.at == 1 {
		t.w.Bottom.Select(TabSend)
	}
	t.content.Show()
	t.w.content.Refresh()
	t.tick()
}

// tourRow lays the row of the tour out: the step's name, its text, which takes the
// lines that it needs, and the buttons at the right.
type tourRow struct{ text *kit.Paragraph }

const tourGap = 12

// MinSize is part of fyne.Layout.
func (r tourRow) MinSize(o []fyne.CanvasObject) fyne.Size {
	m := o[2].MinSize()
	return fyne.NewSize(tourGap+o[0].MinSize().Width+tourGap+100+m.Width, max(m.Height, r.text.MinSize().Height+12))
}

// Layout is part of fyne.Layout.
func (r tourRow) Layout(o []fyne.CanvasObject, s fyne.Size) {
	head, buttons := o[0].MinSize(), o[2].MinSize()
	x := tourGap + head.Width + tourGap
	room := max(0, s.Width-x-buttons.Width)
	r.text.Fit(room)
	text := r.text.MinSize().Height
	o[0].Resize(head)
	o[0].Move(fyne.NewPos(tourGap, (s.Height-head.Height)/2))
	o[1].Resize(fyne.NewSize(room, text))
	o[1].Move(fyne.NewPos(x, (s.Height-text)/2))
	o[2].Resize(buttons)
	o[2].Move(fyne.NewPos(s.Width-buttons.Width, (s.Height-buttons.Height)/2))
}

// of is the part of the window that a step speaks of.
func (t *tour) of(step int) fyne.CanvasObject {
	w := t.w
	return []fyne.CanvasObject{w.Files, w.Composer.Content(), w.Slots.Content(), w.Tree.Content(), w.Inspect.Content()}[step]
}

// tick keeps the line round what the step speaks of.
func (t *tour) tick() {
	if t.content.Hidden {
		t.outline.round(fyne.Position{}, fyne.Size{})
		return
	}
	if h := t.text.MinSize().Height; h != t.height { // the window is wider or narrower than it was
		t.height = h
		t.w.content.Refresh()
	}
	o := t.of(t.at)
	if !kit.OnScreen(o) {
		t.outline.round(fyne.Position{}, fyne.Size{})
		return
	}
	d := fyne.CurrentApp().Driver()
	t.outline.round(d.AbsolutePositionForObject(o).Subtract(d.AbsolutePositionForObject(t.w.content)), o.Size())
}

func (t *tour) done() {
	t.w.d.Settings.Set("tour", "seen")
	t.content.Hide()
	t.tick()
	t.w.content.Refresh()
}

// Tour is the sentence of the tour's step, "" when it is not shown.
func (w *Window) Tour() string {
	if w.tour.content.Hidden {
		return ""
	}
	return w.tour.head.Text() + "   " + w.tour.text.Text()
}

// Pointed is the place in the window's content round which the tour has a line; of
// no size when it has none.
func (w *Window) Pointed() (at fyne.Position, size fyne.Size) {
	return w.tour.outline.at, w.tour.outline.size
}

// showTour shows the first steps.
func (w *Window) showTour() { w.tour.show(0) }

// outline is a line round a part of the window, over all of it. It takes no click.
type outline struct {
	widget.BaseWidget
	at   fyne.Position
	size fyne.Size // zero: no line
}

func newOutline() *outline {
	o := &outline{}
	o.ExtendBaseWidget(o)
	return o
}

// round puts the line round a place.
func (o *outline) round(at fyne.Position, size fyne.Size) {
	if o.at != at || o.size != size {
		o.at, o.size = at, size
		o.Refresh()
	}
}

// CreateRenderer is part of fyne.Widget.
func (o *outline) CreateRenderer() fyne.WidgetRenderer {
	r := &outlineRenderer{o: o, r: canvas.NewRectangle(color.Transparent)}
	r.r.StrokeWidth = 2
	r.Refresh()
	return r
}

type outlineRenderer struct {
	o *outline
	r *canvas.Rectangle
}

func (r *outlineRenderer) Destroy()                     {}
func (r *outlineRenderer) MinSize() fyne.Size           { return fyne.Size{} }
func (r *outlineRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.r} }
func (r *outlineRenderer) Layout(fyne.Size) {
	r.r.Hidden = r.o.size.IsZero()
	r.r.Move(r.o.at)
	r.r.Resize(r.o.size)
}

func (r *outlineRenderer) Refresh() {
	r.Layout(r.o.Size())
	r.r.StrokeColor = theme.Color(theme.Accent)
	canvas.Refresh(r.o)
}
