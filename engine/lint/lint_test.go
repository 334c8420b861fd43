package lint

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"patchbay/engine/lua53/syntax"
	"patchbay/patchdev"
)

var update = flag.Bool("update", false, "write docs/lints.md")

func TestRulesAreComplete(t *testing.T) {
	id := regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	seen := map[string]bool{}
	for _, r := range Rules() {
		if !id.MatchString(r.ID) || seen[r.ID] {
			t.Errorf("id %q is odd or taken", r.ID)
		}
		seen[r.ID] = true
		for what, s := range map[string]string{"title": r.Title, "current": r.Current, "june": r.June, "may": r.May, "remedy": r.Remedy} {
			if s == "" {
				t.Errorf("%s has no %s", r.ID, what)
			}
		}
		if got, ok := ByID(r.ID); !ok || got.Title != r.Title {
			t.Errorf("ByID(%q) finds %v", r.ID, got)
		}
	}
}

// Every rule that the code raises is described here, and every one described is
// raised somewhere.
func TestRulesAreRaised(t *testing.T) {
	raised := regexp.MustCompile(`(?:warn\(|raise\(|add\(e, |slotError\{|rule, why :?= |rule = |unsignedLint = |(?:links|list|accept|request)Lint += )"([a-z0-9-]+)[":]`)
	found := map[string]bool{}
	for _, dir := range []string{"../../patchdev", ".", "../node", "../rawlua"} {
		files, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			if strings.HasSuffix(f, "_test.go") {
				continue
			}
			text, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range raised.FindAllStringSubmatch(string(text), -1) {
				found[m[1]] = true
			}
		}
	}
	for id := range found {
		if _, ok := ByID(id); !ok {
			t.Errorf("%s is raised but not described", id)
		}
	}
	for _, r := range Rules() {
		if !found[r.ID] {
			t.Errorf("%s is described but never raised", r.ID)
		}
	}
}

// document is docs/lints.md.
func document() string {
	var b strings.Builder
	b.WriteString("# What Patchbay warns of\n\n" +
		"Traps between a script and a HyperBEAM node. Each was seen on real nodes; what they do\n" +
		"depends on their generation: `current` (September 2025 and later), `2025-06`, `2025-05`.\n\n" +
		"This page is made from the rules in `engine/lint`: `go test ./engine/lint -run TestDocument -update`.\n" +
		"Rules marked ✎ are also found while you type, where the patch is written out.\n")
	for _, g := range Groups() {
		fmt.Fprintf(&b, "\n## %s\n", g.Title)
		for _, r := range g.Rules {
			mark := ""
			if r.Static {
				mark = " ✎"
			}
			fmt.Fprintf(&b, "\n### `%s`%s\n\n%s (%s).\n\n| profile | what a node does |\n|---|---|\n| current | %s |\n| 2025-06 | %s |\n| 2025-05 | %s |\n\nInstead: %s\n",
				r.ID, mark, upper(r.Title), r.Level, r.Current, r.June, r.May, r.Remedy)
		}
	}
	return b.String()
}

