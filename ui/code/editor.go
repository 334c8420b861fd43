// Package code is Patchbay's editor for Lua scripts: a text area with colours, marks and completion, a bar to find and replace,
// and tabs of open files.
//
// Everything here belongs to the UI goroutine. Nothing starts a goroutine or a timer: what takes long goes through
// [Options.Async], and what depends on time (the caret's blinking, drafts, checks of the syntax) happens in Tick, which the owner
// calls about every 50 to 100 ms.
package code

import (
	"math"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"patchbay/ui/code/lua"
	"patchbay/ui/code/text"
	"patchbay/ui/theme"
)

// Options is what an [Editor] needs from outside. The zero value works: it uses the wall clock and the app's clipboard and does
// long work at once.
type Options struct {
	// Name is the file's name, for drafts and messages.
	Name string
	// Text is what the editor shows at first.
	Text string
	// Now gives the time; nil is time.Now.
	Now func() time.Time
	// Async runs work on another goroutine and then, when it is done, then on the UI goroutine; nil runs both at once.
	Async func(work, then func())
	// Clipboard gives the clipboard; nil is the app's.
	Clipboard func() fyne.Clipboard
	// OnShortcut gets the shortcuts that the editor has no use for (Ctrl+R, Ctrl+Enter …): a focused widget swallows them
	// otherwise. nil drops them.
	OnShortcut func(fyne.Shortcut)
	// Check looks for mistakes in a text; it is called through Async a moment after typing stops and its marks stand beside those
	// of SetMarks. nil is [SyntaxMarks].
	Check func(source string) []Mark
	// Drafts keeps unsaved text over a crash; nil keeps none.
	Drafts DraftStore
	// FontSize is the size of the text in device independent pixels; 0 is the theme's.
	FontSize float32
	// Mac makes the keys those of macOS (Command, Option).
	Mac bool
}

// Editor is a code editor that draws only what is on screen. Lines and columns in its methods count from one, columns in bytes,
// as Lua's and Patchbay's messages do.
type Editor struct {
	widget.BaseWidget

	// OnChanged is called after each change of the text, OnCaretMoved after each move of the caret (from one), OnModified when
	// the answer of Modified changes.
	OnChanged    func()
	OnCaretMoved func(line, col int)
	OnModified   func(modified bool)

	opt   Options
	buf   *text.Buffer
	doc   *lua.Doc
	ruler text.Ruler
	unit  string // one step of indentation

	sel       text.Sel
	extra     []cursor // further carets; see cursors.go
	batch     bool     // a command runs for each caret: drawing and telling wait
	wantCell  int      // the column that up and down aim at
	keepWant  bool
	top, left float32 // scroll offsets
	cell      fyne.Size
	fontSize  float32 // 0: the theme's
	measured  float32 // the size that cell was measured for

	readOnly    bool
	focused     bool
	mods        fyne.KeyModifier
	lastInput   time.Time
	lastEdit    time.Time
	wasModified bool
	lineCopied  string // what Copy took without a selection: pasted above the line
	widest      int    // cells of the widest line seen
	caretWas    bool

	marks    marks
	coverage map[int]struct{} // lines from zero
	mouse    mouse
	find     finder
	picker   picker
	tip      tip
	complete completion
	draft    draftState
	check    checkState
	tint     map[int]fyne.ThemeColorName // backgrounds of lines from zero
	labels   []string                    // in place of the line numbers, when set
	lib      *lua.Library
	libTried bool
	autoEnds []pair // closing brackets that were put in by us and may be typed over
}

var (
	_ fyne.Widget            = (*Editor)(nil)
	_ fyne.Focusable         = (*Editor)(nil)
	_ fyne.Tabbable          = (*Editor)(nil)
	_ fyne.Shortcutable      = (*Editor)(nil)
	_ fyne.Scrollable        = (*Editor)(nil)
	_ fyne.Draggable         = (*Editor)(nil)
	_ fyne.SecondaryTappable = (*Editor)(nil)
	_ desktop.Mouseable      = (*Editor)(nil)
	_ desktop.Hoverable      = (*Editor)(nil)
	_ desktop.Keyable        = (*Editor)(nil)
	_ desktop.Cursorable     = (*Editor)(nil)
)

// New makes an editor.
func New(o Options) *Editor {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Async == nil {
		o.Async = func(work, then func()) { work(); then() }
	}
	if o.Check == nil {
		o.Check = SyntaxMarks
	}
	if o.Clipboard == nil {
		o.Clipboard = func() fyne.Clipboard { return fyne.CurrentApp().Clipboard() }
	}
	e := &Editor{opt: o, buf: text.New(o.Text)}
	e.doc = lua.New(e.buf)
	e.unit = lua.IndentUnit(e.buf)
	e.buf.Watch(e.bufferChanged)
	e.lastInput = o.Now()
	e.draft.version = e.buf.Version()
	e.fontSize = o.FontSize
	e.ExtendBaseWidget(e)
	e.measure()
	return e
}

