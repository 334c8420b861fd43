package aos

import (
	"context"
	"errors"

	lua "github.com/yuin/gopher-lua"

	"patchbay/engine/ao"
	"patchbay/engine/lua53"
)

// machine is the Lua VM of one process, cut down to what the aos world needs.
// Stores pass the VM's door, so that an evaluation can be rolled back.
type machine struct {
	s *lua53.State
	// The coroutine library's own functions, whatever a script puts in their place.
	co struct{ resume, yield, running lua.LValue }
	// match is string.match, for patterns of handlers.
	match lua.LValue
	// clock is the Timestamp of the message being evaluated.
	clock int64
}

type (
	// table is a Lua table.
	table = lua53.Table
	// call is one running call of a Go function from Lua.
	call = lua53.Call
	// goFunc is a Go function that Lua can call.
	goFunc = func(c *call)
	// raised is an error on its way up.
	raised = lua53.Error
)

func limitsOf(l ao.Limits) lua53.Limits {
	return lua53.Limits{Gas: l.Gas, Alloc: l.Alloc, Heap: l.Heap, Object: l.Object}
}

func newMachine(l ao.Limits, coverage bool) *machine {
	m := &machine{}
	m.s = lua53.New(lua53.Options{
		Limits:   limitsOf(l),
		Clock:    func() int64 { return m.clock },
		Coverage: coverage,
	})
	g := m.s.Globals()
	if t, ok := g.GetString("coroutine").(*table); ok {
		m.co.resume, m.co.yield, m.co.running = t.GetString("resume"), t.GetString("yield"), t.GetString("running")
	}
	if t, ok := g.GetString("string").(*table); ok {
		m.match = t.GetString("match")
	}
	return m
}

// protect runs f in the main thread with a fresh budget and returns what ended
// it, if anything did.
func (m *machine) protect(ctx context.Context, f *lua.LFunction) *raised {
	m.s.ResetBudget()
	_, err := m.s.Call(ctx, f)
	if err == nil {
		return nil
	}
	var e *lua53.Error
	if errors.As(err, &e) {
		return e
	}
	return &lua53.Error{Value: lua.LString(err.Error()), Cause: err}
}

func (m *machine) gas() int64 { return m.s.GasUsed() }

// limitOf says which budget ended an evaluation, "" for an error of the script.
func limitOf(e *raised) string {
	switch {
	case e == nil || e.Cause == nil:
		return ""
	case errors.Is(e, lua53.ErrGas):
		return "gas"
	case errors.Is(e, lua53.ErrMemory):
		return "memory"
	}
	return "stopped"
}

// Tables.

func (m *machine) globals() *table { return m.s.Globals() }

// table makes a table with room for so many items and keys.
func (m *machine) table(narr, nrec int) *table { return m.s.MakeTable(narr, nrec) }

// records makes a list of {name, value}.
func (m *machine) records(rows [][2]lua.LValue) *table {
	return m.s.MakeRecords("name", "value", rows)
}

// rows gives back what records was given, for a list that nobody looked into since.
func (m *machine) rows(t *table) ([][2]lua.LValue, bool) { return t.Records("name", "value") }

// set takes its key as a value, so that a constant one costs no allocation.
func (m *machine) set(t *table, key, v lua.LValue)      { m.s.Set(t, key, v) }
func (m *machine) setInt(t *table, i int, v lua.LValue) { m.s.SetInt(t, int64(i), v) }
func (m *machine) setAny(t *table, key, v lua.LValue)   { m.s.Set(t, key, v) }
func (m *machine) length(t *table) int                  { return int(t.Len()) }

// setChanged is set for a value that is nearly always there already.
func (m *machine) setChanged(t *table, key lua.LString, v lua.LValue) {
	if t.GetString(string(key)) != v {
		m.set(t, key, v)
	}
}

// insert is table.insert(t, pos, v); remove is table.remove(t, pos).
func (m *machine) insert(t *table, pos int, v lua.LValue) {
	for i := m.length(t); i >= pos; i-- {
		m.setInt(t, i+1, t.GetInt(int64(i)))
	}
	m.setInt(t, pos, v)
}

func (m *machine) remove(t *table, pos int) {
	n := m.length(t)
	for i := pos; i < n; i++ {
		m.setInt(t, i, t.GetInt(int64(i+1)))
	}
	m.setInt(t, n, lua.LNil)
}

