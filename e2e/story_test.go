package e2e

import (
	"fmt"
	"image"
	"io"
	"net/http"
	"strings"
	"testing"

	"patchbay/engine/ao"
)

// TestMainJob is what a newcomer does in the first minute: start Patchbay, change
// the script, run it, send a Transfer, and read the new balance over HTTP.
func TestMainJob(t *testing.T) {
	d := newDesktop(t, 1300, 860)
	p := run(t, d.env)
	_, pid, _ := strings.Cut(p.Line("process "), " ")
	base := "http://" + strings.TrimPrefix(p.Line("listening on "), "http://")
	cache := base + "/" + pid + "~process@1.0/now/cache"
	d.WaitWindow("Patchbay")

	alice, bob := ao.Address("alice"), ao.Address("bob")
	if got := get(t, cache+"/balances/"+alice, http.StatusOK); got != "1000000" {
		t.Fatalf("alice starts with %q", got)
	}
	get(t, cache+"/greeting", http.StatusNotFound)
	d.Calm()
	before := d.Look()
	d.Screenshot("1-started")

	// Change the script with the keyboard, at its end, and run it.
	d.Click(400, 300)
	d.Calm()
	d.Key("ctrl+End")
	d.Calm()
	d.Type("Send({ device = 'patch@1.0', cache = { greeting = 'typed by hand' } })")
	d.Calm()
	d.Screenshot("2-typed")
	d.Key("ctrl+r")
	eventually(t, "the typed line ran", func() error { return is(cache+"/greeting", "typed by hand") })
	d.Screenshot("3-run")

	// Send a Transfer as alice, who is the first account.
	d.Key("ctrl+3")
	d.Calm()
	d.Type("Transfer")
	d.ClickOn("e.g. bob")
	d.Type("bob")
	d.Key("Tab")
	d.Type("250")
	d.Calm()
	d.Screenshot("4-filled")
	d.Key("ctrl+Return")
	eventually(t, "bob has 250 more", func() error { return is(cache+"/balances/"+bob, "1250") })
	eventually(t, "alice has 250 less", func() error { return is(cache+"/balances/"+alice, "999750") })

	// The window shows it: the changed keys flash.
	eventually(t, "the window changed", func() error {
		d.Screenshot("5-sent")
		return differ(before, d.Look())
	})

	// The URL of the selected key is one shortcut away.
	d.Key("ctrl+2")
	d.Calm()
	d.Key("Down", "Down", "Down", "ctrl+shift+c")
	eventually(t, "a URL on the clipboard", func() error {
		url, err := d.Clipboard()
		if err != nil {
			return err
		}
		if !strings.HasPrefix(url, cache) {
			return fmt.Errorf("the clipboard holds %q", url)
		}
		answer, err := http.Get(url)
		if err != nil {
			return err
		}
		return answer.Body.Close()
	})
	d.Screenshot("6-copied")

	// What was typed is not lost by closing the window.
	if err := p.Quit(); err != nil {
		t.Fatalf("patchbay did not end well: %v\n%s", err, p.Output())
	}
	if bad := p.Complaint(); bad != "" {
		t.Fatalf("the program complains: %s\n%s", bad, p.Output())
	}
}

// is wants this body at a URL.
func is(url, want string) error {
	answer, err := http.Get(url)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		return err
	}
	if answer.StatusCode != http.StatusOK || string(body) != want {
		return fmt.Errorf("GET %s: %d %q, want %q", url, answer.StatusCode, body, want)
	}
	return nil
}

// differ wants two pictures to differ in at least a few hundred pixels.
func differ(a, b *image.NRGBA) error {
	if changed := pixels(a, b); changed < few {
		return fmt.Errorf("only %d pixels differ", changed)
	}
	return nil
}

// few is how many pixels a blinking caret may have, and more.
const few = 300

// pixels counts the pixels in which two pictures differ.
func pixels(a, b *image.NRGBA) int {
	if a.Bounds() != b.Bounds() {
		return a.Bounds().Dx() * a.Bounds().Dy()
	}
	changed := 0
	for i := 0; i+4 <= len(a.Pix); i += 4 {
		if [4]byte(a.Pix[i:i+4]) != [4]byte(b.Pix[i:i+4]) {
			changed++
		}
	}
	return changed
}

// Calm waits until the window has drawn what it was asked for: it shows the same
// for some looks in a row.
func (d *desktop) Calm() {
	d.t.Helper()
	last, same := d.Look(), 0
	eventually(d.t, "a calm window", func() error {
		next := d.Look()
		changed := pixels(last, next)
		last = next
		if same++; changed >= few {
			same = 0
		}
		if same < 7 {
			return fmt.Errorf("it still changes: %d pixels at the last look", changed)
		}
		return nil
	})
}
