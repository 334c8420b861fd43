package uitest

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// Type types characters into what has the focus; "\n" is the Enter key, "\t" the Tab key.
func (u *UI) Type(s string) *UI {
	u.TB.Helper()
	for _, r := range s {
		switch r {
		case '\n':
			u.Press("Return")
		case '\t':
			u.Press("Tab")
		default:
			u.key(keyOf(r), 0)
			u.rune(r)
		}
	}
	return u
}

func (u *UI) rune(r rune) {
	if f := u.Canvas().Focused(); f != nil {
		f.TypedRune(r)
	} else if h := u.Canvas().OnTypedRune(); h != nil {
		h(r)
	}
}

// keyOf names the key that types a character, as far as Fyne has a name for it.
func keyOf(r rune) fyne.KeyName {
	if r == ' ' {
		return fyne.KeySpace
	}
	if r < utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
		return fyne.KeyName(strings.ToUpper(string(r)))
	}
	return fyne.KeyUnknown
}

// Press presses and releases keys, each written as "Ctrl+Shift+K", "Return", "Page Down" is "PageDown", "Up", "F3", "Ctrl+/".
func (u *UI) Press(chords ...string) *UI {
	u.TB.Helper()
	for _, c := range chords {
		k, m, ok := parse(c)
		if !ok {
			u.TB.Fatalf("uitest: cannot read the key %q", c)
		}
		u.mods = m
		for _, mk := range modifierKeys(m) {
			u.keyDown(mk)
		}
		u.key(k, m)
		if m&^fyne.KeyModifierShift == 0 && len(k) == 1 {
			r := rune(k[0])
			if m == 0 {
				r = unicode.ToLower(r)
			}
			u.rune(r)
		}
		for _, mk := range modifierKeys(m) {
			u.keyUp(mk)
		}
		u.mods = 0
	}
	return u
}

func parse(c string) (k fyne.KeyName, m fyne.KeyModifier, ok bool) {
	parts := strings.Split(c, "+")
	if strings.HasSuffix(c, "++") || c == "+" {
		parts = append(strings.Split(strings.TrimSuffix(strings.TrimSuffix(c, "+"), "+"), "+"), "+")
	}
	for i, p := range parts {
		if p == "" {
			continue
		}
		if i < len(parts)-1 {
			switch p {
			case "Ctrl":
				m |= fyne.KeyModifierControl
			case "Shift":
				m |= fyne.KeyModifierShift
			case "Alt":
				m |= fyne.KeyModifierAlt
			case "Super", "Cmd":
				m |= fyne.KeyModifierSuper
			default:
				return "", 0, false
			}
			continue
		}
		switch p {
		case "Enter", "Return":
			k = fyne.KeyReturn
		case "Esc":
			k = fyne.KeyEscape
		case "PageUp":
			k = fyne.KeyPageUp
		case "PageDown":
			k = fyne.KeyPageDown
		case "Backspace":
			k = fyne.KeyBackspace
		case "Del":
			k = fyne.KeyDelete
		default:
			k = fyne.KeyName(p)
		}
	}
	return k, m, k != ""
}

func modifierKeys(m fyne.KeyModifier) []fyne.KeyName {
	var out []fyne.KeyName
	for _, x := range []struct {
		m fyne.KeyModifier
		k fyne.KeyName
	}{
		{fyne.KeyModifierControl, desktop.KeyControlLeft},
		{fyne.KeyModifierShift, desktop.KeyShiftLeft},
		{fyne.KeyModifierAlt, desktop.KeyAltLeft},
		{fyne.KeyModifierSuper, desktop.KeySuperLeft},
	} {
		if m&x.m != 0 {
			out = append(out, x.k)
		}
	}
	return out
}

func (u *UI) keyDown(k fyne.KeyName) {
	if f, ok := u.Canvas().Focused().(desktop.Keyable); ok {
		f.KeyDown(&fyne.KeyEvent{Name: k})
	}
}

func (u *UI) keyUp(k fyne.KeyName) {
	if f, ok := u.Canvas().Focused().(desktop.Keyable); ok {
		f.KeyUp(&fyne.KeyEvent{Name: k})
	}
}

