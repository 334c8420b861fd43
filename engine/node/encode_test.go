package node

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"patchbay/patchdev"
)

// wild draws tables that try to break an answer: names of headers, newlines,
// control characters, ids.
func wild(depth int) *rapid.Generator[*patchdev.Table] {
	keys := rapid.OneOf(
		rapid.SampledFrom([]string{
			"content-length", "transfer-encoding", "set-cookie", "location", "access-control-allow-origin", "Access-Control-Allow-Origin",
			"status", "content-type", "body", "data", "connection", "a: b", "x\r\nset-cookie: y", "refresh", "date", "ao-types", "device",
			"content-security-policy", "Content-Type", "Content-Length", "Trailer", "trailer:x", "www-authenticate", "alt-svc", "clear-site-data", strings.Repeat("A", 43),
		}),
		rapid.String(), rapid.StringMatching(`[a-z]{1,4}`),
	)
	return rapid.Custom(func(t *rapid.T) *patchdev.Table {
		b := patchdev.EmptyTable().Edit()
		for range rapid.IntRange(0, 6).Draw(t, "n") {
			b.Set(keys.Draw(t, "k"), wildValue(depth).Draw(t, "v"))
		}
		return b.Table()
	})
}

func wildValue(depth int) *rapid.Generator[patchdev.Value] {
	return rapid.Custom(func(t *rapid.T) patchdev.Value {
		n := 7
		if depth == 0 {
			n = 5
		}
		switch rapid.IntRange(0, n).Draw(t, "kind") {
		case 0:
			return patchdev.String(rapid.String().Draw(t, "s"))
		case 1:
			return patchdev.String(rapid.SampledFrom([]string{"a\r\nset-cookie: x=1", "chunked", "0", "204", "304", "101", "\x00", " pad ", "text/html\r\nx: y", "-5", "600", strings.Repeat("x", 5000)}).Draw(t, "s"))
		case 2:
			return patchdev.Int(rapid.Int64Range(-700, 700).Draw(t, "i"))
		case 3:
			return patchdev.Float(rapid.Float64Range(-1e6, 1e6).Draw(t, "f"))
		case 4:
			return patchdev.Bool(rapid.Bool().Draw(t, "b"))
		case 5:
			return patchdev.String(rapid.SampledFrom([]string{"*", "close", "http://evil.example"}).Draw(t, "s"))
		case 6:
			var vals []patchdev.Value
			for range rapid.IntRange(0, 3).Draw(t, "n") {
				vals = append(vals, wildValue(depth-1).Draw(t, "v"))
			}
			return patchdev.NewList(vals...)
		default:
			return wild(depth-1).Draw(t, "t")
		}
	})
}

var allowedStatus = regexp.MustCompile(`^HTTP/1\.1 ([2345]\d\d) `)

// No answer ever breaks HTTP framing, and no key of a script speaks for the
// server (DESIGN S19), whatever is patched and however it is asked for.
func TestNothingBreaksFraming(t *testing.T) { rapid.Check(t, framing(t)) }

func FuzzFraming(f *testing.F) { f.Fuzz(rapid.MakeFuzz(framing(f))) }

func framing(t testing.TB) func(*rapid.T) {
	src := token()
	base := start(t, Options{Source: src})
	addr := strings.TrimPrefix(base, "http://")
	return func(t *rapid.T) {
		name := rapid.SampledFrom(patchdev.ProfileNames()).Draw(t, "profile")
		src.mu.Lock()
		src.profile, _ = patchdev.ProfileByName(name)
		src.mu.Unlock()
		src.setRoot(testPID, patchdev.NewTable("cache", wild(3).Draw(t, "cache"), "body", wildValue(1).Draw(t, "body")))
		g := golden{}
		g.Request.Method = rapid.SampledFrom([]string{"GET", "HEAD", "POST"}).Draw(t, "method")
		g.Request.Path = "/" + testPID + rapid.SampledFrom([]string{
			"~process@1.0/now/cache", "~process@1.0/now", "~process@1.0/now/cache/serialize~json@1.0", "~process@1.0/now/cache/~json@1.0/serialize", "/now/body",
			"~process@1.0/now/cache?require-codec=application/json", "~process@1.0/now/cache?require-codec=json@1.0&accept-bundle=true", "~process@1.0/now/cache?accept-bundle=true",
			"~process@1.0/now/cache/keys", "~process@1.0/now/cache/set", "~process@1.0/now/cache/format~hyperbuddy@1.0", "", "~process@1.0/now/cache/index", "~process@1.0/now/cache/status",
		}).Draw(t, "path")
		raw, err := rawExchange(addr, &g)
		if err != nil {
			t.Fatal(err)
		}
		if !allowedStatus.Match(raw) {
			t.Fatalf("%.200q", raw)
		}
		r := bufio.NewReader(bytes.NewReader(raw))
		resp, err := http.ReadResponse(r, &http.Request{Method: g.Request.Method})
		if err != nil {
			t.Fatalf("%v: %.500q", err, raw)
		}
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatalf("%v: %.500q", err, raw)
		}
		if r.Buffered() > 0 || g.Request.Method != "HEAD" && resp.ContentLength != int64(len(body)) {
			t.Fatalf("%d bytes are left over, content-length %d of %d", r.Buffered(), resp.ContentLength, len(body))
		}
		for name, vals := range resp.Header {
			switch low := strings.ToLower(name); low {
			case "content-security-policy", "cache-control", "x-content-type-options", "date", "content-length", "access-control-allow-methods", "access-control-expose-headers", "connection", "content-type", "content-disposition":
				if len(vals) != 1 {
					t.Fatalf("%s: %q", name, vals)
				}
			case "access-control-allow-origin":
				if len(vals) != 1 || vals[0] != "*" {
					t.Fatalf("%s: %q", name, vals)
				}
			case "ao-types", "status", "ao-result", "ao-ids", "body-keys", "inline-body-key", "ao-body-key", "codec-device", "patchbay-reason", "patchbay-lint":
			default:
				if patchdev.Framing(low) {
					t.Fatalf("%s: %q comes from the script", name, vals)
				}
			}
		}
		if p := resp.Header.Get("Content-Security-Policy"); p != contentPolicy {
			t.Fatalf("policy %q", p)
		}
	}
}

