package aos

import (
	"context"
	"errors"
	"iter"
	"math"
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// machine is the Lua VM of one process, cut down to what the aos world needs.
// Everything that depends on the VM's own calls is in this file, so that the
// VM beneath can be exchanged.
type machine struct {
	L       *lua.LState
	running *coroutine
	live    map[*coroutine]struct{}
	meter   *gasMeter
	match   *lua.LFunction // string.match, for patterns of handlers
}

// call is one running call of a Go function from Lua: its arguments and results.
type call struct {
	L    *lua.LState
	n, r int
}

// goFunc is a Go function that Lua can call.
type goFunc = func(c *call)

// N is the number of arguments, Arg one of them (from 1; nil beyond the last).
func (c *call) N() int { return c.n }

func (c *call) Arg(i int) lua.LValue {
	if i > c.n {
		return lua.LNil
	}
	return c.L.Get(i)
}

// Push adds a result, Return several.
func (c *call) Push(v lua.LValue) { c.L.Push(v); c.r++ }

func (c *call) Return(vs ...lua.LValue) {
	for _, v := range vs {
		c.Push(v)
	}
}

// raised is an error on its way up: the Lua value that was thrown.
type raised struct {
	value lua.LValue
}

// gasMeter is a context whose Done counts the instructions of the VM, which
// asks it before each one (spec lua53 §2.6).
type gasMeter struct {
	context.Context
	used, limit int64
	why         string
	closed      chan struct{}
}

func (g *gasMeter) Done() <-chan struct{} {
	g.used++
	if g.why != "" {
		return g.closed
	}
	if g.limit > 0 && g.used > g.limit {
		g.why = "gas"
		return g.closed
	}
	if g.used&1023 == 0 && g.Context.Err() != nil {
		g.why = "cancelled"
		return g.closed
	}
	return nil
}

func (g *gasMeter) Err() error {
	if g.why == "" {
		return nil
	}
	return errors.New("budget exceeded: " + g.why)
}

func newMachine() *machine {
	m := &machine{live: map[*coroutine]struct{}{}}
	m.L = lua.NewState(lua.Options{SkipOpenLibs: true, RegistrySize: 1024, RegistryMaxSize: 1 << 20, RegistryGrowStep: 4096, CallStackSize: 200, MinimizeStackMemory: true})
	closed := make(chan struct{})
	close(closed)
	m.meter = &gasMeter{Context: context.Background(), closed: closed}
	m.L.SetContext(m.meter)
	for _, open := range []struct {
		name string
		f    lua.LGFunction
	}{{lua.LoadLibName, lua.OpenPackage}, {lua.BaseLibName, lua.OpenBase}, {lua.TabLibName, lua.OpenTable}, {lua.StringLibName, lua.OpenString}, {lua.MathLibName, lua.OpenMath}, {lua.OsLibName, lua.OpenOs}} {
		m.L.Push(m.L.NewFunction(open.f))
		m.L.Push(lua.LString(open.name))
		m.L.Call(1, 0)
	}
	m.match = m.L.GetField(m.L.GetGlobal("string"), "match").(*lua.LFunction)
	return m
}

// protect runs f in the main thread with a fresh budget and returns what it raised.
func (m *machine) protect(ctx context.Context, gas int64, f goFunc) *raised {
	m.meter.Context, m.meter.used, m.meter.limit, m.meter.why = ctx, 0, gas, ""
	_, err := m.pcall(&call{L: m.L}, m.function("handle", f))
	return err
}

func (m *machine) gas() int64 { return m.meter.used }

// limit says which budget has run out, "" for none.
func (m *machine) limit() string { return m.meter.why }

func (m *machine) close() {
	m.meter.limit, m.meter.used = 1, 2 // whatever wakes up now ends at its first instruction
	for c := range m.live {
		c.stop()
	}
	m.L.Close()
}

// alloc accounts for bytes about to be allocated.
func (m *machine) alloc(*call, int64) {}

// Tables. Every store of this package goes through these.

func (m *machine) globals() *lua.LTable             { return m.L.G.Global }
func (m *machine) table(narr, nrec int) *lua.LTable { return m.L.CreateTable(narr, nrec) }

func (m *machine) set(t *lua.LTable, key string, v lua.LValue)          { t.RawSetString(key, v) }
func (m *machine) setInt(t *lua.LTable, i int, v lua.LValue)            { t.RawSetInt(i, v) }
func (m *machine) setAny(t *lua.LTable, key, v lua.LValue)              { t.RawSet(key, v) }
func (m *machine) next(t *lua.LTable, key lua.LValue) (k, v lua.LValue) { return t.Next(key) }
func (m *machine) length(t *lua.LTable) int                             { return t.Len() }
func (m *machine) setMetatable(t *lua.LTable, mt lua.LValue)            { t.Metatable = mt }

// setChanged is set for a value that is nearly always there already.
func (m *machine) setChanged(t *lua.LTable, key string, v lua.LValue) {
	if t.RawGetString(key) != v {
		m.set(t, key, v)
	}
}

// insert is table.insert(t, pos, v); remove is table.remove(t, pos).
func (m *machine) insert(t *lua.LTable, pos int, v lua.LValue) { t.Insert(pos, v) }
func (m *machine) remove(t *lua.LTable, pos int)               { t.Remove(pos) }

// index is obj[key] with metamethods.
func (m *machine) index(c *call, obj lua.LValue, key string) lua.LValue {
	if t, ok := obj.(*lua.LTable); ok {
		if v := t.RawGetString(key); v != lua.LNil || t.Metatable == lua.LNil {
			return v
		}
	}
	return c.L.GetField(obj, key)
}

// get is t[key] with metamethods, for any key.
func (m *machine) get(c *call, t *lua.LTable, key lua.LValue) lua.LValue {
	if v := t.RawGet(key); v != lua.LNil || t.Metatable == lua.LNil {
		return v
	}
	return c.L.GetTable(t, key)
}

// setIndex is obj[key] = v with metamethods.
func (m *machine) setIndex(c *call, obj *lua.LTable, key string, v lua.LValue) {
	if obj.Metatable == lua.LNil {
		m.set(obj, key, v)
		return
	}
	c.L.SetField(obj, key, v)
}

// Values.

func (m *machine) integer(i int64) lua.LValue { return lua.LNumber(i) }
func (m *machine) float(f float64) lua.LValue { return lua.LNumber(f) }

// number takes a Lua number apart: f is its value, and i too when it is an integer.
func (m *machine) number(v lua.LValue) (i int64, f float64, isInt, ok bool) {
	n, ok := v.(lua.LNumber)
	if !ok {
		return 0, 0, false, false
	}
	if math.Trunc(float64(n)) == float64(n) && math.Abs(float64(n)) < 1<<62 {
		return int64(n), float64(n), true, true
	}
	return 0, float64(n), false, true
}

func (m *machine) typeName(v lua.LValue) string { return v.Type().String() }

func (m *machine) tostring(c *call, v lua.LValue) string {
	if n, ok := v.(lua.LNumber); ok {
		if i, _, isInt, _ := m.number(n); isInt {
			return strconv.FormatInt(i, 10)
		}
		return format14g(float64(n))
	}
	if c == nil {
		return v.String()
	}
	return c.L.ToStringMeta(v).String()
}

// lineOf is the line at which a function is defined, 0 when it is not the script's.
func (m *machine) lineOf(v lua.LValue) int {
	if f, ok := v.(*lua.LFunction); ok && f.Proto != nil {
		return f.Proto.LineDefined
	}
	return 0
}

// Functions and errors.

func (m *machine) function(name string, f goFunc) *lua.LFunction {
	return m.L.NewFunction(func(L *lua.LState) int {
		c := call{L: L, n: L.GetTop()}
		f(&c)
		return c.r
	})
}

// load compiles a chunk; chunk is its name as load() is given it.
func (m *machine) load(src, chunk string) (*lua.LFunction, string) {
	fn, err := m.L.Load(strings.NewReader(src), `[string "`+chunk+`"]`)
	if err != nil {
		return nil, m.raised(err).value.String()
	}
	return fn, ""
}

// throw raises v as it is.
func (m *machine) throw(c *call, v lua.LValue) { c.L.Error(v, 0) }

// rethrow raises an error again as error(err) in the library does: a string
// gets the library's place in front.
func (m *machine) rethrow(c *call, at string, err *raised) {
	if s, ok := err.value.(lua.LString); ok {
		m.throw(c, lua.LString(at)+s)
	}
	m.throw(c, err.value)
}

// call calls fn unprotected and returns its results.
func (m *machine) call(c *call, fn lua.LValue, args ...lua.LValue) []lua.LValue {
	base := c.L.GetTop()
	c.L.Push(fn)
	for _, a := range args {
		c.L.Push(a)
	}
	c.L.Call(len(args), lua.MultRet)
	return popTo(c.L, base)
}

// call1 is call for the first result alone, nil when there is none.
func (m *machine) call1(c *call, fn lua.LValue, args ...lua.LValue) lua.LValue {
	if vals := m.call(c, fn, args...); len(vals) > 0 {
		return vals[0]
	}
	return lua.LNil
}

// pcall calls fn protected. A budget that ran out is raised again at the next
// instruction of the VM, so it is not caught for long.
func (m *machine) pcall(c *call, fn lua.LValue, args ...lua.LValue) ([]lua.LValue, *raised) {
	base := c.L.GetTop()
	c.L.Push(fn)
	for _, a := range args {
		c.L.Push(a)
	}
	if err := c.L.PCall(len(args), lua.MultRet, nil); err != nil {
		return nil, m.raised(err)
	}
	return popTo(c.L, base), nil
}

func (m *machine) raised(err error) *raised {
	var e *lua.ApiError
	if errors.As(err, &e) {
		return &raised{e.Object}
	}
	return &raised{lua.LString(err.Error())}
}

func popTo(L *lua.LState, base int) []lua.LValue {
	n := L.GetTop() - base
	if n <= 0 {
		return nil
	}
	out := make([]lua.LValue, n)
	for i := range out {
		out[i] = L.Get(base + 1 + i)
	}
	L.SetTop(base)
	return out
}

// Coroutines run on a stack of their own (iter.Pull), so that yield works
// across Go functions, pcall, metamethods and iterators.
type coroutine struct {
	value      *lua.LUserData
	L          *lua.LState
	fn         lua.LValue
	status     string
	in, out    []lua.LValue
	err        *raised
	parent     *coroutine
	resumeFunc func() (struct{}, bool)
	stop       func()
	yield      func(struct{}) bool
}

type stopped struct{}

// create makes a coroutine of fn.
func (m *machine) create(fn lua.LValue) lua.LValue {
	th, _ := m.L.NewThread()
	th.SetContext(m.meter)
	c := &coroutine{L: th, fn: fn, status: "suspended"}
	c.value = &lua.LUserData{Value: c, Metatable: lua.LNil}
	return c.value
}

// status is coroutine.status(co), "" for what is no coroutine.
func (m *machine) status(co lua.LValue) string {
	if u, ok := co.(*lua.LUserData); ok {
		if c, ok := u.Value.(*coroutine); ok {
			return c.status
		}
	}
	return ""
}

// runningValue is coroutine.running().
func (m *machine) runningValue(*call) lua.LValue {
	if m.running == nil {
		return lua.LNil
	}
	return m.running.value
}

// resume continues a coroutine until it yields, returns or raises.
func (m *machine) resume(_ *call, co lua.LValue, args ...lua.LValue) ([]lua.LValue, *raised) {
	u, ok := co.(*lua.LUserData)
	if !ok {
		return nil, &raised{lua.LString("cannot resume non-suspended coroutine")}
	}
	c := u.Value.(*coroutine)
	switch c.status {
	case "suspended":
	case "dead":
		return nil, &raised{lua.LString("cannot resume dead coroutine")}
	default:
		return nil, &raised{lua.LString("cannot resume non-suspended coroutine")}
	}
	c.in, c.out, c.err = args, nil, nil
	c.parent, c.status = m.running, "running"
	if c.parent != nil {
		c.parent.status = "normal"
	}
	m.running = c
	if c.resumeFunc == nil {
		c.resumeFunc, c.stop = iter.Pull(func(yield func(struct{}) bool) {
			c.yield = yield
			defer func() {
				if r := recover(); r != nil {
					if _, ok := r.(stopped); !ok {
						panic(r)
					}
				}
			}()
			c.out, c.err = m.pcall(&call{L: c.L}, c.fn, c.in...)
			c.status = "dead"
		})
		m.live[c] = struct{}{}
	}
	c.resumeFunc()
	m.running = c.parent
	if m.running != nil {
		m.running.status = "running"
	}
	if c.status == "dead" {
		delete(m.live, c)
	}
	return c.out, c.err
}

// yield suspends the running coroutine and returns what it is resumed with.
func (m *machine) yield(c *call, vals ...lua.LValue) []lua.LValue {
	co := m.running
	if co == nil {
		m.throw(c, lua.LString("attempt to yield from outside a coroutine"))
	}
	co.out, co.status = vals, "suspended"
	if !co.yield(struct{}{}) {
		panic(stopped{})
	}
	return co.in
}
