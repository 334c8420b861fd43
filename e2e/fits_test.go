package e2e

import (
	"fmt"
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
