package code_test

import (
	"strings"
	"testing"
	"time"

	"patchbay/ui/code"
	"patchbay/ui/code/text"
	"patchbay/ui/theme"
	"patchbay/ui/uitest"
)

func TestFindingAndReplacing(t *testing.T) {
	ui, e := open(t, token)
	ui.Press("Ctrl+F").Type("amount")
	ui.Sees("1 of 5")
	wantSelected(t, e, "amount")
	wantCaret(t, e, 11, 15)
	ui.Press("Return", "Return")
	wantCaret(t, e, 14, 45)
	ui.Press("Shift+Return", "F3", "F3", "F3", "F3")
	wantCaret(t, e, 11, 15)
	ui.Press("Escape").Type("x")
	if !strings.Contains(e.Text(), "local x = tonumber") {
		t.Error("the match was not selected after Escape")
	}
	ui.Press("Ctrl+Z", "Ctrl+Home", "Ctrl+H")
	ui.Sees("Replace", "All")
	ui.Press("Tab") // from one field …
	ui.Press("Escape")
}

func TestReplaceAllIsOneUndo(t *testing.T) {
	ui, e := open(t, "a1 b2\na3\n")
	n, err := e.Replace(text.Query{Text: `([a-z])(\d)`, Regexp: true}, "$2$1")
	if n != 3 || err != nil {
		t.Fatal(n, err)
	}
	wantText(t, e, "1a 2b\n3a\n")
	ui.Press("Ctrl+Z")
	wantText(t, e, "a1 b2\na3\n")
	if _, err := e.Replace(text.Query{Text: "(", Regexp: true}, ""); err == nil {
		t.Error("a bad expression passes")
	}
}

func TestTheFindBarTellsOfBadExpressionsAndMisses(t *testing.T) {
	ui, _ := open(t, token)
	ui.Press("Ctrl+F").Type("nowhere")
	ui.Sees("No matches")
	ui.Press("Alt+R", "Ctrl+A").Type("(a")
	ui.Sees("not a regular expression: missing closing )")
	ui.Press("Ctrl+A").Type("to.umber")
	ui.Sees("1 of 1")
}

func TestReplacingOneByOne(t *testing.T) {
	ui, e := open(t, "x = x + x\n")
	ui.Press("Ctrl+H").Type("x")
	ui.Wait(100 * time.Millisecond)
	for range 4 { // query field, three toggles … the replacement comes after the buttons of the row
		ui.Press("Tab")
	}
	_ = e.ReplaceNext("y")
	wantText(t, e, "y = x + x\n")
	e.ReplaceNext("y")
	e.ReplaceNext("y")
	wantText(t, e, "y = y + y\n")
}

func TestGoingToALineAndASymbol(t *testing.T) {
	ui, e := open(t, token)
	ui.Press("Ctrl+G")
	ui.Sees("Go to line 1 to 27")
	ui.Type("20:7\n")
	wantCaret(t, e, 20, 7)
	ui.Press("Ctrl+Shift+O")
	ui.Sees("transfer", "Balances", "TotalSupply")
	ui.Type("tran\n")
	wantCaret(t, e, 8, 1)
	ui.Press("Ctrl+G").Type("3").Press("Escape")
	wantCaret(t, e, 8, 1)
	ui.Type("x")
	if !strings.Contains(e.Text(), "xHandlers") {
		t.Error("the text has not got the focus back")
	}
}

func TestCompletion(t *testing.T) {
	ui, e := open(t, "")
	ui.Type("ao.")
	ui.Sees("send", "spawn", "authorities")
	ui.Type("se")
	ui.Press("Return")
	wantText(t, e, "ao.send()")
	ui.Sees("Queues a message") // help on the call
	ui.Type("{}").Press("End")
	ui.SeesNot("Queues a message")
	ui.Type("\nHandl").Press("Ctrl+Space")
	wantText(t, e, "ao.send({})\nHandlers")
	ui.Type(".utils.").Press("Down", "Up", "Tab")
	wantText(t, e, "ao.send({})\nHandlers.utils.hasMatchingTag()")
	ui.Press("Ctrl+A", "Delete").Type("local value = 1\nreturn va").Press("Ctrl+Space")
	wantText(t, e, "local value = 1\nreturn value")
}

