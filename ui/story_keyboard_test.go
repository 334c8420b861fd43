package ui_test

import (
	"fmt"
	"image"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"patchbay/ui"
	"patchbay/ui/kit"
	"patchbay/ui/uitest"
)

// --- By keyboard only ------------------------------------------------------------

// The main job without the mouse: a process from a template, a change of its
// script, a run, a message, a look at the key and its history, back in time and
// live again, the key's URL on the clipboard.
func TestTheMainJobByKeyboard(t *testing.T) {
	a := open(t, setup{empty: true})
	a.press("Ctrl+N")
	a.press("Shift+Tab", "Down", "Tab") // a counter
	a.press("Ctrl+A").Type("coin\n")
	a.settle()
	a.Sees("coin ")
	a.press("Ctrl+1", "Ctrl+End")
	a.Type("-- changed\n")
	a.press("Ctrl+S")
	a.settle()
	a.contains("status", a.status(), "Saved coin.lua")
	a.press("Ctrl+R")
	a.settle()
	a.contains("status", a.status(), "Ran coin.lua as slot 1")
	a.press("Ctrl+3")
	a.press("Ctrl+A").Type("Transfer")
	a.press("Ctrl+T")
	a.Type("Recipient\tbob")
	a.press("Ctrl+T")
	a.Type("Quantity\t250")
	a.press("Ctrl+Return")
	a.settle()
	a.expect("bar", a.W.Bar.Text(), "slot 2 / 2")
	a.press("Ctrl+2", "Home", "Down", "Down")
	a.contains("selected", strings.Join(a.W.Tree.Selected(), "/"), "cache/balances/")
	a.press("Alt+Left", "Alt+Left")
	a.expect("head", a.W.Tree.Head(), "slot 0 · past")
	a.press("Alt+End", "Ctrl+Shift+C")
	a.contains("clipboard", a.Clipboard().Content(), "~process@1.0/now/cache/balances/")
	a.press("Ctrl+Shift+P").Type("history of\n")
	a.Wait(time.Second)
	a.contains("history", a.W.Inspect.Text(), "slot 0: ")
	a.press("Ctrl+6", "Ctrl+5", "Ctrl+4")
	if a.Canvas().Focused() != fyne.Focusable(a.W.Slots.Rows) {
		t.Errorf("focus is on %T", a.Canvas().Focused())
	}
}

// Everything that takes the keyboard is reached by the keys for the next control
// and the one before, and shows that it has it.
func TestEveryControlIsReachedAndShowsIt(t *testing.T) {
	for _, tab := range []int{ui.TabSend, ui.TabOutbox, ui.TabOutput, ui.TabSlot, ui.TabConsole, ui.TabTraffic, ui.TabProblems} {
		t.Run(fmt.Sprint(tab), func(t *testing.T) {
			a := open(t, setup{lint: someLint, tour: true})
			a.W.Bottom.Select(tab)
			a.Wait(time.Second)
			want := map[fyne.Focusable]bool{}
			for _, o := range uitest.FindAll[fyne.CanvasObject](a.UI) {
				if f, ok := o.(fyne.Focusable); ok && !off(o) {
					want[f] = false
				}
			}
			if len(want) < 25 {
				t.Errorf("only %d controls", len(want))
			}
			before := a.Capture()
			for range 3 * len(want) {
				a.press("Ctrl+M") // Tab, which the editor keeps for itself
				f := a.Canvas().Focused()
				if seen, ok := want[f]; ok && !seen {
					want[f] = true
					if o := f.(fyne.CanvasObject); tab == ui.TabSend && same(before, a.Capture(), a, o) {
						t.Errorf("%T %s has the keyboard and does not show it", f, label(o))
					}
				}
			}
			for f, reached := range want {
				if !reached {
					t.Errorf("%T %s is not reached", f, label(f.(fyne.CanvasObject)))
				}
			}
			last := a.Canvas().Focused()
			a.press("Ctrl+M", "Ctrl+Alt+M")
			if a.Canvas().Focused() != last {
				t.Errorf("back from the next is %T, not %T", a.Canvas().Focused(), last)
			}
		})
	}
}

func off(o fyne.CanvasObject) bool {
	d, ok := o.(fyne.Disableable)
	return ok && d.Disabled()
}

func label(o fyne.CanvasObject) string {
	if b, ok := o.(*kit.Button); ok {
		return b.Text() + " " + b.Hint
	}
	return fmt.Sprint(o.Position(), o.Size())
}

// same says whether the place of an object and a rim round it looks alike in two
// pictures.
func same(x, y image.Image, a *app, o fyne.CanvasObject) bool {
	at, ok := a.Place(o)
	if !ok {
		return false
	}
	r := image.Rect(int(at.X)-3, int(at.Y)-3, int(at.X+o.Size().Width)+3, int(at.Y+o.Size().Height)+3).Intersect(x.Bounds())
	for py := r.Min.Y; py < r.Max.Y; py++ {
		for px := r.Min.X; px < r.Max.X; px++ {
			if x.At(px, py) != y.At(px, py) {
				return false
			}
		}
	}
	return true
}

