package e2e

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The main stories of a day with Patchbay, each in a window of its own with real
// keys and a real mouse. [TestMainJob], [TestEditorWithRealKeysAndMouse] and
// [TestWrongScriptInTheWindow] are three more. They wait for what can be seen: words
// on the screen, HTTP answers, files, the clipboard, the program's end.

// TestStoryChangeAHandler: the author changes what a handler does and runs it; the
// next message meets the new code and the old state.
func TestStoryChangeAHandler(t *testing.T) {
	w := openWindow(t)
	w.Push(transfer("100"))
	w.Reads("cache/balances/"+bob, "1100")

	w.Key("ctrl+1", "ctrl+Home", "ctrl+f")
	w.See("Find")
	w.Type("Balances[to] = (Balances[to] or 0) + amount")
	w.See("1 of 2")
	w.Key("Escape") // the match stays selected, and typing replaces it
	w.Type("Balances[to] = (Balances[to] or 0) + amount * 2")
	w.Key("ctrl+r")
	w.See("Ran token.lua as slot 2") // first: it stays for some seconds only
	w.Slot(2)
	w.Push(transfer("100"))
	w.Reads("cache/balances/"+bob, "1300")
	w.Close()
}

// TestStorySendByHand: a Transfer is filled in with the keyboard alone and sent with
// Ctrl+Enter, then only tried with Alt+Enter, which keeps nothing.
func TestStorySendByHand(t *testing.T) {
	w := openWindow(t)
	w.Key("ctrl+3")
	w.Type("Transfer")
	w.See("Recipient")
	w.See("Quantity")
	w.Key("Tab")
	w.Type("bob")
	w.Key("Tab")
	w.Type("250")
	w.Key("ctrl+t") // a tag that the handler does not read
	w.Type("Memo")
	w.Key("Tab")
	w.Type("thanks")
	w.Key("ctrl+Return")
	w.Slot(1)
	w.Reads("cache/balances/"+bob, "1250")
	w.Reads("cache/balances/"+alice, "999750")
	w.See("999750") // and so says the tree
	w.Close()
}

// TestStoryDryRun: a message is tried; the window shows what it would do, and
// nothing of it is kept.
func TestStoryDryRun(t *testing.T) {
	w := openWindow(t)
	w.Key("ctrl+3")
	w.Type("Mint")
	w.Key("alt+Return")
	w.See("Slot 1 · Mint")
	if got := get(t, w.base+"/"+w.pid+"~process@1.0/slot/current", http.StatusOK); got != "0" {
		t.Errorf("after a dry run the slot is %s", got)
	}
	w.Close()
}

// TestStoryThroughTime: back through the slots and to the present again; the tree
// follows, and messages that come meanwhile do not pull the window along.
func TestStoryThroughTime(t *testing.T) {
	w := openWindow(t)
	w.Push(transfer("100"))
	w.Push(transfer("100"))
	w.See("slot 2 / 2")
	w.See("999800")
	w.Key("alt+Left")
	w.See("slot 1 / 2")
	w.See("999900")
	w.Key("alt+Left")
	w.See("slot 0 / 2")
	w.See("1000000")
	w.Push(transfer("100"))
	w.See("slot 0 / 3")
	w.See("1000000")
	w.ClickOn("Go live")
	w.See("slot 3 / 3")
	w.See("999700")
	w.Close()
}

// TestStoryReplay: all messages again, with changed code; the result is a branch
// of its own, which is served, and the old one can be had back.
func TestStoryReplay(t *testing.T) {
	w := openWindow(t)
	w.Push(transfer("100"))
	w.Push(transfer("100"))
	w.See("slot 2 / 2")
	w.Key("ctrl+1", "ctrl+Home", "ctrl+f")
	w.Type("Balances[to] = (Balances[to] or 0) + amount")
	w.See("1 of 2")
	w.Key("Escape")
	w.Type("Balances[to] = (Balances[to] or 0) + amount * 10")
	w.Key("ctrl+shift+r")
	w.Reads("cache/balances/"+bob, "3000")
	w.See("Replayed 3 slots")

	w.Command("Branches…")
	w.See("branches of the process")
	w.Type("main")
	w.Gone("branches of the process")
	w.Key("Return")
	w.Reads("cache/balances/"+bob, "1200")
	w.Close()
}

