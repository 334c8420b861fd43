package kit

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"patchbay/ui/theme"
)

// List is a list of equally high rows that are drawn, not built of widgets: a
// refresh costs what is on screen, whatever the list's length. The place in the
// list is kept as a row number and a fraction and not as pixels, because a
// million rows are more pixels than a float32 can tell apart; that, and the rows'
// own drawing, is why widget.List does not serve here.
//
// Set the fields before the list is shown. The zero value of each but Len and
// Row is allowed.
type List struct {
	widget.BaseWidget

	// Len is the number of rows; Row fills one in (r comes empty).
	Len func() int
	Row func(i int, r *Row)
	// OnSelected tells that the user moved the selection; OnActivated that a row was
	// double clicked or Enter pressed on it.
	OnSelected  func(i int)
	OnActivated func(i int)
	// OnTapped sees a click before it selects, with the place from the row's left
	// edge; true means that it was dealt with and nothing is selected.
	OnTapped func(i int, x float32) bool
	// OnMenu asks for the menu of a row; nil or an empty one shows nothing.
	OnMenu func(i int) *fyne.Menu
	// OnKey sees keys first; true means that the key was dealt with.
	OnKey func(k fyne.KeyName) bool
	// OnRune gets characters that are typed.
	OnRune func(r rune)
	// OnEscape is Escape, when OnKey did not deal with it.
	OnEscape func()
	// OnCopy is Ctrl+C.
	OnCopy func()
	// OnShortcut gets every other shortcut.
	OnShortcut func(fyne.Shortcut)
	// OnScrolled tells that the rows on screen changed by scrolling.
	OnScrolled func()
	// OnResized tells a new width.
	OnResized func(width float32)
	// Empty are the lines that stand in the middle when there is no row: what to do.
	Empty func() []string
	// Now is the clock by which double clicks are told; nil is time.Now.
	Now func() time.Time
	// RowHeight is in device independent pixels, 0 for the theme's.
	RowHeight float32
	// Back is the colour of the whole; with "" what the list stands on shows through,
	// and every pixel of it is painted once less.
	Back fyne.ThemeColorName

	top      int     // first row on screen
	offset   float32 // pixels of it that are scrolled away
	selected int
	hover    int
	focused  bool
	dragging bool // the scroll bar's knob
	lastTap  time.Time
	lastRow  int
	finds    *Find // what looks for a text in the rows, nil for nothing
}

var (
	_ fyne.Widget            = (*List)(nil)
	_ fyne.Focusable         = (*List)(nil)
	_ fyne.Tappable          = (*List)(nil)
	_ fyne.SecondaryTappable = (*List)(nil)
	_ fyne.Scrollable        = (*List)(nil)
	_ fyne.Draggable         = (*List)(nil)
	_ fyne.Shortcutable      = (*List)(nil)
	_ desktop.Hoverable      = (*List)(nil)
	_ desktop.Keyable        = (*List)(nil)
)

// NewList makes a list of rows.
func NewList(length func() int, row func(i int, r *Row)) *List {
	l := &List{Len: length, Row: row, selected: -1, hover: -1, lastRow: -1}
	l.ExtendBaseWidget(l)
	return l
}

func (l *List) rowHeight() float32 {
	if l.RowHeight > 0 {
		return l.RowHeight
	}
	return theme.Size(theme.SizeRow)
}

// Selected is the selected row, -1 for none.
func (l *List) Selected() int { return l.selected }

// SetSelected moves the selection without telling OnSelected and without
// scrolling; -1 selects nothing.
func (l *List) SetSelected(i int) {
	if l.selected != i {
		l.selected = i
		l.Refresh()
	}
}

// Select moves the selection as the user would: it is shown and told.
func (l *List) Select(i int) {
	n := l.Len()
	if n == 0 {
		return
	}
	i = max(0, min(i, n-1))
	l.selected = i
	l.show(i)
	if l.OnSelected != nil {
		l.OnSelected(i)
	}
	l.Refresh()
}

// Top is the first row on screen and how many pixels of it are scrolled away.
func (l *List) Top() (row int, offset float32) { return l.top, l.offset }

// ScrollTo puts a row at the top.
func (l *List) ScrollTo(row int, offset float32) {
	l.top, l.offset = row, offset
	l.clamp()
	l.Refresh()
}

// AtTop says that nothing is scrolled away above.
func (l *List) AtTop() bool { return l.top == 0 && l.offset == 0 }

// Page is how many whole rows fit.
func (l *List) Page() int { return max(1, int(l.Size().Height/l.rowHeight())) }

// Reveal scrolls as little as needed to have row i on screen.
func (l *List) Reveal(i int) {
	l.show(i)
	l.Refresh()
}

func (l *List) show(i int) {
	page := l.Page()
	switch {
	case i < l.top || i == l.top && l.offset > 0:
		l.top, l.offset = i, 0
	case i >= l.top+page:
		l.top, l.offset = i-page+1, 0
	}
	l.clamp()
}

func (l *List) clamp() {
	n := l.Len()
	h := l.rowHeight()
	rows := l.Size().Height / h
	if float32(n) <= rows {
		l.top, l.offset = 0, 0
		return
	}
	// the last place: the last row ends at the bottom edge
	lastTop := n - int(rows) - 1
	lastOffset := (float32(int(rows)+1) - rows) * h
	if lastOffset >= h {
		lastTop++
		lastOffset -= h
	}
	if l.top > lastTop || l.top == lastTop && l.offset > lastOffset {
		l.top, l.offset = lastTop, lastOffset
	}
	if l.top < 0 {
		l.top, l.offset = 0, 0
	}
}

