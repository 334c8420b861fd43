package engine

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"patchbay/engine/ao"
	"patchbay/patchdev"
)

// schedule draws the data of some messages.
func schedule(t *rapid.T) []string {
	command := rapid.OneOf(
		rapid.Custom(func(t *rapid.T) string {
			return fmt.Sprintf("add %s %d", rapid.SampledFrom([]string{"a", "b", "c", "d"}).Draw(t, "key"), rapid.IntRange(-3, 9).Draw(t, "n"))
		}),
		rapid.Custom(func(t *rapid.T) string {
			return fmt.Sprintf("set %s %s", rapid.SampledFrom([]string{"a", "x", "y"}).Draw(t, "key"), rapid.StringMatching(`[a-z]{0,300}`).Draw(t, "text"))
		}),
		rapid.SampledFrom([]string{"whole", "print p", "fail f", "patch z 1", "patch z 2", "factor 2", "send outside x", "set new\x00key v", "add é 1"}),
	)
	return rapid.SliceOfN(rapid.Map(rapid.SliceOfN(command, 1, 4), func(l []string) string { return strings.Join(l, "\n") }), 1, 40).Draw(t, "schedule")
}

// equalSlots compares what a slot must keep through journal and replay.
func equalSlots(a, b *ao.Slot) string {
	opt := cmp.Comparer(func(x, y *patchdev.Table) bool {
		return x == y || x != nil && y != nil && patchdev.Equal(x, y)
	})
	lists := cmp.Comparer(func(x, y *patchdev.List) bool {
		return x == y || x != nil && y != nil && patchdev.Equal(x, y)
	})
	x, y := *a, *b
	x.At, y.At = x.At.UTC(), y.At.UTC()
	return cmp.Diff(x, y, opt, lists)
}

// Whatever was sent: every slot, root, change list and path comes back from the
// journal as it was computed, with or without the window, and a replay agrees.
func TestHistoryComesBack(t *testing.T) {
	dir := t.TempDir()
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		n++
		w := newWorld(t, filepath.Join(dir, fmt.Sprint(n), "j.db"), func(o *Options) { o.Window = 1 })
		defer w.Close()
		pid := w.spawn("p", "factor 3")
		slots := []*ao.Slot{nil}
		for _, data := range schedule(rt) {
			slots = append(slots, w.do(pid, data))
		}
		w.reopen()
		ctx := t.Context()
		w.do(pid, "print after")
		for i := len(slots) - 1; i >= 1; i-- {
			s, err := w.Slot(ctx, pid, int64(i))
			if err != nil {
				rt.Fatal(err)
			}
			if d := equalSlots(slots[i], s); d != "" {
				rt.Fatalf("slot %d: %s", i, d)
			}
			r, err := w.Root(ctx, pid, int64(i))
			if err != nil || !patchdev.Equal(r, slots[i].Root) {
				rt.Fatalf("root %d: %v", i, err)
			}
		}
		list, err := w.Slots(ctx, pid, 1, 1_000)
		if err != nil || len(list) != len(slots) {
			rt.Fatalf("%d slots, %v", len(list), err)
		}
		for _, path := range [][]string{{"cache", "a"}, {"cache", "x"}, {"cache"}, {"cache", "new\x00key"}, {"cache", "é"}, {"none"}, {}} {
			got, err := w.PathHistory(ctx, pid, path, 0, 1_000)
			if err != nil {
				rt.Fatal(err)
			}
			var want []PathValue
			for _, s := range list {
				v := valueAt(s.Root, path)
				if len(want) == 0 {
					want = append(want, PathValue{0, valueAt(patchdev.EmptyTable(), path)})
				}
				if !patchdev.Equal(want[len(want)-1].Value, v) {
					want = append(want, PathValue{s.Number, v})
				}
			}
			if len(got) != len(want) {
				rt.Fatalf("path %q: %v, want %v", path, got, want)
			}
			for i := range got {
				if got[i].Slot != want[i].Slot || !patchdev.Equal(got[i].Value, want[i].Value) {
					rt.Fatalf("path %q: %v, want %v", path, got[i], want[i])
				}
			}
		}
		if r, err := w.Verify(ctx, pid); err != nil || r.First >= 0 {
			rt.Fatalf("%+v, %v", r, err)
		}

		// The same as a file, in another engine, gives the same roots.
		var file bytes.Buffer
		if err := w.Export(ctx, &file); err != nil {
			rt.Fatal(err)
		}
		other := newWorld(t, ":memory:")
		defer other.Close()
		if err := other.Import(ctx, bytes.NewReader(file.Bytes())); err != nil {
			rt.Fatal(err)
		}
		other.settle(pid)
		_, a, _ := w.Head(pid)
		_, b, _ := other.Head(pid)
		if !patchdev.Equal(a, b) {
			rt.Fatal("the imported process has another root")
		}
		var again bytes.Buffer
		if err := other.Export(ctx, &again); err != nil {
			rt.Fatal(err)
		}
		if d := cmp.Diff(file.String(), again.String()); d != "" {
			rt.Fatal(d)
		}
	})
}

