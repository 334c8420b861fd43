package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"patchbay/ui/theme"
)

// Tabs is a row of tab names; what they show is the owner's affair. The shown tab
// has the colour of what lies deeper and an edge of the accent colour above.
type Tabs struct {
	widget.BaseWidget
	// OnSelected tells that the user chose a tab.
	OnSelected func(i int)

	names   []string
	badges  []string
	badgeC  []fyne.ThemeColorName
	current int
	hover   int
	focused bool
}

var (
	_ fyne.Widget       = (*Tabs)(nil)
	_ fyne.Tappable     = (*Tabs)(nil)
	_ fyne.Focusable    = (*Tabs)(nil)
	_ desktop.Hoverable = (*Tabs)(nil)
)

// NewTabs makes tabs; the first is shown.
func NewTabs(names ...string) *Tabs {
	t := &Tabs{names: names, badges: make([]string, len(names)), badgeC: make([]fyne.ThemeColorName, len(names)), hover: -1}
	t.ExtendBaseWidget(t)
	return t
}

// Current is the shown tab.
func (t *Tabs) Current() int { return t.current }

// Names are the tabs' names.
func (t *Tabs) Names() []string { return t.names }

// Badge is what stands after a tab's name.
func (t *Tabs) Badge(i int) string { return t.badges[i] }

// Select shows a tab and tells it.
func (t *Tabs) Select(i int) {
	if i < 0 || i >= len(t.names) {
		return
	}
	t.current = i
	t.Refresh()
	if t.OnSelected != nil {
		t.OnSelected(i)
	}
}

// SetBadge puts a short text, normally a count, after a tab's name.
func (t *Tabs) SetBadge(i int, text string, c fyne.ThemeColorName) {
	if t.badges[i] != text || t.badgeC[i] != c {
		t.badges[i], t.badgeC[i] = text, c
		t.Refresh()
	}
}

// Left and right of a tab's name: as much as there is room for.
const (
	tabPad      = 15
	leastTabPad = 4
)

// pad is that room: where all tabs do not fit side by side, they stand closer.
func (t *Tabs) pad() float32 {
	var text float32
	for i := range t.names {
		text += t.text(i)
	}
	return max(leastTabPad, min(tabPad, (t.Size().Width-text)/float32(2*len(t.names))))
}

func (t *Tabs) runs(i int) (name, badge Run) {
	name = Run{Text: t.names[i], Color: theme.Dim}
	if i == t.current || i == t.hover {
		name.Color = theme.Text
	}
	badge = Run{Text: t.badges[i], Color: t.badgeC[i]}
	if badge.Color == "" {
		badge.Color = name.Color
	}
	return name, badge
}

func (t *Tabs) width(i int) float32 {
	return t.text(i) + 2*t.pad()
}

// text is the width of a tab's name and badge.
func (t *Tabs) text(i int) float32 {
	name, badge := t.runs(i)
	w := name.Width()
	if badge.Text != "" {
		w += badge.Width() + 5
	}
	return w
}

func (t *Tabs) at(x float32) int {
	for i := range t.names {
		if x -= t.width(i); x < 0 {
			return i
		}
	}
	return -1
}

// Tapped shows the tab under the pointer.
func (t *Tabs) Tapped(e *fyne.PointEvent) {
	if i := t.at(e.Position.X); i >= 0 {
		t.Select(i)
	}
}

// MouseIn lights the tab under the pointer.
func (t *Tabs) MouseIn(e *desktop.MouseEvent) { t.MouseMoved(e) }

// MouseMoved lights the tab under the pointer.
func (t *Tabs) MouseMoved(e *desktop.MouseEvent) {
	if i := t.at(e.Position.X); i != t.hover {
		t.hover = i
		t.Refresh()
	}
}

// MouseOut puts the light out.
func (t *Tabs) MouseOut() { t.hover = -1; t.Refresh() }

// FocusGained shows that arrow keys work here.
func (t *Tabs) FocusGained() { t.focused = true; t.Refresh() }

