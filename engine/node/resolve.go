package node

import (
	"fmt"
	"strconv"
	"strings"

	"patchbay/patchdev"
)

// at is where the steps have led: a value, read as a device, and what it is
// beside its content.
type at struct {
	v patchdev.Value
	// device is what the value is read as; "" is the device that the value names, or
	// message@1.0.
	device string
	// proc is set on a process message and on the state of a process.
	proc *view
	// ready is set instead of v when the steps made an encoded body.
	ready *ready
	// empty: nothing of the value shows, as with a process read as its device.
	empty bool
	// as: the process is read as its execution device.
	as bool
}

// ready is a body that a device encoded already.
type ready struct {
	contentType string
	body        []byte
}

func (r *ready) table() *patchdev.Table {
	t := patchdev.EmptyTable().Set("body", patchdev.String(r.body))
	if r.contentType != "" {
		t = t.Set("content-type", patchdev.String(r.contentType))
	}
	return t
}

// resolve walks the steps of the request (spec hyperbeam-http §2.1.5, §2.1.6).
func (x *exec) resolve() (at, error) {
	if len(x.steps) == 0 {
		return at{}, crash("the path is empty")
	}
	a, i, err := x.base()
	for ; err == nil && i < len(x.steps); i++ {
		a, err = x.step(a, i)
	}
	return a, err
}

// base finds the message that a path begins with, and the number of the first
// step that is still to be taken.
func (x *exec) base() (at, int, error) {
	first := x.steps[0]
	switch {
	case isID(first.name):
		a, err := x.stored(first.name)
		if err != nil {
			if len(x.steps) > 1 || first.device != "" {
				if f := asFailure(err); f.kind == notFound {
					f.kind = noProcess
					err = f
				}
			}
			return a, 1, err
		}
		if first.device != "" {
			if !patchdev.KnownDevice(first.device) {
				return a, 1, x.unknownDevice(first.device)
			}
			a.device = first.device
			if len(x.steps) == 1 && first.device == "process@1.0" {
				a.empty = true
			}
		}
		return a, 1, nil
	case first.name == "" && first.device != "":
		b := patchdev.EmptyTable().Edit()
		for _, p := range first.params {
			b.Set(p.key, p.val)
		}
		if x.body != nil {
			for k, v := range x.body.All() {
				b.Set(k, v)
			}
		}
		if !patchdev.KnownDevice(first.device) && first.device != "query@1.0" {
			return at{}, 1, x.unknownDevice(first.device)
		}
		return at{v: b.Table(), device: first.device}, 1, nil
	}
	return at{v: patchdev.EmptyTable()}, 0, nil
}

// unknownDevice is the failure of asking for a device that no node has. Before
// September 2025 device names in the first segment that are none lead nowhere.
func (x *exec) unknownDevice(name string) error {
	reason := fmt.Sprintf("no node knows a device named %q", name)
	if !x.p.RequireCodec && patchdev.KnownDevice(strings.ToLower(name)) {
		return missing(reason + ": device names are case-sensitive")
	}
	return crash(reason)
}

// stored finds the message with an id: a process, a scheduled message, or a
// table that an answer gave as a link.
func (x *exec) stored(id string) (at, error) {
	if info, ok := x.s.source.Process(id); ok {
		x.pid = id
		w := &view{x: x, info: info, slot: -1}
		t, err := w.message()
		return at{v: t, proc: w}, err
	}
	if v, ok := x.s.links.get(id); ok {
		return at{v: v}, nil
	}
	m, _, _, err := x.s.source.Message(x.ctx, id)
	if err != nil {
		return at{}, &failure{kind: notFound, status: 404, reason: fmt.Sprintf("no process, message or link %s is known here; a local node does not look for it elsewhere", id)}
	}
	return at{v: messageTable(&m)}, nil
}

// step takes one step.
func (x *exec) step(a at, i int) (at, error) {
	s := x.steps[i]
	if a.ready != nil {
		a = at{v: a.ready.table()}
	}
	if s.device != "" {
		if !patchdev.KnownDevice(s.device) {
			return a, x.unknownDevice(s.device)
		}
		a.device = s.device
		if s.name == "" {
			// A process with its device in a segment of its own: `PID/~process@1.0/…`.
			a.empty = false
			return a, nil
		}
	}
	device := a.device
	if device == "" && a.proc != nil {
		device = "process@1.0"
	}
	if device == "" {
		var err error
		if device, err = x.ownDevice(a.v); err != nil {
			return a, err
		}
	}
	switch device {
	case "process@1.0":
		if a.proc != nil {
			return x.processKey(a, i)
		}
	case "scheduler@1.0":
		if next, done, err := x.schedulerKey(a, i); done {
			return next, err
		}
	case "push@1.0":
		if a.proc != nil && strings.EqualFold(s.name, "push") {
			return x.processKey(a, i)
		}
	case "json@1.0":
		switch s.name {
		case "serialize":
			return x.serialize(a, i)
		case "deserialize":
			return x.deserialize(a)
		}
	case "hyperbuddy@1.0":
		return x.hyperbuddy(a, i)
	case "meta@1.0":
		return x.meta(i)
	case "cacheviz@1.0":
		return x.cacheviz(a, i)
	case "router@1.0":
		if s.name == "routes" {
			return at{v: patchdev.EmptyTable()}, nil
		}
	}
	return x.messageKey(a, i)
}

