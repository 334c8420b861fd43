package aos

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"

	lua "github.com/yuin/gopher-lua"

	"patchbay/engine/ao"
	"patchbay/patchdev"
)

// bintToken is the token of the benchmarks, with that many balances and this patch.
func bintToken(b *testing.B, balances int, patch string) string {
	b.Helper()
	src, err := os.ReadFile("testdata/bench/bint-token.lua")
	if err != nil {
		b.Fatal(err)
	}
	return strings.NewReplacer("BALANCES", strconv.Itoa(balances), "PATCH", patch).Replace(string(src))
}

// asServed makes Go work on one core, and collect as `patchbay serve` and `patchbay
// run` let it.
func asServed(b *testing.B) {
	cores, gc := runtime.GOMAXPROCS(1), debug.SetGCPercent(400)
	b.Cleanup(func() {
		runtime.GOMAXPROCS(cores)
		debug.SetGCPercent(gc)
	})
}

const (
	patchTwo   = `Send({ Target = ao.id, device = "patch@1.0", balances = { [msg.From] = Balances[msg.From], [msg.Recipient] = Balances[msg.Recipient] } })`
	patchWhole = `Send({ Target = ao.id, device = "patch@1.0", balances = Balances })`
)

// accounts are the names of n holders, counted from 1; [0] is nobody.
func accounts(n int) []string {
	out := make([]string, n+1)
	for i := range out {
		out[i] = fmt.Sprintf("%043d", i)
	}
	return out
}

func benchTransfer(b *testing.B, balances int, patch string) {
	asServed(b)
	vm := spawned(b, bintToken(b, balances, patch))
	ctx := context.Background()
	root := patchdev.EmptyTable()
	names := accounts(balances)
	slot := int64(0)
	one := func() {
		slot++
		n := int(slot)
		m := transfer(names[1+n%balances], names[1+n*7%balances], "3")
		m.ID = names[n%balances]
		res, err := vm.Evaluate(ctx, m, slot)
		if err != nil || res.Failed() || len(res.Messages) != 3 {
			b.Fatalf("%v %+v", err, res)
		}
		a := patchdev.Apply(root, res.Outbox, patchdev.ApplyOptions{Profile: patchdev.Current(), Slot: slot})
		if a.Err != nil || a.Root == root {
			b.Fatal(a.Err)
		}
		root = a.Root
	}
	one() // the first one converts everything
	before := bareLua(b)
	b.ReportAllocs()
	start := cpuTime()
	for b.Loop() {
		one()
	}
	cpu := cpuTime() - start
	if cpu <= 0 {
		return // no clock of CPU time here
	}
	rate := float64(b.N) / cpu.Seconds()
	b.ReportMetric(rate, "transfers/cpu-s")
	if after := bareLua(b); before > 0 && after > 0 {
		b.ReportMetric(rate/((before+after)/2), "×lua5.3-loop")
	}
}

// BenchmarkTransfer measures a token's Transfer. One op is one message through the
// VM and its outbox through the patch device: making the message, normalising it
// and its tags, the walk over the handlers with its trace, the handler (five bints
// made of strings, two comparisons, a sum, a difference, two balances written as
// strings), msg.reply with a debit notice, Send of a credit notice, Send of the
// patch, the result with its three messages, the state ready to be rolled back,
// and Apply with changes and lints. Digests, history and the journal are not in it:
// BenchmarkEngineTransfer has the first two.
//
// transfers/cpu-s is by the CPU time of the whole program on one core, the
// garbage collector's with it. ×lua5.3-loop is the share of what lua5.3 does of
// the loop in bareLua, measured just before and after.
func BenchmarkTransfer(b *testing.B) {
	for _, n := range []int{1_000, 100_000, 1_000_000} {
		if n > 200_000 && testing.Short() {
			continue
		}
		for _, p := range []struct{ name, code string }{{"two keys", patchTwo}, {"whole table", patchWhole}} {
			b.Run(fmt.Sprintf("%d balances/%s", n, p.name), func(b *testing.B) { benchTransfer(b, n, p.code) })
		}
	}
}

