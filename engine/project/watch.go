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
// ends. Only *.lua, messages and patchbay.toml are told. It returns when ctx ends,
// or with an error when the folder cannot be watched.
func (p *Project) Watch(ctx context.Context, changed func(path string)) error {
	w, err := fsnotify.NewWatcher()
	if err != nil {
		return err
	}
	defer w.Close()
	err = filepath.WalkDir(p.Dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return nil
		}
		if path != p.Dir && (strings.HasPrefix(d.Name(), ".") || d.Name() == "node_modules") {
			return filepath.SkipDir
		}
		return w.Add(path)
	})
	if err != nil {
		return err
	}
	for {
		select {
		case <-ctx.Done():
			return nil
		case e, ok := <-w.Events:
			if !ok {
				return nil
			}
			rel, err := filepath.Rel(p.Dir, e.Name)
			if err != nil || e.Has(fsnotify.Chmod) && !e.Has(fsnotify.Write) {
				continue
			}
			rel = filepath.ToSlash(rel)
			base := filepath.Base(rel)
			if !strings.HasPrefix(base, ".") && (strings.HasSuffix(rel, ".lua") || strings.HasSuffix(rel, ".json") || rel == File) {
				changed(rel)
			}
		case _, ok := <-w.Errors:
			if !ok {
				return nil
			}
		}
	}
}
