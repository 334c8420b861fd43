package patchdev

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// TestMapOrder holds the order of big maps against recorded ones: 40 patches, of
// which m28 won, and the keys 1 to 53 of a list of devices.
func TestMapOrder(t *testing.T) {
	numbered := func(prefix string, n int) []string {
		keys := make([]string, n)
		for i := range keys {
			keys[i] = fmt.Sprint(prefix, i+1)
		}
		return keys
	}
	keys := numbered("m", 40)
	MapOrder(keys)
	if keys[39] != "m28" {
		t.Errorf("of 40 patches %s wins", keys[39])
	}
	keys = numbered("", 53)
	MapOrder(keys)
	if got := strings.Join(keys[:12], " "); got != "31 27 5 26 3 46 20 11 30 17 24 40" {
		t.Errorf("53 keys begin with %s", got)
	}
	keys = numbered("m", 32)
	MapOrder(keys)
	if !slices.IsSorted(keys) {
		t.Errorf("32 keys are not in order: %v", keys)
	}
	keys = []string{"a key of exactly sixteen", strings.Repeat("k", 16), strings.Repeat("k", 17), ""}
	for i := range 40 {
		keys = append(keys, strings.Repeat("x", i+1))
	}
	again := slices.Clone(keys)
	slices.Reverse(again)
	MapOrder(keys)
	MapOrder(again)
	if !slices.Equal(keys, again) {
		t.Error("the order depends on the order before")
	}
}

// TestFoldOrder says which of many patches of one evaluation wins. The map is the
// whole outbox, so messages that are no patches count too.
func TestFoldOrder(t *testing.T) {
	box := func(n int, key func(i int) string, patches int) []Entry {
		var out []Entry
		for i := 1; i <= n; i++ {
			if i > patches {
				out = append(out, Entry{Key: key(i), Fields: NewTable("target", "x")})
				continue
			}
			out = append(out, Entry{Key: key(i), Fields: NewTable("device", "patch@1.0", "cache", NewTable("last", i))})
		}
		return out
	}
	m := func(i int) string { return fmt.Sprint("m", i) }
	number := func(i int) string { return fmt.Sprint(i) }
	for _, c := range []struct {
		name    string
		p       Profile
		f       Flavour
		box     []Entry
		want    int
		doubted bool
	}{
		{"twelve", Current(), Raw, box(12, m, 12), 9, true},
		{"32", Current(), Raw, box(32, m, 32), 9, true},
		{"33", Current(), Raw, box(33, m, 33), 28, true},
		{"forty", Current(), Raw, box(40, m, 40), 28, true},
		{"forty in May", Profile202505(), Raw, box(40, m, 40), 28, true},
		{"twelve and 28 messages", Current(), Raw, box(40, m, 12), 8, true},
		{"one and 39 messages", Current(), Raw, box(40, m, 1), 1, false},
		{"twelve of aos in May", Profile202505(), AOS, box(12, number, 12), 12, true},
		{"32 of aos in June", Profile202506(), AOS, box(32, number, 32), 32, true},
		{"twelve of aos now", Current(), AOS, box(12, number, 12), 9, true},
	} {
		a := Apply(EmptyTable(), c.box, ApplyOptions{Profile: c.p, Flavour: c.f})
		got, _ := Walk(a.Root, []string{"cache", "last"}, c.p)
		if got != Int(c.want) {
			t.Errorf("%s: %v wins, want %d", c.name, got, c.want)
		}
		doubted := slices.ContainsFunc(a.Warnings, func(w Warning) bool { return w.Rule == "same-place" })
		if doubted != c.doubted {
			t.Errorf("%s: same-place %v, want %v", c.name, doubted, c.doubted)
		}
	}
}

// TestKeyList is a recorded answer to /keys, of a state of 36 keys.
func TestKeyList(t *testing.T) {
	want := strings.Fields("parameters reference from-process file-descriptors device-stack type scheduler-device process random-seed scheduler-location wasm patch-from " +
		"function from-image image previous-input-prefix vfs passes previous-output-prefix data-protocol stack-keys previous-device tags execution-device at-slot cache " +
		"results anchor variant output-prefix device initialized scheduler authority snapshot input-prefix")
	got := slices.Sorted(slices.Values(want))
	if got = KeyList(got); !slices.Equal(got, want) {
		t.Errorf("got %v", got)
	}
	if got := KeyList([]string{"b", "a"}); !slices.Equal(got, []string{"a", "b"}) {
		t.Errorf("a small map: %v", got)
	}
}
