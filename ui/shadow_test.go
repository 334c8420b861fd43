package ui_test

import (
	"strings"
	"testing"
	"time"
)

// What is typed is tried out against the schedule in a pause, and what would come
// out otherwise stands quietly at the foot.
func TestTypingTellsWhatReplayWouldChange(t *testing.T) {
	a := story(t)
	e := a.W.Files.Active().Editor
	a.Engine.shadow = "3 of 14 results differ, first at 5; 2 keys of the final state differ"
	a.Focus(e)
	a.press("Ctrl+End").Type("\n-- one")
	a.settle()
	if len(a.Engine.shadowed) != 0 {
		t.Fatal("tried out while the author types")
	}
	a.Wait(10 * time.Second) // also what was said before is over
	a.settle()
	a.contains("status", a.status(), "Replay: 3 of 14 results differ, first at 5")
	if n := len(a.Engine.shadowed); n != 1 || !strings.Contains(a.Engine.shadowed[0], "-- one") {
		t.Fatalf("tried %d times: %q", n, a.Engine.shadowed)
	}

	a.Engine.shadow = ""
	a.Type(" two")
	a.Wait(10 * time.Second)
	a.settle()
	a.contains("status", a.status(), "Replay would change nothing")

	a.press("Ctrl+R")
	a.Wait(time.Minute)
	a.settle()
	if strings.Contains(a.status(), "Replay would") {
		t.Errorf("still told after Run: %q", a.status())
	}
}

func TestTypingOnBreaksTheTryOff(t *testing.T) {
	a := story(t)
	a.Engine.shadow = "1 of 14 results differs"
	a.Focus(a.W.Files.Active().Editor)
	a.press("Ctrl+End").Type("\n-- wait")
	a.Clock.Advance(time.Second)
	a.W.Step() // begins, and takes until it is broken off
	a.press("Backspace", "Backspace", "Backspace", "Backspace").Type("go")
	a.settle()
	a.Wait(10 * time.Second)
	a.settle()
	a.contains("status", a.status(), "Replay: 1 of 14 results differs")
}

func TestBrokenTextIsNotTriedOut(t *testing.T) {
	a := story(t)
	a.Focus(a.W.Files.Active().Editor)
	a.press("Ctrl+End").Type("\nx = = 1")
	a.Wait(10 * time.Second)
	a.settle()
	if len(a.Engine.shadowed) != 0 {
		t.Errorf("tried a text with a syntax error: %q", a.Engine.shadowed)
	}
}
