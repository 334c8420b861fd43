// Package ui is the desktop window: it puts the panels of its subfolders
// together, carries what the engine tells to the UI goroutine, and runs what the
// user asks off it.
//
// It links no GL: app/window gives it a [fyne.Window] and everything else that it
// needs in [Deps]. Start reading at [New] and [Window.Attach].
package ui

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"patchbay/engine/ao"
	"patchbay/patchdev"
	"patchbay/ui/code"
	"patchbay/ui/compose"
	"patchbay/ui/inspect"
	"patchbay/ui/traffic"
)

// Deps is everything the window needs from outside. Do, Engine and Project must
// be set; what else is nil is simply not offered (its buttons are hidden).
type Deps struct {
	// Do queues f for the UI goroutine and returns at once (fyne.Do). It is called
	// from one goroutine per task and by the loop, never from the UI goroutine
	// with the expectation to wait.
	Do func(f func())
	// Now is the clock; nil is time.Now.
	Now func() time.Time
	// Random is where the variables {{uuid}} and {{random}} come from; nil is
	// math/rand/v2.
	Random func() uint64

	Engine  Engine
	Project Project
	Node    Node

	// Files reads and writes scripts (nil: files.Disk of ui/code/files), Drafts keeps
	// unsaved text over a crash (nil: none), Watch starts to watch open files and
	// calls changed from any goroutine; what it returns is closed with the window if
	// it is an io.Closer.
	Files  code.Files
	Drafts code.DraftStore
	Watch  func(changed func(path string)) (code.Watcher, error)

	// Settings remembers how the user likes the window; nil forgets at the end.
	Settings Settings
	// OpenURL opens a page in the user's browser.
	OpenURL func(*url.URL) error
	// Lint finds what is wrong in a script's text, and what a real node would do
	// otherwise. Called off the UI goroutine, debounced. file may be "".
	// nil: the syntax and the rules of package lint.
	Lint func(file, text string) []Problem
	// Templates are the kinds of process that "New process" offers; nil: those of
	// ui/templates.
	Templates []Template
	// SetTheme applies "system", "dark", "light" or "contrast", and a scale of 1 for 100 %.
	SetTheme func(mode string, scale float32)
	// Recent are project folders opened before, newest first; OpenProject opens
	// another one (in this or a new window), and fails with ErrNotProject for a folder
	// that is none. NewProject makes a project of a folder and opens it. Both may wait
	// and are called off the UI goroutine.
	Recent      []string
	OpenProject func(dir string) error
	NewProject  func(dir string) error
	// Version is shown in About, with a line for each of Versions.
	Version  string
	Versions []string
	// Quit ends the program after the window agreed (unsaved text was asked about).
	Quit func()
}

// Engine is the local AO as the window sees it; *engine.Engine satisfies it with
// thin adapters. Pids are 43-character process ids.
//
// Methods under "never wait" are called on the UI goroutine and must be reads of
// memory. All others are called on goroutines of their own with a context that is
// cancelled when the user gives up or the window closes.
type Engine interface {
	// Never wait.

	Processes() []ao.ProcessInfo
	// Head is the last computed slot (-1: none) and its root; false: no such process.
	Head(pid string) (slot int64, root *patchdev.Table, ok bool)
	// Scheduled is the last scheduled slot.
	Scheduled(pid string) int64
	// Profile and Profiles are names: "current", "2025-05", "2025-06".
	Profile() string
	Profiles() []string
	// Subscribe starts a feed of events of all processes.
	Subscribe() Feed

	// May wait.

	SetProfile(ctx context.Context, name string) error
	// Slots gives the computed slots from..to (both included) in order; nil
	// elements or missing ends are slots not computed yet.
	Slots(ctx context.Context, pid string, from, to int64) ([]*ao.Slot, error)
	// Root is the state tree after slot n.
	Root(ctx context.Context, pid string, n int64) (*patchdev.Table, error)
	// Send schedules m and returns its slot when it is durable.
	Send(ctx context.Context, pid string, m ao.Message) (slot int64, err error)
	// Wait returns slot n when it is computed.
	Wait(ctx context.Context, pid string, n int64) (*ao.Slot, error)
	// DryRun evaluates m without scheduling it: what it would do.
	DryRun(ctx context.Context, pid string, m ao.Message) (*ao.Slot, error)
	// Run evaluates the edited text as an Eval of the owner (DESIGN S2).
	Run(ctx context.Context, pid, source string) (slot int64, err error)
	// Replay runs the whole schedule against source and adopts it as a new branch.
	Replay(ctx context.Context, pid, source string) error
	// Reset goes back to slot 0 alone.
	Reset(ctx context.Context, pid string) error
	// Stop interrupts the evaluation that runs now.
	Stop(pid string)
	// Spawn makes a process.
	Spawn(ctx context.Context, r SpawnRequest) (ao.ProcessInfo, error)
}

// SpawnRequest describes a process to make. Owner is an address.
type SpawnRequest struct {
	Name, Script, Source, Owner string
	Tags                        []ao.Tag
}

