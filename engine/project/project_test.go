package project

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"patchbay/engine/ao"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func write(t *testing.T, dir, name, text string) string {
	t.Helper()
	path := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestLoad(t *testing.T) {
	dir := t.TempDir()
	somebody := strings.Repeat("x", 43)
	write(t, dir, File, `
name = "demo"
port = 9000
profile = "2025-06"
[accounts]
zoe = ""
amy = "`+somebody+`"
[variables]
zeta = "100"
a-b = "{{x}}"
[[process]]
name = "token"
script = "src/token.lua"
owner = "amy"
tags = { Ticker = "T", A = "b" }
[[process]]
name = "plain"
tags = [ { name = "Z", value = "1" }, { name = "A", value = "2" }, { name = "Z", value = "3" } ]
`)
	p, err := Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	want := &Project{
		Dir: dir, Name: "demo", Port: 9000, Profile: "2025-06",
		Accounts:  []Account{{"zoe", ao.Address("zoe")}, {"amy", somebody}},
		Variables: []Variable{{"zeta", "100"}, {"a-b", "{{x}}"}},
		Processes: []Process{
			{Name: "token", Script: "src/token.lua", Owner: somebody, Tags: []ao.Tag{{Name: "A", Value: "b"}, {Name: "Ticker", Value: "T"}}},
			{Name: "plain", Owner: ao.Address("owner"), Tags: []ao.Tag{{Name: "Z", Value: "1"}, {Name: "A", Value: "2"}, {Name: "Z", Value: "3"}}},
		},
	}
	if diff := cmp.Diff(want, p); diff != "" {
		t.Fatal(diff)
	}
}

// Every broken file is told with its line, and stays as it is.
func TestLoadTellsTheLine(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		line int
		says string
	}{
		"syntax":         {"name = \"x\"\nport = = 3\n", 2, "port"},
		"type":           {"name = \"x\"\n\nport = \"many\"\n", 3, "port"},
		"port":           {"# c\nport = 70000\n", 2, "70000"},
		"profile":        {"profile = \"2031\"\n", 1, "2031"},
		"address":        {"[accounts]\na = \"\"\nb = \"short\"\n", 3, "short"},
		"owner":          {"[[process]]\nname = \"a\"\n[[process]]\nname = \"b\"\nowner = \"nobody\"\n", 5, "nobody"},
		"twice":          {"[[process]]\nname = \"a\"\n[[process]]\nname = \"a\"\n", 4, "two processes"},
		"nameless":       {"[[process]]\nscript = \"a.lua\"\n", 1, "no name"},
		"outside":        {"[[process]]\nname = \"a\"\nscript = \"../a.lua\"\n", 3, "outside"},
		"absolute":       {"[[process]]\nname = \"a\"\nscript = \"/etc/passwd\"\n", 3, "outside"},
		"drive":          {"[[process]]\nname = \"a\"\nscript = 'C:\\a.lua'\n", 3, "outside"},
		"not closed":     {"name = \"x\n", 1, ""},
		"tag values":     {"[[process]]\nname = \"a\"\ntags = { A = 1 }\n", 3, "tags are written"},
		"tag lists":      {"[[process]]\nname = \"a\"\ntags = [ { name = \"A\" } ]\n", 3, "tags are written"},
		"a number":       {"name = \"x\"\n[variables]\nok = \"1\"\nprice = 100\n", 4, "write price = \"100\""},
		"a table":        {"[variables]\nprice = { a = 1 }\n", 2, "write price = \"…\""},
		"no table":       {"variables = 1\n", 1, "variables"},
		"of an account":  {"[accounts]\nalice = \"\"\n[variables]\nalice = \"1\"\n", 4, "an account has this name"},
		"last":           {"[variables]\n\"last.Id\" = \"1\"\n", 2, "{{last.*}} is Patchbay's own; choose another name"},
		"now":            {"[variables]\nnow = \"1\"\n", 2, "{{now}} is Patchbay's own"},
		"a dotted last":  {"[variables]\nlast.Id = \"1\"\n", 2, "{{last.*}} is Patchbay's own"},
		"with a space":   {"[variables]\n\"a b\" = \"1\"\n", 2, "letters, digits"},
		"twice the same": {"name = \"x\"\nname = \"y\"\n", 2, "name"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			path := write(t, dir, File, c.text)
			_, err := Load(dir)
			var e *Error
			if !errors.As(err, &e) {
				t.Fatalf("got %v, want an *Error", err)
			}
			if e.Column < 1 || e.Column > 1+len(strings.Split(c.text, "\n")[e.Line-1]) {
				t.Errorf("column %d of line %d", e.Column, e.Line)
			}
			if e.Line != c.line || !strings.Contains(e.Error(), c.says) || e.Remedy == "" || e.Path != path {
				t.Errorf("got %q (line %d), want line %d and %q", e, e.Line, c.line, c.says)
			}
			if now, _ := os.ReadFile(path); string(now) != c.text {
				t.Error("the file was changed")
			}
		})
	}
}

