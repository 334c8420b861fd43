package code_test

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"patchbay/ui/code"
	"patchbay/ui/uitest"
)

// at gives the middle of a character cell of the editor (line and column from one), which fills the window.
func at(e *code.Editor, line, col int) (x, y float32) {
	p, cell := e.CellAt(line, col)
	return p.X + 1, p.Y + cell.Height/2
}

func pos(e *code.Editor, line, col int) fyne.Position {
	x, y := at(e, line, col)
	return fyne.NewPos(x, y)
}

func wantText(t *testing.T, e *code.Editor, want string) {
	t.Helper()
	if got := e.Text(); got != want {
		t.Errorf("the text is\n%s\nwant\n%s", got, want)
	}
}

func wantCaret(t *testing.T, e *code.Editor, line, col int) {
	t.Helper()
	if l, c := e.Caret(); l != line || c != col {
		t.Errorf("the caret is at %d:%d, want %d:%d", l, c, line, col)
	}
}

func wantSelected(t *testing.T, e *code.Editor, want string) {
	t.Helper()
	if got := e.Selected(); got != want {
		t.Errorf("selected is %q, want %q", got, want)
	}
}

func TestTypingAFunctionIndentsIt(t *testing.T) {
	ui, e := open(t, "")
	ui.Type("function f(a)\nif a then\nreturn {\n1,\n}\nelse\nreturn 2\nend\nend\n")
	wantText(t, e, "function f(a)\n  if a then\n    return {\n      1,\n    }\n  else\n    return 2\n  end\nend\n")
}

func TestUndoGoesBackWordByWordAndBreaksAtPausesAndMoves(t *testing.T) {
	ui, e := open(t, "")
	ui.Type("local abc")
	ui.Wait(2 * time.Second)
	ui.Type("def")
	ui.Press("Ctrl+Z")
	wantText(t, e, "local abc")
	ui.Press("Ctrl+Z")
	wantText(t, e, "local ")
	ui.Press("Ctrl+Y", "Ctrl+Shift+Z")
	wantText(t, e, "local abcdef")
	ui.Press("Left", "Right").Type("g").Press("Ctrl+Z")
	wantText(t, e, "local abcdef")
}

func TestSelectingWithTheKeyboard(t *testing.T) {
	ui, e := open(t, "local from = msg.From\nlocal to\n")
	ui.Press("Shift+End")
	wantSelected(t, e, "local from = msg.From")
	ui.Press("Right")
	wantSelected(t, e, "")
	wantCaret(t, e, 1, 22)
	ui.Press("Ctrl+Shift+Left", "Ctrl+Shift+Left")
	wantSelected(t, e, ".From")
	ui.Press("Left")
	wantCaret(t, e, 1, 17)
	ui.Press("Shift+Down")
	wantSelected(t, e, ".From\nlocal to")
	ui.Press("Ctrl+Home", "Ctrl+Shift+End")
	wantSelected(t, e, e.Text())
	ui.Press("Ctrl+A").Type("x")
	wantText(t, e, "x")
}

func TestHomeGoesToTheFirstCharacterFirst(t *testing.T) {
	ui, e := open(t, "    x = 1")
	ui.Press("End", "Home")
	wantCaret(t, e, 1, 5)
	ui.Press("Home")
	wantCaret(t, e, 1, 1)
	ui.Press("Home")
	wantCaret(t, e, 1, 5)
}

func TestUpAndDownKeepTheColumn(t *testing.T) {
	ui, e := open(t, "a long line here\nx\nanother long line\n\ttab")
	ui.Click(at(e, 1, 11))
	ui.Press("Down")
	wantCaret(t, e, 2, 2)
	ui.Press("Down")
	wantCaret(t, e, 3, 11)
	ui.Press("Down")
	wantCaret(t, e, 4, 5)
	ui.Press("Down")
	wantCaret(t, e, 4, 5)
	ui.Press("Up", "Up", "Up", "Up")
	wantCaret(t, e, 1, 1)
}

func TestPagesAndEnds(t *testing.T) {
	ui, e := open(t, strings.Repeat("line\n", 500))
	ui.Press("PageDown")
	l, _ := e.Caret()
	if l < 15 || l > 40 {
		t.Errorf("a page is %d lines", l-1)
	}
	ui.Press("PageDown", "PageUp")
	wantCaret(t, e, l, 1)
	ui.Press("Ctrl+End")
	wantCaret(t, e, 501, 1)
	if p, _ := e.CellAt(501, 1); p.Y < 0 || p.Y > 480 {
		t.Errorf("the caret is out of view: %v", p)
	}
	ui.Press("Ctrl+Home")
	if e.Offset() != 0 {
		t.Errorf("offset %v", e.Offset())
	}
}

