package engine

import (
	"context"
	"fmt"

	"patchbay/engine/ao"
	"patchbay/engine/journal"
	"patchbay/patchdev"
)

// Replay runs the whole schedule of a process against a new text of its script
// and adopts the outcome as a new branch; the old branch stays (DESIGN S2). What
// is scheduled meanwhile waits, and comes to the new branch.
func (e *Engine) Replay(ctx context.Context, pid, source string) (Comparison, error) {
	c := Comparison{First: -1}
	p, err := e.process(pid)
	if err != nil {
		return c, err
	}
	if err := e.writable(); err != nil {
		return c, err
	}
	err = p.call(ctx, p.scheduled.Load(), func(w *worker) error {
		run, cancel := e.bound(ctx)
		defer cancel()
		return w.replayAs(run, source, &c)
	})
	if err != nil {
		return c, fmt.Errorf("replay process %s: %w", pid, e.translate(err))
	}
	// What the adoption changed is in place once the goroutine gets to its next job.
	return c, p.call(ctx, -1, func(*worker) error { return nil })
}

// replayAs does the work of Replay on the process's goroutine.
func (w *worker) replayAs(ctx context.Context, source string, c *Comparison) (err error) {
	p, e := w.p, w.p.e
	r, err := p.rerunOf(ctx, rootsOfAll)
	if err != nil {
		return err
	}
	defer r.close()
	var own int64
	if r.instead, own, err = p.instead(ctx, r.branch, source); err != nil {
		return err
	}
	oldRoot := p.head.Load().root
	old, _ := e.j.Branch(r.branch)
	branch := journal.Branch{
		Process: p.num, Parent: r.branch, Fork: r.last, Own: own, Quiet: old.Quiet,
		Name: e.branchName(p, "replay"), Created: e.o.Clock(),
	}
	if err := e.j.Do(ctx, func(tx *journal.Tx) (err error) {
		if branch, err = tx.AddBranch(branch, true); err != nil {
			return err
		}
		for _, en := range r.instead {
			en.Branch = branch.Num
			if err := tx.PutMessage(en); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = e.j.Do(e.ctx, func(tx *journal.Tx) error { return tx.Drop(branch.Num) })
		}
	}()
	w.slots, w.bytes = 0, 0
	var batch []*save
	put := func() error {
		list := batch
		batch = nil
		return e.j.Do(ctx, func(tx *journal.Tx) error {
			for _, s := range list {
				if err := tx.PutResult(s.record); err != nil {
					return err
				}
				if err := tx.PutFold(s.fold); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err := r.run(ctx, func(o *outcomeOf) error {
		c.compare(ctx, p, o)
		if o.entry.Slot%progressEvery == 0 || o.entry.Slot == r.last {
			e.emit(ao.Event{Kind: ao.ReplayProgress, Process: p.id, Slot: o.entry.Slot, Total: r.last})
		}
		if o.entry.Slot < own {
			return nil
		}
		now := e.o.Clock()
		o.slot.At = now
		p.outgoing(o.slot, routeNever) // notes that nothing is delivered
		o.fold.Branch = branch.Num
		s := &save{p: p, slot: o.slot, fold: o.fold, record: journal.Record{
			Branch: branch.Num, Slot: o.entry.Slot, Outcome: o.outcome, Digest: o.digest, Engine: Version,
			At: now, View: r.v.num, Delivered: o.slot.Delivered,
			Result: journal.AppendResult(nil, &o.slot.Result, p.base(o.slot.Root)),
		}}
		w.checkpoint(&s.fold, o.before, o.slot.Root)
		if batch = append(batch, s); len(batch) == chunk {
			return put()
		}
		return nil
	}); err != nil {
		return err
	}
	if err := put(); err != nil {
		return err
	}
	c.Keys = patchdev.Diff(oldRoot, r.root)
	vm, root, last := r.vm, r.root, r.last
	if err := e.j.Do(ctx, func(tx *journal.Tx) error {
		if err := tx.Finish(branch.Num); err != nil {
			return err
		}
		// What was sent while the replay ran belongs to the branch that is shown.
		if err := tx.MoveTail(r.branch, branch.Num, last); err != nil {
			return err
		}
		if err := e.remember(tx, "Replay of "+p.title(), inverse{Active: []place{{Process: p.num, Branch: p.active.Load()}}}); err != nil {
			return err
		}
		return e.activate(tx, p, branch.Num, func(w *worker) {
			w.dispose()
			w.vm, w.at = vm, last
			p.mu.Lock()
			p.shown = branch.Num
			p.window.reset(last + 1)
			p.head.Store(&headState{last, root})
			p.diverged, p.doubts = nil, nil
			p.changedLocked()
			p.mu.Unlock()
		})
	}); err != nil {
		return err
	}
	r.vm = nil // it is the process's now
	return nil
}
