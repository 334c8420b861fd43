package engine

import (
	"context"
	"fmt"

	"patchbay/engine/ao"
	"patchbay/engine/journal"
	"patchbay/patchdev"
)

// SetProfile changes how patches are applied; every process folds its history
// again in the background (DESIGN S10) and shows its old roots until it is done.
func (e *Engine) SetProfile(ctx context.Context, p patchdev.Profile) error {
	if err := e.writable(); err != nil {
		return err
	}
	e.refold.Lock()
	defer e.refold.Unlock()
	v, err := e.viewOf(ctx, p)
	if err != nil {
		return e.translate(err)
	}
	e.view.Store(v)
	e.mu.RLock()
	defer e.mu.RUnlock()
	for _, p := range e.order {
		p.post(-1, func(w *worker) { w.refold(v) })
	}
	return nil
}

// foldedView is the engine's profile if the branch was folded with it to its
// end, otherwise another one for which that holds.
func (e *Engine) foldedView(ctx context.Context, b journal.Branch) (*view, error) {
	v := e.view.Load()
	if b.Computed < 0 {
		return v, nil
	}
	if last, err := e.j.FoldedTo(ctx, v.num, b.Num); err != nil || last >= b.Computed {
		return v, err
	}
	names, err := e.j.Views(ctx)
	if err != nil {
		return nil, err
	}
	for num, name := range names {
		last, err := e.j.FoldedTo(ctx, num, b.Num)
		if err != nil {
			return nil, err
		}
		if profile, ok := patchdev.ProfileByName(name); ok && last >= b.Computed {
			return &view{profile, num}, nil
		}
	}
	return v, nil // rootAt will tell
}

// refold applies the outbox of every slot again, with another profile, and then
// shows the roots that this gives.
func (w *worker) refold(v *view) {
	p := w.p
	if p.view.Load().num == v.num || p.e.view.Load() != v {
		return
	}
	w.begin()
	if err := w.refoldAll(v); err != nil {
		w.fault(fmt.Sprintf("apply profile %s", v.profile.Name), err)
	}
}

func (w *worker) refoldAll(v *view) error {
	p, ctx := w.p, w.p.e.ctx
	head := p.head.Load().slot
	if err := p.await(ctx, func() bool { return p.written(head) }); err != nil {
		return err
	}
	p.mu.Lock()
	branch := p.shown
	p.mu.Unlock()
	at, err := p.e.j.FoldedTo(ctx, v.num, branch)
	if err != nil {
		return err
	}
	root, err := p.e.rootAt(ctx, v, branch, min(at, head))
	if err != nil {
		return err
	}
	old := p.view.Load()
	w.slots, w.bytes = 0, 0
	for at < head {
		list, err := p.e.loadBranch(ctx, p, old, branch, at+1, min(head, at+chunk))
		if err != nil {
			return err
		}
		var folds []journal.Fold
		for _, s := range list {
			c := *s
			f := p.fold(v, root, &c)
			f.Branch, _ = p.e.resultBranch(branch, c.Number)
			w.checkpoint(&f, root, c.Root)
			root, at = c.Root, c.Number
			folds = append(folds, f)
		}
		if err := p.e.j.Do(ctx, func(tx *journal.Tx) error {
			for _, f := range folds {
				if err := tx.PutFold(f); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return err
		}
		p.e.emit(ao.Event{Kind: ao.ReplayProgress, Process: p.id, Slot: at, Total: head, Text: "profile " + v.profile.Name})
	}
	p.mu.Lock()
	p.view.Store(v)
	p.window.reset(head + 1)
	p.head.Store(&headState{head, root})
	p.changedLocked()
	p.mu.Unlock()
	p.e.emit(ao.Event{Kind: ao.ScriptReloaded, Process: p.id, Slot: head, Text: "profile " + v.profile.Name})
	return nil
}

// resultBranch is the branch in which the result of a slot lies.
func (e *Engine) resultBranch(branch, slot int64) (int64, bool) {
	for _, s := range e.j.ResultSegments(branch, slot, slot) {
		return s.Branch, true
	}
	return branch, false
}

// checkpoint adds to a fold what only the journal needs: the changes encoded, the
// digest of the root, the full root when it is time.
func (w *worker) checkpoint(f *journal.Fold, before, root *patchdev.Table) {
	f.Hash = patchdev.Hash(root)
	if len(f.Changes) > 0 {
		f.Encoded = journal.AppendChanges(nil, f.Changes, before)
	}
	w.slots++
	w.bytes += int64(len(f.Encoded))
	if w.slots >= rootSlots && w.bytes >= w.full/2 {
		f.Root = root
		w.slots, w.bytes = 0, 0
		w.full = int64(len(journal.AppendValue(nil, root)))
	}
}
