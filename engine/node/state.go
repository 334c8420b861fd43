package node

import (
	"errors"
	"strings"

	"patchbay/engine/ao"
	"patchbay/patchdev"
)

// view is a process: its message (slot -1), or its state after a slot.
type view struct {
	x    *exec
	info ao.ProcessInfo
	slot int64
	root *patchdev.Table
	// computed is the slot's result, fetched when it is asked for.
	computed *ao.Slot
}

// message is the process message as a table: its tags, with the names in lower
// case, what a node adds, and who signed it.
func (w *view) message() (*patchdev.Table, error) {
	return w.x.s.messages.get(w.info), nil
}

// processMessage builds what [view.message] gives.
func processMessage(info ao.ProcessInfo) *patchdev.Table {
	b := patchdev.EmptyTable().Edit()
	exec := "genesis-wasm@1.0"
	if info.Flavour == "lua@5.3a" {
		exec = "stack@1.0"
	}
	for _, f := range [][2]string{
		{"device", "process@1.0"},
		{"execution-device", exec},
		{"push-device", "push@1.0"},
		{"scheduler-device", "scheduler@1.0"},
		{"type", "Process"},
	} {
		b.Set(f[0], patchdev.String(f[1]))
	}
	var tags []patchdev.Value
	var committed []patchdev.Value
	for _, t := range info.Tags {
		tags = append(tags, patchdev.NewTable("name", t.Name, "value", t.Value))
		name := strings.ToLower(t.Name)
		committed = append(committed, patchdev.String(name))
		if (name == "device-stack" || name == "authority") && info.Flavour == "lua@5.3a" {
			b.Set(name, splitList(t.Value))
			continue
		}
		b.Set(name, patchdev.String(t.Value))
	}
	owner := info.Owner
	b.Set("commitments", patchdev.NewTable(info.ID, patchdev.NewTable(
		"commitment-device", "ans104@1.0", "committer", owner, "type", "rsa-pss-sha256",
		"committed", patchdev.NewList(committed...), "original-tags", patchdev.Numbered(patchdev.NewList(tags...)),
	)))
	return b.Table()
}

func splitList(s string) *patchdev.List {
	var vals []patchdev.Value
	for part := range strings.SplitSeq(s, ",") {
		if part = unquote(strings.TrimSpace(part)); part != "" {
			vals = append(vals, patchdev.String(part))
		}
	}
	return patchdev.NewList(vals...)
}

// key returns one key of the state, without building the whole of it.
func (w *view) key(name string) (patchdev.Value, bool, error) {
	v, ok, err := w.exact(name)
	if ok || err != nil {
		return v, ok, err
	}
	if low := patchdev.Fold(name); low != name {
		return w.exact(low)
	}
	return nil, false, nil
}

func (w *view) exact(name string) (patchdev.Value, bool, error) {
	switch name {
	case "at-slot":
		return patchdev.Int(w.slot), true, nil
	case "device":
		if w.x.p.BooleanLeaf500 {
			return nil, false, crash("the device of a running process is an atom inside the node, which a plain answer cannot carry")
		}
		return patchdev.String("process@1.0"), true, nil
	case "process", "results":
		t, err := w.own(name)
		if err != nil {
			return nil, false, err
		}
		if v, ok := w.root.Get(name); ok {
			if p, ok := v.(*patchdev.Table); ok && t != nil {
				return patchdev.Merge(t, p), true, nil
			}
			return v, true, nil
		}
		return t, t != nil, nil
	case "commitments":
		return nil, false, nil
	}
	if strings.HasPrefix(name, "priv") {
		return nil, false, nil
	}
	if v, ok := w.root.Get(name); ok {
		if p, ok := v.(*patchdev.Table); ok {
			if t, _ := w.tag(name).(*patchdev.Table); t != nil {
				return patchdev.Merge(t, p), true, nil
			}
		}
		return v, true, nil
	}
	if v := w.tag(name); v != nil {
		return v, true, nil
	}
	return nil, false, nil
}

// tag is a key that a state has from the process message or from the devices
// that ran, nil when it has none.
func (w *view) tag(name string) patchdev.Value {
	switch name {
	case "initialized":
		return patchdev.String("true")
	case "input-prefix", "previous-input-prefix":
		return patchdev.String("process")
	case "previous-device":
		return patchdev.Atom("dev_message")
	}
	t, err := w.message()
	if err != nil {
		return nil
	}
	v, _ := t.Get(name)
	return v
}

// own is the process message or the results, as the node makes them.
func (w *view) own(name string) (*patchdev.Table, error) {
	if name == "process" {
		return w.message()
	}
	if err := w.load(); errors.Is(err, ErrNoSlot) {
		return nil, nil // the root is there, its results are not yet: see check
	} else if err != nil {
		return nil, err
	}
	return w.x.results(w.computed), nil
}

func (w *view) load() error {
	if w.computed != nil {
		return nil
	}
	s, err := w.x.s.source.Slot(w.x.ctx, w.info.ID, w.slot)
	w.computed = s
	return err
}

// table is the whole state.
func (w *view) table() (*patchdev.Table, error) {
	m, err := w.message()
	if err != nil {
		return nil, err
	}
	b := m.Delete("commitments").Edit()
	for _, k := range []string{"initialized", "input-prefix", "previous-input-prefix", "previous-device"} {
		b.Set(k, w.tag(k))
	}
	for _, k := range []string{"process", "results"} {
		t, err := w.own(k)
		if err != nil {
			return nil, err
		}
		if t != nil {
			b.Set(k, t)
		}
	}
	t := patchdev.Merge(b.Table(), w.root).Edit()
	t.Set("at-slot", patchdev.Int(w.slot))
	t.Set("device", patchdev.String("process@1.0"))
	return t.Table(), nil
}

// check says why a real node could not answer from this state at all (DESIGN
// S11: `current` never answers where a node would not).
func (w *view) check() error {
	if why := patchdev.Broken(w.root, *w.x.p); why != "" {
		f := crash(why + ": every read of the process fails until the value is gone; on a real node for good")
		if patchdev.Broken(w.root, *w.x.p) == patchdev.BrokenNumber {
			f.kind = silent
		}
		return f
	}
	if w.info.Flavour != "lua@5.3a" || !w.x.p.StuckOnBadValue {
		return nil
	}
	if err := w.load(); err != nil {
		return nil // after opening, roots are there before results: nothing is known against the slot
	}
	if w.computed.Failure != "" {
		return crash(w.computed.Failure)
	}
	if r := &w.computed.Result; r.Failed() && r.Limit == "" {
		f := crash("slot failed: " + r.Error)
		if !strings.Contains(r.Error, patchdev.BadKey) {
			f.kind = silent
		}
		return f
	}
	return nil
}
