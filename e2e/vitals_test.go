package e2e

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// vitals is what the Go runtime of a program under test reports of itself with
// GODEBUG=gctrace=1,schedtrace=MS,scheddetail=1: how much a garbage collection
// left, and how many goroutines there are.
type vitals struct {
	mu         sync.Mutex
	heap       []int // MB live after each collection
	goroutines []int // at each trace of the scheduler
	counting   int
}

var (
	gcLine     = regexp.MustCompile(`^gc \d+ @.* \d+->\d+->(\d+) MB`)
	schedLine  = regexp.MustCompile(`^SCHED \d+ms:`)
	goLine     = regexp.MustCompile(`^  G\d+: status=(\d+)`)
	detailLine = regexp.MustCompile(`^  [PM]\d+: `)
)

// line takes a line of the runtime's; false is for one that the program wrote.
func (v *vitals) line(l string) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	switch m := gcLine.FindStringSubmatch(l); {
	case m != nil:
		mb, _ := strconv.Atoi(m[1])
		v.heap = append(v.heap, mb)
	case schedLine.MatchString(l):
		v.flush()
	case detailLine.MatchString(l):
	default:
		g := goLine.FindStringSubmatch(l)
		if g == nil {
			return false
		}
		if g[1] != "6" { // _Gdead: kept for the next go statement
			v.counting++
		}
	}
	return true
}

func (v *vitals) flush() {
	if v.counting > 0 {
		v.goroutines = append(v.goroutines, v.counting)
	}
	v.counting = 0
}

// report tells how both went, and fails the test when judge is set, the program
// ran long enough to tell, and the last quarter of its life has much more of either
// than the second: the first is when its caches fill.
func (v *vitals) report(t *testing.T, judge bool) {
	t.Helper()
	v.mu.Lock()
	defer v.mu.Unlock()
	v.flush()
	for _, x := range []struct {
		what  string
		of    []int
		spare int
		long  int
	}{
		{"goroutines", v.goroutines, 20, 40},
		{"MB left by the garbage collector", v.heap, 48, 40},
	} {
		q := quarters(x.of)
		t.Logf("%s, medians of each quarter of its life: %v (%d samples)", x.what, q, len(x.of))
		if judge && len(x.of) >= x.long && q[3] > q[1]+q[1]/2+x.spare {
			t.Errorf("leak: %s grew from %d to %d", x.what, q[1], q[3])
		}
	}
}

func quarters(of []int) [4]int {
	var q [4]int
	for i := range q {
		if part := slices.Sorted(slices.Values(of[i*len(of)/4 : (i+1)*len(of)/4])); len(part) > 0 {
			q[i] = part[len(part)/2]
		}
	}
	return q
}

var liveLine = regexp.MustCompile(`(?m)(\d+) MB are live$`)

// live has a probe collect, and is how many MB are live then.
func live(p *program) (mb int, err error) {
	const written = "probe: heap written"
	n := strings.Count(p.Output(), written)
	_ = p.cmd.Process.Signal(syscall.SIGUSR2)
	if err := within(func() error {
		if strings.Count(p.Output(), written) == n {
			return errors.New("the probe does not tell what is live")
		}
		return nil
	}); err != nil {
		return 0, err
	}
	told := liveLine.FindAllStringSubmatch(p.Output(), -1)
	return strconv.Atoi(told[len(told)-1][1])
}

// resident is how many bytes of memory a process holds, and how many of them are
// its own: the rest are pages of its files (the program, Mesa, fonts), which the
// system takes back when it needs them and shares with who uses the same file.
func resident(pid int) (all, own int, err error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, 0, err
	}
	found := map[string]int{}
	for _, l := range strings.Split(string(b), "\n") {
		if f := strings.Fields(l); len(f) == 3 && f[2] == "kB" {
			kb, _ := strconv.Atoi(f[1])
			found[f[0]] = kb << 10
		}
	}
	all, own = found["VmRSS:"], found["RssAnon:"]
	if all == 0 || own == 0 {
		return 0, 0, fmt.Errorf("process %d does not tell what it holds", pid)
	}
	return all, own, nil
}
