package aos

import (
	"context"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"patchbay/engine/ao"
	"patchbay/patchdev"
)

// kitchenSink uses every API of the aos world.
const kitchenSink = `
local json, bint = require("json"), require(".bint")(256)
Count, Log, Big = 0, {}, "1"
State = { users = {}, list = { 1, 2, 3 }, deep = { a = { b = { c = 0 } } } }
Handlers.add("info", Handlers.utils.hasMatchingTag("Action", "Info"), Handlers.utils.reply({ Name = Name, Data = "info" }))
Handlers.add("count", "Count", function(m)
  Count = Count + 1
  State.users[m.From] = (State.users[m.From] or 0) + 1
  State.deep.a.b.c = Count
  Big = tostring(bint(Big) * 3 + Count)
  Send({ device = "patch@1.0", cache = State, big = Big, n = Count })
  if m.Fail then error("asked to fail at " .. Count) end
  print({ Count, m.From }) m.reply({ Data = State })
end)
Handlers.add("ask", "Ask", function(m)
  local r = Send({ Target = m.From, Action = "Question" }).receive()
  Count = Count + 1
  if m.Fail or r.Fail then error({ code = Count }) end
  m.reply({ Data = "answered " .. tostring(r.Data) })
  local r2 = Receive({ Action = "Second" })
  table.insert(Log, tostring(r2.Data))
  if r2.Fail then error("second") end
end)
Handlers.add("log", Handlers.utils.continue(function(m) return m.Action == "Log" or m.Log ~= nil end), function(m)
  table.insert(Log, m.Id or "no id") ao.log("logged") if #Log > 5 then table.remove(Log, 1) end
end)
Handlers.add("spawn", "Spawn", function(m) Spawn(ao._module, { Name = "child", Data = m.Data }) ao.spawn("M", { Tags = { X = "1" } }).onReply(function(r) Count = Count + 100 end) end)
Handlers.add("assign", "Assign", function(m) Assign({ Processes = { m.From }, Message = m.Id or "none" }) end)
Handlers.add("forward", "Forward", function(m) m.forward(m.To or "nobody", { Extra = "1" }) end)
Handlers.add("once", "Once", function(m) Handlers.once("once-" .. tostring(m.Key), { Action = "Later" }, function() Count = Count - 1 end) end)
Handlers.add("remove", "Remove", function(m) Handlers.remove(m.Name or "nothing") end)
Handlers.add("before", "Before", function(m) Handlers.before("count").add("b" .. #Handlers.list, { Action = "Count", From = "_" }, function() return 1 end, 1) end)
Handlers.add("random", "Random", function(m) print(math.random(1, 1000)) print(math.random()) end)
Handlers.add("bad", "Bad", function(m) if m.How == "inf" then Send({ x = 1/0 }) elseif m.How == "mixed" then Send({ x = { 1, a = 2 } }) elseif m.How == "print" then print(print) else local t = nil; t.x = 1 end end)
Handlers.add("loop", "Loop", function(m) while true do Count = Count + 1 end end)
Handlers.add("co", "Co", function(m) local co = coroutine.wrap(function() for i = 1, 3 do coroutine.yield(i) end end) print(co() + co()) Held = co end)
Handlers.add("held", "Held", function(m) if Held then print(tostring(Held())) end if m.Fail then error("held") end end)
Handlers.add("assignable", "Assignable", function(m) ao.addAssignable("any", { Action = "Count" }) end)
Handlers.add("mt", "Meta", function(m) State = setmetatable(State, { __index = function(_, k) return k end }) print(State.nothing) end)
Handlers.add("nest", "Nest", function(m)
  local d = State.deep
  for i = 1, 4 do d[tostring(m.Key) .. i] = d["k" .. (i % 2)] d["k" .. i % 2] = { i, m.Fail } end
  State.users["new" .. Count] = {} State.users.new0 = nil State.list[#State.list + 1] = #State.list table.insert(State.list, 1, Count)
  if #State.list > 6 then table.remove(State.list, 2) table.sort(State.list, function(a, b) return a > b end) end
  State.deep.a = setmetatable({ b = State.deep.a.b }, getmetatable(State.deep.a) or { __index = { seen = 0 } })
  getmetatable(State.deep.a).__index.seen = State.deep.a.seen + 1
  math.random(1, 9)
  if m.Fail then error(setmetatable({}, { __tostring = function() return "object" end })) end
end)
local hidden, mt = { n = 0, keys = {} }, { __newindex = function(t, k, v) rawset(t, k, v) Log[#Log + 1] = "set " .. tostring(k) end }
Watched = setmetatable({}, mt)
function Peek() local t = {} for k, v in pairs(hidden.keys) do t[#t + 1] = k .. "=" .. tostring(v) end return hidden.n .. ":" .. table.concat(t, ",") end
Handlers.add("upvalue", "Upvalue", function(m)
  hidden.n = hidden.n + 1 hidden.keys[m.Name or m.From] = hidden.n
  if hidden.n % 3 == 0 then hidden = { n = hidden.n, keys = {} } end
  Watched[m.Key or "none"] = hidden.n
  if #Log > 12 then Log = {} end
  package.loaded[".seen"] = { hidden.n } Name = "kit" .. hidden.n % 2
  string.seen = (string.seen or 0) + 1
  if m.Fail then local x = {} x = x .. "" end
end)
Handlers.add("many", "Many", function(m)
  local a = Send({ Target = "p1", Action = "Q1" })
  Handlers.after("count").add("after", "Count", { [{ Fail = "_" }] = function() print("after a failure") end, [{ From = alice }] = function() Count = Count + 10 end }, 2)
  local x = Receive(function(r) return r.Action == "Later" and "continue" or false end)
  State.last = x.Id
  local ok, e = pcall(function() local y = Receive({ Action = { "Second", "Later" } }) if y.Fail then error("inside pcall") end return y end)
  Log[#Log + 1] = tostring(ok) .. tostring(e and type(e))
  if a.Target == x.From then a.receive() end
  Spawn({ Data = "late" }).receive()
  Count = Count + 1000
end)
Handlers.add("replace", "Replace", function(m) local old = ao.send; ao.send = function(t) t.Replaced = "1" return old(t) end end)
`

