package aos

import (
	"context"
	"errors"
	"fmt"
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
	response   bool
	coverage   bool
	env        *patchdev.Table
}

// NoRollback keeps the state of evaluations that end in an Error, as the aos
// module does by itself; compute units throw it away, and so does a VM without
// this option.
func NoRollback() Option { return func(o *options) { o.noRollback = true } }

// WithClock gives the clock that times handlers (Result.Duration and Trace); it
// never reaches the script. The default is time.Now.
func WithClock(now func() time.Time) Option { return func(o *options) { o.now = now } }

// withResponse keeps the whole response of each evaluation for the runner.
func withResponse() Option { return func(o *options) { o.response = true } }

// withEnvironment gives the environment of every message, for one that says more than
// ao.Env holds.
func withEnvironment(env *patchdev.Table) Option { return func(o *options) { o.env = env } }

// VM is one aos process: an [ao.VM]. It keeps the messages whose effects it holds
// (they must not change any more), because some roll-backs need a replay.
type VM struct {
	w      *world
	m      *machine
	env    ao.Env
	limits ao.Limits
	opts   options
	closed bool
	// broken says why the state could not be restored; the next evaluation tries again.
	broken  error
	history []record
	last    evaluation
	// settled: some evaluation ended without an error.
	settled bool
	// The evaluation under way, for the Go function that runs it.
	run     *lua.LFunction
	message *ao.Message
	slot    int64
	value   lua.LValue
}

var _ ao.VM = (*VM)(nil)

// evaluation is the last one as the host of the module would see it.
type evaluation struct {
	ok       bool
	response patchdev.Value // with ok
	thrown   string         // without
	encode   bool           // thrown is what the JSON encoder said
}

// New makes the VM of an aos process, which has seen no message yet. Its script
// comes as an Eval, or as the Data of the process message with On-Boot = Data.
func New(env ao.Env, limits ao.Limits, opts ...Option) (ao.VM, error) {
	return newVM(env, limits, opts...)
}

func newVM(env ao.Env, limits ao.Limits, opts ...Option) (*VM, error) {
	vm := &VM{env: env, limits: limits, opts: options{now: time.Now}}
	for _, o := range opts {
		o(&vm.opts)
	}
	vm.open()
	return vm, nil
}

// open makes the Lua state.
func (vm *VM) open() {
	vm.m = newMachine(vm.limits, vm.opts.coverage)
	vm.w = newWorld(vm.m, vm.env)
	vm.w.owner = vm
	vm.w.trace = &tracer{now: vm.opts.now}
	w := vm.w
	vm.run = vm.m.function("handle", func(c *call) {
		w.refuseBroken(c)
		w.missing = ""
		w.owner.value = w.handle(c, w.messageTable(w.owner.message, w.owner.slot))
		w.missing = w.missingAfter(c)
	})
}

// errClosed is what a VM answers after Close.
var errClosed = errors.New("the process's VM is closed")

// Evaluate implements [ao.VM].
func (vm *VM) Evaluate(ctx context.Context, msg *ao.Message, slot int64) (*ao.Result, error) {
	return vm.evaluate(ctx, msg, slot, false)
}

// DryRun implements [ao.VM].
func (vm *VM) DryRun(ctx context.Context, msg *ao.Message, slot int64) (*ao.Result, error) {
	return vm.evaluate(ctx, msg, slot, true)
}

// Close implements [ao.VM].
func (vm *VM) Close() {
	if vm.closed {
		return
	}
	vm.closed = true
	vm.m.s.Close()
}

