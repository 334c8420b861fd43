package ui_test

import (
	"fmt"
	"testing"
	"time"

	"fyne.io/fyne/v2/storage"

	"patchbay/engine/ao"
	"patchbay/ui"
	"patchbay/ui/compose"
	"patchbay/ui/inspect"
	"patchbay/ui/theme"
	"patchbay/ui/traffic"
	"patchbay/ui/uitest"
)

// --- Processes -----------------------------------------------------------------

func TestANewProcessFromATemplate(t *testing.T) {
	a := story(t)
	a.press("Ctrl+N")
	a.Sees("New process", "Start from")
	a.press("Ctrl+A").Type("counter\n")
	a.settle()
	a.Sees("counter ")
	if _, ok := a.Project.files["counter.lua"]; !ok {
		t.Error("no script was written")
	}
	if len(a.Engine.Processes()) != 2 {
		t.Error("no process was made")
	}
}

func TestABadNameIsRefused(t *testing.T) {
	a := story(t)
	a.press("Ctrl+N")
	for _, name := range []string{"token", "a/b"} {
		a.press("Ctrl+A").Type(name + "\n")
		if len(a.Engine.Processes()) != 1 {
			t.Errorf("%q was taken", name)
		}
	}
	a.press("Escape")
}

func TestDeleteCanBeUndone(t *testing.T) {
	a := story(t)
	a.W.RunCommand("Delete…")
	a.Tap("Delete")
	a.settle()
	a.Sees("No process runs yet.")
	a.Tap("Undo")
	a.settle()
	a.Sees("token ", "balances")
}

func TestRename(t *testing.T) {
	a := story(t)
	a.W.RunCommand("Rename…")
	a.press("Ctrl+A").Type("coin\n")
	a.settle()
	a.Sees("coin ")
}

func TestReplayAndReset(t *testing.T) {
	a := story(t)
	a.press("Ctrl+Shift+R")
	a.contains("status", a.status(), "Replayed 14 slots")
	a.Tap("Reset")
	a.Sees("Go back to slot 0? The 14 slots stay in a branch of their own.")
	a.TapLast("Reset")
	a.settle()
	a.expect("bar", a.W.Bar.Text(), "slot 0 / 0")
}

func TestTheProfileIsSwitched(t *testing.T) {
	a := story(t)
	a.W.SetProfile("2025-06")
	a.settle()
	a.expect("profile", a.Engine.profile, "2025-06")
	a.Sees("2025-06")
}

func TestSwitchingProcesses(t *testing.T) {
	a := story(t)
	p := must(a.Engine.Spawn(t.Context(), ui.SpawnRequest{Name: "second", Script: "escrow.lua", Owner: ao.Address("o")}))
	a.settle()
	a.press("Ctrl+P").Type("second\n")
	a.settle()
	a.contains("path", a.W.Inspect.Bar(), p.ID[:4])
	a.expect("bar", a.W.Bar.Text(), "slot 0 / 0")
	a.contains("tab", a.W.Files.Active().Title(), "escrow.lua")
}

// What is run is what is looked at: the script in front, in the process that is made
// of it. A file of no process is not run by itself, which is said.
func TestRunTakesTheScriptInFront(t *testing.T) {
	a := story(t)
	first, was := a.pid(), a.Engine.sources[a.pid()]
	p := must(a.Engine.Spawn(t.Context(), ui.SpawnRequest{Name: "second", Script: "escrow.lua", Owner: ao.Address("o")}))
	a.settle()
	a.W.OpenScript("escrow.lua")
	a.settle()
	a.W.Files.Active().Editor.SetText("-- of the second")
	a.Tap("Run")
	a.settle()
	a.contains("source of the second", a.Engine.sources[p.ID], "-- of the second")
	a.expect("source of the first", a.Engine.sources[first], was)
	a.contains("status", a.status(), "Ran escrow.lua as slot 1")
	a.Sees("second ")
	a.Project.files["part.lua"] = "return 1"
	a.W.OpenScript("part.lua")
	a.settle()
	a.press("Ctrl+R")
	a.contains("status", a.status(), "Ran escrow.lua as slot 2. part.lua in front belongs to no process")
	a.expect("source of the second", a.Engine.sources[p.ID], "-- of the second")
	a.press("Ctrl+N")
	a.press("Enter")
	a.settle()
	a.expect("processes", a.names(), "token second part")
	a.expect("script", a.Engine.Processes()[2].Script, "part.lua")
}

