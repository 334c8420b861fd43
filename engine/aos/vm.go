package aos

import (
	"context"
	"errors"
	"fmt"
	"time"

	lua "github.com/yuin/gopher-lua"

	"patchbay/engine/ao"
	"patchbay/patchdev"
)

// Option changes how a VM works.
type Option func(*options)

type options struct {
	noRollback bool
	now        func() time.Time
	response   bool
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

// VM is one aos process: an [ao.VM].
type VM struct {
	w      *world
	m      *machine
	limits ao.Limits
	opts   options
	closed bool
	last   evaluation
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
	vm := &VM{limits: limits, opts: options{now: time.Now}}
	for _, o := range opts {
		o(&vm.opts)
	}
	vm.m = newMachine()
	vm.w = newWorld(vm.m, env)
	return vm, nil
}

// errClosed is what a VM answers after Close.
var errClosed = errors.New("the process's VM is closed")

// Evaluate implements [ao.VM].
func (vm *VM) Evaluate(ctx context.Context, msg *ao.Message, slot int64) (*ao.Result, error) {
	return vm.evaluate(ctx, msg, slot)
}

// DryRun implements [ao.VM].
func (vm *VM) DryRun(ctx context.Context, msg *ao.Message, slot int64) (*ao.Result, error) {
	return nil, errors.New("dry runs need a VM with transactions")
}

// Coverage implements [ao.VM].
func (vm *VM) Coverage(ctx context.Context, msg *ao.Message, slot int64) (map[int]int, error) {
	return nil, errors.New("coverage needs an instrumented VM")
}

// Close implements [ao.VM].
func (vm *VM) Close() {
	if vm.closed {
		return
	}
	vm.closed = true
	vm.m.close()
}

// defaultGas is the budget of an evaluation in VM instructions.
const defaultGas = 100_000_000

func (vm *VM) evaluate(ctx context.Context, msg *ao.Message, slot int64) (*ao.Result, error) {
	if vm.closed {
		return nil, errClosed
	}
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("message %s not evaluated: %w", msg.ID, err)
	}
	gas := vm.limits.Gas
	if gas == 0 {
		gas = defaultGas
	}
	start := vm.opts.now()
	vm.w.trace = &tracer{now: vm.opts.now}
	var response lua.LValue = lua.LNil
	err := vm.m.protect(ctx, gas, func(c *call) {
		response = vm.w.handle(c, vm.w.messageTable(msg, slot), vm.w.envTable())
	})
	var res *ao.Result
	switch {
	case ctx.Err() != nil && vm.m.limit() != "":
		return nil, fmt.Errorf("message %s: %w", msg.ID, context.Cause(ctx))
	case vm.m.limit() != "":
		res = vm.overBudget(err)
	case err != nil:
		res = vm.thrown(vm.w.thrownText(err.value), false)
	default:
		var convErr error
		if res, convErr = vm.w.toResult(response, slot, vm.limits.Output); convErr != nil {
			res = vm.thrown(convErr.Error(), true)
			break
		}
		vm.last = evaluation{ok: true}
		if vm.opts.response {
			if vm.last.response, convErr = vm.w.converter().value(response); convErr != nil {
				res = vm.thrown(convErr.Error(), true)
			}
		}
	}
	res.GasUsed = vm.m.gas()
	res.Duration = vm.opts.now().Sub(start)
	res.Trace = vm.w.trace.steps
	return res, nil
}

// thrown is the result of an evaluation in which handle itself threw.
func (vm *VM) thrown(text string, encode bool) *ao.Result {
	vm.last = evaluation{thrown: text, encode: encode}
	return &ao.Result{Error: text, Thrown: true, ErrorAt: placeOf(text)}
}

// overBudget is the result of an evaluation that ran out of a budget.
func (vm *VM) overBudget(err *raised) *ao.Result {
	text := "the evaluation was stopped: "
	switch vm.m.limit() {
	case "gas":
		text += "it used up its gas (an endless loop, or more work than one message may do)"
	default:
		text += vm.m.limit()
	}
	res := vm.thrown(text, false)
	res.Limit = vm.m.limit()
	if err != nil {
		if p := placeOf(vm.w.thrownText(err.value)); p.Line > 0 {
			res.ErrorAt = p
		}
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
