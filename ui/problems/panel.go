// Package problems lists errors and lints with their places and remedies.
package problems

import (
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"patchbay/ui/kit"
	"patchbay/ui/theme"
)

// Problem is a row.
type Problem struct {
	// Severity is 0 for an error, 1 for a warning, 2 for a hint.
	Severity int
	Rule     string
	// Where is the place in words ("token.lua:31:7", "slot 126").
	Where string
	// Message says what is wrong and what to do.
	Message string
	// Why says more, when there is more to say.
	Why string
	// Open goes to the place.
	Open func()
}

// leastWhere is the least width of the column of places.
const leastWhere = 150

// Panel is the list. UI goroutine.
type Panel struct {
	List *kit.List

	list    []Problem
	where   float32   // width of the widest place
	detail  *kit.List // the whole text of the chosen problem
	lines   []string
	box     *fyne.Container
	foot    *fyne.Container
	content fyne.CanvasObject
}

// New makes the panel. copy puts text on the clipboard.
func New(copy func(text, what string)) *Panel {
	p := &Panel{}
	p.List = kit.NewList(func() int { return len(p.list) }, p.row)
	p.List.OnActivated = p.open
	p.List.OnSelected = func(int) { p.tell() }
	p.List.OnResized = func(float32) { p.tell() }
	p.detail = kit.NewList(func() int { return len(p.lines) }, func(i int, r *kit.Row) { r.Add(36, 0, kit.Plain(p.lines[i])) })
	p.detail.RowHeight = 20
	p.detail.OnCopy = func() { copy(strings.Join(p.lines, " "), "problem") }
	p.box = container.New(kit.Min{Height: 1}, p.detail)
	p.foot = kit.NewStack(p.box, kit.NewLine(), p.box)
	p.foot.Hide()
	stack := &kit.Stack{Fill: p.List, Gives: p.foot, Least: leastRows * theme.Size(theme.SizeRow)}
	p.content = container.New(stack, p.List, p.foot)
	p.List.OnMenu = func(i int) *fyne.Menu {
		return fyne.NewMenu("",
			fyne.NewMenuItem("Go to the place", func() { p.open(i) }),
			fyne.NewMenuItem("Copy", func() { copy(p.list[i].Where+": "+p.list[i].Message, "problem") }))
	}
	p.List.OnCopy = func() {
		if i := p.List.Selected(); i >= 0 && i < len(p.list) {
			copy(p.list[i].Where+": "+p.list[i].Message, "problem")
		}
	}
	p.List.Empty = func() []string { return []string{"No problems: a HyperBEAM node would answer what you see here."} }
	return p
}

// leastRows is how many rows of the list are left, however much is told below it.
const leastRows = 2.5

// Content is the widget tree.
func (p *Panel) Content() fyne.CanvasObject { return p.content }

// Detail is the whole text of the chosen problem, "" without one.
func (p *Panel) Detail() string { return strings.Join(p.lines, " ") }

// tell shows the chosen problem in full below the list, which cuts it.
func (p *Panel) tell() {
	p.lines = nil
	if i := p.List.Selected(); i >= 0 && i < len(p.list) {
		x := p.list[i]
		width := p.List.Size().Width - 60
		p.lines = kit.Wrap(kit.Plain(x.Message), width)
		if x.Why != "" && !strings.Contains(x.Message, x.Why) {
			p.lines = append(p.lines, kit.Wrap(kit.Plain(x.Why), width)...)
		}
		p.lines = p.lines[:min(len(p.lines), 8)]
	}
	p.foot.Hidden = len(p.lines) == 0
	p.box.Layout = kit.Min{Height: float32(len(p.lines))*20 + 4}
	p.content.Refresh()
	p.detail.Refresh()
}

// Set shows problems, worst first as given.
func (p *Panel) Set(list []Problem) {
	p.list, p.where = list, 0
	for i := range list {
		r := kit.Mono(list[i].Where, theme.Text)
		p.where = max(p.where, r.Width()+1)
	}
	if p.List.Selected() >= len(list) {
		p.List.SetSelected(-1)
	}
	if p.List.Selected() >= 0 {
		p.tell()
	}
	p.List.Refresh()
}

// Len is the number of problems; Worst the worst severity, 3 without any.
func (p *Panel) Len() int { return len(p.list) }

// Worst is the worst severity among the problems, 3 without any.
func (p *Panel) Worst() int {
	w := 3
	for _, x := range p.list {
		w = min(w, x.Severity)
	}
	return w
}

func (p *Panel) open(i int) {
	if f := p.list[i].Open; f != nil {
		f()
	}
}

// Choose selects the first problem that is meant, and says at length what it is;
// false when there is none.
func (p *Panel) Choose(meant func(Problem) bool) bool {
	for i := range p.list {
		if meant(p.list[i]) {
			p.List.Select(i)
			return true
		}
	}
	return false
}

// Next goes to the place of the problem after the selected one.
func (p *Panel) Next(by int) {
	if len(p.list) == 0 {
		return
	}
	i := (p.List.Selected() + by + len(p.list)) % len(p.list)
	p.List.Select(i)
	p.open(i)
}

// Sign is the mark and colour of a severity.
func Sign(severity int) (string, fyne.ThemeColorName) {
	switch severity {
	case 0:
		return "●", theme.Bad
	case 1:
		return "▲", theme.Warn
	}
	return "•", theme.Accent
}

func (p *Panel) row(i int, r *kit.Row) {
	x := p.list[i]
	r.Line = true
	sign, c := Sign(x.Severity)
	r.Add(14, 18, kit.Run{Text: sign, Color: c})
	if x.Rule != "" {
		r.AddRight(14, 0, kit.Mono(x.Rule, theme.Faint))
	}
	where := max(leastWhere, min(p.where, p.List.Size().Width*0.4))
	r.Add(36, where, kit.Mono(x.Where, theme.Text))
	r.Add(36+where+10, 0, kit.Run{Text: x.Message, Color: theme.Dim})
}

// Where writes a place: file:line:col, as far as known.
func Where(file string, line, col int) string {
	var b strings.Builder
	b.WriteString(file)
	if line > 0 {
		fmt.Fprintf(&b, ":%d", line)
		if col > 0 {
			fmt.Fprintf(&b, ":%d", col)
		}
	}
	return b.String()
}
