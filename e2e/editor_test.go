package e2e

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Drag presses the left button at the first place and lets go at the second, moving in steps as a hand does.
func (d *desktop) Drag(x0, y0, x1, y1 int) {
	d.t.Helper()
	args := []string{"mousemove", fmt.Sprint(x0), fmt.Sprint(y0), "sleep", "0.3", "mousedown", "1", "sleep", "0.1"}
	for i := 1; i <= 6; i++ {
		args = append(args, "mousemove", fmt.Sprint(x0+(x1-x0)*i/6), fmt.Sprint(y0+(y1-y0)*i/6), "sleep", "0.05")
	}
	d.xdo(append(args, "sleep", "0.1", "mouseup", "1", "sleep", "0.1")...)
}

// DoubleClick clicks twice at once.
func (d *desktop) DoubleClick(x, y int) {
	d.t.Helper()
	d.xdo("mousemove", fmt.Sprint(x), fmt.Sprint(y), "sleep", "0.3", "mousedown", "1", "sleep", "0.06", "mouseup", "1",
		"sleep", "0.06", "mousedown", "1", "sleep", "0.06", "mouseup", "1", "sleep", "0.1")
}

// copied copies what is selected and waits for a text on the clipboard that ok accepts.
func (d *desktop) copied(what string, ok func(string) error) string {
	d.t.Helper()
	var got string
	eventually(d.t, what, func() error {
		d.Key("ctrl+c")
		s, err := d.Clipboard()
		if err != nil {
			return err
		}
		got = s
		return ok(s)
	})
	return got
}

// TestEditorWithRealKeysAndMouse edits, selects, copies, searches and saves in the real window, and changes the file under it.
func TestEditorWithRealKeysAndMouse(t *testing.T) {
	d := newDesktop(t, 1300, 860)
	dir := tokenCopy(t)
	script := filepath.Join(dir, "token.lua")
	before, err := os.ReadFile(script)
	if err != nil {
		t.Fatal(err)
	}
	p := run(t, d.env, "--port", "0", dir)
	p.Line("listening on ")
	d.WaitWindow("Patchbay")
	d.Calm()
	holds := func(want string) func() error {
		return func() error {
			b, err := os.ReadFile(script)
			if err == nil && string(b) != want {
				err = fmt.Errorf("the script ends with %q", b[max(0, len(b)-200):])
			}
			return err
		}
	}

	// The mouse: a drag over several lines, a double click on a word.
	d.Click(400, 300)
	d.Key("ctrl+Home")
	d.Calm()
	d.Drag(150, 300, 420, 360)
	lines := d.copied("a drag selects lines", func(s string) error {
		if strings.Count(s, "\n") < 2 || !strings.Contains(string(before), s) {
			return fmt.Errorf("copied %q", s)
		}
		return nil
	})
	d.Screenshot("editor-1-dragged")
	d.DoubleClick(200, 300)
	word := regexp.MustCompile(`^\w+$`)
	d.copied("a double click selects a word", func(s string) error {
		if !word.MatchString(s) || s == lines {
			return fmt.Errorf("copied %q", s)
		}
		return nil
	})

	// Keys: cut, undo, type with indentation and pairs, save.
	d.Key("ctrl+x", "ctrl+z", "ctrl+End")
	d.Calm()
	for _, line := range []string{"function added(x)", "if x then", "return { [1] = \"one\" }", "end", "end"} {
		d.Type(line)
		d.Key("Return")
	}
	d.Calm()
	d.Screenshot("editor-2-typed")
	d.Key("ctrl+s")
	typed := string(before) + "function added(x)\n  if x then\n    return { [1] = \"one\" }\n  end\nend\n"
	eventually(t, "the text typed is in the file", holds(typed))

	// Find and replace what is found by typing over it.
	d.Key("ctrl+f")
	d.Calm()
	d.Type("added")
	d.Calm()
	d.Screenshot("editor-3-found")
	d.Key("Escape")
	d.Type("renamed")
	d.Key("ctrl+s")
	typed = strings.Replace(typed, "added", "renamed", 1)
	eventually(t, "the match was replaced", holds(typed))

	// Somebody else changes the file: it is read again, and what is typed then goes on top of it.
	typed += "-- from outside\n"
	if err := os.WriteFile(script, []byte(typed), 0o600); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the change from outside is shown", func() error {
		d.Key("ctrl+a", "ctrl+c")
		s, err := d.Clipboard()
		if err == nil && s != typed {
			err = errors.New("the window still shows the old text")
		}
		return err
	})
	d.Key("ctrl+End")
	d.Type("print(1) -- and from here")
	d.Key("ctrl+s")
	eventually(t, "both changes are in the file", holds(typed+"print(1) -- and from here"))
	d.Screenshot("editor-4-reloaded")

	if err := p.Quit(); err != nil {
		t.Errorf("patchbay did not end well: %v", err)
	}
	if bad := p.Complaint(); bad != "" {
		t.Errorf("the program complains: %s\n%s", bad, p.Output())
	}
}
