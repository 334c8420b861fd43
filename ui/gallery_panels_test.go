package ui_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"net/http"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"patchbay/engine/ao"
	"patchbay/patchdev"
	"patchbay/ui"
	"patchbay/ui/inspect"
	"patchbay/ui/opening"
	"patchbay/ui/traffic"
	"patchbay/ui/tree"
	"patchbay/ui/uitest"
)

// pages stand where the window will be when there is a project.
var pages = map[string]func(*uitest.UI) fyne.CanvasObject{
	"opening": func(u *uitest.UI) fyne.CanvasObject {
		w := opening.NewWait("/home/me/projects/token-demo", func() {})
		u.TB.Cleanup(w.Stop)
		w.Waited(opening.QuitAfter)
		return w.Content()
	},
	"opening-failed": func(*uitest.UI) fyne.CanvasObject {
		return opening.Failed(errors.New("/home/me/projects/token-demo/patchbay.toml:3:1: expected a value, found the end of the line. Write port = 8734, or leave the line out"), opening.Offers{})
	},
}

// bottom shows a tab at the foot, with the slot that a transfer made.
func bottom(tab int) func(*app) {
	return func(a *app) {
		a.W.Bottom.Select(tab)
		a.Wait(2 * time.Second)
	}
}

// value shows a value of its own in the inspector.
func value(v any, tab int) func(*app) {
	return func(a *app) {
		a.show("shown", v)
		a.W.Tree.Select([]string{"cache", "shown"})
		a.W.Inspect.Tabs.Select(tab)
		a.Wait(time.Second)
	}
}

// asked makes requests that a page would make.
func (a *app) asked() {
	base := "/" + a.pid() + "~process@1.0"
	for _, e := range []traffic.Exchange{
		{Method: "GET", Path: base + "/now/cache/balances/" + alice, Status: 200, Bytes: 6, Duration: 900 * time.Microsecond, Origin: "http://localhost:5173", Process: a.pid(), Key: aliceAt},
		{Method: "GET", Path: base + "/now/cache/balance", Status: 404, Duration: 300 * time.Microsecond, Origin: "http://localhost:5173", Process: a.pid(), Key: []string{"cache", "balance"}},
		{Method: "GET", Path: base + "/compute=3/cache/info/serialize~json@1.0", Status: 200, Bytes: 48, Duration: 12 * time.Millisecond, Process: a.pid(), Key: []string{"cache", "info"}, Past: true, Slot: 3, Note: "add ?bundle: a node answers with links"},
		{Method: "POST", Path: base + "/push", Status: 403, Duration: 80 * time.Microsecond, Origin: "https://elsewhere.example", Note: "the origin is not allowed: add it to allow-origins"},
		{Method: "GET", Path: base + "/now/cache/totalSupply", Status: 404, Duration: 310 * time.Microsecond, Process: a.pid(), Key: []string{"cache", "totalSupply"}},
	} {
		e.At = a.Clock.Now()
		a.Node.answered(e, wire(e.Origin))
		a.Wait(200 * time.Millisecond)
	}
}

// chooseRequest chooses the second request, or miss, of the traffic.
func (a *app) chooseRequest(misses bool) {
	a.W.Bottom.Select(ui.TabTraffic)
	a.W.Traffic.SetMisses(misses)
	a.settle()
	a.Focus(a.W.Traffic.List)
	a.press("Home", "Down")
}

// wire is an exchange in full.
func wire(origin string) *traffic.Captured {
	return &traffic.Captured{
		Proto: "HTTP/1.1", Host: "127.0.0.1:8734",
		Request:     http.Header{"Accept": {"application/json"}, "Content-Type": {"application/json"}, "Origin": {origin}, "User-Agent": {"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36"}},
		RequestBody: []byte(`{"Action":"Info"}`), RequestSize: 17,
		Response:     http.Header{"content-type": {"application/json"}, "access-control-allow-origin": {"*"}},
		ResponseBody: []byte(`{"name":"Demo","share":0.00025,"holders":[1,2,true]}`), ResponseSize: 52,
	}
}

