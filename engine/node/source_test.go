package node

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"patchbay/engine/ao"
	"patchbay/patchdev"
)

// evaluator stands for a VM: it runs the text of a message and returns what a
// raw process leaves in base.results and its outbox.
type evaluator interface {
	eval(action, data string) (results *patchdev.Table, outbox []patchdev.Entry, err error)
}

// memory is a Source for tests: processes whose messages are computed at once,
// or, when lazy, when somebody waits for them.
type memory struct {
	mu      sync.Mutex
	profile patchdev.Profile
	procs   map[string]*memProc
	order   []string
	subs    map[*memEvents]bool
	eval    func(flavour string) evaluator
	n       int
}

type memProc struct {
	info    ao.ProcessInfo
	opts    patchdev.ApplyOptions
	eval    evaluator
	message []ao.Message
	slots   []*ao.Slot
	lazy    bool
}

func newMemory(p patchdev.Profile, eval func(flavour string) evaluator) *memory {
	return &memory{profile: p, procs: map[string]*memProc{}, subs: map[*memEvents]bool{}, eval: eval}
}

func (m *memory) Profile() patchdev.Profile { m.mu.Lock(); defer m.mu.Unlock(); return m.profile }

func (m *memory) Processes() []ao.ProcessInfo {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []ao.ProcessInfo
	for _, id := range m.order {
		out = append(out, m.procs[id].describe())
	}
	return out
}

func (p *memProc) describe() ao.ProcessInfo {
	i := p.info
	i.Slot, i.Computed = int64(len(p.message))-1, int64(len(p.slots))-1
	return i
}

func (m *memory) Process(pid string) (ao.ProcessInfo, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	p, ok := m.procs[pid]
	if !ok {
		return ao.ProcessInfo{}, false
	}
	return p.describe(), true
}

func (m *memory) Head(pid string) (int64, *patchdev.Table, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	p, ok := m.procs[pid]
	if !ok {
		return -1, nil, false
	}
	if len(p.slots) == 0 {
		return -1, nil, true
	}
	s := p.slots[len(p.slots)-1]
	return s.Number, s.Root, true
}

func (m *memory) Scheduled(pid string) int64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	if p, ok := m.procs[pid]; ok {
		return int64(len(p.message)) - 1
	}
	return -1
}

func (m *memory) catchUp(pid string, upTo int64) (*memProc, error) {
	p, ok := m.procs[pid]
	if !ok {
		return nil, fmt.Errorf("%w: %s", ErrNoProcess, pid)
	}
	for int64(len(p.slots)) < int64(len(p.message)) && int64(len(p.slots)) <= upTo {
		m.compute(p)
	}
	return p, nil
}

func (m *memory) WaitScheduled(_ context.Context, pid string) (int64, *patchdev.Table, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	p, err := m.catchUp(pid, 1<<40)
	if err != nil {
		return -1, nil, err
	}
	s := p.slots[len(p.slots)-1]
	return s.Number, s.Root, nil
}

func (m *memory) Wait(ctx context.Context, pid string, n int64) (*ao.Slot, error) {
	m.mu.Lock()
	_, err := m.catchUp(pid, n)
	m.mu.Unlock()
	if err != nil {
		return nil, err
	}
	return m.Slot(ctx, pid, n)
}

func (m *memory) Slot(_ context.Context, pid string, n int64) (*ao.Slot, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	p, ok := m.procs[pid]
	if !ok {
		return nil, ErrNoProcess
	}
	if n < 0 || n >= int64(len(p.slots)) {
		return nil, ErrNoSlot
	}
	return p.slots[n], nil
}

func (m *memory) Root(ctx context.Context, pid string, n int64) (*patchdev.Table, error) {
	s, err := m.Slot(ctx, pid, n)
	if err != nil {
		return nil, err
	}
	return s.Root, nil
}

func (m *memory) Schedule(_ context.Context, pid string, from, to int64) ([]ao.Message, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	p, ok := m.procs[pid]
	if !ok {
		return nil, ErrNoProcess
	}
	return slices.Clone(p.message[max(from, 0):min(to+1, int64(len(p.message)))]), nil
}

func (m *memory) Message(_ context.Context, id string) (ao.Message, string, int64, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for pid, p := range m.procs {
		for n, msg := range p.message {
			if msg.ID == id {
				return msg, pid, int64(n), nil
			}
		}
	}
	return ao.Message{}, "", -1, ErrNoMessage
}

func (m *memory) Send(_ context.Context, pid string, msg ao.Message) (Receipt, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	p, ok := m.procs[pid]
	if !ok {
		return Receipt{}, ErrNoProcess
	}
	return m.schedule(p, msg), nil
}

func (m *memory) schedule(p *memProc, msg ao.Message) Receipt {
	if msg.ID == "" {
		m.n++
		msg.ID = ao.ID("test", fmt.Sprint(m.n))
	}
	p.message = append(p.message, msg)
	r := Receipt{Slot: int64(len(p.message)) - 1, ID: msg.ID}
	if !p.lazy {
		m.compute(p)
	}
	return r
}

