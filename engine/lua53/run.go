package lua53

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"patchbay/engine/lua53/syntax"
)

// RunFile runs a Lua file as the program lua5.3 would, inside of the sandbox:
// print and io.write go to out, the arguments are in the table arg and in the
// chunk's "...". Report turns its error into what lua5.3 prints.
func RunFile(ctx context.Context, path string, args []string, out io.Writer, o Options) error {
	text, err := os.ReadFile(path) //nolint:gosec // running the named file is the purpose
	if err != nil {
		return fmt.Errorf("cannot open %s: %w", path, err)
	}
	return RunSource(ctx, path, string(text), args, out, o)
}

// RunSource is RunFile for a text that is at hand.
func RunSource(ctx context.Context, path, source string, args []string, out io.Writer, o Options) error {
	if o.Print == nil {
		o.Print = func(line string) { _, _ = io.WriteString(out, line+"\n") }
	}
	if o.Write == nil {
		o.Write = func(text string) { _, _ = io.WriteString(out, text) }
	}
	o.HostFrame = true
	s := New(o)
	defer s.Close()
	arg := s.NewTable()
	s.Set(arg, MakeInt(0), lua.LString(path))
	var in []lua.LValue
	for i, a := range args {
		s.SetInt(arg, int64(i+1), lua.LString(a))
		in = append(in, lua.LString(a))
	}
	s.SetString(s.globals, "arg", arg)
	fn, err := s.Load(syntax.SkipShebang(source), "@"+path, "t", nil)
	if err != nil {
		return err
	}
	_, err = s.Call(ctx, fn, in...)
	return err
}

// Report is what the program lua5.3 prints for an error: the message, and the
// traceback of a runtime error.
func Report(err error) string {
	var e *Error
	if !errors.As(err, &e) {
		return "lua5.3: " + err.Error()
	}
	msg := "lua5.3: " + e.Error()
	if e.text != "" {
		return "lua5.3: " + e.text
	}
	if e.Traceback == "" {
		return msg
	}
	return msg + "\n" + strings.TrimSuffix(e.Traceback, "\n")
}
