package patchdev

import (
	"slices"
	"strings"
	"testing"
)

func TestLint(t *testing.T) {
	cache := func(kv ...any) []Entry { return []Entry{patch("m1", "cache", NewTable(kv...))} }
	big := EmptyTable().Edit()
	for i := range 400 {
		big.Set("account"+strings.Repeat("x", i%20)+string(rune('a'+i%26))+string(rune('a'+i/26)), String(strings.Repeat("v", 40)))
	}
	for _, c := range []struct {
		rule  string
		p     Profile
		f     Flavour
		root  string
		out   []Entry
		where string
	}{
		{"big-integer", Current(), Raw, `{}`, cache("n", 1_000_000_000_000_000), "cache/n"},
		{"rounded-number", Current(), AOS, `{}`, cache("n", Float(1e15)), "cache/n"},
		{"not-a-number", Current(), Raw, `{}`, cache("n", NewList(Float(nan()))), "cache/n/1"},
		{"float", Current(), Raw, `{}`, cache("f", 0.5), "cache/f"},
		{"float", Current(), Raw, `{}`, cache("f", NewTable("g", 5.0)), "cache/f/g"},
		{"leaking-key", Current(), AOS, `{}`, cache("body-keys", "x"), "cache/body-keys"},
		{"leaking-key", Profile202505(), Raw, `{}`, cache("signature", "x"), "cache/signature"},
		{"root-tag", Current(), AOS, `{}`, []Entry{patch("1", "Action", "Update")}, "Action"},
		{"root-tag", Profile202505(), AOS, `{}`, []Entry{patch("1", "Action", "Update")}, "action"},
		{"boolean", Current(), AOS, `{}`, cache("b", true), "cache/b"},
		{"empty-string", Current(), AOS, `{"cache":{"a":"x"}}`, cache("a", ""), "cache/a"},
		{"control-characters", Current(), AOS, `{}`, cache("s", "a\nb"), "cache/s"},
		{"not-utf8", Current(), AOS, `{}`, cache("s", "\xff"), "cache/s"},
		{"long-member", Current(), AOS, `{}`, cache("s", strings.Repeat("x", 4097)), "cache/s"},
		{"unset-mark", Current(), Raw, `{}`, cache("s", "__ao-unset__"), "cache/s"},
		{"id-length-key", Current(), AOS, `{}`, cache(strings.Repeat("f", 32), 1), "cache/" + strings.Repeat("f", 32)},
		{"non-ascii-key", Current(), AOS, `{}`, cache("clé", 1), "cache/clé"},
		{"odd-key", Current(), AOS, `{}`, cache("a~b", 1), "cache/a~b"},
		{"key-case", Current(), AOS, `{}`, cache("Name", 1), "cache/Name"},
		{"key-case", Profile202505(), AOS, `{}`, cache("Name", 1), "cache/Name"},
		{"priv-key", Current(), AOS, `{}`, cache("priv", 1), "cache/priv"},
		{"unreadable-parent", Current(), AOS, `{}`, cache("ao-types", "x"), "cache/ao-types"},
		{"reserved-key", Current(), AOS, `{}`, cache("info", NewTable("a", 1)), "cache/info"},
		{"device-key", Current(), AOS, `{}`, cache("t", NewTable("device", "phone")), "cache/t/device"},
		{"status-key", Current(), AOS, `{}`, cache("status", 404), "cache/status"},
		{"content-type-key", Current(), AOS, `{}`, cache("content-type", "text/html"), "cache/content-type"},
		{"body-key", Current(), AOS, `{}`, cache("body", "x"), "cache/body"},
		{"framing-key", Current(), AOS, `{}`, cache("content-length", "7"), "cache/content-length"},
		{"process-key", Current(), Raw, `{}`, []Entry{patch("m1", "results", NewTable("a", 1))}, "results"},
		{"empty-table", Profile202505(), Raw, `{"cache":{"t":{"a":1}}}`, cache("t", EmptyTable()), "cache/t"},
		{"empty-table", Current(), Raw, `{"cache":{"t":{"a":1}}}`, cache("t", EmptyTable()), "cache/t"},
		{"list-over-table", Current(), AOS, `{"cache":{"t":{"a":1}}}`, cache("t", NewList(Int(1))), "cache/t"},
		{"header-size", Current(), AOS, `{}`, cache("big", big.Table()), "cache/big"},
		{"reserved-root-key", Current(), AOS, `{}`, []Entry{patch("1", "id", "x")}, "id"},
		{"data-in-patch", Current(), AOS, `{}`, []Entry{patch("1", "data", "x")}, "data"},
		{"numbered-table", Current(), Raw, `{}`, cache("t", NewTable("1", "a", "2", "b")), "cache/t"},
		{"empty-key", Current(), AOS, `{}`, cache("", "a"), "cache/"},
		{"private-key", Current(), AOS, `{}`, cache("private", "a"), "cache/private"},
		{"slash-key", Current(), AOS, `{}`, cache("a/b", "a"), "cache/a/b"},
		{"case-collision", Current(), AOS, `{}`, cache("Foo", 1, "foo", 2), "cache/foo"},
		{"clear-and-set", Current(), AOS, `{}`, []Entry{patch("1", "c", NewTable("t", EmptyList())), patch("2", "c", NewTable("t", NewTable("a", 1)))}, "c/t"},
		{"same-place", Current(), AOS, `{}`, []Entry{patch("1", "c", NewTable("t", 1)), patch("2", "c", NewTable("t", 2))}, "c/t"},
		{"no-patch-device", Current(), Raw, `{}`, cache("a", 1), ""},
		{"device-key-case", Current(), AOS, `{}`, []Entry{{Key: "1", Fields: NewTable("Device", "patch@1.0")}}, ""},
		{"device-value", Current(), AOS, `{}`, []Entry{{Key: "1", Fields: NewTable("method", "patch")}}, ""},
		{"unknown-device", Profile202505(), AOS, `{}`, []Entry{{Key: "1", Fields: NewTable("device", "toaster@1.0")}}, ""},
		{"unknown-device", Current(), AOS, `{}`, []Entry{{Key: "1", Fields: NewTable("device", "toaster@1.0")}}, ""},
		{"numbered-outbox", Current(), Raw, `{}`, []Entry{patch("1", "a", 1)}, ""},
		{"no-patch-from", Profile202506(), Raw, `{}`, cache("a", 1), ""},
	} {
		t.Run(c.rule, func(t *testing.T) {
			a := Apply(mustParse(t, c.root), c.out, ApplyOptions{Profile: c.p, Flavour: c.f, Slot: 7, NoDevice: c.rule == "no-patch-device", NoFrom: c.rule == "no-patch-from"})
			i := slices.IndexFunc(a.Warnings, func(w Warning) bool { return w.Rule == c.rule })
			if i < 0 {
				t.Fatalf("not raised: %v", a.Warnings)
			}
			w := a.Warnings[i]
			if strings.Join(w.Path, "/") != c.where || w.Slot != 7 || w.Message == "" {
				t.Errorf("%+v, want path %q", w, c.where)
			}
		})
	}
}

