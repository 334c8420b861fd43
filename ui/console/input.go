package console

import (
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"patchbay/engine/lua53/syntax"
	"patchbay/ui/kit"
)

// The input: how many lines it grows to, and what may be pasted into it. Fyne's entry
// lays all of its text out at each key.
const (
	maxRows  = 6
	maxPaste = 20_000
)

// Input is the line where Lua is typed; it grows to a few lines.
type Input struct {
	kit.Entry
	p    *Panel
	held kit.Shift
	rows int
	one  float32 // height of one line
}

var _ fyne.Tabbable = (*Input)(nil)

func newInput(p *Panel) *Input {
	in := &Input{p: p, rows: 1}
	in.MultiLine = true
	in.Wrapping = fyne.TextWrapOff
	in.TextStyle = fyne.TextStyle{Monospace: true}
	in.MaxPaste, in.MaxLines = maxPaste, maxLines
	in.OnRefused = func(string) {
		p.say("That is too long for the console: put it into a script, and Run it.")
	}
	in.OnKey = in.key
	in.OnHeld = in.held.Key
	in.OnEscape = func() {
		p.at = len(p.history)
		in.put("")
	}
	in.OnChanged = func(string) { in.changed() }
	in.ExtendBaseWidget(in)
	in.SetPlaceHolder("Lua: an expression gives its value")
	in.SetMinRowsVisible(1)
	return in
}

// lineHeight is how high the field is with one line.
func (in *Input) lineHeight() float32 {
	if in.rows == 1 {
		in.one = in.MinSize().Height
	}
	return in.one
}

// changed makes the field as high as its text.
func (in *Input) changed() {
	in.p.say("")
	in.p.cycle.words = nil
	in.lineHeight()
	if n := min(strings.Count(in.Text, "\n")+1, maxRows); n != in.rows {
		in.rows = n
		in.SetMinRowsVisible(n)
		in.p.content.Refresh()
	}
}

// put writes a text with the caret behind it.
func (in *Input) put(s string) {
	in.SetText(s)
	rows := strings.Split(s, "\n")
	in.CursorRow, in.CursorColumn = len(rows)-1, len([]rune(rows[len(rows)-1]))
	in.Refresh()
}

// AcceptsTab is part of fyne.Tabbable: behind a word Tab completes it, otherwise it
// leaves the field as everywhere.
func (in *Input) AcceptsTab() bool {
	if in.p.o.Complete == nil || in.held.Down() {
		return false
	}
	row, col := in.caret()
	before := []rune(strings.Split(in.Text, "\n")[row])[:col]
	return col > 0 && !strings.ContainsRune(" \t()[]{},;=", before[col-1])
}

// caret is where the caret stands, in the text as it is.
func (in *Input) caret() (row, col int) {
	rows := strings.Split(in.Text, "\n")
	row = max(0, min(in.CursorRow, len(rows)-1))
	return row, max(0, min(in.CursorColumn, len([]rune(rows[row]))))
}

func (in *Input) key(k fyne.KeyName) bool {
	switch k {
	case fyne.KeyReturn, fyne.KeyEnter:
		if in.held.Down() {
			return false // another line
		}
		return in.p.enter()
	case fyne.KeyTab:
		in.p.complete()
		return true
	case fyne.KeyUp:
		return in.CursorRow == 0 && !in.held.Down() && in.p.walk(-1)
	case fyne.KeyDown:
		return in.CursorRow >= strings.Count(in.Text, "\n") && !in.held.Down() && in.p.walk(1)
	}
	return false
}

// TypedShortcut is part of fyne.Shortcutable.
func (in *Input) TypedShortcut(s fyne.Shortcut) {
	if !in.p.shortcut(s) {
		in.Entry.TypedShortcut(s)
	}
}

// shortcut deals with the keys of the console.
func (p *Panel) shortcut(s fyne.Shortcut) bool {
	if c, ok := s.(*desktop.CustomShortcut); ok && c.KeyName == fyne.KeyL && c.Modifier == fyne.KeyModifierShortcutDefault {
		p.Clear()
		return true
	}
	return false
}

// enter evaluates what is typed; false when it needs another line.
func (p *Panel) enter() bool {
	text := p.Input.Text
	if strings.TrimSpace(text) == "" {
		return true
	}
	_, col := p.Input.caret()
	// An empty line says that nothing more comes: Lua then says what is missing.
	if Incomplete(text) && (col > 0 || !strings.HasSuffix(text, "\n")) {
		p.Input.CursorRow = strings.Count(text, "\n")
		p.Input.CursorColumn = len([]rune(text[strings.LastIndexByte(text, '\n')+1:]))
		return false
	}
	p.Evaluate(false)
	return true
}