// plainKey draws keys that mean nothing to a node.
var plainKey = rapid.StringMatching(`k[a-z0-9_-]{0,6}`)

func tame(depth int) *rapid.Generator[patchdev.Value] {
	return rapid.Custom(func(t *rapid.T) patchdev.Value {
		n := 6
		if depth == 0 {
			n = 4
		}
		switch rapid.IntRange(0, n).Draw(t, "kind") {
		case 0, 1:
			return patchdev.String(rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"", "true", "1", "a\nb", " x", strings.Repeat("y", 4097)})).Draw(t, "s"))
		case 2:
			return patchdev.Int(rapid.Int64Range(-patchdev.MaxInt, patchdev.MaxInt).Draw(t, "i"))
		case 3:
			return patchdev.Float(rapid.Float64Range(-1e300, 1e300).Draw(t, "f"))
		case 4:
			return patchdev.Bool(rapid.Bool().Draw(t, "b"))
		case 5:
			var vals []patchdev.Value
			for range rapid.IntRange(0, 12).Draw(t, "n") {
				vals = append(vals, tame(depth-1).Draw(t, "v"))
			}
			return patchdev.NewList(vals...)
		default:
			b := patchdev.EmptyTable().Edit()
			for range rapid.IntRange(0, 5).Draw(t, "n") {
				b.Set(plainKey.Draw(t, "k"), tame(depth-1).Draw(t, "v"))
			}
			return b.Table()
		}
	})
}

// A value comes back from headers and parts as it went in.
func TestHeadersAndPartsRoundTrip(t *testing.T) { rapid.Check(t, roundTrip(t)) }

func FuzzRoundTrip(f *testing.F) { f.Fuzz(rapid.MakeFuzz(roundTrip(f))) }

func roundTrip(t testing.TB) func(*rapid.T) {
	src := token()
	s, err := New(Options{Source: src})
	if err != nil {
		t.Fatal(err)
	}
	return func(t *rapid.T) {
		b := patchdev.EmptyTable().Edit()
		for range rapid.IntRange(0, 6).Draw(t, "n") {
			b.Set(plainKey.Draw(t, "k"), tame(3).Draw(t, "v"))
		}
		want := b.Table()
		src.setRoot(testPID, patchdev.NewTable("cache", want))
		req := httptest.NewRequest("GET", "http://127.0.0.1/"+testPID+"~process@1.0/now/cache?accept-bundle=true", nil).WithContext(context.Background())
		req.RequestURI, req.Host = "/"+testPID+"~process@1.0/now/cache?accept-bundle=true", "127.0.0.1:1"
		rec := newRecorder()
		s.ServeHTTP(rec, req)
		got := decodeMessage(rec.h, rec.body.Bytes())
		if !patchdev.Equal(got, want) {
			t.Fatalf("%s came back as %s\n%v\n%s", js(want), js(got), rec.h, rec.body.String())
		}
		// And from JSON, where booleans are strings with types.
		if text := patchdev.SerializeJSON(want, patchdev.Profile202505(), true); true {
			v, err := patchdev.ParseJSON(text)
			if err != nil || !patchdev.Equal(v.(*patchdev.Table).Delete("device"), want) {
				t.Fatalf("%v: %s", err, text)
			}
		}
	}
}

func js(v patchdev.Value) string {
	return string(patchdev.AppendJSON(nil, v, patchdev.JSONOptions{FloatPoint: true}))
}

