package traffic_test

import (
	"net/http"
	"strings"
	"testing"

	"patchbay/ui/kit"
	"patchbay/ui/traffic"
	"patchbay/ui/uitest"
)

func wire() *traffic.Captured {
	return &traffic.Captured{
		Proto: "HTTP/1.1", Host: "127.0.0.1:8734",
		Request:     http.Header{"Content-Type": {"application/json"}, "User-Agent": {"it's"}, "Content-Length": {"7"}, "Accept-Encoding": {"gzip"}},
		RequestBody: []byte(`{"a":1}`), RequestSize: 7,
		Response:     http.Header{"content-type": {"text/plain"}, "ao-types": {"x", "y"}},
		ResponseBody: []byte("line one\nline two"), ResponseSize: 17,
	}
}

// openFull is a panel whose node keeps what full has.
func openFull(t *testing.T, w, h float32, full map[uint64]*traffic.Captured) *page {
	x := &page{}
	x.p = traffic.New(traffic.Options{
		OnKey: func(string, []string, bool, int64) {}, URL: func() string { return "http://127.0.0.1:8734" },
		Say: func(s string) { x.told = s }, Copy: func(s, _ string) { x.copied = s },
		Captured: func(id uint64) *traffic.Captured { return full[id] },
		Body: func(b []byte, _ string) (out [][]kit.Run) {
			for s := range strings.SplitSeq(string(b), "\n") {
				out = append(out, []kit.Run{kit.Mono(s, "")})
			}
			return out
		},
	})
	x.UI = uitest.Open(t, w, h, x.p.Content())
	return x
}

func (x *page) says(t *testing.T, want ...string) {
	t.Helper()
	for _, w := range want {
		if !strings.Contains(x.p.Detail(), w) {
			t.Errorf("the detail does not say %q:\n%s", w, x.p.Detail())
		}
	}
}

func TestTheExchangeStandsBelowOrBeside(t *testing.T) {
	full := map[uint64]*traffic.Captured{1: wire()}
	x := openFull(t, 600, 500, full)
	x.ask("POST", "/p/push?x=1", 400)
	x.Focus(x.p.List).Press("Home")
	x.says(t, "Request\nPOST /p/push?x=1 HTTP/1.1\naccept-encoding: gzip\ncontent-length: 7\ncontent-type: application/json\nhost: 127.0.0.1:8734\nuser-agent: it's\n\n{\"a\":1}",
		"Response\nHTTP/1.1 400 Bad Request\nao-types: x\nao-types: y\ncontent-type: text/plain\n\nline one\nline two")
	if top := x.p.Find.Content().Position(); top.X != 0 || top.Y < x.p.List.Size().Height {
		t.Errorf("narrow: the detail is at %v", top)
	}
	x.Resize(1000, 500)
	if top := x.p.Find.Content().Position(); top.X < 400 || top.Y != x.p.List.Position().Y {
		t.Errorf("wide: the detail is at %v", top)
	}
	delete(full, 1) // what is looked at stays when it is no longer kept
	x.Resize(700, 500)
	x.says(t, "line two")
	x.ask("GET", "/p/now/cache", 200)
	x.Press("Home")
	x.says(t, "no longer kept: those of the newest 200 are")
	x.Press("Down")
	x.says(t, "no longer kept")
}

func TestBodiesAreToldAsTheyAre(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*traffic.Captured)
		want   []string
		not    string
	}{
		"cut":        {func(c *traffic.Captured) { c.ResponseSize = 40_000 }, []string{"line two\n… cut here: these are the first 17 of 40 kB"}, "no text"},
		"cut rune":   {func(c *traffic.Captured) { c.ResponseBody, c.ResponseSize = []byte("éé\xc3"), 100 }, []string{"éé\n… cut here: these are the first 4 of 100 bytes"}, "no text"},
		"bytes":      {func(c *traffic.Captured) { c.ResponseBody, c.ResponseSize = []byte("\x00\xff"), 2 }, []string{"2 bytes that are no text (text/plain)"}, "cut here"},
		"unread":     {func(c *traffic.Captured) { c.RequestBody = nil }, []string{"A body of 7 bytes, which nobody read."}, ""},
		"none":       {func(c *traffic.Captured) { c.ResponseBody, c.ResponseSize = nil, 0 }, []string{"content-type: text/plain"}, "line one"},
		"compressed": {func(c *traffic.Captured) { c.Response["Content-Encoding"] = []string{"gzip"} }, []string{"sent compressed (gzip), shown as it is\nline one"}, ""},
		"a stream":   {func(c *traffic.Captured) { c.Response["content-type"] = []string{"text/event-stream"} }, []string{"A stream of events"}, ""},
	} {
		one := wire()
		c.change(one)
		x := openFull(t, 900, 500, map[uint64]*traffic.Captured{1: one})
		x.ask("POST", "/p", 200)
		x.Focus(x.p.List).Press("Home")
		x.says(t, c.want...)
		if c.not != "" && strings.Contains(x.p.Detail(), c.not) {
			t.Errorf("%s: says %q:\n%s", name, c.not, x.p.Detail())
		}
	}
}

// A body of one long line is shown to its end.
func TestALongLineIsBroken(t *testing.T) {
	one := wire()
	one.ResponseBody = []byte(strings.Repeat("x", 16<<10-3) + "end")
	one.ResponseSize = int64(len(one.ResponseBody))
	x := openFull(t, 600, 500, map[uint64]*traffic.Captured{1: one})
	x.ask("POST", "/p", 200)
	x.Focus(x.p.List).Press("Home")
	x.Focus(x.p.Lines).Press("End")
	x.Sees("xend")
}

func TestCurlAsksTheSame(t *testing.T) {
	const base = "http://127.0.0.1:8734"
	e := traffic.Exchange{Method: "POST", Path: "/p/push"}
	for name, c := range map[string]struct {
		e      traffic.Exchange
		change func(*traffic.Captured)
		want   string
		cut    bool
	}{
		"all": {e, func(*traffic.Captured) {}, `curl -i -X POST -H 'accept-encoding: gzip' --compressed -H 'content-type: application/json' -H 'user-agent: it'\''s' -H 'accept:' --data-raw '{"a":1}' 'http://127.0.0.1:8734/p/push'`, false},
		"bytes": {e, func(c *traffic.Captured) {
			c.Request, c.RequestBody, c.RequestSize = http.Header{}, []byte("a\x00'%\\"), 9
		}, `printf 'a\000\047\045\134' | curl -i -X POST -H 'user-agent:' -H 'accept:' -H 'content-type:' --data-binary @- 'http://127.0.0.1:8734/p/push'`, true},
		"head": {traffic.Exchange{Method: "HEAD", Path: "/p/[a]/../b"}, func(c *traffic.Captured) {
			c.Request, c.RequestBody, c.RequestSize, c.Host = http.Header{"X-Empty": {""}}, nil, 0, "localhost:8734"
		}, `curl -I -g --path-as-is -H 'host: localhost:8734' -H 'x-empty;' -H 'user-agent:' -H 'accept:' 'http://127.0.0.1:8734/p/[a]/../b'`, false},
	} {
		one := wire()
		c.change(one)
		got, cut := traffic.Curl(c.e, one, base)
		if got != c.want || cut != c.cut {
			t.Errorf("%s: cut %v\n%s\nwant\n%s", name, cut, got, c.want)
		}
	}
	if got, _ := traffic.Curl(traffic.Exchange{Method: "GET", Path: "/p", Origin: "http://o"}, nil, base); got != `curl -i -H 'origin: http://o' 'http://127.0.0.1:8734/p'` {
		t.Error(got)
	}
}
