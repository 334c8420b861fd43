package rawlua

import (
	"strconv"
	"time"

	lua "github.com/yuin/gopher-lua"

	"patchbay/engine/ao"
	"patchbay/engine/lua53"
)

// tracer notes which functions ran for a message and why others did not, for
// ao.Result.Trace: compute of a raw process, or the handlers of a hyper-aos script.
type tracer struct {
	vm    *VM
	steps []ao.HandlerTrace
}

// visit opens a step and returns what ends it. The step counts from begin on.
func (t *tracer) visit(name, pattern string, fn lua.LValue) *step {
	t.steps = append(t.steps, ao.HandlerTrace{Name: name, Pattern: pattern, Outcome: "failed", Line: definedAt(fn)})
	return &step{t: t, i: len(t.steps) - 1}
}

type step struct {
	t     *tracer
	i     int
	start time.Time
	gas   int64
}

func (s *step) skipped(why string) {
	x := &s.t.steps[s.i]
	x.Outcome, x.Why = "skipped", why
}

func (s *step) begin() { s.start, s.gas = s.t.vm.opts.now(), s.t.vm.s.GasUsed() }

func (s *step) end(outcome string) {
	x := &s.t.steps[s.i]
	x.Outcome, x.Duration, x.Gas = outcome, s.t.vm.opts.now().Sub(s.start), s.t.vm.s.GasUsed()-s.gas
}

// definedAt is the line of the script at which a function is defined; of a table of
// functions the first of them.
func definedAt(v lua.LValue) int {
	if t, ok := v.(*table); ok {
		for _, f := range t.All {
			if n := definedAt(f); n > 0 {
				return n
			}
		}
		return 0
	}
	if chunk, line := lua53.Defined(v); chunk == chunkName {
		return line
	}
	return 0
}

// patternText says in a few words what a handler's pattern is.
func (h *hyper) patternText(p lua.LValue) string {
	switch x := p.(type) {
	case lua.LString:
		return string(x)
	case *lua.LFunction:
		if line := definedAt(x); line > 0 {
			return "function at line " + strconv.Itoa(line)
		}
		return "function"
	case *table:
		out, n := "{", 0
		for k, v := range x.All {
			if n == 4 {
				out += ", …"
				break
			}
			if n > 0 {
				out += ", "
			}
			if s, ok := k.(lua.LString); ok {
				out += string(s) + "="
			}
			if s, ok := v.(lua.LString); ok {
				out += string(s)
			} else {
				out += h.vm.s.Name(v)
			}
			n++
		}
		return out + "}"
	}
	return ""
}

// whyNot says why a pattern did not ask for its handler. missed is the key of a
// table pattern that did not match.
func (h *hyper) whyNot(req *table, pattern, verdict lua.LValue, missed string) string {
	switch pattern.(type) {
	case lua.LString:
		body, _ := req.GetString("body").(*table)
		if body == nil || body.GetString("action") == lua.LNil {
			return "the message has no action"
		}
		return "action is " + h.vm.s.ToString(body.GetString("action"))
	case *table:
		return missed + " does not match"
	}
	return "the pattern gave " + h.vm.s.ToString(verdict)
}
