package engine

import (
	"bufio"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"
	"unicode/utf8"

	"patchbay/engine/ao"
	"patchbay/engine/journal"
)

// exportVersion is the form of the lines that Export writes. Form 1 had the active
// branch of each process only, without a line for it.
const exportVersion = 2

// line is one line of an export: one of its members is set, and for a slot those
// that go with it.
type line struct {
	Patchbay  int            `json:"patchbay,omitempty"`
	File      *fileLine      `json:"file,omitempty"`
	Setting   *settingLine   `json:"setting,omitempty"`
	Account   *accountLine   `json:"account,omitempty"`
	Process   *processLine   `json:"process,omitempty"`
	Branch    *branchLine    `json:"branch,omitempty"`
	Slot      *int64         `json:"slot,omitempty"`
	Script    text8          `json:"script,omitempty"`
	Outcome   string         `json:"outcome,omitempty"`
	Message   *exportedLine  `json:"message,omitempty"`
	Snapshot  *snapshotLine  `json:"snapshot,omitempty"`
	Operation *operationLine `json:"operation,omitempty"`
}

// ExportedFile is a file of the project's folder: a script, a saved message, the
// settings. Path is relative to the folder, with slashes.
type ExportedFile struct {
	Path string
	Text string
}

type fileLine struct {
	Path text8 `json:"path"`
	Text text8 `json:"text"`
}

type settingLine struct {
	Key   text8 `json:"key"`
	Value text8 `json:"value"`
}

type accountLine struct {
	Name    text8 `json:"name"`
	Address text8 `json:"address"`
}

type processLine struct {
	ID      string    `json:"id"`
	Name    text8     `json:"name"`
	Owner   text8     `json:"owner"`
	Script  text8     `json:"script,omitempty"`
	Flavour string    `json:"flavour"`
	Module  text8     `json:"module,omitempty"`
	Tags    []tagLine `json:"tags"`
	Created string    `json:"created"`
	Branch  string    `json:"branch"`
	Removed bool      `json:"removed,omitempty"`
}

// branchLine begins a branch of the process above; its own messages follow. It
// shares those of the parent up to the slot fork, but for what is put in their place.
type branchLine struct {
	Name   string `json:"name"`
	Parent string `json:"parent,omitempty"`
	Fork   *int64 `json:"fork,omitempty"`
	// Quiet is the last slot that has delivered what it sends.
	Quiet   int64  `json:"quiet"`
	Salt    int64  `json:"salt"`
	Created string `json:"created"`
}

type exportedLine struct {
	ID          text8           `json:"id"`
	From        text8           `json:"from"`
	Owner       text8           `json:"owner,omitempty"`
	Target      text8           `json:"target,omitempty"`
	Anchor      text8           `json:"anchor,omitempty"`
	Tags        []tagLine       `json:"tags,omitempty"`
	Data        json.RawMessage `json:"data,omitempty"`
	Timestamp   int64           `json:"timestamp"`
	BlockHeight int64           `json:"block-height"`
	Epoch       int64           `json:"epoch,omitempty"`
	HashChain   text8           `json:"hash-chain,omitempty"`
	Signature   text8           `json:"signature,omitempty"`
	ForwardedBy text8           `json:"forwarded-by,omitempty"`
	Cron        bool            `json:"cron,omitempty"`
	ReadOnly    bool            `json:"read-only,omitempty"`
	Fields      []fieldLine     `json:"fields,omitempty"`
	NoFields    bool            `json:"no-fields,omitempty"`
	Root        text8           `json:"root,omitempty"`
	Depth       int             `json:"depth,omitempty"`
	Source      uint8           `json:"source,omitempty"`
	Label       text8           `json:"label,omitempty"`
}

type fieldLine struct {
	Name  text8           `json:"name"`
	Value json.RawMessage `json:"value"`
}

type tagLine struct {
	Name  text8 `json:"name"`
	Value text8 `json:"value"`
}

type snapshotLine struct {
	Name    text8       `json:"name"`
	Created string      `json:"created"`
	Places  []placeLine `json:"places"`
}

// placeLine is a slot of a branch of a process, by their names.
type placeLine struct {
	Process string `json:"process"`
	Branch  string `json:"branch"`
	Slot    int64  `json:"slot,omitempty"`
}

type operationLine struct {
	Text    text8            `json:"text"`
	At      string           `json:"at"`
	Undone  bool             `json:"undone,omitempty"`
	Active  []placeLine      `json:"active,omitempty"`
	Removed map[string]bool  `json:"removed,omitempty"`
	Names   map[string]text8 `json:"names,omitempty"`
}

// text8 is a text that comes back from JSON as it was, also when it is not UTF-8:
// then it is written as {"base64": "…"}.
type text8 string

