package ui

import (
	"fmt"
	"testing"
)

func TestHandled(t *testing.T) {
	src := `
Handlers.add("transfer", "Transfer", function(msg)
  local to, q = msg.Tags.Recipient, msg.Tags["Quantity"]
end)
Handlers.add('bal', Handlers.utils.hasMatchingTag('Action', 'Balance'), function(m) return m.Tags.Target, m.Recipient end)
Handlers.add("mint", { Action = "Mint" }, function(msg) print(msg.Quantity, msg.From, msg.Tags.Recipient, msg.Quantity) end)
Handlers.add("named", function(msg) return msg.Action == "Odd" end, function() end)
Handlers.prepend("Ping", function(msg) end)
-- Handlers.add is spoken of here: Handlers.add("old", "Old", function() end)
--[[ Handlers.add("older", "Older",
function() end) ]]
Handlers.add("transfer", "Transfer", function() end)
`
	want := "[{Transfer [Recipient Quantity]} {Balance [Recipient]} {Mint [Quantity Recipient]} {Odd []} {Ping []}]"
	if got := fmt.Sprint(handled(src)); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestHandledByARawScript(t *testing.T) {
	src := `function compute(base, req, opts)
  local action = req.body.action
  if action == "Transfer" then return end -- action == "Gone"
  if req["Action"] == 'Mint' then end
end`
	if got := fmt.Sprint(handled(src)); got != "[{Transfer []} {Mint []}]" {
		t.Error(got)
	}
}

func FuzzHandled(f *testing.F) {
	f.Add(`Handlers.add("a", "B", function(msg) return msg.Tags.C end)`)
	f.Fuzz(func(t *testing.T, s string) { handled(s) })
}
