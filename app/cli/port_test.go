package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"patchbay/engine/ao"
	"patchbay/engine/project"
)

// A project that was exported and imported elsewhere is the same: its files, its
// processes under their ids, what they answer; and it is exported to the same bytes,
// also while a Patchbay has it open.
func TestExportAndImport(t *testing.T) {
	dir := example(t)
	c := begin(t, "serve", "--port", "0", dir)
	pid, base := c.pid("token"), c.base()
	message, _ := json.Marshal(map[string]any{
		"From": ao.Address("alice"), "Action": "Transfer", "Tags": map[string]string{"Recipient": ao.Address("bob"), "Quantity": "250"},
	})
	if code, text, _ := fetch(t, "POST", base+"/"+pid+"~process@1.0/push", "application/json", string(message)); code != 200 {
		t.Fatalf("push: %d %s", code, text)
	}
	const path = "~process@1.0/now/cache/balances?bundle=true"
	_, want, _ := fetch(t, "GET", base+"/"+pid+path, "", "")

	// The results are written a moment after the answer; an export of a project that
	// somebody has open holds what is written.
	code, _, said := once(t, "export", dir, "--output", filepath.Join(t.TempDir(), "running"))
	if code != ExitGood {
		t.Fatalf("beside a running one: exit %d: %s", code, said)
	}
	c.stop()
	c.end()
	code, first, said := once(t, "export", dir)
	if code != ExitGood || !strings.HasPrefix(first, `{"patchbay":2}`+"\n"+`{"file":{"path":"patchbay.toml"`) {
		t.Fatalf("exit %d: %s\n%.200s", code, said, first)
	}
	file := write(t, t.TempDir(), "token.jsonl", first)

	to := filepath.Join(t.TempDir(), "new")
	code, out, said := once(t, "import", file, to)
	if code != ExitGood || !strings.Contains(out, "process token "+pid+": 2 slots") {
		t.Fatalf("exit %d: %s%s", code, out, said)
	}
	for _, f := range []string{"patchbay.toml", "token.lua"} {
		a, errA := os.ReadFile(filepath.Join(dir, f))
		b, errB := os.ReadFile(filepath.Join(to, f))
		if errA != nil || errB != nil || string(a) != string(b) {
			t.Errorf("%s: %v, %v", f, errA, errB)
		}
	}
	if code, second, said := once(t, "export", to); code != ExitGood || second != first {
		t.Errorf("exported again: exit %d: %s\n%s\nwas\n%s", code, said, second, first)
	}
	again := begin(t, "serve", "--port", "0", to)
	if got := again.pid("token"); got != pid {
		t.Errorf("the id is %s, was %s", got, pid)
	}
	if _, got, _ := fetch(t, "GET", again.base()+"/"+pid+path, "", ""); got != want {
		t.Errorf("answers %s, was %s", got, want)
	}
	again.stop()
	again.end()
	if code, out, said := once(t, "serve", "--verify", to); code != ExitGood || !strings.Contains(out, "2 slots verified") {
		t.Errorf("verify: exit %d: %s%s", code, out, said)
	}
	// Nothing that is there is replaced.
	if code, _, said := once(t, "import", file, to); code != ExitUsage || !strings.Contains(said, "taken") {
		t.Errorf("into the same again: exit %d: %s", code, said)
	}
	other := t.TempDir()
	write(t, other, project.File, "name = \"other\"\n")
	if code, _, said := once(t, "import", file, other); code != ExitUsage || !strings.Contains(said, "patchbay.toml") {
		t.Errorf("over another project: exit %d: %s", code, said)
	}
	if _, err := os.Stat(filepath.Join(other, project.Hidden)); err == nil {
		t.Error("a refused import left a journal")
	}
}

func TestImportRefuses(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"not an export": {"hello", "line 1"},
		"newer":         {`{"patchbay":99}`, "newer"},
		"outside":       {`{"patchbay":2}` + "\n" + `{"file":{"path":"../x.lua","text":""}}`, "leads out"},
		"absolute":      {`{"patchbay":2}` + "\n" + `{"file":{"path":"/tmp/x.lua","text":""}}`, "leads out"},
		"hidden":        {`{"patchbay":2}` + "\n" + `{"file":{"path":".git/hooks/x","text":""}}`, "hidden"},
		"hidden too":    {`{"patchbay":2}` + "\n" + `{"file":{"path":"a/../.patchbay/x","text":""}}`, "hidden"},
		"twice":         {`{"patchbay":2}` + "\n" + `{"file":{"path":"a","text":""}}` + "\n" + `{"file":{"path":"./a","text":""}}`, "twice"},
	} {
		dir := filepath.Join(t.TempDir(), "new")
		if code, _, said := once(t, "import", write(t, t.TempDir(), "f", c.text), dir); code != ExitUsage || !strings.Contains(said, c.want) {
			t.Errorf("%s: exit %d: %s", name, code, said)
		}
		if _, err := os.Stat(dir); err == nil {
			t.Errorf("%s: something was made", name)
		}
	}
	if code, _, said := once(t, "import", filepath.Join(t.TempDir(), "none"), t.TempDir()); code != ExitUsage {
		t.Errorf("exit %d: %s", code, said)
	}
	if code, _, said := once(t, "export", example(t)); code != ExitUsage || !strings.Contains(said, "no journal yet") {
		t.Errorf("exit %d: %s", code, said)
	}
	if code, _, said := once(t, "export"); code != ExitUsage {
		t.Errorf("exit %d: %s", code, said)
	}
}
