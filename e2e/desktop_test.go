package e2e

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// patience bounds every wait for something outside this process. It is not a
// claim about speed: software rendering on a busy machine is slow.
const patience = 60 * time.Second

// eventually asks until the answer is nil, or fails the test with the last one.
func eventually(t *testing.T, what string, ask func() error) {
	t.Helper()
	if err := within(ask); err != nil {
		t.Fatalf("%s: %v", what, err)
	}
}

// within asks until the answer is nil or patience ends, and returns the last one.
func within(ask func() error) error {
	deadline := time.NewTimer(patience)
	defer deadline.Stop()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		err := ask()
		if err == nil {
			return nil
		}
		select {
		case <-tick.C:
		case <-deadline.C:
			return err
		}
	}
}

// desktop is a virtual screen with a window manager, and nothing of the user's.
type desktop struct {
	t      *testing.T
	env    []string
	home   string
	screen *screen
}

// newDesktop starts Xvfb and openbox, or skips the test aloud when they are missing.
func newDesktop(t *testing.T, width, height int) *desktop {
	t.Helper()
	for _, tool := range []string{"Xvfb", "xdotool", "openbox", "xclip"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("SKIPPED: %s is not installed (make deps installs it)", tool)
		}
	}
	home := t.TempDir()
	runtime := filepath.Join(home, "run")
	if err := os.Mkdir(runtime, 0o700); err != nil {
		t.Fatal(err)
	}

	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer read.Close()
	server := exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", fmt.Sprintf("%dx%dx24", width, height), "-fbdir", runtime, "-nolisten", "tcp")
	server.ExtraFiles = []*os.File{write}
	start(t, server)
	write.Close()
	number, err := bufio.NewReader(read).ReadString('\n')
	if err != nil {
		t.Fatalf("Xvfb did not start: %v", err)
	}

	screen, err := openScreen(runtime)
	if err != nil {
		t.Fatalf("the screen of Xvfb: %v", err)
	}
	d := &desktop{t: t, home: home, screen: screen}
	for _, kv := range os.Environ() {
		if !strings.HasPrefix(kv, "HOME=") && !strings.HasPrefix(kv, "XDG_") && !strings.HasPrefix(kv, "WAYLAND_") && !strings.HasPrefix(kv, "LANG") {
			d.env = append(d.env, kv)
		}
	}
	d.env = append(
		d.env,
		"DISPLAY=:"+strings.TrimSpace(number),
		"HOME="+home, "XDG_RUNTIME_DIR="+runtime,
		"LANG=en_US.UTF-8", "LIBGL_ALWAYS_SOFTWARE=1", "GDK_BACKEND=x11",
	)
	// A window manager that meets a server which is not quite ready gives up, and is
	// started again.
	var ended <-chan struct{}
	eventually(t, "window manager", func() error {
		select {
		case <-ended:
			ended = nil
		default:
		}
		if ended == nil {
			wm := exec.Command("openbox")
			wm.Env = d.env
			ended = start(t, wm)
		}
		return d.tool("xdotool", "get_desktop").Run()
	})
	return d
}

// start runs a command until the test ends, and tells when it ends by itself. It is
// asked to end first, so that a server takes its lock and its socket with it.
func start(t *testing.T, cmd *exec.Cmd) (ended <-chan struct{}) {
	t.Helper()
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		t.Fatalf("%s: %v", cmd.Path, err)
	}
	done := make(chan struct{})
	go func() {
		_ = cmd.Wait()
		close(done)
	}()
	t.Cleanup(func() {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM)
		select {
		case <-done:
		case <-time.After(5 * time.Second):
			_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
			<-done
		}
	})
	return done
}

func (d *desktop) tool(name string, args ...string) *exec.Cmd {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	d.t.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = d.env
	return cmd
}

