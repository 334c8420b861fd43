package aos

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"patchbay/engine/ao"
	"patchbay/patchdev"
)

// bintToken is a token as they are written for aos: balances as strings of
// large integers, checks, a debit answer, a credit notice, a patch of two keys
// or of the whole table.
const bintToken = `
local bint = require('.bint')(256)
local utils = {
  add = function(a, b) return tostring(bint(a) + bint(b)) end,
  subtract = function(a, b) return tostring(bint(a) - bint(b)) end,
}
Balances = {}
for i = 1, %d do Balances[string.format("%%043d", i)] = "1000000000000" end
Handlers.add("transfer", "Transfer", function(msg)
  assert(type(msg.Recipient) == "string", "Recipient is required!")
  assert(type(msg.Quantity) == "string", "Quantity is required!")
  assert(bint.__lt(0, bint(msg.Quantity)), "Quantity must be greater than 0")
  if not Balances[msg.From] then Balances[msg.From] = "0" end
  if not Balances[msg.Recipient] then Balances[msg.Recipient] = "0" end
  if bint(msg.Quantity) <= bint(Balances[msg.From]) then
    Balances[msg.From] = utils.subtract(Balances[msg.From], msg.Quantity)
    Balances[msg.Recipient] = utils.add(Balances[msg.Recipient], msg.Quantity)
    msg.reply({ Action = "Debit-Notice", Recipient = msg.Recipient, Quantity = msg.Quantity, Data = "You sent " .. msg.Quantity })
    Send({ Target = msg.Recipient, Action = "Credit-Notice", Sender = msg.From, Quantity = msg.Quantity, Data = "You received " .. msg.Quantity })
    %s
  else
    msg.reply({ Action = "Transfer-Error", ["Message-Id"] = msg.Id, Error = "Insufficient Balance!" })
  end
end)`

const (
	patchTwo   = `Send({ Target = ao.id, device = "patch@1.0", balances = { [msg.From] = Balances[msg.From], [msg.Recipient] = Balances[msg.Recipient] } })`
	patchWhole = `Send({ Target = ao.id, device = "patch@1.0", balances = Balances })`
)

func account(i int) string { return fmt.Sprintf("%043d", i) }

func benchTransfer(b *testing.B, balances int, patch string, apply bool) {
	vm := spawned(b, fmt.Sprintf(bintToken, balances, patch))
	ctx := context.Background()
	root := patchdev.EmptyTable()
	slot := int64(0)
	one := func() {
		slot++
		n := int(slot)
		m := transfer(account(1+n%balances), account(1+n*7%balances), "3")
		m.ID = account(n)
		res, err := vm.Evaluate(ctx, m, slot)
		if err != nil || res.Failed() || len(res.Messages) != 3 {
			b.Fatalf("%v %+v", err, res)
		}
		if apply {
			a := patchdev.Apply(root, res.Outbox, patchdev.ApplyOptions{Profile: patchdev.Current(), Slot: slot})
			if a.Err != nil {
				b.Fatal(a.Err)
			}
			root = a.Root
		}
	}
	one() // the first one converts everything
	b.ReportAllocs()
	start := cpuTime()
	for b.Loop() {
		one()
	}
	if cpu := cpuTime() - start; cpu > 0 {
		b.ReportMetric(float64(b.N)/cpu.Seconds(), "transfers/cpu-s")
	}
}

func BenchmarkTransfer(b *testing.B) {
	for _, n := range []int{1_000, 100_000, 1_000_000} {
		if n > 200_000 && testing.Short() {
			continue
		}
		for _, p := range []struct{ name, code string }{{"two keys", patchTwo}, {"whole table", patchWhole}} {
			b.Run(fmt.Sprintf("%d balances/%s", n, p.name), func(b *testing.B) { benchTransfer(b, n, p.code, true) })
		}
	}
}

// BenchmarkBareLua is the yardstick: lua5.3 doing the arithmetic of the same
// handler on plain integers, without bint, messages, tags, JSON or patches.
func BenchmarkBareLua(b *testing.B) {
	bin, err := exec.LookPath("lua5.3")
	if err != nil {
		b.Skip("lua5.3 is not installed")
	}
	const script = `
local Balances, n = {}, tonumber(arg[1])
for i = 1, 1000 do Balances[string.format("%043d", i)] = "1000000000000" end
local outbox
local function transfer(msg)
  assert(type(msg.Recipient) == "string") assert(type(msg.Quantity) == "string")
  local q = math.tointeger(tonumber(msg.Quantity)) assert(q > 0)
  local from, to = math.tointeger(tonumber(Balances[msg.From])), math.tointeger(tonumber(Balances[msg.Recipient] or "0"))
  if q <= from then
    Balances[msg.From] = tostring(from - q) Balances[msg.Recipient] = tostring(to + q)
    outbox[1] = { Action = "Debit-Notice", Recipient = msg.Recipient, Quantity = msg.Quantity, Data = "You sent " .. msg.Quantity }
    outbox[2] = { Target = msg.Recipient, Action = "Credit-Notice", Sender = msg.From, Quantity = msg.Quantity, Data = "You received " .. msg.Quantity }
    outbox[3] = { device = "patch@1.0", balances = { [msg.From] = Balances[msg.From], [msg.Recipient] = Balances[msg.Recipient] } }
  end
end
local t = os.clock()
for i = 1, n do outbox = {} transfer({ From = string.format("%043d", 1 + i % 1000), Recipient = string.format("%043d", 1 + i * 7 % 1000), Quantity = "3" }) end
print(os.clock() - t)`
	f := b.TempDir() + "/bare.lua"
	if err := os.WriteFile(f, []byte(script), 0o600); err != nil {
		b.Fatal(err)
	}
	n := 200_000
	for b.Loop() {
		out, err := exec.Command(bin, f, strconv.Itoa(n)).Output()
		if err != nil {
			b.Fatal(err)
		}
		sec, _ := strconv.ParseFloat(strings.TrimSpace(string(out)), 64)
		b.ReportMetric(float64(n)/sec, "transfers/s")
	}
}

func BenchmarkNewProcess(b *testing.B) {
	for b.Loop() {
		vm, err := New(testEnv(), ao.Limits{})
		if err != nil {
			b.Fatal(err)
		}
		vm.Close()
	}
}

// BenchmarkIdle reports what a process weighs that has loaded a token and waits.
func BenchmarkIdle(b *testing.B) {
	var before, after runtime.MemStats
	for b.Loop() {
		runtime.GC()
		runtime.ReadMemStats(&before)
		const n = 200
		vms := make([]*VM, n)
		for i := range vms {
			vms[i] = spawned(b, fmt.Sprintf(bintToken, 10, patchTwo))
		}
		runtime.GC()
		runtime.ReadMemStats(&after)
		b.ReportMetric(float64(after.HeapAlloc+after.StackInuse-before.HeapAlloc-before.StackInuse)/n/1024, "KB/process")
		for _, vm := range vms {
			vm.Close()
		}
	}
}
