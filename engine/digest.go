package engine

import (
	"crypto/sha256"
	"encoding/binary"
	"strconv"

	"patchbay/engine/ao"
	"patchbay/patchdev"
)

// digester gathers a result's parts, each with its length or kind. Its methods
// return it longer, as append does, so that it can stay on the stack.
type digester []byte

func (d digester) n(n int) digester { return binary.AppendUvarint(d, uint64(n)) }

func (d digester) s(s string) digester { return append(d.n(len(s)), s...) }

// v adds a value. Lists and tables have digests that are remembered, so that a
// big table which hardly changed costs nothing (DESIGN S6).
func (d digester) v(v patchdev.Value) digester {
	if v == nil {
		return d.n(0)
	}
	d = d.n(int(v.Kind()))
	if s, ok := v.(patchdev.String); ok {
		return d.s(string(s))
	}
	h := patchdev.Hash(v)
	return append(d, h[:]...)
}

func (d digester) messages(list []ao.OutMessage) digester {
	d = d.n(len(list))
	for i := range list {
		d = d.message(&list[i])
	}
	return d
}

func (d digester) message(m *ao.OutMessage) digester {
	d = d.v(m.Target).v(m.Data).s(m.Anchor).n(len(m.Tags))
	for _, t := range m.Tags {
		d = d.v(t.Name).v(t.Value)
	}
	return d
}

// digest is what a replay has to give again: everything that a message led to,
// but not how long it took, what it cost, the trace, and ids, which follow from
// the rest.
func digest(r *ao.Result) [32]byte {
	var room [4096]byte
	d := digester(room[:0]).s(Version).v(r.Output).s(r.Text).messages(r.Messages).messages(r.Spawns).n(len(r.Assignments))
	for _, v := range r.Assignments {
		d = d.v(v)
	}
	d = d.n(len(r.Outbox))
	for _, o := range r.Outbox {
		d = d.s(o.Key)
		if len(r.Messages) == 0 { // otherwise they are the messages once more
			d = d.v(o.Fields)
		}
	}
	if r.Results != nil {
		d = d.v(r.Results)
	}
	for _, m := range r.State {
		d = d.s(m.Key).v(m.Value)
	}
	d = d.s(r.Error).s(r.Limit)
	if r.Thrown {
		d = d.n(1)
	}
	return sha256.Sum256(d)
}

// outID is the id of the n-th message that a slot sent.
func outID(pid string, salt, slot int64, n int, m *ao.OutMessage) string {
	var room [1024]byte
	sum := sha256.Sum256(digester(room[:0]).n(1).message(m))
	return ao.ID("sent", pid, strconv.FormatInt(salt, 10), strconv.FormatInt(slot, 10), strconv.Itoa(n), string(sum[:]))
}

// salt is what goes into ids for a branch.
func (e *Engine) salt(branch int64) int64 {
	b, _ := e.j.Branch(branch)
	return b.Salt
}

// inID is the id of a message that is scheduled without one.
func inID(pid string, salt, slot int64, m *ao.Message) string {
	parts := []string{"message", pid, strconv.FormatInt(salt, 10), strconv.FormatInt(slot, 10), m.From, m.Owner, m.Target, m.Anchor}
	for _, t := range m.Tags {
		parts = append(parts, t.Name, t.Value)
	}
	if s, ok := m.Data.(patchdev.String); ok {
		parts = append(parts, string(s))
	} else if m.Data != nil {
		h := patchdev.Hash(m.Data)
		parts = append(parts, string(h[:]))
	}
	return ao.ID(parts...)
}