// TestStoryFindAKey: the author filters the tree, goes to the key with the keyboard
// and copies the URL under which a front end reads it.
func TestStoryFindAKey(t *testing.T) {
	w := openWindow(t)
	w.Key("ctrl+shift+f")
	w.Type("totals")
	w.Gone("Data-Protocol")
	w.ClickOn("totalsupply") // below it stands a tag of the message that patched it
	w.Key("ctrl+shift+c")
	url := w.Copied(w.Now("cache/totalsupply"))
	if got := get(t, url, http.StatusOK); got != "1599012" {
		t.Errorf("the copied URL answers %q", got)
	}
	w.Close()
}

// TestStoryPalette: a command by the keyboard alone, without its shortcut: the
// window turns light and dark.
func TestStoryPalette(t *testing.T) {
	w := openWindow(t)
	w.Command("Light")
	w.wait("a light window", func() error {
		if b := w.Bright(); b < 180 {
			return fmt.Errorf("its brightness is %d of 255", b)
		}
		return nil
	})
	w.Command("Dark")
	w.wait("a dark window", func() error {
		if b := w.Bright(); b > 80 {
			return fmt.Errorf("its brightness is %d of 255", b)
		}
		return nil
	})
	w.Close()
}

// TestThemesLeaveNothing changes the theme again and again: Fyne loads all fonts anew
// each time, and by itself keeps the old ones for good, 4.5 MB each time.
func TestThemesLeaveNothing(t *testing.T) {
	w := &window{desktop: newDesktop(t, 1300, 860), dir: tokenCopy(t), program: tool(t, t.TempDir(), "probe", "")}
	w.env = append(w.env, "PATCHBAY_PROFILE="+filepath.Join(t.TempDir(), "profile"))
	w.Open()
	both := func() {
		for _, x := range []struct {
			name string
			ok   func(int) bool
		}{{"Light", func(b int) bool { return b > 180 }}, {"Dark", func(b int) bool { return b < 80 }}} {
			w.Command(x.name)
			w.wait("the window is "+x.name, func() error {
				if b := w.Bright(); !x.ok(b) {
					return fmt.Errorf("its brightness is %d of 255", b)
				}
				return nil
			})
		}
	}
	both()
	before, err := live(w.p)
	if err != nil {
		t.Fatal(err)
	}
	const times = 5
	for range times {
		both()
	}
	if after, err := live(w.p); err != nil || after > before+3*times {
		t.Errorf("%d changes of the theme left %d MB live, %d before them; %v", 2*times, after, before, err)
	}
	w.Close()
}

// TestStoryConsole: Lua at the prompt changes the process as its owner may, and gives
// its value; with Alt it is only tried. What is not complete gets another line.
func TestStoryConsole(t *testing.T) {
	w := openWindow(t)
	w.Key("ctrl+7")
	w.See("#Handlers.list") // what to do, as long as nothing was
	w.Type("Send({ device = 'patch@1.0', cache = { seven = 7 } })")
	w.Key("Return")
	w.Slot(1)
	w.Reads("cache/seven", "7")
	w.Type("Send({ device = 'patch@1.0', cache = { seven = 8 } })")
	w.Key("alt+Return")
	w.See("tried, nothing was kept")
	w.Type("for i = 1, 2 do")
	w.Key("Return")
	w.Type("Send({ device = 'patch@1.0', cache = { seven = 7 + i } }) end")
	w.Key("Return")
	w.Slot(2)
	w.Reads("cache/seven", "9")
	w.Key("Up", "Up", "Up", "ctrl+a") // Up goes to the first line, then to what was typed before
	w.Type("21 * 2")
	w.Key("Return")
	w.Slot(3)
	w.See("42")
	w.Close()
}

