package kit

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// Entry is Fyne's entry with the keys of a form: Escape, and shortcuts that it
// has no use for handed on.
type Entry struct {
	widget.Entry
	// OnEscape is Escape; OnKey sees keys first, true means dealt with.
	OnEscape func()
	OnKey    func(k fyne.KeyName) bool
	// MaxPaste and MaxLines are how many bytes and lines may be pasted, 0 for
	// DefaultPaste and any number of lines: Fyne's entry lays all of its text out at
	// each key, so that more would freeze the window. OnRefused gets what is more.
	MaxPaste, MaxLines int
	OnRefused          func(text string)
	// OnFocus tells that the keyboard came (true) or went.
	OnFocus func(bool)
	// OnHeld tells of keys that are pressed and let go.
	OnHeld func(k fyne.KeyName, down bool)
	finds  *Find // whose field it is, nil for none
}

// NewEntry makes an entry of one line.
func NewEntry(placeholder string) *Entry {
	e := &Entry{}
	e.ExtendBaseWidget(e)
	e.SetPlaceHolder(placeholder)
	return e
}

// NewMonoEntry makes an entry of one line in the code font.
func NewMonoEntry(placeholder string) *Entry {
	e := NewEntry(placeholder)
	e.TextStyle = fyne.TextStyle{Monospace: true}
	return e
}

// NewMultiline makes an entry of several lines in the code font.
func NewMultiline(placeholder string) *Entry {
	e := &Entry{}
	e.MultiLine = true
	e.Wrapping = fyne.TextWrapBreak
	e.TextStyle = fyne.TextStyle{Monospace: true}
	e.ExtendBaseWidget(e)
	e.SetPlaceHolder(placeholder)
	return e
}

// AcceptsTab is part of fyne.Tabbable: Tab leaves a field of several lines as well,
// since a form whose fields keep it cannot be left without a mouse.
func (e *Entry) AcceptsTab() bool { return false }

// TypedKey is part of fyne.Focusable.
func (e *Entry) TypedKey(k *fyne.KeyEvent) {
	if e.OnKey != nil && e.OnKey(k.Name) {
		return
	}
	if k.Name == fyne.KeyEscape && e.OnEscape != nil {
		e.OnEscape()
		return
	}
	e.Entry.TypedKey(k)
}

// DefaultPaste is how many bytes may be pasted into an entry of one line.
const DefaultPaste = 4096

// TypedShortcut is part of fyne.Shortcutable.
func (e *Entry) TypedShortcut(s fyne.Shortcut) {
	paste, ok := s.(*fyne.ShortcutPaste)
	if !ok || paste.Clipboard == nil {
		e.Entry.TypedShortcut(s)
		return
	}
	text := paste.Clipboard.Content()
	most := e.MaxPaste
	if most == 0 && !e.MultiLine {
		most = DefaultPaste
	}
	if most > 0 && len(text)+len(e.Text) > most || e.MaxLines > 0 && strings.Count(text, "\n")+strings.Count(e.Text, "\n") >= e.MaxLines {
		if e.OnRefused != nil {
			e.OnRefused(text)
		}
		return
	}
	e.Entry.TypedShortcut(s)
}

// KeyDown is part of desktop.Keyable.
func (e *Entry) KeyDown(k *fyne.KeyEvent) {
	e.Entry.KeyDown(k)
	if e.OnHeld != nil {
		e.OnHeld(k.Name, true)
	}
}

// KeyUp is part of desktop.Keyable.
func (e *Entry) KeyUp(k *fyne.KeyEvent) {
	e.Entry.KeyUp(k)
	if e.OnHeld != nil {
		e.OnHeld(k.Name, false)
	}
}

// FocusGained is part of fyne.Focusable.
func (e *Entry) FocusGained() {
	e.Entry.FocusGained()
	if e.OnFocus != nil {
		e.OnFocus(true)
	}
}

// FocusLost is part of fyne.Focusable.
func (e *Entry) FocusLost() {
	e.Entry.FocusLost()
	if e.OnFocus != nil {
		e.OnFocus(false)
	}
}