func TestClipboard(t *testing.T) {
	ui, e := open(t, "one two\nthree\n")
	ui.DoubleClick(at(e, 1, 5)).Press("Ctrl+X")
	wantText(t, e, "one \nthree\n")
	ui.Press("Down", "End", "Ctrl+V")
	wantText(t, e, "one \nthreetwo\n")
	ui.Press("Ctrl+Home", "Ctrl+C")
	if got := ui.Clipboard().Content(); got != "one \n" {
		t.Errorf("a copy without selection gives %q", got)
	}
	ui.Press("Down", "Right", "Ctrl+V").Type("!")
	wantText(t, e, "one \none \nt!hreetwo\n")
	ui.Press("Ctrl+Z", "Ctrl+Z")
	wantText(t, e, "one \nthreetwo\n")
	ui.Clipboard().SetContent("a\r\nb")
	ui.Press("Ctrl+A", "Ctrl+V")
	wantText(t, e, "a\nb")
	ui.Press("Ctrl+Z")
	wantText(t, e, "one \nthreetwo\n")
}

func TestTabIndentsBlocks(t *testing.T) {
	ui, e := open(t, "if x then\nreturn\n\nend\n")
	ui.Drag(pos(e, 2, 3), pos(e, 4, 2))
	ui.Press("Tab")
	wantText(t, e, "if x then\n  return\n\n  end\n")
	ui.Press("Shift+Tab")
	wantText(t, e, "if x then\nreturn\n\nend\n")
	ui.Press("Ctrl+]", "Ctrl+]", "Ctrl+Z")
	wantText(t, e, "if x then\n  return\n\n  end\n")
	ui.Press("Ctrl+Home", "Tab").Type("y")
	wantText(t, e, "  yif x then\n  return\n\n  end\n")
}

func TestCommentsMovesAndCopiesOfLines(t *testing.T) {
	ui, e := open(t, "a\n  b\nc\n")
	ui.Drag(pos(e, 1, 1), pos(e, 2, 4))
	ui.Press("Ctrl+/")
	wantText(t, e, "-- a\n--   b\nc\n")
	ui.Press("Ctrl+/")
	wantText(t, e, "a\n  b\nc\n")
	ui.Press("Alt+Down")
	wantText(t, e, "c\na\n  b\n")
	ui.Press("Alt+Up", "Alt+Up")
	wantText(t, e, "a\n  b\nc\n")
	ui.Press("Ctrl+Home", "Shift+Alt+Down")
	wantText(t, e, "a\na\n  b\nc\n")
	wantCaret(t, e, 2, 1)
	ui.Press("Ctrl+Shift+K")
	wantText(t, e, "a\n  b\nc\n")
	ui.Press("Ctrl+Z", "Ctrl+Z")
	wantText(t, e, "a\n  b\nc\n")
}

func TestBracketsAndQuotesComeInPairs(t *testing.T) {
	ui, e := open(t, "")
	ui.Type(`print("a", {x = f(1)})`)
	wantText(t, e, `print("a", {x = f(1)})`)
	ui.Press("Ctrl+A", "Delete").Type("add('a', function(m)\nif m then\nf({\nx = 1,\n})\nend").Press("Home", "End").Type("\nend)")
	wantText(t, e, "add('a', function(m)\n  if m then\n    f({\n      x = 1,\n    })\n  end\nend)")
	ui.Press("Ctrl+A", "Delete").Type("(").Press("Backspace")
	wantText(t, e, "")
	ui.Type("x").Press("Home").Type("(")
	wantText(t, e, "(x")
	ui.Press("Ctrl+A").Type("'")
	wantText(t, e, "'(x'")
	ui.Press("Ctrl+A", "Delete").Type("-- don't (")
	wantText(t, e, "-- don't (")
}

func TestWideCharactersAndTabsLineUp(t *testing.T) {
	ui, e := open(t, "\tx = '漢字 👩‍👩‍👧 é'\ny\n")
	ui.Press("End")
	if e.CaretCell() != 20 {
		t.Errorf("the end is at cell %d", e.CaretCell())
	}
	ui.Press("Left", "Left", "Left", "Backspace")
	wantText(t, e, "\tx = '漢字  é'\ny\n")
	for _, c := range []int{1, 2, 7, 10} {
		x, y := at(e, 1, c)
		ui.Wait(time.Second)
		ui.Click(x, y)
		wantCaret(t, e, 1, c)
	}
}

