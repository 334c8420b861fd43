package e2e

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"patchbay/engine/ao"
)

// TestMeasureWindow measures the real window against a bare Fyne window in the same
// run and prints what it found; `make bench-window` runs it, and PATCHBAY_MEASURE
// may name one part (start, idle, flow, memory). It asserts nothing:
// the machine decides half of it. Under Xvfb Mesa's llvmpipe paints in software,
// partly on the UI thread itself, which a machine with a graphics card does not;
// so the time of the UI thread is told in two parts, by a profile: Go (Patchbay's
// and Fyne's own work) and C (OpenGL, X11).
func TestMeasureWindow(t *testing.T) {
	if os.Getenv("PATCHBAY_MEASURE") == "" {
		t.Skip("SKIPPED: set PATCHBAY_MEASURE=1, or use `make bench-window`")
	}
	d := newDesktop(t, 1280, 800)
	dir := t.TempDir()
	m := &measure{
		desktop: d, profile: filepath.Join(dir, "cpu.pprof"),
		bare: tool(t, dir, "bare", "migrated_fynedo"), probe: tool(t, dir, "probe", "migrated_fynedo"),
	}
	m.project = tokenCopy(t)
	m.xdo("mousemove", "1200", "700") // out of the way of words
	for _, part := range []struct {
		name    string
		measure func()
	}{{"start", m.starts}, {"idle", m.idle}, {"flow", m.flow}, {"memory", m.memory}} {
		if only := os.Getenv("PATCHBAY_MEASURE"); only == part.name || only == "1" {
			part.measure()
		}
	}
}

// tool builds a command of testdata with the tags into dir.
func tool(t *testing.T, dir, name, tags string) (path string) {
	t.Helper()
	path = filepath.Join(dir, name)
	if out, err := exec.Command("go", "build", "-tags", tags, "-o", path, "./testdata/"+name).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return path
}

type measure struct {
	*desktop
	bare, probe, profile, project string
}

// open starts Patchbay with a profiler and waits for its window.
func (m *measure) open() (p *program, base, pid string) {
	p = launch(m.t, append(slices.Clone(m.env), "PATCHBAY_PROFILE="+m.profile), keep, m.probe, "--port", "0", m.project)
	_, pid, _ = strings.Cut(p.Line("process "), " ")
	base = "http://" + strings.TrimPrefix(p.Line("listening on "), "http://")
	m.WaitWindow("Patchbay")
	m.See("Cache")
	return p, base, pid
}

func keep(string) bool { return false }

// starts tells how long it takes from the start of a program to its window, and of
// Patchbay's to the panels with the example process.
func (m *measure) starts() {
	const times = 5
	took := map[string][]time.Duration{}
	for i := range 2 * times {
		name, path, args, word := "bare window", m.bare, []string(nil), "Bare"
		if i%2 == 1 {
			name, path, args, word = "Patchbay", m.probe, []string{"--port", "0", m.project}, "Cache"
		}
		m.Calm()
		empty := m.Look()
		begin := time.Now()
		p := launch(m.t, m.env, keep, path, args...)
		var frames []*image.NRGBA
		var at []time.Duration
		done := make(chan struct{})
		go func() { // the program is watched while the search for the word, which takes time, goes on
			defer close(done)
			last := empty
			for time.Since(begin) < patience && len(frames) < 400 {
				img, err := m.screen.picture()
				if err == nil && pixels(last, img) > few {
					frames, at, last = append(frames, img), append(at, time.Since(begin)), img
				}
				if len(at) > 0 && time.Since(begin)-at[len(at)-1] > 1500*time.Millisecond {
					return
				}
				time.Sleep(4 * time.Millisecond)
			}
		}()
		<-done
		ready := slices.IndexFunc(frames, func(f *image.NRGBA) bool { return len(find(f, word)) > 0 })
		if ready < 0 {
			m.Screenshot("measure-start")
			m.t.Fatalf("%s did not show %s\n%s", name, word, p.Output())
		}
		took[name+", something on the screen"] = append(took[name+", something on the screen"], at[0])
		took[name+", its words"] = append(took[name+", its words"], at[ready])
		if err := p.Quit(); err != nil && name == "Patchbay" {
			m.t.Error(err)
		}
	}
	for _, what := range []string{"bare window, something on the screen", "bare window, its words", "Patchbay, something on the screen", "Patchbay, its words"} {
		m.t.Logf("start: %-38s median %v of %v", what, median(took[what]).Round(time.Millisecond), rounded(took[what]))
	}
}

// idle tells what the windows cost when nobody does anything.
func (m *measure) idle() {
	const watch = 20 * time.Second
	bare := launch(m.t, m.env, keep, m.bare)
	m.WaitWindow("Bare")
	m.See("Bare")
	all, ui := m.cost(bare, watch)
	m.t.Logf("idle: bare window %.2f %% of a core, of it the UI thread %.2f %%", all, ui)
	_ = bare.Quit()
	p, _, _ := m.open()
	m.Calm()
	mineAll, mineUI := m.cost(p, watch)
	m.t.Logf("idle: Patchbay    %.2f %% of a core, of it the UI thread %.2f %%: %+.2f %% above the bare window", mineAll, mineUI, mineAll-all)
	_ = p.Quit()
}

