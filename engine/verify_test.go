package engine

import (
	"database/sql"
	"path/filepath"
	"testing"
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
