package ui_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/storage"

	"patchbay/engine/ao"
	"patchbay/ui"
	"patchbay/ui/compose"
	"patchbay/ui/inspect"
	"patchbay/ui/traffic"
	"patchbay/ui/tree"
)

// story opens the window with a running token and some slots.
func story(t *testing.T) *app { return open(t, setup{}) }

func (a *app) expect(what, got, want string) {
	a.T.Helper()
	if got != want {
		a.T.Errorf("%s is %q, want %q", what, got, want)
	}
}

func (a *app) contains(what, got, want string) {
	a.T.Helper()
	if !strings.Contains(got, want) {
		a.T.Errorf("%s does not say %q: %q", what, want, got)
	}
}

// key is a key of the tree as it is shown in its row.
func (a *app) value(path ...string) string {
	a.T.Helper()
	i := a.W.Tree.Model.IndexOf(path)
	if i < 0 {
		a.T.Fatalf("%v is not in the tree", path)
	}
	return a.W.Tree.List.RowText(i)
}

var (
	alice   = ao.Address("alice")
	bob     = ao.Address("bob")
	aliceAt = []string{"cache", "balances", alice}
)

// press presses keys and lets what follows happen.
func (a *app) press(keys ...string) *app {
	a.T.Helper()
	a.Press(keys...)
	a.settle()
	return a
}

// fillTransfer writes a transfer into the composer.
func (a *app) transfer(to, quantity string) {
	a.W.Composer.From.SetText("alice")
	a.W.Composer.Action.SetText("Transfer")
	a.W.Composer.Tag("Recipient").SetText(to)
	a.W.Composer.Tag("Quantity").SetText(quantity)
}

func (a *app) status() string { return a.W.Status() }

// --- The main job -----------------------------------------------------------

func TestStartShowsTheProcessWithItsScriptAndCache(t *testing.T) {
	a := open(t, setup{quiet: true})
	a.Sees("token-demo", "token.lua", "127.0.0.1:8734", "balances", "totalsupply")
	a.contains("editor", a.W.Files.Active().Editor.Text(), "Handlers.add")
	a.expect("head", a.W.Tree.Head(), "slot 0 · live")
}

func TestSendChangesTheTree(t *testing.T) {
	a := open(t, setup{quiet: true})
	a.transfer("bob", "250")
	a.press("Ctrl+Return")
	a.contains("alice", a.value(aliceAt...), "749750  -250")
	a.contains("bob", a.value("cache", "balances", bob), "1250  +250")
	a.contains("composer", a.W.Composer.Note(), "Slot 1: 2 keys changed")
	a.expect("head", a.W.Tree.Head(), "slot 1 · live")
}

func TestSendByTheButton(t *testing.T) {
	a := open(t, setup{quiet: true})
	a.transfer("bob", "1")
	a.ClickOn(a.W.Composer.SendButton)
	a.settle()
	a.expect("slots", a.W.Bar.Text(), "slot 1 / 1")
}

func TestChangedKeysFlashAndGoOut(t *testing.T) {
	a := story(t)
	a.send("alice", "Transfer", "Recipient", bob, "Quantity", "5")
	a.settle()
	row := a.W.Tree.Model.Row(a.W.Tree.Model.IndexOf(aliceAt), a.Clock.Now())
	if !row.Flash || row.Delta != "-5" {
		t.Errorf("%+v", row)
	}
	a.Wait(2 * time.Second)
	if row := a.W.Tree.Model.Row(a.W.Tree.Model.IndexOf(aliceAt), a.Clock.Now()); row.Flash {
		t.Error("the flash stays")
	}
}

func TestAccountsAreCalledByName(t *testing.T) {
	a := story(t)
	a.contains("row", a.value(aliceAt...), "alice  "+alice[:4]+"…"+alice[39:])
	a.contains("slot", a.W.Slots.Rows.RowText(0), "alice → 3 out")
}

func TestRunEvaluatesTheEditedScript(t *testing.T) {
	a := story(t)
	e := a.W.Files.Active().Editor
	a.Focus(e)
	e.SetText("-- changed\n" + tokenScript)
	a.press("Ctrl+R")
	a.contains("source", a.Engine.sources[a.pid()], "-- changed")
	a.contains("slot", a.W.Slots.Rows.RowText(0), "Eval")
	a.contains("status", a.status(), "Ran token.lua as slot")
}

