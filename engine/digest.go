package engine

import (
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"strconv"
	"sync"

	"patchbay/engine/ao"
	"patchbay/patchdev"
)

// digester hashes a result's parts, each with its length or kind.
type digester struct {
	h   hash.Hash
	buf []byte
}

func (d *digester) n(n int) { d.buf = binary.AppendUvarint(d.buf, uint64(n)) }

func (d *digester) s(s string) {
	d.n(len(s))
	d.buf = append(d.buf, s...)
	if len(d.buf) > 8<<10 {
		d.flush()
	}
}

func (d *digester) flush() {
	d.h.Write(d.buf)
	d.buf = d.buf[:0]
}

// v adds a value. Lists and tables have digests that are remembered, so that a
// big table which hardly changed costs nothing (DESIGN S6).
func (d *digester) v(v patchdev.Value) {
	if v == nil {
		d.n(0)
		return
	}
	d.n(int(v.Kind()))
	switch v := v.(type) {
	case patchdev.String:
		d.s(string(v))
	default:
		h := patchdev.Hash(v)
		d.buf = append(d.buf, h[:]...)
	}
}

func (d *digester) out(list []ao.OutMessage) {
	d.n(len(list))
	for i := range list {
		m := &list[i]
		d.v(m.Target)
		d.v(m.Data)
		d.s(m.Anchor)
		d.n(len(m.Tags))
		for _, t := range m.Tags {
			d.v(t.Name)
			d.v(t.Value)
		}
	}
}

// digesters are used again: there is one digest a slot, and a thousand slots a
// second.
var digesters = sync.Pool{New: func() any { return &digester{h: sha256.New(), buf: make([]byte, 0, 1024)} }}

// digest is what a replay has to give again: everything that a message led to,
// but not how long it took, what it cost, the trace, and ids, which follow from
// the rest.
func digest(r *ao.Result) (sum [32]byte) {
	d := digesters.Get().(*digester)
	defer digesters.Put(d)
	d.h.Reset()
	d.s(Version)
	d.v(r.Output)
	d.s(r.Text)
	d.out(r.Messages)
	d.out(r.Spawns)
	d.n(len(r.Assignments))
	for _, v := range r.Assignments {
		d.v(v)
	}
	d.n(len(r.Outbox))
	for _, o := range r.Outbox {
		d.s(o.Key)
		if len(r.Messages) == 0 { // otherwise they are the messages once more
			d.v(o.Fields)
		}
	}
	if r.Results != nil {
		d.v(r.Results)
	}
	d.s(r.Error)
	d.s(r.Limit)
	if r.Thrown {
		d.n(1)
	}
	d.flush()
	d.h.Sum(sum[:0])
	return sum
}

// outID is the id of the n-th message that a slot sent.
func outID(pid string, salt, slot int64, n int, m *ao.OutMessage) string {
	d := digesters.Get().(*digester)
	defer digesters.Put(d)
	d.h.Reset()
	d.out([]ao.OutMessage{*m})
	d.flush()
	return ao.ID("sent", pid, strconv.FormatInt(salt, 10), strconv.FormatInt(slot, 10), strconv.Itoa(n), string(d.h.Sum(nil)))
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
