package ui_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"patchbay/engine/ao"
	"patchbay/ui"
	"patchbay/ui/compose"
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

func TestAReplayWithAFaultIsNotCalledVerified(t *testing.T) {
	a := story(t)
	a.Engine.tell(ao.Event{Kind: ao.ReplayProgress, Process: a.pid(), Slot: 1, Total: 10})
	a.Engine.tell(ao.Event{Kind: ao.Fault, Process: a.pid(), Slot: 3, Text: "the replay gives another result than is recorded, first at slot 3"})
	a.Engine.tell(ao.Event{Kind: ao.ReplayProgress, Process: a.pid(), Slot: 10, Total: 10})
	a.settle()
	a.contains("status", a.status(), "token: the replay gives another result")
	a.Wait(time.Minute)
	if s := a.status(); strings.Contains(s, "verified") {
		t.Errorf("the foot says %q", s)
	}
	a.Engine.tell(ao.Event{Kind: ao.ScriptReloaded, Process: a.pid()})
	a.Engine.tell(ao.Event{Kind: ao.ReplayProgress, Process: a.pid(), Slot: 1, Total: 10})
	a.Engine.tell(ao.Event{Kind: ao.ReplayProgress, Process: a.pid(), Slot: 10, Total: 10})
	a.Wait(time.Minute)
	a.expect("status", a.status(), "replay verified")
}

func TestAStormOfMessagesIsTold(t *testing.T) {
	a := story(t)
	a.Engine.tell(ao.Event{Kind: ao.StormEnded, Process: a.pid(), Slot: 7, Text: "a storm of messages ends at slot 7: 1 not delivered: deeper than 100"})
	a.settle()
	a.contains("status", a.status(), "token: a storm of messages ends at slot 7")
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
		a.settle()
		part := []fyne.CanvasObject{a.W.Files, a.W.Composer.Content(), a.W.Slots.Content(), a.W.Tree.Content(), a.W.Inspect.Content()}[i]
		at, size := a.W.Pointed()
		if where, _ := a.Place(part); at != where || size != part.Size() {
			t.Errorf("step %d points at %v %v, not at %v %v", i+1, at, size, where, part.Size())
		}
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
	if _, size := a.W.Pointed(); !size.IsZero() {
		t.Error("it points at something still")
	}
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
