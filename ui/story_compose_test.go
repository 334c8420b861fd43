package ui_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"patchbay/engine/ao"
	"patchbay/patchdev"
	"patchbay/ui"
	"patchbay/ui/compose"
	"patchbay/ui/uitest"
)

// sent is the message of the newest slot.
func (a *app) sent() *ao.Message {
	a.T.Helper()
	list := a.Engine.slots[a.pid()]
	return &list[len(list)-1].Message
}

// paste puts a text on the clipboard and presses Ctrl+V in a field.
func (a *app) paste(into fyne.Focusable, text string) {
	a.Focus(into)
	a.Clipboard().SetContent(text)
	a.press("Ctrl+V")
}

func (a *app) menu(m *fyne.Menu, labels ...string) {
	a.T.Helper()
	for i, l := range labels {
		found := false
		for _, it := range m.Items {
			if it.Label != l {
				continue
			}
			if found = true; i == len(labels)-1 {
				it.Action()
			} else {
				m = it.ChildMenu
			}
			break
		}
		if !found {
			a.T.Fatalf("the menu has no %q", l)
		}
	}
	a.settle()
}

// --- Sender -------------------------------------------------------------------

func TestAnybodyIsImpersonated(t *testing.T) {
	a := open(t, setup{quiet: true})
	mallory := ao.Address("mallory")
	for from, want := range map[string]string{
		"bob": bob, "token": a.pid(), mallory: mallory, "{{carol}}": ao.Address("carol"), " alice ": alice, "owner": ao.Address("owner"),
	} {
		a.W.Composer.From.SetText(from)
		a.W.Composer.Action.SetText("Info")
		a.press("Ctrl+Return")
		a.expect("sender "+from, a.sent().From, want)
	}
	a.W.Composer.From.SetText("")
	a.W.Composer.From.SetText("bob")
	a.contains("note", a.W.Composer.Note(), "Sent as bob, "+bob[:4])
	a.W.Composer.From.SetText(mallory)
	a.contains("note", a.W.Composer.Note(), "as if from this address")
}

func TestTheListOfAFieldOpensByKey(t *testing.T) {
	a := open(t, setup{quiet: true})
	a.Focus(a.W.Composer.Action)
	a.press("Down")
	a.Tap("Info")
	a.expect("action", a.W.Composer.Action.Text, "Info")
}

func TestAMessageGoesToAnotherProcessByName(t *testing.T) {
	a := open(t, setup{quiet: true})
	p := must(a.Engine.Spawn(t.Context(), ui.SpawnRequest{Name: "bank", Script: "token.lua", Owner: ao.Address("o")}))
	a.settle()
	a.W.Composer.Target.SetText("bank")
	a.W.Composer.Action.SetText("Info")
	a.press("Ctrl+Return")
	a.expect("slots", fmt.Sprint(len(a.Engine.slots[p.ID])), "2")
	a.W.Composer.Target.SetText("bnak")
	a.press("Ctrl+Return")
	a.contains("note", a.W.Composer.Note(), "The target “bnak” is neither a process of the project nor an id of 43 characters. Did you mean bank?")
}

func TestAMistypedNameIsGuessed(t *testing.T) {
	a := open(t, setup{quiet: true})
	a.W.Composer.From.SetText("alcie")
	a.press("Ctrl+Return")
	a.contains("note", a.W.Composer.Note(), "Did you mean alice? Choose alice, bob, carol, dave")
	if a.Canvas().Focused() != fyne.Focusable(a.W.Composer.From) {
		t.Errorf("the keyboard is in %T and not in the field that is wrong", a.Canvas().Focused())
	}
}

// --- Data ----------------------------------------------------------------------

