package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// On a screen with twice as many pixels the window's first size would need more than
// there are.
func TestTheFirstWindowFitsTheScreen(t *testing.T) {
	const width, height = 1920, 1080
	w := &window{desktop: newDesktop(t, width, height), dir: tokenCopy(t)}
	w.env = append(w.env, "FYNE_SCALE=2")
	w.p = run(w.t, w.env, "--port", "0", w.dir)
	w.p.Line("listening on ")
	id := w.WaitWindow("Patchbay")
	w.wait("the window fits", func() error {
		var x, y int
		out := w.xdo("getwindowgeometry", "--shell", id)
		if _, err := fmt.Sscanf(out, "WINDOW="+id+"\nX=%d\nY=%d\nWIDTH=%d\nHEIGHT=%d", new(int), new(int), &x, &y); err != nil {
			return fmt.Errorf("%w: %s", err, out)
		}
		if x > width || y > height || x < width*3/4 || y < height*3/4 {
			return fmt.Errorf("it is %d × %d", x, y)
		}
		return nil
	})
	w.Close()
}

// A desktop that gives windows their sizes has the whole window drawn where it is
// clicked, also when it is opened again with a size of before.
func TestTheDesktopGivesTheSize(t *testing.T) {
	w := &window{desktop: newDesktop(t, 1280, 800), dir: tokenCopy(t)}
	rc := filepath.Join(w.home, ".config", "openbox", "rc.xml")
	err := os.MkdirAll(filepath.Dir(rc), 0o700)
	if err == nil {
		err = os.WriteFile(rc, []byte(`<?xml version="1.0"?>
<openbox_config xmlns="http://openbox.org/3.4/rc"><applications>
<application class="*"><decor>no</decor><maximized>yes</maximized></application>
</applications></openbox_config>`), 0o600)
	}
	if err == nil {
		err = w.tool("openbox", "--reconfigure").Run()
	}
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		w.Open()
		if at := w.See("File"); at.Min.Y > 20 {
			t.Errorf("the menu begins %d pixels below the top of the screen", at.Min.Y)
		}
		w.ClickOn("Help")
		w.See("About")
		w.Key("Escape")
		w.Close()
	}
}
