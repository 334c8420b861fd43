package engine

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"patchbay/engine/ao"
	"patchbay/engine/aos"
	"patchbay/engine/rawlua"
)

// tokenScript is a token with 1,000 holders that sends its whole table with every
// transfer, as scripts do.
const tokenScript = `
Balances = {}
for i = 1, 1000 do Balances[string.format("holder-%036d", i)] = 1000000 end
Send({ device = "patch@1.0", cache = { balances = Balances } })
Handlers.add("transfer", "Transfer", function(msg)
  local from, to, amount = msg.From, msg.Tags.Recipient, tonumber(msg.Tags.Quantity)
  assert(Balances[from] and Balances[from] >= amount, "insufficient")
  Balances[from] = Balances[from] - amount
  Balances[to] = (Balances[to] or 0) + amount
  Send({ device = "patch@1.0", cache = { balances = Balances } })
  ao.send({ Target = from, Data = "ok" })
end)
`

func holder(i int) string { return fmt.Sprintf("holder-%036d", i%1000+1) }

func transfer(i int) ao.Message {
	return ao.Message{From: holder(i * 7), Tags: []ao.Tag{
		{Name: "Action", Value: "Transfer"},
		{Name: "Recipient", Value: holder(i*13 + 5)},
		{Name: "Quantity", Value: "1"},
	}}
}

func realVM(flavour string) (ao.NewVM, bool) {
	if flavour == flavourRaw {
		return func(env ao.Env, l ao.Limits) (ao.VM, error) { return rawlua.New(env, l) }, true
	}
	return func(env ao.Env, l ao.Limits) (ao.VM, error) { return aos.New(env, l) }, flavour == "aos"
}

func openReal(tb testing.TB, path string) *Engine {
	tb.Helper()
	e, err := Open(context.Background(), Options{Journal: path, NewVM: realVM})
	if err != nil {
		tb.Fatal(err)
	}
	return e
}