func upper(s string) string {
	if strings.HasPrefix(s, "device") || strings.HasPrefix(s, "patch@") || strings.HasPrefix(s, "{") || strings.HasPrefix(s, "_") {
		return "`" + strings.Replace(s, " ", "` ", 1)
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

func TestDocument(t *testing.T) {
	const file = "../../docs/lints.md"
	want := document()
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Error("docs/lints.md is not what the rules say: go test ./engine/lint -run TestDocument -update")
	}
}

func TestSource(t *testing.T) {
	for _, c := range []struct {
		name, flavour, source string
		want                  []string // rule line:col
	}{
		{"the documented token", "aos", `
			Send({device = 'patch@1.0', cache = { balances = Balances, totalsupply = TotalSupply } })`, nil},
		{"a capital", "aos", `Send({Device = 'patch@1.0', cache = {a = 1}})`, []string{"device-key-case 1:6"}},
		{"a value", "aos", `Send({method = 'patch', cache = {a = 1}})`, []string{"device-value 1:6"}},
		{
			"keys and values", "aos", "Send({device='patch@1.0',\n cache = {\n  info = {x=1},\n  Name = 'n',\n  status = 3,\n  ok = true,\n  s = 'a\\nb',\n  f = 1/0,\n  n = 123456789012345678 } })",
			[]string{"reserved-key 3:3", "key-case 4:3", "status-key 5:3", "boolean 6:3", "control-characters 7:3", "not-a-number 8:3", "rounded-number 9:3"},
		},
		{"raw integers", "lua@5.3a", `out({device='patch@1.0', cache={n=1000000000000000, m=999999999999999}})`, []string{"big-integer 1:33"}},
		{"nil wipes", "aos", `Send({device='patch@1.0', cache = {b = nil}})`, []string{"nil-table 1:35"}},
		{"mixed", "aos", `Send({device='patch@1.0', cache = {1, 2, x = 3}})`, []string{"mixed-table 1:35"}},
		{"two patches", "aos", "Handlers.add('x', function(msg)\n Send({device='patch@1.0', cache={a=1}})\n Send({device='patch@1.0', cache={a=2}})\nend)", []string{"same-place 3:35"}},
		{"two patches in two branches", "aos", "if x then\n Send({device='patch@1.0', cache={a=1}})\nelse\n Send({device='patch@1.0', cache={a=2}})\nend", nil},
		{"not literal", "aos", `local t = {device='patch@1.0', cache=make(), data=x, n = #y} Send(t)`, []string{"data-in-patch 1:46"}},
		{"in a function in a patch", "aos", `Send({device='patch@1.0', cache=(function() Send({Device='patch@1.0'}) end)()})`, []string{"device-key-case 1:50"}},
		{"an md5 key", "aos", `Send({device='patch@1.0', cache={['d41d8cd98f00b204e9800998ecf8427e']=1}})`, []string{"id-length-key 1:35"}},
		{"an address as key", "aos", `Send({device='patch@1.0', cache={['vRu7vmNBkZ0H4mXHmBYcqY_1aJlYZKLDb7tX0u6iYlM']='1'}})`, []string{"id-length-key 1:35"}},
		{"a fraction", "aos", `Send({device='patch@1.0', cache={f=0.5, g=10/2}})`, []string{"float 1:34"}},
		{"a fraction in a raw process", "lua@5.3a", `out({device='patch@1.0', cache={f=0.5, g=10/2}})`, []string{"float 1:33", "float 1:40"}},
		{"a function", "lua@5.3a", `out({device='patch@1.0', cache={f=function() end}})`, []string{"function-value 1:35"}},
		{"odd keys", "lua@5.3a", `out({device='patch@1.0', cache={a={[1.5]=1}, b={[true]=1}}})`, []string{"key-type 1:37", "key-type 1:50"}},
		{"text outside ASCII", "lua@5.3a", `out({device='patch@1.0', cache={a='é'}})`, []string{"text-in-source 1:35"}},
		{"text outside ASCII from aos", "aos", `Send({device='patch@1.0', cache={a='é'}})`, nil},
		{"an action", "aos", `Send({device='patch@1.0', Action='Update', cache={a='b'}})`, []string{"root-tag 1:27"}},
		{"too much for headers", "aos", `Send({device='patch@1.0', cache={big={a='` + strings.Repeat("x", 4000) + `', b='` + strings.Repeat("x", 4000) + `', c='` + strings.Repeat("x", 4000) + `', d='` + strings.Repeat("x", 4000) + `'}}})`, []string{"header-size 1:34"}},
		{"a long member", "aos", `Send({device='patch@1.0', cache={a='` + strings.Repeat("x", 5000) + `'}})`, []string{"long-member 1:34"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if e := syntax.Check("s", c.source); e != nil {
				t.Fatal(e)
			}
			var got []string
			for _, f := range Text("s", c.source, c.flavour, patchdev.Current()) {
				got = append(got, fmt.Sprintf("%s %d:%d", f.Rule.ID, f.Line, f.Col))
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("%v, want %v", got, c.want)
			}
		})
	}
}

func FuzzSource(f *testing.F) {
	f.Add("Send({device='patch@1.0', cache={a={1,2,b=nil}}})")
	f.Fuzz(func(_ *testing.T, text string) {
		Text("s", text, "aos", patchdev.Current())
		Text("s", text, "lua@5.3a", patchdev.Profile202505())
	})
}

func BenchmarkSource(b *testing.B) {
	text := strings.Repeat("Send({device='patch@1.0', cache={a=1, b={c='x', d=true}}})\nlocal function f(x) return x + 1 end\n", 500)
	c, err := syntax.Parse("s", text)
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		Source(c, "aos", patchdev.Current())
	}
}

// What luerl reads differently is found while typing, in raw scripts only.
func TestRawSource(t *testing.T) {
	const text = "local a = 99999999999999999999\nlocal b = 'é' -- é\nif a then goto done end\n::done::\nlocal c = 0x7fffffffffffffff"
	var got []string
	for _, f := range Text("s", text, "lua@5.3a", patchdev.Current()) {
		got = append(got, fmt.Sprintf("%d:%d %s", f.Line, f.Col, f.Rule.ID))
	}
	if want := "[1:11 wide-integer 2:11 text-in-source 3:11 raw-goto]"; fmt.Sprint(got) != want {
		t.Errorf("%v, want %s", got, want)
	}
	if f := Text("s", text, "aos", patchdev.Current()); len(f) != 0 {
		t.Errorf("in an aos script: %v", f)
	}
}
