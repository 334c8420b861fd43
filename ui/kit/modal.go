package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/widget"

	"patchbay/ui/theme"
)

// Dialog describes a small window over the window.
type Dialog struct {
	// Title stands above Body.
	Title string
	Body  fyne.CanvasObject
	// Buttons stand at the right below Body, the main one last. Escape on any of them
	// closes the dialog; entries of Body are told by their OnEscape.
	Buttons []*Button
	// Focus gets the keyboard, nil for the last button.
	Focus fyne.Focusable
	// OnHide is told when the dialog is closed.
	OnHide func()
	// Width and Height are the least size; the window's limits both.
	Width, Height float32
}

// DialogPad is what a dialog has less room for its body than it is wide.
const DialogPad = 2 * bodyPad

const bodyPad = 14

// Modal is a dialog that is shown. UI goroutine.
type Modal struct {
	pop    *widget.PopUp
	canvas fyne.Canvas
	onHide func()
}

// ShowModal shows a dialog in the middle of a canvas. What had the keyboard has it
// again when it is hidden.
func ShowModal(c fyne.Canvas, d Dialog) *Modal {
	m := &Modal{canvas: c, onHide: d.OnHide}
	buttons := make([]fyne.CanvasObject, 0, len(d.Buttons)+1)
	buttons = append(buttons, Space())
	for _, b := range d.Buttons {
		b.OnEscape = m.Hide
		buttons = append(buttons, b)
	}
	bar := NewBar(44, buttons[0], buttons...)
	bar.Layout.(*Bar).Pad = 12
	title := container.New(Pad{Left: 14, Top: 10, Right: 14, Bottom: 6}, NewLabel(Run{Text: d.Title, Bold: true, Size: "subHeadingText"}))
	body := container.New(Pad{Left: bodyPad, Top: 2, Right: bodyPad, Bottom: 6}, d.Body)
	size := c.Size()
	box := container.New(Min{Width: min(max(d.Width, 320), size.Width-24), Height: min(d.Height, size.Height-24)},
		NewStack(body, title, body, container.NewStack(NewSurface(theme.Panel), bar)))
	escapes(d.Body, m.Hide)
	m.pop = widget.NewModalPopUp(Framed(box, 0), c)
	m.pop.Show()
	if d.Focus == nil && len(d.Buttons) > 0 {
		d.Focus = d.Buttons[len(d.Buttons)-1]
	}
	if d.Focus != nil {
		c.Focus(d.Focus)
	}
	return m
}

// ShowFolders shows Fyne's dialog for a folder in the middle of the canvas, as big as
// is of use and has room. A size cannot be given to it before it is shown (Fyne 2.8.0
// panics), and when it gets one afterwards it stays where the smaller one stood until
// what it lies on is drawn anew.
func ShowFolders(d *dialog.FileDialog, c fyne.Canvas) {
	d.Show()
	room := c.Size()
	d.Resize(fyne.NewSize(min(760, room.Width-40), min(520, room.Height-40)))
	if o := c.Overlays().Top(); o != nil {
		o.Refresh()
	}
}

// escapes lets Escape on whatever can have the keyboard in an object close what it
// stands in.
func escapes(o fyne.CanvasObject, hide func()) {
	switch o := o.(type) {
	case *Button:
		o.OnEscape = hide
	case *Entry:
		o.OnEscape = hide
	case *Select:
		o.OnEscape = hide
	case *List:
		o.OnEscape = hide
	case *widget.Form:
		for _, it := range o.Items {
			escapes(it.Widget, hide)
		}
	case *fyne.Container:
		for _, x := range o.Objects {
			escapes(x, hide)
		}
	}
}

// Hide closes the dialog.
func (m *Modal) Hide() {
	m.pop.Hide()
	if m.onHide != nil {
		m.onHide()
	}
}

// Select is Fyne's choice of one among several, with the keys of a form.
type Select struct {
	widget.Select
	OnEscape func()
}

// NewSelect makes a choice; the first option is chosen.
func NewSelect(options []string, changed func(i int)) *Select {
	s := &Select{}
	s.Options = options
	s.ExtendBaseWidget(s)
	if len(options) > 0 {
		s.SetSelectedIndex(0)
	}
	s.OnChanged = func(string) { changed(s.SelectedIndex()) }
	return s
}

// TypedKey is part of fyne.Focusable: the arrows change the choice in place, Space
// and Enter show all.
func (s *Select) TypedKey(k *fyne.KeyEvent) {
	if k.Name == fyne.KeyEscape && s.OnEscape != nil {
		s.OnEscape()
		return
	}
	switch k.Name {
	case fyne.KeyDown:
		s.SetSelectedIndex(min(s.SelectedIndex()+1, len(s.Options)-1))
	case fyne.KeyUp:
		s.SetSelectedIndex(max(s.SelectedIndex()-1, 0))
	case fyne.KeyReturn, fyne.KeyEnter:
		s.Select.TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
	default:
		s.Select.TypedKey(k)
	}
}

// Text is a paragraph, wrapped to the room it has.
type Text struct {
	widget.BaseWidget
	text  string
	color fyne.ThemeColorName
	rows  int
}

// NewText makes a paragraph in a colour, with room for a number of lines.
func NewText(text string, c fyne.ThemeColorName, rows int) *Text {
	t := &Text{text: text, color: c, rows: rows}
	t.ExtendBaseWidget(t)
	return t
}

// Set shows another text.
func (t *Text) Set(text string) {
	if t.text != text {
		t.text = text
		t.Refresh()
	}
}

// Text is what is shown.
func (t *Text) Text() string { return t.text }

// CreateRenderer is part of fyne.Widget.
func (t *Text) CreateRenderer() fyne.WidgetRenderer {
	r := &textRenderer{t: t}
	for range t.rows {
		r.labels = append(r.labels, NewLabel())
	}
	return r
}

type textRenderer struct {
	t      *Text
	labels []*Label
}

const textLine = 19

func (r *textRenderer) Destroy() {}
func (r *textRenderer) Objects() []fyne.CanvasObject {
	out := make([]fyne.CanvasObject, len(r.labels))
	for i, l := range r.labels {
		out[i] = l
	}
	return out
}

func (r *textRenderer) MinSize() fyne.Size {
	return fyne.NewSize(100, float32(len(r.labels))*textLine)
}

func (r *textRenderer) Layout(s fyne.Size) {
	var lines []string
	if r.t.text != "" {
		lines = Wrap(Run{Text: r.t.text}, s.Width)
	}
	for i, l := range r.labels {
		text := ""
		if i < len(lines) {
			text = lines[i]
			if i == len(r.labels)-1 && len(lines) > len(r.labels) {
				text += " …"
			}
		}
		l.SetRuns(Run{Text: text, Color: r.t.color})
		l.Resize(fyne.NewSize(s.Width, textLine))
		l.Move(fyne.NewPos(0, float32(i)*textLine))
	}
}

func (r *textRenderer) Refresh() { r.Layout(r.t.Size()) }
