package engine

import (
	"context"
	"errors"
	"fmt"

	"patchbay/engine/ao"
	"patchbay/engine/journal"
	"patchbay/patchdev"
)

// textScript marks messages that load a script which has no file.
const textScript = "(text)"

// schedule appends a message to the active branch of a process, filling in what
// is empty, and tells the process when that is durable. script names the file
// that the message loads. It runs on the journal's goroutine.
func (e *Engine) schedule(tx *journal.Tx, p *process, m ao.Message, script string) (Receipt, error) {
	branch := p.active.Load()
	slot := tx.Next(branch)
	e.complete(p, &m)
	derived := m.ID == ""
	if derived {
		m.ID = inID(p.id, e.salt(branch), slot, &m)
	}
	if m.Root == "" {
		m.Root = m.ID
	}
	entry := journal.Entry{Branch: branch, Message: m, Script: script, Derived: derived}
	slot, err := tx.Append(entry)
	if err != nil {
		return Receipt{slot, m.ID}, err
	}
	entry.Slot = slot
	tx.After(func() { p.enqueue(entry) })
	return Receipt{slot, m.ID}, nil
}

// complete fills in what a sender left empty. Times of a process never go back,
// whatever the clock does.
func (e *Engine) complete(p *process, m *ao.Message) {
	if m.Timestamp == 0 {
		m.Timestamp = max(e.o.Clock().UnixMilli(), p.newest.Load())
	}
	p.newest.Store(max(p.newest.Load(), m.Timestamp))
	if m.BlockHeight == 0 {
		m.BlockHeight = blockHeight(m.Timestamp)
	}
	if m.Cron {
		return
	}
	if m.Owner == "" {
		m.Owner = m.From
	}
	if m.Target == "" {
		m.Target = p.id
	}
}

// blockMillis is how long a block takes on average.
const blockMillis = 120_000

// blockHeight is the height that the weave has at a time, counted from a block
// that is known. It only has to grow as the real one does.
func blockHeight(millis int64) int64 {
	const height, at = 1_300_000, 1_700_000_000_000
	return max(1, height+(millis-at)/blockMillis)
}

// Send schedules a message for a process and returns when it is durable. Empty
// fields are filled in: ID, Owner, Target, Timestamp, BlockHeight.
//
// A message whose ID is scheduled already fails with ErrDuplicate and the
// Receipt of the first, so that a sender may try again without sending twice.
func (e *Engine) Send(ctx context.Context, pid string, m ao.Message) (Receipt, error) {
	p, err := e.process(pid)
	if err != nil {
		return Receipt{}, err
	}
	if m.From == "" && !m.Cron && m.Fields == nil {
		return Receipt{}, fmt.Errorf("message to process %s: %w: it has no sender: set From", pid, ErrBadMessage)
	}
	return e.send(ctx, p, m, "")
}

func (e *Engine) send(ctx context.Context, p *process, m ao.Message, script string) (Receipt, error) {
	if err := e.writable(); err != nil {
		return Receipt{}, err
	}
	if e.retry.waiting() {
		e.saveAgain() // what was computed comes first
	}
	var r Receipt
	err := e.j.DoQuick(ctx, func(tx *journal.Tx) error {
		var err error
		r, err = e.schedule(tx, p, m, script)
		return err
	})
	if errors.Is(err, journal.ErrDuplicate) {
		return r, fmt.Errorf("process %s: message %s: %w, in slot %d", p.id, m.ID, ErrDuplicate, r.Slot)
	}
	if err != nil {
		return Receipt{}, fmt.Errorf("send to process %s: %w", p.id, e.translate(err))
	}
	return r, nil
}

// translate gives the journal's errors the engine's names.
func (e *Engine) translate(err error) error {
	switch {
	case errors.Is(err, journal.ErrClosed):
		return ErrClosed
	case errors.Is(err, journal.ErrReadOnly):
		return fmt.Errorf("%w (%w)", ErrReadOnly, err)
	case errors.Is(err, journal.ErrNameTaken):
		return fmt.Errorf("%w (%w)", ErrNameTaken, err)
	}
	return err
}

// Run evaluates an edited text in a process: an Eval from its Owner (DESIGN S2).
// A raw process has its module for life; Replay gives it another.
func (e *Engine) Run(ctx context.Context, pid, source string) (Receipt, error) {
	p, err := e.process(pid)
	if err != nil {
		return Receipt{}, err
	}
	if p.flavour == flavourRaw {
		return Receipt{}, fmt.Errorf("process %s: %w: a %s process has its module for life: use Replay", pid, ErrBadMessage, flavourRaw)
	}
	m := ao.Message{
		From: p.owner(), Data: patchdev.String(source), Source: ao.FromRun,
		Tags: []ao.Tag{
			{Name: "Data-Protocol", Value: "ao"},
			{Name: "Variant", Value: "ao.TN.1"},
			{Name: "Type", Value: "Message"},
			{Name: "Action", Value: "Eval"},
		},
	}
	return e.send(ctx, p, m, p.script())
}

