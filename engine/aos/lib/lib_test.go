package lib

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	lua "github.com/yuin/gopher-lua"

	"patchbay/engine/lua53"
)

// machine is a State with the modules, and what its scripts printed. Its print is
// aos': only the first argument, coloured by type.
type machine struct {
	s   *lua53.State
	l   *Lib
	out []string
}

func newMachine(t testing.TB) *machine {
	t.Helper()
	return newMachineWith(t, lua53.Limits{})
}

func newMachineWith(t testing.TB, limits lua53.Limits) *machine {
	t.Helper()
	m := &machine{s: lua53.New(lua53.Options{Limits: limits})}
	t.Cleanup(m.s.Close)
	m.l = Open(m.s)
	m.s.Set(m.s.Globals(), lua.LString("print"), m.s.Function("print", func(c *lua53.Call) {
		v := c.Arg(1)
		var text string
		switch x := v.(type) {
		case lua.LString:
			text = string(x)
		case *lua53.Table:
			text = m.l.Stringify(c, x)
		case lua.LBool:
			text = blue + x.String() + plain
		case *lua.LNilType:
			text = red + "nil" + plain
		default:
			text = green + c.ToString(v) + plain
		}
		m.out = append(m.out, text)
		c.PushNil()
	}))
	return m
}

// run executes a script and returns its results.
func (m *machine) run(t testing.TB, script string) []lua.LValue {
	t.Helper()
	r, err := m.try(script)
	if err != nil {
		t.Fatalf("%s: %v", script, err)
	}
	return r
}

func (m *machine) try(script string) ([]lua.LValue, error) {
	m.s.ResetBudget()
	fn, err := m.s.Load(script, "=aos", "t", nil)
	if err != nil {
		return nil, err
	}
	return m.s.Call(context.Background(), fn)
}

// eval runs "return <expr>" and returns the results as tostring shows them, or
// "error: …" with line numbers of library chunks taken away.
func (m *machine) eval(t testing.TB, expr string) string {
	t.Helper()
	r, err := m.try("return " + expr)
	if err != nil {
		var se *lua53.SyntaxError
		if errors.As(err, &se) {
			t.Fatalf("%s: %v", expr, err)
		}
		return "error: " + neutral(err.Error())
	}
	var out []string
	for _, v := range r {
		// tostring with metamethods needs a call.
		s := m.s.Function("", func(c *lua53.Call) { c.PushString(c.ToString(c.Arg(1))) })
		text, err := m.s.Call(context.Background(), s, v)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, m.s.ToString(text[0]))
	}
	return strings.Join(out, " ")
}

var lineNumber = regexp.MustCompile(`(\[string "[^"]*"\]):\d+:`)

func neutral(s string) string { return lineNumber.ReplaceAllString(s, "$1:N:") }

// probes checks expressions against what they must show.
func probes(t *testing.T, setup string, cases map[string]string) {
	t.Helper()
	m := newMachine(t)
	if setup != "" {
		m.run(t, setup)
	}
	for expr, want := range cases {
		if got := m.eval(t, expr); got != want {
			t.Errorf("%s\n got %q\nwant %q", expr, got, want)
		}
	}
}

// The recordings of real aos, as far as they need nothing but modules.
func TestRecorded(t *testing.T) {
	for _, name := range []string{"bint", "crypto", "utils-functional", "print-types"} {
		t.Run(name, func(t *testing.T) {
			m := newMachine(t)
			m.run(t, read(t, name+".lua"))
			diff(t, strings.Join(m.out, "\n"), read(t, name+".txt"))
		})
	}
}

// math.random as aos seeds it, beside .chance.
func TestRecordedRandom(t *testing.T) {
	m := newMachine(t)
	// Block-Height .. sum of the bytes of Owner, Module and Id of the first message.
	m.run(t, `local sum = 0
		for _, s in ipairs { "owner______________________________________", "module_____________________________________", "process____________________________________" } do
			for i = 1, #s do sum = sum + s:byte(i) end
		end
		require(".chance").seed(tonumber("1300001" .. sum))
		Seeded = true
		Handlers = { add = function() end }
		math.random = function(...)
			local n = select("#", ...)
			local c = require(".chance")
			if n == 0 then return c.random() end
			if n == 1 then return c.integer(1, (...)) end
			return c.integer(...)
		end`)
	m.run(t, read(t, "random.lua"))
	diff(t, strings.Join(m.out, "\n"), read(t, "random.txt"))
}

func read(t testing.TB, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func diff(t *testing.T, got, want string) {
	t.Helper()
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range max(len(g), len(w)) {
		a, b := "(end)", "(end)"
		if i < len(g) {
			a = g[i]
		}
		if i < len(w) {
			b = w[i]
		}
		if a != b {
			t.Errorf("line %d: got %q, want %q", i+1, a, b)
		}
	}
}

func TestRequire(t *testing.T) {
	probes(t, "", map[string]string{
		`type(require("json"))`:                                                         "table",
		`require("json") == require("json")`:                                            "true",
		`select("#", pcall(require, ".json")), (pcall(require, ".json"))`:               "2 false",
		`type(require(".bint")), type(require(".dump"))`:                                "function function",
		`require(".crypto").digest == require(".crypto.digest.init")`:                   "true",
		`require(".crypto").utils.bit == bit32`:                                         "true",
		`require(".crypto").random == require(".crypto.cipher.issac").random`:           "true",
		`(function() package.loaded[".mine"] = { 7 } return require(".mine")[1] end)()`: "7",
	})
	m := newMachine(t)
	if m.l.Require("json") != m.run(t, `return require("json")`)[0] {
		t.Error("Lib.Require and require disagree")
	}
	if m.l.Require(".nothing") != nil {
		t.Error("a module from nowhere")
	}
}

// The modules of hyper-aos.
func TestHyper(t *testing.T) {
	m := &machine{s: lua53.New(lua53.Options{})}
	t.Cleanup(m.s.Close)
	m.l = OpenHyper(m.s)
	m.run(t, `u = require(".utils") req = { path = "p", body = { action = "Go", data = "Hello" } }`)
	for expr, want := range map[string]string{
		`require(".json").encode({ 1 }), pcall(require, "json") == false, pcall(require, ".bint") == false, pcall(require, ".crypto") == false`: `[1] true true true`,
		`u.matchesSpec(req, "Go"), u.matchesSpec(req, "go"), u.matchesSpec(req, { data = "Hello" }), u.matchesSpec(req, { data = "hello" })`:    `true false true false`,
		`u.matchesSpec(req, { path = "^p$", data = "^H" }), u.matchesSpec(req, { nope = "_" }), u.matchesSpec({}, "x")`:                         `error: [string ".utils"]:N: attempt to index a nil value (field 'body')`,
		`u.matchesSpec(req, { path = "^p$", data = "^H" }), u.matchesSpec(req, { nope = "_" })`:                                                 `true false`,
		`u.normalize, u.capitalize, u.Tab({ Tags = { { name = "a", value = 1 }, { name = "a", value = 2 } } }).a`:                               `nil nil 1`,
	} {
		if got := m.eval(t, expr); got != want {
			t.Errorf("%s: %q, want %q", expr, got, want)
		}
	}
	if m.l.Require("json") != nil || m.l.Require(".json") == nil {
		t.Error("Require")
	}
}

// What the modules add to the making of a process: nothing is opened yet.
func BenchmarkOpen(b *testing.B) {
	s := lua53.New(lua53.Options{})
	b.Cleanup(s.Close)
	b.ReportAllocs()
	for b.Loop() {
		s.ResetBudget()
		Open(s)
	}
}
