package code_test

import (
	"testing"
	"time"

	"patchbay/ui/code"
	"patchbay/ui/theme"
	"patchbay/ui/uitest"
)

// TestGoldens holds the drawing to pictures that a person has looked at, in both themes and once at twice the size. They hold
// ASCII only: what stands in for other characters depends on the machine's fonts.
func TestGoldens(t *testing.T) {
	for _, m := range []theme.Mode{theme.Dark, theme.Light} {
		ui, e := open(t, token, uitest.Mode(m))
		ui.Resize(620, 390)
		e.SetCoverage([]int{8, 9, 10, 11, 12, 13, 14, 15, 18, 19, 20, 22})
		e.SetMarks([]code.Mark{
			{Line: 20, Col: 7, EndCol: 11, Severity: code.Warning, Message: "cache.info cannot be read by path."},
			{Line: 15, Col: 5, EndCol: 17, Severity: code.Error, Message: "'end' expected"},
		})
		e.Reveal(14, 5)
		ui.Golden("plain-" + m.String())
		e.Select(9, 9, 13, 20)
		ui.Golden("selected-" + m.String())
		ui.Press("Ctrl+Home", "Ctrl+H").Type("amount")
		ui.Golden("find-" + m.String())
		ui.Press("Escape")
		e.Reveal(12, 1)
		ui.Type("  Handlers.")
		ui.Golden("completion-" + m.String())
		ui.Press("Escape", "Ctrl+Z", "Ctrl+Z", "Ctrl+Home")
		ui.Move(at(e, 20, 8)).Wait(time.Second)
		ui.Golden("help-" + m.String())
	}
	ui, e := open(t, token, uitest.Scale(2))
	ui.Resize(400, 240)
	e.SetMarks([]code.Mark{{Line: 8, Col: 14, EndCol: 24, Severity: code.Warning}})
	e.Reveal(8, 3)
	ui.Golden("plain-2x")
}