func TestDataIsTextOrJSON(t *testing.T) {
	a := open(t, setup{quiet: true})
	c := a.W.Composer
	c.Action.SetText("Info")
	c.Data.SetText(`{"a": [1, 2]}`)
	a.expect("kind", c.Kind.Text(), "JSON ▾")
	a.menu(c.KindMenu(), "Format JSON")
	a.expect("data", c.Data.Text, "{\n  \"a\": [\n    1,\n    2\n  ]\n}")
	a.menu(c.KindMenu(), "JSON in one line")
	a.expect("data", c.Data.Text, `{"a":[1,2]}`)
	c.Data.SetText("{\n  \"a\": 1,\n}")
	a.expect("kind", c.Kind.Text(), "Data ▾")
	a.contains("note", c.Note(), "line 3, column 1")
	a.press("Ctrl+Return")
	a.expect("sent as text", string(a.sent().Data.(patchdev.String)), "{\n  \"a\": 1,\n}")
	before := a.W.Bar.Text()
	a.menu(c.KindMenu(), "JSON: sent only when it is valid")
	a.press("Ctrl+Return")
	a.contains("note", c.Note(), "Data is set to JSON but is none: line 3, column 1")
	a.contains("note", c.Note(), "Mend it, or set Data to text.")
	a.expect("slots", a.W.Bar.Text(), before)
	a.menu(c.KindMenu(), "Text: never checked")
	a.expect("kind", c.Kind.Text(), "Text ▾")
	a.expect("note", c.Note(), "")
	a.press("Ctrl+Return")
	a.expect("slots", a.W.Bar.Text(), "slot 2 / 2")
}

func TestJSONWithVariablesIsCheckedAsItIsSent(t *testing.T) {
	a := open(t, setup{quiet: true})
	a.W.Composer.Data.SetText(`{"to": "{{bob}}", "slot": {{last.Slot}}}`)
	a.expect("note", a.W.Composer.Note(), "")
	a.expect("kind", a.W.Composer.Kind.Text(), "JSON ▾")
	a.W.Composer.Action.SetText("Info")
	a.press("Ctrl+Return")
	a.expect("data", string(a.sent().Data.(patchdev.String)), `{"to": "`+bob+`", "slot": 0}`)
}

// --- Schema ---------------------------------------------------------------------

func TestSchemasAreRememberedOverARestart(t *testing.T) {
	a := story(t)
	a.W.Composer.Action.SetText("Stake")
	a.W.Composer.AddTag("Pool", "1")
	a.W.Composer.AddTag("Until", "2")
	a.press("Ctrl+Return")
	a.W.Close()
	b := open(t, setup{settings: a.Set})
	b.W.Composer.Action.SetText("Info")
	b.W.Composer.Action.SetText("Stake")
	if b.W.Composer.Tag("Pool") == nil || b.W.Composer.Tag("Until") == nil {
		t.Errorf("the schema is gone: %+v", b.W.Composer.Draft())
	}
}

func TestTagsChangePlaces(t *testing.T) {
	a := open(t, setup{quiet: true})
	a.W.Composer.SetDraft(compose.Draft{From: "alice", Action: "A", Tags: []ao.Tag{{Name: "One", Value: "1"}, {Name: "Two", Value: "2"}, {Name: "Two", Value: "3"}}})
	a.Tap("One")
	a.Tap("Move up") // the first goes to the end
	a.expect("draft", a.W.Composer.Draft().Title(), "alice: A Two=2 Two=3 One=1")
	a.Tap("One")
	a.Tap("Rename One")
	a.press("Ctrl+A").Type("Uno\n")
	a.expect("draft", a.W.Composer.Draft().Title(), "alice: A Two=2 Two=3 Uno=1")
	a.press("Ctrl+Return")
	a.expect("tags", fmt.Sprint(a.sent().Tags), "[{Action A} {Two 2} {Two 3} {Uno 1}]")
}

// --- Dry run, repeat, history ----------------------------------------------------

func TestADryRunSaysThatItIsOne(t *testing.T) {
	a := story(t)
	a.transfer("bob", "77")
	a.press("Alt+Return")
	for _, d := range []string{a.W.Facts.All(), a.W.Outbox.All(), a.W.Output.All()} {
		a.contains("detail", d, "Dry run  would be slot 14 · not kept")
	}
	a.contains("outbox", a.W.Outbox.All(), "Debit-Notice")
	a.contains("patches", a.W.Facts.All(), "cache/balances/alice  631750 → 631673")
	a.Shot("dry-run")
	a.W.Composer.Action.SetText("Boom")
	a.press("Alt+Return")
	a.contains("error", a.W.Facts.All(), "boom")
	a.W.ShowSlot(13)
	a.settle()
	if strings.Contains(a.W.Facts.All(), "Dry run") {
		t.Error("a slot is called a dry run")
	}
}

