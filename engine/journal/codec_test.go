package journal

import (
	"bytes"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"patchbay/engine/ao"
	"patchbay/patchdev"
)

// values draws any value, nested a little.
func values(depth int) *rapid.Generator[patchdev.Value] {
	scalars := []*rapid.Generator[patchdev.Value]{
		rapid.Map(rapid.String(), func(s string) patchdev.Value { return patchdev.String(s) }),
		rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) patchdev.Value { return patchdev.String(b) }),
		rapid.Map(rapid.Int64(), func(n int64) patchdev.Value { return patchdev.Int(n) }),
		rapid.Map(rapid.Float64(), func(f float64) patchdev.Value { return patchdev.Float(f) }),
		rapid.Map(rapid.Bool(), func(b bool) patchdev.Value { return patchdev.Bool(b) }),
		rapid.Just[patchdev.Value](patchdev.Float(math.Copysign(0, -1))),
	}
	if depth == 0 {
		return rapid.OneOf(scalars...)
	}
	return rapid.OneOf(append(scalars,
		rapid.Map(rapid.SliceOfN(values(depth-1), 0, 5), func(l []patchdev.Value) patchdev.Value { return patchdev.NewList(l...) }),
		rapid.Map(tables(depth-1), func(t *patchdev.Table) patchdev.Value { return t }),
	)...)
}

func tables(depth int) *rapid.Generator[*patchdev.Table] {
	return rapid.Map(rapid.MapOfN(rapid.StringN(0, 6, -1), values(depth), 0, 20), func(m map[string]patchdev.Value) *patchdev.Table {
		b := patchdev.EmptyTable().Edit()
		for k, v := range m {
			b.Set(k, v)
		}
		return b.Table()
	})
}

func changes() *rapid.Generator[[]patchdev.Change] {
	return rapid.Custom(func(t *rapid.T) []patchdev.Change {
		return patchdev.Diff(tables(2).Draw(t, "a"), tables(2).Draw(t, "b"))
	})
}

func TestValuesComeBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := values(3).Draw(t, "v")
		got, err := ParseValue(AppendValue(nil, v))
		if err != nil || !patchdev.Equal(v, got) {
			t.Fatalf("%v, %v", got, err)
		}
	})
}

func TestChangesLeadFromOneRootToTheOther(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := tables(3).Draw(t, "a"), tables(3).Draw(t, "b")
		list, err := ParseChanges(AppendChanges(nil, patchdev.Diff(a, b), a), a)
		if err != nil {
			t.Fatal(err)
		}
		if got := ApplyChanges(a, list); !patchdev.Equal(got, b) {
			t.Fatalf("got another root")
		}
		for _, c := range list {
			if v := lookUp(a, c.Path); !patchdev.Equal(v, c.Old) {
				t.Fatalf("old value of %q", c.Path)
			}
		}
	})
}

func TestMessagesComeBack(t *testing.T) {
	tags := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) ao.Tag {
		return ao.Tag{Name: rapid.String().Draw(t, "name"), Value: rapid.String().Draw(t, "value")}
	}), 0, 5)
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String()
		m := ao.Message{
			ID: text.Draw(t, "id"), From: text.Draw(t, "from"), Owner: text.Draw(t, "owner"), Target: text.Draw(t, "target"),
			Anchor: text.Draw(t, "anchor"), Tags: tags.Draw(t, "tags"), Data: values(2).Draw(t, "data"),
			Timestamp: rapid.Int64().Draw(t, "time"), BlockHeight: rapid.Int64().Draw(t, "height"), Epoch: rapid.Int64().Draw(t, "epoch"),
			HashChain: text.Draw(t, "chain"), Signature: text.Draw(t, "signature"), ForwardedBy: text.Draw(t, "forwarded"),
			Cron: rapid.Bool().Draw(t, "cron"), ReadOnly: rapid.Bool().Draw(t, "ro"), Root: text.Draw(t, "root"), Label: text.Draw(t, "label"),
			Depth: rapid.IntRange(0, 1000).Draw(t, "depth"), Source: ao.Source(rapid.IntRange(0, 5).Draw(t, "source")),
		}
		if len(m.Tags) == 0 {
			m.Tags = nil
		}
		for range rapid.IntRange(0, 3).Draw(t, "fields") {
			m.Fields = append(m.Fields, ao.Field{Name: text.Draw(t, "field"), Value: values(1).Draw(t, "field value")})
		}
		got, err := ParseMessage(AppendMessage(nil, &m))
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(m, got, equalValues()...); d != "" {
			t.Fatal(d)
		}
		want := AppendTags(nil, m.Tags)
		if l, err := ParseTags(want); err != nil || cmp.Diff(m.Tags, l) != "" {
			t.Fatal(l, err)
		}
	})
}

func equalValues() []cmp.Option {
	same := func(a, b patchdev.Value) bool { return patchdev.Equal(a, b) }
	return []cmp.Option{
		cmp.FilterPath(func(p cmp.Path) bool {
			t := p.Last().Type()
			return t != nil && t.String() == "patchdev.Value"
		}, cmp.Comparer(same)),
		cmp.Comparer(func(a, b *patchdev.Table) bool { return a == b || a != nil && b != nil && patchdev.Equal(a, b) }),
	}
}

