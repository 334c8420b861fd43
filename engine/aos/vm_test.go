package aos

import (
	"context"
	"strings"
	"testing"
	"time"

	"patchbay/engine/ao"
	"patchbay/engine/lua53"
	"patchbay/patchdev"
)

const (
	pid   = "process____________________________________"
	owner = "owner______________________________________"
	alice = "alice______________________________________"
	bob   = "bob________________________________________"
)

func testEnv() ao.Env {
	return ao.Env{ID: pid, Owner: owner, ModuleID: "module", Tags: []ao.Tag{{Name: "Type", Value: "Process"}, {Name: "Module", Value: "module"}, {Name: "Name", Value: "tok"}}}
}

// spawned makes a process whose process message evaluates script.
func spawned(t testing.TB, script string, opts ...Option) *VM {
	t.Helper()
	vm, err := newVM(testEnv(), ao.Limits{}, opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(vm.Close)
	res := send(t, vm, &ao.Message{ID: pid, From: owner, Target: pid, Tags: append(testEnv().Tags, ao.Tag{Name: "On-Boot", Value: "Data"}), Data: patchdev.String(script), Timestamp: 1, BlockHeight: 1}, 0)
	if res.Failed() {
		t.Fatal(res.Error)
	}
	return vm
}

func send(t testing.TB, vm *VM, m *ao.Message, slot int64) *ao.Result {
	t.Helper()
	res, err := vm.Evaluate(context.Background(), m, slot)
	if err != nil {
		t.Fatal(err)
	}
	return res
}

func transfer(from, to, quantity string) *ao.Message {
	return &ao.Message{ID: "m", From: from, Target: pid, Tags: []ao.Tag{{Name: "Action", Value: "Transfer"}, {Name: "Recipient", Value: to}, {Name: "Quantity", Value: quantity}}, Timestamp: 2, BlockHeight: 2}
}

const tokenScript = `
Balances = Balances or { [ao.id] = 1000000 }
InitialSync = InitialSync or 'INCOMPLETE'
if InitialSync == 'INCOMPLETE' then
  Send({ device = 'patch@1.0', cache = { balances = Balances, totalsupply = 1000000 } })
  InitialSync = 'COMPLETE'
end
Handlers.add("transfer", "Transfer", function(msg)
  local amount = tonumber(msg.Tags.Quantity or msg.Quantity)
  local to = msg.Recipient
  if Balances[msg.From] and Balances[msg.From] >= amount then
    Balances[msg.From] = Balances[msg.From] - amount
    Balances[to] = (Balances[to] or 0) + amount
    Send({ device = 'patch@1.0', cache = { balances = Balances } })
    ao.send({ Target = msg.From, Data = "Transfer successful" })
  else
    ao.send({ Target = msg.From, Data = "Insufficient balance" })
  end
end)`

func TestToken(t *testing.T) {
	vm := spawned(t, tokenScript)
	res := send(t, vm, transfer(pid, alice, "5"), 1)
	if res.Failed() || len(res.Outbox) != 2 || len(res.Messages) != 2 {
		t.Fatalf("%+v", res)
	}
	want := patchdev.NewTable(pid, patchdev.Int(999995), alice, patchdev.Int(5))
	cache, _ := res.Outbox[0].Fields.Get("cache")
	if got, _ := cache.(*patchdev.Table).Get("balances"); !patchdev.Equal(got, want) {
		t.Fatalf("balances %s", patchdev.AppendJSON(nil, got, patchdev.JSONOptions{}))
	}
	if res := send(t, vm, transfer(bob, alice, "5"), 2); res.Messages[0].Data != patchdev.String("Insufficient balance") {
		t.Fatalf("%+v", res)
	}
}

func TestEndlessLoop(t *testing.T) {
	vm := spawned(t, `Handlers.add("loop", "Loop", function() while true do pcall(function() while true do end end) end end)`)
	vm.m.s.SetLimits(lua53.Limits{Gas: 1_000_000})
	res := send(t, vm, &ao.Message{ID: "m", From: alice, Target: pid, Tags: []ao.Tag{{Name: "Action", Value: "Loop"}}}, 1)
	if res.Limit != "gas" || !strings.Contains(res.Error, "gas") {
		t.Fatalf("%+v", res)
	}
	if res := send(t, vm, &ao.Message{ID: "m", From: alice, Target: pid, Tags: []ao.Tag{{Name: "Action", Value: "Other"}}}, 2); res.Failed() {
		t.Fatal(res.Error)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	vm.m.s.SetLimits(lua53.Limits{Gas: -1})
	if _, err := vm.Evaluate(ctx, &ao.Message{ID: "m", From: alice, Target: pid, Tags: []ao.Tag{{Name: "Action", Value: "Loop"}}}, 3); err == nil {
		t.Fatal("a cancelled evaluation must return an error")
	}
}

func TestErrorPlace(t *testing.T) {
	vm := spawned(t, "Handlers.add('bad', 'Bad', function()\n  local t = nil\n  t.x = 1\nend)")
	res := send(t, vm, &ao.Message{ID: "m", From: alice, Target: pid, Tags: []ao.Tag{{Name: "Action", Value: "Bad"}}}, 1)
	if res.ErrorAt.Line != 3 || res.ErrorAt.Chunk != "aos" || res.Thrown {
		t.Fatalf("%+v", res)
	}
}

func TestPrintCap(t *testing.T) {
	vm := spawned(t, `Handlers.add("p", "P", function() for i = 1, 1000 do print(string.rep("x", 10000)) end end)`)
	res := send(t, vm, &ao.Message{ID: "m", From: alice, Target: pid, Tags: []ao.Tag{{Name: "Action", Value: "P"}}}, 1)
	if res.Failed() || len(res.Text) > DefaultOutput || res.Truncated < 8_000_000 {
		t.Fatalf("%d bytes, %d cut, %s", len(res.Text), res.Truncated, res.Error)
	}
}