var (
	actions = []string{"Nest", "Nest", "Upvalue", "Upvalue", "Many", "Info", "Count", "Ask", "Question-Answer", "Second", "Log", "Spawn", "Spawned", "Assign", "Forward", "Once", "Later", "Remove", "Before", "Random", "Bad", "Co", "Held", "Assignable", "Meta", "Replace", "Eval", "Unknown", ""}
	senders = []string{owner, alice, bob, pid}
	evals   = []string{"Count", "Count = Count + 1", "return #Log, Count > 3 and 'too many'", "error('eval')", "x = = 1", "Handlers.list", "Inbox[#Inbox]", "State", "print(tostring({}) .. tostring(print))", "Owner = Owner", "Receive({Action='Later'}).Id", "Receive({Action='Later'}) error('after')", "Owner = ao.id Owner = nil", "Inbox = {Inbox[1]}", "Name = {}", "Peek()", "Handlers.list[#Handlers.list].maxRuns = 2", "local s = {} for k in pairs(State.users) do s[#s+1] = k end return s", "#Handlers.coroutines", "os.clock()", "collectgarbage('count')"}
)

// anyMessage draws a message for the kitchen sink; weird ones too.
func anyMessage(t *rapid.T, i int) *ao.Message {
	m := &ao.Message{
		ID: fmt.Sprintf("message%036d", i), From: rapid.SampledFrom(senders).Draw(t, "from"), Target: pid,
		Timestamp: int64(1000 + i), BlockHeight: int64(i),
	}
	action := rapid.SampledFrom(actions).Draw(t, "action")
	if action != "" {
		m.Tags = append(m.Tags, ao.Tag{Name: "Action", Value: action})
	}
	if action == "Eval" {
		m.From = owner
		m.Data = patchdev.String(rapid.SampledFrom(evals).Draw(t, "eval"))
		return m
	}
	if rapid.IntRange(0, 3).Draw(t, "fail") == 0 {
		m.Tags = append(m.Tags, ao.Tag{Name: "Fail", Value: "1"})
	}
	for range rapid.IntRange(0, 2).Draw(t, "tags") {
		m.Tags = append(m.Tags, ao.Tag{
			Name:  rapid.SampledFrom([]string{"X-Reference", "Reference", "How", "Log", "Key", "Name", "To", "Content-Type", "Reply-To", "Timestamp", "Id", "Cron", "x_odd-NAME"}).Draw(t, "name"),
			Value: rapid.SampledFrom([]string{"1", "2", "3", "inf", "mixed", "print", "count", "ask", "_default", "application/json", alice, ""}).Draw(t, "value"),
		})
	}
	if rapid.Bool().Draw(t, "data") {
		m.Data = patchdev.String(rapid.SampledFrom([]string{"", "text", `{"a":[1,2]}`, "{", "42"}).Draw(t, "data"))
	}
	switch rapid.IntRange(0, 19).Draw(t, "odd") {
	case 0:
		m.Cron = true
	case 1:
		m.Target = "somebody else"
	case 2:
		m.Owner = bob
	}
	return m
}

