package ui

import (
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"patchbay/engine/ao"
	"patchbay/ui/inspect"
	"patchbay/ui/tree"
)

// Command is something the user can do: an item of a menu, a line of the palette,
// perhaps a shortcut.
type Command struct {
	// Menu is the menu's name, Title the item's. A Title of "-" is a line.
	Menu, Title string
	Shortcut    fyne.Shortcut
	Run         func()
}

func ctrl(k fyne.KeyName) fyne.Shortcut {
	return &desktop.CustomShortcut{KeyName: k, Modifier: fyne.KeyModifierShortcutDefault}
}

func ctrlShift(k fyne.KeyName) fyne.Shortcut {
	return &desktop.CustomShortcut{KeyName: k, Modifier: fyne.KeyModifierShortcutDefault | fyne.KeyModifierShift}
}

func alt(k fyne.KeyName) fyne.Shortcut {
	return &desktop.CustomShortcut{KeyName: k, Modifier: fyne.KeyModifierAlt}
}

func ctrlAlt(k fyne.KeyName) fyne.Shortcut {
	return &desktop.CustomShortcut{KeyName: k, Modifier: fyne.KeyModifierShortcutDefault | fyne.KeyModifierAlt}
}

// keyName writes a shortcut as the user's keyboard has it: "Ctrl+R", "⌘R".
func (w *Window) keyName(keys string) string {
	if w.mac {
		return "⌘" + strings.ReplaceAll(keys, "Shift+", "⇧")
	}
	return "Ctrl+" + keys
}

// typed sends an editing shortcut to whatever has the keyboard.
func (w *Window) typed(s fyne.Shortcut) func() {
	return func() {
		if w.win == nil {
			return
		}
		if o, ok := w.win.Canvas().Focused().(fyne.Shortcutable); ok {
			o.TypedShortcut(s)
		}
	}
}

// editor runs f on the editor in front.
func (w *Window) editor(f func()) func() {
	return func() {
		if w.Files.Active() != nil {
			f()
		}
	}
}

