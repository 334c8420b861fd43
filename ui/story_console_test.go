package ui_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"patchbay/engine/ao"
	"patchbay/patchdev"
	"patchbay/ui"
	"patchbay/ui/console"
	"patchbay/ui/kit"
	"patchbay/ui/uitest"
)

// prompt opens the console with its key.
func prompt(t *testing.T, s setup) *app {
	a := open(t, s)
	a.press("Ctrl+7")
	if a.Canvas().Focused() != fyne.Focusable(a.W.Console.Input) {
		t.Fatalf("the keyboard is with %T", a.Canvas().Focused())
	}
	return a
}

// enter types a text and the key that evaluates it, or another.
func (a *app) enter(text string, keys ...string) {
	a.T.Helper()
	a.Type(text)
	if keys == nil {
		keys = []string{"Return"}
	}
	a.press(keys...)
}

func TestTheConsoleEvaluatesByTheOwner(t *testing.T) {
	a := prompt(t, setup{quiet: true})
	a.expect("prompt", a.W.Console.Prompt(), "token> ")
	a.enter("1 + 1")
	m := a.sent()
	a.expect("from", m.From, ao.Address("owner"))
	a.expect("action", m.Action(), "Eval")
	a.expect("data", string(m.Data.(patchdev.String)), "1 + 1")
	a.expect("transcript", a.W.Console.Text(), "token> 1 + 1\n2\nslot 1 · 26 µs\n")
	a.expect("line", a.W.Console.Input.Text, "")
	a.enter(`Send({})`)
	a.contains("transcript", a.W.Console.Text(), "slot 2 · 1 key changed · 1 sent")
	a.contains("transcript", a.W.Console.Text(), "message → carol")
	a.enter("print(1)")
	a.contains("transcript", a.W.Console.Text(), "token> print(1)\ngreen\nsecond\nslot 3 · 40 µs\n")
	a.expect("bar", a.W.Bar.Text(), "slot 3 / 3")
}

func TestTheConsoleOnlyTriesWithAlt(t *testing.T) {
	a := prompt(t, setup{quiet: true})
	a.enter("Send({})", "Alt+Return")
	a.contains("transcript", a.W.Console.Text(), "tried, nothing was kept · would be slot 1 · 1 key changed · 1 sent")
	a.expect("bar", a.W.Bar.Text(), "slot 0 / 0")
	a.Focus(a.W.Console.Rows)
	a.press("End", "Return")
	if a.W.Bottom.Current() != ui.TabSlot || !a.W.Facts.Dry() {
		t.Error("what was tried is not shown")
	}
	// What the composer holds is not sent from here, and is from there.
	a.press("Ctrl+7")
	a.enter("1 + 1", "Ctrl+Return")
	a.expect("data", string(a.sent().Data.(patchdev.String)), "1 + 1")
}

func TestTheConsoleShowsAnErrorWithItsLine(t *testing.T) {
	a := prompt(t, setup{quiet: true})
	a.enter("boom()")
	a.expect("transcript", a.W.Console.Text(), "token> boom()\nbefore\nline 2: attempt to call a nil value (global 'boom')\nslot 1 · failed, the state is as it was before · 26 µs\n")
	a.Engine.sendErr = errors.New("the disk is full")
	a.enter("1 + 1")
	a.contains("transcript", a.W.Console.Text(), "Not evaluated: the disk is full")
}

func TestWhatIsNotCompleteGetsAnotherLine(t *testing.T) {
	a := prompt(t, setup{quiet: true})
	low := a.W.Console.Input.Size().Height
	a.enter("for i = 1, 3 do")
	a.expect("line", a.W.Console.Input.Text, "for i = 1, 3 do\n")
	if a.W.Console.Input.Size().Height <= low {
		t.Error("the field does not grow")
	}
	a.enter("print(i) end")
	a.expect("data", string(a.sent().Data.(patchdev.String)), "for i = 1, 3 do\nprint(i) end")
	a.contains("transcript", a.W.Console.Text(), "token> for i = 1, 3 do\n    >> print(i) end\n")
	if a.W.Console.Input.Size().Height != low {
		t.Error("the field stays high")
	}
	a.enter("x = 1", "Shift+Return")
	a.enter("y = 2")
	a.expect("data", string(a.sent().Data.(patchdev.String)), "x = 1\ny = 2")
	// An empty line says that nothing more comes.
	a.enter("f(", "Return", "Return")
	a.expect("data", string(a.sent().Data.(patchdev.String)), "f(")
}

