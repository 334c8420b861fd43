package engine

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"patchbay/engine/ao"
	"patchbay/engine/journal"
	"patchbay/patchdev"
)

// killRounds is how often the helper is killed; PATCHBAY_KILL_ROUNDS changes it.
const killRounds = 4

// helperEnv names the journal that the test binary, run as a helper, sends to
// until it is killed.
const (
	helperEnv  = "PATCHBAY_TEST_HELPER"
	helperSend = 8
)

// runHelper runs this test binary as the helper when it is asked to: it opens a
// journal and lets 8 senders send without end, telling every message that was
// acknowledged.
func runHelper() bool {
	what := strings.Split(os.Getenv(helperEnv), "|")
	if len(what) != 3 {
		return false
	}
	path, round, switches := what[0], what[1], what[2] == "switches"
	fakes := newFakes()
	ctx := context.Background()
	e, err := Open(ctx, Options{Journal: path, NewVM: fakes.newVM, Window: 64})
	if err != nil {
		fmt.Println("error", err)
		return true
	}
	pids := make([]string, 2)
	for i, name := range []string{"b", "a"} {
		info, ok := e.ByName(name)
		if !ok {
			if info, err = e.Spawn(ctx, SpawnRequest{Name: name, Owner: "owner"}); err != nil {
				fmt.Println("error", err)
				return true
			}
		}
		pids[i] = info.ID
	}
	var out sync.Mutex
	var senders sync.WaitGroup
	if switches {
		senders.Go(func() { switchBranches(e, pids[1], round, &out) })
	}
	for s := range helperSend {
		senders.Go(func() {
			for i := 0; ; i++ {
				m := msg("add n 1\nsend " + pids[0] + " add m 1")
				m.ID = fmt.Sprintf("%s-%d-%d", round, s, i)
				r, err := e.Send(ctx, pids[1], m)
				out.Lock()
				if err != nil {
					fmt.Println("error", err)
				} else {
					fmt.Println("ack", r.Slot, r.ID)
				}
				out.Unlock()
			}
		})
	}
	senders.Wait()
	return true
}

