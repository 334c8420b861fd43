package code

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"patchbay/ui/theme"
)

// showDiff is the label of the action that compares two texts.
const showDiff = "Show differences"

// action is something that a strip offers to do.
type action struct {
	label string
	do    func()
}

// strip says something about a file and asks what to do, in one or two lines between the tabs and the text.
type strip struct {
	widget.BaseWidget
	message string
	actions []action
	back    func() // set while a comparison is shown
	buttons []*widget.Button
	backBtn *widget.Button
	objs    []fyne.CanvasObject
	want    float32
}

// ask shows a message with things to do about it; the first is the one that is mostly wanted.
func (k *Tab) ask(message string, actions ...action) {
	s := &strip{message: message, actions: actions}
	for i, a := range actions {
		b := widget.NewButton(a.label, a.do)
		if i == 0 {
			b.Importance = widget.HighImportance
		}
		s.buttons = append(s.buttons, b)
	}
	s.backBtn = widget.NewButton("Back to the text", func() {
		if s.back != nil {
			s.back()
		}
	})
	s.ExtendBaseWidget(s)
	k.strip = s
	if k.diff != nil {
		k.endCompare()
	}
	k.owner.Refresh()
}

// tell shows a message that only needs to be read.
func (k *Tab) tell(message string) { k.ask(message, action{"OK", func() { k.quiet() }}) }

// quiet takes the strip away.
func (k *Tab) quiet() {
	if k.strip == nil {
		return
	}
	k.strip = nil
	k.diff = nil
	k.owner.Refresh()
	if k.owner.Active() == k {
		k.Editor.focusOn(k.Editor)
	}
}

// Message gives what the strip says, "" when there is none.
func (k *Tab) Message() string {
	if k.strip == nil {
		return ""
	}
	return k.strip.message
}

// layout places text and buttons for a width and remembers the height that they need.
func (s *strip) layout(width float32) {
	style := fyne.TextStyle{}
	buttons := s.buttons
	if s.back != nil { // what led to the comparison gives way to the way back
		buttons = []*widget.Button{s.backBtn}
		for i, b := range s.buttons {
			if s.actions[i].label != showDiff {
				buttons = append(buttons, b)
			}
		}
	}
	total := float32(0)
	for _, b := range buttons {
		total += b.MinSize().Width + 6
	}
	bh := s.backBtn.MinSize().Height
	room := max(60, width-24)
	beside := total < width*0.55
	if beside {
		room -= total + 8
	}
	back := canvas.NewRectangle(theme.Color(theme.Panel))
	edge := canvas.NewRectangle(theme.Color(theme.Warn))
	rule := canvas.NewRectangle(theme.Color(theme.Border))
	s.objs = append(s.objs[:0], back, edge, rule)
	lines := wrap(s.message, room, em(13), style, 4)
	y := float32(8)
	if beside && len(lines) == 1 {
		y = (bh + 12 - em(18)) / 2
	}
	for _, l := range lines {
		s.objs = append(s.objs, label(l, 14, y, em(13), theme.Color(theme.Text), style))
		y += em(18)
	}
	y += 6
	x := width - 8 - total
	by := float32(6)
	if !beside {
		x, by = 12, y
		y += bh + 8
	}
	for _, b := range buttons {
		place(b, x, by, b.MinSize().Width, bh)
		x += b.MinSize().Width + 6
		s.objs = append(s.objs, b)
	}
	s.want = max(y, bh+12)
	place(back, 0, 0, width, s.want)
	place(edge, 0, 0, 3, s.want)
	place(rule, 0, s.want-1, width, 1)
}

// CreateRenderer draws the strip. Fyne calls it.
func (s *strip) CreateRenderer() fyne.WidgetRenderer { return &stripRenderer{s} }

type stripRenderer struct{ s *strip }

func (r *stripRenderer) Destroy()                     {}
func (r *stripRenderer) MinSize() fyne.Size           { return fyne.NewSize(120, 36) }
func (r *stripRenderer) Objects() []fyne.CanvasObject { return r.s.objs }
func (r *stripRenderer) Layout(sz fyne.Size)          { r.s.layout(sz.Width) }
func (r *stripRenderer) Refresh() {
	r.s.layout(r.s.Size().Width)
	canvas.Refresh(r.s)
}