func TestIncomplete(t *testing.T) {
	for source, want := range map[string]bool{
		"1 + 1": false, "1 +": true, "x = ": true, "f(": true, "x = 1 )": false, "do": true, "return {": true,
		"for": true, "print('a": false, "s = [[a": true, "#Inbox": false, ")": false, "if x then": true, "-- only a comment": false,
	} {
		if got := console.Incomplete(source); got != want {
			t.Errorf("%q: %v", source, got)
		}
	}
}

func TestTheConsoleRemembersWhatWasTyped(t *testing.T) {
	a := prompt(t, setup{quiet: true})
	in := a.W.Console.Input
	a.enter("1 + 1")
	a.enter("x = 1", "Shift+Return")
	a.enter("y = 2")
	a.Type("half")
	a.press("Up")
	a.expect("line", in.Text, "x = 1\ny = 2")
	a.press("Up") // within it
	a.expect("line", in.Text, "x = 1\ny = 2")
	a.press("Up")
	a.expect("line", in.Text, "1 + 1")
	a.press("Up")
	a.expect("line", in.Text, "1 + 1")
	a.press("Down", "Down")
	a.expect("line", in.Text, "half")
	a.press("Escape")
	a.expect("line", in.Text, "")
	for i := range 120 {
		a.enter(fmt.Sprintf("x = %d", i))
	}
	b := prompt(t, setup{quiet: true, settings: a.Set})
	b.press("Up")
	b.expect("line", b.W.Console.Input.Text, "x = 119")
	for range 200 {
		b.press("Up")
	}
	b.expect("line", b.W.Console.Input.Text, "x = 20")
	b.press("Ctrl+L")
	a.press("Ctrl+L")
	a.expect("transcript", a.W.Console.Text(), "")
}

func TestALineOfTheConsoleLeadsToItsSlot(t *testing.T) {
	a := prompt(t, setup{quiet: true})
	a.enter("1 + 1")
	a.enter("print(1)")
	a.Focus(a.W.Console.Rows)
	a.press("Home", "Down", "Return")
	a.expect("bar", a.W.Bar.Text(), "slot 1 / 2")
	if a.W.Bottom.Current() != ui.TabSlot {
		t.Error("the slot is not shown")
	}
	// In the past the console says that it meets the live state, and goes there.
	a.press("Ctrl+7")
	a.contains("note", a.W.Console.Note(), "Slot 1 is shown, which is past. What is evaluated or tried here meets the live state, after slot 2.")
	a.enter("1 + 1")
	a.expect("bar", a.W.Bar.Text(), "slot 3 / 3")
	a.expect("note", a.W.Console.Note(), "")
	a.menu(a.W.Console.Rows.OnMenu(0), "Copy this and what came of it")
	a.expect("clipboard", a.Clipboard().Content(), "token> 1 + 1\n2\nslot 1 · 26 µs\n")
	a.press("Ctrl+F")
	a.Type("second")
	a.expect("found", a.W.Console.Find.Says(), "1 of 1")
}

func TestAnEndlessLoopInTheConsoleIsStopped(t *testing.T) {
	a := prompt(t, setup{quiet: true})
	a.Engine.endless = make(chan struct{})
	a.Type("while true do end")
	a.Press("Return")
	a.pass(3 * time.Second)
	a.Sees("Evaluating … 3 s")
	a.Tap("Stop")
	a.settle()
	a.SeesNot("Evaluating …")
	if len(a.Engine.stopped) != 1 {
		t.Errorf("stopped %v", a.Engine.stopped)
	}
	a.contains("transcript", a.W.Console.Text(), "slot 1")
}

