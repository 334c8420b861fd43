package ui_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2/storage"

	"patchbay/ui"
	"patchbay/ui/kit"
	"patchbay/ui/uitest"
)

// --- Processes -----------------------------------------------------------------

func (a *app) names() string {
	var all []string
	for _, p := range a.Engine.Processes() {
		all = append(all, p.Name)
	}
	return strings.Join(all, " ")
}

func TestAForkBeginsAtTheSlotShown(t *testing.T) {
	a := story(t)
	a.W.ShowSlot(4)
	a.settle()
	a.W.RunCommand("Fork here…")
	a.Sees("Fork here", "slots 0 to 4 of token", "token2")
	a.Type("twin\n")
	a.settle()
	a.expect("processes", a.names(), "token twin")
	a.Sees("twin ")
	a.expect("bar", a.W.Bar.Text(), "slot 4 / 4")
	a.contains("status", a.status(), "twin begins where slot 4 of token ended")
	if p := a.Engine.Processes(); p[0].ID == p[1].ID || p[1].Script != "token.lua" {
		t.Errorf("%+v", p)
	}
	a.send("alice", "Info") // the original goes its own way
	a.settle()
	a.expect("bar", a.W.Bar.Text(), "slot 4 / 4")
}

func TestNamesAreRefusedWithTheirReason(t *testing.T) {
	a := story(t)
	for _, command := range []string{"Rename…", "Fork here…", "New process…"} {
		a.W.RunCommand(command)
		a.settle()
		for name, says := range map[string]string{
			"a/b":                           "it cannot have /",
			"a\\b":                          `it cannot have \`,
			"..":                            "begins with a dot",
			"-x":                            "or a dash",
			"x.":                            "ends with a dot",
			"NUL":                           "Windows keeps the name",
			"alice":                         "alice is an account",
			"{{x}}":                         "it cannot have {",
			strings.Repeat("x", 61):         "61 bytes: at most 60",
			strings.Repeat("ä", 31):         "62 bytes",
			strings.Repeat("Ab1", 14) + "_": "looks like a process id",
		} {
			a.press("Ctrl+A").Type(name)
			a.Sees(says)
			a.press("Enter")
			a.Sees(says)
			if e := uitest.FindAll[*kit.Entry](a.UI); e[len(e)-1].Text != name {
				t.Errorf("what was typed is lost: %q", e[len(e)-1].Text)
			}
		}
		a.press("Ctrl+A").Press("Backspace", "Enter")
		if command != "New process…" {
			a.Sees("The process needs a name.")
		}
		a.press("Escape")
		a.expect(command, a.names(), "token")
	}
	a.W.RunCommand("Fork here…")
	a.press("Ctrl+A").Type("TOKEN\n")
	a.Sees("There is a process called token already.")
	a.press("Escape")
	a.W.RunCommand("New process…")
	a.settle()
	a.press("Ctrl+A").Type("escrow\n")
	a.Sees("There is a script escrow.lua already")
	a.press("Escape")
}

func TestANameMayHaveLettersOfAllLanguages(t *testing.T) {
	a := story(t)
	a.W.RunCommand("Rename…")
	a.Type("Jeton ü 币\n")
	a.settle()
	a.expect("processes", a.names(), "Jeton ü 币")
	a.contains("status", a.status(), "is called Jeton ü 币 now")
}

// A process that cannot be made is told in the dialog, with what was typed.
func TestACreationThatFailsLosesNothing(t *testing.T) {
	a := story(t)
	a.Project.err = errors.New("the disk is full: make room")
	a.press("Ctrl+N")
	a.Type("mine\n")
	a.settle()
	a.Sees("New process", "the disk is full: make room", "mine")
	a.Project.err = nil
	a.press("Enter")
	a.settle()
	a.expect("processes", a.names(), "token mine")
}

func TestEveryTemplateIsOffered(t *testing.T) {
	a := story(t)
	for i, name := range []string{"token", "counter", "chat", "board", "registry", "empty"} {
		a.press("Ctrl+N")
		a.press("Shift+Tab") // the choice
		for range i {
			a.press("Down")
		}
		a.Sees(name)
		if name != "empty" {
			a.Sees("messages: ", "Saved")
		}
		a.press("Tab", "Enter")
		a.settle()
	}
	a.expect("processes", a.names(), "token token2 counter chat board registry empty")
	for _, name := range []string{"token2", "counter", "chat", "board", "registry", "empty"} {
		if len(a.Project.files[name+".lua"]) < 40 {
			t.Errorf("%s.lua is not written", name)
		}
	}
	a.W.RunCommand("Saved messages…")
	a.settle()
	a.Sees("counter/increment", "chat/post", "board/play", "registry/lookup", "token/mint")
	a.Type("registry/reg\n")
	a.expect("draft", a.W.Composer.Draft().Action, "Register")
}

func TestAProcessIsMadeOfAScriptThatIsThere(t *testing.T) {
	a := story(t)
	before := a.Project.files["escrow.lua"]
	a.press("Ctrl+N")
	a.press("Shift+Tab")
	for range 6 {
		a.press("Down")
	}
	a.Sees("The script escrow.lua of this project, as it is.")
	a.press("Tab", "Enter")
	a.settle()
	a.expect("processes", a.names(), "token escrow")
	if a.Project.files["escrow.lua"] != before {
		t.Error("the script was changed")
	}
	a.expect("tab", a.W.Files.Active().Title(), "escrow.lua")
}

// A deletion can be undone at the foot, and from the menu long after.
func TestADeletedProcessComesBackLater(t *testing.T) {
	a := story(t)
	a.W.RunCommand("Delete…")
	a.Sees("Delete token", "Its script stays")
	a.press("Escape")
	a.expect("processes", a.names(), "token")
	a.W.RunCommand("Delete…")
	a.press("Enter")
	a.settle()
	a.expect("processes", a.names(), "")
	a.Wait(time.Minute)
	a.SeesNot("Undo")
	a.press("Ctrl+N")
	a.Type("other\n")
	a.settle()
	a.Choose("Process", "Bring back token")
	a.settle()
	a.expect("processes", a.names(), "other token")
	a.contains("status", a.status(), "token is back")
	if a.W.RunCommand("Bring back token") {
		t.Error("it is still offered")
	}
}

func TestTheProcessMenuListsAll(t *testing.T) {
	a := story(t)
	a.press("Ctrl+N")
	a.Type("second\n")
	a.settle()
	var labels []string
	for _, it := range a.W.ProcessMenu().Items {
		label := it.Label
		if it.Checked {
			label = "* " + label
		}
		labels = append(labels, label)
	}
	all := strings.Join(labels, "\n")
	for _, want := range []string{"token  ", "* second  ", "New process…", "Rename…", "Fork here…", "Delete…"} {
		a.contains("menu", all, want)
	}
}

// --- Projects --------------------------------------------------------------------

func TestRecentProjectsAreInTheMenuAndThePalette(t *testing.T) {
	a := open(t, setup{recent: []string{"/home/me/shop", "/home/me/game"}, quiet: true})
	a.Choose("File", "Recent projects", "game   /home/me/game")
	a.settle()
	a.press("Ctrl+Shift+P").Type("shop")
	a.Sees("/home/me/shop")
	a.press("Enter")
	a.settle()
	a.expect("opened", fmt.Sprint(a.Projects), "[/home/me/game /home/me/shop]")
	a.contains("status", a.status(), "Opened /home/me/shop in a window of its own")
}

func TestAProjectIsOpenedByItsPath(t *testing.T) {
	a := open(t, setup{recent: []string{"/home/me/shop"}, quiet: true})
	a.W.RunCommand("Open project…")
	a.Sees("shop", "Look for a folder…")
	a.Type("/somewhere/else/")
	a.Sees("Open /somewhere/else")
	a.press("Enter")
	a.settle()
	a.expect("opened", fmt.Sprint(a.Projects), "[/somewhere/else]")
	a.openErr = errors.New("/nowhere: there is no such folder")
	a.W.RunCommand("Open project…")
	a.Type("/nowhere\n")
	a.settle()
	a.contains("status", a.status(), "there is no such folder")
	a.Sees("Open /nowhere", "/nowhere: there is no such folder")
	a.openErr = nil
	a.press("Enter")
	a.settle()
	a.expect("opened", fmt.Sprint(a.Projects), "[/somewhere/else /nowhere]")
}

func TestAFolderThatIsNoProjectBecomesOne(t *testing.T) {
	a := open(t, setup{quiet: true})
	a.openErr = fmt.Errorf("/x: %w", ui.ErrNotProject)
	a.W.Dropped(storage.NewFileURI("/x"))
	a.settle()
	a.Sees("No project yet", "/x has no patchbay.toml")
	a.Tap("Make it a project")
	a.settle()
	a.expect("made", fmt.Sprint(a.Made), "[/x]")
	a.openErr = errors.New("/y/patchbay.toml:3:8: port 99999 does not exist; choose one from 1 to 65535")
	a.W.Dropped(storage.NewFileURI("/y"))
	a.settle()
	a.contains("status", a.status(), "patchbay.toml:3:8")
	a.W.Bottom.Select(ui.TabProblems)
	a.Sees("/y/patchbay.toml:3:8")
}

func TestANewProject(t *testing.T) {
	a := open(t, setup{quiet: true})
	a.W.RunCommand("New project…")
	a.Type("relative")
	a.Sees("Write the whole path of a folder")
	a.press("Enter")
	a.Sees("Write the whole path of a folder", "relative")
	a.press("Ctrl+A").Type("/new/shop\n")
	a.settle()
	a.expect("made", fmt.Sprint(a.Made), "[/new/shop]")
	a.madeErr = errors.New("cannot make a project in /full: the disk is full")
	a.W.RunCommand("New project…")
	a.Type("/full\n")
	a.settle()
	a.contains("status", a.status(), "the disk is full")
	a.Sees("New project", "/full", "cannot make a project in /full: the disk is full") // what was typed is there still
	a.madeErr = nil
	a.press("Enter")
	a.settle()
	a.expect("made", fmt.Sprint(a.Made), "[/new/shop /full]")
}

func TestStateIsExportedAndImported(t *testing.T) {
	a := story(t)
	a.W.RunCommand("Export state…")
	a.Sees("/project/token-demo.jsonl")
	a.press("Enter")
	a.settle()
	a.contains("status", a.status(), "Exported to /project/token-demo.jsonl")
	a.W.RunCommand("Import state…")
	a.Type("nonsense\n")
	a.Sees("Write the whole path")
	a.press("Ctrl+A").Type("/bad.jsonl\n")
	a.settle()
	a.contains("status", a.status(), "/bad.jsonl: line 3")
	a.Sees("Import state", "/bad.jsonl")
}
