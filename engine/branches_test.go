package engine

import (
	"bytes"
	"context"
	"errors"
	"path/filepath"
	"testing"
)

func TestShadowAndReplay(t *testing.T) {
	journals(t, func(t *testing.T, path string) {
		w := newWorld(t, path)
		ctx := t.Context()
		other := w.spawn("other", "")
		pid := w.spawn("p", "factor 1")
		w.do(pid, "add a 1")
		w.do(pid, "print same")
		w.do(pid, "add a 2\nset b x\nsend "+other+" add got 1")
		if r, err := w.Run(ctx, pid, "factor 5"); err != nil {
			t.Fatal(err)
		} else if s, err := w.Wait(ctx, pid, r.Slot); err != nil || s.Message.From != "owner" {
			t.Fatal(s, err)
		}
		w.do(pid, "fail no")
		last := w.do(pid, "add a 1") // 3 + 5
		if get(last.Root, "cache", "a") != 8 {
			t.Fatal(get(last.Root, "cache", "a"))
		}
		w.settle(other)

		c, err := w.Shadow(ctx, pid, "factor 1")
		if err != nil || c.Results != 2 || c.First != 4 || len(c.Keys) != 1 || c.Slots != 7 {
			t.Errorf("%v, %v", c, err) // the reload is skipped, so slots 4 and 6 differ
		}
		c, err = w.Shadow(ctx, pid, "factor 10")
		if err != nil || c.First != 1 || len(c.Differences) != int(c.Results) || c.Differences[0].Old == nil {
			t.Errorf("%v, %v", c, err)
		}
		if got := c.String(); got != "4 of 7 results differ, first at 1; 1 key of the final state differs" {
			t.Error(got)
		}
		if _, root, _ := w.Head(pid); root != last.Root {
			t.Error("the shadow changed the process")
		}

		if _, err := w.Replay(ctx, pid, "factor 10"); err != nil {
			t.Fatal(err)
		}
		n, root, _ := w.Head(pid)
		if n != 6 || get(root, "cache", "a") != 40 {
			t.Errorf("after Replay: slot %d, a = %v", n, get(root, "cache", "a"))
		}
		if w.Scheduled(other) != 1 {
			t.Errorf("the replay delivered: %d", w.Scheduled(other))
		}
		s := w.do(pid, "add a 1")
		if s.Number != 7 || get(s.Root, "cache", "a") != 50 {
			t.Errorf("after Replay: %d, %v", s.Number, get(s.Root, "cache", "a"))
		}
		if s, err := w.Slot(ctx, pid, 4); err != nil || s.Result.Failed() || s.Changes != nil {
			t.Errorf("the reload did something: %+v, %v", s, err)
		}
		scripts, err := w.Scripts(ctx, pid)
		if err != nil || len(scripts) != 2 || scripts[0].Source != "factor 10" || scripts[0].Skipped || scripts[1].Slot != 4 || !scripts[1].Skipped {
			t.Errorf("%+v, %v", scripts, err)
		}
		branches, err := w.Branches(ctx, pid)
		if err != nil || len(branches) != 2 || branches[0].Active || branches[0].Slot != 6 || !branches[1].Active || branches[1].Slot != 7 {
			t.Errorf("%+v, %v", branches, err)
		}
		if err := w.Checkout(ctx, pid, "main"); err != nil {
			t.Fatal(err)
		}
		if s := w.do(pid, "add a 1"); s.Number != 7 || get(s.Root, "cache", "a") != 13 {
			t.Errorf("on main: %d, %v", s.Number, get(s.Root, "cache", "a"))
		}
		if path == ":memory:" {
			return
		}
		if err := w.Checkout(ctx, pid, "replay"); err != nil {
			t.Fatal(err)
		}
		w.reopen()
		if s := w.do(pid, "add a 1"); s.Number != 8 || get(s.Root, "cache", "a") != 60 {
			t.Errorf("replay, reopened: %d, %v", s.Number, get(s.Root, "cache", "a"))
		}
		if r, err := w.Verify(ctx, pid); err != nil || r.First >= 0 {
			t.Errorf("%+v, %v", r, err)
		}
		w.settle(other)
	})
}

func TestShadowCanBeBrokenOff(t *testing.T) {
	w := newWorld(t, ":memory:")
	pid := w.spawn("p", "factor 1")
	w.do(pid, "add a 1")
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() {
		_, err := w.Shadow(ctx, pid, "loop")
		ended <- err
	}()
	<-w.fakes.looping
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	// Replay as well, and it leaves no branch.
	ctx, cancel = context.WithCancel(t.Context())
	go func() {
		_, err := w.Replay(ctx, pid, "loop")
		ended <- err
	}()
	<-w.fakes.looping
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if b, err := w.Branches(t.Context(), pid); len(b) != 1 || err != nil {
		t.Errorf("%+v, %v", b, err)
	}
	if s := w.do(pid, "add a 1"); get(s.Root, "cache", "a") != 2 {
		t.Errorf("%v", get(s.Root, "cache", "a"))
	}
	if w.fakes.open.Load() != 1 {
		t.Errorf("%d VMs are open", w.fakes.open.Load())
	}
}