func TestRunByTheButtonSavesTheScript(t *testing.T) {
	a := story(t)
	a.Focus(a.W.Files.Active().Editor)
	a.press("Ctrl+Home").Type("-- hello\n")
	a.Tap("Run")
	a.settle()
	a.contains("file", a.Project.files["token.lua"], "-- hello")
}

func TestASyntaxErrorMarksItsLineAndLosesNothing(t *testing.T) {
	a := story(t)
	e := a.W.Files.Active().Editor
	before := a.value(aliceAt...)
	a.Focus(e)
	a.press("Ctrl+Home").Type("syntax error\n")
	a.press("Ctrl+R")
	a.contains("status", a.status(), "was not loaded")
	marked := false
	for _, m := range e.Marks() {
		marked = marked || m.Line == 3 && strings.Contains(m.Message, "unexpected symbol")
	}
	if !marked {
		t.Errorf("marks: %+v", e.Marks())
	}
	a.contains("text", e.Text(), "syntax error")
	if now := a.value(aliceAt...); strings.Fields(now)[0] != strings.Fields(before)[0] {
		t.Errorf("the state changed: %q, %q", before, now)
	}
}

func TestAnErrorInAHandlerIsToldWithItsLine(t *testing.T) {
	a := open(t, setup{quiet: true, lint: func(string, string) []ui.Problem { return nil }})
	a.W.Composer.From.SetText("alice")
	a.W.Composer.Action.SetText("Boom")
	a.press("Ctrl+Return")
	a.contains("composer", a.W.Composer.Note(), "Slot 1 failed: token.lua:31: boom")
	a.contains("slot", a.W.Slots.Rows.RowText(0), "token.lua:31: boom")
	a.W.Bottom.Select(ui.TabOutput)
	a.Sees("token.lua:31: boom")
	a.expect("problems", a.W.Bottom.Badge(ui.TabProblems), "2") // the slot, and cache.info
}

func TestTheURLOfAKeyIsCopied(t *testing.T) {
	a := story(t)
	a.W.Tree.Select(aliceAt)
	a.Tap("Copy URL")
	a.expect("clipboard", a.Clipboard().Content(), "http://127.0.0.1:8734/"+a.pid()+"~process@1.0/now/cache/balances/"+alice)
	a.press("Ctrl+Shift+C")
	a.contains("status", a.status(), "Copied the URL")
}

func TestCopyTheProcessID(t *testing.T) {
	a := story(t)
	a.W.RunCommand("Copy process id")
	a.expect("clipboard", a.Clipboard().Content(), a.pid())
}

func TestOpenInBrowser(t *testing.T) {
	a := story(t)
	a.W.Tree.Select([]string{"cache", "totalsupply"})
	a.Tap("Open in browser")
	if len(a.Opened) != 1 || !strings.HasSuffix(a.Opened[0], "/now/cache/totalsupply") {
		t.Errorf("opened %v", a.Opened)
	}
}

// --- Told errors -------------------------------------------------------------

func TestASendThatFailsIsToldAndTheDraftStays(t *testing.T) {
	a := story(t)
	a.Engine.sendErr = errors.New("the journal is locked by another program; close it and send again")
	a.transfer("bob", "250")
	a.press("Ctrl+Return")
	a.contains("note", a.W.Composer.Note(), "Not sent: the journal is locked")
	a.expect("quantity", a.W.Composer.Tag("Quantity").Text, "250")
}

func TestAnUnknownSenderIsToldWithTheChoices(t *testing.T) {
	a := story(t)
	n := a.W.Bar.Text()
	a.transfer("bob", "1")
	a.W.Composer.From.SetText("mallory")
	a.press("Ctrl+Return")
	a.contains("note", a.W.Composer.Note(), "No account is called “mallory”. Choose alice, bob")
	a.expect("slots", a.W.Bar.Text(), n)
}

func TestAnUnknownVariableIsTold(t *testing.T) {
	a := story(t)
	a.transfer("bob", "{{price}}")
	a.press("Ctrl+Return")
	a.contains("note", a.W.Composer.Note(), "Quantity: there is no variable {{price}}")
}

func TestDataThatIsNearlyJSONIsWarnedOf(t *testing.T) {
	a := story(t)
	a.W.Composer.Data.SetText(`{"a": 1,}`)
	a.contains("note", a.W.Composer.Note(), "looks like JSON but is not")
}

func TestAScriptThatCannotBeReadIsTold(t *testing.T) {
	a := story(t)
	a.W.OpenScript("nothere.lua")
	a.settle()
	if m := a.W.Files.Active().Message(); !strings.Contains(m, "is not there") {
		t.Errorf("the tab says %q", m)
	}
}

