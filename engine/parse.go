package engine

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"time"

	"patchbay/engine/journal"
)

// exported is an export that was read and checked, before anything is written.
type exported struct {
	form       int
	files      []ExportedFile
	settings   []settingLine
	accounts   []accountLine
	processes  []*exportedProcess
	snapshots  []*exportedSnapshot
	operations []*exportedOperation

	process *exportedProcess // that the lines belong to
	branch  *exportedBranch
}

type exportedProcess struct {
	line     processLine
	created  time.Time
	branches []*exportedBranch
}

type exportedBranch struct {
	line    branchLine
	created time.Time
	parent  *exportedBranch
	entries []journal.Entry
	// next is the slot after the last one.
	next int64
}

type exportedSnapshot struct {
	line    snapshotLine
	created time.Time
}

type exportedOperation struct {
	line operationLine
	at   time.Time
}

// fork is the last slot shared with the parent, -1 without one.
func (b *exportedBranch) fork() int64 {
	if b.line.Fork == nil {
		return -1
	}
	return *b.line.Fork
}

// active is the name of the branch that is shown.
func (p *exportedProcess) active() string {
	for _, b := range p.branches {
		if b.line.Name == p.line.Branch {
			return b.line.Name
		}
	}
	return p.branches[0].line.Name
}

// newest is the newest time of a message.
func (p *exportedProcess) newest() (ms int64) {
	for _, b := range p.branches {
		for _, e := range b.entries {
			ms = max(ms, e.Message.Timestamp)
		}
	}
	return ms
}

func (p *exportedProcess) find(name string) *exportedBranch {
	for _, b := range p.branches {
		if b.line.Name == name {
			return b
		}
	}
	return nil
}

// ExportInfo is what an export holds, for who is about to import it.
type ExportInfo struct {
	// Files are those of the project's folder. Their paths are not checked.
	Files []ExportedFile
	// NoRollback is how the engine has to be opened that imports it.
	NoRollback bool
	// Processes, Branches and Messages are how many there are.
	Processes, Branches, Messages int
}

// InspectExport reads and checks an export as a whole.
func InspectExport(r io.Reader) (ExportInfo, error) {
	x, err := parseExport(r)
	if err != nil {
		return ExportInfo{}, err
	}
	out := ExportInfo{Files: x.files, Processes: len(x.processes)}
	for _, s := range x.settings {
		out.NoRollback = out.NoRollback || s.Key == rollbackSetting && s.Value == "true"
	}
	for _, p := range x.processes {
		out.Branches += len(p.branches)
		for _, b := range p.branches {
			out.Messages += len(b.entries)
		}
	}
	return out, nil
}

// parseExport reads and checks a whole export.
func parseExport(r io.Reader) (*exported, error) {
	in := bufio.NewReaderSize(r, 1<<16)
	x := &exported{}
	for n := 1; ; n++ {
		text, readErr := in.ReadBytes('\n')
		if readErr != nil && readErr != io.EOF {
			return nil, fmt.Errorf("line %d: %w", n, readErr)
		}
		if text = bytes.TrimSpace(text); len(text) > 0 {
			var l line
			dec := json.NewDecoder(bytes.NewReader(text))
			dec.DisallowUnknownFields()
			if err := dec.Decode(&l); err != nil {
				return nil, fmt.Errorf("line %d: %w: %v", n, ErrBadExport, err)
			}
			if dec.More() {
				return nil, fmt.Errorf("line %d: %w: more than one value in a line", n, ErrBadExport)
			}
			if err := x.add(n, &l); err != nil {
				return nil, fmt.Errorf("line %d: %w: %w", n, ErrBadExport, err)
			}
		}
		if readErr == io.EOF {
			if x.form == 0 {
				return nil, fmt.Errorf("line 1: %w: it is empty", ErrBadExport)
			}
			if err := x.end(); err != nil {
				return nil, fmt.Errorf("line %d: %w: %w", n, ErrBadExport, err)
			}
			return x, nil
		}
	}
}

func (x *exported) add(n int, l *line) (err error) {
	if n == 1 {
		switch {
		case l.Patchbay <= 0:
			return fmt.Errorf(`the first line has to be {"patchbay":%d}`, exportVersion)
		case l.Patchbay > exportVersion:
			return fmt.Errorf("it was written by a newer Patchbay (form %d, this one reads up to %d)", l.Patchbay, exportVersion)
		}
		x.form = l.Patchbay
		return nil
	}
	switch {
	case x.form == 0:
		return fmt.Errorf(`the first line has to be {"patchbay":%d}`, exportVersion)
	case l.File != nil:
		x.files = append(x.files, ExportedFile{string(l.File.Path), string(l.File.Text)})
	case l.Setting != nil:
		x.settings = append(x.settings, *l.Setting)
	case l.Account != nil:
		x.accounts = append(x.accounts, *l.Account)
	case l.Process != nil:
		return x.addProcess(l.Process)
	case l.Branch != nil:
		return x.addBranch(l.Branch)
	case l.Message != nil:
		return x.addMessage(l)
	case l.Snapshot != nil:
		s := &exportedSnapshot{line: *l.Snapshot}
		if s.created, err = time.Parse(time.RFC3339Nano, s.line.Created); err != nil {
			return fmt.Errorf("created: %w", err)
		}
		if slices.ContainsFunc(x.snapshots, func(o *exportedSnapshot) bool { return o.line.Name == s.line.Name }) {
			return fmt.Errorf("snapshot %q comes twice", s.line.Name)
		}
		x.snapshots = append(x.snapshots, s)
		return x.check(s.line.Places, true)
	case l.Operation != nil:
		o := &exportedOperation{line: *l.Operation}
		if o.at, err = time.Parse(time.RFC3339Nano, o.line.At); err != nil {
			return fmt.Errorf("at: %w", err)
		}
		x.operations = append(x.operations, o)
		for pid := range o.line.Removed {
			if x.find(pid) == nil {
				return fmt.Errorf("there is no process %q", pid)
			}
		}
		for pid := range o.line.Names {
			if x.find(pid) == nil {
				return fmt.Errorf("there is no process %q", pid)
			}
		}
		return x.check(o.line.Active, false)
	default:
		return fmt.Errorf("neither file, setting, account, process, branch, message, snapshot nor operation")
	}
	return nil
}

