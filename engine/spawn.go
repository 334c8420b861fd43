package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"patchbay/engine/ao"
	"patchbay/engine/journal"
	"patchbay/patchdev"
)

// LocalModule is the module id of processes that name none: aos as this engine has it.
func LocalModule() string { return ao.Address("patchbay aos module") }

// Spawn makes a process: it schedules the process message at slot 0 and returns
// when that is computed. Errors of the script are in slot 0, not returned.
func (e *Engine) Spawn(ctx context.Context, r SpawnRequest) (ao.ProcessInfo, error) {
	if err := e.writable(); err != nil {
		return ao.ProcessInfo{}, err
	}
	if r.Owner == "" && r.Message != nil {
		if r.Owner = r.Message.Owner; r.Owner == "" {
			r.Owner = r.Message.From
		}
	}
	if r.Owner == "" {
		r.Owner = ao.Address("owner")
	}
	m := e.processMessage(&r)
	var p *process
	err := e.j.Do(ctx, func(tx *journal.Tx) error {
		id := r.ID
		if id == "" {
			id = m.ID
		}
		for n := 0; id == ""; n++ {
			// The same request again makes another process.
			c := inID("", 0, int64(n), &m)
			e.mu.RLock()
			if e.byID[c] == nil {
				id = c
			}
			e.mu.RUnlock()
		}
		var err error
		p, err = e.make(tx, id, r, m, -1)
		return err
	})
	if err != nil {
		if errors.Is(err, journal.ErrDuplicate) {
			err = fmt.Errorf("process %s: %w", r.ID, ErrNameTaken)
		}
		return ao.ProcessInfo{}, fmt.Errorf("spawn %q: %w", r.Name, e.translate(err))
	}
	if _, err := e.Wait(ctx, p.id, 0); err != nil {
		return p.describe(), err
	}
	return p.describe(), nil
}

// make writes a process with its message and starts it when that is durable.
func (e *Engine) make(tx *journal.Tx, id string, r SpawnRequest, m ao.Message, quiet int64) (*process, error) {
	m.ID, m.Target = id, id
	tag := func(name string) string {
		for _, t := range m.Tags {
			if strings.EqualFold(t.Name, name) {
				return t.Value
			}
		}
		return ""
	}
	row := journal.Process{
		ID: id, Name: r.Name, Owner: r.Owner, Script: r.Script, Flavour: flavourAOS,
		Module: tag("Module"), Tags: m.Tags, Created: e.o.Clock(),
	}
	if row.Name == "" {
		row.Name = tag("Name")
	}
	if f := flavourOf(tag); f != "" {
		row.Flavour = f
	}
	row, err := tx.AddProcess(row, quiet)
	if err != nil {
		return nil, err
	}
	p := e.newProcess(row)
	// The engine knows the process before it is durable, so that what follows in the
	// same transaction can be scheduled for it; nobody else sees it.
	script := ""
	if r.Source != "" || tag("On-Boot") == "Data" || row.Flavour == flavourRaw {
		if script = r.Script; script == "" {
			script = textScript
		}
	}
	if _, err := e.schedule(tx, p, m, script); err != nil {
		return nil, err
	}
	tx.After(func() {
		e.mu.Lock()
		e.order = append(e.order, p)
		e.byID[p.id] = p
		if !e.closed.Load() {
			e.start(p)
		}
		e.mu.Unlock()
		e.emit(ao.Event{Kind: ao.ProcessAdded, Process: p.id})
	})
	return p, nil
}

// flavourOf reads from the tags of a process who runs its script, "" when they say
// nothing: a device of its own, or the one in a device stack.
func flavourOf(tag func(name string) string) string {
	switch d := tag("execution-device"); {
	case d == "genesis-wasm@1.0":
		return ""
	case d == "stack@1.0" && strings.Contains(tag("device-stack"), flavourRaw):
		return flavourRaw
	default:
		return d
	}
}

