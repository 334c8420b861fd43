package node

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"patchbay/engine/ao"
	"patchbay/patchdev"
)

const alice = "aliceaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

const testPID = "PPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPP"

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// token is a source with one aos process that has a token's cache.
func token() *memory {
	m := newMemory(patchdev.Current(), nil)
	m.add(ao.ProcessInfo{ID: testPID, Name: "token", Owner: alice, Flavour: "aos", Tags: []ao.Tag{{Name: "Name", Value: "token"}}})
	m.setRoot(testPID, patchdev.NewTable("cache", patchdev.NewTable(
		"balances", patchdev.NewTable(alice, 100), "totalsupply", 1984, "html", "<script>alert(1)</script>", "list", patchdev.NewList(patchdev.Int(1)))))
	return m
}

// start runs a server and stops it at the end of the test.
func start(t testing.TB, o Options) (base string) {
	t.Helper()
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	ln, _, err := Listen("", 0)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx, ln) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
		http.DefaultClient.CloseIdleConnections()
	})
	return "http://" + ln.Addr().String()
}

func do(t testing.TB, method, url, body string, headers ...string) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		if headers[i] == "Host" {
			req.Host = headers[i+1]
			continue
		}
		req.Header.Set(headers[i], headers[i+1])
	}
	c := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, Transport: &http.Transport{DisableCompression: true, DisableKeepAlives: true}}
	resp, err := c.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, string(text)
}

func TestReads(t *testing.T) {
	base := start(t, Options{Source: token()})
	p := base + "/" + testPID + "~process@1.0"
	for _, c := range []struct {
		method, path string
		headers      []string
		status       int
		body, ctype  string
	}{
		{"GET", "/now/cache/balances/" + alice, nil, 200, "100", ""},
		{"GET", "/compute/cache/totalsupply", nil, 200, "1984", ""},
		{"GET", "/now/cache/html", nil, 200, "<script>alert(1)</script>", ""},
		{"GET", "/now/cache/none", []string{"accept-bundle", "true"}, 404, "not_found", ""},
		{"GET", "/slot/current", nil, 200, "1", ""},
		{"GET", "/now/cache/serialize~json@1.0?bundle", nil, 200, `{"balances":{"` + alice + `":100},"device":"json@1.0","html":"<script>alert(1)</script>","list":[1],"totalsupply":1984}`, "application/json"},
		{"GET", "/now/cache/totalsupply?require-codec=application/json", nil, 200, `{"ao-result":"body","body":1984,"status":200}`, "application/json"},
		{"HEAD", "/now/cache", nil, 200, "", "text/html"},
		{"HEAD", "/now/cache/none", nil, 404, "", "text/html"},
		{"GET", "/latest/cache/totalsupply", nil, 200, "1984", ""},
		{"GET", "/compute=0/cache/totalsupply", []string{"accept-bundle", "true"}, 404, "not_found", ""},
		{"GET", "/compute&slot=1/at-slot", nil, 200, "1", ""},
		{"DELETE", "/now/cache/totalsupply", nil, 200, "1984", ""},
	} {
		resp, body := do(t, c.method, p+c.path, "", c.headers...)
		if resp.StatusCode != c.status || body != c.body || resp.Header.Get("Content-Type") != c.ctype {
			t.Errorf("%s %s: %d %q %q", c.method, c.path, resp.StatusCode, body, resp.Header.Get("Content-Type"))
		}
		for k, v := range map[string]string{
			"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "*", "X-Content-Type-Options": "nosniff",
			"Cache-Control": "no-store", "Content-Security-Policy": "sandbox allow-scripts allow-forms",
		} {
			if got := resp.Header.Get(k); got != v {
				t.Errorf("%s %s: %s is %q, want %q", c.method, c.path, k, got, v)
			}
		}
		if resp.Header.Get("Etag") != "" {
			t.Error("an ETag")
		}
	}
	resp, body := do(t, "GET", base+"/~meta@1.0/info/address", "")
	if resp.StatusCode != 200 || body != ao.Address("node") {
		t.Errorf("address: %q", body)
	}
	if resp, body := do(t, "GET", base+"/~hyperbuddy@1.0/metrics", ""); !strings.Contains(body, "\nprocess_uptime_seconds ") || resp.Header.Get("Content-Type") != "text/plain; version=0.0.4" {
		t.Errorf("metrics: %q", body)
	}
	if resp, _ := do(t, "GET", base+"/", ""); resp.StatusCode != 302 || resp.Header.Get("Location") != "/~hyperbuddy@1.0/dashboard" {
		t.Errorf("root: %d", resp.StatusCode)
	}
	if _, body := do(t, "GET", p+"/now/cache", "", "Accept", "text/html,*/*"); !strings.Contains(body, "balances</a>") || strings.Contains(body, "<script>alert") {
		t.Errorf("viewer: %.300s", body)
	}
}