func (m *memory) compute(p *memProc) {
	n := len(p.slots)
	msg := p.message[n]
	s := &ao.Slot{Process: p.info.ID, Number: int64(n), Message: msg, Root: patchdev.EmptyTable()}
	if n > 0 {
		s.Root = p.slots[n-1].Root
	}
	if n > 0 && p.eval != nil {
		data, _ := msg.Data.(patchdev.String)
		action, _ := ao.TagValue(msg.Tags, "Action")
		results, outbox, err := p.eval.eval(action, string(data))
		s.Result.Results, s.Result.Outbox = results, outbox
		if err != nil {
			s.Result.Error = err.Error()
		} else {
			o := p.opts
			o.Profile, o.Slot = m.profile, int64(n)
			a := patchdev.Apply(s.Root, outbox, o)
			s.Root, s.Rest, s.Changes, s.Warnings = a.Root, a.Rest, a.Changes, a.Warnings
			if a.Err != nil {
				s.Failure = a.Err.Error()
			}
		}
	} else if p.eval != nil {
		s.Result.Results = patchdev.NewTable("output", patchdev.NewTable("data", "no-eval"))
		if _, boom := p.eval.(failing); boom {
			s.Result.Error = "boom from lua"
		}
	}
	p.slots = append(p.slots, s)
	for e := range m.subs {
		if e.process == "" || e.process == p.info.ID {
			e.put(ao.Event{Kind: ao.SlotComputed, Process: p.info.ID, Slot: s.Number, Computed: s})
		}
	}
	for i, e := range s.Rest {
		target, _ := e.Fields.Get("target")
		t, _ := target.(patchdev.String)
		d := ao.Delivery{Target: string(t)}
		if to, ok := m.procs[string(t)]; ok {
			data, _ := e.Fields.Get("data")
			action, _ := e.Fields.Get("action")
			a, _ := action.(patchdev.String)
			r := m.schedule(to, ao.Message{From: p.info.ID, Target: string(t), Data: data, Tags: []ao.Tag{{Name: "Action", Value: string(a)}}})
			d.Process, d.Slot, d.ID = to.info.ID, r.Slot, r.ID
		}
		s.Result.Messages = append(s.Result.Messages, ao.OutMessage{Target: t})
		s.Delivered = append(s.Delivered, d)
		_ = i
	}
	// What is left of the outbox is what Delivered is about.
	if len(s.Rest) > 0 {
		s.Result.Outbox = s.Rest
	}
}

func (m *memory) DryRun(_ context.Context, pid string, msg ao.Message) (*ao.Slot, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	p, ok := m.procs[pid]
	if !ok {
		return nil, ErrNoProcess
	}
	s := &ao.Slot{Process: pid, Number: int64(len(p.slots)), Message: msg, Root: patchdev.EmptyTable()}
	s.Result.Results = patchdev.NewTable("output", patchdev.NewTable("data", "no-eval"))
	return s, nil
}

func (m *memory) Spawn(_ context.Context, r SpawnRequest) (ao.ProcessInfo, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.n++
	info := ao.ProcessInfo{ID: ao.ID("spawn", fmt.Sprint(m.n)), Name: r.Name, Owner: r.Owner, Script: r.Script, Tags: r.Tags, Flavour: "aos"}
	if strings.Contains(r.Source, "refuse") {
		return info, fmt.Errorf("%w: no", ErrBadMessage)
	}
	return m.add(info).describe(), nil
}

// add makes a process with slot 0 computed.
func (m *memory) add(info ao.ProcessInfo) *memProc {
	p := &memProc{info: info, opts: patchdev.StackOptions(info.Flavour, func(name string) (string, bool) {
		for _, t := range info.Tags {
			if strings.EqualFold(t.Name, name) {
				return t.Value, true
			}
		}
		return "", false
	})}
	if m.eval != nil {
		p.eval = m.eval(info.Flavour)
	}
	m.procs[info.ID] = p
	m.order = append(m.order, info.ID)
	m.schedule(p, ao.Message{ID: info.ID, From: info.Owner, Tags: info.Tags})
	for e := range m.subs {
		e.put(ao.Event{Kind: ao.ProcessAdded, Process: info.ID})
	}
	return p
}

func (m *memory) Subscribe(process string) Events {
	e := &memEvents{m: m, process: process, c: make(chan struct{}, 1)}
	m.mu.Lock()
	m.subs[e] = true
	m.mu.Unlock()
	return e
}

type memEvents struct {
	m       *memory
	process string
	c       chan struct{}
	mu      sync.Mutex
	queue   []ao.Event
}

func (e *memEvents) put(ev ao.Event) {
	e.mu.Lock()
	e.queue = append(e.queue, ev)
	e.mu.Unlock()
	select {
	case e.c <- struct{}{}:
	default:
	}
}

func (e *memEvents) C() <-chan struct{} { return e.c }

