package ui_test

import (
	"fmt"
	"testing"

	"patchbay/engine/ao"
	"patchbay/patchdev"
	"patchbay/ui/uitest"
)

// BenchmarkStep is one step of the window with 66 new slots, what a thousand
// messages a second bring it: UI goroutine time, of 66 ms between steps.
func BenchmarkStep(b *testing.B) { benchStep(b, 66, 0) }

// BenchmarkStepIdle is the same with nothing new: the baseline.
func BenchmarkStepIdle(b *testing.B) { benchStep(b, 0, 0) }

// BenchmarkStep100k has a cache of a hundred thousand keys.
func BenchmarkStep100k(b *testing.B) { benchStep(b, 66, 100_000) }

// BenchmarkStep1M has a cache of a million keys, one of which each slot changes.
func BenchmarkStep1M(b *testing.B) { benchStep(b, 66, 1_000_000) }

func benchStep(b *testing.B, slots, keys int) {
	a := open(b, setup{})
	pid := a.pid()
	_, root, _ := a.Engine.Head(pid)
	if keys > 0 {
		t := patchdev.EmptyTable().Edit()
		for i := range keys {
			t.Set(fmt.Sprintf("k%06d", i), patchdev.Int(i))
		}
		c, _ := root.Get("cache")
		root = root.Set("cache", c.(*patchdev.Table).Set("wide", t.Table()))
	}
	n := int64(13)
	for b.Loop() {
		b.StopTimer()
		for range slots {
			n++
			bal, _ := child(root, "cache", "balances")
			c, _ := root.Get("cache")
			next := bal.(*patchdev.Table).Set(alice, patchdev.Int(n))
			root = root.Set("cache", c.(*patchdev.Table).Set("balances", next))
			s := &ao.Slot{Process: pid, Number: n, Root: root, Message: ao.Message{
				From: alice, ID: "x", Tags: []ao.Tag{{Name: "Action", Value: "Transfer"}},
			}, Changes: []patchdev.Change{{Path: aliceAt, Old: patchdev.Int(n - 1), New: patchdev.Int(n)}}}
			a.Engine.slots[pid] = append(a.Engine.slots[pid], s)
			a.Engine.tell(ao.Event{Kind: ao.SlotScheduled, Process: pid, Slot: n})
			a.Engine.tell(ao.Event{Kind: ao.SlotComputed, Process: pid, Slot: n, Computed: s})
		}
		a.Clock.Advance(66e6)
		b.StartTimer()
		a.W.Step()
	}
}

var _ = uitest.Open