func TestASavedMessageThatCannotBeWrittenIsTold(t *testing.T) {
	a := story(t)
	a.Project.err = errors.New("messages/x.json cannot be written: the disk is full")
	a.W.SaveMessage(compose.Saved{Name: "x"})
	a.settle()
	a.contains("status", a.status(), "the disk is full")
}

func TestThePortNoteIsShown(t *testing.T) {
	a := story(t)
	a.Node.note = "Port 8734 is taken by another program; this node listens on 8735."
	a.Wait(10 * time.Second)
	a.contains("status", a.status(), "Port 8734 is taken")
}

func TestFaultsOfTheEngineAreTold(t *testing.T) {
	a := story(t)
	a.Engine.tell(ao.Event{Kind: ao.Fault, Text: "the journal cannot be written: disk full"})
	a.settle()
	a.contains("status", a.status(), "disk full")
}

// --- Empty states ------------------------------------------------------------

func TestWithoutAProcessEverythingSaysWhatToDo(t *testing.T) {
	a := open(t, setup{empty: true})
	a.Sees("No process runs yet.", "Process › New process… makes one from a template.", "no process yet", "no slot yet")
	a.press("Ctrl+R")
	a.contains("status", a.status(), "There is no process yet")
	a.press("Ctrl+Return")
	a.press("Ctrl+Shift+R", "Alt+Left", "Alt+End", "Ctrl+Shift+C")
}

func TestTheFirstProcessAppearsByItself(t *testing.T) {
	a := open(t, setup{empty: true})
	must(a.Engine.Spawn(t.Context(), ui.SpawnRequest{Name: "late", Script: "token.lua", Owner: ao.Address("o")}))
	a.settle()
	a.Sees("late ", "balances")
}

func TestTheTourHasFiveStepsAndStandsInNobodysWay(t *testing.T) {
	a := open(t, setup{tour: true})
	for i := range 5 {
		a.contains("tour", a.W.Tour(), fmt.Sprintf("%d of 5", i+1))
		if i == 2 { // it can be worked with
			a.transfer("bob", "1")
			a.press("Ctrl+Return")
			a.contains("composer", a.W.Composer.Note(), "2 keys changed")
		}
		if i < 4 {
			a.Tap("Next")
		}
	}
	a.Tap("Done")
	a.expect("tour", a.W.Tour(), "")
	a.expect("remembered", a.Set["tour"], "seen")
	a.W.RunCommand("First steps")
	a.contains("tour", a.W.Tour(), "1 of 5")
}

// --- Composer ----------------------------------------------------------------

func TestActionsAreSuggestedFromTheScript(t *testing.T) {
	a := open(t, setup{quiet: true})
	a.W.Composer.Action.SetText("Transfer")
	if a.W.Composer.Tag("Recipient") == nil || a.W.Composer.Tag("Quantity") == nil {
		t.Errorf("the handler's tags are not offered: %+v", a.W.Composer.Draft())
	}
}

func TestTagsAreAddedNamedAndRemoved(t *testing.T) {
	a := story(t)
	a.press("Ctrl+T").Type("X-Note\nhello")
	if e := a.W.Composer.Tag("X-Note"); e == nil || e.Text != "hello" {
		t.Fatalf("draft %+v", a.W.Composer.Draft())
	}
	a.W.Composer.RemoveTag("X-Note")
	if a.W.Composer.Tag("X-Note") != nil {
		t.Error("still there")
	}
}

func TestTheSchemaOfAnActionIsRemembered(t *testing.T) {
	a := story(t)
	a.transfer("bob", "1")
	a.W.Composer.AddTag("X-Memo", "hi")
	a.press("Ctrl+Return")
	a.W.Composer.Action.SetText("Info")
	if a.W.Composer.Tag("X-Memo") != nil {
		t.Error("Info has no memo")
	}
	a.W.Composer.Action.SetText("Transfer")
	if a.W.Composer.Tag("X-Memo") == nil {
		t.Error("the memo is forgotten")
	}
}

func TestDryRunShowsWhatWouldHappenAndKeepsNothing(t *testing.T) {
	a := story(t)
	before := a.W.Bar.Text()
	a.transfer("bob", "77")
	a.Tap("Dry run")
	a.settle()
	a.Sees("2 keys changed")
	a.expect("slots", a.W.Bar.Text(), before)
	a.contains("status", a.status(), "Nothing was kept")
}

