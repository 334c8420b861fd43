package ui_test

import (
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"patchbay/engine/ao"
	"patchbay/ui"
	"patchbay/ui/traffic"
)

// TestMonkey presses keys, clicks, drags, scrolls, sends and travels at random. The
// window must neither panic nor lose the slots. PATCHBAY_MONKEY is for how long;
// the seed is told so that what it finds can be repeated.
func TestMonkey(t *testing.T) {
	steps := 500
	var until time.Time
	if s := os.Getenv("PATCHBAY_MONKEY"); s != "" {
		d, err := time.ParseDuration(s)
		if err != nil {
			t.Fatal(err)
		}
		until = time.Now().Add(d)
	}
	seed := uint64(20260115)
	if s := os.Getenv("PATCHBAY_SEED"); s != "" {
		seed, _ = strconv.ParseUint(s, 10, 64)
	}
	t.Log("seed", seed)
	rnd := rand.New(rand.NewPCG(seed, 1))
	a := open(t, setup{})
	keys := []string{
		"Up", "Down", "Left", "Right", "Home", "End", "PageUp", "PageDown", "Return", "Escape", "Tab", "Shift+Tab", "Space", "Delete", "Backspace",
		"Ctrl+1", "Ctrl+2", "Ctrl+3", "Ctrl+4", "Ctrl+5", "Ctrl+6", "Ctrl+7", "Ctrl+R", "Ctrl+Return", "Alt+Return", "Alt+Left", "Alt+Right", "Alt+End",
		"Ctrl+F", "Ctrl+Shift+F", "Ctrl+Alt+S", "Ctrl+Shift+P", "Ctrl+T", "Ctrl+Z", "Ctrl+Y", "Ctrl+A", "Ctrl+C", "Ctrl+V", "Ctrl+X", "Ctrl+O", "Ctrl+N", "Ctrl+P",
		"Alt+PageUp", "Alt+PageDown", "Ctrl+Shift+G", "Ctrl+Shift+C", "Ctrl+S", "Ctrl+Shift+R", "Ctrl+Shift+E", "Ctrl+W",
	}
	words := []string{"alice", "{{", "}}", "a", "\n", "-1", "é…", "value:1", "end", "\"", "{", "99999999999999999999"}
	for i := 0; i < steps || time.Now().Before(until); i++ {
		x, y := rnd.Float32()*1280, rnd.Float32()*800
		switch rnd.IntN(12) {
		case 0, 1, 2:
			a.Press(keys[rnd.IntN(len(keys))])
		case 3:
			a.Type(words[rnd.IntN(len(words))])
		case 4, 5:
			a.Click(x, y)
		case 6:
			if rnd.IntN(4) == 0 {
				a.RightClick(x, y)
			} else {
				a.DoubleClick(x, y)
			}
		case 7:
			draggable := func(o fyne.CanvasObject) bool { _, ok := o.(fyne.Draggable); return ok }
			if o, _ := a.At(fyne.NewPos(x, y), draggable); o == nil {
				continue
			}
			a.Drag(fyne.NewPos(x, y), fyne.NewPos(rnd.Float32()*1280, rnd.Float32()*800))
		case 8:
			a.Scroll(x, y, 0, (rnd.Float32()-0.5)*2000)
		case 9:
			if len(a.Engine.Processes()) > 0 {
				a.send("alice", []string{"Transfer", "Info", "Boom"}[rnd.IntN(3)], "Recipient", ao.Address("bob"), "Quantity", words[rnd.IntN(len(words))])
			}
		case 10:
			a.Node.asked(traffic.Exchange{At: a.Clock.Now(), Method: "GET", Path: "/" + words[rnd.IntN(len(words))], Status: 200 + 51*rnd.IntN(7)})
			a.W.Bottom.Select(rnd.IntN(ui.TabProblems + 1))
		case 11:
			if rnd.IntN(8) == 0 {
				m := a.W.Content().MinSize() // a real window is never smaller
				a.Resize(m.Width+rnd.Float32()*900, m.Height+rnd.Float32()*500)
			}
			a.W.Inspect.Tabs.Select(rnd.IntN(3))
		}
		a.settle()
		if a.Quit { // it found the palette's Quit
			a = open(t, setup{})
		}
		if i%100 == 0 {
			a.Wait(time.Second)
			a.Capture()
		}
	}
	a.Resize(1280, 800)
	for range 4 {
		a.press("Escape")
	}
}
