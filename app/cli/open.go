package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"

	"patchbay/assets"
	"patchbay/engine/project"
)

// WindowOptions say what the window opens on.
type WindowOptions struct {
	Options
	// Recent are the project folders opened before, newest first.
	Recent []string
	// Stdout is told the processes and where the node listens, as serve tells them.
	Stdout io.Writer
}

type windowCmd struct {
	Dir     string `arg:"" optional:"" help:"The project folder." placeholder:"PROJECT-DIR"`
	Port    int    `help:"Port on 127.0.0.1 (0: any free one; default: the project's, or ${port})." default:"-1" placeholder:"N"`
	Profile string `help:"Which generation of nodes to answer like: current, 2025-06, 2025-05." placeholder:"NAME"`
	DB      string `help:"The journal's file (default: the project's; \":memory:\" keeps nothing)." placeholder:"FILE"`
	budgets `prefix:""`
}

// Run opens the window and returns when it is closed.
func (c *windowCmd) Run(ctx context.Context, m Machine) error {
	if c.Dir != "" {
		if info, err := os.Stat(c.Dir); err != nil || !info.IsDir() {
			return usage("%s: neither a command nor a project folder (patchbay --help lists the commands)", c.Dir)
		}
	}
	if m.Window == nil {
		return machine("%w", ErrNoWindow)
	}
	tune(c.limits(), 100)
	spread()
	watching, stop := context.WithCancel(ctx)
	var watch sync.WaitGroup
	watch.Go(func() { giveBack(watching) })
	defer watch.Wait()
	defer stop()
	recent := Recent()
	dir := c.Dir
	if dir == "" {
		var err error
		if dir, err = lastOrExample(recent); err != nil {
			return machine("%w", err)
		}
	}
	err := m.Window(ctx, WindowOptions{
		Options: Options{Dir: dir, Port: c.Port, Profile: c.Profile, DB: c.DB, Limits: c.limits(), Memory: windowMemory},
		Recent:  recent, Stdout: m.Stdout,
	})
	if errors.Is(err, ErrNoWindow) {
		return &Exit{Code: ExitMachine, Err: err}
	}
	return err
}

// lastOrExample is the project opened last, if it is still there; otherwise the
// example, which is copied to the user's data folder the first time.
func lastOrExample(recent []string) (string, error) {
	for _, dir := range recent {
		if _, err := os.Stat(filepath.Join(dir, project.File)); err == nil {
			return dir, nil
		}
	}
	data, err := DataDir()
	if err != nil {
		return "", err
	}
	dir := filepath.Join(data, "token-demo")
	if _, err := os.Stat(filepath.Join(dir, project.File)); err == nil {
		return dir, nil
	}
	files, err := assets.Example("token")
	if err != nil {
		return "", err
	}
	if err := project.Create(dir, files); err != nil {
		return "", fmt.Errorf("cannot make the example project: %w", err)
	}
	return dir, nil
}

// DataDir is the folder in which Patchbay keeps the example project and the list
// of projects: $XDG_DATA_HOME/patchbay, or what the system has for that.
func DataDir() (string, error) {
	switch runtime.GOOS {
	case "darwin", "windows":
		dir, err := os.UserConfigDir()
		return filepath.Join(dir, "Patchbay"), err
	}
	if dir := os.Getenv("XDG_DATA_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "patchbay"), nil
	}
	home, err := os.UserHomeDir()
	return filepath.Join(home, ".local", "share", "patchbay"), err
}

// maxRecent is how many project folders are remembered.
const maxRecent = 12

// Recent lists the project folders opened before, newest first. What cannot be
// read is no list.
func Recent() []string {
	path, err := recentFile()
	if err != nil {
		return nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil
	}
	var dirs []string
	if json.Unmarshal(text, &dirs) != nil {
		return nil
	}
	return dirs
}

// Remember puts a project folder at the head of the list.
func Remember(dir string) error {
	path, err := recentFile()
	if err != nil {
		return err
	}
	dirs := slices.DeleteFunc(Recent(), func(d string) bool { return d == dir })
	dirs = append([]string{dir}, dirs...)
	text, err := json.MarshalIndent(dirs[:min(len(dirs), maxRecent)], "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return replaceFile(path, append(text, '\n'))
}

func recentFile() (string, error) {
	data, err := DataDir()
	if err != nil {
		return "", err
	}
	if data == "" {
		return "", fs.ErrNotExist
	}
	return filepath.Join(data, "recent.json"), nil
}
