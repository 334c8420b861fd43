package engine

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"patchbay/engine/ao"
	"patchbay/patchdev"
)

// cronJob is one Cron-Interval of a process (spec aos-runtime §3).
type cronJob struct {
	every  time.Duration // 0: by blocks
	blocks int64
	tags   []ao.Tag
}

// cronJobs reads the cron tags of a process: each Cron-Interval is followed by
// its Cron-Tag-<Name> tags. What cannot be read is left out, with the reason.
func cronJobs(tags []ao.Tag) (jobs []cronJob, err error) {
	for _, t := range tags {
		if strings.EqualFold(t.Name, "Cron-Interval") {
			j, e := parseInterval(t.Value)
			if e != nil {
				err = errors.Join(err, e)
				continue
			}
			jobs = append(jobs, j)
		} else if n := len("Cron-Tag-"); len(t.Name) > n && strings.EqualFold(t.Name[:n], "Cron-Tag-") && len(jobs) > 0 {
			j := &jobs[len(jobs)-1]
			j.tags = append(j.tags, ao.Tag{Name: t.Name[n:], Value: t.Value})
		}
	}
	return jobs, err
}

// cronUnits are the units of a Cron-Interval, singular.
var cronUnits = map[string]time.Duration{
	"millisecond": time.Millisecond, "second": time.Second, "minute": time.Minute, "hour": time.Hour,
	"day": 24 * time.Hour, "week": 7 * 24 * time.Hour, "month": 30 * 24 * time.Hour, "year": 365 * 24 * time.Hour,
}

func parseInterval(s string) (cronJob, error) {
	bad := fmt.Errorf("Cron-Interval %q is not understood: write a number and a unit, as in 5-minutes or 10-blocks", s)
	number, unit, ok := strings.Cut(strings.ToLower(strings.TrimSpace(s)), "-")
	n, err := strconv.ParseInt(number, 10, 32)
	if !ok || err != nil || n <= 0 {
		return cronJob{}, bad
	}
	unit = strings.TrimSuffix(unit, "s")
	if unit == "block" {
		return cronJob{blocks: n}, nil
	}
	d, ok := cronUnits[unit]
	if !ok {
		return cronJob{}, bad
	}
	return cronJob{every: time.Duration(n) * d}, nil
}

// cron looks for due messages at every tick, until the engine is closed.
func (e *Engine) cron() {
	for {
		select {
		case now, ok := <-e.o.Ticks:
			if !ok {
				return
			}
			if _, err := e.Tick(e.ctx, now); err != nil && e.ctx.Err() == nil {
				e.emit(ao.Event{Kind: ao.Fault, Text: "cron: " + err.Error()})
			}
		case <-e.ctx.Done():
			return
		}
	}
}

// Tick schedules the cron messages that are due at a time and returns how many
// there were. Times that passed while nobody ticked count once. A process's
// first tick starts its clock.
func (e *Engine) Tick(ctx context.Context, now time.Time) (int, error) {
	n := 0
	for _, info := range e.Processes() {
		p, err := e.process(info.ID)
		if err != nil {
			continue
		}
		jobs, _ := cronJobs(p.env.Tags)
		for i, j := range jobs {
			due, err := e.due(ctx, p, i, j, now)
			if err != nil {
				return n, err
			}
			if due {
				if _, err := e.send(ctx, p, p.cronMessage(j, now), ""); err != nil {
					return n, err
				}
				n++
			}
		}
	}
	return n, nil
}

// due says whether a cron job's time has come, and notes that it has.
func (e *Engine) due(ctx context.Context, p *process, i int, j cronJob, now time.Time) (bool, error) {
	key := fmt.Sprintf("cron/%s/%d", p.id, i)
	at, every := now.UnixMilli(), j.every.Milliseconds()
	if j.every == 0 {
		at, every = blockHeight(at), j.blocks
	}
	s, found, err := e.j.Setting(ctx, key)
	if err != nil {
		return false, err
	}
	last, _ := strconv.ParseInt(s, 10, 64)
	if found && at-last < every && at >= last {
		return false, nil
	}
	// The next time is counted from the one that was due, not from when it was seen.
	next := at
	if found && at >= last && every > 0 {
		next = at - (at-last)%every
	}
	return found && at >= last, e.SetSetting(ctx, key, strconv.FormatInt(next, 10))
}

// cronMessage is what a process gets at a cron tick: no id, no data, no nonce
// (spec aos-runtime §3).
func (p *process) cronMessage(j cronJob, now time.Time) ao.Message {
	owner := p.owner()
	ms := max(now.UnixMilli(), p.newest.Load())
	var tags []patchdev.Value
	for _, t := range j.tags {
		tags = append(tags, patchdev.NewTable("name", t.Name, "value", t.Value))
	}
	return ao.Message{
		From: owner, Owner: owner, Target: p.id, Tags: j.tags, Timestamp: ms, BlockHeight: blockHeight(ms),
		Cron: true, Source: ao.FromCron,
		Fields: []ao.Field{
			{Name: "Owner", Value: patchdev.String(owner)},
			{Name: "Target", Value: patchdev.String(p.id)},
			{Name: "From", Value: patchdev.String(owner)},
			{Name: "Tags", Value: patchdev.NewList(tags...)},
			{Name: "Timestamp", Value: patchdev.Int(ms)},
			{Name: "Block-Height", Value: patchdev.Int(blockHeight(ms))},
			{Name: "Cron", Value: patchdev.Bool(true)},
		},
	}
}

// CronTick schedules the cron messages of a process once, as if they were due.
func (e *Engine) CronTick(ctx context.Context, pid string) ([]Receipt, error) {
	p, err := e.process(pid)
	if err != nil {
		return nil, err
	}
	jobs, err := cronJobs(p.env.Tags)
	if err != nil {
		return nil, fmt.Errorf("process %s: %w", pid, err)
	}
	if len(jobs) == 0 {
		return nil, fmt.Errorf("process %s: %w: it has no Cron-Interval tag", pid, ErrBadMessage)
	}
	var out []Receipt
	for _, j := range jobs {
		r, err := e.send(ctx, p, p.cronMessage(j, e.o.Clock()), "")
		if err != nil {
			return out, err
		}
		out = append(out, r)
	}
	return out, nil
}
