package tree_test

import (
	"fmt"
	"strings"
	"testing"

	"patchbay/patchdev"
	"patchbay/ui/tree"
	"patchbay/ui/uitest"
)

func token() *patchdev.Table {
	return patchdev.NewTable("cache", patchdev.NewTable(
		"balances", patchdev.NewTable("alice", 750, "bob", 250),
		"info", patchdev.NewTable("name", "Demo"),
		"total", 1000,
	))
}

func rows(p *tree.Panel) string {
	var out []string
	for i := range p.Model.Len() {
		out = append(out, p.List.RowText(i))
	}
	return strings.Join(out, "\n")
}

func open(t testing.TB, o tree.Options) (*uitest.UI, *tree.Panel) {
	p := tree.New(o)
	ui := uitest.Open(t, 500, 400, p.Content())
	p.Show(token(), 7, true)
	return ui, p
}

func TestKeyboard(t *testing.T) {
	var chosen []string
	ui, p := open(t, tree.Options{OnSelected: func(path []string) { chosen = path }})
	ui.Focus(p.List).Press("Down", "Down")
	if strings.Join(chosen, "/") != "cache/balances/alice" {
		t.Errorf("chose %v", chosen)
	}
	ui.Press("Left")
	if strings.Join(chosen, "/") != "cache/balances" {
		t.Errorf("left goes to the branch, got %v", chosen)
	}
	ui.Press("Left")
	if strings.Contains(rows(p), "alice") {
		t.Errorf("left on a branch closes it:\n%s", rows(p))
	}
	ui.Press("Right", "End")
	if strings.Join(chosen, "/") != "cache/total" {
		t.Errorf("end chose %v", chosen)
	}
}

func TestFilterAndSelectionSurviveASlot(t *testing.T) {
	ui, p := open(t, tree.Options{})
	p.Select([]string{"cache", "balances", "bob"})
	ui.Focus(p.Filter).Type("bob")
	if got := rows(p); strings.Contains(got, "alice") || !strings.Contains(got, "bob") {
		t.Errorf("filtered rows:\n%s", got)
	}
	ui.Sees("1 match")
	p.Show(patchdev.NewTable("cache", patchdev.NewTable("balances", patchdev.NewTable("bob", 251, "bobby", 1))), 8, true)
	if got := rows(p); !strings.Contains(got, "bobby") || !strings.Contains(got, "251") {
		t.Errorf("the filter follows the new root:\n%s", got)
	}
	if s := strings.Join(p.Selected(), "/"); s != "cache/balances/bob" || p.List.Selected() < 0 {
		t.Errorf("selected %s in row %d", s, p.List.Selected())
	}
	ui.Focus(p.Filter).Press("Escape")
	if got := rows(p); p.Filter.Text != "" || !strings.Contains(got, "cache") {
		t.Errorf("escape ends the filter:\n%s", got)
	}
}

func TestPins(t *testing.T) {
	var told int
	ui, p := open(t, tree.Options{OnPins: func(pins [][]string) { told = len(pins) }})
	p.Pin([]string{"cache", "total"})
	ui.Sees("total")
	if told != 1 {
		t.Errorf("told %d", told)
	}
	p.Unpin([]string{"cache", "total"})
	if len(p.Pins()) != 0 {
		t.Error("still pinned")
	}
}

func TestCopy(t *testing.T) {
	var got string
	ui, p := open(t, tree.Options{Copy: func(s, _ string) { got = s }})
	p.Select([]string{"cache", "info"})
	ui.Focus(p.List).Press("Ctrl+C")
	if got != `{"name":"Demo"}` {
		t.Errorf("copied %q", got)
	}
}

func TestHeadTellsTheSlot(t *testing.T) {
	_, p := open(t, tree.Options{})
	if p.Head() != "slot 7 · live" {
		t.Errorf("head %q", p.Head())
	}
	p.Show(token(), 3, false)
	if p.Head() != "slot 3 · past" {
		t.Errorf("head %q", p.Head())
	}
}

// BenchmarkPanelShow1M is what a slot costs the UI goroutine with a million keys:
// model and the drawing of one screen.
func BenchmarkPanelShow1M(b *testing.B) { benchShow(b, 1_000_000) }

// BenchmarkPanelShow10 is the baseline.
func BenchmarkPanelShow10(b *testing.B) { benchShow(b, 10) }

func benchShow(b *testing.B, n int) {
	bl := patchdev.EmptyTable().Edit()
	for i := range n {
		bl.Set(fmt.Sprintf("k%06d", i), patchdev.Int(i))
	}
	p := tree.New(tree.Options{})
	uitest.Open(b, 570, 430, p.Content())
	w := bl.Table()
	p.Show(patchdev.NewTable("cache", patchdev.NewTable("wide", w)), 0, true)
	p.Model.ShowAll([]string{"cache", "wide"})
	roots := make([]*patchdev.Table, 64)
	for i := range roots {
		w = w.Set(fmt.Sprintf("k%06d", i%10), patchdev.Int(-i))
		roots[i] = patchdev.NewTable("cache", patchdev.NewTable("wide", w))
	}
	for i := 0; b.Loop(); i++ {
		p.Show(roots[i%64], int64(i), true)
	}
}