// results draws a result with patches that are, or resemble, a part of the root.
func results(t *rapid.T, root *patchdev.Table) ao.Result {
	text := rapid.String()
	out := func() (list []ao.OutMessage) {
		for range rapid.IntRange(0, 3).Draw(t, "messages") {
			m := ao.OutMessage{
				Target: values(1).Draw(t, "target"), Data: values(1).Draw(t, "data"), Anchor: text.Draw(t, "anchor"),
				Line: rapid.IntRange(0, 99).Draw(t, "line"), ID: text.Draw(t, "id"), Tags: []ao.OutTag{},
			}
			for k, v := range root.All() {
				m.Tags = append(m.Tags, ao.OutTag{Name: patchdev.String(k), Value: near(t, v)})
			}
			m.Tags = append(m.Tags, ao.OutTag{Name: patchdev.Int(1)})
			list = append(list, m)
		}
		return list
	}
	r := ao.Result{
		Output: values(2).Draw(t, "output"), Text: text.Draw(t, "text"), Messages: out(), Spawns: out(),
		Error: text.Draw(t, "error"), Thrown: rapid.Bool().Draw(t, "thrown"), ErrorAt: ao.Place{Chunk: "c", Line: 3, Col: 4},
		Limit: text.Draw(t, "limit"), Truncated: 5, GasUsed: 6, Duration: 7 * time.Second,
		Assignments: []patchdev.Value{values(1).Draw(t, "assignment")},
		Trace:       []ao.HandlerTrace{{Name: "n", Pattern: "p", Outcome: "ran", Line: 1, Duration: 2, Gas: 3}},
	}
	f := patchdev.EmptyTable().Edit()
	var tags []patchdev.Value
	for k, v := range root.All() {
		f.Set(k, near(t, v))
		tags = append(tags, patchdev.NewTable("name", k, "value", near(t, v)))
	}
	f.Set("Tags", patchdev.NewList(tags...))
	r.Outbox = []ao.OutboxEntry{{Key: "1", Fields: f.Table(), Line: 2}}
	if rapid.Bool().Draw(t, "raw") {
		r.Results = tables(2).Draw(t, "results")
	}
	return r
}

// near is a value or, for tables, one that differs a little.
func near(t *rapid.T, v patchdev.Value) patchdev.Value {
	table, ok := v.(*patchdev.Table)
	if !ok || table.Len() == 0 {
		return v
	}
	k, _ := table.At(rapid.IntRange(0, table.Len()-1).Draw(t, "key"))
	switch rapid.IntRange(0, 3).Draw(t, "how") {
	case 0:
		return table.Set(k, values(1).Draw(t, "other"))
	case 1:
		return table.Delete(k)
	case 2:
		return table.Set("more", patchdev.Int(1))
	}
	return v
}

func TestResultsComeBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		root := rapid.Map(rapid.MapOfN(rapid.SampledFrom([]string{"cache", "x", "Y"}), tables(2), 0, 3), func(m map[string]*patchdev.Table) *patchdev.Table {
			b := patchdev.EmptyTable().Edit()
			for k, v := range m {
				b.Set(k, v)
			}
			return b.Table()
		}).Draw(t, "root")
		r := results(t, root)
		got, err := ParseResult(AppendResult(nil, &r, root), root)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(r, got, equalValues()...); d != "" {
			t.Fatal(d)
		}
	})
}

// A script that sends its whole table costs the journal what changed.
func TestWholeTablesAreStoredAsReferences(t *testing.T) {
	b := patchdev.EmptyTable().Edit()
	for i := range 1_000 {
		b.Set(strings.Repeat("k", 40)+string(rune('a'+i%26))+string(rune('0'+i/26)), patchdev.Int(int64(i)))
	}
	balances := b.Table()
	root := patchdev.NewTable("cache", patchdev.NewTable("balances", balances))
	for name, sent := range map[string]*patchdev.Table{
		"the same": balances, "one key less": balances.Delete(strings.Repeat("k", 40) + "a0"), "one other": balances.Set("new", patchdev.Int(1)),
	} {
		r := ao.Result{Outbox: []ao.OutboxEntry{{Key: "1", Fields: patchdev.NewTable("device", "patch@1.0", "cache", patchdev.NewTable("balances", sent))}}}
		text := AppendResult(nil, &r, root)
		if len(text) > 200 {
			t.Errorf("%s: %d bytes", name, len(text))
		}
		got, err := ParseResult(text, root)
		if err != nil || !patchdev.Equal(got.Outbox[0].Fields, r.Outbox[0].Fields) {
			t.Errorf("%s: %v", name, err)
		}
	}
	// The list of tags that aos keeps beside the fields, in the root as in the patch.
	tags := func(b *patchdev.Table) *patchdev.List {
		return patchdev.NewList(patchdev.NewTable("name", "device", "value", "patch@1.0"), patchdev.NewTable("name", "cache", "value", patchdev.NewTable("balances", b)))
	}
	next := balances.Set(strings.Repeat("k", 40)+"a0", patchdev.Int(77))
	old := root.Set("Tags", tags(balances))
	now := patchdev.NewTable("cache", patchdev.NewTable("balances", next), "Tags", tags(next))
	list := patchdev.Diff(old, now)
	text := AppendChanges(nil, list, old)
	if len(text) > 400 {
		t.Errorf("changes: %d bytes", len(text))
	}
	got, err := ParseChanges(text, old)
	if err != nil || !patchdev.Equal(ApplyChanges(old, got), now) {
		t.Error(err)
	}
	if _, err := ParseResult(AppendResult(nil, &ao.Result{Outbox: []ao.OutboxEntry{{Key: "1", Fields: patchdev.NewTable("cache", patchdev.NewTable("balances", balances))}}}, root), nil); err == nil {
		t.Error("a reference without its root was decoded")
	}
}

