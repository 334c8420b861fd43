package engine

import (
	"context"

	"patchbay/patchdev"
)

// PathValue is the value that a path has from a slot on.
type PathValue struct {
	Slot int64
	// Value is nil from the slot on at which the path went away.
	Value patchdev.Value
}

// PathHistory returns the slots from..to at which the value at a path changed,
// in order, without walking every root. The first is the value at from.
func (e *Engine) PathHistory(ctx context.Context, pid string, path []string, from, to int64) ([]PathValue, error) {
	return nil, errNotYet
}

// Diff lists where the roots after two slots differ.
func (e *Engine) Diff(ctx context.Context, pid string, a, b int64) ([]patchdev.Change, error) {
	return nil, errNotYet
}

// Coverage runs a slot again, instrumented, and returns how often each line of
// the script ran.
func (e *Engine) Coverage(ctx context.Context, pid string, slot int64) (map[int]int, error) {
	return nil, errNotYet
}

// VerifyReport is what a replay of one process against its recorded digests found.
type VerifyReport struct {
	Process string
	Slots   int64
	// First is the first slot that differs, -1 when none does; Difference holds both.
	First      int64
	Difference *Difference
}

// Verify replays a process beside itself and compares every slot with what is
// recorded.
func (e *Engine) Verify(ctx context.Context, pid string) (VerifyReport, error) {
	return VerifyReport{}, errNotYet
}

// Divergence returns what the replay at opening found to differ, if anything.
func (e *Engine) Divergence(pid string) (VerifyReport, bool) { return VerifyReport{}, false }

// CronTick schedules the cron messages of a process once, as if they were due.
func (e *Engine) CronTick(ctx context.Context, pid string) ([]Receipt, error) { return nil, errNotYet }

// Setting and SetSetting read and write a named text that the journal keeps.
func (e *Engine) Setting(ctx context.Context, key string) (string, bool, error) {
	return "", false, errNotYet
}

// SetSetting writes a setting; see [Engine.Setting].
func (e *Engine) SetSetting(ctx context.Context, key, value string) error { return errNotYet }
