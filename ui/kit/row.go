package kit

import (
	"image/color"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"patchbay/ui/theme"
)

// Row is what a [List] draws in one line.
type Row struct {
	Cells []Cell
	// Back is the colour behind the row, "" for none. The list lays its own over it
	// for the selected row and the one under the pointer, unless Back is set.
	Back fyne.ThemeColorName
	// Line draws a thin line below.
	Line bool
	// Bar draws a bar of this colour at the left edge, "" for none.
	Bar fyne.ThemeColorName
}

// Cell is text at a place in a row. Cells are laid out first those that are
// aligned at the right edge, then the others in what is left.
type Cell struct {
	// X is the distance from the left edge, or, with Right, of the cell's right edge
	// from the row's right edge.
	X     float32
	Right bool
	// Width is the room for the text, 0 for all that is free. With End the text
	// stands at the end of that room.
	Width float32
	End   bool
	Runs  []Run
	// Short is what is drawn where there is no room for Runs, nil for these, cut.
	Short []Run
}

// fitting are the runs to draw in a room.
func (c *Cell) fitting(room float32) []Run {
	if c.Short == nil {
		return c.Runs
	}
	for _, r := range apart(c.Runs) {
		room -= r.Width()
	}
	if room < 0 {
		return c.Short
	}
	return c.Runs
}

// Reset empties the row for filling, keeping its memory.
func (r *Row) Reset() { *r = Row{Cells: r.Cells[:0]} }

// Add adds a cell at the left.
func (r *Row) Add(x, width float32, runs ...Run) {
	r.Cells = append(r.Cells, Cell{X: x, Width: width, Runs: runs})
}

// AddRight adds a cell that ends x before the right edge.
func (r *Row) AddRight(x, width float32, runs ...Run) {
	r.Cells = append(r.Cells, Cell{X: x, Width: width, Right: true, Runs: runs})
}

// Text is the row as text, cells separated by two spaces: what tests and copying see.
func (r *Row) Text() string {
	var s string
	for i, c := range r.Cells {
		if i > 0 {
			s += "  "
		}
		s += Plaintext(c.Runs)
	}
	return s
}

// rowView holds the canvas objects of one row on screen.
type rowView struct {
	back, line, bar *canvas.Rectangle
	texts           []*canvas.Text
	used            int
	backs           []*canvas.Rectangle // behind runs that have one of their own
	behind          int                 // of backs that are used
	objects         []fyne.CanvasObject
}

func newRowView() *rowView {
	v := &rowView{
		back: canvas.NewRectangle(color.Transparent),
		line: canvas.NewRectangle(color.Transparent),
		bar:  canvas.NewRectangle(color.Transparent),
	}
	v.objects = []fyne.CanvasObject{v.back, v.line, v.bar}
	return v
}

func (v *rowView) text() *canvas.Text {
	if v.used == len(v.texts) {
		t := canvas.NewText("", color.Transparent)
		v.texts = append(v.texts, t)
		v.objects = append(v.objects, t)
	}
	t := v.texts[v.used]
	v.used++
	t.Hidden = false
	return t
}

// put lays the colour of a run behind it.
func (v *rowView) put(c fyne.ThemeColorName, x, y, w, h float32) {
	if v.behind == len(v.backs) {
		b := canvas.NewRectangle(color.Transparent)
		v.backs = append(v.backs, b)
		v.objects = append(v.objects[:3:3], append([]fyne.CanvasObject{b}, v.objects[3:]...)...)
	}
	rect(v.backs[v.behind], c, x, y, w, h)
	v.behind++
}

// draw lays the row out at y in a list of this width.
func (v *rowView) draw(r *Row, y, width, height float32, back fyne.ThemeColorName) {
	v.used, v.behind = 0, 0
	rect(v.back, back, 0, y, width, height)
	lineColor := fyne.ThemeColorName("")
	if r.Line {
		lineColor = theme.Border
	}
	rect(v.line, lineColor, 0, y+height-1, width, 1)
	rect(v.bar, r.Bar, 0, y, 3, height)

	const gap = 10
	free := width - gap // right edge of what is free for cells at the left
	for i := range r.Cells {
		c := &r.Cells[i]
		if !c.Right {
			continue
		}
		edge := width - c.X
		room := c.Width
		if room == 0 {
			room = max(edge*0.62, 60)
		}
		w := v.runs(c.Runs, 0, y, height, room, true, edge)
		if c.Width > 0 {
			w = c.Width
		}
		free = min(free, edge-w-gap)
	}
	for i := range r.Cells {
		c := &r.Cells[i]
		if c.Right {
			continue
		}
		room := max(free-c.X, 0)
		if c.Width > 0 {
			room = min(room, c.Width)
		}
		v.runs(c.fitting(room), c.X, y, height, room, c.End, c.X+room)
	}
	for _, t := range v.texts[v.used:] {
		t.Hidden = true
	}
	for _, b := range v.backs[v.behind:] {
		b.Hidden = true
	}
}

// leastAfter is the room that a dot between two texts needs to be left for the second.
const leastAfter = 44

// runs draws runs from x on, or so that they end at edge, and returns their width.
func (v *rowView) runs(runs []Run, x, y, height, room float32, end bool, edge float32) float32 {
	var total float32
	first, behind := v.used, v.behind
	runs = apart(runs)
	put := func(r Run, w float32) {
		t := v.text()
		r.draw(t)
		h := t.MinSize().Height
		t.Resize(fyne.NewSize(w, h))
		t.Move(fyne.NewPos(x+total, y+r.top(height, h)))
		if r.Back != "" {
			v.put(r.Back, x+total, y+1, w, height-2)
		}
		total += w
	}
	var last Run // that was drawn, and how wide it is
	var wide float32
	for i := range runs {
		r := runs[i]
		if r.Text == "" {
			continue
		}
		// a dot parts what stands before it from what would be left out
		parts := i+1 < len(runs) && strings.TrimSpace(r.Text) == "·" && r.Width()+min(runs[i+1].Width(), leastAfter) > room-total
		w := float32(0)
		if room-total >= 4 && !parts {
			w = r.Cut(room - total)
		}
		if w == 0 {
			if last.Text != "" && !strings.HasSuffix(last.Text, "…") {
				v.used--
				total -= wide
				more := last
				more.Text = "…"
				if dots := more.Width(); !symbol([]rune(last.Text)[0]) {
					more.Text = last.Text + " and more" // which is cut
					more.Cut(min(room-total, wide+dots))
				}
				put(more, more.Width())
			}
			break
		}
		put(r, w)
		last, wide = r, w
		if strings.HasSuffix(r.Text, "…") && !strings.HasSuffix(runs[i].Text, "…") {
			break // it was cut: of what follows there would be another ellipsis
		}
	}
	if end {
		for _, t := range v.texts[first:v.used] {
			t.Move(t.Position().AddXY(edge-total-x, 0))
		}
		for _, b := range v.backs[behind:v.behind] {
			b.Move(b.Position().AddXY(edge-total-x, 0))
		}
	}
	return total
}

func rect(r *canvas.Rectangle, c fyne.ThemeColorName, x, y, w, h float32) {
	r.Hidden = c == ""
	if r.Hidden {
		return
	}
	r.FillColor = theme.Color(c)
	r.Move(fyne.NewPos(x, y))
	r.Resize(fyne.NewSize(w, h))
}
