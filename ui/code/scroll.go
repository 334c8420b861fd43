package code

import (
	"strconv"

	"fyne.io/fyne/v2"

	"patchbay/ui/code/text"
)

const (
	barSize   = 10 // thickness of the scroll bars
	gutterPad = 11 // left of the line numbers; room for the dot of a mark
	textPad   = 24 // between the line numbers and the text; holds the coverage bar
	extra     = 3  // lines that may be scrolled in below the last
)

// gutter is the width of what stands left of the text.
func (e *Editor) gutter() float32 {
	digits := max(3, len(strconv.Itoa(e.buf.Len())))
	return gutterPad + float32(digits)*e.cell.Width + textPad
}

// view is the size of the text area without gutter; scroll bars lie over it.
func (e *Editor) view() fyne.Size {
	s := e.Size()
	return fyne.NewSize(max(0, s.Width-e.gutter()), s.Height)
}

// page is the number of lines that a page key moves by.
func (e *Editor) page() int { return max(1, int(e.Size().Height/e.cell.Height)-1) }

// rows is the range of lines that are at least partly visible.
func (e *Editor) rows() (first, last int) {
	first = max(0, min(int(e.top/e.cell.Height), e.buf.Len()-1))
	last = min(e.buf.Len()-1, int((e.top+e.Size().Height)/e.cell.Height))
	return first, max(first, last)
}

func (e *Editor) maxTop() float32 {
	h := float32(e.buf.Len()) * e.cell.Height
	if h <= e.Size().Height {
		return 0
	}
	return h + extra*e.cell.Height - e.Size().Height
}

func (e *Editor) maxLeft() float32 {
	w := float32(e.widest+1)*e.cell.Width + barSize
	return max(0, w-e.view().Width)
}

func (e *Editor) clampScroll() {
	e.top = max(0, min(e.top, e.maxTop()))
	e.left = max(0, min(e.left, e.maxLeft()))
}

// ScrollTo shows the text from a vertical offset in device independent pixels on.
func (e *Editor) ScrollTo(y float32) {
	e.top = y
	e.clampScroll()
	e.Refresh()
}

// Offset gives the vertical scroll offset, for the window's state.
func (e *Editor) Offset() float32 { return e.top }

// Scrolled moves the view: wheel and touch pad. With Ctrl it changes the size of the text.
func (e *Editor) Scrolled(ev *fyne.ScrollEvent) {
	dx, dy := ev.Scrolled.DX, ev.Scrolled.DY
	switch e.modifiers() {
	case e.ctrl():
		if dy != 0 {
			e.SetFontSize(e.FontSize() + sign(dy))
		}
		return
	case fyne.KeyModifierShift:
		if dx == 0 {
			dx, dy = dy, 0
		}
	}
	e.tip.hide()
	e.top -= dy
	e.left -= dx
	e.clampScroll()
	e.Refresh()
}

func sign(f float32) float32 {
	if f < 0 {
		return -1
	}
	return 1
}

// seen widens the scrolled area to a line that comes into view; measuring all lines of a large file would take too long.
func (e *Editor) seen(cells int) {
	if cells > e.widest {
		e.widest = cells
	}
}

// reveal scrolls as little as needed to show p.
func (e *Editor) reveal(p text.Pos) {
	if e.Size().Height <= 0 || e.batch {
		return
	}
	y, h := float32(p.Line)*e.cell.Height, e.Size().Height
	if e.maxLeft() > 0 {
		h -= barSize
	}
	if y < e.top {
		e.top = y
	} else if y+e.cell.Height > e.top+h {
		e.top = y + e.cell.Height - h
	}
	e.revealCell(e.ruler.Cell(e.buf.Line(p.Line), p.Col))
	e.top = max(0, min(e.top, e.maxTop()))
}

func (e *Editor) revealCell(cell int) {
	e.seen(cell)
	x, w := float32(cell)*e.cell.Width, e.view().Width-barSize-2*e.cell.Width
	if w <= 0 {
		return
	}
	if x < e.left {
		e.left = max(0, x-4*e.cell.Width)
	} else if x > e.left+w {
		e.left = x - w
	}
	e.left = max(0, min(e.left, e.maxLeft()))
}

// center shows p in the middle if it is not visible.
func (e *Editor) center(p text.Pos) {
	y, h := float32(p.Line)*e.cell.Height, e.Size().Height
	if h > 0 && (y < e.top || y+2*e.cell.Height > e.top+h) {
		e.top = max(0, min(y-h/2, e.maxTop()))
	}
	e.reveal(p)
}

// posAt gives the place nearest to a point of the widget.
func (e *Editor) posAt(p fyne.Position) text.Pos {
	line := int((p.Y + e.top) / e.cell.Height)
	if p.Y+e.top < 0 {
		line = 0
	}
	line = max(0, min(line, e.buf.Len()-1))
	return text.Pos{Line: line, Col: e.ruler.Col(e.buf.Line(line), (p.X-e.gutter()+e.left)/e.cell.Width)}
}

// point gives the upper left corner of a place on the widget.
func (e *Editor) point(p text.Pos) fyne.Position {
	p = e.buf.Clip(p)
	c := e.ruler.Cell(e.buf.Line(p.Line), p.Col)
	return fyne.NewPos(e.gutter()+float32(c)*e.cell.Width-e.left, float32(p.Line)*e.cell.Height-e.top)
}

// bar is a scroll bar: where its thumb is along its track.
type bar struct {
	track, at, length float32
	shown             bool
}

func (e *Editor) vbar() bar { return makeBar(e.Size().Height, e.top, e.maxTop()) }

func (e *Editor) hbar() bar { return makeBar(e.view().Width-barSize, e.left, e.maxLeft()) }

func makeBar(track, offset, maxOffset float32) bar {
	if maxOffset <= 0 || track <= 0 {
		return bar{}
	}
	length := max(min(24, track), track*track/(track+maxOffset))
	return bar{track, offset / maxOffset * (track - length), length, true}
}

// offset gives the scroll offset at which the thumb starts at a place of the track.
func (b bar) offset(at, maxOffset float32) float32 {
	if b.track <= b.length {
		return 0
	}
	return at / (b.track - b.length) * maxOffset
}

// CellAt gives where a place (from one) is drawn on the widget, scrolled as it is, and the size of one cell.
func (e *Editor) CellAt(line, col int) (fyne.Position, fyne.Size) {
	return e.point(e.buf.Clip(text.Pos{Line: line - 1, Col: col - 1})), e.cell
}