// smallPicture is a PNG as a script would expose it.
func smallPicture() string {
	img := image.NewRGBA(image.Rect(0, 0, 24, 16))
	for i := range 24 * 16 {
		img.Set(i%24, i/24, color.RGBA{R: uint8(i), G: uint8(10 * (i / 24)), B: 140, A: 255})
	}
	var b bytes.Buffer
	must(0, png.Encode(&b, img))
	return "data:image/png;base64," + base64.StdEncoding.EncodeToString(b.Bytes())
}

// consoleUsed is the console after some of everything, with a line half typed.
func consoleUsed(a *app) {
	a.press("Ctrl+7")
	a.enter("1 + 1")
	a.enter("print(1)")
	a.enter("Send({ Target = ao.id })")
	a.enter("Send({ Target = ao.id })", "Alt+Return")
	a.enter("boom()")
	a.enter("for name, handler in pairs(Handlers.list) do")
	a.Type("  print(Handlers.pr")
}

func panelScenes() []scene {
	rich := func(a *app) {
		a.W.Tree.Select(aliceAt)
		a.transfer("bob", "250")
		a.W.Inspect.Tabs.Select(inspect.TabHistory)
		a.send("alice", "Transfer", "Recipient", bob, "Quantity", "250")
		a.settle()
		a.Wait(500 * time.Millisecond) // the node is not asked for each of many slots
	}
	traffic := func(misses bool) func(*app) {
		return func(a *app) {
			a.asked()
			a.chooseRequest(misses)
		}
	}
	long := func(a *app) {
		a.show(strings.Repeat("long-key-", 6), patchdev.NewTable("deeper-and-deeper-key-of-a-registry", alice+alice, "n", 1), "json", `{"owner":"`+alice+`","list":[1,2,{"deep":null}]}`)
		a.W.Bottom.Select(ui.TabSlot)
	}
	list := []scene{
		{"main", setup{lint: someLint}, rich},
		{"outbox", setup{}, bottom(ui.TabOutbox)},
		{"output", setup{}, bottom(ui.TabOutput)},
		{"console", setup{}, consoleUsed},
		{"console-empty", setup{quiet: true}, func(a *app) { a.press("Ctrl+7") }},
		{"console-no-process", setup{empty: true}, func(a *app) { a.press("Ctrl+7") }},
		{"output-error", setup{}, func(a *app) { a.W.ShowSlot(6); bottom(ui.TabOutput)(a) }},
		{"slot", setup{}, bottom(ui.TabSlot)},
		{"slot-end", setup{}, func(a *app) {
			bottom(ui.TabSlot)(a)
			a.Focus(a.W.Facts.Rows)
			a.press("End")
		}},
		{"slot-spawn", setup{}, func(a *app) { a.W.ShowSlot(0); bottom(ui.TabSlot)(a) }},
		{"slot-error", setup{}, func(a *app) { a.W.ShowSlot(6); bottom(ui.TabSlot)(a) }},
		{"slot-long-keys", setup{}, long},
		{"slot-narrow", setup{settings: fakeSettings{"split.bottom": "0.3", "split.columns": "0.46"}}, long},
		{"traffic", setup{}, traffic(false)},
		{"traffic-misses", setup{}, traffic(true)},
		{"traffic-menu", setup{}, func(a *app) { traffic(false)(a); a.rowMenu(a.W.Traffic.List) }},
		{"traffic-empty", setup{}, bottom(ui.TabTraffic)},
		{"problems", setup{lint: someLint}, func(a *app) {
			bottom(ui.TabProblems)(a)
			a.Focus(a.W.Problems.List)
			a.press("Home", "Down")
		}},
		{"problems-none", setup{quiet: true, empty: true, lint: func(string, string) []ui.Problem { return nil }}, bottom(ui.TabProblems)},
		{"value-number", setup{}, func(a *app) { a.W.Tree.Select(aliceAt); a.W.Inspect.Tabs.Select(inspect.TabValue) }},
		{"value-table", setup{}, func(a *app) {
			a.W.Tree.Select([]string{"cache", "info"})
			a.W.Inspect.Tabs.Select(inspect.TabValue)
		}},
		{"value-json", setup{}, value(`{"name":"Demo","holders":[{"address":"`+alice+`","share":0.25},{"address":"`+bob+`","share":null}],"open":true}`, inspect.TabValue)},
		{"value-html", setup{}, value("<!DOCTYPE html>\n<html>\n  <body>\n    <h1>Token</h1>\n  </body>\n</html>", inspect.TabValue)},
		{"value-image", setup{}, value(smallPicture(), inspect.TabValue)},
		{"value-bytes", setup{}, value("\x00\x01\xff\xfe binary \x80\x90"+strings.Repeat("\x7f\x00", 60), inspect.TabValue)},
		{"value-long-text", setup{}, value(strings.Repeat("A sentence that says what the token is for. ", 60), inspect.TabValue)},
		{"response", setup{}, func(a *app) {
			a.W.Tree.Select(aliceAt)
			a.W.Inspect.Tabs.Select(inspect.TabResponse)
			a.Wait(time.Second)
		}},
		{"history-numbers", setup{}, func(a *app) {
			a.show("n", 1, "m", 2)
			a.W.Tree.Select(aliceAt)
			a.W.Inspect.Tabs.Select(inspect.TabHistory)
			a.Wait(time.Second)
		}},
		{"history-texts", setup{}, func(a *app) {
			for _, state := range []string{"open", "paid", "shipped", "closed"} {
				a.show("state", state)
			}
			a.W.Tree.Select([]string{"cache", "state"})
			a.W.Inspect.Tabs.Select(inspect.TabHistory)
			a.Wait(time.Second)
		}},
		{"tree-filter", setup{}, func(a *app) { a.press("Ctrl+Shift+F").Type("key:bob") }},
		{"tree-nothing-found", setup{}, func(a *app) { a.press("Ctrl+Shift+F").Type("nowhere") }},
		{"tree-pins", setup{}, func(a *app) {
			a.W.Tree.Pin(aliceAt)
			a.W.Tree.Pin([]string{"cache", "totalsupply"})
		}},
		{"tree-sorted", setup{}, func(a *app) { a.W.Tree.SetSort(tree.ByChanged) }},
		{"slots-filter", setup{}, func(a *app) { a.press("Ctrl+Alt+S").Type("bob") }},
		{"slots-nothing-found", setup{}, func(a *app) { a.press("Ctrl+Alt+S").Type("nowhere") }},
		{"past", setup{}, func(a *app) { a.W.ShowSlot(4) }},
		{"read-only", setup{readOnly: "another Patchbay has this project open"}, func(a *app) { a.W.Bottom.Select(ui.TabSend) }},
		{"no-process", setup{empty: true}, func(*app) {}},
		{"empty-cache", setup{quiet: true}, func(a *app) {
			p := must(a.Engine.Spawn(context.Background(), ui.SpawnRequest{Name: "bare", Script: "escrow.lua", Owner: ao.Address("o")}))
			s := a.Engine.slots[p.ID][0]
			s.Root, s.Changes, s.Warnings = patchdev.EmptyTable(), nil, nil
			a.settle()
			a.press("Ctrl+P").Type("bare\n")
		}},
		{"computing", setup{}, func(a *app) {
			a.Engine.waiting = 14
			a.Engine.tell(ao.Event{Kind: ao.SlotScheduled, Process: a.pid(), Slot: 14})
			a.W.Step()
			a.pass(4 * time.Second)
		}},
		{"storm", setup{}, func(a *app) {
			a.Engine.tell(ao.Event{Kind: ao.StormEnded, Process: a.pid(), Slot: 7, Text: "a storm of messages ends at slot 7: 1 not delivered: deeper than 100"})
		}},
		{"port-taken", setup{}, func(a *app) {
			a.Node.note = "Port 8734 is taken by another program; this node listens on 8735."
			a.Wait(10 * time.Second)
		}},
		{"button-hint", setup{}, func(a *app) {
			at, _ := a.Place(a.W.Composer.DryButton)
			a.Move(at.X+10, at.Y+8).Wait(5 * time.Second)
		}},
	}
	for i := range 5 {
		list = append(list, scene{fmt.Sprintf("tour-%d", i+1), setup{tour: true}, func(a *app) {
			for range i {
				a.Tap("Next")
			}
		}})
	}
	return append(list, scene{"tour-no-process", setup{tour: true, empty: true}, func(*app) {}})
}
