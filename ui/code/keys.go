package code

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// chord is a key with its modifiers; shift is left out where a command extends the selection with it.
type chord struct {
	key  fyne.KeyName
	mods fyne.KeyModifier
}

const (
	ctrl  = fyne.KeyModifierControl
	shift = fyne.KeyModifierShift
	alt   = fyne.KeyModifierAlt
	super = fyne.KeyModifierSuper
)

// command finds what a chord does on this system; nil when the editor has no use for it. moves is set for what moves the caret,
// with shift taken out of the chord.
func (e *Editor) command(c chord) func() {
	if m := e.motion(chord{c.key, c.mods &^ shift}); m != nil {
		extend := c.mods&shift != 0
		return func() { e.each(func() { e.moveBy(m, extend) }) }
	}
	if e.opt.Mac {
		// What is Ctrl elsewhere is Command here; Ctrl itself stays for Space.
		switch {
		case c.mods&super != 0:
			c.mods = c.mods&^super | ctrl
		case c == (chord{fyne.KeySpace, ctrl}):
		case c.mods&ctrl != 0:
			return nil
		case c.mods == alt && (c.key == fyne.KeyBackspace || c.key == fyne.KeyDelete):
			c.mods = ctrl
		}
	}
	switch c {
	case chord{fyne.KeyReturn, 0}, chord{fyne.KeyEnter, 0}, chord{fyne.KeyReturn, shift}, chord{fyne.KeyEnter, shift}:
		return func() { e.each(e.newline) }
	case chord{fyne.KeyTab, 0}:
		return func() { e.each(e.tab) }
	case chord{fyne.KeyTab, shift}, chord{fyne.KeyLeftBracket, ctrl}:
		return func() { e.indentLines(-1) }
	case chord{fyne.KeyRightBracket, ctrl}:
		return func() { e.indentLines(1) }
	case chord{fyne.KeyBackspace, 0}, chord{fyne.KeyBackspace, shift}:
		return func() { e.each(func() { e.erase(backspace) }) }
	case chord{fyne.KeyDelete, 0}:
		return func() { e.each(func() { e.erase(charRight) }) }
	case chord{fyne.KeyBackspace, ctrl}:
		return func() { e.each(func() { e.erase(wordLeft) }) }
	case chord{fyne.KeyDelete, ctrl}:
		return func() { e.each(func() { e.erase(wordRight) }) }
	case chord{fyne.KeySlash, ctrl}, chord{fyne.Key7, ctrl | shift}: // where / is Shift+7
		return e.ToggleComment
	case chord{fyne.KeyUp, alt}:
		return func() { e.MoveLines(-1) }
	case chord{fyne.KeyDown, alt}:
		return func() { e.MoveLines(1) }
	case chord{fyne.KeyUp, alt | shift}:
		return func() { e.DuplicateLines(-1) }
	case chord{fyne.KeyDown, alt | shift}, chord{fyne.KeyD, ctrl | shift}:
		return func() { e.DuplicateLines(1) }
	case chord{fyne.KeyK, ctrl | shift}:
		return e.DeleteLines
	case chord{fyne.KeyL, ctrl}:
		return e.SelectLines
	case chord{fyne.KeyD, ctrl}:
		return e.SelectNext
	case chord{fyne.KeyL, ctrl | shift}:
		return e.SelectAllOccurrences
	case chord{fyne.KeyUp, ctrl | alt}:
		return func() { e.CursorBelow(-1) }
	case chord{fyne.KeyDown, ctrl | alt}:
		return func() { e.CursorBelow(1) }
	case chord{fyne.KeyReturn, ctrl | shift}, chord{fyne.KeyEnter, ctrl | shift}:
		return e.newlineAbove
	case chord{fyne.KeyBackslash, ctrl | shift}:
		return e.JumpToPartner
	case chord{fyne.KeyZ, ctrl | shift}:
		return e.Redo
	case chord{fyne.KeyF, ctrl}:
		return e.ShowFind
	case chord{fyne.KeyH, ctrl}, chord{fyne.KeyF, ctrl | alt}:
		return e.ShowReplace
	case chord{fyne.KeyF3, 0}, chord{fyne.KeyG, ctrl | alt}:
		return func() { e.FindNext() }
	case chord{fyne.KeyF3, shift}:
		return func() { e.FindPrevious() }
	case chord{fyne.KeyG, ctrl}:
		return e.ShowGoToLine
	case chord{fyne.KeyO, ctrl | shift}:
		return e.ShowSymbols
	case chord{fyne.KeyF12, 0}:
		return func() { e.GoToDefinition() }
	case chord{fyne.KeySpace, ctrl}:
		return e.Complete
	case chord{fyne.KeyF8, 0}:
		return func() { e.NextMark(false) }
	case chord{fyne.KeyF8, shift}:
		return func() { e.NextMark(true) }
	case chord{fyne.KeyEscape, 0}:
		return e.escape
	case chord{fyne.KeyPlus, ctrl}, chord{fyne.KeyEqual, ctrl}, chord{fyne.KeyPlus, ctrl | shift}:
		return func() { e.SetFontSize(e.FontSize() + 1) }
	case chord{fyne.KeyMinus, ctrl}:
		return func() { e.SetFontSize(e.FontSize() - 1) }
	case chord{fyne.Key0, ctrl}:
		return func() { e.SetFontSize(0) }
	case chord{fyne.KeyUp, ctrl}:
		return func() { e.ScrollTo(e.top - e.cell.Height) }
	case chord{fyne.KeyDown, ctrl}:
		return func() { e.ScrollTo(e.top + e.cell.Height) }
	}
	return nil
}

