package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"

	"patchbay/engine/lua53"
)

type luaCmd struct {
	budgets `prefix:""`
	File    string   `arg:"" help:"The Lua file." placeholder:"FILE"`
	Args    []string `arg:"" optional:"" passthrough:"" help:"What the script finds in its arg table and as its varargs."`
}

// Run runs a plain Lua file; print goes to stdout, an error is printed as lua5.3
// prints it.
func (c *luaCmd) Run(ctx context.Context, m Machine) error {
	out := bufio.NewWriterSize(m.Stdout, 64<<10)
	l := c.limits()
	tune(l, 400)
	err := lua53.RunFile(ctx, c.File, c.Args, out, lua53.Options{
		Limits: lua53.Limits{Gas: l.Gas, Alloc: l.Alloc, Heap: l.Heap, Object: l.Object},
	})
	if flushed := out.Flush(); flushed != nil && err == nil {
		return machine("writing to standard output: %w", flushed)
	}
	var path *fs.PathError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &path):
		return usage("%s: %w", c.File, path.Err)
	default:
		fmt.Fprintln(m.Stderr, lua53.Report(err))
		return &Exit{Code: ExitScript}
	}
}
