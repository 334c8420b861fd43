package code_test

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
)

func TestSelectingWithTheMouse(t *testing.T) {
	ui, e := open(t, token)
	ui.DoubleClick(at(e, 9, 5))
	wantSelected(t, e, "local")
	ui.Wait(time.Second)
	ui.TripleClick(at(e, 9, 5))
	wantSelected(t, e, "  local from = msg.From\n")
	ui.Wait(time.Second)
	ui.Click(at(e, 9, 3))
	ui.ShiftClick(at(e, 9, 13))
	wantSelected(t, e, "local from")
	ui.Wait(time.Second)
	ui.Drag(pos(e, 10, 9), pos(e, 10, 10), pos(e, 11, 3))
	wantSelected(t, e, "to = msg.Tags.Recipient\n  ")
	ui.Wait(time.Second)
	ui.Click(10, pos(e, 4, 1).Y) // the gutter
	wantSelected(t, e, "Balances = Balances or { [Owner] = 1000000 }\n")
}

func TestDraggingAfterADoubleClickSelectsWords(t *testing.T) {
	ui, e := open(t, "alpha beta gamma delta")
	ui.Click(at(e, 1, 8))
	ui.Drag(pos(e, 1, 8), pos(e, 1, 13))
	wantSelected(t, e, "beta gamma")
	ui.Wait(time.Second)
	ui.Click(at(e, 1, 14))
	ui.Drag(pos(e, 1, 14), pos(e, 1, 3))
	wantSelected(t, e, "alpha beta gamma")
}

func TestDraggingBelowTheViewScrolls(t *testing.T) {
	ui, e := open(t, strings.Repeat("line\n", 200))
	ui.Hold(pos(e, 2, 1), fyne.NewPos(100, 600))
	ui.Wait(time.Second)
	ui.Release()
	if l, _ := e.Caret(); l < 40 {
		t.Errorf("the drag came to line %d only", l)
	}
	if e.Offset() == 0 {
		t.Error("nothing scrolled")
	}
}

func TestScrollingAndTheBars(t *testing.T) {
	ui, e := open(t, strings.Repeat("line\n", 300)+strings.Repeat("wide ", 100))
	ui.Scroll(100, 100, 0, -300)
	if e.Offset() != 300 {
		t.Errorf("offset %v", e.Offset())
	}
	ui.Drag(fyne.NewPos(796, 30), fyne.NewPos(796, 470))
	if p, _ := e.CellAt(301, 1); p.Y > 480 {
		t.Errorf("the bar does not reach the end: %v", p)
	}
	ui.Press("Ctrl+End")
	if p, _ := e.CellAt(301, 501); p.X > 800 {
		t.Errorf("the end of the wide line is out of view: %v", p)
	}
	ui.Drag(fyne.NewPos(780, 476), fyne.NewPos(10, 476))
	if p, _ := e.CellAt(301, 1); p.X < 0 {
		t.Errorf("the lower bar does not reach the start: %v", p)
	}
}