func TestRepeatedMessagesComeInOrderWithTheirNumber(t *testing.T) {
	a := open(t, setup{quiet: true})
	c := a.W.Composer
	c.SetDraft(compose.Draft{From: "alice", Action: "Note-{{n}}", Tags: []ao.Tag{{Name: "Before", Value: "{{last.Id}}"}}})
	a.W.RunCommand("Send several times…")
	a.press("Ctrl+A").Type("zero\n")
	a.Sees("“zero” is no number from 1 to 10,000.")
	a.press("Ctrl+A").Type("7\n")
	a.settle()
	a.expect("slots", a.W.Bar.Text(), "slot 7 / 7")
	a.contains("note", c.Note(), "Sent 7 as slots 1 to 7.")
	list := a.Engine.slots[a.pid()]
	for i := 1; i <= 7; i++ {
		m := list[i].Message
		before, _ := ao.TagValue(m.Tags, "Before")
		if m.Action() != fmt.Sprintf("Note-%d", i) || before != list[i-1].Message.ID {
			t.Errorf("slot %d is %s after %s", i, m.Action(), before)
		}
	}
	if h := c.History(); len(h) != 1 {
		t.Errorf("the history has %d entries of one draft", len(h))
	}
}

func TestARepetitionCountsWhatFailsAndEndsWhenItCannotSend(t *testing.T) {
	a := open(t, setup{quiet: true})
	a.W.Composer.Action.SetText("Boom")
	a.W.Composer.Repeat(3)
	a.settle()
	a.contains("note", a.W.Composer.Note(), "Sent 3 as slots 1 to 3; 3 failed.")
	a.Engine.sendErr = errors.New("the disk is full; make room and send again")
	a.W.Composer.Repeat(3)
	a.settle()
	a.contains("note", a.W.Composer.Note(), "Nothing was sent. Then: the disk is full")
	a.Engine.sendErr = nil
	a.W.Composer.Repeat(10_000)
	a.W.RunCommand("Stop what runs")
	a.settle()
	a.contains("note", a.W.Composer.Note(), "Cancelled before the other")
}

func TestTheHistoryIsSearched(t *testing.T) {
	a := story(t)
	for _, q := range []string{"31", "32", "33"} {
		a.transfer("bob", q)
		a.press("Ctrl+Return")
	}
	a.press("Ctrl+Shift+H").Type("Quantity=32\n")
	a.settle()
	a.expect("quantity", a.W.Composer.Tag("Quantity").Text, "32")
}

func TestASlotsMessageIsSentAgainAsItWas(t *testing.T) {
	a := open(t, setup{quiet: true})
	m := ao.Message{From: alice, Data: patchdev.String("{{alice}} and \\{{x}}\nbob"), Tags: []ao.Tag{
		{Name: "Action", Value: "Note"}, {Name: "To", Value: "bob"}, {Name: "Is", Value: bob}, {Name: "Esc", Value: `\bob`}, {Name: "Lines", Value: "a\nb"}, {Name: "Action", Value: "Second"},
	}}
	must(a.Engine.Send(t.Context(), a.pid(), m))
	a.settle()
	a.menu(a.W.Slots.Rows.OnMenu(0), "Put into the composer")
	a.press("Ctrl+Return")
	got := a.sent()
	a.expect("tags", fmt.Sprintf("%q", got.Tags), fmt.Sprintf("%q", m.Tags))
	a.expect("data", string(got.Data.(patchdev.String)), string(m.Data.(patchdev.String)))
	a.expect("from", got.From, alice)
}

// --- Saved messages ---------------------------------------------------------------

