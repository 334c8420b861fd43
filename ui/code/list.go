package code

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"patchbay/ui/theme"
)

// listRows is how many rows are on screen at most.
const listRows = 9

// em scales a size that looks right at the usual text size to the theme's.
func em(px float32) float32 { return px * theme.Size(theme.SizeCode) / 13 }

// listRow is the height of a row.
func listRow() float32 { return em(20) }

// row is one line of a list: what it is (a colour), its name, and what is said beside it.
type row struct {
	name, beside string
	color        fyne.ThemeColorName
	depth        int
}

// list is a small list that lies over the text: suggestions, symbols. It never takes the focus; whoever owns it hands it the keys.
type list struct {
	widget.BaseWidget
	rows     []row
	selected int
	first    int    // the first row on screen
	note     string // a sentence below the rows
	mute     bool   // there is no room for note
	limit    int    // of rows on screen; 0 is listRows
	chosen   func(int)
	objs     []fyne.CanvasObject
}

var (
	_ fyne.Scrollable   = (*list)(nil)
	_ desktop.Mouseable = (*list)(nil)
)

func newList(chosen func(int)) *list {
	l := &list{chosen: chosen}
	l.ExtendBaseWidget(l)
	return l
}

// show replaces the rows and selects the first.
func (l *list) show(rows []row) {
	l.rows, l.selected, l.first = rows, 0, 0
}

func (l *list) shown() int {
	n := min(len(l.rows), listRows)
	if l.limit > 0 {
		n = min(n, l.limit)
	}
	return n
}

// fewRows are worth more than the sentence below them.
const fewRows = 4

// fit limits the rows so that the list is no higher than room, as long as one row is left. The sentence below them goes when there
// would be few rows with it.
func (l *list) fit(width, room float32) {
	for _, l.mute = range []bool{false, true} {
		for l.limit = listRows; l.limit > 1 && l.height(width) > room; {
			l.limit--
		}
		if l.limit >= min(fewRows, len(l.rows)) {
			break
		}
	}
	l.follow()
}

// move selects another row, going round at the ends, and keeps it on screen.
func (l *list) move(by int) {
	n := len(l.rows)
	if n == 0 {
		return
	}
	if by == 1 || by == -1 {
		l.selected = (l.selected + by + n) % n
	} else {
		l.selected = max(0, min(n-1, l.selected+by))
	}
	l.follow()
	l.Refresh()
}

func (l *list) follow() {
	if l.selected < l.first {
		l.first = l.selected
	} else if l.selected >= l.first+l.shown() {
		l.first = l.selected - l.shown() + 1
	}
	l.first = max(0, min(l.first, len(l.rows)-l.shown()))
}

// Scrolled moves through the rows.
func (l *list) Scrolled(ev *fyne.ScrollEvent) {
	l.first -= int(ev.Scrolled.DY / listRow() * 1.5)
	l.first = max(0, min(l.first, len(l.rows)-l.shown()))
	l.Refresh()
}

// MouseDown chooses the row under the pointer.
func (l *list) MouseDown(m *desktop.MouseEvent) {
	i := l.first + int((m.Position.Y-3)/listRow())
	if m.Position.Y >= 3 && i < l.first+l.shown() && i < len(l.rows) {
		l.selected = i
		l.chosen(i)
	}
}

// MouseUp is the other half of MouseDown.
func (l *list) MouseUp(*desktop.MouseEvent) {}

// Cursor is an arrow over the list.
func (l *list) Cursor() desktop.Cursor { return desktop.DefaultCursor }

func (l *list) noteLines(width float32) []string {
	if l.note == "" || l.mute {
		return nil
	}
	return wrap(l.note, width-16, em(12), fyne.TextStyle{}, 3)
}

// height is that of the list when it is so wide.
func (l *list) height(width float32) float32 {
	h := float32(l.shown())*listRow() + 6
	if n := len(l.noteLines(width)); n > 0 {
		h += float32(n)*em(16) + 8
	}
	return h
}