func TestDialogsByKeyboard(t *testing.T) {
	a := story(t)
	for command, sees := range map[string]string{
		"About Patchbay": "Patchbay 1.0", "Reset": "Go back to slot 0?", "Rename…": "Name of the process",
		"Fork here…": "slots 0 to 13", "New process…": "Start from", "Go to slot…": "A number from",
		"New project…": "Folder that is to hold it", "Export state…": "A file that exists is kept", "Delete…": "Its script stays",
		"Command palette…": "what would you like to do?", "Shortcuts": "which key does what?", "Open project…": "or type a folder",
		"Open script…": "open a script of the project", "Show another process…": "show a process",
	} {
		before := a.names()
		if !a.W.RunCommand(command) {
			t.Errorf("there is no %s", command)
			continue
		}
		a.settle()
		a.Sees(sees)
		a.press("Tab", "Tab", "Shift+Tab")
		if a.Canvas().Focused() == nil {
			t.Errorf("%s: nothing has the keyboard", command)
		}
		a.press("Escape")
		a.settle()
		if a.Canvas().Overlays().Top() != nil {
			t.Errorf("%s stays after Escape", command)
		}
		a.expect(command, a.names(), before)
	}
	a.W.Reset() // Enter is the button that has the keyboard
	a.press("Enter")
	a.settle()
	a.expect("bar", a.W.Bar.Text(), "slot 0 / 0")
	a.send("alice", "Info")
	a.settle()
	a.W.Reset()
	a.press("Shift+Tab", "Enter") // Cancel
	a.settle()
	a.expect("bar", a.W.Bar.Text(), "slot 1 / 1")
}

// A field of several lines is left with Tab, and what is typed there is taken with
// Ctrl+Enter: Enter alone begins a new line.
func TestAnImportByKeyboard(t *testing.T) {
	a := story(t)
	a.W.RunCommand("Import curl, aoconnect or JSON…")
	a.Sees("Ctrl+Enter")
	a.Type("curl http://x -d hello")
	a.press("Ctrl+Return")
	a.Sees("the body is not JSON")
	a.press("Ctrl+A").Type("{\"Action\":\n\"Ping\"}")
	a.press("Ctrl+Return")
	a.settle()
	a.expect("draft", a.W.Composer.Draft().Action, "Ping")
	a.expect("slots", a.W.Bar.Text(), "slot 13 / 13")
	a.W.RunCommand("Import curl, aoconnect or JSON…")
	a.Type("{\"Action\":\"Pong\"}")
	a.press("Tab", "Tab", "Return") // by Cancel
	a.settle()
	a.expect("draft", a.W.Composer.Draft().Action, "Pong")
	a.W.RunCommand("About Patchbay")
	a.press("Ctrl+Return") // nothing of the dialog before is left
	a.press("Escape")
	a.expect("slots", a.W.Bar.Text(), "slot 13 / 13")
}

func TestMenusByKeyboard(t *testing.T) {
	a := story(t)
	for _, b := range uitest.FindAll[*kit.Button](a.UI) {
		if !strings.Contains(b.Text(), "profile") {
			continue
		}
		a.Focus(b)
		a.press("Space")
		a.Sees("2025-05")
		a.press("Down", "Down", "Enter")
		a.settle()
	}
	a.expect("profile", a.Engine.profile, "2025-05")
}

// Each command that has keys shows them in the menu, and the list of keys has all.
func TestShortcutsAreListed(t *testing.T) {
	a := story(t)
	a.W.RunCommand("Shortcuts")
	for _, c := range a.W.Commands() {
		if c.Shortcut == nil {
			continue
		}
		a.press("Ctrl+A").Type(c.Title)
		a.Sees(c.Title)
	}
	a.press("Ctrl+A").Type("another caret")
	a.Sees("Ctrl+Alt+↑, Ctrl+Alt+↓")
	a.press("Enter") // only to be read
	a.Sees("another caret above, below")
	a.press("Ctrl+A").Type("ctrl+r\n")
	a.settle()
	a.contains("status", a.status(), "Ran token.lua")
	shown := 0
	for _, m := range a.W.Menu().Items {
		for _, it := range m.Items {
			if it.Shortcut != nil {
				shown++
			}
		}
	}
	if shown < 35 {
		t.Errorf("%d items of the menus show keys", shown)
	}
}

// The lines between the panels move by the arrows.
func TestSplitsByKeyboard(t *testing.T) {
	a := story(t)
	a.press("Ctrl+1")
	wide := a.W.Files.Size().Width
	for range 60 {
		a.press("Ctrl+M")
		if fmt.Sprintf("%T", a.Canvas().Focused()) != "*kit.grip" {
			continue
		}
		a.press("Right", "Right")
	}
	if now := a.W.Files.Size().Width; now <= wide {
		t.Errorf("the editor is %v wide, was %v", now, wide)
	}
	a.W.Close()
	b := open(t, setup{settings: a.Set})
	if now := b.W.Files.Size().Width; now <= wide {
		t.Errorf("the width is forgotten: %v", now)
	}
}