// bareLua is the yardstick: how many times a second of its CPU time lua5.3 does the
// bare handler's work in a loop, 0 where it is not installed. That leaves out
// everything around the handler: bint (plain integers instead), the message's
// other fields and its tags as list and map, normalising, the handlers' patterns,
// the coroutine and the pcall, references and tags of what is sent, the functions
// of messages, roll-back, the result as values, JSON, and the patch device.
func bareLua(b *testing.B) float64 {
	b.Helper()
	bin, err := exec.LookPath("lua5.3")
	if err != nil {
		return 0
	}
	const script = `
local Balances, n = {}, tonumber(arg[1])
local names = {}
for i = 1, 1000 do names[i] = string.format("%043d", i) Balances[names[i]] = "1000000000000" end
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
for i = 1, n do outbox = {} transfer({ From = names[1 + i % 1000], Recipient = names[1 + i * 7 % 1000], Quantity = "3" }) end
print(os.clock() - t)`
	const n = 100_000
	out, err := exec.Command(bin, "-e", "arg = {[1] = "+strconv.Itoa(n)+"}"+script).Output()
	if err != nil {
		b.Fatal(err)
	}
	sec, _ := strconv.ParseFloat(strings.TrimSpace(string(out)), 64)
	return n / max(sec, 1e-6)
}

// BenchmarkBareLua is the yardstick of BenchmarkTransfer alone.
func BenchmarkBareLua(b *testing.B) {
	for b.Loop() {
		rate := bareLua(b)
		if rate == 0 {
			b.Skip("lua5.3 is not installed")
		}
		b.ReportMetric(rate, "loops/cpu-s")
	}
}

// BenchmarkNewProcess is a process without a script: the Lua state and its
// libraries. engine's BenchmarkSpawn has the rest.
func BenchmarkNewProcess(b *testing.B) {
	b.ReportAllocs()
	cpu := cpuTime()
	for b.Loop() {
		vm, err := New(testEnv(), ao.Limits{})
		if err != nil {
			b.Fatal(err)
		}
		vm.Close()
	}
	if cpu = cpuTime() - cpu; cpu > 0 {
		b.ReportMetric(float64(cpu.Microseconds())/float64(b.N), "CPU-µs/process")
	}
}

// BenchmarkTrace is the trace alone, of a walk over twenty handlers of which the
// last runs, against the whole evaluation of the same message: why each handler ran
// or did not is always noted, and has to cost little.
func BenchmarkTrace(b *testing.B) {
	vm := spawned(b, `for i = 1, 20 do Handlers.add("h" .. i, "A" .. i, function(msg) end) end`)
	m := &ao.Message{ID: "m", From: owner, Target: pid, Tags: []ao.Tag{{Name: "Action", Value: "A20"}}, Timestamp: 2, BlockHeight: 2}
	slot := int64(0)
	var steps int
	const evaluations = 5_000
	whole := cpuTime()
	for range evaluations {
		slot++
		res, err := vm.Evaluate(context.Background(), m, slot)
		if err != nil || res.Failed() {
			b.Fatal(err, res)
		}
		steps = len(res.Trace)
	}
	whole = cpuTime() - whole
	w := vm.w
	list := w.handlers.GetString("list").(*table)
	b.ReportAllocs()
	cpu := cpuTime()
	for b.Loop() {
		w.trace.restart()
		for i := range steps {
			h := list.GetInt(int64(i + 1)).(*table)
			pattern := h.GetString("pattern")
			step := w.trace.visit(w, h.GetString("name"), pattern, h)
			if i+1 < steps {
				w.trace.skipped(step, w.whyNot(list, pattern, lua.LFalse))
				continue
			}
			w.trace.begin(w, step)
			w.trace.end(w, step, "ran")
		}
		w.trace.close(w)
	}
	b.ReportMetric(float64(steps), "steps")
	if cpu = cpuTime() - cpu; whole > 0 {
		b.ReportMetric(float64(cpu)/float64(b.N)*evaluations/float64(whole), "×evaluation")
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
			vms[i] = spawned(b, bintToken(b, 10, patchTwo))
		}
		runtime.GC()
		runtime.ReadMemStats(&after)
		b.ReportMetric(float64(after.HeapAlloc+after.StackInuse-before.HeapAlloc-before.StackInuse)/n/1024, "KB/process")
		for _, vm := range vms {
			vm.Close()
		}
	}
}
