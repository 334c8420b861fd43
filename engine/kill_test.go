package engine

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
)

// acknowledged is one line of the helper: what was acknowledged, its name and its slot.
type acknowledged struct {
	what string // ack, branch, snapshot
	slot int64
	name string
}

// killAfter runs the helper, kills it after it told n things, and returns all that
// it told.
func killAfter(t *testing.T, path string, round, n int, mode string) (told []acknowledged) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%s|%d|%s", helperEnv, path, round, mode))
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		var a acknowledged
		if _, err := fmt.Sscanf(lines.Text(), "%s %d %s", &a.what, &a.slot, &a.name); err != nil {
			t.Errorf("the helper says %q", lines.Text())
		} else {
			told = append(told, a)
		}
		if n--; n <= 0 {
			_ = cmd.Process.Kill()
		}
	}
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
	return told
}

// switchBranches takes snapshots, forks, and goes to and fro between branches.
func switchBranches(e *Engine, pid, round string, out *sync.Mutex) {
	ctx := context.Background()
	tell := func(what string, slot int64, name string, err error) {
		out.Lock()
		defer out.Unlock()
		if err != nil {
			fmt.Println("error", err)
		} else {
			fmt.Println(what, slot, name)
		}
	}
	for n := 0; ; n++ {
		name := fmt.Sprintf("%s-%d", round, n)
		s, err := e.Snapshot(ctx, "s"+name)
		tell("snapshot", s.Slots[pid], "s"+name, err)
		head, _, _ := e.Head(pid)
		if head < 0 {
			continue
		}
		b, err := e.Fork(ctx, pid, head/2, "b"+name)
		tell("branch", b.Fork, "b"+name, err)
		if err := e.Checkout(ctx, pid, "main"); err != nil {
			tell("", 0, "", err)
		}
	}
}

// Killed while branches are made and switched and snapshots are taken, under load:
// what was acknowledged is there on whichever branch it was, everything that is sent
// on arrives exactly once, and every branch replays.
func TestKilledWhileSwitchingBranches(t *testing.T) {
	rounds := 3
	if s := os.Getenv("PATCHBAY_KILL_ROUNDS"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil {
			t.Fatal(err)
		}
		rounds = max(n/10, 1) // every branch is replayed each time
	}
	ctx := t.Context()
	path := filepath.Join(t.TempDir(), "j.db")
	random := rand.New(rand.NewPCG(2, uint64(rounds)))
	slots, branches, snapshots := map[string]int64{}, map[string]int64{}, map[string]int64{}
	for round := range rounds {
		for _, a := range killAfter(t, path, round, 20+random.IntN(150), "switches") {
			switch a.what {
			case "ack":
				slots[a.name] = a.slot
			case "branch":
				branches[a.name] = a.slot
			case "snapshot":
				snapshots[a.name] = a.slot
			}
		}
		w := newWorld(t, path, func(o *Options) { o.Window = 64 })
		a, ok := w.ByName("a")
		if !ok {
			w.Close()
			continue
		}
		b, _ := w.ByName("b")
		w.allIdle()
		for id, slot := range slots {
			if _, pid, at, err := w.Message(ctx, id); err != nil || pid != a.ID || at != slot {
				t.Fatalf("round %d: message %s was acknowledged in slot %d, and is in %d, %v", round, id, slot, at, err)
			}
		}
		here := map[string]int64{}
		list, err := w.Branches(ctx, a.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range list {
			here[x.Name] = x.Fork
		}
		for name, fork := range branches {
			if at, ok := here[name]; !ok || at != fork {
				t.Fatalf("round %d: branch %s was made at slot %d, and is %v at %d", round, name, fork, ok, at)
			}
		}
		taken := map[string]int64{}
		shots, err := w.Snapshots(ctx)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range shots {
			taken[s.Name] = s.Slots[a.ID]
		}
		for name, slot := range snapshots {
			if at, ok := taken[name]; !ok || at != slot {
				t.Fatalf("round %d: snapshot %s was taken at slot %d, and is %v at %d", round, name, slot, ok, at)
			}
		}
		// What any branch of a sends arrives once: no id twice, and nothing that was
		// computed is missing.
		got, err := w.Schedule(ctx, b.ID, 0, 1<<30)
		if err != nil {
			t.Fatal(err)
		}
		ids := map[string]bool{}
		for slot, m := range got {
			if ids[m.ID] {
				t.Fatalf("round %d: message %s arrived twice, last in slot %d", round, m.ID, slot)
			}
			ids[m.ID] = true
		}
		for _, x := range list[max(0, len(list)-3):] {
			if err := w.Checkout(ctx, a.ID, x.Name); err != nil {
				t.Fatal(err)
			}
			w.allIdle()
			computed, err := w.Slots(ctx, a.ID, 0, 1<<30)
			if err != nil || int64(len(computed)) != w.Scheduled(a.ID)+1 {
				t.Fatalf("round %d: branch %s has %d slots of %d, %v", round, x.Name, len(computed), w.Scheduled(a.ID)+1, err)
			}
			for _, s := range computed {
				for _, m := range s.Result.Messages {
					if target, _ := text(m.Target); target == b.ID && !arrived(t, w, m.ID, b.ID) {
						t.Fatalf("round %d: slot %d of branch %s sent message %s, which is not there", round, s.Number, x.Name, m.ID)
					}
				}
			}
			if r, err := w.Verify(ctx, a.ID); err != nil || r.First >= 0 {
				t.Fatalf("round %d: branch %s: %+v, %v", round, x.Name, r, err)
			}
		}
		if r, err := w.Verify(ctx, b.ID); err != nil || r.First >= 0 {
			t.Fatalf("round %d: %+v, %v", round, r, err)
		}
		if len(shots) > 0 {
			last := shots[len(shots)-1]
			if err := w.Restore(ctx, last.Name); err != nil {
				t.Fatal(err)
			}
			if n := w.Scheduled(a.ID); n != last.Slots[a.ID] {
				t.Fatalf("round %d: snapshot %s restored slot %d, not %d", round, last.Name, n, last.Slots[a.ID])
			}
		}
		if err := w.Checkout(ctx, a.ID, "main"); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d rounds: %d messages, %d branches, %d snapshots acknowledged, none lost", rounds, len(slots), len(branches), len(snapshots))
}

func arrived(t *testing.T, w *world, id, pid string) bool {
	t.Helper()
	_, at, _, err := w.Message(t.Context(), id)
	return err == nil && at == pid
}
