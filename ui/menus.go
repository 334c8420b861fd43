package ui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"patchbay/ui/code"
	"patchbay/ui/compose"
	"patchbay/ui/inspect"
	"patchbay/ui/tree"
)

// Commands lists everything the user can do, in the order of the menus. A menu's
// shortcut wins over the focused editor's, so none may be one that the editor uses
// for something else; and keys without a modifier never are shortcuts in Fyne.
func (w *Window) Commands() []Command {
	var out []Command
	for _, menu := range []struct {
		name string
		list []Command
	}{
		{"File", w.fileMenu()},
		{"Edit", w.editMenu()},
		{"View", w.viewMenu()},
		{"Process", w.processCommands()},
		{"Message", w.messageMenu()},
		{"Slot", w.slotMenu()},
		{"Key", w.keyMenu()},
		{"Help", w.helpMenu()},
	} {
		for _, c := range menu.list {
			c.Menu = menu.name
			out = append(out, c)
		}
	}
	return out
}

func item(title string, shortcut fyne.Shortcut, run func()) Command {
	return Command{Title: title, Shortcut: shortcut, Run: run}
}

func line() Command { return Command{Title: "-"} }

// under puts commands into a menu of their own.
func under(title string, list ...Command) []Command {
	for i := range list {
		list[i].Under = title
	}
	return list
}

func (w *Window) fileMenu() []Command {
	out := []Command{
		item("Open script…", ctrl(fyne.KeyO), w.openDialog),
		item("Save", ctrl(fyne.KeyS), func() { w.Files.Save() }),
		item("Save all", ctrlShift(fyne.KeyS), func() { w.Files.SaveAll() }),
		item("Close script", ctrl(fyne.KeyW), w.editor(func(*code.Editor) { w.Files.Close(w.Files.Active()) })),
		item("Next script", &desktop.CustomShortcut{KeyName: fyne.KeyTab, Modifier: fyne.KeyModifierControl}, func() { w.Files.Step(1) }),
	}
	if w.d.OpenProject != nil {
		out = append(out, line(), item("Open project…", nil, w.openProject))
		var recent []Command
		for _, dir := range w.recent() {
			recent = append(recent, item(recentTitle(dir), nil, func() { w.switchProject(dir) }))
		}
		out = append(out, under("Recent projects", recent...)...)
	}
	if w.d.NewProject != nil {
		out = append(out, item("New project…", nil, w.newProject))
	}
	if _, ok := w.d.Engine.(Porter); ok {
		out = append(out, line(), item("Export state…", nil, w.exportState), item("Import state…", nil, w.importState))
	}
	return append(out, line(), item("Quit", ctrl(fyne.KeyQ), w.Quit))
}

func (w *Window) editMenu() []Command {
	clip := w.clipboard()
	return []Command{
		item("Undo", &fyne.ShortcutUndo{}, w.typed(&fyne.ShortcutUndo{})),
		item("Redo", &fyne.ShortcutRedo{}, w.typed(&fyne.ShortcutRedo{})),
		line(),
		item("Cut", &fyne.ShortcutCut{Clipboard: clip}, w.typed(&fyne.ShortcutCut{Clipboard: clip})),
		item("Copy", &fyne.ShortcutCopy{Clipboard: clip}, w.typed(&fyne.ShortcutCopy{Clipboard: clip})),
		item("Paste", &fyne.ShortcutPaste{Clipboard: clip}, w.typed(&fyne.ShortcutPaste{Clipboard: clip})),
		item("Select all", &fyne.ShortcutSelectAll{}, w.typed(&fyne.ShortcutSelectAll{})),
		line(),
		item("Find…", ctrl(fyne.KeyF), w.find),
		item("Replace…", ctrl(fyne.KeyH), w.editor((*code.Editor).ShowReplace)),
		item("Find next (F3)", nil, w.editor(func(e *code.Editor) { e.FindNext() })),
		item("Go to line…", ctrl(fyne.KeyG), w.editor((*code.Editor).ShowGoToLine)),
		item("Go to symbol…", ctrlShift(fyne.KeyO), w.editor((*code.Editor).ShowSymbols)),
		item("Comment lines", ctrl(fyne.KeySlash), w.editor((*code.Editor).ToggleComment)),
		line(),
		item("Next problem", ctrlShift(fyne.KeyE), func() { w.Problems.Next(1) }),
	}
}

