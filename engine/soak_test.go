package engine

import (
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"patchbay/patchdev"
)

// soakSlots is how long the history of TestLongHistory is; PATCHBAY_SOAK_SLOTS
// changes it (make soak: 1,000,000).
const soakSlots = 5_000

// soakMemory is what a history may occupy in memory beyond what the test itself
// does, however long it is.
const soakMemory = 128 << 20

func heap() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// A long history stays usable: memory does not grow with it, any slot, root,
// difference and plot is there, and it is opened again at once. The figures are told,
// not judged.
func TestLongHistory(t *testing.T) {
	n := int64(soakSlots)
	if s := os.Getenv("PATCHBAY_SOAK_SLOTS"); s != "" {
		var err error
		if n, err = strconv.ParseInt(s, 10, 64); err != nil {
			t.Fatal(err)
		}
	}
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "j.db")
	before := heap()
	w := newWorld(t, path, func(o *Options) { o.Clock = time.Now })
	pid := w.spawn("p", "")
	begin := time.Now()
	var next atomic.Int64
	var senders sync.WaitGroup
	for range 64 {
		senders.Go(func() {
			for i := next.Add(1); i <= n; i = next.Add(1) {
				// A counter, one of 1,000 keys, and now and then everything at once.
				data := "add n 1\nadd key" + strconv.FormatInt(i%1_000, 10) + " 1"
				if i%10_000 == 0 {
					data += "\nwhole"
				}
				if _, err := w.Send(ctx, pid, msg(data)); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	senders.Wait()
	w.settle(pid)
	w.written(pid)
	t.Logf("%d slots in %v: %.0f a second", n, time.Since(begin).Round(time.Second), float64(n)/time.Since(begin).Seconds())
	kept := heap() - before
	t.Logf("memory: %.1f MB", float64(kept)/(1<<20))
	if kept > soakMemory {
		t.Errorf("%d slots occupy %d MB", n, kept>>20)
	}
	look := func(w *world, when string) {
		random := rand.New(rand.NewPCG(1, uint64(n)))
		timed := func(what string, times int, f func(slot int64)) {
			begin := time.Now()
			for range times {
				f(1 + random.Int64N(n))
			}
			t.Logf("%s: %s: %v each", when, what, (time.Since(begin) / time.Duration(times)).Round(time.Microsecond))
		}
		counted := func(root *patchdev.Table, slot int64) {
			if get(root, "cache", "n") != int(slot) {
				t.Fatalf("slot %d has n = %v", slot, get(root, "cache", "n"))
			}
		}
		timed("slot at random", 100, func(slot int64) {
			s, err := w.Slot(ctx, pid, slot)
			if err != nil {
				t.Fatal(err)
			}
			counted(s.Root, slot)
		})
		timed("root at random", 100, func(slot int64) {
			r, err := w.Root(ctx, pid, slot)
			if err != nil {
				t.Fatal(err)
			}
			counted(r, slot)
		})
		timed("difference of two slots", 20, func(slot int64) {
			d, err := w.Diff(ctx, pid, slot, 1+random.Int64N(n))
			if err != nil || len(d) > 1_001 {
				t.Fatal(len(d), err)
			}
		})
		timed("plot of a key that changes now and then", 5, func(slot int64) {
			key := "key" + strconv.FormatInt(slot%1_000, 10)
			h, err := w.PathHistory(ctx, pid, []string{"cache", key}, 0, n)
			if err != nil || int64(len(h)) != (n-slot%1_000)/1_000+min(slot%1_000, 1)+1 {
				t.Fatal(key, len(h), err)
			}
		})
		timed("plot of a key that changes in every slot", 1, func(int64) {
			h, err := w.PathHistory(ctx, pid, []string{"cache", "n"}, 0, n)
			if err != nil || int64(len(h)) != n+1 {
				t.Fatal(len(h), err)
			}
		})
		kept := heap() - before
		t.Logf("%s: memory: %.1f MB", when, float64(kept)/(1<<20))
		if kept > soakMemory {
			t.Errorf("%s: %d slots occupy %d MB", when, n, kept>>20)
		}
	}
	look(w, "running")
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	st, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("disk: %d bytes a slot, %d MB", st.Size()/n, st.Size()>>20)
	begin = time.Now()
	w.open()
	slot, root, _ := w.Head(pid)
	t.Logf("opened again: the tree after %v", time.Since(begin).Round(time.Millisecond))
	if slot != n || get(root, "cache", "n") != int(n) {
		t.Fatalf("slot %d, n = %v", slot, get(root, "cache", "n"))
	}
	look(w, "opened again")
}
