//go:build !headless

package window

import (
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"patchbay/app/cli"
	"patchbay/engine/ao"
	"patchbay/engine/node"
	"patchbay/patchdev"
	"patchbay/ui/compose"
	"patchbay/ui/inspect"
	"patchbay/ui/traffic"
)

const shown = `Send({ device = "patch@1.0", cache = {
  count = 7, price = 1.5, ok = true, text = "hello", page = "<html><script>x()</script></html>",
  list = { 1, 2, 3 }, deep = { ["a b"] = { c = "d" } }, Upper = "case", info = "reserved", ["empty"] = "",
} })`

// session is a project with one process that runs and is served.
func session(t *testing.T, f *face) (s *cli.Session, pid string) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{"patchbay.toml": "[[process]]\nname = \"p\"\nscript = \"p.lua\"\n", "p.lua": shown} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s, err := cli.Open(t.Context(), cli.Options{Dir: dir, DB: ":memory:", Capture: true, OnAccess: func(a node.Access) { f.access(a) }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	processes, err := s.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	f.url, f.handler = s.URL, s.Node.Quiet()
	return s, processes[0].ID
}

func logged(f *face) []traffic.Exchange {
	list, _ := f.Traffic(0)
	return list
}

// What is copied as curl does, in a shell, what Send and the inspector do.
func TestCopiedCommandsWork(t *testing.T) {
	for _, tool := range []string{"curl", "sh"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("SKIPPED: %s is not installed", tool)
		}
	}
	f := newFace()
	s, pid := session(t, f)
	sh := func(command string) string {
		t.Helper()
		c := exec.CommandContext(t.Context(), "sh", "-c", strings.Replace(command, "curl ", "curl -sS --noproxy '*' ", 1))
		out, err := c.CombinedOutput()
		if err != nil {
			t.Fatalf("%s\n%v: %s", command, err, out)
		}
		return string(out)
	}
	env := compose.Env{Accounts: []compose.Account{{Name: "alice", Address: ao.Address("alice")}}, Process: pid}
	d := compose.Draft{From: "alice", Action: "It's", Tags: []ao.Tag{{Name: "Quote", Value: `"'$HOME\n` + "`" + `é`}, {Name: "From-Whom", Value: "alice"}}, Data: "two\nlines & 'quotes' \\"}
	command, err := compose.Curl(d, env, s.URL)
	if err != nil {
		t.Fatal(err)
	}
	sh(command)
	for len(logged(f)) == 0 {
		<-f.TrafficC()
	}
	if x := logged(f)[0]; !x.Sent || x.Slot != 1 || x.Process != pid {
		t.Errorf("the traffic has %+v", x)
	}
	slot, err := s.Engine.Wait(t.Context(), pid, 1)
	if err != nil {
		t.Fatal(err)
	}
	want, err := compose.Resolve(d, env)
	if err != nil {
		t.Fatal(err)
	}
	if m := &slot.Message; m.From != want.From || m.Data != want.Data || cmp.Diff(want.Tags, m.Tags) != "" {
		t.Errorf("%s\nsent from %s %q with %v\nwant %s %q with %v", command, m.From, m.Data, m.Tags, want.From, want.Data, want.Tags)
	}
	path := "/" + pid + "~process@1.0/now/cache/text"
	for _, header := range [][2]string{{}, {"accept", "application/json"}} {
		h := http.Header{"Accept": {"*/*"}}
		if header[0] != "" {
			h.Set(header[0], header[1])
		}
		r, err := f.Respond(t.Context(), http.MethodGet, path, h)
		if err != nil {
			t.Fatal(err)
		}
		for _, tool := range []string{"curl", "wget"} {
			if _, err := exec.LookPath(tool); err != nil {
				continue
			}
			if got := sh(inspect.Code(tool, s.URL, path, header)); got != string(r.Body) || got == "" {
				t.Errorf("%s %v: %q, want %q", tool, header, got, r.Body)
			}
		}
	}
}

