// Package engine is a local AO: it schedules messages, computes them in slot
// order, routes what they send between the processes it knows, and remembers
// everything in a journal (DESIGN §2).
//
// # A slot
//
// Send appends the message to the journal in the next slot of the process's active
// branch, and returns when that is synced. The process's goroutine evaluates it,
// applies its patches to the root, and shows the new root at once. The result, what
// it changed and the messages it sends to local processes go into the journal
// together, in one transaction: a slot that has a result has delivered, one that has
// none will be computed again, so every message arrives exactly once whatever breaks
// off in between (DESIGN S5).
//
// # Memory and disk
//
// The newest slots of a process are in memory, all are in the journal: their results,
// their changes, an index of the changes by path, and a full root now and then. Any
// root is put together from the nearest full one. Tables that a script sends whole
// with every patch are stored as what differs from the root.
//
// # Branches
//
// A process has branches, of which one is active. A branch shares the slots of its
// parent up to where it was forked; a replay with a changed script is a branch that
// has some messages of its own among the shared ones. Nothing is ever deleted, so
// that every change of what is active can be undone.
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
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"patchbay/engine/ao"
	"patchbay/engine/journal"
	"patchbay/patchdev"
)

// Version names how this engine computes. Digests carry it, because a newer
// engine may answer differently on purpose (DESIGN S6).
const Version = "2"

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

