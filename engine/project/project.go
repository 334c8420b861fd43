// Package project is a project folder: patchbay.toml, the scripts beside it, the
// saved messages below messages/, and .patchbay/, in which Patchbay keeps the
// journal and what it remembers of the window (DESIGN §6).
//
// Nothing in the folder is written but by a function whose comment says so, and
// what cannot be read is told and left as it is. A *Project does not change after
// [Load]; its methods may be called from any goroutine, and most of them touch
// the disk.
package project

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"patchbay/engine/ao"
)

// File is the name of a project's settings in its folder.
const File = "patchbay.toml"

// Hidden is the folder in which Patchbay keeps what it needs. It ignores itself in git.
const Hidden = ".patchbay"

// ErrNotProject says that a folder has no patchbay.toml.
var ErrNotProject = errors.New("not a project: there is no " + File)

// Error is something in a project's file that must be mended. It names the place
// and the remedy.
type Error struct {
	// Path is the file, Line and Column the place in it, both from 1; 0: the whole file.
	Path         string
	Line, Column int
	// Message says what is wrong, Remedy what to do.
	Message, Remedy string
}

// Error is one line: "patchbay.toml:7:3: …: what to do".
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Path)
	if e.Line > 0 {
		fmt.Fprintf(&b, ":%d", e.Line)
		if e.Column > 0 {
			fmt.Fprintf(&b, ":%d", e.Column)
		}
	}
	b.WriteString(": " + e.Message)
	if e.Remedy != "" {
		b.WriteString("; " + e.Remedy)
	}
	return b.String()
}

// Account is a name that stands for an address.
type Account struct {
	Name    string
	Address string
}

// Process is a process that the project asks for.
type Process struct {
	Name string
	// Script is the path of the script, relative to the folder, with slashes.
	Script string
	// Owner is an address.
	Owner string
	Tags  []ao.Tag
}

// Project is a folder that was read with [Load].
type Project struct {
	// Dir is the absolute path of the folder.
	Dir  string
	Name string
	// Port is the port to serve on, 0 when the file does not say.
	Port int
	// Profile is the name of the profile, "" when the file does not say.
	Profile string
	// AllowHosts and AllowOrigins widen the local safety checks (DESIGN S16).
	AllowHosts, AllowOrigins []string
	// Accounts stand in the order of the file.
	Accounts  []Account
	Processes []Process
	// Variables too; none has the name of an account.
	Variables []Variable
	// Warnings are things in the file that mean nothing to this Patchbay.
	Warnings []error
}

// Load reads a project folder. Errors are *Error where a file is at fault; a
// folder without a patchbay.toml is ErrNotProject.
func Load(dir string) (*Project, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	path := filepath.Join(dir, File)
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		if _, err := os.Stat(dir); err != nil {
			return nil, fmt.Errorf("%s: there is no such folder", dir)
		}
		return nil, fmt.Errorf("%s: %w (a project is a folder with a %s and Lua scripts)", dir, ErrNotProject, File)
	}
	if err != nil {
		return nil, err
	}
	p, err := parse(path, string(text))
	if err != nil {
		return nil, err
	}
	p.Dir = dir
	if p.Name == "" {
		p.Name = filepath.Base(dir)
	}
	return p, nil
}

// Address is the address that an account's name stands for; an address stands for
// itself. The second result is false for a name that the project does not know.
func (p *Project) Address(name string) (string, bool) {
	for _, a := range p.Accounts {
		if a.Name == name {
			return a.Address, true
		}
	}
	return name, ao.IsID(name)
}

// HiddenDir returns the project's .patchbay folder. It makes it when it is not
// there, with a .gitignore that ignores the whole folder.
func (p *Project) HiddenDir() (string, error) {
	dir := filepath.Join(p.Dir, Hidden)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", fmt.Errorf("cannot keep a journal in the project's folder: %w", err)
	}
	ignore := filepath.Join(dir, ".gitignore")
	if _, err := os.Lstat(ignore); errors.Is(err, fs.ErrNotExist) {
		if err := os.WriteFile(ignore, []byte("*\n"), 0o644); err != nil {
			return "", fmt.Errorf("cannot keep a journal in the project's folder: %w", err)
		}
	}
	return dir, nil
}

// JournalPath is where the project's journal is; see [Project.HiddenDir].
func (p *Project) JournalPath() string { return filepath.Join(p.Dir, Hidden, "journal.db") }
