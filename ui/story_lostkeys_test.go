package ui_test

import (
	"testing"

	"fyne.io/fyne/v2"
)

// --- Keys that would be lost ------------------------------------------------------

// A dry run shows the slot in place of the composer: what is typed then must not go
// into a field that nobody sees.
func TestTheKeyboardFollowsWhatIsShown(t *testing.T) {
	a := story(t)
	a.Focus(a.W.Composer.Data)
	a.press("Alt+Return")
	a.settle()
	a.Sees("Dry run")
	if a.Canvas().Focused() != fyne.Focusable(a.W.Facts.Rows) {
		t.Errorf("the keyboard is on %T", a.Canvas().Focused())
	}
	a.Type("lost")
	a.expect("data", a.W.Composer.Data.Text, "")
	a.press("Ctrl+3")
	a.Type("x")
	a.expect("data", a.W.Composer.Data.Text, "")
	if a.Canvas().Focused() != fyne.Focusable(a.W.Composer.Action) {
		t.Errorf("Ctrl+3: the keyboard is on %T", a.Canvas().Focused())
	}
}

// A click beside a dialog takes the keyboard from its field; Escape closes it all
// the same, and what is typed goes into the field.
func TestAClickBesideThePaletteLeavesItUsable(t *testing.T) {
	a := story(t)
	a.press("Ctrl+Shift+P")
	a.Sees("Close script")
	a.Canvas().Unfocus()
	a.Type("theme")
	a.SeesNot("Close script")
	a.Canvas().Unfocus()
	a.press("Escape")
	if top := a.Canvas().Overlays().Top(); top != nil {
		t.Errorf("%T is still shown", top)
	}
}
