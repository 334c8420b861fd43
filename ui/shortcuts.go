package ui

// keysOf are the keys that work in a part of the window and are no commands of the
// main menu.
var keysOf = []struct{ where, keys, does string }{
	{"Everywhere", "Alt", "opens the menu bar; arrows and Enter choose, Escape closes"},
	{"Everywhere", "Tab, Shift+Tab", "next control, control before (in the editor: Ctrl+M)"},
	{"Everywhere", "Escape", "closes what is open above the window"},
	{"Lists", "↑ ↓ Page Home End", "move"},
	{"Lists", "Enter", "goes to the place: the slot, the key, the line"},
	{"Lists", "Menu", "opens the row's menu"},
	{"Lists", "Ctrl+C", "copies the row"},
	{"Value, response, output, console, traffic", "Ctrl+F", "finds a text in what is shown"},
	{"Value, response, output, console, traffic", "F3, Shift+F3", "finds the next, the one before; Enter in the field too"},
	{"Cache tree", "→ ←", "opens and closes, goes in and out"},
	{"Cache tree", "*", "opens all below"},
	{"Cache tree", "Space", "pins the key, or lets it go"},
	{"Composer", "↓", "opens the list of names and actions"},
	{"Composer", "Menu", "in a tag's field: renames, moves, removes the tag"},
	{"Console", "Enter", "evaluates; another line when more must follow"},
	{"Console", "Shift+Enter", "another line"},
	{"Console", "Alt+Enter", "only tries it: nothing is kept"},
	{"Console", "↑ ↓", "what was typed before, and after"},
	{"Console", "Tab", "completes the name"},
	{"Console", "Escape, Ctrl+L", "clears the line, clears what stands above"},
	{"Slider, tabs, dividers", "← → Home End", "move"},
	{"Editor", "Ctrl+Space", "completes"},
	{"Editor", "F3, Shift+F3", "finds the next, the one before"},
	{"Editor", "F8, Shift+F8", "next problem, problem before"},
	{"Editor", "F12", "goes to where the name is made"},
	{"Editor", "Alt+↑, Alt+↓", "moves the lines"},
	{"Editor", "Alt+Shift+↑, Alt+Shift+↓", "copies the lines"},
	{"Editor", "Ctrl+Shift+K", "deletes the lines"},
	{"Editor", "Ctrl+D", "selects the next that is the same, for another caret"},
	{"Editor", "Ctrl+Shift+L", "selects all that are the same"},
	{"Editor", "Ctrl+Alt+↑, Ctrl+Alt+↓", "another caret above, below"},
	{"Editor", "Tab, Shift+Tab", "more indent, less indent"},
	{"Editor", "Ctrl+Shift+\\", "goes to the matching bracket"},
	{"Editor", "Ctrl++, Ctrl+-, Ctrl+0", "bigger, smaller, normal text"},
}

// shortcuts lists all keys to search in; choosing a command runs it.
func (w *Window) shortcuts() {
	var all []choice
	for _, c := range w.Commands() {
		if c.Shortcut != nil && c.Title != "-" {
			all = append(all, choice{title: c.Title, note: c.Menu, keys: w.shortcutName(c.Shortcut), run: c.Run})
		}
	}
	for _, k := range keysOf {
		all = append(all, choice{title: k.does, note: k.where, keys: k.keys, run: func() {}, stays: true})
	}
	w.pick("which key does what?", all)
}
