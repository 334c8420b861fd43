//go:build unix

package journal

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
)

// readOnlyHelper names the folder that the test binary looks at as another user.
const readOnlyHelper = "PATCHBAY_TEST_READONLY"

// runHelper runs this test binary as the helper when it is asked to.
func runHelper() bool {
	dir := os.Getenv(readOnlyHelper)
	if dir == "" {
		return false
	}
	tell := func(name string) {
		j, err := Open(context.Background(), filepath.Join(dir, name), Options{})
		switch {
		case errors.Is(err, ErrUnwritable):
			fmt.Println(name, "unwritable")
		case err != nil:
			fmt.Println(name, err)
		default:
			_, ro := j.ReadOnly()
			l, err := j.Processes(context.Background())
			fmt.Println(name, "read-only", ro, len(l), err)
			j.Close()
		}
	}
	tell("j.db")
	tell("new.db")
	return true
}

// In a folder that cannot be written an existing journal is read, and a new one
// is refused with the remedy.
func TestReadOnlyFolder(t *testing.T) {
	dir, err := os.MkdirTemp("", "patchbay-ro-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Chmod(dir, 0o755); os.RemoveAll(dir) })
	j := open(t, filepath.Join(dir, "j.db"), Options{})
	addProcess(t, j, "one")
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	binary := copyOfTest(t)
	for _, f := range []string{"j.db", "j.db.lock"} {
		if err := os.Chmod(filepath.Join(dir, f), 0o444); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(dir, 0o555); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(binary)
	cmd.Dir = "/"
	cmd.Env = append(os.Environ(), readOnlyHelper+"="+dir)
	if os.Geteuid() == 0 { // permissions do not bind root
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	}
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if want := "j.db read-only true 1 <nil>\nnew.db unwritable\n"; string(out) != want {
		t.Errorf("got\n%swant\n%s", out, want)
	}
}

// copyOfTest copies the test binary to where another user may run it.
func copyOfTest(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "patchbay-test-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	in, err := os.Open(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	path := filepath.Join(dir, "test")
	out, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE, 0o755)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(out, in); err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}
