package lua53

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"testing"
)

// The estimate of Go stack that calls use is from above: whatever the shape of
// a recursive function, the real stack stays below what was accounted for.
func TestStackEstimate(t *testing.T) {
	nest := func(n int, open, inner, closing string) string {
		return strings.Repeat(open, n) + inner + strings.Repeat(closing, n)
	}
	for _, c := range []struct{ name, src string }{
		{"plain", "local function f(n) if n == 0 then return 0 end return 1 + f(n - 1) end f(N)"},
		{"method", "local o = {} function o:f(n) if n == 0 then probe() return 0 end return 1 + self:f(n - 1) end o:f(N)"},
		{"arguments", "local function f(n, ...) if n == 0 then probe() return 0 end return 1 + f(n - 1, ...) end f(N, 1, 2)"},
		{"arith", "local function f(n) if n == 0 then probe() return 0 end return " + nest(60, "(1 + ", "f(n - 1)", ")") + " end f(N)"},
		{"calls", "local id = function(x) return x end local function f(n) if n == 0 then probe() return 0 end return " + nest(60, "id(1, ", "f(n - 1)", ")") + " + 1 end f(N)"},
		{"tables", "local function f(n) if n == 0 then probe() return 0 end return 1, " + nest(60, "{", "f(n - 1)", "}") + " end f(N)"},
		{"ifs", "local function f(n) if n == 0 then probe() return 0 end " + nest(60, "if n then ", "f(n - 1)", " end ") + " end f(N)"},
		{"loops", "local function f(n) if n == 0 then probe() return 0 end " + nest(40, "for i = 1, 1 do ", "f(n - 1)", " end ") + " end f(N)"},
		{"float loops", "local function f(n) if n == 0 then probe() return 0 end " + nest(40, "for i = 1.0, 1 do ", "f(n - 1)", " end ") + " end f(N)"},
		{"pairs", "local t = {1} local function f(n) if n == 0 then probe() return 0 end " + nest(40, "for k in pairs(t) do ", "f(n - 1)", " end ") + " end f(N)"},
		{"iterators", "local function it(s, c) if not c then return 1 end end local function f(n) if n == 0 then probe() return 0 end " + nest(40, "for k in it do ", "f(n - 1)", " end ") + " end f(N)"},
		{"while", "local function f(n) if n == 0 then probe() return 0 end " + nest(60, "while true do ", "f(n - 1)", " break end ") + " end f(N)"},
		{"repeat", "local function f(n) if n == 0 then probe() return 0 end " + nest(60, "repeat ", "f(n - 1)", " until true ") + " end f(N)"},
		{"and or", "local function f(n) if n == 0 then probe() return 0 end if " + nest(40, "(true and (false or ", "f(n - 1)", "))") + " then return 1 end end f(N)"},
		{"concat", "local function f(n) if n == 0 then probe() return 0 end return " + nest(60, "('a' .. 'b' .. ", "f(n - 1)", ")") + " .. '' end f(N)"},
		{"index", "local function f(n) if n == 0 then probe() return {} end local t = {} t.x = " + nest(60, "({1, x = ", "f(n - 1)", "}).x") + " return t end f(N)"},
		{"assign", "local function f(n) if n == 0 then probe() return {} end local t = {} t[1], t[2] = 1, (f(n - 1)) return t end f(N)"},
		{"metamethods", "local mt = {} mt.__index = function(t, n) if n == 0 then probe() return 0 end return 1 + t[n - 1] end local t = setmetatable({}, mt) return t[N]"},
		{"arith metamethods", "local mt = {} mt.__add = function(t, n) if n == 0 then probe() return 0 end return (t + (n - 1)) + 1 end local t = setmetatable({}, mt) return t + N"},
		{"call metamethods", "local mt = {} mt.__call = function(t, n) if n == 0 then probe() return 0 end return 1 + t(n - 1) end local t = setmetatable({}, mt) return t(N)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			done := make(chan error, 1)
			go func() { // on a stack of its own
				s := New(Options{Limits: Limits{Gas: -1, Alloc: -1}})
				defer s.Close()
				const depth = 500
				var real uint64
				probe := s.Function("probe", func(c *Call) {
					var m runtime.MemStats
					runtime.ReadMemStats(&m)
					real = m.StackInuse
				})
				s.SetString(s.globals, "probe", probe)
				s.SetString(s.globals, "N", MakeInt(depth))
				fn, err := s.Load(strings.Replace(c.src, "return 0 end return 1 + f", "probe() return 0 end return 1 + f", 1), "=x", "t", nil)
				if err != nil {
					done <- err
					return
				}
				runtime.GC()
				var before runtime.MemStats
				runtime.ReadMemStats(&before)
				_, err = s.Call(context.Background(), fn)
				if err == nil && real == 0 {
					err = fmt.Errorf("the probe was not called")
				}
				// Stacks double, so up to half of what is in use is air.
				used := (int64(real) - int64(before.StackInuse)) / 2
				t.Logf("%d bytes a call used, %d accounted", used/depth, s.main.stackHigh/depth)
				if err == nil && used > int64(s.main.stackHigh) {
					err = fmt.Errorf("%d bytes of stack, %d accounted for", used, s.main.stackHigh)
				}
				done <- err
			}()
			if err := <-done; err != nil {
				t.Fatal(err)
			}
		})
	}
}
