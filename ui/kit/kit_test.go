package kit_test

import (
	"fmt"
	"image/color"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"patchbay/ui/kit"
	"patchbay/ui/theme"
	"patchbay/ui/uitest"
)

func rows(n int) (*kit.List, *int) {
	count := n
	l := kit.NewList(func() int { return count }, func(i int, r *kit.Row) { r.Add(10, 0, kit.Plain(fmt.Sprintf("row %d", i))) })
	l.RowHeight = 20
	return l, &count
}

func TestListKeys(t *testing.T) {
	l, _ := rows(1000)
	var told []int
	l.OnSelected = func(i int) { told = append(told, i) }
	ui := uitest.Open(t, 200, 200, l)
	ui.Focus(l).Press("Down", "End", "Up", "Home", "PageDown", "PageUp")
	if fmt.Sprint(told) != "[1 999 998 0 10 0]" {
		t.Errorf("told %v", told)
	}
	ui.Press("End")
	ui.Sees("row 999").SeesNot("row 989")
}

func TestListScrollsToItsEndsAndNoFarther(t *testing.T) {
	l, n := rows(1_000_000)
	ui := uitest.Open(t, 200, 205, l)
	ui.Scroll(50, 50, 0, 500)
	if top, off := l.Top(); top != 0 || off != 0 {
		t.Errorf("top %d %v", top, off)
	}
	l.ScrollTo(999_999, 0)
	if top, off := l.Top(); top != 999_989 || off != 15 {
		t.Errorf("top %d %v", top, off)
	}
	ui.Scroll(50, 50, 0, -50)
	ui.Sees("row 999999")
	*n = 5 // the rows go away under it
	l.Refresh()
	if top, _ := l.Top(); top != 0 {
		t.Errorf("top %d", top)
	}
	ui.Sees("row 4")
}

func TestListFarDownIsExact(t *testing.T) {
	l, _ := rows(50_000_000)
	ui := uitest.Open(t, 200, 200, l)
	l.Select(49_999_990)
	y := 20 * float32(3)
	ui.Click(50, y+5)
	if top, _ := l.Top(); l.Selected() != top+3 {
		t.Errorf("row %d of top %d", l.Selected(), top)
	}
}

func TestListDoubleClick(t *testing.T) {
	l, _ := rows(5)
	now := time.Unix(0, 0)
	l.Now = func() time.Time { return now }
	did := -1
	l.OnActivated = func(i int) { did = i }
	uitest.Open(t, 200, 200, l)
	at := &fyne.PointEvent{Position: fyne.NewPos(20, 50)}
	l.Tapped(at)
	now = now.Add(time.Second)
	l.Tapped(at)
	if did != -1 {
		t.Error("two slow clicks are no double click")
	}
	now = now.Add(100 * time.Millisecond)
	l.Tapped(at)
	if did != 2 {
		t.Errorf("activated %d", did)
	}
}

func TestEmptyListSaysWhatToDo(t *testing.T) {
	l, n := rows(0)
	l.Empty = func() []string { return []string{"Nothing yet."} }
	ui := uitest.Open(t, 300, 200, l)
	ui.Sees("Nothing yet.")
	ui.Focus(l).Press("Down", "Up", "Return", "Home")
	*n = 1
	l.Refresh()
	ui.Sees("row 0").SeesNot("Nothing yet.")
}

func TestCutFits(t *testing.T) {
	uitest.Open(t, 10, 10, kit.NewLabel())
	for _, s := range []string{"", "a", strings.Repeat("wide ", 400), strings.Repeat("é", 300), "日本語のテキスト", "a\x00b\xffc\n\td", strings.Repeat("x", 100000)} {
		for _, w := range []float32{0, 3, 40, 200, 1000} {
			r := kit.Plain(s)
			got := r.Cut(w)
			if got > w+0.01 && r.Text != "" || !utf8.ValidString(r.Text) || strings.ContainsAny(r.Text, "\n\x00") {
				t.Errorf("Cut(%q, %v) = %q, %v wide", s[:min(len(s), 20)], w, r.Text, got)
			}
		}
	}
}

