package ui_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"fyne.io/fyne/v2/storage"

	"patchbay/ui"
	"patchbay/ui/compose"
	"patchbay/ui/inspect"
)

// command runs a command of the menus and what is typed into what it opens.
func command(title, typed string) func(*app) {
	return func(a *app) {
		a.W.RunCommand(title)
		a.settle()
		a.Type(typed)
	}
}

// inEditor gives the script the keyboard at a place and presses keys.
func inEditor(line, col int, keys ...string) func(*app) {
	return func(a *app) {
		e := a.W.Files.Active().Editor
		a.Focus(e)
		e.Reveal(line, col)
		a.press(keys...)
	}
}

func editorScenes() []scene {
	typed := func(first func(*app), text string) func(*app) {
		return func(a *app) { first(a); a.Type(text) }
	}
	return []scene{
		{"editor-find", setup{}, typed(inEditor(8, 1, "Ctrl+F"), "amount")},
		{"editor-find-nothing", setup{}, typed(inEditor(8, 1, "Ctrl+F"), "nowhere")},
		{"editor-find-wrong", setup{}, typed(inEditor(8, 1, "Ctrl+F", "Alt+R"), "(amo")},
		{"editor-replace", setup{}, typed(inEditor(8, 1, "Ctrl+H"), "amount")},
		{"editor-go-to-line", setup{}, typed(inEditor(8, 1, "Ctrl+G"), "20")},
		{"editor-symbols", setup{}, inEditor(8, 1, "Ctrl+Shift+O")},
		{"editor-completion", setup{}, typed(inEditor(12, 1), "  ao.")},
		{"editor-call", setup{}, typed(inEditor(12, 1), "  string.format(")},
		{"editor-selection", setup{}, func(a *app) { a.W.Files.Active().Editor.Select(9, 9, 13, 20) }},
		{"editor-carets", setup{}, inEditor(9, 9, "Ctrl+D", "Ctrl+D", "Ctrl+D")},
		{"editor-tip", setup{lint: someLint}, func(a *app) {
			e := a.W.Files.Active().Editor
			e.Reveal(8, 1)
			a.Wait(2 * time.Second)
			at, _ := a.Place(e)
			p, _ := e.CellAt(11, 20)
			a.Move(at.X+p.X, at.Y+p.Y+4).Wait(2 * time.Second)
		}},
		{"editor-menu", setup{}, func(a *app) {
			e := a.W.Files.Active().Editor
			e.Reveal(9, 5)
			at, _ := a.Place(e)
			p, _ := e.CellAt(9, 5)
			a.DoubleClick(at.X+p.X, at.Y+p.Y+4).RightClick(at.X+p.X, at.Y+p.Y+4)
		}},
		{"editor-error", setup{}, func(a *app) {
			inEditor(1, 1)(a)
			a.Type("syntax error\n")
			a.press("Ctrl+R")
			a.Wait(2 * time.Second)
		}},
		{"editor-tabs", setup{}, func(a *app) {
			a.W.OpenScript("escrow.lua")
			a.W.OpenScript("nothere.lua")
			a.settle()
		}},
		{"editor-close-unsaved", setup{}, func(a *app) {
			inEditor(1, 1)(a)
			a.Type("x")
			a.press("Ctrl+W")
		}},
	}
}

