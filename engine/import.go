package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"patchbay/engine/ao"
	"patchbay/engine/journal"
)

// Import reads what Export wrote into the engine and returns when it is durable;
// the processes compute their slots afterwards. What the exported project had
// delivered is not delivered again, what it had not yet is. Nothing that is here is
// replaced: processes, snapshots and accounts of the same name that differ are
// refused, and then nothing is imported. Files of the project are not the engine's:
// see [InspectExport].
func (e *Engine) Import(ctx context.Context, r io.Reader) error {
	if err := e.writable(); err != nil {
		return err
	}
	x, err := parseExport(r)
	if err != nil {
		return fmt.Errorf("import: %w", err)
	}
	if err := e.fits(ctx, x); err != nil {
		return fmt.Errorf("import: %w", err)
	}
	err = e.j.Do(ctx, func(tx *journal.Tx) error {
		for _, s := range x.settings {
			if err := tx.SetSetting(string(s.Key), string(s.Value)); err != nil {
				return err
			}
		}
		for _, a := range x.accounts {
			if err := tx.SetAccount(string(a.Name), string(a.Address)); err != nil {
				return err
			}
		}
		in := newImporter(e, tx)
		for _, p := range x.processes {
			if err := in.process(p); err != nil {
				return fmt.Errorf("process %s: %w", p.line.ID, err)
			}
		}
		for _, s := range x.snapshots {
			if err := in.snapshot(s); err != nil {
				return err
			}
		}
		for _, o := range x.operations {
			if err := in.operation(o); err != nil {
				return err
			}
		}
		tx.After(in.begin)
		return nil
	})
	if err != nil {
		return fmt.Errorf("import: %w", e.translate(err))
	}
	return nil
}

// fits checks an export against what is here, and leaves out the settings that
// are here already.
func (e *Engine) fits(ctx context.Context, x *exported) error {
	accounts, err := e.j.Accounts(ctx)
	if err != nil {
		return err
	}
	for _, a := range x.accounts {
		if was, here := accounts[string(a.Name)]; here && was != string(a.Address) {
			return fmt.Errorf("account %s: %w: here it has another address", a.Name, ErrNameTaken)
		}
	}
	settings, err := e.j.Settings(ctx)
	if err != nil {
		return err
	}
	for _, s := range x.settings {
		if was, here := settings[string(s.Key)]; s.Key == rollbackSetting && here && was != string(s.Value) {
			return fmt.Errorf("%w: it was made with no-rollback %s and replays only so, this journal with %s", ErrBadExport, s.Value, was)
		}
	}
	x.settings = slices.DeleteFunc(x.settings, func(s settingLine) bool { _, here := settings[string(s.Key)]; return here })
	e.mu.RLock()
	defer e.mu.RUnlock()
	for _, p := range x.processes {
		if e.byID[p.line.ID] != nil {
			return fmt.Errorf("process %s (%s): %w", p.line.ID, p.line.Name, ErrNameTaken)
		}
	}
	return nil
}

// branchName names a branch of a process.
type branchName struct{ process, branch string }

// importer writes an export that was read, on the journal's goroutine.
type importer struct {
	e         *Engine
	tx        *journal.Tx
	processes map[string]int64
	branches  map[branchName]int64
	made      []*process
}

func newImporter(e *Engine, tx *journal.Tx) *importer {
	return &importer{e: e, tx: tx, processes: map[string]int64{}, branches: map[branchName]int64{}}
}

func (in *importer) process(x *exportedProcess) error {
	e, tx, l := in.e, in.tx, x.line
	row, err := tx.AddProcessRow(journal.Process{
		ID: l.ID, Name: string(l.Name), Owner: string(l.Owner), Script: string(l.Script), Flavour: l.Flavour, Module: string(l.Module),
		Tags: tagsOfLines(l.Tags), Created: x.created,
	})
	if err != nil {
		return err
	}
	in.processes[l.ID] = row.Num
	for _, b := range x.branches {
		made, err := tx.AddBranch(journal.Branch{
			Process: row.Num, Name: b.line.Name, Parent: in.branches[branchName{l.ID, b.line.Parent}], Fork: b.fork(),
			// Its results are its own: those of the parent are computed only when that is
			// made active.
			Own: 0, Quiet: max(-1, min(b.line.Quiet, b.next-1)), Salt: b.line.Salt, Created: b.created,
		}, false)
		if err != nil {
			return err
		}
		in.branches[branchName{l.ID, b.line.Name}] = made.Num
		for _, en := range b.entries {
			en.Branch = made.Num
			if en.Slot <= b.fork() {
				err = tx.PutMessage(en)
			} else {
				_, err = tx.Append(en)
			}
			if err != nil {
				return fmt.Errorf("branch %s: %w", b.line.Name, err)
			}
		}
	}
	row.Active = in.branches[branchName{l.ID, x.active()}]
	if err := tx.SetActive(row.Num, row.Active); err != nil {
		return err
	}
	if row.Removed = l.Removed; row.Removed {
		if err := tx.SetRemoved(row.Num, true); err != nil {
			return err
		}
	}
	p := e.newProcess(row)
	if b, ok := tx.Branch(row.Active); ok {
		p.scheduled.Store(b.Next - 1)
		p.newest.Store(x.newest())
	}
	in.made = append(in.made, p)
	return nil
}

// begin makes the processes known and starts them: all together, because they may
// speak to one another.
func (in *importer) begin() {
	e := in.e
	e.mu.Lock()
	for _, p := range in.made {
		e.order = append(e.order, p)
		e.byID[p.id] = p
	}
	if !e.closed.Load() {
		for _, p := range in.made {
			e.start(p)
		}
	}
	e.mu.Unlock()
	for _, p := range in.made {
		if !p.removed.Load() {
			e.emit(ao.Event{Kind: ao.ProcessAdded, Process: p.id})
		}
	}
}

// places turns names into numbers.
func (in *importer) places(list []placeLine) []place {
	var out []place
	for _, l := range list {
		out = append(out, place{in.processes[l.Process], in.branches[branchName{l.Process, l.Branch}], l.Slot})
	}
	return out
}

func (in *importer) snapshot(x *exportedSnapshot) error {
	b, err := json.Marshal(in.places(x.line.Places))
	if err != nil {
		return err
	}
	return in.tx.AddSnapshot(string(x.line.Name), x.created, b)
}

func (in *importer) operation(x *exportedOperation) error {
	inv := inverse{Active: in.places(x.line.Active)}
	for pid, removed := range x.line.Removed {
		if inv.Removed == nil {
			inv.Removed = map[int64]bool{}
		}
		inv.Removed[in.processes[pid]] = removed
	}
	for pid, name := range x.line.Names {
		if inv.Names == nil {
			inv.Names = map[int64]string{}
		}
		inv.Names[in.processes[pid]] = string(name)
	}
	b, err := json.Marshal(inv)
	if err != nil {
		return err
	}
	return in.tx.AddOperation(journal.Operation{At: x.at, Text: string(x.line.Text), Inverse: b, Undone: x.line.Undone})
}

// ErrBadExport is wrapped by errors about a file that Import cannot read; the
// error names the line.
var ErrBadExport = errors.New("not an export of Patchbay")