func TestWrapKeepsEveryWord(t *testing.T) {
	uitest.Open(t, 10, 10, kit.NewLabel())
	s := "cache.info cannot be read by path on a HyperBEAM node\nsecond averyveryveryverylongwordindeed end"
	lines := kit.Wrap(kit.Plain(s), 120)
	flat := func(s string) string { return strings.NewReplacer(" ", "", "\n", "").Replace(s) }
	if flat(strings.Join(lines, "")) != flat(s) {
		t.Errorf("%q", lines)
	}
	for _, l := range lines {
		if r := kit.Plain(l); r.Width() > 121 {
			t.Errorf("%q is too wide", l)
		}
	}
}

func TestTabs(t *testing.T) {
	tabs := kit.NewTabs("Send", "Outbox")
	var told int
	tabs.OnSelected = func(i int) { told = i }
	ui := uitest.Open(t, 300, 40, tabs)
	tabs.SetBadge(1, "3", theme.Dim)
	ui.Sees("3").Tap("Outbox")
	if told != 1 || tabs.Current() != 1 {
		t.Errorf("told %d", told)
	}
	ui.Focus(tabs).Press("Left")
	if tabs.Current() != 0 {
		t.Error("left")
	}
}

func TestSplitMovesAndKeepsTheLeastSizes(t *testing.T) {
	a, b := kit.NewButton(kit.Quiet, "left", nil), kit.NewButton(kit.Quiet, "right", nil)
	s := kit.NewSplit(a, b, 0.5)
	moved := false
	s.OnMoved = func() { moved = true }
	ui := uitest.Open(t, 400, 100, s)
	ui.Drag(fyne.NewPos(200, 50), fyne.NewPos(300, 50))
	if !moved || a.Size().Width < 280 {
		t.Errorf("the left is %v wide", a.Size().Width)
	}
	s.SetOffset(1)
	if b.Size().Width < b.MinSize().Width {
		t.Errorf("the right is squeezed to %v", b.Size().Width)
	}
}

func TestButtons(t *testing.T) {
	n := 0
	b := kit.NewButton(kit.Strong, "► Run", func() { n++ })
	ui := uitest.Open(t, 200, 60, b)
	ui.Tap("Run")
	ui.Focus(b).Press("Return", "Space")
	b.SetEnabled(false)
	ui.Focus(b).Press("Return")
	if n != 3 || b.Text() != "► Run" {
		t.Errorf("%d times, %q", n, b.Text())
	}
}

func FuzzANSI(f *testing.F) {
	f.Add("a\x1b[31mb\x1b[0m\n\x1b[38;5;9m")
	f.Fuzz(func(t *testing.T, s string) {
		var b strings.Builder
		for i, l := range kit.ANSI(s) {
			if i > 0 {
				b.WriteByte('\n')
			}
			b.WriteString(kit.Plaintext(l))
		}
		if b.Len() > len(s) || strings.ContainsRune(b.String(), 0x1b) {
			t.Errorf("%q became %q", s, b.String())
		}
	})
}

func BenchmarkListRefresh(b *testing.B) {
	l, _ := rows(1_000_000)
	uitest.Open(b, 500, 600, l)
	for b.Loop() {
		l.Refresh()
	}
}

func TestColumns(t *testing.T) {
	runs := []kit.Run{kit.Mono("abcdé", ""), kit.Mono("fghij", theme.Bad)}
	got := ""
	for _, l := range kit.Columns(runs, 4) {
		got += kit.Plaintext(l) + "|"
	}
	if got != "abcd|éfgh|ij|" {
		t.Errorf("%s", got)
	}
	got = ""
	for _, l := range kit.Columns([]kit.Run{kit.Mono("an error in a handler", theme.Bad)}, 10) {
		got += kit.Plaintext(l) + "|"
	}
	if got != "an error |in a |handler|" {
		t.Errorf("words are broken: %s", got)
	}
	got = ""
	for _, l := range kit.Columns([]kit.Run{kit.Mono(`"alice"`, theme.CodeName), kit.Mono(": ", theme.Text), kit.Mono("500000", theme.CodeNumber), kit.Mono(",", theme.Text)}, 12) {
		got += kit.Plaintext(l) + "|"
	}
	if got != `"alice": |500000,|` {
		t.Errorf("a number is broken: %s", got)
	}
	if n := len(kit.Columns([]kit.Run{kit.Plain("abcdefgh")}, 2)); n != 1 {
		t.Errorf("%d lines", n)
	}
}

