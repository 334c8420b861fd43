// Package console is the prompt of the window: a line of Lua is evaluated in the
// process, by its owner, and what comes of it stands above. It knows neither the
// engine nor how a slot is told: who wires it gives it [Options].
//
// Everything here belongs to the UI goroutine and starts nothing.
package console

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"patchbay/ui/kit"
	"patchbay/ui/theme"
)

// State is what the console can do now.
type State struct {
	// Name is the process that the prompt names, "" for none.
	Name string
	// NoEval and NoTry say why nothing can be evaluated, or tried, and what to do
	// instead; "" when it can.
	NoEval, NoTry string
	// Note is what the user should know before, "" for nothing.
	Note string
}

// Outcome is what came of an evaluation.
type Outcome struct {
	// Lines are drawn below what was typed: output, error, value, and Told, quietly,
	// what it did.
	Lines [][]kit.Run
	Told  []string
	// Place names where Show leads to, as "slot 12"; Show nil leads nowhere.
	Place string
	Show  func()
}

// Options are what the console needs. Eval and State must be set.
type Options struct {
	State func() State
	// Eval evaluates a source, or only tries it; done comes on the UI goroutine, at
	// once or later.
	Eval func(source string, try bool, done func(Outcome))
	// Complete gives the words that may stand at the caret (row and column in runes,
	// from 0), and how many runes before it they replace; nil offers none.
	Complete func(text string, row, col int) (back int, words []string)
	// Remember gets the history when it has changed, oldest first.
	Remember func(history []string)
	// Copy puts a text on the clipboard and says what it is.
	Copy func(text, what string)
}

// Panel is the console.
type Panel struct {
	Rows  *kit.List
	Find  *kit.Find
	Input *Input
	// Examples are there as long as nothing was evaluated.
	Examples []*kit.Button

	o       Options
	state   State
	prompt  *kit.Label
	note    *kit.Paragraph
	noted   string // by an action, until something is typed
	noteRow *fyne.Container
	empty   *fyne.Container
	row     *fyne.Container
	content *fyne.Container

	entries []*entry
	lines   []line
	width   float32

	history []string
	at      int    // in history; its length is what is being typed
	draft   string // what was being typed before the walk through the history
	cycle   cycle
}

// examples are offered as long as nothing was evaluated: one looks, one acts.
var examples = []string{"#Handlers.list", `Send({ Target = ao.id, Action = "Info" })`}

// New makes a console.
func New(o Options) *Panel {
	p := &Panel{o: o}
	p.Rows = kit.NewList(func() int { return len(p.lines) }, p.draw)
	p.Rows.RowHeight = 21
	p.Rows.OnActivated = p.follow
	p.Rows.OnMenu = p.menu
	p.Rows.OnCopy = func() {
		if i := p.Rows.Selected(); i >= 0 && i < len(p.lines) {
			p.copy(p.lines[i].full, "line")
		}
	}
	p.Rows.OnShortcut = func(s fyne.Shortcut) { p.shortcut(s) }
	p.Rows.OnRune = func(r rune) { // whoever types means the line below
		kit.Focus(p.Input)
		p.Input.TypedRune(r)
	}
	p.Rows.OnResized = func(w float32) {
		if w != p.width {
			end := p.atEnd()
			p.width = w
			p.wrap(end)
		}
	}
	p.Find = kit.NewFind(p.Rows, p.Rows)
	p.Find.Joins = func(i int) bool { return p.lines[i].joins }

	p.Input = newInput(p)
	p.prompt = kit.NewLabel()
	p.note = kit.NewParagraph()
	p.note.Pad = 14
	p.noteRow = container.New(fitted{p.note}, p.note)
	p.row = container.New(promptRow{p}, p.prompt, p.Input)
	p.empty = p.welcome()
	body := container.NewStack(container.New(atFoot{p}, p.Find.Content()), p.empty)
	p.content = kit.NewStack(body, body, p.noteRow, kit.NewLine(), p.row)
	p.Refresh()
	return p
}