// Feed is a coalescing queue of events that never holds the engine up.
type Feed interface {
	// C has a value when Drain has something to give.
	C() <-chan struct{}
	// Drain gives what happened since the last call, oldest first.
	Drain() []ao.Event
	Close()
}

// What an Engine may also be able to do. The window asks with a type assertion
// and hides the commands of what it cannot.
type (
	// Renamer gives a process another name.
	Renamer interface {
		Rename(ctx context.Context, pid, name string) error
	}
	// Forker copies a process with its schedule up to slot n under a new id.
	Forker interface {
		Fork(ctx context.Context, pid, name string, n int64) (ao.ProcessInfo, error)
	}
	// Remover deletes a process; undo brings it back as it was.
	Remover interface {
		Remove(ctx context.Context, pid string) (undo func(context.Context) error, err error)
	}
	// Coverer counts how often each line of the process's script ran in slot n.
	Coverer interface {
		Coverage(ctx context.Context, pid string, n int64) (map[int]int, error)
	}
	// Starter makes a new branch that ends with slot n, and shows it.
	Starter interface {
		StartBranch(ctx context.Context, pid string, n int64) (name string, err error)
	}
	// Comparer replays like Engine.Replay and says in a sentence how the outcome
	// differs from before.
	Comparer interface {
		ReplayCompared(ctx context.Context, pid, source string) (says string, err error)
	}
	// Verifier replays a process beside itself and says whether that gives what is
	// recorded: "replay verified", or where it differs.
	Verifier interface {
		VerifyReplay(ctx context.Context, pid string) (says string, same bool, err error)
	}
	// ReadOnlyer says whether nothing can be changed, and why: another Patchbay has the
	// project open, or the folder cannot be written. Never waits.
	ReadOnlyer interface {
		ReadOnly() (why string, readOnly bool)
	}
	// Porter writes accounts, processes and messages into a new file, and reads such
	// a file: all of it or nothing.
	Porter interface {
		ExportTo(ctx context.Context, path string) error
		ImportFrom(ctx context.Context, path string) error
	}
	// Brancher lists and switches the branches that replays made.
	Brancher interface {
		Branches(pid string) []string
		SwitchBranch(ctx context.Context, pid, branch string) error
	}
)

// MessageRemover is what a Project may also be able to do: delete a saved message.
type MessageRemover interface {
	RemoveMessage(name string) error
}

// Project is a folder of scripts. Paths are relative to it, with slashes. All
// methods but Name, Dir, Accounts and Variables may touch the disk and are called off the UI
// goroutine.
type Project interface {
	Name() string
	Dir() string
	// Accounts never waits. Order is the order in patchbay.toml.
	Accounts() []compose.Account
	// Variables are the project's own, for {{name}}. Never waits.
	Variables() []compose.Variable
	// Scripts lists the project's *.lua files.
	Scripts() ([]string, error)
	// Messages are the saved messages; files that cannot be read are told in err
	// and left alone while the rest is given.
	Messages() ([]compose.Saved, error)
	SaveMessage(compose.Saved) error
	// ProcessScript tells which script a process of the project was made from, "" for none.
	ProcessScript(p ao.ProcessInfo) string
	// AddProcess writes a new process into patchbay.toml, with its script. With an
	// empty text the script is there already and stays as it is.
	AddProcess(name, script, text string, messages []compose.Saved) error
}

// Node is the HTTP face.
type Node interface {
	// URL is where it listens ("http://127.0.0.1:8734"); Note says in a sentence
	// what the user should know about it ("Port 8734 was taken by another
	// program"). Both never wait.
	URL() string
	Note() string
	// Respond gives the exact answer to a request that starts at the path, without
	// a connection. May wait.
	Respond(ctx context.Context, method, path string, header http.Header) (inspect.Response, error)
	// Traffic gives the exchanges after id, oldest first, at most as many as the
	// node remembers, and how many there were since the start. Never waits.
	Traffic(after uint64) (list []traffic.Exchange, total uint64)
	// Captured gives the exchange with an id in full, nil when it is no longer kept: only
	// of the newest. Never waits.
	Captured(id uint64) *traffic.Captured
	// TrafficC has a value when there is new traffic.
	TrafficC() <-chan struct{}
}

// Settings is a small store of words. Implementations write in the background;
// both methods never wait. UI goroutine.
type Settings interface {
	Get(key string) string
	Set(key, value string)
}

// Severity says how bad a problem is.
type Severity int

// Severities, worst first.
const (
	Error Severity = iota
	Warning
	Hint
)

// Problem is an error or a lint with its place and its remedy.
type Problem struct {
	Severity Severity
	// Rule is the lint's id, "" for errors.
	Rule string
	// File and Line are the place in a script (Line and Col from 1, 0: not known).
	File      string
	Line, Col int
	// Process, Slot and Path are the place at run time. Slot is -1 for none.
	Process string
	Slot    int64
	Path    []string
	// Message says what is wrong and what to do. Why may explain at length.
	Message, Why string
}

// Template is a kind of process to start from.
type Template struct {
	Name, About, Source string
	Messages            []compose.Saved
	// Script is a script of the project that is there already; then Source is "".
	Script string
}
