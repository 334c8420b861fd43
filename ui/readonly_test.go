package ui_test

import "testing"

// A window that can only show says so, and why.
func TestAReadOnlyWindowSaysSo(t *testing.T) {
	a := open(t, setup{quiet: true, readOnly: "another Patchbay has it open"})
	a.Sees("read-only")
	a.Tap("read-only")
	a.settle()
	a.contains("note", a.W.Status(), "another Patchbay has it open")
}

func TestAWindowThatMayWriteDoesNot(t *testing.T) {
	story(t).SeesNot("read-only")
}
