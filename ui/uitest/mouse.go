package uitest

import (
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
)

// walk visits the visible objects below o in drawing order, with their absolute places; enter says whether to go into it.
func walk(o fyne.CanvasObject, at fyne.Position, clip rect, enter func(o fyne.CanvasObject, at fyne.Position, clip rect)) {
	if o == nil || !o.Visible() {
		return
	}
	at = at.Add(o.Position())
	if clips(o) {
		clip = rect{at, o.Size()}
	}
	enter(o, at, clip)
	for _, c := range children(o) {
		walk(c, at, clip, enter)
	}
}

func children(o fyne.CanvasObject) []fyne.CanvasObject {
	switch o := o.(type) {
	case *fyne.Container:
		return o.Objects
	case fyne.Widget:
		return test.WidgetRenderer(o).Objects()
	}
	return nil
}

func clips(o fyne.CanvasObject) bool {
	if _, ok := o.(fyne.Scrollable); ok {
		return true
	}
	if w, ok := o.(fyne.Widget); ok {
		_, ok = test.WidgetRenderer(w).(interface{ IsClip() })
		return ok
	}
	return false
}

type rect struct {
	at   fyne.Position
	size fyne.Size
}

func (r rect) has(p fyne.Position) bool {
	return p.X >= r.at.X && p.Y >= r.at.Y && p.X < r.at.X+r.size.Width && p.Y < r.at.Y+r.size.Height
}

// visit walks the top overlay when one is open, else the content, as the driver does.
func (u *UI) visit(f func(o fyne.CanvasObject, at fyne.Position, clip rect)) {
	root := u.Canvas().Overlays().Top()
	if root == nil {
		root = u.Canvas().Content()
	}
	walk(root, fyne.Position{}, rect{size: fyne.NewSize(math.MaxInt32, math.MaxInt32)}, f)
}

// At finds the deepest visible object under a point for which ok holds, and the point on that object.
func (u *UI) At(p fyne.Position, ok func(fyne.CanvasObject) bool) (found fyne.CanvasObject, on fyne.Position) {
	u.visit(func(o fyne.CanvasObject, at fyne.Position, clip rect) {
		if clip.has(p) && (rect{at, o.Size()}).has(p) && ok(o) {
			found, on = o, p.Subtract(at)
		}
	})
	return found, on
}

func clickable(o fyne.CanvasObject) bool {
	switch o.(type) {
	case fyne.Tappable, fyne.SecondaryTappable, fyne.DoubleTappable, fyne.Focusable, desktop.Mouseable:
		return true
	}
	return false
}

// Move moves the pointer to a place on the window.
func (u *UI) Move(x, y float32) *UI {
	u.mouse = fyne.NewPos(x, y)
	o, on := u.At(u.mouse, func(o fyne.CanvasObject) bool { _, ok := o.(desktop.Hoverable); return ok })
	ev := &desktop.MouseEvent{PointEvent: fyne.PointEvent{AbsolutePosition: u.mouse, Position: on}}
	h, _ := o.(desktop.Hoverable)
	switch {
	case h != nil && h == u.hover:
		h.MouseMoved(ev)
	default:
		if u.hover != nil {
			u.hover.MouseOut()
		}
		if h != nil {
			h.MouseIn(ev)
		}
	}
	u.hover = h
	return u
}

func (u *UI) button(b desktop.MouseButton, down bool, dragged desktop.Mouseable, m fyne.KeyModifier) fyne.CanvasObject {
	o, on := u.At(u.mouse, clickable)
	ev := &desktop.MouseEvent{PointEvent: fyne.PointEvent{AbsolutePosition: u.mouse, Position: on}, Button: b, Modifier: m}
	if w, ok := o.(desktop.Mouseable); ok || dragged != nil {
		switch {
		case down:
			w.MouseDown(ev)
		case dragged != nil:
			dragged.MouseUp(ev)
		default:
			w.MouseUp(ev)
		}
	}
	if w, ok := o.(fyne.Focusable); !ok || w != u.Canvas().Focused() {
		if f, _ := u.At(u.mouse, func(o fyne.CanvasObject) bool { _, ok := o.(fyne.Focusable); return ok }); f == nil {
			u.Canvas().Unfocus()
		}
	}
	return o
}

