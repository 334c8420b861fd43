package code

import (
	"fmt"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"

	"patchbay/ui/code/lua"
	"patchbay/ui/code/text"
	"patchbay/ui/theme"
)

// picker asks where to go: a field with a list below it. What is chosen is shown while it is being chosen; Escape goes back.
type picker struct {
	open    bool
	field   *field
	list    *list
	symbols []lua.Symbol
	shown   []lua.Symbol
	lines   bool // asks for a line number
	back    text.Sel
	top     float32
}

// ShowGoToLine asks for a line number, or line:column.
func (e *Editor) ShowGoToLine() {
	e.openPicker(fmt.Sprintf("Go to line 1 to %d", e.buf.Len()), true)
	e.picker.filter(e)
	e.focusOn(e.picker.field)
}

// ShowSymbols lists the functions, handlers and variables of the script.
func (e *Editor) ShowSymbols() {
	e.openPicker("Go to symbol", false)
	snap := e.buf.Snapshot()
	p := &e.picker
	p.symbols = nil
	var found []lua.Symbol
	e.opt.Async(func() { found = lua.Outline(snap.Lines()) }, func() {
		if p.open && !p.lines {
			p.symbols = found
			p.filter(e)
			e.Refresh()
		}
	})
	e.focusOn(p.field)
}

// Symbols gives the outline of the text as it is now, for menus and side panels.
func (e *Editor) Symbols() []lua.Symbol { return lua.Outline(e.buf.Snapshot().Lines()) }

// GoToDefinition puts the caret on the function or variable of the script that the name at the caret stands for. False when the
// script defines none of this name.
func (e *Editor) GoToDefinition() bool {
	name, _ := e.buf.Name(e.sel.Caret)
	if name == "" {
		return false
	}
	last := func(s string) string { return s[strings.LastIndexAny(s, ".:")+1:] }
	best := -1
	all := e.Symbols()
	for i, s := range all {
		switch {
		case s.Kind == lua.Handler:
		case s.Name == name:
			best = i
		case best < 0 && last(s.Name) == last(name):
			best = i
		}
	}
	if best < 0 {
		return false
	}
	e.Reveal(all[best].At.Line+1, all[best].At.Col+1)
	return true
}

func (e *Editor) openPicker(hint string, lines bool) {
	p := &e.picker
	if e.find.open {
		e.find.open = false
	}
	e.complete.hide()
	e.tip.hide()
	if p.field == nil {
		p.field = newField(e, "", func(c chord) bool { return p.key(e, c) })
		p.field.OnChanged = func(s string) {
			if p.filter(e); s != "" {
				p.preview(e)
			}
			e.Refresh()
		}
		p.list = newList(func(i int) { p.list.selected = i; p.preview(e); p.close(e) })
	}
	p.open, p.lines, p.back, p.top = true, lines, e.sel, e.top
	p.symbols, p.shown = nil, nil
	p.field.PlaceHolder = hint
	p.field.SetText("")
	p.field.Refresh()
}

// filter shows the symbols that hold what was typed, in order of the text.
func (p *picker) filter(e *Editor) {
	q := strings.ToLower(strings.TrimSpace(p.field.Text))
	p.shown = p.shown[:0]
	var rows []row
	for _, s := range p.symbols {
		if !strings.Contains(strings.ToLower(s.Name), q) {
			continue
		}
		p.shown = append(p.shown, s)
		r := row{name: s.Name, beside: strconv.Itoa(s.At.Line + 1), color: theme.Text, depth: s.Depth}
		switch s.Kind {
		case lua.Function:
			r.color = theme.CodeFunction
		case lua.Handler:
			r.color, r.beside = theme.CodeString, "handler  "+r.beside
		}
		rows = append(rows, r)
	}
	p.list.show(rows)
	p.list.note = ""
	if !p.lines && len(rows) == 0 {
		p.list.note = "No symbol of this name."
	}
	if !p.lines && q == "" { // start at the one that the caret is in
		for i, s := range p.shown {
			if s.At.Line <= p.back.Caret.Line {
				p.list.selected = i
			}
		}
		p.list.follow()
	}
}

// preview shows what would be chosen.
func (p *picker) preview(e *Editor) {
	if p.lines {
		l, c, _ := strings.Cut(strings.TrimSpace(p.field.Text), ":")
		if n, err := strconv.Atoi(l); err == nil {
			col, _ := strconv.Atoi(c)
			e.Reveal(n, col)
		}
		return
	}
	if i := p.list.selected; i < len(p.shown) {
		e.Reveal(p.shown[i].At.Line+1, p.shown[i].At.Col+1)
	}
}

func (p *picker) key(e *Editor, c chord) bool {
	switch c {
	case chord{fyne.KeyUp, 0}:
		p.list.move(-1)
		p.preview(e)
	case chord{fyne.KeyDown, 0}:
		p.list.move(1)
		p.preview(e)
	case chord{fyne.KeyReturn, 0}, chord{fyne.KeyEnter, 0}:
		if i := p.list.selected; !p.lines && i < len(p.shown) {
			e.Reveal(p.shown[i].At.Line+1, p.shown[i].At.Col+1)
		}
		p.close(e)
	case chord{fyne.KeyEscape, 0}:
		e.setSel(p.back)
		e.top = p.top
		p.close(e)
	default:
		return false
	}
	e.Refresh()
	return true
}

// close takes the picker away and gives the focus back; it reports whether there was one.
func (p *picker) close(e *Editor) bool {
	if !p.open {
		return false
	}
	p.open = false
	e.focusOn(e)
	return true
}

// object places field and list in the middle of the upper edge.
func (p *picker) object(e *Editor) []fyne.CanvasObject {
	if !p.open {
		return nil
	}
	size := e.Size()
	w := max(140, min(em(420), size.Width-20))
	x := max(4, (size.Width-w)/2)
	h := p.field.MinSize().Height
	place(p.field, x, 6, w, h)
	out := []fyne.CanvasObject{frameAt(x-4, 2, w+8, h+8), p.field}
	p.list.fit(w+8, size.Height-h-16)
	if lh := p.list.height(w + 8); len(p.list.rows) > 0 || p.list.note != "" {
		place(p.list, x-4, h+12, w+8, lh)
		p.list.Refresh()
		out = append(out, p.list)
	}
	return out
}

func frameAt(x, y, w, h float32) fyne.CanvasObject {
	f := frame(fyne.NewSize(w, h))
	f.Move(fyne.NewPos(x, y))
	return f
}
