package engine

import (
	"context"
	"errors"
	"fmt"

	"patchbay/engine/ao"
	"patchbay/engine/journal"
	"patchbay/patchdev"
)

// Difference is one slot whose outcome is another than the recorded one.
type Difference struct {
	Slot     int64
	Old, New *ao.Slot
}

// maxDifferences is how many differences a Comparison holds.
const maxDifferences = 100

// Comparison says how a replay differs from what is recorded: "3 of 128 results
// differ, first at 57; 2 keys of the final cache differ".
type Comparison struct {
	// Slots is how many slots were compared, Results how many results differ.
	Slots, Results int64
	// First is the first slot that differs, -1 when none does.
	First int64
	// Differences are the first slots that differ, at most 100.
	Differences []Difference
	// Keys are the places at which the last roots differ.
	Keys []patchdev.Change
}

// String is the comparison in one sentence.
func (c Comparison) String() string {
	if c.Results == 0 && len(c.Keys) == 0 {
		return fmt.Sprintf("all %d results are the same", c.Slots)
	}
	verb, keys := "differ", "keys of the final state differ"
	if c.Results == 1 {
		verb = "differs"
	}
	if len(c.Keys) == 1 {
		keys = "key of the final state differs"
	}
	s := fmt.Sprintf("%d of %d results %s", c.Results, c.Slots, verb)
	if c.First >= 0 {
		s += fmt.Sprintf(", first at %d", c.First)
	}
	return s + fmt.Sprintf("; %d %s", len(c.Keys), keys)
}

// VerifyReport is what a replay of one process against its recorded digests found.
type VerifyReport struct {
	Process string
	Slots   int64
	// First is the first slot that differs, -1 when none does; Difference holds both.
	First      int64
	Difference *Difference
}

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

// compare counts a slot in a comparison.
func (c *Comparison) compare(ctx context.Context, p *process, o *outcomeOf) {
	c.Slots++
	if o.outcome == o.old.Outcome && (o.outcome != journal.Computed || o.digest == o.old.Digest) {
		return
	}
	c.Results++
	if c.First < 0 {
		c.First = o.entry.Slot
	}
	if len(c.Differences) < maxDifferences {
		old, err := p.e.Slot(ctx, p.id, o.entry.Slot)
		if err != nil {
			old = nil
		}
		c.Differences = append(c.Differences, Difference{o.entry.Slot, old, o.slot})
	}
}

// instead finds the messages that load the process's script, and replaces the
// first by the new text; the others do nothing (DESIGN S2).
func (p *process) instead(ctx context.Context, branch int64, source string) (map[int64]journal.Entry, int64, error) {
	loads, err := p.e.j.Loads(ctx, branch)
	if err != nil {
		return nil, 0, err
	}
	script, first := p.script(), int64(-1)
	out := map[int64]journal.Entry{}
	for _, e := range loads {
		if e.Script != script {
			continue
		}
		if first < 0 {
			first = e.Slot
			e.Message.Data = patchdev.String(source)
			e.Outcome = journal.Computed
		} else {
			e.Outcome = journal.Skipped
		}
		out[e.Slot] = e
	}
	if first < 0 {
		return nil, 0, fmt.Errorf("process %s: %w: no slot loads its script yet: use Run", p.id, ErrBadMessage)
	}
	return out, first, nil
}

// Shadow runs the whole schedule against a new text of the script beside the
// process, which is not disturbed, and compares. Cancel ctx to break it off.
func (e *Engine) Shadow(ctx context.Context, pid, source string) (Comparison, error) {
	c := Comparison{First: -1}
	p, err := e.process(pid)
	if err != nil {
		return c, err
	}
	ctx, cancel := e.bound(ctx)
	defer cancel()
	r, err := p.rerunOf(ctx)
	if err != nil {
		return c, err
	}
	defer r.close()
	if r.instead, _, err = p.instead(ctx, r.branch, source); err != nil {
		return c, err
	}
	if err := r.run(ctx, func(o *outcomeOf) error {
		c.compare(ctx, p, o)
		return nil
	}); err != nil {
		return c, err
	}
	old, err := e.rootAt(ctx, r.v, r.branch, r.last)
	if err != nil {
		return c, err
	}
	c.Keys = patchdev.Diff(old, r.root)
	return c, nil
}

// bound makes a context that ends with the engine too.
func (e *Engine) bound(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	stop := context.AfterFunc(e.ctx, cancel)
	return ctx, func() { stop(); cancel() }
}

// Verify replays a process beside itself and compares every slot with what is
// recorded.
func (e *Engine) Verify(ctx context.Context, pid string) (VerifyReport, error) {
	rep := VerifyReport{Process: pid, First: -1}
	p, err := e.process(pid)
	if err != nil {
		return rep, err
	}
	ctx, cancel := e.bound(ctx)
	defer cancel()
	r, err := p.rerunOf(ctx)
	if err != nil {
		return rep, err
	}
	defer r.close()
	c := Comparison{First: -1}
	if err := r.run(ctx, func(o *outcomeOf) error {
		c.compare(ctx, p, o)
		if c.First >= 0 {
			return errEnough
		}
		return nil
	}); err != nil && !errors.Is(err, errEnough) {
		return rep, err
	}
	rep.Slots, rep.First = c.Slots, c.First
	if len(c.Differences) > 0 {
		rep.Difference = &c.Differences[0]
	}
	return rep, nil
}

// errEnough ends a rerun that found what it was to find.
var errEnough = errors.New("enough")

// Coverage runs a slot again, instrumented, and returns how often each line of
// the script ran.
func (e *Engine) Coverage(ctx context.Context, pid string, slot int64) (map[int]int, error) {
	p, err := e.process(pid)
	if err != nil {
		return nil, err
	}
	if _, _, err := p.computed(slot); err != nil {
		return nil, err
	}
	ctx, cancel := e.bound(ctx)
	defer cancel()
	r, err := p.rerunOf(ctx)
	if err != nil {
		return nil, err
	}
	defer r.close()
	r.last = slot - 1
	if err := r.run(ctx, func(*outcomeOf) error { return nil }); err != nil {
		return nil, err
	}
	list, err := e.j.Entries(ctx, r.branch, slot, slot)
	if err != nil || len(list) == 0 {
		return nil, errors.Join(err, fmt.Errorf("process %s, slot %d: %w", pid, slot, ErrNoSlot))
	}
	if r.vm == nil {
		if slot == 0 {
			r.entry0 = list[0]
		}
		if r.vm, err = p.machine(moduleText(r.entry0)); err != nil {
			return nil, err
		}
	}
	return cover(ctx, r.vm, message(p.flavour, list[0]), slot)
}

func cover(ctx context.Context, vm ao.VM, m *ao.Message, slot int64) (lines map[int]int, err error) {
	defer func() {
		if p := recover(); p != nil {
			lines, err = nil, fmt.Errorf("%w: %v", errVM, p)
		}
	}()
	return vm.Coverage(ctx, m, slot)
}

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
	r, err := p.rerunOf(ctx)
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
		p.outgoing(o.slot, true) // notes that nothing is delivered
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
			p.diverged = nil
			p.changedLocked()
			p.mu.Unlock()
		})
	}); err != nil {
		return err
	}
	r.vm = nil // it is the process's now
	return nil
}
