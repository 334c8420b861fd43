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
	// instead are messages that take the place of those in the schedule.
	instead map[int64]journal.Entry
	vm      ao.VM
	root    *patchdev.Table
	entry0  journal.Entry
}

// rerunOf prepares a rerun of everything that is computed.
func (p *process) rerunOf(ctx context.Context) (*rerun, error) {
	last := p.head.Load().slot
	if !p.e.isReadOnly() {
		if err := p.await(ctx, func() bool { return p.written(last) }); err != nil {
			return nil, err
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return &rerun{
		p: p, v: p.view.Load(), branch: p.shown, last: min(last, p.head.Load().slot),
		root: patchdev.EmptyTable(),
	}, nil
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
	slot    *ao.Slot
	fold    journal.Fold
	before  *patchdev.Table
	digest  [32]byte
	outcome journal.Outcome
	old     journal.Record
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

func (r *rerun) step(ctx context.Context, e journal.Entry, old journal.Record) (*outcomeOf, error) {
	o := &outcomeOf{entry: e, old: old}
	if e.Slot == 0 {
		r.entry0 = e
	}
	res, err := r.result(ctx, e, old, o)
	if err != nil {
		return nil, err
	}
	o.digest, o.before = digest(res), r.root
	o.slot, o.fold = r.p.slot(r.v, r.root, e, res)
	r.root = o.slot.Root
	return o, nil
}

func (r *rerun) result(ctx context.Context, e journal.Entry, old journal.Record, o *outcomeOf) (*ao.Result, error) {
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
