package journal

import (
	"fmt"
	"strings"
	"time"

	"patchbay/engine/ao"
	"patchbay/patchdev"
)

// The first byte of every stored value names the form in which it was written,
// so that a later program can read older rows.
const form = 1

func (d *decoder) form() {
	if c := d.byte(); d.err == nil && c != form {
		d.fail(fmt.Sprintf("written in form %d, this program reads %d", c, form))
	}
}

func (d *decoder) end() error {
	if d.err == nil && len(d.b) != 0 {
		d.fail(fmt.Sprintf("%d bytes too many", len(d.b)))
	}
	return d.err
}

// AppendValue appends the stored form of a value.
func AppendValue(dst []byte, v patchdev.Value) []byte {
	e := encoder{b: append(dst, form)}
	e.value(v, nil)
	return e.b
}

// ParseValue reads what AppendValue wrote.
func ParseValue(b []byte) (patchdev.Value, error) {
	d := decoder{b: b}
	d.form()
	v := d.value(nil)
	return v, d.end()
}

// AppendMessage appends the stored form of a message.
func AppendMessage(dst []byte, m *ao.Message) []byte {
	e := encoder{b: append(dst, form)}
	for _, s := range [...]string{m.ID, m.From, m.Owner, m.Target, m.Anchor, m.HashChain, m.Signature, m.ForwardedBy, m.Root, m.Label} {
		e.string(s)
	}
	e.tags(m.Tags)
	e.value(m.Data, nil)
	e.int(m.Timestamp)
	e.int(m.BlockHeight)
	e.int(m.Epoch)
	e.bool(m.Cron)
	e.bool(m.ReadOnly)
	e.int(int64(m.Depth))
	e.byte(byte(m.Source))
	e.bool(m.Fields != nil)
	if m.Fields != nil {
		e.uint(uint64(len(m.Fields)))
		for _, f := range m.Fields {
			e.string(f.Name)
			e.value(f.Value, nil)
		}
	}
	return e.b
}

// ParseMessage reads what AppendMessage wrote.
func ParseMessage(b []byte) (ao.Message, error) {
	d := decoder{b: b}
	d.form()
	var m ao.Message
	for _, s := range [...]*string{&m.ID, &m.From, &m.Owner, &m.Target, &m.Anchor, &m.HashChain, &m.Signature, &m.ForwardedBy, &m.Root, &m.Label} {
		*s = d.string()
	}
	m.Tags = d.tags()
	m.Data = d.value(nil)
	m.Timestamp, m.BlockHeight, m.Epoch = d.int(), d.int(), d.int()
	m.Cron, m.ReadOnly = d.bool(), d.bool()
	m.Depth = int(d.int())
	m.Source = ao.Source(d.byte())
	if d.bool() {
		n := d.count()
		m.Fields = make([]ao.Field, 0, min(n, 1024))
		for ; n > 0 && d.err == nil; n-- {
			m.Fields = append(m.Fields, ao.Field{Name: d.string(), Value: d.value(nil)})
		}
	}
	return m, d.end()
}

func (e *encoder) tags(tags []ao.Tag) {
	e.uint(uint64(len(tags)))
	for _, t := range tags {
		e.string(t.Name)
		e.string(t.Value)
	}
}

func (d *decoder) tags() []ao.Tag {
	n := d.count()
	if n == 0 {
		return nil
	}
	out := make([]ao.Tag, 0, min(n, 1024))
	for ; n > 0 && d.err == nil; n-- {
		out = append(out, ao.Tag{Name: d.string(), Value: d.string()})
	}
	return out
}

// AppendTags and ParseTags store a list of tags.
func AppendTags(dst []byte, tags []ao.Tag) []byte {
	e := encoder{b: append(dst, form)}
	e.tags(tags)
	return e.b
}

// ParseTags reads what AppendTags wrote.
func ParseTags(b []byte) ([]ao.Tag, error) {
	d := decoder{b: b}
	d.form()
	t := d.tags()
	return t, d.end()
}

