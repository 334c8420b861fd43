package code

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"patchbay/ui/code/text"
)

// clickPause is how long after a click another makes it double or triple; clickNear how far it may be away.
const (
	clickPause = 400 * time.Millisecond
	clickNear  = 4
)

// grip is what the pressed mouse button holds.
type grip uint8

const (
	gripNone grip = iota
	gripText
	gripVBar
	gripHBar
)

type mouse struct {
	grip   grip
	unit   int        // 1 selects by characters, 2 by words, 3 by lines
	anchor text.Range // what the first click selected; a drag never selects less
	last   time.Time
	at     fyne.Position // of the last click
	grab   float32       // where in the thumb the bar was taken
	drag   fyne.Position // the last place of a drag
	over   fyne.Position // the pointer
	inside bool
}

// Cursor is an arrow over gutter and bars, else the text beam.
func (e *Editor) Cursor() desktop.Cursor {
	p, s := e.mouse.over, e.Size()
	switch {
	case e.mouse.grip == gripText:
		return desktop.TextCursor
	case p.X < e.gutter(), e.vbar().shown && p.X > s.Width-barSize, e.hbar().shown && p.Y > s.Height-barSize:
		return desktop.DefaultCursor
	}
	return desktop.TextCursor
}

// MouseIn starts to follow the pointer, for the cursor's shape and for help on what it rests on.
func (e *Editor) MouseIn(m *desktop.MouseEvent) { e.MouseMoved(m) }

// MouseMoved notes where the pointer is.
func (e *Editor) MouseMoved(m *desktop.MouseEvent) {
	e.mouse.over, e.mouse.inside = m.Position, true
	e.hoverMoved(m.Position)
}

// MouseOut ends hovering.
func (e *Editor) MouseOut() {
	e.mouse.inside = false
	if e.tip.hide() {
		e.Refresh()
	}
}

// MouseDown places the caret (with Shift it extends the selection, twice selects a word, thrice a line), takes a scroll bar, or
// selects a line in the gutter.
func (e *Editor) MouseDown(m *desktop.MouseEvent) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(e); c != nil && c.Focused() != fyne.Focusable(e) {
		e.focusOn(e)
	}
	e.tip.hide()
	e.complete.hide()
	e.picker.open = false
	e.autoEnds = nil
	e.buf.Break()
	if m.Button == desktop.MouseButtonPrimary && m.Modifier == alt && m.Position.X >= e.gutter() {
		e.addCursor(text.At(e.posAt(m.Position)))
		return
	}
	if m.Button == desktop.MouseButtonSecondary {
		if p := e.posAt(m.Position); !e.sel.Range().Contains(p) {
			e.moveTo(p, false, false)
		}
		return
	}
	if m.Button != desktop.MouseButtonPrimary || e.takeBar(m.Position) {
		return
	}
	now := e.opt.Now()
	p := e.posAt(m.Position)
	d := m.Position.Subtract(e.mouse.at)
	if now.Sub(e.mouse.last) <= clickPause && d.X*d.X+d.Y*d.Y <= clickNear*clickNear && m.Modifier&shift == 0 {
		e.mouse.unit = e.mouse.unit%3 + 1
	} else {
		e.mouse.unit = 1
	}
	e.mouse.last, e.mouse.at, e.mouse.drag = now, m.Position, m.Position
	e.mouse.grip = gripText
	if m.Position.X < e.gutter()-textPad/2 {
		e.mouse.unit = 3
	}
	if m.Modifier&shift != 0 {
		e.mouse.anchor = text.Range{From: e.sel.Anchor, To: e.sel.Anchor}
		e.single()
		e.moveTo(p, true, false)
		return
	}
	e.mouse.anchor = e.unitAt(p)
	e.single()
	e.setSel(text.Sel{Anchor: e.mouse.anchor.From, Caret: e.mouse.anchor.To})
	if e.mouse.unit < 3 {
		e.reveal(e.sel.Caret)
	}
	e.Refresh()
}

// unitAt gives what one click at p selects.
func (e *Editor) unitAt(p text.Pos) text.Range {
	switch e.mouse.unit {
	case 2:
		return e.buf.WordAt(p)
	case 3:
		to := text.Pos{Line: p.Line + 1}
		if to.Line >= e.buf.Len() {
			to = e.buf.End()
		}
		return text.Range{From: text.Pos{Line: p.Line}, To: to}
	}
	return text.Range{From: p, To: p}
}