// sendTransfers sends n transfers from a number of senders and returns how many
// there were per second.
func sendTransfers(tb testing.TB, e *Engine, pid string, n, senders int) float64 {
	tb.Helper()
	var next atomic.Int64
	var wg sync.WaitGroup
	begin := time.Now()
	for range senders {
		wg.Go(func() {
			for i := next.Add(1); i <= int64(n); i = next.Add(1) {
				if _, err := e.Send(context.Background(), pid, transfer(int(i))); err != nil {
					tb.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	return float64(n) / time.Since(begin).Seconds()
}

func (e *Engine) settled(tb testing.TB, pid string) {
	tb.Helper()
	if _, _, err := e.WaitScheduled(context.Background(), pid); err != nil {
		tb.Fatal(err)
	}
	p, _ := e.process(pid)
	if err := p.await(context.Background(), func() bool { return len(p.unsaved) == 0 }); err != nil {
		tb.Fatal(err)
	}
}

// tokenSlots is how many messages the long benchmarks send; PATCHBAY_SLOTS changes it.
func tokenSlots() int {
	if n, err := strconv.Atoi(os.Getenv("PATCHBAY_SLOTS")); err == nil {
		return n
	}
	return 20_000
}

// BenchmarkReopen measures how long a journal of token messages takes until the
// tree answers, and until the Lua state is there again.
func BenchmarkReopen(b *testing.B) {
	n := tokenSlots()
	path := filepath.Join(b.TempDir(), "j.db")
	e := openReal(b, path)
	info, err := e.Spawn(context.Background(), SpawnRequest{Name: "token", Source: tokenScript})
	if err != nil {
		b.Fatal(err)
	}
	cpu := cpuTime()
	rate := sendTransfers(b, e, info.ID, n, 64)
	e.settled(b, info.ID)
	cpu = cpuTime() - cpu
	if err := e.Close(); err != nil {
		b.Fatal(err)
	}
	st, err := os.Stat(path)
	if err != nil {
		b.Fatal(err)
	}
	b.ResetTimer()
	for range b.N {
		begin, cpu := time.Now(), cpuTime()
		e := openReal(b, path)
		if slot, root, ok := e.Head(info.ID); !ok || slot != int64(n) || root.Len() == 0 {
			b.Fatal(slot, ok)
		}
		b.ReportMetric(float64(time.Since(begin).Milliseconds()), "tree-ms")
		if _, err := e.DryRun(context.Background(), info.ID, transfer(1)); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(time.Since(begin).Seconds(), "state-s")
		b.ReportMetric((cpuTime() - cpu).Seconds(), "CPU-s")
		if r, yes := e.Divergence(info.ID); yes {
			b.Fatalf("the replay differs at slot %d", r.First)
		}
		e.Close()
	}
	b.ReportMetric(float64(st.Size())/float64(n), "disk-B/slot")
	b.ReportMetric(rate, "sends/s")
	b.ReportMetric(float64(cpu.Microseconds())/float64(n), "CPU-µs/slot")
	b.ReportMetric(float64(n), "slots")
}

// BenchmarkMemory measures what the slots of a 1,000-key token occupy.
func BenchmarkMemory(b *testing.B) {
	n := tokenSlots()
	for range b.N {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		e := openReal(b, filepath.Join(b.TempDir(), "j.db"))
		info, err := e.Spawn(context.Background(), SpawnRequest{Name: "token", Source: tokenScript})
		if err != nil {
			b.Fatal(err)
		}
		sendTransfers(b, e, info.ID, n, 64)
		e.settled(b, info.ID)
		runtime.GC()
		runtime.ReadMemStats(&after)
		b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/(1<<20), "MB")
		b.ReportMetric(float64(n), "slots")
		e.Close()
	}
}

// BenchmarkSpawn makes 1,000 processes one after another, each with its Lua state,
// its script evaluated, and its rows in a journal in memory. µs-to-its-id is the wall
// time of one Spawn, until the process is in the journal; CPU-µs/process has what
// follows too, on all cores. And it tells what 1,000 idle ones occupy: on Go's heap and
// stacks after a collection, and as the system counts it (resident) once Go's background
// work has given back what is free, for which FreeOSMemory stands here.
func BenchmarkSpawn(b *testing.B) {
	for range b.N {
		e := openReal(b, ":memory:")
		var before, after runtime.MemStats
		debug.FreeOSMemory()
		runtime.ReadMemStats(&before)
		resident := residentBytes()
		cpu := cpuTime()
		var ids [1_000]string
		began := time.Now()
		for i := range ids {
			info, err := e.Spawn(context.Background(), SpawnRequest{Name: fmt.Sprint(i), Source: "X = 1"})
			if err != nil {
				b.Fatal(err)
			}
			ids[i] = info.ID
		}
		b.ReportMetric(float64(time.Since(began).Microseconds())/float64(len(ids)), "µs-to-its-id")
		for _, id := range ids {
			e.settled(b, id)
		}
		cpu = cpuTime() - cpu
		peak := residentBytes()
		debug.FreeOSMemory()
		runtime.ReadMemStats(&after)
		b.ReportMetric(float64(cpu.Microseconds())/1_000, "CPU-µs/process")
		b.ReportMetric(float64(after.HeapAlloc+after.StackInuse-before.HeapAlloc-before.StackInuse)/(1<<20), "MB/1000")
		if resident > 0 {
			b.ReportMetric(float64(residentBytes()-resident)/(1<<20), "resident-MB/1000")
			b.ReportMetric(float64(peak-resident)/(1<<20), "resident-MB/1000-at-once")
		}
		e.Close()
	}
}

// residentBytes is what the system counts as this process's memory, 0 where it
// does not say.
func residentBytes() int64 {
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	f := strings.Fields(string(text))
	if len(f) < 2 {
		return 0
	}
	pages, _ := strconv.ParseInt(f[1], 10, 64)
	return pages * int64(os.Getpagesize())
}

// BenchmarkShadow measures a shadow replay of 1,000 token messages.
func BenchmarkShadow(b *testing.B) {
	e := openReal(b, ":memory:")
	defer e.Close()
	info, err := e.Spawn(context.Background(), SpawnRequest{Name: "token", Source: tokenScript})
	if err != nil {
		b.Fatal(err)
	}
	sendTransfers(b, e, info.ID, 1_000, 8)
	e.settled(b, info.ID)
	b.ResetTimer()
	cpu := cpuTime()
	for range b.N {
		c, err := e.Shadow(context.Background(), info.ID, tokenScript+"\n-- edited\n")
		if err != nil || c.Slots != 1_001 || c.Results > 1 {
			b.Fatal(c, err)
		}
	}
	b.ReportMetric(float64((cpuTime()-cpu).Milliseconds())/float64(b.N), "CPU-ms/1000")
}

// BenchmarkTimeTravel measures a root far back, and a plot over all slots.
func BenchmarkTimeTravel(b *testing.B) {
	e := openReal(b, ":memory:")
	defer e.Close()
	info, err := e.Spawn(context.Background(), SpawnRequest{Name: "token", Source: tokenScript})
	if err != nil {
		b.Fatal(err)
	}
	const n = 10_000
	sendTransfers(b, e, info.ID, n, 8)
	e.settled(b, info.ID)
	ctx := context.Background()
	b.Run("root", func(b *testing.B) {
		for i := range b.N {
			if _, err := e.Root(ctx, info.ID, int64(i*7919%n)); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("slot", func(b *testing.B) {
		for i := range b.N {
			if _, err := e.Slot(ctx, info.ID, int64(i*7919%n)); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("plot", func(b *testing.B) {
		for range b.N {
			h, err := e.PathHistory(ctx, info.ID, []string{"cache", "balances", holder(7)}, 0, n)
			if err != nil || len(h) < 10 {
				b.Fatal(len(h), err)
			}
		}
	})
}
