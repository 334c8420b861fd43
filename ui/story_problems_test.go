package ui_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"patchbay/engine/ao"
	"patchbay/ui"
	"patchbay/ui/code"
	"patchbay/ui/compose"
)

// escrowLint finds something in one script, whether that is open or not.
func escrowLint(_, text string) []ui.Problem {
	if !strings.Contains(text, "escrow") {
		return nil
	}
	return []ui.Problem{{Severity: ui.Error, Line: 2, Col: 1, Message: "a word is missing"}}
}

func TestProblemsOfAllProcessesAndScriptsAreListed(t *testing.T) {
	a := open(t, setup{quiet: true, lint: escrowLint})
	a.Project.files["escrow.lua"] = "-- escrow\nlocal"
	ctx := context.Background()
	// One process failed before the window knew of it, the other fails while it is not shown.
	old := must(a.Engine.Spawn(ctx, ui.SpawnRequest{Name: "old", Owner: ao.Address("owner"), Source: tokenScript}))
	bad := ao.Message{From: ao.Address("carol"), Tags: []ao.Tag{{Name: "Action", Value: "Transfer"}, {Name: "Recipient", Value: ao.Address("bob")}}}
	must(a.Engine.Send(ctx, old.ID, bad))
	a.settle()
	must(a.Engine.Send(ctx, old.ID, bad))
	a.settle()
	a.press("Ctrl+6")
	a.settle()
	a.Sees("old · slot 1 · Transfer", "old · slot 2 · Transfer", "escrow.lua:2:1", "a word is missing")
	a.expect("badge", a.W.Bottom.Badge(ui.TabProblems), "5") // these, and cache/info of both processes

	a.W.Problems.List.Focus()
	a.openProblem("old · slot 1")
	a.expect("bar", a.W.Bar.Text(), "slot 1 / 2")
	a.press("Ctrl+6")
	a.Sees("slot 1 · Transfer").SeesNot("old · slot") // it is the process shown now
	a.openProblem("escrow.lua")
	a.Wait(2 * time.Second)
	a.expect("in front", a.W.Files.Active().Title(), "escrow.lua")
	line, _ := a.W.Files.Active().Editor.Caret()
	if line != 2 {
		t.Errorf("the caret is in line %d", line)
	}
	// Open it is told once, and gone when it is mended.
	a.Project.files["escrow.lua"] = "-- mended"
	a.W.Files.Close(a.W.Files.Active())
	a.settle()
	a.press("Ctrl+6")
	a.settle()
	a.SeesNot("escrow.lua:2:1")
}

func TestProblemsOfADeletedProcessGo(t *testing.T) {
	a := open(t, setup{quiet: true, lint: escrowLint})
	ctx := context.Background()
	old := must(a.Engine.Spawn(ctx, ui.SpawnRequest{Name: "old", Owner: ao.Address("owner"), Source: tokenScript}))
	must(a.Engine.Send(ctx, old.ID, ao.Message{From: ao.Address("carol"), Tags: []ao.Tag{{Name: "Action", Value: "Transfer"}}}))
	a.settle()
	a.press("Ctrl+6")
	a.settle()
	a.Sees("old · slot 1 · Transfer")
	must(a.Engine.Remove(ctx, old.ID))
	a.Engine.tell(ao.Event{Kind: ao.ProcessRemoved, Process: old.ID})
	a.settle()
	a.SeesNot("old · ")
}

// openProblem opens the first problem whose row says so.
func (a *app) openProblem(text string) {
	a.T.Helper()
	for i := range a.W.Problems.Len() {
		a.W.Problems.List.Select(i)
		if strings.Contains(a.W.Problems.List.RowText(i), text) {
			break
		}
	}
	a.press("Enter")
	a.settle()
}

// aos calls all that it loads by one name: the lines of an Eval that somebody sent
// are those of its Data, and no lines of the script.
func TestAnEvalByHandMarksNoLineOfTheScript(t *testing.T) {
	a := open(t, setup{quiet: true})
	marked := func() bool {
		for _, m := range a.W.Files.Active().Editor.Marks() {
			if m.Line == 3 && strings.Contains(m.Message, "unexpected symbol") {
				return true
			}
		}
		return false
	}
	eval := func(text string) {
		a.W.Composer.SetDraft(compose.Draft{From: "owner", Action: "Eval", Data: text})
		a.press("Ctrl+Return")
		a.settle()
	}
	eval("\n\nsyntax error")
	if marked() {
		t.Error("the Eval's own line 3 is marked in the script")
	}
	a.press("Ctrl+6")
	before, _ := a.W.Files.Active().Editor.Caret()
	a.openProblem("slot 1 · Eval")
	a.expect("bar", a.W.Bar.Text(), "slot 1 / 1")
	if line, _ := a.W.Files.Active().Editor.Caret(); line != before {
		t.Errorf("the caret went to line %d of the script", line)
	}
	a.W.RunCommand("Live")
	eval("syntax error") // in line 3, which the text has not: in what the script defined
	if !marked() {
		t.Error("the script's own line 3 is not marked")
	}
	a.W.Files.Active().Editor.SetText(a.W.Files.Active().Editor.Text() + "\n-- syntax error")
	eval(a.W.Files.Active().Editor.Text())
	if !marked() {
		t.Error("the line of the script's text is not marked")
	}
}

// What a slot says about a line of the script is marked there also when the script is
// read after it, and names its key once.
func TestWhatASlotSaysIsMarkedInTheScript(t *testing.T) {
	a := open(t, setup{})
	var of []code.Mark
	for _, m := range a.W.Files.Active().Editor.Marks() {
		if m.Line == 13 {
			of = append(of, m)
		}
	}
	if len(of) != 1 || of[0].Rule != "reserved-key" || strings.Count(of[0].Message, "cache.info") != 1 {
		t.Errorf("line 13 has the marks %v", of)
	}
}

func TestWithoutAProcessThereIsNoURL(t *testing.T) {
	a := open(t, setup{empty: true})
	if a.W.Inspect.URLBtn.Enabled() || a.W.Inspect.CurlBtn.Enabled() {
		t.Error("a URL is offered")
	}
	must(a.Engine.Spawn(context.Background(), ui.SpawnRequest{Name: "first", Owner: ao.Address("o"), Source: tokenScript}))
	a.settle()
	a.press("Ctrl+P").Type("first\n")
	a.settle()
	if !a.W.Inspect.URLBtn.Enabled() || !a.W.Inspect.CurlBtn.Enabled() {
		t.Error("no URL is offered")
	}
}