// shown is everything of a result that is the same on every replay.
func shown(r *ao.Result) string {
	out := fmt.Sprintf("%q %v %s %d %d %+v|", r.Error, r.Thrown, r.Limit, r.GasUsed, r.Truncated, r.ErrorAt)
	out += string(patchdev.AppendJSON(nil, r.Output, patchdev.JSONOptions{FloatPoint: true}))
	for _, e := range r.Outbox {
		out += "\n" + e.Key + fmt.Sprint(e.Line) + string(patchdev.AppendJSON(nil, e.Fields, patchdev.JSONOptions{FloatPoint: true}))
	}
	for _, m := range append(r.Messages, r.Spawns...) {
		out += "\n" + m.ID
	}
	for _, a := range r.Assignments {
		out += "\n" + string(patchdev.AppendJSON(nil, a, patchdev.JSONOptions{FloatPoint: true}))
	}
	for _, s := range r.Trace {
		out += fmt.Sprint("\n", s.Name, s.Pattern, s.Outcome, s.Line, s.Gas)
	}
	return out
}

// audit shows the whole state of a kitchen sink that a script can reach, in its
// order, down to what comes next of counters, random numbers and the accounts.
const audit = `
local seen, out = {}, {}
local function show(v, depth)
  if type(v) ~= "table" then out[#out + 1] = type(v) == "function" and "function" or type(v) == "thread" and coroutine.status(v) or tostring(v) return end
  if seen[v] then out[#out + 1] = "#" .. seen[v] return end
  seen[v] = #out
  out[#out + 1] = "{"
  for k, e in next, v do show(k, depth + 1) out[#out + 1] = "=" show(e, depth + 1) out[#out + 1] = ";" end
  out[#out + 1] = "}" .. rawlen(v)
  if getmetatable(v) then show(getmetatable(v), depth + 1) end
end
show(_G, 0)
for _, h in ipairs(Handlers.list) do
  for i = 1, 20 do local n, v = debug.getupvalue(h.handle, i) if not n then break end show(v, 1) end
end
show(package.loaded, 0)
return Peek() .. collectgarbage("count") .. math.random() .. table.concat(out, " ")
`