func TestHistoryBringsADraftBack(t *testing.T) {
	a := story(t)
	a.transfer("bob", "31")
	a.press("Ctrl+Return")
	a.transfer("carol", "32")
	a.press("Ctrl+Return")
	h := a.W.Composer.History()
	if len(h) != 2 || h[1].Title() != "alice: Transfer Recipient=bob Quantity=31" {
		t.Fatalf("history %+v", h)
	}
	a.W.Composer.SetDraft(h[1])
	a.expect("quantity", a.W.Composer.Tag("Quantity").Text, "31")
}

func TestSaveAMessage(t *testing.T) {
	a := story(t)
	a.transfer("bob", "250")
	a.Tap("Save…")
	a.press("Ctrl+A").Type("transfers/small\n")
	a.settle()
	if d, ok := a.Project.saved["transfers/small"]; !ok || d.Action != "Transfer" {
		t.Errorf("saved %+v", a.Project.saved)
	}
	found := false
	for _, it := range a.W.Composer.Menu().Items {
		if it.Label == "Saved messages" {
			found = it.ChildMenu.Items[0].Label == "transfers"
		}
	}
	if !found {
		t.Error("it is not offered")
	}
}

func TestImportFromCurl(t *testing.T) {
	a := story(t)
	a.W.Composer.Import(`curl -X POST http://127.0.0.1:8734/x -d '{"From":"` + bob + `","Action":"Mint","Quantity":"9"}'`)
	d := a.W.Composer.Draft()
	a.expect("draft", d.Title(), "bob: Mint Quantity=9")
	a.W.Composer.Import("garbage")
	a.contains("note", a.W.Composer.Note(), "neither a curl command")
	a.expect("draft", a.W.Composer.Draft().Title(), "bob: Mint Quantity=9")
}

func TestCopyAsCurl(t *testing.T) {
	a := story(t)
	a.transfer("bob", "5")
	for _, it := range a.W.Composer.Menu().Items {
		if it.Label == "Copy as curl" {
			it.Action()
		}
	}
	a.contains("clipboard", a.Clipboard().Content(), "curl -X POST 'http://127.0.0.1:8734/"+a.pid())
}

func TestRepeatSendsSeveral(t *testing.T) {
	a := open(t, setup{quiet: true})
	a.transfer("bob", "1")
	a.W.Composer.Repeat(10)
	a.settle()
	a.expect("slots", a.W.Bar.Text(), "slot 10 / 10")
}

func TestAMessageIsPutIntoTheComposerAgain(t *testing.T) {
	a := story(t)
	a.W.Slots.Rows.OnMenu(1).Items[0].Action()
	a.contains("draft", a.W.Composer.Draft().Title(), "carol: Transfer Recipient=bob")
}

// --- Time --------------------------------------------------------------------

func TestASlotOfThePastShowsItsState(t *testing.T) {
	a := story(t)
	a.W.ShowSlot(0)
	a.settle()
	a.expect("head", a.W.Tree.Head(), "slot 0 · past")
	a.contains("alice", a.value(aliceAt...), "750000")
	a.expect("bar", a.W.Bar.Text(), "slot 0 / 13")
	a.Tap("Go live")
	a.settle()
	a.expect("head", a.W.Tree.Head(), "slot 13 · live")
}

func TestEverythingFollowsTheSlider(t *testing.T) {
	a := story(t)
	a.W.Tree.Select(aliceAt)
	a.Focus(a.W.Bar.Slider)
	a.press("Home")
	a.contains("path", a.W.Inspect.Path(), "compute=0")
	a.contains("inspector", a.W.Inspect.Text(), "750000")
	a.press("End")
	a.contains("path", a.W.Inspect.Path(), "/now/")
}

func TestStepsByKeys(t *testing.T) {
	a := story(t)
	a.press("Alt+Left", "Alt+Left")
	a.expect("bar", a.W.Bar.Text(), "slot 11 / 13")
	a.press("Alt+Right")
	a.expect("bar", a.W.Bar.Text(), "slot 12 / 13")
	a.press("Alt+End")
	a.expect("bar", a.W.Bar.Text(), "slot 13 / 13")
}

func TestThePastStaysWhileSlotsArrive(t *testing.T) {
	a := story(t)
	a.W.ShowSlot(2)
	a.settle()
	a.send("alice", "Info")
	a.settle()
	a.expect("bar", a.W.Bar.Text(), "slot 2 / 14")
	a.expect("head", a.W.Tree.Head(), "slot 2 · past")
}

