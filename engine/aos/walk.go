package aos

import (
	"strconv"
	"time"

	lua "github.com/yuin/gopher-lua"

	"patchbay/engine/ao"
	"patchbay/engine/lua53"
)

// What a pattern's result asks for (spec §6, table of the walk).
type verdict uint8

const (
	skip verdict = iota
	runAndStop
	runAndGoOn
)

// verdict reads the result of a pattern; anything but a string, number or
// boolean fails the whole message.
func (w *world) verdict(c *call, v lua.LValue) verdict {
	switch x := v.(type) {
	case lua.LBool:
		if x {
			return runAndStop
		}
		return skip
	case lua.LString:
		switch x {
		case "continue":
			return runAndGoOn
		case "break":
			return runAndStop
		}
		return skip
	}
	_, f, _, ok := w.m.number(v)
	switch {
	case !ok:
		w.fail(c, inHandlers, "Pattern result is not valid, it MUST be string, number, or boolean")
	case f < 0:
		return runAndStop
	case f == 0:
		return skip
	}
	return runAndGoOn
}

// walk is Handlers.evaluate(msg, env): it goes over the live list, so a handler
// that is removed meanwhile makes it skip the next one, and one that is added at
// the end is visited too.
func (w *world) walk(c *call, msg, env lua.LValue) {
	if _, ok := msg.(*table); !ok {
		w.fail(c, inHandlers, "msg is not valid")
	}
	if _, ok := env.(*table); !ok {
		w.fail(c, inHandlers, "env is not valid")
	}
	handled := false
	list := w.list(c)
	for i := 1; ; i++ {
		o := list.GetInt(int64(i))
		if o == lua.LNil {
			break
		}
		name := w.field(c, o, "name", "local 'o'", inHandlers)
		if name == lua.LString("_default") {
			continue
		}
		h, ok := o.(*table)
		if !ok {
			w.fail(c, inHandlers, "attempt to index a "+w.m.typeName(o)+" value (local 'o')")
		}
		pattern := w.m.index(c, h, "pattern")
		step := w.trace.visit(w, name, pattern, h)
		answer := w.matches(c, msg, pattern)
		v := w.verdict(c, answer)
		if v == skip {
			w.trace.skipped(step, w.whyNot(msg, pattern, answer))
			continue
		}
		if v == runAndStop {
			handled = true
		}
		w.runHandler(c, h, msg, env, step, v)
		if v == runAndStop {
			return
		}
	}
	if handled {
		return
	}
	list = w.list(c)
	i := w.findNamed(c, list, lua.LString("_default"))
	if i == 0 {
		w.fail(c, inHandlers, "attempt to index a nil value (field '?')")
	}
	h := list.GetInt(int64(i)).(*table)
	step := w.trace.visit(w, lua.LString("_default"), lua.LNil, h)
	w.trace.begin(w, step)
	w.m.call(c, w.m.index(c, h, "handle"), msg, env)
	w.trace.end(w, step, "default")
}

// matches is utils.matchesSpec(msg, pattern), replaced or not.
func (w *world) matches(c *call, msg, pattern lua.LValue) lua.LValue {
	if f := w.utils.GetString("matchesSpec"); f != w.fn.matchesSpec {
		if vals := w.callField(c, f, "field 'matchesSpec'", inHandlers, msg, pattern); len(vals) > 0 {
			return vals[0]
		}
		return lua.LNil
	}
	return w.lib.MatchesSpec(c, msg, pattern)
}

