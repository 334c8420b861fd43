package cli

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"patchbay/engine/aos"
	"patchbay/engine/project"
)

type runCmd struct {
	Script     string `arg:"" help:"The Lua script." placeholder:"SCRIPT"`
	Messages   string `required:"" help:"JSON list of messages; a Data of \"@script.lua\" stands for the script's text." placeholder:"FILE"`
	Process    string `help:"JSON of the environment: {\"Process\": {\"Id\", \"Owner\", \"Tags\"}, \"Module\": {…}}." placeholder:"FILE"`
	NoRollback bool   `help:"Keep the state of evaluations that end in an Error."`
	budgets    `prefix:""`
}

// Run prints the results as one JSON array.
func (c *runCmd) Run(ctx context.Context, m Machine) error {
	script, err := project.ReadScript(c.Script)
	if err != nil {
		return &Exit{Code: ExitUsage, Err: err}
	}
	messages, err := os.ReadFile(c.Messages)
	if err != nil {
		return usage("--messages: %w", err)
	}
	var process []byte
	if c.Process != "" {
		if process, err = os.ReadFile(c.Process); err != nil {
			return usage("--process: %w", err)
		}
	}
	tune(c.limits(), 400)
	dir := filepath.Dir(c.Messages)
	out, err := aos.RunMessages(ctx, []byte(script), messages, process, aos.RunOptions{
		NoRollback: c.NoRollback, Limits: c.limits(), ScriptName: c.Script,
		File: func(name string) (string, error) {
			if filepath.IsAbs(name) || !filepath.IsLocal(name) {
				return "", errors.New("only files beside the messages can be named")
			}
			return project.ReadScript(filepath.Join(dir, name))
		},
	})
	if err != nil {
		if ctx.Err() != nil {
			return &Exit{Code: ExitMachine, Err: errors.New("interrupted")}
		}
		return usage("%s: %w", c.Messages, err)
	}
	if _, err := m.Stdout.Write(append(out, '\n')); err != nil {
		return machine("writing the results: %w", err)
	}
	return nil
}
