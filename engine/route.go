package engine

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"patchbay/engine/ao"
	"patchbay/engine/journal"
	"patchbay/patchdev"
)

// Notes of deliveries.
const (
	notePatch    = "patch"
	noteOutside  = "outside"
	noteNoTarget = "not delivered: it has no target"
	noteFails    = "not delivered: a real node fails this slot"
	noteQuiet    = "not delivered again"
	noteDepth    = "not delivered: depth limit"
	noteCount    = "not delivered: count limit"
)

// routed says what is done with what a slot sends.
type routed int

const (
	routeNow routed = iota
	// routeNever: a replay of what was sent already.
	routeNever
	// routeBefore: it was sent before the slot was imported; the deliveries are looked
	// up, not made.
	routeBefore
)

// outgoing is what a slot sends, in order: its messages, its spawns, its
// assignments.
type outgoing struct {
	messages []parcel
	spawns   []parcel
	assigns  []assignment
	how      routed
}

// parcel is one message of the outbox on its way.
type parcel struct {
	m      *ao.OutMessage
	target string
	note   string // decided already when not ""
	said   string // told beside the delivery
}

type assignment struct{ message, target string }

// outgoing lists what a slot sends. When nothing can be for a local process, it
// fills in the slot's deliveries and returns nil.
func (p *process) outgoing(s *ao.Slot, how routed) *outgoing {
	r := &s.Result
	if r.Failed() || len(r.Messages)+len(r.Spawns)+len(r.Assignments)+len(s.Rest) == 0 {
		return nil
	}
	o := &outgoing{how: how}
	local := false
	messages := r.Messages
	patch := func(i int) bool { return false }
	if len(messages) == 0 && len(s.Rest) > 0 {
		messages = fromOutbox(p.id, s)
	} else {
		rest := restIndexes(r.Outbox, s.Rest)
		patch = func(i int) bool {
			_, found := slices.BinarySearch(rest, i)
			return len(r.Outbox) == len(messages) && !found
		}
	}
	o.messages = make([]parcel, 0, len(messages))
	for i := range messages {
		c := parcel{m: &messages[i]}
		target, ok := c.m.Target.(patchdev.String)
		c.target = string(target)
		switch {
		case s.Failure != "":
			c.note = noteFails
		case patch(i):
			c.note = notePatch
		case !ok || target == "":
			c.note = noteNoTarget
		case how == routeBefore && p.e.knows(c.target):
			local = true
			c.note, c.said = noteQuiet, badTags(c.m)
		case how == routeNever:
			c.note = noteQuiet
		case p.e.knows(c.target):
			local = true
			c.said = badTags(c.m)
		default:
			c.note = noteOutside
		}
		o.messages = append(o.messages, c)
	}
	for i := range r.Spawns {
		c := parcel{m: &r.Spawns[i], target: r.Spawns[i].Tag("Module")}
		switch {
		case s.Failure != "":
			c.note = noteFails
		case how != routeNow:
			c.note = noteQuiet
			local = local || how == routeBefore
		default:
			local = true
		}
		o.spawns = append(o.spawns, c)
	}
	if how != routeNever && s.Failure == "" {
		for _, v := range r.Assignments {
			o.assigns = append(o.assigns, assignments(v)...)
		}
	}
	if local || len(o.assigns) > 0 {
		return o
	}
	sent := append(o.messages, o.spawns...)
	s.Delivered = slices.Grow(s.Delivered, len(sent))
	for _, c := range sent {
		s.Delivered = append(s.Delivered, ao.Delivery{ID: c.m.ID, Target: c.target, Slot: -1, Note: c.note})
	}
	return nil
}

// knows says whether a process with this id was ever made here.
func (e *Engine) knows(pid string) bool {
	e.mu.RLock()
	defer e.mu.RUnlock()
	return e.byID[pid] != nil
}

// fromOutbox makes messages of the entries of a raw process's outbox that are no
// patches: target, data and the rest as tags.
func fromOutbox(pid string, s *ao.Slot) []ao.OutMessage {
	var out []ao.OutMessage
	for i, e := range s.Rest {
		m := ao.OutMessage{Line: e.Line}
		for k, v := range e.Fields.All() {
			switch strings.ToLower(k) {
			case "target":
				m.Target = v
			case "data":
				m.Data = v
			case "anchor":
				m.Anchor, _ = text(v)
			default:
				m.Tags = append(m.Tags, ao.OutTag{Name: patchdev.String(k), Value: v})
			}
		}
		m.ID = outID(pid, 0, s.Number, i, &m)
		out = append(out, m)
	}
	return out
}

