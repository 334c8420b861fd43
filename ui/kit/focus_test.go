package kit_test

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"patchbay/ui/kit"
	"patchbay/ui/uitest"
)

// TestTheKeyboardStaysWhereItIsWhenWhatWantsItIsGone: taken out or hidden, a list
// gets no keyboard; Fyne would complain of the one and silently refuse the other.
func TestTheKeyboardStaysWhereItIsWhenWhatWantsItIsGone(t *testing.T) {
	one, two := kit.NewList(func() int { return 1 }, func(int, *kit.Row) {}), kit.NewEntry("")
	box := container.NewVBox(kit.NewLabel(kit.Plain("head")), one, two)
	u := uitest.Open(t, 400, 300, box)
	c := u.Canvas()
	kit.Focus(one)
	if c.Focused() != fyne.Focusable(one) || !kit.OnScreen(one) {
		t.Fatalf("the keyboard is on %T", c.Focused())
	}
	kit.Focus(two)
	box.Objects = []fyne.CanvasObject{box.Objects[0], two}
	box.Refresh()
	one.Focus()
	if c.Focused() != fyne.Focusable(two) || kit.OnScreen(one) {
		t.Errorf("taken out: the keyboard is on %T", c.Focused())
	}
	box.Objects = []fyne.CanvasObject{box.Objects[0], two, one}
	one.Hide()
	box.Refresh()
	one.Focus()
	if c.Focused() != fyne.Focusable(two) || kit.OnScreen(one) {
		t.Errorf("hidden: the keyboard is on %T", c.Focused())
	}
	one.Show()
	one.Focus()
	if c.Focused() != fyne.Focusable(one) {
		t.Errorf("there again: the keyboard is on %T", c.Focused())
	}
}
