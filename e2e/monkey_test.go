package e2e

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"patchbay/engine/ao"
)

// TestMonkey lets a monkey at the real window: keys, clicks, drags, sends, edits,
// requests and changes of the window's size, at random, for as many minutes as
// PATCHBAY_MONKEY says (`make monkey MINUTES=60`). The program has Fyne's thread
// checks in it and must neither crash nor complain nor stop answering, and neither
// its goroutines nor what the garbage collector leaves may grow without end: the
// runtime itself reports both. The program is probe, so that what is live can be told
// too, with who allocated it. PATCHBAY_SEED repeats a run as far as timing lets it.
func TestMonkey(t *testing.T) {
	minutes, err := strconv.ParseFloat(os.Getenv("PATCHBAY_MONKEY"), 64)
	if err != nil || minutes <= 0 {
		t.Skip("SKIPPED: set PATCHBAY_MONKEY to a number of minutes, or use `make monkey`")
	}
	seed := uint64(time.Now().UnixNano())
	if s := os.Getenv("PATCHBAY_SEED"); s != "" {
		seed, _ = strconv.ParseUint(s, 10, 64)
	}
	t.Logf("PATCHBAY_SEED=%d", seed)
	m := newMonkey(t, rand.New(rand.NewPCG(seed, 1)))
	m.start()
	for until := time.Now().Add(time.Duration(minutes * float64(time.Minute))); time.Now().Before(until); {
		m.act()
	}
	m.tellHeap()
	m.end()
	t.Logf("%d actions, %d times the window was closed and opened again", m.actions, m.runs-1)
}

// monkey is what it does and what it saw.
type monkey struct {
	*desktop
	rnd     *rand.Rand
	env     []string
	dir     string
	probe   string
	heap    string // where probe writes what is live
	script  []byte
	p       *program
	window  string
	base    string
	actions int
	runs    int
	told    time.Time
	vital   *vitals
	trail   []string // what it did last
	noted   int      // remarks already told
}

const monkeyWidth, monkeyHeight = 1300, 860