// Incomplete says whether a source is not complete Lua but could become so with
// another line, as Lua's own prompt has it. It is taken for an expression first, as
// an Eval does (spec aos-runtime §9).
func Incomplete(source string) bool {
	wants := func(s string) bool {
		_, err := syntax.Parse("aos", s)
		e, ok := err.(*syntax.Error)
		return ok && e.Incomplete && !strings.Contains(e.Msg, "unfinished string") // which no other line can end
	}
	if _, err := syntax.Parse("aos", "return "+source); err == nil {
		return false
	}
	if _, err := syntax.Parse("aos", source); err == nil {
		return false
	}
	return wants(source) || wants("return "+source)
}

// Evaluate evaluates what is typed, or only tries it.
func (p *Panel) Evaluate(try bool) {
	source := strings.TrimSpace(p.Input.Text)
	if source == "" {
		p.say("Type some Lua first: an expression gives its value.")
		return
	}
	p.Refresh()
	if no := p.state.NoEval; !try && no != "" {
		p.say(no)
		return
	}
	if no := p.state.NoTry; try && no != "" {
		p.say(no)
		return
	}
	p.record(source)
	p.Input.put("")
	e := echo(p.state.Name, source)
	p.add(e)
	p.o.Eval(source, try, func(o Outcome) {
		e.finish(o)
		p.changed()
	})
}

// maxHistory is how many inputs are remembered, maxHistorySize how many bytes of them.
const (
	maxHistory     = 100
	maxHistorySize = 200_000
)

// record puts an input at the end of the history; the same again is not put twice.
func (p *Panel) record(source string) {
	if n := len(p.history); n == 0 || p.history[n-1] != source {
		p.SetHistory(append(p.history, source))
		if p.o.Remember != nil {
			p.o.Remember(p.history)
		}
	}
	p.at = len(p.history)
}

// SetHistory takes the inputs of another session, oldest first.
func (p *Panel) SetHistory(list []string) {
	size, from := 0, len(list)
	for from > 0 && len(list)-from < maxHistory && size+len(list[from-1]) <= maxHistorySize {
		from--
		size += len(list[from])
	}
	p.history = append([]string(nil), list[from:]...)
	p.at = len(p.history)
}

// walk goes to an older input, or a newer one, at the end of which stands what was
// being typed.
func (p *Panel) walk(by int) bool {
	to := p.at + by
	if to < 0 || to > len(p.history) {
		return true
	}
	if p.at == len(p.history) {
		p.draft = p.Input.Text
	}
	text := p.draft
	if p.at = to; to < len(p.history) {
		text = p.history[to]
	}
	p.Input.put(text)
	return true
}

// cycle are the words that Tab offers one after the other.
type cycle struct {
	words []string
	next  int
	back  int // runes of the word that stands there now
}

// complete writes what the words have in common that may be meant; Tab again goes
// through them.
func (p *Panel) complete() {
	in := p.Input
	row, col := in.caret()
	if c := &p.cycle; len(c.words) > 1 {
		word, keep := c.words[c.next], *c
		in.replace(row, col, keep.back, word)
		keep.next, keep.back = (keep.next+1)%len(keep.words), len([]rune(word))
		p.cycle = keep // writing ended it
		p.offer(keep.words)
		return
	}
	back, words := p.o.Complete(in.Text, row, col)
	if len(words) == 0 {
		p.say("No name begins like that.")
		return
	}
	common := words[0]
	for _, w := range words[1:] {
		for !strings.HasPrefix(w, common) {
			common = common[:len(common)-1]
		}
	}
	if len([]rune(common)) < back {
		common = string([]rune(strings.Split(in.Text, "\n")[row])[col-back : col])
	}
	in.replace(row, col, back, common)
	if len(words) > 1 {
		p.cycle = cycle{words: words, back: len([]rune(common))}
		p.offer(words)
	}
}

// offer lists the words that Tab goes through.
func (p *Panel) offer(words []string) {
	const most = 12
	text := strings.Join(words[:min(most, len(words))], "   ")
	if len(words) > most {
		text += fmt.Sprintf("   … %d more", len(words)-most)
	}
	p.say(text)
}

// replace writes a word in place of what stands before the caret.
func (in *Input) replace(row, col, back int, word string) {
	rows := strings.Split(in.Text, "\n")
	r := []rune(rows[row])
	back = min(back, col)
	rows[row] = string(r[:col-back]) + word + string(r[col:])
	in.SetText(strings.Join(rows, "\n"))
	in.CursorRow, in.CursorColumn = row, col-back+len([]rune(word))
	in.Refresh()
}
