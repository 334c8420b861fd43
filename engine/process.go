package engine

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"

	"patchbay/engine/ao"
	"patchbay/engine/journal"
	"patchbay/patchdev"
)

// maxPending is how many scheduled messages of a process wait in memory; more
// are read from the journal when it is their turn.
const maxPending = 1_024

// maxUnsaved is how many computed slots may wait to be written before the
// process pauses.
const maxUnsaved = 4_096

// headState is the newest computed slot of a process.
type headState struct {
	slot int64
	root *patchdev.Table
}

// process is one process. Its goroutine alone uses the worker.
type process struct {
	e       *Engine
	num     int64
	id      string
	env     ao.Env
	flavour string
	stack   patchdev.ApplyOptions // without profile and slot

	head      atomic.Pointer[headState]
	view      atomic.Pointer[view]
	scheduled atomic.Int64
	removed   atomic.Bool
	// active is the branch that messages are scheduled on; changed on the journal's
	// writing goroutine only.
	active atomic.Int64
	// newest is the newest time of a message in milliseconds.
	newest atomic.Int64
	wake   chan struct{}

	mu      sync.Mutex
	row     journal.Process
	branch  int64 // the branch that the goroutine is to compute
	shown   int64 // the branch that head and window are of: branch, but for a moment after a change
	pending entryQueue
	jobs    []job
	window  window
	unsaved []*save
	// changed is closed at the next change of head, window or unsaved; nil when nobody waits.
	changed  chan struct{}
	stop     context.CancelCauseFunc // of the evaluation under way, nil when none is
	diverged *VerifyReport
	// doubts are the faults found in what is recorded; who subscribes later is told too.
	doubts []ao.Event
}

// keepPending is up to how many places of an empty queue are kept.
const keepPending = 256

// entryQueue is a queue of scheduled messages without a gap. It uses its memory
// again when it was emptied, unless it was long.
type entryQueue struct {
	list []journal.Entry
	at   int // of the first in list
}

// push adds an entry, unless there are many or those before it are missing; then
// it is read from the journal when it is its turn.
func (q *entryQueue) push(e journal.Entry) {
	n := len(q.list)
	if n-q.at < maxPending && (n == q.at || q.list[n-1].Slot+1 == e.Slot) {
		q.list = append(q.list, e)
	}
}

// get returns the entry of a slot, if it is there.
func (q *entryQueue) get(slot int64) (e journal.Entry, found bool) {
	for i := len(q.list) - 1; i >= q.at; i-- { // the newest is the one that is asked for
		if q.list[i].Slot == slot {
			return q.list[i], true
		}
	}
	return e, false
}

// take drops the entries before a slot and returns that of the slot, if it is there.
func (q *entryQueue) take(slot int64) (e journal.Entry, found bool) {
	for q.at < len(q.list) && q.list[q.at].Slot <= slot && !found {
		e, found = q.list[q.at], q.list[q.at].Slot == slot
		q.list[q.at] = journal.Entry{}
		q.at++
	}
	switch {
	case q.at == len(q.list):
		if q.list, q.at = q.list[:0], 0; cap(q.list) > keepPending {
			q.list = nil
		}
	case q.at >= maxPending:
		n := copy(q.list, q.list[q.at:])
		clear(q.list[n:])
		q.list, q.at = q.list[:n], 0
	}
	return e, found
}

// job is something that the process's goroutine does between two slots, not
// before the slot after is computed.
type job struct {
	after int64
	take  bool // takes over a branch
	do    func(w *worker)
}

// newProcess makes a process from its row.
func (e *Engine) newProcess(row journal.Process) *process {
	p := &process{
		e: e, num: row.Num, id: row.ID, row: row, branch: row.Active, shown: row.Active, flavour: row.Flavour,
		wake: make(chan struct{}, 1),
		env:  ao.Env{ID: row.ID, Owner: row.Owner, Tags: row.Tags, ModuleID: row.Module},
	}
	p.stack = patchdev.StackOptions(row.Flavour, func(name string) (string, bool) {
		for _, t := range row.Tags {
			if strings.EqualFold(t.Name, name) {
				return t.Value, true
			}
		}
		return "", false
	})
	p.head.Store(&headState{-1, patchdev.EmptyTable()})
	p.scheduled.Store(-1)
	p.view.Store(e.view.Load())
	p.active.Store(row.Active)
	p.removed.Store(row.Removed)
	return p
}