func (x *exported) find(pid string) *exportedProcess {
	for _, p := range x.processes {
		if p.line.ID == pid {
			return p
		}
	}
	return nil
}

// check checks that places are there, above.
func (x *exported) check(places []placeLine, slots bool) error {
	for _, pl := range places {
		p := x.find(pl.Process)
		if p == nil {
			return fmt.Errorf("there is no process %q", pl.Process)
		}
		b := p.find(pl.Branch)
		if b == nil {
			return fmt.Errorf("process %s has no branch %q", pl.Process, pl.Branch)
		}
		if slots && (pl.Slot < 0 || pl.Slot >= b.next) {
			return fmt.Errorf("branch %q of process %s has no slot %d", pl.Branch, pl.Process, pl.Slot)
		}
	}
	return nil
}

func (x *exported) addProcess(l *processLine) error {
	switch {
	case l.ID == "" || l.Flavour == "":
		return fmt.Errorf("a process needs id and flavour")
	case x.find(l.ID) != nil:
		return fmt.Errorf("process %s comes twice", l.ID)
	}
	created, err := time.Parse(time.RFC3339Nano, l.Created)
	if err != nil {
		return fmt.Errorf("created: %w", err)
	}
	if err := x.end(); err != nil {
		return err
	}
	x.process, x.branch = &exportedProcess{line: *l, created: created}, nil
	x.processes = append(x.processes, x.process)
	if x.form == 1 { // it has one branch, of which all is delivered
		x.branch = &exportedBranch{line: branchLine{Name: "main", Quiet: -1}, created: created}
		x.process.branches = []*exportedBranch{x.branch}
	}
	return nil
}

// end checks a process of which everything was read.
func (x *exported) end() error {
	p := x.process
	switch {
	case p == nil:
	case len(p.branches) == 0:
		return fmt.Errorf("process %s has no branch", p.line.ID)
	case x.form > 1 && p.find(p.line.Branch) == nil:
		return fmt.Errorf("process %s has no branch %q, which is to be active", p.line.ID, p.line.Branch)
	}
	return nil
}

// maxSalt leaves room for the branches that are made afterwards.
const maxSalt = 1 << 53

func (x *exported) addBranch(l *branchLine) error {
	p := x.process
	switch {
	case p == nil || x.form == 1:
		return fmt.Errorf("a branch before any process")
	case l.Name == "" || p.find(l.Name) != nil:
		return fmt.Errorf("branch %q comes twice, or has no name", l.Name)
	case l.Salt < 1 || l.Salt > maxSalt || slices.ContainsFunc(p.branches, func(b *exportedBranch) bool { return b.line.Salt == l.Salt }):
		return fmt.Errorf("branch %q: its salt has to be its own, between 1 and %d", l.Name, int64(maxSalt))
	}
	b := &exportedBranch{line: *l}
	var err error
	if b.created, err = time.Parse(time.RFC3339Nano, l.Created); err != nil {
		return fmt.Errorf("created: %w", err)
	}
	if (l.Parent == "") != (l.Fork == nil) || (l.Parent == "") != (len(p.branches) == 0) {
		return fmt.Errorf("branch %q: every branch but the first has a parent and a fork", l.Name)
	}
	if l.Parent != "" {
		if b.parent = p.find(l.Parent); b.parent == nil {
			return fmt.Errorf("branch %q: there is no branch %q above", l.Name, l.Parent)
		}
		if *l.Fork < 0 || *l.Fork >= b.parent.next {
			return fmt.Errorf("branch %q: branch %q has no slot %d", l.Name, l.Parent, *l.Fork)
		}
		b.next = *l.Fork + 1
	}
	x.branch = b
	p.branches = append(p.branches, b)
	return nil
}

func (x *exported) addMessage(l *line) error {
	b := x.branch
	switch {
	case b == nil:
		return fmt.Errorf("a message before any branch")
	case l.Slot == nil:
		return fmt.Errorf("a message needs a slot")
	case l.Message.ID == "":
		return fmt.Errorf("a message needs an id")
	}
	slot := *l.Slot
	switch n := len(b.entries); {
	case slot == b.next:
		b.next++
	case slot >= 0 && slot <= b.fork() && b.next == b.fork()+1 && (n == 0 || b.entries[n-1].Slot < slot):
		// in place of the parent's
	default:
		return fmt.Errorf("the next slot has to be %d", b.next)
	}
	m, err := l.Message.message()
	if err != nil {
		return err
	}
	en := journal.Entry{Slot: slot, Message: m, Script: string(l.Script)}
	for o, name := range outcomeNames {
		if l.Outcome == name {
			en.Outcome = o
		}
	}
	if l.Outcome != "" && en.Outcome == journal.Computed {
		return fmt.Errorf("outcome %q is not known", l.Outcome)
	}
	b.entries = append(b.entries, en)
	if x.form == 1 {
		b.line.Quiet = slot
	}
	return nil
}