func composerScenes() []scene {
	filled := func(a *app) {
		a.transfer("bob", "250")
		a.W.Composer.Data.SetText(`{"memo":"thanks","list":[1,2,3]}`)
	}
	saved := func(a *app) {
		for _, n := range []string{"transfers/small", "transfers/large", "info"} {
			a.W.SaveMessage(compose.Saved{Name: n, Draft: compose.Draft{From: "alice", Action: "Transfer"}})
			a.settle()
		}
	}
	more := func(sub ...string) func(*app) {
		return func(a *app) {
			saved(a)
			filled(a)
			a.press("Ctrl+Return")
			a.ClickOn(a.W.Composer.MoreButton)
			for _, s := range sub {
				a.pointAt(s)
			}
		}
	}
	return []scene{
		{"composer", setup{}, filled},
		{"composer-sent", setup{}, func(a *app) { filled(a); a.press("Ctrl+Return") }},
		{"composer-failed", setup{}, func(a *app) { a.transfer("bob", "x"); a.press("Ctrl+Return") }},
		{"composer-refused", setup{}, func(a *app) { a.transfer("bob", "{{price}}"); a.press("Ctrl+Return") }},
		{"composer-not-json", setup{}, func(a *app) { filled(a); a.W.Composer.Data.SetText(`{"a": 1,}`) }},
		{"composer-new-tag", setup{}, func(a *app) { filled(a); a.press("Ctrl+T") }},
		{"composer-dry-run", setup{}, func(a *app) { filled(a); a.press("Alt+Return") }},
		{"composer-choices", setup{}, func(a *app) { a.Focus(a.W.Composer.From); a.press("Down") }},
		{"composer-tag-menu", setup{}, func(a *app) { filled(a); a.rowMenu(a.W.Composer.Tag("Quantity")) }},
		{"composer-data-menu", setup{}, func(a *app) { filled(a); a.ClickOn(a.W.Composer.Kind) }},
		{"composer-menu", setup{}, more()},
		{"composer-history-menu", setup{}, more("History")},
		{"composer-saved-menu", setup{}, more("Saved messages")},
		{"composer-variables", setup{}, more("Insert a variable")},
		{"composer-repeat", setup{}, command("Send several times…", "")},
		{"composer-save", setup{}, func(a *app) { filled(a); command("Save message…", "")(a) }},
		{"composer-save-taken", setup{}, func(a *app) { saved(a); filled(a); command("Save message…", "info\n")(a) }},
		{"composer-saved", setup{}, func(a *app) { saved(a); command("Saved messages…", "")(a) }},
		{"composer-saved-none", setup{}, command("Saved messages…", "")},
		{"composer-history", setup{}, func(a *app) { filled(a); a.press("Ctrl+Return"); command("Messages sent before (history)…", "")(a) }},
		{"composer-import", setup{}, command("Import curl, aoconnect or JSON…", "")},
		{"composer-import-wrong", setup{}, func(a *app) {
			command("Import curl, aoconnect or JSON…", "curl -X POST http://")(a)
			a.TapLast("OK")
		}},
		{"composer-copied", setup{}, func(a *app) { filled(a); a.W.RunCommand("Copy as aoconnect") }},
	}
}

func dialogScenes() []scene {
	second := func(a *app) {
		must(a.Engine.Spawn(context.Background(), ui.SpawnRequest{Name: "second", Script: "escrow.lua", Owner: alice}))
		a.settle()
	}
	recent := setup{recent: []string{"/home/me/projects/shop", "/home/me/projects/a-game-with-a-long-name/contracts"}}
	list := []scene{
		{"palette", setup{}, command("Command palette…", "")},
		{"palette-typed", setup{}, command("Command palette…", "copy")},
		{"palette-nothing", setup{}, command("Command palette…", "zzzz")},
		{"shortcuts", setup{}, command("Shortcuts", "")},
		{"about", setup{}, command("About Patchbay", "")},
		{"open-script", setup{}, command("Open script…", "")},
		{"open-project", recent, command("Open project…", "")},
		{"open-project-wrong", recent, func(a *app) {
			a.openErr = errors.New("/nowhere: there is no such folder")
			command("Open project…", "/nowhere\n")(a)
			a.settle()
		}},
		{"look-for-folder", recent, func(a *app) {
			dir := a.T.TempDir()
			must(0, storage.CreateListable(storage.NewFileURI(filepath.Join(dir, "contracts"))))
			command("Open project…", "")(a)
			a.press("Down", "Down", "Return")
		}},
		{"make-project", recent, func(a *app) {
			a.openErr = fmt.Errorf("/home/me/projects/shop: %w", ui.ErrNotProject)
			a.W.Dropped(storage.NewFileURI("/home/me/projects/shop"))
		}},
		{"new-project", recent, command("New project…", "")},
		{"new-project-wrong", recent, command("New project…", "relative")},
		{"export", setup{}, command("Export state…", "")},
		{"import", setup{}, command("Import state…", "")},
		{"import-wrong", setup{}, func(a *app) { command("Import state…", "/bad.jsonl\n")(a); a.settle() }},
		{"show-process", setup{}, func(a *app) { second(a); command("Show another process…", "")(a) }},
		{"rename", setup{}, command("Rename…", "")},
		{"rename-wrong", setup{}, command("Rename…", "a/b")},
		{"fork", setup{}, command("Fork here…", "")},
		{"delete", setup{}, command("Delete…", "")},
		{"deleted", setup{}, func(a *app) { second(a); command("Delete…", "\n")(a); a.settle() }},
		{"branches", setup{}, command("Branches…", "")},
		{"branch-made", setup{}, func(a *app) { a.W.ShowSlot(4); a.settle(); a.W.RunCommand("New branch from this slot") }},
		{"reset", setup{}, func(a *app) { a.W.Reset() }},
		{"replayed", setup{}, command("Replay", "")},
		{"go-to-slot", setup{}, command("Go to slot…", "")},
		{"go-to-slot-wrong", setup{}, command("Go to slot…", "99")},
		{"quit-unsaved", setup{}, func(a *app) {
			inEditor(1, 1)(a)
			a.Type("x")
			a.press("Ctrl+Q")
		}},
		{"new-process-wrong", setup{}, command("New process…", "token")},
		{"new-process-choices", setup{}, func(a *app) { command("New process…", "")(a); a.press("Shift+Tab", "Space") }},
	}
	for i, name := range []string{"token", "counter", "chat", "board", "registry", "empty", "script"} {
		list = append(list, scene{"new-process-" + name, setup{}, func(a *app) {
			command("New process…", "")(a)
			a.press("Shift+Tab")
			for range i {
				a.press("Down")
			}
		}})
	}
	return list
}