// TestStoryNewProcess: a second process from a template; it has its script, its
// saved messages, and its keys can be read.
func TestStoryNewProcess(t *testing.T) {
	w := openWindow(t)
	w.Command("New process…")
	w.See("Start from")
	w.Key("ctrl+a")
	w.Type("second")
	w.ClickOn("Create")
	w.HasProcesses("token", "second")
	w.See("second.lua")
	if w.Script("second.lua") == "" {
		t.Error("its script is empty")
	}
	w.Close()
}

// TestStoryErrorAndProblem: a message fails; the list of problems names the place,
// and a click on it brings the caret there.
func TestStoryErrorAndProblem(t *testing.T) {
	w := openWindow(t)
	w.Push(transfer("nothing"))
	w.Slot(1)
	w.ClickOn("Problems")
	w.Gone("Spawn") // the slots make room for the problems
	w.DoubleClickOn("line 41: Quantity must be")
	w.Type("(here)")
	w.Key("ctrl+s")
	lines := strings.Split(w.Script("token.lua"), "\n")
	line := slices.IndexFunc(lines, func(l string) bool { return strings.Contains(l, "amount > 0") })
	w.wait("what is typed stands at the error", func() error {
		if got := strings.Split(w.Script("token.lua"), "\n"); !strings.Contains(got[line], "(here)") {
			return fmt.Errorf("line %d is %q", line+1, got[line])
		}
		return nil
	})
	w.Close()
}

// TestStoryTraffic: the requests of a front end appear; a miss is told what it may
// have meant, a click on a row shows its key in the tree.
func TestStoryTraffic(t *testing.T) {
	w := openWindow(t)
	w.ClickOn("HTTP traffic")
	get(t, w.Now("cache/totalsupply"), http.StatusOK)
	get(t, w.Now("cache/balance"), http.StatusNotFound)
	w.See("404")
	w.ClickOnLast("totalsupply")
	w.Key("ctrl+shift+c")
	w.Copied(w.Now("cache/totalsupply"))
	w.ClickOn("misses")
	w.See("did you mean")
	w.Close()
}

// TestStoryDeleteAndUndo: a process is deleted and brought back with its slots.
func TestStoryDeleteAndUndo(t *testing.T) {
	w := openWindow(t)
	w.Push(transfer("100"))
	w.Slot(1)
	w.Command("Delete…")
	w.See("The process leaves the project.")
	w.ClickOnLast("Delete")
	w.HasProcesses()
	w.ClickOn("Undo")
	w.HasProcesses("token")
	w.Reads("cache/balances/"+bob, "1100")
	w.See("999900")
	w.Close()
}

// TestStoryComeBack: the window is closed and opened again: theme, filled in message,
// open scripts, typed and unsaved text, and the slots are as they were.
func TestStoryComeBack(t *testing.T) {
	w := openWindow(t)
	if err := os.WriteFile(filepath.Join(w.dir, "other.lua"), []byte("-- the other script\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	w.Push(transfer("100"))
	w.Command("Light")
	w.Key("ctrl+3")
	w.Type("Balance")
	w.Key("ctrl+1", "ctrl+Home")
	w.Type("-- not saved yet ")
	w.See("-- not saved yet")
	w.Key("ctrl+q")
	w.See("Unsaved changes")
	w.ClickOn("Quit")
	w.Ended()

	w.Open()
	w.See("999900")
	w.See("Balance")
	w.See("token.lua has changes of") // and shows them
	w.See("-- not saved yet")
	if b := w.Bright(); b < 180 {
		t.Errorf("it was light and is not any more: %d of 255", b)
	}
	if strings.Contains(w.Script("token.lua"), "not saved yet") {
		t.Error("what was not saved is in the file")
	}
	w.Key("ctrl+q")
	w.ClickOn("Quit")
	w.Ended()
}
