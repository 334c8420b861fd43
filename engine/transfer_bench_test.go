package engine

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"

	"patchbay/engine/ao"
	"patchbay/engine/journal"
)

// BenchmarkEngineTransfer measures the engine without the journal: one op is a
// token's Transfer from the message that Send was given to the slot that everybody
// sees. That is what aos' BenchmarkTransfer measures (the VM and the patch device),
// and the message's fields filled in and its id, the ids of what it sends, the
// digest of the result, the routing of what it sends (to addresses outside), the
// slot in the window of the newest ones, the head, and the event to one subscriber.
// Left out is what only the journal needs: rows, their encoding, the digest of the
// root in them, the hand-over between its goroutine and the process's, SQLite.
//
// transfers/cpu-s is by the CPU time of the whole program on one core, the garbage
// collector's with it.
func BenchmarkEngineTransfer(b *testing.B) {
	for _, p := range []struct{ name, code string }{
		{"two keys", `Send({ Target = ao.id, device = "patch@1.0", balances = { [msg.From] = Balances[msg.From], [msg.Recipient] = Balances[msg.Recipient] } })`},
		{"whole table", `Send({ Target = ao.id, device = "patch@1.0", balances = Balances })`},
	} {
		b.Run("1000 balances/"+p.name, func(b *testing.B) {
			// One core, and the collector as `patchbay serve` and `patchbay run` set it.
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
			defer debug.SetGCPercent(debug.SetGCPercent(400))
			src, err := os.ReadFile("aos/testdata/bench/bint-token.lua")
			if err != nil {
				b.Fatal(err)
			}
			e := openReal(b, ":memory:")
			defer e.Close()
			token := strings.NewReplacer("BALANCES", "1000", "PATCH", p.code).Replace(string(src))
			info, err := e.Spawn(context.Background(), SpawnRequest{Name: "token", Source: token})
			if err != nil {
				b.Fatal(err)
			}
			e.settled(b, info.ID)
			sub := e.Subscribe(SubscribeOptions{})
			defer sub.Close()
			proc, _ := e.process(info.ID)
			holders := make([]string, 1000)
			for i := range holders {
				holders[i] = fmt.Sprintf("%043d", i+1)
			}
			err = proc.call(context.Background(), 0, func(w *worker) error {
				one := func(i int) error { return w.transient(transferOf(holders[i*7%1000], holders[(i*13+5)%1000])) }
				if err := one(0); err != nil { // converts everything
					return err
				}
				b.ReportAllocs()
				cpu := cpuTime()
				for i := 1; b.Loop(); i++ {
					if err := one(i); err != nil {
						return err
					}
				}
				if cpu = cpuTime() - cpu; cpu > 0 {
					b.ReportMetric(float64(b.N)/cpu.Seconds(), "transfers/cpu-s")
				}
				return nil
			})
			if err != nil {
				b.Fatal(err)
			}
			b.StopTimer()
			if n, root, _ := e.Head(info.ID); n < int64(b.N) || root.Len() == 0 {
				b.Fatal(n, root.Len())
			}
			if len(sub.Drain()) == 0 {
				b.Fatal("no events")
			}
		})
	}
}

func transferOf(from, to string) ao.Message {
	return ao.Message{From: from, Tags: []ao.Tag{
		{Name: "Action", Value: "Transfer"},
		{Name: "Recipient", Value: to},
		{Name: "Quantity", Value: "1"},
	}}
}

// transient schedules and computes a message as Send and step do, but for the
// journal.
func (w *worker) transient(m ao.Message) error {
	p, e := w.p, w.p.e
	slot := p.head.Load().slot + 1
	e.complete(p, &m)
	m.ID = inID(p.id, e.salt(p.branch), slot, &m)
	m.Root = m.ID
	en := journal.Entry{Branch: p.branch, Slot: slot, Message: m, Derived: true}
	ctx, cancel := context.WithCancelCause(e.ctx)
	defer cancel(nil)
	res, outcome, err := w.outcome(ctx, en)
	if err != nil || res.Failed() || len(res.Messages) != 3 {
		return fmt.Errorf("slot %d: %w %+v", slot, err, res)
	}
	sv, before := w.result(p.branch, en, res, outcome)
	if sv.slot.Root == before {
		return fmt.Errorf("slot %d patched nothing", slot)
	}
	if sv.out = p.outgoing(sv.slot, routeNow); sv.out != nil {
		return fmt.Errorf("slot %d sends something to a local process", slot)
	}
	w.at = slot
	if !p.publish(p.branch, sv) {
		return errSwitched
	}
	p.mu.Lock()
	p.unsaved = nil
	p.mu.Unlock()
	if _, ok := p.remembered(slot); !ok {
		return fmt.Errorf("slot %d is not there", slot)
	}
	return nil
}
