package inspect

import (
	"fmt"
	"image/color"
	"math"
	"sort"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"patchbay/patchdev"
	"patchbay/ui/kit"
	"patchbay/ui/theme"
)

// Plot draws the past of a path: numbers as a line of steps, everything else as a
// list of what it was from when.
type Plot struct {
	widget.BaseWidget
	// OnShow asks for the window's state after a slot: a click on the line.
	OnShow func(n int64)

	points  []Point
	numbers []float64
	last    int64
	list    *kit.List
	hover   int64 // slot under the pointer, -1 for none
	focused bool
}

var (
	_ fyne.Widget        = (*Plot)(nil)
	_ fyne.Tappable      = (*Plot)(nil)
	_ desktop.Cursorable = (*Plot)(nil)
	_ desktop.Hoverable  = (*Plot)(nil)
	_ fyne.Focusable     = (*Plot)(nil)
)

// NewPlot makes an empty plot.
func NewPlot() *Plot {
	p := &Plot{last: -1, hover: -1}
	p.list = kit.NewList(func() int { return len(p.points) }, p.row)
	p.list.OnSelected = func(i int) {
		if i = len(p.points) - 1 - i; i >= 0 && p.OnShow != nil {
			p.OnShow(p.points[i].Slot)
		}
	}
	p.list.Empty = func() []string { return []string{"Choose a key to see how it changed over the slots."} }
	p.ExtendBaseWidget(p)
	return p
}

// maxSteps is how many steps of a line are drawn; longer histories are thinned to
// the least and greatest of each part.
const maxSteps = 400

// Set shows points (ascending slots) up to slot last.
func (p *Plot) Set(points []Point, last int64) {
	p.points, p.last = points, last
	p.numbers = nil
	nums := make([]float64, 0, len(points))
	for i, pt := range points {
		f, ok := Number(pt.Value)
		if !ok {
			if pt.Value == nil && i == 0 { // before the key was made
				nums = append(nums, math.NaN())
				continue
			}
			nums = nil
			break
		}
		nums = append(nums, f)
	}
	if len(nums) > 0 && !(len(nums) == 1 && math.IsNaN(nums[0])) {
		p.numbers = nums
	}
	p.list.Refresh()
	p.Refresh()
}

// Number is a value as a number: a text that is one, too.
func Number(v patchdev.Value) (float64, bool) {
	switch v := v.(type) {
	case patchdev.Int:
		return float64(v), true
	case patchdev.Float:
		f := float64(v)
		return f, !math.IsNaN(f) && !math.IsInf(f, 0)
	case patchdev.String:
		f, err := strconv.ParseFloat(string(v), 64)
		return f, err == nil && !math.IsNaN(f) && !math.IsInf(f, 0)
	}
	return 0, false
}

// Text is the history in words.
func (p *Plot) Text() string {
	var b strings.Builder
	for _, pt := range p.points {
		fmt.Fprintf(&b, "slot %d: %s\n", pt.Slot, short(pt.Value))
	}
	return b.String()
}

func short(v patchdev.Value) string {
	if v == nil {
		return "not there"
	}
	if s, ok := v.(patchdev.String); ok {
		return kit.OneLine(string(s))
	}
	if c := count(v); c != "" {
		return c
	}
	return string(patchdev.AppendJSON(nil, v, patchdev.JSONOptions{}))
}

func (p *Plot) row(i int, r *kit.Row) {
	pt := p.points[len(p.points)-1-i]
	c := theme.Text
	if pt.Value == nil {
		c = theme.Dim
	}
	r.Cells = append(r.Cells, kit.Cell{X: 8, Width: 60, End: true, Runs: []kit.Run{kit.Mono(strconv.FormatInt(pt.Slot, 10), theme.Dim)}})
	r.Add(80, 0, kit.Mono(short(pt.Value), c))
}

const (
	plotLeft   = 60
	plotRight  = 22
	plotTop    = 18
	plotBottom = 34
)

// slotAt is the slot under a place, -1 when there is none.
func (p *Plot) slotAt(x float32) int64 {
	w := p.Size().Width - plotLeft - plotRight
	if p.numbers == nil || w <= 0 || p.last < 0 {
		return -1
	}
	part := max(0, min(1, (x-plotLeft)/w))
	first := p.points[0].Slot
	return first + int64(float64(part)*float64(p.last-first)+0.5)
}

// at is the index of the point that holds at a slot, -1 before the first.
func (p *Plot) at(slot int64) int {
	return sort.Search(len(p.points), func(i int) bool { return p.points[i].Slot > slot }) - 1
}

// Tapped shows the slot under the pointer.
func (p *Plot) Tapped(e *fyne.PointEvent) {
	kit.Focus(p)
	if n := p.slotAt(e.Position.X); n >= 0 && p.OnShow != nil {
		p.OnShow(n)
	}
}

// MouseIn reads the value under the pointer.
func (p *Plot) MouseIn(e *desktop.MouseEvent) { p.MouseMoved(e) }

// MouseMoved reads the value under the pointer.
func (p *Plot) MouseMoved(e *desktop.MouseEvent) { p.read(p.slotAt(e.Position.X)) }

