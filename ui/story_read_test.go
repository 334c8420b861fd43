package ui_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"patchbay/ui"
	"patchbay/ui/inspect"
	"patchbay/ui/kit"
	"patchbay/ui/theme"
	"patchbay/ui/traffic"
	"patchbay/ui/tree"
)

// --- Details -----------------------------------------------------------------

func TestTheOutboxTellsWhereMessagesWent(t *testing.T) {
	a := story(t)
	a.expect("badge", a.W.Bottom.Badge(ui.TabOutbox), "3")
	a.W.Bottom.Select(ui.TabOutbox)
	a.contains("outbox", a.W.Outbox.All(), "kept here")
	a.contains("outbox", a.W.Outbox.All(), "Debit-Notice")
}

func TestTheOutputHasColours(t *testing.T) {
	a := story(t)
	a.W.Bottom.Select(ui.TabOutput)
	a.Sees("moved")
	a.contains("output", a.W.Output.All(), "moved 250")
}

func TestTheSlotTellsMessagePatchesTraceAndCost(t *testing.T) {
	a := story(t)
	a.W.Bottom.Select(ui.TabSlot)
	for _, s := range []string{"From: alice", "Quantity: 250", "2 keys changed", "transfer  ran", "_eval  skipped", "instructions"} {
		a.contains("slot", a.W.Facts.All(), s)
	}
}

func TestCoverageFollowsTheSlot(t *testing.T) {
	a := story(t)
	a.Wait(time.Second)
	a.W.ShowSlot(0)
	a.Wait(time.Second)
	a.expect("bar", a.W.Bar.Text(), "slot 0 / 13")
}

// --- Tree --------------------------------------------------------------------

func TestTheTreeIsFiltered(t *testing.T) {
	a := story(t)
	a.press("Ctrl+Shift+F").Type("bob")
	a.settle()
	if n := a.W.Tree.Model.Len(); n != 3 {
		t.Errorf("%d rows", n)
	}
	a.contains("note", a.W.Tree.Note(), "1 match")
	a.press("Escape")
	if a.W.Tree.Model.Filtered() {
		t.Error("still filtered")
	}
}

func TestFindGoesWhereTheKeyboardIs(t *testing.T) {
	a := story(t)
	a.press("Ctrl+2")
	a.press("Ctrl+F")
	if a.Canvas().Focused() != fyne.Focusable(a.W.Tree.Filter) {
		t.Errorf("focus is on %T", a.Canvas().Focused())
	}
}

func TestKeysAreSorted(t *testing.T) {
	a := story(t)
	a.W.Tree.SetSort(tree.ByValue)
	first := a.W.Tree.List.RowText(a.W.Tree.Model.IndexOf([]string{"cache", "balances"}) + 1)
	a.contains("first", first, "alice")
	a.expect("remembered", a.Set["tree.sort"], "value")
}

func TestPinnedPathsAreRemembered(t *testing.T) {
	a := story(t)
	a.W.Tree.Pin(aliceAt)
	a.contains("settings", a.Set["tree.pins"], alice)
	a.Shot("pins")
	b := open(t, setup{settings: a.Set})
	if len(b.W.Tree.Pins()) != 1 {
		t.Error("the pin is gone")
	}
}

func TestWarnedKeysHaveTheirReason(t *testing.T) {
	a := story(t)
	a.contains("row", a.value("cache", "info"), "▲")
	a.W.Tree.Select([]string{"cache", "info", "name"})
	a.contains("inspector", a.W.Inspect.Text(), "cache.info cannot be read by path")
}

// --- Inspector ---------------------------------------------------------------

func TestTheResponseIsTheNodes(t *testing.T) {
	a := story(t)
	a.W.Tree.Select(aliceAt)
	a.W.Inspect.Tabs.Select(inspect.TabResponse)
	a.settle()
	a.contains("response", a.W.Inspect.Text(), "200 OK")
	a.contains("response", a.W.Inspect.Text(), "access-control-allow-origin: *")
}

