package traffic_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"patchbay/engine/ao"
	"patchbay/ui/traffic"
	"patchbay/ui/uitest"
)

func TestNearest(t *testing.T) {
	known := []string{"cache/balances", "cache/totalsupply", "cache/info", "cache"}
	for asked, want := range map[string]string{
		"cache/balance": "cache/balances", "cache/blaances": "cache/balances", "cache/totalSupply": "cache/totalsupply",
		"zzzzzz": "", "cache/ifno": "cache/info", "": "", "cache/balancesbalancesbalances": "",
	} {
		if got := traffic.Nearest(asked, known); got != want {
			t.Errorf("Nearest(%q) = %q, want %q", asked, got, want)
		}
	}
}

func TestShortPath(t *testing.T) {
	id := ao.ID("x")
	if got := traffic.ShortPath("/" + id + "~process@1.0/now/" + id); got != "/"+id[:4]+"…"+id[39:]+"~process@1.0/now/"+id[:4]+"…"+id[39:] {
		t.Errorf("%s", got)
	}
	if got := traffic.ShortPath("/a?b=c"); got != "/a?b=c" {
		t.Errorf("%s", got)
	}
}

func TestAsked(t *testing.T) {
	for _, c := range []struct {
		path, key, keys string
		past            bool
		slot            int64
	}{
		{"/p~process@1.0/now/cache/a", "now/cache/a", "cache/a", false, 0},
		{"/p~process@1.0/compute=12/cache/a", "compute/cache/a", "cache/a", true, 12},
		{"/p~process@1.0/compute&slot=0/cache?x=1", "compute/cache", "cache", true, 0},
		{"/p~process@1.0/compute=12", "compute", "", true, 12},
		{"/p~process@1.0/compute=x/cache", "compute/cache", "cache", false, 0},
		{"/p~process@1.0/compute=99999999999999999999/cache", "compute/cache", "cache", false, 0},
		{"/p~process@1.0/push", "push", "", false, 0},
		{"/", "", "", false, 0},
	} {
		keys, past, slot := traffic.Asked(c.path, c.key)
		if strings.Join(keys, "/") != c.keys || past != c.past || slot != c.slot {
			t.Errorf("%s: %q %v %d", c.path, keys, past, slot)
		}
	}
}

// page is a panel with what it was asked to show.
type page struct {
	*uitest.UI
	p           *traffic.Panel
	id          uint64
	shown, told string
	copied      string
	guesses     int
	guess       traffic.Guess
}

func openPage(t *testing.T, w, h float32) *page {
	x := &page{guess: traffic.Guess{Text: "cache/balances", Process: "x", Key: []string{"cache", "balances"}}}
	x.p = traffic.New(traffic.Options{
		OnKey: func(pid string, path []string, past bool, slot int64) {
			x.shown = fmt.Sprintf("%s %s %v %d", pid, strings.Join(path, "/"), past, slot)
		},
		Guess: func(traffic.Exchange) traffic.Guess { x.guesses++; return x.guess },
		URL:   func() string { return "http://127.0.0.1:8734" },
		Say:   func(s string) { x.told = s },
		Copy:  func(s, _ string) { x.copied = s },
	})
	x.UI = uitest.Open(t, w, h, x.p.Content())
	return x
}

// ask adds an exchange.
func (x *page) ask(method, path string, status int, change ...func(*traffic.Exchange)) {
	x.id++
	e := traffic.Exchange{
		ID: x.id, At: x.Clock.Now(), Method: method, Path: path, Status: status, Process: "x", Duration: time.Millisecond,
		Key: []string{"cache", "balance"},
	}
	for _, c := range change {
		c(&e)
	}
	x.p.Add([]traffic.Exchange{e})
}

// many adds exchanges in batches, as they come when the node is busy.
func (x *page) many(path string, n, status int) {
	var list []traffic.Exchange
	for i := range n {
		x.id++
		list = append(list, traffic.Exchange{ID: x.id, Method: "GET", Path: fmt.Sprintf(path, i), Status: status})
		if len(list) == 500 || i == n-1 {
			x.p.Add(list)
			list = nil
		}
	}
}

