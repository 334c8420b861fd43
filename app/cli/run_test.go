package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// whole is a message with all that the module needs of the first one.
const whole = `{"Id":"p","From":"o","Owner":"o","Target":"p","Module":"m","Block-Height":1,"Timestamp":1,"Nonce":0,"Tags":[{"name":"Type","value":"Process"}],"Data":""}`

func TestRunInputs(t *testing.T) {
	dir := t.TempDir()
	script := write(t, dir, "s.lua", `Handlers.add("hi", "Hi", function(m) print("hello " .. tostring(m.Data)) end)`)
	write(t, dir, "other.lua", "return 'from the other file'")
	message := func(tags, data string) string {
		return `{"From":"o","Owner":"o","Target":"p","Tags":[` + tags + `],"Data":"` + data + `"}`
	}
	eval := `{"name":"Action","value":"Eval"}`
	for _, c := range []struct {
		name, messages, process string
		code                    int
		out, err                []string
	}{
		{name: "no environment, no Id", messages: "[" + whole + "," + message(eval, "@script.lua") + "," + message(`{"name":"Action","value":"Hi"}`, "you") + "]", out: []string{"hello you"}},
		{name: "a file beside the list", messages: "[" + whole + "," + message(eval, "@other.lua") + "]", out: []string{"from the other file"}},
		{name: "a byte order mark", messages: "\xef\xbb\xbf[]", process: "\xef\xbb\xbf" + `{"Process":{"Id":"p"}}`, out: []string{"[]"}},
		{name: "no messages", messages: "[]", out: []string{"[]"}},
		{name: "nothing for the seed", messages: "[" + message(eval, "return 1") + "]", out: []string{`"ok":false`}, err: []string{"m.json: item 0 has no Id, Module, Block-Height"}},
		{name: "what cannot be encoded", messages: "[" + whole + "," + message(eval, "Send({ Target = 'x', T = { 1, a = 2 } })") + "]", out: []string{`"ok":false,"response":"Unexpected end of JSON input"`}, err: []string{"message 1: the result cannot be encoded"}},
		{name: "no such file beside", messages: "[" + message(eval, "@none.lua") + "]", code: ExitUsage, err: []string{"m.json: item 0", "none.lua", "no such file beside"}},
		{name: "a file elsewhere", messages: "[" + message(eval, "@../s.lua") + "]", code: ExitUsage, err: []string{"m.json: item 0", "only files beside"}},
		{name: "an absolute file", messages: "[" + message(eval, "@/etc/x.lua") + "]", code: ExitUsage, err: []string{"only files beside"}},
		{name: "no JSON", messages: "[\n {\"a\": 1,\n  \"b\": ]\n", code: ExitUsage, err: []string{"m.json:3:8: not JSON"}},
		{name: "cut off", messages: "[\n{", code: ExitUsage, err: []string{"m.json:2:2: not JSON"}},
		{name: "empty", messages: "\n", code: ExitUsage, err: []string{"m.json", "not JSON"}},
		{name: "an object", messages: "{}", code: ExitUsage, err: []string{"want a JSON list", "got an object"}},
		{name: "a number in the list", messages: "[" + whole + ", 5]", code: ExitUsage, err: []string{"item 1", "got 5"}},
		{name: "bad environment", messages: "[]", process: "{\"Process\": {\"Id\": \"x\",\n \"Owner\": oops}}", code: ExitUsage, err: []string{"p.json:2:11: not JSON"}},
		{name: "no Process", messages: "[]", process: "{}", code: ExitUsage, err: []string{"p.json", `no object "Process"`}},
		{name: "no Id", messages: "[]", process: `{"Process":{}}`, code: ExitUsage, err: []string{"p.json", "Process.Id is missing"}},
		{name: "tags as an object", messages: "[]", process: `{"Process":{"Id":"p","Tags":{"a":"b"}}}`, code: ExitUsage, err: []string{"p.json", "Process.Tags", "an object"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			args := []string{"run", script, "--messages", write(t, dir, "m.json", c.messages)}
			if c.process != "" {
				args = append(args, "--process", write(t, dir, "p.json", c.process))
			}
			code, out, err := once(t, args...)
			if code != c.code {
				t.Errorf("exit %d", code)
			}
			for _, part := range c.out {
				if !strings.Contains(out, part) {
					t.Errorf("%q is not printed: %s%s", part, out, err)
				}
			}
			for _, part := range c.err {
				if !strings.Contains(err, part) {
					t.Errorf("%q is not said: %s", part, err)
				}
			}
			if c.err == nil && err != "" {
				t.Errorf("said: %s", err)
			}
			if code != ExitGood && strings.Count(strings.TrimSpace(err), "\n") != 0 {
				t.Errorf("more than a line: %s", err)
			}
		})
	}
}

// An environment with execution-device lua@5.3a makes the script the module of a
// raw process, and its results are printed with their own types.
func TestRunRaw(t *testing.T) {
	dir := t.TempDir()
	mini, err := os.ReadFile(filepath.Join("..", "..", "engine", "rawlua", "testdata", "mini.lua"))
	if err != nil {
		t.Fatal(err)
	}
	script := write(t, dir, "mini.lua", string(mini))
	process := write(t, dir, "p.json", `{"Process":{"Id":"p","Owner":"o","Tags":[{"name":"execution-device","value":"lua@5.3a"}]}}`)
	messages := write(t, dir, "m.json", `[
	 {"Id":"p","From":"o","Owner":"o","Target":"p","Tags":[],"Data":"@script.lua"},
	 {"From":"o","Owner":"o","Tags":[{"name":"Action","value":"Eval"}],"Data":"out({device='patch@1.0', cache={half=10/2, n=9007199254740993, t={}}}) return 1e15"},
	 {"From":"o","Owner":"o","Tags":[{"name":"Action","value":"Eval"}],"Data":"return 1//0"},
	 {"From":"o","Owner":"o","Tags":[{"name":"Action","value":"Eval"}],"Data":"return #'é'"}]`)
	code, out, stderr := once(t, "run", script, "--messages", messages, "--process", process)
	want := `[
  {"ok":true,"response":{"output":{"data":"no-eval"}}},
  {"ok":true,"response":{"outbox":{"m1":{"cache":{"half":5.0,"n":9007199254740993,"t":{}},"device":"patch@1.0"}},"output":{"data":"1.0e15"}}},
`
	if code != ExitGood || !strings.HasPrefix(out, want) || !strings.Contains(out, `{"ok":false,"response":"[string \"return 1//0\"]:1: attempt to divide by zero`) || !strings.HasSuffix(out, "{\"ok\":true,\"response\":{\"output\":{\"data\":\"4\"}}}\n]\n") {
		t.Errorf("%d %s%s", code, out, stderr)
	}
	for flag, n := range map[string]string{"": "1", "--no-rollback": "2"} {
		script := write(t, dir, "n.lua", "function compute(base, req) N = (N or 0) + 1 if req.body.fail then error('x') end base.results = { output = { data = N } } return base end")
		messages := write(t, dir, "m.json", `[{"Id":"p","From":"o","Tags":[{"name":"Fail","value":"1"}]},{"From":"o"}]`)
		args := []string{"run", script, "--messages", messages, "--process", process}
		if flag != "" {
			args = append(args, flag)
		}
		if code, out, stderr := once(t, args...); code != ExitGood || !strings.Contains(out, `"data":`+n) {
			t.Errorf("%s: %d %s%s", flag, code, out, stderr)
		}
	}
}