// What is sent while a replay runs comes to the branch that the replay makes, in
// the slot that was acknowledged, and is delivered once.
func TestSentDuringAReplay(t *testing.T) {
	w := newWorld(t, filepath.Join(t.TempDir(), "j.db"))
	ctx := t.Context()
	other := w.spawn("other", "")
	pid := w.spawn("p", "factor 1")
	w.do(pid, "add a 1")
	ended := make(chan error)
	go func() {
		_, err := w.Replay(ctx, pid, "factor 2\npause")
		ended <- err
	}()
	<-w.fakes.looping
	r, err := w.Send(ctx, pid, msg("add a 1\nsend "+other+" add got 1"))
	if err != nil || r.Slot != 2 {
		t.Fatal(r, err)
	}
	w.fakes.goOn <- struct{}{}
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	s, err := w.Wait(ctx, pid, 2)
	if err != nil || s.Message.ID != r.ID || get(s.Root, "cache", "a") != 4 {
		t.Errorf("%+v, %v", s, err)
	}
	if err := w.Checkout(ctx, pid, "main"); err != nil {
		t.Fatal(err)
	}
	s, err = w.Wait(ctx, pid, 2)
	if err != nil || get(s.Root, "cache", "a") != 2 {
		t.Errorf("%+v, %v", s, err)
	}
	if got := w.waitIdle(other); got.Number != 1 {
		t.Errorf("delivered %d times", got.Number)
	}
	close(w.fakes.goOn) // reopening runs the script again
	w.reopen()
	if err := w.Checkout(ctx, pid, "replay"); err != nil {
		t.Fatal(err)
	}
	if s := w.do(pid, "add a 1"); s.Number != 3 || get(s.Root, "cache", "a") != 6 {
		t.Errorf("%d, %v", s.Number, get(s.Root, "cache", "a"))
	}
}

// A slot that was stopped stays so in another engine, where it would never end.
func TestStoppedSlotsAreExported(t *testing.T) {
	w := newWorld(t, ":memory:")
	pid := w.spawn("p", "add n 1")
	if _, err := w.Send(t.Context(), pid, msg("loop")); err != nil {
		t.Fatal(err)
	}
	<-w.fakes.looping
	w.Stop(pid)
	w.do(pid, "add n 1")
	w.written(pid)
	var file bytes.Buffer
	if err := w.Export(t.Context(), &file); err != nil {
		t.Fatal(err)
	}
	other := newWorld(t, ":memory:")
	if err := other.Import(t.Context(), &file); err != nil {
		t.Fatal(err)
	}
	s, err := other.Wait(t.Context(), pid, 2)
	if err != nil || get(s.Root, "cache", "n") != 2 {
		t.Errorf("%+v, %v", s, err)
	}
	if s, err := other.Slot(t.Context(), pid, 1); err != nil || s.Result.Limit != "stopped" {
		t.Errorf("%+v, %v", s, err)
	}
}

func TestBranchesAndUndo(t *testing.T) {
	journals(t, func(t *testing.T, path string) {
		w := newWorld(t, path)
		ctx := t.Context()
		pid := w.spawn("p", "factor 1")
		for range 5 {
			w.do(pid, "add a 1")
		}
		a := func() any {
			_, root, _ := w.Head(pid)
			return get(root, "cache", "a")
		}
		if _, err := w.Fork(ctx, pid, 9, ""); !errors.Is(err, ErrNoSlot) {
			t.Error(err)
		}
		b, err := w.Fork(ctx, pid, 3, "what if")
		if err != nil || b.Fork != 3 || b.Parent != "main" || !b.Active || a() != 3 {
			t.Fatalf("%+v, %v, a = %v", b, err, a())
		}
		if _, err := w.Fork(ctx, pid, 1, "what if"); !errors.Is(err, ErrNameTaken) {
			t.Error(err)
		}
		if s := w.do(pid, "add a 100"); s.Number != 4 || a() != 103 {
			t.Errorf("%d, %v", s.Number, a())
		}
		snap, err := w.Snapshot(ctx, "here")
		if err != nil || snap.Slots[pid] != 4 {
			t.Fatal(snap, err)
		}
		w.do(pid, "add a 1000")
		if err := w.Reset(ctx, pid); err != nil || a() != nil || w.Scheduled(pid) != 0 {
			t.Errorf("%v, %v, %d", err, a(), w.Scheduled(pid))
		}
		w.do(pid, "add a 7")
		if err := w.Restore(ctx, "here"); err != nil || a() != 103 {
			t.Errorf("%v, %v", err, a())
		}
		if s := w.do(pid, "add a 1"); s.Number != 5 || a() != 104 {
			t.Errorf("%d, %v", s.Number, a())
		}
		if _, err := w.Snapshot(ctx, "here"); !errors.Is(err, ErrNameTaken) {
			t.Error(err)
		}
		for _, u := range []struct {
			text string
			a    any
		}{
			{"Restoring of snapshot here", 7},
			{"Reset of p to slot 0", 1103},
			{"Fork of p at slot 3", 5},
		} {
			text, err := w.Undo(ctx)
			if err != nil || text != u.text || a() != u.a {
				t.Errorf("undo: %q, %v, a = %v; want %+v", text, err, a(), u)
			}
		}
		if _, err := w.Undo(ctx); !errors.Is(err, ErrNothingToUndo) {
			t.Error(err)
		}
		if s := w.do(pid, "add a 1"); s.Number != 6 || a() != 6 {
			t.Errorf("%d, %v", s.Number, a())
		}
		if err := w.Rename(ctx, pid, "q"); err != nil {
			t.Fatal(err)
		}
		if _, ok := w.ByName("q"); !ok {
			t.Error("not renamed")
		}
		if err := w.Remove(ctx, pid); err != nil || len(w.Processes()) != 0 {
			t.Error(err, w.Processes())
		}
		if _, err := w.Send(ctx, pid, msg("")); !errors.Is(err, ErrNoProcess) {
			t.Error(err)
		}
		for range 2 {
			if _, err := w.Undo(ctx); err != nil {
				t.Fatal(err)
			}
		}
		if i, ok := w.ByName("p"); !ok || i.ID != pid {
			t.Error("not undone")
		}
		if s := w.do(pid, "add a 1"); a() != 7 {
			t.Errorf("%d, %v", s.Number, a())
		}
	})
}
