// Package engine is a local AO: it schedules messages, computes them in slot
// order, routes what they send between the processes it knows, and remembers
// everything in a journal (DESIGN §2).
//
// # Goroutines
//
// Every method of [Engine] may be called from any goroutine. Each process has
// one goroutine of its own, which alone touches the process's VM; the journal
// has one goroutine that writes. [Engine.Head], [Engine.Process],
// [Engine.Processes], [Engine.ByName] and [Engine.Scheduled] never wait for a
// computing script nor for the disk. Values that the engine hands out are shared
// and must not be changed.
package engine

import (
	"context"
	"errors"
	"time"

	"patchbay/engine/ao"
	"patchbay/patchdev"
)

// Errors that callers tell apart with errors.Is. The errors returned wrap them
// and name the place and the remedy.
var (
	// ErrNoProcess: the engine knows no process with this id or name.
	ErrNoProcess = errors.New("no such process")
	// ErrNoSlot: the slot is not scheduled, or not computed yet where that is asked.
	ErrNoSlot = errors.New("no such slot")
	// ErrNoBranch: the process has no branch with this name.
	ErrNoBranch = errors.New("no such branch")
	// ErrClosed: the engine was closed.
	ErrClosed = errors.New("the engine is closed")
	// ErrReadOnly: the journal was opened for reading only.
	ErrReadOnly = errors.New("the journal is open read-only")
	// ErrDuplicate: a message with this id is in the schedule already; the Receipt
	// returned with it is that of the first.
	ErrDuplicate = errors.New("a message with this id is scheduled already")
	// ErrBadMessage: the message cannot be scheduled.
	ErrBadMessage = errors.New("the message cannot be scheduled")
	// ErrNameTaken: a process, branch or snapshot has this name already.
	ErrNameTaken = errors.New("the name is taken")
	// ErrNothingToUndo: no operation is left that could be undone.
	ErrNothingToUndo = errors.New("nothing to undo")
)

// Module is a script that a process can be spawned from by name.
type Module struct {
	// Script is the path of the script in its project, Source its text.
	Script, Source string
}

// Options say how an engine works. NewVM must be given; every other field may
// be zero.
type Options struct {
	// Journal is the path of the journal's file, made if it is not there;
	// ":memory:" or "" keeps nothing.
	Journal string
	// NewVM returns the maker of VMs of a flavour ("aos", "lua@5.3a").
	NewVM func(flavour string) (ao.NewVM, bool)
	// Profile is how patches are applied; zero is patchdev.Current().
	Profile patchdev.Profile
	// Clock gives messages their time. nil is time.Now.
	Clock func() time.Time
	// Ticks, when not nil, makes the engine look for due cron messages at every
	// value received, which is taken as the time. Whoever made the channel stops it.
	Ticks <-chan time.Time
	// Limits bound one evaluation.
	Limits ao.Limits
	// NoRollback says that NewVM makes VMs that keep the state after an error. The
	// journal remembers it, because a replay needs the same.
	NoRollback bool
	// ReadOnly opens the journal for reading; nothing can be sent. Open also falls
	// back to it when another Patchbay holds the journal: see [Engine.ReadOnly].
	ReadOnly bool
	// Modules finds the script that a process names when it spawns another one. nil
	// knows none: such a process is an empty aos.
	Modules func(name string) (Module, bool)
	// MaxDepth is how many deliveries may follow one another from one root message
	// (0: 256), MaxDeliveries how many there may be of one root in all (0: 10,000).
	MaxDepth, MaxDeliveries int
	// Window is how many computed slots of a process stay in memory (0: 2,048).
	// Older ones are read from the journal.
	Window int
}

// SpawnRequest asks for a new process.
type SpawnRequest struct {
	// Name may be empty; names need not be unique, [Engine.ByName] returns the
	// newest.
	Name string
	// Source is the script: boot code of an aos process (tag On-Boot: Data), or the
	// module of a raw one. Empty is an aos process without a script.
	Source string
	// Script is the path of the script in its project, "" when it came as text.
	Script string
	// Owner signs the process message. Empty is the address of "owner".
	Owner string
	// Tags go into the process message; those that a process needs and which are
	// not given are added (Data-Protocol, Variant, Type, Module, Scheduler,
	// Authority, Name, On-Boot; device-stack and patch-from for a raw process: DESIGN S4).
	Tags []ao.Tag
	// ID is the process id; empty derives one (DESIGN S1).
	ID string
	// Message, when not nil, is the process message verbatim (a signed data item,
	// a recording): its Tags and Data are used, no tag is added. Its ID is the
	// process id.
	Message *ao.Message
}

// Receipt says where a message was scheduled.
type Receipt struct {
	Slot int64  `json:"slot"`
	ID   string `json:"id"`
}

// Head is the newest computed slot of a process, as [Engine.Head] returns it.
type headState struct {
	slot int64
	root *patchdev.Table
}

var errNotYet = errors.New("engine: being written")

// Open opens the journal, restores every process's newest root and results, and
// starts their goroutines, which rebuild the Lua state by replay while everything
// else answers already. ctx bounds the opening only; Close ends the engine.
func Open(ctx context.Context, o Options) (*Engine, error) { return nil, errNotYet }