func TestTheHistoryOfAKey(t *testing.T) {
	a := story(t)
	a.W.Tree.Select(aliceAt)
	a.W.Inspect.Tabs.Select(inspect.TabHistory)
	a.Wait(time.Second)
	a.contains("history", a.W.Inspect.Text(), "slot 0: 750000")
	a.contains("history", a.W.Inspect.Text(), "slot 13: ")
}

func TestCodeForTheKey(t *testing.T) {
	a := story(t)
	a.W.Tree.Select(aliceAt)
	for _, it := range a.W.Inspect.CodeMenu().Items {
		if it.Label == "Copy as curl" {
			it.Action()
		}
	}
	a.contains("clipboard", a.Clipboard().Content(), "curl 'http://127.0.0.1:8734/")
}

// --- Traffic and problems ------------------------------------------------------

func TestTrafficIsListedAndCounted(t *testing.T) {
	a := story(t)
	for range 3 {
		a.Node.asked(traffic.Exchange{At: a.Clock.Now(), Method: "GET", Path: "/x", Status: 200})
	}
	a.settle()
	a.Sees("  3 req/s")
	a.press("Ctrl+5")
	a.Sees("GET", "/x")
	a.Wait(2 * time.Second)
	a.Sees("  0 req/s")
}

func TestAMissLeadsToTheKey(t *testing.T) {
	a := story(t)
	a.Node.asked(traffic.Exchange{At: a.Clock.Now(), Method: "GET", Path: "/" + a.pid() + "~process@1.0/now/cache/balance", Status: 404, Process: a.pid(), Key: []string{"cache", "balance"}})
	a.settle()
	a.press("Ctrl+5")
	a.Tap("misses")
	a.Sees("did you mean ", "cache/balances")
	a.Focus(a.W.Traffic.List)
	a.press("Enter")
	a.expect("selected", strings.Join(a.W.Tree.Selected(), "/"), "cache/balances")
}

// What a path that nobody answered may have meant, in all the ways in which authors
// miss.
func TestDidYouMean(t *testing.T) {
	a := story(t)
	pid := a.pid()
	p := "/" + pid + "~process@1.0"
	at := func(keys ...string) string { return strings.Join(keys, "/") }
	for path, want := range map[string]string{
		p + "/now/cache/balance":                         "cache/balances",
		p + "/now/cache/Balances":                        "cache/balances",
		p + "/now/cache/balances/alice":                  at(aliceAt...),
		p + "/now/cache/blaances/alice?x=1":              at(aliceAt...),
		p + "/now/balances":                              "cache/balances",
		p + "/now/chache/totalsuply":                     "cache/totalsupply",
		p + "/nwo/cache/totalsupply":                     p + "/now/cache/totalsupply",
		p + "/cache/totalsupply":                         p + "/now/cache/totalsupply",
		p + "/compute=3/cache/totalsuply":                "cache/totalsupply",
		p + "/comptue=3/cache/totalsupply":               p + "/compute=3/cache/totalsupply",
		"/token~process@1.0/now/cache/balances":          p + "/now/cache/balances",
		"/Token~process@1.0/now/cache/balance":           p + "/now/cache/balances",
		"/" + pid[:42] + "~process@1.0/now/cache":        p + "/now/cache",
		"/" + pid + "~proces@1.0/now/cache/balances":     p + "/now/cache/balances",
		"/" + pid + "/~process@1.0/now/cache/balance":    "cache/balances",
		p + "/now/cache/totalsupply":                     "there",
		p + "/now/cache/zzzzzz":                          "",
		p + "/now/cache/%zz":                             "",
		"/~meta@1.0/inf":                                 "",
		"/favicon.ico":                                   "",
		"/nobody~process@1.0/now":                        "",
		"/":                                              "",
		"":                                               "",
		p + "/now/cache/totalsupply/deeper/than/that/is": "cache/totalsupply",
	} {
		g := a.W.Guess(traffic.Exchange{Method: "GET", Path: path, Status: 404})
		got := g.Text
		if g.There {
			got = "there"
		}
		if got != want {
			t.Errorf("%s: did you mean %q, want %q", path, got, want)
		}
		if (got == "") != (g.Process == "") && !g.There {
			t.Errorf("%s leads to %q %q", path, g.Process, g.Key)
		}
	}
}

