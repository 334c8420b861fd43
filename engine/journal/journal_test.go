package journal

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"patchbay/engine/ao"
	"patchbay/patchdev"
)

func TestMain(m *testing.M) {
	if runHelper() || runBusyHelper() {
		return
	}
	goleak.VerifyTestMain(m)
}

func open(t testing.TB, path string, o Options) *Journal {
	t.Helper()
	j, err := Open(context.Background(), path, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { j.Close() })
	return j
}

func addProcess(t testing.TB, j *Journal, name string) Process {
	t.Helper()
	var p Process
	if err := j.Do(context.Background(), func(tx *Tx) (err error) {
		p, err = tx.AddProcess(Process{ID: ao.ID(name), Name: name, Flavour: "aos", Created: time.UnixMilli(5), Tags: []ao.Tag{{Name: "A", Value: "b"}}}, -1)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return p
}

func message(id string) ao.Message {
	return ao.Message{ID: id, From: "me", Data: patchdev.String(id)}
}

func send(j *Journal, branch int64, id string) (slot int64, err error) {
	err = j.DoQuick(context.Background(), func(tx *Tx) (err error) {
		slot, err = tx.Append(Entry{Branch: branch, Message: message(id)})
		return err
	})
	return slot, err
}

func TestScheduleHasNoGaps(t *testing.T) {
	for _, path := range []string{Memory, filepath.Join(t.TempDir(), "sub", "j.db")} {
		j := open(t, path, Options{})
		p := addProcess(t, j, "one")
		const senders, each = 8, 50
		var wg sync.WaitGroup
		slots := make([][]int64, senders)
		for s := range senders {
			wg.Go(func() {
				for i := range each {
					n, err := send(j, p.Active, fmt.Sprint(s, "-", i))
					if err != nil {
						t.Error(err)
						return
					}
					slots[s] = append(slots[s], n)
				}
			})
		}
		wg.Wait()
		seen := map[int64]bool{}
		for _, l := range slots {
			for i, n := range l {
				if seen[n] || i > 0 && n <= l[i-1] {
					t.Fatalf("slot %d came twice or out of order", n)
				}
				seen[n] = true
			}
		}
		list, err := j.Entries(t.Context(), p.Active, 0, senders*each+10)
		if err != nil || len(list) != senders*each {
			t.Fatalf("%d entries, %v", len(list), err)
		}
		for i, e := range list {
			if e.Slot != int64(i) || e.Message.From != "me" {
				t.Fatalf("entry %d: %+v", i, e)
			}
		}
		slot, err := send(j, p.Active, "3-7")
		if !errors.Is(err, ErrDuplicate) || slot != slots[3][7] {
			t.Errorf("a second message with the same id: slot %d, %v", slot, err)
		}
	}
}

func TestReopening(t *testing.T) {
	path := filepath.Join(t.TempDir(), "j.db")
	j := open(t, path, Options{Program: "test"})
	p := addProcess(t, j, "one")
	for i := range 3 {
		if _, err := send(j, p.Active, fmt.Sprint(i)); err != nil {
			t.Fatal(err)
		}
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := send(j, p.Active, "late"); !errors.Is(err, ErrClosed) {
		t.Errorf("after Close: %v", err)
	}
	j = open(t, path, Options{})
	list, err := j.Processes(t.Context())
	if err != nil || len(list) != 1 || list[0].Name != "one" || list[0].Active != p.Active || len(list[0].Tags) != 1 {
		t.Fatalf("%+v, %v", list, err)
	}
	if n, err := send(j, p.Active, "more"); n != 3 || err != nil {
		t.Errorf("next slot %d, %v", n, err)
	}

	// A second program reads, and says why.
	second := open(t, path, Options{Claim: time.Millisecond})
	if why, ro := second.ReadOnly(); !ro || why == "" {
		t.Fatal("the second opener may write")
	}
	if _, err := send(second, p.Active, "x"); !errors.Is(err, ErrReadOnly) {
		t.Errorf("write to a read-only journal: %v", err)
	}
	if l, err := second.Entries(t.Context(), p.Active, 0, 9); len(l) != 4 || err != nil {
		t.Errorf("%d entries, %v", len(l), err)
	}
}

// A lock that is given back in time is waited for.
func TestTheLockIsWaitedFor(t *testing.T) {
	path := filepath.Join(t.TempDir(), "j.db")
	first := open(t, path, Options{})
	opened := make(chan *Journal)
	go func() {
		j, err := Open(context.Background(), path, Options{Claim: time.Hour})
		if err != nil {
			t.Error(err)
		}
		opened <- j
	}()
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	second := <-opened
	if why, ro := second.ReadOnly(); ro {
		t.Errorf("read-only: %s", why)
	}
	second.Close()
}

func TestRefusedFilesAreNotTouched(t *testing.T) {
	dir := t.TempDir()
	exec := func(name string, statements ...string) string {
		path := filepath.Join(dir, name)
		db := connect(uri(path, "rwc"), time.Second)
		defer db.Close()
		for _, s := range statements {
			if _, err := db.Exec(s); err != nil {
				t.Fatal(err)
			}
		}
		return path
	}
	text := filepath.Join(dir, "text")
	if err := os.WriteFile(text, []byte("these are notes of mine, not a database, and they are dear to me, all hundred bytes of them and more"), 0o666); err != nil {
		t.Fatal(err)
	}
	short := filepath.Join(dir, "short")
	if err := os.WriteFile(short, []byte("x"), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		path string
		want error
	}{
		{text, ErrNotDatabase},
		{short, ErrNotDatabase},
		{dir, ErrNotDatabase},
		{exec("foreign", "CREATE TABLE t(a)"), ErrForeign},
		{exec("foreign-app", "CREATE TABLE t(a)", "PRAGMA application_id=77"), ErrForeign},
		{exec("newer", "CREATE TABLE t(a)", fmt.Sprintf("PRAGMA application_id=%d", applicationID), fmt.Sprintf("PRAGMA user_version=%d", Version+1)), ErrNewer},
		{exec("newer-wal", "PRAGMA journal_mode=WAL", "CREATE TABLE t(a)", fmt.Sprintf("PRAGMA application_id=%d", applicationID), fmt.Sprintf("PRAGMA user_version=%d", Version+1)), ErrNewer},
	} {
		before, _ := os.ReadFile(c.path)
		for _, ro := range []bool{false, true} {
			j, err := Open(t.Context(), c.path, Options{ReadOnly: ro})
			if err == nil {
				j.Close()
			}
			if !errors.Is(err, c.want) {
				t.Errorf("%s: %v, want %v", c.path, err, c.want)
			}
		}
		after, _ := os.ReadFile(c.path)
		if string(before) != string(after) {
			t.Errorf("%s was changed", c.path)
		}
	}
}
