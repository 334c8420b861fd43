package traffic_test

import (
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
		"zzzzzz": "", "cache/ifno": "cache/info",
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

func TestPanel(t *testing.T) {
	var key string
	p := traffic.New(traffic.Options{
		OnKey: func(_ string, path []string) { key = strings.Join(path, "/") },
		Known: func(string, []string) []string { return []string{"cache/balances"} },
		URL:   func() string { return "http://127.0.0.1:8734" },
	})
	ui := uitest.Open(t, 700, 300, p.Content())
	ui.Sees("Nobody has asked for anything yet.")
	for i := range 5 {
		e := traffic.Exchange{ID: uint64(i + 1), Method: "GET", Path: "/x/now/cache/balance", Status: 404, Process: "x", Key: []string{"cache", "balance"}, Duration: time.Millisecond}
		if i == 4 {
			e.Status, e.Path, e.Origin = 200, "/ok", "http://localhost:5173"
		}
		p.Add([]traffic.Exchange{e})
	}
	ui.Sees("200", "404", "localhost:5173", "no origin")
	if p.Misses() != 1 {
		t.Errorf("%d misses", p.Misses())
	}
	ui.Tap("misses")
	ui.Sees("4×", "did you mean ", "cache/balances").SeesNot("200")
	ui.Focus(p.List).Press("Enter")
	if key != "cache/balances" {
		t.Errorf("opened %s", key)
	}
	ui.Tap("misses")
	ui.Focus(p.Filter).Type("5173")
	ui.Sees("200").SeesNot("404")
	ui.Tap("Clear")
	ui.Sees("No request matches.")
}