func TestTextIsBrokenToAWidth(t *testing.T) {
	uitest.Open(t, 100, 100, kit.NewLabel())
	cell := kit.Mono("M", "")
	runs := []kit.Run{kit.Plain("a short "), kit.Dim("sentence of many words and aVeryLongWordWithoutAnySpaceInItAtAllThatGoesOnAndOn")}
	for _, width := range []float32{60, 120, 300, 5000} {
		var all string
		for _, line := range kit.WrapRuns(runs, width, cell.Width()) {
			all += kit.Plaintext(line)
			var w float32
			for i := range line {
				w += line[i].Width()
			}
			if w > width+12 { // a space may hang over
				t.Errorf("%q is %v wide, not %v", kit.Plaintext(line), w, width)
			}
		}
		if all != kit.Plaintext(runs) {
			t.Errorf("broken to %v it reads %q", width, all)
		}
	}
	p := kit.NewParagraph()
	p.MaxLines = 2
	p.Set(kit.Plain("one two three four five six seven eight nine ten"))
	p.Fit(80)
	if h := p.MinSize().Height; h != 36 || p.Text() != "one two three four five six seven eight nine ten" {
		t.Errorf("%v high: %q", h, p.Text())
	}
}

func TestKeysInAMenuStandBelowEachOther(t *testing.T) {
	uitest.Open(t, 200, 200, kit.NewLabel())
	ctrl := func(k fyne.KeyName) fyne.Shortcut {
		return &desktop.CustomShortcut{KeyName: k, Modifier: fyne.KeyModifierControl}
	}
	run, long := fyne.NewMenuItem("Run", nil), fyne.NewMenuItem("Show another process…", nil)
	none := fyne.NewMenuItem("Rename…", nil)
	run.Shortcut, long.Shortcut = ctrl(fyne.KeyR), ctrl(fyne.KeyP)
	name := func(s fyne.Shortcut) string { return strings.TrimPrefix(s.ShortcutName(), "CustomDesktop:") }
	was := run.Shortcut.ShortcutName()
	kit.WriteKeys(fyne.NewMenu("Process", run, none, long), name)
	var at []float32
	for _, it := range []*fyne.MenuItem{run, long} {
		before, ok := strings.CutSuffix(strings.TrimRight(it.Label, "\u2009"), name(it.Shortcut))
		if !ok {
			t.Errorf("the keys are not in %q", it.Label)
		}
		at = append(at, fyne.MeasureText(before, 13, fyne.TextStyle{}).Width)
		if _, writes := it.Shortcut.(fyne.KeyboardShortcut); writes {
			t.Errorf("Fyne would write the keys of %q once more", it.Label)
		}
	}
	if d := at[0] - at[1]; d < -2 || d > 2 {
		t.Errorf("the keys begin at %v", at)
	}
	if run.Shortcut.ShortcutName() != was {
		t.Errorf("the shortcut was %q and is %q", was, run.Shortcut.ShortcutName())
	}
	if none.Label != "Rename…" || !strings.HasPrefix(run.Label, "Run ") {
		t.Errorf("labels %q, %q", run.Label, none.Label)
	}
}

// What tells a row in full gives way to the rows in a low window.
func TestAStackLeavesRoomForItsFill(t *testing.T) {
	fill, told := kit.NewList(func() int { return 9 }, func(int, *kit.Row) {}), canvas.NewRectangle(color.Black)
	fill.RowHeight = 20
	told.SetMinSize(fyne.NewSize(10, 100))
	box := container.New(&kit.Stack{Fill: fill, Gives: told, Least: 50}, fill, told)
	for height, want := range map[float32]float32{300: 100, 150: 100, 120: 70, 90: 40, 60: 24, 44: 24} {
		box.Resize(fyne.NewSize(100, height))
		if got := told.Size().Height; got != want {
			t.Errorf("of %v it has %v, want %v", height, got, want)
		}
		if got := fill.Size().Height + told.Size().Height; got != height {
			t.Errorf("%v of %v are used", got, height)
		}
	}
	if h := box.MinSize().Height; h != 44 {
		t.Errorf("it is at least %v high", h)
	}
}