// assignments reads what ao.assign queued: {Processes = {...}, Message = id}.
func assignments(v patchdev.Value) []assignment {
	t, ok := v.(*patchdev.Table)
	if !ok {
		return nil
	}
	id, _ := t.Get("Message")
	message, _ := text(id)
	var out []assignment
	list, _ := t.Get("Processes")
	if l, ok := list.(*patchdev.List); ok {
		for _, x := range l.All() {
			if s, ok := text(x); ok {
				out = append(out, assignment{message, s})
			}
		}
	}
	return out
}

// text is a scalar as the text of a tag.
func text(v patchdev.Value) (string, bool) {
	switch v := v.(type) {
	case patchdev.String:
		return string(v), true
	case patchdev.Int:
		return strconv.FormatInt(int64(v), 10), true
	case patchdev.Float:
		return strconv.FormatFloat(float64(v), 'g', 14, 64), true
	case patchdev.Bool:
		return strconv.FormatBool(bool(v)), true
	}
	return "", false
}

// badTags tells which tags a real delivery would not take, because their values
// are not strings (spec aos-runtime §5).
func badTags(m *ao.OutMessage) string {
	var names []string
	for _, t := range m.Tags {
		if _, ok := t.Value.(patchdev.String); !ok && t.Value != nil {
			n, _ := text(t.Name)
			names = append(names, fmt.Sprintf("%s is a %s", n, t.Value.Kind()))
		}
	}
	if len(names) == 0 {
		return ""
	}
	return "a real node refuses tags that are not strings (" + strings.Join(names, ", ") + "): use tostring"
}

// route delivers what a slot sends, on the journal's goroutine, in the same
// transaction as the slot's result: so each is delivered once, whatever breaks
// off in between (DESIGN S5).
func (e *Engine) route(tx *journal.Tx, s *save) ([]ao.Delivery, error) {
	p, r := s.p, routing{e: e, tx: tx, s: s}
	r.root, r.depth = s.slot.Message.Root, s.slot.Message.Depth+1
	if r.root == "" {
		r.root = s.slot.Message.ID
	}
	if s.out.how == routeBefore {
		return e.routedBefore(tx, s)
	}
	var out []ao.Delivery
	for _, c := range s.out.messages {
		d := ao.Delivery{ID: c.m.ID, Target: c.target, Slot: -1, Note: c.note}
		if c.note == "" {
			if err := r.deliver(&d, p.delivered(e, c, r.root)); err != nil {
				return nil, err
			}
			d.Note = join(d.Note, c.said)
		}
		out = append(out, d)
	}
	for _, c := range s.out.spawns {
		d := ao.Delivery{ID: c.m.ID, Target: c.target, Slot: -1, Note: c.note}
		if c.note == "" {
			if err := r.spawn(&d, c); err != nil {
				return nil, err
			}
		}
		out = append(out, d)
	}
	for _, a := range s.out.assigns {
		d := ao.Delivery{ID: a.message, Target: a.target, Slot: -1}
		entry, err := tx.Find(a.message)
		switch {
		case errors.Is(err, journal.ErrNotFound):
			d.Note = "not assigned: no message has this id here"
		case err != nil:
			return nil, err
		default:
			if err := r.deliver(&d, entry.Message); err != nil {
				return nil, err
			}
			d.Note = join("assignment", d.Note)
		}
		out = append(out, d)
	}
	return out, nil
}

func join(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + "; " + b
}

// routing is one slot being routed.
type routing struct {
	e     *Engine
	tx    *journal.Tx
	s     *save
	root  string
	depth int
}

// deliver schedules a message for a local process and notes where it went.
func (r *routing) deliver(d *ao.Delivery, m ao.Message) error {
	r.e.mu.RLock()
	to := r.e.byID[d.Target]
	r.e.mu.RUnlock()
	if to == nil || to.removed.Load() {
		d.Note = noteOutside
		return nil
	}
	if note, err := r.bounded(); note != "" || err != nil {
		d.Note = note
		return err
	}
	m.Root, m.Depth = r.root, r.depth
	rec, err := r.e.schedule(r.tx, to, m, "")
	if errors.Is(err, journal.ErrDuplicate) {
		d.Process, d.Slot, d.Note = to.id, rec.Slot, "scheduled there already"
		return nil
	}
	if err != nil {
		return err
	}
	d.Process, d.Slot = to.id, rec.Slot
	return nil
}