// cost is how many per cent of a core a program and its UI thread take.
func (m *measure) cost(p *program, watch time.Duration) (all, ui float64) {
	m.t.Helper()
	pid := p.cmd.Process.Pid
	begin := time.Now()
	all0, ui0 := m.ran(pid)
	time.Sleep(watch)
	all1, ui1 := m.ran(pid)
	took := time.Since(begin)
	return 100 * float64(all1-all0) / float64(took), 100 * float64(ui1-ui0) / float64(took)
}

// ran is how long a program's threads ran so far, and the first of them, which is
// the one that Fyne draws on.
func (m *measure) ran(pid int) (all, first time.Duration) {
	m.t.Helper()
	threads, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", pid))
	if err != nil || len(threads) == 0 {
		m.t.Fatalf("no threads of %d: %v", pid, err)
	}
	for _, path := range threads {
		b, err := os.ReadFile(path)
		if err != nil {
			continue // it ended
		}
		ns, _ := strconv.ParseInt(strings.Fields(string(b))[0], 10, 64)
		all += time.Duration(ns)
		if strings.Contains(path, fmt.Sprintf("/task/%d/", pid)) {
			first = time.Duration(ns)
		}
	}
	return all, first
}

// flow tells what a thousand messages a second do to the window. How long a key takes
// to be a pixel is told of a bare window with an entry too, alone and beside an engine
// without a window that answers as many messages: so much of it is the machine's,
// X's and Fyne's.
func (m *measure) flow() {
	const rate = 1000 // messages a second
	bare := launch(m.t, m.env, keep, m.bare, "entry")
	m.WaitWindow("Bare")
	m.latency("input, a bare window")
	serve := launch(m.t, m.env, keep, m.probe, "serve", "--port", "0", m.project)
	_, pid, _ := strings.Cut(serve.Line("process "), " ")
	base := serve.Line("listening on ")
	ctx, stop := context.WithCancel(context.Background())
	m.send(ctx, base, pid, rate)
	time.Sleep(3 * time.Second)
	m.latency("input, a bare window beside an engine under a thousand messages a second")
	stop()
	_ = bare.Quit()
	_ = serve.Quit()

	p, base, pid := m.open()
	m.Key("ctrl+1", "ctrl+End", "Return")
	m.Type("-- zzzz")
	m.latency("input, nothing else going on")

	ctx, stop = context.WithCancel(context.Background())
	sent := m.send(ctx, base, pid, rate)
	time.Sleep(3 * time.Second)
	before := sent()
	begin := time.Now()
	_ = p.cmd.Process.Signal(syscall.SIGUSR1)
	p.Line("probe: sampling")
	all, ui := m.cost(p, 15*time.Second)
	_ = p.cmd.Process.Signal(syscall.SIGUSR1)
	answered := float64(sent()-before) / time.Since(begin).Seconds()
	p.Line("probe: written")
	whole, pure := m.onUI()
	m.t.Logf("flow: %.0f messages a second answered; Patchbay %.0f %% of a core, of it the UI thread %.1f %%: Go %.1f %%, OpenGL and X11 %.1f %%",
		answered, all, ui, ui*pure, ui*(1-pure))
	m.t.Logf("flow: the profile saw %v on the UI goroutine", whole)
	m.latency("input under a thousand messages a second")
	m.Screenshot("measure-flow")
	stop()
	_ = p.Quit()
}

// send pushes this many Transfers a second until the context ends, and tells how
// many were answered.
func (m *measure) send(ctx context.Context, base, pid string, rate int) (answered func() int) {
	const senders = 16
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: senders}}
	body := fmt.Sprintf(`{"From":%q,"Action":"Transfer","Tags":{"Recipient":%q,"Quantity":"1"}}`, ao.Address("alice"), ao.Address("bob"))
	work := make(chan struct{}, rate)
	var mu sync.Mutex
	n := 0
	for range senders {
		go func() {
			for range work {
				answer, err := client.Post(base+"/"+pid+"~process@1.0/schedule", "application/json", bytes.NewReader([]byte(body)))
				if err != nil {
					continue
				}
				_, _ = io.Copy(io.Discard, answer.Body)
				_ = answer.Body.Close()
				mu.Lock()
				if answer.StatusCode == http.StatusOK {
					n++
				}
				mu.Unlock()
			}
		}()
	}
	go func() {
		defer close(work)
		begin, given := time.Now(), 0
		for ctx.Err() == nil {
			time.Sleep(5 * time.Millisecond)
			for due := int(time.Since(begin).Seconds() * float64(rate)); given < due; given++ {
				select {
				case work <- struct{}{}:
				default: // the machine is too slow; the rate told says so
				}
			}
		}
	}()
	return func() int {
		mu.Lock()
		defer mu.Unlock()
		return n
	}
}

