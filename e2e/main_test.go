// Package e2e tests the real program: a real window under Xvfb, driven by real
// keys and mouse, and a real browser that reads from it.
package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
)

var build struct {
	once sync.Once
	dir  string
	path string
	err  error
}

func TestMain(m *testing.M) {
	code := m.Run()
	if build.dir != "" {
		_ = os.RemoveAll(build.dir)
	}
	os.Exit(code)
}

// binary builds patchbay once for all tests. It is built without the tag of the
// release build, so that Fyne checks its threading rules while it runs.
func binary(t *testing.T) string {
	t.Helper()
	build.once.Do(func() {
		build.dir, build.err = os.MkdirTemp("", "patchbay-e2e-")
		if build.err != nil {
			return
		}
		build.path = filepath.Join(build.dir, "patchbay")
		out, err := exec.Command("go", "build", "-o", build.path, "patchbay").CombinedOutput()
		if err != nil {
			build.err = fmt.Errorf("%w\n%s", err, out)
		}
	})
	if build.err != nil {
		t.Fatalf("build: %v", build.err)
	}
	return build.path
}
