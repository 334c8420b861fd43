package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"patchbay/ui/theme"
)

// Progress is a thin bar: a part of it is full, or, when nobody knows how much is
// left, a piece of it wanders with every Step. It moves nothing by itself.
type Progress struct {
	widget.BaseWidget
	part float32 // below zero: not known
	step int
}

// NewProgress makes a hidden bar.
func NewProgress() *Progress {
	p := &Progress{part: -1}
	p.ExtendBaseWidget(p)
	p.Hide()
	return p
}

// Part is how much is done, from 0 to 1, and below zero when that is not known.
func (p *Progress) Part() float32 { return p.part }

// Step shows how much is done, from 0 to 1; below zero the wandering piece goes on.
func (p *Progress) Step(part float32) {
	if part < 0 {
		p.step++
	} else if part == p.part {
		return
	}
	p.part = min(part, 1)
	p.Refresh()
}

// CreateRenderer is part of fyne.Widget.
func (p *Progress) CreateRenderer() fyne.WidgetRenderer {
	return &progressRenderer{p, canvas.NewRectangle(color.Transparent), canvas.NewRectangle(color.Transparent)}
}

type progressRenderer struct {
	p          *Progress
	back, full *canvas.Rectangle
}

func (r *progressRenderer) Destroy()                     {}
func (r *progressRenderer) MinSize() fyne.Size           { return fyne.NewSize(72, 5) }
func (r *progressRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.back, r.full} }

func (r *progressRenderer) Layout(s fyne.Size) {
	r.back.FillColor, r.full.FillColor = theme.Color(theme.Border), theme.Color(theme.Accent)
	r.back.CornerRadius, r.full.CornerRadius = s.Height/2, s.Height/2
	r.back.Resize(s)
	if r.p.part >= 0 {
		r.full.Move(fyne.NewPos(0, 0))
		r.full.Resize(fyne.NewSize(s.Width*r.p.part, s.Height))
		return
	}
	const steps = 24 // to the other end
	at := r.p.step % (2 * steps)
	if at > steps {
		at = 2*steps - at
	}
	wide := s.Width / 4
	r.full.Move(fyne.NewPos((s.Width-wide)*float32(at)/steps, 0))
	r.full.Resize(fyne.NewSize(wide, s.Height))
}

func (r *progressRenderer) Refresh() {
	r.Layout(r.p.Size())
	canvas.Refresh(r.p)
}