// motion finds where a chord without shift takes the caret.
func (e *Editor) motion(c chord) motion {
	word, edge := ctrl, ctrl
	if e.opt.Mac {
		word, edge = alt, super
		switch c {
		case chord{fyne.KeyLeft, super}:
			return lineStart
		case chord{fyne.KeyRight, super}:
			return lineEnd
		case chord{fyne.KeyUp, super}:
			return textStart
		case chord{fyne.KeyDown, super}:
			return textEnd
		}
	}
	switch c {
	case chord{fyne.KeyLeft, 0}:
		return charLeft
	case chord{fyne.KeyRight, 0}:
		return charRight
	case chord{fyne.KeyUp, 0}:
		return lineUp
	case chord{fyne.KeyDown, 0}:
		return lineDown
	case chord{fyne.KeyPageUp, 0}:
		return pageUp
	case chord{fyne.KeyPageDown, 0}:
		return pageDown
	case chord{fyne.KeyHome, 0}:
		return lineStart
	case chord{fyne.KeyEnd, 0}:
		return lineEnd
	case chord{fyne.KeyLeft, word}:
		return wordLeft
	case chord{fyne.KeyRight, word}:
		return wordRight
	case chord{fyne.KeyHome, edge}:
		return textStart
	case chord{fyne.KeyEnd, edge}:
		return textEnd
	}
	return nil
}

// modifiers gives the keys that are held: from the driver where it knows, else from the key events seen.
func (e *Editor) modifiers() fyne.KeyModifier {
	if d, ok := fyne.CurrentApp().Driver().(desktop.Driver); ok {
		return d.CurrentKeyModifiers()
	}
	return e.mods
}

// ctrl is the modifier of commands on this system.
func (e *Editor) ctrl() fyne.KeyModifier {
	if e.opt.Mac {
		return super
	}
	return ctrl
}

func modifierOf(k fyne.KeyName) fyne.KeyModifier {
	switch k {
	case desktop.KeyShiftLeft, desktop.KeyShiftRight:
		return shift
	case desktop.KeyControlLeft, desktop.KeyControlRight:
		return ctrl
	case desktop.KeyAltLeft, desktop.KeyAltRight:
		return alt
	case desktop.KeySuperLeft, desktop.KeySuperRight:
		return super
	}
	return 0
}

// KeyDown notes a held modifier.
func (e *Editor) KeyDown(k *fyne.KeyEvent) { e.mods |= modifierOf(k.Name) }

// KeyUp notes that a modifier is held no longer.
func (e *Editor) KeyUp(k *fyne.KeyEvent) { e.mods &^= modifierOf(k.Name) }

// AcceptsTab keeps Tab for indentation.
func (e *Editor) AcceptsTab() bool { return !e.readOnly }

// FocusGained shows the caret.
func (e *Editor) FocusGained() {
	e.focused, e.mods = true, 0
	e.lastInput = e.opt.Now()
	e.Refresh()
}

// FocusLost hides the caret and what belongs to typing.
func (e *Editor) FocusLost() {
	e.focused, e.mods = false, 0
	e.buf.Break()
	e.complete.hide()
	e.tip.hide()
	e.Refresh()
}

// TypedKey does what a key without Ctrl, Alt or Command does.
func (e *Editor) TypedKey(k *fyne.KeyEvent) {
	c := chord{k.Name, e.modifiers() & shift}
	if e.complete.key(e, c) {
		return
	}
	if f := e.command(c); f != nil {
		f()
	}
}

// TypedShortcut does the editor's own shortcuts and hands all others on to [Options.OnShortcut].
func (e *Editor) TypedShortcut(s fyne.Shortcut) {
	e.complete.hide()
	switch s := s.(type) {
	case *fyne.ShortcutCopy:
		e.Copy()
		return
	case *fyne.ShortcutCut:
		e.Cut()
		return
	case *fyne.ShortcutPaste:
		e.Paste()
		return
	case *fyne.ShortcutSelectAll:
		e.SelectAll()
		return
	case *fyne.ShortcutUndo:
		e.Undo()
		return
	case *fyne.ShortcutRedo:
		e.Redo()
		return
	case *desktop.CustomShortcut:
		if f := e.command(chord{s.KeyName, s.Modifier}); f != nil {
			f()
			return
		}
	}
	if e.opt.OnShortcut != nil {
		e.opt.OnShortcut(s)
	}
}
