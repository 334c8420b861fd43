package cli

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	_ "github.com/mattn/go-sqlite3"
	"go.uber.org/goleak"

	"patchbay/assets"
	"patchbay/engine/ao"
	"patchbay/engine/project"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// buffer may be written and read by several goroutines; Line waits for a line.
type buffer struct {
	mu      sync.Mutex
	changed *sync.Cond
	text    bytes.Buffer
	closed  bool
}

func newBuffer() *buffer {
	b := &buffer{}
	b.changed = sync.NewCond(&b.mu)
	return b
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.changed.Broadcast()
	return b.text.Write(p)
}

func (b *buffer) close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = true
	b.changed.Broadcast()
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// line waits for a line that contains part.
func (b *buffer) line(t *testing.T, part string) string {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for {
		for _, l := range strings.SplitAfter(b.text.String(), "\n") {
			if strings.HasSuffix(l, "\n") && strings.Contains(l, part) {
				return strings.TrimSuffix(l, "\n")
			}
		}
		if b.closed {
			t.Fatalf("no line with %q in:\n%s", part, b.text.String())
		}
		b.changed.Wait()
	}
}

// command is a running Main.
type command struct {
	t        *testing.T
	out, err *buffer
	stop     context.CancelFunc
	code     chan int
}

func begin(t *testing.T, args ...string) *command {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	c := &command{t: t, out: newBuffer(), err: newBuffer(), stop: stop, code: make(chan int, 1)}
	go func() {
		c.code <- Main(ctx, args, Machine{Stdin: strings.NewReader(""), Stdout: c.out, Stderr: c.err})
		c.out.close()
		c.err.close()
	}()
	t.Cleanup(func() {
		stop()
		c.code <- <-c.code
	})
	return c
}

// end waits for the exit code.
func (c *command) end() int {
	code := <-c.code
	c.code <- code
	return code
}

// once runs a command to its end.
func once(t *testing.T, args ...string) (code int, out, err string) {
	t.Helper()
	c := begin(t, args...)
	code = c.end()
	return code, c.out.String(), c.err.String()
}

func (c *command) base() string {
	c.t.Helper()
	return strings.TrimPrefix(c.out.line(c.t, "listening on "), "listening on ")
}

func (c *command) pid(name string) string {
	c.t.Helper()
	return strings.TrimPrefix(c.out.line(c.t, "process "+name+" "), "process "+name+" ")
}

func example(t *testing.T) string {
	t.Helper()
	files, err := assets.Example("token")
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "token")
	if err := project.Create(dir, files); err != nil {
		t.Fatal(err)
	}
	return dir
}

