package node

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	lru "github.com/hashicorp/golang-lru/v2"

	"patchbay/engine/ao"
	"patchbay/patchdev"
)

// maxAssignments is how many assignments one answer holds (spec hyperbeam-http §8.1).
const maxAssignments = 1000

// schedule lists assignments: a table by slot, or the older form with edges
// when application/aos-2 is accepted.
func (x *exec) schedule(pid string, i int) (at, error) {
	last := x.s.source.Scheduled(pid)
	from, err := x.slotParam(i, "from", 0)
	if err != nil {
		return at{}, err
	}
	to, err := x.slotParam(i, "to", last)
	if err != nil {
		return at{}, err
	}
	from, to = max(from, 0), min(to, last)
	cut := to-from+1 > maxAssignments
	if cut {
		to = from + maxAssignments - 1
	}
	var ms []ao.Message
	if from <= to {
		if ms, err = x.s.source.Schedule(x.ctx, pid, from, to); err != nil {
			return at{}, err
		}
	}
	if x.text(i, "accept") == "application/aos-2" {
		return x.aos2(pid, from, ms, cut)
	}
	list := patchdev.EmptyTable().Edit()
	for n := range ms {
		slot := from + int64(n)
		list.Set(strconv.FormatInt(slot, 10), x.assignment(pid, slot, &ms[n]))
	}
	stamp, _ := stamps(ms)
	return at{v: patchdev.NewTable(
		"type", "schedule", "process", pid, "continues", cut, "timestamp", stamp,
		"block-height", int64(0), "block-hash", noBlock, "assignments", list.Table(),
	)}, nil
}

func stamps(ms []ao.Message) (stamp, height int64) {
	if len(ms) > 0 {
		m := &ms[len(ms)-1]
		return m.Timestamp, m.BlockHeight
	}
	return 0, 0
}

func (x *exec) slotParam(i int, key string, none int64) (int64, error) {
	v, ok := x.param(i, key)
	if !ok {
		return none, nil
	}
	n, ok := slotNumber(v)
	if !ok {
		return 0, crash(fmt.Sprintf("%s is not a slot number: %s", key, patchdev.AppendJSON(nil, v, patchdev.JSONOptions{})))
	}
	return n, nil
}

// assignment is what the scheduler says of one slot, with its message as body. Who
// asks for a schedule asks again as it grows: what it has in common with the
// answers before is shared with them, as long as it is remembered.
func (x *exec) assignment(pid string, slot int64, m *ao.Message) *patchdev.Table {
	kind := "Assignment"
	if x.p.RequireCodec {
		kind = "assignment"
	}
	hash := m.HashChain
	if hash == "" {
		hash = ao.ID("hash-chain", pid, strconv.FormatInt(slot, 10), m.ID)
	}
	if slot == 0 {
		if info, ok := x.s.source.Process(pid); ok {
			return assign(kind, pid, slot, hash, m, x.s.messages.get(info))
		}
	}
	data, isText := m.Data.(patchdev.String)
	if m.Fields != nil || m.Data != nil && !isText {
		return assign(kind, pid, slot, hash, m, messageTable(m))
	}
	key := assignedKey{kind, pid, hash, m.ID, string(data), slot, m.Epoch, m.BlockHeight, m.Timestamp, m.Data == nil}
	if t, ok := x.s.assigned.Get(key); ok {
		return t
	}
	t := assign(kind, pid, slot, hash, m, messageTable(m))
	x.s.assigned.Add(key, t)
	return t
}

func assign(kind, pid string, slot int64, hash string, m *ao.Message, body *patchdev.Table) *patchdev.Table {
	return patchdev.NewTable(
		"path", "compute", "data-protocol", "ao", "variant", "ao.N.1", "type", kind, "process", pid,
		"epoch", strconv.FormatInt(m.Epoch, 10), "slot", slot, "block-height", m.BlockHeight,
		"block-hash", noBlock, "block-timestamp", int64(0), "timestamp", m.Timestamp, "hash-chain", hash,
		"body", body,
	)
}

