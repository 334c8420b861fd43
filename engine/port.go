package engine

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"sort"
	"time"

	"patchbay/engine/ao"
	"patchbay/engine/journal"
)

// exportVersion is the form of the lines that Export writes.
const exportVersion = 1

// line is one line of an export: one of its members is set.
type line struct {
	Patchbay int           `json:"patchbay,omitempty"`
	Account  *accountLine  `json:"account,omitempty"`
	Process  *processLine  `json:"process,omitempty"`
	Slot     *int64        `json:"slot,omitempty"`
	Script   string        `json:"script,omitempty"`
	Outcome  string        `json:"outcome,omitempty"`
	Message  *exportedLine `json:"message,omitempty"`
}

type accountLine struct {
	Name    string `json:"name"`
	Address string `json:"address"`
}

type processLine struct {
	ID      string   `json:"id"`
	Name    string   `json:"name"`
	Owner   string   `json:"owner"`
	Script  string   `json:"script,omitempty"`
	Flavour string   `json:"flavour"`
	Module  string   `json:"module,omitempty"`
	Tags    []ao.Tag `json:"tags"`
	Created string   `json:"created"`
	Branch  string   `json:"branch"`
}

type exportedLine struct {
	ID          string          `json:"id"`
	From        string          `json:"from"`
	Owner       string          `json:"owner,omitempty"`
	Target      string          `json:"target,omitempty"`
	Anchor      string          `json:"anchor,omitempty"`
	Tags        []ao.Tag        `json:"tags,omitempty"`
	Data        json.RawMessage `json:"data,omitempty"`
	Timestamp   int64           `json:"timestamp"`
	BlockHeight int64           `json:"block-height"`
	Epoch       int64           `json:"epoch,omitempty"`
	HashChain   string          `json:"hash-chain,omitempty"`
	Signature   string          `json:"signature,omitempty"`
	ForwardedBy string          `json:"forwarded-by,omitempty"`
	Cron        bool            `json:"cron,omitempty"`
	ReadOnly    bool            `json:"read-only,omitempty"`
	Fields      []fieldLine     `json:"fields,omitempty"`
	Root        string          `json:"root,omitempty"`
	Depth       int             `json:"depth,omitempty"`
	Source      uint8           `json:"source,omitempty"`
	Label       string          `json:"label,omitempty"`
}

type fieldLine struct {
	Name  string          `json:"name"`
	Value json.RawMessage `json:"value"`
}

// outcomeNames are how outcomes that a replay takes from the journal are exported.
var outcomeNames = map[journal.Outcome]string{
	journal.Stopped: "stopped", journal.Broken: "broken", journal.Skipped: "skipped",
}

// Export writes the project's state as JSON lines: accounts, then each process
// with the messages of its active branch in schedule order. Results are not
// written: they follow from the messages.
func (e *Engine) Export(ctx context.Context, w io.Writer) error {
	out := bufio.NewWriter(w)
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(line{Patchbay: exportVersion}); err != nil {
		return err
	}
	accounts, err := e.j.Accounts(ctx)
	if err != nil {
		return err
	}
	names := make([]string, 0, len(accounts))
	for n := range accounts {
		names = append(names, n)
	}
	sort.Strings(names)
	for _, n := range names {
		if err := enc.Encode(line{Account: &accountLine{n, accounts[n]}}); err != nil {
			return err
		}
	}
	for _, info := range e.Processes() {
		p, err := e.process(info.ID)
		if err != nil {
			continue
		}
		if err := p.export(ctx, enc, info); err != nil {
			return fmt.Errorf("export process %s: %w", p.id, err)
		}
	}
	return out.Flush()
}