func write(t *testing.T, dir, name, text string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func fetch(t *testing.T, method, url, contentType, body string) (int, string, http.Header) {
	t.Helper()
	request, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if contentType != "" {
		request.Header.Set("Content-Type", contentType)
	}
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	answer, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(text), answer.Header
}

func TestServeProjectTransfersAndReopens(t *testing.T) {
	dir := example(t)
	alice, bob := ao.Address("alice"), ao.Address("bob")
	c := begin(t, "serve", "--port", "0", dir)
	pid, base := c.pid("token"), c.base()
	message, _ := json.Marshal(map[string]any{
		"From": alice, "Action": "Transfer", "Tags": map[string]string{"Recipient": bob, "Quantity": "250"},
	})
	if code, text, _ := fetch(t, "POST", base+"/"+pid+"~process@1.0/push", "application/json", string(message)); code != 200 {
		t.Fatalf("push: %d %s", code, text)
	}
	read := func(base string) string {
		_, text, _ := fetch(t, "GET", base+"/"+pid+"~process@1.0/now/cache/balances/"+bob, "", "")
		return text
	}
	if got := read(base); got != "1250" {
		t.Fatalf("bob has %q", got)
	}
	if code, text, _ := fetch(t, "GET", base+"/"+pid+"~process@1.0/slot/current", "", ""); code != 200 || text != "1" {
		t.Fatalf("slot/current: %d %q", code, text)
	}
	c.stop()
	if code := c.end(); code != ExitGood {
		t.Fatalf("exit %d\n%s", code, c.err)
	}

	again := begin(t, "serve", "--port", "0", dir)
	if again.pid("token") != pid {
		t.Fatal("the process has another id after reopening")
	}
	if got := read(again.base()); got != "1250" {
		t.Fatalf("after reopening bob has %q", got)
	}
}

func TestServeScriptKeepsItsProcess(t *testing.T) {
	dir := t.TempDir()
	script := write(t, dir, "hello.lua", `Send({ device = "patch@1.0", cache = { hello = "world" } })`)
	db := filepath.Join(dir, "x.db")
	owner := strings.Repeat("o", 43)
	first := begin(t, "serve", "--port", "0", "--db", db, "--name", "greeter", "--owner", owner, script)
	pid, base := first.pid("greeter"), first.base()
	if _, text, _ := fetch(t, "GET", base+"/"+pid+"~process@1.0/now/cache/hello", "", ""); text != "world" {
		t.Fatalf("got %q", text)
	}
	first.stop()
	first.end()
	write(t, dir, "hello.lua", `Send({ device = "patch@1.0", cache = { hello = "again" } })`)

	second := begin(t, "serve", "--port", "0", "--db", db, "--name", "greeter", script)
	if second.pid("greeter") != pid {
		t.Fatal("another process")
	}
	second.err.line(t, "hello.lua is not what process greeter runs")
	if _, text, _ := fetch(t, "GET", second.base()+"/"+pid+"~process@1.0/now/cache/hello", "", ""); text != "world" {
		t.Fatalf("evaluated without --reload: %q", text)
	}
	second.stop()
	second.end()

	third := begin(t, "serve", "--port", "0", "--db", db, "--name", "greeter", "--reload", script)
	base = third.base()
	if _, text, _ := fetch(t, "GET", base+"/"+pid+"~process@1.0/now/cache/hello", "", ""); text != "again" {
		t.Fatalf("not reloaded: %q", text)
	}
	write(t, dir, "hello.lua", `this is not Lua`)
	third.err.line(t, "hello.lua: failed, the state is as before")
	if _, text, _ := fetch(t, "GET", base+"/"+pid+"~process@1.0/now/cache/hello", "", ""); text != "again" {
		t.Fatalf("a syntax error changed the state: %q", text)
	}
}

func TestServeWithoutArgumentIsAnEmptyNode(t *testing.T) {
	c := begin(t, "serve", "--port", "0")
	base := c.base()
	if _, text, _ := fetch(t, "GET", base+"/~patchbay@1.0/processes", "", ""); strings.TrimSpace(text) != "[]" {
		t.Fatalf("processes: %q", text)
	}
	code, text, _ := fetch(t, "POST", base+"/~patchbay@1.0/spawn", "application/json", `{"name":"a","source":"Send({device='patch@1.0',x='y'})"}`)
	var spawned struct {
		Process string
		Slot    int
	}
	if err := json.Unmarshal([]byte(text), &spawned); code != 200 || err != nil || !ao.IsID(spawned.Process) {
		t.Fatalf("spawn: %d %s", code, text)
	}
	if _, text, _ := fetch(t, "GET", base+"/"+spawned.Process+"~process@1.0/now/x", "", ""); text != "y" {
		t.Fatalf("got %q", text)
	}
}

func TestPortTakenTakesTheNext(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	port := ln.Addr().(*net.TCPAddr).Port
	c := begin(t, "serve", "--port", fmt.Sprint(port))
	c.err.line(t, fmt.Sprintf("port %d is taken", port))
	if strings.HasSuffix(c.base(), fmt.Sprintf(":%d", port)) {
		t.Fatal("listens on a port that is taken")
	}
}

// Whatever is wrong is said in one line that names the place, and changes nothing.
func TestBadInput(t *testing.T) {
	broken := t.TempDir()
	write(t, broken, project.File, "name = \"x\"\nport = = 1\n")
	latin := write(t, t.TempDir(), "latin1.lua", "-- ok\nx = 'caf\xe9'\n")
	ok := write(t, t.TempDir(), "ok.lua", "x = 1")
	notDB := write(t, t.TempDir(), "not.db", strings.Repeat("this is a letter, not a database. ", 100))
	messages := write(t, t.TempDir(), "m.json", "[{]")
	for name, c := range map[string]struct {
		args []string
		code int
		says []string
	}{
		"no such command":   {[]string{"dance"}, ExitUsage, []string{"dance", "--help"}},
		"no such flag":      {[]string{"serve", "--prot", "1"}, ExitUsage, []string{"--prot"}},
		"no such script":    {[]string{"serve", "nowhere.lua"}, ExitUsage, []string{"nowhere.lua"}},
		"no such profile":   {[]string{"serve", "--profile", "1999"}, ExitUsage, []string{"1999", "2025-06"}},
		"not a project":     {[]string{"serve", t.TempDir()}, ExitUsage, []string{project.File}},
		"broken toml":       {[]string{"serve", broken}, ExitUsage, []string{project.File + ":2"}},
		"not UTF-8":         {[]string{"serve", latin}, ExitUsage, []string{"latin1.lua:2:9", "UTF-8"}},
		"not a database":    {[]string{"serve", "--db", notDB, "--port", "0"}, ExitMachine, []string{"not.db", "not a database"}},
		"name without file": {[]string{"serve", "--name", "x"}, ExitUsage, []string{"--name"}},
		"run: no messages":  {[]string{"run", ok, "--messages", "nowhere.json"}, ExitUsage, []string{"nowhere.json"}},
		"run: no script":    {[]string{"run", "nowhere.lua", "--messages", messages}, ExitUsage, []string{"nowhere.lua"}},
		"run: bad messages": {[]string{"run", ok, "--messages", messages}, ExitUsage, []string{"m.json"}},
		"lua: no file":      {[]string{"lua", "nowhere.lua"}, ExitUsage, []string{"nowhere.lua"}},
		"bad size":          {[]string{"lua", "--memory", "lots", ok}, ExitUsage, []string{"lots"}},
		"window: no folder": {[]string{"nowhere"}, ExitUsage, []string{"nowhere"}},
	} {
		t.Run(name, func(t *testing.T) {
			code, out, err := once(t, c.args...)
			if code != c.code {
				t.Errorf("exit %d, want %d", code, c.code)
			}
			for _, part := range c.says {
				if !strings.Contains(err, part) {
					t.Errorf("standard error does not say %q:\n%s%s", part, out, err)
				}
			}
		})
	}
	if text, _ := os.ReadFile(notDB); !strings.HasPrefix(string(text), "this is a letter") {
		t.Error("a file that is not a database was touched")
	}
	if text, _ := os.ReadFile(filepath.Join(broken, project.File)); string(text) != "name = \"x\"\nport = = 1\n" {
		t.Error("patchbay.toml was touched")
	}
	if _, err := os.Stat(filepath.Join(broken, project.Hidden)); !errors.Is(err, os.ErrNotExist) {
		t.Error("a broken project got a journal")
	}
}

func TestMissingScriptIsTold(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, project.File, "[[process]]\nname = \"a\"\nscript = \"gone.lua\"\n[[process]]\nname = \"b\"\nscript = \"b.lua\"\n")
	write(t, dir, "b.lua", "x = 1")
	c := begin(t, "serve", "--port", "0", dir)
	c.base()
	c.err.line(t, "gone.lua")
	c.pid("b")
}

