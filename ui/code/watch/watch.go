// Package watch tells when files that are open in the editor change on disk.
package watch

import (
	"fmt"
	"path/filepath"
	"sync"
	"time"

	"github.com/fsnotify/fsnotify"
)

// settle is how long a file must be quiet before it is reported: editors write in several steps.
const settle = 80 * time.Millisecond

// Watcher watches files by their folders, so that files which are replaced or come back are seen. It owns one goroutine, which
// Close ends.
type Watcher struct {
	fs      *fsnotify.Watcher
	changed func(path string)
	done    chan struct{}

	mu    sync.Mutex
	files map[string]bool // absolute
	dirs  map[string]int
}

// New starts to watch; changed is called from the watcher's goroutine with the absolute path of each file
// that was written, replaced, removed or made.
func New(changed func(path string)) (*Watcher, error) {
	fw, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, fmt.Errorf("changes of files cannot be watched: %w", err)
	}
	w := &Watcher{fs: fw, changed: changed, done: make(chan struct{}), files: map[string]bool{}, dirs: map[string]int{}}
	go w.run()
	return w, nil
}

// Add watches a file, which need not exist; its folder must.
func (w *Watcher) Add(path string) error {
	p := abs(path)
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.files[p] {
		return nil
	}
	dir := filepath.Dir(p)
	if w.dirs[dir] == 0 {
		if err := w.fs.Add(dir); err != nil {
			return fmt.Errorf("changes in %s cannot be watched: %w", dir, err)
		}
	}
	w.dirs[dir]++
	w.files[p] = true
	return nil
}

// Remove stops watching a file.
func (w *Watcher) Remove(path string) {
	p := abs(path)
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.files[p] {
		return
	}
	delete(w.files, p)
	dir := filepath.Dir(p)
	if w.dirs[dir]--; w.dirs[dir] == 0 {
		delete(w.dirs, dir)
		_ = w.fs.Remove(dir) // it may be gone
	}
}

// Close ends the watch and waits for its goroutine; changed is not called afterwards.
func (w *Watcher) Close() error {
	err := w.fs.Close()
	<-w.done
	return err
}

func abs(p string) string {
	if a, err := filepath.Abs(p); err == nil {
		return a
	}
	return filepath.Clean(p)
}

func (w *Watcher) run() {
	defer close(w.done)
	pending := map[string]bool{}
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		select {
		case ev, ok := <-w.fs.Events:
			if !ok {
				return
			}
			p := filepath.Clean(ev.Name)
			w.mu.Lock()
			ours := w.files[p]
			w.mu.Unlock()
			if ours && ev.Op != fsnotify.Chmod {
				pending[p] = true
				timer.Reset(settle)
			}
		case _, ok := <-w.fs.Errors:
			if !ok {
				return
			}
			// The queue overflowed: what was missed is unknown, so all files are looked at again.
			w.mu.Lock()
			for p := range w.files {
				pending[p] = true
			}
			w.mu.Unlock()
			timer.Reset(settle)
		case <-timer.C:
			for p := range pending {
				w.changed(p)
			}
			clear(pending)
		}
	}
}
