package patchdev

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/benbjohnson/immutable"
	"github.com/tidwall/btree"
)

func benchKeys(n int) []string {
	keys := make([]string, n)
	r := rand.New(rand.NewPCG(1, 2))
	for i := range keys {
		keys[i] = fmt.Sprintf("%016x%016x%011d", r.Uint64(), r.Uint64(), i)
	}
	return keys
}

// BenchmarkStructure compares persistent maps: a read, and a new version with
// one key changed, as a slot makes it. The doc comment of Table says what came
// of it.
func BenchmarkStructure(b *testing.B) {
	for _, n := range []int{10, 1000, 100_000, 1_000_000} {
		keys := benchKeys(n)
		r := rand.New(rand.NewPCG(3, 4))
		order := make([]string, 4096)
		for i := range order {
			order[i] = keys[r.IntN(n)]
		}
		own := EmptyTable().Edit()
		var tid btree.Map[string, Value]
		ben := immutable.NewSortedMapBuilder[string, Value](nil)
		for i, k := range keys {
			own.Set(k, Int(i))
			tid.Set(k, Int(i))
			ben.Set(k, Int(i))
		}
		t, m := own.Table(), ben.Map()
		b.Run(fmt.Sprintf("get/own/%d", n), func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				t.Get(order[i&4095])
			}
		})
		b.Run(fmt.Sprintf("get/tidwall/%d", n), func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				tid.Get(order[i&4095])
			}
		})
		b.Run(fmt.Sprintf("get/immutable/%d", n), func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				m.Get(order[i&4095])
			}
		})
		b.Run(fmt.Sprintf("set/own/%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				t = t.Set(order[i&4095], Int(-i))
			}
		})
		b.Run(fmt.Sprintf("set/tidwall/%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				c := tid.Copy()
				c.Set(order[i&4095], Int(-i))
				tid = *c
			}
		})
		b.Run(fmt.Sprintf("set/immutable/%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				m = m.Set(order[i&4095], Int(-i))
			}
		})
	}
}

// BenchmarkApply applies a patch of k changed keys to a table of n: the cost is to
// follow k, hardly n.
func BenchmarkApply(b *testing.B) {
	for _, k := range []int{1, 10, 100} {
		for _, n := range []int{1000, 10_000, 100_000, 1_000_000} {
			if k*8 > n {
				continue
			}
			keys := benchKeys(n)
			t := EmptyTable().Edit()
			for i, key := range keys {
				t.Set(key, Int(i))
			}
			root := NewTable("cache", NewTable("balances", t.Table()))
			patches := benchPatches(keys, k)
			b.Run(fmt.Sprintf("k=%d/n=%d", k, n), func(b *testing.B) {
				b.ReportAllocs()
				for i := 0; b.Loop(); i++ {
					root = Apply(root, patches[i&511:i&511+1], ApplyOptions{Profile: Current()}).Root
				}
			})
		}
	}
}

// benchPatches are patches of k keys each; the second half changes what the
// first half set, so that no patch finds its values there already.
func benchPatches(keys []string, k int) []Entry {
	r := rand.New(rand.NewPCG(5, 6))
	patches := make([]Entry, 512)
	for i := range len(patches) / 2 {
		p, q := EmptyTable().Edit(), EmptyTable().Edit()
		for range k {
			key := keys[r.IntN(len(keys))]
			p.Set(key, Int(-1-i))
			q.Set(key, Int(-1000-i))
		}
		patches[i] = patch("1", "cache", NewTable("balances", p.Table()))
		patches[i+len(patches)/2] = patch("1", "cache", NewTable("balances", q.Table()))
	}
	return patches
}