func (l *List) scrollBy(px float32) {
	h := l.rowHeight()
	l.offset += px
	steps := int(l.offset / h)
	if l.offset < 0 {
		steps = -int(-l.offset/h) - 1
	}
	l.top += steps
	l.offset -= float32(steps) * h
	if l.top < 0 {
		l.top, l.offset = 0, 0
	}
	l.clamp()
	if l.OnScrolled != nil {
		l.OnScrolled()
	}
	l.Refresh()
}

// Scrolled is the wheel.
func (l *List) Scrolled(e *fyne.ScrollEvent) { l.scrollBy(-e.Scrolled.DY) }

// RowAt is the row at a height, -1 if there is none.
func (l *List) RowAt(y float32) int {
	i := l.top + int((y+l.offset)/l.rowHeight())
	if y < 0 || i < 0 || i >= l.Len() {
		return -1
	}
	return i
}

// RowText is row i as text.
func (l *List) RowText(i int) string {
	var r Row
	l.Row(i, &r)
	return r.Text()
}

func (l *List) now() time.Time {
	if l.Now != nil {
		return l.Now()
	}
	return time.Now()
}

// Focus asks the canvas for the keyboard.
func (l *List) Focus() { Focus(l) }

// Tapped selects; twice in short time activates.
func (l *List) Tapped(e *fyne.PointEvent) {
	l.Focus()
	if l.overBar(e.Position.X) {
		l.jump(e.Position.Y)
		return
	}
	i := l.RowAt(e.Position.Y)
	if i < 0 {
		return
	}
	if l.OnTapped != nil && l.OnTapped(i, e.Position.X) {
		return
	}
	now := l.now()
	twice := i == l.lastRow && now.Sub(l.lastTap) < 400*time.Millisecond
	l.lastRow, l.lastTap = i, now
	if twice && l.OnActivated != nil {
		l.lastRow = -1
		l.OnActivated(i)
		return
	}
	l.Select(i)
}

// TappedSecondary selects and shows the row's menu.
func (l *List) TappedSecondary(e *fyne.PointEvent) {
	l.Focus()
	i := l.RowAt(e.Position.Y)
	if i < 0 {
		return
	}
	l.Select(i)
	l.popup(i, e.AbsolutePosition)
}

func (l *List) popup(i int, at fyne.Position) {
	if l.OnMenu == nil {
		return
	}
	m := l.OnMenu(i)
	c := fyne.CurrentApp().Driver().CanvasForObject(l)
	if m == nil || len(m.Items) == 0 || c == nil {
		return
	}
	widget.ShowPopUpMenuAtPosition(m, c, at)
}

// FocusGained shows the selection in full colour.
func (l *List) FocusGained() {
	l.focused = true
	if l.selected < 0 && l.Len() > 0 {
		l.selected = l.top
	}
	l.Refresh()
}

// FocusLost dims the selection.
func (l *List) FocusLost() {
	l.focused = false
	l.Refresh()
}

// Focused says whether the list has the keyboard.
func (l *List) Focused() bool { return l.focused }

// TypedRune hands characters on.
func (l *List) TypedRune(r rune) {
	if l.OnRune != nil {
		l.OnRune(r)
	}
}

// TypedKey moves the selection.
func (l *List) TypedKey(k *fyne.KeyEvent) {
	if l.finds != nil && l.finds.listKey(k.Name) {
		return
	}
	if l.OnKey != nil && l.OnKey(k.Name) {
		return
	}
	if k.Name == fyne.KeyEscape && l.OnEscape != nil {
		l.OnEscape()
		return
	}
	n := l.Len()
	if n == 0 {
		return
	}
	switch k.Name {
	case fyne.KeyDown:
		l.Select(l.selected + 1)
	case fyne.KeyUp:
		l.Select(l.selected - 1)
	case fyne.KeyPageDown:
		l.Select(l.selected + l.Page())
	case fyne.KeyPageUp:
		l.Select(l.selected - l.Page())
	case fyne.KeyHome:
		l.Select(0)
	case fyne.KeyEnd:
		l.Select(n - 1)
	case fyne.KeyReturn, fyne.KeyEnter:
		if l.selected >= 0 && l.selected < n && l.OnActivated != nil {
			l.OnActivated(l.selected)
		}
	case desktop.KeyMenu:
		if l.selected >= 0 && l.selected < n {
			at := fyne.CurrentApp().Driver().AbsolutePositionForObject(l)
			y := float32(l.selected-l.top+1)*l.rowHeight() - l.offset
			l.popup(l.selected, at.AddXY(24, y))
		}
	}
}

// KeyDown and KeyUp let a search know whether it goes backwards.
func (l *List) KeyDown(k *fyne.KeyEvent) {
	if l.finds != nil {
		l.finds.held.Key(k.Name, true)
	}
}

// KeyUp is the other half of KeyDown.
func (l *List) KeyUp(k *fyne.KeyEvent) {
	if l.finds != nil {
		l.finds.held.Key(k.Name, false)
	}
}

// TypedShortcut is Ctrl+C and whatever else the owner wants.
func (l *List) TypedShortcut(s fyne.Shortcut) {
	if _, ok := s.(*fyne.ShortcutCopy); ok && l.OnCopy != nil {
		l.OnCopy()
		return
	}
	if l.OnShortcut != nil {
		l.OnShortcut(s)
	}
}

// MouseIn lights the row under the pointer.
func (l *List) MouseIn(e *desktop.MouseEvent) { l.MouseMoved(e) }

// MouseMoved lights the row under the pointer.
func (l *List) MouseMoved(e *desktop.MouseEvent) {
	if i := l.RowAt(e.Position.Y); i != l.hover {
		l.hover = i
		l.Refresh()
	}
}

// MouseOut puts the light out.
func (l *List) MouseOut() {
	if l.hover >= 0 {
		l.hover = -1
		l.Refresh()
	}
}
