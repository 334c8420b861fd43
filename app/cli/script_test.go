package cli

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"patchbay/engine/ao"
)

// served is a script that is served, and what a tool does with it over HTTP.
type served struct {
	t         *testing.T
	base, pid string
}

func serveScript(t *testing.T, script string) served {
	t.Helper()
	c := begin(t, "serve", "--port", "0", write(t, t.TempDir(), "p.lua", script))
	return served{t, c.base(), c.pid("p")}
}

// push sends a message and returns what the slot answered.
func (s served) push(action, data string) (result map[string]any) {
	s.t.Helper()
	body, _ := json.Marshal(map[string]any{"From": ao.Address("owner"), "Action": action, "Data": data})
	code, text, _ := fetch(s.t, "POST", s.base+"/"+s.pid+"~process@1.0/push?require-codec=application/json&accept-bundle=true", "application/json", string(body))
	if code != 200 {
		s.t.Fatalf("push %s: %d %s", action, code, text)
	}
	if err := json.Unmarshal([]byte(text), &result); err != nil {
		s.t.Fatalf("push %s: %v in %s", action, err, text)
	}
	return result
}

func (s served) read(path string) string {
	s.t.Helper()
	_, text, _ := fetch(s.t, "GET", s.base+"/"+s.pid+"~process@1.0/"+path, "", "")
	return text
}

// What a script does wrong is told, and leaves the state as it was.
func TestScriptsThatGoWrong(t *testing.T) {
	s := serveScript(t, `
Count = 0
local function show() Send({ device = "patch@1.0", cache = { count = Count } }) end
show()
Handlers.add("add", "Add", function(msg) Count = Count + 1 show() end)
Handlers.add("fail", "Fail", function(msg)
  Count = Count + 1
  show()
  local nothing
  return nothing.field
end)
Handlers.add("loop", "Loop", function(msg)
  Count = Count + 1
  while true do pcall(function() while true do end end) end
end)
Handlers.add("print", "Print", function(msg)
  for i = 1, 30000 do print(string.rep("x", 1000)) end
end)
Handlers.add("bomb", "Bomb", function(msg)
  Count = Count + 1
  local s = "x"
  while true do s = s .. s end
end)
Handlers.add("nowhere", "Nowhere", function(msg) ao.send({ Target = "nobody knows", Data = "hello" }) ao.send({ Target = 42 }) end)
`)
	want := func(count string) {
		t.Helper()
		if got := s.read("now/cache/count"); got != count {
			t.Errorf("count is %q, want %s", got, count)
		}
	}
	text := func(result map[string]any) string {
		out, _ := json.Marshal(result)
		return string(out)
	}
	s.push("Add", "")
	want("1")
	for _, action := range []string{"Fail", "Loop", "Bomb"} {
		if r := text(s.push(action, "")); !strings.Contains(r, "rror") {
			t.Errorf("%s: no error in %s", action, r)
		}
		want("1")
	}
	if r := text(s.push("Fail", "")); !strings.Contains(r, `:10:`) || !strings.Contains(r, "nothing") {
		t.Errorf("the error does not name its line: %s", r)
	}
	if r := text(s.push("Eval", "this is not Lua")); !strings.Contains(r, "near") {
		t.Errorf("a syntax error is not told: %s", r)
	}
	want("1")
	// 30 MB are printed, 1 MiB is kept; the answer has it under several names.
	if r := text(s.push("Print", "")); len(r) > 8_000_000 || !strings.Contains(r, "xxxx") {
		t.Errorf("%d bytes of output are not capped", len(r))
	}
	s.push("Nowhere", "")
	s.push("Add", "")
	want("2")
}

func TestInvalidMessages(t *testing.T) {
	s := serveScript(t, `x = 1`)
	for name, c := range map[string]struct {
		path, kind, body string
		status           int
	}{
		"no process":   {"/" + ao.Address("nobody") + "~process@1.0/push", "application/json", `{"From":"a"}`, 500},
		"not JSON":     {"/" + s.pid + "~process@1.0/push", "application/json", `{"From":`, 500},
		"unsigned":     {"/" + s.pid + "~process@1.0/push", "", `hello`, 400},
		"JSON, a list": {"/" + s.pid + "~process@1.0/push", "application/json", `[1]`, 400},
	} {
		t.Run(name, func(t *testing.T) {
			if code, text, _ := fetch(t, "POST", s.base+c.path, c.kind, c.body); code != c.status {
				t.Errorf("%d %s, want %d", code, text, c.status)
			}
		})
	}
	if got := s.read("slot/current"); got != "0" {
		t.Errorf("something was scheduled: slot %s", got)
	}
}

func TestRunPrintsResults(t *testing.T) {
	dir := t.TempDir()
	script := write(t, dir, "s.lua", `Handlers.add("hi", "Hi", function(m) m.reply({ Data = "hello" }) end)`)
	owner, pid := strings.Repeat("o", 43), strings.Repeat("p", 43)
	message := func(n int, tags, data string) string {
		return fmt.Sprintf(`{"Id":"%043d","From":%q,"Owner":%q,"Target":%q,"Timestamp":%d,"Block-Height":1,"Module":"m","Nonce":%d,"Tags":[%s],"Data":%q}`,
			n, owner, owner, pid, 1000+n, n, tags, data)
	}
	messages := write(t, dir, "m.json", "["+strings.Join([]string{
		strings.Replace(message(0, `{"name":"Type","value":"Process"}`, ""), fmt.Sprintf("%043d", 0), pid, 1),
		message(1, `{"name":"Action","value":"Eval"}`, "@script.lua"),
		message(2, `{"name":"Action","value":"Hi"}`, ""),
	}, ",")+"]")
	process := write(t, dir, "p.json", fmt.Sprintf(`{"Process":{"Id":%q,"Owner":%q,"Tags":[]}}`, pid, owner))
	code, out, stderr := once(t, "run", script, "--messages", messages, "--process", process)
	var results []struct {
		OK       bool
		Response struct {
			Messages []struct{ Data, Target string }
		}
	}
	if err := json.Unmarshal([]byte(out), &results); code != ExitGood || err != nil || len(results) != 3 {
		t.Fatalf("%d %v %s%s", code, err, out, stderr)
	}
	if r := results[2]; !r.OK || len(r.Response.Messages) != 1 || r.Response.Messages[0].Data != "hello" || r.Response.Messages[0].Target != owner {
		t.Errorf("%+v", r)
	}
	if _, err := os.Stat(script); err != nil {
		t.Error(err)
	}
}
