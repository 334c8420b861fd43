package ui

import (
	"fyne.io/fyne/v2"

	"patchbay/ui/kit"
)

// keyboard cares for keys that would be lost. Fyne leaves the keyboard with an
// object that was taken off the screen, and with nothing at all after a click
// beside everything that could have it.

// listen takes the keys that nothing has. Under a dialog or the palette they are
// meant for it: Escape closes it, and what is typed goes to its first field.
func (w *Window) listen(c fyne.Canvas) {
	c.SetOnTypedKey(func(k *fyne.KeyEvent) {
		if top := c.Overlays().Top(); top != nil && k.Name == fyne.KeyEscape {
			c.Overlays().Remove(top)
		}
	})
	c.SetOnTypedRune(func(r rune) {
		if c.Overlays().Top() == nil {
			return
		}
		c.FocusNext()
		if f := c.Focused(); f != nil {
			f.TypedRune(r)
		}
	})
}

// swapped notes that a part of the window shows something else.
func (w *Window) swapped() {
	w.regain = true
	w.regainKeyboard()
}

// regainKeyboard gives the keyboard to what the lower left shows now, when what had
// it was there before: what is typed would be written where nobody sees it. Under a
// dialog that waits until it is closed.
func (w *Window) regainKeyboard() {
	if !w.regain || w.win == nil || w.win.Canvas().Overlays().Top() != nil {
		return
	}
	w.regain = false
	c := w.win.Canvas()
	had, ok := c.Focused().(fyne.CanvasObject)
	if !ok || kit.OnScreen(had) {
		return
	}
	switch w.Bottom.Current() {
	case TabOutbox:
		c.Focus(w.Outbox.Rows)
	case TabOutput:
		c.Focus(w.Output.Rows)
	case TabSlot:
		c.Focus(w.Facts.Rows)
	case TabConsole:
		c.Focus(w.Console.Input)
	case TabTraffic:
		c.Focus(w.Traffic.List)
	case TabProblems:
		c.Focus(w.Problems.List)
	default:
		c.Unfocus()
	}
}
