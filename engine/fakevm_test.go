package engine

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync/atomic"

	"patchbay/engine/ao"
	"patchbay/patchdev"
)

// fakeVM is a tiny deterministic interpreter: each line of a message's Data is a
// command. It stands in for Lua.
//
//	factor N       what add multiplies with (the "script")
//	add K N        state[K] += N × factor, and patch it
//	set K V        state[K] = V, and patch it
//	whole          patch the whole state
//	patch K V      patch cache.K without keeping it
//	send PID TEXT  a message with Data TEXT (| stands for a line break)
//	tag K N        the next send gets a tag whose value is a number
//	spawn MOD TEXT a spawn with On-Boot: Data if MOD is "-"
//	assign PID ID  an assignment
//	print TEXT     output
//	fail TEXT      end with an error result
//	throw          break the VM down
//	panic          a mistake in the VM
//	loop           never end
//	pause          wait until the test says go on
//	random         something that no replay gives again
type fakeVM struct {
	env    ao.Env
	state  *patchdev.Table
	factor int64
	ref    int
	made   *fakes
	closed bool
}

// fakes counts what the VMs of a test did.
type fakes struct {
	open, evaluated, random atomic.Int64
	// looping receives a value when a loop begins.
	looping chan struct{}
	// goOn ends a pause.
	goOn chan struct{}
}

func newFakes() *fakes {
	return &fakes{looping: make(chan struct{}, 16), goOn: make(chan struct{})}
}

func (f *fakes) newVM(flavour string) (ao.NewVM, bool) {
	if flavour != "aos" && flavour != flavourRaw {
		return nil, false
	}
	return func(env ao.Env, _ ao.Limits) (ao.VM, error) {
		f.open.Add(1)
		return &fakeVM{env: env, state: patchdev.EmptyTable(), factor: 1, made: f}, nil
	}, true
}

func (v *fakeVM) Close() {
	if !v.closed {
		v.closed = true
		v.made.open.Add(-1)
	}
}

func (v *fakeVM) Evaluate(ctx context.Context, m *ao.Message, slot int64) (*ao.Result, error) {
	v.made.evaluated.Add(1)
	state, factor, ref := v.state, v.factor, v.ref
	r, err := v.run(ctx, m)
	if err != nil || r.Failed() {
		v.state, v.factor, v.ref = state, factor, ref
	}
	return r, err
}

func (v *fakeVM) DryRun(ctx context.Context, m *ao.Message, slot int64) (*ao.Result, error) {
	state, factor, ref := v.state, v.factor, v.ref
	r, err := v.run(ctx, m)
	v.state, v.factor, v.ref = state, factor, ref
	return r, err
}

func (v *fakeVM) Coverage(ctx context.Context, m *ao.Message, slot int64) (map[int]int, error) {
	out := map[int]int{}
	data, _ := m.Data.(patchdev.String)
	for i := range strings.Split(string(data), "\n") {
		out[i+1] = int(v.factor)
	}
	return out, nil
}

func (v *fakeVM) run(ctx context.Context, m *ao.Message) (*ao.Result, error) {
	r := &ao.Result{GasUsed: 1}
	data, _ := m.Data.(patchdev.String)
	var tags []ao.OutTag
	for i, text := range strings.Split(string(data), "\n") {
		word, rest, _ := strings.Cut(strings.TrimSpace(text), " ")
		a, b, _ := strings.Cut(rest, " ")
		n, _ := strconv.ParseInt(b, 10, 64)
		switch word {
		case "":
		case "factor":
			v.factor, _ = strconv.ParseInt(a, 10, 64)
		case "add":
			old, _ := v.state.Get(a)
			o, _ := old.(patchdev.Int)
			v.state = v.state.Set(a, o+patchdev.Int(n*v.factor))
			v.patch(r, i, patchdev.NewTable(a, int64(o)+n*v.factor))
		case "set":
			v.state = v.state.Set(a, patchdev.String(b))
			v.patch(r, i, patchdev.NewTable(a, b))
		case "whole":
			v.patch(r, i, v.state)
		case "patch":
			v.patch(r, i, patchdev.NewTable(a, b))
		case "tag":
			tags = append(tags, ao.OutTag{Name: patchdev.String(a), Value: patchdev.Int(n)})
		case "send":
			v.ref++
			v.out(r, i, ao.OutMessage{
				Target: patchdev.String(a), Data: patchdev.String(strings.ReplaceAll(b, "|", "\n")), Anchor: fmt.Sprintf("%032d", v.ref),
				Tags: append(tags, ao.OutTag{Name: patchdev.String("Reference"), Value: patchdev.String(strconv.Itoa(v.ref))}, ao.OutTag{Name: patchdev.String("Type"), Value: patchdev.String("Message")}),
			})
			tags = nil
		case "spawn":
			v.ref++
			s := ao.OutMessage{Data: patchdev.String(strings.ReplaceAll(b, "|", "\n")), Tags: []ao.OutTag{
				{Name: patchdev.String("Module"), Value: patchdev.String(a)},
				{Name: patchdev.String("Reference"), Value: patchdev.String(strconv.Itoa(v.ref))},
			}}
			if a == "-" {
				s.Tags = append(s.Tags, ao.OutTag{Name: patchdev.String("On-Boot"), Value: patchdev.String("Data")})
			}
			r.Spawns = append(r.Spawns, s)
		case "assign":
			r.Assignments = append(r.Assignments, patchdev.NewTable("Processes", patchdev.NewList(patchdev.String(a)), "Message", b))
		case "print":
			r.Text += rest + "\n"
		case "fail":
			return &ao.Result{Error: rest, ErrorAt: ao.Place{Line: i + 1}}, nil
		case "throw":
			return nil, errors.New("fake: broken")
		case "panic":
			panic("fake: panic")
		case "random":
			r.Text += fmt.Sprint(v.made.random.Add(1))
		case "pause":
			v.made.looping <- struct{}{}
			<-v.made.goOn
		case "loop":
			v.made.looping <- struct{}{}
			<-ctx.Done()
			return nil, ctx.Err()
		default:
			return &ao.Result{Error: fmt.Sprintf("%d: unknown command %q", i+1, word)}, nil
		}
	}
	r.Output = patchdev.NewTable("data", r.Text)
	return r, nil
}

func (v *fakeVM) patch(r *ao.Result, line int, cache *patchdev.Table) {
	v.out(r, line, ao.OutMessage{Tags: []ao.OutTag{
		{Name: patchdev.String("device"), Value: patchdev.String("patch@1.0")},
		{Name: patchdev.String("cache"), Value: cache},
	}})
}

func (v *fakeVM) out(r *ao.Result, line int, m ao.OutMessage) {
	m.Line = line + 1
	r.Messages = append(r.Messages, m)
	f := patchdev.EmptyTable().Edit()
	if m.Target != nil {
		f.Set("target", m.Target)
	}
	if m.Data != nil {
		f.Set("data", m.Data)
	}
	for _, t := range m.Tags {
		n, _ := t.Name.(patchdev.String)
		f.Set(string(n), t.Value)
	}
	r.Outbox = append(r.Outbox, ao.OutboxEntry{Key: strconv.Itoa(len(r.Outbox) + 1), Fields: f.Table(), Line: line + 1})
}
