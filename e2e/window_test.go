package e2e

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"patchbay/engine/ao"
)

// window is Patchbay open on a copy of the example token, as a person has it
// before them, with what can be known about it from outside: its HTTP answers, its
// files, its clipboard.
type window struct {
	program string // the product when empty
	*desktop
	p    *program
	dir  string
	base string // http://127.0.0.1:PORT
	pid  string
}

var alice, bob = ao.Address("alice"), ao.Address("bob")

// openWindow opens the window and waits until it shows the example's cache.
func openWindow(t *testing.T) *window {
	t.Helper()
	w := &window{desktop: newDesktop(t, 1300, 860), dir: tokenCopy(t)}
	w.Open()
	return w
}

// Open starts the program, again after [window.Quit].
func (w *window) Open() {
	w.t.Helper()
	if w.program == "" {
		w.program = binary(w.t)
	}
	w.p = launch(w.t, w.env, keep, w.program, "--port", "0", w.dir)
	_, w.pid, _ = strings.Cut(w.p.Line("process "), " ")
	w.base = "http://" + strings.TrimPrefix(w.p.Line("listening on "), "http://")
	w.WaitWindow("Patchbay")
	w.xdo("mousemove", "640", "850") // below the window, where the pointer covers no word
	w.See("totalsupply")
}

// Close closes the window by its shortcut and wants a good end without complaints.
func (w *window) Close() {
	w.t.Helper()
	w.Key("ctrl+q")
	w.Ended()
}

// Ended waits until the program ended well and without complaints.
func (w *window) Ended() {
	w.t.Helper()
	w.wait("the program ended", func() error {
		select {
		case <-w.p.done:
			return nil
		default:
			return fmt.Errorf("it runs on")
		}
	})
	if w.p.err != nil {
		w.t.Errorf("patchbay did not end well: %v", w.p.err)
	}
	if bad := w.p.Complaint(); bad != "" {
		w.t.Errorf("the program complains (%s):\n%s", bad, w.p.Output())
	}
	if all := w.p.Remarks(); len(all) > 0 {
		w.t.Errorf("Fyne finds something wrong:\n%s", strings.Join(all, "\n"))
	}
}

// Command runs a command by the palette, as somebody who knows no shortcut does.
func (w *window) Command(name string) {
	w.t.Helper()
	w.Key("ctrl+shift+p")
	w.See("what would you like to do?")
	w.Type(strings.TrimSuffix(name, "…"))
	w.Gone("what would you like to do?")
	w.See(name)
	w.Key("Return")
}

// Now is the URL of a path below now.
func (w *window) Now(path string) string { return w.base + "/" + w.pid + "~process@1.0/now/" + path }

// Reads waits until a path below now answers with this.
func (w *window) Reads(path, want string) {
	w.t.Helper()
	w.wait(path+" is "+want, func() error { return is(w.Now(path), want) })
}

// Slot waits until this is the newest slot.
func (w *window) Slot(n int) {
	w.t.Helper()
	w.wait(fmt.Sprintf("slot %d", n), func() error { return is(w.base+"/"+w.pid+"~process@1.0/slot/current", strconv.Itoa(n)) })
}

// Push sends a message from outside, as a front end does, and waits until the
// window's foot shows its slot.
func (w *window) Push(message map[string]any) {
	w.t.Helper()
	body, err := json.Marshal(message)
	if err != nil {
		w.t.Fatal(err)
	}
	answer, err := http.Post(w.base+"/"+w.pid+"~process@1.0/push", "application/json", strings.NewReader(string(body)))
	if err != nil {
		w.t.Fatal(err)
	}
	defer answer.Body.Close()
	if text, _ := io.ReadAll(answer.Body); answer.StatusCode != http.StatusOK {
		w.t.Fatalf("push: %d %s", answer.StatusCode, text)
	}
}

func transfer(quantity string) map[string]any {
	return map[string]any{"From": alice, "Action": "Transfer", "Tags": map[string]string{"Recipient": bob, "Quantity": quantity}}
}

// Processes are the names of the processes that the program has.
func (w *window) Processes() []string {
	w.t.Helper()
	var list []struct{ Name string }
	if err := json.Unmarshal([]byte(get(w.t, w.base+"/~patchbay@1.0/processes", http.StatusOK)), &list); err != nil {
		w.t.Fatal(err)
	}
	var names []string
	for _, p := range list {
		names = append(names, p.Name)
	}
	return names
}

// HasProcesses waits until there are these processes.
func (w *window) HasProcesses(want ...string) {
	w.t.Helper()
	w.wait("the processes", func() error {
		if got := w.Processes(); strings.Join(got, " ") != strings.Join(want, " ") {
			return fmt.Errorf("there are %q, want %q", got, want)
		}
		return nil
	})
}

// Script is the text of a script in the project's folder.
func (w *window) Script(name string) string {
	w.t.Helper()
	b, err := os.ReadFile(filepath.Join(w.dir, name))
	if err != nil {
		w.t.Fatal(err)
	}
	return string(b)
}

// Copied waits until the clipboard holds a text that begins so.
func (w *window) Copied(prefix string) string {
	w.t.Helper()
	var got string
	w.wait("the clipboard", func() (err error) {
		if got, err = w.Clipboard(); err == nil && !strings.HasPrefix(got, prefix) {
			err = fmt.Errorf("it holds %q, want %q…", got, prefix)
		}
		return err
	})
	return got
}

// Bright says how light the screen is, from 0 to 255.
func (w *window) Bright() int {
	img, sum := w.Look(), 0
	for i := 0; i < len(img.Pix); i += 4 {
		sum += int(img.Pix[i+1])
	}
	return sum / (len(img.Pix) / 4)
}
