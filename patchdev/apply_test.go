package patchdev

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func patch(key string, kv ...any) Entry {
	return Entry{Key: key, Fields: NewTable(append([]any{"device", "patch@1.0"}, kv...)...)}
}

func js(v Value) string { return string(AppendJSON(nil, v, JSONOptions{FloatPoint: true})) }

func mustParse(t testing.TB, text string) *Table {
	t.Helper()
	v, err := ParseJSON([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return v.(*Table)
}

func TestApply(t *testing.T) {
	current, old := Current(), Profile202505()
	for _, c := range []struct {
		name    string
		p       Profile
		f       Flavour
		root    string
		patches []Entry
		want    string
		changes string
	}{
		{"all keys go to the root", current, AOS, `{}`, []Entry{patch("1", "cache", NewTable("a", 1), "action", "Hi", "method", "x")}, `{"action":"Hi","cache":{"a":1}}`, "action cache"},
		{"tables merge deeply", current, AOS, `{"cache":{"a":1,"t":{"x":1,"y":2}}}`, []Entry{patch("1", "cache", NewTable("t", NewTable("x", 3)))}, `{"cache":{"a":1,"t":{"x":3,"y":2}}}`, "cache/t/x"},
		{"lists are replaced whole", current, AOS, `{"l":[1,2,3]}`, []Entry{patch("1", "l", NewList(Int(9)))}, `{"l":[9]}`, "l"},
		{"a table replaces a list", current, AOS, `{"l":[1]}`, []Entry{patch("1", "l", NewTable("a", 1))}, `{"l":{"a":1}}`, "l"},
		{"an empty table of raw Lua changes nothing", current, Raw, `{"c":{"a":1}}`, []Entry{patch("m1", "c", EmptyTable())}, `{"c":{"a":1}}`, ""},
		{"an empty table of raw Lua clears in 2025-05", old, Raw, `{"c":{"a":1}}`, []Entry{patch("m1", "c", EmptyTable())}, `{"c":[]}`, "c"},
		{"an empty list of aos clears", current, AOS, `{"c":{"a":1}}`, []Entry{patch("1", "c", EmptyList())}, `{"c":[]}`, "c"},
		{"clear and set in one evaluation does not clear", current, AOS, `{"c":{"a":1}}`, []Entry{patch("1", "c", EmptyList()), patch("2", "c", NewTable("b", 2))}, `{"c":{"a":1,"b":2}}`, "c/b"},
		{"numbered tables of raw Lua are lists", current, Raw, `{}`, []Entry{patch("m1", "c", NewTable("l", NewTable("1", "x", "2", "y"), "m", NewTable("1", "x", "3", "y")))}, `{"c":{"l":["x","y"],"m":{"1":"x","3":"y"}}}`, "c"},
		{"keys keep their case", current, AOS, `{}`, []Entry{patch("1", "Cache", NewTable("Foo", 1, "foo", 2))}, `{"Cache":{"Foo":1,"foo":2}}`, "Cache"},
		{"keys are folded", old, AOS, `{}`, []Entry{patch("1", "Cache", NewTable("Foo", 1, "foo", 2, "Bar", 3))}, `{"cache":{"bar":3,"foo":2}}`, "cache"},
		{"ids are not folded", old, AOS, `{}`, []Entry{patch("1", "c", NewTable(strings.Repeat("A", 43), 1))}, `{"c":{"` + strings.Repeat("A", 43) + `":1}}`, "c"},
		{"a slash nests", current, Raw, `{}`, []Entry{patch("m1", "cache/users/alice", 1, "c", NewTable("with/slash", "sl"))}, `{"c":{"with":{"slash":"sl"}},"cache":{"users":{"alice":1}}}`, "c cache"},
		{"a slash at the root merges", current, Raw, `{"cache":{"users":{"bob":2}}}`, []Entry{patch("m1", "cache/users/alice", 1)}, `{"cache":{"users":{"alice":1,"bob":2}}}`, "cache/users/alice"},
		{"reserved names at the root are dropped", current, AOS, `{}`, []Entry{patch("1", "id", "x", "keys", "x", "path", "x", "at-slot", 99, "c", NewTable("id", 7))}, `{"c":{"id":7}}`, "c"},
		{"priv never leaves", current, AOS, `{}`, []Entry{patch("1", "private", "x", "c", NewTable("priv_x", 7, "a", 1))}, `{"c":{"a":1}}`, "c"},
		{"unset removes, from aos", current, AOS, `{"c":{"a":1,"b":2}}`, []Entry{patch("1", "c", NewTable("a", "__ao-unset__", "n", NewTable("z", "__ao-unset__")))}, `{"c":{"b":2,"n":{}}}`, "c/a c/n"},
		{"unset is a string, from raw Lua", current, Raw, `{"c":{"a":1}}`, []Entry{patch("m1", "c", NewTable("a", "__ao-unset__"))}, `{"c":{"a":"__ao-unset__"}}`, "c/a"},
		{"results live for one slot", current, Raw, `{"results":{"x":1}}`, []Entry{patch("m1", "c", NewTable("a", 1))}, `{"c":{"a":1}}`, "results c"},
		{"a scalar replaces a table", current, AOS, `{"c":{"a":1}}`, []Entry{patch("1", "c", "s")}, `{"c":"s"}`, "c"},
	} {
		t.Run(c.name, func(t *testing.T) {
			root := mustParse(t, c.root)
			got := Apply(root, c.patches, ApplyOptions{Profile: c.p, Flavour: c.f})
			if got.Err != nil {
				t.Fatal(got.Err)
			}
			if js(got.Root) != c.want {
				t.Errorf("root %s, want %s", js(got.Root), c.want)
			}
			var paths []string
			for _, ch := range got.Changes {
				paths = append(paths, strings.Join(ch.Path, "/"))
			}
			if p := strings.Join(paths, " "); p != c.changes {
				t.Errorf("changes %q, want %q", p, c.changes)
			}
			if c.changes == "" && got.Root != root {
				t.Error("nothing changed, but the root is another")
			}
		})
	}
}

func TestApplyOrder(t *testing.T) {
	var twelve []Entry
	for _, k := range []string{"1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"} {
		twelve = append(twelve, patch(k, "last", k))
	}
	for _, c := range []struct {
		p    Profile
		want string
	}{{Current(), `{"last":"9"}`}, {Profile202505(), `{"last":"12"}`}} {
		if got := js(Apply(EmptyTable(), twelve, ApplyOptions{Profile: c.p}).Root); got != c.want {
			t.Errorf("%s: %s, want %s", c.p.Name, got, c.want)
		}
	}
}

func TestApplyRest(t *testing.T) {
	out := []Entry{
		{Key: "m1", Fields: NewTable("target", "T")},
		patch("m2", "a", 1),
		{Key: "m3", Fields: NewTable("Device", "patch@1.0", "b", 2)},
		{Key: "m4", Fields: NewTable("method", "PATCH", "c", 3)},
	}
	got := Apply(EmptyTable(), out, ApplyOptions{Profile: Current(), Flavour: Raw, PatchTo: "/state"})
	if js(got.Root) != `{"state":{"a":1,"c":3,"device":"patch@1.0"}}` || len(got.Rest) != 2 || got.Rest[0].Key != "m1" || got.Rest[1].Key != "m3" {
		t.Errorf("root %s, rest %v", js(got.Root), got.Rest)
	}
	if len(got.Warnings) == 0 || got.Warnings[0].Rule != "device-key-case" {
		t.Errorf("warnings %v", got.Warnings)
	}
	if got := Apply(EmptyTable(), out, ApplyOptions{Profile: Profile202505(), Flavour: Raw}); len(got.Rest) != 1 || js(got.Root) != `{"a":1,"b":2,"c":3}` {
		t.Errorf("2025-05: root %s, rest %v", js(got.Root), got.Rest)
	}
	numbered := []Entry{patch("1", "a", 1), patch("2", "a", 1)}
	if got := Apply(EmptyTable(), numbered, ApplyOptions{Profile: Current(), Flavour: Raw}); got.Err == nil || got.Root.Len() != 0 {
		t.Error("a numbered outbox does not fail")
	}
	if got := Apply(EmptyTable(), numbered, ApplyOptions{Profile: Current(), Flavour: Raw, NoDevice: true}); got.Err != nil || len(got.Rest) != 2 {
		t.Error("without the device nothing is a patch")
	}
}

// Between an empty table and one with keys there is one change, also where a mark
// removes keys.
func TestChangesOfEmptyTables(t *testing.T) {
	o := ApplyOptions{Profile: Current(), Flavour: AOS}
	root := NewTable("a", EmptyTable())
	for _, c := range []struct {
		patch *Table
		root  string
		want  string
	}{
		{NewTable("gone", unsetMark), `{"a":{}}`, ""},
		{NewTable("b", "", "gone", unsetMark), `{"a":{"b":""}}`, "a"},
		{NewTable("b", "", "c", 1), `{"a":{"b":"","c":1}}`, "a/c"},
		{NewTable("b", unsetMark, "c", unsetMark), `{"a":{}}`, "a"},
	} {
		got := Apply(root, []Entry{patch("m1", "a", c.patch)}, o)
		var paths []string
		for _, ch := range got.Changes {
			paths = append(paths, strings.Join(ch.Path, "/"))
		}
		if js(got.Root) != c.root || strings.Join(paths, " ") != c.want {
			t.Errorf("%s: %s, changes %v, want %s and %q", js(c.patch), js(got.Root), paths, c.root, c.want)
		}
		root = got.Root
	}
}

// What the changes say, and what Diff says, is the same; the merge of what is
// there changes nothing.
func TestApplyProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := ApplyOptions{Profile: rapid.SampledFrom([]Profile{Current(), Profile202505(), Profile202506()}).Draw(t, "profile"), Flavour: rapid.SampledFrom([]Flavour{AOS, Raw}).Draw(t, "flavour")}
		root := EmptyTable()
		for range rapid.IntRange(1, 5).Draw(t, "slots") {
			e := Entry{Key: "m1", Fields: table(3).Draw(t, "patch").Set("method", String("PATCH")).Delete("device")}
			a := Apply(root, []Entry{e}, o)
			if a.Err != nil {
				t.Fatal(a.Err)
			}
			d := Diff(root, a.Root)
			paths := map[string]bool{}
			for _, c := range d {
				paths[strings.Join(c.Path, "\x00")] = true
			}
			for _, c := range a.Changes {
				if !paths[strings.Join(c.Path, "\x00")] {
					t.Fatalf("change at %q is no difference of %s and %s", c.Path, js(root), js(a.Root))
				}
			}
			if len(d) != len(a.Changes) {
				t.Fatalf("%d changes, %d differences: %s to %s\n%v\n%v", len(a.Changes), len(d), js(root), js(a.Root), a.Changes, d)
			}
			again := Apply(a.Root, []Entry{e}, o)
			if again.Root != a.Root && Equal(a.Root.Delete("results"), a.Root) {
				t.Fatalf("the same patch again changes the root from %s to %s: %v", js(a.Root), js(again.Root), again.Changes)
			}
			root = a.Root
		}
	})
}