// A link id of an answer can be asked for.
func TestLinksResolve(t *testing.T) {
	base := start(t, Options{Source: token()})
	_, body := do(t, "GET", base+"/"+testPID+"~process@1.0/now/cache/serialize~json@1.0", "")
	var doc map[string]any
	if err := json.Unmarshal([]byte(body), &doc); err != nil {
		t.Fatal(err)
	}
	id, _ := doc["balances+link"].(string)
	if resp, got := do(t, "GET", base+"/"+id+"/"+alice, ""); resp.StatusCode != 200 || got != "100" {
		t.Errorf("%s: %d %q", id, resp.StatusCode, got)
	}
	if _, got := do(t, "GET", base+"/"+id+"/serialize~json@1.0", ""); got != `{"`+alice+`":100,"device":"json@1.0"}` {
		t.Errorf("%q", got)
	}
}

func TestPreflight(t *testing.T) {
	base := start(t, Options{Source: token()})
	resp, body := do(t, "OPTIONS", base+"/anything/at/all", "", "Origin", "https://x.example", "Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "require-codec,authorization", "Access-Control-Request-Private-Network", "true")
	if resp.StatusCode != 204 || body != "" || resp.Header.Get("Access-Control-Allow-Origin") != "*" ||
		resp.Header.Get("Access-Control-Allow-Headers") != "*, authorization" || resp.Header.Get("Access-Control-Allow-Private-Network") != "true" ||
		!strings.Contains(resp.Header.Get("Access-Control-Allow-Methods"), "PATCH") {
		t.Errorf("%d %v", resp.StatusCode, resp.Header)
	}
}

// DESIGN S16: the Host header must name this machine and our port.
func TestHost(t *testing.T) {
	base := start(t, Options{Source: token(), AllowHosts: []string{"studio.local:8734"}})
	port := base[strings.LastIndex(base, ":")+1:]
	for host, want := range map[string]int{
		"127.0.0.1:" + port: 200, "localhost:" + port: 200, "LOCALHOST:" + port: 200, "[::1]:" + port: 200, "studio.local:8734": 200,
		"evil.example:" + port: 403, "127.0.0.1:1": 403, "localhost": 403, "evil.example": 403, "127.0.0.1.evil.example:" + port: 403,
	} {
		for _, path := range []string{"/" + testPID + "~process@1.0/slot/current", "/~patchbay@1.0/processes"} {
			if resp, _ := do(t, "GET", base+path, "", "Host", host); resp.StatusCode != want {
				t.Errorf("%s %s: %d, want %d", host, path, resp.StatusCode, want)
			}
		}
	}
}

// DESIGN S16: who may write. S17: who may read the control device.
func TestOrigin(t *testing.T) {
	base := start(t, Options{Source: token(), AllowOrigins: []string{"https://app.example"}})
	msg := `{"From":"` + alice + `","Action":"Transfer","Data":"x"}`
	for origin, ok := range map[string]bool{
		"": true, "http://localhost:3000": true, "http://127.0.0.1:1": true, "http://[::1]:5": true, "https://app.example": true,
		"null": false, "https://evil.example": false, "http://localhost.evil.example": false, "file://": false, "https://app.example.evil": false,
		"http://user@localhost": false,
	} {
		var h []string
		if origin != "" {
			h = []string{"Origin", origin}
		}
		h = append(h, "Content-Type", "application/json")
		for _, path := range []string{"/" + testPID + "~process@1.0/push", "/" + testPID + "~process@1.0/schedule", "/~patchbay@1.0/spawn", "/" + testPID + "~process@1.0/as=execution/compute&Action=X"} {
			body := msg
			if strings.Contains(path, "spawn") {
				body = `{"name":"n","source":"x"}`
			}
			resp, text := do(t, "POST", base+path, body, h...)
			if (resp.StatusCode == 200) != ok || !ok && resp.StatusCode != 403 {
				t.Errorf("%q %s: %d %s", origin, path, resp.StatusCode, text)
			}
		}
		resp, _ := do(t, "GET", base+"/~patchbay@1.0/processes", "", h...)
		want := ""
		if ok {
			want = origin
		}
		if got := resp.Header.Get("Access-Control-Allow-Origin"); got != want || resp.Header.Get("Vary") != "Origin" {
			t.Errorf("%q may read the control device: %q, vary %q", origin, got, resp.Header.Get("Vary"))
		}
		// Reads of state are for everybody.
		if resp, _ := do(t, "GET", base+"/"+testPID+"~process@1.0/now/cache/totalsupply", "", h...); resp.StatusCode != 200 || resp.Header.Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("%q cannot read: %d", origin, resp.StatusCode)
		}
	}
	resp, _ := do(t, "OPTIONS", base+"/~patchbay@1.0/spawn", "", "Origin", "https://evil.example", "Access-Control-Request-Private-Network", "true")
	if resp.Header.Get("Access-Control-Allow-Origin") != "" || resp.Header.Get("Access-Control-Allow-Private-Network") != "" {
		t.Errorf("preflight of the control device for a stranger: %v", resp.Header)
	}
	// Only POST changes anything.
	src := token()
	base = start(t, Options{Source: src})
	before := src.Scheduled(testPID)
	for _, method := range []string{"GET", "PUT", "DELETE", "PATCH"} {
		do(t, method, base+"/"+testPID+"~process@1.0/push", msg, "Content-Type", "application/json")
		do(t, method, base+"/~patchbay@1.0/spawn", `{"source":"x"}`, "Content-Type", "application/json")
	}
	if src.Scheduled(testPID) != before || len(src.Processes()) != 1 {
		t.Error("something other than POST changed the schedule")
	}
}