func newMonkey(t *testing.T, rnd *rand.Rand) *monkey {
	m := &monkey{desktop: newDesktop(t, monkeyWidth, monkeyHeight), rnd: rnd, dir: tokenCopy(t)}
	own := t.TempDir()
	m.probe, m.heap = tool(t, own, "probe", ""), filepath.Join(own, "profile")
	script, err := os.ReadFile(filepath.Join(m.dir, "token.lua"))
	if err != nil {
		t.Fatal(err)
	}
	m.script = script
	// A browser that the monkey opens is not what is tested.
	stub := t.TempDir()
	if err := os.WriteFile(filepath.Join(stub, "xdg-open"), []byte("#!/bin/sh\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	m.env = append(slices.Clone(m.desktop.env), "PATH="+stub+string(os.PathListSeparator)+os.Getenv("PATH"),
		"GODEBUG=gctrace=1,schedtrace=30000,scheddetail=1", "PATCHBAY_PROFILE="+m.heap)
	return m
}

// start opens the window, again when it was closed.
func (m *monkey) start() {
	m.t.Helper()
	m.runs++
	m.vital, m.noted = &vitals{}, 0
	m.p = launch(m.t, m.env, m.vital.line, m.probe, "--port", "0", m.dir)
	m.base = "http://" + strings.TrimPrefix(m.p.Line("listening on "), "http://")
	m.window = m.WaitWindow("Patchbay")
	m.told = time.Now()
}

// end closes the window for the last time and judges.
func (m *monkey) end() {
	m.t.Helper()
	m.answers()
	if err := m.p.Quit(); err != nil {
		m.t.Errorf("patchbay did not end well: %v", err)
	}
	m.judge()
	m.vital.report(m.t, true)
}

// judge reads what the program printed.
func (m *monkey) judge() {
	m.t.Helper()
	if bad := m.p.Complaint(); bad != "" {
		m.Screenshot("monkey-failed")
		m.t.Fatalf("after %d actions the program complains: %s\n%s", m.actions, bad, m.p.Output())
	}
}

// act does one thing, and now and then looks whether the window lives.
func (m *monkey) act() {
	m.t.Helper()
	select {
	case <-m.p.done:
		m.ended()
		return
	default:
	}
	m.actions++
	m.play()
	if all := m.p.Remarks(); len(all) > m.noted {
		m.t.Errorf("after %d actions Fyne finds something wrong: %s\nlast it did:\n%s", m.actions, all[m.noted], strings.Join(m.trail, "\n"))
		m.Screenshot(fmt.Sprintf("monkey-remark-%d", m.actions))
		m.noted = len(all)
	}
	if m.actions%40 == 0 {
		m.judge()
		m.calmDown()
	}
	if m.actions%200 == 0 {
		m.answers()
	}
	if time.Since(m.told) > 5*time.Minute {
		m.told = time.Now()
		m.t.Logf("%s: %d actions", time.Now().Format(time.TimeOnly), m.actions)
		m.vital.report(m.t, false)
		m.tellHeap()
	}
}

// tellHeap tells what is live and who allocated most of it.
func (m *monkey) tellHeap() {
	m.t.Helper()
	if _, err := live(m.p); err != nil {
		m.t.Logf("what is live: %v", err)
		return
	}
	out, err := exec.Command("go", "tool", "pprof", "-top", "-nodecount=16", "-sample_index=inuse_space", m.probe, m.heap+".heap").CombinedOutput()
	m.t.Logf("what is live: %s%v", out, err)
}

// ended opens the window again when the monkey found a way to close it properly.
func (m *monkey) ended() {
	m.t.Helper()
	m.judge()
	if m.p.err != nil {
		m.t.Fatalf("after %d actions the program ended: %v\n%s", m.actions, m.p.err, m.p.Output())
	}
	m.vital.report(m.t, true)
	m.start()
}

// calmDown takes the monkey out of dialogs and brings the keyboard back to the
// window, and a script that runs into the file.
func (m *monkey) calmDown() {
	m.try("windowactivate", m.window)
	m.try("key", "Escape", "Escape", "Escape")
	switch m.rnd.IntN(3) {
	case 0:
		_ = os.WriteFile(filepath.Join(m.dir, "token.lua"), m.script, 0o600)
	case 1:
		m.try("windowsize", m.window, fmt.Sprint(640+m.rnd.IntN(monkeyWidth-640)), fmt.Sprint(480+m.rnd.IntN(monkeyHeight-480)))
	case 2:
		m.try("windowsize", m.window, fmt.Sprint(monkeyWidth), fmt.Sprint(monkeyHeight-30))
	}
	if len(m.processes()) == 0 {
		body := fmt.Sprintf(`{"name":"token","source":%q,"owner":%q}`, m.script, ao.Address("alice"))
		if answer, err := http.Post(m.base+"/~patchbay@1.0/spawn", "application/json", strings.NewReader(body)); err == nil {
			_ = answer.Body.Close()
		}
	}
}

// answers wants the window to react: the palette opens and goes again.
func (m *monkey) answers() {
	m.t.Helper()
	before := slices.Clone(m.trail)
	if err := within(m.answer); err != nil {
		path := m.Screenshot("monkey-no-answer")
		has, _ := m.tool("xdotool", "getwindowfocus", "getwindowname").CombinedOutput()
		m.t.Logf("before it did:\n%s\nthe keyboard has %s", strings.Join(before, "\n"), has)
		_ = m.p.cmd.Process.Signal(syscall.SIGQUIT) // its goroutines are in the output
		<-m.p.done
		m.t.Fatalf("after %d actions the window does not answer: %v (see %s)", m.actions, err, path)
	}
}

func (m *monkey) answer() error {
	m.t.Helper()
	select {
	case <-m.p.done:
		return nil
	default:
	}
	m.try("windowactivate", m.window)
	m.try("key", "--delay", "40", "Escape", "Escape", "Escape")
	before := m.Look()
	m.try("key", "--delay", "40", "ctrl+shift+p")
	for range 20 {
		m.try("sleep", "0.05")
		if pixels(before, m.Look()) > 20_000 {
			m.try("key", "Escape")
			return nil
		}
	}
	return fmt.Errorf("Ctrl+Shift+P changes nothing on the screen")
}

func (m *monkey) processes() []string {
	answer, err := http.Get(m.base + "/~patchbay@1.0/processes")
	if err != nil {
		return nil
	}
	defer answer.Body.Close()
	body, _ := io.ReadAll(answer.Body)
	var pids []string
	for _, f := range regexp.MustCompile(`"process":\s*"([^"]+)"`).FindAllSubmatch(body, -1) {
		pids = append(pids, string(f[1]))
	}
	return pids
}

// try runs xdotool; the window may be gone, which is no news here.
func (m *monkey) try(args ...string) {
	m.trail = append(m.trail[max(0, len(m.trail)-15):], strings.Join(args, " "))
	_ = m.tool("xdotool", args...).Run()
}

func pick[T any](rnd *rand.Rand, from []T) T { return from[rnd.IntN(len(from))] }

// Ctrl+Q is left to the palette and the menu, which find it now and then.
var (
	monkeyKeys = strings.Fields(`Up Down Left Right Home End Prior Next Return Escape Tab shift+Tab space Delete BackSpace F1 F3 Menu
		ctrl+1 ctrl+2 ctrl+3 ctrl+4 ctrl+5 ctrl+6 ctrl+7 ctrl+r ctrl+Return alt+Return alt+Left alt+Right alt+End ctrl+f ctrl+h ctrl+g ctrl+shift+f
		ctrl+shift+l ctrl+shift+p ctrl+t ctrl+z ctrl+y ctrl+a ctrl+c ctrl+v ctrl+x ctrl+o ctrl+n ctrl+p ctrl+slash ctrl+Tab
		alt+Prior alt+Next ctrl+shift+g ctrl+shift+c ctrl+s ctrl+shift+s ctrl+shift+r ctrl+shift+e ctrl+shift+o ctrl+shift+b ctrl+w
		shift+Down shift+Up shift+End ctrl+Right ctrl+Left ctrl+Home ctrl+End ctrl+shift+k ctrl+d ctrl+plus ctrl+minus ctrl+0 alt+Up alt+Down`)
	monkeyWords = []string{
		"alice", "Transfer", "{{last.Id}}", "{{", "}}", "a", "-1", "é€日本", "value:1", "end", "\"", "{", "99999999999999999999", "bal",
		"Handlers.add('x', 'y', function(m) ", "--[[", "]]", "for i = 1, 10 do print(i) end", "new", "delete", "light", "dark", "branch", "sort", "\t",
	}
	monkeyLines = []string{
		"print('hello', ao.id)", "Balances[ao.id] = '5'", "Send({ device = 'patch@1.0', cache = { n = { a = { b = os.time() } } } })",
		"error('on purpose')", "local x = = 1", "while true do end", "for i = 1, 2000 do Balances['k' .. i] = tostring(i) end",
		"Send({ device = 'patch@1.0', cache = { info = 'shadowed', list = { 1, 2, 3 } } })", "Send({ Target = ao.id, Action = 'Info' })",
	}
)

// play does something at random.
func (m *monkey) play() {
	x, y := fmt.Sprint(m.rnd.IntN(monkeyWidth)), fmt.Sprint(m.rnd.IntN(monkeyHeight))
	switch m.rnd.IntN(20) {
	case 0, 1, 2, 3, 4, 5:
		keys := []string{"key", "--delay", "20"}
		for range 1 + m.rnd.IntN(4) {
			keys = append(keys, pick(m.rnd, monkeyKeys))
		}
		m.try(keys...)
	case 6, 7:
		m.try("type", "--delay", "15", pick(m.rnd, monkeyWords))
	case 8, 9, 10, 11:
		button := pick(m.rnd, []string{"1", "1", "1", "3"})
		m.try("mousemove", x, y, "sleep", "0.05", "mousedown", button, "sleep", "0.05", "mouseup", button)
	case 12:
		m.try("mousemove", x, y, "sleep", "0.05", "mousedown", "1", "sleep", "0.04", "mouseup", "1", "sleep", "0.04", "mousedown", "1", "sleep", "0.04", "mouseup", "1")
	case 13:
		to := []string{fmt.Sprint(m.rnd.IntN(monkeyWidth)), fmt.Sprint(m.rnd.IntN(monkeyHeight))}
		m.try("mousemove", x, y, "sleep", "0.05", "mousedown", "1", "sleep", "0.05", "mousemove", to[0], to[1], "sleep", "0.05", "mousemove", x, to[1], "sleep", "0.05", "mouseup", "1")
	case 14:
		m.try("mousemove", x, y, "sleep", "0.03", "click", "--repeat", fmt.Sprint(1+m.rnd.IntN(12)), "--delay", "15", pick(m.rnd, []string{"4", "5", "5", "6", "7"}))
	case 15:
		m.try("key", "Escape", "Escape", "ctrl+3")
		m.try("type", "--delay", "15", pick(m.rnd, []string{"Transfer", "Info", "Balance", "Mint", "Nonsense", ""}))
		m.try("key", "Tab", pick(m.rnd, []string{"Tab", "BackSpace", "x"}))
		m.try("type", "--delay", "15", pick(m.rnd, monkeyWords))
		m.try("key", pick(m.rnd, []string{"ctrl+Return", "ctrl+Return", "alt+Return"}))
	case 16:
		m.try("key", "Escape", "Escape", "ctrl+1", "ctrl+End")
		m.try("type", "--delay", "15", "\n"+pick(m.rnd, monkeyLines))
		m.try("key", pick(m.rnd, []string{"ctrl+r", "ctrl+r", "ctrl+s", "ctrl+z", "ctrl+shift+r"}))
	case 17:
		m.requests()
	case 18:
		m.try("key", "Escape", "Escape", "ctrl+shift+p")
		m.try("type", "--delay", "15", pick(m.rnd, monkeyWords))
		m.try("key", "Down", "Return")
	case 19:
		for range 15 {
			m.try("key", "--delay", "20", pick(m.rnd, []string{"alt+Left", "alt+Right", "Down", "Up", "Tab"}))
		}
	}
}

// requests is what browsers do meanwhile: reads that hit and miss, messages pushed.
func (m *monkey) requests() {
	for _, pid := range m.processes() {
		for range 5 {
			path := pick(m.rnd, []string{"now/cache", "now/cache/balances", "now/cache/balance", "compute=0/cache", "now/cache/totalsupply/x", "slot/current", "schedule"})
			if answer, err := http.Get(m.base + "/" + pid + "~process@1.0/" + path); err == nil {
				_, _ = io.Copy(io.Discard, answer.Body)
				_ = answer.Body.Close()
			}
		}
		for range m.rnd.IntN(20) {
			body := fmt.Sprintf(`{"From":%q,"Action":"Transfer","Tags":{"Recipient":%q,"Quantity":"%d"}}`, ao.Address("alice"), ao.Address("bob"), m.rnd.IntN(100))
			if answer, err := http.Post(m.base+"/"+pid+"~process@1.0/push", "application/json", bytes.NewReader([]byte(body))); err == nil {
				_, _ = io.Copy(io.Discard, answer.Body)
				_ = answer.Body.Close()
			}
		}
	}
}
