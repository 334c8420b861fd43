package engine

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"patchbay/engine/ao"
	"patchbay/patchdev"
)

// Whatever is changed in a journal behind Patchbay's back, Verify finds the first
// slot of it and says what differs.
func TestVerifyFindsWhatWasChanged(t *testing.T) {
	for name, c := range map[string]struct{ change, what string }{
		"nothing":           {"", ""},
		"a message":         {"UPDATE messages SET body = replace(body, CAST('add n 3' AS BLOB), CAST('add n 4' AS BLOB)) WHERE key & 0xfffffffff = 3", "result"},
		"a digest":          {"UPDATE results SET digest = zeroblob(32) WHERE key & 0xfffffffff = 3", "result"},
		"an outcome":        {"UPDATE results SET outcome = 1 WHERE key & 0xfffffffff = 3", "recorded result"},
		"a stored result":   {"UPDATE results SET result = (SELECT result FROM results WHERE key & 0xfffffffff = 2) WHERE key & 0xfffffffff = 3", "recorded result"},
		"an unreadable one": {"UPDATE results SET result = x'0102' WHERE key & 0xfffffffff = 3", "recorded result"},
		"a root's digest":   {"UPDATE folds SET hash = zeroblob(32) WHERE key & 0xfffffffff = 3", "root"},
		"changes":           {"UPDATE folds SET changes = NULL WHERE key & 0xfffffffff = 3", "root"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "j.db")
			w := newWorld(t, path)
			pid := w.spawn("p", "")
			for i := range 6 {
				w.do(pid, []string{"add n 1", "add n 2\nprint two", "add n 3\nprint three", "add n 4", "add n 5", "set n all"}[i])
			}
			w.written(pid)
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
			if c.change != "" {
				db := sql.OpenDB(dsn(path))
				r, err := db.Exec(c.change)
				if err != nil {
					t.Fatal(err)
				}
				if n, _ := r.RowsAffected(); n != 1 {
					t.Fatalf("%d rows were changed", n)
				}
				db.Close()
			}
			w.open()
			r, err := w.Verify(t.Context(), pid)
			if err != nil {
				t.Fatal(err)
			}
			if c.what == "" {
				if r.First != -1 || r.Slots != 7 {
					t.Errorf("%+v", r)
				}
				return
			}
			if r.First != 3 || r.What != c.what || r.Difference == nil || r.Difference.New == nil {
				t.Errorf("slot %d differs in its %q", r.First, r.What)
			}
		})
	}
}

// TestDamagedNewestState holds that a project opens whatever is damaged of a process's
// newest state: a stored root is made again of an older one, and where that cannot be
// the window is told and Verify finds it.
func TestDamagedNewestState(t *testing.T) {
	const many = 2*rootSlots + 3 // slots, so that there are two roots in full
	newest := fmt.Sprintf("WHERE key & 0xfffffffff = %d", many)
	whole := filepath.Join(t.TempDir(), "whole.db")
	w := newWorld(t, whole)
	pid := w.spawn("p", "")
	for i := range many {
		w.do(pid, fmt.Sprintf("add n%d 1\nadd n 1", i%10))
	}
	w.written(pid)
	_, root, _ := w.Head(pid)
	want := patchdev.Hash(root)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		change string
		right  bool // what is shown
		first  int64
	}{
		"a stored root":           {"UPDATE roots SET root = x'0102' WHERE key = (SELECT max(key) FROM roots)", true, -1},
		"all stored roots":        {"UPDATE roots SET root = x'0102'", true, -1},
		"a root of something":     {"UPDATE roots SET root = (SELECT min(root) FROM roots) WHERE key = (SELECT max(key) FROM roots)", true, -1},
		"the newest digest":       {"UPDATE folds SET hash = zeroblob(32) " + newest, true, many},
		"the newest changes":      {"UPDATE folds SET changes = x'0102' " + newest, false, many},
		"the newest ones missing": {"UPDATE folds SET changes = NULL " + newest, false, many},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "j.db")
			bytes, err := os.ReadFile(whole)
			if err == nil {
				err = os.WriteFile(path, bytes, 0o600)
			}
			if err != nil {
				t.Fatal(err)
			}
			db := sql.OpenDB(dsn(path))
			r, err := db.Exec(c.change)
			if err != nil {
				t.Fatal(err)
			}
			if n, _ := r.RowsAffected(); n == 0 {
				t.Fatal("nothing was changed")
			}
			db.Close()
			w := newWorld(t, path)
			_, root, _ := w.Head(pid)
			if right := patchdev.Hash(root) == want; right != c.right {
				t.Errorf("the right root is shown: %v", right)
			}
			v, err := w.Verify(t.Context(), pid)
			if err != nil || v.First != c.first {
				t.Errorf("slot %d differs in its %q, %v", v.First, v.What, err)
			}
			if c.first >= 0 && v.What != "root" {
				t.Errorf("what differs is the %q", v.What)
			}
			told := w.Subscribe(SubscribeOptions{})
			defer told.Close()
			faults := slices.DeleteFunc(told.Drain(), func(e ao.Event) bool { return e.Kind != ao.Fault })
			if n := len(faults); n > 1 || (n == 1) != (c.first >= 0) || n == 1 && (faults[0].Process != pid || !strings.Contains(faults[0].Text, "Verify")) {
				t.Errorf("who subscribes is told %v", faults)
			}
		})
	}
}
