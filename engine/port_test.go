package engine

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"patchbay/engine/ao"
	"patchbay/patchdev"
)

func (w *world) export() string {
	w.t.Helper()
	var b bytes.Buffer
	if err := w.Export(context.Background(), &b); err != nil {
		w.t.Fatal(err)
	}
	return b.String()
}

// allIdle waits until no process has anything to do or to write.
func (w *world) allIdle() {
	w.t.Helper()
	for range 4 { // answers go to and fro
		for _, p := range w.Processes() {
			w.waitIdle(p.ID)
			w.written(p.ID)
		}
	}
}

// eventful makes a project in which everything happened that an export has to keep.
func eventful(t *testing.T, w *world) (a, b string) {
	t.Helper()
	ctx := t.Context()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	info, err := w.Spawn(ctx, SpawnRequest{Name: "a", Script: "a.lua", Source: "factor 2", Owner: "owner", Tags: []ao.Tag{
		{Name: "Cron-Interval", Value: "1-second"}, {Name: "Cron-Tag-Action", Value: "Tick"},
	}})
	must(err)
	a, b = info.ID, w.spawn("b", "")
	w.do(a, "add n 1\nsend "+b+" add m 1|send "+a+" add back 1")
	w.do(a, "spawn - add born 1\nsend outside hello")
	w.do(a, "fail on purpose")
	_, err = w.Send(ctx, a, ao.Message{ID: "own id", From: "not \xff UTF-8", Tags: []ao.Tag{{Name: "Bytes", Value: "\x00\xfe"}}, Data: patchdev.String("set bytes \xfd")})
	must(err)
	w.allIdle()

	// A slot that the user stopped.
	r, err := w.Send(ctx, a, msg("add n 5\nloop"))
	must(err)
	<-w.fakes.looping
	w.Stop(a)
	_, err = w.Wait(ctx, a, r.Slot)
	must(err)

	// Cron, twice by the clock.
	start := time.UnixMilli(1_700_000_100_000)
	for i := range 3 {
		_, err = w.Tick(ctx, start.Add(time.Duration(i)*time.Second))
		must(err)
	}
	w.allIdle()
	_, err = w.Snapshot(ctx, "before")
	must(err)

	// Branches: a replay with messages in place of others, a fork, a fork of the fork.
	_, err = w.Run(ctx, a, "factor 5")
	must(err)
	w.do(a, "add n 1")
	_, err = w.Replay(ctx, a, "factor 7")
	must(err)
	w.do(a, "add n 1\nsend "+b+" add m 10")
	w.allIdle()
	_, err = w.Fork(ctx, a, 3, "what if")
	must(err)
	w.do(a, "add n 100\nsend "+b+" add m 100")
	w.allIdle()
	_, err = w.Fork(ctx, a, 4, "")
	must(err)
	w.do(a, "add n 1000")
	w.allIdle()
	must(w.ResetTo(ctx, b, 1))
	w.do(b, "add m 4")
	must(w.Checkout(ctx, a, "what if"))
	w.do(a, "assign "+b+" own id")
	w.allIdle()

	gone := w.spawn("gone", "add x 1")
	must(w.Remove(ctx, gone))
	must(w.Rename(ctx, b, "bee"))
	_, err = w.Snapshot(ctx, "after")
	must(err)
	_, err = w.Account(ctx, "alice")
	must(err)
	must(w.SetSetting(ctx, "some/setting", "kept"))
	return a, b
}

