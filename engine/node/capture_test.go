package node

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"patchbay/patchdev"
)

// watched is a server that tells what it captured.
func watched(t *testing.T, m *memory) (base string, next func() Access) {
	t.Helper()
	lines := make(chan Access, 2000)
	base = start(t, Options{Source: m, Capture: true, OnAccess: func(a Access) { lines <- a }})
	return base, func() Access { return <-lines }
}

// What was asked and answered is told in full, whichever way the answer took.
func TestAnExchangeIsCaptured(t *testing.T) {
	m := token()
	long := strings.Repeat("é", 20_000)
	m.setRoot(testPID, patchdev.NewTable("cache", patchdev.NewTable("text", "hello", "long", long, "bytes", "\x00\xff")))
	base, next := watched(t, m)
	path := base + "/" + testPID + "~process@1.0/now/cache/"
	for _, c := range []struct {
		method, url, body string
		status            int
		want              string // how the body of the answer begins
		size              int
		kept              int // bytes of the request's body
	}{
		{"GET", path + "text", "", 200, "hello", 5, 0},
		{"GET", path + "bytes", "", 200, "\x00\xff", 2, 0},
		{"GET", path + "long", "", 200, long[:MaxCaptured], len(long), 0},
		{"HEAD", path + "text", "", 200, "", 0, 0},
		{"HEAD", path + "long", "", 200, "", 0, 0},
		{"OPTIONS", path + "text", "", 204, "", 0, 0},
		{"POST", base + "/~patchbay@1.0/spawn", "{nothing" + strings.Repeat("x", 20_000), 400, "", -1, MaxCaptured},
		{"POST", base + "/" + testPID + "~process@1.0/push", `{"a":`, 500, "", -1, 5},
	} {
		resp, got := do(t, c.method, c.url, c.body, "X-Mine", "yes", "Content-Type", "application/json", "Accept-Encoding", "gzip")
		a := next()
		x := a.Captured
		if x == nil {
			t.Fatalf("%s %s: nothing was captured", c.method, c.url)
		}
		if resp.StatusCode != c.status || a.Status != c.status {
			t.Errorf("%s %s: status %d, logged %d: %s", c.method, c.url, resp.StatusCode, a.Status, got)
		}
		if c.size >= 0 && (string(x.ResponseBody) != c.want || x.ResponseSize != int64(c.size)) {
			t.Errorf("%s %s: captured %.40q, %d", c.method, c.url, x.ResponseBody, x.ResponseSize)
		}
		if c.size < 0 && (string(x.ResponseBody) != got || x.ResponseSize != int64(len(got))) {
			t.Errorf("%s %s: captured %q of %q", c.method, c.url, x.ResponseBody, got)
		}
		if string(x.RequestBody) != c.body[:c.kept] || x.RequestSize != int64(len(c.body)) {
			t.Errorf("%s %s: request of %d, captured %d", c.method, c.url, x.RequestSize, len(x.RequestBody))
		}
		if x.Request.Get("X-Mine") != "yes" || x.Proto != "HTTP/1.1" || "http://"+x.Host != base {
			t.Errorf("%s %s: %+v", c.method, c.url, x)
		}
		for name, want := range resp.Header {
			if name != "Date" && name != "Content-Length" && fmt.Sprint(x.Response[strings.ToLower(name)]) != fmt.Sprint(want) {
				t.Errorf("%s %s: header %s is %q, captured %q", c.method, c.url, name, want, x.Response[strings.ToLower(name)])
			}
		}
	}
}

// A body in chunks has the length that was read.
func TestABodyInChunksIsCaptured(t *testing.T) {
	base, next := watched(t, token())
	req, err := http.NewRequest("POST", base+"/"+testPID+"~process@1.0/push", struct{ *bytes.Reader }{bytes.NewReader([]byte(`{"a":1`))})
	if err != nil {
		t.Fatal(err)
	}
	req.ContentLength = -1
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if x := next().Captured; string(x.RequestBody) != `{"a":1` || x.RequestSize != 6 {
		t.Errorf("captured %q, %d", x.RequestBody, x.RequestSize)
	}
}