func TestUnsignedJSON(t *testing.T) {
	src := token()
	base := start(t, Options{Source: src})
	resp, body := do(t, "POST", base+"/"+testPID+"~process@1.0/push/serialize~json@1.0?bundle", `{"From":"`+alice+`","Action":"Transfer","Tags":[{"name":"Recipient","value":"bob"}],"Quantity":7,"Data":"d"}`, "Content-Type", "application/json; charset=utf-8")
	var doc map[string]any
	if err := json.Unmarshal([]byte(body), &doc); err != nil || resp.StatusCode != 200 || doc["slot"] != 2.0 || doc["process"] != testPID {
		t.Fatalf("%d %s", resp.StatusCode, body)
	}
	if !strings.HasPrefix(resp.Header.Get("Patchbay-Lint"), "unsigned-message") {
		t.Error("no lint header")
	}
	m := src.procs[testPID].message[2]
	if m.From != alice || m.Action() != "Transfer" || m.Data != patchdev.String("d") || m.Target != testPID {
		t.Errorf("%+v", m)
	}
	if v, _ := ao.TagValue(m.Tags, "Recipient"); v != "bob" {
		t.Errorf("tags %v", m.Tags)
	}
	if v, _ := ao.TagValue(m.Tags, "Quantity"); v != "7" {
		t.Errorf("tags %v", m.Tags)
	}
	resp, _ = do(t, "POST", base+"/"+testPID+"/schedule", `{"From":"`+alice+`","Tags":{"Action":"Info"}}`, "Content-Type", "application/json")
	if resp.StatusCode != 200 || resp.Header.Get("slot") != "3" || resp.Header.Get("process") != testPID {
		t.Errorf("schedule: %d %v", resp.StatusCode, resp.Header)
	}
	for _, c := range []struct{ ctype, body string }{{"text/plain", `{"Action":"x"}`}, {"application/json", `[1]`}, {"application/json", `"x"`}, {"", ""}} {
		if resp, _ := do(t, "POST", base+"/"+testPID+"~process@1.0/push", c.body, "Content-Type", c.ctype); resp.StatusCode != 400 {
			t.Errorf("%q %q: %d", c.ctype, c.body, resp.StatusCode)
		}
	}
	if resp, _ := do(t, "POST", base+"/"+testPID+"~process@1.0/push", `{"a"`, "Content-Type", "application/json"); resp.StatusCode != 500 {
		t.Errorf("broken JSON: %d", resp.StatusCode)
	}
	// What aoconnect posts without a signer may read and dry-run, as JSON (S13).
	ans := []string{"Content-Type", "application/ans104", "Codec-Device", "ans104@1.0"}
	for path, status := range map[string]int{"/compute/results=1": 200, "/compute=1": 200, "/as=execution/compute&Action=Info": 200, "/push": 500, "/schedule": 500} {
		resp, body := do(t, "POST", base+"/"+testPID+"~process@1.0"+path, "[object Object]", ans...)
		if resp.StatusCode != status || status == 200 && !json.Valid([]byte(body)) {
			t.Errorf("[object Object] to %s: %d %.100s", path, resp.StatusCode, body)
		}
	}
	if _, body := do(t, "POST", base+"/"+testPID+"/slot/current", "[object Object]", ans...); body != "3" {
		t.Errorf("slot: %q", body)
	}
}