// What is copied from the traffic asks the node byte for byte what was asked before,
// and only the newest exchanges are kept in full.
func TestCopiedTrafficAsksTheSame(t *testing.T) {
	for _, tool := range []string{"curl", "sh"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("SKIPPED: %s is not installed", tool)
		}
	}
	f := newFace()
	s, pid := session(t, f)
	client := http.Client{Timeout: time.Minute, Transport: &http.Transport{DisableKeepAlives: true}}
	ask := func(method, path, body string, header http.Header) {
		t.Helper()
		q, err := http.NewRequestWithContext(t.Context(), method, s.URL+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		q.Header = header
		r, err := client.Do(q)
		if err != nil {
			t.Fatal(err)
		}
		_ = r.Body.Close()
	}
	newest := func(n int) (traffic.Exchange, *traffic.Captured) {
		t.Helper()
		for len(logged(f)) < n {
			<-f.TrafficC()
		}
		x := logged(f)[n-1]
		c := f.Captured(x.ID)
		if c == nil {
			t.Fatalf("exchange %d is not kept", x.ID)
		}
		return x, c
	}
	n := 0
	for _, c := range []struct {
		method, path, body string
		header             http.Header
	}{
		{"POST", "/" + pid + "~process@1.0/push", `{"From":"it's", "Data":"é"}`, http.Header{"Content-Type": {"application/json"}, "Origin": {"http://localhost:5173"}}},
		{"POST", "/" + pid + "~process@1.0/push", "a\x00%'\\\xff\n", http.Header{"X-Two": {"a", "b"}, "X-None": {""}}},
		{"GET", "/" + pid + "~process@1.0/now/cache/deep/a%20b?bundle&x=[1]", "", http.Header{"Accept": {"application/json"}, "User-Agent": {"mine"}}},
		{"HEAD", "/" + pid + "~process@1.0/now/cache/text", "", http.Header{}},
		{"OPTIONS", "/" + pid + "~process@1.0/now/cache/text", "", http.Header{"Origin": {"http://localhost:5173"}}},
	} {
		ask(c.method, c.path, c.body, c.header)
		n++
		x, first := newest(n)
		command, cut := traffic.Curl(x, first, s.URL)
		if cut {
			t.Errorf("%s: cut", command)
		}
		out, err := exec.CommandContext(t.Context(), "sh", "-c", strings.Replace(command, "curl ", "curl -sS --noproxy '*' ", 1)).CombinedOutput()
		if err != nil {
			t.Fatalf("%s\n%v: %s", command, err, out)
		}
		n++
		again, second := newest(n)
		if string(first.RequestBody) != c.body || again.Method != x.Method || again.Path != x.Path {
			t.Errorf("%s\nasked %s %s, before %s %s %q", command, again.Method, again.Path, x.Method, x.Path, first.RequestBody)
		}
		for _, h := range []http.Header{first.Request, second.Request} {
			h.Del("Connection") // is the connection's
			h.Del("Content-Length")
		}
		first.Response, second.Response = nil, nil // has slots and times
		first.ResponseBody, second.ResponseBody, first.ResponseSize, second.ResponseSize = nil, nil, 0, 0
		if d := cmp.Diff(first, second); d != "" {
			t.Errorf("%s\n%s", command, d)
		}
	}
	for range node.KeptCaptures {
		ask("GET", "/"+pid+"~process@1.0/now/cache/text", "", http.Header{})
		n++
	}
	_, last := newest(n)
	if string(last.ResponseBody) != "hello" {
		t.Errorf("captured %q", last.ResponseBody)
	}
	if f.Captured(uint64(n-node.KeptCaptures)) != nil || f.Captured(uint64(n-node.KeptCaptures+1)) == nil || f.Captured(0) != nil {
		t.Error("not the newest 200 are kept")
	}
}

// What the window shows as the exact response is what a client gets over the wire, in
// every profile and every encoding that the window offers, byte for byte; and only
// what the client asked is in the log.
func TestTheWindowsResponseIsWhatTheNodeSends(t *testing.T) {
	f := newFace()
	s, pid := session(t, f)
	client := http.Client{Transport: &http.Transport{DisableCompression: true}, Timeout: time.Minute}
	defer client.CloseIdleConnections()
	asked := uint64(0)
	for _, profile := range []string{"current", "2025-06", "2025-05"} {
		p, _ := patchdev.ProfileByName(profile)
		if err := s.Engine.SetProfile(t.Context(), p); err != nil {
			t.Fatal(err)
		}
		for _, key := range []string{"", "/count", "/price", "/ok", "/text", "/page", "/list", "/deep", "/deep/a%20b/c", "/Upper", "/info", "/empty", "/missing", "/count/deeper", "/%zz"} {
			for _, verb := range []string{"now", "compute=0", "compute=9"} {
				for _, asking := range []struct{ suffix, accept string }{
					{"", "*/*"},
					{"?bundle", "*/*"},
					{"/serialize~json@1.0", "*/*"},
					{"/serialize~json@1.0?bundle", "*/*"},
					{"/~json@1.0/serialize", "*/*"},
					{"?require-codec=application/json", "*/*"},
					{"?require-codec=application/json&accept-bundle=true", "*/*"},
					{"", "application/json"},
				} {
					if verb == "compute=9" && (key != "/count" || asking.suffix != "") {
						continue // a slot that is not there
					}
					path := "/" + pid + "~process@1.0/" + verb + "/cache" + key + asking.suffix
					header := http.Header{"Accept": {asking.accept}}
					got, err := f.Respond(t.Context(), http.MethodGet, path, header)
					if err != nil {
						if strings.Contains(key, "%zz") {
							continue // no client can ask that
						}
						t.Fatalf("%s %s: %v", profile, path, err)
					}
					q, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+path, nil)
					if err != nil {
						t.Fatal(err)
					}
					q.Header = header
					r, err := client.Do(q)
					if err != nil {
						t.Fatalf("%s %s: %v", profile, path, err)
					}
					body, err := io.ReadAll(r.Body)
					_ = r.Body.Close()
					if err != nil {
						t.Fatal(err)
					}
					asked++
					r.Header.Del("Date") // is the transport's, as the framing is
					want := map[string][]string{}
					for k, v := range got.Header {
						if len(v) == 0 {
							continue // net/http is told to add none of its own
						}
						want[http.CanonicalHeaderKey(k)] = v
					}
					if d := cmp.Diff(want, map[string][]string(r.Header)); d != "" || got.Status != r.StatusCode || string(got.Body) != string(body) {
						t.Errorf("%s %s (accept %s): the window shows %d %q, the wire %d %q; headers %s", profile, path, asking.accept, got.Status, got.Body, r.StatusCode, body, d)
					}
				}
			}
		}
	}
	for _, n := f.Traffic(0); n < asked; _, n = f.Traffic(0) { // each is logged when it is answered
		select {
		case <-f.TrafficC():
		case <-time.After(time.Minute):
			t.Fatalf("%d requests are in the traffic, %d were made", n, asked)
		}
	}
	if err := s.Close(); err != nil { // nothing is answered from here on
		t.Error(err)
	}
	if _, n := f.Traffic(0); n != asked {
		t.Errorf("%d requests are in the traffic, %d were made", n, asked)
	}
}