func TestSavedMessagesAreFoundReplacedAndDeleted(t *testing.T) {
	a := story(t)
	a.transfer("bob", "250")
	a.W.RunCommand("Save message…")
	for name, says := range map[string]string{
		" ": "The message needs a name", "../x": "has to stay inside messages/", "a:b": "cannot hold any of", ".x": "begin with a letter",
		strings.Repeat("n", 200): "A name and its folders", "/etc/passwd": "has to stay inside",
	} {
		a.press("Ctrl+A").Type(name + "\n")
		a.Sees(says)
	}
	a.press("Ctrl+A").Type("messages/transfers/small.json\n")
	a.settle()
	if _, ok := a.Project.saved["transfers/small"]; !ok {
		t.Fatalf("saved %+v", a.Project.saved)
	}
	a.transfer("carol", "9")
	a.Tap("Save…") // under the same name, without asking
	a.press("Return")
	a.settle()
	a.expect("replaced", a.Project.saved["transfers/small"].Tags[0].Value, "carol")
	a.W.Composer.SetDraft(compose.Draft{From: "bob", Action: "Info"})
	a.Tap("Save…")
	a.press("Ctrl+A").Type("transfers/small\n")
	a.Sees("There is transfers/small already.")
	a.expect("kept", a.Project.saved["transfers/small"].Action, "Transfer")
	a.press("Escape")
	a.press("Ctrl+Shift+M").Type("small\n")
	a.settle()
	a.expect("loaded", a.W.Composer.Draft().Title(), "alice: Transfer Recipient=carol Quantity=9")
	a.menu(a.W.Composer.Menu(), "Saved messages", "Delete one…")
	a.Type("small\n")
	a.settle()
	if len(a.Project.saved) != 0 {
		t.Fatalf("still there: %+v", a.Project.saved)
	}
	a.Tap("Undo")
	a.settle()
	a.expect("back", a.Project.saved["transfers/small"].Action, "Transfer")
}

// --- Variables ----------------------------------------------------------------------

func TestVariablesStandForWhatIsKnownWhenItIsSent(t *testing.T) {
	a := story(t)
	last := a.Engine.slots[a.pid()][13]
	a.W.Composer.SetDraft(compose.Draft{From: "alice", Action: "Note", Tags: []ao.Tag{
		{Name: "V", Value: "{{alice}} {{token}} {{process}} {{last.Id}} {{last.Slot}} {{last.From}} {{last.Quantity}} {{last.Data}} {{now}} {{now.s}} {{now.iso}} {{ bob }} \\{{x}} {{1,2}}"},
		{Name: "U", Value: "{{uuid}}"},
		{Name: "R", Value: "{{random}} {{random.6}}"},
	}})
	now := a.Clock.Now()
	a.press("Ctrl+Return")
	tags := a.sent().Tags
	want := strings.Join([]string{
		alice, a.pid(), a.pid(), last.Message.ID, "13", alice, "250", "Debit-Notice",
		fmt.Sprint(now.UnixMilli()), fmt.Sprint(now.Unix()), now.Format("2006-01-02T15:04:05.000Z"), bob, "{{x}}", "{{1,2}}",
	}, " ")
	a.expect("variables", tags[1].Value, want)
	if u := tags[2].Value; len(u) != 36 || u[14] != '4' || !strings.Contains("89ab", u[19:20]) {
		t.Errorf("uuid %q", u)
	}
	var big, dice uint64
	if n, _ := fmt.Sscan(tags[3].Value, &big, &dice); n != 2 || dice < 1 || dice > 6 || big >= 1<<53 {
		t.Errorf("random %q", tags[3].Value)
	}
}