func TestUnknownKeysAreTold(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, File, "name = \"x\"\nprot = 8734\n")
	p, err := Load(dir)
	if err != nil || len(p.Warnings) != 1 || !strings.Contains(p.Warnings[0].Error(), File+":2") {
		t.Fatalf("%v %v", err, p)
	}
}

func TestNoProject(t *testing.T) {
	if _, err := Load(t.TempDir()); !errors.Is(err, ErrNotProject) {
		t.Fatal(err)
	}
	if _, err := Load(filepath.Join(t.TempDir(), "nowhere")); err == nil || !strings.Contains(err.Error(), "no such folder") {
		t.Fatal(err)
	}
}

func TestReadScript(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, File, "")
	write(t, dir, "ok.lua", "print('é')\r\n")
	write(t, dir, "latin1.lua", "-- ok\nprint('caf\xe9')\n")
	write(t, dir, "nul.lua", "a\x00b")
	write(t, dir, "folder.lua/x", "")
	p, err := Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	if text, err := p.ReadScript("ok.lua"); err != nil || text != "print('é')\r\n" {
		t.Errorf("%q %v", text, err)
	}
	for path, says := range map[string]string{
		"latin1.lua": "latin1.lua:2:11: byte 0xe9 is not UTF-8",
		"nul.lua":    "nul.lua:1:2: a NUL byte",
		"gone.lua":   "there is no such file",
		"folder.lua": "is a folder",
		"../up.lua":  "is outside the project",
	} {
		if _, err := p.ReadScript(path); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v, want %q", path, err, says)
		}
	}
}

func TestWriteScript(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, File, "")
	path := write(t, dir, "a.lua", "old")
	if err := os.Chmod(path, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("a.lua", filepath.Join(dir, "link.lua")); err != nil {
		t.Fatal(err)
	}
	p, err := Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.WriteScript("link.lua", "new"); err != nil {
		t.Fatal(err)
	}
	if text, _ := os.ReadFile(path); string(text) != "new" {
		t.Errorf("a.lua has %q", text)
	}
	if info, _ := os.Lstat(filepath.Join(dir, "link.lua")); info.Mode().Type() != os.ModeSymlink {
		t.Error("the link was replaced")
	}
	if info, _ := os.Stat(path); info.Mode().Perm() != 0o755 {
		t.Errorf("mode %v", info.Mode())
	}
	if err := p.WriteScript("../b.lua", "x"); err == nil {
		t.Error("wrote outside the project")
	}
	if found, err := p.Scripts(); err != nil || len(found) != 2 {
		t.Errorf("%v %v", found, err)
	}
}

