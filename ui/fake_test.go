package ui_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"patchbay/engine/ao"
	"patchbay/patchdev"
	"patchbay/ui"
	"patchbay/ui/code/files"
	"patchbay/ui/code/text"
	"patchbay/ui/compose"
	"patchbay/ui/inspect"
	"patchbay/ui/traffic"
)

// fakeEngine is a token process written in Go: what the window shows can be told
// without a VM. It computes at once, in order.
type fakeEngine struct {
	mu      sync.Mutex
	procs   []ao.ProcessInfo
	slots   map[string][]*ao.Slot
	feeds   []*fakeFeed
	profile string
	sendErr error
	sources map[string]string
	// endless, when set, holds Wait up until Stop; stopped are the processes stopped.
	endless chan struct{}
	stopped []string
	// waiting is a slot that is scheduled and not computed, 0 for none.
	waiting int64
	// late holds a check of the replay up until it is called off.
	late bool
	// shadow is what a shadow replay finds, shadowed the texts that were tried
	shadow   string
	shadowed []string
	// covers are the slots whose coverage was asked for; the answer for coverLate is
	// held up until the question is called off
	covers    []int64
	coverLate int64
	// readOnly is why nothing can be changed, "" when it can
	readOnly string
}

func (e *fakeEngine) ReadOnly() (string, bool) { return e.readOnly, e.readOnly != "" }

func newFakeEngine() *fakeEngine {
	return &fakeEngine{slots: map[string][]*ao.Slot{}, profile: "current", sources: map[string]string{}}
}

type fakeFeed struct {
	mu     sync.Mutex
	c      chan struct{}
	events []ao.Event
	e      *fakeEngine
}

func (f *fakeFeed) C() <-chan struct{} { return f.c }
func (f *fakeFeed) Drain() []ao.Event {
	f.mu.Lock()
	defer f.mu.Unlock()
	out := f.events
	f.events = nil
	return out
}
func (f *fakeFeed) Close() {}

func (f *fakeFeed) push(ev ao.Event) {
	f.mu.Lock()
	f.events = append(f.events, ev)
	f.mu.Unlock()
	select {
	case f.c <- struct{}{}:
	default:
	}
}

func (e *fakeEngine) tell(ev ao.Event) {
	for _, f := range e.feeds {
		f.push(ev)
	}
}

func (e *fakeEngine) Subscribe() ui.Feed {
	e.mu.Lock()
	defer e.mu.Unlock()
	f := &fakeFeed{c: make(chan struct{}, 1), e: e}
	e.feeds = append(e.feeds, f)
	return f
}

func (e *fakeEngine) Processes() []ao.ProcessInfo {
	e.mu.Lock()
	defer e.mu.Unlock()
	out := slices.Clone(e.procs)
	for i := range out {
		out[i].Slot = int64(len(e.slots[out[i].ID])) - 1
	}
	return out
}

func (e *fakeEngine) Head(pid string) (int64, *patchdev.Table, bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	s, ok := e.slots[pid]
	if !ok || len(s) == 0 {
		return -1, nil, ok
	}
	return int64(len(s)) - 1, s[len(s)-1].Root, true
}

func (e *fakeEngine) Scheduled(pid string) int64 {
	n, _, _ := e.Head(pid)
	return max(n, e.waiting)
}

func (e *fakeEngine) Profile() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.profile
}

func (e *fakeEngine) Profiles() []string { return []string{"current", "2025-05", "2025-06"} }
func (e *fakeEngine) SetProfile(_ context.Context, n string) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.profile = n
	return nil
}

func (e *fakeEngine) Slots(_ context.Context, pid string, from, to int64) ([]*ao.Slot, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	all := e.slots[pid]
	to = min(to, int64(len(all))-1)
	if from > to {
		return nil, nil
	}
	return slices.Clone(all[from : to+1]), nil
}

func (e *fakeEngine) Root(_ context.Context, pid string, n int64) (*patchdev.Table, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.slots[pid][n].Root, nil
}

func (e *fakeEngine) Wait(ctx context.Context, pid string, n int64) (*ao.Slot, error) {
	if e.endless != nil {
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-e.endless:
		}
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.slots[pid][n], nil
}

