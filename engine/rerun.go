package engine

import (
	"context"
	"fmt"

	"patchbay/engine/ao"
	"patchbay/engine/journal"
	"patchbay/patchdev"
)

// rerun is a run of a schedule beside the process, in a VM of its own. It touches
// nothing of the process.
type rerun struct {
	p      *process
	v      *view
	branch int64
	last   int64
	roots  rootsOf
	// instead are messages that take the place of those in the schedule.
	instead map[int64]journal.Entry
	vm      ao.VM
	// root is what the slots so far led to. With rootsWhereDifferent it is nil while
	// that is what is recorded.
	root   *patchdev.Table
	entry0 journal.Entry
}

// rootsOf says of which slots a rerun makes the root. The outbox of a slot whose
// result is the recorded one need not be applied to know what comes out.
type rootsOf int

const (
	rootsOfAll rootsOf = iota
	rootsWhereDifferent
	rootsOfNone
)

// rerunOf prepares a rerun of everything that is computed.
func (p *process) rerunOf(ctx context.Context, roots rootsOf) (*rerun, error) {
	last := p.head.Load().slot
	if !p.e.isReadOnly() {
		if err := p.await(ctx, func() bool { return p.written(last) }); err != nil {
			return nil, err
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	r := &rerun{p: p, v: p.view.Load(), branch: p.shown, last: min(last, p.head.Load().slot), roots: roots}
	if roots == rootsOfAll {
		r.root = patchdev.EmptyTable()
	}
	return r, nil
}

func (r *rerun) close() {
	if r.vm != nil {
		closeVM(r.vm)
		r.vm = nil
	}
}

// outcomeOf is one slot of a rerun.
type outcomeOf struct {
	entry   journal.Entry
	result  *ao.Result
	digest  [32]byte
	outcome journal.Outcome
	old     journal.Record
	// slot, fold and the root before are there if the root was made: see rootsOf.
	slot   *ao.Slot
	fold   journal.Fold
	before *patchdev.Table
}

// same says whether the result is the recorded one.
func (o *outcomeOf) same() bool {
	return o.outcome == o.old.Outcome && (o.outcome != journal.Computed || o.digest == o.old.Digest)
}

// run evaluates the slots up to and including last and gives each to f.
func (r *rerun) run(ctx context.Context, f func(*outcomeOf) error) error {
	j := r.p.e.j
	for at := int64(0); at <= r.last; {
		to := min(r.last, at+chunk-1)
		entries, err := j.Entries(ctx, r.branch, at, to)
		if err != nil {
			return err
		}
		old, err := j.Digests(ctx, r.branch, at, to)
		if err != nil {
			return err
		}
		if int64(len(entries)) != to-at+1 || len(old) != len(entries) {
			return fmt.Errorf("process %s: slots %d to %d are not all in the journal: %w", r.p.id, at, to, ErrNoSlot)
		}
		for i, e := range entries {
			if x, ok := r.instead[e.Slot]; ok {
				e = x
				e.Branch = entries[i].Branch
			}
			o, err := r.step(ctx, e, old[i])
			if err != nil {
				return err
			}
			if err := f(o); err != nil {
				return err
			}
		}
		at = to + 1
	}
	return nil
}

func (r *rerun) step(ctx context.Context, e journal.Entry, old journal.Record) (_ *outcomeOf, err error) {
	o := &outcomeOf{entry: e, old: old}
	if e.Slot == 0 {
		r.entry0 = e
	}
	if o.result, err = r.evaluate(ctx, e, old, o); err != nil || r.roots == rootsOfNone {
		return o, err
	}
	o.digest = digest(o.result)
	if r.roots == rootsOfAll {
		o.before = r.root
		o.slot, o.fold = r.p.slot(r.v, r.root, e, o.result)
		r.root = o.slot.Root
		return o, nil
	}
	return o, r.different(ctx, o)
}

// different makes the root of a slot if it is, or may be, another than recorded.
func (r *rerun) different(ctx context.Context, o *outcomeOf) error {
	if r.root == nil && o.same() {
		return nil
	}
	n := o.entry.Slot
	if o.before = r.root; r.root == nil {
		var err error
		if o.before, err = r.p.e.rootAt(ctx, r.v, r.branch, n-1); err != nil {
			return err
		}
	}
	o.slot, o.fold = r.p.slot(r.v, o.before, o.entry, o.result)
	r.root = o.slot.Root
	if o.same() && len(o.slot.Changes) == 0 {
		return nil // it was another before, and is so still
	}
	folds, err := r.p.e.j.Folds(ctx, r.v.num, r.branch, n, n)
	if err != nil {
		return err
	}
	if len(folds) == 1 && folds[0].Hash == patchdev.Hash(o.slot.Root) {
		r.root = nil // the same again
	}
	return nil
}

// end is the root after the last slot, given the recorded one.
func (r *rerun) end(recorded *patchdev.Table) *patchdev.Table {
	if r.root == nil {
		return recorded
	}
	return r.root
}

func (r *rerun) evaluate(ctx context.Context, e journal.Entry, old journal.Record, o *outcomeOf) (*ao.Result, error) {
	// A slot that a user stopped, or that broke the VM down, did nothing then and
	// does nothing now: it need not end this time either.
	o.outcome = e.Outcome
	if old.Outcome == journal.Stopped || old.Outcome == journal.Broken {
		o.outcome = old.Outcome
	}
	if o.outcome != journal.Computed {
		return &ao.Result{Error: outcomeText[o.outcome], Limit: limitOf(o.outcome)}, nil
	}
	if r.vm == nil {
		vm, err := r.p.machine(moduleText(r.entry0))
		if err != nil {
			return nil, err
		}
		r.vm = vm
	}
	res, err := evaluate(ctx, r.vm, message(r.p.flavour, e), e.Slot, false)
	if err != nil {
		if ctx.Err() != nil {
			err = ctx.Err()
		}
		return nil, fmt.Errorf("process %s, slot %d: %w", r.p.id, e.Slot, err)
	}
	return res, nil
}
