package kit_test

import (
	"fmt"
	"strings"
	"testing"

	"fyne.io/fyne/v2/container"

	"patchbay/ui/kit"
	"patchbay/ui/theme"
	"patchbay/ui/uitest"
)

// finding is a list of lines with a search; those that begin with + go on from the one
// before.
func finding(t *testing.T, lines ...string) (*uitest.UI, *kit.List, *kit.Find, *[]string) {
	t.Helper()
	l := kit.NewList(func() int { return len(lines) }, func(i int, r *kit.Row) {
		text := strings.TrimPrefix(lines[i], "+")
		half := len([]rune(text)) / 2
		r.Add(10, 0, kit.Mono(string([]rune(text)[:half]), theme.Good), kit.Mono(string([]rune(text)[half:]), theme.Text))
	})
	l.RowHeight = 20
	f := kit.NewFind(l, l)
	f.Joins = func(i int) bool { return strings.HasPrefix(lines[i], "+") }
	u := uitest.Open(t, 400, 240, container.New(kit.Pad{Top: 4}, f.Content()))
	return u, l, f, &lines
}

func TestFindWalksThroughTheMatches(t *testing.T) {
	var lines []string
	for i := range 100 {
		lines = append(lines, fmt.Sprintf("row %d", i))
	}
	u, l, f, now := finding(t, lines...)
	u.Focus(l).Press("F3") // nothing is looked for yet
	f.Show()
	says := func(want string, row int) {
		t.Helper()
		top, _ := l.Top()
		if f.Says() != want || l.Selected() != row || row < top || row > top+l.Page() {
			t.Errorf("says %q at row %d with %d on top, want %q at %d", f.Says(), l.Selected(), top, want, row)
		}
	}
	u.Type("OW 9")
	says("1 of 11", 9)
	u.Press("Enter")
	says("2 of 11", 90)
	u.Press("F3")
	says("3 of 11", 91)
	u.Press("Shift+Enter", "Shift+F3", "Shift+F3")
	says("11 of 11", 99)
	u.Press("Down")
	says("1 of 11", 9)
	u.Focus(l).Press("F3")
	says("2 of 11", 90)
	u.Press("Shift+F3")
	says("1 of 11", 9)
	*now = (*now)[:50] // others come while somebody looks
	f.Changed()
	if f.Says() != "1 of 1" {
		t.Errorf("says %q", f.Says())
	}
	f.Show()
	u.Type("nowhere")
	if f.Says() != "not found" {
		t.Errorf("says %q", f.Says())
	}
	u.Press("Escape")
	if f.Shown() || !l.Focused() {
		t.Error("Escape does not close it")
	}
	u.Press("F3")
	if l.Selected() != 9 {
		t.Errorf("a closed search went to %d", l.Selected())
	}
}

// A match is found over what a row is made of, over broken lines, in any script.
func TestFindLooksThroughRunsAndBrokenLines(t *testing.T) {
	u, l, f, _ := finding(t, "one tw", "+o three", "tw", "o", "ÄÖÜ İx äöü")
	f.Show()
	for typed, want := range map[string]string{"two": "1 of 1", "äöü": "1 of 2", "o": "1 of 3", "e tw": "1 of 1", "x Ä": "1 of 1", "ee\n": "not found", "w": "1 of 2"} {
		f.Field().SetText(typed)
		if f.Says() != want {
			t.Errorf("%q: %s, want %s", typed, f.Says(), want)
		}
	}
	f.Field().SetText("two")
	u.Sees("one", "tw", "o", "hree") // what is found stands apart
	if l.Selected() != 0 {
		t.Errorf("row %d", l.Selected())
	}
	f.Field().SetText("")
	if f.Says() != "" {
		t.Errorf("says %q", f.Says())
	}
}

// There is a bound, and it is told.
func TestFindCountsOnlySoMany(t *testing.T) {
	_, _, f, _ := finding(t, strings.Repeat("a", 20_000))
	f.Show()
	f.Field().SetText("a")
	if f.Says() != "1 of 9999+" {
		t.Errorf("says %q", f.Says())
	}
}

func BenchmarkFind(b *testing.B) {
	line := strings.Repeat("word ", 12)
	l := kit.NewList(func() int { return 20_000 }, func(_ int, r *kit.Row) { r.Add(10, 0, kit.Mono(line, theme.Text)) })
	f := kit.NewFind(l, l)
	uitest.Open(b, 400, 236, f.Content())
	f.Show()
	f.Field().SetText("rare")
	for b.Loop() {
		f.Changed()
	}
}