func (e *fakeEngine) Send(_ context.Context, pid string, m ao.Message) (int64, error) {
	if e.sendErr != nil {
		return 0, e.sendErr
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if _, ok := e.slots[pid]; !ok {
		return 0, errors.New("there is no process " + pid)
	}
	s := e.compute(pid, m)
	e.slots[pid] = append(e.slots[pid], s)
	e.tell(ao.Event{Kind: ao.SlotScheduled, Process: pid, Slot: s.Number})
	e.tell(ao.Event{Kind: ao.SlotComputed, Process: pid, Slot: s.Number, Computed: s})
	return s.Number, nil
}

func (e *fakeEngine) DryRun(_ context.Context, pid string, m ao.Message) (*ao.Slot, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.compute(pid, m), nil
}

func (e *fakeEngine) Run(ctx context.Context, pid, source string) (int64, error) {
	e.mu.Lock()
	e.sources[pid] = source
	e.mu.Unlock()
	return e.Send(ctx, pid, ao.Message{
		From: e.procs[0].Owner, Target: pid, Source: ao.FromRun, Data: patchdev.String(source),
		Tags: []ao.Tag{{Name: "Action", Value: "Eval"}},
	})
}

func (e *fakeEngine) Replay(_ context.Context, pid, source string) error {
	e.mu.Lock()
	e.sources[pid] = source
	e.mu.Unlock()
	e.tell(ao.Event{Kind: ao.ScriptReloaded, Process: pid})
	return nil
}

// Shadow says what was set; a source with "wait" in it takes until it is broken off.
func (e *fakeEngine) Shadow(ctx context.Context, _, source string) (bool, string, error) {
	e.mu.Lock()
	e.shadowed = append(e.shadowed, source)
	what := e.shadow
	e.mu.Unlock()
	if strings.Contains(source, "wait") {
		<-ctx.Done()
		return false, "", ctx.Err()
	}
	return what == "", what, nil
}

func (e *fakeEngine) StartBranch(_ context.Context, pid string, n int64) (string, error) {
	e.mu.Lock()
	e.slots[pid] = e.slots[pid][: n+1 : n+1]
	for i := range e.procs {
		if e.procs[i].ID == pid {
			e.procs[i].Branch = "branch-2"
		}
	}
	e.mu.Unlock()
	e.tell(ao.Event{Kind: ao.ScriptReloaded, Process: pid})
	return "branch-2", nil
}

func (e *fakeEngine) VerifyReplay(ctx context.Context, _ string) (string, bool, error) {
	if e.late {
		<-ctx.Done()
		return "", false, ctx.Err()
	}
	return "replay verified", true, nil
}

func (e *fakeEngine) Reset(_ context.Context, pid string) error {
	e.mu.Lock()
	e.slots[pid] = e.slots[pid][:1:1]
	e.mu.Unlock()
	e.tell(ao.Event{Kind: ao.ScriptReloaded, Process: pid})
	return nil
}

func (e *fakeEngine) Stop(pid string) {
	e.stopped = append(e.stopped, pid)
	if e.endless != nil {
		select {
		case <-e.endless:
		default:
			close(e.endless)
		}
	}
}

func (e *fakeEngine) Spawn(_ context.Context, r ui.SpawnRequest) (ao.ProcessInfo, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	p := ao.ProcessInfo{ID: ao.ID("process", r.Name), Name: r.Name, Owner: r.Owner, Script: r.Script, Flavour: "aos"}
	e.procs = append(e.procs, p)
	e.slots[p.ID] = nil
	s := e.compute(p.ID, ao.Message{From: r.Owner, Source: ao.FromSpawn, Target: p.ID, Data: patchdev.String(r.Source)})
	e.slots[p.ID] = []*ao.Slot{s}
	e.tell(ao.Event{Kind: ao.ProcessAdded, Process: p.ID})
	return p, nil
}

func (e *fakeEngine) Rename(_ context.Context, pid, name string) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	for i := range e.procs {
		if e.procs[i].ID == pid {
			e.procs[i].Name = name
		}
	}
	return nil
}

func (e *fakeEngine) Fork(_ context.Context, pid, name string, n int64) (ao.ProcessInfo, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	i := slices.IndexFunc(e.procs, func(p ao.ProcessInfo) bool { return p.ID == pid })
	p := e.procs[i]
	p.ID, p.Name = ao.ID("fork", name), name
	e.procs = append(e.procs, p)
	e.slots[p.ID] = slices.Clone(e.slots[pid][:n+1])
	e.tell(ao.Event{Kind: ao.ProcessAdded, Process: p.ID})
	return p, nil
}