// A script that was dropped in from outside of the project becomes a process of it.
func TestAProcessIsMadeOfAScriptDroppedIn(t *testing.T) {
	a := story(t)
	a.Project.files["../elsewhere/swap.lua"] = "-- swaps"
	a.W.Dropped(storage.NewFileURI("/elsewhere/swap.lua"))
	a.settle()
	a.press("Ctrl+N")
	a.Sees("A copy of /elsewhere/swap.lua, as it is in the editor.")
	a.press("Enter")
	a.settle()
	a.expect("processes", a.names(), "token swap")
	a.expect("the copy", a.Project.files["swap.lua"], "-- swaps")
	a.expect("the original", a.Project.files["../elsewhere/swap.lua"], "-- swaps")
}

// --- Around it -----------------------------------------------------------------

func TestThePaletteFindsCommands(t *testing.T) {
	a := story(t)
	a.press("Ctrl+Shift+P").Type("first st")
	a.Sees("First steps")
	a.press("Enter")
	a.contains("tour", a.W.Tour(), "1 of 5")
}

// What stands in the panels' own menus is in the palette, too.
func TestThePaletteHasWhatThePanelsMenusHave(t *testing.T) {
	a := story(t)
	run := func(words string) {
		a.press("Ctrl+Shift+P").Type(words + "\n")
		a.settle()
	}
	a.W.Tree.Select(aliceAt)
	for words, want := range map[string]string{
		"request as curl": "curl 'http://", "request as fetch": "await fetch(\"http://", "request as aoconnect": "await request({ method: 'GET'", "request as wget": "wget -qO- 'http://",
	} {
		run(words)
		a.contains(words, a.Clipboard().Content(), want)
	}
	run("ask accept application")
	a.settle()
	a.expect("tab", fmt.Sprint(a.W.Inspect.Tabs.Current()), fmt.Sprint(inspect.TabResponse))
	run("request as curl")
	a.contains("the encoding", a.Clipboard().Content(), "-H 'accept: application/json'")

	c := a.W.Composer
	c.Data.SetText(`{"a":1}`)
	run("format data")
	a.expect("data", c.Data.Text, "{\n  \"a\": 1\n}")
	run("data one line")
	a.expect("data", c.Data.Text, `{"a":1}`)
	c.Data.SetText("hello")
	run("format data")
	a.contains("note", c.Note(), "Data is no JSON")
	run("data is json")
	a.expect("kind", c.Draft().As, compose.AsJSON)
	a.transfer("bob", "")
	a.Focus(c.Tag("Quantity"))
	run("insert a variable")
	a.Type("random.100\n")
	a.settle()
	a.expect("quantity", c.Tag("Quantity").Text, "{{random.100}}")
	run("clear form")
	a.expect("draft", c.Draft().Title(), "alice: ")
	a.Node.asked(traffic.Exchange{At: a.Clock.Now(), Method: "GET", Path: "/x", Status: 404})
	a.settle()
	run("clear traffic")
	a.expect("misses", fmt.Sprint(a.W.Traffic.Misses()), "0")
}

func TestThePaletteClosesWithEscape(t *testing.T) {
	a := story(t)
	a.press("Ctrl+Shift+P", "Escape")
	a.SeesNot("Command palette…", "New process…")
}

func TestEveryCommandHasATitleAndNoShortcutIsTwice(t *testing.T) {
	a := story(t)
	seen := map[string]string{}
	for _, c := range a.W.Commands() {
		if c.Title == "-" {
			continue
		}
		if c.Run == nil || c.Title == "" || c.Menu == "" {
			t.Errorf("%+v", c)
		}
		if c.Shortcut != nil {
			n := c.Shortcut.ShortcutName()
			if seen[n] != "" {
				t.Errorf("%s is both %s and %s", n, seen[n], c.Title)
			}
			seen[n] = c.Title
		}
	}
}

func TestLightAndDark(t *testing.T) {
	a := story(t)
	a.Tap("☾")
	a.expect("theme", a.Set["theme"], "light")
	a.Tap("☀")
	a.expect("theme", a.Set["theme"], "dark")

	// The sign says what is shown from the beginning, not what was last chosen here.
	light := open(t, setup{opts: []uitest.Option{uitest.Mode(theme.Light)}})
	light.Sees("☀")
}

func TestWhatIsSetIsThereAgain(t *testing.T) {
	a := story(t)
	a.transfer("carol", "9")
	a.W.Inspect.Tabs.Select(inspect.TabHistory)
	a.W.Close()
	b := open(t, setup{settings: a.Set})
	a.expect("draft", b.W.Composer.Draft().Title(), "alice: Transfer Recipient=carol Quantity=9")
	if b.W.Inspect.Tabs.Current() != inspect.TabHistory {
		t.Error("the tab is forgotten")
	}
}