// AppendResult appends the stored form of a result. root is the table into which
// the result's patches were merged, after they were; tables that equal those at
// the same place there are stored as a reference. nil stores everything in full.
func AppendResult(dst []byte, r *ao.Result, root *patchdev.Table) []byte {
	e := encoder{b: append(dst, form), root: root}
	e.value(r.Output, nil)
	e.string(r.Text)
	e.out(r.Messages, root)
	e.out(r.Spawns, root)
	e.uint(uint64(len(r.Assignments)))
	for _, v := range r.Assignments {
		e.value(v, nil)
	}
	e.uint(uint64(len(r.Outbox)))
	for _, o := range r.Outbox {
		e.string(o.Key)
		e.int(int64(o.Line))
		e.uint(uint64(o.Fields.Len()))
		for k, v := range o.Fields.All() {
			e.string(k)
			e.value(v, under(root, k))
		}
	}
	e.bool(r.Results != nil)
	if r.Results != nil {
		e.value(r.Results, nil)
	}
	e.string(r.Error)
	e.bool(r.Thrown)
	e.string(r.ErrorAt.Chunk)
	e.int(int64(r.ErrorAt.Line))
	e.int(int64(r.ErrorAt.Col))
	e.string(r.Limit)
	e.int(r.Truncated)
	e.int(r.GasUsed)
	e.int(int64(r.Duration))
	e.uint(uint64(len(r.Trace)))
	for _, t := range r.Trace {
		e.string(t.Name)
		e.string(t.Pattern)
		e.string(t.Outcome)
		e.int(int64(t.Line))
		e.int(int64(t.Duration))
		e.int(t.Gas)
	}
	e.whys(r.Trace)
	if len(r.State)+len(r.Lints) > 0 { // only raw processes have any
		e.uint(uint64(len(r.State)))
		for _, m := range r.State {
			e.string(m.Key)
			e.value(m.Value, under(root, m.Key))
		}
		e.warnings(r.Lints)
	}
	return e.b
}

// whys appends why handlers were skipped.
func (e *encoder) whys(trace []ao.HandlerTrace) {
	for i := range trace {
		if trace[i].Outcome == "skipped" {
			e.string(trace[i].Why)
		}
	}
}

// whys reads what the other appended. Results that were written before there was
// any have none.
func (d *decoder) whys(trace []ao.HandlerTrace) {
	if d.err != nil || len(d.b) == 0 {
		return
	}
	for i := range trace {
		if trace[i].Outcome == "skipped" {
			trace[i].Why = d.string()
		}
	}
}

// under is the value of a patched key in the root, which may have been folded.
func under(root *patchdev.Table, key string) patchdev.Value {
	if root == nil {
		return nil
	}
	v, ok := root.Get(key)
	if !ok {
		v, _ = root.Get(strings.ToLower(key))
	}
	return v
}

func (e *encoder) out(list []ao.OutMessage, root *patchdev.Table) {
	e.uint(uint64(len(list)))
	for i := range list {
		m := &list[i]
		e.value(m.Target, nil)
		e.value(m.Data, nil)
		e.string(m.Anchor)
		e.int(int64(m.Line))
		e.string(m.ID)
		e.uint(uint64(len(m.Tags)))
		for _, t := range m.Tags {
			e.value(t.Name, nil)
			var base patchdev.Value
			if n, ok := t.Name.(patchdev.String); ok {
				base = under(root, string(n))
			}
			e.value(t.Value, base)
		}
	}
}

func (d *decoder) out(root *patchdev.Table) []ao.OutMessage {
	n := d.count()
	if n == 0 {
		return nil
	}
	out := make([]ao.OutMessage, 0, min(n, 1024))
	for ; n > 0 && d.err == nil; n-- {
		m := ao.OutMessage{Target: d.value(nil), Data: d.value(nil), Anchor: d.string(), Line: int(d.int()), ID: d.string()}
		k := d.count()
		m.Tags = make([]ao.OutTag, 0, min(k, 1024))
		for ; k > 0 && d.err == nil; k-- {
			t := ao.OutTag{Name: d.value(nil)}
			var base patchdev.Value
			if n, ok := t.Name.(patchdev.String); ok {
				base = under(root, string(n))
			}
			t.Value = d.value(base)
			m.Tags = append(m.Tags, t)
		}
		out = append(out, m)
	}
	return out
}