// What was exported and imported is the same project: the same bytes when it is
// exported again, the same slots, deliveries and ids; and it goes on in the same way.
func TestExportComesBack(t *testing.T) {
	ctx := t.Context()
	w := newWorld(t, filepath.Join(t.TempDir(), "j.db"), func(o *Options) { o.Window = 4 })
	a, b := eventful(t, w)
	first := w.export()
	other := newWorld(t, filepath.Join(t.TempDir(), "j.db"), func(o *Options) { o.Window = 4 })
	other.spawn("here already", "add y 1") // so that its numbers are others
	other.allIdle()
	here := other.export()
	if err := other.Import(ctx, strings.NewReader(first)); err != nil {
		t.Fatal(err)
	}
	other.allIdle()

	fresh := newWorld(t, filepath.Join(t.TempDir(), "j.db"))
	if err := fresh.Import(ctx, strings.NewReader(first)); err != nil {
		t.Fatal(err)
	}
	fresh.allIdle()
	if d := cmp.Diff(strings.Split(first, "\n"), strings.Split(fresh.export(), "\n")); d != "" {
		t.Fatalf("exported again:\n%s", d)
	}
	second := strings.Split(other.export(), "\n")
	for _, l := range strings.Split(first, "\n") {
		if !slices.Contains(second, l) {
			t.Errorf("beside another process this line is lost:\n%s", l)
		}
	}
	for _, l := range strings.Split(here, "\n") {
		if !slices.Contains(second, l) {
			t.Errorf("what was there before lost the line\n%s", l)
		}
	}

	ids := map[string]bool{}
	for _, p := range w.Processes() {
		ids[p.ID] = true
	}
	for _, x := range []*world{other, fresh} {
		for pid := range ids {
			sameHistory(t, w, x, pid)
		}
		// Each branch has the state that it had.
		for _, pid := range []string{a, b} {
			was, err := w.Branches(ctx, pid)
			if err != nil {
				t.Fatal(err)
			}
			now, err := x.Branches(ctx, pid)
			if d := cmp.Diff(was, now, cmp.Comparer(time.Time.Equal)); d != "" || err != nil {
				t.Fatal(d, err)
			}
		}
	}
	for _, name := range []string{"main", "replay", "what if", "branch"} {
		for _, x := range []*world{w, other, fresh} {
			if err := x.Checkout(ctx, a, name); err != nil {
				t.Fatal(err)
			}
			x.allIdle()
		}
		t.Log("on branch", name)
		sameHistory(t, w, other, a)
		sameHistory(t, w, fresh, a)
	}
	for _, name := range []string{"before", "after"} {
		for _, x := range []*world{w, fresh} {
			if err := x.Restore(ctx, name); err != nil {
				t.Fatal(name, err)
			}
			x.allIdle()
		}
		t.Log("restored", name)
		sameHistory(t, w, fresh, a)
		sameHistory(t, w, fresh, b)
	}
	for n := 0; ; n++ {
		said, err := w.Undo(ctx)
		now, errNow := fresh.Undo(ctx)
		if said != now || errors.Is(err, ErrNothingToUndo) != errors.Is(errNow, ErrNothingToUndo) {
			t.Fatalf("undo %d: %q, %v; imported %q, %v", n, said, err, now, errNow)
		}
		if err != nil {
			break
		}
		w.allIdle()
		fresh.allIdle()
		t.Log("undone", said)
		sameHistory(t, w, fresh, a)
	}
	// What comes next has the same ids, goes to the same place, and nothing was
	// delivered twice.
	for _, x := range []*world{w, fresh} {
		x.do(a, "add n 3\nsend "+b+" add m 3")
		x.allIdle()
		for _, pid := range []string{a, b} {
			if r, err := x.Verify(ctx, pid); err != nil || r.First >= 0 {
				t.Errorf("%+v, %v", r, err)
			}
			if d, yes := x.Divergence(pid); yes {
				t.Errorf("%+v", d)
			}
		}
	}
	sa, _, _ := w.Head(b)
	sb, _, _ := fresh.Head(b)
	if sa != sb {
		t.Errorf("b is at slot %d, imported at %d", sa, sb)
	}
}

