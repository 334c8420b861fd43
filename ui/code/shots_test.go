package code_test

import (
	"testing"

	"fyne.io/fyne/v2"

	"patchbay/ui/code"
	"patchbay/ui/theme"
	"patchbay/ui/uitest"
)

const token = `-- A token with a patch: what is in Balances is readable over HTTP.
local json = require('json')

Balances = Balances or { [Owner] = 1000000 }
TotalSupply = TotalSupply or 1000000

-- Transfer handler
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
`

// open shows an editor in a window and gives it the focus.
func open(t testing.TB, text string, opts ...uitest.Option) (*uitest.UI, *code.Editor) {
	t.Helper()
	var e *code.Editor
	ui := uitest.Build(t, 800, 480, func(u *uitest.UI) fyne.CanvasObject {
		e = code.New(code.Options{Name: "token.lua", Text: text, Now: u.Clock.Now})
		return e
	}, opts...)
	ui.OnTick(e.Tick)
	ui.Focus(e)
	return ui, e
}

func TestLook(t *testing.T) {
	for _, m := range []theme.Mode{theme.Dark, theme.Light} {
		ui, e := open(t, token, uitest.Mode(m))
		e.SetCoverage([]int{8, 9, 10, 11, 12, 13, 14, 15, 18, 19, 20, 22})
		e.SetMarks([]code.Mark{{Line: 20, Col: 7, EndCol: 11, Severity: code.Warning, Message: "cache.info cannot be read by path"}, {Line: 24, Severity: code.Error, Message: "x"}})
		e.Reveal(14, 5)
		ui.Shot("look-" + m.String())
	}
}