func TestBrokenSettingsHarmNothing(t *testing.T) {
	set := fakeSettings{"split.left": "x", "split.columns": "99", "tree.pins": "{", "composer": "[", "inspect.tab": "77", "window.size": "0x0", "scale": "NaN", "files": "?"}
	a := open(t, setup{settings: set})
	a.Sees("token-demo")
	if s := ui.ParseSize(a.Set["window.size"]); s.Width != 1280 {
		t.Errorf("size %v", s)
	}
}

func TestAScriptIsDraggedIn(t *testing.T) {
	a := story(t)
	a.W.Dropped(storage.NewFileURI("/project/escrow.lua"), storage.NewFileURI("/tmp/picture.png"))
	a.settle()
	a.expect("tab", a.W.Files.Active().Title(), "escrow.lua")
	a.contains("status", a.status(), "picture.png is not a .lua script")
}

func TestOpenAScriptByName(t *testing.T) {
	a := story(t)
	a.press("Ctrl+O").Type("escrow\n")
	a.settle()
	a.expect("tab", a.W.Files.Active().Title(), "escrow.lua")
}

func TestQuittingWaitsForASaveUnderWay(t *testing.T) {
	a := story(t)
	a.Focus(a.W.Files.Active().Editor)
	a.Type("x")
	a.press("Ctrl+S")
	a.press("Ctrl+Q")
	a.SeesNot("Unsaved changes")
	a.settle()
	if !a.Quit {
		t.Error("the program goes on")
	}
}

func TestUnsavedTextIsAskedAboutBeforeQuitting(t *testing.T) {
	a := story(t)
	a.Focus(a.W.Files.Active().Editor)
	a.Type("x")
	a.press("Ctrl+Q")
	a.Sees("Unsaved changes")
	a.Tap("Cancel")
	a.SeesNot("Unsaved changes")
	a.press("Ctrl+Q")
	a.TapLast("Quit")
	if !a.Quit {
		t.Error("the program goes on")
	}
}

func TestAbout(t *testing.T) {
	a := story(t)
	a.W.RunCommand("About Patchbay")
	a.Sees("Patchbay 1.0")
}

func TestLostEventsAreMadeGood(t *testing.T) {
	a := story(t)
	for _, f := range a.Engine.feeds {
		a.Engine.feeds = nil
		a.send("alice", "Transfer", "Recipient", bob, "Quantity", "1")
		f.push(ao.Event{Kind: ao.Lost})
		a.Engine.feeds = []*fakeFeed{f}
		break
	}
	a.settle()
	a.expect("bar", a.W.Bar.Text(), "slot 14 / 14")
}

func TestAThousandSlotsInOneStep(t *testing.T) {
	a := story(t)
	for range 1000 {
		a.send("alice", "Transfer", "Recipient", bob, "Quantity", "1")
	}
	a.settle()
	a.expect("bar", a.W.Bar.Text(), "slot 1013 / 1013")
	a.W.ShowSlot(3)
	a.settle()
	a.expect("head", a.W.Tree.Head(), "slot 3 · past")
}

func TestATinyWindowHoldsTogether(t *testing.T) {
	a := open(t, setup{w: 700, h: 420})
	a.Resize(640, 400)
	a.settle()
	a.Sees("token-demo")
}

func TestABranchBeginsAtASlot(t *testing.T) {
	a := story(t)
	a.W.ShowSlot(4)
	a.settle()
	a.W.RunCommand("New branch from this slot")
	a.settle()
	a.expect("bar", a.W.Bar.Text(), "slot 4 / 4")
	a.contains("status", a.status(), "Branch branch-2 begins after slot 4")
}

func TestTheReplayIsChecked(t *testing.T) {
	a := story(t)
	a.W.RunCommand("Check the replay")
	a.Wait(10 * time.Second)
	a.expect("status", a.status(), "replay verified")
}

func TestOpenScriptsAreOpenAgain(t *testing.T) {
	a := story(t)
	a.W.OpenScript("escrow.lua")
	a.settle()
	a.W.Close()
	b := open(t, setup{settings: a.Set})
	if n := len(b.W.Files.All()); n != 2 {
		t.Errorf("%d scripts are open", n)
	}
	b.expect("in front", b.W.Files.Active().Title(), "token.lua")
}

func TestProblemsOfTheScriptAreCountedWhenTheyAreFound(t *testing.T) {
	a := open(t, setup{quiet: true, lint: someLint})
	a.Wait(2 * time.Second)
	a.expect("badge", a.W.Bottom.Badge(ui.TabProblems), "2")
}