// MarshalJSON writes the text.
func (s text8) MarshalJSON() ([]byte, error) {
	if utf8.ValidString(string(s)) {
		return textJSON(string(s)), nil
	}
	return fmt.Appendf(nil, `{"base64":%q}`, base64.StdEncoding.EncodeToString([]byte(s))), nil
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (s *text8) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '{' {
		var x struct {
			Base64 []byte `json:"base64"`
		}
		if err := json.Unmarshal(b, &x); err != nil {
			return err
		}
		*s = text8(x.Base64)
		return nil
	}
	var t string
	if err := json.Unmarshal(b, &t); err != nil {
		return err
	}
	*s = text8(t)
	return nil
}

func tagLines(tags []ao.Tag) []tagLine {
	var out []tagLine
	for _, t := range tags {
		out = append(out, tagLine{text8(t.Name), text8(t.Value)})
	}
	return out
}

func tagsOfLines(list []tagLine) []ao.Tag {
	var out []ao.Tag
	for _, t := range list {
		out = append(out, ao.Tag{Name: string(t.Name), Value: string(t.Value)})
	}
	return out
}

// outcomeNames are how outcomes that a replay takes from the journal are exported.
var outcomeNames = map[journal.Outcome]string{
	journal.Stopped: "stopped", journal.Broken: "broken", journal.Skipped: "skipped",
}

// Export writes the project's state as JSON lines: files that are given, settings,
// accounts, each process with its branches and their messages in schedule order,
// snapshots, and what can be undone. Results are not written: they follow from the
// messages. Two exports of the same state are the same bytes.
func (e *Engine) Export(ctx context.Context, w io.Writer, files ...ExportedFile) error {
	out := bufio.NewWriterSize(w, 1<<16)
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	x := exporter{e: e, enc: enc}
	if err := x.export(ctx, files); err != nil {
		return fmt.Errorf("export: %w", err)
	}
	return out.Flush()
}

// exporter writes one export.
type exporter struct {
	e     *Engine
	enc   *json.Encoder
	err   error
	pids  map[int64]string
	names map[int64]string // of branches
}

func (x *exporter) put(l line) {
	if x.err == nil {
		x.err = x.enc.Encode(l)
	}
}