// auditOf is what audit shows, for the slot after a schedule of so many messages.
func auditOf(t *rapid.T, vm *VM, slots int) string {
	m := &ao.Message{ID: "audit", Timestamp: 9}
	vm.limits.Gas = 50_000_000
	vm.m.s.SetLimits(limitsOf(vm.limits))
	f, err := vm.m.s.Load(audit, "audit", "t", nil)
	if err != nil {
		t.Fatal(err)
	}
	vm.begin(m, int64(slots))
	vm.m.s.ResetBudget()
	vals, err := vm.m.s.Call(context.Background(), f)
	vm.m.s.Rollback()
	if err != nil {
		t.Fatal(err)
	}
	return vm.m.s.ToString(vals[0])
}

// sink makes a process of the kitchen sink.
func sink(t testing.TB) *VM {
	vm := spawned(t, kitchenSink)
	vm.limits.Gas = 2_000_000
	l := limitsOf(vm.limits)
	vm.m.s.SetLimits(l)
	return vm
}

// play evaluates a schedule and returns the results.
func play(t *rapid.T, tb testing.TB, vm *VM, msgs []*ao.Message, skip map[int]bool) []string {
	var out []string
	for i, m := range msgs {
		if skip[i] {
			out = append(out, "")
			continue
		}
		res, err := vm.Evaluate(context.Background(), m, int64(i+1))
		if err != nil {
			t.Fatalf("message %d: %v", i, err)
		}
		out = append(out, shown(res))
	}
	return out
}

func schedule(t *rapid.T) []*ao.Message {
	n := rapid.IntRange(1, 25).Draw(t, "messages")
	msgs := make([]*ao.Message, n)
	for i := range msgs {
		msgs[i] = anyMessage(t, i)
	}
	return msgs
}

// A schedule replayed gives the same results, byte for byte; dry runs in between
// change nothing.
func TestReplayIsIdentical(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		msgs := schedule(rt)
		vm := sink(t)
		first := play(rt, t, vm, msgs, nil)
		state := auditOf(rt, vm, len(msgs)+1)
		vm = sink(t)
		dry := rapid.IntRange(0, len(msgs)-1).Draw(rt, "dry")
		for i, m := range msgs {
			if i == dry {
				for range 2 {
					other := anyMessage(rt, i)
					if _, err := vm.DryRun(context.Background(), other, int64(i+1)); err != nil {
						rt.Fatal(err)
					}
				}
			}
			res, err := vm.Evaluate(context.Background(), m, int64(i+1))
			if err != nil {
				rt.Fatal(err)
			}
			if got := shown(res); got != first[i] {
				rt.Fatalf("message %d: a replay differs\nfirst %s\nagain %s", i, first[i], got)
			}
		}
		if got := auditOf(rt, vm, len(msgs)+1); got != state {
			rt.Fatalf("the state after a replay differs\nfirst %s\nagain %s", state, got)
		}
	})
}

// A schedule without its failing messages gives what the others gave with them.
func TestFailuresLeaveNothing(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		msgs := schedule(rt)
		vm := sink(t)
		var with []string
		failed := map[int]bool{}
		for i, m := range msgs {
			res, err := vm.Evaluate(context.Background(), m, int64(i+1))
			if err != nil {
				rt.Fatal(err)
			}
			failed[i] = res.Failed()
			with = append(with, shown(res))
		}
		state := auditOf(rt, vm, len(msgs)+1)
		vm = sink(t)
		without := play(rt, t, vm, msgs, failed)
		for i := range msgs {
			if !failed[i] && with[i] != without[i] {
				rt.Fatalf("message %d differs when failing ones before it are left out (failed: %v)\nwith    %s\nwithout %s", i, failed, with[i], without[i])
			}
		}
		if got := auditOf(rt, vm, len(msgs)+1); got != state {
			rt.Fatalf("the state differs when failing messages are left out (failed: %v)\nwith    %s\nwithout %s", failed, state, got)
		}
	})
}

