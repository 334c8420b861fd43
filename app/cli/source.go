package cli

import (
	"context"
	"errors"
	"fmt"

	"patchbay/engine"
	"patchbay/engine/ao"
	"patchbay/engine/node"
	"patchbay/patchdev"
)

// source shows the engine to the HTTP server. Only sending, spawning, events and
// errors differ; everything else is the engine's own.
type source struct {
	*engine.Engine
	// owner signs processes that are spawned over HTTP without saying by whom.
	owner string
}

var _ node.Source = source{}

// said pairs the engine's errors with those by which the node chooses a status.
var said = []struct{ engine, node error }{
	{engine.ErrNoProcess, node.ErrNoProcess},
	{engine.ErrNoSlot, node.ErrNoSlot},
	{engine.ErrDuplicate, node.ErrDuplicate},
	{engine.ErrBadMessage, node.ErrBadMessage},
	{engine.ErrReadOnly, node.ErrReadOnly},
	{engine.ErrNameTaken, node.ErrNameTaken},
}

func translate(err error) error {
	for _, s := range said {
		if errors.Is(err, s.engine) {
			return fmt.Errorf("%w: %w", s.node, err)
		}
	}
	return err
}

func (s source) Send(ctx context.Context, pid string, m ao.Message) (node.Receipt, error) {
	r, err := s.Engine.Send(ctx, pid, m)
	return node.Receipt{Slot: r.Slot, ID: r.ID}, translate(err)
}

func (s source) Spawn(ctx context.Context, r node.SpawnRequest) (ao.ProcessInfo, error) {
	if r.Owner == "" && r.Message == nil {
		r.Owner = s.owner
	}
	info, err := s.Engine.Spawn(ctx, engine.SpawnRequest{
		Name: r.Name, Source: r.Source, Script: r.Script, Owner: r.Owner, Tags: r.Tags, Message: r.Message,
	})
	return info, translate(err)
}

func (s source) Subscribe(process string) node.Events {
	return s.Engine.Subscribe(engine.SubscribeOptions{Process: process})
}

func (s source) Message(ctx context.Context, id string) (ao.Message, string, int64, error) {
	m, pid, slot, err := s.Engine.Message(ctx, id)
	if err != nil && !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded) {
		err = fmt.Errorf("%w: %w", node.ErrNoMessage, err)
	}
	return m, pid, slot, err
}

func (s source) WaitScheduled(ctx context.Context, pid string) (int64, *patchdev.Table, error) {
	slot, root, err := s.Engine.WaitScheduled(ctx, pid)
	return slot, root, translate(err)
}

func (s source) Wait(ctx context.Context, pid string, slot int64) (*ao.Slot, error) {
	computed, err := s.Engine.Wait(ctx, pid, slot)
	return computed, translate(err)
}

func (s source) Slot(ctx context.Context, pid string, n int64) (*ao.Slot, error) {
	computed, err := s.Engine.Slot(ctx, pid, n)
	return computed, translate(err)
}

func (s source) Root(ctx context.Context, pid string, n int64) (*patchdev.Table, error) {
	root, err := s.Engine.Root(ctx, pid, n)
	return root, translate(err)
}

func (s source) Schedule(ctx context.Context, pid string, from, to int64) ([]ao.Message, error) {
	messages, err := s.Engine.Schedule(ctx, pid, from, to)
	return messages, translate(err)
}

func (s source) DryRun(ctx context.Context, pid string, m ao.Message) (*ao.Slot, error) {
	computed, err := s.Engine.DryRun(ctx, pid, m)
	return computed, translate(err)
}
