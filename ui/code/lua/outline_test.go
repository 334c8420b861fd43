package lua_test

import (
	"fmt"
	"strings"
	"testing"

	"patchbay/ui/code/lua"
	"patchbay/ui/code/text"
)

func TestOutline(t *testing.T) {
	src := `Balances = Balances or {}
local function helper(a) end
function M.f.g:h() end
local lam = function() end
M.x = function()
  local inner = function() end
end
Handlers.add("transfer", "Transfer", function(msg)
  local from = 1
end)
Handlers.prepend('first', {}, print)
Balances = {}
-- function no() end
s = "function no() end"
`
	show := func(list []lua.Symbol) string {
		var out []string
		for _, s := range list {
			out = append(out, fmt.Sprintf("%d%s%s", s.At.Line+1, string("fhv"[s.Kind]), s.Name))
		}
		return strings.Join(out, " ")
	}
	const want = "1vBalances 2fhelper 3fM.f.g:h 4flam 5fM.x 6finner 8htransfer 11hfirst 14vs"
	if got := show(lua.Outline(strings.Split(src, "\n"))); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	// the same while a line is being written
	if got := show(lua.Outline(strings.Split(src+"if x\n", "\n"))); got != want {
		t.Errorf("broken text: got  %s\nwant %s", got, want)
	}
}

func TestLibrary(t *testing.T) {
	lib, err := lua.NewLibrary()
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"ao.send": "ao.send", "m.reply": "msg.reply", "msg.Tags": "msg.Tags", "s:upper": "string.upper", "j.encode": "json.encode", "tonumber": "tonumber",
		"nothing": "", "x.y": "",
	} {
		e, ok := lib.Lookup(name, map[string]string{"j": "json"})
		if ok != (want != "") || e.Name != want {
			t.Errorf("%s: %q %v", name, e.Name, ok)
		}
		if ok && (e.Signature == "" || e.Help == "" || len(e.Help) > 160) {
			t.Errorf("%s: signature %q, help %q", name, e.Signature, e.Help)
		}
	}
}

func TestSuggest(t *testing.T) {
	lib, _ := lua.NewLibrary()
	for src, want := range map[string]string{
		"ao.se":                            "send",
		"x = str":                          "string",
		"local js = require('json') js.en": "encode",
		"msg.Ti":                           "Timestamp",
		"total = 1 tot":                    "total",
		"f.alpha = 1 f.al":                 "alpha",
		"s:gs":                             "gsub",
		"whi":                              "while",
	} {
		b := text.New(src)
		s := lua.New(b).Suggest(lib, b.End())
		if len(s.Entries) == 0 || s.Entries[0].Word() != want {
			t.Errorf("%q: %v, want %s", src, s.Entries, want)
		}
	}
	for _, src := range []string{"-- ao.", "'ao.se", "1.5", "x .. y"} {
		b := text.New(src)
		for _, e := range lua.New(b).Suggest(lib, b.End()).Entries {
			if e.Kind == lua.API && src != "x .. y" {
				t.Errorf("%q suggests %v", src, e.Name)
			}
		}
	}
}

func FuzzDoc(f *testing.F) {
	f.Add("function f() if x then end end", 3, 7)
	f.Add("((([[[{{{", 0, 4)
	f.Fuzz(func(t *testing.T, src string, line, col int) {
		b := text.New(src)
		d := lua.New(b)
		lib, _ := lua.NewLibrary()
		p := b.Clip(text.Pos{Line: line, Col: col})
		d.Match(p)
		d.Partner(p)
		d.IndentAfter(p, "  ")
		d.Reindent(p.Line)
		d.Suggest(lib, p)
		d.Help(lib, p)
		lua.IndentUnit(b)
		lua.Outline(b.Snapshot().Lines())
	})
}