func TestControl(t *testing.T) {
	src := token()
	base := start(t, Options{Source: src})
	resp, body := do(t, "POST", base+"/~patchbay@1.0/spawn", `{"name":"new","source":"x=1","owner":"`+alice+`","tags":[{"name":"a","value":"b"}]}`, "Content-Type", "application/json")
	var doc struct {
		Process string
		Slot    int
	}
	if err := json.Unmarshal([]byte(body), &doc); err != nil || resp.StatusCode != 200 || !ao.IsID(doc.Process) {
		t.Fatalf("%d %s", resp.StatusCode, body)
	}
	if v, _ := ao.TagValue(src.procs[doc.Process].info.Tags, "a"); v != "b" {
		t.Error("tags are lost")
	}
	_, body = do(t, "GET", base+"/~patchbay@1.0/processes", "")
	var list []map[string]any
	if err := json.Unmarshal([]byte(body), &list); err != nil || len(list) != 2 || list[0]["name"] != "token" || list[0]["process"] != testPID || list[0]["owner"] != alice || list[0]["slot"] != 1.0 {
		t.Errorf("%s", body)
	}
	for _, c := range []struct {
		method, path, body string
		status             int
	}{
		{"POST", "spawn", `{bad`, 400},
		{"POST", "spawn", `{"source":"refuse"}`, 400},
		{"GET", "spawn", "", 405},
		{"GET", "nothing", "", 404},
		{"GET", "events?process=nobody", "", 404},
		{"POST", "spawn", `{"tags":7x}`, 400},
	} {
		if resp, text := do(t, c.method, base+"/~patchbay@1.0/"+c.path, c.body); resp.StatusCode != c.status || !strings.Contains(text, `"error"`) {
			t.Errorf("%s %s: %d %s", c.method, c.path, resp.StatusCode, text)
		}
	}
}

func TestLimits(t *testing.T) {
	base := start(t, Options{Source: token()})
	resp, _ := do(t, "POST", base+"/"+testPID+"~process@1.0/push", `{"Data":"`+strings.Repeat("x", maxBody)+`"}`, "Content-Type", "application/json")
	if resp.StatusCode != 413 {
		t.Errorf("long body: %d", resp.StatusCode)
	}
	if resp, _ := do(t, "GET", base+"/"+strings.Repeat("x/", maxPath), ""); resp.StatusCode != 414 {
		t.Errorf("long path: %d", resp.StatusCode)
	}
	if resp, _ := do(t, "GET", base+"/"+testPID+"/now/"+strings.Repeat("x", 513), ""); resp.StatusCode != 500 {
		t.Errorf("long segment: %d", resp.StatusCode)
	}
}

