package kit

import (
	"strings"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"
)

// unwritten is a shortcut that Fyne obeys but cannot write.
type unwritten struct{ fyne.Shortcut }

// Between a title and its keys stand spaces, then hairs, up to the column of the
// keys, and keyGap, which tells them apart.
const (
	hair   = "\u200a"
	keyGap = "\u2003"
	keyEnd = "\u2009" // what a scroll bar of the menu lies over
)

// WriteKeys writes the keys of a menu's items, and of the menus below them, into
// their labels, in a column behind the longest title: Fyne would write them in a
// fifth of the text's strength, in every theme, which nobody can read. name names a
// shortcut, "" for one that has no keys. The items keep their shortcuts, as ones
// that Fyne has no words for.
func WriteKeys(m *fyne.Menu, name func(fyne.Shortcut) string) {
	size := fynetheme.TextSize()
	width := func(s string) float32 { return fyne.MeasureText(s, size, fyne.TextStyle{}).Width }
	var longest float32
	for _, it := range m.Items {
		longest = max(longest, width(it.Label))
		if it.ChildMenu != nil {
			WriteKeys(it.ChildMenu, name)
		}
	}
	for _, it := range m.Items {
		if it.Shortcut == nil || name(it.Shortcut) == "" {
			continue
		}
		keys := name(it.Shortcut)
		it.Shortcut = unwritten{it.Shortcut}
		missing := longest - width(it.Label)
		for _, s := range []string{" ", hair} {
			if w := width(s); w > 0 {
				n := int(missing / w)
				it.Label += strings.Repeat(s, n)
				missing -= float32(n) * w
			}
		}
		it.Label += keyGap + keys
		if last, _ := utf8.DecodeLastRuneInString(keys); !symbol(last) { // whose font has no spaces
			it.Label += keyEnd
		}
	}
}
