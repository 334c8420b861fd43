package code

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"patchbay/ui/theme"
)

const (
	tabPad   = 14
	tabClose = 16 // width of the cross or the dot
)

// tabBar is the row of tabs. It draws itself and finds out by place what was clicked.
type tabBar struct {
	widget.BaseWidget
	t      *Tabs
	left   float32 // scroll offset when the tabs need more room
	edges  []float32
	over   int // the tab under the pointer, -1 for none
	onX    bool
	objs   []fyne.CanvasObject
	showIt int // the tab that the next drawing brings into view, -1 for none
}

var (
	_ desktop.Mouseable = (*tabBar)(nil)
	_ fyne.Tappable     = (*tabBar)(nil)
	_ desktop.Hoverable = (*tabBar)(nil)
	_ fyne.Scrollable   = (*tabBar)(nil)
)

func newTabBar(t *Tabs) *tabBar {
	b := &tabBar{t: t, over: -1, showIt: -1}
	b.ExtendBaseWidget(b)
	return b
}

// MinSize is the height of a bar.
func (b *tabBar) MinSize() fyne.Size {
	b.ExtendBaseWidget(b)
	return fyne.NewSize(80, theme.Size(theme.SizeBar))
}

func (b *tabBar) reveal(i int) { b.showIt = i; b.Refresh() }

// at gives the tab at a place, len(tabs) for the plus, -1 for none; onX tells whether it is on the cross.
func (b *tabBar) at(p fyne.Position) (i int, onX bool) {
	x := p.X + b.left
	for i := 0; i+1 < len(b.edges); i++ {
		if x >= b.edges[i] && x < b.edges[i+1] {
			return i, i < len(b.t.tabs) && x >= b.edges[i+1]-tabClose-tabPad+4
		}
	}
	return -1, false
}

// Tapped selects a tab, closes it by its cross, or asks for a new file. It waits for the release of the button: what is clicked on
// takes the focus away when the button goes down, and the text gets it back here.
func (b *tabBar) Tapped(ev *fyne.PointEvent) {
	i, onX := b.at(ev.Position)
	switch {
	case i < 0:
	case i == len(b.t.tabs):
		if b.t.opt.OnPlus != nil {
			b.t.opt.OnPlus()
		}
	case onX:
		b.t.Close(b.t.tabs[i])
	default:
		b.t.Select(b.t.tabs[i])
	}
}

// MouseDown closes a tab with the middle button.
func (b *tabBar) MouseDown(m *desktop.MouseEvent) {
	if i, _ := b.at(m.Position); m.Button == desktop.MouseButtonTertiary && i >= 0 && i < len(b.t.tabs) {
		b.t.Close(b.t.tabs[i])
	}
}

// MouseUp is the other half of MouseDown.
func (b *tabBar) MouseUp(*desktop.MouseEvent) {}

// MouseIn starts to show the cross of the tab under the pointer.
func (b *tabBar) MouseIn(m *desktop.MouseEvent) { b.MouseMoved(m) }

// MouseMoved follows the pointer.
func (b *tabBar) MouseMoved(m *desktop.MouseEvent) {
	if i, x := b.at(m.Position); i != b.over || x != b.onX {
		b.over, b.onX = i, x
		b.Refresh()
	}
}

// MouseOut forgets the pointer.
func (b *tabBar) MouseOut() { b.over = -1; b.Refresh() }

// Scrolled moves the tabs when they need more room than there is.
func (b *tabBar) Scrolled(ev *fyne.ScrollEvent) {
	b.left -= ev.Scrolled.DX + ev.Scrolled.DY
	b.Refresh()
}

// CreateRenderer draws the bar. Fyne calls it.
func (b *tabBar) CreateRenderer() fyne.WidgetRenderer { return &tabBarRenderer{b} }

type tabBarRenderer struct{ b *tabBar }

