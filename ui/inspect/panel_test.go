package inspect_test

import (
	"math"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"patchbay/engine/ao"
	"patchbay/patchdev"
	"patchbay/ui/inspect"
	"patchbay/ui/kit"
	"patchbay/ui/uitest"
)

func text(l []inspect.Line) string {
	var b strings.Builder
	for _, x := range l {
		b.WriteString(kit.Plaintext(x.Runs) + "\n")
	}
	return b.String()
}

func TestURLPath(t *testing.T) {
	pid := ao.ID("p")
	for _, c := range []struct {
		keys []string
		slot int64
		live bool
		want string
	}{
		{[]string{"cache", "balances"}, 5, true, "~process@1.0/now/cache/balances"},
		{[]string{"cache", "a b/c?"}, 5, false, "~process@1.0/compute=5/cache/a%20b%2Fc%3F"},
		{[]string{"ä"}, 0, true, "~process@1.0/now/%C3%A4"},
		{nil, 0, true, "~process@1.0/now"},
	} {
		if got := inspect.URLPath(pid, c.keys, c.slot, c.live); got != "/"+pid+c.want {
			t.Errorf("%s", got)
		}
	}
}

func TestValueLines(t *testing.T) {
	for _, c := range []struct {
		v    patchdev.Value
		says []string
	}{
		{patchdev.Int(5), []string{"integer", "5"}},
		{patchdev.Float(5), []string{"float", "5.0"}},
		{patchdev.Bool(true), []string{"boolean", "true"}},
		{patchdev.String(""), []string{"empty text"}},
		{patchdev.String(`{"a":[1,2]}`), []string{"text with JSON", "  \"a\": ["}},
		{patchdev.String("<html><body>x"), []string{"text/html", "<html>"}},
		{patchdev.String("\x89PNG\r\n\x1a\n\x00\xff"), []string{"image/png", "000000  89 50 4e 47"}},
		{patchdev.String(ao.Address("alice")), []string{"the address of alice"}},
		{patchdev.NewTable("a", 1, "b", patchdev.NewList(patchdev.Int(1))), []string{"table with 2 keys", `"b": [`}},
		{patchdev.NewList(patchdev.Int(1)), []string{"list with 1 item"}},
	} {
		got := text(inspect.ValueLines(c.v, func(a string) string {
			if a == ao.Address("alice") {
				return "alice"
			}
			return ""
		}))
		for _, s := range c.says {
			if !strings.Contains(got, s) {
				t.Errorf("%v does not say %q:\n%s", c.v, s, got)
			}
		}
	}
	big := make([]patchdev.Value, 6000)
	for i := range big {
		big[i] = patchdev.Int(i)
	}
	if got := text(inspect.ValueLines(patchdev.NewList(big...), nil)); !strings.Contains(got, "5500 more") {
		t.Error("a long list is not cut")
	}
}

func TestPlotNumbers(t *testing.T) {
	for _, c := range []struct {
		lo, hi float64
		n      int
		want   []float64
	}{{0, 10, 5, []float64{0, 2, 4, 6, 8, 10}}, {3, 3, 5, []float64{3}}, {-1, 1, 2, []float64{-1, 0, 1}}} {
		got := inspect.Ticks(c.lo, c.hi, c.n)
		if len(got) != len(c.want) || got[0] != c.want[0] || got[len(got)-1] != c.want[len(c.want)-1] {
			t.Errorf("Ticks(%v, %v, %d) = %v", c.lo, c.hi, c.n, got)
		}
	}
	for _, c := range []struct {
		f, step, most float64
		want          string
	}{
		{700000, 100000, 1000000, "700k"},
		{1000000, 100000, 1000000, "1,000k"},
		{12.5, 0.5, 13, "12.5"},
		{0, 1, 5, "0"},
		{0, 0.5, 5e6, "0"},
		{-2500, 500, 2500, "-2,500"},
		{math.Pow10(17), 1e16, math.Pow10(17), "1e+17"},
		{25000000, 2500000, 25000000, "25.0M"},
		{5000, 5000, 10000, "5k"}, // beside 10k
		{2500, 2500, 10000, "2.5k"},
		{-5000, 5000, 10000, "-5k"},
		{1599012, math.Inf(1), 1599012, "1,599,012"}, // alone
	} {
		if got := inspect.Short(c.f, c.step, c.most); got != c.want {
			t.Errorf("Short(%v, %v, %v) = %q, want %q", c.f, c.step, c.most, got, c.want)
		}
	}
}

func TestPanel(t *testing.T) {
	pid := ao.ID("p")
	var asked, copied string
	p := inspect.New(inspect.Options{
		Async: func(work, then func()) { work(); then() },
		Respond: func(_, path string, _ http.Header) (inspect.Response, error) {
			asked = path
			return inspect.Response{Status: 404, Header: http.Header{"Content-Type": {"text/plain"}}, Body: []byte("not found")}, nil
		},
		History: func([]string, int64) ([]inspect.Point, error) {
			return []inspect.Point{{Slot: 0, Value: patchdev.Int(1)}, {Slot: 4, Value: patchdev.Int(3)}}, nil
		},
		Copy: func(s, _ string) { copied = s },
	})
	ui := uitest.Open(t, 560, 320, p.Content())
	p.SetBase("http://127.0.0.1:8734", pid)
	p.Show([]string{"cache", "x"}, patchdev.Int(3), true, 5, true)
	ui.Tap("Copy URL")
	if copied != "http://127.0.0.1:8734/"+pid+"~process@1.0/now/cache/x" {
		t.Errorf("copied %s", copied)
	}
	p.Tabs.Select(inspect.TabResponse)
	if asked != "/"+pid+"~process@1.0/now/cache/x" || !strings.Contains(p.Text(), "404 Not Found") || !strings.Contains(p.Text(), "content-type: text/plain") {
		t.Errorf("asked %s, shows\n%s", asked, p.Text())
	}
	p.Show([]string{"cache", "x"}, patchdev.Int(1), true, 2, false)
	if !strings.Contains(p.Bar(), "compute=2") {
		t.Errorf("bar %q", p.Bar())
	}
	p.Tabs.Select(inspect.TabHistory)
	for _, tool := range []string{"curl", "fetch", "aoconnect", "wget", "URL"} {
		if s := inspect.Code(tool, "http://h", "/p~process@1.0/now/it's", [2]string{}); !strings.Contains(s, "process@1.0/now/it") {
			t.Errorf("%s: %s", tool, s)
		}
	}
}

// BenchmarkValue1M shows a table of a million keys; BenchmarkValue1k is the baseline.
func BenchmarkValue1M(b *testing.B) { benchValue(b, 1_000_000) }

// BenchmarkValue1k is the baseline.
func BenchmarkValue1k(b *testing.B) { benchValue(b, 1000) }

func benchValue(b *testing.B, n int) {
	t := patchdev.EmptyTable().Edit()
	for i := range n {
		t.Set("k"+strconv.Itoa(i), patchdev.Int(i))
	}
	v := patchdev.NewTable("balances", t.Table())
	for b.Loop() {
		inspect.ValueLines(v, nil)
	}
}