// Commands lists everything the user can do, in the order of the menus. A menu's
// shortcut wins over the focused editor's, so none may be one that the editor uses
// for something else; and keys without a modifier never are shortcuts in Fyne.
func (w *Window) Commands() []Command {
	line := func(menu string) Command { return Command{Menu: menu, Title: "-"} }
	out := []Command{
		{"File", "Open script…", ctrl(fyne.KeyO), w.openDialog},
		{"File", "Save", ctrl(fyne.KeyS), func() { w.Files.Save() }},
		{"File", "Save all", ctrlShift(fyne.KeyS), func() { w.Files.SaveAll() }},
		{"File", "Close script", ctrl(fyne.KeyW), w.editor(func() { w.Files.Close(w.Files.Active()) })},
		{"File", "Next script", &desktop.CustomShortcut{KeyName: fyne.KeyTab, Modifier: fyne.KeyModifierControl}, func() { w.Files.Step(1) }},
	}
	if w.d.OpenProject != nil {
		out = append(out, line("File"), Command{"File", "Open project…", nil, w.openProject})
	}
	out = append(out, line("File"), Command{"File", "Quit", ctrl(fyne.KeyQ), w.Quit})
	clip := w.clipboard()
	out = append(out,
		Command{"Edit", "Undo", &fyne.ShortcutUndo{}, w.typed(&fyne.ShortcutUndo{})},
		Command{"Edit", "Redo", &fyne.ShortcutRedo{}, w.typed(&fyne.ShortcutRedo{})},
		line("Edit"),
		Command{"Edit", "Cut", &fyne.ShortcutCut{Clipboard: clip}, w.typed(&fyne.ShortcutCut{Clipboard: clip})},
		Command{"Edit", "Copy", &fyne.ShortcutCopy{Clipboard: clip}, w.typed(&fyne.ShortcutCopy{Clipboard: clip})},
		Command{"Edit", "Paste", &fyne.ShortcutPaste{Clipboard: clip}, w.typed(&fyne.ShortcutPaste{Clipboard: clip})},
		Command{"Edit", "Select all", &fyne.ShortcutSelectAll{}, w.typed(&fyne.ShortcutSelectAll{})},
		line("Edit"),
		Command{"Edit", "Find…", ctrl(fyne.KeyF), w.find},
		Command{"Edit", "Replace…", ctrl(fyne.KeyH), w.editor(func() { w.Files.Active().Editor.ShowReplace() })},
		Command{"Edit", "Find next (F3)", nil, w.editor(func() { w.Files.Active().Editor.FindNext() })},
		Command{"Edit", "Go to line…", ctrl(fyne.KeyG), w.editor(func() { w.Files.Active().Editor.ShowGoToLine() })},
		Command{"Edit", "Go to symbol…", ctrlShift(fyne.KeyO), w.editor(func() { w.Files.Active().Editor.ShowSymbols() })},
		Command{"Edit", "Comment lines", ctrl(fyne.KeySlash), w.editor(func() { w.Files.Active().Editor.ToggleComment() })},
		Command{"Edit", "Next problem", ctrlShift(fyne.KeyE), func() { w.Problems.Next(1) }},
		Command{"View", "Command palette…", ctrlShift(fyne.KeyP), w.Palette},
		line("View"),
		Command{"View", "Editor", ctrl(fyne.Key1), w.editor(func() { w.focus(w.Files.Active().Editor) })},
		Command{"View", "Cache tree", ctrl(fyne.Key2), func() { w.focus(w.Tree.List) }},
		Command{"View", "Composer", ctrl(fyne.Key3), func() {
			w.Bottom.Select(TabSend)
			w.focus(w.Composer.Action)
			w.Composer.Action.TypedShortcut(&fyne.ShortcutSelectAll{}) // typing replaces what is there
		}},
		Command{"View", "Slots", ctrl(fyne.Key4), func() { w.Bottom.Select(min(w.Bottom.Current(), TabSlot)); w.focus(w.Slots.Rows) }},
		Command{"View", "HTTP traffic", ctrl(fyne.Key5), func() { w.Bottom.Select(TabTraffic); w.focus(w.Traffic.List) }},
		Command{"View", "Problems", ctrl(fyne.Key6), func() { w.Bottom.Select(TabProblems); w.focus(w.Problems.List) }},
		Command{"View", "Outbox", nil, func() { w.Bottom.Select(TabOutbox) }},
		Command{"View", "Output", nil, func() { w.Bottom.Select(TabOutput) }},
		Command{"View", "Slot details", nil, func() { w.Bottom.Select(TabSlot) }},
		Command{"View", "Filter the tree", ctrlShift(fyne.KeyF), func() { w.focus(w.Tree.Filter) }},
		Command{"View", "Sort keys by key", nil, func() { w.Tree.SetSort(tree.ByKey) }},
		Command{"View", "Sort keys by last change", nil, func() { w.Tree.SetSort(tree.ByChanged) }},
		Command{"View", "Sort keys by value", nil, func() { w.Tree.SetSort(tree.ByValue) }},
		Command{"View", "Sort keys by size", nil, func() { w.Tree.SetSort(tree.BySize) }},
		line("View"),
		Command{"View", "Value of the key", nil, func() { w.Inspect.Tabs.Select(inspect.TabValue) }},
		Command{"View", "Response for the key", nil, func() { w.Inspect.Tabs.Select(inspect.TabResponse) }},
		Command{"View", "History of the key", nil, func() { w.Inspect.Tabs.Select(inspect.TabHistory) }},
	)
	if w.d.SetTheme != nil {
		out = append(out, line("View"),
			Command{"View", "Dark", nil, func() { w.setTheme("dark") }},
			Command{"View", "Light", nil, func() { w.setTheme("light") }},
			Command{"View", "High contrast", nil, func() { w.setTheme("contrast") }},
			Command{"View", "Like the system", nil, func() { w.setTheme("system") }},
			Command{"View", "Bigger", ctrlAlt(fyne.KeyEqual), func() { w.zoom(0.1) }},
			Command{"View", "Smaller", ctrlAlt(fyne.KeyMinus), func() { w.zoom(-0.1) }},
			Command{"View", "Normal size", ctrlAlt(fyne.Key0), func() { w.zoom(0) }})
	}
	out = append(out,
		Command{"Process", "Run", ctrl(fyne.KeyR), w.Run},
		Command{"Process", "Replay", ctrlShift(fyne.KeyR), w.Replay},
		Command{"Process", "Reset", nil, w.Reset},
		Command{"Process", "Stop what runs", ctrl(fyne.KeyPeriod), w.cancelTasks},
		line("Process"),
		Command{"Process", "New process…", ctrl(fyne.KeyN), w.newProcess},
		Command{"Process", "Show another process…", ctrl(fyne.KeyP), w.pickProcess},
		Command{"Process", "Copy process id", nil, w.copyPID},
	)
	if _, ok := w.d.Engine.(Renamer); ok {
		out = append(out, Command{"Process", "Rename…", nil, w.rename})
	}
	if _, ok := w.d.Engine.(Forker); ok {
		out = append(out, Command{"Process", "Fork here…", nil, w.fork})
	}
	if _, ok := w.d.Engine.(Brancher); ok {
		out = append(out, Command{"Process", "Branches…", nil, w.branches})
	}
	if _, ok := w.d.Engine.(Starter); ok {
		out = append(out, Command{"Process", "New branch from this slot", nil, func() { w.startBranch(w.shown) }})
	}
	if _, ok := w.d.Engine.(Verifier); ok {
		out = append(out, Command{"Process", "Check the replay", nil, w.verify})
	}
	if _, ok := w.d.Engine.(Remover); ok {
		out = append(out, Command{"Process", "Delete…", nil, w.remove})
	}
	out = append(out,
		Command{"Message", "Send", ctrl(fyne.KeyReturn), w.Composer.Send},
		Command{"Message", "Dry run", alt(fyne.KeyReturn), w.Composer.DryRun},
		Command{"Message", "Add a tag", ctrl(fyne.KeyT), func() { w.Bottom.Select(TabSend); w.Composer.AddTag("", "") }},
		Command{"Message", "Send several times…", nil, w.Composer.AskRepeat},
		line("Message"),
		Command{"Message", "Save…", nil, w.Composer.Save},
		Command{"Message", "Saved messages…", ctrlShift(fyne.KeyM), w.pickSaved},
		Command{"Message", "Sent before…", ctrlShift(fyne.KeyH), w.Composer.PickHistory},
		line("Message"),
		Command{"Message", "Import…", nil, w.Composer.AskImport},
		Command{"Message", "Copy as curl", nil, func() { w.Composer.Copy("curl") }},
		Command{"Message", "Copy as aoconnect", nil, func() { w.Composer.Copy("aoconnect") }},
		Command{"Message", "Copy as Lua", nil, func() { w.Composer.Copy("Lua") }},
		Command{"Slot", "Live", alt(fyne.KeyEnd), w.goLive},
		Command{"Slot", "Slot before", alt(fyne.KeyLeft), w.Bar.StepBack},
		Command{"Slot", "Next slot", alt(fyne.KeyRight), w.Bar.StepNext},
		Command{"Slot", "Go to slot…", ctrlShift(fyne.KeyG), w.goToSlot},
		Command{"Slot", "Error before", alt(fyne.KeyPageUp), func() { w.nextError(false) }},
		Command{"Slot", "Next error", alt(fyne.KeyPageDown), func() { w.nextError(true) }},
		Command{"Slot", "Filter slots", ctrlShift(fyne.KeyL), w.filterSlots},
		Command{"Key", "Copy URL of the key", ctrlShift(fyne.KeyC), w.Inspect.CopyURL},
		Command{"Key", "Copy path of the key", ctrlAlt(fyne.KeyC), w.Tree.CopyPath},
		Command{"Key", "Copy value of the key", nil, w.Tree.CopyValue},
		Command{"Key", "Open in browser", ctrlShift(fyne.KeyB), w.openInBrowser},
		line("Key"),
		Command{"Key", "Pin or unpin the key", ctrlAlt(fyne.KeyP), w.Tree.TogglePin},
		Command{"Key", "Expand all below (*)", nil, w.Tree.ExpandAll},
		Command{"Key", "Collapse all below", nil, w.Tree.CollapseAll},
		Command{"Help", "First steps", nil, w.showTour},
		Command{"Help", "Shortcuts", nil, w.Palette},
		Command{"Help", "About Patchbay", nil, w.about},
	)
	return out
}