// processMessage is the message of slot 0. It adds the tags that a process needs
// and that were not asked for.
func (e *Engine) processMessage(r *SpawnRequest) ao.Message {
	if r.Message != nil {
		m := *r.Message
		m.Source = ao.FromSpawn
		if m.From == "" {
			m.From = r.Owner
		}
		return m
	}
	given := func(name string) bool {
		return slices.ContainsFunc(r.Tags, func(t ao.Tag) bool { return strings.EqualFold(t.Name, name) })
	}
	m := ao.Message{From: r.Owner, Owner: r.Owner, Source: ao.FromSpawn, Data: patchdev.String(r.Source)}
	add := func(name, value string) {
		if !given(name) && value != "" {
			m.Tags = append(m.Tags, ao.Tag{Name: name, Value: value})
		}
	}
	raw := flavourOf(func(name string) string {
		for _, t := range r.Tags {
			if strings.EqualFold(t.Name, name) {
				return t.Value
			}
		}
		return ""
	}) == flavourRaw
	if !raw { // what a raw process shows of its message are keys of its state
		add("Data-Protocol", "ao")
		add("Variant", "ao.TN.1")
	}
	add("Type", "Process")
	add("Module", LocalModule())
	add("Scheduler", NodeAddress())
	add("Authority", NodeAddress())
	if !raw {
		add("Name", r.Name)
	}
	switch {
	case raw:
		add("Scheduler-Location", NodeAddress())
		if !given("device-stack") { // DESIGN S4
			add("device-stack", flavourRaw+", patch@1.0")
			add("patch-from", "/results/outbox")
			// What runs it is the stack then, and the message says so as on a node.
			r.Tags = slices.Clone(r.Tags)
			for i, t := range r.Tags {
				if strings.EqualFold(t.Name, "execution-device") {
					r.Tags[i].Value = "stack@1.0"
				}
			}
		}
	case r.Source != "":
		add("On-Boot", "Data")
	}
	m.Tags = append(m.Tags, r.Tags...)
	return m
}

// spawn makes the process that another one asked for, and answers it with
// Spawned (spec aos-runtime §5). It runs on the journal's goroutine.
func (r *routing) spawn(d *ao.Delivery, c parcel) error {
	e, parent := r.e, r.s.p
	if note, err := r.bounded(); note != "" || err != nil {
		d.Note = note
		return err
	}
	req := SpawnRequest{Owner: parent.id, Name: c.m.Tag("Name")}
	data, _ := text(c.m.Data)
	req.Source = data
	tags := parent.tagsOf(c.m, "Data-Protocol", "Type", "From-Process", "From-Module", "Pushed-For")
	boot := slices.ContainsFunc(tags, func(t ao.Tag) bool { return t.Name == "On-Boot" })
	if !boot {
		req.Source = ""
		if m, ok := e.module(c.target); ok {
			req.Source, req.Script = m.Source, m.Script
			tags = append(tags, ao.Tag{Name: "On-Boot", Value: "Data"})
			d.Note = "from script " + m.Script
		}
	}
	tags = append(tags, ao.Tag{Name: "Data-Protocol", Value: "ao"}, ao.Tag{Name: "Type", Value: "Process"},
		ao.Tag{Name: "From-Process", Value: parent.id}, ao.Tag{Name: "From-Module", Value: parent.env.ModuleID},
		ao.Tag{Name: "Pushed-For", Value: r.root})
	authority := e.authority(parent.id)
	if !slices.ContainsFunc(tags, func(t ao.Tag) bool { return t.Name == "Authority" }) {
		tags = append(tags, ao.Tag{Name: "Authority", Value: authority})
		d.Note = join(d.Note, "Authority was added: on the network a process without it refuses messages of processes, so give the tag in Spawn")
	}
	m := ao.Message{
		From: parent.id, Owner: authority, Tags: tags, Data: patchdev.String(data), Anchor: c.m.Anchor,
		Source: ao.FromSpawn, Root: r.root, Depth: r.depth,
	}
	if req.Source != "" {
		m.Data = patchdev.String(req.Source)
	}
	// The owner of the process is who spawned it (From-Process), not the signer.
	child, err := e.make(r.tx, c.m.ID, req, m, -1)
	if errors.Is(err, journal.ErrDuplicate) {
		d.Note = "not spawned: this process is there already"
		return nil
	}
	if err != nil {
		return err
	}
	d.Process, d.Slot = child.id, 0
	reply := ao.Message{
		From: parent.id, Owner: authority, Target: parent.id, Source: ao.FromProcess, Data: patchdev.String(""),
		ID: ao.ID("spawned", c.m.ID), Anchor: fmt.Sprintf("%032d", r.s.slot.Number),
		Tags: []ao.Tag{
			{Name: "Data-Protocol", Value: "ao"},
			{Name: "Variant", Value: "ao.TN.1"},
			{Name: "Type", Value: "Message"},
			{Name: "Action", Value: "Spawned"},
			{Name: "Process", Value: child.id},
			{Name: "Reference", Value: c.m.Tag("Reference")},
			{Name: "Pushed-For", Value: r.root},
			{Name: "From-Process", Value: parent.id},
		},
	}
	back := ao.Delivery{Target: parent.id, Slot: -1}
	if err := r.deliver(&back, reply); err != nil {
		return err
	}
	d.Note = join(d.Note, "Spawned: "+spawnedNote(back))
	return nil
}

func spawnedNote(d ao.Delivery) string {
	if d.Slot >= 0 {
		return "slot " + strconv.FormatInt(d.Slot, 10)
	}
	return d.Note
}

// module finds a script of the project by the name of a module.
func (e *Engine) module(name string) (Module, bool) {
	if e.o.Modules == nil || name == "" {
		return Module{}, false
	}
	return e.o.Modules(name)
}