func TestAccessLog(t *testing.T) {
	var mu sync.Mutex
	var got []Access
	seen := make(chan struct{}, 10)
	base := start(t, Options{Source: token(), OnAccess: func(a Access) {
		mu.Lock()
		got = append(got, a)
		mu.Unlock()
		seen <- struct{}{}
	}})
	do(t, "GET", base+"/"+testPID+"~process@1.0/now/cache/totalsupply?x=1", "", "Origin", "http://localhost:1")
	do(t, "GET", base+"/"+testPID+"~process@1.0/now/cache/serialize~json@1.0", "")
	do(t, "GET", base+"/nobody/now", "")
	for range 3 {
		<-seen
	}
	mu.Lock()
	defer mu.Unlock()
	a := got[0]
	if a.Method != "GET" || a.Status != 200 || a.Bytes != 4 || a.Process != testPID || a.Key != "now/cache/totalsupply" || a.Origin != "http://localhost:1" || !strings.HasSuffix(a.Path, "?x=1") {
		t.Errorf("%+v", a)
	}
	if !strings.HasPrefix(got[1].Lint, "unbundled-links") {
		t.Errorf("%+v", got[1])
	}
	if got[2].Status != 404 || got[2].Reason == "" {
		t.Errorf("%+v", got[2])
	}
}

