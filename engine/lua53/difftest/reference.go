package difftest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// Reference is the lua5.3 program.
type Reference struct{ path string }

// ErrNoReference says that lua5.3 is not installed.
var ErrNoReference = errors.New("the program lua5.3 is not installed (Debian: apt-get install lua5.3)")

// FindReference looks for lua5.3 in the path.
func FindReference() (*Reference, error) {
	p, err := exec.LookPath("lua5.3")
	if err != nil {
		return nil, ErrNoReference
	}
	return &Reference{p}, nil
}

// ProbeFile is the name under which both sides run a probe; it shows in messages.
const ProbeFile = "probe.lua"

// RunProbe runs source as a file of its own and returns what it printed and, if it failed, the message that lua5.3
// puts out, without the traceback.
func (r *Reference) RunProbe(source string) (string, error) {
	dir, err := os.MkdirTemp("", "probe")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir)
	if err := os.WriteFile(filepath.Join(dir, ProbeFile), []byte(source), 0o600); err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, r.path, ProbeFile)
	cmd.Args[0] = "lua5.3"
	cmd.Dir = dir
	cmd.Env = []string{"TZ=UTC", "LC_ALL=C"}
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err = cmd.Run()
	if ctx.Err() != nil {
		return "", fmt.Errorf("no end after 20 s: %s", source)
	}
	if err != nil {
		msg := strings.TrimPrefix(errs.String(), "lua5.3: ")
		msg, _, _ = strings.Cut(msg, "\nstack traceback:")
		out.WriteString(msg + "\n")
	}
	return out.String(), nil
}