func (e *memEvents) Drain() []ao.Event {
	e.mu.Lock()
	defer e.mu.Unlock()
	q := e.queue
	e.queue = nil
	return q
}

func (e *memEvents) Close() {
	e.m.mu.Lock()
	maps.DeleteFunc(e.m.subs, func(x *memEvents, _ bool) bool { return x == e })
	e.m.mu.Unlock()
}

// failing is err.lua: every evaluation raises an error.
type failing struct{}

func (failing) eval(string, string) (*patchdev.Table, []patchdev.Entry, error) {
	return nil, nil, fmt.Errorf("boom from lua")
}

// setRoot puts a root in place, for tests that need no script.
func (m *memory) setRoot(pid string, root *patchdev.Table) {
	m.mu.Lock()
	defer m.mu.Unlock()
	p := m.procs[pid]
	n := int64(len(p.slots))
	msg := ao.Message{ID: ao.ID("root", pid, fmt.Sprint(n)), Timestamp: time.Unix(1, 0).UnixMilli()}
	p.message = append(p.message, msg)
	old := patchdev.EmptyTable()
	if n > 0 {
		old = p.slots[n-1].Root
	}
	s := &ao.Slot{Process: pid, Number: n, Message: msg, Root: root, Changes: patchdev.Diff(old, root)}
	p.slots = append(p.slots, s)
	for e := range m.subs {
		e.put(ao.Event{Kind: ao.SlotComputed, Process: pid, Slot: n, Computed: s})
	}
}

// swapSource lets one server serve the source of each recorded case in turn.
type swapSource struct {
	now    atomic.Pointer[Source]
	signed atomic.Pointer[ao.Message]
}

func (s *swapSource) Load() Source { return *s.now.Load() }

func (s *swapSource) use(m Source, g *golden) {
	s.now.Store(&m)
	s.signed.Store(nil)
	if g.Request.B64 || g.Request.Headers["signature"] != "" {
		msg := ao.Message{From: recordedNode, Data: patchdev.String(g.Request.Tags["data"]), Target: g.ID, Tags: []ao.Tag{
			{Name: "Action", Value: g.Request.Tags["action"]},
			{Name: "data-protocol", Value: "ao"},
			{Name: "type", Value: "Message"},
			{Name: "variant", Value: "ao.N.1"},
			{Name: "x-nonce", Value: "1"},
		}}
		if msg.Data == patchdev.String("") && g.Request.Body != nil {
			msg.Data = patchdev.String(*g.Request.Body)
			msg.Tags[0].Value = g.Request.Headers["action"]
		}
		s.signed.Store(&msg)
	}
}

func (s *swapSource) Processes() []ao.ProcessInfo                    { return s.Load().Processes() }
func (s *swapSource) Process(pid string) (ao.ProcessInfo, bool)      { return s.Load().Process(pid) }
func (s *swapSource) Head(pid string) (int64, *patchdev.Table, bool) { return s.Load().Head(pid) }
func (s *swapSource) Scheduled(pid string) int64                     { return s.Load().Scheduled(pid) }
func (s *swapSource) Profile() patchdev.Profile                      { return s.Load().Profile() }
func (s *swapSource) WaitScheduled(ctx context.Context, pid string) (int64, *patchdev.Table, error) {
	return s.Load().WaitScheduled(ctx, pid)
}

func (s *swapSource) Wait(ctx context.Context, pid string, n int64) (*ao.Slot, error) {
	return s.Load().Wait(ctx, pid, n)
}

func (s *swapSource) Slot(ctx context.Context, pid string, n int64) (*ao.Slot, error) {
	return s.Load().Slot(ctx, pid, n)
}

func (s *swapSource) Root(ctx context.Context, pid string, n int64) (*patchdev.Table, error) {
	return s.Load().Root(ctx, pid, n)
}

func (s *swapSource) Schedule(ctx context.Context, pid string, from, to int64) ([]ao.Message, error) {
	return s.Load().Schedule(ctx, pid, from, to)
}

func (s *swapSource) Message(ctx context.Context, id string) (ao.Message, string, int64, error) {
	return s.Load().Message(ctx, id)
}

func (s *swapSource) Send(ctx context.Context, pid string, m ao.Message) (Receipt, error) {
	return s.Load().Send(ctx, pid, m)
}

func (s *swapSource) DryRun(ctx context.Context, pid string, m ao.Message) (*ao.Slot, error) {
	return s.Load().DryRun(ctx, pid, m)
}

func (s *swapSource) Spawn(ctx context.Context, r SpawnRequest) (ao.ProcessInfo, error) {
	return s.Load().Spawn(ctx, r)
}
func (s *swapSource) Subscribe(process string) Events { return s.Load().Subscribe(process) }

// tableOf makes a table of n keys like addresses.
func tableOf(n int) *patchdev.Table {
	b := patchdev.EmptyTable().Edit()
	for i := range n {
		b.Set(fmt.Sprintf("%043d", i), patchdev.Int(i))
	}
	return b.Table()
}