func TestEveryUnknownVariableIsToldWithTheChoices(t *testing.T) {
	a := story(t)
	n := a.W.Bar.Text()
	for field, fill := range map[string]func(string){
		"Action": func(s string) { a.W.Composer.SetDraft(compose.Draft{From: "alice", Action: s}) },
		"From":   func(s string) { a.W.Composer.SetDraft(compose.Draft{From: s, Action: "A"}) },
		"Target": func(s string) { a.W.Composer.SetDraft(compose.Draft{From: "alice", Target: s, Action: "A"}) },
		"Data":   func(s string) { a.W.Composer.SetDraft(compose.Draft{From: "alice", Action: "A", Data: s}) },
		"Quantity": func(s string) {
			a.W.Composer.SetDraft(compose.Draft{From: "alice", Action: "A", Tags: []ao.Tag{{Name: "Quantity", Value: s}}})
		},
	} {
		fill("{{alcie}}")
		before := a.W.Composer.Draft()
		a.press("Ctrl+Return")
		for _, want := range []string{field + ": there is no variable {{alcie}}", "Did you mean alice?", "{{last.Id}}", "{{uuid}}", `write \{{`} {
			a.contains(field, a.W.Composer.Note(), want)
		}
		if !a.W.Composer.Draft().Equal(before) {
			t.Errorf("%s: the draft changed", field)
		}
		fill("{{last.Nothing}}")
		a.press("Ctrl+Return")
		a.contains(field, a.W.Composer.Note(), "slot 13 has no tag Nothing for {{last.Nothing}}. It has Action, Recipient, Quantity, device.")
	}
	a.expect("slots", a.W.Bar.Text(), n)
	a.Shot("unknown-variable")
}

// --- Import and copy --------------------------------------------------------------------

func TestImportFromAnAOConnectSnippet(t *testing.T) {
	a := story(t)
	a.W.RunCommand("Import curl, aoconnect or JSON…")
	a.paste(a.Canvas().Focused(), "import { message, createDataItemSigner } from '@permaweb/aoconnect'\nconst PROCESS = '"+a.pid()+"'\nconst amount = 250\n"+
		"const id = await message({\n  process: PROCESS,\n  signer: createDataItemSigner(window.arweaveWallet),\n  tags: [\n    { name: 'Action', value: 'Transfer' },\n    { name: 'Recipient', value: '"+bob+"' },\n    { name: 'Quantity', value: String(amount) },\n    { name: 'Memo', value: input.value },\n  ],\n  data: JSON.stringify({ note: 'hi', n: [1, 2] }),\n})")
	a.Tap("OK")
	a.settle()
	a.expect("draft", a.W.Composer.Draft().Title(), "alice: Transfer Recipient=bob Quantity=250 Memo=")
	a.expect("data", a.W.Composer.Data.Text, `{"note":"hi","n":[1,2]}`)
	a.contains("note", a.W.Composer.Note(), "Fill in what the snippet computes: Memo (input.value).")
}

func TestWhatCannotBeImportedStaysInTheDialog(t *testing.T) {
	a := story(t)
	before := a.W.Composer.Draft()
	a.W.RunCommand("Import curl, aoconnect or JSON…")
	e := a.Canvas().Focused()
	for text, says := range map[string]string{
		"":                         "there is nothing to import",
		"nonsense":                 "neither a curl command nor an aoconnect call nor JSON",
		"curl http://x":            "the curl command has no body",
		"curl -d '{\"a\":' http:/": "the body is not JSON",
		"curl -d 'x":               "a quote ' is not closed",
		"\xff\xfe{":                "line 1: it ends before the closing",
	} {
		if w := uitest.FindAll[fyne.Widget](a.UI); len(w) == 0 {
			t.Fatal("the dialog is gone")
		}
		a.Focus(e)
		a.press("Ctrl+A", "Backspace")
		if text != "" {
			a.paste(e, text)
		}
		a.Tap("OK")
		a.settle()
		a.Sees(says[:min(len(says), 20)])
	}
	a.press("Escape")
	if !a.W.Composer.Draft().Equal(before) {
		t.Error("the draft changed")
	}
}

func TestCopyAsWhatOtherToolsRead(t *testing.T) {
	a := story(t)
	a.transfer("bob", "5")
	for command, want := range map[string]string{
		"Copy as curl":      "curl -X POST 'http://127.0.0.1:8734/" + a.pid() + "~process@1.0/push'",
		"Copy as aoconnect": "{ name: \"Recipient\", value: \"" + bob + "\" },",
		"Copy as Lua":       "Send({\n  Target = \"" + a.pid() + "\",\n  Action = \"Transfer\",\n  Recipient = \"" + bob + "\",",
	} {
		a.W.RunCommand(command)
		a.contains(command, a.Clipboard().Content(), want)
		if command == "Copy as Lua" {
			continue
		}
		a.W.Composer.SetDraft(compose.Draft{From: "alice", Action: "Else"})
		a.W.Composer.Import(a.Clipboard().Content())
		a.expect("read again from "+command, a.W.Composer.Draft().Title(), "alice: Transfer Recipient=bob Quantity=5")
	}
	a.W.Composer.From.SetText("nobody")
	a.Clipboard().SetContent("kept")
	a.W.RunCommand("Copy as curl")
	a.contains("note", a.W.Composer.Note(), "No account is called “nobody”")
	a.expect("clipboard", a.Clipboard().Content(), "kept")
}