// ownDevice is the device that a table names itself: an unknown one makes it
// unreadable by path (spec hyperbeam-http §4.2).
func (x *exec) ownDevice(v patchdev.Value) (string, error) {
	t, ok := v.(*patchdev.Table)
	if !ok {
		return "", nil
	}
	d, ok := t.Get("device")
	if !ok {
		return "", nil
	}
	name, ok := d.(patchdev.String)
	if !ok {
		return "", nil
	}
	if !patchdev.KnownDevice(string(name)) {
		return "", crash(fmt.Sprintf("the table has a key device = %q, which no node knows as a device, so nothing below it can be read by path: name the key otherwise", string(name)))
	}
	if name == "process@1.0" || name == "meta@1.0" || name == "hyperbuddy@1.0" {
		return "", nil
	}
	return string(name), nil
}

// messageKey resolves a key of message@1.0: a function of the device, or data
// (spec hyperbeam-http §2.3).
func (x *exec) messageKey(a at, i int) (at, error) {
	name := x.steps[i].name
	v := a.v
	if l, ok := v.(*patchdev.List); ok {
		v = patchdev.Numbered(l)
	}
	isState := a.proc != nil && a.proc.slot >= 0
	t, isTable := v.(*patchdev.Table)
	if !isTable && !isState {
		// A leaf is a message with the value as its body.
		if name == "body" {
			return at{v: v}, nil
		}
		if name == "ao-result" {
			return at{v: patchdev.String("body")}, nil
		}
		return at{}, missing(fmt.Sprintf("%q is asked of a %s", name, kindOf(v)))
	}
	key := name
	if x.p.RequireCodec {
		key = strings.ToLower(name)
	}
	if patchdev.Reserved(key) {
		return x.function(a, v, key, i)
	}
	if isState {
		v, ok, err := a.proc.key(name)
		if err != nil {
			return at{}, err
		}
		if !ok {
			return at{}, missing(x.absent(name))
		}
		return at{v: v}, nil
	}
	if v, ok := patchdev.Step(t, name, *x.p); ok {
		return at{v: v}, nil
	}
	return at{}, missing(x.absent(name))
}

func (x *exec) absent(name string) string {
	return fmt.Sprintf("there is no key %q", name)
}

func kindOf(v patchdev.Value) string {
	if v == nil {
		return "nothing"
	}
	return v.Kind().String()
}

// function resolves a name that message@1.0 has a function for, as each
// generation answers it.
func (x *exec) function(a at, v patchdev.Value, name string, i int) (at, error) {
	t, err := x.whole(a)
	if err != nil {
		return at{}, err
	}
	june, september := x.p.IndexPage, x.p.RequireCodec
	shadows := fmt.Sprintf("%s is a function of message@1.0, which shadows a key of that name when it is asked for directly; it is in the parent and in the JSON", name)
	switch name {
	case "keys":
		names := make([]string, 0, t.Len()+1)
		if isSnapshot := !september && a.proc != nil && a.proc.slot >= 0; isSnapshot {
			if _, ok := t.Get("snapshot"); !ok {
				names = append(names, "snapshot") // of the Lua state, which these generations show
			}
		}
		for k := range t.All() {
			names = append(names, k)
		}
		names = patchdev.KeyList(names)
		b := patchdev.EmptyTable().Edit()
		for n, k := range names {
			b.Set(strconv.Itoa(n+1), patchdev.String(k))
		}
		return at{v: b.Table()}, nil
	case "id":
		if !june {
			return at{}, crash(shadows)
		}
		return at{v: patchdev.String(patchdev.LinkID(t))}, nil
	case "path":
		if v, ok := t.Get("path"); ok {
			return at{v: v}, nil
		}
		return at{}, missing(x.absent(name))
	case "commitments":
		if v, ok := t.Get(name); ok {
			return at{v: v}, nil
		}
		return at{}, missing(x.absent(name))
	case "index":
		if !june {
			if v, ok := t.Get("index"); ok {
				return at{v: v}, nil
			}
			return at{}, missing(x.absent(name))
		}
		return at{ready: &ready{"text/html", x.page(a, t)}}, nil
	case "info":
		if !september {
			return at{}, crash(shadows)
		}
		return at{v: patchdev.NewTable("default", "fun dev_message:get/4")}, nil
	case "set":
		return at{v: patchdev.Merge(t, x.requestKeys())}, nil
	case "commit":
		return at{v: t}, nil
	case "committers", "committed":
		if name == "committed" && !september {
			return at{}, crash(shadows)
		}
		return at{v: patchdev.EmptyTable()}, nil
	case "verify":
		if !september {
			return at{}, crash(shadows)
		}
		return at{v: patchdev.Bool(true)}, nil
	}
	return at{}, crash(shadows) // get, remove
}

// whole is the table that a place stands for, a state with all its keys.
func (x *exec) whole(a at) (*patchdev.Table, error) {
	switch {
	case a.proc != nil && a.proc.slot >= 0:
		return a.proc.table()
	case a.ready != nil:
		return a.ready.table(), nil
	}
	switch v := a.v.(type) {
	case *patchdev.Table:
		return v, nil
	case *patchdev.List:
		return patchdev.Numbered(v), nil
	case nil:
		return patchdev.EmptyTable(), nil
	default:
		return patchdev.NewTable("ao-result", "body", "body", v), nil
	}
}
