package engine

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"patchbay/engine/ao"
	"patchbay/engine/journal"
	"patchbay/patchdev"
)

func TestMain(m *testing.M) {
	if runHelper() {
		return
	}
	goleak.VerifyTestMain(m)
}

// world is an engine with fake VMs and a clock of its own.
type world struct {
	*Engine
	t     testing.TB
	fakes *fakes
	path  string
	now   *time.Time
	o     Options
}

func newWorld(t testing.TB, path string, change ...func(*Options)) *world {
	now := time.UnixMilli(1_700_000_000_000)
	w := &world{t: t, fakes: newFakes(), path: path, now: &now}
	var mu sync.Mutex
	w.o = Options{Journal: path, NewVM: w.fakes.newVM, Clock: func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		now = now.Add(time.Millisecond)
		return now
	}}
	for _, c := range change {
		c(&w.o)
	}
	w.open()
	t.Cleanup(func() { w.Close() })
	return w
}

func (w *world) open() {
	w.t.Helper()
	e, err := Open(context.Background(), w.o)
	if err != nil {
		w.t.Fatal(err)
	}
	w.Engine = e
}

func (w *world) reopen() {
	w.t.Helper()
	if err := w.Close(); err != nil {
		w.t.Fatal(err)
	}
	w.open()
}

func (w *world) spawn(name, source string) string {
	w.t.Helper()
	i, err := w.Spawn(context.Background(), SpawnRequest{Name: name, Source: source, Owner: "owner"})
	if err != nil {
		w.t.Fatal(err)
	}
	return i.ID
}

func msg(data string) ao.Message {
	return ao.Message{From: "alice", Tags: []ao.Tag{{Name: "Action", Value: "Do"}}, Data: patchdev.String(data)}
}

// do sends a message and waits for its slot.
func (w *world) do(pid, data string) *ao.Slot {
	w.t.Helper()
	r, err := w.Send(context.Background(), pid, msg(data))
	if err != nil {
		w.t.Fatal(err)
	}
	s, err := w.Wait(context.Background(), pid, r.Slot)
	if err != nil {
		w.t.Fatal(err)
	}
	return s
}

func (w *world) settle(pid string) {
	w.t.Helper()
	if _, _, err := w.WaitScheduled(context.Background(), pid); err != nil {
		w.t.Fatal(err)
	}
}

