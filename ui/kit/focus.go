package kit

import "fyne.io/fyne/v2"

// Focus gives an object the keyboard if it is on the screen. What a click, a key or
// an answer asks for may be gone when it comes: the tab with it was changed, or the
// tag removed; the keyboard then stays where it is. An object that was never drawn
// is not on the screen yet. UI goroutine.
func Focus(o interface {
	fyne.CanvasObject
	fyne.Focusable
},
) {
	if OnScreen(o) {
		fyne.CurrentApp().Driver().CanvasForObject(o).Focus(o)
	}
}

// OnScreen says whether an object is drawn. UI goroutine.
func OnScreen(o fyne.CanvasObject) bool {
	d := fyne.CurrentApp().Driver()
	c := d.CanvasForObject(o) // remembered for a while after the object has gone
	// The driver looks for an object among all that is visible, and has no other way
	// to say that it is not there than the corner of the window, where only the whole
	// content begins.
	return c != nil && (!d.AbsolutePositionForObject(o).IsZero() || c.Content() == o)
}
