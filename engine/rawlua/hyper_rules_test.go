package rawlua

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"patchbay/engine/ao"
	"patchbay/patchdev"
)

// request sends a message of the owner, or of whom the tag From names.
func request(t *testing.T, vm *VM, slot int64, tags ...string) *ao.Result {
	t.Helper()
	m := &ao.Message{ID: "m", From: owner, Owner: owner, Target: pid, Timestamp: 1234567}
	for i := 0; i < len(tags); i += 2 {
		switch tags[i] {
		case "From":
			m.From = tags[i+1]
		case "Owner":
			m.Owner = tags[i+1]
		case "Data":
			m.Data = patchdev.String(tags[i+1])
		default:
			m.Tags = append(m.Tags, ao.Tag{Name: tags[i], Value: tags[i+1]})
		}
	}
	res, err := vm.Evaluate(context.Background(), m, slot)
	if err != nil {
		t.Fatal(err)
	}
	return res
}

const hyperRules = `
print(type(Send), type(Handlers.receive), type(Receive), type(Assign), type(Tab), type(ao.assign), type(Inbox))
assert(not pcall(require, ".bint") and not pcall(require, ".crypto") and not pcall(require, "json"))
local json = require(".json")
Handlers.add("exact", "Exact", function(req) print("exact " .. req.body.data) end)
Handlers.add("keys", { action = "Keys", ["x-kind"] = "A%d" }, function(req) print("kind " .. req.body["x-kind"]) end)
Handlers.add("slot", { slot = function(v) return v == 7 end }, function(req) print("slot seven") end)
Handlers.add("send", "Send", function(req)
  local msg = { Target = "up", target = "T", data = { 1, { x = true } }, Quantity = 5, half = 0.5 }
  local same = Send(msg)
  assert(same == msg and type(msg.onReply) == "function" and msg.reference == "1")
  Send({ device = "none@1.0" })
end)
Handlers.add("reply", "Reply", function(req)
  req.reply({ data = "to the sender" })
  req.reply({ target = "other", data = "elsewhere" })
end)
Handlers.add("resolver", "Resolver", { [{ kind = "one" }] = function() print("one") end, [{ kind = "two" }] = function() print("two") end })
Handlers.add("go on", "Many", function(req) print("first") end)
Handlers.prepend("before", function(req) return req.body.action == "Many" and "continue" end, function(req) print("zero") end)
Handlers.once("once", "Once", function(req) print("only once") end)
Handlers.add("time", "Time", function(req) print(os.time() .. " " .. math.type(os.time()) .. " " .. tostring(req.slot) .. " " .. req["block-timestamp"]) end)
Handlers.add("fails", "Fails", function(req) Count = (Count or 0) + 1 print("before") Send({ target = "x" }) error("boom") end)
Handlers.add("count", "Count", function(req) print(tostring(Count) .. Handlers.receive({})) end)
Handlers.add("own eval", function(req) return req.body.action == "Eval" and req.body.data == "intercept" end, function() print("intercepted") end)
Handlers.add("tags", Handlers.utils.hasMatchingTagOf("Kind", { "k1", "k2" }), function() print("of") end)
`

// The rules of spec aos-runtime §14, one message each.
func TestHyperRules(t *testing.T) {
	vm := open(t, hyperRules, ao.Tag{Name: "Authority", Value: "auth1,auth2"})
	out := func(res *ao.Result) string {
		var box []string
		for _, e := range res.Outbox {
			box = append(box, e.Key+"="+json(e.Fields))
		}
		text := res.Text
		if res.Failed() {
			text = "ERROR " + res.Error
		}
		return text + " | " + strings.Join(box, " ")
	}
	first := request(t, vm, 0)
	if got := out(first); got != "function\nNew Message | " {
		t.Errorf("boot: %q", got)
	}
	if o, _ := first.Output.(*patchdev.Table); json(o) != `{"data":"function\nNew Message","print":true,"prompt":"aos> "}` {
		t.Errorf("%s", json(first.Output))
	}
	for i, c := range []struct{ name, want, tags string }{
		{"a text is body.action exactly", "exact d | ", "Action=Exact;Data=d"},
		{"with its case", "New Message | ", "Action=exact;Data=d"},
		{"table patterns keep the case", "kind A7 | ", "Action=Keys;X-Kind=A7"},
		{"and refuse another", "New Message | ", "Action=Keys;X-Kind=a7"},
		{"what is sent is the table itself", `nil | 1={"Quantity":5,"Target":"up","data":{"1":1,"2":{"x":true}},"half":0.5,"reference":"1","target":"T"} 2={"device":"none@1.0","reference":"2"}`, "Action=Send"},
		{"a reply", ` | 1={"data":"to the sender","reference":"3","target":"` + owner + `","x-origin":"orig","x-reference":"77"} 2={"data":"elsewhere","reference":"4","target":"other","x-origin":"orig","x-reference":"77"}`, "Action=Reply;Reference=77;X-Origin=orig"},
		{"keys of req, too", "slot seven | ", ""},
		{"a table of functions", "two | ", "Action=Resolver;Kind=two"},
		{"continue goes on", "zero\nfirst | ", "Action=Many"},
		{"once", "only once | ", "Action=Once"},
		{"and no more", "New Message | ", "Action=Once"},
		{"the time is the block's", "1234567 integer 12 1234567 | ", "Action=Time"},
		{"an error is output and undoes nothing", "before\n\nerror:\nscript:23: boom | 1={\"reference\":\"5\",\"target\":\"x\"}", "Action=Fails"},
		{"nothing was undone", "1not implemented | ", "Action=Count"},
		{"an Eval of the owner", "2 | ", "Action=Eval;Data=1 + 1"},
		{"that a handler takes first", "intercepted | ", "Action=Eval;Data=intercept"},
		{"an Eval of another", "New Message | ", "Action=Eval;Data=1 + 1;From=stranger;Owner=stranger"},
		{"a process that only says so is not trusted", "Message is not trusted. | ", "Action=Exact;Data=d;From=proc;Owner=nobody"},
		{"an authority is taken whole", "Message is not trusted. | ", "Action=Exact;Data=d;From=proc;Owner=auth1"},
		{"the whole of it", "exact d | ", "Action=Exact;Data=d;From=proc;Owner=auth1,auth2"},
		{"tags of a list", "of | ", "Kind=k2"},
	} {
		var tags []string
		for _, p := range strings.Split(c.tags, ";") {
			if k, v, ok := strings.Cut(p, "="); ok {
				tags = append(tags, k, v)
			}
		}
		got := out(request(t, vm, int64(i+1), tags...))
		if c.name == "what is sent is the table itself" {
			got = strings.Replace(got, " | ", "nil | ", 1)
		}
		if got != c.want {
			t.Errorf("%s:\ngot  %q\nwant %q", c.name, got, c.want)
		}
	}
	res := request(t, vm, 40, "Action", "Eval", "Data", "return 1, 'an error'")
	if !res.Failed() || res.Error != "an error" {
		t.Errorf("a second result: %+v", res)
	}
}

