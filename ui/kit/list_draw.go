package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"patchbay/ui/theme"
)

const barWidth = 10

func (l *List) overBar(x float32) bool {
	_, _, shown := l.knob()
	return shown && x >= l.Size().Width-barWidth
}

// knob is the scroll bar's place.
func (l *List) knob() (y, height float32, shown bool) {
	n, h := l.Len(), l.rowHeight()
	view := l.Size().Height
	rows := view / h
	if float32(n) <= rows || view <= 0 {
		return 0, 0, false
	}
	height = max(view*rows/float32(n), 24)
	place := (float64(l.top) + float64(l.offset/h)) / (float64(n) - float64(rows))
	return float32(place) * (view - height), height, true
}

func (l *List) jump(y float32) {
	_, kh, shown := l.knob()
	if !shown {
		return
	}
	n, h, view := l.Len(), l.rowHeight(), l.Size().Height
	part := float64((y - kh/2) / (view - kh))
	place := max(0, min(part, 1)) * (float64(n) - float64(view/h))
	l.top = int(place)
	l.offset = float32(place-float64(l.top)) * h
	l.clamp()
	if l.OnScrolled != nil {
		l.OnScrolled()
	}
	l.Refresh()
}

// Dragged moves the scroll bar's knob when the drag began on it.
func (l *List) Dragged(e *fyne.DragEvent) {
	if !l.dragging && !l.overBar(e.Position.X-e.Dragged.DX) {
		return
	}
	l.dragging = true
	l.jump(e.Position.Y)
}

// DragEnd lets the knob go.
func (l *List) DragEnd() { l.dragging = false }

// CreateRenderer is part of fyne.Widget.
func (l *List) CreateRenderer() fyne.WidgetRenderer {
	r := &listRenderer{l: l, back: canvas.NewRectangle(color.Transparent), bar: canvas.NewRectangle(color.Transparent), ring: canvas.NewRectangle(color.Transparent)}
	r.bar.CornerRadius = 3
	r.build()
	return r
}

type listRenderer struct {
	l       *List
	back    *canvas.Rectangle
	bar     *canvas.Rectangle
	ring    *canvas.Rectangle // where the keyboard is when no row shows it
	rows    []*rowView
	hints   []*canvas.Text
	row     Row
	objects []fyne.CanvasObject
	width   float32
}

func (r *listRenderer) Destroy()                     {}
func (r *listRenderer) MinSize() fyne.Size           { return fyne.NewSize(60, r.l.rowHeight()) }
func (r *listRenderer) Objects() []fyne.CanvasObject { return r.objects }

func (r *listRenderer) Layout(s fyne.Size) {
	if r.width != s.Width {
		r.width = s.Width
		if r.l.OnResized != nil {
			r.l.OnResized(s.Width)
		}
	}
	r.l.clamp()
	r.build()
}

func (r *listRenderer) Refresh() {
	r.l.clamp()
	r.build()
	canvas.Refresh(r.l)
}

func (r *listRenderer) build() {
	l, size := r.l, r.l.Size()
	rect(r.back, l.Back, 0, 0, size.Width, size.Height)
	n, h := l.Len(), l.rowHeight()
	shown := min(n-l.top, int((size.Height+l.offset)/h)+1)
	if size.Height <= 0 || shown < 0 {
		shown = 0
	}
	for len(r.rows) < shown {
		r.rows = append(r.rows, newRowView())
	}
	r.objects = append(r.objects[:0], r.back)
	for k := range shown {
		i := l.top + k
		r.row.Reset()
		l.Row(i, &r.row)
		if l.finds != nil {
			l.finds.paint(i, &r.row)
		}
		b := r.row.Back
		switch {
		case i == l.selected && (b == "" || l.focused):
			b = theme.RowSelected
		case i == l.hover && b == "":
			b = theme.RowHover
		}
		if i == l.selected && r.row.Back != "" && r.row.Bar == "" { // its own colour hides the selection
			r.row.Bar = theme.Accent
		}
		v := r.rows[k]
		v.draw(&r.row, float32(k)*h-l.offset, size.Width, h, b)
		r.objects = append(r.objects, v.objects...)
	}
	r.empty(n == 0, size)
	y, kh, bar := l.knob()
	r.bar.Hidden = !bar
	if bar {
		r.bar.FillColor = theme.Color("scrollBar")
		r.bar.Move(fyne.NewPos(size.Width-7, y+1))
		r.bar.Resize(fyne.NewSize(5, kh-2))
	}
	r.objects = append(r.objects, r.bar)
	// The selected row shows where the keyboard is; without one on screen a frame does.
	onScreen := l.selected >= l.top && l.selected < l.top+shown
	r.ring.Hidden = !l.focused
	r.ring.StrokeColor, r.ring.StrokeWidth = theme.Color(theme.Accent), 2
	if onScreen && n > 0 {
		y := float32(l.selected-l.top)*h - l.offset
		r.ring.StrokeWidth, r.ring.FillColor = 0, theme.Color(theme.Accent)
		top, bottom := max(y, 0), min(y+h, size.Height)
		r.ring.Move(fyne.NewPos(0, top))
		r.ring.Resize(fyne.NewSize(3, max(0, bottom-top)))
	} else {
		r.ring.FillColor = color.Transparent
		r.ring.Move(fyne.NewPos(1, 1))
		r.ring.Resize(fyne.NewSize(max(0, size.Width-2), max(0, size.Height-2)))
	}
	r.objects = append(r.objects, r.ring)
}

func (r *listRenderer) empty(yes bool, size fyne.Size) {
	if !yes || r.l.Empty == nil {
		return
	}
	var lines []string
	for _, line := range r.l.Empty() {
		lines = append(lines, Wrap(Dim(line), size.Width-32)...)
	}
	for len(r.hints) < len(lines) {
		r.hints = append(r.hints, canvas.NewText("", color.Transparent))
	}
	y := max(14, size.Height*0.3-float32(len(lines))*10)
	for k, line := range lines {
		run := Run{Text: line, Color: theme.Dim}
		t := r.hints[k]
		run.draw(t)
		m := t.MinSize()
		t.Resize(m)
		t.Move(fyne.NewPos((size.Width-m.Width)/2, y))
		y += m.Height + 3
		r.objects = append(r.objects, t)
	}
}
