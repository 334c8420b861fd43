package ui_test

import (
	"fmt"
	"testing"
	"time"

	"patchbay/ui"
	"patchbay/ui/inspect"
	"patchbay/ui/theme"
	"patchbay/ui/traffic"
	"patchbay/ui/uitest"

	"patchbay/engine/ao"
)

// TestShots draws the window for a person to look at, when UITEST_SHOTS names a folder.
func TestShots(t *testing.T) {
	for _, m := range []theme.Mode{theme.Dark, theme.Light} {
		for _, size := range [][2]float32{{1280, 800}, {1920, 1080}} {
			t.Run(fmt.Sprintf("%v-%v", m, size[0]), func(t *testing.T) {
				a := open(t, setup{w: size[0], h: size[1], opts: []uitest.Option{uitest.Mode(m)}, lint: someLint})
				a.W.Tree.Select([]string{"cache", "balances", ao.Address("alice")})
				a.W.Composer.Action.SetText("Transfer")
				a.W.Composer.Tag("Recipient").SetText("bob")
				a.W.Composer.Tag("Quantity").SetText("250")
				a.W.Inspect.Tabs.Select(inspect.TabHistory)
				name := fmt.Sprintf("%v-%d", m, int(size[0]))
				a.send("alice", "Transfer", "Recipient", ao.Address("bob"), "Quantity", "250")
				a.settle()
				a.Shot("main-" + name)
				if size[0] != 1280 {
					return
				}
				for i := range 6 {
					e := traffic.Exchange{At: a.Clock.Now(), Method: "GET", Path: "/" + a.pid() + "~process@1.0/now/cache/balances/" + ao.Address("alice"), Status: 200, Duration: 900 * time.Microsecond, Origin: "http://localhost:5173"}
					if i%3 == 2 {
						e.Status, e.Path, e.Process, e.Key = 404, "/"+a.pid()+"~process@1.0/now/cache/balance", a.pid(), []string{"cache", "balance"}
					}
					a.Node.asked(e)
				}
				a.settle()
				for _, tab := range []int{ui.TabOutbox, ui.TabOutput, ui.TabSlot, ui.TabTraffic, ui.TabProblems} {
					a.W.Bottom.Select(tab)
					a.W.Inspect.Tabs.Select(tab % 3)
					a.Wait(2 * time.Second)
					a.Shot(fmt.Sprintf("tab%d-%s", tab, name))
				}
				a.W.Bottom.Select(ui.TabSend)
				a.W.Palette()
				a.Shot("palette-" + name)
			})
		}
	}
	t.Run("empty", func(t *testing.T) {
		a := open(t, setup{empty: true, tour: true})
		a.Shot("empty")
	})
}

func someLint(file, _ string) []ui.Problem {
	if file == "escrow.lua" { // which is not open
		return nil
	}
	return []ui.Problem{{
		Severity: ui.Warning, Rule: "reserved-key", Line: 20, Col: 7,
		Message: "cache.info cannot be read by path on a HyperBEAM node: info is a function of every message. Rename it, e.g. token-info.",
	}}
}

// TestShotsOfCorners draws what is not always on screen.
func TestShotsOfCorners(t *testing.T) {
	a := open(t, setup{tour: true, lint: someLint})
	a.W.Tree.Pin(aliceAt)
	a.W.Tree.Pin([]string{"cache", "totalsupply"})
	a.W.Tree.Select([]string{"cache", "info"})
	a.transfer("bob", "x")
	a.W.Composer.AddTag("", "")
	a.press("Ctrl+Return")
	a.Shot("corner-tour-pins-error")
	a.W.ShowSlot(6)
	a.settle()
	a.W.Bottom.Select(ui.TabOutput)
	a.W.Tree.Select([]string{"cache", "info", "name"})
	a.W.Inspect.Tabs.Select(inspect.TabHistory)
	a.Wait(time.Second)
	a.Shot("corner-past-error")
	a.W.Bottom.Select(ui.TabProblems)
	a.W.Problems.List.Select(1)
	a.W.Inspect.Tabs.Select(inspect.TabValue)
	a.Wait(time.Second)
	a.Shot("corner-problem")
	a.press("Ctrl+N")
	a.Shot("corner-new")
	a.press("Escape")
	a.W.Reset()
	a.Shot("corner-confirm")
	a.press("Escape")
	a.W.Bottom.Select(ui.TabTraffic)
	a.W.Traffic.SetMisses(true)
	a.Node.asked(traffic.Exchange{At: a.Clock.Now(), Method: "GET", Path: "/" + a.pid() + "/now/cache/balance", Status: 404, Process: a.pid(), Key: []string{"cache", "balance"}})
	a.settle()
	a.Shot("corner-misses")
	two := open(t, setup{opts: []uitest.Option{uitest.Scale(2)}})
	two.Shot("corner-scale2")
}
