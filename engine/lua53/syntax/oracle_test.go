package syntax

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// errorSources are texts with an error each; what PUC says to them is recorded
// in testdata/errors.txt (UPDATE_ORACLE=1 records again, with lua5.3).
var errorSources = []string{
	"x = = 2", "x = 'abc", "x = \"a\\qb\"", "for i=1 do end", "for i do", "f(", "x = }", "local function f( end",
	"goto x", "do break end", "break", "::a:: ::a::", "do goto l; local a; ::l:: print(a) end", "x=1e", "x=0x", "x=3..4",
	"x = [==[ abc", "--[[ abc", "x='a\nb'", "a.b:c = 1", "(f) = 1", "f() = 1", "return 1 2", "local x <const> = 1",
	"x = '\\300'", "x='\\x4g'", "x='\\u{110000}'", "x='\\u123'", "if x then", "if x then\nelse\n", "function f(a,) end",
	"function f(...) end", "function f() return ... end", "x = ~", "local 1", "x.1=2", "@", "x = \x01", "x=[=abc",
	"for a,b=1,2 do end", "x=function() goto l end ::l::", "repeat local x; goto c; local y; ::c:: until y",
	"do goto l1 end; local a; ::l1:: ::l2:: ;", "f(1\n", "x = {1,2\n\n", "a=1 b", "and", "x = 5 5", "local a = {} a.b",
	"x = 1 .. ", "'abc'", "a.", "a:b", "x = \"\\", "x = \"abc\\z  \n\n", "0x.p1", "x = 08e+ 1", "function a.b.c:d.e() end",
	"while true do local x", "x = 1--[[\n]] y", "do goto l; local a; ::l:: end", "goto l; local a; ::l:: ; ::m::",
	"repeat goto c; local x; ::c:: until x", "local a; goto l; local b; ::l:: return a", "x = 3in", "x = 0x1g", "x = 1ee+5",
	"for i=1,2 do local function f() goto out end end ::out::", "x = '\\\r\n' y z", "x=\"\\u{}\"", "x=\"\\u{7FFFFFFF\"",
	"f{", "f'", "return return", "x = function(a,b,...,c) end", "local function 1() end", "if x", "elseif", "end", "x = (1",
	"x = {1 2}", "x = {[1]}", "x = {a=}", "x, y", "x, y = ", "a.b.c", "x = not", "x = #", "::1::", ":: a", "goto 1",
	"local x = 5 local function f() goto z end", "while 1 do goto c end ::d:: ::c::", "\x7f", "x = é", "x = '\xff", "for 1",
	"for a in", "for a in b", "for a, in b do", "x = 1 = 2", "(a", "(a).b", "a().b", "a{}.b", "a'x'.b", "local a.b = 1",
	"x = a.b:c", "return;;", "return 1;;", "x = [[\n\n", "goto continue", "do ::x:: end goto x", "x = 9999999999999999999999",
	strings.Repeat("(", 300), strings.Repeat("do ", 300), strings.Repeat("{", 300), "x = " + strings.Repeat("-", 300) + "1",
	"local " + strings.Repeat("a,", 250) + "b", strings.Repeat("f(", 250), "x = \x00", "\x00", "x = 1 \x00 y",
}

func TestErrorsAgainstPUC(t *testing.T) {
	path := filepath.Join("testdata", "errors.txt")
	if os.Getenv("UPDATE_ORACLE") != "" {
		var out strings.Builder
		for _, src := range errorSources {
			cmd := exec.Command("lua5.3", "-e", `io.write((select(2, load(io.read("a"), "=x"))) or "ok")`)
			cmd.Stdin = strings.NewReader(src)
			b, err := cmd.Output()
			if err != nil {
				t.Fatal(err)
			}
			out.WriteString(strings.ReplaceAll(strings.ReplaceAll(string(b), "\n", "\\n"), "\r", "\\r") + "\n")
		}
		if err := os.WriteFile(path, []byte(out.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Split(strings.TrimSuffix(string(b), "\n"), "\n")
	if len(want) != len(errorSources) {
		t.Fatalf("%s has %d lines for %d sources; record it again", path, len(want), len(errorSources))
	}
	for i, src := range errorSources {
		got := "ok"
		if _, err := Parse("x", src); err != nil {
			got = strings.ReplaceAll(strings.ReplaceAll(err.Error(), "\n", "\\n"), "\r", "\\r")
		}
		if got != want[i] {
			t.Errorf("%.60q\n got %s\nwant %s", src, got, want[i])
		}
	}
}
