package code

import (
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"patchbay/engine/lua53/syntax"
)

// checkAfter is how long typing must have stopped before the text is checked.
const checkAfter = 300 * time.Millisecond

// checkBytes is the size of the largest text that is checked while it is being edited.
const checkBytes = 8 << 20

type checkState struct {
	version uint64 // that was checked, or is being checked
	began   bool
	running bool
}

// SyntaxMarks gives the first syntax error of a Lua source as a mark, or nothing. It is what an [Editor] checks unless
// [Options.Check] says more; any goroutine may call it.
func SyntaxMarks(source string) []Mark {
	err := syntax.Check("", source)
	if err == nil {
		return nil
	}
	// The message starts with chunk name (none here) and line: where that is, the mark shows.
	msg := strings.TrimPrefix(strings.TrimLeft(strings.TrimPrefix(err.Msg, ":"), "0123456789"), ": ")
	return []Mark{{Line: err.Line, Col: err.Col, EndCol: err.EndCol, Severity: Error, Message: msg}}
}

// checkTick starts a check of the text when typing has stopped; results for a text that changed meanwhile are dropped.
func (e *Editor) checkTick(now time.Time) {
	c := &e.check
	v := e.buf.Version()
	if c.running || c.began && c.version == v || now.Sub(e.lastEdit) < checkAfter || e.buf.Size() > checkBytes {
		return
	}
	c.began, c.running, c.version = true, true, v
	snap, check := e.buf.Snapshot(), e.opt.Check
	var found []Mark
	e.opt.Async(func() { found = check(snap.Text()) }, func() {
		c.running = false
		if e.buf.Version() == v {
			e.marks.checked = found
			e.marks.merge()
			e.Refresh()
		}
	})
}

// TintLines puts a colour behind lines (from one), as a comparison of two texts does; nil takes all away. It is not kept over edits.
func (e *Editor) TintLines(colors map[int]fyne.ThemeColorName) {
	e.tint = nil
	if len(colors) > 0 {
		e.tint = make(map[int]fyne.ThemeColorName, len(colors))
		for l, c := range colors {
			e.tint[l-1] = c
		}
	}
	e.Refresh()
}
