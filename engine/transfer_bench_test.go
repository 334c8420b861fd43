package engine

import (
	"context"
	"fmt"
	"testing"

	"patchbay/engine/ao"
	"patchbay/engine/journal"
)

// bintToken is the token of aos' BenchmarkTransfer: balances as strings of large
// integers, checks, a debit answer, a credit notice, a patch.
const bintToken = `
local bint = require('.bint')(256)
local utils = {
  add = function(a, b) return tostring(bint(a) + bint(b)) end,
  subtract = function(a, b) return tostring(bint(a) - bint(b)) end,
}
Balances = {}
for i = 1, %d do Balances[string.format("holder-%%036d", i)] = "1000000000000" end
Handlers.add("transfer", "Transfer", function(msg)
  assert(type(msg.Recipient) == "string", "Recipient is required!")
  assert(type(msg.Quantity) == "string", "Quantity is required!")
  assert(bint.__lt(0, bint(msg.Quantity)), "Quantity must be greater than 0")
  if not Balances[msg.From] then Balances[msg.From] = "0" end
  if not Balances[msg.Recipient] then Balances[msg.Recipient] = "0" end
  if bint(msg.Quantity) <= bint(Balances[msg.From]) then
    Balances[msg.From] = utils.subtract(Balances[msg.From], msg.Quantity)
    Balances[msg.Recipient] = utils.add(Balances[msg.Recipient], msg.Quantity)
    msg.reply({ Action = "Debit-Notice", Recipient = msg.Recipient, Quantity = msg.Quantity, Data = "You sent " .. msg.Quantity })
    Send({ Target = msg.Recipient, Action = "Credit-Notice", Sender = msg.From, Quantity = msg.Quantity, Data = "You received " .. msg.Quantity })
    %s
  else
    msg.reply({ Action = "Transfer-Error", ["Message-Id"] = msg.Id, Error = "Insufficient Balance!" })
  end
end)`

// BenchmarkEngineTransfer measures the engine without the journal: one op is a
// token's Transfer from the message that Send was given to the slot that everybody
// sees. That is what aos' BenchmarkTransfer measures (the VM and the patch device),
// and the message's fields filled in and its id, the ids of what it sends, the
// digest of the result, the routing of what it sends (to addresses outside), the
// slot in the window of the newest ones, the head, and the event to one subscriber.
// Left out is what only the journal needs: rows, their encoding, the digest of the
// root in them, the hand-over between its goroutine and the process's, SQLite.
//
// transfers/cpu-s is by the CPU time of the whole program on all cores, the
// garbage collector's with it.
func BenchmarkEngineTransfer(b *testing.B) {
	for _, p := range []struct{ name, code string }{
		{"two keys", `Send({ Target = ao.id, device = "patch@1.0", balances = { [msg.From] = Balances[msg.From], [msg.Recipient] = Balances[msg.Recipient] } })`},
		{"whole table", `Send({ Target = ao.id, device = "patch@1.0", balances = Balances })`},
	} {
		b.Run("1000 balances/"+p.name, func(b *testing.B) {
			e := openReal(b, ":memory:")
			defer e.Close()
			info, err := e.Spawn(context.Background(), SpawnRequest{Name: "token", Source: fmt.Sprintf(bintToken, 1000, p.code)})
			if err != nil {
				b.Fatal(err)
			}
			e.settled(b, info.ID)
			sub := e.Subscribe(SubscribeOptions{})
			defer sub.Close()
			proc, _ := e.process(info.ID)
			holders := make([]string, 1000)
			for i := range holders {
				holders[i] = holder(i)
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
