package ui_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"patchbay/engine/ao"
	"patchbay/ui"
	"patchbay/ui/inspect"
)

// many gives the process n more slots at once, as if they had been computed before
// the window opened; those that fail are listed.
func (a *app) many(n int, fail ...int) {
	pid := a.pid()
	a.Engine.mu.Lock()
	list := a.Engine.slots[pid]
	for range n {
		k := len(list)
		s := &ao.Slot{Process: pid, Number: int64(k), Root: list[k-1].Root, Message: ao.Message{
			ID: ao.ID(pid, fmt.Sprint(k)), From: alice, Tags: []ao.Tag{{Name: "Action", Value: "Tick"}, {Name: "N", Value: fmt.Sprint(k)}},
		}}
		if slices.Contains(fail, k) {
			s.Result.Error = fmt.Sprintf("token.lua:3: tick %d failed", k)
		}
		list = append(list, s)
	}
	a.Engine.slots[pid] = list
	a.Engine.mu.Unlock()
	a.Engine.tell(ao.Event{Kind: ao.Lost})
	a.settle()
}

// --- Many slots -----------------------------------------------------------------

func TestTheFilterLooksThroughAllSlots(t *testing.T) {
	a := open(t, setup{quiet: true})
	a.many(20_000, 7, 12_345)
	a.press("Ctrl+Alt+S").Type("n=15000")
	a.settle()
	if n := a.W.Slots.Rows.Len(); n != 1 {
		t.Fatalf("%d slots match", n)
	}
	a.expect("note", a.W.Slots.Note(), "1 of 20001 slots")
	a.press("Return", "Down")
	a.expect("bar", a.W.Bar.Text(), "slot 15000 / 20000")
	a.press("Ctrl+Alt+S", "Ctrl+A").Type("tick")
	a.settle()
	a.contains("note", a.W.Slots.Note(), "The newest 5000 that match; narrow the filter")
	a.send("bob", "Tick")
	a.settle()
	a.contains("the newest row", a.W.Slots.Rows.RowText(0), "20001")
	a.press("Escape")
	a.expect("note", a.W.Slots.Note(), "")
	a.Tap("errors")
	a.settle()
	a.expect("note", a.W.Slots.Note(), "2 of 20002 slots")
	a.contains("row", a.W.Slots.Rows.RowText(1), "tick 7 failed")
	a.Tap("errors")
}

func TestAnErrorFarAwayIsJumpedTo(t *testing.T) {
	a := open(t, setup{quiet: true})
	a.many(20_000, 7, 12_345)
	a.ClickOn(a.W.Slots.Older)
	a.settle()
	a.expect("bar", a.W.Bar.Text(), "slot 12345 / 20000")
	a.press("Alt+PageUp")
	a.expect("bar", a.W.Bar.Text(), "slot 7 / 20000")
	a.press("Alt+PageUp")
	a.contains("status", a.status(), "There is no slot with an error before slot 7.")
	a.ClickOn(a.W.Slots.Newer)
	a.settle()
	a.expect("bar", a.W.Bar.Text(), "slot 12345 / 20000")
	a.press("Alt+PageDown")
	a.contains("status", a.status(), "There is no slot with an error after slot 12345.")
}

func TestNothingMatchesIsSaid(t *testing.T) {
	a := story(t)
	a.press("Ctrl+Alt+S").Type("zzz")
	a.settle()
	a.Sees("No slot matches.")
	a.press("Escape")
	if a.Canvas().Focused() != fyne.Focusable(a.W.Slots.Rows) {
		t.Errorf("the keyboard is in %T", a.Canvas().Focused())
	}
}

func TestTheFilterFollowsAnotherProcess(t *testing.T) {
	a := story(t)
	must(a.Engine.Spawn(t.Context(), ui.SpawnRequest{Name: "second", Script: "token.lua", Owner: ao.Address("o")}))
	a.settle()
	a.press("Ctrl+Alt+S").Type("transfer")
	a.settle()
	a.press("Ctrl+P").Type("second\n")
	a.settle()
	if n := a.W.Slots.Rows.Len(); n != 0 {
		t.Errorf("%d slots of the other process", n)
	}
}

// --- Detail -----------------------------------------------------------------------

func TestEachMessageLeadsToTheSlotThatTookIt(t *testing.T) {
	a := story(t)
	p := must(a.Engine.Spawn(t.Context(), ui.SpawnRequest{Name: "bank", Script: "token.lua", Owner: ao.Address("o")}))
	a.settle()
	s := a.Engine.slots[a.pid()][13]
	s.Delivered[1] = ao.Delivery{Target: p.ID, Process: p.ID, Slot: 0}
	a.W.ShowSlot(12)
	a.W.ShowSlot(13)
	a.settle()
	a.W.Bottom.Select(ui.TabOutbox)
	for _, want := range []string{"patch → patch@1.0", "message → alice", "Delivered: to bank as its slot 0", "message → bob", "Delivered: kept here: no local process has this id", "line 16"} {
		a.contains("outbox", a.W.Outbox.All(), want)
	}
	a.Shot("outbox-delivered")
	for i := range a.W.Outbox.Len() {
		if strings.Contains(a.W.Outbox.Rows.RowText(i), "to bank") {
			a.Focus(a.W.Outbox.Rows)
			a.W.Outbox.Rows.Select(i)
			a.press("Enter")
			break
		}
	}
	a.expect("bar", a.W.Bar.Text(), "slot 0 / 0")
	a.Sees("bank ")
}