// Whatever comes in, an evaluation ends with a result.
func FuzzMessages(f *testing.F) {
	f.Add("Action", "Count", "x_y", "1", "data", uint8(0))
	f.Add("Content-Type", "application/json", "Action", "Ask", `{"a":1}`, uint8(1))
	f.Add("\x00", "\xff\xfe", "", "", "return ...", uint8(2))
	f.Fuzz(func(t *testing.T, n1, v1, n2, v2, data string, kind uint8) {
		vm := sink(t)
		m := &ao.Message{ID: "m", From: senders[int(kind)%len(senders)], Target: pid, Tags: []ao.Tag{{Name: n1, Value: v1}, {Name: n2, Value: v2}}, Data: patchdev.String(data)}
		for i := range 3 {
			if _, err := vm.Evaluate(context.Background(), m, int64(i+1)); err != nil {
				t.Fatal(err)
			}
			m.Tags = append(m.Tags, ao.Tag{Name: "Action", Value: actions[(int(kind)+i)%len(actions)]})
		}
	})
}

// Recorded messages of any shape give an answer or an error, never a panic.
func FuzzRunMessages(f *testing.F) {
	f.Add(`[{"Id":"m","Tags":[{"name":"Action","value":"Eval"}],"From":"a","Owner":"a"}]`, `{"Process":{"Id":"p","Tags":[]}}`, "return 1")
	f.Add(`[{"Tags":{"a":1}}, {}]`, ``, "")
	f.Add(`[{"Tags":[1,{"name":2}],"From":[]}]`, `{"Process":{"Id":"p"}}`, "x")
	f.Fuzz(func(t *testing.T, messages, process, script string) {
		_, _ = RunMessages(context.Background(), []byte(script), []byte(messages), []byte(process), RunOptions{Limits: ao.Limits{Gas: 1_000_000}})
	})
}

// verbatim is a typed message with its root fields spelled out, as a recording
// gives them.
func verbatim(m *ao.Message, slot int64) *ao.Message {
	v := &ao.Message{ID: m.ID, Timestamp: m.Timestamp}
	add := func(name string, x patchdev.Value) { v.Fields = append(v.Fields, ao.Field{Name: name, Value: x}) }
	owner := m.Owner
	if owner == "" {
		owner = m.From
	}
	if !m.Cron {
		add("Id", patchdev.String(m.ID))
	}
	add("From", patchdev.String(m.From))
	add("Owner", patchdev.String(owner))
	add("Target", patchdev.String(m.Target))
	if m.Data != nil && !m.Cron {
		add("Data", m.Data)
	}
	add("Timestamp", patchdev.Int(m.Timestamp))
	add("Block-Height", patchdev.Int(m.BlockHeight))
	if !m.Cron {
		add("Nonce", patchdev.Int(slot))
		add("Epoch", patchdev.Int(m.Epoch))
	}
	add("Cron", patchdev.Bool(m.Cron))
	if !m.Cron {
		add("Read-Only", patchdev.Bool(false))
	}
	tags := make([]patchdev.Value, len(m.Tags))
	for i, t := range m.Tags {
		tags[i] = patchdev.NewTable("name", t.Name, "value", t.Value)
	}
	add("Tags", patchdev.NewList(tags...))
	return v
}

// The short way that typed messages take through the library's first steps gives
// what the long way gives.
func TestTypedEqualsVerbatim(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		msgs := schedule(rt)
		typed, long := sink(t), sink(t)
		for i, m := range msgs {
			if m.Data == patchdev.String("collectgarbage('count')") {
				m.Data = patchdev.String("1") // the ways differ in what they allocate
			}
			a, err := typed.Evaluate(context.Background(), m, int64(i+1))
			if err != nil {
				rt.Fatal(err)
			}
			b, err := long.Evaluate(context.Background(), verbatim(m, int64(i+1)), int64(i+1))
			if err != nil {
				rt.Fatal(err)
			}
			a.GasUsed, b.GasUsed = 0, 0
			for _, r := range []*ao.Result{a, b} {
				for j := range r.Trace {
					r.Trace[j].Gas = 0
				}
			}
			if x, y := shown(a), shown(b); x != y {
				rt.Fatalf("message %d\ntyped    %s\nverbatim %s", i, x, y)
			}
		}
	})
}