// CreateRenderer draws the list. Fyne calls it.
func (l *list) CreateRenderer() fyne.WidgetRenderer { return &listRenderer{l} }

type listRenderer struct{ l *list }

func (r *listRenderer) Destroy()                     {}
func (r *listRenderer) MinSize() fyne.Size           { return fyne.NewSize(60, listRow()) }
func (r *listRenderer) Objects() []fyne.CanvasObject { return r.l.objs }
func (r *listRenderer) Layout(fyne.Size)             { r.build() }
func (r *listRenderer) Refresh()                     { r.build(); canvas.Refresh(r.l) }

func (r *listRenderer) build() {
	l, size := r.l, r.l.Size()
	l.objs = append(l.objs[:0], frame(size))
	mono := fyne.TextStyle{Monospace: true}
	for i := range l.shown() {
		k := l.rows[l.first+i]
		y := 3 + float32(i)*listRow()
		if l.first+i == l.selected {
			sel := canvas.NewRectangle(theme.Color(theme.RowSelected))
			sel.CornerRadius = 3
			place(sel, 3, y, size.Width-6, listRow())
			l.objs = append(l.objs, sel)
		}
		x := 9 + float32(k.depth)*12
		name, w := clip(k.name, size.Width-x-8, em(13), mono)
		l.objs = append(l.objs, label(name, x, y+1, em(13), theme.Color(k.color), mono))
		if room := size.Width - x - w - 26; k.beside != "" && room > 30 {
			beside, bw := clip(k.beside, room, em(11), mono)
			l.objs = append(l.objs, label(beside, size.Width-bw-9, y+2, em(11), theme.Color(theme.Dim), mono))
		}
	}
	if n := len(l.rows); n > l.shown() { // how far down we are
		track := float32(l.shown()) * listRow()
		bar := canvas.NewRectangle(theme.Color("scrollBar"))
		bar.CornerRadius = 1.5
		place(bar, size.Width-5, 3+track*float32(l.first)/float32(n), 3, max(10, track*float32(l.shown())/float32(n)))
		l.objs = append(l.objs, bar)
	}
	y := 3 + float32(l.shown())*listRow() + 4
	if lines := l.noteLines(size.Width); len(lines) > 0 {
		rule := canvas.NewRectangle(theme.Color(theme.Border))
		place(rule, 1, y-1, size.Width-2, 1)
		l.objs = append(l.objs, rule)
		for i, s := range lines {
			l.objs = append(l.objs, label(s, 9, y+2+float32(i)*em(16), em(12), theme.Color(theme.Dim), fyne.TextStyle{}))
		}
	}
}

// frame is the background of what lies over the text.
func frame(size fyne.Size) *canvas.Rectangle {
	f := canvas.NewRectangle(theme.Color(theme.Panel))
	f.StrokeColor, f.StrokeWidth, f.CornerRadius = theme.Color(theme.Border), 1, 6
	f.Resize(size)
	return f
}

func label(s string, x, y, size float32, c color.Color, style fyne.TextStyle) *canvas.Text {
	t := canvas.NewText(s, c)
	t.TextSize, t.TextStyle = size, style
	place(t, x, y, fyne.MeasureText(s, size, style).Width, size*1.4)
	return t
}

// clip shortens a text to a width, with an ellipsis, and gives its width.
func clip(s string, width, size float32, style fyne.TextStyle) (string, float32) {
	w := fyne.MeasureText(s, size, style).Width
	if w <= width {
		return s, w
	}
	rs := []rune(s)
	for len(rs) > 1 {
		cut := max(1, int(float32(len(rs))*min(0.95, (width-size/2)/w)))
		rs = rs[:cut]
		short := string(rs) + "…"
		if w = fyne.MeasureText(short, size, style).Width; w <= width || len(rs) == 1 {
			return short, w
		}
	}
	return "…", fyne.MeasureText("…", size, style).Width
}