func TestMessages(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, File, "")
	p, err := Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	if all, err := p.Messages(); err != nil || len(all) != 0 {
		t.Fatal(all, err)
	}
	m := Saved{Name: "transfers/to bob", From: "alice", Action: "Transfer", Tags: []ao.Tag{{Name: "Recipient", Value: "bob"}}, Data: "é"}
	if err := p.SaveMessage(m); err != nil {
		t.Fatal(err)
	}
	write(t, dir, "messages/broken.json", "{\n  \"from\": \"alice\",\n  \"action\" \"x\"\n}")
	write(t, dir, "messages/odd.json", "{\"form\": \"alice\"}")
	all, err := p.Messages()
	if diff := cmp.Diff([]Saved{m}, all); diff != "" {
		t.Error(diff)
	}
	if err == nil || !strings.Contains(err.Error(), "broken.json:3") || !strings.Contains(err.Error(), "odd.json:1") {
		t.Errorf("error: %v", err)
	}
	for _, name := range []string{"../x", "", "/x", ".hidden", "a/../../x"} {
		if err := p.SaveMessage(Saved{Name: name}); err == nil {
			t.Errorf("saved %q", name)
		}
	}
}

func TestCreateNeverOverwrites(t *testing.T) {
	files := fstest.MapFS{File: {Data: []byte("name='x'\n")}, "messages/a.json": {Data: []byte("{}")}}
	dir := filepath.Join(t.TempDir(), "new")
	if err := Create(dir, files); err != nil {
		t.Fatal(err)
	}
	if p, err := Load(dir); err != nil || p.Name != "x" {
		t.Fatal(p, err)
	}
	if err := Create(dir, files); err == nil {
		t.Fatal("overwrote a project")
	}
}

func TestInitTouchesNothingElse(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", `my "first"`)
	if err := Init(dir); err != nil {
		t.Fatal(err)
	}
	p, err := Load(dir)
	if err != nil || p.Name != `my "first"` || len(p.Accounts) != 3 || len(p.Processes) != 0 {
		t.Fatalf("%+v, %v", p, err)
	}
	if err := Init(dir); err == nil || !strings.Contains(err.Error(), "there already") {
		t.Errorf("made a project twice: %v", err)
	}
	full := t.TempDir()
	write(t, full, "a.lua", "x = 1")
	if err := Init(full); err != nil {
		t.Fatal(err)
	}
	if now, _ := os.ReadFile(filepath.Join(full, "a.lua")); string(now) != "x = 1" {
		t.Error("a script was changed")
	}
	file := write(t, t.TempDir(), "file", "")
	if err := Init(filepath.Join(file, "below")); err == nil {
		t.Error("made a project below a file")
	}
}

func TestAddProcessKeepsTheText(t *testing.T) {
	dir := t.TempDir()
	old := "# mine\nname = \"x\" # kept\n[accounts]\nowner = \"\""
	write(t, dir, File, old)
	p, err := Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	next, err := p.AddProcess("chat", "chat.lua", "owner")
	if err != nil {
		t.Fatal(err)
	}
	if len(next.Processes) != 1 || next.Processes[0].Script != "chat.lua" || next.Processes[0].Owner != ao.Address("owner") {
		t.Errorf("%+v", next.Processes)
	}
	now, _ := os.ReadFile(filepath.Join(dir, File))
	if !strings.HasPrefix(string(now), old) {
		t.Errorf("the text changed:\n%s", now)
	}
	if _, err := next.AddProcess("chat", "other.lua", ""); err == nil {
		t.Error("added a second process of the same name")
	}
	if after, _ := os.ReadFile(filepath.Join(dir, File)); string(after) != string(now) {
		t.Error("a refused process changed the file")
	}
}