// A schedule with its failing messages removed gives the same final root.
func TestFailedMessagesLeaveNothing(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		all := schedule(rt)
		run := func(list []string) *patchdev.Table {
			w := newWorld(t, ":memory:")
			defer w.Close()
			pid := w.spawn("p", "")
			for _, data := range list {
				w.do(pid, data)
			}
			_, root, _ := w.Head(pid)
			return root
		}
		var good []string
		for _, data := range all {
			if !strings.Contains(data, "fail") {
				good = append(good, data)
			}
		}
		if !patchdev.Equal(run(all), run(good)) {
			rt.Fatalf("%q", all)
		}
	})
}

func TestLongHistoriesSpill(t *testing.T) {
	w := newWorld(t, ":memory:", func(o *Options) { o.Window = 16 })
	pid := w.spawn("p", "")
	ctx := t.Context()
	const n = 3_000
	for range n {
		if _, err := w.Send(ctx, pid, msg("add n 1\nset last x")); err != nil {
			t.Fatal(err)
		}
	}
	w.settle(pid)
	w.written(pid)
	p, _ := w.process(pid)
	w.do(pid, "print more") // the window shrinks when something is added
	for range 50 {
		w.do(pid, "print more")
	}
	p.mu.Lock()
	kept := len(p.window.slots)
	p.mu.Unlock()
	if kept > 64 {
		t.Errorf("%d slots are in memory", kept)
	}
	for _, at := range []int64{1, 2, 999, 1000, 1001, 1500, 2999, n} {
		r, err := w.Root(ctx, pid, at)
		if err != nil || get(r, "cache", "n") != int(at) {
			t.Errorf("slot %d: %v, %v", at, get(r, "cache", "n"), err)
		}
	}
	h, err := w.PathHistory(ctx, pid, []string{"cache", "n"}, 0, n)
	if err != nil || len(h) != n+1 {
		t.Errorf("%d values, %v", len(h), err)
	}
	d, err := w.Diff(ctx, pid, 10, 20)
	if err != nil || len(d) != 1 || !patchdev.Equal(d[0].New, patchdev.Int(20)) {
		t.Errorf("%+v, %v", d, err)
	}
}

