package tree

import (
	"fmt"
	"testing"

	"patchbay/patchdev"
)

func nested(groups, keys int) *patchdev.Table {
	b := patchdev.EmptyTable().Edit()
	for i := range groups {
		g := patchdev.EmptyTable().Edit()
		for k := range keys {
			g.Set(fmt.Sprintf("k%04d", k), patchdev.Int(k))
		}
		b.Set(fmt.Sprintf("g%05d", i), g.Table())
	}
	return patchdev.NewTable("cache", b.Table())
}

func TestExpandAllOpensEverythingBelowItsLimit(t *testing.T) {
	for _, c := range []struct {
		groups, keys, limit, rows int
		stopped                   bool
	}{
		{3, 4, 100, 1 + 3 + 12, false},
		{300, 4, 2000, 1 + 300 + 1200, false}, // more than a page, shown whole
		{300, 4, 700, 700, true},
		{6000, 1, 100_000, 1 + 6000 + maxOpened, true},
		{2, 1000, 100, 3, true},
	} {
		m := NewModel()
		m.SetRoot(nested(c.groups, c.keys))
		m.CollapseAll(nil)
		stopped := m.ExpandAll([]string{"cache"}, c.limit)
		if stopped != c.stopped || m.Len() > c.limit || (m.Len() != c.rows && !c.stopped) || m.Len() < c.rows-c.keys {
			t.Errorf("%+v: %d rows, stopped %v", c, m.Len(), stopped)
		}
		for i := range m.Len() {
			if r := m.Row(i, t0); r.More == 0 && m.IndexOf(r.Path) != i {
				t.Fatalf("%v is not in row %d", r.Path, i)
			}
		}
	}
}

// BenchmarkRefresh1MByChange is BenchmarkRefresh1M with the keys in the order of
// their last change, each slot changing another one.
func BenchmarkRefresh1MByChange(b *testing.B) {
	root := wide(1_000_000)
	m := NewModel()
	m.SetRoot(root)
	m.ShowAll([]string{"cache", "wide"})
	m.SetSort(ByChanged)
	c, _ := root.Get("cache")
	cache := c.(*patchdev.Table)
	w, _ := cache.Get("wide")
	roots, keys := make([]*patchdev.Table, 256), make([]string, 256)
	for i := range roots {
		keys[i] = fmt.Sprintf("k%06d", i*7919%1_000_000)
		w = w.(*patchdev.Table).Set(keys[i], patchdev.Int(-i))
		roots[i] = root.Set("cache", cache.Set("wide", w))
	}
	for i := 0; b.Loop(); i++ {
		m.SetRoot(roots[i%256])
		m.Changed(int64(i), []patchdev.Change{{Path: []string{"cache", "wide", keys[i%256]}, Old: patchdev.Int(i), New: patchdev.Int(-i)}}, t0)
		for k := range 40 {
			m.Row(k, t0)
		}
	}
}

// BenchmarkRefreshManyOpen has the most branches open that can be at a stroke.
func BenchmarkRefreshManyOpen(b *testing.B) {
	root := nested(maxOpened, 45)
	m := NewModel()
	m.SetRoot(root)
	m.ExpandAll([]string{"cache"}, MaxExpand)
	c, _ := root.Get("cache")
	for i := 0; b.Loop(); i++ {
		g, _ := c.(*patchdev.Table).Get("g00500")
		c = c.(*patchdev.Table).Set("g00500", g.(*patchdev.Table).Set("k0003", patchdev.Int(-i)))
		m.SetRoot(root.Set("cache", c))
		for k := range 40 {
			m.Row(k, t0)
		}
	}
}