// Menu is the main menu. Shortcuts live here and not on the canvas, because a
// focused widget swallows those (spec fyne §D).
func (w *Window) Menu() *fyne.MainMenu {
	var menus []*fyne.Menu
	for _, c := range w.Commands() {
		if len(menus) == 0 || menus[len(menus)-1].Label != c.Menu {
			menus = append(menus, fyne.NewMenu(c.Menu))
		}
		m := menus[len(menus)-1]
		if c.Title == "-" {
			m.Items = append(m.Items, fyne.NewMenuItemSeparator())
			continue
		}
		it := fyne.NewMenuItem(c.Title, w.guarded(c))
		it.Shortcut = c.Shortcut
		it.IsQuit = c.Title == "Quit"
		m.Items = append(m.Items, it)
	}
	return fyne.NewMainMenu(menus...)
}

// typedShortcut runs the command of a shortcut that a focused widget swallowed.
func (w *Window) typedShortcut(s fyne.Shortcut) {
	for _, c := range w.Commands() {
		if c.Shortcut != nil && c.Shortcut.ShortcutName() == s.ShortcutName() {
			w.guarded(c)()
			return
		}
	}
}

// guarded keeps a command from running under a dialog or a menu, whose keys the
// main menu would take away; only editing goes on in the dialog's fields.
func (w *Window) guarded(c Command) func() {
	if c.Menu == "Edit" {
		return c.Run
	}
	return func() {
		if w.win == nil || w.win.Canvas().Overlays().Top() == nil {
			c.Run()
		}
	}
}