func TestLockedDatabase(t *testing.T) {
	dir := example(t)
	first := begin(t, "serve", "--port", "0", dir)
	first.base()
	first.stop()
	first.end()
	path := filepath.Join(dir, project.Hidden, "journal.db")
	db, err := sql.Open("sqlite3", "file:"+path+"?_txlock=exclusive&_locking_mode=EXCLUSIVE")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	tx, err := db.Begin()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback() }()
	code, _, stderr := once(t, "serve", "--port", "0", dir)
	if code != ExitMachine || !strings.Contains(stderr, "journal.db") || !strings.Contains(stderr, "locked") {
		t.Fatalf("exit %d: %s", code, stderr)
	}
}

func TestVersion(t *testing.T) {
	if code, out, _ := once(t, "version"); code != ExitGood || !strings.HasPrefix(out, "patchbay ") {
		t.Fatalf("%d %q", code, out)
	}
}

func TestLua(t *testing.T) {
	good := write(t, t.TempDir(), "good.lua", "print(10 // 3, 2^53, ...)")
	if code, out, err := once(t, "lua", good, "a", "--gas"); code != ExitGood || out != "3\t9.007199254741e+15\ta\t--gas\n" {
		t.Errorf("%d %q %q", code, out, err)
	}
	bad := write(t, t.TempDir(), "bad.lua", "local t = nil\nprint(t.x)")
	code, _, err := once(t, "lua", bad)
	if code != ExitScript || !strings.Contains(err, "bad.lua:2: attempt to index a nil value (local 't')") || !strings.Contains(err, "stack traceback:") {
		t.Errorf("%d %q", code, err)
	}
	endless := write(t, t.TempDir(), "endless.lua", "while true do end")
	if code, _, err := once(t, "lua", "--gas", "100000", endless); code != ExitScript || !strings.Contains(err, "endless.lua:1") {
		t.Errorf("%d %q", code, err)
	}
}

func TestSize(t *testing.T) {
	for text, want := range map[string]int64{"0": 0, "512": 512, "64K": 64 << 10, "512M": 512 << 20, "2g": 2 << 30, "1GiB": 1 << 30, "-1": -1} {
		var s size
		if err := s.UnmarshalText([]byte(text)); err != nil || int64(s) != want {
			t.Errorf("%q: %d %v, want %d", text, s, err, want)
		}
	}
	for _, text := range []string{"", "lots", "5X", "9999999T", "-5", "1.5G"} {
		var s size
		if err := s.UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%q is taken for %d", text, s)
		}
	}
}
