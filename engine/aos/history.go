package aos

import (
	"context"
	"fmt"

	lua "github.com/yuin/gopher-lua"

	"patchbay/engine/ao"
)

// record is one evaluation whose state was kept.
type record struct {
	msg  *ao.Message
	slot int64
}

// A coroutine that was resumed in an evaluation cannot be put back: what it has
// run, it has run (spec lua53 §3). Everything else about a process follows from
// its messages, so when such an evaluation must be undone, its twin takes its
// place: a VM that has seen the same messages but the last. Twins are made when
// they are needed, not ahead, because that is rare: it takes a failing, or dry,
// evaluation that woke up a waiting Receive.

// rebuild replaces the Lua state by one that has evaluated the history alone.
func (vm *VM) rebuild(ctx context.Context) error {
	twin, err := vm.twin(ctx, vm.history, vm.opts)
	if err != nil {
		return err
	}
	vm.m.s.Close()
	vm.m, vm.w, vm.run = twin.m, twin.w, twin.run
	vm.w.owner = vm
	return nil
}

// twin makes a VM that has evaluated these messages.
func (vm *VM) twin(ctx context.Context, history []record, opts options) (*VM, error) {
	t := &VM{env: vm.env, limits: vm.limits, opts: opts}
	t.open()
	t.m.s.SetLimits(vm.m.s.Limits())
	for _, r := range history {
		if err := ctx.Err(); err != nil {
			t.m.s.Close()
			return nil, fmt.Errorf("replaying slot %d: %w", r.slot, context.Cause(ctx))
		}
		t.begin(r.msg, r.slot)
		err := t.m.protect(ctx, t.run)
		if limitOf(err) == "stopped" {
			t.m.s.Rollback()
			t.m.s.Close()
			return nil, fmt.Errorf("replaying slot %d: %w", r.slot, err)
		}
		t.m.s.Commit()
	}
	return t, nil
}

// begin sets up the evaluation of a message and opens its transaction.
func (vm *VM) begin(msg *ao.Message, slot int64) {
	vm.w.trace.restart()
	vm.w.lines.sends, vm.w.lines.asked, vm.w.lines.failed = vm.w.lines.sends[:0], 0, ao.Place{}
	vm.message, vm.slot, vm.value = msg, slot, lua.LNil
	vm.m.clock = msg.Timestamp
	vm.m.s.Begin()
}

// Coverage implements [ao.VM]: the lines are those of the script and of
// everything else that was evaluated as "aos". It replays what came before slot in
// a VM of its own.
func (vm *VM) Coverage(ctx context.Context, msg *ao.Message, slot int64) (map[int]int, error) {
	if vm.closed {
		return nil, errClosed
	}
	n := len(vm.history)
	for i, r := range vm.history {
		if r.slot >= slot {
			n = i
			break
		}
	}
	opts := vm.opts
	opts.coverage = true
	twin, err := vm.twin(ctx, vm.history[:n], opts)
	if err != nil {
		return nil, err
	}
	defer twin.m.s.Close()
	before := twin.m.s.Covered(scriptChunk)
	twin.begin(msg, slot)
	failed := twin.m.protect(ctx, twin.run)
	if limitOf(failed) == "stopped" {
		return nil, fmt.Errorf("message %s: %w", msg.ID, failed)
	}
	out := map[int]int{}
	for line, n := range twin.m.s.Covered(scriptChunk) {
		out[line] = int(n - before[line])
	}
	return out, nil
}
