//go:build !headless

package window

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"regexp"

	"patchbay/app/cli"
)

var localDisplay = regexp.MustCompile(`^(?:unix)?:(\d+)(?:\.\d+)?$`)

// display says whether there is a display to open a window on. Fyne would end the
// program with a message that says little.
func display() error {
	const remedy = "use `patchbay serve PROJECT-DIR` for the same without a window, or `xvfb-run patchbay`"
	if name := os.Getenv("WAYLAND_DISPLAY"); name != "" {
		if !filepath.IsAbs(name) {
			name = filepath.Join(os.Getenv("XDG_RUNTIME_DIR"), name)
		}
		if answers(name) {
			return nil
		}
	}
	name := os.Getenv("DISPLAY")
	if name == "" {
		return fmt.Errorf("%w: there is no display (DISPLAY and WAYLAND_DISPLAY are not set); %s", cli.ErrNoWindow, remedy)
	}
	if m := localDisplay.FindStringSubmatch(name); m != nil {
		socket := "/tmp/.X11-unix/X" + m[1]
		if !answers(socket) && !answers("@"+socket) {
			return fmt.Errorf("%w: nothing answers at display %s; %s", cli.ErrNoWindow, name, remedy)
		}
	}
	return nil // a display elsewhere: Fyne will see
}

func answers(socket string) bool {
	c, err := net.Dial("unix", socket)
	if err != nil {
		return false
	}
	_ = c.Close()
	return true
}
