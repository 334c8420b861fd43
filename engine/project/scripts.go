package project

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"
)

// MaxScript is how large a script may be, in bytes.
const MaxScript = 16 << 20

// Scripts lists the project's Lua files, sorted, as paths with slashes relative to
// the folder. Hidden folders are left out.
func (p *Project) Scripts() ([]string, error) {
	var found []string
	err := filepath.WalkDir(p.Dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			if path == p.Dir {
				return err
			}
			return nil // one folder that cannot be read hides no other
		}
		if d.IsDir() {
			if path != p.Dir && (strings.HasPrefix(d.Name(), ".") || d.Name() == "node_modules") {
				return filepath.SkipDir
			}
			return nil
		}
		if strings.HasSuffix(d.Name(), ".lua") {
			rel, err := filepath.Rel(p.Dir, path)
			if err == nil {
				found = append(found, filepath.ToSlash(rel))
			}
		}
		return nil
	})
	slices.Sort(found)
	return found, err
}

// ReadScript reads a script of the project by its path.
func (p *Project) ReadScript(path string) (string, error) {
	if !inside(path) {
		return "", &Error{Path: path, Message: "is outside the project", Remedy: "open its folder as a project of its own"}
	}
	return ReadScript(filepath.Join(p.Dir, filepath.FromSlash(path)))
}

// WriteScript writes a script of the project, whole or not at all.
func (p *Project) WriteScript(path, text string) error {
	if !inside(path) {
		return &Error{Path: path, Message: "is outside the project", Remedy: "choose a path below the project's folder"}
	}
	return writeFile(filepath.Join(p.Dir, filepath.FromSlash(path)), []byte(text))
}

// ReadScript reads a Lua file: UTF-8 text without NUL bytes of at most MaxScript
// bytes. What it refuses it leaves untouched and says where the trouble is.
func ReadScript(path string) (string, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", &Error{Path: path, Message: "there is no such file", Remedy: "make it, or mend the path in " + File}
	case err != nil:
		return "", err
	case info.IsDir():
		return "", &Error{Path: path, Message: "is a folder", Remedy: "name a Lua file"}
	case info.Size() > MaxScript:
		return "", &Error{Path: path, Message: fmt.Sprintf("has %d bytes", info.Size()), Remedy: fmt.Sprintf("a script may have %d", MaxScript)}
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	if at := bytes.IndexByte(text, 0); at >= 0 {
		line, col := place(text, at)
		return "", &Error{Path: path, Line: line, Column: col, Message: "a NUL byte", Remedy: "this is not a text file; nothing was changed"}
	}
	if at := invalid(text); at >= 0 {
		line, col := place(text, at)
		return "", &Error{
			Path: path, Line: line, Column: col, Message: fmt.Sprintf("byte 0x%02x is not UTF-8", text[at]),
			Remedy: "save the file as UTF-8 (iconv -f latin1 -t utf-8); nothing was changed",
		}
	}
	return string(text), nil
}

// invalid is the index of the first byte that is not UTF-8, or -1.
func invalid(text []byte) int {
	if utf8.Valid(text) {
		return -1
	}
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return -1
}

// place is the line and column, from 1, of a byte.
func place(text []byte, at int) (line, col int) {
	line = 1 + bytes.Count(text[:at], []byte("\n"))
	return line, at - bytes.LastIndexByte(text[:at], '\n')
}
