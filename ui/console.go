package ui

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"patchbay/engine/ao"
	"patchbay/patchdev"
	"patchbay/ui/code/lua"
	"patchbay/ui/code/text"
	"patchbay/ui/console"
	"patchbay/ui/kit"
	"patchbay/ui/theme"
	"patchbay/ui/timeline"
)

func (w *Window) newConsole() *console.Panel {
	return console.New(console.Options{
		State: w.consoleState, Eval: w.consoleEval, Complete: w.completer(), Copy: w.copy,
		Remember: func(history []string) {
			if b, err := json.Marshal(history); err == nil {
				w.d.Settings.Set("console", string(b))
			}
		},
	})
}

// showConsole gives the console's line the keyboard.
func (w *Window) showConsole() {
	w.Bottom.Select(TabConsole)
	w.focus(w.Console.Input)
}

// inConsole says whether the keyboard is in the console's line: what sends and what
// tries there is what is typed there, and not the composer's message.
func (w *Window) inConsole() bool {
	if w.win == nil {
		return false
	}
	in, ok := w.win.Canvas().Focused().(*console.Input)
	return ok && in == w.Console.Input
}

func (w *Window) sendCommand() {
	if w.inConsole() {
		w.Console.Evaluate(false)
		return
	}
	w.Composer.Send()
}

func (w *Window) dryRunCommand() {
	if w.inConsole() {
		w.Console.Evaluate(true)
		return
	}
	w.Composer.DryRun()
}

// consoleState says what the console can do with the process shown.
func (w *Window) consoleState() console.State {
	p, ok := w.process()
	if !ok {
		no := "There is no process to evaluate in. Make one with Process › New process… (" + w.keyName("N") + ")."
		return console.State{NoEval: no, NoTry: no}
	}
	s := console.State{Name: p.Name}
	if s.Name == "" {
		s.Name = shortID(p.ID)
	}
	if p.Flavour == "lua@5.3a" {
		s.NoEval = s.Name + " is a " + p.Flavour + " process, which has no Eval: send it a message in the tab Send, or change its script and Replay."
		s.NoTry = s.NoEval
		return s
	}
	if r, ok := w.d.Engine.(ReadOnlyer); ok {
		if why, yes := r.ReadOnly(); yes {
			s.NoEval = "Nothing can be evaluated here: " + why + ". Alt+Enter tries it, which keeps nothing."
		}
	}
	if !w.live && w.shown >= 0 {
		s.Note = fmt.Sprintf("Slot %d is shown, which is past. What is evaluated or tried here meets the live state, after slot %d.", w.shown, w.store.head)
	}
	return s
}

// consoleEval evaluates a text in the process shown, by its owner, as the prompt of
// aos does, or tries it.
func (w *Window) consoleEval(source string, try bool, done func(console.Outcome)) {
	p, _ := w.process()
	pid := p.ID
	m := ao.Message{
		From: p.Owner, Target: pid, Source: ao.FromComposer, Data: patchdev.String(source),
		Tags: []ao.Tag{{Name: "Action", Value: "Eval"}},
	}
	if from, ok := ao.TagValue(p.Tags, "From-Process"); ok { // spawned by a process, which aos takes for the owner
		m.From = from
	}
	refused := func(what string, err error) {
		done(console.Outcome{Lines: [][]kit.Run{{kit.Mono(what+err.Error(), theme.Bad)}}})
	}
	if try {
		var s *ao.Slot
		w.do("Trying", func(ctx context.Context) (err error) {
			s, err = w.d.Engine.DryRun(ctx, pid, m)
			return err
		}, func(err error) {
			if err != nil {
				refused("Not tried: ", err)
				return
			}
			o := w.evaluated(s)
			o.Told[0] = "tried, nothing was kept · would be " + o.Told[0]
			o.Place, o.Show = "what it would do", func() {
				w.choose(pid)
				w.dry(s)
				w.Bottom.Select(TabSlot)
				w.focus(w.Facts.Rows)
			}
			done(o)
		})
		return
	}
	w.evaluateSlot("Evaluating", pid, func(ctx context.Context) (int64, error) {
		return w.d.Engine.Send(ctx, pid, m)
	}, func(s *ao.Slot, err error) {
		if err != nil {
			refused("Not evaluated: ", err)
			return
		}
		w.Step()
		if pid == w.pid && !w.live {
			w.goLive()
		}
		o := w.evaluated(s)
		o.Place, o.Show = "slot "+itoa(s.Number), func() { w.showSent(pid, s.Number) }
		done(o)
	})
}