// owner is who the script takes for its owner at first (spec aos-runtime §2).
func (p *process) owner() string {
	if from, ok := ao.TagValue(p.env.Tags, "From-Process"); ok {
		return from
	}
	return p.env.Owner
}

// script names the file that the process runs, for the journal.
func (p *process) script() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.row.Script == "" {
		return textScript
	}
	return p.row.Script
}

// Wait returns a slot when it is computed and what it sent to local processes is
// scheduled there.
func (e *Engine) Wait(ctx context.Context, pid string, slot int64) (*ao.Slot, error) {
	p, err := e.process(pid)
	if err != nil {
		return nil, err
	}
	if slot < 0 {
		return nil, fmt.Errorf("process %s, slot %d: %w", pid, slot, ErrNoSlot)
	}
	var s *ao.Slot
	err = p.await(ctx, func() bool {
		if p.head.Load().slot < slot || !p.settled(slot) {
			return false
		}
		s, _ = p.window.get(slot)
		return true
	})
	if err != nil {
		return nil, fmt.Errorf("wait for slot %d of process %s: %w", slot, pid, err)
	}
	if s != nil {
		return s, nil
	}
	return e.Slot(ctx, pid, slot)
}

// WaitScheduled waits until every slot that is scheduled now has a root, and
// returns the newest computed slot (-1: none) and its root: what `now` means.
// The slot may be a newer one than was scheduled at the time of the call.
func (e *Engine) WaitScheduled(ctx context.Context, pid string) (int64, *patchdev.Table, error) {
	p, err := e.process(pid)
	if err != nil {
		return -1, nil, err
	}
	if e.follow != nil { // a reader shows what the writer has written
		e.follow.look(ctx)
	}
	want := p.scheduled.Load()
	h := p.head.Load()
	if h.slot < want && e.follow == nil {
		err = p.await(ctx, func() bool {
			h = p.head.Load()
			return h.slot >= min(want, p.scheduled.Load())
		})
		if err != nil {
			return h.slot, h.root, fmt.Errorf("wait for slot %d of process %s: %w", want, pid, err)
		}
	}
	return h.slot, h.root, nil
}

// DryRun evaluates a message after all that is scheduled and throws the state
// away. The slot returned has the number that the message would have had; nothing
// is stored, nothing is delivered.
func (e *Engine) DryRun(ctx context.Context, pid string, m ao.Message) (*ao.Slot, error) {
	p, err := e.process(pid)
	if err != nil {
		return nil, err
	}
	if e.closed.Load() {
		return nil, ErrClosed
	}
	after := p.scheduled.Load()
	if e.isReadOnly() {
		after = -1
	}
	m.ReadOnly = true
	var s *ao.Slot
	err = p.call(ctx, after, func(w *worker) error {
		// The goroutine computes nothing else meanwhile: let the caller's ctx end it.
		run, cancel := context.WithCancelCause(e.ctx)
		defer cancel(nil)
		defer context.AfterFunc(ctx, func() { cancel(ctx.Err()) })()
		p.mu.Lock()
		p.stop = cancel
		p.mu.Unlock()
		defer func() {
			p.mu.Lock()
			p.stop = nil
			p.mu.Unlock()
		}()
		if err := w.ready(run); err != nil {
			return err
		}
		h := p.head.Load()
		entry := journal.Entry{Branch: p.active.Load(), Slot: h.slot + 1, Message: m}
		msg := &entry.Message
		if msg.Timestamp == 0 {
			msg.Timestamp = e.o.Clock().UnixMilli()
		}
		if msg.BlockHeight == 0 {
			msg.BlockHeight = blockHeight(msg.Timestamp)
		}
		if msg.Owner == "" {
			msg.Owner = msg.From
		}
		if msg.Target == "" {
			msg.Target = p.id
		}
		if msg.ID == "" {
			msg.ID = inID(p.id, e.salt(entry.Branch), entry.Slot, msg)
		}
		res, err := evaluate(run, w.vm, msg, entry.Slot, true)
		if err != nil {
			if errors.Is(err, errVM) {
				w.dispose()
			}
			if cause := context.Cause(run); cause != nil {
				err = cause
			}
			return err
		}
		s, _ = p.slot(p.view.Load(), h.root, entry, res)
		s.At = e.o.Clock()
		if o := p.outgoing(s, routeNow); o != nil {
			for _, c := range append(o.messages, o.spawns...) {
				s.Delivered = append(s.Delivered, ao.Delivery{ID: c.m.ID, Target: c.target, Slot: -1, Note: join(join(c.note, c.said), "dry run")})
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("dry run on process %s: %w", pid, err)
	}
	return s, nil
}

// Stop ends the evaluation that is under way, if any, and says whether there was
// one; the slot's outcome is that it was stopped, and is journalled as such
// (DESIGN S7).
func (e *Engine) Stop(pid string) bool {
	p, err := e.process(pid)
	if err != nil {
		return false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.stop == nil {
		return false
	}
	p.stop(errStopped)
	return true
}