func TestAPastRequestShowsItsSlot(t *testing.T) {
	a := story(t)
	e := traffic.Exchange{At: a.Clock.Now(), Method: "GET", Path: "/" + a.pid() + "~process@1.0/compute=3/cache/totalsupply", Status: 200, Process: a.pid(), Key: []string{"cache", "totalsupply"}, Past: true, Slot: 3}
	a.Node.asked(e)
	a.settle()
	a.press("Ctrl+5", "Enter")
	a.settle()
	a.expect("bar", a.W.Bar.Text(), "slot 3 / 13")
	a.expect("selected", strings.Join(a.W.Tree.Selected(), "/"), "cache/totalsupply")
	e.Path, e.Past, e.Key = "/"+a.pid()+"~process@1.0/push", false, nil
	a.Node.asked(e)
	a.settle()
	a.press("Ctrl+5", "Home", "Enter")
	a.expect("status", a.status(), "This is the process token.")
	e.Process = "gone"
	a.Node.asked(e)
	a.settle()
	a.press("Ctrl+5", "Home", "Enter")
	a.contains("status", a.status(), "not in this project any more")
}

func TestARequestWithAMessageShowsItsSlot(t *testing.T) {
	a := story(t)
	a.Node.asked(traffic.Exchange{At: a.Clock.Now(), Method: "POST", Path: "/" + a.pid() + "~process@1.0/push", Status: 200, Process: a.pid(), Sent: true, Slot: 3})
	a.settle()
	a.press("Ctrl+5", "Home")
	a.Sees("Its message is slot 3: a click shows what it did.")
	a.press("Enter")
	a.settle()
	a.expect("bar", a.W.Bar.Text(), "slot 3 / 13")
	a.expect("tab", a.W.Bottom.Badge(ui.TabTraffic), "1")
	a.contains("detail", a.W.Facts.All(), "Slot 3 · Transfer")
	a.Sees("Slot 3 · Transfer")
	a.Node.asked(traffic.Exchange{At: a.Clock.Now(), Method: "POST", Path: "/x", Status: 200, Process: a.pid(), Sent: true, Slot: 99})
	a.settle()
	a.press("Ctrl+5", "Home", "Enter")
	a.contains("status", a.status(), "Slot 99 is not computed yet")
}

func TestProblemsLeadToTheirPlace(t *testing.T) {
	a := open(t, setup{lint: someLint})
	a.Wait(time.Second)
	a.press("Ctrl+6")
	a.Sees("slot 12 · Transfer", "cache/info")
	a.Focus(a.W.Problems.List)
	a.press("Home", "Enter")
	a.expect("bar", a.W.Bar.Text(), "slot 12 / 13")
	line, _ := a.W.Files.Active().Editor.Caret()
	if line != 9 {
		t.Errorf("the caret is in line %d", line)
	}
}

func TestTheStripSpeaksOfTheWorstMark(t *testing.T) {
	a := open(t, setup{lint: someLint, quiet: true})
	a.Wait(time.Second)
	a.contains("strip", a.W.Strip(), "cache.info")
}

func TestWhyIsTold(t *testing.T) {
	a := open(t, setup{lint: someLint, quiet: true})
	a.Wait(time.Second)
	a.Tap("Why?")
	a.settle()
	if a.W.Bottom.Current() != ui.TabProblems {
		t.Error("the problems are not shown")
	}
	a.contains("detail", a.W.Problems.Detail(), "Rename it, e.g. token-info.")
	a.contains("detail", a.W.Problems.Detail(), "It is in the JSON and the headers of its parent.")
}

