package cli

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"patchbay/engine/ao"
	"patchbay/engine/project"
)

// flagScript shows what flags of serve change.
const flagScript = `
Count = Count or 0
Handlers.add("fail", "Fail", function(msg)
  Count = Count + 1
  error("no")
end)
Handlers.add("show", "Show", function(msg) Send({ device = "patch@1.0", cache = { count = Count, yes = true, owner = Owner } }) end)
Handlers.add("loop", "Loop", function(msg) for i = 1, 1000000 do Count = Count + 0 end end)
Handlers.add("eat", "Eat", function(msg) local t = {} for i = 1, 100000 do t[i] = { i } end Kept = t end)
`

// Each flag of serve does what it says.
func TestServeFlags(t *testing.T) {
	for _, c := range []struct {
		name  string
		args  []string
		check func(t *testing.T, c *command, s served)
	}{
		{"profile", []string{"--profile", "2025-05"}, func(t *testing.T, c *command, s served) {
			s.push("Show", "")
			if code, _, _ := fetch(t, "GET", s.base+"/"+s.pid+"~process@1.0/now/cache/yes", "", ""); code != 500 {
				t.Errorf("a boolean: %d", code)
			}
		}},
		{"no profile", nil, func(t *testing.T, c *command, s served) {
			s.push("Show", "")
			if got := s.read("now/cache/yes"); got != "true" {
				t.Errorf("a boolean: %q", got)
			}
		}},
		{"roll-back", nil, func(t *testing.T, c *command, s served) {
			s.push("Fail", "")
			s.push("Show", "")
			if got := s.read("now/cache/count"); got != "0" {
				t.Errorf("%q", got)
			}
		}},
		{"no roll-back", []string{"--no-rollback"}, func(t *testing.T, c *command, s served) {
			s.push("Fail", "")
			s.push("Show", "")
			if got := s.read("now/cache/count"); got != "1" {
				t.Errorf("%q", got)
			}
		}},
		{"gas", []string{"--gas", "500000"}, func(t *testing.T, c *command, s served) {
			if r, _ := json.Marshal(s.push("Loop", "")); !strings.Contains(string(r), "gas limit of 500000") {
				t.Errorf("%s", r)
			}
		}},
		{"no gas limit", []string{"--gas", "0"}, func(t *testing.T, c *command, s served) {
			if r, _ := json.Marshal(s.push("Loop", "")); strings.Contains(string(r), "gas limit") {
				t.Errorf("%s", r)
			}
		}},
		{"memory", []string{"--memory", "2M"}, func(t *testing.T, c *command, s served) {
			if r, _ := json.Marshal(s.push("Eat", "")); !strings.Contains(string(r), "limit of 2097152 bytes") {
				t.Errorf("%s", r)
			}
		}},
		{"owner by name", []string{"--owner", "alice"}, func(t *testing.T, c *command, s served) {
			_, text, _ := fetch(t, "GET", s.base+"/~patchbay@1.0/processes", "", "")
			if !strings.Contains(text, `"owner":"`+ao.Address("alice")+`"`) {
				t.Error(text)
			}
		}},
		{"owner by address", []string{"--owner", strings.Repeat("x", 43)}, func(t *testing.T, c *command, s served) {
			s.push("Show", "")
			if got := s.read("now/cache/owner"); got != strings.Repeat("x", 43) {
				t.Errorf("%q", got)
			}
		}},
		{"log", []string{"--log"}, func(t *testing.T, c *command, s served) {
			s.read("now/cache/none?x=1")
			line := c.out.line(t, "/now/cache/none")
			if !strings.Contains(line, " GET ") || !strings.Contains(line, " 404 ") || !strings.Contains(line, " µs") {
				t.Error(line)
			}
		}},
		{"hosts and origins", []string{"--allow-host", "studio.local:99", "--allow-origin", "https://app.example"}, func(t *testing.T, c *command, s served) {
			ask := func(host, origin string) int {
				r, err := http.NewRequest("POST", s.base+"/"+s.pid+"~process@1.0/push", strings.NewReader(`{"From":"a","Action":"Show"}`))
				if err != nil {
					t.Fatal(err)
				}
				r.Header.Set("Content-Type", "application/json")
				if r.Header.Set("Origin", origin); origin == "" {
					r.Header.Del("Origin")
				}
				if host != "" {
					r.Host = host
				}
				answer, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(r)
				if err != nil {
					t.Fatal(err)
				}
				answer.Body.Close()
				return answer.StatusCode
			}
			for _, x := range []struct {
				host, origin string
				good         bool
			}{
				{"", "", true},
				{"studio.local:99", "", true},
				{"other.local:99", "", false},
				{"", "https://app.example", true},
				{"", "https://other.example", false},
				{"", "null", false},
			} {
				if code := ask(x.host, x.origin); (code == 200) != x.good {
					t.Errorf("host %q, origin %q: %d", x.host, x.origin, code)
				}
			}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			args := append([]string{"serve", "--port", "0", "--name", "p"}, c.args...)
			cmd := begin(t, append(args, write(t, t.TempDir(), "p.lua", flagScript))...)
			c.check(t, cmd, served{t, cmd.base(), cmd.pid("p")})
		})
	}
}

