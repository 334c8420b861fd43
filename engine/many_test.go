package engine

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"patchbay/engine/ao"
	"patchbay/patchdev"
)

const parentScript = `
Got = ""
Handlers.add("make", "Make", function(msg)
  local born = Spawn(msg.Tags.What, { ["X-Note"] = "n" }).receive()
  Send({ Target = born.Process, Action = "Hello", Data = "1" })
  Send({ Target = born.Process, Action = "Hello", Data = "2" })
  Send({ Target = born.Process, Action = "Hello", Data = "3", Nested = { a = 1 } })
  Send({ Target = "somebody far away", Action = "Hello" })
  Send({ device = "patch@1.0", cache = { child = born.Process, born = {
    action = born.Action, from = born.From == ao.id and "self", reference = born.Tags.Reference, pushed = born.Tags["Pushed-For"], type = born.Tags.Type,
  } } })
end)
Handlers.add("greeting", "Greeting", function(msg)
  Got = Got .. msg.Data
  Send({ device = "patch@1.0", cache = { got = Got, reference = msg["X-Reference"], from = msg.From, process = msg.Tags["From-Process"] } })
end)
Handlers.add("storm", "Storm", function(msg) Send({ Target = msg.Tags.Whom, Action = "Storm", Whom = ao.id }) end)
Handlers.add("flood", "Flood", function(msg) for i = 1, 100 do Send({ Target = msg.Tags.Whom, Action = "Nothing" }) end end)
Handlers.add("assign", "Pass", function(msg) Assign({ Processes = { msg.Tags.Whom }, Message = msg.Tags.What }) end)
`

const childScript = `
Born = { name = Name, owner = Owner, note = ao.env.Process.Tags["X-Note"] }
Send({ device = "patch@1.0", cache = { born = Born } })
Handlers.add("hello", "Hello", function(msg) msg.reply({ Action = "Greeting", Data = msg.Data }) end)
Handlers.add("storm", "Storm", function(msg) msg.reply({ Action = "Storm", Whom = ao.id }) end)
ao.addAssignable("all", { Action = "Handed" })
Handlers.add("handed", "Handed", function(msg) Send({ device = "patch@1.0", cache = { handed = msg.From .. " " .. msg.Target .. " " .. msg.Data } }) end)
`

func manyWorld(t *testing.T) *world {
	return newWorld(t, filepath.Join(t.TempDir(), "j.db"), func(o *Options) {
		o.NewVM, o.MaxDepth, o.MaxDeliveries = realVM, 20, 60
		o.Modules = func(name string) (Module, bool) {
			return Module{Script: "child.lua", Source: childScript}, name == "child"
		}
	})
}

func tagged(from string, tags ...string) ao.Message {
	m := ao.Message{From: from}
	for i := 0; i < len(tags); i += 2 {
		m.Tags = append(m.Tags, ao.Tag{Name: tags[i], Value: tags[i+1]})
	}
	return m
}

func (w *world) sent(pid string, m ao.Message) *ao.Slot {
	w.t.Helper()
	r, err := w.Send(w.t.Context(), pid, m)
	if err != nil {
		w.t.Fatal(err)
	}
	s, err := w.Wait(w.t.Context(), pid, r.Slot)
	if err != nil {
		w.t.Fatal(err)
	}
	return s
}

// quiet waits until no process has anything to do any more.
func (w *world) quiet() {
	for before, now := int64(-1), int64(0); before != now; {
		before, now = now, 0
		for _, p := range w.Processes() {
			w.waitIdle(p.ID)
		}
		for _, p := range w.Processes() {
			now += 1 + w.Scheduled(p.ID)
		}
	}
}

