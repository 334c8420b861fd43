// Package rawlua runs processes whose Lua the node itself executes
// (`execution-device: lua@5.3a`, flavour H of spec aos-runtime §14). The module
// is the script: it defines compute(base, req, opts), which is called for every
// slot, the process message of slot 0 included, and returns base with
// base.results. Values do not pass through JSON.
//
// The state that compute is given as base and that it returns is a message: see
// state.go. Numbers and texts are those of luerl, the Lua that nodes run (spec
// aos-runtime §13): floats in Erlang's form, >> with the sign, no infinities and no
// NaN, division by zero that no pcall catches, string literals encoded twice, no
// coroutines. Integers of luerl have no bounds; here one beyond 64 bits ends the
// evaluation, with the lint wide-integer, wherever it would arise: a numeral, an
// operator, tonumber, math.floor (DESIGN S8). goto, which luerl may not run, is
// lint. What else differs in luerl (texts of errors, the order of pairs, numeric
// strings in arithmetic, string.format of integers beyond 64 bits) is as in Lua 5.3.
//
// A script that defines no compute but uses Handlers, Send and req.body is a
// script for hyper-aos; it gets that world (hyper.go) and runs in it.
package rawlua

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	lua "github.com/yuin/gopher-lua"

	"patchbay/engine/ao"
	"patchbay/engine/aos/lib"
	"patchbay/engine/lua53"
	"patchbay/patchdev"
)

// Option changes how a VM works.
type Option func(*options)

type options struct {
	noRollback bool
	now        func() time.Time
	coverage   bool
}

// NoRollback keeps the state of evaluations that fail.
func NoRollback() Option { return func(o *options) { o.noRollback = true } }

// WithClock gives the clock that measures Result.Duration; it never reaches the
// script. The default is time.Now.
func WithClock(now func() time.Time) Option { return func(o *options) { o.now = now } }

// chunkName is how the script is called in messages.
const chunkName = "script"

type table = lua53.Table

// VM is one raw process: an [ao.VM].
type VM struct {
	s      *lua53.State
	lib    *lib.Lib
	env    ao.Env
	limits ao.Limits
	opts   options
	closed bool
	clock  int64
	hyper  *hyper // not nil for a script without compute

	// compute and state live between evaluations; a roll-back restores them. state
	// is nil until the script is loaded. base is the table of the evaluation under
	// way, next the state after it.
	compute lua.LValue
	state   *patchdev.Table
	stack   patchdev.ApplyOptions
	base    *table

	run     *lua.LFunction
	message *ao.Message
	slot    int64
	results lua.LValue
	lints   []patchdev.Warning // of the evaluation under way
	trace   tracer             // likewise
	history []record
}

// record is one evaluation whose state was kept, for Coverage. Its message must
// not change any more.
type record struct {
	msg  *ao.Message
	slot int64
}

var _ ao.VM = (*VM)(nil)

// New makes the VM of a raw process. env.Source is its script, which is loaded
// when the first message arrives: an error in it fails that slot.
func New(env ao.Env, limits ao.Limits, opts ...Option) (ao.VM, error) {
	return newVM(env, limits, opts...)
}

func newVM(env ao.Env, limits ao.Limits, opts ...Option) (*VM, error) {
	vm := &VM{env: env, limits: limits, opts: options{now: time.Now}, compute: lua.LNil}
	tags := map[string]string{}
	for _, t := range env.Tags {
		tags[strings.ToLower(t.Name)] = t.Value
	}
	vm.stack = stackOf(tags)
	for _, o := range opts {
		o(&vm.opts)
	}
	vm.s = lua53.New(lua53.Options{
		Limits:   lua53.Limits{Gas: limits.Gas, Alloc: limits.Alloc, Heap: limits.Heap, Object: limits.Object},
		Clock:    func() int64 { return vm.clock },
		Coverage: vm.opts.coverage,
		Luerl:    true,
		Trap:     vm.trap,
	})
	for _, t := range []lua.LValue{vm.s.Globals(), packageLoaded(vm.s)} { // the node's Lua has no coroutines
		if t, ok := t.(*table); ok {
			vm.s.SetString(t, "coroutine", lua.LNil)
		}
	}
	vm.lib = lib.OpenHyper(vm.s)
	device := vm.s.NewTable()
	vm.openDevice(device)
	vm.s.SetString(vm.s.Globals(), "ao", device)
	vm.sandbox()
	vm.run = vm.s.Function("compute", vm.evaluateIn)
	vm.s.Roots(func(visit func(lua.LValue)) {
		visit(vm.base)
		visit(vm.compute)
		if h := vm.hyper; h != nil {
			for _, t := range []*table{h.ao, h.handlers, h.list, h.outbox, h.own[0], h.own[1]} {
				visit(t)
			}
		}
	})
	return vm, nil
}