func TestMergeSharesWithThePatch(t *testing.T) {
	b := EmptyTable().Edit()
	for i := range 10000 {
		b.Set("key"+string(rune('a'+i%26))+strings.Repeat("x", i/26), Int(i))
	}
	balances := b.Table()
	o := ApplyOptions{Profile: Current()}
	root := Apply(EmptyTable(), []Entry{patch("1", "balances", balances)}, o).Root
	balances = balances.Set("keya", Int(-1))
	a := Apply(root, []Entry{patch("1", "balances", balances)}, o)
	if got, _ := a.Root.Get("balances"); got != Value(balances) {
		t.Error("the root does not adopt the patch that equals the result")
	}
	if len(a.Changes) != 1 {
		t.Errorf("changes: %v", a.Changes)
	}
}

func FuzzJSON(f *testing.F) {
	for _, s := range []string{`{"a":[1,2.5,"x",true,null,{}]}`, `1e400`, `"\ud800"`, `[[[]]]`, `{"a":1,"a":2}`, `9223372036854775808`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		v, err := ParseJSON(text)
		if err != nil || v == nil {
			return
		}
		again, err := ParseJSON(AppendJSON(nil, v, JSONOptions{FloatPoint: true}))
		if err != nil || !Equal(v, again) {
			t.Fatalf("%s: %v", text, err)
		}
		for _, p := range []Profile{Current(), Profile202505()} {
			if _, err := ParseJSON(SerializeJSON(v, p, true)); err != nil {
				t.Fatalf("%s: %v", text, err)
			}
			if fields, ok := v.(*Table); ok { // and as a patch
				e := Entry{Key: "m1", Fields: fields.Set("method", String("PATCH"))}
				for _, fl := range []Flavour{AOS, Raw} {
					o := ApplyOptions{Profile: p, Flavour: fl, PatchTo: "/x"}
					a := Apply(EmptyTable(), []Entry{e}, o)
					if a.Err == nil && len(Diff(EmptyTable(), a.Root)) != len(a.Changes) {
						t.Fatalf("%s: %d changes", text, len(a.Changes))
					}
				}
			}
		}
	})
}