// FocusLost is its opposite.
func (t *Tabs) FocusLost() { t.focused = false; t.Refresh() }

// TypedRune does nothing.
func (t *Tabs) TypedRune(rune) {}

// TypedKey moves between tabs.
func (t *Tabs) TypedKey(k *fyne.KeyEvent) {
	switch k.Name {
	case fyne.KeyRight:
		t.Select(min(t.current+1, len(t.names)-1))
	case fyne.KeyLeft:
		t.Select(max(t.current-1, 0))
	case fyne.KeyHome:
		t.Select(0)
	case fyne.KeyEnd:
		t.Select(len(t.names) - 1)
	}
}

// CreateRenderer is part of fyne.Widget.
func (t *Tabs) CreateRenderer() fyne.WidgetRenderer {
	r := &tabsRenderer{
		t: t, back: canvas.NewRectangle(color.Transparent), line: canvas.NewRectangle(color.Transparent),
		ring: canvas.NewRectangle(color.Transparent),
	}
	for range t.names {
		r.tabs = append(r.tabs, tabView{
			canvas.NewRectangle(color.Transparent), canvas.NewRectangle(color.Transparent), canvas.NewRectangle(color.Transparent),
			canvas.NewText("", color.Transparent), canvas.NewText("", color.Transparent),
		})
	}
	r.Layout(t.Size())
	return r
}

type tabView struct {
	fill, edge, side *canvas.Rectangle
	name, badge      *canvas.Text
}

type tabsRenderer struct {
	t          *Tabs
	back, line *canvas.Rectangle
	ring       *canvas.Rectangle // round the tab that the keyboard moves from
	tabs       []tabView
}

func (r *tabsRenderer) Destroy() {}
func (r *tabsRenderer) Objects() []fyne.CanvasObject {
	o := []fyne.CanvasObject{r.back, r.line}
	for _, v := range r.tabs {
		o = append(o, v.fill, v.edge, v.side, v.name, v.badge)
	}
	return append(o, r.ring)
}

func (r *tabsRenderer) MinSize() fyne.Size {
	var w float32
	for i := range r.tabs {
		w += r.t.text(i) + 2*tabPad
	}
	return fyne.NewSize(w, theme.Size(theme.SizeBar))
}

func (r *tabsRenderer) Layout(s fyne.Size) {
	rect(r.back, theme.Panel, 0, 0, s.Width, s.Height)
	rect(r.line, theme.Border, 0, s.Height-1, s.Width, 1)
	r.ring.Hidden = !r.t.focused
	r.ring.StrokeColor, r.ring.StrokeWidth, r.ring.CornerRadius = theme.Color(theme.Accent), 2, 4
	var x float32
	pad := r.t.pad()
	for i, v := range r.tabs {
		w := r.t.width(i)
		if i == r.t.current {
			r.ring.Move(fyne.NewPos(x+4, 5))
			r.ring.Resize(fyne.NewSize(w-9, s.Height-10))
		}
		fill, edge := fyne.ThemeColorName(""), fyne.ThemeColorName("")
		if i == r.t.current {
			fill, edge = theme.Sunken, theme.Accent
		} else if i == r.t.hover {
			fill = theme.RowHover
		}
		rect(v.fill, fill, x, 0, w, s.Height)
		rect(v.edge, edge, x, 0, w, 2)
		rect(v.side, theme.Border, x+w-1, 0, 1, s.Height)
		name, badge := r.t.runs(i)
		name.draw(v.name)
		m := v.name.MinSize()
		v.name.Resize(m)
		v.name.Move(fyne.NewPos(x+pad, (s.Height-m.Height)/2))
		badge.draw(v.badge)
		v.badge.Hidden = badge.Text == ""
		v.badge.Resize(v.badge.MinSize())
		v.badge.Move(fyne.NewPos(x+pad+m.Width+5, (s.Height-m.Height)/2))
		x += w
	}
}

func (r *tabsRenderer) Refresh() {
	r.Layout(r.t.Size())
	canvas.Refresh(r.t)
}
