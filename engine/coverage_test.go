package engine

import (
	"testing"

	"patchbay/engine/ao"
)

// The lines of a slot are those that it ran, whatever came before: slots that were
// rolled back, coroutines that it resumed, a whole state of a raw process.
func TestCoverageOfRealProcesses(t *testing.T) {
	w := newWorld(t, ":memory:", func(o *Options) { o.NewVM = realVM })
	lines := func(pid string, slot int64) map[int]int {
		t.Helper()
		got, err := w.Coverage(t.Context(), pid, slot)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	pid := w.spawn("aos", `Handlers.add("wait", "Wait", function(msg)
  local m = Receive({ Action = "Go" })
  N = (N or 0) + 1
  if m.Tags.Fail then error("no") end
  for i = 1, 3 do
    N = N + 0
  end
end)`)
	w.sent(pid, tagged("owner", "Action", "Wait"))              // slot 1
	w.sent(pid, tagged("owner", "Action", "Go", "Fail", "yes")) // slot 2: resumed, failed, rolled back
	w.sent(pid, tagged("owner", "Action", "Go"))                // slot 3: resumed again
	w.sent(pid, tagged("owner", "Action", "Nothing"))           // slot 4
	for slot, want := range map[int64][]int{1: {1, 0, 0, 0}, 2: {0, 1, 0, 0}, 3: {0, 1, 1, 3}, 4: {0, 0, 0, 0}} {
		got := lines(pid, slot)
		for i, line := range []int{2, 3, 5, 6} {
			if got[line] != want[i] {
				t.Errorf("slot %d, line %d ran %d times, want %d (%v)", slot, line, got[line], want[i], got)
			}
		}
	}
	if s, err := w.Slot(t.Context(), pid, 3); err != nil || s.Result.Failed() {
		t.Errorf("%+v, %v", s.Result, err)
	}
	i, err := w.Spawn(t.Context(), SpawnRequest{Owner: "owner", Tags: []ao.Tag{{Name: "execution-device", Value: "lua@5.3a"}}, Source: `function compute(base, req)
  base.n = (base.n or 0) + 1
  if req.body.action == "Fail" then error("no") end
  for i = 1, base.n do
    Global = i
  end
  return base
end`})
	if err != nil {
		t.Fatal(err)
	}
	w.sent(i.ID, tagged("owner", "Action", "Fail"))
	w.sent(i.ID, tagged("owner", "Action", "Go"))
	for slot, want := range map[int64][]int{0: {1, 1}, 1: {1, 0}, 2: {1, 2}} {
		got := lines(i.ID, slot)
		if got[2] != want[0] || got[5] != want[1] {
			t.Errorf("raw, slot %d: %v, want %v", slot, got, want)
		}
	}
}