// Killed at any moment under load: what was acknowledged is there, slots have no
// gap and no duplicate, everything is delivered exactly once, and a replay agrees.
func TestKilledUnderLoad(t *testing.T) {
	rounds := killRounds
	if s := os.Getenv("PATCHBAY_KILL_ROUNDS"); s != "" {
		var err error
		if rounds, err = strconv.Atoi(s); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(t.TempDir(), "j.db")
	random := rand.New(rand.NewPCG(1, uint64(rounds)))
	acked := map[string]int64{}
	for round := range rounds {
		for _, l := range killAfter(t, path, round, random.IntN(120), "sends") {
			acked[l.name] = l.slot
		}
		w := newWorld(t, path, func(o *Options) { o.Window = 64 })
		a, ok := w.ByName("a")
		if !ok { // killed before it was made
			w.Close()
			continue
		}
		b, _ := w.ByName("b")
		sent := w.waitIdle(a.ID).Number
		got := w.waitIdle(b.ID)
		if got.Number != sent || sent > 0 && get(got.Root, "cache", "m") != int(sent) {
			t.Fatalf("round %d: %d messages sent on, %d arrived", round, sent, got.Number)
		}
		list, err := w.Schedule(t.Context(), a.ID, 0, sent+10)
		if err != nil || int64(len(list)) != sent+1 {
			t.Fatalf("round %d: %d messages in slots 0 to %d, %v", round, len(list), sent, err)
		}
		at := map[string]int64{}
		for slot, m := range list {
			if was, twice := at[m.ID]; twice {
				t.Fatalf("round %d: message %s is in slots %d and %d", round, m.ID, was, slot)
			}
			at[m.ID] = int64(slot)
		}
		for id, slot := range acked {
			if at[id] != slot {
				t.Fatalf("round %d: message %s was acknowledged in slot %d, and is in %d", round, id, slot, at[id])
			}
		}
		if round == rounds-1 || round%10 == 9 {
			for _, pid := range []string{a.ID, b.ID} {
				if r, err := w.Verify(t.Context(), pid); err != nil || r.First >= 0 {
					t.Fatalf("round %d: %+v, %v", round, r, err)
				}
			}
		}
		if d, yes := w.Divergence(a.ID); yes {
			t.Fatalf("round %d: %+v", round, d)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d rounds, %d messages acknowledged, none lost", rounds, len(acked))
}

func TestDeletedUnderTheRunningProgram(t *testing.T) {
	for _, what := range []string{"j.db", "j.db-wal"} {
		t.Run(what, func(t *testing.T) {
			dir := t.TempDir()
			w := newWorld(t, filepath.Join(dir, "j.db"))
			pid := w.spawn("p", "add n 1")
			w.do(pid, "add n 1")
			w.written(pid)
			if err := os.Remove(filepath.Join(dir, what)); err != nil {
				t.Fatal(err)
			}
			_, err := w.Send(t.Context(), pid, msg("add n 1"))
			if !errors.Is(err, journal.ErrGone) || !strings.Contains(err.Error(), dir) {
				t.Errorf("%v", err)
			}
			if _, root, _ := w.Head(pid); get(root, "cache", "n") != 2 {
				t.Error("reads ended")
			}
			if s, err := w.Slot(t.Context(), pid, 1); err != nil || get(s.Root, "cache", "n") != 2 {
				t.Error(s, err)
			}
			copied := filepath.Join(dir, "copy.db")
			if err := w.SaveCopy(t.Context(), copied); err != nil {
				t.Fatal(err)
			}
			other := newWorld(t, copied)
			if s := other.do(pid, "add n 1"); get(s.Root, "cache", "n") != 3 {
				t.Error("the copy is not complete:", get(s.Root, "cache", "n"))
			}
		})
	}
}

func TestCorruptedUnderTheRunningProgram(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "j.db")
	w := newWorld(t, path)
	pid := w.spawn("p", "add n 1")
	for range 30 {
		w.do(pid, "add n 1\nset text "+strings.Repeat("x", 2_000))
	}
	w.written(pid)
	w.reopen() // everything is in the file now
	noise := rand.NewChaCha8([32]byte{1})
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	st, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	junk := make([]byte, st.Size()-8_192)
	_, _ = noise.Read(junk)
	if _, err := f.WriteAt(junk, 8_192); err != nil {
		t.Fatal(err)
	}
	f.Close()
	// Whatever is answered now, it is an answer or an error that names the file.
	for i := range 20 {
		if _, err := w.Send(t.Context(), pid, msg("add n 1")); err != nil && !strings.Contains(err.Error(), path) {
			t.Errorf("send %d: %v", i, err)
		}
		if _, err := w.Slot(t.Context(), pid, int64(i)); err != nil && !strings.Contains(err.Error(), path) {
			t.Errorf("slot %d: %v", i, err)
		}
	}
	if _, root, _ := w.Head(pid); get(root, "cache", "n") == nil {
		t.Error("the newest root is gone")
	}
	_ = w.Close()
	e, err := Open(t.Context(), w.o)
	if err == nil {
		e.Close()
	} else if !strings.Contains(err.Error(), path) {
		t.Errorf("reopening: %v", err)
	}
}

// A disk that is full refuses sends with the reason, keeps answering, and goes on
// when there is space again. What was computed meanwhile is not lost.
func TestDiskFull(t *testing.T) {
	dir := smallDisk(t, "4m")
	path := filepath.Join(dir, "j.db")
	w := newWorld(t, path)
	events := w.Subscribe(SubscribeOptions{Buffer: 100_000})
	defer events.Close()
	pid := w.spawn("p", "add n 1")
	w.do(pid, "add n 1")
	filler := filepath.Join(dir, "filler")
	f, err := os.Create(filler)
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := f.Write(make([]byte, 4_096)); err != nil {
			break
		}
	}
	f.Close()
	sent := 0
	for {
		_, err := w.Send(t.Context(), pid, msg("add n 1\nset text "+strings.Repeat("x", 5_000)))
		if err != nil {
			if !errors.Is(err, journal.ErrFull) || !strings.Contains(err.Error(), path) {
				t.Fatalf("%v", err)
			}
			break
		}
		sent++
	}
	w.settle(pid)
	if _, root, _ := w.Head(pid); get(root, "cache", "n") != 2+sent {
		t.Errorf("reads ended: %v after %d", get(root, "cache", "n"), sent)
	}
	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	if s := w.do(pid, "add n 1"); get(s.Root, "cache", "n") != 3+sent {
		t.Errorf("n is %v", get(s.Root, "cache", "n"))
	}
	w.written(pid)
	w.reopen()
	if s := w.do(pid, "add n 1"); get(s.Root, "cache", "n") != 4+sent {
		t.Errorf("reopened, n is %v", get(s.Root, "cache", "n"))
	}
	if r, err := w.Verify(t.Context(), pid); err != nil || r.First >= 0 {
		t.Errorf("%+v, %v", r, err)
	}
	t.Logf("%d messages fitted", sent)
}

// powerCuts is how many messages the WAL holds that is cut at every page.
const powerCuts = 5

// A power cut leaves any beginning of the WAL. What comes back is a beginning of
// the schedule.
func TestPowerCut(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "j.db")
	w := newWorld(t, path)
	a := w.spawn("a", "")
	b := w.spawn("b", "")
	for i := range powerCuts {
		w.do(a, fmt.Sprintf("add n 1\nset text %s\nsend %s add m %d", strings.Repeat("x", 500*(i%4)), b, i))
	}
	w.waitIdle(b)
	w.written(a)
	w.written(b)
	db, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	wal, err := os.ReadFile(path + "-wal")
	if err != nil {
		t.Fatal(err)
	}
	last := int64(-1)
	const header, frame = 32, 24 + 4096
	cuts := 0
	for cut := 0; cut <= len(wal); cut += frame {
		if cut == frame {
			cut = header // the first step ends after the header
		}
		cuts++
		to := filepath.Join(dir, fmt.Sprint("cut", cut))
		if err := os.Mkdir(to, 0o755); err != nil {
			t.Fatal(err)
		}
		cutPath := filepath.Join(to, "j.db")
		if err := os.WriteFile(cutPath, db, 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(cutPath+"-wal", wal[:cut], 0o644); err != nil {
			t.Fatal(err)
		}
		n := comesBack(t, cutPath, a, b)
		if n < last {
			t.Fatalf("cut at %d: slot %d, but a shorter WAL had %d", cut, n, last)
		}
		last = n
		os.RemoveAll(to)
	}
	if last != powerCuts {
		t.Errorf("the whole WAL has slot %d", last)
	}
	t.Logf("%d cuts", cuts)
}

// comesBack opens what a power cut left, lets it go on, and returns the last slot of a.
func comesBack(t *testing.T, path, a, b string) int64 {
	t.Helper()
	w := newWorld(t, path)
	defer w.Close()
	if _, ok := w.Process(a); !ok {
		if w.Scheduled(b) >= 0 {
			t.Fatal("b is there without a, which was made first")
		}
		return -1
	}
	n := w.Scheduled(a)
	s := w.waitIdle(a)
	if s.Number != n || n > 0 && get(s.Root, "cache", "n") != int(n) {
		t.Fatalf("slot %d of %d has n = %v", s.Number, n, get(s.Root, "cache", "n"))
	}
	if _, ok := w.Process(b); ok {
		if got := w.waitIdle(b); got.Number != n {
			t.Fatalf("%d messages sent on, %d arrived", n, got.Number)
		}
	} else if n > 0 {
		t.Fatal("b is not there, but a has messages that were sent after it was made")
	}
	for _, p := range []string{a, b} {
		if _, yes := w.Divergence(p); yes {
			t.Fatal("the replay differs")
		}
	}
	return n
}

func TestOpeningWhatCannotBeOpened(t *testing.T) {
	fakes := newFakes()
	notes := filepath.Join(t.TempDir(), "notes")
	if err := os.WriteFile(notes, []byte(strings.Repeat("notes ", 100)), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), Options{Journal: notes, NewVM: fakes.newVM}); !errors.Is(err, journal.ErrNotDatabase) || !strings.Contains(err.Error(), notes) {
		t.Error(err)
	}
	if _, err := Open(t.Context(), Options{}); err == nil {
		t.Error("opened without NewVM")
	}
	path := filepath.Join(t.TempDir(), "j.db")
	w := newWorld(t, path)
	w.Close()
	if _, err := Open(t.Context(), Options{Journal: path, NewVM: fakes.newVM, NoRollback: true}); err == nil || !strings.Contains(err.Error(), "no-rollback") {
		t.Error(err)
	}
}

