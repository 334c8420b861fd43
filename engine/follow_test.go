package engine

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"patchbay/engine/ao"
	"patchbay/patchdev"
)

// until waits for events until what is asked for holds.
func until(t *testing.T, s *Subscription, what string, ready func() bool) {
	t.Helper()
	for !ready() {
		select {
		case <-s.C():
			s.Drain()
		case <-t.Context().Done():
			t.Fatal(what)
		}
	}
}

// A second Patchbay on the same journal may only read, says so, and shows what the
// first one does: slots, new processes, names, branches.
func TestReadOnlySecondFollows(t *testing.T) {
	ctx := t.Context()
	w := newWorld(t, filepath.Join(t.TempDir(), "j.db"), func(o *Options) { o.Window = 16 })
	pid := w.spawn("p", "add n 1")
	w.do(pid, "add n 1")
	w.written(pid)
	second := newWorld(t, w.path, func(o *Options) { o.Window = 16 })
	if why, ro := second.ReadOnly(); !ro || !strings.Contains(why, "another Patchbay") {
		t.Fatalf("the second may write, or does not say why not: %q", why)
	}
	events := second.Subscribe(SubscribeOptions{})
	defer events.Close()
	same := func() bool {
		na, a, _ := w.Head(pid)
		nb, b, _ := second.Head(pid)
		return na == nb && patchdev.Equal(a, b) && w.Scheduled(pid) == second.Scheduled(pid)
	}

	// A few slots come one by one, with events; many at once without.
	for range 3 {
		w.do(pid, "add n 1")
	}
	if s, err := second.Wait(ctx, pid, 4); err != nil || get(s.Root, "cache", "n") != 5 {
		t.Fatal(s, err)
	}
	for range 100 {
		w.do(pid, "add n 1")
	}
	until(t, events, "100 slots", same)
	if s, err := second.Slot(ctx, pid, 50); err != nil || get(s.Root, "cache", "n") != 51 {
		t.Error(s, err)
	}
	if h, err := second.PathHistory(ctx, pid, []string{"cache", "n"}, 0, 1_000); err != nil || len(h) != 105 {
		t.Error(len(h), err)
	}
	if d, err := second.DryRun(ctx, pid, msg("add n 1")); err != nil || get(d.Root, "cache", "n") != 106 {
		t.Error(d, err)
	}
	// `now` does not wait for the next look.
	w.do(pid, "add n 1")
	w.written(pid)
	if n, root, err := second.WaitScheduled(ctx, pid); n != 105 || get(root, "cache", "n") != 106 || err != nil {
		t.Error(n, get(root, "cache", "n"), err)
	}

	other := w.spawn("new", "add m 1")
	until(t, events, "a new process", func() bool { n, _, ok := second.Head(other); return ok && n == 0 })
	if err := w.Rename(ctx, other, "newer"); err != nil {
		t.Fatal(err)
	}
	until(t, events, "another name", func() bool { _, ok := second.ByName("newer"); return ok })
	if err := w.Remove(ctx, other); err != nil {
		t.Fatal(err)
	}
	until(t, events, "a process less", func() bool { return len(second.Processes()) == 1 })
	if _, err := w.Undo(ctx); err != nil {
		t.Fatal(err)
	}
	until(t, events, "the process again", func() bool { return len(second.Processes()) == 2 })

	if _, err := w.Fork(ctx, pid, 2, "what if"); err != nil {
		t.Fatal(err)
	}
	w.do(pid, "add n 40")
	until(t, events, "the branch", func() bool {
		i, _ := second.Process(pid)
		return i.Branch == "what if" && same()
	})
	if d, err := second.DryRun(ctx, pid, msg("add n 1")); err != nil || get(d.Root, "cache", "n") != 44 {
		t.Error(d, err)
	}
	if err := w.SetProfile(ctx, patchdev.Profile202505()); err != nil {
		t.Fatal(err)
	}
	w.do(pid, "add Key 1")
	until(t, events, "slots of another profile", same)
	if r, err := second.Verify(ctx, pid); err != nil || r.First >= 0 {
		t.Errorf("%+v, %v", r, err)
	}
	if _, yes := second.Divergence(pid); yes {
		t.Error("the second finds a difference")
	}
}

// When the file goes away under the one that follows, it says so once and goes on
// showing what it has.
func TestFollowingAFileThatGoesAway(t *testing.T) {
	w := newWorld(t, filepath.Join(t.TempDir(), "j.db"))
	pid := w.spawn("p", "add n 1")
	w.written(pid)
	second := newWorld(t, w.path)
	events := second.Subscribe(SubscribeOptions{})
	defer events.Close()
	if err := os.Remove(w.path); err != nil {
		t.Fatal(err)
	}
	told := 0
	for range 3 {
		second.follow.look(t.Context())
	}
	for _, e := range events.Drain() {
		if e.Kind == ao.Fault && strings.Contains(e.Text, "deleted") {
			told++
		}
	}
	if told != 1 {
		t.Errorf("told %d times", told)
	}
	if _, root, _ := second.Head(pid); get(root, "cache", "n") != 1 {
		t.Error("reads ended")
	}
}
