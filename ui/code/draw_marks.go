package code

import (
	"image/color"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
)

// squiggles underlines the marks of a line.
func (r *renderer) squiggles(i int) {
	e := r.e
	for _, k := range e.marks.at(i) {
		if k.Severity == Info {
			continue
		}
		from, to := k.span(e.buf)
		line := e.buf.Line(i)
		a, b := float32(e.ruler.Cell(line, from)), float32(e.ruler.Cell(line, to))
		if b <= a {
			b = a + 1
		}
		x0 := max(e.gutter(), e.gutter()+a*e.cell.Width-e.left)
		x1 := min(e.Size().Width, e.gutter()+b*e.cell.Width-e.left)
		r.wave(x0, x1, e.y(i)+e.cell.Height-3.5, r.p.severity(k.Severity))
	}
}

// wave draws a zigzag of 2 by 3 pixels.
func (r *renderer) wave(x0, x1, y float32, c color.Color) {
	const step, rise = 3, 2
	up := false
	for x := x0; x < x1; x += step {
		if r.nWave == len(r.waves) {
			r.waves = append(r.waves, canvas.NewLine(c))
		}
		o := r.waves[r.nWave]
		r.nWave++
		o.StrokeColor, o.StrokeWidth = c, 1.2
		a, b := y+rise, y
		if up {
			a, b = b, a
		}
		o.Position1, o.Position2 = fyne.NewPos(x, a), fyne.NewPos(min(x1, x+step), b)
		up = !up
		r.objs = append(r.objs, o)
	}
}

// gutter draws line numbers, the dots of marks and the bars of executed lines.
func (r *renderer) gutter(first, last int) {
	e := r.e
	size, g, cw, ch := e.Size(), e.gutter(), e.cell.Width, e.cell.Height
	if e.left > 0 {
		r.rect(0, 0, g-4, size.Height, r.p.gutter)
		if l := e.sel.Caret.Line; l >= first && l <= last && e.sel.Empty() {
			r.rect(0, e.y(l), g-4, ch, r.p.line)
		}
	}
	right := g - textPad
	for i := first; i <= last; i++ {
		y := e.y(i)
		c := r.p.number
		if i == e.sel.Caret.Line && e.labels == nil {
			c = r.p.numberHere
		}
		if s, ok := e.marks.worst(i); ok {
			if s == Error {
				r.rect(0, y, right+4, ch, r.p.badBack)
			}
			if s > Info {
				c = r.p.severity(s)
			}
			r.rect(4, y+(ch-5)/2, 5, 5, r.p.severity(s)).CornerRadius = 2.5
		}
		n := strconv.Itoa(i + 1)
		if e.labels != nil {
			if n = ""; i < len(e.labels) {
				n = e.labels[i]
			}
		}
		w := float32(len(n)) * cw
		r.text(right-w, y, n, r.size, w, c)
	}
	// One bar for each run of executed lines.
	for i := first; i <= last; i++ {
		if _, ok := e.coverage[i]; !ok {
			continue
		}
		from := i
		for i < last {
			if _, ok := e.coverage[i+1]; !ok {
				break
			}
			i++
		}
		r.rect(right+10, e.y(from), 4, float32(i-from+1)*ch, r.p.cover)
	}
}

func (r *renderer) drawCaret() {
	e := r.e
	p := e.point(e.sel.Caret)
	r.caret.FillColor = r.p.caret
	r.caret.Hidden = !e.caretShown() || p.X < e.gutter()-2
	place(r.caret, p.X-1, p.Y+1, 2, e.cell.Height-2)
	r.objs = append(r.objs, r.caret)
	if r.caret.Hidden && !e.caretShown() {
		return
	}
	first, last := e.rows()
	for _, x := range e.extra {
		if x.Caret.Line >= first && x.Caret.Line <= last {
			if p := e.point(x.Caret); p.X >= e.gutter()-2 {
				r.rect(p.X-1, p.Y+1, 2, e.cell.Height-2, r.p.caret)
			}
		}
	}
}

// bars draws the scroll bars, with ticks where marks and matches are.
func (r *renderer) bars() {
	e := r.e
	size := e.Size()
	across := e.hbar()
	if across.shown { // on a ground of its own: it would strike the last line through
		r.rect(0, size.Height-barSize, size.Width, barSize, r.p.back)
	}
	if b := e.vbar(); b.shown {
		total := float32(e.buf.Len()+extra) * e.cell.Height
		tick := func(line int, c color.Color) {
			r.rect(size.Width-barSize+1, float32(line)*e.cell.Height/total*size.Height, barSize-2, 2, c)
		}
		for _, m := range e.find.ticks() {
			tick(m.From.Line, r.p.match)
		}
		for i, k := range e.marks.all {
			if i < 200 {
				tick(k.Line-1, r.p.severity(k.Severity))
			}
		}
		r.rect(size.Width-barSize+2, b.at, barSize-4, b.length, r.p.bar).CornerRadius = 3
	}
	if b := across; b.shown {
		r.rect(e.gutter()+b.at, size.Height-barSize+2, b.length, barSize-4, r.p.bar).CornerRadius = 3
	}
}