// Each result says which handlers were asked, and why they ran or did not.
func TestHyperTrace(t *testing.T) {
	vm := open(t, hyperRules)
	request(t, vm, 0)
	res := request(t, vm, 1, "Action", "Keys", "X-Kind", "B")
	var got []string
	for _, h := range res.Trace {
		got = append(got, fmt.Sprintf("%s [%s] %s %q %d", h.Name, h.Pattern, h.Outcome, h.Why, h.Line))
	}
	want := []string{
		`before [function at line 20] skipped "the pattern gave false" 20`,
		`exact [Exact] skipped "action is Keys" 5`,
		`keys [{action=Keys, x-kind=A%d}] skipped "x-kind does not match" 6`,
		`slot [{slot=function}] skipped "slot does not match" 7`,
	}
	for i, w := range want {
		if i+1 >= len(got) || got[i+1] != w { // once is in front
			t.Errorf("step %d\nwant %s\ngot  %s", i, w, strings.Join(got, "\n     "))
			break
		}
	}
	if last := res.Trace[len(res.Trace)-1]; last.Name != "_default" || last.Outcome != "default" || last.Gas <= 0 {
		t.Errorf("%+v", last)
	}
	res = request(t, vm, 2, "Action", "Fails")
	for _, h := range res.Trace {
		if h.Name == "fails" && (h.Outcome != "failed" || h.Line != 23 || h.Gas <= 0 || h.Duration <= 0) {
			t.Errorf("%+v", h)
		}
	}
	raw := open(t, "x = 1\nfunction compute(base) return base end")
	if tr := request(t, raw, 0).Trace; len(tr) != 1 || tr[0].Name != "compute" || tr[0].Outcome != "ran" || tr[0].Line != 2 || tr[0].Gas <= 0 {
		t.Errorf("%+v", tr)
	}
}

// The node's Lua device adds to ao, and takes away with sandbox = true.
func TestDevice(t *testing.T) {
	source := `
function compute(base, req)
  local function say(...) local out = {} for i, v in ipairs({...}) do out[i] = type(v) == "table" and "table" or tostring(v) end return table.concat(out, " ") end
  local m = { a = { b = { "x", "y" } }, Case = 1 }
  local ok, set = ao.set(m, "a/c", 2)
  local _, both = ao.set(m, { a = { b = "z" }, n = 5.0 })
  base.results = { output = { data = table.concat({
    say(ao.resolve(m, "a/b/2")), say(ao.resolve(m, { "a", "b" })), say(ao.resolve(m, { path = "/a/b/1" })),
    say(ao.resolve(m, "a", "b", "1")), say(ao.resolve(m, "a/none/x")), say(ao.resolve(m, "Case")),
    say(ok, set.a.c, set.a.b[1], tostring(m.a.c)), say(both.a.b, both.n, both.Case),
    say(ao.event("group", { 1 })), say(pcall(ao.set, 1, 2)), tostring(io), tostring(os.exit), tostring(load), type(os.time),
  }, "; ") } }
  return base
end`
	want := "ok y; ok table; ok x; ok x; error not_found; ok 1; ok 2 x nil; z 5.0 1; ok; false ao.set: the base is a number, not a message; "
	if got := request(t, open(t, source), 0); !strings.HasPrefix(got.Text, want+"table: ") || !strings.HasSuffix(got.Text, "function") {
		t.Errorf("%q %s", got.Text, got.Error)
	}
	for tag, sandboxed := range map[string]bool{"true": true, "false": false} {
		got := request(t, open(t, source, ao.Tag{Name: "sandbox", Value: tag}), 0)
		if (got.Text == want+"sandboxed; sandboxed; sandboxed; function") != sandboxed {
			t.Errorf("sandbox = %s: %q %s", tag, got.Text, got.Error)
		}
	}
}