func TestTheConsoleSaysWhyItDoesNothing(t *testing.T) {
	a := prompt(t, setup{empty: true})
	a.contains("note", a.W.Console.Note(), "There is no process to evaluate in. Make one with Process › New process…")
	a.enter("1 + 1")
	a.expect("line", a.W.Console.Input.Text, "1 + 1")

	raw := prompt(t, setup{quiet: true})
	raw.Engine.procs[0].Flavour = "lua@5.3a"
	raw.settle()
	raw.contains("note", raw.W.Console.Note(), "token is a lua@5.3a process, which has no Eval: send it a message in the tab Send")
	raw.enter("1 + 1", "Alt+Return")
	raw.expect("transcript", raw.W.Console.Text(), "")

	b := prompt(t, setup{quiet: true, readOnly: "another Patchbay has it open"})
	b.contains("note", b.W.Console.Note(), "Nothing can be evaluated here: another Patchbay has it open. Alt+Enter tries it")
	b.enter("1 + 1")
	b.expect("bar", b.W.Bar.Text(), "slot 0 / 0")
	b.press("Alt+Return")
	b.contains("transcript", b.W.Console.Text(), "2\ntried, nothing was kept")
}

// The last line stays in sight while the room for it changes, and what somebody reads
// further up stays where it is.
func TestTheLastLineOfTheConsoleStaysInSight(t *testing.T) {
	a := prompt(t, setup{quiet: true})
	for range 12 {
		a.enter("print(1)")
	}
	rows := a.W.Console.Rows
	last := func() bool {
		top, _ := rows.Top()
		return top+rows.Page() >= rows.Len()-1
	}
	a.Type("x = {")
	for range 4 {
		a.press("Shift+Return")
	}
	if !last() {
		t.Error("the field grew over the last line")
	}
	a.Resize(1280, 640)
	if !last() {
		t.Error("the last line is gone in a lower window")
	}
	rows.ScrollTo(3, 0)
	a.press("Escape")
	a.Resize(1000, 700)
	if top, _ := rows.Top(); top != 3 {
		t.Errorf("what is read moved from row 3 to %d", top)
	}
}

func TestTheConsoleOffersExamples(t *testing.T) {
	a := prompt(t, setup{quiet: true})
	x := a.W.Console.Examples[1]
	a.ClickOn(x)
	a.contains("line", a.W.Console.Input.Text, "Send({")
	a.press("Return")
	a.contains("transcript", a.W.Console.Text(), "1 sent")
	a.SeesNot("For example")
}

func TestTheConsoleCompletesNames(t *testing.T) {
	a := prompt(t, setup{quiet: true})
	in := a.W.Console.Input
	a.Type("TotalSu\t")
	a.expect("line", in.Text, "TotalSupply")
	a.press("Escape")
	a.Type("x = Handlers.pr\t")
	a.contains("line", in.Text, "x = Handlers.prepend")
	a.press("Escape")
	a.Type("Handlers.\t\t")
	if first := in.Text; first == "Handlers." {
		t.Error("Tab offers nothing")
	} else if a.Type("\t"); in.Text == first || !strings.HasPrefix(in.Text, "Handlers.") {
		t.Errorf("Tab again gives %q after %q", in.Text, first)
	}
	a.press("Escape", "Tab") // behind no word it leaves the field
	if a.Canvas().Focused() == fyne.Focusable(in) {
		t.Error("Tab does not leave the empty line")
	}
}

func TestTheConsoleKeepsABoundedTranscript(t *testing.T) {
	p := console.New(console.Options{
		State: func() console.State { return console.State{Name: "token"} },
		Eval: func(_ string, _ bool, done func(console.Outcome)) {
			o := console.Outcome{Told: []string{"slot"}}
			for range 1500 {
				o.Lines = append(o.Lines, []kit.Run{kit.Mono("line", "")})
			}
			done(o)
		},
	})
	uitest.Open(t, 800, 300, p.Content())
	for range 20 {
		p.Input.SetText("x()")
		p.Evaluate(false)
	}
	if n := p.Rows.Len(); n > 2000 || n < 1200 {
		t.Errorf("%d lines", n)
	}
	if !strings.Contains(p.Text(), "… 1100 more lines") {
		t.Error("what was left out is not told")
	}
}
