package opening_test

import (
	"errors"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"patchbay/ui/opening"
	"patchbay/ui/uitest"
)

func TestAWaitIsToldAndMayBeEnded(t *testing.T) {
	quit := 0
	var w *opening.Wait
	u := uitest.Build(t, 800, 400, func(*uitest.UI) fyne.CanvasObject {
		w = opening.NewWait("/home/me/token", func() { quit++ })
		return w.Content()
	})
	t.Cleanup(w.Stop)
	bar := func() *widget.ProgressBarInfinite {
		for _, b := range uitest.FindAll[*widget.ProgressBarInfinite](u) {
			if b.Visible() {
				return b
			}
		}
		return nil
	}
	u.Sees("Opening /home/me/token …").SeesNot("Quit")
	w.Waited(opening.TellAfter - time.Millisecond)
	if bar() != nil {
		t.Error("a short wait is told")
	}
	w.Waited(opening.TellAfter)
	if b := bar(); b == nil || !b.Running() {
		t.Errorf("the bar does not move: %v", b)
	}
	u.SeesNot("Quit")
	w.Waited(opening.QuitAfter)
	u.Sees("Quit").Tap("Quit")
	if quit != 1 {
		t.Errorf("quit %d times", quit)
	}
	b := bar()
	w.Stop()
	if b == nil || b.Running() {
		t.Error("the bar moves on when the project is there")
	}
}

func TestAProjectThatCannotBeOpened(t *testing.T) {
	done := ""
	u := uitest.Build(t, 800, 400, func(*uitest.UI) fyne.CanvasObject {
		return opening.Failed(errors.New("patchbay.toml:3:1: this is no table"), opening.Offers{
			Again: func() { done += "again " }, Other: func() { done += "other " }, Quit: func() { done += "quit" },
		})
	})
	u.Sees("This project cannot be opened", "patchbay.toml:3:1: this is no table", "No file was touched.")
	for _, b := range []string{"Try again", "Open another folder…", "Quit"} {
		u.Tap(b)
	}
	if done != "again other quit" {
		t.Errorf("done: %s", done)
	}
}