func TestAVariableIsInsertedFromTheMenu(t *testing.T) {
	a := open(t, setup{quiet: true})
	a.transfer("bob", "")
	a.Focus(a.W.Composer.Tag("Quantity"))
	a.menu(a.W.Composer.Menu(), "Insert a variable", "{{random.100}}   a random number from 1 to 100")
	a.expect("quantity", a.W.Composer.Tag("Quantity").Text, "{{random.100}}")
}

// A message that came from elsewhere with its tags in another order does not change
// how the form looks the next time: that is as the handler reads them.
func TestTagsStandAsTheHandlerReadsThem(t *testing.T) {
	a := open(t, setup{quiet: true})
	a.W.Composer.Remember(compose.Draft{Action: "Transfer", Tags: []ao.Tag{
		{Name: "Memo", Value: "x"}, {Name: "Quantity", Value: "1"}, {Name: "Recipient", Value: "bob"},
	}})
	a.press("Ctrl+3")
	a.press("Ctrl+A").Type("Transfer")
	a.settle()
	var names []string
	a.press("Tab").Type("bob") // from the action to the first tag, and not to its name
	a.press("Tab").Type("250")
	for _, tag := range a.W.Composer.Draft().Tags {
		names = append(names, tag.Name+"="+tag.Value)
	}
	a.expect("tags", strings.Join(names, " "), "Recipient=bob Quantity=250 Memo=")
}

// The menu of a tag opens from its field, by the key.
func TestATagIsRemovedByKeyboard(t *testing.T) {
	a := open(t, setup{quiet: true})
	a.press("Ctrl+3")
	a.press("Ctrl+A").Type("Transfer\t")
	a.press("Menu", "Down", "Down", "Down", "Enter")
	a.settle()
	if a.W.Composer.Tag("Recipient") != nil || a.W.Composer.Tag("Quantity") == nil {
		t.Errorf("%+v", a.W.Composer.Draft())
	}
}

// The form scrolls to the field that has the keyboard, also when a note below it
// takes its room.
func TestTheFieldWithTheKeyboardIsInSight(t *testing.T) {
	a := open(t, setup{quiet: true, w: 1024, h: 600})
	inSight := func(what string, o fyne.CanvasObject) {
		t.Helper()
		at, ok := a.Place(o)
		foot, _ := a.Place(a.W.Composer.SendButton)
		if top, _ := a.Place(a.W.Bottom); !ok || at.Y < top.Y+20 || at.Y+24 > foot.Y {
			t.Errorf("%s is at %v, the tabs at %v and the buttons at %v", what, at, top, foot)
		}
	}
	a.press("Ctrl+3")
	a.press("Ctrl+A").Type("Transfer\t")
	inSight("Recipient", a.W.Composer.Tag("Recipient"))
	a.press("Tab", "Tab", "Tab") // by the button for another tag and the kind of the data
	for range 3 {
		if a.Canvas().Focused() == fyne.Focusable(a.W.Composer.Data) {
			break
		}
		a.press("Tab")
	}
	inSight("Data", a.W.Composer.Data)
	a.Type(`{"a": 1,,}`)
	a.contains("note", a.W.Composer.Note(), "looks like JSON")
	inSight("Data with a note", a.W.Composer.Data)
	a.W.Composer.Action.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEnd})
	a.Focus(a.W.Composer.Action)
	inSight("Action", a.W.Composer.Action)
}

