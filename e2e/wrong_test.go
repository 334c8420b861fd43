package e2e

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"patchbay/engine/ao"
)

// TestWrongScriptInTheWindow types a syntax error and runs it: the state that runs
// stays, the text that was typed stays, and a crash loses neither.
func TestWrongScriptInTheWindow(t *testing.T) {
	d := newDesktop(t, 1300, 860)
	dir := tokenCopy(t)
	p := run(t, d.env, "--port", "0", dir)
	_, pid, _ := strings.Cut(p.Line("process "), " ")
	base := "http://" + strings.TrimPrefix(p.Line("listening on "), "http://")
	alice := base + "/" + pid + "~process@1.0/now/cache/balances/" + ao.Address("alice")
	d.WaitWindow("Patchbay")
	d.Calm()
	before := d.Look()
	d.Screenshot("wrong-1-started")

	d.Click(400, 300)
	d.Calm()
	d.Key("ctrl+End")
	d.Type("Balances = = nil")
	d.Calm()
	d.Key("ctrl+r")
	eventually(t, "the error is scheduled as a slot", func() error { return is(base+"/"+pid+"~process@1.0/slot/current", "1") })
	d.Calm()
	d.Screenshot("wrong-2-run")
	if err := differ(before, d.Look()); err != nil {
		t.Error(err)
	}
	if got := get(t, alice, http.StatusOK); got != "1000000" {
		t.Errorf("after a syntax error alice has %q", got)
	}

	// Kill it; the journal has the slot, and what was typed is in the file or its draft.
	_ = p.cmd.Process.Kill()
	<-p.done
	kept := false
	_ = filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err == nil && !e.IsDir() && !strings.Contains(path, "journal.db") {
			text, _ := os.ReadFile(path)
			kept = kept || strings.Contains(string(text), "Balances = = nil")
		}
		return nil
	})
	if !kept {
		t.Error("the typed line is neither in the script nor in a draft")
	}
	again := run(t, os.Environ(), "serve", "--port", "0", dir)
	base = "http://" + strings.TrimPrefix(again.Line("listening on "), "http://")
	eventually(t, "the slots are back", func() error { return is(base+"/"+pid+"~process@1.0/slot/current", "1") })
}
