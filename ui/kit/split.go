package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"patchbay/ui/theme"
)

// Split shows two objects side by side (or one above the other) with a line of
// one pixel between them that can be dragged; Fyne's own split has a bar there.
type Split struct {
	widget.BaseWidget
	First, Second fyne.CanvasObject
	// Offset is the first one's part of the room, 0 to 1.
	Offset float64
	// OnMoved tells that the user dragged the line.
	OnMoved func()

	vertical bool // the second below the first
	grip     *grip
}

var _ fyne.Widget = (*Split)(nil)

// NewSplit puts two objects side by side.
func NewSplit(first, second fyne.CanvasObject, offset float64) *Split {
	return newSplit(first, second, offset, false)
}

// NewVSplit puts the second object below the first.
func NewVSplit(first, second fyne.CanvasObject, offset float64) *Split {
	return newSplit(first, second, offset, true)
}

func newSplit(first, second fyne.CanvasObject, offset float64, vertical bool) *Split {
	s := &Split{First: first, Second: second, Offset: offset, vertical: vertical}
	s.grip = &grip{s: s}
	s.grip.ExtendBaseWidget(s.grip)
	s.ExtendBaseWidget(s)
	return s
}

// SetOffset moves the line.
func (s *Split) SetOffset(f float64) {
	s.Offset = f
	s.Refresh()
}

// CreateRenderer is part of fyne.Widget.
func (s *Split) CreateRenderer() fyne.WidgetRenderer { return &splitRenderer{s} }

type splitRenderer struct{ s *Split }

func (r *splitRenderer) Destroy() {}
func (r *splitRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.s.First, r.s.Second, r.s.grip}
}

func (r *splitRenderer) MinSize() fyne.Size {
	a, b := r.s.First.MinSize(), r.s.Second.MinSize()
	if r.s.vertical {
		return fyne.NewSize(max(a.Width, b.Width), a.Height+b.Height+1)
	}
	return fyne.NewSize(a.Width+b.Width+1, max(a.Height, b.Height))
}

// gripWidth is how wide the part is that can be dragged; the line in it has one pixel.
const gripWidth = 7

func (r *splitRenderer) Layout(size fyne.Size) {
	s := r.s
	all, a, b := size.Width, s.First.MinSize().Width, s.Second.MinSize().Width
	if s.vertical {
		all, a, b = size.Height, s.First.MinSize().Height, s.Second.MinSize().Height
	}
	all--
	at := float32(s.Offset) * all
	at = max(a, min(at, all-b))
	at = float32(int(at))
	place := func(o fyne.CanvasObject, from, length float32) {
		if s.vertical {
			o.Move(fyne.NewPos(0, from))
			o.Resize(fyne.NewSize(size.Width, length))
		} else {
			o.Move(fyne.NewPos(from, 0))
			o.Resize(fyne.NewSize(length, size.Height))
		}
	}
	place(s.First, 0, at)
	place(s.Second, at+1, max(0, all-at))
	place(s.grip, at-gripWidth/2, gripWidth)
}

func (r *splitRenderer) Refresh() {
	r.Layout(r.s.Size())
	r.s.grip.Refresh()
	canvas.Refresh(r.s)
}

// grip is what is dragged.
type grip struct {
	widget.BaseWidget
	s       *Split
	hover   bool
	focused bool
}

var (
	_ fyne.Draggable     = (*grip)(nil)
	_ fyne.Focusable     = (*grip)(nil)
	_ desktop.Hoverable  = (*grip)(nil)
	_ desktop.Cursorable = (*grip)(nil)
)

// Dragged moves the line.
func (g *grip) Dragged(e *fyne.DragEvent) {
	size := g.s.Size()
	at, all := g.Position().X+e.Position.X, size.Width-1
	if g.s.vertical {
		at, all = g.Position().Y+e.Position.Y, size.Height-1
	}
	if all > 0 {
		g.s.Offset = float64(max(0, min(1, at/all)))
		g.s.Refresh()
	}
}

// DragEnd tells that the line was moved.
func (g *grip) DragEnd() {
	if g.s.OnMoved != nil {
		g.s.OnMoved()
	}
}

// FocusGained shows that the arrows move the line.
func (g *grip) FocusGained() { g.focused = true; g.Refresh() }

// FocusLost is its opposite.
func (g *grip) FocusLost() { g.focused = false; g.Refresh() }

// TypedRune does nothing.
func (g *grip) TypedRune(rune) {}

// TypedKey moves the line by a fiftieth of the room.
func (g *grip) TypedKey(k *fyne.KeyEvent) {
	const step = 0.02
	less, more := fyne.KeyLeft, fyne.KeyRight
	if g.s.vertical {
		less, more = fyne.KeyUp, fyne.KeyDown
	}
	switch k.Name {
	case less:
		g.s.Offset = max(0.05, g.s.Offset-step)
	case more:
		g.s.Offset = min(0.95, g.s.Offset+step)
	default:
		return
	}
	g.s.Refresh()
	g.DragEnd()
}

// MouseIn lights the line.
func (g *grip) MouseIn(*desktop.MouseEvent) { g.hover = true; g.Refresh() }

// MouseMoved does nothing.
func (g *grip) MouseMoved(*desktop.MouseEvent) {}

// MouseOut puts the light out.
func (g *grip) MouseOut() { g.hover = false; g.Refresh() }

// Cursor shows in which direction it goes.
func (g *grip) Cursor() desktop.Cursor {
	if g.s.vertical {
		return desktop.VResizeCursor
	}
	return desktop.HResizeCursor
}

// CreateRenderer is part of fyne.Widget.
func (g *grip) CreateRenderer() fyne.WidgetRenderer {
	r := &gripRenderer{g: g, line: canvas.NewRectangle(theme.Color(theme.Border))}
	return r
}

type gripRenderer struct {
	g    *grip
	line *canvas.Rectangle
}

func (r *gripRenderer) Destroy()                     {}
func (r *gripRenderer) MinSize() fyne.Size           { return fyne.NewSize(1, 1) }
func (r *gripRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.line} }

func (r *gripRenderer) Layout(s fyne.Size) {
	wide := float32(1)
	from := float32(gripWidth / 2)
	if r.g.hover || r.g.focused {
		wide, from = 3, from-1
	}
	if r.g.s.vertical {
		r.line.Move(fyne.NewPos(0, from))
		r.line.Resize(fyne.NewSize(s.Width, wide))
	} else {
		r.line.Move(fyne.NewPos(from, 0))
		r.line.Resize(fyne.NewSize(wide, s.Height))
	}
}

func (r *gripRenderer) Refresh() {
	r.line.FillColor = theme.Color(theme.Border)
	if r.g.hover || r.g.focused {
		r.line.FillColor = theme.Color(theme.Accent)
	}
	r.Layout(r.g.Size())
	canvas.Refresh(r.g)
}
