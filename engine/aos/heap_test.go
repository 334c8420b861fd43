package aos

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"patchbay/engine/ao"
	"patchbay/patchdev"
)

// heapScript makes garbage and keeps a little with every message, and says what a
// script can see of the accounts.
const heapScript = `
Kept, Replies = Kept or {}, Replies or {}
Handlers.add("work", "Work", function(msg)
  local t = {}
  for i = 1, 300 do t[i] = { i, name = "n" .. i } end
  Kept["k" .. #msg.Data .. "/" .. msg.Quantity] = msg.Data:sub(1, 10)
  Handlers.once("never" .. msg.Quantity, { Action = "Never" }, function() end)
  Handlers.remove("never" .. msg.Quantity)
  if msg.Fail then
    for i = 1, 5000 do Kept[#Kept + 1] = { i } end
    error("no")
  end
  msg.reply({ Data = string.format("%.3f", collectgarbage("count")) })
end)
Handlers.add("keep", "Keep", function(msg) table.insert(Replies, msg.reply) end)`

func work(n int, fail bool) *ao.Message {
	m := transfer(alice, bob, fmt.Sprint(n))
	m.Tags[0].Value = "Work"
	m.Data = patchdev.String(strings.Repeat("d", n%7*100))
	if fail {
		m.Tags = append(m.Tags, ao.Tag{Name: "Fail", Value: "1"})
	}
	return m
}

// A dry run or a failure leaves no trace in what later messages are accounted for:
// a replay of the process does not know of it.
func TestAccountsKnowNothingOfDryRuns(t *testing.T) {
	limits := func(vm *VM) {
		l := vm.m.s.Limits()
		l.Heap = 4 << 20
		vm.m.s.SetLimits(l)
	}
	a, b := spawned(t, heapScript), spawned(t, heapScript)
	limits(a)
	limits(b)
	for i := range 120 {
		if i%3 == 1 {
			for _, fail := range []bool{false, true} {
				if _, err := b.DryRun(context.Background(), work(1000+i, fail), int64(i+1)); err != nil {
					t.Fatal(err)
				}
			}
		}
		m := work(i, false)
		ra, rb := send(t, a, m, int64(i+1)), send(t, b, m, int64(i+1))
		if ra.Failed() || len(ra.Messages) != 1 {
			t.Fatalf("message %d: %+v", i, ra)
		}
		if ta, tb := fmt.Sprint(ra.Messages), fmt.Sprint(rb.Messages); ta != tb || ra.GasUsed != rb.GasUsed {
			t.Fatalf("message %d: gas %d and %d\n%s\n%s", i, ra.GasUsed, rb.GasUsed, ta, tb)
		}
		if ha, hb := a.m.s.HeapUsed(), b.m.s.HeapUsed(); ha != hb {
			t.Fatalf("message %d: heap %d and %d", i, ha, hb)
		}
	}
}

// The messages that kept functions of theirs hold count.
func TestKeptRepliesEndAtTheHeapLimit(t *testing.T) {
	vm := spawned(t, heapScript)
	l := vm.m.s.Limits()
	l.Heap = 4 << 20
	vm.m.s.SetLimits(l)
	for i := range 200 {
		m := transfer(alice, bob, "1")
		m.Tags[0].Value = "Keep"
		m.Data = patchdev.String(strings.Repeat("d", 100_000+i))
		if res := send(t, vm, m, int64(i+1)); res.Limit == "memory" {
			if i < 5 || i > 60 {
				t.Errorf("the limit came with message %d", i)
			}
			return
		}
	}
	t.Error("no limit")
}
