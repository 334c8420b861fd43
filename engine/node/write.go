package node

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"patchbay/engine/ao"
	"patchbay/patchdev"
)

// unsignedLint is what a header says about a message that a real node refuses.
const unsignedLint = "unsigned-message: a real node answers 400 to a message without signature"

// linksLint is what the access log says of JSON with ids in place of tables.
const linksLint = "unbundled-links: nested tables are ids in this answer; add ?bundle, or accept-bundle with require-codec"

// Lints of how JSON is asked for, for the access log.
const (
	listLint    = "list-as-object: a list that is asked for directly is an object by number; read the JSON of its parent"
	acceptLint  = "accept-list: JSON among other types in Accept is not taken for JSON; ask with /serialize~json@1.0"
	requestLint = "request-keys: ~json@1.0/serialize in two segments puts the keys of the request into the object; write serialize~json@1.0"
)

// postPush schedules a message, computes it and answers its results (spec
// hyperbeam-http §9.3): results of the slot, `process`, `slot`, `id`, and for
// every delivered message an entry under its outbox key.
func (x *exec) postPush(w *view, i int) (at, error) {
	if x.r.Method != "POST" {
		return at{}, x.refuse("only POST pushes")
	}
	if _, given := x.param(i, "slot"); given && x.body == nil && x.signed == nil {
		return x.pushSlot(w, i)
	}
	m, err := x.messageOf(w.info.ID)
	if err != nil {
		return at{}, err
	}
	receipt, err := x.s.source.Send(x.ctx, w.info.ID, m)
	if err != nil && !errors.Is(err, ErrDuplicate) {
		return at{}, err
	}
	x.slot = receipt.Slot
	if _, async := x.param(i, "async"); async {
		return at{v: patchdev.NewTable("process", w.info.ID, "slot", receipt.Slot, "id", receipt.ID)}, nil
	}
	ctx, cancel := context.WithTimeout(x.ctx, x.s.nowLimit)
	defer cancel()
	slot, err := x.s.source.Wait(ctx, w.info.ID, receipt.Slot)
	if errors.Is(err, context.DeadlineExceeded) {
		return at{}, saying(504, fmt.Sprintf("the message has slot %d and is not computed yet; read it later at compute=%d", receipt.Slot, receipt.Slot))
	}
	if err != nil {
		return at{}, err
	}
	b := x.superset(slot).Edit()
	b.Set("process", patchdev.String(w.info.ID))
	b.Set("slot", patchdev.Int(receipt.Slot))
	b.Set("id", patchdev.String(receipt.ID))
	x.deliveries(b, slot)
	return at{v: b.Table()}, nil
}

// pushSlot answers a push that names a slot in place of a message: its outbox
// was delivered when it was computed.
func (x *exec) pushSlot(w *view, i int) (at, error) {
	n, err := x.slotParam(i, "slot", -1)
	if err != nil {
		return at{}, err
	}
	s, err := x.s.source.Slot(x.ctx, w.info.ID, n)
	if err != nil {
		return at{}, err
	}
	b := x.superset(s).Edit()
	b.Set("process", patchdev.String(w.info.ID))
	if v, _ := x.param(i, "slot"); v != nil {
		b.Set("slot", v) // as it was given: text stays text
	}
	x.deliveries(b, s)
	return at{v: b.Table()}, nil
}

// refuse is what a scheduler of this generation answers to a message that has
// no signature.
func (x *exec) refuse(reason string) error {
	if !x.p.RequireCodec {
		return crash("bad_generator: " + reason)
	}
	return invalid(reason)
}

// superset is the results of a slot with `raw` at the top for aos.
func (x *exec) superset(s *ao.Slot) *patchdev.Table {
	t := x.results(s)
	if t == nil {
		return patchdev.EmptyTable()
	}
	if _, ok := t.Get("raw"); ok {
		t = t.Set("results", t)
	}
	return t
}

// deliveries adds for every outbox message what became of it.
func (x *exec) deliveries(b *patchdev.Builder, s *ao.Slot) {
	for n, d := range s.Delivered {
		if n >= len(s.Result.Messages) || d.Note == "patch" {
			continue
		}
		key := fmt.Sprint(n + 1)
		if n < len(s.Result.Outbox) {
			key = s.Result.Outbox[n].Key
		}
		if d.Process == "" {
			b.Set(key, patchdev.NewTable("response", "error", "status", 404, "target", d.Target, "reason", "Could not access target process!"))
			continue
		}
		b.Set(key, patchdev.NewTable("id", d.ID, "target", d.Target, "slot", d.Slot, "resulted-in", patchdev.NewTable("process", d.Process, "slot", d.Slot)))
	}
}

// postSchedule assigns a slot to a message and answers the assignment (§9.4).
func (x *exec) postSchedule(w *view, _ int) (at, error) {
	m, err := x.messageOf(w.info.ID)
	if err != nil {
		return at{}, err
	}
	receipt, err := x.s.source.Send(x.ctx, w.info.ID, m)
	if err != nil && !errors.Is(err, ErrDuplicate) {
		return at{}, err
	}
	x.slot = receipt.Slot
	ms, err := x.s.source.Schedule(x.ctx, w.info.ID, receipt.Slot, receipt.Slot)
	if err != nil || len(ms) != 1 {
		ms = []ao.Message{m}
	}
	t := x.assignment(w.info.ID, receipt.Slot, &ms[0])
	return at{v: t.Set("id", patchdev.String(receipt.ID))}, nil
}