// Name is the file's name; SetName changes it (save as).
func (e *Editor) Name() string { return e.opt.Name }

// SetName changes the name under which drafts are kept.
func (e *Editor) SetName(name string) { e.opt.Name = name }

// SetText shows another text and forgets undo, marks and coverage; the text counts as saved. For a file that was changed outside
// use [Editor.Reload], which can be undone.
func (e *Editor) SetText(s string) {
	e.buf.SetText(s)
	e.unit = lua.IndentUnit(e.buf)
	e.top, e.left, e.widest = 0, 0, 0
	e.complete.hide()
	e.setSel(text.Sel{})
	e.marks.clear()
	e.coverage, e.tint = nil, nil
	e.afterChange()
}

// Reload takes over a text that changed outside, as one undoable step that keeps caret and scroll place as far as possible; it
// counts as saved.
func (e *Editor) Reload(s string) {
	e.replaceAll(s)
	e.buf.MarkSaved()
	e.afterChange()
}

// replaceAll makes the text s as one step; caret and view stay at the text that they are at, also when lines come in above it.
func (e *Editor) replaceAll(s string) {
	e.autoEnds, e.extra = nil, nil
	e.complete.hide()
	line := e.sel.Caret.Line
	e.setSel(e.buf.ReplaceAll(e.sel, s))
	e.top += float32(e.sel.Caret.Line-line) * e.cell.Height
}

// Text gives the whole text, byte for byte what was set where nothing was edited.
func (e *Editor) Text() string { return e.buf.Text() }

// Snapshot gives the text without joining it, to be read from another goroutine.
func (e *Editor) Snapshot() text.Snapshot { return e.buf.Snapshot() }

// Version changes with each change of the text.
func (e *Editor) Version() uint64 { return e.buf.Version() }

// CRLF reports whether lines end with CR LF; they are kept so.
func (e *Editor) CRLF() bool { return e.buf.CRLF() }

// IndentUnit is one step of indentation as the file uses it: a tab, or some spaces.
func (e *Editor) IndentUnit() string { return e.unit }

// Lines is the number of lines.
func (e *Editor) Lines() int { return e.buf.Len() }

// Modified reports whether the text differs from the one last set, reloaded or marked as saved.
func (e *Editor) Modified() bool { return e.buf.Modified() }

// MarkSaved says that the text is on disk now. Undo goes on past it.
func (e *Editor) MarkSaved() {
	e.buf.MarkSaved()
	e.discardDraft()
	e.tellModified()
}

// MarkUnsaved says that the text is on no disk: the file vanished or now holds something else.
func (e *Editor) MarkUnsaved() {
	e.buf.MarkUnsaved()
	e.tellModified()
}

func (e *Editor) tellModified() {
	if m := e.buf.Modified(); m != e.wasModified {
		e.wasModified = m
		if e.OnModified != nil {
			e.OnModified(m)
		}
	}
}

// SetReadOnly makes the text fixed: it can be selected, searched and copied. ReadOnly tells.
func (e *Editor) SetReadOnly(ro bool) {
	e.readOnly = ro
	e.Refresh()
}

// ReadOnly reports whether the text is fixed.
func (e *Editor) ReadOnly() bool { return e.readOnly }

// Caret gives line and column of the caret, from one; the column counts bytes.
func (e *Editor) Caret() (line, col int) { return e.sel.Caret.Line + 1, e.sel.Caret.Col + 1 }

// CaretCell gives the caret's column as a reader counts it, from one: a tab reaches to its stop, an emoji counts two.
func (e *Editor) CaretCell() int {
	return e.ruler.Cell(e.buf.Line(e.sel.Caret.Line), e.sel.Caret.Col) + 1
}

// Selected gives the selected text, lines parted by "\n".
func (e *Editor) Selected() string { return e.buf.Slice(e.sel.Range()) }

// Select selects from one place up to another (lines and columns from one) and brings it into view; the caret is at the second.
func (e *Editor) Select(line, col, endLine, endCol int) {
	e.extra = nil
	e.setSel(text.Sel{Anchor: e.buf.Clip(text.Pos{Line: line - 1, Col: col - 1}), Caret: e.buf.Clip(text.Pos{Line: endLine - 1, Col: endCol - 1})})
	e.center(e.sel.Caret)
	e.Refresh()
}