func (p *process) export(ctx context.Context, enc *json.Encoder, info ao.ProcessInfo) error {
	p.mu.Lock()
	branch := p.shown
	p.mu.Unlock()
	if err := enc.Encode(line{Process: &processLine{
		ID: p.id, Name: info.Name, Owner: info.Owner, Script: info.Script, Flavour: p.flavour, Module: p.env.ModuleID,
		Tags: p.env.Tags, Created: info.Created.UTC().Format(time.RFC3339Nano), Branch: info.Branch,
	}}); err != nil {
		return err
	}
	for at := int64(0); ; {
		entries, err := p.e.j.Entries(ctx, branch, at, at+chunk-1)
		if err != nil || len(entries) == 0 {
			return err
		}
		done, err := p.e.j.Digests(ctx, branch, at, at+chunk-1)
		if err != nil {
			return err
		}
		for i, en := range entries {
			slot := en.Slot
			outcome := en.Outcome
			if i < len(done) && outcome == journal.Computed {
				outcome = done[i].Outcome
			}
			if err := enc.Encode(line{Slot: &slot, Script: en.Script, Outcome: outcomeNames[outcome], Message: exportMessage(&en.Message)}); err != nil {
				return err
			}
		}
		at += int64(len(entries))
	}
}

func exportMessage(m *ao.Message) *exportedLine {
	x := &exportedLine{
		ID: m.ID, From: m.From, Owner: m.Owner, Target: m.Target, Anchor: m.Anchor, Tags: m.Tags,
		Timestamp: m.Timestamp, BlockHeight: m.BlockHeight, Epoch: m.Epoch, HashChain: m.HashChain,
		Signature: m.Signature, ForwardedBy: m.ForwardedBy, Cron: m.Cron, ReadOnly: m.ReadOnly,
		Depth: m.Depth, Source: uint8(m.Source), Label: m.Label,
	}
	if m.Data != nil {
		x.Data = valueJSON(m.Data)
	}
	if m.Root != m.ID {
		x.Root = m.Root
	}
	for _, f := range m.Fields {
		x.Fields = append(x.Fields, fieldLine{f.Name, valueJSON(f.Value)})
	}
	return x
}

func (x *exportedLine) message() (ao.Message, error) {
	m := ao.Message{
		ID: x.ID, From: x.From, Owner: x.Owner, Target: x.Target, Anchor: x.Anchor, Tags: x.Tags,
		Timestamp: x.Timestamp, BlockHeight: x.BlockHeight, Epoch: x.Epoch, HashChain: x.HashChain,
		Signature: x.Signature, ForwardedBy: x.ForwardedBy, Cron: x.Cron, ReadOnly: x.ReadOnly,
		Root: x.Root, Depth: x.Depth, Source: ao.Source(x.Source), Label: x.Label,
	}
	var err error
	if m.Data, err = parseValueJSON(x.Data); err != nil {
		return m, fmt.Errorf("data: %w", err)
	}
	for _, f := range x.Fields {
		v, err := parseValueJSON(f.Value)
		if err != nil {
			return m, fmt.Errorf("field %q: %w", f.Name, err)
		}
		m.Fields = append(m.Fields, ao.Field{Name: f.Name, Value: v})
	}
	if m.Root == "" {
		m.Root = m.ID
	}
	return m, nil
}

// imported is a process that was read, before anything is written.
type imported struct {
	process processLine
	created time.Time
	entries []journal.Entry
}

// ErrBadExport is wrapped by errors about a file that Import cannot read; the
// error names the line.
var ErrBadExport = errors.New("not an export of Patchbay")

