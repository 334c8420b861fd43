package project

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"patchbay/engine/ao"
)

// MessagesDir is the folder of saved messages in a project.
const MessagesDir = "messages"

// Saved is a message kept in the project: messages/NAME.json. Names may have
// slashes, which are folders.
type Saved struct {
	Name string `json:"-"`
	// From is the name of an account, or an address.
	From string `json:"from"`
	// Target is empty for the process at hand.
	Target string   `json:"target,omitempty"`
	Action string   `json:"action"`
	Tags   []ao.Tag `json:"tags,omitempty"`
	Data   string   `json:"data,omitempty"`
	// As says what Data is meant to be: "json", "text", or "" for whatever it looks like.
	As string `json:"as,omitempty"`
}

// Messages reads all saved messages, sorted by name. Files that cannot be read are
// told, joined, in the error; the others are returned all the same.
func (p *Project) Messages() ([]Saved, error) {
	root := filepath.Join(p.Dir, MessagesDir)
	var all []Saved
	var errs []error
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil
		case err != nil:
			errs = append(errs, err)
			return nil
		case d.IsDir() || !strings.HasSuffix(path, ".json"):
			return nil
		}
		m, err := readMessage(path)
		if err != nil {
			errs = append(errs, err)
			return nil
		}
		rel, _ := filepath.Rel(root, path)
		m.Name = strings.TrimSuffix(filepath.ToSlash(rel), ".json")
		all = append(all, m)
		return nil
	})
	slices.SortFunc(all, func(a, b Saved) int { return strings.Compare(a.Name, b.Name) })
	return all, errors.Join(append(errs, err)...)
}

func readMessage(path string) (Saved, error) {
	var m Saved
	text, err := os.ReadFile(path)
	if err != nil {
		return m, err
	}
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&m); err != nil {
		e := &Error{Path: path, Message: strings.TrimPrefix(err.Error(), "json: "), Remedy: "mend it, or save the message again under another name"}
		at := dec.InputOffset()
		var syntax *json.SyntaxError
		var kind *json.UnmarshalTypeError
		if errors.As(err, &syntax) {
			at = syntax.Offset - 1
		} else if errors.As(err, &kind) {
			at = kind.Offset
		}
		e.Line, e.Column = place(text, max(0, min(int(at), len(text))))
		return m, e
	}
	return m, nil
}

// SaveMessage writes messages/NAME.json, whole or not at all.
func (p *Project) SaveMessage(m Saved) error {
	if err := checkMessageName(m.Name); err != nil {
		return err
	}
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	return writeFile(filepath.Join(p.Dir, MessagesDir, filepath.FromSlash(m.Name)+".json"), append(text, '\n'))
}

// RemoveMessage deletes messages/NAME.json, and the folders that are empty then.
func (p *Project) RemoveMessage(name string) error {
	if err := checkMessageName(name); err != nil {
		return err
	}
	root := filepath.Join(p.Dir, MessagesDir)
	path := filepath.Join(root, filepath.FromSlash(name)+".json")
	if err := os.Remove(path); err != nil {
		return err
	}
	for dir := filepath.Dir(path); dir != root && strings.HasPrefix(dir, root); dir = filepath.Dir(dir) {
		if os.Remove(dir) != nil { // something else is in it
			break
		}
	}
	return nil
}

func checkMessageName(name string) error {
	if !inside(name) || strings.HasPrefix(filepath.Base(name), ".") || strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return fmt.Errorf("%q cannot be the name of a message: use letters, digits and slashes", name)
	}
	return nil
}