// The columns are those of the values that are wrong.
func TestLoadTellsTheColumn(t *testing.T) {
	for text, want := range map[string]string{
		"port = 70000":                                       ":1:8: ",
		"\tprofile =   \"2031\"":                             ":1:14: ",
		"[accounts]\n\"zoë\" = \"short\"":                    ":2:9: ",
		"  [[process]]\nscript = \"a\"":                      ":1:3: ",
		"port = \"many\"":                                    ":1:8: ",
		"[[process]]\nname = \"a\"\n[[process]]\nname=\"a\"": ":4:6: ",
	} {
		dir := t.TempDir()
		write(t, dir, File, text)
		if _, err := Load(dir); err == nil || !strings.Contains(err.Error(), File+want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}

const manyProcesses = `# mine
name = "x"

[[process]] # the first
name = "one" # kept
script = "one.lua"

# About the second
[[process]]
script = 'two.lua'
  name   = 'two'
  [process.tags]
  Ticker = "TWO"

[accounts] # at the end
owner = ""
`

func TestRenameProcessKeepsTheText(t *testing.T) {
	dir := t.TempDir()
	path := write(t, dir, File, manyProcesses)
	p, err := Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	next, err := p.RenameProcess("two", `z "w"`)
	if err != nil {
		t.Fatal(err)
	}
	if next.Processes[1].Name != `z "w"` || next.Processes[1].Tags[0].Value != "TWO" || next.Dir != p.Dir {
		t.Errorf("%+v", next.Processes)
	}
	now, _ := os.ReadFile(path)
	if want := strings.Replace(manyProcesses, "'two'\n", `"z \"w\""`+"\n", 1); string(now) != want {
		t.Errorf("%s", now)
	}
	if next, err = next.RenameProcess("one", "first"); err != nil || next.Processes[0].Name != "first" {
		t.Fatal(err)
	}
	if now, _ = os.ReadFile(path); !strings.Contains(string(now), `name = "first" # kept`) {
		t.Errorf("%s", now)
	}
	if _, err := next.RenameProcess("first", `z "w"`); err == nil || !strings.Contains(err.Error(), "two processes") {
		t.Errorf("two processes of one name: %v", err)
	}
	if _, err := next.RenameProcess("nobody", "somebody"); err != nil {
		t.Errorf("a process that is not in the file: %v", err)
	}
	if after, _ := os.ReadFile(path); string(after) != string(now) {
		t.Error("a refused name changed the file")
	}
}

func TestRemoveProcessAndBack(t *testing.T) {
	dir := t.TempDir()
	path := write(t, dir, File, manyProcesses)
	p, _ := Load(dir)
	for _, name := range []string{"one", "two"} {
		next, undo, err := p.RemoveProcess(name)
		if err != nil || len(next.Processes) != 1 || next.Processes[0].Name == name || len(next.Accounts) != 1 {
			t.Fatalf("%v %+v", err, next)
		}
		now, _ := os.ReadFile(path)
		for _, kept := range []string{"# mine", "[accounts] # at the end", "# About the second"} {
			if !strings.Contains(string(now), kept) {
				t.Errorf("without %s, %q is gone:\n%s", name, kept, now)
			}
		}
		if next, err = undo(); err != nil || len(next.Processes) != 2 {
			t.Fatal(err)
		}
		if now, _ := os.ReadFile(path); string(now) != manyProcesses {
			t.Errorf("not as it was:\n%s", now)
		}
	}
	_, undo, err := p.RemoveProcess("two")
	if err != nil {
		t.Fatal(err)
	}
	now, _ := os.ReadFile(path)
	write(t, dir, File, string(now)+"# somebody was here\n")
	next, err := undo()
	if err != nil || len(next.Processes) != 2 || next.Processes[1].Tags[0].Value != "TWO" {
		t.Fatalf("%v %+v", err, next)
	}
	if now, _ := os.ReadFile(path); !strings.Contains(string(now), "# somebody was here") {
		t.Errorf("what was written meanwhile is lost:\n%s", now)
	}
	if _, undo, err := p.RemoveProcess("nobody"); err != nil {
		t.Error(err)
	} else if _, err := undo(); err != nil {
		t.Error(err)
	}
}

// Forms that are not understood are refused, and the file stays as it is.
func TestProcessesInAnotherForm(t *testing.T) {
	for _, text := range []string{
		"process = [{ name = \"a\" }]\n",
		"[[process]]\nname = \"\"\"a\"\"\"\n[process.tags]\nname = \"b\"\n",
		"x = \"\"\"\n[[process]]\nname = \"q\"\n\"\"\"\n[[process]]\nname = \"a\"\n",
	} {
		dir := t.TempDir()
		path := write(t, dir, File, text)
		p, err := Load(dir)
		if err != nil {
			t.Fatal(err)
		}
		next, err := p.RenameProcess("a", "b")
		now, _ := os.ReadFile(path)
		if err == nil && next.Processes[0].Name == "b" {
			continue
		}
		if err == nil || string(now) != text {
			t.Errorf("%q became %q, %v", text, now, err)
		}
	}
}

func TestAddProcessWithTags(t *testing.T) {
	for _, tags := range [][]ao.Tag{
		{{Name: "A", Value: "1"}, {Name: "B", Value: "x\"y"}},
		{{Name: "Z", Value: "1"}, {Name: "A", Value: "2"}, {Name: "Z", Value: "3"}},
	} {
		dir := t.TempDir()
		write(t, dir, File, "")
		p, _ := Load(dir)
		next, err := p.AddProcess("a", "a.lua", "", tags...)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(tags, next.Processes[0].Tags); diff != "" {
			t.Error(diff)
		}
	}
}

func TestHiddenDirIgnoresItself(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, File, "")
	p, _ := Load(dir)
	hidden, err := p.HiddenDir()
	if err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(filepath.Join(hidden, ".gitignore")); err != nil || string(text) != "*\n" {
		t.Fatalf("%q %v", text, err)
	}
}

func TestWatch(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, File, "")
	write(t, dir, "a.lua", "1")
	p, err := Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	seen := make(chan string, 10_000)
	ended := make(chan error)
	go func() { ended <- p.Watch(ctx, func(path string) { seen <- path }) }()
	for path := ""; path != "a.lua"; { // write until the watch has begun
		if err := p.WriteScript("a.lua", "2"); err != nil {
			t.Fatal(err)
		}
		select {
		case path = <-seen:
		default:
		}
	}
	// A folder made later is watched too, also for what it holds at once.
	write(t, dir, "sub/b.lua", "1")
	for path := ""; path != "sub/b.lua"; {
		path = <-seen
	}
	cancel()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add("name = \"x\"\n[accounts]\na = \"\"\n[[process]]\nname = \"p\"\nscript = \"a.lua\"\n")
	f.Add("port = = 3")
	f.Fuzz(func(t *testing.T, text string) {
		p, err := parse("patchbay.toml", text)
		if (p == nil) == (err == nil) {
			t.Fatalf("%v, %v", p, err)
		}
		var e *Error
		if err != nil && (!errors.As(err, &e) || e.Remedy == "") {
			t.Fatalf("an error without a remedy: %v", err)
		}
	})
}

func TestRemoveMessage(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, File, "")
	p, err := Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"a/b/c", "a/d"} {
		if err := p.SaveMessage(Saved{Name: name, From: "alice", Action: "A", As: "json"}); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.RemoveMessage("a/b/c"); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, MessagesDir, "a", "b")); !os.IsNotExist(err) {
		t.Errorf("the empty folder stays: %v", err)
	}
	if all, err := p.Messages(); err != nil || len(all) != 1 || all[0].Name != "a/d" || all[0].As != "json" {
		t.Errorf("%+v %v", all, err)
	}
	for _, name := range []string{"", "../patchbay", "/x", "a\nb", ".hidden", "gone"} {
		if p.RemoveMessage(name) == nil {
			t.Errorf("%q was removed", name)
		}
	}
}

// A process may get the name of a variable in the window, so that the project must
// still open; it is told.
func TestAVariableWithTheNameOfAProcessIsTold(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, File, "[variables]\nshop = \"1\"\n[[process]]\nname = \"shop\"\n")
	p, err := Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Warnings) != 1 || !strings.Contains(p.Warnings[0].Error(), ":2:8: a process is called \"shop\" as well") {
		t.Errorf("warnings %v", p.Warnings)
	}
}