// MouseOut ends that.
func (p *Plot) MouseOut() { p.read(-1) }

func (p *Plot) read(slot int64) {
	if slot != p.hover {
		p.hover = slot
		p.Refresh()
	}
}

// Reading is what is said about the slot under the pointer, "" without one.
func (p *Plot) Reading() string {
	if p.hover < 0 || p.numbers == nil {
		return ""
	}
	i := p.at(p.hover)
	if i < 0 {
		return ""
	}
	return fmt.Sprintf("slot %d: %s", p.hover, short(p.points[i].Value))
}

// FocusGained and FocusLost mark the plot as the one that the keys move in.
func (p *Plot) FocusGained() {
	p.focused = true
	if p.numbers != nil {
		p.read(p.last)
	}
}

// FocusLost is part of fyne.Focusable.
func (p *Plot) FocusLost() { p.focused = false; p.read(-1) }

// TypedRune does nothing.
func (p *Plot) TypedRune(rune) {}

// TypedKey goes from change to change; Enter shows the slot. A list of values has
// its own keys.
func (p *Plot) TypedKey(k *fyne.KeyEvent) {
	if p.numbers == nil {
		p.list.TypedKey(k)
		return
	}
	i := p.at(p.hover)
	step := func(i int) {
		if i >= 0 && i < len(p.points) {
			p.read(p.points[i].Slot)
		}
	}
	switch k.Name {
	case fyne.KeyLeft:
		if i >= 0 && p.points[i].Slot < p.hover {
			i++
		}
		step(i - 1)
	case fyne.KeyRight:
		if i+1 < len(p.points) {
			step(i + 1)
		} else {
			p.read(p.last)
		}
	case fyne.KeyHome:
		step(0)
	case fyne.KeyEnd:
		p.read(p.last)
	case fyne.KeyReturn, fyne.KeyEnter:
		if p.hover >= 0 && p.OnShow != nil {
			p.OnShow(p.hover)
		}
	}
}

// Cursor is a hand: a click leads to the slot.
func (p *Plot) Cursor() desktop.Cursor {
	if p.numbers == nil {
		return desktop.DefaultCursor
	}
	return desktop.PointerCursor
}

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

func (r *plotRenderer) Destroy()                     {}
func (r *plotRenderer) MinSize() fyne.Size           { return fyne.NewSize(120, 80) }
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

// thin chooses at most about n indices so that least and greatest stay.
func thin(v []float64, n int) []int {
	if len(v) <= n {
		out := make([]int, len(v))
		for i := range out {
			out[i] = i
		}
		return out
	}
	var out []int
	parts := n / 2
	for k := range parts {
		a, b := len(v)*k/parts, len(v)*(k+1)/parts
		lo, hi := a, a
		for i := a; i < b; i++ {
			if v[i] < v[lo] {
				lo = i
			}
			if v[i] > v[hi] {
				hi = i
			}
		}
		out = append(out, min(lo, hi))
		if lo != hi {
			out = append(out, max(lo, hi))
		}
	}
	if out[len(out)-1] != len(v)-1 {
		out = append(out, len(v)-1)
	}
	return out
}

// Ticks gives about n round numbers that span lo..hi.
func Ticks(lo, hi float64, n int) []float64 {
	if lo == hi {
		return []float64{lo}
	}
	raw := (hi - lo) / float64(max(n, 1))
	mag := math.Pow(10, math.Floor(math.Log10(raw)))
	step := mag
	for _, m := range []float64{1, 2, 2.5, 5, 10} {
		if step = m * mag; step >= raw {
			break
		}
	}
	var out []float64
	for k := math.Floor(lo / step); ; k++ {
		out = append(out, k*step)
		if k*step >= hi || len(out) > 50 {
			return out
		}
	}
}

// Short writes an axis label: 700000 as 700k, with as many digits as the step needs
// and in the unit of most, the farthest label from 0, so that all have the same. An
// infinite step is that of a label that stands alone.
func Short(f, step, most float64) string {
	unit, div := "", 1.0
	if f == 0 {
		return "0"
	}
	switch a := most; {
	case a >= 1e15:
		return strconv.FormatFloat(f, 'g', 4, 64)
	case math.IsInf(step, 0) && a < 1e7: // the only label: it tells the value
	case a >= 1e10:
		unit, div = "G", 1e9
	case a >= 1e7:
		unit, div = "M", 1e6
	case a >= 1e4:
		unit, div = "k", 1e3
	}
	digits := 0
	if part := step / div; !math.IsInf(part, 0) {
		for p := part; digits < 6 && math.Abs(p-math.Round(p)) > 1e-6*p; p *= 10 {
			digits++
		}
	}
	s := strconv.FormatFloat(f/div, 'f', digits, 64)
	whole, frac, _ := strings.Cut(s, ".")
	neg := strings.HasPrefix(whole, "-")
	whole = strings.TrimPrefix(whole, "-")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if frac != "" {
		whole += "." + frac
	}
	if neg && f != 0 {
		whole = "-" + whole
	}
	return whole + unit
}

func (r *plotRenderer) Refresh() {
	r.Layout(r.p.Size())
	canvas.Refresh(r.p)
}
