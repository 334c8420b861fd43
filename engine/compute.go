package engine

import (
	"context"
	"errors"
	"fmt"

	"patchbay/engine/ao"
	"patchbay/engine/journal"
	"patchbay/patchdev"
)

// flavourRaw is a process whose module the node runs itself.
const (
	flavourRaw = "lua@5.3a"
	flavourAOS = "aos"
)

// outcomeText is the error of a slot that was not computed to its end.
var outcomeText = map[journal.Outcome]string{
	journal.Stopped: "stopped by the user; the state is as before",
	journal.Skipped: "",
}

// step computes the slot after head.
func (w *worker) step(e journal.Entry) {
	p := w.p
	ctx, cancel := context.WithCancelCause(p.e.ctx)
	defer cancel(nil)
	p.mu.Lock()
	branch := p.branch
	p.stop = cancel
	p.mu.Unlock()
	res, outcome, err := w.outcome(ctx, e)
	p.mu.Lock()
	p.stop = nil
	p.mu.Unlock()
	if err != nil {
		return // closing, or another branch: this slot is computed another time
	}
	sv, before := w.result(branch, e, res, outcome)
	sv.prepare(w, before)
	if w.vm != nil {
		w.at = e.Slot
	}
	if outcome != journal.Computed {
		w.known[e.Slot] = outcome
	}
	if !p.publish(branch, sv) {
		// The branch was changed meanwhile: this VM is not that branch's.
		return
	}
	p.e.submit(sv)
}

// result makes the slot of a message's result, applied to the root before it, which
// it returns too.
func (w *worker) result(branch int64, e journal.Entry, res *ao.Result, outcome journal.Outcome) (*save, *patchdev.Table) {
	p := w.p
	before := p.head.Load().root
	v := p.view.Load()
	s, f := p.slot(v, before, e, res)
	s.At = p.e.o.Clock()
	f.Branch = branch // the message may be the parent's, the result is not
	return &save{p: p, slot: s, fold: f, record: journal.Record{
		Branch: branch, Slot: e.Slot, Outcome: outcome, Digest: digest(res), Engine: Version, At: s.At, View: v.num,
	}}, before
}

// outcome evaluates a message, or tells what is known of its slot beforehand. An
// error means that the slot was not computed.
func (w *worker) outcome(ctx context.Context, e journal.Entry) (*ao.Result, journal.Outcome, error) {
	if e.Outcome != journal.Computed {
		return &ao.Result{Error: outcomeText[e.Outcome], Limit: limitOf(e.Outcome)}, e.Outcome, nil
	}
	p := w.p
	if w.vm == nil {
		vm, err := p.machine(moduleText(e))
		if err != nil {
			w.tellBroken(err)
			return &ao.Result{Error: err.Error(), Limit: limitOf(journal.Broken)}, journal.Broken, nil
		}
		w.vm, w.broken = vm, ""
	}
	m := message(p.flavour, e)
	res, err := evaluate(ctx, w.vm, m, e.Slot, false)
	switch {
	case err == nil:
		return res, journal.Computed, nil
	case errors.Is(context.Cause(ctx), errStopped):
		if errors.Is(err, errVM) {
			w.dispose()
		}
		return &ao.Result{Error: outcomeText[journal.Stopped], Limit: limitOf(journal.Stopped)}, journal.Stopped, nil
	case ctx.Err() != nil:
		return nil, 0, err
	}
	w.dispose() // it is made again from the schedule, where this slot then is left out
	w.fault(fmt.Sprintf("slot %d", e.Slot), err)
	return &ao.Result{Error: err.Error(), Limit: limitOf(journal.Broken)}, journal.Broken, nil
}

func (w *worker) tellBroken(err error) {
	if w.broken != err.Error() {
		w.broken = err.Error()
		w.fault("make the Lua state", err)
	}
}

func limitOf(o journal.Outcome) string {
	switch o {
	case journal.Stopped:
		return "stopped"
	case journal.Broken:
		return "broken"
	default:
		return ""
	}
}