// Reveal puts the caret at a place (from one; a column of 0 is the first character of the line) and brings it into the middle of
// the view if it was not visible. Places that do not exist become the nearest that does.
func (e *Editor) Reveal(line, col int) {
	p := e.buf.Clip(text.Pos{Line: line - 1, Col: max(0, col-1)})
	if col < 1 {
		p.Col = len(text.Indent(e.buf.Line(p.Line)))
	}
	e.buf.Break()
	e.extra = nil
	e.setSel(text.At(p))
	e.center(p)
	e.Refresh()
}

// GoTo is Reveal at the first character of a line.
func (e *Editor) GoTo(line int) { e.Reveal(line, 0) }

// Coverage lists the lines that are marked as run, from 1.
func (e *Editor) Coverage() []int {
	lines := make([]int, 0, len(e.coverage))
	for l := range e.coverage {
		lines = append(lines, l+1)
	}
	slices.Sort(lines)
	return lines
}

// SetCoverage marks lines (from one) as executed; nil takes all marks away. Lines move along with later edits no further than the
// edit: the marks belong to the text that ran.
func (e *Editor) SetCoverage(lines []int) {
	e.coverage = nil
	if len(lines) > 0 {
		e.coverage = make(map[int]struct{}, len(lines))
		for _, l := range lines {
			e.coverage[l-1] = struct{}{}
		}
	}
	e.Refresh()
}

// SetFontSize sets the size of the text in device independent pixels; 0 goes back to the theme's. It is kept between 6 and 60.
func (e *Editor) SetFontSize(size float32) {
	if size > 0 {
		size = max(6, min(60, size))
	}
	line := e.top / e.cell.Height
	e.fontSize = size
	e.measure()
	e.top = line * e.cell.Height
	e.ScrollTo(e.top)
}

// FontSize gives the size in use.
func (e *Editor) FontSize() float32 {
	if e.fontSize > 0 {
		return e.fontSize
	}
	return theme.Size(theme.SizeCode)
}

// measure finds the size of a cell for the present font.
func (e *Editor) measure() {
	size := e.FontSize()
	if size == e.measured {
		return
	}
	e.measured = size
	m := fyne.MeasureText(strings.Repeat("M", 40), size, fyne.TextStyle{Monospace: true})
	e.cell = fyne.NewSize(m.Width/40, float32(math.Ceil(float64(size*1.42))))
}

func (e *Editor) bufferChanged(c text.Change) {
	if c.Whole {
		e.extra = nil
		return
	}
	for i := range e.extra {
		x := &e.extra[i]
		x.Anchor, x.Caret = c.Move(x.Anchor, true), c.Move(x.Caret, true)
	}
	e.marks.shift(c)
	e.shiftCoverage(c)
}

// shiftCoverage moves the executed lines below an edit along with it.
func (e *Editor) shiftCoverage(c text.Change) {
	if len(e.coverage) == 0 || c.Added == c.Removed {
		return
	}
	next := make(map[int]struct{}, len(e.coverage))
	for l := range e.coverage {
		switch {
		case l >= c.First+c.Removed:
			next[l+c.Added-c.Removed] = struct{}{}
		case l <= c.First:
			next[l] = struct{}{}
		}
	}
	e.coverage = next
}

// setSel moves the selection and tells the owner; it neither scrolls nor draws.
func (e *Editor) setSel(s text.Sel) {
	moved := s.Caret != e.sel.Caret
	e.sel = s
	e.lastInput = e.opt.Now()
	if !e.keepWant {
		e.wantCell = e.ruler.Cell(e.buf.Line(s.Caret.Line), s.Caret.Col)
	}
	if moved && e.OnCaretMoved != nil && !e.batch {
		e.OnCaretMoved(e.Caret())
	}
}

// afterChange is what follows each change of the text.
func (e *Editor) afterChange() {
	if e.batch {
		return
	}
	e.lastInput = e.opt.Now()
	e.find.stale = true
	if !e.keepCallTip() {
		e.tip.hide()
	}
	e.clampScroll()
	e.tellModified()
	if e.OnChanged != nil {
		e.OnChanged()
	}
	e.Refresh()
}

// Tick does what depends on time. Call it on the UI goroutine about every 50 to 100 ms while the editor is on screen.
func (e *Editor) Tick() {
	now := e.opt.Now()
	e.blink(now)
	e.autoScroll()
	e.hoverTick(now)
	e.draftTick(now)
	e.findTick()
	e.checkTick(now)
	if e.doc.Work(20_000) {
		e.Refresh()
	}
}
