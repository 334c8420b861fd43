package cli

import (
	"encoding/json"
	"testing"

	"patchbay/engine/ao"
)

// A second program on the same project may only read: it says so, answers what the
// first one has, and refuses to write with the reason.
func TestSecondServeFollows(t *testing.T) {
	dir := example(t)
	first := begin(t, "serve", "--port", "0", dir)
	pid := first.pid("token")
	base := first.base()
	second := begin(t, "serve", "--port", "0", dir)
	second.err.line(t, "read-only: another Patchbay has it open")
	other := second.base()
	bob := ao.Address("bob")
	message, _ := json.Marshal(map[string]any{
		"From": ao.Address("alice"), "Action": "Transfer", "Tags": map[string]string{"Recipient": bob, "Quantity": "250"},
	})
	path := "/" + pid + "~process@1.0/now/cache/balances/" + bob
	if code, text, _ := fetch(t, "POST", base+"/"+pid+"~process@1.0/push", "application/json", string(message)); code != 200 {
		t.Fatalf("push: %d %s", code, text)
	}
	if _, want, _ := fetch(t, "GET", base+path, "", ""); want != "1250" {
		t.Fatalf("the first says %s", want)
	}
	// What is acknowledged is written with its result a moment later.
	for {
		if _, got, _ := fetch(t, "GET", other+path, "", ""); got == "1250" {
			break
		} else if got != "1000" {
			t.Fatalf("the second says %s", got)
		}
	}
	if code, text, _ := fetch(t, "POST", other+"/"+pid+"~process@1.0/push", "application/json", string(message)); code < 400 {
		t.Errorf("the second wrote: %d %s", code, text)
	} else {
		t.Logf("the second refuses: %d %s", code, text)
	}
	second.stop()
	if code := second.end(); code != ExitGood {
		t.Errorf("exit %d\n%s", code, second.err)
	}
	first.stop()
	first.end()
}
