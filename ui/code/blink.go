package code

import "time"

// blinkHalf is how long the caret shows, and then hides.
const blinkHalf = 530 * time.Millisecond

// caretShown tells whether the caret is in the visible half of its blinking; after a key it always is.
func (e *Editor) caretShown() bool {
	if !e.focused {
		return false
	}
	return e.opt.Now().Sub(e.lastInput)/blinkHalf%2 == 0
}

// blink redraws when the caret appears or disappears.
func (e *Editor) blink(time.Time) {
	if shown := e.caretShown(); shown != e.caretWas {
		e.caretWas = shown
		e.Refresh()
	}
}

// CaretVisible tells whether the caret is drawn just now.
func (e *Editor) CaretVisible() bool { return e.caretShown() }
