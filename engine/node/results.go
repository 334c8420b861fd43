package node

import (
	"strconv"

	"patchbay/engine/ao"
	"patchbay/patchdev"
)

// results is the `results` table of a computed slot (spec hyperbeam-http §3, §10.4):
// for a raw process what the script left in base.results, with the patches gone
// from the outbox; for aos the union of what versions of clients look for.
func (x *exec) results(s *ao.Slot) *patchdev.Table {
	if s == nil {
		return nil
	}
	o := patchdev.ApplyOptions{Profile: *x.p, Flavour: patchdev.Raw}
	outbox := patchdev.EmptyTable().Edit()
	for _, e := range s.Rest {
		v := patchdev.Value(e.Fields)
		if s.Result.Results != nil {
			v = patchdev.Normal(v, o)
		}
		outbox.Set(e.Key, v)
	}
	if t := s.Result.Results; t != nil {
		if t, ok := patchdev.Normal(t.Delete("outbox"), o).(*patchdev.Table); ok {
			if _, had := s.Result.Results.Get("outbox"); had || outbox.Len() > 0 {
				t = t.Set("outbox", outbox.Table())
			}
			return t
		}
		return patchdev.EmptyTable()
	}
	raw := resultTable(&s.Result)
	b := patchdev.EmptyTable().Edit()
	b.Set("outbox", outbox.Table())
	b.Set("patches", patchdev.EmptyList())
	b.Set("data", outputData(&s.Result))
	b.Set("raw", raw)
	b.Set("json", patchdev.NewTable(
		"content-type", "application/json",
		"body", string(patchdev.AppendJSON(nil, raw, patchdev.JSONOptions{})),
	))
	return b.Table()
}

// outputData is what a person would read: Output.data, its output, or the text.
func outputData(r *ao.Result) patchdev.Value {
	if t, ok := r.Output.(*patchdev.Table); ok {
		switch d, _ := t.Get("data"); d := d.(type) {
		case patchdev.String:
			return d
		case *patchdev.Table:
			if s, ok := d.Get("output"); ok {
				return s
			}
		}
	}
	if s, ok := r.Output.(patchdev.String); ok {
		return s
	}
	return patchdev.String(r.Text)
}

// resultTable is a result as a compute unit gives it out: {Output, Messages,
// Spawns, Assignments, Error?, GasUsed}.
func resultTable(r *ao.Result) *patchdev.Table {
	b := patchdev.EmptyTable().Edit()
	b.Set("Output", patchdev.EmptyTable())
	if r.Output != nil {
		b.Set("Output", r.Output)
	}
	b.Set("Messages", outMessages(r.Messages))
	b.Set("Spawns", outMessages(r.Spawns))
	b.Set("Assignments", patchdev.NewList(r.Assignments...))
	b.Set("GasUsed", patchdev.Int(r.GasUsed))
	if r.Failed() {
		b.Set("Error", patchdev.String(r.Error))
	}
	return b.Table()
}

func outMessages(ms []ao.OutMessage) *patchdev.List {
	vals := make([]patchdev.Value, 0, len(ms))
	for i := range ms {
		m := &ms[i]
		b := patchdev.EmptyTable().Edit()
		b.Set("Target", m.Target)
		b.Set("Data", m.Data)
		b.Set("Anchor", patchdev.String(m.Anchor))
		tags := make([]patchdev.Value, 0, len(m.Tags))
		for _, t := range m.Tags {
			tag := patchdev.EmptyTable()
			if t.Name != nil {
				tag = tag.Set("name", t.Name)
			}
			tags = append(tags, tag.Set("value", tagText(t.Value)))
		}
		b.Set("Tags", patchdev.NewList(tags...))
		vals = append(vals, b.Table())
	}
	return patchdev.NewList(vals...)
}

// tagText is a tag value as user interfaces expect it: a string. Tables become
// their JSON; the outbox has them as tables.
func tagText(v patchdev.Value) patchdev.Value {
	switch v := v.(type) {
	case nil:
		return nil
	case patchdev.String:
		return v
	case patchdev.Int:
		return patchdev.String(strconv.FormatInt(int64(v), 10))
	default:
		return patchdev.String(patchdev.AppendJSON(nil, v, patchdev.JSONOptions{}))
	}
}

// messageTable is a scheduled message as a stored table: its fields and tags
// with the names in lower case.
func messageTable(m *ao.Message) *patchdev.Table {
	b := patchdev.EmptyTable().Edit()
	for _, f := range m.Fields {
		if f.Name != "Tags" {
			b.Set(patchdev.Fold(f.Name), f.Value)
		}
	}
	var tags, committed []patchdev.Value
	for _, t := range m.Tags {
		name := patchdev.Fold(t.Name)
		b.Set(name, patchdev.String(t.Value))
		tags = append(tags, patchdev.NewTable("name", t.Name, "value", t.Value))
		committed = append(committed, patchdev.String(name))
	}
	set := func(k, v string) {
		if v != "" {
			b.Set(k, patchdev.String(v))
		}
	}
	set("target", m.Target)
	set("anchor", m.Anchor)
	if m.Data != nil {
		b.Set("data", m.Data)
	}
	owner := m.Owner
	if owner == "" {
		owner = m.From
	}
	if m.From != "" && m.From != owner {
		set("from-process", m.From)
	}
	if m.ID != "" {
		b.Set("commitments", patchdev.NewTable(m.ID, patchdev.NewTable(
			"commitment-device", "ans104@1.0", "committer", owner, "type", "rsa-pss-sha256",
			"committed", patchdev.NewList(committed...), "original-tags", patchdev.Numbered(patchdev.NewList(tags...)),
		)))
	}
	return b.Table()
}
