package rawlua

import (
	"fmt"

	lua "github.com/yuin/gopher-lua"

	"patchbay/engine/ao"
	"patchbay/patchdev"
)

// toResult reads what compute left in base: results, and the state.
func (vm *VM) toResult() (*ao.Result, error) {
	res, err := vm.readResults()
	if err != nil || vm.base == nil { // a script for hyper-aos leaves nothing else
		return res, err
	}
	state, members, err := vm.left(vm.base)
	if err != nil {
		return nil, err
	}
	res.State = members
	vm.state = vm.patched(state, res.Outbox)
	return res, nil
}

// readResults reads base.results.
func (vm *VM) readResults() (*ao.Result, error) {
	res := &ao.Result{Results: patchdev.EmptyTable()}
	t, ok := vm.results.(*table)
	if !ok {
		if vm.results != lua.LNil {
			return nil, fmt.Errorf("base.results is a %s, not a table", vm.s.Name(vm.results))
		}
		return res, nil
	}
	v, err := vm.value(t, nil)
	if err != nil {
		return nil, fmt.Errorf("base.results%w", err)
	}
	res.Results, _ = v.(*patchdev.Table)
	if out, ok := res.Results.Get("output"); ok {
		res.Output = out
		res.Text = vm.text(out, res)
	}
	if o, ok := t.GetString("outbox").(*table); ok {
		return res, vm.outbox(res, o)
	}
	return res, nil
}

// text is what a person reads of results.output.
func (vm *VM) text(v patchdev.Value, res *ao.Result) string {
	if o, ok := v.(*patchdev.Table); ok {
		if data, ok := o.Get("data"); ok {
			v = data
		}
	}
	s, ok := v.(patchdev.String)
	if !ok {
		return string(patchdev.AppendJSON(nil, v, patchdev.JSONOptions{}))
	}
	limit := vm.limits.Output
	if limit == 0 {
		limit = 1 << 20
	}
	if limit > 0 && int64(len(s)) > limit {
		res.Truncated = int64(len(s)) - limit
		s = s[:limit]
	}
	return string(s)
}

// outbox makes the entries of results.outbox, in the table's order.
func (vm *VM) outbox(res *ao.Result, o *table) error {
	all, _ := res.Results.Get("outbox")
	entries, _ := all.(*patchdev.Table)
	if entries == nil {
		return nil
	}
	for k := range o.All {
		key, ok := keyText(k)
		if !ok {
			continue
		}
		v, ok := entries.Get(key)
		if !ok {
			continue
		}
		fields, ok := v.(*patchdev.Table)
		if !ok {
			return fmt.Errorf("outbox message %q is a %s, not a table of fields: a real node fails this slot", key, v.Kind())
		}
		res.Outbox = append(res.Outbox, ao.OutboxEntry{Key: key, Fields: fields})
		m := outMessage(fields)
		m.ID = ao.ID(vm.env.ID, fmt.Sprint(vm.slot), "message", key, m.Anchor)
		res.Messages = append(res.Messages, m)
	}
	return nil
}

// outMessage shows an outbox entry as a message: what is not target, data or
// anchor is a tag.
func outMessage(fields *patchdev.Table) ao.OutMessage {
	var m ao.OutMessage
	for k, v := range fields.All() {
		switch k {
		case "target", "Target":
			m.Target = v
		case "data", "Data":
			m.Data = v
		case "anchor", "Anchor":
			if s, ok := v.(patchdev.String); ok {
				m.Anchor = string(s)
			}
		default:
			m.Tags = append(m.Tags, ao.OutTag{Name: patchdev.String(k), Value: v})
		}
	}
	return m
}