func (w *Window) viewMenu() []Command {
	out := []Command{
		item("Command palette…", ctrlShift(fyne.KeyP), w.Palette),
		line(),
	}
	out = append(out, under("Go to", w.goTo()...)...) // which would make the menu higher than a small screen
	out = append(out, line(), item("Filter the tree", ctrlShift(fyne.KeyF), func() { w.focus(w.Tree.Filter) }))
	for _, s := range []struct {
		by    tree.Sort
		title string
	}{
		{tree.ByKey, "Sort keys by key"},
		{tree.ByChanged, "Sort keys by last change"},
		{tree.ByValue, "Sort keys by value"},
		{tree.BySize, "Sort keys by size"},
	} {
		out = append(out, under("Sort keys", item(s.title, nil, func() { w.Tree.SetSort(s.by) }))...)
	}
	show := func(tab int) func() {
		return func() { w.Inspect.Tabs.Select(tab) }
	}
	out = append(out,
		item("Value of the key", nil, show(inspect.TabValue)),
		item("Response for the key", nil, show(inspect.TabResponse)),
		item("History of the key", nil, show(inspect.TabHistory)),
		item("Misses in the traffic", nil, func() { w.Bottom.Select(TabTraffic); w.Traffic.SetMisses(true); w.focus(w.Traffic.List) }),
		item("Clear the traffic", nil, w.Traffic.Clear),
		item("Clear the console", nil, w.Console.Clear))
	if w.d.SetTheme == nil {
		return out
	}
	out = append(out, line())
	now := w.themeMode()
	for _, t := range [][2]string{{"Dark", "dark"}, {"Light", "light"}, {"High contrast", "contrast"}, {"Like the system", "system"}} {
		c := item(t[0], nil, func() { w.setTheme(t[1]) })
		c.On = now == t[1]
		out = append(out, under("Colours", c)...)
	}
	return append(out,
		item("Bigger", ctrlAlt(fyne.KeyEqual), func() { w.zoom(0.1) }),
		item("Smaller", ctrlAlt(fyne.KeyMinus), func() { w.zoom(-0.1) }),
		item("Normal size", ctrlAlt(fyne.Key0), func() { w.zoom(0) }))
}

// goTo are the commands that give a part of the window the keyboard.
func (w *Window) goTo() []Command {
	return []Command{
		item("Editor", ctrl(fyne.Key1), w.editor(func(e *code.Editor) { w.focus(e) })),
		item("Cache tree", ctrl(fyne.Key2), func() { w.focus(w.Tree.List) }),
		item("Composer", ctrl(fyne.Key3), func() {
			w.Bottom.Select(TabSend)
			w.focus(w.Composer.Action)
			w.Composer.Action.TypedShortcut(&fyne.ShortcutSelectAll{}) // typing replaces what is there
		}),
		item("Slots", ctrl(fyne.Key4), func() { w.Bottom.Select(min(w.Bottom.Current(), TabSlot)); w.focus(w.Slots.Rows) }),
		item("HTTP traffic", ctrl(fyne.Key5), func() { w.Bottom.Select(TabTraffic); w.focus(w.Traffic.List) }),
		item("Problems", ctrl(fyne.Key6), func() { w.Bottom.Select(TabProblems); w.focus(w.Problems.List) }),
		item("Console", ctrl(fyne.Key7), w.showConsole),
		item("Outbox", nil, func() { w.Bottom.Select(TabOutbox); w.focus(w.Outbox.Rows) }),
		item("Output", nil, func() { w.Bottom.Select(TabOutput); w.focus(w.Output.Rows) }),
		item("Slot details", nil, func() { w.Bottom.Select(TabSlot); w.focus(w.Facts.Rows) }),
		item("Next control", ctrl(fyne.KeyM), func() { w.step(true) }),
		item("Control before", ctrlAlt(fyne.KeyM), func() { w.step(false) }),
	}
}

func (w *Window) processCommands() []Command {
	out := []Command{
		item("Run", ctrl(fyne.KeyR), w.Run),
		item("Replay", ctrlShift(fyne.KeyR), w.Replay),
		item("Reset", nil, w.Reset),
		item("Stop what runs", ctrl(fyne.KeyPeriod), w.cancelTasks),
		line(),
		item("New process…", ctrl(fyne.KeyN), w.newProcess),
		item("Show another process…", ctrl(fyne.KeyP), w.pickProcess),
		item("Copy process id", nil, w.copyPID),
	}
	if _, ok := w.d.Engine.(Renamer); ok {
		out = append(out, item("Rename…", nil, w.rename))
	}
	if _, ok := w.d.Engine.(Forker); ok {
		out = append(out, item("Fork here…", nil, w.fork))
	}
	if _, ok := w.d.Engine.(Remover); ok {
		out = append(out, item("Delete…", nil, w.remove))
	}
	for i := len(w.deleted) - 1; i >= 0; i-- {
		p := w.deleted[i].process
		out = append(out, item("Bring back "+p.Name, nil, func() { w.bringBack(p.ID) }))
	}
	out = append(out, line())
	if _, ok := w.d.Engine.(Brancher); ok {
		out = append(out, item("Branches…", nil, w.branches))
	}
	if _, ok := w.d.Engine.(Starter); ok {
		out = append(out, item("New branch from this slot", nil, func() { w.startBranch(w.shown) }))
	}
	if _, ok := w.d.Engine.(Verifier); ok {
		out = append(out, item("Check the replay", nil, w.verify))
	}
	now := w.d.Engine.Profile()
	for _, p := range w.d.Engine.Profiles() {
		c := item("Profile "+p, nil, func() { w.setProfile(p) })
		c.On = p == now
		out = append(out, under("Profile", c)...)
	}
	return out
}