// moduleText is the text of slot 0, which is the module of a raw process.
func moduleText(e journal.Entry) string {
	if s, ok := e.Message.Data.(patchdev.String); ok && e.Slot == 0 {
		return string(s)
	}
	return ""
}

// message is what the VM gets to see. The process message of a raw process
// carries its module, which is not part of the request on a node.
func message(flavour string, e journal.Entry) *ao.Message {
	m := e.Message
	if flavour == flavourRaw && e.Slot == 0 {
		m.Data = nil
	}
	return &m
}

// slot makes the slot of a result: it applies the outbox to the root.
func (p *process) slot(v *view, root *patchdev.Table, e journal.Entry, res *ao.Result) (*ao.Slot, journal.Fold) {
	s := &ao.Slot{Process: p.id, Number: e.Slot, Message: e.Message, Root: root}
	p.name(res, e)
	s.Result = *res
	f := p.fold(v, root, s)
	f.Branch = e.Branch
	return s, f
}

// fold applies the outbox of a slot to the root before it, and notes in the slot
// what came of it.
func (p *process) fold(v *view, root *patchdev.Table, s *ao.Slot) journal.Fold {
	f := journal.Fold{View: v.num, Slot: s.Number}
	s.Root, s.Changes, s.Warnings, s.Rest, s.Failure = root, nil, nil, nil, ""
	if !s.Result.Failed() {
		o := p.stack
		o.Profile, o.Slot = v.profile, s.Number
		var left patchdev.Applied
		if s.Root = root; len(s.Result.State) > 0 {
			left = patchdev.Leave(root, s.Result.State, o)
			s.Root = left.Root
		}
		a := patchdev.Apply(s.Root, s.Result.Outbox, o)
		s.Root, s.Changes, s.Rest = a.Root, append(left.Changes, a.Changes...), a.Rest
		s.Warnings = append(left.Warnings, a.Warnings...)
		if a.Err != nil {
			s.Failure = a.Err.Error()
			s.Root, s.Changes = root, nil
		}
	}
	for _, l := range s.Result.Lints {
		l.Slot = s.Number
		s.Warnings = append(s.Warnings, l)
	}
	f.Changes, f.Warnings, f.Failure = s.Changes, s.Warnings, s.Failure
	f.Rest = restIndexes(s.Result.Outbox, s.Rest)
	return f
}

// restIndexes says which entries of the outbox are left, as indexes. Both lists
// have the same order and keys occur once.
func restIndexes(outbox, rest []ao.OutboxEntry) []int {
	var out []int
	i := 0
	for _, r := range rest {
		for i < len(outbox) && (outbox[i].Key != r.Key || outbox[i].Fields != r.Fields) {
			i++
		}
		if i < len(outbox) {
			out = append(out, i)
			i++
		}
	}
	return out
}

// name gives the messages and spawns of a result their ids (DESIGN S1). They do
// not depend on the VM, and differ between branches, because a receiver takes an
// id only once.
func (p *process) name(res *ao.Result, e journal.Entry) {
	salt, n := p.e.salt(e.Branch), 0
	for _, list := range [][]ao.OutMessage{res.Messages, res.Spawns} {
		for i := range list {
			list[i].ID = outID(p.id, salt, e.Slot, n, &list[i])
			n++
		}
	}
}

// publish makes a slot the head, unless the branch was changed meanwhile.
func (p *process) publish(branch int64, sv *save) bool {
	s := sv.slot
	p.mu.Lock()
	if p.branch != branch {
		p.mu.Unlock()
		return false
	}
	p.unsaved = append(p.unsaved, sv)
	p.window.add(s, sv.record.Digest, p.e.o.Window, p.unsaved[0].slot.Number)
	p.head.Store(&headState{s.Number, s.Root})
	p.changedLocked()
	p.mu.Unlock()
	p.e.emit(ao.Event{Kind: ao.SlotComputed, Process: p.id, Slot: s.Number, Computed: s})
	if s.Message.Source == ao.FromRun {
		p.e.emit(ao.Event{Kind: ao.ScriptReloaded, Process: p.id, Slot: s.Number})
	}
	return true
}