func (x *exporter) export(ctx context.Context, files []ExportedFile) error {
	j := x.e.j
	settings, err := j.Settings(ctx)
	if err != nil {
		return err
	}
	accounts, err := j.Accounts(ctx)
	if err != nil {
		return err
	}
	// Before the processes: what they speak of is there when those are read.
	snapshots, err := j.Snapshots(ctx)
	if err != nil {
		return err
	}
	operations, err := j.Operations(ctx)
	if err != nil {
		return err
	}
	rows, err := j.Processes(ctx)
	if err != nil {
		return err
	}
	x.pids, x.names = map[int64]string{}, map[int64]string{}
	branches := map[int64][]journal.Branch{}
	for _, row := range rows {
		x.pids[row.Num] = row.ID
		branches[row.Num] = j.Branches(row.Num)
		for _, b := range branches[row.Num] {
			x.names[b.Num] = b.Name
		}
	}
	x.put(line{Patchbay: exportVersion})
	for _, f := range files {
		x.put(line{File: &fileLine{text8(f.Path), text8(f.Text)}})
	}
	for _, k := range slices.Sorted(maps.Keys(settings)) {
		x.put(line{Setting: &settingLine{text8(k), text8(settings[k])}})
	}
	for _, n := range slices.Sorted(maps.Keys(accounts)) {
		x.put(line{Account: &accountLine{text8(n), text8(accounts[n])}})
	}
	for _, row := range rows {
		if err := x.process(ctx, row, branches[row.Num]); err != nil {
			return fmt.Errorf("process %s: %w", row.ID, err)
		}
	}
	for _, s := range snapshots {
		if err := x.snapshot(s); err != nil {
			return err
		}
	}
	for _, o := range operations {
		if err := x.operation(o); err != nil {
			return err
		}
	}
	return x.err
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

func (x *exporter) process(ctx context.Context, row journal.Process, branches []journal.Branch) error {
	x.put(line{Process: &processLine{
		ID: row.ID, Name: text8(row.Name), Owner: text8(row.Owner), Script: text8(row.Script), Flavour: row.Flavour,
		Module: text8(row.Module), Tags: tagLines(row.Tags), Created: stamp(row.Created), Branch: x.names[row.Active], Removed: row.Removed,
	}})
	for _, b := range branches {
		l := branchLine{Name: b.Name, Parent: x.names[b.Parent], Quiet: max(b.Quiet, b.Computed), Salt: b.Salt, Created: stamp(b.Created)}
		if b.Parent != 0 {
			l.Fork = &b.Fork
		}
		x.put(line{Branch: &l})
		if err := x.messages(ctx, b); err != nil {
			return err
		}
		if x.err != nil {
			return x.err
		}
	}
	return nil
}

// messages writes the messages that lie in a branch itself.
func (x *exporter) messages(ctx context.Context, b journal.Branch) error {
	for at := int64(0); at < b.Next; {
		entries, err := x.e.j.OwnEntries(ctx, b.Num, at, b.Next-1, chunk)
		if err != nil || len(entries) == 0 {
			return err
		}
		at = entries[0].Slot
		last := entries[len(entries)-1].Slot
		done, err := x.e.j.Digests(ctx, b.Num, at, last)
		if err != nil {
			return err
		}
		for _, en := range entries {
			outcome := en.Outcome
			if i := en.Slot - at; i < int64(len(done)) && outcome == journal.Computed {
				outcome = done[i].Outcome
			}
			x.put(line{Slot: &en.Slot, Script: text8(en.Script), Outcome: outcomeNames[outcome], Message: exportMessage(&en.Message)})
		}
		at = last + 1
	}
	return nil
}

// places turns numbers into names; what is no more is left out.
func (x *exporter) places(list []place) []placeLine {
	out := []placeLine{}
	for _, pl := range list {
		pid, name := x.pids[pl.Process], x.names[pl.Branch]
		if pid != "" && name != "" {
			out = append(out, placeLine{pid, name, pl.Slot})
		}
	}
	return out
}

func (x *exporter) snapshot(s journal.Snapshot) error {
	var places []place
	if err := json.Unmarshal(s.Places, &places); err != nil {
		return fmt.Errorf("snapshot %q: %w", s.Name, err)
	}
	x.put(line{Snapshot: &snapshotLine{text8(s.Name), stamp(s.Created), x.places(places)}})
	return nil
}

func (x *exporter) operation(o journal.Operation) error {
	var inv inverse
	if err := json.Unmarshal(o.Inverse, &inv); err != nil {
		return fmt.Errorf("operation %q: %w", o.Text, err)
	}
	l := operationLine{Text: text8(o.Text), At: stamp(o.At), Undone: o.Undone, Active: x.places(inv.Active)}
	for num, removed := range inv.Removed {
		if l.Removed == nil {
			l.Removed = map[string]bool{}
		}
		l.Removed[x.pids[num]] = removed
	}
	for num, name := range inv.Names {
		if l.Names == nil {
			l.Names = map[string]text8{}
		}
		l.Names[x.pids[num]] = text8(name)
	}
	x.put(line{Operation: &l})
	return nil
}

func exportMessage(m *ao.Message) *exportedLine {
	x := &exportedLine{
		ID: text8(m.ID), From: text8(m.From), Owner: text8(m.Owner), Target: text8(m.Target), Anchor: text8(m.Anchor), Tags: tagLines(m.Tags),
		Timestamp: m.Timestamp, BlockHeight: m.BlockHeight, Epoch: m.Epoch, HashChain: text8(m.HashChain),
		Signature: text8(m.Signature), ForwardedBy: text8(m.ForwardedBy), Cron: m.Cron, ReadOnly: m.ReadOnly,
		Depth: m.Depth, Source: uint8(m.Source), Label: text8(m.Label), NoFields: m.Fields != nil && len(m.Fields) == 0,
	}
	if m.Data != nil {
		x.Data = valueJSON(m.Data)
	}
	if m.Root != m.ID {
		x.Root = text8(m.Root)
	}
	for _, f := range m.Fields {
		x.Fields = append(x.Fields, fieldLine{text8(f.Name), valueJSON(f.Value)})
	}
	return x
}

func (x *exportedLine) message() (ao.Message, error) {
	m := ao.Message{
		ID: string(x.ID), From: string(x.From), Owner: string(x.Owner), Target: string(x.Target), Anchor: string(x.Anchor), Tags: tagsOfLines(x.Tags),
		Timestamp: x.Timestamp, BlockHeight: x.BlockHeight, Epoch: x.Epoch, HashChain: string(x.HashChain),
		Signature: string(x.Signature), ForwardedBy: string(x.ForwardedBy), Cron: x.Cron, ReadOnly: x.ReadOnly,
		Root: string(x.Root), Depth: x.Depth, Source: ao.Source(x.Source), Label: string(x.Label),
	}
	var err error
	if m.Data, err = parseValueJSON(x.Data); err != nil {
		return m, fmt.Errorf("data: %w", err)
	}
	if x.NoFields {
		m.Fields = []ao.Field{}
	}
	for _, f := range x.Fields {
		v, err := parseValueJSON(f.Value)
		if err != nil {
			return m, fmt.Errorf("field %q: %w", f.Name, err)
		}
		m.Fields = append(m.Fields, ao.Field{Name: string(f.Name), Value: v})
	}
	if m.Root == "" {
		m.Root = m.ID
	}
	return m, nil
}