// key does what the desktop driver does with a pressed key.
func (u *UI) key(k fyne.KeyName, m fyne.KeyModifier) {
	u.keyDown(k)
	defer u.keyUp(k)
	if k == fyne.KeyTab && m&^fyne.KeyModifierShift == 0 {
		if t, ok := u.Canvas().Focused().(fyne.Tabbable); !ok || !t.AcceptsTab() {
			if m == 0 {
				u.Canvas().FocusNext()
			} else {
				u.Canvas().FocusPrevious()
			}
			return
		}
	}
	if s := u.shortcut(k, m); s != nil {
		if u.menuShortcut(s) {
			return
		}
		if f, ok := u.Canvas().Focused().(fyne.Shortcutable); ok {
			f.TypedShortcut(s)
			return
		}
		if c, ok := u.Canvas().(fyne.Shortcutable); ok {
			c.TypedShortcut(s)
		}
		return
	}
	ev := &fyne.KeyEvent{Name: k}
	if f := u.Canvas().Focused(); f != nil {
		f.TypedKey(ev)
	} else if h := u.Canvas().OnTypedKey(); h != nil {
		h(ev)
	}
}

func (u *UI) shortcut(k fyne.KeyName, m fyne.KeyModifier) fyne.Shortcut {
	cb := u.Clipboard()
	if m == fyne.KeyModifierControl {
		switch k {
		case fyne.KeyZ:
			return &fyne.ShortcutUndo{}
		case fyne.KeyY:
			return &fyne.ShortcutRedo{}
		case fyne.KeyV:
			return &fyne.ShortcutPaste{Clipboard: cb}
		case fyne.KeyC, fyne.KeyInsert:
			return &fyne.ShortcutCopy{Clipboard: cb}
		case fyne.KeyX:
			return &fyne.ShortcutCut{Clipboard: cb}
		case fyne.KeyA:
			return &fyne.ShortcutSelectAll{}
		}
	}
	if m == fyne.KeyModifierShift {
		switch k {
		case fyne.KeyInsert:
			return &fyne.ShortcutPaste{Clipboard: cb, Secondary: true}
		case fyne.KeyDelete:
			return &fyne.ShortcutCut{Clipboard: cb, Secondary: true}
		}
	}
	if m != 0 && m != fyne.KeyModifierShift {
		return &desktop.CustomShortcut{KeyName: k, Modifier: m}
	}
	return nil
}

func (u *UI) menuShortcut(s fyne.Shortcut) bool {
	menu := u.Window.MainMenu()
	if menu == nil {
		return false
	}
	var try func(*fyne.Menu) bool
	try = func(m *fyne.Menu) bool {
		for _, i := range m.Items {
			if i.Shortcut != nil && i.Shortcut.ShortcutName() == s.ShortcutName() && i.Action != nil {
				i.Action()
				return true
			}
			if i.ChildMenu != nil && try(i.ChildMenu) {
				return true
			}
		}
		return false
	}
	for _, m := range menu.Items {
		if try(m) {
			return true
		}
	}
	return false
}

// menuTitle is the title in an item's label: keys may stand behind it, after an em space.
func menuTitle(label string) string {
	title, _, _ := strings.Cut(label, "\u2003")
	return strings.TrimRight(title, " \u200a")
}

// Choose runs the item of the main menu with this path ("File", "Save"); it fails when there is none or it is disabled.
func (u *UI) Choose(path ...string) *UI {
	u.TB.Helper()
	menu := u.Window.MainMenu()
	if menu == nil {
		u.TB.Fatal("uitest: the window has no main menu")
	}
	var item *fyne.MenuItem
	menus := menu.Items
	for i, p := range path {
		found := false
		if i == 0 {
			for _, m := range menus {
				if m.Label == p {
					menus, found = []*fyne.Menu{m}, true
					break
				}
			}
		} else if len(menus) == 1 {
			for _, it := range menus[0].Items {
				if menuTitle(it.Label) == p {
					item, found = it, true
					menus = nil
					if it.ChildMenu != nil {
						menus = []*fyne.Menu{it.ChildMenu}
					}
					break
				}
			}
		}
		if !found {
			u.TB.Fatalf("uitest: the menu has no %q", strings.Join(path[:i+1], " > "))
		}
	}
	switch {
	case item == nil || item.Action == nil:
		u.TB.Fatalf("uitest: %q does nothing", strings.Join(path, " > "))
	case item.Disabled:
		u.TB.Fatalf("uitest: %q is disabled", strings.Join(path, " > "))
	default:
		item.Action()
	}
	return u
}
