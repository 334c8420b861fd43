//go:build !headless

package window

import (
	"context"
	"fmt"

	"patchbay/engine"
	"patchbay/engine/ao"
	"patchbay/patchdev"
	"patchbay/ui"
	"patchbay/ui/inspect"
)

// local shows the engine to the window.
type local struct {
	*engine.Engine
	session manager
}

// manager is what of a session concerns its processes: their names in the
// project's file, and which text each of them runs.
type manager interface {
	Ran(ctx context.Context, pid, source string)
	Rename(ctx context.Context, pid, name string) error
	Remove(ctx context.Context, pid string) (undo func(context.Context) error, err error)
	Fork(ctx context.Context, pid, name string, slot int64) (ao.ProcessInfo, error)
	ExportTo(ctx context.Context, path string) error
	ImportFrom(ctx context.Context, path string) error
}

var (
	_ ui.Engine   = local{}
	_ ui.Renamer  = local{}
	_ ui.Forker   = local{}
	_ ui.Porter   = local{}
	_ ui.Remover  = local{}
	_ ui.Coverer  = local{}
	_ ui.Shadower = local{}
	_ ui.Brancher = local{}

	_ ui.Historian = local{}
	_ ui.Comparer  = local{}
	_ ui.Starter   = local{}
	_ ui.Verifier  = local{}

	_ ui.ReadOnlyer = local{}
)

func (l local) Profile() string { return l.Engine.Profile().Name }

func (l local) Profiles() []string { return []string{"current", "2025-06", "2025-05"} }

func (l local) SetProfile(ctx context.Context, name string) error {
	p, ok := patchdev.ProfileByName(name)
	if !ok {
		return fmt.Errorf("there is no profile %q: choose one of %v", name, l.Profiles())
	}
	return l.Engine.SetProfile(ctx, p)
}

// feedBuffer is how many events wait for the window. A message makes up to five, a
// thousand messages a second may come, and where frames are painted in software the
// window looks only some times a second; what is lost costs it reading everything
// anew.
const feedBuffer = 8_192

func (l local) Subscribe() ui.Feed {
	return l.Engine.Subscribe(engine.SubscribeOptions{Buffer: feedBuffer})
}

func (l local) Send(ctx context.Context, pid string, m ao.Message) (int64, error) {
	r, err := l.Engine.Send(ctx, pid, m)
	return r.Slot, err
}

func (l local) Run(ctx context.Context, pid, source string) (int64, error) {
	r, err := l.Engine.Run(ctx, pid, source)
	if err == nil {
		l.session.Ran(ctx, pid, source)
	}
	return r.Slot, err
}

func (l local) Replay(ctx context.Context, pid, source string) error {
	_, err := l.Engine.Replay(ctx, pid, source)
	if err == nil {
		l.session.Ran(ctx, pid, source)
	}
	return err
}

// PathHistory hides the engine's method of the same name, which speaks of values
// where the window speaks of points.
func (l local) PathHistory(ctx context.Context, pid string, path []string, from, to int64) ([]inspect.Point, error) {
	list, err := l.Engine.PathHistory(ctx, pid, path, from, to)
	points := make([]inspect.Point, len(list))
	for i, v := range list {
		points[i] = inspect.Point{Slot: v.Slot, Value: v.Value}
	}
	return points, err
}

// ReplayCompared replays and says how the outcome differs from before.
func (l local) ReplayCompared(ctx context.Context, pid, source string) (string, error) {
	c, err := l.Engine.Replay(ctx, pid, source)
	if err != nil {
		return "", err
	}
	l.session.Ran(ctx, pid, source)
	return c.String(), nil
}

// StartBranch makes a branch that ends with slot n the active one.
func (l local) StartBranch(ctx context.Context, pid string, n int64) (string, error) {
	b, err := l.Engine.Fork(ctx, pid, n, "")
	return b.Name, err
}

// VerifyReplay replays the process beside itself.
func (l local) VerifyReplay(ctx context.Context, pid string) (string, bool, error) {
	r, err := l.Engine.Verify(ctx, pid)
	if err != nil {
		return "", false, err
	}
	if r.First >= 0 {
		return fmt.Sprintf("The replay gives another result than is recorded, first at slot %d. Replay or Reset makes them one again.", r.First), false, nil
	}
	return "replay verified", true, nil
}

// Shadow tries a text out and says what would come out otherwise.
func (l local) Shadow(ctx context.Context, pid, source string) (same bool, what string, err error) {
	c, err := l.Engine.Shadow(ctx, pid, source)
	if err != nil {
		return false, "", err
	}
	what = fmt.Sprintf("%d of %d differ", c.Results, c.Slots) // short: it stands in a corner
	if c.First >= 0 {
		what += fmt.Sprintf(", first at %d", c.First)
	}
	switch n := len(c.Keys); n {
	case 0:
	case 1:
		what += "; 1 key"
	default:
		what += fmt.Sprintf("; %d keys", n)
	}
	return c.Results == 0 && len(c.Keys) == 0, what, nil
}

func (l local) Stop(pid string) { l.Engine.Stop(pid) }

func (l local) Spawn(ctx context.Context, r ui.SpawnRequest) (ao.ProcessInfo, error) {
	info, err := l.Engine.Spawn(ctx, engine.SpawnRequest{
		Name: r.Name, Script: r.Script, Source: r.Source, Owner: r.Owner, Tags: r.Tags,
	})
	if err == nil {
		l.session.Ran(ctx, info.ID, r.Source)
	}
	return info, err
}

// Rename changes the name in the project's file as well.
func (l local) Rename(ctx context.Context, pid, name string) error {
	return l.session.Rename(ctx, pid, name)
}

// Remove takes a process away, also from the project's file; the undo returned
// brings it back.
func (l local) Remove(ctx context.Context, pid string) (func(context.Context) error, error) {
	return l.session.Remove(ctx, pid)
}

// ExportTo writes the state of the engine into a new file.
func (l local) ExportTo(ctx context.Context, path string) error {
	return l.session.ExportTo(ctx, path)
}

// ImportFrom reads such a file.
func (l local) ImportFrom(ctx context.Context, path string) error {
	return l.session.ImportFrom(ctx, path)
}

// Fork copies a process under a new id. It hides the engine's method of the same
// name, which makes a branch.
func (l local) Fork(ctx context.Context, pid, name string, slot int64) (ao.ProcessInfo, error) {
	return l.session.Fork(ctx, pid, name, slot)
}

func (l local) Branches(pid string) []string {
	branches, err := l.Engine.Branches(context.Background(), pid)
	if err != nil {
		return nil
	}
	names := make([]string, len(branches))
	for i, b := range branches {
		names[i] = b.Name
	}
	return names
}

func (l local) SwitchBranch(ctx context.Context, pid, branch string) error {
	return l.Engine.Checkout(ctx, pid, branch)
}
