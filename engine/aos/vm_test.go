package aos

import (
	"context"
	"fmt"
	"slices"
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

func TestRollbackWakesNobody(t *testing.T) {
	vm := spawned(t, `
Got = 0
Handlers.add("ask", "Ask", function(m)
  local r = Receive({ Action = "Answer" })
  Got = Got + tonumber(r.Data)
  assert(Got < 10, "too much")
  m.reply({ Data = "got " .. r.Data })
end)`)
	act := func(action, data string) *ao.Message {
		return &ao.Message{ID: "m", From: alice, Target: pid, Tags: []ao.Tag{{Name: "Action", Value: action}}, Data: patchdev.String(data)}
	}
	send(t, vm, act("Ask", ""), 1)
	// A dry answer, and one that fails, leave the coroutine waiting.
	for range 2 {
		res, err := vm.DryRun(context.Background(), act("Answer", "1"), 2)
		if err != nil || res.Failed() || len(res.Messages) != 1 || res.Messages[0].Data != patchdev.String("got 1") {
			t.Fatalf("%v %+v", err, res)
		}
	}
	if res := send(t, vm, act("Answer", "50"), 2); !res.Failed() || res.ErrorAt.Line != 6 {
		t.Fatalf("%+v", res)
	}
	if res := send(t, vm, act("Answer", "2"), 3); res.Failed() || len(res.Messages) != 1 || res.Messages[0].Data != patchdev.String("got 2") {
		t.Fatalf("%+v", res)
	}
	if res := send(t, vm, act("Answer", "2"), 4); res.Failed() || len(res.Messages) != 0 {
		t.Fatalf("%+v", res)
	}
}

func TestCoverage(t *testing.T) {
	vm := spawned(t, "Handlers.add('c', 'C', function(m)\n  for i = 1, 3 do\n    X = i\n  end\n  if m.Nope then\n    X = 0\n  end\nend)")
	m := &ao.Message{ID: "m", From: alice, Target: pid, Tags: []ao.Tag{{Name: "Action", Value: "C"}}}
	send(t, vm, m, 1)
	got, err := vm.Coverage(context.Background(), m, 1)
	if err != nil || got[3] != 3 || got[6] != 0 || got[5] != 1 {
		t.Fatalf("%v %v", err, got)
	}
}

func TestTrace(t *testing.T) {
	vm := spawned(t, "Handlers.add('a', 'A', function() end)\nHandlers.add('log', function(m) return 'continue' end,\n  function() end)\nHandlers.add('b', { Action = 'B', Quantity = '%d+' }, function() Send({Target='x'}) end)")
	res := send(t, vm, &ao.Message{ID: "m", From: alice, Target: pid, Tags: []ao.Tag{{Name: "Action", Value: "B"}, {Name: "Quantity", Value: "5"}}}, 1)
	var got []string
	for _, s := range res.Trace {
		got = append(got, fmt.Sprint(s.Name, "|", s.Pattern, "|", s.Outcome, "|", s.Line))
	}
	want := []string{"_eval|function|skipped|0", "a|A|skipped|1", "log|function at line 2|ran, continued|3", "b|{Action=B, Quantity=%d+}|ran|4"}
	if !slices.Equal(got, want) {
		t.Fatalf("%q", got)
	}
	if res.Messages[0].Line != 4 || res.Outbox[0].Line != 4 {
		t.Fatalf("%+v", res.Messages)
	}
}

func TestHugeOutput(t *testing.T) {
	vm := spawned(t, `
Handlers.add("twice", "Twice", function() local t = {} for i = 1, 40 do t = { t, t } end Send({ x = t }) end)
Handlers.add("deep", "Deep", function() local t = { "x" } for i = 1, 5000 do t = { t } end Send({ x = t }) end)
Handlers.add("circle", "Circle", function() local t = {} local u = t for i = 1, 100 do u = { u } end t.u = u Send({ x = t }) end)`)
	for action, want := range map[string]string{"Twice": "8 million", "Deep": "", "Circle": "circular reference"} {
		res := send(t, vm, &ao.Message{ID: "m", From: alice, Target: pid, Tags: []ao.Tag{{Name: "Action", Value: action}}}, 1)
		if want == "" && res.Failed() || !strings.Contains(res.Error, want) {
			t.Errorf("%s: %q", action, res.Error)
		}
	}
}

func TestPrintCap(t *testing.T) {
	vm := spawned(t, `Handlers.add("p", "P", function() for i = 1, 1000 do print(string.rep("x", 10000)) end end)`)
	res := send(t, vm, &ao.Message{ID: "m", From: alice, Target: pid, Tags: []ao.Tag{{Name: "Action", Value: "P"}}}, 1)
	if res.Failed() || len(res.Text) > DefaultOutput || res.Truncated < 8_000_000 {
		t.Fatalf("%d bytes, %d cut, %s", len(res.Text), res.Truncated, res.Error)
	}
}