// decodeMessage reads an answer of headers and parts, as other nodes do.
func decodeMessage(h http.Header, body []byte) *patchdev.Table {
	flat := map[string]map[string]string{"": {}} // members by the name of their part
	for k, v := range h {
		if strings.HasPrefix(k, "k") || k == "ao-types" {
			flat[""][k] = v[0]
		}
	}
	texts := map[string]string{}
	if ct := h["Content-Type"]; len(ct) == 1 {
		if b := boundaryOf(ct[0]); b != "" {
			parts := strings.Split(string(body), "--"+b)
			for _, p := range parts[1 : len(parts)-1] {
				head, text, has := strings.Cut(strings.TrimSuffix(strings.TrimPrefix(p, "\r\n"), "\r\n"), "\r\n\r\n")
				fields := map[string]string{}
				name := ""
				for line := range strings.SplitSeq(head, "\r\n") {
					k, v, _ := strings.Cut(line, ": ")
					if k == "content-disposition" {
						name = strings.TrimSuffix(strings.TrimPrefix(v, `form-data;name="`), `"`)
						continue
					}
					fields[k] = v
				}
				if has {
					texts[name] = text
				} else {
					flat[name] = fields
				}
			}
		}
	}
	root := map[string]any{}
	place := func(path string) map[string]any {
		at := root
		if path == "" {
			return at
		}
		for _, k := range strings.Split(path, "/") {
			next, ok := at[k].(map[string]any)
			if !ok {
				next = map[string]any{}
				at[k] = next
			}
			at = next
		}
		return at
	}
	names := make([]string, 0, len(flat))
	for n := range flat {
		names = append(names, n)
	}
	sort.Strings(names)
	for _, n := range names {
		at := place(n)
		types := typesOf(flat[n]["ao-types"])
		for k, v := range flat[n] {
			if k != "ao-types" {
				at[k] = typedText(v, types[k])
			}
		}
		if types["."] == "list" {
			at["."] = true
		}
	}
	for n, text := range texts {
		i := strings.LastIndexByte(n, '/')
		place(n[:max(i, 0)])[n[i+1:]] = patchdev.String(text)
	}
	return built(root).(*patchdev.Table)
}

func typesOf(s string) map[string]string {
	out := map[string]string{}
	for part := range strings.SplitSeq(s, ", ") {
		if k, v, ok := strings.Cut(part, "="); ok {
			out[k] = strings.Trim(v, `"`)
		}
	}
	return out
}

func typedText(s, typ string) patchdev.Value {
	switch typ {
	case "integer":
		i, _ := strconv.ParseInt(s, 10, 64)
		return patchdev.Int(i)
	case "float":
		f, _ := strconv.ParseFloat(s, 64)
		return patchdev.Float(f)
	case "atom":
		return patchdev.Bool(s == "true")
	}
	return patchdev.String(s)
}

func built(x any) patchdev.Value {
	m, ok := x.(map[string]any)
	if !ok {
		return x.(patchdev.Value)
	}
	if m["."] == true {
		delete(m, ".")
		vals := make([]patchdev.Value, len(m))
		for k, v := range m {
			i, _ := strconv.Atoi(k)
			vals[i-1] = built(v)
		}
		return patchdev.NewList(vals...)
	}
	b := patchdev.EmptyTable().Edit()
	for k, v := range m {
		b.Set(k, built(v))
	}
	return b.Table()
}

// rawExchange returns an answer byte for byte.
func rawExchange(addr string, g *golden) ([]byte, error) {
	c, err := dial(addr)
	if err != nil {
		return nil, err
	}
	defer c.Close()
	fmt.Fprintf(c, "%s %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", g.Request.Method, g.Request.Path, addr)
	return io.ReadAll(c)
}

// FuzzRequest throws any path, query, headers and body at the handler: it always
// answers, and never with a broken header.
func FuzzRequest(f *testing.F) {
	src := token()
	s, err := New(Options{Source: src})
	if err != nil {
		f.Fatal(err)
	}
	f.Add("POST", "/"+testPID+"~process@1.0/push", "application/json", `{"From":"x","Tags":[{"name":"a","value":1}]}`)
	f.Add("GET", "/"+testPID+"~process@1.0/now/cache/serialize~json@1.0?bundle", "", "")
	f.Add("POST", "/"+testPID+"~process@1.0/as=execution/compute&a=(b)", "application/ans104", "[object Object]")
	f.Add("GET", "/~patchbay@1.0/processes", "", "")
	f.Add("GET", "/~message@1.0&a+integer=5/a?1.b=2", "", "")
	f.Fuzz(func(t *testing.T, method, path, ctype, body string) {
		if !strings.HasPrefix(path, "/") || strings.Contains(path, "events") || method == "" || strings.ContainsAny(method+path, " \r\n\x00") {
			return
		}
		req, err := http.NewRequest(method, "http://127.0.0.1:1"+path, strings.NewReader(body))
		if err != nil {
			return
		}
		req.RequestURI, req.Host = path, "127.0.0.1:1"
		req.Header.Set("Content-Type", ctype)
		rec := newRecorder()
		s.ServeHTTP(rec, req)
		if rec.code < 200 || rec.code > 599 {
			t.Fatalf("status %d", rec.code)
		}
		for k, vals := range rec.h {
			for _, v := range vals {
				if strings.ContainsAny(k+v, "\r\n") {
					t.Fatalf("header %q: %q", k, v)
				}
			}
		}
	})
}