// A log that does not keep up loses lines and says so, and never holds up answers.
// TestReadLints holds that ways to ask which surprise are told in the access log.
func TestReadLints(t *testing.T) {
	logged := make(chan Access, 1)
	base := start(t, Options{Source: token(), OnAccess: func(a Access) { logged <- a }})
	now := base + "/" + testPID + "~process@1.0/now/cache"
	for _, c := range []struct {
		path, accept, want string
	}{
		{"/list/serialize~json@1.0", "", "list-as-object"},
		{"/list?require-codec=application/json&accept-bundle=true", "", "list-as-object"},
		{"/balances/~json@1.0/serialize", "", "request-keys"},
		{"/balances", "application/json, text/plain, */*", "accept-list"},
		{"/balances", "application/json", ""},
		{"/balances", "text/html", ""},
		{"/balances/serialize~json@1.0", "application/json, text/plain, */*", ""},
		{"/totalsupply", "", ""},
	} {
		req, err := http.NewRequestWithContext(t.Context(), "GET", now+c.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		if c.accept != "" {
			req.Header.Set("Accept", c.accept)
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		rule, _, _ := strings.Cut((<-logged).Lint, ":")
		if rule != c.want {
			t.Errorf("%s with Accept %q: lint %q, want %q", c.path, c.accept, rule, c.want)
		}
	}
}

// TestMalformedEscape: net/http refuses such a path itself; the answer is a node's
// all the same, also on a connection that was used before, and other bad requests
// stay 400.
func TestMalformedEscape(t *testing.T) {
	base := start(t, Options{Source: token()})
	for _, c := range []struct {
		before, line string
		status       int
	}{
		{"", "GET /" + testPID + "~process@1.0/now/%zz HTTP/1.1", 500},
		{"", "GET /% HTTP/1.1", 500},
		{"", "GET /%2 HTTP/1.1", 500},
		{"", "GET /a?b=%zz HTTP/1.1", 500},
		{"", "GET /%41 HTTP/1.1", 404},
		{"", "GET /a b HTTP/1.1", 400},
		{"GET /~meta@1.0/info/address HTTP/1.1\r\nHost: " + strings.TrimPrefix(base, "http://") + "\r\n\r\n", "HEAD /x%g HTTP/1.1", 500},
	} {
		conn, err := net.Dial("tcp", strings.TrimPrefix(base, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		r := bufio.NewReader(conn)
		if c.before != "" {
			if _, err := io.WriteString(conn, c.before); err != nil {
				t.Fatal(err)
			}
			resp, err := http.ReadResponse(r, nil)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := io.Copy(io.Discard, resp.Body); err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
		}
		if _, err := io.WriteString(conn, c.line+"\r\nHost: "+strings.TrimPrefix(base, "http://")+"\r\nConnection: close\r\n\r\n"); err != nil {
			t.Fatal(err)
		}
		resp, err := http.ReadResponse(r, nil)
		if err != nil {
			t.Fatalf("%s: %v", c.line, err)
		}
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		conn.Close()
		if err != nil || resp.StatusCode != c.status {
			t.Errorf("%s: %d %q, %v, want %d", c.line, resp.StatusCode, body, err, c.status)
		}
	}
}

func TestSlowAccessLog(t *testing.T) {
	var lost int64
	release := make(chan struct{})
	s, err := New(Options{Source: token(), OnAccess: func(Access) { <-release }})
	if err != nil {
		t.Fatal(err)
	}
	for range maxLines {
		s.log.add(&Access{})
	}
	rec := newRecorder()
	req, _ := http.NewRequest("GET", "/x", nil)
	req.Host, req.RequestURI = "127.0.0.1:1", "/x"
	s.ServeHTTP(rec, req) // would hang if the log could hold it up
	close(release)
	done := make(chan struct{})
	close(done)
	s.log.tell(done, func(a Access) { lost += a.Dropped })
	if lost != 1 {
		t.Errorf("%d lines were said to be lost", lost)
	}
}

type recorder struct {
	h    http.Header
	code int
	body bytes.Buffer
}

func newRecorder() *recorder                    { return &recorder{h: http.Header{}} }
func (r *recorder) Header() http.Header         { return r.h }
func (r *recorder) WriteHeader(code int)        { r.code = code }
func (r *recorder) Write(b []byte) (int, error) { return r.body.Write(b) }

func TestListenMoves(t *testing.T) {
	a, moved, err := Listen("", 0)
	if err != nil || moved {
		t.Fatal(err, moved)
	}
	defer a.Close()
	port := a.Addr().(*net.TCPAddr).Port
	b, moved, err := Listen("", port)
	if err != nil || !moved || b.Addr().(*net.TCPAddr).Port <= port {
		t.Fatal(err, moved)
	}
	b.Close()
	if _, _, err := Listen("192.0.2.1", 1); err == nil {
		t.Error("listens on an address that is not ours")
	}
}

// Stopping ends streams and requests that wait, and leaves nothing behind.
func TestStop(t *testing.T) {
	src := token()
	s, err := New(Options{Source: src})
	if err != nil {
		t.Fatal(err)
	}
	ln, _, err := Listen("", 0)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx, ln) }()
	c, err := net.Dial("tcp", ln.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	io.WriteString(c, "GET /~patchbay@1.0/events HTTP/1.1\r\nHost: "+ln.Addr().String()+"\r\n\r\n")
	line, err := bufio.NewReader(c).ReadString('\n')
	if err != nil || !strings.Contains(line, "200") {
		t.Fatal(line, err)
	}
	cancel()
	select {
	case err := <-done:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(20 * time.Second):
		t.Fatal("does not stop")
	}
	src.mu.Lock()
	defer src.mu.Unlock()
	if len(src.subs) != 0 {
		t.Error("a subscription is left open")
	}
}

// Who sends JSON without asking for a form is answered JSON, in every profile.
func TestUnsignedIsAnsweredJSON(t *testing.T) {
	for _, name := range patchdev.ProfileNames() {
		src := token()
		src.profile, _ = patchdev.ProfileByName(name)
		base := start(t, Options{Source: src})
		for _, path := range []string{"/push", "/schedule", "/as=execution/compute"} {
			if name != "current" && strings.HasPrefix(path, "/as=") {
				continue // June and earlier do not know name=value
			}
			resp, body := do(t, "POST", base+"/"+testPID+"~process@1.0"+path, `{"From":"x","Action":"A"}`, "Content-Type", "application/json")
			if resp.StatusCode != 200 || resp.Header.Get("Content-Type") != "application/json" || !json.Valid([]byte(body)) || strings.Contains(body, "+link") {
				t.Errorf("%s %s: %d %s", name, path, resp.StatusCode, body)
			}
		}
	}
}

// The schedule in both shapes, messages by their ids, and the sandbox of consoles.
func TestScheduleAndIDs(t *testing.T) {
	src := token()
	base := start(t, Options{Source: src})
	p := base + "/" + testPID + "~process@1.0"
	_, body := do(t, "POST", p+"/push", `{"From":"`+alice+`","Action":"Transfer","Data":"d","Recipient":"bob"}`, "Content-Type", "application/json")
	var pushed struct {
		ID   string
		Slot int
	}
	if err := json.Unmarshal([]byte(body), &pushed); err != nil || !ao.IsID(pushed.ID) {
		t.Fatal(body)
	}
	_, body = do(t, "GET", p+"/schedule?from=2&require-codec=application/json&accept-bundle=true", "")
	var shape struct {
		Process     string
		Assignments map[string]struct {
			Slot int
			Body map[string]any
		}
	}
	if err := json.Unmarshal([]byte(body), &shape); err != nil || shape.Process != testPID || shape.Assignments["2"].Slot != 2 || shape.Assignments["2"].Body["action"] != "Transfer" {
		t.Errorf("%v %s", err, body)
	}
	_, body = do(t, "GET", base+"/~scheduler@1.0/schedule?target="+testPID+"&accept=application%2Faos-2", "")
	var older struct {
		PageInfo map[string]any `json:"page_info"`
		Edges    []struct {
			Cursor int
			Node   struct {
				Message    struct{ ID, From, Data string }
				Assignment struct {
					Tags []ao.Tag
				}
			}
		}
	}
	if err := json.Unmarshal([]byte(body), &older); err != nil || len(older.Edges) != 3 || older.Edges[2].Cursor != 2 || older.Edges[2].Node.Message.From != alice {
		t.Errorf("%v %s", err, body)
	}
	if v, ok := ao.TagValue(older.Edges[2].Node.Assignment.Tags, "Nonce"); !ok || v != "2" {
		t.Errorf("tags %v", older.Edges[2].Node.Assignment.Tags)
	}
	if _, body := do(t, "GET", base+"/"+pushed.ID+"/action", ""); body != "Transfer" {
		t.Errorf("message by id: %q", body)
	}
	_, body = do(t, "GET", base+"/"+testPID+"?require-codec=application/json", "")
	var bare struct {
		Commitments map[string]struct {
			Type, Committer string
		}
	}
	if err := json.Unmarshal([]byte(body), &bare); err != nil || bare.Commitments[testPID].Committer != alice || bare.Commitments[testPID].Type != "rsa-pss-sha256" {
		t.Errorf("%s", body)
	}
	for path, want := range map[string]string{
		"/~message@1.0&a+integer=5/a": "5", "/~message@1.0&k=v/k": "v", "/~message@1.0&t+atom=true/t": "true", "/(~message@1.0&a=b)/a": "b",
		"/" + testPID + "~process@1.0/compute/at-slot": "2", "/" + testPID + "/now/cache/list/1": "1",
	} {
		if _, body := do(t, "GET", base+path, ""); body != want {
			t.Errorf("%s: %q, want %q", path, body, want)
		}
	}
	if _, body := do(t, "POST", base+"/~json@1.0/deserialize?require-codec=application/json&accept-bundle=true", `{"a":{"b":1}}`, "Content-Type", "text/plain"); body != `{"a":{"b":1},"status":200}` {
		t.Errorf("%q", body)
	}
	resp, _ := do(t, "GET", p+"/now/cache/serialize~json@1.0?bundle", "", "Accept-Encoding", "gzip")
	if resp.Header.Get("Content-Encoding") != "" {
		t.Error("a small body is compressed")
	}
	src.setRoot(testPID, patchdev.NewTable("cache", tableOf(1000)))
	resp, body = do(t, "GET", p+"/now/cache/serialize~json@1.0?bundle", "", "Accept-Encoding", "gzip")
	if resp.Header.Get("Content-Encoding") != "gzip" || len(body) > 20_000 {
		t.Errorf("%v, %d bytes", resp.Header, len(body))
	}
}

// `now` waits for what is scheduled, and says so when that takes too long.
func TestNowWaits(t *testing.T) {
	src := token()
	src.procs[testPID].lazy = true
	base := start(t, Options{Source: src})
	do(t, "POST", base+"/"+testPID+"~process@1.0/schedule", `{"From":"x","Action":"A"}`, "Content-Type", "application/json")
	if _, body := do(t, "GET", base+"/"+testPID+"~process@1.0/compute/at-slot", ""); body != "1" {
		t.Errorf("compute waited: %q", body)
	}
	if _, body := do(t, "GET", base+"/"+testPID+"~process@1.0/now/at-slot", ""); body != "2" {
		t.Errorf("now did not wait: %q", body)
	}
	base = start(t, Options{Source: stuckSource{token()}, NowLimit: 1})
	resp, body := do(t, "GET", base+"/"+testPID+"~process@1.0/now/at-slot", "", "Require-Codec", "application/json")
	if resp.StatusCode != 504 || !strings.Contains(body, "still running") {
		t.Errorf("%d %s", resp.StatusCode, body)
	}
}

// stuckSource is computing for ever.
type stuckSource struct{ *memory }

func (s stuckSource) Scheduled(pid string) int64 { return s.memory.Scheduled(pid) + 1 }

func (s stuckSource) WaitScheduled(ctx context.Context, _ string) (int64, *patchdev.Table, error) {
	<-ctx.Done()
	return -1, nil, ctx.Err()
}

// Connections give their places back, and time limits are enforced without
// timers of their own.
func TestConnections(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := limitListener(ln)
	l.slots = make(chan struct{}, 1)
	pair := func() (net.Conn, *conn) {
		t.Helper()
		out, err := net.Dial("tcp", ln.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		in, err := l.Accept()
		if err != nil {
			t.Fatal(err)
		}
		return out, in.(*conn)
	}
	for range 3 { // with one place, three times
		out, in := pair()
		if err := in.Close(); err != nil {
			t.Error(err)
		}
		_ = in.Close() // twice gives one place back
		out.Close()
	}
	now := time.Now()

	// A read whose limit passes ends; one whose limit was taken back does not.
	out, in := pair()
	buf := make([]byte, 1)
	_ = in.SetReadDeadline(now.Add(time.Minute))
	l.look(now.Add(59*time.Second), 2, 30)
	_, _ = out.Write([]byte("a"))
	if _, err := in.Read(buf); err != nil {
		t.Error(err)
	}
	_ = in.SetReadDeadline(time.Time{})
	l.look(now.Add(time.Hour), 3, 30)
	_, _ = out.Write([]byte("b"))
	if _, err := in.Read(buf); err != nil {
		t.Error(err)
	}
	_ = in.SetReadDeadline(now.Add(time.Minute))
	l.look(now.Add(61*time.Second), 4, 30)
	if _, err := in.Read(buf); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("read: %v", err)
	}
	// net/http ends reads by a deadline long past, and reads on after.
	_ = in.SetReadDeadline(time.Unix(1, 0))
	if _, err := in.Read(buf); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("read: %v", err)
	}
	_ = in.SetReadDeadline(now.Add(time.Minute))
	_, _ = out.Write([]byte("c"))
	if _, err := in.Read(buf); err != nil {
		t.Error(err)
	}
	// A client that takes nothing is let go.
	written := make(chan error, 1)
	go func() {
		_, err := in.Write(make([]byte, 64<<20))
		written <- err
	}()
	for in.writing.Load() == 0 {
		runtime.Gosched()
	}
	l.look(now, l.tick.Load()+31, 30)
	if err := <-written; !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("write: %v", err)
	}
	in.Close()
	out.Close()

	l.slots <- struct{}{} // full: Accept waits until Close
	done := make(chan error, 1)
	go func() {
		_, err := l.Accept()
		done <- err
	}()
	if err := l.Close(); err != nil {
		t.Error(err)
	}
	if err := <-done; err == nil {
		t.Error("accepted without a place")
	}
}