func TestAClickOnASlotShowsIt(t *testing.T) {
	a := story(t)
	a.Focus(a.W.Slots.Rows)
	a.press("Down", "Down", "Down")
	a.expect("bar", a.W.Bar.Text(), "slot 10 / 13")
}

func TestErrorsAreJumpedTo(t *testing.T) {
	a := story(t)
	a.press("Alt+PageUp")
	a.expect("bar", a.W.Bar.Text(), "slot 12 / 13")
	a.press("Alt+PageUp")
	a.expect("bar", a.W.Bar.Text(), "slot 6 / 13")
	a.press("Alt+PageDown")
	a.expect("bar", a.W.Bar.Text(), "slot 12 / 13")
	a.press("Alt+PageDown")
	a.contains("status", a.status(), "no other slot with an error")
}

func TestSlotsAreFiltered(t *testing.T) {
	a := story(t)
	a.press("Ctrl+Shift+L").Type("info")
	a.settle()
	if n := a.W.Slots.Rows.Len(); n != 2 {
		t.Errorf("%d slots", n)
	}
	a.press("Escape")
	a.W.Slots.SetFilterShown(true)
	a.W.Slots.OnlyFailed(true)
	if n := a.W.Slots.Rows.Len(); n != 2 {
		t.Errorf("%d failed", n)
	}
}

func TestGoToSlot(t *testing.T) {
	a := story(t)
	a.press("Ctrl+Shift+G")
	a.press("Ctrl+A").Type("3\n")
	a.settle()
	a.expect("bar", a.W.Bar.Text(), "slot 3 / 13")
	a.press("Ctrl+Shift+G")
	a.press("Ctrl+A").Type("999\n")
	a.settle()
	a.contains("status", a.status(), "“999” is no slot")
}

// --- Details -----------------------------------------------------------------

func TestTheOutboxTellsWhereMessagesWent(t *testing.T) {
	a := story(t)
	a.expect("badge", a.W.Bottom.Badge(ui.TabOutbox), "3")
	a.W.Bottom.Select(ui.TabOutbox)
	a.contains("outbox", a.W.Outbox.All(), "kept here")
	a.contains("outbox", a.W.Outbox.All(), "Debit-Notice")
}

func TestTheOutputHasColours(t *testing.T) {
	a := story(t)
	a.W.Bottom.Select(ui.TabOutput)
	a.Sees("moved")
	a.contains("output", a.W.Output.All(), "moved 250")
}

func TestTheSlotTellsMessagePatchesTraceAndCost(t *testing.T) {
	a := story(t)
	a.W.Bottom.Select(ui.TabSlot)
	for _, s := range []string{"From: alice", "Quantity: 250", "2 keys changed", "transfer  ran", "_eval  skipped", "instructions"} {
		a.contains("slot", a.W.Facts.All(), s)
	}
}

func TestCoverageFollowsTheSlot(t *testing.T) {
	a := story(t)
	a.Wait(time.Second)
	a.W.ShowSlot(0)
	a.Wait(time.Second)
	a.expect("bar", a.W.Bar.Text(), "slot 0 / 13")
}

// --- Tree --------------------------------------------------------------------

func TestTheTreeIsFiltered(t *testing.T) {
	a := story(t)
	a.press("Ctrl+Shift+F").Type("bob")
	a.settle()
	if n := a.W.Tree.Model.Len(); n != 3 {
		t.Errorf("%d rows", n)
	}
	a.contains("note", a.W.Tree.Note(), "1 match")
	a.press("Escape")
	if a.W.Tree.Model.Filtered() {
		t.Error("still filtered")
	}
}

func TestFindGoesWhereTheKeyboardIs(t *testing.T) {
	a := story(t)
	a.press("Ctrl+2")
	a.press("Ctrl+F")
	if a.Canvas().Focused() != fyne.Focusable(a.W.Tree.Filter) {
		t.Errorf("focus is on %T", a.Canvas().Focused())
	}
}

func TestKeysAreSorted(t *testing.T) {
	a := story(t)
	a.W.Tree.SetSort(tree.ByValue)
	first := a.W.Tree.List.RowText(a.W.Tree.Model.IndexOf([]string{"cache", "balances"}) + 1)
	a.contains("first", first, "alice")
	a.expect("remembered", a.Set["tree.sort"], "value")
}