func TestPanel(t *testing.T) {
	x := openPage(t, 800, 300)
	x.Sees("Nobody has asked for anything yet.", "curl http://127.0.0.1:8734/~meta@1.0/info/address")
	for range 4 {
		x.ask("GET", "/x/now/cache/balance", 404)
	}
	x.ask("GET", "/ok", 200, func(e *traffic.Exchange) { e.Origin = "http://localhost:5173"; e.Note = "a node would not" })
	x.Sees("200", "404", "localhost:5173", "no origin", "1.0 ms", "12:00:00", "▲", "a node would not")
	if x.p.Misses() != 1 {
		t.Errorf("%d misses", x.p.Misses())
	}
	if b := x.p.Buttons()[0].Text(); b != "misses 1" {
		t.Errorf("the button says %q", b)
	}
	x.Focus(x.p.List).Press("Home", "Down")
	if !strings.Contains(x.p.Detail(), "Did you mean cache/balances?") {
		t.Errorf("told %q", x.p.Detail())
	}
	x.Tap("misses")
	x.Sees("4×", "did you mean ", "cache/balances").SeesNot("200")
	x.Focus(x.p.List).Press("Enter")
	if x.shown != "x cache/balances false 0" {
		t.Errorf("opened %s", x.shown)
	}
	x.Tap("misses")
	x.Focus(x.p.Filter).Type("5173")
	x.Sees("200").SeesNot("404")
	x.Press("Escape").Type("-5173")
	x.Sees("404").SeesNot("200")
	x.Press("Escape").Type("nobody asks this")
	x.Sees("No request matches the filter.")
	x.Tap("Clear")
	x.Sees("Nobody has asked for anything yet.")
	if b := x.p.Buttons()[0].Text(); b != "misses" {
		t.Errorf("the button says %q", b)
	}
	x.Press("Escape")
	x.ask("GET", "/ok", 200, func(e *traffic.Exchange) { e.Duration = 37 * time.Microsecond })
	x.Sees("37 µs")
}

// One click shows the key, at the slot that was asked for; the whole exchange
// stands below.
func TestAClickShowsTheKey(t *testing.T) {
	x := openPage(t, 500, 300)
	x.ask("GET", "/x~process@1.0/compute=3/cache/balance", 200, func(e *traffic.Exchange) { e.Past, e.Slot, e.Bytes = true, 3, 12345 })
	x.Click(200, 55)
	if x.shown != "x cache/balance true 3" {
		t.Errorf("shown %s", x.shown)
	}
	for _, want := range []string{"GET /x~process@1.0/compute=3/cache/balance", "200 OK", "1.0 ms", "12 kB", "at 12:00:00.000", "without an origin"} {
		if !strings.Contains(x.p.Detail(), want) {
			t.Errorf("%q does not say %q", x.p.Detail(), want)
		}
	}
	x.ask("GET", "/~meta@1.0/info", 200, func(e *traffic.Exchange) { e.Process, e.Key = "", nil })
	x.Click(200, 55)
	if !strings.Contains(x.told, "no key to show for GET /~meta@1.0/info") {
		t.Errorf("told %q", x.told)
	}
}

// Where a path does not fit, its process goes, and not the key.
func TestANarrowRowShowsTheKey(t *testing.T) {
	x := openPage(t, 420, 300)
	x.ask("GET", "/S0oXpltS-qDjIQfm50e5NIgOghEreB54CD8DDxuZgEA~process@1.0/now/cache/balances/bob", 200)
	x.Sees("…/now/cache/balances/bob")
	x.Resize(1000, 300)
	x.Sees("/S0oX…ZgEA~process@1.0/now/cache/balances/bob")
}

// What is chosen and what is looked at stays while others arrive.
func TestTheListIsLiveAndHoldsStill(t *testing.T) {
	x := openPage(t, 700, 300)
	for i := range 50 {
		x.ask("GET", fmt.Sprintf("/n%d", i), 200)
	}
	x.Focus(x.p.List).Press("Down") // the newest but one
	x.ask("GET", "/later", 200)
	if i := x.p.List.Selected(); !strings.Contains(x.p.List.RowText(i), "/n48") {
		t.Errorf("selected is %s", x.p.List.RowText(i))
	}
	x.Sees("/later")
	x.p.List.ScrollTo(10, 5)
	before := x.p.List.RowText(10)
	x.ask("GET", "/still later", 200)
	if top, off := x.p.List.Top(); x.p.List.RowText(top) != before || off != 5 {
		t.Errorf("the list moved to %s", x.p.List.RowText(top))
	}
	x.p.List.Select(0)
	x.Focus(x.p.List).Press("Ctrl+C")
	if x.copied != "http://127.0.0.1:8734/still later" {
		t.Errorf("copied %q", x.copied)
	}
	x.many("/m%d", traffic.Max*2, 200)
	if n := x.p.List.Len(); n < traffic.Max || n > traffic.Max+traffic.Max/4 {
		t.Errorf("%d are kept", n)
	}
	if strings.Contains(x.p.Detail(), "/n") {
		t.Error("what is forgotten is still chosen")
	}
}

