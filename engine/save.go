package engine

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"patchbay/engine/ao"
	"patchbay/engine/journal"
	"patchbay/patchdev"
)

// A full root is written when at least rootSlots slots came since the last one
// and their changes are about as big as half a root: then reading a root never
// costs much more than reading one that is stored in full.
const rootSlots = 1_000

// save is a computed slot on its way to the journal, with what it sends.
type save struct {
	p      *process
	slot   *ao.Slot
	record journal.Record
	fold   journal.Fold
	// out is what has to be routed; nil for a slot that sends nothing.
	out   *outgoing
	tries int
}

// delivers says whether the slot's deliveries are known only once it is saved.
func (s *save) delivers() bool { return s.out != nil }

// prepare encodes what is written, so that the journal's goroutine need not.
// before is the root before the slot.
func (s *save) prepare(w *worker, before *patchdev.Table) {
	s.record.Result = journal.AppendResult(nil, &s.slot.Result, s.p.base(s.slot.Root))
	w.checkpoint(&s.fold, before, s.slot.Root)
	b, _ := s.p.e.j.Branch(s.record.Branch)
	how := routeNow
	if s.record.Slot <= b.Quiet {
		how = routeBefore
	}
	s.out = s.p.outgoing(s.slot, how)
	if s.out == nil {
		s.record.Delivered = s.slot.Delivered
	}
}

// base is the table of a root into which the process's patches are merged.
func (p *process) base(root *patchdev.Table) *patchdev.Table {
	for _, k := range strings.FieldsFunc(p.stack.PatchTo, func(r rune) bool { return r == '/' }) {
		v, _ := root.Get(k)
		t, ok := v.(*patchdev.Table)
		if !ok {
			return nil
		}
		root = t
	}
	return root
}

// submit gives a computed slot to the journal. What fails is kept and tried
// again, in order; what was computed stays readable meanwhile.
func (e *Engine) submit(s *save) {
	var delivered []ao.Delivery
	submit := e.j.SubmitLazy
	if s.out != nil {
		submit = e.j.Submit // somebody else's message is in it
	}
	submit(func(tx *journal.Tx) error {
		if err := tx.Expect(s.record.Branch, s.record.Slot); err != nil {
			return err
		}
		rec := s.record
		if s.out != nil {
			var err error
			if rec.Delivered, err = e.route(tx, s); err != nil {
				return err
			}
			delivered = rec.Delivered
		}
		if err := tx.PutResult(rec); err != nil {
			return err
		}
		return tx.PutFold(s.fold)
	}, func(err error) { e.saved(s, delivered, err) })
}

// saved is told on the journal's goroutine what became of a save.
func (e *Engine) saved(s *save, delivered []ao.Delivery, err error) {
	p := s.p
	if err != nil {
		if s.tries == 0 && !errors.Is(err, journal.ErrClosed) && !errors.Is(err, journal.ErrOutOfOrder) {
			e.emit(ao.Event{Kind: ao.Fault, Process: p.id, Slot: s.record.Slot, Text: "what was computed cannot be written, and is kept until it can: " + err.Error()})
		}
		s.tries++
		e.retry.later(e.saveAgain)
		return
	}
	full := s.slot
	p.mu.Lock()
	if s.out != nil {
		c := *s.slot
		c.Delivered = delivered
		full = &c
		if i := c.Number - p.window.first; p.branch == s.record.Branch && i >= 0 && i < int64(len(p.window.slots)) {
			p.window.slots[i] = full
		}
	}
	if i := slices.Index(p.unsaved, s); i == 0 { // as a rule
		p.unsaved[0] = nil
		p.unsaved = p.unsaved[1:]
	} else if i > 0 {
		p.unsaved = slices.Delete(p.unsaved, i, i+1)
	}
	p.changedLocked()
	p.mu.Unlock()
	if s.out != nil {
		e.emit(ao.Event{Kind: ao.SlotDelivered, Process: p.id, Slot: full.Number, Computed: full})
		if text := stormText(full); text != "" {
			e.emit(ao.Event{Kind: ao.StormEnded, Process: p.id, Slot: full.Number, Text: text})
		}
	}
}

// saveAgain submits what could not be written before, in order.
func (e *Engine) saveAgain() {
	e.mu.RLock()
	order := append([]*process(nil), e.order...)
	e.mu.RUnlock()
	for _, p := range order {
		p.mu.Lock()
		var again []*save
		for _, s := range p.unsaved {
			if s.tries > 0 {
				again = append(again, s)
			}
		}
		p.mu.Unlock()
		for _, s := range again {
			e.submit(s)
		}
	}
}

// retryAfter is how long failed writes rest before they are tried again. Sends
// try them at once.
const retryAfter = 500 * time.Millisecond

// retrier calls a function a while after it was asked to, once however often it
// was asked.
type retrier struct {
	mu      sync.Mutex
	timer   *time.Timer
	running sync.WaitGroup
	stopped bool
}

func (r *retrier) later(f func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.stopped || r.timer != nil {
		return
	}
	r.running.Add(1)
	r.timer = time.AfterFunc(retryAfter, func() {
		defer r.running.Done()
		r.mu.Lock()
		r.timer = nil
		r.mu.Unlock()
		f()
	})
}

// waiting says whether something failed that was not tried again yet.
func (r *retrier) waiting() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.timer != nil
}

func (r *retrier) stop() {
	r.mu.Lock()
	r.stopped = true
	if r.timer != nil && r.timer.Stop() {
		r.running.Done()
	}
	r.mu.Unlock()
	r.running.Wait()
}