// dryRun evaluates a message and throws the state away. The answer is the state
// with the results in it, and `raw` at the top for aos (spec hyperbeam-2025-09 §2).
func (x *exec) dryRun(w *view, i int) (at, error) {
	if err := x.s.mayWrite(x.r); err != nil {
		return at{}, err
	}
	m := ao.Message{Target: w.info.ID, Source: ao.FromHTTP}
	for _, p := range x.steps[i].params {
		x.field(&m, p.key, p.val)
	}
	if x.body != nil {
		for k, v := range x.body.All() {
			x.field(&m, k, v)
		}
	}
	x.unsigned = x.body != nil && x.isJSON()
	if x.signed != nil {
		m.From, m.Owner, m.Data = x.signed.From, x.signed.Owner, x.signed.Data
		m.Tags = append(m.Tags, x.signed.Tags...)
	}
	if m.From == "" {
		m.From = x.s.address
	}
	s, err := x.s.source.DryRun(x.ctx, w.info.ID, m)
	if err != nil {
		return at{}, err
	}
	slot, root, _ := x.s.source.Head(w.info.ID)
	if root == nil {
		root = patchdev.EmptyTable()
	}
	state := &view{x: x, info: w.info, slot: slot, root: root, computed: s}
	t, err := state.table()
	if err != nil {
		return at{}, err
	}
	b := t.Edit()
	if raw, ok := x.superset(s).Get("raw"); ok {
		b.Set("raw", raw)
	}
	b.Set("device", patchdev.String("stack@1.0"))
	if r := x.results(s); r != nil {
		b.Set("results", r)
	}
	return at{v: b.Table()}, nil
}

// field puts one key of an unsigned message where it belongs: the fields that
// every message has, and all else into tags (DESIGN S13).
func (x *exec) field(m *ao.Message, key string, v patchdev.Value) {
	text := string(tagText(v).(patchdev.String))
	switch strings.ToLower(key) {
	case "from":
		m.From = text
	case "owner":
		m.Owner = text
	case "target":
		m.Target = text
	case "anchor":
		m.Anchor = text
	case "data":
		m.Data = patchdev.String(text)
	case "id":
		if ao.IsID(text) {
			m.ID = text
		}
	case "timestamp":
		m.Timestamp, _ = slotNumber(v)
	case "block-height":
		m.BlockHeight, _ = slotNumber(v)
	case "tags":
		m.Tags = append(m.Tags, tagsOf(v)...)
	case "require-codec", "accept-bundle", "accept-codec", "signing-format", "codec-device":
	default:
		m.Tags = append(m.Tags, ao.Tag{Name: key, Value: text})
	}
}

// tagsOf reads tags as a list of {name, value} or as a table.
func tagsOf(v patchdev.Value) []ao.Tag {
	var tags []ao.Tag
	switch v := v.(type) {
	case *patchdev.List:
		for _, x := range v.All() {
			t, ok := x.(*patchdev.Table)
			if !ok {
				continue
			}
			name, _ := patchdev.Step(t, "name", patchdev.Current())
			value, _ := patchdev.Step(t, "value", patchdev.Current())
			if n, ok := name.(patchdev.String); ok && value != nil {
				tags = append(tags, ao.Tag{Name: string(n), Value: string(tagText(value).(patchdev.String))})
			}
		}
	case *patchdev.Table:
		for k, x := range v.All() {
			tags = append(tags, ao.Tag{Name: k, Value: string(tagText(x).(patchdev.String))})
		}
	}
	return tags
}

// messageOf reads the message that a POST carries. Without a signature only
// JSON is believed, as on a local chain (DESIGN S13); a real node refuses it,
// and the answer says so.
func (x *exec) messageOf(pid string) (ao.Message, error) {
	if err := x.s.mayWrite(x.r); err != nil {
		return ao.Message{}, err
	}
	if x.signed != nil {
		return *x.signed, nil
	}
	if x.notSigned != nil {
		return ao.Message{}, x.notSigned
	}
	if !x.isJSON() {
		return ao.Message{}, x.refuse("the message has no signature: send it as application/json, or signed")
	}
	if x.body == nil {
		return ao.Message{}, x.refuse("the body is not a JSON object")
	}
	x.lint, x.unsigned = unsignedLint, true
	m := ao.Message{Source: ao.FromHTTP}
	for k, v := range x.body.All() {
		x.field(&m, k, v)
	}
	if m.From == "" {
		m.From = x.s.address // who signs for nobody else
	}
	if m.Target == "" {
		m.Target = pid
	}
	return m, nil
}

func (x *exec) isJSON() bool {
	if c := x.r.Header.Get("Codec-Device"); c != "" {
		return c == "json@1.0"
	}
	t, _, _ := strings.Cut(x.r.Header.Get("Content-Type"), ";")
	return strings.TrimSpace(strings.ToLower(t)) == "application/json"
}