// runHandler runs one handler and counts the run. An error gets the place in
// the library in front, as error(err) in aos puts it there.
func (w *world) runHandler(c *call, h *table, msg, env lua.LValue, step traceStep, v verdict) {
	w.trace.begin(w, step)
	if _, err := w.m.pcall(c, w.m.index(c, h, "handle"), msg, env); err != nil {
		w.trace.end(w, step, "failed")
		w.noteError(err)
		w.m.rethrow(c, inHandlers, err.Value)
	}
	if v == runAndGoOn {
		w.trace.end(w, step, "ran, continued")
	} else {
		w.trace.end(w, step, "ran")
	}
	runs := w.m.index(c, h, "maxRuns")
	if runs == lua.LNil || runs == lua.LString("inf") {
		return
	}
	i, f, isInt, ok := w.m.number(runs)
	if n, isText := lua53.CoerceNumber(runs); !ok && isText { // arithmetic on a string is a float's
		f, ok = n.Float, true
		if n.IsInt {
			f = float64(n.Int)
		}
	}
	if !ok {
		w.fail(c, inHandlers, "attempt to perform arithmetic on a "+w.m.typeName(runs)+" value (field 'maxRuns')")
	}
	if isInt {
		w.m.setIndex(c, h, lua.LString("maxRuns"), w.m.integer(i-1))
	} else {
		w.m.setIndex(c, h, lua.LString("maxRuns"), w.m.float(f-1))
	}
	if f == 1 {
		name := w.m.index(c, h, "name")
		if rm := w.handlers.GetString("remove"); rm != w.fn.remove {
			w.callField(c, rm, "field 'remove'", inHandlers, name)
			return
		}
		w.removeHandler(c, name)
	}
}

// tracer notes why handlers ran or did not, for ao.Result.Trace. It is always
// on, so it must stay cheap: texts are slices of what is there already.
type tracer struct {
	steps []ao.HandlerTrace
	began []time.Time
	now   func() time.Time
	run   int
	reasons
}

// traceStep is a step of one evaluation. A handler that was suspended ends in
// another one, where its step is no longer known.
type traceStep struct{ run, i int }

// restart makes the tracer ready for the next message; the steps of the last one
// belong to its result.
func (t *tracer) restart() {
	t.run++
	t.steps = make([]ao.HandlerTrace, 0, len(t.steps))
	t.began = t.began[:0]
	t.action = ""
}

// visit opens a step.
func (t *tracer) visit(w *world, name, pattern lua.LValue, h *table) traceStep {
	s, _ := name.(lua.LString)
	t.steps = append(t.steps, ao.HandlerTrace{Name: string(s), Pattern: w.patternText(pattern), Outcome: "yielded", Line: w.lineOf(h.GetString("handle"))})
	t.began = append(t.began, time.Time{})
	return traceStep{t.run, len(t.steps) - 1}
}

func (t *tracer) skipped(s traceStep, why string) {
	if s.run == t.run {
		t.steps[s.i].Outcome, t.steps[s.i].Why = "skipped", why
	}
}

func (t *tracer) begin(w *world, s traceStep) {
	if s.run == t.run {
		t.began[s.i] = t.now()
		t.steps[s.i].Gas = -w.m.gas()
	}
}

func (t *tracer) end(w *world, s traceStep, outcome string) {
	if s.run != t.run {
		return
	}
	step := &t.steps[s.i]
	step.Outcome = outcome
	step.Gas += w.m.gas()
	step.Duration = t.now().Sub(t.began[s.i])
}

// close ends the steps of handlers that are suspended.
func (t *tracer) close(w *world) {
	for i := range t.steps {
		if s := &t.steps[i]; s.Outcome == "yielded" {
			if s.Gas < 0 {
				s.Gas += w.m.gas()
			} else if t.began[i].IsZero() {
				s.Outcome = "failed" // its pattern raised
			}
		}
	}
}

// patternText says in a few words what a handler's pattern is.
func (w *world) patternText(p lua.LValue) string {
	switch x := p.(type) {
	case lua.LString:
		return string(x)
	case *lua.LFunction:
		if line := definedAt(x); line > 0 {
			return "function at line " + strconv.Itoa(line)
		}
		return "function"
	case *table:
		out := "{"
		n := 0
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
			switch s := v.(type) {
			case lua.LString:
				out += string(s)
			default:
				out += w.m.typeName(v)
			}
			n++
		}
		return out + "}"
	}
	return ""
}