func (e *fakeEngine) ExportTo(context.Context, string) error { return nil }

func (e *fakeEngine) ImportFrom(_ context.Context, path string) error {
	return errors.New(path + ": line 3: not an export of Patchbay")
}

func (e *fakeEngine) Remove(_ context.Context, pid string) (func(context.Context) error, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	i := slices.IndexFunc(e.procs, func(p ao.ProcessInfo) bool { return p.ID == pid })
	if i < 0 {
		return nil, errors.New("there is no such process")
	}
	p := e.procs[i]
	e.procs = slices.Delete(e.procs, i, i+1)
	return func(context.Context) error {
		e.mu.Lock()
		defer e.mu.Unlock()
		e.procs = append(e.procs, p)
		return nil
	}, nil
}

func (e *fakeEngine) Coverage(ctx context.Context, _ string, n int64) (map[int]int, error) {
	e.mu.Lock()
	e.covers = append(e.covers, n)
	late := n > 0 && n == e.coverLate
	e.mu.Unlock()
	if late {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	if n == 0 {
		return map[int]int{1: 1}, nil
	}
	out := map[int]int{}
	for l := 8; l < 16; l++ {
		out[l] = 1
	}
	return out, nil
}

// compute is the token: balances in cache, Transfer, Mint, Info, a failing Boom.
func (e *fakeEngine) compute(pid string, m ao.Message) *ao.Slot {
	prev := e.slots[pid]
	n := int64(len(prev))
	root := patchdev.EmptyTable()
	if n > 0 {
		root = prev[n-1].Root
	}
	m.ID = ao.ID(pid, fmt.Sprint(n))
	m.Timestamp = 1768478400000 + n*1000
	s := &ao.Slot{Process: pid, Number: n, Message: m, Root: root}
	s.Result.Duration = time.Duration(19+7*n%30) * time.Microsecond
	s.Result.GasUsed = 1234 + n
	balances := func() *patchdev.Table {
		v, _ := child(root, "cache", "balances")
		t, _ := v.(*patchdev.Table)
		if t == nil {
			t = patchdev.EmptyTable()
		}
		return t
	}
	set := func(b *patchdev.Table) {
		c, _ := root.Get("cache")
		cache, _ := c.(*patchdev.Table)
		if cache == nil {
			cache = patchdev.NewTable("totalsupply", 1000000, "info", patchdev.NewTable("name", "Demo", "share", 0.00025))
		}
		s.Root = root.Set("cache", cache.Set("balances", b))
		s.Changes = patchdev.Diff(root, s.Root)
	}
	patch := func() {
		s.Result.Messages = append(s.Result.Messages, ao.OutMessage{
			Target: patchdev.String(pid), Line: 12,
			Tags: []ao.OutTag{{Name: patchdev.String("device"), Value: patchdev.String("patch@1.0")}},
		})
		s.Delivered = append(s.Delivered, ao.Delivery{Note: "patch"})
	}
	reply := func(to, data string) {
		s.Result.Messages = append(s.Result.Messages, ao.OutMessage{Target: patchdev.String(to), Data: patchdev.String(data), Line: 16})
		s.Delivered = append(s.Delivered, ao.Delivery{Target: to, Note: "outside"})
	}
	tag := func(name string) string { v, _ := ao.TagValue(m.Tags, name); return v }
	switch a := m.Action(); {
	case m.Source == ao.FromSpawn:
		b := patchdev.EmptyTable().Edit()
		for _, acc := range testAccounts {
			b.Set(acc.Address, patchdev.Int(1000))
		}
		b.Set(ao.Address("alice"), patchdev.Int(750000))
		set(b.Table())
		patch()
		s.Warnings = []patchdev.Warning{{
			Slot: n, Path: []string{"cache", "info"}, Rule: "reserved-key", Line: 13,
			Message: "cache.info cannot be read by path on a HyperBEAM node: info is a function of every message. Rename it, e.g. token-info.",
		}}
	case a == "Eval":
		src, _ := m.Data.(patchdev.String)
		if strings.Contains(string(src), "syntax error") {
			s.Result.Error = "token.lua:3: unexpected symbol near 'syntax'"
			s.Result.ErrorAt = ao.Place{Chunk: "token.lua", Line: 3, Col: 1}
		}
		switch text := string(src); {
		case text == "1 + 1":
			s.Result.Text = "2"
		case strings.HasPrefix(text, "print"):
			s.Result.Text = "\x1b[32mgreen\x1b[0m\nsecond"
		case strings.HasPrefix(text, "boom"):
			s.Result.Error = "before\n\n\x1b[31merror:\n\x1b[0m[string \".handlers\"]:7: [string \"aos\"]:2: attempt to call a nil value (global 'boom')"
			s.Result.ErrorAt = ao.Place{Chunk: "aos", Line: 2}
		case strings.HasPrefix(text, "Send"):
			set(balances().Set(ao.Address("bob"), patchdev.Int(5)))
			patch()
			reply(ao.Address("carol"), "Hello")
		}
	case a == "Transfer":
		q, err := strconv.ParseInt(tag("Quantity"), 10, 64)
		b := balances()
		from, _ := b.Get(m.From)
		have, _ := from.(patchdev.Int)
		if err != nil {
			s.Result.Error = "token.lua:22: attempt to compare number with nil"
			s.Result.ErrorAt = ao.Place{Chunk: "token.lua", Line: 9, Col: 6}
			break
		}
		if int64(have) < q {
			reply(m.From, "Insufficient balance")
			break
		}
		to, _ := b.Get(tag("Recipient"))
		had, _ := to.(patchdev.Int)
		b = b.Set(m.From, have-patchdev.Int(q))
		set(b.Set(tag("Recipient"), had+patchdev.Int(q)))
		patch()
		reply(m.From, "Debit-Notice")
		reply(tag("Recipient"), "Credit-Notice")
		s.Result.Text = "\x1b[32mmoved\x1b[0m " + tag("Quantity")
		s.Result.Trace = []ao.HandlerTrace{{Name: "_eval", Pattern: "Action = Eval", Outcome: "skipped"}, {Name: "transfer", Pattern: "Action = Transfer", Outcome: "ran", Line: 8}}
	case a == "Info":
		reply(m.From, "Demo")
	case a == "Boom":
		s.Result.Error = "token.lua:31: boom"
		s.Result.ErrorAt = ao.Place{Chunk: "token.lua", Line: 10, Col: 3}
	}
	if s.Result.Failed() {
		s.Root, s.Changes = root, nil
	}
	return s
}

func child(root *patchdev.Table, path ...string) (patchdev.Value, bool) {
	var v patchdev.Value = root
	for _, k := range path {
		t, ok := v.(*patchdev.Table)
		if !ok {
			return nil, false
		}
		if v, ok = t.Get(k); !ok {
			return nil, false
		}
	}
	return v, true
}

var testAccounts = []compose.Account{
	{Name: "alice", Address: ao.Address("alice")},
	{Name: "bob", Address: ao.Address("bob")},
	{Name: "carol", Address: ao.Address("carol")},
	{Name: "dave", Address: ao.Address("dave")},
}

const tokenScript = `-- A token, after the public documentation of the patch device
Balances = Balances or {}
TotalSupply = TotalSupply or 1000000

-- Publish everything once, when the process starts
InitialSync = InitialSync or "incomplete"

Handlers.add("transfer", "Transfer", function(msg)
  local from = msg.From
  local to = msg.Tags.Recipient
  local amount = tonumber(msg.Tags.Quantity)

  if Balances[from] and Balances[from] >= amount then
    Balances[from] = Balances[from] - amount
    Balances[to] = (Balances[to] or 0) + amount

    -- Update exposed state after transfer
    Send({ device = 'patch@1.0', cache = {
      balances = Balances,
      info = { name = "Demo", share = amount / TotalSupply }
    }})
    ao.send({ Target = from, Data = "Transfer successful" })
  else
    ao.send({ Target = from, Data = "Insufficient balance" })
  end
end)

Handlers.add("info", "Info", function(msg)
  ao.send({ Target = msg.From, Data = "Demo" })
end)
`

// fakeProject is a project in memory; its scripts are behind fakeFiles.
type fakeProject struct {
	mu    sync.Mutex
	files map[string]string
	saved map[string]compose.Draft
	err   error
}

func newFakeProject() *fakeProject {
	return &fakeProject{files: map[string]string{
		"token.lua": tokenScript, "escrow.lua": "-- escrow\nHandlers.add('Release', 'Release', function(msg) end)\n",
	}, saved: map[string]compose.Draft{}}
}

func (p *fakeProject) Name() string                { return "token-demo" }
func (p *fakeProject) Dir() string                 { return "/project" }
func (p *fakeProject) Accounts() []compose.Account { return testAccounts }
func (p *fakeProject) Variables() []compose.Variable {
	return []compose.Variable{{Name: "premium", Value: "100"}, {Name: "shop", Value: bob}}
}

func (p *fakeProject) Scripts() ([]string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Sorted(maps.Keys(p.files)), p.err
}

func (p *fakeProject) Messages() ([]compose.Saved, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	var out []compose.Saved
	for n, d := range p.saved {
		out = append(out, compose.Saved{Name: n, Draft: d})
	}
	return out, p.err
}

func (p *fakeProject) SaveMessage(s compose.Saved) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.err != nil {
		return p.err
	}
	p.saved[s.Name] = s.Draft
	return nil
}