func (r *tabBarRenderer) Destroy()                     {}
func (r *tabBarRenderer) MinSize() fyne.Size           { return fyne.NewSize(80, theme.Size(theme.SizeBar)) }
func (r *tabBarRenderer) Objects() []fyne.CanvasObject { return r.b.objs }
func (r *tabBarRenderer) Layout(fyne.Size)             { r.b.build() }
func (r *tabBarRenderer) Refresh()                     { r.b.build(); canvas.Refresh(r.b) }

func (b *tabBar) build() {
	size := b.Size()
	style := fyne.TextStyle{}
	fill := func(x, y, w, h float32, c fyne.ThemeColorName) {
		o := canvas.NewRectangle(theme.Color(c))
		place(o, x, y, w, h)
		b.objs = append(b.objs, o)
	}
	b.objs = b.objs[:0]
	fill(0, 0, size.Width, size.Height, theme.Panel)
	b.edges = append(b.edges[:0], 0)
	x := float32(0)
	for _, k := range b.t.tabs {
		x += fyne.MeasureText(k.title, em(13), style).Width + 2*tabPad + tabClose
		b.edges = append(b.edges, x)
	}
	if b.t.opt.OnPlus != nil {
		x += 38
		b.edges = append(b.edges, x)
	}
	if i := b.showIt; i >= 0 && i+1 < len(b.edges) && size.Width > 0 {
		b.left = min(b.left, b.edges[i])
		b.left = max(b.left, b.edges[i+1]-size.Width)
		b.showIt = -1
	}
	b.left = max(0, min(b.left, x-size.Width))
	ty := (size.Height - em(18)) / 2
	for i, k := range b.t.tabs {
		x0, x1 := b.edges[i]-b.left, b.edges[i+1]-b.left
		if x1 < 0 || x0 > size.Width {
			continue
		}
		c := theme.Dim
		if i == b.t.active {
			c = theme.Text
			fill(x0, 0, x1-x0, size.Height, theme.Sunken)
			fill(x0, 0, x1-x0, 2, theme.Accent)
		} else if i == b.over {
			fill(x0, 0, x1-x0, size.Height, theme.RowHover)
		}
		fill(x1-1, 0, 1, size.Height, theme.Border)
		b.objs = append(b.objs, label(k.title, x0+tabPad, ty, em(13), theme.Color(c), style))
		b.sign(i, k, x1-tabPad-tabClose+6, size.Height)
	}
	if b.t.opt.OnPlus != nil {
		x0, x1 := b.edges[len(b.t.tabs)]-b.left, b.edges[len(b.t.tabs)+1]-b.left
		if b.over == len(b.t.tabs) {
			fill(x0, 0, x1-x0, size.Height, theme.RowHover)
		}
		b.objs = append(b.objs, label("+", x0+14, ty, em(13), theme.Color(theme.Dim), style))
		fill(x1-1, 0, 1, size.Height, theme.Border)
	}
	fill(0, size.Height-1, size.Width, 1, theme.Border)
	if i := b.t.active; i >= 0 && i+1 < len(b.edges) { // the tab in front is open to the text below it
		fill(max(0, b.edges[i]-b.left), size.Height-1, b.edges[i+1]-b.edges[i]-1, 1, theme.Sunken)
	}
}

// sign draws the dot of an unsaved file, or the cross that closes the tab under the pointer.
func (b *tabBar) sign(i int, k *Tab, x, h float32) {
	if i == b.over {
		c := theme.Color(theme.Dim)
		if b.onX {
			c = theme.Color(theme.Text)
		}
		for _, d := range [2][2]float32{{-3.5, 3.5}, {3.5, -3.5}} {
			o := canvas.NewLine(c)
			o.StrokeWidth = 1.3
			o.Position1 = fyne.NewPos(x+6-3.5, h/2+d[0])
			o.Position2 = fyne.NewPos(x+6+3.5, h/2+d[1])
			b.objs = append(b.objs, o)
		}
		return
	}
	if k.Editor.Modified() {
		dot := canvas.NewCircle(theme.Color(theme.Text))
		place(dot, x+2, h/2-4, 8, 8)
		b.objs = append(b.objs, dot)
	}
}