// welcome is what stands there before anything was evaluated.
func (p *Panel) welcome() *fyne.Container {
	column := container.NewVBox()
	say := func(s string) {
		l := kit.NewLabel(kit.Dim(s))
		column.Add(container.NewCenter(l))
	}
	say("Lua typed below is evaluated in the process, by its owner.")
	say("Enter keeps it as a slot, Alt+Enter only tries it. For example:")
	for _, x := range examples {
		b := kit.NewNote(kit.Quiet, func() {
			p.Input.put(x)
			kit.Focus(p.Input)
		}, kit.Mono(x, theme.Accent))
		b.Hint = "Writes it into the line below"
		p.Examples = append(p.Examples, b)
		column.Add(container.NewCenter(b))
	}
	return container.NewCenter(column)
}

// Content is what the tab shows.
func (p *Panel) Content() fyne.CanvasObject { return p.content }

// Note is what stands above the input line, "" for nothing.
func (p *Panel) Note() string { return p.note.Text() }

// Prompt is what stands before the input line.
func (p *Panel) Prompt() string { return p.prompt.Text() }

// Refresh asks anew what can be done.
func (p *Panel) Refresh() {
	p.state = p.o.State()
	p.prompt.SetRuns(kit.Mono(prompt(p.state.Name), theme.Accent))
	p.tell()
	p.row.Refresh()
}

// Tick is Refresh when something has changed.
func (p *Panel) Tick() {
	if p.o.State() != p.state {
		p.Refresh()
	}
}

// tell shows what the user should know: what an action found, else what is in the way.
func (p *Panel) tell() {
	text, c := p.noted, theme.Warn
	if text == "" {
		c = theme.Dim
		switch s := p.state; {
		case s.NoEval != "":
			text = s.NoEval
		default:
			text = s.Note
		}
	}
	p.note.Set(kit.Run{Text: text, Color: c})
	if hide := text == ""; hide != p.noteRow.Hidden {
		p.noteRow.Hidden = hide
	}
	p.content.Refresh()
}

// atEnd says whether the last line is in sight.
func (p *Panel) atEnd() bool {
	top, _ := p.Rows.Top()
	return top+p.Rows.Page()+1 >= len(p.lines)
}

// say tells what an action found, until something is typed.
func (p *Panel) say(text string) {
	if text != p.noted {
		p.noted = text
		p.tell()
	}
}

func prompt(name string) string { return name + "> " }

// atFoot keeps the last line of the transcript in sight, when it was, while the room
// for it changes: the field below grows, a divider is moved.
type atFoot struct{ p *Panel }

func (l atFoot) MinSize(objs []fyne.CanvasObject) fyne.Size { return objs[0].MinSize() }

func (l atFoot) Layout(objs []fyne.CanvasObject, s fyne.Size) {
	end := l.p.atEnd()
	objs[0].Move(fyne.NewPos(0, 0))
	objs[0].Resize(s)
	if end {
		l.p.Rows.ScrollTo(len(l.p.lines), 0)
	}
}

// fitted gives a paragraph its width before it is asked how high it is.
type fitted struct{ p *kit.Paragraph }

func (f fitted) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(0, f.p.MinSize().Height+6)
}

func (f fitted) Layout(_ []fyne.CanvasObject, s fyne.Size) {
	was := f.p.MinSize().Height
	f.p.Fit(s.Width)
	f.p.Resize(fyne.NewSize(s.Width, f.p.MinSize().Height))
	f.p.Move(fyne.NewPos(0, 3))
	if f.p.MinSize().Height != was {
		f.p.Refresh()
	}
}

// promptRow lays the prompt and the input out, the prompt beside the first line.
type promptRow struct{ p *Panel }

func (l promptRow) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(120, l.p.Input.MinSize().Height+8)
}

func (l promptRow) Layout(_ []fyne.CanvasObject, s fyne.Size) {
	in, h := l.p.Input, l.p.prompt.MinSize()
	w := min(h.Width, s.Width/3) // a long name leaves room to type
	l.p.prompt.Resize(fyne.NewSize(w, h.Height))
	l.p.prompt.Move(fyne.NewPos(14, 4+(in.lineHeight()-h.Height)/2))
	in.Resize(fyne.NewSize(max(0, s.Width-w-14-8), s.Height-8))
	in.Move(fyne.NewPos(14+w, 4))
}