// click presses and releases a button n times at a place.
func (u *UI) click(x, y float32, b desktop.MouseButton, n int, m fyne.KeyModifier) *UI {
	u.Move(x, y)
	pe := func() *fyne.PointEvent {
		_, on := u.At(u.mouse, clickable)
		return &fyne.PointEvent{AbsolutePosition: u.mouse, Position: on}
	}
	var pressed fyne.CanvasObject
	for range n {
		pressed = u.button(b, true, nil, m)
		o := u.button(b, false, nil, m)
		if o != pressed || b != desktop.MouseButtonPrimary {
			continue
		}
		if _, double := o.(fyne.DoubleTappable); double && n > 1 {
			continue // told below
		}
		if t, ok := o.(fyne.Tappable); ok {
			t.Tapped(pe())
		}
	}
	if d, ok := pressed.(fyne.DoubleTappable); ok && n > 1 && b == desktop.MouseButtonPrimary {
		d.DoubleTapped(pe())
	}
	if t, ok := pressed.(fyne.SecondaryTappable); ok && b == desktop.MouseButtonSecondary {
		t.TappedSecondary(pe())
	}
	return u
}

// Click clicks once at a place on the window.
func (u *UI) Click(x, y float32) *UI { return u.click(x, y, desktop.MouseButtonPrimary, 1, 0) }

// ShiftClick clicks with Shift held.
func (u *UI) ShiftClick(x, y float32) *UI {
	return u.click(x, y, desktop.MouseButtonPrimary, 1, fyne.KeyModifierShift)
}

// DoubleClick clicks twice at once, TripleClick three times.
func (u *UI) DoubleClick(x, y float32) *UI { return u.click(x, y, desktop.MouseButtonPrimary, 2, 0) }

// TripleClick clicks three times.
func (u *UI) TripleClick(x, y float32) *UI { return u.click(x, y, desktop.MouseButtonPrimary, 3, 0) }

// RightClick clicks with the right button.
func (u *UI) RightClick(x, y float32) *UI { return u.click(x, y, desktop.MouseButtonSecondary, 1, 0) }

// Drag presses the left button at the first place, moves through all others and releases it at the last.
func (u *UI) Drag(path ...fyne.Position) *UI {
	u.Hold(path...)
	return u.Release()
}

// Hold is Drag without the release: the button stays pressed.
func (u *UI) Hold(path ...fyne.Position) *UI {
	u.TB.Helper()
	if len(path) < 2 {
		u.TB.Fatal("uitest: a drag needs two places")
	}
	u.Move(path[0].X, path[0].Y)
	u.button(desktop.MouseButtonPrimary, true, nil, u.mods)
	o, on := u.At(u.mouse, func(o fyne.CanvasObject) bool { _, ok := o.(fyne.Draggable); return ok })
	d, ok := o.(fyne.Draggable)
	if !ok {
		u.TB.Fatalf("uitest: nothing can be dragged at %v", u.mouse)
	}
	offset := u.mouse.Subtract(on)
	for _, p := range path[1:] {
		delta := p.Subtract(u.mouse)
		u.mouse = p
		d.Dragged(&fyne.DragEvent{
			PointEvent: fyne.PointEvent{AbsolutePosition: p, Position: p.Subtract(offset)},
			Dragged:    fyne.NewDelta(delta.X, delta.Y),
		})
	}
	u.dragged = d
	return u
}

// Release lets go of what Hold holds.
func (u *UI) Release() *UI {
	if u.dragged == nil {
		return u
	}
	m, _ := u.dragged.(desktop.Mouseable)
	u.button(desktop.MouseButtonPrimary, false, m, u.mods)
	u.dragged.DragEnd()
	u.dragged = nil
	return u
}

// Scroll turns the wheel at a place; negative dy goes down in the text.
func (u *UI) Scroll(x, y, dx, dy float32) *UI {
	p := fyne.NewPos(x, y)
	o, on := u.At(p, func(o fyne.CanvasObject) bool { _, ok := o.(fyne.Scrollable); return ok })
	if s, ok := o.(fyne.Scrollable); ok {
		s.Scrolled(&fyne.ScrollEvent{PointEvent: fyne.PointEvent{AbsolutePosition: p, Position: on}, Scrolled: fyne.NewDelta(dx, dy)})
	}
	return u
}
