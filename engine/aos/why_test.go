package aos

import (
	"context"
	"testing"

	"patchbay/engine/ao"
	"patchbay/patchdev"
)

// Each handler that was asked is in the trace, with its line, and with why it did
// not run.
func TestTraceSaysWhy(t *testing.T) {
	vm, err := New(ao.Env{ID: "p", Owner: "o"}, ao.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer vm.Close()
	send := func(slot int64, data string, tags ...ao.Tag) *ao.Result {
		m := &ao.Message{ID: "m", From: "o", Owner: "o", Target: "p", BlockHeight: 1, Tags: tags, Data: patchdev.String(data)}
		if slot == 0 {
			m.ID = "p"
			m.Tags = []ao.Tag{{Name: "Type", Value: "Process"}, {Name: "Module", Value: "mod"}}
		}
		res, err := vm.Evaluate(context.Background(), m, slot)
		if err != nil {
			t.Fatal(err)
		}
		return res
	}
	send(0, "")
	send(1, `
Handlers.add("text", "Other", print)
Handlers.add("absent", { Quantity = "%d+" }, print)
Handlers.add("differs", { Action = "Go", Kind = "a" }, print)
Handlers.add("false", function() return false end, print)
Handlers.add("skip", function() return "skip" end, print)
Handlers.add("zero", Handlers.utils.hasMatchingTagOf("Kind", { "x" }), print)
Handlers.add("on", function() return "continue" end, function() end)
Handlers.add("go", "Go", function()
  local n = 0
  for i = 1, 100 do n = n + i end
end)
Handlers.add("never", "Go", print)`, ao.Tag{Name: "Action", Value: "Eval"})
	res := send(2, "", ao.Tag{Name: "Action", Value: "Go"}, ao.Tag{Name: "Kind", Value: "b"})
	want := []struct {
		name, outcome, why string
		line               int
	}{
		{"_eval", "skipped", "its pattern gave false", 0},
		{"text", "skipped", "Action is Go", 0},
		{"absent", "skipped", "the message has no Quantity", 0},
		{"differs", "skipped", "Kind does not match", 0},
		{"false", "skipped", "its pattern gave false", 0},
		{"skip", "skipped", `its pattern gave "skip"`, 0},
		{"zero", "skipped", "its pattern gave 0", 0},
		{"on", "ran, continued", "", 8},
		{"go", "ran", "", 9},
	}
	if len(res.Trace) != len(want) {
		t.Fatalf("%d steps: %+v", len(res.Trace), res.Trace)
	}
	for i, w := range want {
		h := res.Trace[i]
		if h.Name != w.name || h.Outcome != w.outcome || h.Why != w.why || h.Line != w.line {
			t.Errorf("step %d: %+v, want %+v", i, h, w)
		}
	}
	if h := res.Trace[len(want)-1]; h.Gas < 100 || h.Duration <= 0 {
		t.Errorf("%+v", h)
	}
	if res = send(3, ""); res.Trace[1].Why != "the message has no Action" {
		t.Errorf("%+v", res.Trace)
	}
}