// Real scripts that spawn, greet and answer each other.
func TestRealProcessesTalk(t *testing.T) {
	w := manyWorld(t)
	parent := w.spawn("parent", parentScript)
	s := w.sent(parent, tagged("alice", "Action", "Make", "What", "child"))
	w.quiet()
	_, root, _ := w.Head(parent)
	child, _ := get(root, "cache", "child").(string)
	for path, want := range map[string]any{
		"born/action": "Spawned", "born/from": "self", "born/reference": "1", "born/pushed": s.Message.ID, "born/type": "Message",
		"got": "123", "from": child, "process": child,
	} {
		if got := get(root, append([]string{"cache"}, strings.Split(path, "/")...)...); got != want {
			t.Errorf("%s is %v, want %v", path, got, want)
		}
	}
	_, born, _ := w.Head(child)
	if get(born, "cache", "born", "note") != "n" || get(born, "cache", "born", "owner") != parent || get(born, "cache", "born", "name") != "aos" {
		t.Errorf("the child: %v", born)
	}
	// What the child got: in the order of sending, with what a node adds.
	list, err := w.Schedule(t.Context(), child, 1, 3)
	if err != nil || len(list) != 3 {
		t.Fatalf("%v, %v", list, err)
	}
	for i, m := range list {
		want := map[string]string{
			"Action": "Hello", "From-Process": parent, "Pushed-For": s.Message.ID, "Data-Protocol": "ao", "Type": "Message",
			"Variant": "ao.TN.1", "Reference": fmt.Sprint(i + 2), "From-Module": LocalModule(),
		}
		for name, v := range want {
			if got, _ := ao.TagValue(m.Tags, name); got != v {
				t.Errorf("message %d, tag %s: %q, want %q", i, name, got, v)
			}
		}
		if m.From != parent || m.Target != child || m.Data != patchdev.Value(patchdev.String(fmt.Sprint(i+1))) || m.Root != s.Message.ID {
			t.Errorf("message %d: %+v", i, m)
		}
	}
	// Told at the sender: a table is no tag for a real node, and who is not here is outside.
	made, err := w.Slot(t.Context(), parent, 2)
	if err != nil || len(made.Delivered) != 5 || !strings.Contains(made.Delivered[2].Note, "Nested is a table") || made.Delivered[3].Note != noteOutside || made.Delivered[4].Note != notePatch {
		t.Fatalf("%+v, %v", made, err)
	}
	if made.Result.Messages[3].Target != patchdev.Value(patchdev.String("somebody far away")) {
		t.Errorf("%+v", made.Result.Messages[3])
	}
	// A module that is none of the project's is an empty aos, which takes Evals of its owner.
	w.sent(parent, tagged("alice", "Action", "Make", "What", "nothing of ours"))
	w.quiet()
	for _, p := range w.Processes() {
		if p.ID != parent && p.ID != child {
			if slot, _, _ := w.Head(p.ID); slot < 1 || p.Owner != parent || p.Flavour != flavourAOS {
				t.Errorf("%+v at slot %d", p, slot)
			}
		}
	}
	if n := len(w.Processes()); n != 3 {
		t.Errorf("%d processes", n)
	}
}

// Two processes that never stop answering each other, and one that floods.
func TestRealStorms(t *testing.T) {
	w := manyWorld(t)
	parent := w.spawn("parent", parentScript)
	child := w.spawn("child", childScript)
	sub := w.Subscribe(SubscribeOptions{})
	defer sub.Close()
	first := w.sent(parent, tagged("alice", "Action", "Storm", "Whom", child))
	w.quiet()
	deepest, last := 0, ""
	for _, p := range []string{parent, child} {
		slots, err := w.Slots(t.Context(), p, 1, w.Scheduled(p))
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range slots {
			deepest = max(deepest, s.Message.Depth)
			if s.Message.Depth == 20 {
				last = s.Delivered[0].Note
			}
		}
	}
	if deepest != 20 || !strings.HasPrefix(last, noteDepth) || !strings.Contains(last, first.Message.ID) {
		t.Errorf("depth %d: %s", deepest, last)
	}
	s := w.sent(parent, tagged("alice", "Action", "Flood", "Whom", child))
	w.quiet()
	if s, _ = w.Slot(t.Context(), parent, s.Number); s.Delivered[59].Slot < 0 || !strings.HasPrefix(s.Delivered[60].Note, noteCount) || len(s.Delivered) != 100 {
		t.Errorf("%+v", s.Delivered[58:62])
	}
	var texts []string
	for len(texts) < 2 {
		select {
		case <-sub.C():
		case <-t.Context().Done():
			t.Fatal("the storms were not told")
		}
		for _, e := range sub.Drain() {
			if e.Kind == ao.StormEnded {
				texts = append(texts, e.Text)
			}
		}
	}
	// A new message is a new root.
	if s := w.sent(parent, tagged("alice", "Action", "Flood", "Whom", child)); s == nil {
		t.Error("nothing after the storm")
	}
	w.quiet()
}

