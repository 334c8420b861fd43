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

// While two versions of a script are compared its text is not on the screen: what is
// asked of the editor is asked of the comparison, and nothing changes the text unseen.
func TestTheKeyboardReachesAComparison(t *testing.T) {
	a := story(t)
	a.press("Ctrl+1", "Ctrl+End")
	a.Type("-- mine")
	k := a.W.Files.Active()
	a.Project.files["token.lua"] = "-- theirs\n" + tokenScript
	a.W.Files.FileChanged(k.Path)
	a.settle()
	a.Tap("Show differences")
	a.settle()
	a.Sees("Back to the text")
	text := k.Editor.Text()

	a.press("Ctrl+2", "Ctrl+1")
	if got := a.Canvas().Focused(); got != fyne.Focusable(k.Front()) || k.Front() == k.Editor {
		t.Errorf("Ctrl+1 gives the keyboard to %T", got)
	}
	a.Type("unseen")
	a.press("Ctrl+/")
	a.expect("the text", k.Editor.Text(), text)

	a.W.RunCommand("Go to line…")
	a.settle()
	a.press("Escape")
	if k.Comparison() == "" {
		t.Error("going to a line ended the comparison")
	}
	k.Reveal(3, 1)
	a.settle()
	if k.Comparison() != "" || a.Canvas().Focused() != fyne.Focusable(k.Editor) {
		t.Error("a place in the text is shown, and the comparison still hides it")
	}
}