// ":memory:" leaves nothing behind; a file can be verified without serving it.
func TestServeDatabases(t *testing.T) {
	dir := example(t)
	c := begin(t, "serve", "--port", "0", "--db", ":memory:", dir)
	c.base()
	c.stop()
	c.end()
	if _, err := os.Stat(filepath.Join(dir, project.Hidden, "journal.db")); err == nil {
		t.Error(":memory: made a journal")
	}
	c = begin(t, "serve", "--port", "0", dir)
	c.base()
	c.stop()
	c.end()
	if code, out, stderr := once(t, "serve", "--verify", dir); code != ExitGood || !strings.Contains(out, "slots verified") || strings.Contains(out, "listening") {
		t.Errorf("%d %s%s", code, out, stderr)
	}
}

// A raw process of a project and one spawned over HTTP: what compute leaves in base
// is readable at the root, patches on top, and events tell the keys.
func TestServeRaw(t *testing.T) {
	const raw = `function compute(base, req)
  base.count = (base.count or 0) + 1
  base.results = { output = { data = "n" .. base.count }, outbox = { m1 = { device = "patch@1.0", cache = { half = base.count / 2 } } } }
  return base
end`
	dir := t.TempDir()
	write(t, dir, "counter.lua", raw)
	write(t, dir, project.File, "[[process]]\nname = \"counter\"\nscript = \"counter.lua\"\ntags = { \"execution-device\" = \"lua@5.3a\" }\n")
	c := begin(t, "serve", "--port", "0", dir)
	s := served{t, c.base(), c.pid("counter")}
	s.push("Any", "")
	if got := s.read("now/count"); got != "2" {
		t.Errorf("count is %q", got)
	}
	if got := s.read("now/cache/half"); got != "1.00000000000000000000e+00" {
		t.Errorf("half is %q", got)
	}
	if got := s.read("compute=0/count"); got != "1" {
		t.Errorf("count at slot 0 is %q", got)
	}
	if got := s.read("now/results/output/data"); got != "n2" {
		t.Errorf("the output is %q", got)
	}
	body, _ := json.Marshal(map[string]any{"name": "second", "source": raw, "tags": []ao.Tag{{Name: "execution-device", Value: "lua@5.3a"}}})
	code, text, _ := fetch(t, "POST", s.base+"/~patchbay@1.0/spawn", "application/json", string(body))
	var spawned struct{ Process string }
	if err := json.Unmarshal([]byte(text), &spawned); code != 200 || err != nil {
		t.Fatalf("%d %s", code, text)
	}
	second := served{t, s.base, spawned.Process}
	if got := second.read("now/count"); got != "1" {
		t.Errorf("the second's count is %q", got)
	}
	second.push("Any", "")
	if got := second.read("now/count?x"); got != "2" {
		t.Errorf("the second's count is %q", got)
	}
}
