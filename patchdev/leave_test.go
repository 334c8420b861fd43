package patchdev

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"
)

func TestLeave(t *testing.T) {
	o := ApplyOptions{Profile: Current(), Flavour: Raw}
	root := NewTable("count", 1, "cache", NewTable("a", "x", "b", "y"), "gone", "soon")
	a := Leave(root, []Member{
		{"count", Int(2)},
		{"cache", NewTable("a", "x", "list", NewTable("1", "p", "2", "q"))},
		{"gone", nil},
		{"never", nil},
		{"privates", Int(1)},
		{"deep/er", Int(3)},
		{"Case", String("kept")},
	}, o)
	want := `{"Case":"kept","cache":{"a":"x","list":["p","q"]},"count":2,"deep":{"er":3}}`
	if got := string(AppendJSON(nil, a.Root, JSONOptions{})); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	var said []string
	for _, c := range a.Changes {
		said = append(said, fmt.Sprint(c.Path))
	}
	if got := fmt.Sprint(said); got != "[[count] [cache b] [cache list] [gone] [deep] [Case]]" {
		t.Error(got)
	}
	// Again the same changes nothing, and keeps the very tables.
	again := Leave(a.Root, []Member{{"cache", NewTable("a", "x", "list", NewTable("1", "p", "2", "q"))}}, o)
	if again.Root != a.Root || len(again.Changes) != 0 {
		t.Errorf("%v", again.Changes)
	}
	// Keys of the nodes before September 2025 are folded, and {} is a list there.
	old := Leave(EmptyTable(), []Member{{"Case", NewTable("Key", EmptyTable())}}, ApplyOptions{Profile: Profile202505(), Flavour: Raw})
	if got := string(AppendJSON(nil, old.Root, JSONOptions{})); got != `{"case":{"key":[]}}` {
		t.Error(got)
	}
	if warned := Leave(EmptyTable(), []Member{{"n", Int(1 << 60)}}, o).Warnings; len(warned) != 1 || warned[0].Rule != "big-integer" {
		t.Errorf("%+v", warned)
	}
}

// Whatever was there and whatever is left: the root then holds what was left, the
// changes lead from the one to the other, and what is equal is shared.
func TestLeaveReplaces(t *testing.T) {
	var value func(depth int) *rapid.Generator[Value]
	value = func(depth int) *rapid.Generator[Value] {
		return rapid.Custom(func(t *rapid.T) Value {
			if depth > 0 && rapid.Bool().Draw(t, "table") {
				out := EmptyTable()
				for i := range rapid.IntRange(0, 4).Draw(t, "n") {
					out = out.Set(string(rune('a'+i)), value(depth-1).Draw(t, "v"))
				}
				return out
			}
			return Int(rapid.IntRange(0, 3).Draw(t, "i"))
		})
	}
	rapid.Check(t, func(t *rapid.T) {
		o := ApplyOptions{Profile: Current(), Flavour: Raw}
		was, now := value(3).Draw(t, "was"), value(3).Draw(t, "now")
		root := NewTable("k", was, "other", NewTable("x", 1))
		a := Leave(root, []Member{{"k", now}}, o)
		got, _ := a.Root.Get("k")
		if !Equal(got, now) {
			t.Fatalf("%v is not %v", got, now)
		}
		if (len(a.Changes) == 0) != Equal(was, now) {
			t.Fatalf("changes %v", a.Changes)
		}
		if len(a.Changes) == 0 && a.Root != root {
			t.Fatal("another root without a change")
		}
		if d := Diff(root, a.Root); len(d) != len(a.Changes) {
			t.Fatalf("%v, Diff says %v", a.Changes, d)
		}
	})
}