// bounded says why a storm of messages ends here, and otherwise counts one more.
func (r *routing) bounded() (note string, err error) {
	e := r.e
	if r.depth > e.o.MaxDepth {
		return fmt.Sprintf(noteDepth+" (%d messages one after another since message %s)", e.o.MaxDepth, r.root), nil
	}
	n, ok := e.delivered[r.root]
	if !ok {
		if n, err = r.tx.Delivered(r.root); err != nil {
			return "", err
		}
		if len(e.delivered) > 4_096 {
			clear(e.delivered)
		}
	}
	if n >= e.o.MaxDeliveries {
		e.delivered[r.root] = n
		return fmt.Sprintf(noteCount+" (%d messages on account of message %s)", e.o.MaxDeliveries, r.root), nil
	}
	e.delivered[r.root] = n + 1
	r.tx.Undo(func() { delete(e.delivered, r.root) })
	return "", nil
}

// stormText says, in a sentence, that messages of a slot were not delivered because
// a storm ended there, "" normally.
func stormText(s *ao.Slot) string {
	n, why := 0, ""
	for _, d := range s.Delivered {
		for part := range strings.SplitSeq(d.Note, "; ") {
			part = strings.TrimPrefix(part, "Spawned: ")
			if strings.HasPrefix(part, noteDepth) || strings.HasPrefix(part, noteCount) {
				n++
				why = cmp.Or(why, strings.TrimPrefix(part, "not delivered: "))
			}
		}
	}
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("a storm of messages ends at slot %d: %d not delivered: %s", s.Number, n, why)
}

// delivered is an outbox message as its receiver gets it: the network's own tags
// are set anew and Pushed-For is added (spec aos-runtime §5).
func (p *process) delivered(e *Engine, c parcel, root string) ao.Message {
	m := ao.Message{ID: c.m.ID, From: p.id, Target: c.target, Anchor: c.m.Anchor, Source: ao.FromProcess}
	m.Owner = e.authority(c.target)
	if s, ok := text(c.m.Data); ok {
		m.Data = patchdev.String(s)
	} else if c.m.Data != nil {
		m.Data = patchdev.String(patchdev.SerializeJSON(c.m.Data, p.view.Load().profile, true))
	} else {
		m.Data = patchdev.String("")
	}
	m.Tags = append(p.tagsOf(c.m, "Data-Protocol", "Type", "From-Process", "From-Module", "Pushed-For"),
		ao.Tag{Name: "Data-Protocol", Value: "ao"}, ao.Tag{Name: "Type", Value: "Message"},
		ao.Tag{Name: "From-Process", Value: p.id}, ao.Tag{Name: "From-Module", Value: p.env.ModuleID},
		ao.Tag{Name: "Pushed-For", Value: root})
	return m
}

// tagsOf are the tags of an outbox message as text, without some.
func (p *process) tagsOf(m *ao.OutMessage, without ...string) []ao.Tag {
	var out []ao.Tag
	for _, t := range m.Tags {
		name, ok := text(t.Name)
		if !ok || slices.Contains(without, name) || t.Value == nil {
			continue
		}
		value, ok := text(t.Value)
		if !ok {
			value = string(patchdev.SerializeJSON(t.Value, p.view.Load().profile, true))
		}
		out = append(out, ao.Tag{Name: name, Value: value})
	}
	return out
}

// authority is who signs what is delivered to a process: the local node plays the
// first authority that the process trusts.
func (e *Engine) authority(pid string) string {
	e.mu.RLock()
	p := e.byID[pid]
	e.mu.RUnlock()
	if p != nil {
		for _, t := range p.env.Tags {
			if t.Name == "Authority" {
				if a, _, _ := strings.Cut(t.Value, ","); strings.TrimSpace(a) != "" {
					return strings.TrimSpace(a)
				}
			}
		}
	}
	return NodeAddress()
}

// NodeAddress is the address under which the local node signs: its authority,
// scheduler and node address.
func NodeAddress() string { return ao.Address("patchbay node") }