// sameHistory compares a process in two engines, slot by slot.
func sameHistory(t *testing.T, a, b *world, pid string) {
	t.Helper()
	x, err := a.Slots(t.Context(), pid, 0, 1_000)
	if err != nil {
		t.Fatal(err)
	}
	y, err := b.Slots(t.Context(), pid, 0, 1_000)
	if err != nil || len(x) != len(y) {
		t.Fatalf("%d slots, imported %d: %v", len(x), len(y), err)
	}
	for i := range x {
		p, q := *x[i], *y[i]
		p.At, q.At = time.Time{}, time.Time{}
		q.Delivered = told(p.Delivered, q.Delivered)
		if d := equalSlots(&p, &q); d != "" {
			t.Fatalf("slot %d: %s", i, d)
		}
	}
}

// told gives imported deliveries the notes that only the one who made them knows: how
// a process was spawned, and that a replay delivered nothing although somebody else had.
func told(was, now []ao.Delivery) []ao.Delivery {
	now = slices.Clone(now)
	for i := range min(len(was), len(now)) {
		switch {
		case was[i].Note == noteQuiet:
			now[i] = was[i]
		case was[i].Process == now[i].Process && was[i].Slot == now[i].Slot && now[i].Process != "":
			now[i].Note = was[i].Note
		}
	}
	return now
}

