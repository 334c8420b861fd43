package ui_test

import (
	"testing"
)

// --- Time --------------------------------------------------------------------

func TestASlotOfThePastShowsItsState(t *testing.T) {
	a := story(t)
	a.W.ShowSlot(0)
	a.settle()
	a.expect("head", a.W.Tree.Head(), "slot 0 · past")
	a.contains("alice", a.value(aliceAt...), "750000")
	a.expect("bar", a.W.Bar.Text(), "slot 0 / 13")
	a.Tap("Go live")
	a.settle()
	a.expect("head", a.W.Tree.Head(), "slot 13 · live")
}

func TestEverythingFollowsTheSlider(t *testing.T) {
	a := story(t)
	a.W.Tree.Select(aliceAt)
	a.Focus(a.W.Bar.Slider)
	a.press("Home")
	a.contains("path", a.W.Inspect.Path(), "compute=0")
	a.contains("inspector", a.W.Inspect.Text(), "750000")
	a.press("End")
	a.contains("path", a.W.Inspect.Path(), "/now/")
}

func TestStepsByKeys(t *testing.T) {
	a := story(t)
	a.press("Alt+Left", "Alt+Left")
	a.expect("bar", a.W.Bar.Text(), "slot 11 / 13")
	a.press("Alt+Right")
	a.expect("bar", a.W.Bar.Text(), "slot 12 / 13")
	a.press("Alt+End")
	a.expect("bar", a.W.Bar.Text(), "slot 13 / 13")
}

func TestThePastStaysWhileSlotsArrive(t *testing.T) {
	a := story(t)
	a.W.ShowSlot(2)
	a.settle()
	a.send("alice", "Info")
	a.settle()
	a.expect("bar", a.W.Bar.Text(), "slot 2 / 14")
	a.expect("head", a.W.Tree.Head(), "slot 2 · past")
}

func TestAClickOnASlotShowsIt(t *testing.T) {
	a := story(t)
	a.Focus(a.W.Slots.Rows)
	a.press("Down", "Down", "Down")
	a.expect("bar", a.W.Bar.Text(), "slot 10 / 13")
}

func TestErrorsAreJumpedTo(t *testing.T) {
	a := story(t)
	a.press("Alt+PageUp")
	a.expect("bar", a.W.Bar.Text(), "slot 12 / 13")
	a.press("Alt+PageUp")
	a.expect("bar", a.W.Bar.Text(), "slot 6 / 13")
	a.press("Alt+PageDown")
	a.expect("bar", a.W.Bar.Text(), "slot 12 / 13")
	a.press("Alt+PageDown")
	a.contains("status", a.status(), "no slot with an error after slot 12")
}

func TestSlotsAreFiltered(t *testing.T) {
	a := story(t)
	a.press("Ctrl+Alt+S").Type("info")
	a.settle()
	if n := a.W.Slots.Rows.Len(); n != 2 {
		t.Errorf("%d slots", n)
	}
	a.press("Escape")
	a.W.Slots.OnlyFailed(true)
	a.settle()
	if n := a.W.Slots.Rows.Len(); n != 2 {
		t.Errorf("%d failed", n)
	}
}

func TestGoToSlot(t *testing.T) {
	a := story(t)
	a.press("Ctrl+Shift+G")
	a.press("Ctrl+A").Type("3\n")
	a.settle()
	a.expect("bar", a.W.Bar.Text(), "slot 3 / 13")
	a.press("Ctrl+Shift+G")
	a.press("Ctrl+A").Type("999\n")
	a.settle()
	a.Sees("“999” is no slot: there are slots 0 to 13.")
	a.press("Ctrl+A").Type("-1\n")
	a.Sees("“-1” is no slot")
	a.press("Ctrl+A").Type("#4\n")
	a.settle()
	a.expect("bar", a.W.Bar.Text(), "slot 4 / 13")
}
