package node

import (
	"strconv"
	"testing"

	"patchbay/engine/ao"
	"patchbay/patchdev"
)

// TestLinksAreRememberedByWhatTheyHold: what is below them counts, the oldest go
// first, and a huge one leaves room for others.
func TestLinksAreRememberedByWhatTheyHold(t *testing.T) {
	l := newLinks(800)
	table := func(n int, v patchdev.Value) *patchdev.Table {
		b := patchdev.EmptyTable().Edit()
		for i := range n {
			b.Set(strconv.Itoa(i), v)
		}
		return b.Table()
	}
	for i := range 10 {
		l.add(strconv.Itoa(i), table(3, table(8, patchdev.NewList(patchdev.Int(i))))) // 1+3*(1+8*2) = 52
	}
	if l.weight != 520 {
		t.Errorf("ten weigh %d", l.weight)
	}
	first, _ := l.get("0") // and is the newest now
	l.add("0", table(1, patchdev.Int(1)))
	if again, _ := l.get("0"); again != first || l.weight != 520 {
		t.Errorf("another value for the same id; %d", l.weight)
	}
	for i := range 4 {
		l.add("huge"+strconv.Itoa(i), table(5000, patchdev.Int(1))) // counts 100
	}
	for id, known := range map[string]bool{"0": true, "1": false, "3": false, "4": true, "9": true, "huge0": true, "huge3": true} {
		if l.knows(id) != known {
			t.Errorf("%s: known %v", id, !known)
		}
	}
	if l.weight > 800 {
		t.Errorf("all weigh %d", l.weight)
	}
}

// TestAnswersOfAScheduleShareTheirAssignments, but not with another branch, in which
// the slot has another text, nor with another generation of nodes.
func TestAnswersOfAScheduleShareTheirAssignments(t *testing.T) {
	s, err := New(Options{Source: newMemory(patchdev.Current(), nil)})
	if err != nil {
		t.Fatal(err)
	}
	now := patchdev.Current()
	x := &exec{s: s, p: &now}
	m := ao.Message{ID: ao.ID("m"), From: ao.Address("alice"), Data: patchdev.String("one"), Tags: []ao.Tag{{Name: "Action", Value: "Eval"}}}
	one := x.assignment("pid", 3, &m)
	same := m
	if x.assignment("pid", 3, &same) != one {
		t.Error("made again")
	}
	for name, change := range map[string]func(m *ao.Message, x *exec, slot *int64){
		"text":       func(m *ao.Message, _ *exec, _ *int64) { m.Data = patchdev.String("two") },
		"empty text": func(m *ao.Message, _ *exec, _ *int64) { m.Data = patchdev.String("") },
		"no text":    func(m *ao.Message, _ *exec, _ *int64) { m.Data = nil },
		"a table":    func(m *ao.Message, _ *exec, _ *int64) { m.Data = patchdev.NewTable("a", "b") },
		"id":         func(m *ao.Message, _ *exec, _ *int64) { m.ID = ao.ID("n") },
		"slot":       func(_ *ao.Message, _ *exec, slot *int64) { *slot = 4 },
		"time":       func(m *ao.Message, _ *exec, _ *int64) { m.Timestamp = 7 },
		"codec": func(_ *ao.Message, x *exec, _ *int64) {
			other := now
			other.RequireCodec = !now.RequireCodec
			x.p = &other
		},
	} {
		m, x, slot := m, *x, int64(3)
		change(&m, &x, &slot)
		other := x.assignment("pid", slot, &m)
		if want := assign(assignmentKind(&x), "pid", slot, ao.ID("hash-chain", "pid", strconv.FormatInt(slot, 10), m.ID), &m, messageTable(&m)); !patchdev.Equal(other, want) || patchdev.Equal(other, one) {
			t.Errorf("%s: %s", name, patchdev.AppendJSON(nil, other, patchdev.JSONOptions{}))
		}
	}
}

func assignmentKind(x *exec) string {
	if x.p.RequireCodec {
		return "assignment"
	}
	return "Assignment"
}
