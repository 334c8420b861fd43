package project

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/BurntSushi/toml"

	"patchbay/engine/ao"
)

// Create writes a project's files into a folder that does not exist yet or is
// empty. It never overwrites: a folder with something in it is an error.
func Create(dir string, files fs.FS) error {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if len(entries) > 0 {
		return fmt.Errorf("%s is not empty: choose another folder", dir)
	}
	return fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		return writeFile(filepath.Join(dir, filepath.FromSlash(path.Clean(name))), text)
	})
}

// Init makes a project of a folder, which is made when it is not there: it writes a
// patchbay.toml with some accounts and touches nothing else. A folder that has one
// already is an error.
func Init(dir string) error {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	file := filepath.Join(dir, File)
	if _, err := os.Lstat(file); err == nil {
		return fmt.Errorf("%s is there already: open the folder as it is", file)
	} else if !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("cannot make a project in %s: %w", dir, err)
	}
	name, err := quoted(filepath.Base(dir))
	if err != nil {
		return err
	}
	return writeFile(file, []byte(`# A Patchbay project. The folder is made for git; what Patchbay itself writes
# lives in .patchbay/ beside this file.
name = `+name+`

# Accounts are names for 43-character addresses. An empty address stands for
# the one that Patchbay derives from the name: the same on every machine.
[accounts]
alice = ""
bob = ""
owner = ""
`))
}

// writtenProcess is a process as it is written: tags is a table, or a list of
// tables where names come twice.
type writtenProcess struct {
	Name   string `toml:"name"`
	Script string `toml:"script,omitempty"`
	Owner  string `toml:"owner,omitempty"`
	Tags   any    `toml:"tags,omitempty"`
}

// AddProcess appends a process to patchbay.toml, whose text stays as it is, and
// returns the project read anew. owner is an account's name or an address, or "".
func (p *Project) AddProcess(name, script, owner string, tags ...ao.Tag) (*Project, error) {
	file := filepath.Join(p.Dir, File)
	old, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var b strings.Builder
	b.Write(old)
	if len(old) > 0 && old[len(old)-1] != '\n' {
		b.WriteByte('\n')
	}
	b.WriteString("\n")
	w := writtenProcess{Name: name, Script: script, Owner: owner}
	if len(tags) > 0 {
		table := map[string]string{}
		list := make([]map[string]string, len(tags))
		for i, t := range tags {
			table[t.Name] = t.Value
			list[i] = map[string]string{"name": t.Name, "value": t.Value}
		}
		w.Tags = table
		if len(table) < len(tags) {
			w.Tags = list
		}
	}
	err = toml.NewEncoder(&b).Encode(map[string]any{"process": []writtenProcess{w}})
	if err != nil {
		return nil, err
	}
	text := b.String()
	next, err := parse(file, text)
	if err != nil {
		return nil, err
	}
	if err := writeFile(file, []byte(text)); err != nil {
		return nil, err
	}
	next.Dir = p.Dir
	if next.Name == "" {
		next.Name = filepath.Base(p.Dir)
	}
	return next, nil
}