// Import reads what Export wrote into the engine and returns when it is durable;
// the processes compute their slots afterwards and deliver nothing while they do
// so. Processes that exist already are refused, and then nothing is imported.
func (e *Engine) Import(ctx context.Context, r io.Reader) error {
	if err := e.writable(); err != nil {
		return err
	}
	accounts, list, err := parseExport(r)
	if err != nil {
		return fmt.Errorf("import: %w", err)
	}
	e.mu.RLock()
	for _, im := range list {
		if e.byID[im.process.ID] != nil && err == nil {
			err = fmt.Errorf("import: process %s (%s): %w", im.process.ID, im.process.Name, ErrNameTaken)
		}
	}
	e.mu.RUnlock()
	if err != nil {
		return err
	}
	err = e.j.Do(ctx, func(tx *journal.Tx) error {
		for _, a := range accounts {
			if err := tx.SetAccount(a.Name, a.Address); err != nil {
				return err
			}
		}
		for _, im := range list {
			if err := e.importProcess(tx, im); err != nil {
				return fmt.Errorf("process %s: %w", im.process.ID, err)
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("import: %w", e.translate(err))
	}
	return nil
}

func (e *Engine) importProcess(tx *journal.Tx, im *imported) error {
	x := im.process
	row, err := tx.AddProcess(journal.Process{
		ID: x.ID, Name: x.Name, Owner: x.Owner, Script: x.Script, Flavour: x.Flavour, Module: x.Module,
		Tags: x.Tags, Created: im.created,
	}, int64(len(im.entries))-1)
	if err != nil {
		return err
	}
	for _, en := range im.entries {
		en.Branch = row.Active
		if _, err := tx.Append(en); err != nil {
			return err
		}
	}
	p := e.newProcess(row)
	if n := len(im.entries); n > 0 {
		p.newest.Store(im.entries[n-1].Message.Timestamp)
		p.scheduled.Store(int64(n) - 1)
	}
	tx.After(func() {
		e.mu.Lock()
		e.order = append(e.order, p)
		e.byID[p.id] = p
		if !e.closed.Load() {
			e.start(p)
		}
		e.mu.Unlock()
		e.emit(ao.Event{Kind: ao.ProcessAdded, Process: p.id})
	})
	return nil
}

// parseExport reads and checks a whole export.
func parseExport(r io.Reader) (accounts []accountLine, list []*imported, err error) {
	in := bufio.NewReader(r)
	var now *imported
	for n := 1; ; n++ {
		text, readErr := in.ReadBytes('\n')
		if readErr != nil && readErr != io.EOF {
			return nil, nil, fmt.Errorf("line %d: %w", n, readErr)
		}
		if text = bytes.TrimSpace(text); len(text) > 0 {
			var l line
			dec := json.NewDecoder(bytes.NewReader(text))
			dec.DisallowUnknownFields()
			if err := dec.Decode(&l); err != nil {
				return nil, nil, fmt.Errorf("line %d: %w: %v", n, ErrBadExport, err)
			}
			if now, accounts, list, err = l.add(n, now, accounts, list); err != nil {
				return nil, nil, fmt.Errorf("line %d: %w", n, err)
			}
		}
		if readErr == io.EOF {
			if n == 1 && len(text) == 0 {
				return nil, nil, fmt.Errorf("line 1: %w: it is empty", ErrBadExport)
			}
			return accounts, list, nil
		}
	}
}

func (l *line) add(n int, now *imported, accounts []accountLine, list []*imported) (*imported, []accountLine, []*imported, error) {
	fail := func(format string, args ...any) (*imported, []accountLine, []*imported, error) {
		return nil, nil, nil, fmt.Errorf("%w: %s", ErrBadExport, fmt.Sprintf(format, args...))
	}
	switch {
	case n == 1:
		if l.Patchbay == 0 {
			return fail(`the first line has to be {"patchbay":%d}`, exportVersion)
		}
		if l.Patchbay > exportVersion {
			return fail("it was written by a newer Patchbay (form %d, this one reads %d)", l.Patchbay, exportVersion)
		}
	case l.Account != nil:
		accounts = append(accounts, *l.Account)
	case l.Process != nil:
		if l.Process.ID == "" || l.Process.Flavour == "" {
			return fail("a process needs id and flavour")
		}
		if slices.ContainsFunc(list, func(im *imported) bool { return im.process.ID == l.Process.ID }) {
			return fail("process %s comes twice", l.Process.ID)
		}
		created, err := time.Parse(time.RFC3339Nano, l.Process.Created)
		if err != nil {
			return fail("created: %v", err)
		}
		now = &imported{process: *l.Process, created: created}
		list = append(list, now)
	case l.Message != nil:
		switch {
		case now == nil:
			return fail("a message before any process")
		case l.Slot == nil || *l.Slot != int64(len(now.entries)):
			return fail("the next slot has to be %d", len(now.entries))
		case l.Message.ID == "":
			return fail("a message needs an id")
		}
		m, err := l.Message.message()
		if err != nil {
			return fail("%v", err)
		}
		en := journal.Entry{Slot: *l.Slot, Message: m, Script: l.Script}
		for o, name := range outcomeNames {
			if l.Outcome == name {
				en.Outcome = o
			}
		}
		if l.Outcome != "" && en.Outcome == journal.Computed {
			return fail("outcome %q is not known", l.Outcome)
		}
		now.entries = append(now.entries, en)
	default:
		return fail("neither account, process nor message")
	}
	return now, accounts, list, nil
}
