package kit

import (
	"image/color"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"patchbay/ui/theme"
)

// Bar is a row of objects, each at its own height in the middle, from left to
// right with Gap between them; one of them may take what is left over.
type Bar struct {
	// Height is the least height, Gap the space between objects, Pad left and right.
	Height, Gap, Pad float32
	// Stretch is the object that takes the rest, nil for none.
	Stretch fyne.CanvasObject
	// TailFrom is the index from which objects stand at the right edge; 0 for none.
	TailFrom int
	// Spare are objects that go, the first one first, when there is no room for all;
	// the least size is that without them. Who hides one for another reason takes it
	// out of the row.
	Spare []fyne.CanvasObject
	// Wide is an object that gets up to WideBy more than it needs, before Stretch gets
	// the rest, of which a fifth is left to it.
	Wide   fyne.CanvasObject
	WideBy float32
}

// fit shows as many of the spare objects as there is room for.
func (b *Bar) fit(objs []fyne.CanvasObject, width float32) {
	if len(b.Spare) == 0 {
		return
	}
	left := width - b.least(objs, true)
	for i := len(b.Spare) - 1; i >= 0; i-- {
		o := b.Spare[i]
		left -= o.MinSize().Width + b.Gap
		if hide := left < 0; hide == o.Visible() {
			if hide {
				o.Hide()
			} else {
				o.Show()
			}
		}
	}
}

// least is the width of what is shown, without the spare objects if asked so.
func (b *Bar) least(objs []fyne.CanvasObject, spared bool) float32 {
	w := 2 * b.Pad
	first := true
	for _, o := range objs {
		if !o.Visible() || spared && slices.Contains(b.Spare, o) {
			continue
		}
		if !first {
			w += b.Gap
		}
		first = false
		w += o.MinSize().Width
	}
	return w
}

// MinSize is part of fyne.Layout.
func (b *Bar) MinSize(objs []fyne.CanvasObject) fyne.Size {
	h := b.Height
	for _, o := range objs {
		if o.Visible() {
			h = max(h, o.MinSize().Height)
		}
	}
	return fyne.NewSize(b.least(objs, true), h)
}

// Layout is part of fyne.Layout.
func (b *Bar) Layout(objs []fyne.CanvasObject, s fyne.Size) {
	b.fit(objs, s.Width)
	rest := s.Width - b.least(objs, false)
	wide := float32(0)
	if b.Wide != nil {
		wide = max(0, min(b.WideBy, rest*0.8))
		rest -= wide
	}
	x := b.Pad
	for i, o := range objs {
		if !o.Visible() {
			continue
		}
		m := o.MinSize()
		if o == b.Wide {
			m.Width += wide
		}
		if o == b.Stretch {
			m.Width = max(m.Width+rest, min(m.Width, 40)) // a window can be narrower than all that is in it
		} else if b.TailFrom > 0 && i == b.TailFrom && b.Stretch == nil {
			x += max(rest, 0)
		}
		o.Resize(m)
		o.Move(fyne.NewPos(x, (s.Height-m.Height)/2))
		x += m.Width + b.Gap
	}
}

// NewBar lays objects out in a row; stretch (nil or one of them) takes the rest.
func NewBar(height float32, stretch fyne.CanvasObject, objs ...fyne.CanvasObject) *fyne.Container {
	return container.New(&Bar{Height: height, Gap: 10, Pad: 12, Stretch: stretch}, objs...)
}

// Space is an empty object that a Bar can stretch.
func Space() fyne.CanvasObject {
	r := canvas.NewRectangle(color.Transparent)
	return r
}

// Surface is a plain coloured background that follows the theme.
type Surface struct {
	widget.BaseWidget
	name   fyne.ThemeColorName
	min    fyne.Size
	frame  bool // only its edge is drawn
	radius float32
}

// NewSurface makes a background of this colour.
func NewSurface(c fyne.ThemeColorName) *Surface {
	s := &Surface{name: c}
	s.ExtendBaseWidget(s)
	return s
}

// NewLine makes a line of one pixel that separates panels, to be stretched in one direction.
func NewLine() *Surface {
	s := &Surface{name: theme.Border, min: fyne.NewSize(1, 1)}
	s.ExtendBaseWidget(s)
	return s
}

// Framed draws a thin line round an object that lies over others or has no edge of
// its own; radius is that of its corners.
func Framed(o fyne.CanvasObject, radius float32) *fyne.Container {
	s := &Surface{name: theme.Border, frame: true, radius: radius}
	s.ExtendBaseWidget(s)
	return container.NewStack(o, s)
}

