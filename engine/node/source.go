package node

import (
	"context"
	"errors"

	"patchbay/engine/ao"
	"patchbay/patchdev"
)

// Errors that a [Source] returns, wrapped, so that the node can choose the
// status that a real node would answer.
var (
	// ErrNoProcess: there is no process with this id (404).
	ErrNoProcess = errors.New("no such process")
	// ErrNoSlot: the slot is not scheduled (404), or has no result.
	ErrNoSlot = errors.New("no such slot")
	// ErrNoMessage: there is no message with this id (404).
	ErrNoMessage = errors.New("no such message")
	// ErrBadMessage: the message cannot be scheduled (400).
	ErrBadMessage = errors.New("the message cannot be scheduled")
	// ErrDuplicate: the message is scheduled already; the Receipt is that of the
	// first (200, as a real scheduler answers).
	ErrDuplicate = errors.New("the message is scheduled already")
	// ErrReadOnly: nothing can be sent now (503).
	ErrReadOnly = errors.New("nothing can be sent")
	// ErrNameTaken: another process has this name (409).
	ErrNameTaken = errors.New("the name is taken")
)

// Source is what the node serves: processes, their schedules and their roots.
// app wires it to the engine; tests have their own.
//
// Every method may be called from many goroutines at once. Processes, Process,
// Head, Scheduled and Profile must not wait for a computing script or the disk.
// The others end when their context does. What a Source returns is shared and
// never changed. Its methods have the names and meanings of engine.Engine's, so
// that an adapter has only Send, Spawn, Subscribe and the errors to translate.
type Source interface {
	// Processes lists the processes in the order in which they were made.
	Processes() []ao.ProcessInfo
	// Process describes one process.
	Process(pid string) (ao.ProcessInfo, bool)
	// Head is the newest computed slot (-1: none) and its root.
	Head(pid string) (slot int64, root *patchdev.Table, ok bool)
	// Scheduled is the last scheduled slot, -1 if there is none.
	Scheduled(pid string) int64
	// Profile is the profile by which patches are applied and answers are given.
	Profile() patchdev.Profile

	// WaitScheduled waits until every slot that is scheduled now has a root, and
	// returns the newest of them and its root: what `now` means.
	WaitScheduled(ctx context.Context, pid string) (int64, *patchdev.Table, error)
	// Wait returns a slot when it is computed.
	Wait(ctx context.Context, pid string, slot int64) (*ao.Slot, error)
	// Slot returns a computed slot, Root the root after it.
	Slot(ctx context.Context, pid string, n int64) (*ao.Slot, error)
	Root(ctx context.Context, pid string, n int64) (*patchdev.Table, error)
	// Schedule returns the scheduled messages from..to (both included) as far as
	// they exist; the i-th has slot from+i.
	Schedule(ctx context.Context, pid string, from, to int64) ([]ao.Message, error)
	// Message finds a scheduled message by its id.
	Message(ctx context.Context, id string) (m ao.Message, pid string, slot int64, err error)

	// Send schedules a message and returns when that is durable.
	Send(ctx context.Context, pid string, m ao.Message) (Receipt, error)
	// DryRun evaluates a message and throws the state away.
	DryRun(ctx context.Context, pid string, m ao.Message) (*ao.Slot, error)
	// Spawn makes a process and returns when slot 0 is computed.
	Spawn(ctx context.Context, r SpawnRequest) (ao.ProcessInfo, error)

	// Subscribe begins to collect events: of one process, or of all when process
	// is "". The caller must Close what it gets.
	Subscribe(process string) Events
}

// Receipt says at which slot a message was scheduled, and its id.
type Receipt struct {
	Slot int64
	ID   string
}

// SpawnRequest asks for a new process.
type SpawnRequest struct {
	// Name may be empty. Source is the script's text; Script the path from which it
	// comes, if it comes from a file.
	Name, Source, Script string
	// Owner signs the process message, "" for the project's default owner.
	Owner string
	Tags  []ao.Tag
	// Message, when not nil, is the process message verbatim (a signed data item);
	// its id is the process id.
	Message *ao.Message
}

// Events is a queue of events that never blocks whoever fills it.
type Events interface {
	// C receives a value when there is something to drain.
	C() <-chan struct{}
	// Drain takes all events collected so far, oldest first.
	Drain() []ao.Event
	Close()
}