// index is obj[key] with metamethods.
func (m *machine) index(c *call, obj lua.LValue, key string) lua.LValue {
	if t, ok := obj.(*table); ok {
		if v := t.GetString(key); v != lua.LNil || t.Metatable() == nil {
			return v
		}
	}
	return c.Index(obj, lua.LString(key))
}

// setIndex is obj[key] = v with metamethods.
func (m *machine) setIndex(c *call, obj *table, key, v lua.LValue) {
	if obj.Metatable() == nil {
		m.set(obj, key, v)
		return
	}
	c.SetIndex(obj, key, v)
}

// Values.

func (m *machine) integer(i int64) lua.LValue { return lua53.MakeInt(i) }
func (m *machine) float(f float64) lua.LValue { return lua53.MakeFloat(f) }

// number takes a Lua number apart: f is its value, and i too when it is an integer.
func (m *machine) number(v lua.LValue) (i int64, f float64, isInt, ok bool) {
	n, ok := lua53.ToNumber(v)
	if !ok {
		return 0, 0, false, false
	}
	if n.IsInt {
		return n.Int, float64(n.Int), true, true
	}
	return 0, n.Float, false, true
}

func (m *machine) typeName(v lua.LValue) string { return m.s.Name(v) }

// tostring is tostring(v); without a call, metamethods are not looked at.
func (m *machine) tostring(c *call, v lua.LValue) string {
	if c == nil {
		return m.s.ToString(v)
	}
	return c.ToString(v)
}

// Functions and errors.

func (m *machine) function(name string, f goFunc) *lua.LFunction { return m.s.Function(name, f) }

// load compiles a chunk; chunk is its name as load() is given it.
func (m *machine) load(c *call, src, chunk string) (*lua.LFunction, error) {
	fn, err := m.s.Load(src, chunk, "t", nil)
	var e *lua53.Error
	if errors.As(err, &e) {
		c.Raise(e) // a budget
	}
	return fn, err
}

// throw raises v as it is.
func (m *machine) throw(c *call, v lua.LValue) { c.Throw(v) }

// rethrow raises a value again as error(value) in the library does: a string
// gets the library's place in front.
func (m *machine) rethrow(c *call, at string, v lua.LValue) {
	if s, ok := v.(lua.LString); ok {
		v = lua.LString(at) + s
	}
	c.Throw(v)
}

// call calls fn unprotected and returns its results.
func (m *machine) call(c *call, fn lua.LValue, args ...lua.LValue) []lua.LValue {
	return c.Call(fn, args...)
}

// call1 is call for the first result alone, nil when there is none.
func (m *machine) call1(c *call, fn lua.LValue, args ...lua.LValue) lua.LValue {
	if vals := c.Call(fn, args...); len(vals) > 0 {
		return vals[0]
	}
	return lua.LNil
}

// pcall calls fn protected. A budget that ran out goes on up.
func (m *machine) pcall(c *call, fn lua.LValue, args ...lua.LValue) ([]lua.LValue, *raised) {
	return c.PCall(fn, args...)
}

// Coroutines.

// create makes a coroutine of fn.
func (m *machine) create(fn lua.LValue) lua.LValue { return m.s.Coroutine(fn) }

// status is coroutine.status(co), "" for what is no coroutine.
func (m *machine) status(co lua.LValue) string {
	if co, ok := co.(*lua53.Coroutine); ok {
		return co.Status()
	}
	return ""
}

// runningValue is coroutine.running().
func (m *machine) runningValue(c *call) lua.LValue { return m.call1(c, m.co.running) }

// resume is coroutine.resume: ok and the results, or the error's value.
func (m *machine) resume(c *call, co lua.LValue, args ...lua.LValue) (ok bool, vals []lua.LValue) {
	vals = c.Call(m.co.resume, append([]lua.LValue{co}, args...)...)
	if len(vals) == 0 {
		return false, nil
	}
	return truthy(vals[0]), vals[1:]
}

// yield suspends the running coroutine and returns what it is resumed with.
func (m *machine) yield(c *call, vals ...lua.LValue) []lua.LValue {
	return c.Call(m.co.yield, vals...)
}