// assignedKey is what an assignment is made of. Messages of the same id have the same
// sender and tags; the text may be another in another branch.
type assignedKey struct {
	kind, pid, hash, id, data      string
	slot, epoch, height, timestamp int64
	none                           bool // no data at all
}

// keepAssigned is how many assignments are remembered: four answers of a schedule.
const keepAssigned = 4 * maxAssignments

func newAssigned() *lru.Cache[assignedKey, *patchdev.Table] {
	c, err := lru.New[assignedKey, *patchdev.Table](keepAssigned)
	if err != nil {
		panic("node: " + err.Error()) // the size is a constant above zero
	}
	return c
}

type aosTag struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

type aosItem struct {
	ID        string   `json:"Id"`
	Owner     string   `json:"Owner"`
	From      string   `json:"From"`
	Target    string   `json:"Target"`
	Anchor    string   `json:"Anchor"`
	Data      *string  `json:"Data"`
	Tags      []aosTag `json:"Tags"`
	Signature string   `json:"Signature"`
	PublicKey string   `json:"PublicKey"`
}

// aos2 is the listing in the form application/aos-2.
func (x *exec) aos2(pid string, from int64, ms []ao.Message, more bool) (at, error) {
	type edge struct {
		Cursor int64 `json:"cursor"`
		Node   struct {
			Message    aosItem `json:"message"`
			Assignment aosItem `json:"assignment"`
		} `json:"node"`
	}
	stamp, height := stamps(ms)
	doc := struct {
		PageInfo map[string]any `json:"page_info"`
		Edges    []edge         `json:"edges"`
	}{
		PageInfo: map[string]any{
			"process": pid, "has_next_page": more, "timestamp": strconv.FormatInt(stamp, 10),
			"block-height": strconv.FormatInt(height, 10), "block-hash": noBlock,
		},
		Edges: []edge{},
	}
	for n := range ms {
		m := &ms[n]
		slot := from + int64(n)
		e := edge{Cursor: slot}
		e.Node.Message = aosMessage(m)
		a := x.assignment(pid, slot, m)
		item := aosItem{ID: patchdev.LinkID(a), Owner: x.s.address, From: x.s.address}
		for k, v := range a.All() {
			if k != "body" {
				item.Tags = append(item.Tags, aosTag{headerCase(k), string(tagText(v).(patchdev.String))})
			}
		}
		item.Tags = append(item.Tags, aosTag{"Nonce", strconv.FormatInt(slot, 10)})
		e.Node.Assignment = item
		doc.Edges = append(doc.Edges, e)
	}
	body, err := json.Marshal(doc)
	if err != nil {
		return at{}, fmt.Errorf("listing the schedule: %w", err)
	}
	return at{ready: &ready{"application/json", body}}, nil
}

func aosMessage(m *ao.Message) aosItem {
	item := aosItem{
		ID: m.ID, Owner: m.Owner, From: m.From, Target: m.Target, Anchor: m.Anchor, Signature: m.Signature,
		Tags: []aosTag{},
	}
	if item.Owner == "" {
		item.Owner = m.From
	}
	if s, ok := m.Data.(patchdev.String); ok && printable(string(s)) {
		t := string(s)
		item.Data = &t
	}
	for _, t := range m.Tags {
		item.Tags = append(item.Tags, aosTag(t))
	}
	return item
}

func printable(s string) bool {
	for _, r := range s {
		if r == '\uFFFD' || r < 0x20 && r != '\n' && r != '\r' && r != '\t' {
			return false
		}
	}
	return true
}

// headerCase writes block-height as Block-Height.
func headerCase(k string) string {
	parts := strings.Split(k, "-")
	for i, p := range parts {
		if p != "" {
			parts[i] = strings.ToUpper(p[:1]) + p[1:]
		}
	}
	return strings.Join(parts, "-")
}