// What ends an evaluation from outside.
var (
	errStopped  = errors.New("stopped by the user")
	errSwitched = errors.New("another branch was made active")
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

// Engine is a local AO. See the package comment for who may call what.
type Engine struct {
	o      Options
	j      *journal.Journal
	ctx    context.Context
	cancel context.CancelFunc
	wg     sync.WaitGroup
	closed atomic.Bool
	once   sync.Once
	err    error

	mu    sync.RWMutex // guards order and byID
	order []*process
	byID  map[string]*process

	view atomic.Pointer[view]
	// refold makes one SetProfile wait for another.
	refold sync.Mutex
	subs   subscribers
	roots  *lru.Cache[rootKey, *rootGroup]
	// delivered counts deliveries by root message; used on the journal's writing
	// goroutine only.
	delivered map[string]int
	retry     retrier
	follow    *follower // nil when the journal can be written
}

// view is a profile with its number in the journal.
type view struct {
	profile patchdev.Profile
	num     int64
}

// rollbackSetting remembers how the VMs of a journal treat errors.
const rollbackSetting = "engine/no-rollback"

// Open opens the journal, restores every process's newest root and results, and
// starts their goroutines, which rebuild the Lua state by replay while everything
// else answers already. ctx bounds the opening only; Close ends the engine.
func Open(ctx context.Context, o Options) (*Engine, error) {
	if o.NewVM == nil {
		return nil, errors.New("engine: Options.NewVM is missing")
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Profile.Name == "" {
		o.Profile = patchdev.Current()
	}
	o.MaxDepth = defaultTo(o.MaxDepth, 256)
	o.MaxDeliveries = defaultTo(o.MaxDeliveries, 10_000)
	o.Window = defaultTo(o.Window, 2_048)
	j, err := journal.Open(ctx, o.Journal, journal.Options{ReadOnly: o.ReadOnly, Program: "patchbay engine " + Version, Clock: o.Clock})
	if err != nil {
		return nil, err
	}
	e := &Engine{o: o, j: j, byID: map[string]*process{}, delivered: map[string]int{}}
	e.ctx, e.cancel = context.WithCancel(context.Background())
	if e.roots, err = lru.New[rootKey, *rootGroup](maxGroups); err == nil {
		err = e.restore(ctx)
	}
	if err != nil {
		e.cancel()
		j.Close()
		return nil, err
	}
	for _, p := range e.order {
		e.start(p)
	}
	if _, second := j.ReadOnly(); second {
		e.follow = &follower{e: e}
		e.wg.Go(e.follow.run)
	}
	if o.Ticks != nil && !e.isReadOnly() {
		e.wg.Go(e.cron)
	}
	return e, nil
}

func defaultTo(n, d int) int {
	if n == 0 {
		return d
	}
	return n
}

// restore reads the processes with their newest roots.
func (e *Engine) restore(ctx context.Context) error {
	v, err := e.viewOf(ctx, e.o.Profile)
	if err != nil {
		return err
	}
	e.view.Store(v)
	if err := e.checkRollback(ctx); err != nil {
		return err
	}
	list, err := e.j.Processes(ctx)
	if err != nil {
		return err
	}
	for _, row := range list {
		p := e.newProcess(row)
		if err := p.restore(ctx); err != nil {
			return fmt.Errorf("process %s %s: %w", row.Name, row.ID, err)
		}
		e.order = append(e.order, p)
		e.byID[p.id] = p
	}
	return nil
}

// viewOf returns the number of a profile; a new one is written to the journal.
func (e *Engine) viewOf(ctx context.Context, p patchdev.Profile) (*view, error) {
	n, err := e.j.View(ctx, p.Name)
	if err == nil && n == 0 && !e.isReadOnly() {
		err = e.j.Do(ctx, func(tx *journal.Tx) (err error) {
			n, err = tx.View(p.Name)
			return err
		})
	}
	return &view{p, n}, err
}

func (e *Engine) checkRollback(ctx context.Context) error {
	want := fmt.Sprint(e.o.NoRollback)
	was, found, err := e.j.Setting(ctx, rollbackSetting)
	if err != nil {
		return err
	}
	if !found && !e.isReadOnly() {
		return e.SetSetting(ctx, rollbackSetting, want)
	}
	if found && was != want {
		e.o.NoRollback = was == "true"
		return fmt.Errorf("journal %s was made with no-rollback %s, and replays only so: open it with the same", e.j.Path(), was)
	}
	return nil
}

// start starts the goroutine of a process.
func (e *Engine) start(p *process) { e.wg.Go(p.run) }

// Close stops the processes, writes what is left to write and closes the
// journal. No goroutine of the engine is left when it returns. An evaluation
// that is under way is broken off and computed again after the next Open.
func (e *Engine) Close() error {
	e.once.Do(func() {
		e.mu.Lock() // no process is started any more
		e.closed.Store(true)
		e.mu.Unlock()
		e.cancel()
		e.wg.Wait()
		e.retry.stop()
		e.saveAgain()
		e.err = e.j.Close()
		e.subs.closeAll()
	})
	return e.err
}

// ReadOnly says whether nothing can be sent, and why.
func (e *Engine) ReadOnly() (reason string, readOnly bool) { return e.j.ReadOnly() }

func (e *Engine) isReadOnly() bool {
	_, ro := e.j.ReadOnly()
	return ro
}

// writable refuses what would change something when that cannot be.
func (e *Engine) writable() error {
	if e.closed.Load() {
		return ErrClosed
	}
	if why, ro := e.j.ReadOnly(); ro {
		return fmt.Errorf("%w: %s", ErrReadOnly, why)
	}
	return nil
}

// process finds a process that was not removed.
func (e *Engine) process(pid string) (*process, error) {
	e.mu.RLock()
	p := e.byID[pid]
	e.mu.RUnlock()
	if p == nil || p.removed.Load() {
		return nil, fmt.Errorf("process %s: %w", pid, ErrNoProcess)
	}
	return p, nil
}

// Processes lists the processes in the order in which they were made.
func (e *Engine) Processes() []ao.ProcessInfo {
	e.mu.RLock()
	defer e.mu.RUnlock()
	out := make([]ao.ProcessInfo, 0, len(e.order))
	for _, p := range e.order {
		if !p.removed.Load() {
			out = append(out, p.describe())
		}
	}
	return out
}

// Process describes one process.
func (e *Engine) Process(pid string) (ao.ProcessInfo, bool) {
	p, err := e.process(pid)
	if err != nil {
		return ao.ProcessInfo{}, false
	}
	return p.describe(), true
}

// ByName describes the newest process with this name.
func (e *Engine) ByName(name string) (ao.ProcessInfo, bool) {
	list := e.Processes()
	for i := len(list) - 1; i >= 0; i-- {
		if list[i].Name == name {
			return list[i], true
		}
	}
	return ao.ProcessInfo{}, false
}

// Head is the newest computed slot (-1: none) and its root. It never waits.
func (e *Engine) Head(pid string) (slot int64, root *patchdev.Table, ok bool) {
	p, err := e.process(pid)
	if err != nil {
		return -1, nil, false
	}
	h := p.head.Load()
	return h.slot, h.root, true
}

// Scheduled is the number of the last scheduled slot, -1 if there is none.
func (e *Engine) Scheduled(pid string) int64 {
	p, err := e.process(pid)
	if err != nil {
		return -1
	}
	return p.scheduled.Load()
}

// Profile returns how patches are applied now.
func (e *Engine) Profile() patchdev.Profile { return e.view.Load().profile }
