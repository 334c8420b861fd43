package watch_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"go.uber.org/goleak"

	"patchbay/ui/code/watch"
)

func TestWatch(t *testing.T) {
	defer goleak.VerifyNone(t)
	dir := t.TempDir()
	p, other := filepath.Join(dir, "a.lua"), filepath.Join(dir, "b.lua")
	seen := make(chan string, 100)
	w, err := watch.New(func(p string) { seen <- p })
	if err != nil {
		t.Skip(err)
	}
	if err := w.Add(p); err != nil {
		t.Fatal(err)
	}
	expect := func(what string) {
		t.Helper()
		select {
		case got := <-seen:
			if got != p {
				t.Errorf("%s: told of %s", what, got)
			}
		case <-time.After(20 * time.Second):
			t.Fatalf("%s: not told", what)
		}
	}
	write := func(p string) {
		if err := os.WriteFile(p, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(other)
	write(p)
	expect("made")
	if err := os.Rename(other, p); err != nil {
		t.Fatal(err)
	}
	expect("replaced")
	if err := os.Remove(p); err != nil {
		t.Fatal(err)
	}
	expect("removed")
	w.Remove(p)
	w.Remove(p)
	if err := w.Close(); err != nil {
		t.Error(err)
	}
	if len(seen) > 0 {
		t.Errorf("told of %s too", <-seen)
	}
	if err := w.Add(filepath.Join(dir, "c.lua")); err == nil {
		t.Error("a closed watcher watches")
	}
}