// The keyboard waits in an empty list: the first request gets it and keeps it, and
// what stands below is that request.
func TestTheKeyboardStaysOnItsRequest(t *testing.T) {
	x := openPage(t, 700, 300)
	x.Focus(x.p.List)
	for i := range 3 {
		x.ask("GET", fmt.Sprintf("/n%d", i), 200)
	}
	if row := x.p.List.RowText(x.p.List.Selected()); !strings.Contains(row, "/n0") || !strings.Contains(x.p.Detail(), "/n0") {
		t.Errorf("selected is %s, told is %s", row, x.p.Detail())
	}
}

// Queries do not tell misses apart; a guess is made once, not with every request;
// hosts of different paths are bounded.
func TestMissesAreGrouped(t *testing.T) {
	x := openPage(t, 700, 300)
	x.p.SetMisses(true)
	x.Sees("Nothing was asked for that is not there.")
	for i := range 100 {
		x.ask("GET", fmt.Sprintf("/x/now/cache/balance?n=%d", i), 404)
	}
	if x.p.Misses() != 1 || x.guesses > 8 {
		t.Errorf("%d misses, %d guesses", x.p.Misses(), x.guesses)
	}
	x.ask("GET", "/nobody~process@1.0/now", 500, func(e *traffic.Exchange) { e.Process, e.Key = "", nil })
	x.ask("POST", "/x~process@1.0/push", 500, func(e *traffic.Exchange) { e.Key = nil })
	if x.p.Misses() != 2 {
		t.Errorf("%d misses: a script's error is none, a process that is not there is one", x.p.Misses())
	}
	x.guess = traffic.Guess{There: true, Process: "x", Key: []string{"cache", "balance"}}
	x.p.SetMisses(true)
	x.Sees("it is there now")
	x.guess = traffic.Guess{}
	x.p.SetMisses(true)
	x.Sees("nothing like it")
	x.many("/q%d", 5000, 404)
	if n := x.p.Misses(); n > 1000 {
		t.Errorf("%d groups", n)
	}
	x.Focus(x.p.Filter).Type("balance")
	if x.p.List.Len() != 1 {
		t.Errorf("%d rows", x.p.List.Len())
	}
}

func TestTheMenuOfARequest(t *testing.T) {
	x := openPage(t, 700, 300)
	x.ask("POST", "/it's", 404, func(e *traffic.Exchange) { e.Origin = "http://localhost:5173" })
	m := x.p.List.OnMenu(0)
	run := func(label string) {
		t.Helper()
		for _, it := range m.Items {
			if it.Label == label {
				it.Action()
				return
			}
		}
		t.Errorf("the menu has no %q", label)
	}
	run("Copy as curl")
	if want := `curl -i -X POST -H 'origin: http://localhost:5173' 'http://127.0.0.1:8734/it'\''s'`; x.copied != want {
		t.Errorf("%s", x.copied)
	}
	run("Copy path")
	if x.copied != "/it's" {
		t.Errorf("%s", x.copied)
	}
	run("Only localhost:5173")
	if x.p.Filter.Text != "localhost:5173" || x.p.List.Len() != 1 {
		t.Errorf("filter %q, %d rows", x.p.Filter.Text, x.p.List.Len())
	}
	run("Show the key")
	if !strings.HasPrefix(x.shown, "x cache/balances") {
		t.Errorf("shown %q", x.shown)
	}
}

// A thousand requests a second must cost the UI goroutine next to nothing.
func BenchmarkAdd(b *testing.B) {
	p := traffic.New(traffic.Options{})
	uitest.Open(b, 700, 300, p.Content())
	list := make([]traffic.Exchange, 66)
	id := uint64(0)
	for b.Loop() {
		for i := range list {
			id++
			list[i] = traffic.Exchange{ID: id, Method: "GET", Path: "/x~process@1.0/now/cache/balance", Status: 200 + 204*(i%2), Process: "x", Key: []string{"cache"}}
		}
		p.Add(list)
	}
}

func TestTheFilterKnowsPartsAndClasses(t *testing.T) {
	x := openPage(t, 700, 400)
	x.ask("GET", "/p/now/cache/404", 200)
	x.ask("POST", "/p/push?get", 400, func(e *traffic.Exchange) { e.Origin = "http://localhost:5173" })
	x.ask("GET", "/p/now/cache/x", 404)
	for filter, want := range map[string]string{
		"": "404 400 200", "404": "404 200", "status:404": "404", "status:40": "404 400", "4xx": "404 400", "status:2xx": "200", "-4xx": "200",
		"get": "404 400 200", "method:get": "404 200", "-method:get": "400", "path:cache": "404 200", "origin:5173": "400", "origin:no": "404 200",
		"cache -status:404": "200", "http://localhost": "", "localhost:5173": "400", "zz": "",
	} {
		x.p.Filter.SetText(filter)
		var got []string
		for i := range x.p.List.Len() {
			got = append(got, x.p.List.RowText(i)[:3])
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q shows %v, want %s", filter, got, want)
		}
	}
}