func TestThePatchesLeadToTheirKeys(t *testing.T) {
	a := story(t)
	a.W.Bottom.Select(ui.TabSlot)
	a.contains("patches", a.W.Facts.All(), "cache/balances/alice  632000 → 631750")
	for i := range a.W.Facts.Len() {
		if strings.Contains(a.W.Facts.Rows.RowText(i), "/bob  119000") {
			a.Focus(a.W.Facts.Rows)
			a.W.Facts.Rows.Select(i)
			a.press("Enter")
			break
		}
	}
	a.expect("selected", strings.Join(a.W.Tree.Selected(), "/"), "cache/balances/"+bob)
}

func TestTheTraceSaysWhyHandlersDidNotRun(t *testing.T) {
	a := story(t)
	s := a.Engine.slots[a.pid()][13]
	s.Result.Trace = []ao.HandlerTrace{
		{Name: "_eval", Pattern: "function", Outcome: "skipped"},
		{Name: "info", Pattern: "Info", Outcome: "skipped", Line: 26},
		{Name: "big", Pattern: "{Action=Transfer, Memo=_}", Outcome: "skipped", Line: 30},
		{Name: "log", Pattern: "function at line 40", Outcome: "ran, continued", Line: 41, Gas: 12},
		{Name: "transfer", Pattern: "Transfer", Outcome: "ran", Line: 8, Gas: 1500, Duration: 21 * time.Microsecond},
	}
	a.W.ShowSlot(12)
	a.W.ShowSlot(13)
	a.settle()
	for _, want := range []string{
		"_eval  skipped: its pattern, a function, said no",
		"info  skipped: it wants Action = Info, and Action is Transfer",
		"big  skipped: it wants Memo=_, and the message has no Memo",
		"log  ran, continued  function at line 40  12 gas",
		"transfer  ran  Transfer  21 µs  1,500 gas",
		"Handlers after transfer were not asked",
		"Gas: 1,247 instructions", "Time: ",
	} {
		a.contains("trace", a.W.Facts.All(), want)
	}
	a.W.Bottom.Select(ui.TabSlot)
	a.W.Facts.Rows.ScrollTo(1000, 0)
	a.Shot("trace")
}

func TestWhatANodeWouldFailIsSaid(t *testing.T) {
	a := story(t)
	a.Engine.slots[a.pid()][13].Failure = "the integer 10^16 has too many digits"
	a.W.ShowSlot(12)
	a.W.ShowSlot(13)
	a.settle()
	a.contains("slot", a.W.Facts.All(), "a real node fails this slot when it applies the outbox: the integer 10^16 has too many digits")
}

func TestOutputInColours(t *testing.T) {
	a := story(t)
	a.Engine.slots[a.pid()][13].Result.Text = "\x1b[31mred\x1b[0m \x1b[38;5;46mgreen\x1b[0m \x1b[38;2;30;90;255mblue\x1b[0m"
	a.W.ShowSlot(12)
	a.W.ShowSlot(13)
	a.settle()
	a.W.Bottom.Select(ui.TabOutput)
	a.Sees("red", "green", "blue")
	a.expect("text", a.W.Output.All(), "red green blue\n")
	a.Shot("ansi")
}

// --- Time ----------------------------------------------------------------------------

func TestTreeResponseAndCoverageFollowTheSlider(t *testing.T) {
	a := story(t)
	a.W.Tree.Select(aliceAt)
	a.W.Inspect.Tabs.Select(inspect.TabResponse)
	a.Wait(time.Second)
	cover := func() string { return fmt.Sprint(a.W.Files.Active().Editor.Coverage()) }
	a.expect("coverage", cover(), "[8 9 10 11 12 13 14 15]")
	a.contains("response", a.W.Inspect.Text(), "/now/cache/balances/")
	a.Focus(a.W.Bar.Slider)
	a.press("Home")
	a.Wait(time.Second)
	a.contains("alice", a.value(aliceAt...), "750000")
	a.contains("response", a.W.Inspect.Text(), "/compute=0/cache/balances/")
	a.expect("coverage", cover(), "[1]")
	a.contains("slots", a.W.Facts.All(), "Slot 0 · Spawn")
	a.press("Right", "Right")
	a.Wait(time.Second)
	a.contains("response", a.W.Inspect.Text(), "/compute=2/")
	a.Tap("Go live")
	a.Wait(time.Second)
	a.contains("response", a.W.Inspect.Text(), "/now/")
	a.expect("coverage", cover(), "[8 9 10 11 12 13 14 15]")
	a.expect("live", a.W.Bar.Live.Text(), "Live")
}

func TestTheBranchIsNamed(t *testing.T) {
	a := story(t)
	a.SeesNot("branch-2")
	a.menu(a.W.Slots.Rows.OnMenu(9), "New branch from here")
	a.Sees("  branch-2") // in the header, beside the process
	a.contains("status", a.status(), "Branch branch-2 begins after slot 4")
	a.expect("bar", a.W.Bar.Text(), "slot 4 / 4")
}

// A thousand slots a second with a big cache flow while the tree is ordered by change.
func TestTheOrderByChangeFollowsManyChanges(t *testing.T) {
	a := story(t)
	a.W.RunCommand("Sort keys by last change")
	i := a.W.Tree.Model.IndexOf([]string{"cache", "balances"})
	for _, who := range []string{"carol", "dave", "bob"} {
		a.send("alice", "Transfer", "Recipient", ao.Address(who), "Quantity", "1")
		a.settle()
		rows := a.W.Tree.List.RowText(i+1) + a.W.Tree.List.RowText(i+2)
		if !strings.Contains(rows, who) || !strings.Contains(rows, "alice") {
			t.Errorf("%s is not among the first: %s", who, rows)
		}
	}
}