// Who chooses a request sees what went over the wire, and gets it as a command.
func TestARequestIsShownInFull(t *testing.T) {
	a := story(t)
	a.Node.answered(traffic.Exchange{At: a.Clock.Now(), Method: "POST", Path: "/x/push", Status: 200, Bytes: 52}, wire("http://localhost:5173"))
	a.settle()
	a.press("Ctrl+5")
	a.Focus(a.W.Traffic.List)
	a.press("Home")
	for _, want := range []string{"POST /x/push HTTP/1.1\n", "\norigin: http://localhost:5173\n", "{\n  \"Action\": \"Info\"\n}\n", "HTTP/1.1 200 OK\n", "\n  \"name\": \"Demo\","} {
		a.contains("detail", a.W.Traffic.Detail(), want)
	}
	a.menu(a.W.Traffic.List.OnMenu(0), "Copy as curl")
	a.contains("clipboard", a.Clipboard().Content(), "-H 'origin: http://localhost:5173'")
	a.contains("clipboard", a.Clipboard().Content(), `--data-raw '{"Action":"Info"}' 'http://127.0.0.1:8734/x/push'`)
	a.menu(a.W.Traffic.Lines.OnMenu(0), "Copy response body")
	a.expect("body", a.Clipboard().Content(), `{"name":"Demo","share":0.00025,"holders":[1,2,true]}`)
	a.Focus(a.W.Traffic.Lines)
	a.press("End")
	a.Shot("traffic-full")
}

// Ctrl+F looks in what has the keyboard: the value, the response, the output, a request
// in the traffic; elsewhere as before.
func TestFindLooksInWhatHasTheKeyboard(t *testing.T) {
	a := story(t)
	a.W.Tree.Select([]string{"cache"})
	a.settle()
	look := func(name string, f *kit.Find, l *kit.List, typed, want, row string) {
		t.Helper()
		a.Focus(l)
		a.press("Ctrl+F").Type(typed)
		if !f.Shown() || f.Says() != want || !strings.Contains(l.RowText(l.Selected()), row) {
			t.Errorf("%s: %q finds %q at %q, want %q at %q", name, typed, f.Says(), l.RowText(l.Selected()), want, row)
		}
		a.press("Ctrl+F") // chooses what is typed
		a.expect(name, f.Field().SelectedText(), typed)
		a.Shot("find-" + name)
	}
	look("value", a.W.Inspect.Find, a.W.Inspect.Lines, "1000", "1 of 3", "1000")
	a.press("Enter", "Enter")
	a.expect("last", a.W.Inspect.Find.Says(), "3 of 3")
	fyne.CurrentApp().Settings().SetTheme(theme.New(theme.Light))
	a.Shot("find-value-light")
	a.press("Escape")
	look("alice's address over broken lines", a.W.Inspect.Find, a.W.Inspect.Lines, strings.ToLower(alice), "1 of 1", alice[:6])
	a.W.Inspect.Tabs.Select(inspect.TabResponse)
	a.settle()
	a.W.Inspect.Find.Close()
	look("response", a.W.Inspect.Find, a.W.Inspect.Lines, "content-TYPE", "1 of 1", "content-type: application/json")
	a.W.Inspect.Find.Close()
	a.W.ShowSlot(6)
	a.settle()
	a.W.Bottom.Select(ui.TabOutput)
	look("output", a.W.Output.Find, a.W.Output.Rows, "NIL", "1 of 1", "nil")
	a.Node.answered(traffic.Exchange{At: a.Clock.Now(), Method: "POST", Path: "/x/push", Status: 200, Bytes: 52}, wire("http://localhost:5173"))
	a.settle()
	a.press("Ctrl+5")
	a.Focus(a.W.Traffic.List)
	a.press("Home")
	look("traffic", a.W.Traffic.Find, a.W.Traffic.Lines, "holders", "1 of 1", `"holders": [`)
	a.Focus(a.W.Traffic.List)
	a.press("Ctrl+F")
	a.expect("the list's own", fmt.Sprint(a.Canvas().Focused() == fyne.Focusable(a.W.Traffic.Filter)), "true")
}