func (p *fakeProject) RemoveMessage(name string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.saved, name)
	return p.err
}

func (p *fakeProject) ProcessScript(i ao.ProcessInfo) string { return i.Script }

func (p *fakeProject) AddProcess(_, script, src string, messages []compose.Saved) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.err != nil {
		return p.err
	}
	if src != "" {
		p.files[script] = src
	}
	for _, m := range messages {
		p.saved[m.Name] = m.Draft
	}
	return nil
}

// Read and Write make fakeProject the Files of the editor too.
func (p *fakeProject) Read(path string) (files.Content, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	s, ok := p.files[rel(path)]
	if !ok {
		return files.Content{}, fmt.Errorf("%s is not there", path)
	}
	return files.Content{Text: s, Stamp: files.StampOf([]byte(s))}, nil
}

func (p *fakeProject) Write(path string, s text.Snapshot, _ files.Stamp) (files.Stamp, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	all := strings.Join(s.Lines(), "\n")
	p.files[rel(path)] = all
	return files.StampOf([]byte(all)), p.err
}

func rel(path string) string {
	r, _ := filepath.Rel("/project", path)
	return r
}

type fakeNode struct {
	mu   sync.Mutex
	e    *fakeEngine
	note string
	// accept is the Accept header of the last request
	accept string
	list   []traffic.Exchange
	full   map[uint64]*traffic.Captured
	c      chan struct{}
}