func packageLoaded(s *lua53.State) lua.LValue {
	if pkg, ok := s.Globals().GetString("package").(*table); ok {
		return pkg.GetString("loaded")
	}
	return lua.LNil
}

// ErrClosed is what a VM answers after Close.
var ErrClosed = errors.New("the process's VM is closed")

// Close implements [ao.VM].
func (vm *VM) Close() {
	if !vm.closed {
		vm.closed = true
		vm.s.Close()
	}
}

// Evaluate implements [ao.VM].
func (vm *VM) Evaluate(ctx context.Context, m *ao.Message, slot int64) (*ao.Result, error) {
	return vm.evaluate(ctx, m, slot, false)
}

// DryRun implements [ao.VM].
func (vm *VM) DryRun(ctx context.Context, m *ao.Message, slot int64) (*ao.Result, error) {
	return vm.evaluate(ctx, m, slot, true)
}

// Coverage implements [ao.VM]. It replays what came before slot in a VM of its own.
func (vm *VM) Coverage(ctx context.Context, m *ao.Message, slot int64) (map[int]int, error) {
	if vm.closed {
		return nil, ErrClosed
	}
	opts := vm.opts
	opts.coverage = true
	twin, err := newVM(vm.env, vm.limits, func(o *options) { *o = opts })
	if err != nil {
		return nil, err
	}
	defer twin.Close()
	for _, r := range vm.history {
		if r.slot >= slot {
			break
		}
		if _, err := twin.evaluate(ctx, r.msg, r.slot, false); err != nil {
			return nil, fmt.Errorf("replaying slot %d: %w", r.slot, err)
		}
	}
	before := twin.s.Covered(chunkName)
	if _, err := twin.evaluate(ctx, m, slot, true); err != nil {
		return nil, err
	}
	out := map[int]int{}
	for line, n := range twin.s.Covered(chunkName) {
		out[line] = int(n - before[line])
	}
	return out, nil
}

func (vm *VM) evaluate(ctx context.Context, m *ao.Message, slot int64, dry bool) (*ao.Result, error) {
	if vm.closed {
		return nil, ErrClosed
	}
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("message %s not evaluated: %w", m.ID, err)
	}
	start := vm.opts.now()
	vm.message, vm.slot, vm.results, vm.base, vm.lints, vm.clock = m, slot, lua.LNil, nil, nil, m.Timestamp
	defer func() { vm.base = nil }()
	vm.trace = tracer{vm: vm}
	vm.s.ResetBudget() // the transaction is accounted for, too
	vm.s.Begin()
	compute, state, hyper := vm.compute, vm.state, vm.hyper
	vm.s.Save(func() { vm.compute, vm.state, vm.hyper = compute, state, hyper })
	_, err := vm.s.Call(ctx, vm.run)
	if errors.Is(err, lua53.ErrCanceled) || errors.Is(err, lua53.ErrClosed) {
		vm.s.Rollback()
		return nil, fmt.Errorf("message %s: %w", m.ID, err)
	}
	var res *ao.Result
	if err == nil {
		res, err = vm.toResult()
	}
	if err != nil {
		res = failed(err)
		vm.refused(err, res)
	}
	res.Lints = vm.lints
	res.GasUsed = vm.s.GasUsed()
	res.Trace = vm.trace.steps
	if dry || res.Failed() && !vm.opts.noRollback {
		vm.s.Rollback()
	} else {
		vm.s.Commit()
		vm.history = append(vm.history, record{m, slot})
	}
	res.Duration = vm.opts.now().Sub(start)
	return res, nil
}

