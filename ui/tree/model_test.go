package tree

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"patchbay/patchdev"
)

var t0 = time.Date(2026, 1, 15, 12, 0, 0, 0, time.UTC)

// lines writes the rows as indented text with > for closed and v for open branches.
func lines(m *Model) []string {
	var out []string
	for i := range m.Len() {
		r := m.Row(i, t0)
		sign := " "
		if r.Branch {
			sign = ">"
			if r.Open {
				sign = "v"
			}
		}
		text := r.Key
		if r.More > 0 {
			text = fmt.Sprintf("… %d more", r.More)
		}
		out = append(out, strings.Repeat("  ", r.Depth)+sign+text)
	}
	return out
}

func token() *patchdev.Table {
	return patchdev.NewTable("cache", patchdev.NewTable(
		"balances", patchdev.NewTable("alice", 750, "bob", 250),
		"info", patchdev.NewTable("name", "Demo"),
		"total", 1000,
	))
}

func want(t *testing.T, m *Model, rows ...string) {
	t.Helper()
	if got := lines(m); !slices.Equal(got, rows) {
		t.Errorf("rows:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(rows, "\n"))
	}
}

func TestWhatStandsNearTheRootIsOpen(t *testing.T) {
	m := NewModel()
	m.SetRoot(token())
	want(t, m, "vcache", "  vbalances", "     alice", "     bob", "  vinfo", "     name", "   total")
}

func TestToggle(t *testing.T) {
	m := NewModel()
	m.SetRoot(token())
	m.Toggle([]string{"cache", "balances"})
	want(t, m, "vcache", "  >balances", "  vinfo", "     name", "   total")
	m.Toggle([]string{"cache"})
	want(t, m, ">cache")
	m.Toggle([]string{"cache"}) // what was open below opens again
	want(t, m, "vcache", "  >balances", "  vinfo", "     name", "   total")
	m.Toggle([]string{"cache", "total"}) // a leaf
	m.Toggle([]string{"nothing"})
	want(t, m, "vcache", "  >balances", "  vinfo", "     name", "   total")
}

func TestABranchThatGoesAndComesBackIsOpenAgain(t *testing.T) {
	m := NewModel()
	m.SetRoot(token())
	m.SetRoot(patchdev.NewTable("cache", patchdev.NewTable("total", 1)))
	want(t, m, "vcache", "   total")
	m.SetRoot(token())
	want(t, m, "vcache", "  vbalances", "     alice", "     bob", "  vinfo", "     name", "   total")
	m.SetRoot(nil)
	want(t, m)
}

func wide(n int) *patchdev.Table {
	b := patchdev.EmptyTable().Edit()
	for i := range n {
		b.Set(fmt.Sprintf("k%06d", i), patchdev.Int(i))
	}
	return patchdev.NewTable("cache", patchdev.NewTable("wide", b.Table(), "zz", 1))
}

// A branch that comes back has the order in force by then, and not the places of the
// keys that it had when it went, be it under another sort.
func TestABranchComesBackUnderAnotherSort(t *testing.T) {
	balances := func(keys ...any) *patchdev.Table {
		return patchdev.NewTable("cache", patchdev.NewTable("balances", patchdev.NewTable(keys...), "empty", patchdev.NewTable("x", 1), "zero", patchdev.NewTable("y", 1)))
	}
	for _, before := range []Sort{ByKey, ByChanged, ByValue, BySize} {
		for _, after := range []Sort{ByKey, ByChanged, ByValue, BySize} {
			m := NewModel()
			m.SetSort(before)
			m.SetRoot(balances("a", 1, "b", 2))
			lines(m)
			m.SetRoot(patchdev.NewTable("other", 1))
			m.SetSort(after)
			m.SetRoot(patchdev.NewTable("cache", patchdev.NewTable(
				"a", patchdev.NewTable("z", 1), "b", 2, "balances", patchdev.NewTable("a", 1, "b", 2, "c", 3), "empty", patchdev.NewTable("x", 1, "y", 2), "zero", patchdev.NewTable("y", 1))))
			fresh := NewModel()
			fresh.SetSort(after)
			fresh.SetRoot(m.Root())
			if got, want := lines(m), lines(fresh); !slices.Equal(got, want) {
				t.Errorf("%v, then %v:\n%s\nwant:\n%s", before, after, strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
		}
	}
}

func TestWideBranchesAreCut(t *testing.T) {
	m := NewModel()
	m.SetRoot(wide(1000))
	if m.Len() != 2+PageSize+1+1 {
		t.Fatalf("%d rows", m.Len())
	}
	r := m.Row(2+PageSize, t0)
	if r.More != 1000-PageSize || m.Row(m.Len()-1, t0).Key != "zz" {
		t.Errorf("more row: %+v", r)
	}
	if i := m.IndexOf([]string{"cache", "wide", "k000900"}); i != -1 {
		t.Errorf("a key behind the cut is in row %d", i)
	}
	if i := m.Reveal([]string{"cache", "wide", "k000900"}); i < 0 || m.Row(i, t0).Key != "k000900" {
		t.Errorf("revealed in row %d", i)
	}
	if m.Len() != 2+1000+1 {
		t.Errorf("%d rows", m.Len())
	}
}

func TestChangesShow(t *testing.T) {
	m := NewModel()
	m.SetRoot(token())
	next := patchdev.NewTable("cache", patchdev.NewTable(
		"balances", patchdev.NewTable("alice", 500, "bob", 500, "carol", 1),
		"info", patchdev.NewTable("name", "Demo"), "total", "many"))
	m.Changed(7, patchdev.Diff(m.Root(), next), t0)
	m.SetRoot(next)
	deltas := map[string]string{}
	for i := range m.Len() {
		r := m.Row(i, t0)
		if r.Flash {
			deltas[r.Key] = r.Delta
		}
	}
	wantD := map[string]string{"alice": "-250", "bob": "+250", "carol": "new", "total": "was integer"}
	if fmt.Sprint(deltas) != fmt.Sprint(wantD) {
		t.Errorf("got %v, want %v", deltas, wantD)
	}
	m.Toggle([]string{"cache", "balances"})
	if r := m.Row(1, t0); !r.Flash || r.Below != 3 {
		t.Errorf("a closed branch tells of its changes: %+v", r)
	}
	late := t0.Add(FlashFor)
	if !m.Flashing(t0) || m.Flashing(late) {
		t.Error("a flash ends")
	}
	m.Toggle([]string{"cache", "balances"})
	if r := m.Row(2, late); r.Flash || r.Delta != "-250" {
		t.Errorf("the difference stays when the light is out: %+v", r)
	}
	m.Changed(8, []patchdev.Change{{Path: []string{"cache", "total"}, Old: patchdev.Int(1), New: patchdev.Int(2)}}, late)
	if r := m.Row(2, late); r.Delta != "" {
		t.Errorf("an older difference goes: %+v", r)
	}
}

func TestDelta(t *testing.T) {
	for _, c := range []struct {
		old, now patchdev.Value
		want     string
	}{
		{patchdev.Int(5), patchdev.Int(7), "+2"},
		{patchdev.Int(-9223372036854775808), patchdev.Int(9223372036854775807), "+1.84467e+19"},
		{patchdev.Float(0.5), patchdev.Float(0.25), "-0.25"},
		{patchdev.String("1000"), patchdev.String("750"), "-250"},
		{patchdev.String("a"), patchdev.String("b"), "changed"},
		{patchdev.Int(1), patchdev.Bool(true), "was integer"},
		{nil, patchdev.Int(1), "new"},
		{patchdev.Int(1), nil, "gone"},
		{patchdev.NewTable("a", 1), patchdev.NewTable("a", 1, "b", 2), "+1"},
	} {
		if got := Delta(c.old, c.now); got != c.want {
			t.Errorf("Delta(%v, %v) = %q, want %q", c.old, c.now, got, c.want)
		}
	}
}

func TestSort(t *testing.T) {
	root := patchdev.NewTable("cache", patchdev.NewTable("a", 3, "b", 30, "c", "text", "d", 1, "e", patchdev.NewTable("x", 1)))
	keys := func(m *Model) string {
		var s string
		for i := range m.Len() {
			if r := m.Row(i, t0); r.Depth == 1 {
				s += r.Key
			}
		}
		return s
	}
	m := NewModel()
	m.SetRoot(root)
	for s, want := range map[Sort]string{ByKey: "abcde", ByValue: "badce", BySize: "cbade"} {
		m.SetSort(s)
		if got := keys(m); got != want {
			t.Errorf("by %v: %s, want %s", s, got, want)
		}
	}
	m.SetSort(ByChanged)
	m.Changed(3, []patchdev.Change{{Path: []string{"cache", "d"}, Old: patchdev.Int(1), New: patchdev.Int(2)}}, t0)
	m.Changed(4, []patchdev.Change{{Path: []string{"cache", "e", "x"}, Old: patchdev.Int(1), New: patchdev.Int(2)}}, t0)
	if got := keys(m); got != "edabc" {
		t.Errorf("by change: %s", got)
	}
	for i := range m.Len() {
		r := m.Row(i, t0)
		if at := m.IndexOf(r.Path); at != i {
			t.Errorf("%v is in row %d, found in %d", r.Path, i, at)
		}
	}
}

func TestWideBranchesAreSortedByAJob(t *testing.T) {
	m := NewModel()
	m.SetRoot(wide(sortNow + 1))
	m.SetSort(ByValue)
	jobs := m.Jobs()
	if len(jobs) != 1 {
		t.Fatalf("%d jobs", len(jobs))
	}
	jobs[0].Run()
	m.Done(jobs[0])
	if r := m.Row(m.IndexOf([]string{"cache", "wide"})+1, t0); r.Value != patchdev.Value(patchdev.Int(sortNow)) {
		t.Errorf("first is %v", r)
	}
	if len(m.Jobs()) != 0 {
		t.Error("the job is still wanted")
	}
}

func TestSearch(t *testing.T) {
	alias := func(a string) string {
		if a == "alice" {
			return "Anna"
		}
		return ""
	}
	for q, wantPaths := range map[string]string{
		"bob":           "cache cache/balances cache/balances/bob*",
		"demo":          "cache cache/info cache/info/name*",
		"value:750":     "cache cache/balances cache/balances/alice*",
		"key:a value:7": "cache cache/balances cache/balances/alice*",
		"path:info/n":   "cache cache/info cache/info/name*",
		"anna":          "cache cache/balances cache/balances/alice*",
		"balances/b":    "cache cache/balances cache/balances/bob*",
		"balances/an":   "cache cache/balances cache/balances/alice*", // as the tree shows it
		"path:s/anna":   "cache cache/balances cache/balances/alice*",
		"http://127.0.0.1:8734/X~process@1.0/now/cache/balances/bob?bundle": "cache cache/balances cache/balances/bob*",
		"/X~process@1.0/compute=3/cache/info/":                              "cache cache/info* cache/info/name*",
		"zzz":                                                               "",
		"bal":                                                               "cache cache/balances*",
	} {
		hits, total := Search(context.Background(), token(), ParseQuery(q), alias)
		var got []string
		n := 0
		for _, h := range hits {
			s := strings.Join(h.Path, "/")
			if h.Match {
				s += "*"
				n++
			}
			got = append(got, s)
		}
		if strings.Join(got, " ") != wantPaths || n != total {
			t.Errorf("%q: %v (%d), want %q", q, got, total, wantPaths)
		}
	}
	root := patchdev.NewTable("Tags", "bob", "Type", "bob", "cache", "bob", "zoo", "bob")
	hits, _ := Search(context.Background(), root, ParseQuery("bob"), nil)
	var order []string
	for _, h := range hits {
		order = append(order, h.Path[0])
	}
	if strings.Join(order, " ") != "cache zoo Tags Type" {
		t.Errorf("what aos adds to a patch stands last, got %v", order)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, n := Search(ctx, wide(100_000), ParseQuery("k"), nil); n > 2048 {
		t.Errorf("a cancelled search went on to %d", n)
	}
}

// naive lists the rows in the simplest way there is, as an oracle.
func naive(v patchdev.Value, path []string, open map[string]bool, out *[]string) {
	n, _ := branch(v)
	shown := n
	if len(path) > 0 && n > PageSize+PageSize/10 {
		shown = PageSize
	}
	for i := range shown {
		key, c := childAt(v, i)
		p := append(slices.Clone(path), key)
		*out = append(*out, join(p))
		if _, is := branch(c); is && open[join(p)] {
			naive(c, p, open, out)
		}
	}
	if shown < n {
		*out = append(*out, join(path)+"\x00…")
	}
}

func TestRowsAreThoseOfASimpleWalk(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var value func(depth int) patchdev.Value
		value = func(depth int) patchdev.Value {
			switch k := rapid.IntRange(0, 5).Draw(t, "kind"); {
			case k == 0 && depth < 4:
				b := patchdev.EmptyTable().Edit()
				for range rapid.IntRange(0, 5).Draw(t, "keys") {
					b.Set(rapid.StringMatching(`[a-f]{1,2}`).Draw(t, "key"), value(depth+1))
				}
				return b.Table()
			case k == 1 && depth < 4:
				vals := make([]patchdev.Value, rapid.IntRange(0, 4).Draw(t, "items"))
				for i := range vals {
					vals[i] = value(depth + 1)
				}
				return patchdev.NewList(vals...)
			case k == 2 && depth < 2 && rapid.IntRange(0, 9).Draw(t, "wide") == 0:
				b := patchdev.EmptyTable().Edit()
				for i := range 300 {
					b.Set(fmt.Sprintf("w%03d", i), patchdev.Int(i))
				}
				return b.Table()
			}
			return patchdev.Int(rapid.IntRange(0, 9).Draw(t, "int"))
		}
		table := func() *patchdev.Table {
			b := patchdev.EmptyTable().Edit()
			for range rapid.IntRange(0, 4).Draw(t, "roots") {
				b.Set(rapid.StringMatching(`[a-d]`).Draw(t, "root"), value(0))
			}
			return b.Table()
		}
		m := NewModel()
		m.SetRoot(table())
		for range rapid.IntRange(0, 12).Draw(t, "steps") {
			if rapid.Bool().Draw(t, "newRoot") {
				m.SetRoot(table())
			} else if n := m.Len(); n > 0 {
				if r := m.Row(rapid.IntRange(0, n-1).Draw(t, "row"), t0); r.More == 0 {
					m.Toggle(r.Path)
				}
			}
			var want []string
			naive(m.Root(), nil, m.open, &want)
			var got []string
			for i := range m.Len() {
				r := m.Row(i, t0)
				if r.More > 0 {
					got = append(got, join(r.Path)+"\x00…")
					continue
				}
				got = append(got, join(r.Path))
				if at := m.IndexOf(r.Path); at != i {
					t.Fatalf("%q is in row %d but found in %d", r.Path, i, at)
				}
			}
			if !slices.Equal(got, want) {
				t.Fatalf("rows\n%q\nwant\n%q", got, want)
			}
		}
	})
}

// BenchmarkRefresh1M is a slot that changes two of a million keys, all shown: a
// new root and the rows of one screen. BenchmarkRefresh10 is the same with ten keys.
func BenchmarkRefresh1M(b *testing.B) { benchRefresh(b, 1_000_000) }

// BenchmarkRefresh10 is the baseline.
func BenchmarkRefresh10(b *testing.B) { benchRefresh(b, 10) }

func benchRefresh(b *testing.B, n int) {
	root := wide(n)
	m := NewModel()
	m.SetRoot(root)
	m.ShowAll([]string{"cache", "wide"})
	at := []string{"cache", "wide", fmt.Sprintf("k%06d", n/2)}
	c, _ := root.Get("cache")
	cache := c.(*patchdev.Table)
	w, _ := cache.Get("wide")
	roots := make([]*patchdev.Table, 64)
	for i := range roots {
		w = w.(*patchdev.Table).Set(at[2], patchdev.Int(-i))
		roots[i] = root.Set("cache", cache.Set("wide", w))
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		now := t0.Add(time.Duration(i) * time.Millisecond)
		m.Changed(int64(i), []patchdev.Change{{Path: at, Old: patchdev.Int(i), New: patchdev.Int(i + 1)}}, now)
		m.SetRoot(roots[i%64])
		top := m.Len() / 2
		for k := range min(40, m.Len()-top) {
			m.Row(top+k, now)
		}
	}
}

// BenchmarkSearch1M filters a million keys, which happens beside the UI goroutine.
func BenchmarkSearch1M(b *testing.B) {
	root := wide(1_000_000)
	for b.Loop() {
		Search(context.Background(), root, ParseQuery("k99999"), nil)
	}
}
