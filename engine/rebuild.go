package engine

import (
	"context"
	"errors"
	"fmt"

	"patchbay/engine/ao"
	"patchbay/engine/journal"
)

// progressEvery is after how many replayed slots the progress is told.
const progressEvery = 64

// rebuild replays one slot into the VM and compares its outcome with what is
// recorded. It says whether there may be more to do.
func (w *worker) rebuild() bool {
	if err := w.replayOne(w.p.e.ctx); err != nil {
		if w.p.e.ctx.Err() == nil {
			w.fault(fmt.Sprintf("rebuild the Lua state at slot %d", w.at+1), err)
		}
		return false
	}
	return true
}

// ready replays until the VM has the state of head.
func (w *worker) ready(ctx context.Context) error {
	for w.at < w.p.head.Load().slot {
		if err := w.replayOne(ctx); err != nil {
			return err
		}
	}
	if w.vm == nil { // every slot so far broke the VM down, or there is none
		return fmt.Errorf("process %s has no Lua state: %s", w.p.id, w.broken)
	}
	return nil
}

// replayOne replays the slot after at.
func (w *worker) replayOne(ctx context.Context) error {
	p := w.p
	want, head := w.at+1, p.head.Load().slot
	if len(w.replay) == 0 || w.replay[0].Slot != want {
		p.mu.Lock()
		branch := p.branch
		p.mu.Unlock()
		var err error
		to := min(head, want+chunk-1)
		if w.replay, err = p.e.j.Entries(ctx, branch, want, to); err != nil {
			return err
		}
		if w.stored, err = p.e.j.Digests(ctx, branch, want, to); err != nil {
			return err
		}
		if len(w.replay) == 0 || w.replay[0].Slot != want {
			return fmt.Errorf("slot %d is not in the journal: %w", want, journal.ErrNotFound)
		}
	}
	e := w.replay[0]
	var st *journal.Record
	if len(w.stored) > 0 && w.stored[0].Slot == want {
		st = &w.stored[0]
	}
	if err := w.feed(ctx, e, st); err != nil {
		return err
	}
	w.at = want
	w.replay = w.replay[1:]
	if st != nil {
		w.stored = w.stored[1:]
	}
	if want%progressEvery == 0 || want == head {
		p.e.emit(ao.Event{Kind: ao.ReplayProgress, Process: p.id, Slot: want, Total: head})
	}
	if want == head {
		w.replay, w.stored = nil, nil
		w.compare()
		<-w.comparing // the state is there once it is known to be the right one
	}
	return nil
}

// replayed is a slot that was evaluated again and is still to be compared.
type replayed struct {
	entry  journal.Entry
	result *ao.Result
	stored journal.Record
}

// compareEvery is how many replayed slots are compared together.
const compareEvery = 64

// compare has what was replayed compared with what is recorded, beside the goroutine
// of the process, which evaluates the next slots meanwhile.
func (w *worker) compare() {
	list, before, done := w.uncompared, w.comparing, make(chan struct{})
	w.uncompared, w.comparing = nil, done
	go func() {
		defer close(done)
		if before != nil {
			<-before
		}
		for i := range list {
			w.p.check(&list[i])
		}
	}()
}

// check compares one slot. The first that differs is told.
func (p *process) check(r *replayed) {
	if digest(r.result) == r.stored.Digest {
		return
	}
	p.mu.Lock()
	first := p.diverged == nil
	p.mu.Unlock()
	if first {
		p.diverge(p.e.ctx, r.entry, r.result, &r.stored)
	}
}

// feed evaluates a message that was evaluated before.
func (w *worker) feed(ctx context.Context, e journal.Entry, st *journal.Record) error {
	p := w.p
	if w.vm == nil {
		source := moduleText(e)
		if e.Slot != 0 && p.flavour == flavourRaw {
			first, err := p.e.j.Entries(ctx, e.Branch, 0, 0)
			if err != nil || len(first) == 0 {
				return fmt.Errorf("read the module of process %s: %w", p.id, errors.Join(err, journal.ErrNotFound))
			}
			source = moduleText(first[0])
		}
		vm, err := p.machine(source)
		if err != nil {
			w.tellBroken(err)
			if st != nil && st.Outcome == journal.Broken || w.known[e.Slot] == journal.Broken {
				return nil
			}
			return err
		}
		w.vm, w.broken = vm, ""
	}
	if e.Outcome != journal.Computed || st != nil && st.Outcome != journal.Computed || w.known[e.Slot] != journal.Computed {
		return nil // it did not change the state then
	}
	res, err := evaluate(ctx, w.vm, message(p.flavour, e), e.Slot, false)
	if err != nil {
		if errors.Is(err, errVM) {
			w.dispose()
		}
		return err
	}
	if st != nil {
		if w.uncompared = append(w.uncompared, replayed{e, res, *st}); len(w.uncompared) >= compareEvery {
			if w.comparing != nil {
				<-w.comparing // no more than one batch ahead
			}
			w.compare()
		}
	}
	return nil
}

// diverge reports that a replay gave something else than is recorded. What is
// recorded stays what is shown; the state goes on from the replay.
func (p *process) diverge(ctx context.Context, e journal.Entry, res *ao.Result, st *journal.Record) {
	d := &Difference{Slot: e.Slot}
	if old, err := p.e.Slot(ctx, p.id, e.Slot); err == nil {
		d.Old = old
		before := &headState{}
		if before.root, err = p.e.Root(ctx, p.id, e.Slot-1); err == nil {
			d.New, _ = p.slot(p.view.Load(), before.root, e, res)
		}
	}
	r := &VerifyReport{Process: p.id, Slots: p.head.Load().slot + 1, First: e.Slot, Difference: d}
	by := ""
	if st.Engine != Version {
		by = fmt.Sprintf(" (it was recorded by version %s of the engine, this is %s)", st.Engine, Version)
	}
	doubt := ao.Event{Kind: ao.Fault, Process: p.id, Slot: e.Slot, Text: fmt.Sprintf(
		"the replay gives another result than is recorded, first at slot %d%s: the recorded one is shown; compare both, then Replay or Reset", e.Slot, by)}
	p.mu.Lock()
	p.diverged, p.doubts = r, append(p.doubts, doubt)
	p.mu.Unlock()
	p.e.emit(doubt)
}

// Divergence returns what the replay at opening found to differ, if anything.
func (e *Engine) Divergence(pid string) (VerifyReport, bool) {
	p, err := e.process(pid)
	if err != nil {
		return VerifyReport{}, false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.diverged == nil {
		return VerifyReport{}, false
	}
	return *p.diverged, true
}