func TestCompletionStaysOutOfTheWay(t *testing.T) {
	ui, e := open(t, "")
	ui.Type("x.y = 1.5 -- ao.\nlocal s = 'ao.'\nfoo.bar = 2\nend\n")
	wantText(t, e, "x.y = 1.5 -- ao.\nlocal s = 'ao.'\nfoo.bar = 2\nend\n")
	ui.Type("json.").Press("Escape", "Return")
	wantText(t, e, "x.y = 1.5 -- ao.\nlocal s = 'ao.'\nfoo.bar = 2\nend\njson.\n")
}

func TestHelpUnderThePointer(t *testing.T) {
	ui, e := open(t, token)
	e.SetMarks([]code.Mark{{Line: 20, Col: 7, EndCol: 11, Severity: code.Warning, Message: "cache.info cannot be read by path on a HyperBEAM node."}})
	ui.Move(at(e, 11, 20)).Wait(time.Second)
	ui.Sees("tonumber(v [, base])")
	ui.Move(at(e, 20, 8)).Wait(time.Second)
	ui.Sees("cannot be read by path")
	ui.Move(at(e, 8, 11)).Wait(time.Second)
	ui.Sees("Handlers.add(name, [pattern,] handle")
	ui.Move(at(e, 6, 1)).Wait(time.Second)
	ui.SeesNot("Handlers.add(name")
}

func TestTheContextMenu(t *testing.T) {
	ui, e := open(t, token)
	x, y := at(e, 9, 5)
	ui.DoubleClick(x, y).RightClick(x, y)
	ui.Tap("Cut")
	if strings.Contains(e.Text(), "local from") {
		t.Error("nothing was cut")
	}
}

// TestLooks draws every state in both themes, for a person to look at.
func TestLooks(t *testing.T) {
	marks := []code.Mark{
		{Line: 20, Col: 7, EndCol: 11, Severity: code.Warning, Message: "cache.info cannot be read by path on a HyperBEAM node: info is a function of every message. Rename it, e.g. token-info."},
		{Line: 24, Col: 5, EndCol: 12, Severity: code.Error, Message: "')' expected near 'Target'"},
	}
	for _, m := range []theme.Mode{theme.Dark, theme.Light} {
		for name, do := range map[string]func(*uitest.UI, *code.Editor){
			"selection":  func(ui *uitest.UI, e *code.Editor) { e.Select(9, 9, 13, 20) },
			"find":       func(ui *uitest.UI, e *code.Editor) { ui.Press("Ctrl+F").Type("amount") },
			"replace":    func(ui *uitest.UI, e *code.Editor) { ui.Press("Ctrl+H", "Alt+R").Type("(amo") },
			"completion": func(ui *uitest.UI, e *code.Editor) { e.Reveal(12, 1); ui.Type("  Handlers.") },
			"call":       func(ui *uitest.UI, e *code.Editor) { e.Reveal(12, 1); ui.Type("  string.format(") },
			"symbols":    func(ui *uitest.UI, e *code.Editor) { ui.Press("Ctrl+Shift+O") },
			"line":       func(ui *uitest.UI, e *code.Editor) { ui.Press("Ctrl+G").Type("12") },
			"hover":      func(ui *uitest.UI, e *code.Editor) { ui.Move(at(e, 20, 8)).Wait(time.Second) },
			"menu":       func(ui *uitest.UI, e *code.Editor) { x, y := at(e, 9, 5); ui.DoubleClick(x, y).RightClick(x, y) },
			"wide": func(ui *uitest.UI, e *code.Editor) {
				e.SetText("\tlocal s = '漢字 and 😀 👩‍👩‍👧 é e\u0301'\n\t\t-- tabs\tline\tup\nx\ty\nabc\ty\n\x00 \xff \u202e bidi\r\nend\n")
			},
			"bracket": func(ui *uitest.UI, e *code.Editor) { e.Reveal(8, 45) },
		} {
			ui, e := open(t, token, uitest.Mode(m))
			e.SetCoverage([]int{8, 9, 10, 11, 12, 13, 14, 15, 18, 19, 20, 22})
			e.SetMarks(marks)
			do(ui, e)
			ui.Shot(name + "-" + m.String())
		}
	}
}

func TestGoingToADefinition(t *testing.T) {
	ui, e := open(t, "local function helper(a)\n  return a\nend\n\nlocal x = helper(1)\n")
	e.Reveal(5, 13)
	ui.Press("F12")
	if l, _ := e.Caret(); l != 1 {
		t.Errorf("line %d", l)
	}
	e.Reveal(2, 3)
	if e.GoToDefinition() {
		t.Error("a keyword is defined")
	}
}
