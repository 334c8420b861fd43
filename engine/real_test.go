package engine

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"patchbay/engine/ao"
	"patchbay/patchdev"
)

// chatScript uses what makes replays hard: coroutines, random numbers, references,
// errors after changes, tables in messages, spawns.
const chatScript = `
Rooms = Rooms or {}
Handlers.add("join", "Join", function(msg)
  Rooms[msg.Tags.Room] = Rooms[msg.Tags.Room] or {}
  table.insert(Rooms[msg.Tags.Room], { who = msg.From, luck = math.random(1000), at = os.time() })
  Send({ device = "patch@1.0", cache = { rooms = Rooms, count = #Inbox } })
  if msg.Tags.Fail then error("no " .. msg.Tags.Fail) end
end)
Handlers.add("ask", "Ask", function(msg)
  local answer = ao.send({ Target = msg.Tags.Whom, Action = "Answer" }).receive()
  Send({ device = "patch@1.0", cache = { answers = { [msg.Id] = answer.Data } } })
end)
Handlers.add("answer", "Answer", function(msg)
  msg.reply({ Data = "luck " .. math.random(100) })
end)
Handlers.add("child", "Child", function(msg)
  Spawn(ao._module, { Data = "X = 1", ["On-Boot"] = "Data" })
end)
Handlers.add("spawned", "Spawned", function(msg)
  Send({ device = "patch@1.0", cache = { child = msg.Tags.Process } })
end)
`

// The real aos under random schedules: two processes that talk. Closed and opened
// again, everything is as it was, the replay agrees with the digests, nothing is
// delivered twice, and what follows is what would have followed.
func TestRealProcessesReplay(t *testing.T) {
	dir := t.TempDir()
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		n++
		if n > 12 {
			return // each costs a journal with syncs; the fake VM has the numbers
		}
		w := newWorld(t, filepath.Join(dir, fmt.Sprint(n), "j.db"), func(o *Options) { o.NewVM, o.Window = realVM, 4 })
		defer w.Close()
		a, b := w.spawn("a", chatScript), w.spawn("b", chatScript)
		send := func(pid string, tags ...string) {
			m := ao.Message{From: "owner"}
			for i := 0; i < len(tags); i += 2 {
				m.Tags = append(m.Tags, ao.Tag{Name: tags[i], Value: tags[i+1]})
			}
			if _, err := w.Send(t.Context(), pid, m); err != nil {
				rt.Fatal(err)
			}
		}
		step := func() {
			pid, other := a, b
			if rapid.Bool().Draw(rt, "b") {
				pid, other = b, a
			}
			switch rapid.IntRange(0, 4).Draw(rt, "what") {
			case 0:
				send(pid, "Action", "Join", "Room", rapid.SampledFrom([]string{"x", "y"}).Draw(rt, "room"))
			case 1:
				send(pid, "Action", "Join", "Room", "x", "Fail", "today")
			case 2:
				send(pid, "Action", "Ask", "Whom", other)
			case 3:
				send(pid, "Action", "Child")
			case 4:
				send(pid, "Action", "Nothing")
			}
		}
		for range rapid.IntRange(1, 12).Draw(rt, "steps") {
			step()
		}
		// Answers go to and fro: settled when nobody has anything to do.
		for range 4 {
			for _, p := range w.Processes() { // children too
				w.waitIdle(p.ID)
			}
		}
		roots := map[string]*patchdev.Table{}
		slots := map[string]int64{}
		for _, p := range w.Processes() {
			slots[p.ID], roots[p.ID], _ = w.Head(p.ID)
		}
		w.reopen()
		for pid, root := range roots {
			if slot, now, _ := w.Head(pid); slot != slots[pid] || !patchdev.Equal(root, now) {
				rt.Fatalf("process %s came back at slot %d of %d", pid, slot, slots[pid])
			}
			if r, err := w.Verify(t.Context(), pid); err != nil || r.First >= 0 {
				rt.Fatalf("%+v, %v\nold %+v\nnew %+v", r, err, r.Difference.Old, r.Difference.New)
			}
			// The state is there, and not only what was shown of it.
			s := w.do(pid, "")
			if s.Number != slots[pid]+1 || s.Result.Failed() {
				rt.Fatalf("%+v", s.Result)
			}
			if r, yes := w.Divergence(pid); yes {
				rt.Fatalf("%+v", r)
			}
		}
	})
}

// Run, Shadow and Replay with a real script.
func TestRealScriptIsEdited(t *testing.T) {
	w := newWorld(t, ":memory:", func(o *Options) { o.NewVM = realVM })
	i, err := w.Spawn(t.Context(), SpawnRequest{Name: "token", Script: "token.lua", Source: tokenScript})
	if err != nil {
		t.Fatal(err)
	}
	for k := range 20 {
		if _, err := w.Send(t.Context(), i.ID, transfer(k)); err != nil {
			t.Fatal(err)
		}
	}
	w.settle(i.ID)
	edited := strings.Replace(tokenScript, `Data = "ok"`, `Data = "done"`, 1)
	c, err := w.Shadow(t.Context(), i.ID, edited)
	if err != nil || c.Slots != 21 || c.Results != 20 || c.First != 1 || len(c.Keys) != 0 {
		t.Errorf("%v, %v", c, err)
	}
	broken := strings.Replace(tokenScript, "tonumber(", "tonumber((", 1)
	if c, err := w.Shadow(t.Context(), i.ID, broken); err != nil || c.First != 0 || !c.Differences[0].New.Result.Failed() {
		t.Errorf("%v, %v", c, err)
	}
	r, err := w.Run(t.Context(), i.ID, broken)
	if err != nil {
		t.Fatal(err)
	}
	s, err := w.Wait(t.Context(), i.ID, r.Slot)
	if err != nil || s.Result.Error == "" || s.Result.ErrorAt.Line == 0 {
		t.Errorf("a syntax error: %+v, %v", s.Result, err)
	}
	if _, err := w.Replay(t.Context(), i.ID, edited); err != nil {
		t.Fatal(err)
	}
	s, err = w.Slot(t.Context(), i.ID, 3)
	if err != nil || !patchdev.Equal(s.Result.Messages[1].Data, patchdev.String("done")) {
		t.Errorf("%+v, %v", s, err)
	}
}
