package ui_test

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"patchbay/ui"
	"patchbay/ui/inspect"
	"patchbay/ui/traffic"
)

// TestPanelsRenderAsBefore holds each panel to a description of everything that it
// draws, kept in testdata. After an intended change run the test, look at what it
// left in testdata/failed, and move that over.
func TestPanelsRenderAsBefore(t *testing.T) {
	a := open(t, setup{lint: someLint})
	a.W.Tree.Select(aliceAt)
	a.transfer("bob", "250")
	a.Wait(10 * time.Second)
	a.W.Inspect.Tabs.Select(inspect.TabValue)
	a.Node.asked(traffic.Exchange{At: a.Clock.Now(), Method: "GET", Path: "/x/now/cache", Status: 200, Duration: time.Millisecond})
	a.settle()
	golden := func(name string, o fyne.CanvasObject) {
		t.Helper()
		test.AssertObjectRendersToMarkup(t, "panels/"+name+".xml", o)
	}
	golden("tree", a.W.Tree.Content())
	golden("slots", a.W.Slots.Content())
	golden("foot", a.W.Bar.Content())
	golden("inspector", a.W.Inspect.Content())
	a.W.Bottom.Select(ui.TabSend)
	golden("composer", a.W.Composer.Content())
	golden("header", a.W.Header())
	a.W.Bottom.Select(ui.TabOutbox)
	golden("outbox", a.W.Outbox.Rows)
	a.W.Bottom.Select(ui.TabOutput)
	golden("output", a.W.Output.Rows)
	a.W.Bottom.Select(ui.TabSlot)
	golden("slot", a.W.Facts.Rows)
	a.W.Bottom.Select(ui.TabConsole)
	golden("console", a.W.Console.Content())
	a.W.Bottom.Select(ui.TabTraffic)
	golden("traffic", a.W.Traffic.Content())
	a.W.Traffic.SetMisses(true)
	golden("misses", a.W.Traffic.Content())
	a.W.Bottom.Select(ui.TabProblems)
	golden("problems", a.W.Problems.Content())
	golden("tabs", a.W.Bottom)
	for _, x := range []struct {
		tab  int
		name string
	}{{inspect.TabResponse, "response"}, {inspect.TabHistory, "history"}} {
		a.W.Inspect.Tabs.Select(x.tab)
		a.Wait(time.Second)
		golden(x.name, a.W.Inspect.Content())
	}
	a.W.Palette()
	golden("palette", a.Canvas().Overlays().Top())
}
