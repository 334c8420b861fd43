package tree

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"patchbay/ui/kit"
	"patchbay/ui/theme"
)

// MaxPins is how many paths the watch list holds.
const MaxPins = 8

// watchList shows the pinned paths above the tree, each with its value and a
// small plot of its past.
type watchList struct {
	p       *Panel
	pins    [][]string
	list    *kit.List
	box     *fyne.Container
	content *fyne.Container
}

func newWatchList(p *Panel) *watchList {
	w := &watchList{p: p}
	w.list = kit.NewList(func() int { return len(w.pins) }, w.row)
	w.list.RowHeight = 24
	w.list.OnSelected = func(i int) { p.Select(w.pins[i]) }
	w.list.OnMenu = func(i int) *fyne.Menu {
		pin := w.pins[i]
		m := fyne.NewMenu("", fyne.NewMenuItem("Unpin (Delete)", func() { p.Unpin(pin) }))
		if i > 0 {
			m.Items = append(m.Items, fyne.NewMenuItem("Move up", func() {
				w.pins[i-1], w.pins[i] = w.pins[i], w.pins[i-1]
				w.changed()
			}))
		}
		return m
	}
	w.list.OnKey = func(k fyne.KeyName) bool {
		if i := w.list.Selected(); k == fyne.KeyDelete && i >= 0 && i < len(w.pins) {
			p.Unpin(w.pins[i])
			return true
		}
		return false
	}
	w.box = container.New(kit.Min{Height: 24}, w.list)
	w.content = kit.NewStack(nil, w.box, kit.NewLine())
	w.content.Hide()
	return w
}

func (w *watchList) has(path []string) bool {
	return slices.ContainsFunc(w.pins, func(p []string) bool { return slices.Equal(p, path) })
}

func (w *watchList) refresh() {
	if len(w.pins) > 0 {
		w.list.Refresh()
	}
}

func (w *watchList) changed() {
	w.box.Layout = kit.Min{Height: float32(len(w.pins)) * 24}
	w.content.Hidden = len(w.pins) == 0
	w.p.content.Refresh()
	w.list.Refresh()
	if w.p.o.OnPins != nil {
		w.p.o.OnPins(slices.Clone(w.pins))
	}
}

func (w *watchList) row(i int, out *kit.Row) {
	path := w.pins[i]
	v, ok := Lookup(w.p.Model.Root(), path)
	r := Row{Path: path, Key: path[len(path)-1], Value: v}
	w.p.Model.fill(&r, w.p.o.Now())
	if r.Flash {
		out.Back = theme.Flash
	}
	name := r.Key
	if a := w.p.aliasOf(name); a != "" {
		name = a
	}
	above := ""
	if len(path) > 1 {
		above = "  " + ShortID(path[len(path)-2])
	}
	out.Add(12, 14, kit.Run{Text: "•", Color: theme.Accent})
	if !ok {
		out.AddRight(16, 0, kit.Dim("not in this slot"))
	} else {
		out.AddRight(16, 0, w.p.value(r)...)
	}
	if w.p.o.Spark != nil {
		if s := Spark(w.p.o.Spark(path)); s != "" {
			out.AddRight(190, 90, kit.Mono(s, theme.Accent))
		}
	}
	faint := theme.Faint
	if r.Flash {
		faint = theme.Dim
	}
	out.Add(28, 0, kit.Mono(name, theme.Text), kit.Mono(above, faint))
}

// Pin puts a path on the watch list; a full list drops its oldest.
func (p *Panel) Pin(path []string) {
	if len(path) == 0 || p.watch.has(path) {
		return
	}
	p.watch.pins = append(p.watch.pins, slices.Clone(path))
	if len(p.watch.pins) > MaxPins {
		p.watch.pins = p.watch.pins[1:]
	}
	p.watch.changed()
}

// TogglePin pins the selected path, or unpins it.
func (p *Panel) TogglePin() {
	switch {
	case len(p.selected) == 0:
	case p.watch.has(p.selected):
		p.Unpin(p.selected)
	default:
		p.Pin(p.selected)
	}
}

// Unpin takes a path off the watch list.
func (p *Panel) Unpin(path []string) {
	p.watch.pins = slices.DeleteFunc(p.watch.pins, func(x []string) bool { return slices.Equal(x, path) })
	p.watch.changed()
}

// Pins are the pinned paths.
func (p *Panel) Pins() [][]string { return p.watch.pins }

// SetPins replaces the watch list without telling OnPins.
func (p *Panel) SetPins(pins [][]string) {
	keep := p.o.OnPins
	p.o.OnPins = nil
	p.watch.pins = nil
	for _, pin := range pins { // they come from a file that anybody may have written
		if len(pin) > 0 && len(p.watch.pins) < MaxPins && !p.watch.has(pin) {
			p.watch.pins = append(p.watch.pins, pin)
		}
	}
	p.watch.changed()
	p.o.OnPins = keep
}

// Spark draws numbers as a line of blocks, at most twelve of them.
func Spark(v []float64) string {
	const bars = "▁▂▃▄▅▆▇█"
	if len(v) < 2 {
		return ""
	}
	if len(v) > 12 {
		v = v[len(v)-12:]
	}
	lo, hi := slices.Min(v), slices.Max(v)
	out := make([]rune, 0, len(v))
	steps := []rune(bars)
	for _, x := range v {
		k := 3
		if hi > lo {
			k = int((x - lo) / (hi - lo) * 7.999)
		}
		out = append(out, steps[max(0, min(k, 7))])
	}
	return string(out)
}