func (n *fakeNode) URL() string  { return "http://127.0.0.1:8734" }
func (n *fakeNode) Note() string { return n.note }
func (n *fakeNode) Respond(_ context.Context, _, path string, h http.Header) (inspect.Response, error) {
	n.mu.Lock()
	n.accept = h.Get("Accept")
	n.mu.Unlock()
	return inspect.Response{
		Status: 200, Body: []byte(`{"path":"` + path + `"}`),
		Header: http.Header{"Content-Type": {"application/json"}, "Access-Control-Allow-Origin": {"*"}},
	}, nil
}

func (n *fakeNode) Captured(id uint64) *traffic.Captured {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.full[id]
}
func (n *fakeNode) TrafficC() <-chan struct{} { return n.c }
func (n *fakeNode) Traffic(after uint64) ([]traffic.Exchange, uint64) {
	n.mu.Lock()
	defer n.mu.Unlock()
	var out []traffic.Exchange
	for _, e := range n.list {
		if e.ID > after {
			out = append(out, e)
		}
	}
	return out, uint64(len(n.list))
}

func (n *fakeNode) asked(e traffic.Exchange) { n.answered(e, nil) }

// answered is asked with what went over the wire.
func (n *fakeNode) answered(e traffic.Exchange, c *traffic.Captured) {
	n.mu.Lock()
	e.ID = uint64(len(n.list)) + 1
	if n.full == nil {
		n.full = map[uint64]*traffic.Captured{}
	}
	n.full[e.ID] = c
	n.list = append(n.list, e)
	n.mu.Unlock()
	select {
	case n.c <- struct{}{}:
	default:
	}
}

type fakeSettings map[string]string

func (s fakeSettings) Get(k string) string { return s[k] }
func (s fakeSettings) Set(k, v string)     { s[k] = v }