func menuScenes() []scene {
	recent := setup{recent: []string{"/home/me/projects/shop", "/home/me/projects/a-game-with-a-long-name/contracts"}}
	var list []scene
	for i, name := range []string{"file", "edit", "view", "process", "message", "slot", "key", "help"} {
		list = append(list, scene{"menu-" + name, recent, func(a *app) { a.menuAt(i) }})
	}
	header := func(part string) func(*app) {
		return func(a *app) { a.tapPart(part) }
	}
	row := func(tab int) func(*app) {
		return func(a *app) {
			bottom(tab)(a)
			o := a.W.Outbox.Rows
			if tab == ui.TabSlot {
				o = a.W.Facts.Rows
			}
			a.Focus(o)
			a.press("Down", "Down", "Down", "Menu")
		}
	}
	inspector := func(tab int, open func(*app)) func(*app) {
		return func(a *app) {
			a.W.Tree.Select(aliceAt)
			a.W.Inspect.Tabs.Select(tab)
			a.Wait(time.Second)
			open(a)
		}
	}
	return append(list, []scene{
		{"menu-colours", recent, func(a *app) { a.menuAt(2); a.pointAt("Colours") }},
		{"menu-recent", recent, func(a *app) { a.menuAt(0); a.pointAt("Recent projects") }},
		{"menu-profile", recent, func(a *app) { a.menuAt(3); a.pointAt("Profile") }},
		{"header-project", recent, header("token-demo")},
		{"header-process", setup{}, header("token ")},
		{"header-address", setup{}, header("127.0.0.1:8734")},
		{"header-profile", setup{}, header("profile  ")},
		{"tree-menu", setup{}, func(a *app) { a.W.Tree.Select(aliceAt); a.rowMenu(a.W.Tree.List) }},
		{"tree-sort-menu", setup{}, header("⇅")},
		{"slots-menu", setup{}, func(a *app) { a.Focus(a.W.Slots.Rows); a.press("Home", "Menu") }},
		{"outbox-menu", setup{}, row(ui.TabOutbox)},
		{"slot-menu", setup{}, row(ui.TabSlot)},
		{"inspect-code-menu", setup{}, inspector(inspect.TabValue, func(a *app) { a.ClickOn(a.W.Inspect.CurlBtn) })},
		{"inspect-encodings", setup{}, inspector(inspect.TabResponse, func(a *app) { a.tapPart("as a node sends it") })},
		{"inspect-menu", setup{}, inspector(inspect.TabValue, func(a *app) { a.rowMenu(a.W.Inspect.Lines) })},
	}...)
}