// ParseResult reads what AppendResult wrote, given the same root.
func ParseResult(b []byte, root *patchdev.Table) (ao.Result, error) {
	d := decoder{b: b, root: root}
	d.form()
	var r ao.Result
	r.Output = d.value(nil)
	r.Text = d.string()
	r.Messages = d.out(root)
	r.Spawns = d.out(root)
	for n := d.count(); n > 0 && d.err == nil; n-- {
		r.Assignments = append(r.Assignments, d.value(nil))
	}
	for n := d.count(); n > 0 && d.err == nil; n-- {
		o := ao.OutboxEntry{Key: d.string(), Line: int(d.int())}
		f := patchdev.EmptyTable().Edit()
		for k := d.count(); k > 0 && d.err == nil; k-- {
			name := d.string()
			if v := d.value(under(root, name)); d.err == nil {
				f.Set(name, v)
			}
		}
		o.Fields = f.Table()
		r.Outbox = append(r.Outbox, o)
	}
	if d.bool() {
		if t, ok := d.value(nil).(*patchdev.Table); ok {
			r.Results = t
		} else {
			d.fail("results are not a table")
		}
	}
	r.Error = d.string()
	r.Thrown = d.bool()
	r.ErrorAt = ao.Place{Chunk: d.string(), Line: int(d.int()), Col: int(d.int())}
	r.Limit = d.string()
	r.Truncated, r.GasUsed, r.Duration = d.int(), d.int(), time.Duration(d.int())
	for n := d.count(); n > 0 && d.err == nil; n-- {
		r.Trace = append(r.Trace, ao.HandlerTrace{
			Name: d.string(), Pattern: d.string(), Outcome: d.string(),
			Line: int(d.int()), Duration: time.Duration(d.int()), Gas: d.int(),
		})
	}
	d.whys(r.Trace)
	if d.err == nil && len(d.b) > 0 {
		for n := d.count(); n > 0 && d.err == nil; n-- {
			m := patchdev.Member{Key: d.string()}
			m.Value = d.value(under(root, m.Key))
			r.State = append(r.State, m)
		}
		r.Lints = d.warnings(0)
	}
	return r, d.end()
}

// AppendChanges appends the stored form of a change list, old values included.
// root is what the changes were made to; values may refer to it.
func AppendChanges(dst []byte, list []patchdev.Change, root *patchdev.Table) []byte {
	e := encoder{b: append(dst, form), root: root}
	e.changes(list, true)
	return e.b
}

// ParseChanges reads what AppendChanges wrote, given the same root. No bytes are
// no changes.
func ParseChanges(b []byte, root *patchdev.Table) ([]patchdev.Change, error) {
	if len(b) == 0 {
		return nil, nil
	}
	d := decoder{b: b, root: root}
	d.form()
	list := d.changes(true)
	return list, d.end()
}

// AppendWarnings appends the stored form of warnings; the slot is not stored.
func AppendWarnings(dst []byte, list []patchdev.Warning) []byte {
	e := encoder{b: append(dst, form)}
	e.warnings(list)
	return e.b
}

func (e *encoder) warnings(list []patchdev.Warning) {
	e.uint(uint64(len(list)))
	for _, w := range list {
		e.uint(uint64(len(w.Path)))
		for _, k := range w.Path {
			e.string(k)
		}
		e.string(w.Rule)
		e.string(w.Message)
		e.int(int64(w.Line))
	}
}

// ParseWarnings reads what AppendWarnings wrote.
func ParseWarnings(b []byte, slot int64) ([]patchdev.Warning, error) {
	d := decoder{b: b}
	d.form()
	out := d.warnings(slot)
	return out, d.end()
}

func (d *decoder) warnings(slot int64) []patchdev.Warning {
	var out []patchdev.Warning
	for n := d.count(); n > 0 && d.err == nil; n-- {
		w := patchdev.Warning{Slot: slot}
		for k := d.count(); k > 0 && d.err == nil; k-- {
			w.Path = append(w.Path, d.string())
		}
		w.Rule, w.Message, w.Line = d.string(), d.string(), int(d.int())
		out = append(out, w)
	}
	return out
}

// AppendDeliveries appends the stored form of what became of a slot's outbox.
func AppendDeliveries(dst []byte, list []ao.Delivery) []byte {
	e := encoder{b: append(dst, form)}
	e.uint(uint64(len(list)))
	for _, x := range list {
		e.string(x.ID)
		e.string(x.Target)
		e.string(x.Process)
		e.int(x.Slot)
		e.string(x.Note)
	}
	return e.b
}

// ParseDeliveries reads what AppendDeliveries wrote.
func ParseDeliveries(b []byte) ([]ao.Delivery, error) {
	d := decoder{b: b}
	d.form()
	var out []ao.Delivery
	for n := d.count(); n > 0 && d.err == nil; n-- {
		out = append(out, ao.Delivery{ID: d.string(), Target: d.string(), Process: d.string(), Slot: d.int(), Note: d.string()})
	}
	return out, d.end()
}
