package inspect

import (
	"fmt"
	"image/color"
	"math"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"patchbay/ui/theme"
)

// CreateRenderer is part of fyne.Widget.
func (p *Plot) CreateRenderer() fyne.WidgetRenderer {
	r := &plotRenderer{p: p, back: canvas.NewRectangle(color.Transparent), dot: canvas.NewCircle(color.Transparent)}
	r.Layout(p.Size())
	return r
}

type plotRenderer struct {
	p       *Plot
	back    *canvas.Rectangle
	dot     *canvas.Circle
	steps   []*canvas.Rectangle
	texts   []*canvas.Text
	objects []fyne.CanvasObject
	usedR   int
	usedT   int
}

func (r *plotRenderer) Destroy() {}

func (r *plotRenderer) MinSize() fyne.Size { return fyne.NewSize(120, 80) }

func (r *plotRenderer) Objects() []fyne.CanvasObject { return r.objects }

func (r *plotRenderer) rect(c fyne.ThemeColorName, x, y, w, h float32) {
	if r.usedR == len(r.steps) {
		r.steps = append(r.steps, canvas.NewRectangle(color.Transparent))
	}
	o := r.steps[r.usedR]
	r.usedR++
	o.FillColor = theme.Color(c)
	o.Move(fyne.NewPos(x, y))
	o.Resize(fyne.NewSize(w, h))
	r.objects = append(r.objects, o)
}

// text draws a caption; align is 0 for left of x, 1 for x at its right end.
func (r *plotRenderer) text(s string, x, y float32, end bool) {
	if r.usedT == len(r.texts) {
		r.texts = append(r.texts, canvas.NewText("", color.Transparent))
	}
	t := r.texts[r.usedT]
	r.usedT++
	t.Text, t.Color, t.TextSize = s, theme.Color(theme.Dim), 11
	m := t.MinSize()
	if end {
		x -= m.Width
	}
	t.Move(fyne.NewPos(x, y-m.Height/2))
	t.Resize(m)
	r.objects = append(r.objects, t)
}

func (r *plotRenderer) Layout(size fyne.Size) {
	p := r.p
	r.usedR, r.usedT = 0, 0
	r.back.FillColor = theme.Color(theme.Panel)
	r.back.Resize(size)
	r.objects = append(r.objects[:0], r.back)
	if p.numbers == nil {
		p.list.Resize(size)
		p.list.Move(fyne.NewPos(0, 0))
		r.objects = append(r.objects, p.list)
		return
	}
	w, h := size.Width-plotLeft-plotRight, size.Height-plotTop-plotBottom
	if w <= 10 || h <= 10 {
		return
	}
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, f := range p.numbers {
		if !math.IsNaN(f) {
			lo, hi = min(lo, f), max(hi, f)
		}
	}
	ticks := Ticks(lo, hi, max(2, int(h/44)))
	lo, hi = min(lo, ticks[0]), max(hi, ticks[len(ticks)-1])
	y := func(f float64) float32 {
		if hi == lo {
			return plotTop + h/2
		}
		return plotTop + h*float32((hi-f)/(hi-lo))
	}
	step := math.Inf(1)
	if len(ticks) > 1 {
		step = ticks[1] - ticks[0]
	}
	for _, t := range ticks {
		r.rect(theme.Grid, plotLeft, y(t), w, 1)
		r.text(Short(t, step, max(math.Abs(lo), math.Abs(hi))), plotLeft-10, y(t), true)
	}
	first, last := p.points[0].Slot, max(p.last, p.points[len(p.points)-1].Slot)
	x := func(slot int64) float32 {
		if last == first {
			return plotLeft + w
		}
		return plotLeft + w*float32(float64(slot-first)/float64(last-first))
	}
	r.line(x, y, last)
	r.reading(x, y, size)
	r.text(fmt.Sprintf("slot %d", first), plotLeft, size.Height-plotBottom+16, false)
	r.text(strconv.FormatInt(last, 10), plotLeft+w, size.Height-plotBottom+16, true)
}

// line draws steps of rectangles two pixels thick: level until the next change.
func (r *plotRenderer) line(x func(int64) float32, y func(float64) float32, last int64) {
	p := r.p
	const thick = 2
	idx := thin(p.numbers, maxSteps)
	prevY := float32(math.NaN())
	for k, i := range idx {
		f := p.numbers[i]
		x0, x1 := x(p.points[i].Slot), x(last)
		if k+1 < len(idx) {
			x1 = x(p.points[idx[k+1]].Slot)
		}
		if math.IsNaN(f) {
			continue
		}
		yy := y(f)
		if !math.IsNaN(float64(prevY)) {
			top, bottom := min(prevY, yy), max(prevY, yy)
			r.rect(theme.Accent, x0-thick/2, top-thick/2, thick, bottom-top+thick)
		}
		r.rect(theme.Accent, x0, yy-thick/2, max(x1-x0, thick), thick)
		prevY = yy
	}
	if !math.IsNaN(float64(prevY)) {
		r.dot.FillColor = theme.Color(theme.Accent)
		r.dot.Resize(fyne.NewSquareSize(8))
		r.dot.Move(fyne.NewPos(x(last)-4, prevY-4))
		r.objects = append(r.objects, r.dot)
	}
}

// reading draws a line at the slot under the pointer, with its value.
func (r *plotRenderer) reading(x func(int64) float32, y func(float64) float32, size fyne.Size) {
	p := r.p
	text := p.Reading()
	if text == "" {
		return
	}
	at := x(min(p.hover, p.last))
	r.rect(theme.Dim, at, plotTop, 1, size.Height-plotTop-plotBottom)
	if f := p.numbers[p.at(p.hover)]; !math.IsNaN(f) {
		r.rect(theme.Accent, at-3, y(f)-3, 7, 7)
	}
	end := at > size.Width/2
	if end {
		at -= 8
	} else {
		at += 8
	}
	r.text(text, at, plotTop-8, end)
}

func (r *plotRenderer) Refresh() {
	r.Layout(r.p.Size())
	canvas.Refresh(r.p)
}