func TestListsComeBack(t *testing.T) {
	w := []patchdev.Warning{{Slot: 7, Path: []string{"a", "b"}, Rule: "r", Message: "m", Line: 3}, {Slot: 7, Rule: "x"}}
	if got, err := ParseWarnings(AppendWarnings(nil, w), 7); err != nil || cmp.Diff(w, got) != "" {
		t.Error(got, err)
	}
	d := []ao.Delivery{{ID: "i", Target: "t", Process: "p", Slot: 4, Note: "n"}, {Slot: -1}}
	if got, err := ParseDeliveries(AppendDeliveries(nil, d)); err != nil || cmp.Diff(d, got) != "" {
		t.Error(got, err)
	}
	rapid.Check(t, func(t *rapid.T) {
		c := changes().Draw(t, "changes")
		got, err := ParseChanges(AppendChanges(nil, c, nil), nil)
		if err != nil || len(got) != len(c) {
			t.Fatal(err)
		}
	})
}

// Paths sort so that all below a path are a range.
func TestPathsSort(t *testing.T) {
	key := rapid.Map(rapid.SliceOfN(rapid.SampledFrom([]byte{'a', 0, 1, 2, 0xff}), 0, 3), func(b []byte) string { return string(b) })
	rapid.Check(t, func(t *rapid.T) {
		a := rapid.SliceOfN(key, 0, 3).Draw(t, "a")
		b := rapid.SliceOfN(key, 0, 3).Draw(t, "b")
		x, y := encodePath(a), encodePath(b)
		same, below := cmp.Equal(a, b), len(b) > len(a) && cmp.Equal(a, b[:len(a)])
		if len(a) == 0 {
			same = len(b) == 0
			below = len(b) > 0
		}
		if bytes.Equal(x, y) != same {
			t.Fatalf("%q %q: equal", a, b)
		}
		inRange := bytes.Compare(y, x) > 0 && (len(x) == 0 || bytes.Compare(y, after(x)) < 0)
		if inRange != below {
			t.Fatalf("%q %q: in the range %v, below %v", a, b, inRange, below)
		}
	})
}

// Damaged bytes are an error, never a panic and never a lot of memory.
func FuzzParse(f *testing.F) {
	root := patchdev.NewTable("cache", patchdev.NewTable("a", 1, "b", 2, "c", 3, "d", 4, "e", 5, "f", 6, "g", 7, "h", 8))
	r := ao.Result{Text: "x", Outbox: []ao.OutboxEntry{{Key: "1", Fields: root}}, Messages: []ao.OutMessage{{Target: patchdev.String("t"), Tags: []ao.OutTag{{Name: patchdev.String("cache"), Value: root}}}}}
	f.Add(AppendResult(nil, &r, root))
	f.Add(AppendResult(nil, &r, nil))
	f.Add(AppendMessage(nil, &ao.Message{ID: "i", Tags: []ao.Tag{{Name: "a", Value: "b"}}, Fields: []ao.Field{{Name: "x", Value: patchdev.NewList(patchdev.Int(1))}}}))
	f.Add(AppendChanges(nil, patchdev.Diff(patchdev.EmptyTable(), root), nil))
	f.Add(AppendChanges(nil, patchdev.Diff(root, root.Set("cache", patchdev.Int(1))), root))
	f.Fuzz(func(t *testing.T, b []byte) {
		if v, err := ParseValue(b); err == nil {
			if again, err := ParseValue(AppendValue(nil, v)); err != nil || patchdev.Hash(again) != patchdev.Hash(v) {
				t.Fatal("a value does not come back", err)
			}
		}
		_, _ = ParseMessage(b)
		_, _ = ParseResult(b, root)
		_, _ = ParseResult(b, nil)
		_, _ = ParseChanges(b, root)
		_, _ = ParseChanges(b, nil)
		_, _ = ParseWarnings(b, 0)
		_, _ = ParseDeliveries(b)
		_, _ = ParseTags(b)
	})
}
