package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"patchbay/engine/aos"
	"patchbay/engine/project"
)

type runCmd struct {
	Script     string `arg:"" help:"The Lua script." placeholder:"SCRIPT"`
	Messages   string `required:"" help:"JSON list of messages; a Data of \"@script.lua\" stands for the script's text, \"@NAME.lua\" for that of a file beside the list." placeholder:"FILE"`
	Process    string `help:"JSON of the environment: {\"Process\": {\"Id\", \"Owner\", \"Tags\"}, \"Module\": {…}}." placeholder:"FILE"`
	NoRollback bool   `help:"Keep the state of evaluations that end in an Error."`
	budgets    `prefix:""`
}

// Run prints the results as one JSON array.
func (c *runCmd) Run(ctx context.Context, m Machine) error {
	script, err := readScript(c.Script)
	if err != nil {
		return notRead(c.Script, err)
	}
	messages, err := os.ReadFile(c.Messages)
	if err != nil {
		return notRead(c.Messages, err)
	}
	var process []byte
	if c.Process != "" {
		if process, err = os.ReadFile(c.Process); err != nil {
			return notRead(c.Process, err)
		}
	}
	r, err := aos.ParseRun(messages, process)
	if err == nil {
		err = r.Fill([]byte(script), c.beside)
	}
	if err != nil {
		return c.badInput(err, messages, process)
	}
	say := func(text string) { fmt.Fprintln(m.Stderr, "patchbay:", text) }
	tune(c.limits(), 400)
	var out []byte
	if rawTag(r.Env) {
		out, err = runRaw(ctx, r, script, c.limits(), c.NoRollback)
	} else {
		if missing := aos.Missing(r); missing != "" {
			say(c.Messages + ": " + missing)
		}
		out, err = r.Run(ctx, aos.RunOptions{NoRollback: c.NoRollback, Limits: c.limits(), Say: say})
	}
	if err != nil {
		if ctx.Err() != nil {
			return &Exit{Code: ExitMachine, Err: errors.New("interrupted")}
		}
		return usage("%s: %w", c.Messages, err)
	}
	if _, err := m.Stdout.Write(out); err != nil {
		return machine("writing the results: %w", err)
	}
	return nil
}

// beside reads a file that stands beside the list of messages.
func (c *runCmd) beside(name string) (string, error) {
	if filepath.IsAbs(name) || !filepath.IsLocal(name) {
		return "", errors.New("only files beside the messages can be named")
	}
	text, err := readScript(filepath.Join(filepath.Dir(c.Messages), name))
	if errors.Is(err, fs.ErrNotExist) {
		err = errors.New("there is no such file beside the messages")
	}
	return text, err
}

// readScript is project.ReadScript for a file that no project names.
func readScript(path string) (string, error) {
	if _, err := os.Stat(path); err != nil {
		return "", err
	}
	return project.ReadScript(path)
}

// badInput names the file that is wrong, and the place where it is no JSON.
func (c *runCmd) badInput(err error, messages, process []byte) error {
	in := (*aos.InputError)(nil)
	if !errors.As(err, &in) {
		return usage("%w", err)
	}
	name, text := c.Messages, messages
	if in.Process && c.Process != "" {
		name, text = c.Process, process
	}
	if in.Offset >= 0 {
		line, col := lineOf(text, in.Offset)
		name = fmt.Sprintf("%s:%d:%d", name, line, col)
	}
	return usage("%s: %w", name, in.Err)
}

// lineOf is the line and the column, in bytes, both from 1, of a place in a text.
func lineOf(text []byte, at int) (line, col int) {
	before := string(text[:min(at, len(text))])
	return strings.Count(before, "\n") + 1, len(before) - strings.LastIndexByte(before, '\n')
}

// notRead says which file cannot be read, and why.
func notRead(name string, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return usage("%s: there is no such file", name)
	}
	if p := (*fs.PathError)(nil); errors.As(err, &p) {
		return usage("%s: %w", name, p.Err)
	}
	return &Exit{Code: ExitUsage, Err: err}
}
