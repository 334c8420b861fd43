package project

import (
	"context"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/fsnotify/fsnotify"
)

// Watch tells changed which files of the project were written, made, renamed or
// removed by somebody, as paths with slashes relative to the folder, until ctx
// ends. Only *.lua, messages and patchbay.toml are told; when it begins, all of
// them once, so that nothing is missed before. It returns when ctx ends,
// or with an error when the folder cannot be watched.
func (p *Project) Watch(ctx context.Context, changed func(path string)) error {
	w, err := fsnotify.NewWatcher()
	if err != nil {
		return err
	}
	defer w.Close()
	if err = p.watchTree(w, p.Dir, nil); err != nil {
		return err
	}
	p.tellAll(changed) // what was written before the watch began is not known
	for {
		select {
		case <-ctx.Done():
			return nil
		case e, ok := <-w.Events:
			if !ok {
				return nil
			}
			if e.Has(fsnotify.Chmod) && !e.Has(fsnotify.Write) {
				continue
			}
			if e.Has(fsnotify.Create) {
				// A new folder is watched too, and may hold files already. One that is gone
				// again, or cannot be watched, hides no other.
				_ = p.watchTree(w, e.Name, changed)
			}
			p.tell(e.Name, changed)
		case _, ok := <-w.Errors:
			if !ok {
				return nil
			}
			// The queue ran over: what changed is not known, so everything may have.
			p.tellAll(changed)
		}
	}
}

// tellAll tells every file that may have changed.
func (p *Project) tellAll(changed func(string)) {
	scripts, _ := p.Scripts()
	for _, s := range append(scripts, File) {
		changed(s)
	}
}

// tell passes a path on if the project is made of files like that.
func (p *Project) tell(path string, changed func(string)) {
	rel, err := filepath.Rel(p.Dir, path)
	if err != nil || strings.HasPrefix(filepath.Base(rel), ".") {
		return
	}
	if rel = filepath.ToSlash(rel); strings.HasSuffix(rel, ".lua") || strings.HasSuffix(rel, ".json") || rel == File {
		changed(rel)
	}
}

// watchTree watches a folder and those below it, and tells of the files in it if
// changed is not nil. A path that is no folder is left alone.
func (p *Project) watchTree(w *fsnotify.Watcher, dir string, changed func(string)) error {
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil && path == p.Dir:
			return err
		case err != nil:
			return nil
		case !d.IsDir():
			if changed != nil && path != dir {
				p.tell(path, changed)
			}
			return nil
		case path != p.Dir && (strings.HasPrefix(d.Name(), ".") || d.Name() == "node_modules"):
			return filepath.SkipDir
		}
		return w.Add(path)
	})
}