// evaluate runs one message in a transaction, which is undone when the result is
// an Error or the run is dry.
func (vm *VM) evaluate(ctx context.Context, msg *ao.Message, slot int64, dry bool) (*ao.Result, error) {
	if vm.closed {
		return nil, errClosed
	}
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("message %s not evaluated: %w", msg.ID, err)
	}
	if vm.broken != nil {
		if err := vm.rebuild(ctx); err != nil {
			return nil, err
		}
		vm.broken = nil
	}
	start := vm.opts.now()
	vm.begin(msg, slot)
	err := vm.m.protect(ctx, vm.run)
	if limitOf(err) == "stopped" {
		return nil, errors.Join(fmt.Errorf("message %s: %w", msg.ID, err), vm.rollback(context.WithoutCancel(ctx)))
	}
	res := vm.result(err)
	res.GasUsed = vm.m.gas()
	vm.w.trace.close(vm.w)
	res.Trace = vm.w.trace.steps
	if dry || vm.discards(res) {
		if err := vm.rollback(ctx); err != nil {
			return nil, err
		}
	} else {
		vm.m.s.Commit()
		vm.history = append(vm.history, record{msg, slot})
	}
	if !dry && !res.Failed() {
		vm.settled = true
	}
	res.Duration = vm.opts.now().Sub(start)
	return res, nil
}

// rollback undoes the evaluation under way, by replay if a coroutine ran in it
// that had been waiting.
func (vm *VM) rollback(ctx context.Context) error {
	resumed := vm.m.s.Resumed()
	vm.m.s.Rollback()
	if !resumed {
		return nil
	}
	if err := vm.rebuild(ctx); err != nil {
		vm.broken = err
		return fmt.Errorf("going back to the state before the message: %w", err)
	}
	return nil
}

// discards says whether the state of an evaluation is thrown away. A compute unit
// goes back to the memory after the last evaluation without an error; as long as
// there is none, nothing is there to go back to, and what a failing process
// message did (such as setting Owner) stays [recording boot-error].
func (vm *VM) discards(res *ao.Result) bool {
	return res.Failed() && !vm.opts.noRollback && (vm.settled || res.Limit == "memory")
}

// result makes the result of what handle returned or raised.
func (vm *VM) result(err *raised) *ao.Result {
	if what := limitOf(err); what != "" {
		return vm.overBudget(err, what)
	}
	if err != nil {
		res := vm.thrown(vm.w.thrownText(err.Value), false)
		if err.Chunk == scriptChunk {
			res.ErrorAt = ao.Place{Chunk: "aos", Line: err.Line, Col: err.Col}
		}
		return res
	}
	if vm.w.missing != "" {
		return vm.unencoded(errors.New(vm.w.missing))
	}
	vm.w.conv.begin()
	res, convErr := vm.w.toResult(vm.value, vm.limits.Output)
	if convErr != nil {
		return vm.unencoded(convErr)
	}
	vm.last = evaluation{ok: true}
	if vm.opts.response {
		if vm.last.response, convErr = vm.w.conv.value(vm.value); convErr != nil {
			return vm.unencoded(convErr)
		}
	}
	return res
}

// unencoded is the result of an evaluation whose response aos' JSON cannot carry.
func (vm *VM) unencoded(err error) *ao.Result {
	var e *lua53.Error
	if errors.As(err, &e) && limitOf(e) != "" {
		return vm.overBudget(e, limitOf(e))
	}
	res := vm.thrown(err.Error(), true)
	vm.last.thrown = lib.EncodeErrorText(err)
	return res
}

// scriptChunk is the script's name in messages of the VM.
const scriptChunk = `[string "aos"]`

// thrown is the result of an evaluation in which handle itself threw.
func (vm *VM) thrown(text string, encode bool) *ao.Result {
	vm.last = evaluation{thrown: text, encode: encode}
	return &ao.Result{Error: text, Thrown: true, ErrorAt: placeOf(text)}
}

// overBudget is the result of an evaluation that ran out of a budget.
func (vm *VM) overBudget(err *raised, what string) *ao.Result {
	res := vm.thrown("the evaluation was stopped: "+vm.w.thrownText(err.Value), false)
	if what == "gas" {
		res.Error += " (an endless loop, or more work than one message may do)"
	}
	res.Limit = what
	if err.Chunk == scriptChunk {
		res.ErrorAt = ao.Place{Chunk: "aos", Line: err.Line, Col: err.Col}
	}
	return res
}

// thrownText is what the host makes of a thrown value.
func (w *world) thrownText(v lua.LValue) string {
	if s, ok := w.concatText(v); ok {
		return s
	}
	return "(error object is a " + w.m.typeName(v) + " value)"
}