func TestInvisibleCharactersAreSeen(t *testing.T) {
	ui, e := open(t, "a\x00b\u202ec\xffd\r\ne\n")
	ui.Sees(`\0`, "U+202E", `\xff`, `\r`)
	ui.Press("Ctrl+End").Type("f")
	wantText(t, e, "a\x00b\u202ec\xffd\r\ne\nf")
}

func TestTheCaretBlinksAndStopsForKeys(t *testing.T) {
	ui, e := open(t, "")
	seen := map[bool]int{}
	for range 40 {
		ui.Wait(100 * time.Millisecond)
		seen[e.CaretVisible()]++
	}
	if seen[true] < 15 || seen[false] < 15 {
		t.Errorf("shown %d, hidden %d of 40", seen[true], seen[false])
	}
	for range 20 {
		ui.Wait(100 * time.Millisecond).Type("x")
		if !e.CaretVisible() {
			t.Fatal("hidden while typing")
		}
	}
	ui.Canvas().Unfocus()
	if e.CaretVisible() {
		t.Error("shown without focus")
	}
}

func TestUnknownShortcutsGoOn(t *testing.T) {
	var got []string
	ui := uitest.Build(t, 300, 200, func(u *uitest.UI) fyne.CanvasObject {
		return code.New(code.Options{Now: u.Clock.Now, OnShortcut: func(s fyne.Shortcut) { got = append(got, s.ShortcutName()) }})
	})
	ui.Focus(uitest.Find[*code.Editor](ui)).Press("Ctrl+R", "Ctrl+Z", "Ctrl+Return", "Ctrl+S")
	if strings.Join(got, " ") != "CustomDesktop:Control+R CustomDesktop:Control+Return CustomDesktop:Control+S" {
		t.Errorf("got %q", got)
	}
}

func TestReadOnlyTextCanBeReadOnly(t *testing.T) {
	ui, e := open(t, token)
	e.SetReadOnly(true)
	ui.Type("x\n").Press("Backspace", "Delete", "Ctrl+X", "Ctrl+V", "Ctrl+/", "Alt+Down", "Ctrl+Z", "Ctrl+Shift+K", "Ctrl+]")
	wantText(t, e, token)
	ui.DoubleClick(at(e, 9, 5)).Press("Ctrl+C")
	if ui.Clipboard().Content() != "local" {
		t.Errorf("copied %q", ui.Clipboard().Content())
	}
}

func TestMarksMoveWithTheTextAndAreVisited(t *testing.T) {
	ui, e := open(t, token)
	e.SetMarks([]code.Mark{{Line: 20, Col: 7, EndCol: 11, Severity: code.Warning}, {Line: 24, Severity: code.Error}})
	e.SetCoverage([]int{9, 10})
	ui.Press("Ctrl+Home", "Return", "Return")
	if m := e.Marks(); m[0].Line != 22 || m[1].Line != 26 {
		t.Errorf("marks at %v", m)
	}
	e.Reveal(22, 3)
	ui.Type("xy")
	if m := e.Marks()[0]; m.Col != 9 || m.EndCol != 13 {
		t.Errorf("the mark of a word did not move with it: %+v", m)
	}
	ui.Press("Ctrl+Z", "Ctrl+Home")
	ui.Press("F8")
	wantCaret(t, e, 22, 7)
	ui.Press("F8")
	wantCaret(t, e, 26, 5)
	ui.Press("F8", "Shift+F8")
	wantCaret(t, e, 26, 5)
}

func TestCallbacks(t *testing.T) {
	ui, e := open(t, "x")
	changed, modified := 0, []bool{}
	var caret [2]int
	e.OnChanged = func() { changed++ }
	e.OnModified = func(m bool) { modified = append(modified, m) }
	e.OnCaretMoved = func(l, c int) { caret = [2]int{l, c} }
	v := e.Version()
	ui.Press("End").Type("y")
	if changed != 1 || caret != [2]int{1, 3} || e.Version() == v || !e.Modified() {
		t.Errorf("changed %d, caret %v, modified %v", changed, caret, e.Modified())
	}
	e.MarkSaved()
	ui.Press("Ctrl+Z")
	e.Reload("x\nnew")
	if len(modified) != 4 || e.Modified() {
		t.Errorf("modified told %v", modified)
	}
	ui.Press("Ctrl+Z")
	wantText(t, e, "x")
	e.SetText("fresh")
	if ui.Press("Ctrl+Z"); e.Text() != "fresh" {
		t.Error("SetText can be undone")
	}
}