// written waits until everything that is computed is in the journal.
func (w *world) written(pid string) {
	w.t.Helper()
	p, err := w.process(pid)
	if err == nil {
		err = p.await(context.Background(), func() bool { return len(p.unsaved) == 0 })
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

func get(root *patchdev.Table, path ...string) any {
	switch v := valueAt(root, path).(type) {
	case patchdev.String:
		return string(v)
	case patchdev.Int:
		return int(v)
	case nil:
		return nil
	default:
		return v
	}
}

func journals(t *testing.T, f func(t *testing.T, path string)) {
	t.Run("memory", func(t *testing.T) { f(t, ":memory:") })
	t.Run("file", func(t *testing.T) { f(t, filepath.Join(t.TempDir(), ".patchbay", "journal.db")) })
}

func TestAMessagesLife(t *testing.T) {
	journals(t, func(t *testing.T, path string) {
		w := newWorld(t, path)
		pid := w.spawn("token", "factor 2\nadd total 5")
		if !ao.IsID(pid) {
			t.Errorf("process id %q", pid)
		}
		info, ok := w.ByName("token")
		if !ok || info.ID != pid || info.Slot != 0 || info.Computed != 0 || info.Branch != "main" || info.Owner != "owner" {
			t.Errorf("%+v", info)
		}
		s := w.do(pid, "add total 1\nprint hello")
		if s.Number != 1 || s.Result.Text != "hello\n" || get(s.Root, "cache", "total") != 12 || len(s.Changes) != 1 {
			t.Errorf("slot 1: %+v", s)
		}
		if s.Message.Timestamp == 0 || s.Message.BlockHeight == 0 || s.Message.Target != pid || s.Message.Owner != "alice" || !ao.IsID(s.Message.ID) {
			t.Errorf("not filled in: %+v", s.Message)
		}
		f := w.do(pid, "add total 1\nfail no")
		if f.Result.Error != "no" || f.Root != s.Root || len(f.Changes) != 0 {
			t.Errorf("a failed slot: %+v", f)
		}
		n, root, ok := w.Head(pid)
		if n != 2 || !ok || get(root, "cache", "total") != 12 {
			t.Errorf("head %d, %v", n, get(root, "cache", "total"))
		}
		d, err := w.DryRun(t.Context(), pid, msg("add total 4"))
		if err != nil || get(d.Root, "cache", "total") != 20 || d.Number != 3 {
			t.Errorf("dry run: %+v, %v", d, err)
		}
		if s := w.do(pid, "add total 0"); get(s.Root, "cache", "total") != 12 {
			t.Errorf("the dry run left something: %v", get(s.Root, "cache", "total"))
		}
	})
}

func TestUnknownPlaces(t *testing.T) {
	w := newWorld(t, ":memory:")
	pid := w.spawn("a", "")
	ctx := t.Context()
	if _, err := w.Send(ctx, "nobody", msg("")); !errors.Is(err, ErrNoProcess) {
		t.Error(err)
	}
	if _, err := w.Send(ctx, pid, ao.Message{}); !errors.Is(err, ErrBadMessage) {
		t.Error(err)
	}
	if _, err := w.Slot(ctx, pid, 7); !errors.Is(err, ErrNoSlot) {
		t.Error(err)
	}
	if _, err := w.Root(ctx, pid, 7); !errors.Is(err, ErrNoSlot) {
		t.Error(err)
	}
	if _, err := w.Wait(ctx, pid, -3); !errors.Is(err, ErrNoSlot) {
		t.Error(err)
	}
	m := msg("")
	m.ID = "given"
	r, err := w.Send(ctx, pid, m)
	if err != nil || r.ID != "given" {
		t.Error(r, err)
	}
	if again, err := w.Send(ctx, pid, m); !errors.Is(err, ErrDuplicate) || again != r {
		t.Error(again, err)
	}
	short, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := w.Wait(short, pid, 99); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if err := w.Close(); err != nil {
		t.Error(err)
	}
	if _, err := w.Send(ctx, pid, msg("")); !errors.Is(err, ErrClosed) {
		t.Error(err)
	}
	if w.fakes.open.Load() != 0 {
		t.Errorf("%d VMs are left", w.fakes.open.Load())
	}
}

func TestRouting(t *testing.T) {
	journals(t, func(t *testing.T, path string) {
		w := newWorld(t, path, func(o *Options) {
			o.Modules = func(name string) (Module, bool) {
				return Module{Script: "child.lua", Source: "set born yes"}, name == "child"
			}
		})
		a := w.spawn("a", "")
		b := w.spawn("b", "")
		outside := ao.ID("elsewhere")
		s := w.do(a, "add x 1\nsend "+b+" add y 2\ntag N 7\nsend "+outside+" hello\nsend "+b+" add y 3")
		if len(s.Delivered) != 4 {
			t.Fatalf("%+v", s.Delivered)
		}
		want := []struct {
			note    string
			process string
			slot    int64
		}{{"patch", "", -1}, {"", b, 1}, {"outside", "", -1}, {"", b, 2}}
		for i, x := range want {
			if d := s.Delivered[i]; d.Note != x.note || d.Process != x.process || d.Slot != x.slot {
				t.Errorf("delivery %d: %+v", i, d)
			}
		}
		got, err := w.Wait(t.Context(), b, 2)
		if err != nil || get(got.Root, "cache", "y") != 5 {
			t.Fatalf("%+v, %v", got, err)
		}
		m := got.Message
		if m.From != a || m.Owner != NodeAddress() || m.Depth != 1 || m.Root != s.Message.ID || m.ID != s.Result.Messages[3].ID {
			t.Errorf("%+v", m)
		}
		for name, value := range map[string]string{"From-Process": a, "Pushed-For": s.Message.ID, "Reference": "3", "Type": "Message", "Data-Protocol": "ao", "From-Module": LocalModule()} {
			if v, _ := ao.TagValue(m.Tags, name); v != value {
				t.Errorf("tag %s is %q, not %q", name, v, value)
			}
		}

		s = w.do(a, "spawn child -\nspawn - set own yes\nspawn other ignored")
		for i, child := range s.Delivered[:2] {
			if child.Process == "" || child.Slot != 0 {
				t.Fatalf("%+v", child)
			}
			c, err := w.Wait(t.Context(), child.Process, 0)
			if err != nil || get(c.Root, "cache", []string{"born", "own"}[i]) != "yes" {
				t.Errorf("child %d: %+v, %v", i, c, err)
			}
		}
		back, err := w.Wait(t.Context(), a, s.Number+1)
		if err != nil || back.Message.Action() != "Spawned" || back.Message.From != a {
			t.Fatalf("%+v, %v", back, err)
		}
		if v, _ := ao.TagValue(back.Message.Tags, "Process"); v != s.Delivered[0].Process {
			t.Error("Spawned names", v)
		}
		if v, _ := ao.TagValue(back.Message.Tags, "Reference"); v == "" {
			t.Error("Spawned has no Reference")
		}
		w.settle(a)

		s = w.do(a, "assign "+b+" "+m.ID+"\nassign "+a+" "+m.ID+"\nassign "+b+" nothing")
		notes := []string{"assignment; scheduled there already", "assignment", "not assigned: no message has this id here"}
		for i, n := range notes {
			if d := s.Delivered[i]; d.Note != n {
				t.Errorf("assignment %d: %+v", i, d)
			}
		}
	})
}

func TestStormsAreBounded(t *testing.T) {
	w := newWorld(t, ":memory:", func(o *Options) { o.MaxDepth, o.MaxDeliveries = 10, 25 })
	a := w.spawn("a", "")
	sub := w.Subscribe(SubscribeOptions{Process: a})
	defer sub.Close()
	// Depth: each message sends one that sends the next.
	deep := "print end"
	for range 12 {
		deep = "send " + a + " " + strings.ReplaceAll(deep, "\n", "|")
	}
	w.do(a, deep)
	last := w.waitIdle(a)
	if last.Message.Depth != 10 || len(last.Delivered) != 1 || !strings.Contains(last.Delivered[0].Note, "depth limit") {
		t.Errorf("depth %d, %+v", last.Message.Depth, last.Delivered)
	}
	// Count: one message sends 30.
	s := w.do(a, strings.Repeat("send "+a+" print x\n", 30))
	told := 0
	for _, d := range s.Delivered {
		if strings.Contains(d.Note, "count limit") {
			told++
		}
	}
	if told != 5 {
		t.Errorf("%d messages over the limit of 25, want 5", told)
	}
	w.waitIdle(a)
	var storms []string
	for len(storms) < 2 {
		select {
		case <-sub.C():
		case <-t.Context().Done():
			t.Fatal(storms)
		}
		for _, e := range sub.Drain() {
			if e.Kind == ao.StormEnded {
				storms = append(storms, e.Text)
			}
		}
	}
	if !strings.Contains(storms[0], "1 not delivered: depth limit (10") || !strings.Contains(storms[1], "5 not delivered: count limit (25") {
		t.Error(storms)
	}
}

// waitIdle waits until nothing is scheduled any more and returns the last slot.
func (w *world) waitIdle(pid string) *ao.Slot {
	w.t.Helper()
	for {
		n := w.Scheduled(pid)
		s, err := w.Wait(context.Background(), pid, n)
		if err != nil {
			w.t.Fatal(err)
		}
		// What the slot sent to its own process is scheduled once it is written.
		if err := w.j.DoQuick(context.Background(), func(*journal.Tx) error { return nil }); err != nil {
			w.t.Fatal(err)
		}
		if w.Scheduled(pid) == n {
			return s
		}
	}
}

func TestStopAndBreakdowns(t *testing.T) {
	journals(t, func(t *testing.T, path string) {
		w := newWorld(t, path)
		pid := w.spawn("a", "add n 1")
		if w.Stop(pid) {
			t.Error("nothing was running, but it was stopped")
		}
		r, err := w.Send(t.Context(), pid, msg("add n 10\nloop"))
		if err != nil {
			t.Fatal(err)
		}
		<-w.fakes.looping
		if !w.Stop(pid) {
			t.Error("not stopped")
		}
		s, err := w.Wait(t.Context(), pid, r.Slot)
		if err != nil || s.Result.Limit != "stopped" || !s.Result.Failed() {
			t.Fatalf("%+v, %v", s, err)
		}
		for _, how := range []string{"throw", "panic"} {
			if s := w.do(pid, "add n 100\n"+how); s.Result.Limit != "broken" || s.Result.Error == "" {
				t.Errorf("%s: %+v", how, s.Result)
			}
		}
		if s := w.do(pid, "add n 1"); get(s.Root, "cache", "n") != 2 {
			t.Errorf("after a breakdown n is %v", get(s.Root, "cache", "n"))
		}
		if path == ":memory:" {
			return
		}
		w.reopen()
		if s := w.do(pid, "add n 1"); get(s.Root, "cache", "n") != 3 {
			t.Errorf("after reopening n is %v", get(s.Root, "cache", "n"))
		}
		if d, yes := w.Divergence(pid); yes {
			t.Errorf("%+v", d)
		}
		// A loop that the closing breaks off is computed again.
		if _, err := w.Send(t.Context(), pid, msg("add n 5\nloop")); err != nil {
			t.Fatal(err)
		}
		<-w.fakes.looping
		w.reopen()
		<-w.fakes.looping
		w.Stop(pid)
		w.settle(pid)
	})
}

func TestReopeningAnswersAtOnce(t *testing.T) {
	w := newWorld(t, filepath.Join(t.TempDir(), "j.db"))
	pid := w.spawn("a", "factor 3")
	other := w.spawn("b", "")
	for i := range 20 {
		w.do(pid, fmt.Sprintf("add n 1\nset last %d\nsend %s add m 1", i, other))
	}
	w.settle(other)
	want := w.do(pid, "add n 1")
	w.reopen()
	n, root, ok := w.Head(pid)
	if !ok || n != 21 || !patchdev.Equal(root, want.Root) {
		t.Errorf("head %d of %d", n, 21)
	}
	s, err := w.Slot(t.Context(), pid, 20)
	if err != nil || get(s.Root, "cache", "last") != "19" || len(s.Result.Messages) != 3 || s.Delivered[2].Process != other || s.Delivered[2].Slot != 20 {
		t.Errorf("%+v, %v", s, err)
	}
	if next := w.do(pid, "add n 1"); get(next.Root, "cache", "n") != 66 {
		t.Errorf("the state was not rebuilt: %v", get(next.Root, "cache", "n"))
	}
	if w.Scheduled(other) != 20 {
		t.Errorf("the replay delivered again: %d", w.Scheduled(other))
	}
	for _, p := range []string{pid, other} {
		if r, err := w.Verify(t.Context(), p); err != nil || r.First != -1 || r.Slots == 0 {
			t.Errorf("%+v, %v", r, err)
		}
	}
}

func TestADifferentReplayIsReported(t *testing.T) {
	w := newWorld(t, filepath.Join(t.TempDir(), "j.db"))
	pid := w.spawn("a", "")
	w.do(pid, "add n 1")
	w.do(pid, "random")
	w.do(pid, "add n 1")
	w.reopen()
	w.do(pid, "add n 1") // waits for the replay
	d, yes := w.Divergence(pid)
	if !yes || d.First != 2 || d.Difference.Old.Result.Text == d.Difference.New.Result.Text {
		t.Errorf("%+v", d)
	}
	if r, err := w.Verify(t.Context(), pid); err != nil || r.First != 2 {
		t.Errorf("%+v, %v", r, err)
	}
	late := w.Subscribe(SubscribeOptions{})
	defer late.Close()
	if told := late.Drain(); len(told) != 1 || told[0].Kind != ao.Fault || told[0].Slot != 2 {
		t.Errorf("who subscribes after the replay is told %+v", told)
	}
}

func TestSubscribersNeverBlock(t *testing.T) {
	w := newWorld(t, ":memory:")
	s := w.Subscribe(SubscribeOptions{Buffer: 8})
	defer s.Close()
	pid := w.spawn("a", "")
	for range 50 {
		w.do(pid, "add n 1")
	}
	<-s.C()
	events := s.Drain()
	if len(events) != 9 || events[0].Kind != ao.Lost {
		t.Errorf("%d events, first %+v", len(events), events[0])
	}
	w.do(pid, "add n 1")
	for kinds := map[ao.EventKind]bool{}; !kinds[ao.SlotScheduled] || !kinds[ao.SlotComputed]; {
		<-s.C()
		for _, e := range s.Drain() {
			kinds[e.Kind] = true
		}
	}
	s.Close()
	w.do(pid, "add n 1")
	for _, e := range s.Drain() { // at most what was on its way
		if e.Kind == ao.SlotScheduled {
			t.Errorf("an event after Close: %+v", e)
		}
	}
}

func TestCron(t *testing.T) {
	ticks := make(chan time.Time)
	w := newWorld(t, filepath.Join(t.TempDir(), "j.db"), func(o *Options) { o.Ticks = ticks })
	i, err := w.Spawn(t.Context(), SpawnRequest{Owner: "owner", Tags: []ao.Tag{
		{Name: "Cron-Interval", Value: "5-minutes"},
		{Name: "Cron-Tag-Action", Value: "Cron"},
		{Name: "Cron-Interval", Value: "10-blocks"},
		{Name: "Cron-Interval", Value: "often"},
	}})
	if err != nil {
		t.Fatal(err)
	}
	at := time.UnixMilli(1_700_000_000_000)
	for _, c := range []struct {
		after time.Duration
		want  int
	}{{0, 0}, {4 * time.Minute, 0}, {5 * time.Minute, 1}, {6 * time.Minute, 0}, {10 * time.Minute, 1}, {20 * time.Minute, 2}, {19 * time.Minute, 0}, {26 * time.Minute, 1}} {
		if n, err := w.Tick(t.Context(), at.Add(c.after)); n != c.want || err != nil {
			t.Errorf("after %v: %d, %v; want %d", c.after, n, err, c.want)
		}
	}
	list, err := w.Schedule(t.Context(), i.ID, 1, 1)
	if err != nil || len(list) != 1 || !list[0].Cron || list[0].From != "owner" || list[0].Action() != "Cron" || len(list[0].Fields) != 7 {
		t.Errorf("%+v, %v", list, err)
	}
	if _, err := w.CronTick(t.Context(), i.ID); err == nil || !strings.Contains(err.Error(), `"often"`) {
		t.Errorf("a bad interval: %v", err)
	}
	before := w.Scheduled(i.ID)
	ticks <- at.Add(time.Hour)
	ticks <- at.Add(time.Hour) // the first is done when the second is taken
	if n := w.Scheduled(i.ID) - before; n != 2 {
		t.Errorf("the clock brought %d messages", n)
	}
}

func TestClockGoingBackwards(t *testing.T) {
	now := time.UnixMilli(1_700_000_000_000)
	var mu sync.Mutex
	w := newWorld(t, ":memory:", func(o *Options) {
		o.Clock = func() time.Time {
			mu.Lock()
			defer mu.Unlock()
			now = now.Add(-time.Minute)
			return now
		}
	})
	pid := w.spawn("a", "")
	last := int64(0)
	for range 5 {
		s := w.do(pid, "add n 1")
		if s.Message.Timestamp < last {
			t.Errorf("time went from %d back to %d", last, s.Message.Timestamp)
		}
		last = s.Message.Timestamp
	}
}
