package ui_test

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"patchbay/ui"
	"patchbay/ui/inspect"
	"patchbay/ui/uitest"
)

// small opens the window as a screen of 1920×1080 pixels leaves it at scale 2.
func small(t *testing.T, s setup) *app {
	s.w, s.h = 960, 540
	a := open(t, s)
	if m := a.Canvas().Content().MinSize(); m.Width > 960 || m.Height > 540 {
		t.Errorf("the window needs %v", m)
	}
	return a
}

func TestTheSmallWindowHasRoomForAll(t *testing.T) {
	small(t, setup{})
	small(t, setup{readOnly: "another Patchbay has this project open"})
}

func TestWhatIsToldOfARequestLeavesRows(t *testing.T) {
	a := small(t, setup{})
	a.asked()
	a.chooseRequest(true)
	if h := a.W.Traffic.List.Size().Height; h < 50 {
		t.Errorf("the list is %v high", h)
	}
}

func TestANoteLeavesTheForm(t *testing.T) {
	a := small(t, setup{})
	a.transfer("bob", "{{price}}")
	a.press("Ctrl+Return")
	a.Sees("Quantity: there is no variable {{price}}")
	at, ok := a.Place(a.W.Composer.SendButton)
	top, _ := a.Place(a.W.Composer.Content())
	if !ok || at.Y-top.Y < 50 {
		t.Errorf("above the buttons are %v", at.Y-top.Y)
	}
}

func TestTheTourIsToldToItsEnd(t *testing.T) {
	a := small(t, setup{tour: true})
	for range 4 {
		a.Tap("Next")
		for _, s := range a.Texts() {
			if strings.HasSuffix(s, "…") && len(s) > 8 && strings.Contains(a.W.Tour(), strings.TrimSuffix(s, "…")) {
				t.Errorf("cut: %q", s)
			}
		}
	}
	_, before := a.W.Pointed()
	a.Resize(1400, 540)
	a.Wait(time.Second)
	if _, after := a.W.Pointed(); after == before {
		t.Error("the window was not laid out anew")
	}
}

func TestAPictureStaysInItsPanel(t *testing.T) {
	a := small(t, setup{quiet: true})
	a.show("picture", smallPicture())
	a.W.Tree.Select([]string{"cache", "picture"})
	a.W.Inspect.Tabs.Select(inspect.TabValue)
	a.settle()
	a.Sees("PNG picture, 24 × 16")
	panel, _ := a.Place(a.W.Inspect.Content())
	end := panel.Y + a.W.Inspect.Content().Size().Height
	for _, o := range uitest.FindAll[fyne.CanvasObject](a.UI) {
		if at, ok := a.Place(o); ok && at.X > panel.X && at.Y > panel.Y && at.Y < end && at.Y+o.Size().Height > end+1 {
			t.Errorf("%T ends at %v, the panel at %v", o, at.Y+o.Size().Height, end)
		}
	}
}

func TestAFolderIsLookedFor(t *testing.T) {
	a := small(t, setup{})
	a.W.RunCommand("Open project…")
	a.press("Down", "Return")
	a.Sees("Open Folder", "Cancel")
	pop := uitest.Find[*widget.PopUp](a.UI)
	at, size := pop.Position(), pop.Size()
	if at.X < 0 || at.Y < 0 || at.X+size.Width > 960 || at.Y+size.Height > 540 {
		t.Errorf("it is at %v, %v", at, size)
	}
}

// What the process shown before had changed last is not marked in another one.
func TestAnotherProcessIsNotLit(t *testing.T) {
	a := story(t)
	must(a.Engine.Spawn(t.Context(), ui.SpawnRequest{Name: "second", Script: "escrow.lua", Owner: alice}))
	a.settle()
	a.send("alice", "Transfer", "Recipient", bob, "Quantity", "5")
	a.settle()
	a.press("Ctrl+P").Type("second\n")
	a.settle()
	if row := a.W.Tree.Model.Row(a.W.Tree.Model.IndexOf(aliceAt), a.Clock.Now()); row.Flash || row.Delta == "-5" {
		t.Errorf("%+v", row)
	}
}

// Keys are called as they are on the keyboard, and nothing stands behind an arrow:
// its font would draw a space as a box.
func TestTheMenusWriteKeysAsTheyAre(t *testing.T) {
	a := story(t)
	want := map[string]string{"Error before": "Alt+Page Up\u2009", "Next error": "Alt+Page Down\u2009", "Slot before": "Alt+←", "Go to slot…": "Ctrl+Shift+G\u2009"}
	for _, m := range a.Window.MainMenu().Items {
		for _, it := range m.Items {
			title, keys, _ := strings.Cut(it.Label, "\u2003")
			title = strings.TrimRight(title, " \u200a")
			if w, ok := want[title]; ok {
				a.expect(title, keys, w)
				delete(want, title)
			}
		}
	}
	if len(want) > 0 {
		t.Errorf("not in the menus: %v", want)
	}
}

func TestTheFirstWindowFitsItsScreen(t *testing.T) {
	usual, full := ui.ParseSize(""), fyne.NewSize(1280, 800)
	if got := ui.FitScreen(full, full, 1); got != full {
		t.Errorf("a window that had the whole screen gets %v of it", got)
	}
	for _, c := range []struct {
		screen fyne.Size
		scale  float32
		want   fyne.Size
	}{
		{fyne.NewSize(1920, 1080), 1, usual},
		{fyne.NewSize(1280, 800), 1, usual},
		{fyne.NewSize(2560, 1600), 2, usual},
		{fyne.NewSize(1920, 1080), 2, fyne.NewSize(960, 500)},
		{fyne.NewSize(1024, 768), 1, fyne.NewSize(1024, 728)},
		{fyne.NewSize(0, 0), 1, usual},
		{fyne.NewSize(1920, 1080), 0, usual},
	} {
		if got := ui.FitScreen(usual, c.screen, c.scale); got != c.want {
			t.Errorf("%v at %v gives %v, want %v", c.screen, c.scale, got, c.want)
		}
	}
}