var accounting = regexp.MustCompile(`Showing nodes accounting for ([0-9.]+)(ms|s|mins)`)

// onUI reads in the profile how long the UI goroutine worked, and which part of it
// was Go and no call into C.
func (m *measure) onUI() (whole time.Duration, pure float64) {
	m.t.Helper()
	sum := func(args ...string) time.Duration {
		args = append([]string{"tool", "pprof", "-top", "-nodefraction=0", "-nodecount=100000", `-focus=^main\.main$`}, args...)
		out, err := exec.Command("go", append(args, m.probe, m.profile)...).CombinedOutput()
		if err != nil {
			m.t.Fatalf("go tool pprof: %v\n%s", err, out)
		}
		f := accounting.FindSubmatch(out)
		if f == nil {
			return 0
		}
		x, _ := strconv.ParseFloat(string(f[1]), 64)
		return time.Duration(x * float64(map[string]time.Duration{"ms": time.Millisecond, "s": time.Second, "mins": time.Minute}[string(f[2])]))
	}
	whole = sum()
	return whole, float64(sum(`-ignore=^runtime\.cgocall$`)) / float64(max(whole, 1))
}

// latency types into the comment at the end of the script and looks how long each
// character takes to be on the screen.
func (m *measure) latency(what string) {
	m.t.Helper()
	m.See("-- zzzz")
	keys := exec.Command("xdotool", "-")
	keys.Env = m.env
	in, err := keys.StdinPipe()
	if err != nil {
		m.t.Fatal(err)
	}
	start(m.t, keys)
	defer in.Close()
	const (
		cell = 8 // pixels of a character of the code
		many = 30
	)
	var took []time.Duration
	late := 0
	for range many {
		time.Sleep(150 * time.Millisecond)
		typed := m.See("-- zzzz")
		// The next character without its first columns, where the caret blinks.
		at := image.Rect(typed.Max.X+4, typed.Min.Y, typed.Max.X+cell, typed.Max.Y)
		before := m.screen.part(at)
		begin := time.Now()
		fmt.Fprintln(in, "key z")
		for bytes.Equal(before, m.screen.part(at)) {
			if time.Since(begin) > 2*time.Second {
				late++
				break
			}
			time.Sleep(time.Millisecond / 2)
		}
		took = append(took, time.Since(begin))
		fmt.Fprintln(in, "key BackSpace")
	}
	slices.Sort(took)
	m.t.Logf("%s: key to pixel median %v, 90th percentile %v, worst %v of %d (xdotool and X included)", what,
		took[many/2].Round(time.Millisecond), took[many*9/10].Round(time.Millisecond), took[many-1].Round(time.Millisecond), many)
	if late > 0 {
		m.t.Logf("%s: %d of them took more than two seconds", what, late)
	}
}

// memory tells how much a cache of a hundred thousand keys makes the window hold.
func (m *measure) memory() {
	bare := launch(m.t, m.env, keep, m.bare)
	m.WaitWindow("Bare")
	m.See("Bare")
	m.Calm()
	least, leastOwn := m.holds(bare)
	_ = bare.Quit()
	m.project = tokenCopy(m.t)
	p, base, pid := m.open()
	m.Calm()
	small, smallOwn := m.holds(p)
	wide := fmt.Sprintf(`{"From":%q,"Action":"Eval","Data":%q}`, ao.Address("owner"),
		"Wide = {} for i = 1, 100000 do Wide['key' .. i] = i end Send({ device = 'patch@1.0', cache = { wide = Wide } })")
	answer, err := http.Post(base+"/"+pid+"~process@1.0/push", "application/json", strings.NewReader(wide))
	if err != nil {
		m.t.Fatal(err)
	}
	_ = answer.Body.Close()
	eventually(m.t, "a hundred thousand keys", func() error { return is(base+"/"+pid+"~process@1.0/now/cache/wide/key100000", "100000") })
	m.See("100,000 keys")
	m.Calm()
	at, atOwn := m.holds(p)
	time.Sleep(10 * time.Second)
	later, laterOwn := m.holds(p)
	const mb = 1 << 20
	m.t.Logf("memory: bare window %d MB (%d of its own); Patchbay with the example %d (%d); with a hundred thousand keys more %d (%d), ten seconds later %d (%d): %d MB (%d) above the bare window",
		least/mb, leastOwn/mb, small/mb, smallOwn/mb, at/mb, atOwn/mb, later/mb, laterOwn/mb, (later-least)/mb, (laterOwn-leastOwn)/mb)
	m.Screenshot("measure-memory")
	_ = p.Quit()
}

func (m *measure) holds(p *program) (all, own int) {
	m.t.Helper()
	all, own, err := resident(p.cmd.Process.Pid)
	if err != nil {
		m.t.Fatal(err)
	}
	return all, own
}

func median(of []time.Duration) time.Duration {
	return slices.Sorted(slices.Values(of))[len(of)/2]
}

func rounded(of []time.Duration) []time.Duration {
	var all []time.Duration
	for _, x := range of {
		all = append(all, x.Round(time.Millisecond))
	}
	return all
}
