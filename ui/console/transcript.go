package console

import (
	"fmt"
	"strings"

	"fyne.io/fyne/v2"

	"patchbay/ui/kit"
	"patchbay/ui/theme"
)

// How much is kept: lines in all, and of one evaluation, the rest of which its slot has.
const (
	maxLines      = 2000
	maxEntryLines = 400
)

// entry is something that was evaluated, with what came of it.
type entry struct {
	source string
	lines  [][]kit.Run // as they came
	out    Outcome
}

// line is a row of the transcript.
type line struct {
	runs  []kit.Run
	full  string // the line before it was broken
	joins bool   // goes on from the row before
	of    *entry
}

// echo makes an entry of what was typed.
func echo(name, source string) *entry {
	e := &entry{source: source}
	before := prompt(name)
	for i, s := range strings.Split(source, "\n") {
		if i > 0 {
			before = fmt.Sprintf("%*s", len([]rune(prompt(name))), ">> ")
		}
		e.lines = append(e.lines, []kit.Run{kit.Mono(before, theme.Dim), kit.Mono(s, theme.Text)})
	}
	return e
}

// finish adds what came of it.
func (e *entry) finish(o Outcome) {
	e.out = o
	for i, runs := range o.Lines {
		if i == maxEntryLines {
			e.lines = append(e.lines, []kit.Run{kit.Dim(fmt.Sprintf("… %d more lines: Enter on this line shows them all", len(o.Lines)-i))})
			break
		}
		e.lines = append(e.lines, runs)
	}
	for _, s := range o.Told {
		e.lines = append(e.lines, []kit.Run{kit.Dim(s)})
	}
	e.out.Lines, e.out.Told = nil, nil
}

// add shows a new entry.
func (p *Panel) add(e *entry) {
	p.entries = append(p.entries, e)
	p.changed()
}

// changed shows the entries anew, the last line at the foot. The oldest go when there
// are too many lines.
func (p *Panel) changed() {
	n := 0
	for i := len(p.entries) - 1; i >= 0; i-- {
		if n += len(p.entries[i].lines); n > maxLines && i < len(p.entries)-1 {
			p.entries = append([]*entry(nil), p.entries[i+1:]...)
			p.Rows.SetSelected(-1)
			break
		}
	}
	p.empty.Hidden = len(p.entries) > 0
	p.empty.Refresh()
	p.wrap(true)
}

// wrap breaks the lines to the width there is, and shows the last one if asked to.
func (p *Panel) wrap(end bool) {
	p.lines = p.lines[:0]
	m := kit.Mono("MMMMMMMMMM", "")
	cell := m.Width() / 10
	room := p.width - 14 - 16
	for _, e := range p.entries {
		for _, runs := range e.lines {
			parts := [][]kit.Run{runs}
			if room > 8*cell {
				parts = kit.WrapRuns(runs, room, cell)
			}
			full := kit.Plaintext(runs)
			for i, part := range parts {
				p.lines = append(p.lines, line{part, full, i > 0, e})
			}
		}
	}
	if end {
		p.Rows.ScrollTo(len(p.lines), 0)
	}
	p.Rows.Refresh()
	p.Find.Changed()
}

func (p *Panel) draw(i int, out *kit.Row) { out.Add(14, 0, p.lines[i].runs...) }

// follow shows the slot of an entry.
func (p *Panel) follow(i int) {
	if e := p.lines[i].of; e.out.Show != nil {
		e.out.Show()
	}
}

// Clear empties the transcript. What was evaluated stays evaluated.
func (p *Panel) Clear() {
	p.entries = nil
	p.Rows.SetSelected(-1)
	p.changed()
}

// Text is the whole transcript as text.
func (p *Panel) Text() string {
	var b strings.Builder
	for _, e := range p.entries {
		b.WriteString(e.text())
	}
	return b.String()
}

func (e *entry) text() string {
	var b strings.Builder
	for _, runs := range e.lines {
		b.WriteString(kit.Plaintext(runs) + "\n")
	}
	return b.String()
}

func (p *Panel) copy(text, what string) {
	if p.o.Copy != nil {
		p.o.Copy(text, what)
	}
}

func (p *Panel) menu(i int) *fyne.Menu {
	m := fyne.NewMenu("")
	add := func(title string, do func()) { m.Items = append(m.Items, fyne.NewMenuItem(title, do)) }
	l := p.lines[i]
	if l.of.out.Show != nil {
		add("Show "+l.of.out.Place, l.of.out.Show)
	}
	add("Write it into the line again", func() {
		p.Input.put(l.of.source)
		kit.Focus(p.Input)
	})
	if p.o.Copy != nil {
		add("Copy line", func() { p.copy(l.full, "line") })
		add("Copy what was typed", func() { p.copy(l.of.source, "source") })
		add("Copy this and what came of it", func() { p.copy(l.of.text(), "evaluation") })
		add("Copy all", func() { p.copy(p.Text(), "everything") })
	}
	add("Clear the console", p.Clear)
	return m
}