// takeBar starts to drag a scroll bar, or turns a page beside its thumb.
func (e *Editor) takeBar(p fyne.Position) bool {
	s := e.Size()
	if b := e.vbar(); b.shown && p.X >= s.Width-barSize {
		e.mouse.grip = gripVBar
		e.mouse.grab = p.Y - b.at
		if e.mouse.grab < 0 || e.mouse.grab > b.length {
			e.mouse.grab = b.length / 2
			e.dragBar(p)
		}
		return true
	}
	if b := e.hbar(); b.shown && p.Y >= s.Height-barSize && p.X >= e.gutter() {
		e.mouse.grip = gripHBar
		e.mouse.grab = p.X - e.gutter() - b.at
		if e.mouse.grab < 0 || e.mouse.grab > b.length {
			e.mouse.grab = b.length / 2
			e.dragBar(p)
		}
		return true
	}
	return false
}

func (e *Editor) dragBar(p fyne.Position) {
	if e.mouse.grip == gripVBar {
		e.top = e.vbar().offset(p.Y-e.mouse.grab, e.maxTop())
	} else {
		e.left = e.hbar().offset(p.X-e.gutter()-e.mouse.grab, e.maxLeft())
	}
	e.clampScroll()
	e.Refresh()
}

// MouseUp lets go.
func (e *Editor) MouseUp(*desktop.MouseEvent) { e.mouse.grip = gripNone }

// DragEnd lets go.
func (e *Editor) DragEnd() { e.mouse.grip = gripNone }

// Dragged extends the selection, by words after a double click and by lines after a triple one, or moves a scroll bar.
func (e *Editor) Dragged(d *fyne.DragEvent) {
	e.mouse.drag = d.Position
	switch e.mouse.grip {
	case gripText:
		e.dragTo(d.Position)
	case gripVBar, gripHBar:
		e.dragBar(d.Position)
	}
}

func (e *Editor) dragTo(at fyne.Position) {
	p := e.posAt(at)
	u, a := e.unitAt(p), e.mouse.anchor
	s := text.Sel{Anchor: a.From, Caret: u.To}
	if u.From.Before(a.From) {
		s = text.Sel{Anchor: a.To, Caret: u.From}
	} else if s.Caret.Before(a.To) {
		s.Caret = a.To
	}
	if s == e.sel {
		return
	}
	e.setSel(s)
	e.reveal(p)
	e.Refresh()
}

// autoScroll goes on scrolling while a drag rests outside the view.
func (e *Editor) autoScroll() {
	if e.mouse.grip != gripText {
		return
	}
	if p, s := e.mouse.drag, e.Size(); p.Y < 0 || p.Y > s.Height || p.X < e.gutter() && e.left > 0 || p.X > s.Width {
		e.dragTo(p)
	}
}

// TappedSecondary opens the menu of the text.
func (e *Editor) TappedSecondary(ev *fyne.PointEvent) {
	c := fyne.CurrentApp().Driver().CanvasForObject(e)
	if c == nil {
		return
	}
	widget.ShowPopUpMenuAtPosition(e.contextMenu(), c, ev.AbsolutePosition)
}

func (e *Editor) contextMenu() *fyne.Menu {
	item := func(label string, enabled bool, f func()) *fyne.MenuItem {
		i := fyne.NewMenuItem(label, f)
		i.Disabled = !enabled
		return i
	}
	write, sel := !e.readOnly, !e.sel.Empty()
	return fyne.NewMenu("",
		item("Cut", write && sel, e.Cut), item("Copy", sel, e.Copy), item("Paste", write, e.Paste), item("Select all", true, e.SelectAll),
		fyne.NewMenuItemSeparator(),
		item("Undo", e.CanUndo(), e.Undo), item("Redo", e.CanRedo(), e.Redo),
		fyne.NewMenuItemSeparator(),
		item("Comment or uncomment", write, e.ToggleComment), item("Find…", true, e.ShowFind), item("Go to symbol…", true, e.ShowSymbols),
		item("Go to definition", true, func() { e.GoToDefinition() }),
	)
}