func (w *Window) messageMenu() []Command {
	out := []Command{
		item("Send", ctrl(fyne.KeyReturn), w.sendCommand),
		item("Dry run", alt(fyne.KeyReturn), w.dryRunCommand),
		item("Add a tag", ctrl(fyne.KeyT), func() { w.Bottom.Select(TabSend); w.Composer.AddTag("", "") }),
		line(),
		item("Send several times…", nil, w.Composer.AskRepeat),
		line(),
		item("Save message…", nil, w.Composer.Save),
		item("Saved messages…", ctrlShift(fyne.KeyM), w.pickSaved),
		item("Messages sent before (history)…", ctrlShift(fyne.KeyH), w.Composer.PickHistory),
		line(),
		item("Import curl, aoconnect or JSON…", nil, w.Composer.AskImport),
		item("Copy as curl", nil, func() { w.Composer.Copy("curl") }),
		item("Copy as aoconnect", nil, func() { w.Composer.Copy("aoconnect") }),
		item("Copy as Lua", nil, func() { w.Composer.Copy("Lua") }),
		line(),
		item("Insert a variable…", nil, w.Composer.PickVariable),
		item("Format Data as JSON", nil, func() { w.Composer.FormatData(true) }),
		item("Data as JSON in one line", nil, func() { w.Composer.FormatData(false) }),
	}
	out = append(out, under("Data is",
		item("Data is text, or JSON that is checked", nil, func() { w.Composer.SetKind("") }),
		item("Data is JSON, sent only when it is valid", nil, func() { w.Composer.SetKind(compose.AsJSON) }),
		item("Data is text, never checked", nil, func() { w.Composer.SetKind(compose.AsText) }))...)
	return append(out, item("Clear the form", nil, w.Composer.Clear))
}

func (w *Window) slotMenu() []Command {
	return []Command{
		item("Live", alt(fyne.KeyEnd), w.goLive),
		item("Slot before", alt(fyne.KeyLeft), w.Bar.StepBack),
		item("Next slot", alt(fyne.KeyRight), w.Bar.StepNext),
		item("Go to slot…", ctrlShift(fyne.KeyG), w.goToSlot),
		item("Error before", alt(fyne.KeyPageUp), func() { w.nextError(false) }),
		item("Next error", alt(fyne.KeyPageDown), func() { w.nextError(true) }),
		item("Filter slots", ctrlAlt(fyne.KeyS), w.filterSlots),
	}
}

func (w *Window) keyMenu() []Command {
	out := []Command{
		item("Copy URL of the key", ctrlShift(fyne.KeyC), w.Inspect.CopyURL),
		item("Copy path of the key", ctrlAlt(fyne.KeyC), w.Tree.CopyPath),
		item("Copy value of the key", nil, w.Tree.CopyValue),
	}
	if w.d.OpenURL != nil {
		out = append(out, item("Open in browser", ctrlShift(fyne.KeyB), w.openInBrowser))
	}
	for _, it := range w.Inspect.CodeMenu().Items {
		if what, ok := strings.CutPrefix(it.Label, "Copy as "); ok && what != "URL" {
			out = append(out, under("Copy the request", item("Copy the request as "+what, nil, it.Action))...)
		}
	}
	for i, name := range inspect.Encodings() {
		out = append(out, under("Ask for the key", item("Ask for the key: "+name, nil, func() { w.Inspect.Tabs.Select(inspect.TabResponse); w.Inspect.SetEncoding(i) }))...)
	}
	out = append(out, under("Ask for the key", item("Ask for the key: with or without what links lead to", nil, func() { w.Inspect.Tabs.Select(inspect.TabResponse); w.Inspect.ToggleBundle() }))...)
	out = append(out, under("Ask for the key", item("Ask the node for any path…", nil, w.askPath))...)
	return append(out, line(),
		item("Pin or unpin the key", ctrlAlt(fyne.KeyP), w.Tree.TogglePin),
		item("Expand all below (*)", nil, w.Tree.ExpandAll),
		item("Collapse all below", nil, w.Tree.CollapseAll))
}

func (w *Window) helpMenu() []Command {
	return []Command{
		item("First steps", nil, w.showTour),
		item("Shortcuts", ctrlAlt(fyne.KeyK), w.shortcuts),
		line(),
		item("About Patchbay", nil, w.about),
	}
}

// step moves the keyboard to the next control, also out of the editor, which keeps
// Tab for itself.
func (w *Window) step(next bool) {
	switch {
	case w.win == nil:
	case next:
		w.win.Canvas().FocusNext()
	default:
		w.win.Canvas().FocusPrevious()
	}
}