func TestFlavoursThatNothingRuns(t *testing.T) {
	w := newWorld(t, ":memory:")
	i, err := w.Spawn(t.Context(), SpawnRequest{Tags: []ao.Tag{{Name: "execution-device", Value: "wasm-64@1.0"}}})
	if err != nil {
		t.Fatal(err)
	}
	s, err := w.Slot(t.Context(), i.ID, 0)
	if err != nil || !strings.Contains(s.Result.Error, "wasm-64@1.0") {
		t.Errorf("%+v, %v", s, err)
	}
	if s := w.do(i.ID, "x"); s.Result.Limit != "broken" {
		t.Errorf("%+v", s.Result)
	}
}

func TestRawProcesses(t *testing.T) {
	w := newWorld(t, ":memory:")
	i, err := w.Spawn(t.Context(), SpawnRequest{Name: "raw", Source: "the module", Tags: []ao.Tag{{Name: "execution-device", Value: flavourRaw}}})
	if err != nil || i.Flavour != flavourRaw {
		t.Fatal(i, err)
	}
	if v, _ := ao.TagValue(i.Tags, "device-stack"); v != "lua@5.3a, patch@1.0" {
		t.Error("device-stack", v)
	}
	if v, _ := ao.TagValue(i.Tags, "patch-from"); v != "/results/outbox" {
		t.Error("patch-from", v)
	}
	s, err := w.Slot(t.Context(), i.ID, 0)
	if err != nil || s.Result.Failed() || !patchdev.Equal(s.Message.Data, patchdev.String("the module")) {
		t.Errorf("%+v, %v", s, err)
	}
	if _, err := w.Run(t.Context(), i.ID, "x"); !errors.Is(err, ErrBadMessage) {
		t.Error(err)
	}
}