// CreateRenderer is part of fyne.Widget.
func (s *Surface) CreateRenderer() fyne.WidgetRenderer {
	r := &surfaceRenderer{s: s, r: canvas.NewRectangle(color.Transparent)}
	r.colour()
	return r
}

type surfaceRenderer struct {
	s *Surface
	r *canvas.Rectangle
}

func (r *surfaceRenderer) Destroy()                     {}
func (r *surfaceRenderer) Layout(s fyne.Size)           { r.r.Resize(s) }
func (r *surfaceRenderer) MinSize() fyne.Size           { return r.s.min }
func (r *surfaceRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.r} }
func (r *surfaceRenderer) Refresh() {
	r.colour()
	canvas.Refresh(r.s)
}

func (r *surfaceRenderer) colour() {
	if r.s.frame {
		r.r.StrokeColor, r.r.StrokeWidth, r.r.CornerRadius = theme.Color(r.s.name), 1, r.s.radius
		return
	}
	r.r.FillColor = theme.Color(r.s.name)
}

// Stack lays objects below each other with nothing between them; Fill is the one
// that takes the rest of the height.
type Stack struct {
	Fill fyne.CanvasObject
	// Gives is an object that is lower than it wants to be, down to leastGiven, where
	// Fill would get less than Least otherwise. It has to scroll what it holds.
	Gives fyne.CanvasObject
	Least float32
}

// leastGiven is the least height of an object that gives.
const leastGiven = 24

// NewStack makes a column; fill (nil or one of objs) takes the rest of the height.
func NewStack(fill fyne.CanvasObject, objs ...fyne.CanvasObject) *fyne.Container {
	return container.New(&Stack{Fill: fill}, objs...)
}

// MinSize is part of fyne.Layout.
func (c *Stack) MinSize(objs []fyne.CanvasObject) fyne.Size {
	var w, h float32
	for _, o := range objs {
		if o.Visible() {
			m := o.MinSize()
			w = max(w, m.Width)
			if o == c.Gives {
				m.Height = min(m.Height, leastGiven)
			}
			h += m.Height
		}
	}
	return fyne.NewSize(w, h)
}

// Layout is part of fyne.Layout.
func (c *Stack) Layout(objs []fyne.CanvasObject, s fyne.Size) {
	rest := s.Height - c.MinSize(objs).Height
	var given float32 // beyond the least, to the one that gives
	if c.Gives != nil && c.Gives.Visible() {
		given = max(0, min(c.Gives.MinSize().Height-leastGiven, rest+c.Fill.MinSize().Height-c.Least))
		rest -= given
	}
	var y float32
	for _, o := range objs {
		if !o.Visible() {
			continue
		}
		h := o.MinSize().Height
		switch o {
		case c.Fill:
			h = max(h+rest, 0)
		case c.Gives:
			h = min(h, leastGiven) + given
		}
		o.Resize(fyne.NewSize(s.Width, h))
		o.Move(fyne.NewPos(0, y))
		y += h
	}
}

// Pad is a layout that leaves space around its one object.
type Pad struct{ Left, Top, Right, Bottom float32 }

// MinSize is part of fyne.Layout.
func (p Pad) MinSize(objs []fyne.CanvasObject) fyne.Size {
	var m fyne.Size
	for _, o := range objs {
		m = m.Max(o.MinSize())
	}
	return m.AddWidthHeight(p.Left+p.Right, p.Top+p.Bottom)
}

// Layout is part of fyne.Layout.
func (p Pad) Layout(objs []fyne.CanvasObject, s fyne.Size) {
	for _, o := range objs {
		o.Move(fyne.NewPos(p.Left, p.Top))
		o.Resize(fyne.NewSize(max(0, s.Width-p.Left-p.Right), max(0, s.Height-p.Top-p.Bottom)))
	}
}

// Min is a layout that keeps its objects at least this big and gives them all its room.
type Min struct{ Width, Height float32 }

// MinSize is part of fyne.Layout. A zero dimension is the objects' own.
func (m Min) MinSize(objs []fyne.CanvasObject) fyne.Size {
	var s fyne.Size
	for _, o := range objs {
		s = s.Max(o.MinSize())
	}
	if m.Width > 0 {
		s.Width = m.Width
	}
	if m.Height > 0 {
		s.Height = m.Height
	}
	return s
}

// Layout is part of fyne.Layout.
func (m Min) Layout(objs []fyne.CanvasObject, s fyne.Size) {
	for _, o := range objs {
		o.Move(fyne.NewPos(0, 0))
		o.Resize(s)
	}
}
