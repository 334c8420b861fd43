package engine

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"testing"

	"patchbay/engine/ao"
	"patchbay/patchdev"
)

// copied waits until a copy has computed a slot.
func copied(t *testing.T, w *world, pid, name string, slot int64) (ao.ProcessInfo, *ao.Slot) {
	t.Helper()
	info, err := w.Copy(t.Context(), pid, name, slot)
	if err != nil {
		t.Fatal(err)
	}
	s, err := w.Wait(t.Context(), info.ID, slot)
	if err != nil {
		t.Fatal(err)
	}
	return info, s
}

// A copy has the slots of the original under an id of its own, goes its own way
// from there, and tells nobody a second time what the original told.
func TestACopyGoesItsOwnWay(t *testing.T) {
	w := newWorld(t, filepath.Join(t.TempDir(), "j.db"))
	friend := w.spawn("friend", "")
	pid := w.spawn("p", "add n 1")
	for i := range 4 {
		w.do(pid, fmt.Sprintf("add n %d\nsend %s add got 1", i, friend))
	}
	w.settle(friend)
	told := w.Scheduled(friend)

	info, s := copied(t, w, pid, "twin", 3)
	if info.ID == pid || !ao.IsID(info.ID) || info.Name != "twin" || info.Slot != 3 {
		t.Errorf("%+v", info)
	}
	if was, err := w.Slot(t.Context(), pid, 3); err != nil || !patchdev.Equal(was.Root, s.Root) {
		t.Errorf("the copy shows %v, the original had %v (%v)", s.Root, was, err)
	}
	if s.Message.Target != info.ID || s.Message.From != "alice" {
		t.Errorf("slot 3 of the copy is %+v", s.Message)
	}
	w.settle(friend)
	if n := w.Scheduled(friend); n != told {
		t.Errorf("the copy delivered again: the friend has slot %d, had %d", n, told)
	}

	if s := w.do(info.ID, "add n 100\nsend "+friend+" add got 1"); s.Number != 4 || get(s.Root, "cache", "n") != 104 {
		t.Errorf("slot %d: %v", s.Number, s.Root)
	}
	w.settle(friend)
	if n := w.Scheduled(friend); n != told+1 {
		t.Errorf("what the copy sent later is not delivered: slot %d", n)
	}
	if _, root, _ := w.Head(pid); get(root, "cache", "n") != 7 {
		t.Errorf("the original was changed: %v", root)
	}

	again, _ := copied(t, w, pid, "twin", 3)
	if again.ID == info.ID {
		t.Error("two copies have one id")
	}
	w.reopen()
	if _, root, ok := w.Head(info.ID); !ok || get(root, "cache", "n") != 104 {
		t.Errorf("the copy is not there after reopening: %v", root)
	}
}

// Where a message has the process's own id, the copy's message has the copy's.
func TestACopyTalksToItself(t *testing.T) {
	w := newWorld(t, ":memory:", func(o *Options) { o.NewVM = realVM })
	source := `
Seen = Seen or {}
Handlers.add("self", "Self", function(msg)
  Send({ Target = ao.id, Action = "Echo", Luck = tostring(math.random(1000000)) })
end)
Handlers.add("echo", "Echo", function(msg)
  Seen[#Seen + 1] = { luck = msg.Tags.Luck, mine = msg.From == ao.id, tag = msg.Tags.Whom == ao.id }
  Send({ device = "patch@1.0", cache = { seen = Seen, id = ao.id, name = Name } })
end)`
	pid := w.spawn("p", source)
	for _, action := range []string{"Self", "Echo"} {
		r, err := w.Send(t.Context(), pid, ao.Message{From: "owner", Tags: []ao.Tag{{Name: "Action", Value: action}, {Name: "Whom", Value: pid}}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Wait(t.Context(), pid, r.Slot); err != nil {
			t.Fatal(err)
		}
	}
	w.settle(pid)
	head, root, _ := w.Head(pid)
	info, s := copied(t, w, pid, "twin", head)
	w.settle(info.ID)
	if n := w.Scheduled(info.ID); n != head {
		t.Errorf("the copy has %d slots, the original %d: it told itself twice", n, head)
	}
	seen := func(r *patchdev.Table) patchdev.Value {
		c, _ := r.Get("cache")
		v, _ := c.(*patchdev.Table).Get("seen")
		return v
	}
	if got, want := seen(s.Root), seen(root); want == nil || !patchdev.Equal(got, want) {
		t.Errorf("the copy saw %v, the original %v", got, want)
	}
	c, _ := s.Root.Get("cache")
	if id, _ := c.(*patchdev.Table).Get("id"); id != patchdev.String(info.ID) {
		t.Errorf("ao.id is %v in the copy %s", id, info.ID)
	}
}

func TestWhatCannotBeCopied(t *testing.T) {
	w := newWorld(t, ":memory:")
	pid := w.spawn("p", "")
	for _, slot := range []int64{-1, 1, 1 << 40} {
		if _, err := w.Copy(t.Context(), pid, "twin", slot); !errors.Is(err, ErrNoSlot) {
			t.Errorf("slot %d: %v", slot, err)
		}
	}
	if _, err := w.Copy(t.Context(), "nobody", "twin", 0); !errors.Is(err, ErrNoProcess) {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := w.Copy(ctx, pid, "twin", 0); err == nil {
		t.Error("copied although it was called off")
	}
	if n := len(w.Processes()); n != 1 {
		t.Errorf("%d processes are left", n)
	}
}

// A stopped slot stays stopped in the copy, where it would never end.
func TestStoppedSlotsAreCopied(t *testing.T) {
	w := newWorld(t, ":memory:")
	pid := w.spawn("p", "add n 1")
	if _, err := w.Send(t.Context(), pid, msg("loop")); err != nil {
		t.Fatal(err)
	}
	<-w.fakes.looping
	w.Stop(pid)
	w.do(pid, "add n 1")
	info, s := copied(t, w, pid, "twin", 2)
	if get(s.Root, "cache", "n") != 2 {
		t.Errorf("%v", s.Root)
	}
	if s, err := w.Slot(t.Context(), info.ID, 1); err != nil || s.Result.Limit != "stopped" {
		t.Errorf("%+v, %v", s, err)
	}
}

// A removed process comes back by its id, whatever else was done meanwhile.
func TestARemovedProcessIsBroughtBack(t *testing.T) {
	w := newWorld(t, filepath.Join(t.TempDir(), "j.db"))
	pid, other := w.spawn("p", "add n 1"), w.spawn("q", "")
	ctx := t.Context()
	if err := w.Remove(ctx, pid); err != nil {
		t.Fatal(err)
	}
	if err := w.Rename(ctx, other, "r"); err != nil { // a later operation
		t.Fatal(err)
	}
	w.reopen()
	if err := w.BringBack(ctx, pid); err != nil {
		t.Fatal(err)
	}
	if _, ok := w.ByName("p"); !ok {
		t.Error("it is not back")
	}
	if _, ok := w.ByName("r"); !ok {
		t.Error("the other process lost its name")
	}
	if s := w.do(pid, "add n 1"); get(s.Root, "cache", "n") != 2 {
		t.Errorf("%v", s.Root)
	}
	if err := w.BringBack(ctx, pid); err != nil {
		t.Error("bringing back what is there:", err)
	}
	if err := w.BringBack(ctx, "nobody"); !errors.Is(err, ErrNoProcess) {
		t.Error(err)
	}
}