// Exports of the first form, which had one branch a process, can still be read.
func TestImportOfTheFirstForm(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("testdata", "export-1.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t, ":memory:")
	if err := w.Import(t.Context(), bytes.NewReader(text)); err != nil {
		t.Fatal(err)
	}
	w.allIdle()
	a, ok := w.ByName("a")
	if !ok {
		t.Fatal("process a is missing")
	}
	b, _ := w.ByName("b")
	if _, root, _ := w.Head(a.ID); get(root, "cache", "n") != 4 {
		t.Error(get(root, "cache", "n"))
	}
	if n, root, _ := w.Head(b.ID); n != 1 || get(root, "cache", "m") != 1 {
		t.Error(n, get(root, "cache", "m"))
	}
	s, err := w.Slot(t.Context(), a.ID, 2)
	if err != nil || s.Result.Limit != "stopped" {
		t.Errorf("%+v, %v", s.Result, err)
	}
	if accounts, err := w.Accounts(t.Context()); err != nil || accounts["bob"] != "B" {
		t.Error(accounts, err)
	}
	again := w.export()
	if strings.Count(again, "\n") != bytes.Count(text, []byte("\n"))+3 { // a setting and two branches
		t.Errorf("%s", again)
	}
}

func TestImportRefusesWhatItCannotRead(t *testing.T) {
	w := newWorld(t, ":memory:")
	pid := w.spawn("p", "")
	w.do(pid, "add n 1")
	if _, err := w.Fork(t.Context(), pid, 1, "x"); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Snapshot(t.Context(), "s"); err != nil {
		t.Fatal(err)
	}
	good := w.export()
	l := strings.SplitAfter(good, "\n")
	const header, setting, process, branch, slot0, slot1, fork, snapshot = 0, 1, 2, 3, 4, 5, 6, 7
	if len(l) != 10 || !strings.Contains(l[snapshot], `"snapshot"`) || !strings.Contains(l[fork], `"fork":1`) {
		t.Fatalf("%d lines:\n%s", len(l), good)
	}
	all := func(change func(l []string)) string {
		c := slices.Clone(l)
		change(c)
		return strings.Join(c, "")
	}
	replace := func(n int, old, new string) string {
		if !strings.Contains(l[n], old) {
			t.Fatalf("line %d has no %s: %s", n+1, old, l[n])
		}
		return all(func(c []string) { c[n] = strings.Replace(c[n], old, new, 1) })
	}
	for name, c := range map[string]struct{ text, line string }{
		"empty":              {"", "line 1"},
		"blank":              {"\n\n", "line 1"},
		"no header":          {l[process], "line 1"},
		"newer":              {`{"patchbay":99}`, "line 1"},
		"below the first":    {`{"patchbay":-1}`, "line 1"},
		"not JSON":           {l[header] + "x\n", "line 2"},
		"two in a line":      {l[header] + `{"account":{"name":"a","address":"b"}} {}` + "\n", "line 2"},
		"unknown key":        {l[header] + `{"what":1}` + "\n", "line 2"},
		"nothing":            {l[header] + `{}` + "\n", "line 2"},
		"a slot missing":     {all(func(c []string) { c[slot0] = "" }), "line 5"},
		"a slot twice":       {all(func(c []string) { c[slot1] = c[slot0] }), "line 6"},
		"no process":         {l[header] + l[slot0], "line 2"},
		"no branch":          {l[header] + l[process] + l[slot0], "line 3"},
		"process twice":      {all(func(c []string) { c[snapshot] = c[process] }), "line 8"},
		"branch twice":       {all(func(c []string) { c[fork] = c[branch] }), "line 7"},
		"no parent":          {replace(fork, `"parent":"main"`, `"parent":"other"`), "line 7"},
		"fork too late":      {replace(fork, `"fork":1`, `"fork":2`), "line 7"},
		"salt twice":         {replace(fork, `"salt":2`, `"salt":1`), "line 7"},
		"salt too big":       {replace(fork, `"salt":2`, `"salt":9223372036854775807`), "line 7"},
		"active is missing":  {replace(process, `"branch":"x"`, `"branch":"y"`), "line 10"},
		"outcome":            {replace(slot0, `"slot":0`, `"slot":0,"outcome":"lost"`), "line 5"},
		"time":               {replace(process, `"created":"`, `"created":"x`), "line 3"},
		"snapshot's process": {replace(snapshot, pid, "nobody"), "line 8"},
		"snapshot's branch":  {replace(snapshot, `"branch":"x"`, `"branch":"y"`), "line 8"},
		"snapshot's slot":    {replace(snapshot, `"slot":1`, `"slot":7`), "line 8"},
		"snapshot twice":     {all(func(c []string) { c[8] = c[snapshot] }), "line 9"},
	} {
		other := newWorld(t, ":memory:")
		err := other.Import(t.Context(), strings.NewReader(c.text))
		if !errors.Is(err, ErrBadExport) || !strings.Contains(err.Error(), c.line) {
			t.Errorf("%s: %v", name, err)
		}
		if len(other.Processes()) != 0 {
			t.Errorf("%s: something was imported", name)
		}
	}
	if err := w.Import(t.Context(), strings.NewReader(good)); !errors.Is(err, ErrNameTaken) {
		t.Error(err)
	}
	other := newWorld(t, ":memory:", func(o *Options) { o.NoRollback = true })
	if err := other.Import(t.Context(), strings.NewReader(good)); !errors.Is(err, ErrBadExport) || !strings.Contains(err.Error(), "no-rollback") {
		t.Error(err)
	}
	if err := other.SetAccount(t.Context(), "alice", "elsewhere"); err != nil {
		t.Fatal(err)
	}
	if err := other.Import(t.Context(), strings.NewReader(l[header]+`{"account":{"name":"alice","address":"here"}}`)); !errors.Is(err, ErrNameTaken) {
		t.Error(err)
	}
}

// What was not computed yet when it was exported is delivered after the import, once.
func TestImportDeliversWhatWasNot(t *testing.T) {
	w := newWorld(t, ":memory:")
	a, b := w.spawn("a", ""), w.spawn("b", "")
	w.do(a, "send "+b+" add m 1")
	w.allIdle()
	if _, err := w.Send(t.Context(), a, msg("pause")); err != nil {
		t.Fatal(err)
	}
	<-w.fakes.looping
	if _, err := w.Send(t.Context(), a, msg("send "+b+" add m 10")); err != nil {
		t.Fatal(err)
	}
	text := w.export()
	w.fakes.goOn <- struct{}{}
	other := newWorld(t, ":memory:")
	if err := other.Import(t.Context(), strings.NewReader(strings.Replace(text, `"data":"pause"`, `"data":""`, 1))); err != nil {
		t.Fatal(err)
	}
	other.allIdle()
	if n, root, _ := other.Head(b); n != 2 || get(root, "cache", "m") != 11 {
		t.Errorf("slot %d, m = %v", n, get(root, "cache", "m"))
	}
	w.allIdle()
}
