package node

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"patchbay/patchdev"
)

// nowLimit is how long `now` waits for a computing script (DESIGN §2).
const nowLimit = 30 * time.Second

// processKey resolves a key of process@1.0 on a process or on a state of one
// (spec hyperbeam-http §8).
func (x *exec) processKey(a at, i int) (at, error) {
	s := x.steps[i]
	name := s.name
	if x.p.RequireCodec {
		name = strings.ToLower(name)
	}
	if name != "" && a.proc.slot < 0 {
		x.path = x.path[:0]
		for _, s := range x.steps[i:] {
			x.path = append(x.path, s.name)
		}
	}
	switch name {
	case "now":
		return x.now(a.proc)
	case "compute":
		if a.as {
			return x.dryRun(a.proc, i)
		}
		return x.compute(a.proc, i)
	case "latest":
		if x.p.RequireCodec {
			return x.latest(a.proc)
		}
	case "slot":
		if a.proc.slot < 0 || i > 0 {
			return x.slotInfo(a.proc)
		}
	case "schedule":
		if x.r.Method == "POST" && i == len(x.steps)-1 || x.writes(i) {
			return x.postSchedule(a.proc, i)
		}
		return x.schedule(a.proc.info.ID, i)
	case "push":
		return x.postPush(a.proc, i)
	case "snapshot":
		return at{v: patchdev.EmptyTable()}, nil
	case "as":
		if as := x.text(i, "as"); as != "" {
			return x.as(a.proc, as)
		}
	case "init":
		if !x.p.IndexPage {
			return a, nil
		}
	}
	return x.messageKey(a, i)
}

// writes says whether a POST is meant for the i-th step although steps follow
// that only encode the answer.
func (x *exec) writes(i int) bool {
	if x.r.Method != "POST" {
		return false
	}
	for _, s := range x.steps[i+1:] {
		if s.name != "serialize" && s.name != "" {
			return false
		}
	}
	return true
}

// now is the state after everything that is scheduled when the request arrives.
func (x *exec) now(w *view) (at, error) {
	pid := w.info.ID
	slot, root, ok := x.s.source.Head(pid)
	if !ok || slot < x.s.source.Scheduled(pid) {
		ctx, cancel := context.WithTimeout(x.ctx, x.s.nowLimit)
		defer cancel()
		var err error
		slot, root, err = x.s.source.WaitScheduled(ctx, pid)
		if errors.Is(err, context.DeadlineExceeded) {
			return at{}, saying(504, fmt.Sprintf("slot %d was not computed within %v: the script is still running; stop it, or read compute for the state before", x.s.source.Scheduled(pid), x.s.nowLimit))
		}
		if err != nil {
			return at{}, err
		}
	}
	return x.state(w, slot, root)
}

// compute is the state after a slot; without one the newest that is computed.
func (x *exec) compute(w *view, i int) (at, error) {
	v, given := x.param(i, "compute")
	if _, ok := v.(patchdev.Bool); ok {
		given = false
	}
	if !given || !x.p.NameValue {
		v, given = x.param(i, "slot")
	}
	pid := w.info.ID
	if !given {
		slot, root, ok := x.s.source.Head(pid)
		if !ok || slot < 0 || root == nil {
			return x.now(w)
		}
		return x.state(w, slot, root)
	}
	n, ok := slotNumber(v)
	if !ok || n < 0 {
		return at{}, crash(fmt.Sprintf("the slot %s is not a number from 0", patchdev.AppendJSON(nil, v, patchdev.JSONOptions{})))
	}
	last := x.s.source.Scheduled(pid)
	if n > last {
		if !x.p.IndexPage {
			return at{}, crash(fmt.Sprintf("slot %d is not scheduled yet, the last is %d", n, last))
		}
		return at{}, &failure{
			kind: tooFar, status: 404, reason: fmt.Sprintf("slot %d is not scheduled yet, the last is %d", n, last),
			fields: patchdev.NewTable("attempted-slot", last+1, "phase", "get-schedule", "reason", "Requested slot not yet available in schedule."),
		}
	}
	if head, root, ok := x.s.source.Head(pid); ok && head == n {
		return x.state(w, n, root)
	}
	ctx, cancel := context.WithTimeout(x.ctx, x.s.nowLimit)
	defer cancel()
	if _, err := x.s.source.Wait(ctx, pid, n); err != nil {
		if errors.Is(err, context.DeadlineExceeded) {
			return at{}, saying(504, fmt.Sprintf("slot %d was not computed within %v", n, x.s.nowLimit))
		}
		return at{}, err
	}
	root, err := x.s.source.Root(x.ctx, pid, n)
	if err != nil {
		return at{}, err
	}
	return x.state(w, n, root)
}

func slotNumber(v patchdev.Value) (int64, bool) {
	switch v := v.(type) {
	case patchdev.Int:
		return int64(v), true
	case patchdev.String:
		n, err := strconv.ParseInt(string(v), 10, 64)
		return n, err == nil
	}
	return 0, false
}

// latest is the newest computed state and never computes.
func (x *exec) latest(w *view) (at, error) {
	slot, root, ok := x.s.source.Head(w.info.ID)
	if !ok || slot < 0 {
		return at{}, crash("No cached state available.")
	}
	return x.state(w, slot, root)
}

func (x *exec) state(w *view, slot int64, root *patchdev.Table) (at, error) {
	if root == nil {
		root = patchdev.EmptyTable()
	}
	next := &view{x: x, info: w.info, slot: slot, root: root}
	if err := next.check(); err != nil {
		return at{}, err
	}
	return at{proc: next}, nil
}

// slotInfo tells where the schedule is.
func (x *exec) slotInfo(w *view) (at, error) {
	pid := w.info.ID
	last := x.s.source.Scheduled(pid)
	var stamp int64
	if ms, err := x.s.source.Schedule(x.ctx, pid, last, last); err == nil && len(ms) == 1 {
		stamp = ms[0].Timestamp
	}
	b := patchdev.NewTable(
		"process", pid, "current", last, "timestamp", stamp, "cache-control", "no-store",
		"block-height", int64(0), "block-hash", noBlock,
	)
	if !x.p.RequireCodec {
		// Up to June the two are swapped, and the height is 32 bytes that no header
		// can hold.
		b = b.Set("block-hash", patchdev.Int(0)).Delete("block-height")
	}
	if x.p.IndexPage {
		b = b.Set("addresses", patchdev.NewList(patchdev.String(x.s.address)))
	} else {
		b = b.Set("wallet-address", patchdev.String(x.s.address))
	}
	return at{v: b}, nil
}

// noBlock is the hash of no block, 32 zero bytes: there is no Arweave beside a
// local node, and its height is 0.
const noBlock = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

// as reads the process as one of its devices; `as=execution/compute` dry-runs.
func (x *exec) as(w *view, device string) (at, error) {
	if device != "execution" {
		return at{}, missing(fmt.Sprintf("a process cannot be read as %q; only as=execution is known", device))
	}
	return at{v: patchdev.EmptyTable(), proc: w, as: true}, nil
}