func TestJumpingBetweenPartners(t *testing.T) {
	ui, e := open(t, token)
	e.Reveal(8, 44) // function
	ui.Press(`Ctrl+Shift+\`)
	wantCaret(t, e, 26, 4)
	e.Reveal(8, 13) // the bracket of Handlers.add(
	ui.Press(`Ctrl+Shift+\`)
	wantCaret(t, e, 26, 5)
}

func TestFontSize(t *testing.T) {
	ui, e := open(t, token)
	_, before := e.CellAt(1, 1)
	ui.Press("Ctrl+=", "Ctrl+=")
	if _, after := e.CellAt(1, 1); after.Width <= before.Width || e.FontSize() != 15 {
		t.Errorf("size %v, cell %v", e.FontSize(), after)
	}
	ui.Press("Ctrl+0")
	if _, after := e.CellAt(1, 1); after != before {
		t.Errorf("back to %v, want %v", after, before)
	}
}

func TestASyntaxErrorIsMarkedAMomentAfterTyping(t *testing.T) {
	ui, e := open(t, "local x = 1\n")
	e.SetMarks([]code.Mark{{Line: 1, Severity: code.Warning, Message: "mine"}})
	ui.Press("Ctrl+End").Type("if x then")
	if len(e.Marks()) != 1 {
		t.Errorf("marked while typing: %v", e.Marks())
	}
	ui.Wait(time.Second)
	if m := e.Marks(); len(m) != 2 || m[1].Severity != code.Error || !strings.HasPrefix(m[1].Message, "'end' expected") {
		t.Errorf("marks %+v", m)
	}
	ui.Type("\nend").Wait(time.Second)
	if m := e.Marks(); len(m) != 1 || m[0].Message != "mine" {
		t.Errorf("marks %+v", m)
	}
}

func TestReloadKeepsThePlace(t *testing.T) {
	_, e := open(t, strings.Repeat("line\n", 200)+"here\n"+strings.Repeat("more\n", 50))
	e.Reveal(201, 3)
	before, _ := e.CellAt(201, 3)
	e.Reload("new\nnew\n" + e.Text())
	wantCaret(t, e, 203, 3)
	if after, _ := e.CellAt(203, 3); after != before {
		t.Errorf("the text moved from %v to %v", before, after)
	}
}

func TestSeveralCarets(t *testing.T) {
	ui, e := open(t, "local a = a + 1\nprint(a)\nreturn a\n")
	e.Reveal(1, 7)
	ui.Press("Ctrl+D", "Ctrl+D", "Ctrl+D")
	if e.Cursors() != 3 {
		t.Fatalf("%d carets", e.Cursors())
	}
	ui.Type("sum")
	wantText(t, e, "local sum = sum + 1\nprint(sum)\nreturn a\n")
	ui.Press("Ctrl+Left").Type("_").Press("End", "Shift+Home", "Ctrl+C", "Escape", "Escape")
	wantText(t, e, "local _sum = _sum + 1\nprint(_sum)\nreturn a\n")
	if e.Cursors() != 1 {
		t.Errorf("%d carets after Escape", e.Cursors())
	}
	for e.CanUndo() {
		ui.Press("Ctrl+Z")
	}
	wantText(t, e, "local a = a + 1\nprint(a)\nreturn a\n")

	e.SetText("a\nbb\nccc\n")
	ui.Press("Ctrl+Alt+Down", "Ctrl+Alt+Down", "End").Type("!").Press("Return").Type("-").Press("Backspace", "Backspace")
	wantText(t, e, "a!\nbb!\nccc!\n")
	ui.Press("Shift+Home", "Ctrl+X")
	wantText(t, e, "\n\n\n")
	ui.Press("Ctrl+V")
	wantText(t, e, "a!\nbb!\nccc!\n")
	ui.Press("Ctrl+Z")
	wantText(t, e, "\n\n\n")

	e.SetText("x = x\nx\n")
	ui.Press("Ctrl+Shift+L").Type("yy")
	wantText(t, e, "yy = yy\nyy\n")
	ui.Click(at(e, 1, 2))
	if e.Cursors() != 1 {
		t.Error("a click leaves several carets")
	}
}
