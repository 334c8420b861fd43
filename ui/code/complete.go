package code

import (
	"fyne.io/fyne/v2"

	"patchbay/ui/code/lua"
	"patchbay/ui/code/text"
	"patchbay/ui/theme"
)

// completion is the list of what may be meant at the caret. It comes with Ctrl+Space, and by itself behind the dot of a table that
// we know; Tab and Enter take the selected one, Escape takes the list away.
type completion struct {
	list  *list
	shown bool
	auto  bool // came by itself
	sug   lua.Suggestion
}

// knownAPI gives the API's table, read at first use.
func (e *Editor) knownAPI() *lua.Library {
	if e.lib == nil && !e.libTried {
		e.libTried = true
		e.lib, _ = lua.NewLibrary() // the table is compiled in and a test reads it: it cannot fail here
	}
	return e.lib
}

// Complete offers what fits at the caret; when only one thing does it is put in at once.
func (e *Editor) Complete() {
	if e.readOnly {
		return
	}
	e.single()
	c := &e.complete
	c.auto = false
	if !c.update(e) {
		e.ShowHelp()
		return
	}
	if len(c.sug.Entries) == 1 {
		c.accept(e, 0)
	}
}

// update asks again what fits, and shows it; false when nothing does.
func (c *completion) update(e *Editor) bool {
	if c.list == nil {
		c.list = newList(func(i int) { c.accept(e, i) })
	}
	c.shown = false
	if lib := e.knownAPI(); lib != nil {
		c.sug = e.doc.Suggest(lib, e.sel.Caret)
	}
	if len(c.sug.Entries) == 0 || c.auto && len(c.sug.Entries) == 1 && c.sug.Entries[0].Word() == c.sug.Prefix {
		e.Refresh()
		return false
	}
	rows := make([]row, len(c.sug.Entries))
	for i, en := range c.sug.Entries {
		rows[i] = row{name: en.Word(), color: theme.Text}
		switch {
		case en.Kind == lua.Keyword:
			rows[i].color = theme.CodeKeyword
		case en.Func:
			rows[i].color = theme.CodeFunction
		}
		if en.Kind != lua.Keyword {
			rows[i].beside = en.Signature
		}
	}
	c.list.show(rows)
	c.shown = true
	e.tip.hide()
	e.Refresh()
	return true
}

// hide takes the list away.
func (c *completion) hide() { c.shown = false }

// key gives the list the first word on a key while it is shown.
func (c *completion) key(e *Editor, k chord) bool {
	if !c.shown {
		return false
	}
	switch k {
	case chord{fyne.KeyUp, 0}:
		c.list.move(-1)
	case chord{fyne.KeyDown, 0}:
		c.list.move(1)
	case chord{fyne.KeyPageUp, 0}:
		c.list.move(-listRows + 1)
	case chord{fyne.KeyPageDown, 0}:
		c.list.move(listRows - 1)
	case chord{fyne.KeyReturn, 0}, chord{fyne.KeyEnter, 0}, chord{fyne.KeyTab, 0}:
		c.accept(e, c.list.selected)
		return true
	case chord{fyne.KeyEscape, 0}:
		c.hide()
	default:
		return false
	}
	e.Refresh()
	return true
}

// typed follows a typed character: the list narrows, closes, or comes up behind the dot of a table that we know.
func (c *completion) typed(e *Editor, r rune) {
	was := c.shown
	switch {
	case was && isWord(r):
		c.update(e)
		return
	case r == '.' && e.known():
		c.auto = true
		c.update(e)
		return
	}
	c.hide()
	if r == '(' {
		e.callTip()
	}
	if was {
		e.Refresh()
	}
}

// known tells whether what stands before the dot just typed is a table of the API.
func (e *Editor) known() bool {
	lib := e.knownAPI()
	if lib == nil {
		return false
	}
	for _, en := range e.doc.Suggest(lib, e.sel.Caret).Entries {
		if en.Kind == lua.API {
			return true
		}
	}
	return false
}

// erased follows a deleted character.
func (c *completion) erased(e *Editor) {
	if c.shown {
		if p := e.sel.Caret; p.Line != c.sug.Replace.From.Line || p.Col < c.sug.Replace.From.Col || p == c.sug.Replace.From && c.sug.After == 0 {
			c.hide()
			e.Refresh()
			return
		}
		c.update(e)
	}
}

// accept puts an entry in; a function that is not called yet gets its brackets.
func (c *completion) accept(e *Editor, i int) {
	if i < 0 || i >= len(c.sug.Entries) {
		return
	}
	c.hide()
	en := c.sug.Entries[i]
	ins := en.Word()
	r := c.sug.Replace
	r.To = e.sel.Caret
	l := e.buf.Line(r.To.Line)
	call := en.Func && (r.To.Col == len(l) || l[r.To.Col] != '(' && l[r.To.Col] != '{' && !isWord(rune(l[r.To.Col])))
	if call && en.Kind == lua.Local { // it may be passed on rather than called
		call = false
	}
	if call {
		ins += "()"
	}
	if !e.apply(text.Command, text.Edit{Range: r, Text: ins}) {
		return
	}
	p := e.sel.Caret
	if call {
		p.Col--
		e.autoEnds = append(e.autoEnds, pair{text.Pos{Line: p.Line, Col: p.Col - 1}, p})
	}
	e.finish(text.At(p))
	if call {
		e.callTip()
	}
	e.focusOn(e)
}

// object places the list below the word, or above when there is no room, with the help of the selected entry.
func (c *completion) object(e *Editor) []fyne.CanvasObject {
	if !c.shown {
		return nil
	}
	size := e.Size()
	c.list.note = ""
	if i := c.list.selected; i < len(c.sug.Entries) {
		c.list.note = c.sug.Entries[i].Help
	}
	w := max(140, min(em(460), size.Width-16))
	p := e.point(c.sug.Replace.From)
	below, above := size.Height-p.Y-e.cell.Height-4, p.Y-4
	c.list.fit(w, below)
	y := p.Y + e.cell.Height + 2
	if c.list.height(w) > below || above > below && c.list.shown() < min(listRows, len(c.list.rows)) {
		c.list.fit(w, above)
		y = p.Y - c.list.height(w) - 2
	}
	h := c.list.height(w)
	place(c.list, max(4, min(p.X-9, size.Width-w-barSize)), y, w, h)
	c.list.Refresh()
	return []fyne.CanvasObject{c.list}
}