// Engine is a local AO. See the package comment for who may call what.
type Engine struct{}

// Close stops the processes, writes what is left to write and closes the
// journal. No goroutine of the engine is left when it returns. An evaluation
// that is under way is broken off and computed again after the next Open.
func (e *Engine) Close() error { return errNotYet }

// Spawn makes a process: it schedules the process message at slot 0 and returns
// when that is computed. Errors of the script are in slot 0, not returned.
func (e *Engine) Spawn(ctx context.Context, r SpawnRequest) (ao.ProcessInfo, error) {
	return ao.ProcessInfo{}, errNotYet
}

// Send schedules a message for a process and returns when it is durable. Empty
// fields are filled in: ID, Owner, Target, Timestamp, BlockHeight.
func (e *Engine) Send(ctx context.Context, pid string, m ao.Message) (Receipt, error) {
	return Receipt{}, errNotYet
}

// Wait returns a slot when it is computed and what it sent to local processes is
// scheduled there.
func (e *Engine) Wait(ctx context.Context, pid string, slot int64) (*ao.Slot, error) {
	return nil, errNotYet
}

// WaitScheduled waits until every slot that is scheduled now has a root, and
// returns the newest of these slots' numbers (-1: none) and its root: what `now` means.
func (e *Engine) WaitScheduled(ctx context.Context, pid string) (int64, *patchdev.Table, error) {
	return -1, nil, errNotYet
}

// DryRun evaluates a message after all that is scheduled and throws the state
// away. The slot returned has the number that the message would have had; nothing
// is stored, nothing is delivered.
func (e *Engine) DryRun(ctx context.Context, pid string, m ao.Message) (*ao.Slot, error) {
	return nil, errNotYet
}

// Run evaluates an edited text in a process: an Eval from its Owner (DESIGN S2).
func (e *Engine) Run(ctx context.Context, pid, source string) (Receipt, error) {
	return Receipt{}, errNotYet
}

// Replay runs the whole schedule of a process against a new text of its script
// and adopts the outcome as a new branch; the old branch stays (DESIGN S2).
func (e *Engine) Replay(ctx context.Context, pid, source string) (Comparison, error) {
	return Comparison{}, errNotYet
}

// Reset makes a new branch with slot 0 only.
func (e *Engine) Reset(ctx context.Context, pid string) error { return errNotYet }

// ResetTo makes a new branch that ends with the slot.
func (e *Engine) ResetTo(ctx context.Context, pid string, slot int64) error { return errNotYet }

// Stop ends the evaluation that is under way, if any; the slot's outcome is that
// it was stopped, and is journalled as such (DESIGN S7).
func (e *Engine) Stop(pid string) bool { return false }

// Remove takes a process out of the list. Undo brings it back.
func (e *Engine) Remove(ctx context.Context, pid string) error { return errNotYet }

// Rename gives a process another name. Undo takes it back.
func (e *Engine) Rename(ctx context.Context, pid, name string) error { return errNotYet }

// Processes lists the processes in the order in which they were made.
func (e *Engine) Processes() []ao.ProcessInfo { return nil }

// Process describes one process.
func (e *Engine) Process(pid string) (ao.ProcessInfo, bool) { return ao.ProcessInfo{}, false }

// ByName describes the newest process with this name.
func (e *Engine) ByName(name string) (ao.ProcessInfo, bool) { return ao.ProcessInfo{}, false }

// Head is the newest computed slot (-1: none) and its root. It never waits.
func (e *Engine) Head(pid string) (slot int64, root *patchdev.Table, ok bool) {
	return -1, nil, false
}

// Scheduled is the number of the last scheduled slot, -1 if there is none.
func (e *Engine) Scheduled(pid string) int64 { return -1 }

// Slot returns a computed slot of the active branch.
func (e *Engine) Slot(ctx context.Context, pid string, n int64) (*ao.Slot, error) {
	return nil, errNotYet
}

// Root returns the root after a computed slot.
func (e *Engine) Root(ctx context.Context, pid string, n int64) (*patchdev.Table, error) {
	return nil, errNotYet
}

// Slots returns the computed slots from..to (both included) as far as they exist.
func (e *Engine) Slots(ctx context.Context, pid string, from, to int64) ([]*ao.Slot, error) {
	return nil, errNotYet
}

// Schedule returns the scheduled messages from..to (both included), computed or
// not; the i-th has slot from+i.
func (e *Engine) Schedule(ctx context.Context, pid string, from, to int64) ([]ao.Message, error) {
	return nil, errNotYet
}

// Message finds a scheduled message by its id, and the process and slot at which
// it was scheduled first.
func (e *Engine) Message(ctx context.Context, id string) (m ao.Message, pid string, slot int64, err error) {
	return m, "", -1, errNotYet
}

// Profile returns how patches are applied now.
func (e *Engine) Profile() patchdev.Profile { return patchdev.Profile{} }

// SetProfile changes how patches are applied; every process folds its history
// again in the background (DESIGN S10) and shows its old roots until it is done.
func (e *Engine) SetProfile(ctx context.Context, p patchdev.Profile) error { return errNotYet }

// ReadOnly says whether nothing can be sent, and why.
func (e *Engine) ReadOnly() (reason string, readOnly bool) { return "", false }
