package inspect

import (
	"fmt"
	"math"
	"sort"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
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