func TestPinnedPathsAreRemembered(t *testing.T) {
	a := story(t)
	a.W.Tree.Pin(aliceAt)
	a.contains("settings", a.Set["tree.pins"], alice)
	a.Shot("pins")
	b := open(t, setup{settings: a.Set})
	if len(b.W.Tree.Pins()) != 1 {
		t.Error("the pin is gone")
	}
}

func TestWarnedKeysHaveTheirReason(t *testing.T) {
	a := story(t)
	a.contains("row", a.value("cache", "info"), "▲")
	a.W.Tree.Select([]string{"cache", "info", "name"})
	a.contains("inspector", a.W.Inspect.Text(), "cache.info cannot be read by path")
}

// --- Inspector ---------------------------------------------------------------

func TestTheResponseIsTheNodes(t *testing.T) {
	a := story(t)
	a.W.Tree.Select(aliceAt)
	a.W.Inspect.Tabs.Select(inspect.TabResponse)
	a.settle()
	a.contains("response", a.W.Inspect.Text(), "200 OK")
	a.contains("response", a.W.Inspect.Text(), "access-control-allow-origin: *")
}

func TestTheHistoryOfAKey(t *testing.T) {
	a := story(t)
	a.W.Tree.Select(aliceAt)
	a.W.Inspect.Tabs.Select(inspect.TabHistory)
	a.Wait(time.Second)
	a.contains("history", a.W.Inspect.Text(), "slot 0: 750000")
	a.contains("history", a.W.Inspect.Text(), "slot 13: ")
}

func TestCodeForTheKey(t *testing.T) {
	a := story(t)
	a.W.Tree.Select(aliceAt)
	for _, it := range a.W.Inspect.CodeMenu().Items {
		if it.Label == "Copy as curl" {
			it.Action()
		}
	}
	a.contains("clipboard", a.Clipboard().Content(), "curl 'http://127.0.0.1:8734/")
}

// --- Traffic and problems ------------------------------------------------------

func TestTrafficIsListedAndCounted(t *testing.T) {
	a := story(t)
	for range 3 {
		a.Node.asked(traffic.Exchange{At: a.Clock.Now(), Method: "GET", Path: "/x", Status: 200})
	}
	a.settle()
	a.Sees("  3 req/s")
	a.press("Ctrl+5")
	a.Sees("GET", "/x")
	a.Wait(2 * time.Second)
	a.Sees("  0 req/s")
}

func TestAMissLeadsToTheKey(t *testing.T) {
	a := story(t)
	a.Node.asked(traffic.Exchange{At: a.Clock.Now(), Method: "GET", Path: "/p/now/cache/balance", Status: 404, Process: a.pid(), Key: []string{"cache", "balance"}})
	a.settle()
	a.press("Ctrl+5")
	a.Tap("misses")
	a.Sees("did you mean ", "cache/balances")
	a.Focus(a.W.Traffic.List)
	a.press("Enter")
	a.expect("selected", strings.Join(a.W.Tree.Selected(), "/"), "cache/balances")
}

func TestProblemsLeadToTheirPlace(t *testing.T) {
	a := open(t, setup{lint: someLint})
	a.Wait(time.Second)
	a.press("Ctrl+6")
	a.Sees("slot 12 · Transfer", "cache/info")
	a.Focus(a.W.Problems.List)
	a.press("Home", "Enter")
	a.expect("bar", a.W.Bar.Text(), "slot 12 / 13")
	line, _ := a.W.Files.Active().Editor.Caret()
	if line != 9 {
		t.Errorf("the caret is in line %d", line)
	}
}

func TestTheStripSpeaksOfTheWorstMark(t *testing.T) {
	a := open(t, setup{lint: someLint, quiet: true})
	a.Wait(time.Second)
	a.contains("strip", a.W.Strip(), "cache.info")
}

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

// --- Around it -----------------------------------------------------------------

func TestThePaletteFindsCommands(t *testing.T) {
	a := story(t)
	a.press("Ctrl+Shift+P").Type("first st")
	a.Sees("First steps")
	a.press("Enter")
	a.contains("tour", a.W.Tour(), "1 of 5")
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
	if s := a.W.Size(); s.Width != 1280 {
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

func TestUnsavedTextIsAskedAboutBeforeQuitting(t *testing.T) {
	a := story(t)
	a.Focus(a.W.Files.Active().Editor)
	a.Type("x")
	a.press("Ctrl+Q")
	a.Sees("Unsaved changes")
	a.Tap("Cancel")
	a.SeesNot("Unsaved changes")
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
