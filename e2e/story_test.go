package e2e

import (
	"errors"
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"io"
	"net/http"
	"os"
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
	before := d.Screenshot("1-started")

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
	d.Calm()
	d.Click(200, 599)
	d.Type("bob")
	d.Click(200, 630)
	d.Type("250")
	d.Calm()
	d.Screenshot("4-filled")
	d.Key("ctrl+Return")
	eventually(t, "bob has 250 more", func() error { return is(cache+"/balances/"+bob, "1250") })
	eventually(t, "alice has 250 less", func() error { return is(cache+"/balances/"+alice, "999750") })

	// The window shows it: the changed keys flash.
	eventually(t, "the window changed", func() error {
		after := d.Screenshot("5-sent")
		return differ(before, after)
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
	if strings.Contains(p.Output(), "Error in Fyne call thread") || strings.Contains(p.Output(), "DATA RACE") {
		t.Fatalf("Fyne's thread checks complain:\n%s", p.Output())
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

func picture(path string) (*image.NRGBA, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	img, err := png.Decode(f)
	if err != nil {
		return nil, err
	}
	flat := image.NewNRGBA(img.Bounds())
	draw.Draw(flat, flat.Rect, img, img.Bounds().Min, draw.Src)
	return flat, nil
}

// differ wants two screenshots to differ in at least a few hundred pixels.
func differ(a, b string) error {
	changed, err := pixels(a, b)
	if err == nil && changed < few {
		err = fmt.Errorf("only %d pixels of %s and %s differ", changed, a, b)
	}
	return err
}

// few is how many pixels a blinking caret may have, and more.
const few = 300

// pixels counts the pixels in which two screenshots differ.
func pixels(a, b string) (int, error) {
	x, err := picture(a)
	if err != nil {
		return 0, err
	}
	y, err := picture(b)
	if err != nil {
		return 0, err
	}
	if x.Bounds() != y.Bounds() {
		return x.Bounds().Dx() * x.Bounds().Dy(), nil
	}
	changed := 0
	for i := 0; i+4 <= len(x.Pix); i += 4 {
		if [4]byte(x.Pix[i:i+4]) != [4]byte(y.Pix[i:i+4]) {
			changed++
		}
	}
	return changed, nil
}

// Calm waits until the window has drawn what it was asked for: two pictures in a
// row show the same.
func (d *desktop) Calm() {
	d.t.Helper()
	last := d.Screenshot("calm-0")
	n := 0
	eventually(d.t, "a calm window", func() error {
		n++
		next := d.Screenshot(fmt.Sprintf("calm-%d", n%2))
		if next == last {
			return errors.New("…")
		}
		changed, err := pixels(last, next)
		last = next
		if err == nil && changed >= few {
			err = fmt.Errorf("%d pixels still change", changed)
		}
		return err
	})
}