// Messages are sent and brought into the form by keys from wherever the author is:
// what comes of that is told where it can be seen.
func TestTheComposerIsHeardFromOtherTabs(t *testing.T) {
	a := story(t)
	a.transfer("bob", "77")
	a.press("Alt+Return")
	a.contains("status", a.status(), "Dry run. Nothing was kept.")
	a.press("Ctrl+Return") // the slot of the dry run is still in front
	a.contains("status", a.status(), "Slot 14: 2 keys changed, 2 sent")
	a.press("Ctrl+5")
	a.W.Composer.Action.SetText("Boom")
	a.press("Ctrl+Return")
	a.contains("status", a.status(), "Slot 15 failed: ")
	a.expect("tab", fmt.Sprint(a.W.Bottom.Current()), fmt.Sprint(ui.TabTraffic))
	a.W.Composer.From.SetText("alcie")
	a.press("Ctrl+Return")
	a.Sees("Did you mean alice?")
	if a.Canvas().Focused() != fyne.Focusable(a.W.Composer.From) {
		t.Errorf("the keyboard is in %T and not in the field that is wrong", a.Canvas().Focused())
	}
	for _, bring := range []func(){
		func() { a.press("Ctrl+Shift+H").Type("Quantity=77\n") },
		func() { a.W.Composer.Import(`{"Action":"Transfer","Quantity":"77"}`) },
	} {
		a.press("Ctrl+6")
		bring()
		a.settle()
		a.expect("quantity", a.W.Composer.Tag("Quantity").Text, "77")
		a.Sees("77")
		a.expect("tab", fmt.Sprint(a.W.Bottom.Current()), fmt.Sprint(ui.TabSend))
	}
}

// What is odd about a message is still said when it was sent: the slot that it became
// is there within a moment.
func TestWhatIsOddIsStillSaidWhenItWasSent(t *testing.T) {
	a := open(t, setup{quiet: true})
	a.W.Composer.SetDraft(compose.Draft{From: "alice", Action: "Info", Tags: []ao.Tag{{Name: "Memo", Value: "a"}, {Name: "Memo", Value: "b"}}})
	a.press("Ctrl+Return")
	a.contains("note", a.W.Composer.Note(), "Slot 1: 0 keys changed, 1 sent. The tag Memo stands twice")
	a.W.Composer.SetDraft(compose.Draft{From: "alice", Action: "Info"})
	a.press("Ctrl+Return")
	a.expect("note", a.W.Composer.Note(), "Slot 2: 0 keys changed, 1 sent")
}

// A variable of the project stands in every field, is offered by the menu and by the
// arrow down, and is told among those that there are.
func TestTheProjectsVariablesAreFilledIn(t *testing.T) {
	a := open(t, setup{quiet: true})
	a.W.Composer.SetDraft(compose.Draft{From: "alice", Action: "Buy-{{premium}}", Tags: []ao.Tag{{Name: "Recipient", Value: "{{shop}}"}, {Name: "Price", Value: ""}}, Data: "{{premium}} for {{alice}}"})
	a.Focus(a.W.Composer.Tag("Price"))
	a.Type("{{pr")
	a.contains("offer", a.W.Composer.Note(), "{{premium}}, {{process}}")
	a.Shot("variable-offered")
	a.Type("e").Press("Down")
	a.expect("completed", a.W.Composer.Tag("Price").Text, "{{premium}}")
	a.press("Ctrl+Return")
	m := a.sent()
	a.expect("action", m.Tags[0].Value, "Buy-100")
	a.expect("recipient", m.Tags[1].Value, bob)
	a.expect("price", m.Tags[2].Value, "100")
	a.expect("data", fmt.Sprint(m.Data), "100 for "+alice)
	a.W.Composer.SetDraft(compose.Draft{From: "alice", Action: "{{premum}}"})
	a.press("Ctrl+Return")
	a.contains("unknown", a.W.Composer.Note(), "Did you mean premium?")
	a.contains("unknown", a.W.Composer.Note(), "the project's own {{premium}}, {{shop}}")
	a.transfer("bob", "")
	a.Focus(a.W.Composer.Tag("Quantity"))
	a.menu(a.W.Composer.Menu(), "Insert a variable", "{{premium}}   “100”, from patchbay.toml")
	a.expect("quantity", a.W.Composer.Tag("Quantity").Text, "{{premium}}")
}