var place = regexp.MustCompile(`^` + chunkName + `:(\d+):`)

// failed is the result of an evaluation that raised or returned nonsense.
func failed(err error) *ao.Result {
	res := &ao.Result{Error: err.Error(), Thrown: true}
	var le *lua53.Error
	if errors.As(err, &le) && le.Chunk == chunkName {
		res.ErrorAt = ao.Place{Chunk: chunkName, Line: le.Line, Col: le.Col}
	} else if m := place.FindStringSubmatch(res.Error); m != nil {
		line, _ := strconv.Atoi(m[1])
		res.ErrorAt = ao.Place{Chunk: chunkName, Line: line}
	}
	switch {
	case errors.Is(err, lua53.ErrGas):
		res.Limit = "gas"
		res.Error += " (an endless loop, or more work than one message may do)"
	case errors.Is(err, lua53.ErrMemory):
		res.Limit = "memory"
	}
	return res
}

// errNoCompute says what a script must define.
var errNoCompute = errors.New("the script defines neither a function compute(base, req, opts) nor handlers: a process with execution-device lua@5.3a needs one of them")

// evaluateIn runs inside the VM: it loads the script if need be and calls compute.
func (vm *VM) evaluateIn(c *lua53.Call) {
	if vm.state == nil {
		vm.start(c)
	}
	if vm.hyper != nil {
		vm.results = vm.hyper.compute(c, vm.request())
		return
	}
	vm.base = vm.baseTable()
	step := vm.trace.visit("compute", "", vm.compute)
	step.begin()
	out, err := c.PCall(vm.compute, vm.base, vm.request(), vm.s.NewTable())
	if err != nil {
		step.end("failed")
		c.Raise(err)
	}
	step.end("ran")
	vm.takeBase(c, out)
	vm.results = vm.base.GetString("results")
}

// takeBase reads what compute returned: base, or a status and base.
func (vm *VM) takeBase(c *lua53.Call, out []lua.LValue) {
	if len(out) >= 2 {
		if status, ok := out[0].(lua.LString); ok {
			if status != "ok" {
				c.Raise(fmt.Errorf("compute returned the status %q: %s", string(status), c.ToString(out[1])))
			}
			out = out[1:]
		}
	}
	if len(out) == 0 {
		c.Throw(lua.LString("compute returned nothing: it must return base"))
	}
	base, ok := out[0].(*table)
	if !ok {
		c.Throw(lua.LString("compute returned a " + vm.s.Name(out[0]) + ": it must return base, a table"))
	}
	vm.base = base
}

// start loads the script and makes the first state.
func (vm *VM) start(c *lua53.Call) {
	fn, err := vm.s.Load(vm.env.Source, "="+chunkName, "t", nil)
	if err != nil {
		panicWith(c, err)
	}
	vm.state = vm.firstState()
	vm.s.Begin()
	_, failed := c.PCall(fn)
	compute := vm.s.Globals().GetString("compute")
	if _, ok := compute.(*lua.LFunction); ok && failed == nil {
		vm.s.Commit()
		vm.compute = compute
		return
	}
	// Perhaps it is a script for hyper-aos: once more, with that world around it.
	vm.s.Rollback()
	world := newHyper(vm)
	if _, err := c.PCall(fn); err != nil {
		if failed == nil || world.used() {
			failed = err
		}
		c.Raise(failed)
	}
	if !world.used() {
		if failed != nil {
			c.Raise(failed)
		}
		c.Throw(lua.LString(errNoCompute.Error()))
	}
	vm.hyper = world
}

// panicWith raises an error of Load as it is.
func panicWith(c *lua53.Call, err error) {
	var le *lua53.Error
	if errors.As(err, &le) {
		c.Raise(le)
	}
	c.Throw(lua.LString(err.Error()))
}
