package rawlua

import (
	"context"
	"strings"
	"testing"

	"patchbay/engine/ao"
	"patchbay/patchdev"
)

const hyperToken = `
Balances = Balances or { owner = 100 }
Send({ device = 'patch@1.0', cache = { balances = Balances } })
Handlers.add("transfer", { action = "Transfer", quantity = "%d+" }, function(req)
  local q = tonumber(req.body.quantity)
  Balances[req.body.recipient] = (Balances[req.body.recipient] or 0) + q
  print("moved " .. q .. " at " .. os.time())
  req.reply({ action = "Debit-Notice", quantity = req.body.quantity })
  if req.body.boom then error("after the reply") end
end)`

func TestHyper(t *testing.T) {
	vm := open(t, hyperToken)
	send := func(slot int64, from string, tags ...ao.Tag) *ao.Result {
		t.Helper()
		m := &ao.Message{ID: "m", From: from, Owner: owner, Tags: tags, Timestamp: 77}
		for _, tag := range tags {
			if tag.Name == "Data" {
				m.Data = patchdev.String(tag.Value)
			}
		}
		res, err := vm.Evaluate(context.Background(), m, slot)
		if err != nil {
			t.Fatal(err)
		}
		return res
	}
	boot := send(0, owner)
	if boot.Failed() || len(boot.Outbox) != 1 || boot.Outbox[0].Key != "1" || boot.Text != "New Message" {
		t.Fatalf("%+v", boot)
	}
	transfer := []ao.Tag{{Name: "Action", Value: "Transfer"}, {Name: "Quantity", Value: "5"}, {Name: "Recipient", Value: "bob"}, {Name: "Reference", Value: "9"}}
	res := send(1, owner, transfer...)
	if res.Failed() || res.Text != "moved 5 at 77" || len(res.Outbox) != 1 {
		t.Fatalf("%+v", res)
	}
	want := `{"action":"Debit-Notice","quantity":"5","reference":"2","target":"` + owner + `","x-reference":"9"}`
	if got := json(res.Outbox[0].Fields); got != want {
		t.Fatalf("got  %s\nwant %s", got, want)
	}
	// An error in a handler is output; what was sent and changed stays.
	res = send(2, owner, append(transfer, ao.Tag{Name: "Boom", Value: "1"})...)
	if res.Failed() || !strings.Contains(res.Text, "\n\nerror:\n") || !strings.Contains(res.Text, "after the reply") || len(res.Outbox) != 1 {
		t.Fatalf("%+v", res)
	}
	if res = send(3, owner, ao.Tag{Name: "Action", Value: "Eval"}, ao.Tag{Name: "Data", Value: "Balances.bob"}); res.Text != "10" {
		t.Fatalf("%+v", res)
	}
	if res = send(4, owner, ao.Tag{Name: "Action", Value: "Eval"}, ao.Tag{Name: "Data", Value: "error('x')"}); !res.Failed() {
		t.Fatalf("%+v", res)
	}
	if res = send(5, "stranger", transfer...); res.Text != "Message is not trusted." {
		t.Fatalf("%+v", res)
	}
}