// evaluated tells what a slot printed, gave back, changed and sent.
func (w *Window) evaluated(s *ao.Slot) console.Outcome {
	o := console.Outcome{}
	r := &s.Result
	printed := r.Text
	if r.Failed() {
		printed, o.Lines = failed(r)
	}
	if printed != "" {
		o.Lines = append(kit.ANSI(printed), o.Lines...)
	}
	if r.Truncated > 0 {
		o.Lines = append(o.Lines, []kit.Run{{Text: fmt.Sprintf("… %d more bytes were printed and cut off", r.Truncated), Color: theme.Warn}})
	}
	if s.Failure != "" {
		o.Lines = append(o.Lines, []kit.Run{kit.Mono("a real node fails this slot when it applies the outbox: "+s.Failure, theme.Bad)})
	}
	told := fmt.Sprintf("slot %d", s.Number)
	switch n := timeline.Changed(s); {
	case r.Failed():
		told += " · failed, the state is as it was before"
	case n == 1:
		told += " · 1 key changed"
	case n > 1:
		told += fmt.Sprintf(" · %d keys changed", n)
	}
	if n := timeline.Sent(s); n > 0 {
		told += fmt.Sprintf(" · %d sent", n)
	}
	if t := timeline.Took(r.Duration); t != "" {
		told += " · " + t
	}
	o.Told = append([]string{told}, w.sentBy(s)...)
	return o
}

// failed splits the error of an Eval into what was printed before it, which aos puts
// in front (spec aos-runtime §9), and the lines of the error.
func failed(r *ao.Result) (printed string, lines [][]kit.Run) {
	printed, whole := r.Text, r.Error
	if i := strings.LastIndex(whole, "error:\n"); i >= 0 {
		if before := strings.TrimSpace(kit.StripANSI(whole[:i])); before != "" {
			printed = strings.TrimRight(strings.TrimSuffix(strings.TrimRight(whole[:i], "\n"), "\x1b[31m"), "\n")
		}
		whole = whole[i+len("error:\n"):]
	}
	rest := strings.Split(strings.TrimSpace(kit.StripANSI(whole)), "\n")
	lines = append(lines, []kit.Run{kit.Mono(timeline.ErrorText(r.Error), theme.Bad)})
	for _, l := range rest[1:] {
		lines = append(lines, []kit.Run{kit.Mono(l, theme.Bad)})
	}
	return printed, lines
}

// maxSentLines is how many messages of one evaluation are named.
const maxSentLines = 6

// sentBy names the messages that a slot sent, but for its patches.
func (w *Window) sentBy(s *ao.Slot) []string {
	var out []string
	for _, l := range timeline.OutboxLines(s, w.alias) {
		if !l.Head || len(l.Runs) == 0 || l.Runs[0].Text == "patch" {
			continue
		}
		if len(out) == maxSentLines {
			return append(out, "…")
		}
		said, _, _ := strings.Cut(kit.Plaintext(l.Runs), "   ") // without the line, which is one of the console's
		out = append(out, said)
	}
	return out
}

// maxCompleted is how many bytes of the script are looked through for names.
const maxCompleted = 200_000

// completer offers the names of aos' library and those of the script in front.
func (w *Window) completer() func(string, int, int) (int, []string) {
	var lib *lua.Library
	return func(typed string, row, col int) (int, []string) {
		if lib == nil {
			lib, _ = lua.NewLibrary() // compiled in: it cannot fail
		}
		before := ""
		if k := w.script(); k != nil && k.Loaded() {
			if before = k.Editor.Text() + "\n"; len(before) > maxCompleted {
				before = ""
			}
		}
		b := text.New(before + typed)
		rows := strings.Split(typed, "\n")
		at := text.Pos{Line: b.Len() - len(rows) + row, Col: len(string([]rune(rows[row])[:col]))}
		sug := lua.New(b).Suggest(lib, at)
		var begin, other []string
		for _, e := range sug.Entries {
			if word := e.Word(); strings.HasPrefix(word, sug.Prefix) {
				begin = append(begin, word)
			} else {
				other = append(other, word)
			}
		}
		if len(begin) == 0 {
			begin = other
		}
		return len([]rune(sug.Prefix)), begin
	}
}