// xdo runs xdotool and returns what it printed.
func (d *desktop) xdo(args ...string) string {
	d.t.Helper()
	out, err := d.tool("xdotool", args...).CombinedOutput()
	if err != nil {
		d.t.Fatalf("xdotool %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return strings.TrimSpace(string(out))
}

// Key presses keys by their X names, such as "ctrl+r".
func (d *desktop) Key(keys ...string) {
	d.t.Helper()
	d.xdo(append([]string{"key", "--delay", "40"}, keys...)...)
}

// Type types text as a person would.
func (d *desktop) Type(text string) {
	d.t.Helper()
	d.xdo("type", "--delay", "25", "--", text)
}

// Click moves there, presses and releases the left button with gaps: Fyne takes the
// pointer's place over once a frame, so a press in the frame of the move would
// be one at the place before, and a click without a gap can fall between two polls.
func (d *desktop) Click(x, y int) {
	d.t.Helper()
	d.xdo("mousemove", fmt.Sprint(x), fmt.Sprint(y), "sleep", "0.3", "mousedown", "1", "sleep", "0.1", "mouseup", "1", "sleep", "0.1")
}

// WaitWindow waits for a window with this in its title to be on the screen, moves
// it to the corner, so that places in it are places on the screen, gives it the
// keyboard and returns its id.
func (d *desktop) WaitWindow(title string) string {
	d.t.Helper()
	var id string
	eventually(d.t, "window "+title, func() error {
		out, err := d.tool("xdotool", "search", "--onlyvisible", "--name", title).Output()
		if err != nil {
			return fmt.Errorf("no such window yet: %w", err)
		}
		id = strings.Fields(string(out))[0]
		return nil
	})
	d.xdo("windowactivate", "--sync", id)
	d.xdo("windowmove", id, "0", "0")
	return id
}

// Screenshot saves the whole screen as a test artefact.
func (d *desktop) Screenshot(name string) string {
	d.t.Helper()
	dir, err := filepath.Abs("artifacts")
	if err != nil {
		d.t.Fatal(err)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		d.t.Fatal(err)
	}
	path := filepath.Join(dir, name+".png")
	f, err := os.Create(path)
	if err != nil {
		d.t.Fatal(err)
	}
	if err := errors.Join((&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(f, d.Look()), f.Close()); err != nil {
		d.t.Fatalf("screenshot: %v", err)
	}
	return path
}

// Look is what is on the screen now.
func (d *desktop) Look() *image.NRGBA {
	d.t.Helper()
	img, err := d.screen.picture()
	if err != nil {
		d.t.Fatalf("the screen: %v", err)
	}
	return img
}

// Clipboard returns the text on the clipboard.
func (d *desktop) Clipboard() (string, error) {
	out, err := d.tool("xclip", "-selection", "clipboard", "-o").Output()
	return string(out), err
}

// program is a running patchbay.
type program struct {
	t    *testing.T
	cmd  *exec.Cmd
	mu   sync.Mutex
	out  []string
	done chan struct{}
	err  error
}

// run starts the binary under test; it is killed when the test ends.
func run(t *testing.T, env []string, args ...string) *program {
	t.Helper()
	return runFiltered(t, env, func(string) bool { return false }, args...)
}

// runFiltered is run without the lines of output that taken takes.
func runFiltered(t *testing.T, env []string, taken func(line string) bool, args ...string) *program {
	t.Helper()
	return launch(t, env, taken, binary(t), args...)
}

// launch starts a program; it is killed when the test ends.
func launch(t *testing.T, env []string, taken func(line string) bool, path string, args ...string) *program {
	t.Helper()
	p := &program{t: t, cmd: exec.Command(path, args...), done: make(chan struct{})}
	p.cmd.Env = env
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	read, write := io.Pipe()
	p.cmd.Stdout, p.cmd.Stderr = write, write
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var lines sync.WaitGroup
	lines.Go(func() {
		scan := bufio.NewScanner(read)
		scan.Buffer(nil, 1<<20)
		for scan.Scan() {
			if taken(scan.Text()) {
				continue
			}
			p.mu.Lock()
			p.out = append(p.out, scan.Text())
			p.mu.Unlock()
		}
	})
	go func() {
		p.err = p.cmd.Wait()
		write.Close()
		lines.Wait()
		close(p.done)
	}()
	t.Cleanup(func() {
		_ = syscall.Kill(-p.cmd.Process.Pid, syscall.SIGKILL)
		<-p.done
		if t.Failed() {
			t.Logf("output of patchbay %s:\n%s", strings.Join(args, " "), p.Output())
		}
	})
	return p
}

// Output is everything that the program has printed.
func (p *program) Output() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return strings.Join(p.out, "\n")
}

var (
	complaint = regexp.MustCompile(`Error in Fyne call thread|DATA RACE|^panic|^fatal error|^goroutine \d+ \[|^SIG[A-Z]+:`)
	remark    = regexp.MustCompile(`Fyne error`)
	// Without a session bus Fyne cannot follow the desktop's choice of dark and light.
	excused = regexp.MustCompile(`failed to watch theme settings`)
)

// Complaint is the first line in which the Go runtime or Fyne says that the program
// did something wrong: a crash, a race, a widget touched from another goroutine.
func (p *program) Complaint() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, l := range p.out {
		if complaint.MatchString(l) {
			return l
		}
	}
	return ""
}

// Remarks are the other lines in which Fyne finds something wrong.
func (p *program) Remarks() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var all []string
	for _, l := range p.out {
		if remark.MatchString(l) && !excused.MatchString(l) {
			all = append(all, l)
		}
	}
	return all
}

// Line waits for a line that begins with prefix and returns the rest of it.
func (p *program) Line(prefix string) string {
	p.t.Helper()
	var rest string
	eventually(p.t, "a line «"+prefix+"…»", func() error {
		p.mu.Lock()
		defer p.mu.Unlock()
		for _, l := range p.out {
			if r, ok := strings.CutPrefix(l, prefix); ok {
				rest = r
				return nil
			}
		}
		select {
		case <-p.done:
			return fmt.Errorf("the program ended (%v) after:\n%s", p.err, strings.Join(p.out, "\n"))
		default:
			return errors.New("not printed yet")
		}
	})
	return rest
}

// Quit asks the program to end and waits for it.
func (p *program) Quit() error {
	_ = p.cmd.Process.Signal(os.Interrupt)
	select {
	case <-p.done:
		return p.err
	case <-time.After(patience):
		return errors.New("patchbay did not end on an interrupt")
	}
}
