package ui

import (
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"patchbay/engine/ao"
	"patchbay/ui/code"
	"patchbay/ui/kit"
)

// Command is something the user can do: an item of a menu, a line of the palette,
// perhaps a shortcut.
type Command struct {
	// Menu is the menu's name, Title the item's. A Title of "-" is a line.
	Menu, Title string
	Shortcut    fyne.Shortcut
	Run         func()
	// Under is the item of Menu below which this one stands, "" for none. On marks
	// what is in force now.
	Under string
	On    bool
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
func (w *Window) editor(f func(*code.Editor)) func() {
	return func() {
		if k := w.Files.Active(); k != nil {
			f(k.Front())
		}
	}
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
		if c.Under != "" {
			if n := len(m.Items); n == 0 || m.Items[n-1].Label != c.Under {
				group := fyne.NewMenuItem(c.Under, nil)
				group.ChildMenu = fyne.NewMenu("")
				m.Items = append(m.Items, group)
			}
			m = m.Items[len(m.Items)-1].ChildMenu
		}
		if c.Title == "-" {
			m.Items = append(m.Items, fyne.NewMenuItemSeparator())
			continue
		}
		it := fyne.NewMenuItem(c.Title, w.guarded(c))
		it.Shortcut, it.Checked = c.Shortcut, c.On
		it.IsQuit = c.Title == "Quit"
		m.Items = append(m.Items, it)
	}
	if !w.mac { // whose own menu writes keys well
		for _, m := range menus {
			kit.WriteKeys(m, w.shortcutName)
		}
	}
	return fyne.NewMainMenu(menus...)
}

// menuChanged shows a main menu that has changed.
func (w *Window) menuChanged() {
	if w.win != nil && !w.closed {
		w.win.SetMainMenu(w.Menu())
	}
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
// main menu would take away; only editing goes on in the dialog's fields, and what
// sends a message accepts a text of several lines, in which Enter begins a new one.
func (w *Window) guarded(c Command) func() {
	if c.Menu == "Edit" {
		return c.Run
	}
	return func() {
		switch {
		case w.win == nil || w.win.Canvas().Overlays().Top() == nil:
			c.Run()
		case c.Title == "Send" && w.accept != nil:
			w.accept()
		}
	}
}

// Palette lists all commands to search in.
func (w *Window) Palette() {
	var all []choice
	for _, c := range w.Commands() {
		if c.Title == "-" || c.Title == "Command palette…" {
			continue
		}
		note := c.Menu
		if c.Under != "" {
			note += " › " + c.Under
		}
		if c.On {
			note += " · now"
		}
		all = append(all, choice{title: c.Title, note: note, keys: w.shortcutName(c.Shortcut), run: c.Run})
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
	case fyne.KeyPageUp: // which Fyne calls Prior
		return name + "Page Up"
	case fyne.KeyPageDown:
		return name + "Page Down"
	}
	return name + string(key)
}

// find looks in the panel that has the keyboard: the tree's and the slots' filter,
// the field of a list of lines, else the editor.
func (w *Window) find() {
	if w.win != nil {
		if f := kit.FindOf(w.win.Canvas().Focused()); f != nil {
			f.Show()
			return
		}
		switch w.win.Canvas().Focused() {
		case w.Tree.List:
			w.focus(w.Tree.Filter)
			return
		case w.Slots.Rows:
			w.filterSlots()
			return
		case fyne.Focusable(w.Console.Input):
			w.Console.Find.Show()
			return
		case w.Traffic.List:
			kit.Focus(w.Traffic.Filter)
			return
		}
	}
	if k := w.Files.Active(); k != nil {
		k.Front().ShowFind()
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
