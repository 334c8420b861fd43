package syntax

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

var kindNames = map[Kind]string{
	KindKeyword: "kw", KindIdent: "id", KindBuiltin: "lib", KindFunction: "fn", KindString: "str",
	KindNumber: "num", KindComment: "com", KindOperator: "op", KindError: "err",
}

func colour(t *testing.T, text string) string {
	t.Helper()
	var out []string
	var st LineState
	for _, line := range strings.Split(text, "\n") {
		var spans []Span
		spans, st = LexLine(line, st, nil)
		for _, s := range spans {
			out = append(out, fmt.Sprintf("%s:%s", kindNames[s.Kind], line[s.Start:s.End]))
		}
	}
	return strings.Join(out, " ")
}

func TestLexLine(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"local x = 0x1F", "kw:local id:x op:= num:0x1F"},
		{"print('a')", "lib:print op:( str:'a' op:)"},
		{"function a.b:c() end", "kw:function id:a op:. id:b op:: fn:c op:( op:) kw:end"},
		{"string.format(x)", "lib:string op:. lib:format op:( id:x op:)"},
		{"string.nope(x)", "lib:string op:. fn:nope op:( id:x op:)"},
		{"f'x' g{} h[[y]]", "fn:f str:'x' fn:g op:{ op:} fn:h str:[[y]]"},
		{"--[==[ a\nb ]] c ]==] x", "com:--[==[ a com:b ]] c ]==] id:x"},
		{"[[a\nb\nc]] -- d", "str:[[a str:b str:c]] com:-- d"},
		{"'a\\\nb' c", "str:'a\\ str:b' id:c"},
		{"'a\\z\n\n   b' c", "str:'a\\z str:b' id:c"},
		{"'a\nb", "err:'a id:b"},
		{"a ~= b // c :: d ...", "id:a op:~= id:b op:// id:c op::: id:d op:..."},
		{"x = @ é", "id:x op:= err:@ err:é"},
		{"#!/usr/bin/lua", "com:#!/usr/bin/lua"},
		{"1..2", "err:1..2"},
		{"t.x.y = 1e5", "id:t op:. id:x op:. id:y op:= num:1e5"},
	} {
		if got := colour(t, c.in); got != c.want {
			t.Errorf("%q\n got %s\nwant %s", c.in, got, c.want)
		}
	}
}

// Spans must be in order, in range and without overlap, whatever the text.
func TestLexLineSpansAreOrdered(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		line := rapid.StringOfN(rapid.RuneFrom([]rune("ab0x.-=[]\"'\\z \té#:~<(")), 0, 40, -1).Draw(t, "line")
		checkSpans(t, line, LineState(rapid.Uint32Range(0, 40).Draw(t, "state")))
	})
}

func checkSpans(t interface{ Fatalf(string, ...any) }, line string, st LineState) {
	spans, _ := LexLine(line, st, nil)
	end := 0
	for _, s := range spans {
		if s.Start < end || s.End <= s.Start || s.End > len(line) || s.Kind == KindNone {
			t.Fatalf("%q: bad span %+v after %d", line, s, end)
		}
		end = s.End
	}
}

func FuzzLexLine(f *testing.F) {
	f.Add("local x = [==[ a ]] -- b", uint32(0))
	f.Fuzz(func(t *testing.T, line string, st uint32) {
		if !strings.ContainsAny(line, "\r\n") {
			checkSpans(t, line, LineState(st))
		}
	})
}