// restore loads the newest root of the active branch. The process's goroutine
// calls it later again, when another branch was made active.
func (p *process) restore(ctx context.Context) error {
	p.mu.Lock()
	num := p.branch
	p.mu.Unlock()
	b, ok := p.e.j.Branch(num)
	if !ok {
		return ErrNoBranch
	}
	v, err := p.e.foldedView(ctx, b)
	if err != nil {
		return err
	}
	if v.num != p.e.view.Load().num && !p.e.isReadOnly() {
		p.post(-1, func(w *worker) { w.refold(p.e.view.Load()) })
	}
	root := patchdev.EmptyTable()
	var doubts []ao.Event
	if b.Computed >= 0 {
		root, err = p.e.rootAt(ctx, v, b.Num, b.Computed)
		if errors.Is(err, journal.ErrDamaged) && root != nil {
			doubts = []ao.Event{{Kind: ao.Fault, Process: p.id, Slot: b.Computed, Text: fmt.Sprintf(
				"what is shown of the newest state may be wrong: %v; Verify tells where it begins, Replay and Reset compute it anew", err)}}
		} else if err != nil {
			return err
		}
	}
	if last, err := p.e.j.Entries(ctx, b.Num, b.Next-1, b.Next-1); err != nil {
		return err
	} else if len(last) == 1 {
		p.newest.Store(last[0].Message.Timestamp)
	}
	p.mu.Lock()
	p.window.reset(b.Computed + 1)
	p.shown = num
	p.view.Store(v)
	p.head.Store(&headState{b.Computed, root})
	p.scheduled.Store(max(p.scheduled.Load(), b.Next-1))
	p.diverged, p.doubts = nil, doubts
	p.mu.Unlock()
	for _, d := range doubts {
		p.e.emit(d)
	}
	return nil
}

func (p *process) describe() ao.ProcessInfo {
	h := p.head.Load()
	p.mu.Lock()
	defer p.mu.Unlock()
	info := ao.ProcessInfo{
		ID: p.id, Name: p.row.Name, Owner: p.row.Owner, Script: p.row.Script, Tags: p.row.Tags,
		Slot: p.scheduled.Load(), Computed: h.slot, Flavour: p.flavour, Created: p.row.Created,
	}
	if b, ok := p.e.j.Branch(p.branch); ok {
		info.Branch = b.Name
	}
	return info
}

// enqueue tells the process of a message that is durable. It is called on the
// journal's writing goroutine, in slot order.
func (p *process) enqueue(e journal.Entry) {
	p.mu.Lock()
	if e.Branch == p.branch {
		p.scheduled.Store(e.Slot)
		p.pending.push(e)
	}
	p.mu.Unlock()
	p.signal()
	p.e.emit(ao.Event{Kind: ao.SlotScheduled, Process: p.id, Slot: e.Slot})
}

func (p *process) signal() {
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

// post gives the process's goroutine something to do.
func (p *process) post(after int64, do func(w *worker)) {
	p.mu.Lock()
	p.jobs = append(p.jobs, job{after: after, do: do})
	p.mu.Unlock()
	p.signal()
}

// call posts a job and waits for it. A job that was not begun when ctx ends, or
// the engine closes, is not done.
func (p *process) call(ctx context.Context, after int64, do func(w *worker) error) error {
	done := make(chan error, 1)
	var state atomic.Int32 // 1 begun, 2 given up
	p.post(after, func(w *worker) {
		if state.CompareAndSwap(0, 1) {
			done <- do(w)
		}
	})
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	case <-p.e.ctx.Done():
	}
	if state.CompareAndSwap(0, 2) {
		if p.e.ctx.Err() != nil {
			return ErrClosed
		}
		return ctx.Err()
	}
	return <-done
}

// changedLocked wakes who waits for the process. p.mu is held.
func (p *process) changedLocked() {
	if p.changed != nil {
		close(p.changed)
		p.changed = nil
	}
}

// await waits until ready, called with p.mu held, returns true.
func (p *process) await(ctx context.Context, ready func() bool) error {
	for {
		p.mu.Lock()
		if ready() {
			p.mu.Unlock()
			return nil
		}
		if p.changed == nil {
			p.changed = make(chan struct{})
		}
		c := p.changed
		p.mu.Unlock()
		select {
		case <-c:
		case <-ctx.Done():
			return ctx.Err()
		case <-p.e.ctx.Done():
			return ErrClosed
		}
	}
}

// settled says whether what a slot sends is scheduled. p.mu is held.
func (p *process) settled(slot int64) bool {
	for _, u := range p.unsaved {
		if u.slot.Number == slot && u.record.Branch == p.branch {
			return !u.delivers()
		}
	}
	return true
}

// written says whether every slot up to one is in the journal. p.mu is held.
func (p *process) written(slot int64) bool {
	return len(p.unsaved) == 0 || p.unsaved[0].slot.Number > slot
}

// window holds the newest computed slots of a process, without a gap.
type window struct {
	first   int64
	slots   []*ao.Slot
	digests [][32]byte
}

// reset empties the window; the next slot to come is first.
func (w *window) reset(first int64) { *w = window{first: first} }

func (w *window) get(n int64) (*ao.Slot, bool) {
	if i := n - w.first; i >= 0 && i < int64(len(w.slots)) {
		return w.slots[i], true
	}
	return nil, false
}

// add appends a slot and drops old ones, as long as they are below saved.
func (w *window) add(s *ao.Slot, digest [32]byte, limit int, saved int64) {
	w.slots = append(w.slots, s)
	w.digests = append(w.digests, digest)
	// Dropping many at once keeps the cost of each small.
	if len(w.slots) < limit+limit/4+16 {
		return
	}
	drop := min(int64(len(w.slots)-limit), saved-w.first)
	if drop > 0 {
		w.slots = append([]*ao.Slot(nil), w.slots[drop:]...)
		w.digests = append([][32]byte(nil), w.digests[drop:]...)
		w.first += drop
	}
}