// A stream goes through at once and leaves its headers only.
func TestAStreamIsNotCaptured(t *testing.T) {
	m := token()
	base, next := watched(t, m)
	resp, err := http.Get(base + "/~patchbay@1.0/events")
	if err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(resp.Body).ReadString('\n'); err != nil || line != ": patchbay events\n" {
		t.Errorf("the stream begins with %q: %v", line, err)
	}
	_ = resp.Body.Close()
	x := next().Captured
	if x == nil || len(x.ResponseBody) != 0 || fmt.Sprint(map[string][]string(x.Response)["content-type"]) != "[text/event-stream]" {
		t.Errorf("captured %+v", x)
	}
}

// Without the option nothing is captured; with it a read costs little more.
func TestCapturingCostsLittle(t *testing.T) {
	serve := func(capture bool) (*Server, float64) {
		s, err := New(Options{Source: token(), Capture: capture, OnAccess: func(Access) {}})
		if err != nil {
			t.Fatal(err)
		}
		return s, testing.AllocsPerRun(1000, func() {
			r := httptest.NewRequest("GET", "http://127.0.0.1:8734/"+testPID+"~process@1.0/now/cache/totalsupply", nil)
			s.ServeHTTP(httptest.NewRecorder(), r)
			if len(s.log.lines) > 3000 {
				s.log.take()
			}
		})
	}
	off, without := serve(false)
	for _, a := range off.log.lines {
		if a.Captured != nil {
			t.Fatal("captured, although nobody asked for it")
		}
	}
	on, with := serve(true)
	if with > without+20 {
		t.Errorf("%v allocations with, %v without", with, without)
	}
	kept := 0
	for _, a := range on.log.lines {
		if a.Captured != nil {
			kept++
		}
	}
	if kept == 0 || kept > KeptCaptures {
		t.Errorf("%d of %d wait with their bodies", kept, len(on.log.lines))
	}
}

// Many clients at once: for the race detector, while the watcher reads what it got.
func TestCapturingIsSafe(t *testing.T) {
	base, next := watched(t, token())
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for i := range 20 {
				method := []string{"GET", "HEAD", "OPTIONS", "POST"}[i%4]
				do(t, method, base+"/"+testPID+"~process@1.0/now/cache/totalsupply", "", "Accept", "text/plain")
			}
		})
	}
	for range 160 {
		x := next().Captured
		if x != nil {
			_ = fmt.Sprint(x.Request, x.Response, x.RequestBody, x.ResponseBody)
		}
	}
	wg.Wait()
}

func BenchmarkCapture(b *testing.B) {
	for _, on := range []bool{false, true} {
		b.Run(fmt.Sprint(on), func(b *testing.B) {
			s, err := New(Options{Source: token(), Capture: on, OnAccess: func(Access) {}})
			if err != nil {
				b.Fatal(err)
			}
			r := httptest.NewRequest("GET", "http://127.0.0.1:8734/"+testPID+"~process@1.0/now/cache/totalsupply", nil)
			for b.Loop() {
				s.ServeHTTP(httptest.NewRecorder(), r)
				s.log.take()
			}
		})
	}
}

// A client that asks before it sends its body is refused at once, and its body is not
// waited for: net/http looks at the body that it made itself.
func TestARefusalDoesNotWaitForTheBody(t *testing.T) {
	base, next := watched(t, token())
	c, err := net.Dial("tcp", strings.TrimPrefix(base, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(c, "POST /x HTTP/1.1\r\nHost: elsewhere\r\nExpect: 100-continue\r\nContent-Length: 10\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(c).ReadString('\n'); err != nil || !strings.Contains(line, " 403 ") {
		t.Errorf("answered %q: %v", line, err)
	}
	if x := next().Captured; x.RequestSize != 10 || len(x.RequestBody) != 0 {
		t.Errorf("captured %q, %d", x.RequestBody, x.RequestSize)
	}
}
