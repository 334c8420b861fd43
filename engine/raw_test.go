package engine

import (
	"fmt"
	"path/filepath"
	"testing"

	"patchbay/engine/ao"
	"patchbay/patchdev"
)

// rawScript leaves keys in base, patches, and fails when asked to.
const rawScript = `
function compute(base, req)
  local body = req.body
  base.results = { output = { data = "ok" } }
  if body.action == "Do" then
    base.count = (base.count or 0) + 1
    base.last = { data = body.data, list = { 1, 2.5, "x" } }
    base.Case = base.count
    if body.data == "drop" then base.count = nil end
    if body.data == "patch" then
      base.results.outbox = {
        m1 = { device = "patch@1.0", count = "patched", cache = { n = base.count } },
        m2 = { target = "somebody", data = "hello" },
      }
    end
    if body.data == "fail" then error("no") end
    if body.data == "stuck" then base.results.outbox = { ["1"] = { target = "x" } } end
  end
  return base
end`

func rawSpawn(t *testing.T, w *world, tags ...ao.Tag) string {
	t.Helper()
	i, err := w.Spawn(t.Context(), SpawnRequest{Name: "raw", Source: rawScript, Owner: "owner", Tags: append([]ao.Tag{{Name: "execution-device", Value: "lua@5.3a"}}, tags...)})
	if err != nil {
		t.Fatal(err)
	}
	return i.ID
}

// What compute leaves in base is in the root of its slot, with the patches on top;
// it is in the history, comes back after reopening, and is folded again with
// another profile.
func TestRawStateIsTheRoot(t *testing.T) {
	w := newWorld(t, filepath.Join(t.TempDir(), "j.db"), func(o *Options) { o.NewVM, o.Window = realVM, 2 })
	pid := rawSpawn(t, w)
	var shown []string
	for i, c := range []struct{ data, want string }{
		{"a", `{"Case":1,"count":1,"last":{"data":"a","list":[1,2.5,"x"]}}`},
		{"patch", `{"Case":2,"cache":{"n":2},"count":"patched","last":{"data":"patch","list":[1,2.5,"x"]}}`},
		{"fail", `{"Case":2,"cache":{"n":2},"count":"patched","last":{"data":"patch","list":[1,2.5,"x"]}}`},
		{"drop", ""}, // "patched" + 1 raises
		{"stuck", ""},
	} {
		s := w.do(pid, c.data)
		got := string(patchdev.AppendJSON(nil, s.Root, patchdev.JSONOptions{}))
		shown = append(shown, got)
		if c.want != "" && got != c.want {
			t.Errorf("%d %s: %s", i, c.data, got)
		}
		if len(s.Changes) == 0 != (c.want == "" || c.data == "fail") {
			t.Errorf("%d: changes %v", i, s.Changes)
		}
	}
	if s := w.do(pid, "a"); !s.Result.Failed() || s.Result.ErrorAt.Line != 6 {
		t.Errorf("what was patched is not in base: %+v", s.Result)
	}
	w.written(pid)
	w.reopen()
	for i, want := range shown {
		root, err := w.Root(t.Context(), pid, int64(i+1))
		if err != nil {
			t.Fatal(err)
		}
		if got := string(patchdev.AppendJSON(nil, root, patchdev.JSONOptions{})); got != want {
			t.Errorf("slot %d came back as %s", i+1, got)
		}
	}
	if r, err := w.Verify(t.Context(), pid); err != nil || r.First >= 0 {
		t.Errorf("%+v, %v", r, err)
	}
	h, err := w.PathHistory(t.Context(), pid, []string{"count"}, 0, 4)
	if err != nil || fmt.Sprint(h) != "[{0 <nil>} {1 1} {2 patched}]" {
		t.Errorf("%v, %v", h, err)
	}
	if err := w.SetProfile(t.Context(), patchdev.Profile202505()); err != nil {
		t.Fatal(err)
	}
	p, _ := w.process(pid)
	if err := p.await(t.Context(), func() bool { return p.view.Load().profile.Name == "2025-05" }); err != nil {
		t.Fatal(err)
	}
	root, err := w.Root(t.Context(), pid, 2)
	if err != nil || string(patchdev.AppendJSON(nil, root, patchdev.JSONOptions{})) != `{"cache":{"n":2},"case":2,"count":"patched","last":{"data":"patch","list":[1,2.5,"x"]}}` {
		t.Errorf("folded again: %s, %v", patchdev.AppendJSON(nil, root, patchdev.JSONOptions{}), err)
	}
}

// The stack is obeyed literally (DESIGN S4): without patch@1.0 nothing is a patch,
// with patch-to they land there, and base has its keys at the root all the same.
func TestRawStacks(t *testing.T) {
	w := newWorld(t, ":memory:", func(o *Options) { o.NewVM = realVM })
	for _, c := range []struct {
		name, want string
		rest       int
		tags       []ao.Tag
	}{
		{"none given", `{"Case":1,"cache":{"n":1},"count":"patched","last":{"data":"patch","list":[1,2.5,"x"]}}`, 1, nil},
		{"the Lua device alone", `{"Case":1,"count":1,"last":{"data":"patch","list":[1,2.5,"x"]}}`, 2, []ao.Tag{{Name: "device-stack", Value: "lua@5.3a"}}},
		{"patch-to", `{"Case":1,"count":1,"last":{"data":"patch","list":[1,2.5,"x"]},"state":{"cache":{"n":1},"count":"patched","device":"patch@1.0"}}`, 1, []ao.Tag{
			{Name: "device-stack", Value: "lua@5.3a, patch@1.0"}, {Name: "patch-from", Value: "/results/outbox"}, {Name: "patch-to", Value: "/state"},
		}},
		{"no patch-from", `{}`, 2, []ao.Tag{{Name: "device-stack", Value: "lua@5.3a, patch@1.0"}}},
	} {
		s := w.do(rawSpawn(t, w, c.tags...), "patch")
		if got := string(patchdev.AppendJSON(nil, s.Root, patchdev.JSONOptions{})); got != c.want || len(s.Rest) != c.rest {
			t.Errorf("%s: %s, %d left in the outbox, %q", c.name, got, len(s.Rest), s.Failure)
		}
	}
}
