package lua53

import (
	"bytes"
	"context"
	"math"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	lua "github.com/yuin/gopher-lua"
)

// The rows of issue 3's speed figures: each is one program for PUC's lua5.3,
// gopher-lua and this package.
var speedRows = []struct{ name, text string }{
	{"fib", `local function fib(n) if n < 2 then return n end return fib(n-1) + fib(n-2) end local x = fib(27)`},
	{"loop", `local s = 0 for i = 1, 10000000 do s = s + i % 7 end`},
	{"table", `
		local t, s = {}, 0
		for i = 1, 1000000 do t[#t + 1] = i end
		for i = 1, #t do s = s + t[i] end
		for k, v in pairs(t) do s = s + v end
		local h = {}
		for i = 1, 200000 do h["k" .. i] = i end
		for k, v in pairs(h) do s = s + v end
		for i = 1, 300000 do table.insert(t, i) end
		for i = 1, 300000 do table.remove(t) end`},
	{"strings", `
		local parts = {}
		for i = 1, 10000 do parts[#parts + 1] = "key" .. i .. "=" .. (i * 2) .. ";" end
		local s, n = table.concat(parts), 0
		for k, v in string.gmatch(s, "(%w+)=(%w+);") do n = n + #k + #v end
		local r = string.gsub(s, "%d+", function(d) return "<" .. d .. ">" end)
		r = string.gsub(s, "key", "KEY")`},
	{"methods", `
		local A = {} A.__index = A
		function A:add(n) self.n = self.n + n return self end
		local o = setmetatable({n = 0}, A)
		for i = 1, 2000000 do o:add(i) end`},
}

// BenchmarkSpeed reports CPU time against lua5.3 (x-PUC) and against gopher-lua
// (x-gopher) of the same run, with an open transaction, so that every store is
// logged; x-barrier is the time with against without it.
func BenchmarkSpeed(b *testing.B) {
	product, rows := 1.0, 0
	for _, row := range speedRows {
		b.Run(row.name, func(b *testing.B) {
			var with, without, puc, stock time.Duration
			for range b.N {
				without += runHere(b, row.text, false)
				with += runHere(b, row.text, true)
				puc += runPUC(b, row.text)
				stock += runGopher(b, row.text)
			}
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(float64(with)/float64(stock), "x-gopher")
			b.ReportMetric(float64(with)/float64(without), "x-barrier")
			b.ReportMetric(with.Seconds()/float64(b.N), "s")
			if puc > 0 {
				b.ReportMetric(float64(with)/float64(puc), "x-PUC")
				product *= float64(with) / float64(puc)
				rows++
			}
		})
	}
	if rows > 0 {
		b.Run("geometric-mean", func(b *testing.B) {
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(math.Pow(product, 1/float64(rows)), "x-PUC")
		})
	}
}

func runHere(b *testing.B, text string, barrier bool) time.Duration {
	s := New(Options{Limits: Limits{Gas: -1, Alloc: -1}})
	defer s.Close()
	fn, err := s.Load(text, "=bench", "t", nil)
	if err != nil {
		b.Fatal(err)
	}
	if barrier {
		s.Begin()
		defer s.Commit()
	}
	start := cpuTime(syscall.RUSAGE_SELF)
	if _, err := s.Call(context.Background(), fn); err != nil {
		b.Fatal(err)
	}
	return cpuTime(syscall.RUSAGE_SELF) - start
}

func runGopher(b *testing.B, text string) time.Duration {
	l := lua.NewState(lua.Options{RegistryMaxSize: 1 << 24, RegistryGrowStep: 1 << 16})
	defer l.Close()
	start := cpuTime(syscall.RUSAGE_SELF)
	if err := l.DoString(text); err != nil {
		b.Fatal(err)
	}
	return cpuTime(syscall.RUSAGE_SELF) - start
}

// runPUC is 0 where the program lua5.3 is not installed.
func runPUC(b *testing.B, text string) time.Duration {
	path, err := exec.LookPath("lua5.3")
	if err != nil {
		return 0
	}
	start := cpuTime(syscall.RUSAGE_CHILDREN)
	cmd := exec.Command(path, "-")
	cmd.Stdin = strings.NewReader(text)
	if out, err := cmd.CombinedOutput(); err != nil {
		b.Fatalf("%v: %s", err, bytes.TrimSpace(out))
	}
	return cpuTime(syscall.RUSAGE_CHILDREN) - start
}

func cpuTime(who int) time.Duration {
	var ru syscall.Rusage
	if err := syscall.Getrusage(who, &ru); err != nil {
		return 0
	}
	return time.Duration(ru.Utime.Nano() + ru.Stime.Nano())
}

// BenchmarkLoad is what compiling a script of a thousand lines costs.
func BenchmarkLoad(b *testing.B) {
	var text strings.Builder
	for range 100 {
		text.WriteString(`
local function transfer(msg, amount)
  assert(type(msg.Tags.Recipient) == "string", "Recipient is required!")
  local from, to = msg.From, msg.Tags.Recipient
  if not Balances[from] then Balances[from] = "0" end
  if Balances[from] >= amount then
    Balances[from], Balances[to] = Balances[from] - amount, (Balances[to] or 0) + amount
    Send({ Target = to, Action = "Credit-Notice", Quantity = tostring(amount) })
  end
end
`)
	}
	s := New(Options{Limits: Limits{Alloc: -1, Gas: -1}})
	defer s.Close()
	for b.Loop() {
		if _, err := s.Load("do "+strings.ReplaceAll(text.String(), "\nend\n", "\nend end do\n")+" end", "=bench", "t", nil); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N), "ms/1000-lines")
}

// BenchmarkState is what a new machine with all libraries costs, and a call.
func BenchmarkState(b *testing.B) {
	b.Run("New", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			New(Options{}).Close()
		}
	})
	b.Run("Call", func(b *testing.B) {
		s := New(Options{Limits: Limits{Gas: -1}})
		defer s.Close()
		fn, err := s.Load("return ...", "=bench", "t", nil)
		if err != nil {
			b.Fatal(err)
		}
		ctx := context.Background()
		for b.Loop() {
			if _, err := s.Call(ctx, fn, lua.LTrue); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("Coroutine", func(b *testing.B) {
		s := New(Options{Limits: Limits{Gas: -1, Alloc: -1}})
		defer s.Close()
		fn, err := s.Load("return ...", "=bench", "t", nil)
		if err != nil {
			b.Fatal(err)
		}
		ctx := context.Background()
		for b.Loop() {
			if _, _, err := s.Coroutine(fn).Resume(ctx, lua.LTrue); err != nil {
				b.Fatal(err)
			}
		}
	})
}
