// Package cli is Patchbay without a display: its commands, its settings, and
// the wiring of project, engine, journal and HTTP server into a [Session]. It
// links no OpenGL; the window is handed in by main.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/alecthomas/kong"
)

// Exit codes (DESIGN §6). Each comes with one line that says what to do.
const (
	ExitGood    = 0
	ExitScript  = 1 // the script or a test failed
	ExitUsage   = 2 // the command line was wrong
	ExitMachine = 3 // port taken, disk full, no display
)

// Exit is an error that knows its exit code. A nil Err means that everything
// was already said.
type Exit struct {
	Code int
	Err  error
}

// Error returns the text of the error inside.
func (e *Exit) Error() string {
	if e.Err == nil {
		return fmt.Sprintf("exit %d", e.Code)
	}
	return e.Err.Error()
}

// Unwrap returns the error inside.
func (e *Exit) Unwrap() error { return e.Err }

func usage(format string, args ...any) error {
	return &Exit{Code: ExitUsage, Err: fmt.Errorf(format, args...)}
}

func machine(format string, args ...any) error {
	return &Exit{Code: ExitMachine, Err: fmt.Errorf(format, args...)}
}

// Machine is the outside world as the commands see it.
type Machine struct {
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	// Window opens the desktop and returns when it is closed. A build without a
	// window hands in a function that fails with [ErrNoWindow].
	Window func(ctx context.Context, o WindowOptions) error
}

// ErrNoWindow says that this binary was built without the window, or that there
// is no display to open it on.
var ErrNoWindow = errors.New("no window")

type commands struct {
	Window  windowCmd  `cmd:"" default:"withargs" help:"Open the window on a project folder (without one: the last project, the first time the example)."`
	Serve   serveCmd   `cmd:"" help:"Run the engine and its HTTP server without a window."`
	Run     runCmd     `cmd:"" help:"Run a list of messages through a script and print the results as JSON."`
	Lua     luaCmd     `cmd:"" help:"Run a plain Lua 5.3 file in the sandboxed VM."`
	Export  exportCmd  `cmd:"" help:"Write a project as one file of JSON lines: files, messages of all branches, snapshots."`
	Import  importCmd  `cmd:"" help:"Make a project of such a file."`
	Version versionCmd `cmd:"" help:"Print the version."`
}

// Main runs the command line args (without the program's name) and returns the
// exit code. It returns when the command is done or ctx is cancelled.
func Main(ctx context.Context, args []string, m Machine) int {
	var c commands
	stop := -1
	parser, err := kong.New(
		&c,
		kong.Name("patchbay"),
		kong.Description("A workbench for AO processes in Lua: edit, send, and see what a HyperBEAM node would answer."),
		kong.Writers(m.Stdout, m.Stderr),
		kong.Exit(func(code int) { stop = code }),
		kong.UsageOnError(),
		kong.Vars{"port": fmt.Sprint(DefaultPort)},
	)
	if err != nil {
		fmt.Fprintln(m.Stderr, "patchbay:", err)
		return ExitMachine
	}
	k, err := parser.Parse(args)
	if stop >= 0 { // --help
		return stop
	}
	if err != nil {
		fmt.Fprintf(m.Stderr, "patchbay: %v (patchbay --help lists the commands)\n", err)
		return ExitUsage
	}
	k.BindTo(ctx, (*context.Context)(nil))
	err = k.Run(m)
	if err == nil {
		return ExitGood
	}
	var exit *Exit
	if !errors.As(err, &exit) {
		exit = &Exit{Code: ExitMachine, Err: err}
	}
	if exit.Err != nil {
		fmt.Fprintln(m.Stderr, "patchbay:", strings.TrimSpace(exit.Err.Error()))
	}
	return exit.Code
}
