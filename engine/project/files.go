package project

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// TextFile is a file of a project: its settings, a script, a saved message. Path is
// relative to the folder, with slashes.
type TextFile struct{ Path, Text string }

// Files reads what belongs to a project, as it is written: patchbay.toml, scripts,
// saved messages. What Patchbay keeps in .patchbay/ is not among them.
func (p *Project) Files() ([]TextFile, error) {
	paths := []string{File}
	scripts, err := p.Scripts()
	if err != nil {
		return nil, err
	}
	paths = append(paths, scripts...)
	messages, err := p.messageFiles()
	if err != nil {
		return nil, err
	}
	var out []TextFile
	for _, path := range append(paths, messages...) {
		text, err := os.ReadFile(filepath.Join(p.Dir, filepath.FromSlash(path)))
		if err != nil {
			return nil, err
		}
		out = append(out, TextFile{path, string(text)})
	}
	return out, nil
}

// messageFiles lists the files of saved messages, sorted.
func (p *Project) messageFiles() (out []string, err error) {
	err = filepath.WalkDir(filepath.Join(p.Dir, MessagesDir), func(path string, d fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil
		case err != nil:
			return err
		case d.IsDir() || !strings.HasSuffix(path, ".json"):
			return nil
		}
		rel, err := filepath.Rel(p.Dir, path)
		out = append(out, filepath.ToSlash(rel))
		return err
	})
	return out, err
}

// CheckFiles says why files cannot be written below a folder, if so: a path that
// leads out of it or into what Patchbay keeps for itself, one that comes twice, or a
// file that is there with another text.
func CheckFiles(dir string, files []TextFile) error {
	seen := map[string]bool{}
	for _, f := range files {
		path := filepath.Clean(filepath.FromSlash(f.Path))
		first, _, _ := strings.Cut(filepath.ToSlash(path), "/")
		switch {
		case !inside(f.Path) || !filepath.IsLocal(path) || path == ".":
			return fmt.Errorf("file %q leads out of the project", f.Path)
		case strings.HasPrefix(first, "."):
			return fmt.Errorf("file %q is hidden: those belong to programs, not to a project", f.Path)
		case seen[path]:
			return fmt.Errorf("file %q comes twice", f.Path)
		}
		seen[path] = true
		switch text, err := os.ReadFile(filepath.Join(dir, path)); {
		case err == nil && string(text) == f.Text, errors.Is(err, fs.ErrNotExist):
		case err == nil:
			return fmt.Errorf("%s is there already, with another text: choose an empty folder", filepath.Join(dir, path))
		default:
			return err
		}
	}
	return nil
}

// WriteFiles writes files that CheckFiles has nothing against, each whole or not at
// all. Those that are there already are left alone.
func WriteFiles(dir string, files []TextFile) error {
	if err := CheckFiles(dir, files); err != nil {
		return err
	}
	for _, f := range files {
		path := filepath.Join(dir, filepath.FromSlash(f.Path))
		if _, err := os.Stat(path); err == nil {
			continue
		}
		if err := writeFile(path, []byte(f.Text)); err != nil {
			return err
		}
	}
	return nil
}