// Palette lists all commands to search in.
func (w *Window) Palette() {
	var all []choice
	for _, c := range w.Commands() {
		if c.Title != "-" && c.Title != "Command palette…" {
			all = append(all, choice{title: c.Title, note: c.Menu, keys: w.shortcutName(c.Shortcut), run: c.Run})
		}
	}
	for _, p := range w.d.Engine.Profiles() {
		all = append(all, choice{title: "Profile " + p, note: "Process", run: func() { w.setProfile(p) }})
	}
	w.pick("what would you like to do?", all)
}

// shortcutName writes a shortcut, "" for none.
func (w *Window) shortcutName(s fyne.Shortcut) string {
	var key fyne.KeyName
	var mod fyne.KeyModifier
	switch s := s.(type) {
	case *desktop.CustomShortcut:
		key, mod = s.KeyName, s.Modifier
	case fyne.KeyboardShortcut:
		key, mod = s.Key(), s.Mod()
	default:
		return ""
	}
	name := ""
	if mod&(fyne.KeyModifierControl|fyne.KeyModifierSuper) != 0 {
		name = "Ctrl+"
		if w.mac {
			name = "⌘"
		}
	}
	if mod&fyne.KeyModifierAlt != 0 {
		name += "Alt+"
	}
	if mod&fyne.KeyModifierShift != 0 {
		name += "Shift+"
	}
	switch key {
	case fyne.KeyReturn:
		return name + "Enter"
	case fyne.KeyLeft:
		return name + "←"
	case fyne.KeyRight:
		return name + "→"
	case fyne.KeyUp:
		return name + "↑"
	case fyne.KeyDown:
		return name + "↓"
	}
	return name + string(key)
}

// find looks in the panel that has the keyboard: the tree's and the slots' filter,
// else the editor.
func (w *Window) find() {
	if w.win != nil {
		switch w.win.Canvas().Focused() {
		case w.Tree.List:
			w.focus(w.Tree.Filter)
			return
		case w.Slots.Rows:
			w.filterSlots()
			return
		case w.Traffic.List:
			w.focus(w.Traffic.Filter)
			return
		}
	}
	if k := w.Files.Active(); k != nil {
		k.Editor.ShowFind()
	}
}

func (w *Window) filterSlots() {
	w.Bottom.Select(min(w.Bottom.Current(), TabSlot))
	w.focus(w.Slots.Filter)
}

// nextError shows the next slot with an error, older or newer than the one shown,
// however far away it is.
func (w *Window) nextError(newer bool) {
	if w.pid == "" || w.shown < 0 {
		w.say("There is no slot yet.")
		return
	}
	from, to, where := w.shown-1, int64(0), "before"
	if newer {
		from, to, where = w.shown+1, w.store.head, "after"
	}
	none := func() { w.say(fmt.Sprintf("There is no slot with an error %s slot %d.", where, w.shown)) }
	if newer && from > to || !newer && from < to {
		none()
		return
	}
	if w.stopJump != nil {
		w.stopJump()
	}
	ctx, t := w.begin("Looking for an error")
	found := false
	stop := w.store.Search(from, to, func(s *ao.Slot) bool { return s.Result.Failed() }, func(hits []*ao.Slot, _ int64) bool {
		if len(hits) > 0 {
			found = true
			w.showSlot(hits[0].Number)
			w.Slots.Reveal()
		}
		return !found && ctx.Err() == nil
	}, func(err error) {
		w.end(t)
		switch {
		case err != nil:
			w.fail(err)
		case !found:
			none()
		}
		w.refreshTime()
	})
	w.stopJump = func() { stop(); w.end(t) }
}