func TestProfilesFoldAgain(t *testing.T) {
	journals(t, func(t *testing.T, path string) {
		w := newWorld(t, path)
		ctx := t.Context()
		pid := w.spawn("p", "")
		for i := range 10 {
			w.do(pid, fmt.Sprintf("add Key 1\nset Last %d\nwhole", i))
		}
		_, before, _ := w.Head(pid)
		if get(before, "cache", "Key") != 10 {
			t.Fatal(get(before, "cache", "Key"))
		}
		folded := func() *patchdev.Table {
			p, _ := w.process(pid)
			want := w.view.Load().num
			if err := p.await(ctx, func() bool { return p.view.Load().num == want }); err != nil {
				t.Fatal(err)
			}
			_, root, _ := w.Head(pid)
			return root
		}
		if err := w.SetProfile(ctx, patchdev.Profile202505()); err != nil {
			t.Fatal(err)
		}
		if r := folded(); get(r, "cache", "key") != 10 || get(r, "cache", "Key") != nil {
			t.Errorf("2025-05 does not fold keys")
		}
		s, err := w.Slot(ctx, pid, 5)
		if err != nil || get(s.Root, "cache", "last") != "4" || len(s.Result.Outbox) != 3 || !patchdev.Equal(s.Result.Outbox[2].Fields, patchdev.NewTable("device", "patch@1.0", "cache", patchdev.NewTable("Key", 5, "Last", "4"))) {
			t.Errorf("%+v, %v", s, err)
		}
		if s := w.do(pid, "add Key 1"); get(s.Root, "cache", "key") != 11 {
			t.Error("after the change:", get(s.Root, "cache", "key"))
		}
		if path != ":memory:" {
			w.reopen() // with the profile current, for which slot 11 has no root
			if r := folded(); get(r, "cache", "Key") != 11 {
				t.Error("reopened with another profile:", get(r, "cache", "Key"))
			}
		}
		if err := w.SetProfile(ctx, patchdev.Current()); err != nil {
			t.Fatal(err)
		}
		if r := folded(); get(r, "cache", "Key") != 11 {
			t.Error("back:", get(r, "cache", "Key"))
		}
	})
}

func TestCoverageReplaysUpToASlot(t *testing.T) {
	w := newWorld(t, ":memory:")
	pid := w.spawn("p", "factor 2")
	w.do(pid, "factor 7")
	w.do(pid, "print a\nprint b")
	w.do(pid, "factor 9")
	lines, err := w.Coverage(t.Context(), pid, 2)
	if err != nil || len(lines) != 2 || lines[1] != 7 {
		t.Errorf("%v, %v", lines, err)
	}
}

func TestSettingsAndAccounts(t *testing.T) {
	w := newWorld(t, filepath.Join(t.TempDir(), "j.db"))
	ctx := t.Context()
	if err := w.SetSetting(ctx, "k", "v"); err != nil {
		t.Fatal(err)
	}
	alice, err := w.Account(ctx, "alice")
	if err != nil || alice != ao.Address("alice") {
		t.Error(alice, err)
	}
	if err := w.SetAccount(ctx, "bob", "B"); err != nil {
		t.Fatal(err)
	}
	w.reopen()
	if v, ok, err := w.Setting(ctx, "k"); v != "v" || !ok || err != nil {
		t.Error(v, ok, err)
	}
	if all, err := w.Accounts(ctx); err != nil || all["bob"] != "B" || all["alice"] != alice {
		t.Error(all, err)
	}
	copied := filepath.Join(t.TempDir(), "copy.db")
	if err := w.SaveCopy(ctx, copied); err != nil {
		t.Fatal(err)
	}
	if st, err := os.Stat(copied); err != nil || st.Size() == 0 {
		t.Error(err)
	}
}

// A scheduled message is the same whether it is asked for alone, when it may still be
// in memory, or with its neighbours, which come from the journal.
func TestScheduledMessageIsTheJournals(t *testing.T) {
	w := newWorld(t, filepath.Join(t.TempDir(), "j.db"))
	defer w.Close()
	pid := w.spawn("p", "factor 3")
	for i := range 5 {
		r, err := w.Send(t.Context(), pid, ao.Message{From: "alice", Data: patchdev.String("add a 1"), Tags: []ao.Tag{{Name: "N", Value: fmt.Sprint(i)}}, Source: ao.FromHTTP})
		if err != nil {
			t.Fatal(err)
		}
		for range 2 { // before, as a rule, and after it is computed
			alone, err := w.Schedule(t.Context(), pid, r.Slot, r.Slot)
			if err != nil {
				t.Fatal(err)
			}
			all, err := w.Schedule(t.Context(), pid, 0, r.Slot)
			if err != nil {
				t.Fatal(err)
			}
			if len(alone) != 1 || int64(len(all)) != r.Slot+1 {
				t.Fatal(len(alone), len(all))
			}
			if d := cmp.Diff(all[r.Slot], alone[0]); d != "" {
				t.Errorf("slot %d: %s", r.Slot, d)
			}
			if _, _, err := w.WaitScheduled(t.Context(), pid); err != nil {
				t.Fatal(err)
			}
		}
	}
}