// A message that one process got is handed to another, which takes it or refuses it.
func TestRealAssignments(t *testing.T) {
	w := manyWorld(t)
	parent := w.spawn("parent", parentScript)
	child := w.spawn("child", childScript)
	m := tagged("alice", "Action", "Handed")
	m.Data = patchdev.String("the data")
	handed := w.sent(parent, m)
	refused := w.sent(parent, tagged("alice", "Action", "Secret"))
	for _, id := range []string{handed.Message.ID, refused.Message.ID} {
		w.sent(parent, tagged("alice", "Action", "Pass", "Whom", child, "What", id))
	}
	w.quiet()
	_, root, _ := w.Head(child)
	if got := get(root, "cache", "handed"); got != "alice "+parent+" the data" {
		t.Errorf("%v", got)
	}
	s, err := w.Slot(t.Context(), child, 2)
	if err != nil || s.Message.ID != refused.Message.ID || !strings.Contains(s.Result.Text, "Assignment is not trusted!") {
		t.Errorf("%+v, %v", s.Result, err)
	}
}

// Cron messages come when their time does, by a clock that the test turns.
func TestCronIntervals(t *testing.T) {
	w := manyWorld(t)
	at := time.UnixMilli(1_700_000_000_000)
	for _, c := range []struct {
		interval string
		period   time.Duration
	}{
		{"1-second", time.Second},
		{"30-seconds", 30 * time.Second},
		{"1-minute", time.Minute},
		{"5-minutes", 5 * time.Minute},
		{"2-hours", 2 * time.Hour},
		{"1-Day", 24 * time.Hour},
		{"1-week", 7 * 24 * time.Hour},
		{"500-milliseconds", 500 * time.Millisecond},
		{"1-block", 2 * time.Minute},
		{"10-blocks", 20 * time.Minute},
	} {
		i, err := w.Spawn(t.Context(), SpawnRequest{Owner: "owner", Source: `
Handlers.add("cron", function(m) return m.Cron and m.Action == "Tick" end, function(m)
  Ticks = (Ticks or 0) + 1
  assert(m.Id == nil and m.Data == nil and m.Nonce == nil and m.From == "owner" and m.Tags.Kind == "k")
  Send({ device = "patch@1.0", cache = { ticks = Ticks, at = m.Timestamp } })
end)`, Tags: []ao.Tag{
			{Name: "cron-interval", Value: c.interval}, {Name: "Cron-Tag-Action", Value: "Tick"}, {Name: "Cron-Tag-Kind", Value: "k"},
		}})
		if err != nil {
			t.Fatal(err)
		}
		if slot, err := w.Slot(t.Context(), i.ID, 0); err != nil || slot.Result.Failed() {
			t.Fatalf("%+v, %v", slot, err)
		}
		for k, want := range []int{0, 0, 1, 0, 1, 1} {
			// A first look, half a period, a whole one, a bit more, two, four.
			now := at.Add([]time.Duration{0, c.period / 2, c.period, c.period + c.period/2, 2 * c.period, 4 * c.period}[k])
			if c.interval == "1-block" && k == 1 || c.interval == "1-block" && k == 3 {
				now = now.Add(-time.Millisecond)
			}
			n, err := w.Tick(t.Context(), now)
			if n != want || err != nil {
				t.Errorf("%s, look %d: %d messages, %v, want %d", c.interval, k, n, err, want)
			}
		}
		if s := w.waitIdle(i.ID); get(s.Root, "cache", "ticks") != 3 || s.Result.Failed() {
			t.Errorf("%s: %v %s", c.interval, get(s.Root, "cache", "ticks"), s.Result.Error)
		}
		// On demand, whatever the time is.
		if r, err := w.CronTick(t.Context(), i.ID); err != nil || len(r) != 1 {
			t.Errorf("%v, %v", r, err)
		}
		if s := w.waitIdle(i.ID); get(s.Root, "cache", "ticks") != 4 {
			t.Errorf("%s on demand: %s", c.interval, s.Result.Error)
		}
		if err := w.Remove(t.Context(), i.ID); err != nil {
			t.Fatal(err)
		}
	}
	for _, bad := range []string{"", "minute", "-5-minutes", "0-minutes", "5 minutes", "5-fortnights", "1.5-minutes", "99999999999-minutes", "5-"} {
		if _, err := parseInterval(bad); err == nil {
			t.Errorf("%q is an interval", bad)
		}
	}
}