// A text that ends in an ellipsis is not cut into two of them, texts that are left
// out leave one, and a dot between two does not stand there without the second.
func TestWhatIsCutEndsInOneEllipsis(t *testing.T) {
	for _, last := range []kit.Run{kit.Plain("two keys changed…"), kit.Plain("two keys changed")} {
		endsInOneEllipsis(t, kit.Dim("alice → 3 out"), kit.Dim(" · "), last)
	}
	endsInOneEllipsis(t, kit.Dim("68 bytes  "), kit.Mono("<html><body>", ""), kit.Mono("  new", ""))
}

func endsInOneEllipsis(t *testing.T, runs ...kit.Run) {
	t.Helper()
	l := kit.NewLabel(runs...)
	whole := l.MinSize().Width
	l.MinWidth = 1
	for width := whole - 2; width > 20; width -= 3 {
		l.Resize(fyne.NewSize(width, 20))
		var text string
		for _, o := range test.WidgetRenderer(l).Objects() {
			if x, ok := o.(*canvas.Text); ok && !x.Hidden {
				text += x.Text
			}
		}
		if n := strings.Count(text, "…"); n > 1 || n == 0 && width > 40 && width < whole-24 {
			t.Errorf("%v: %q", width, text)
		}
		if strings.HasSuffix(strings.TrimRight(text, " …"), "·") {
			t.Errorf("%v: %q", width, text)
		}
	}
}

// A word that no line has room for begins in the line of the word before it.
func TestALongWordBeginsInItsLine(t *testing.T) {
	lines := kit.Wrap(kit.Plain("GET /"+strings.Repeat("path/", 30)), 200)
	if !strings.HasPrefix(lines[0], "GET /path/") || len(lines) < 3 {
		t.Errorf("%q", lines)
	}
	if got := strings.Join(lines, ""); got != "GET /"+strings.Repeat("path/", 30) {
		t.Errorf("%q", got)
	}
	if lines := kit.Wrap(kit.Plain("some words that need two lines"), 100); strings.Join(lines, " ") != "some words that need two lines" {
		t.Errorf("%q", lines)
	}
}

// A button that does nothing looks otherwise than one that does, also in high contrast,
// where all text is strong.
func TestADisabledButtonLooksDisabled(t *testing.T) {
	for _, th := range []*theme.Theme{theme.New(theme.Dark), theme.Contrast(theme.Dark), theme.Contrast(theme.Light)} {
		for _, look := range []kit.Look{kit.Quiet, kit.Strong} {
			b := kit.NewButton(look, "Run", func() {})
			uitest.Open(t, 100, 40, b, uitest.Theme(th))
			seen := func() (c color.Color, border float32) {
				for _, o := range test.WidgetRenderer(b).Objects() {
					switch o := o.(type) {
					case *canvas.Text:
						c = o.Color
					case *canvas.Rectangle:
						border = max(border, o.StrokeWidth)
					}
				}
				return c, border
			}
			c, border := seen()
			b.Disable()
			if c2, border2 := seen(); c == c2 || border == 0 || border2 != 0 {
				t.Errorf("%v: text %v and %v, border %v and %v", look, c, c2, border, border2)
			}
		}
	}
}

// Seven tabs with their badges have to fit into the lower left of a small window: what
// stands beyond it cannot be seen, or clicked.
func TestTabsStandCloserWhereThereIsLittleRoom(t *testing.T) {
	tabs := kit.NewTabs("Send", "Outbox", "Output", "Slot", "Console", "HTTP traffic", "Problems")
	tabs.SetBadge(1, "3", "")
	tabs.SetBadge(5, "12,345", "")
	tabs.SetBadge(6, "12", "")
	u := uitest.Open(t, 532, 34, tabs)
	for _, o := range uitest.FindAll[*canvas.Text](u) {
		if end := o.Position().X + o.Size().Width; end > 532 {
			t.Errorf("%q ends at %v", o.Text, end)
		}
	}
	u.Click(528, 17)
	if tabs.Current() != 6 {
		t.Errorf("a click at the right edge shows tab %d", tabs.Current())
	}
	u.Resize(1200, 34)
	tabs.Select(0)
	u.Click(900, 17)
	if tabs.Current() != 0 {
		t.Errorf("where there is room the tabs are wider than their names need")
	}
}
