package engine

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"patchbay/engine/ao"
	"patchbay/engine/journal"
)

// followEvery is how often an engine that may only read looks whether the one that
// writes has written. Looking is one small read of shared memory.
const followEvery = 200 * time.Millisecond

// follower keeps an engine that may only read at what the writing one has in the
// journal: processes, branches, slots, roots.
type follower struct {
	e *Engine
	// mu makes one round wait for another.
	mu sync.Mutex
	// stale says that the last round failed and has to be done again.
	stale bool
	// told is the last failure told, so that each is told once.
	told string
}

// run looks now and then until the engine is closed.
func (f *follower) run() {
	tick := time.NewTicker(followEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-f.e.ctx.Done():
			return
		}
		f.look(f.e.ctx)
	}
}

// look takes over what was written since it was called last. Failures are told and
// tried again the next time: what was taken over before stays.
func (f *follower) look(ctx context.Context) {
	f.mu.Lock()
	defer f.mu.Unlock()
	changed, err := f.e.j.Changed(ctx)
	if err == nil && (changed || f.stale) {
		f.stale = true
		if err = f.round(ctx); err == nil {
			f.stale = false
		}
	}
	switch {
	case ctx.Err() != nil:
	case err == nil:
		f.told = ""
	case f.told != err.Error():
		f.told = err.Error()
		f.e.emit(ao.Event{Kind: ao.Fault, Text: "what another Patchbay writes cannot be followed: " + f.told})
	}
}

// round compares every process with the journal.
func (f *follower) round(ctx context.Context) error {
	e := f.e
	rows, err := e.j.Processes(ctx)
	if err != nil {
		return err
	}
	// After the processes, so that the branch of each is there.
	if err := e.j.Reload(ctx); err != nil {
		return err
	}
	var errs []error
	for _, row := range rows {
		e.mu.RLock()
		p := e.byID[row.ID]
		e.mu.RUnlock()
		if p == nil {
			err = f.added(ctx, row)
		} else {
			f.row(p, row)
			err = f.process(ctx, p, row.Active)
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("process %s: %w", row.ID, err))
		}
	}
	return errors.Join(errs...)
}

// added makes a process that is new.
func (f *follower) added(ctx context.Context, row journal.Process) error {
	e := f.e
	p := e.newProcess(row)
	if err := p.restore(ctx); err != nil {
		return err
	}
	e.mu.Lock()
	e.order = append(e.order, p)
	e.byID[p.id] = p
	if !e.closed.Load() {
		e.start(p)
	}
	e.mu.Unlock()
	e.emit(ao.Event{Kind: ao.ProcessAdded, Process: p.id})
	return nil
}

// row takes over what a process is called, and whether it was removed.
func (f *follower) row(p *process, row journal.Process) {
	p.mu.Lock()
	renamed := p.row.Name != row.Name || p.row.Script != row.Script
	row.Active = p.row.Active
	p.row = row
	p.mu.Unlock()
	if was := p.removed.Swap(row.Removed); was != row.Removed {
		kind := ao.ProcessAdded
		if row.Removed {
			kind = ao.ProcessRemoved
		}
		p.e.emit(ao.Event{Kind: kind, Process: p.id})
		p.signal()
	} else if renamed {
		p.e.emit(ao.Event{Kind: ao.ProcessAdded, Process: p.id})
	}
}

// process takes over the slots of a process.
func (f *follower) process(ctx context.Context, p *process, active int64) error {
	b, ok := p.e.j.Branch(active)
	if !ok {
		return ErrNoBranch
	}
	p.mu.Lock()
	branch, shown := p.branch, p.shown
	p.mu.Unlock()
	if branch != active {
		p.active.Store(active)
		p.switchTo(b, nil)
		return nil
	}
	if shown != branch {
		return nil // the process's goroutine is about to take the branch over
	}
	if last := b.Next - 1; last > p.scheduled.Load() {
		p.scheduled.Store(last)
		p.e.emit(ao.Event{Kind: ao.SlotScheduled, Process: p.id, Slot: last})
	}
	for {
		head := p.head.Load()
		if head.slot >= b.Computed {
			return nil
		}
		if b.Computed-head.slot > int64(p.e.o.Window) {
			return f.leap(ctx, p, branch)
		}
		to := min(b.Computed, head.slot+chunk)
		v := p.view.Load()
		if last, err := p.e.j.FoldedTo(ctx, v.num, branch); err != nil {
			return err
		} else if last < to {
			return f.leap(ctx, p, branch) // the writer folds with another profile
		}
		list, err := p.e.loadBranch(ctx, p, v, branch, head.slot+1, to)
		if err != nil {
			return err
		}
		for _, s := range list {
			if !p.follow(branch, s) {
				return nil
			}
		}
	}
}

// leap goes to the newest slot without telling those in between.
func (f *follower) leap(ctx context.Context, p *process, branch int64) error {
	p.mu.Lock()
	same := p.branch == branch && p.shown == branch
	p.mu.Unlock()
	if !same {
		return nil
	}
	if err := p.restore(ctx); err != nil {
		return err
	}
	p.mu.Lock()
	p.changedLocked()
	p.mu.Unlock()
	p.e.emit(ao.Event{Kind: ao.Lost, Process: p.id})
	return nil
}

// follow shows a slot that another program computed.
func (p *process) follow(branch int64, s *ao.Slot) bool {
	p.mu.Lock()
	if p.branch != branch || p.shown != branch || p.head.Load().slot != s.Number-1 {
		p.mu.Unlock()
		return false
	}
	p.window.add(s, [32]byte{}, p.e.o.Window, s.Number)
	p.head.Store(&headState{s.Number, s.Root})
	p.changedLocked()
	p.mu.Unlock()
	p.e.emit(ao.Event{Kind: ao.SlotComputed, Process: p.id, Slot: s.Number, Computed: s})
	return true
}
