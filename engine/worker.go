package engine

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"

	"patchbay/engine/ao"
	"patchbay/engine/journal"
)

// chunk is how many slots are read from the journal at once.
const chunk = 256

// worker is what the goroutine of a process works with. Nobody else touches it.
type worker struct {
	p  *process
	vm ao.VM
	// at is the slot up to which the VM's state is computed, -1 for a new VM.
	at int64
	// read are entries that were read from the journal, beginning after head.
	read []journal.Entry
	// stored are results that were read for a replay, to compare with.
	replay []journal.Entry
	stored []journal.Record
	// uncompared are slots that were replayed and not compared yet; comparing is closed
	// when those before them are.
	uncompared []replayed
	comparing  chan struct{}
	busy       bool
	// slots and bytes count what was written since the last full root, full is how
	// big that was.
	slots, bytes, full int64
	// known are outcomes of this session that a replay must not try again, in case
	// they are not in the journal yet.
	known map[int64]journal.Outcome
	// broken is why no VM can be made, to tell it once and not at every slot.
	broken string
}

// run is the goroutine of a process: it rebuilds the VM, computes slots in order
// and does jobs in between, until the engine is closed.
func (p *process) run() {
	w := &worker{p: p, at: -1, known: map[int64]journal.Outcome{}}
	defer w.dispose()
	for p.e.ctx.Err() == nil {
		if !w.work() {
			w.idle()
			select {
			case <-p.wake:
			case <-p.e.ctx.Done():
			}
		}
	}
}

// work does one thing and says whether there was something to do.
func (w *worker) work() bool {
	p := w.p
	if j, ok := p.takeJob(); ok {
		j.do(w)
		return true
	}
	if p.removed.Load() {
		w.dispose()
	}
	if p.e.isReadOnly() || p.removed.Load() {
		return false // nothing will be computed, so no state is needed
	}
	if w.at < p.head.Load().slot {
		return w.rebuild()
	}
	e, ok, err := w.next()
	if err != nil {
		w.fault("read the schedule", err)
		return false
	}
	if !ok {
		return false
	}
	if p.await(p.e.ctx, func() bool { return len(p.unsaved) < maxUnsaved }) != nil {
		return false
	}
	w.begin()
	w.step(e)
	return true
}

func (w *worker) begin() {
	if !w.busy {
		w.busy = true
		w.p.e.emit(ao.Event{Kind: ao.Busy, Process: w.p.id})
	}
}

func (w *worker) idle() {
	if w.busy {
		w.busy = false
		w.p.e.emit(ao.Event{Kind: ao.Idle, Process: w.p.id})
	}
}

func (w *worker) fault(doing string, err error) {
	if w.p.e.ctx.Err() != nil {
		return
	}
	w.p.e.emit(ao.Event{Kind: ao.Fault, Process: w.p.id, Text: fmt.Sprintf("%s: %v", doing, err)})
}

// takeJob takes the first job that may be done now.
func (p *process) takeJob() (job, bool) {
	head := p.head.Load().slot
	p.mu.Lock()
	defer p.mu.Unlock()
	for i, j := range p.jobs {
		if j.after <= head {
			p.jobs = append(p.jobs[:i:i], p.jobs[i+1:]...)
			return j, true
		}
	}
	return job{}, false
}

// next returns the message of the slot after head, if it is scheduled.
func (w *worker) next() (journal.Entry, bool, error) {
	p := w.p
	want := p.head.Load().slot + 1
	p.mu.Lock()
	branch := p.branch
	e, found := p.pending.take(want)
	p.mu.Unlock()
	if found {
		return e, true, nil
	}
	if want > p.scheduled.Load() {
		return journal.Entry{}, false, nil
	}
	for len(w.read) > 0 && (w.read[0].Slot < want || w.read[0].Branch == 0) {
		w.read = w.read[1:]
	}
	if len(w.read) == 0 {
		var err error
		if w.read, err = p.e.j.Entries(p.e.ctx, branch, want, want+chunk-1); err != nil {
			return journal.Entry{}, false, err
		}
	}
	if len(w.read) == 0 || w.read[0].Slot != want {
		w.read = nil
		return journal.Entry{}, false, nil
	}
	e = w.read[0]
	w.read = w.read[1:]
	return e, true, nil
}

// dispose closes the VM.
func (w *worker) dispose() {
	if w.vm != nil {
		closeVM(w.vm)
		w.vm = nil
	}
	w.at = -1
	w.replay, w.stored, w.uncompared = nil, nil, nil
	if w.comparing != nil {
		<-w.comparing
		w.comparing = nil
	}
}

// closeVM keeps a mistake in a VM from taking the program down.
func closeVM(vm ao.VM) {
	defer func() { _ = recover() }()
	vm.Close()
}

// machine returns the VM, making it if there is none. source is the text of slot
// 0, which is the module of a raw process.
func (p *process) machine(source string) (vm ao.VM, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("making the VM of process %s failed: %v\n%s", p.id, r, debug.Stack())
		}
	}()
	mk, ok := p.e.o.NewVM(p.flavour)
	if !ok {
		return nil, fmt.Errorf("process %s: nothing here can run %q: spawn it without execution-device, or with lua@5.3a", p.id, p.flavour)
	}
	env := p.env
	if p.flavour == flavourRaw {
		env.Source = source
	}
	return mk(env, p.e.o.Limits)
}

// evaluate runs one message. The error is not the script's.
func evaluate(ctx context.Context, vm ao.VM, m *ao.Message, slot int64, dry bool) (r *ao.Result, err error) {
	defer func() {
		if p := recover(); p != nil {
			r, err = nil, fmt.Errorf("%w: %v\n%s", errVM, p, debug.Stack())
		}
	}()
	if dry {
		r, err = vm.DryRun(ctx, m, slot)
	} else {
		r, err = vm.Evaluate(ctx, m, slot)
	}
	if err == nil && r == nil {
		err = fmt.Errorf("%w: it returned nothing", errVM)
	}
	return r, err
}

// errVM is wrapped by errors about a VM that misbehaves.
var errVM = errors.New("the VM broke down")