func nan() float64 {
	zero := 0.0
	return zero / zero
}

// What did not change is not warned of again.
func TestLintOnlyWhatChanged(t *testing.T) {
	for _, p := range []Profile{Current(), Profile202505()} {
		e := []Entry{patch("1", "cache", NewTable("Name", "x", "flag", true, "n", 5))}
		first := Apply(EmptyTable(), e, ApplyOptions{Profile: p})
		if len(first.Warnings) == 0 {
			t.Error("nothing raised")
		}
		e[0].Fields = e[0].Fields.Set("cache", NewTable("Name", "x", "flag", true, "n", 6))
		if again := Apply(first.Root, e, ApplyOptions{Profile: p}); len(again.Warnings) > 0 {
			t.Errorf("%s: raised again: %v", p.Name, again.Warnings)
		}
	}
}

// A script like the documented token raises nothing.
func TestLintQuiet(t *testing.T) {
	alice := strings.Repeat("a", 43)
	e := Entry{Key: "1", Fields: NewTable(
		"device", "patch@1.0", "Type", "Message", "Variant", "ao.TN.1", "Data-Protocol", "ao", "Reference", "1", "anchor", "0", "target", alice,
		"cache", NewTable("balances", NewTable(alice, 100), "totalsupply", 1984))}
	if a := Apply(EmptyTable(), []Entry{e}, ApplyOptions{Profile: Current()}); len(a.Warnings) > 0 {
		t.Errorf("%v", a.Warnings)
	}
}

// A warning names the line of the Send that wrote the place.
func TestLintLine(t *testing.T) {
	a := patch("1", "cache", NewTable("a", true))
	b := patch("2", "cache", NewTable("b", NewTable("c", true)))
	a.Line, b.Line = 10, 20
	got := map[string]int{}
	for _, w := range Apply(EmptyTable(), []Entry{a, b}, ApplyOptions{Profile: Current()}).Warnings {
		got[strings.Join(w.Path, "/")] = w.Line
	}
	if got["cache/a"] != 10 || got["cache/b/c"] != 20 || len(got) != 2 {
		t.Errorf("%v", got)
	}
	root := mustParse(t, `{"cache":{"z":1}}`)
	got = map[string]int{}
	for _, w := range Apply(root, []Entry{a, b}, ApplyOptions{Profile: Current()}).Warnings {
		got[strings.Join(w.Path, "/")] = w.Line
	}
	if got["cache/a"] != 10 || got["cache/b/c"] != 20 {
		t.Errorf("%v", got)
	}
}
