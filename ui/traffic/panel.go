package traffic

import (
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"patchbay/ui/kit"
	"patchbay/ui/theme"
)

// Max is how many exchanges are kept.
const Max = 5000

// Options is what a [Panel] needs from outside. All but OnKey may be nil.
type Options struct {
	// OnKey asks to show a key of the cache of a process, after a slot when past is
	// set. An empty path means the process alone.
	OnKey func(process string, path []string, past bool, slot int64)
	// OnSlot asks to show what a message did that came with a request.
	OnSlot func(process string, slot int64)
	// Guess says what a path that was not found may have meant.
	Guess func(Exchange) Guess
	Copy  func(text, what string)
	// Say tells in a sentence why nothing can be shown.
	Say func(string)
	// URL is where the node listens, for the empty state and for copying.
	URL func() string
	// Captured gives an exchange in full, nil when it is no longer kept; it never waits.
	// Body draws a body. Without them nothing but the facts is told.
	Captured func(id uint64) *Captured
	Body     func(body []byte, contentType string) [][]kit.Run
}

// Panel is the list, newest first, with what is known of the chosen exchange
// below or beside it. The selection stays on its exchange while others arrive. UI goroutine.
type Panel struct {
	List   *kit.List
	Filter *kit.Entry
	// Lines is what is told of the chosen exchange.
	Lines *kit.List
	Find  *kit.Find

	o       Options
	all     []Exchange // oldest first
	rows    []int      // indices into all that match, oldest first
	missed  misses
	groups  []*group // the rows when misses are shown
	misses  bool
	missBtn *kit.Button
	head    *fyne.Container
	query   []string
	chosen  uint64 // ID of the selected exchange, 0 none
	path    string // of the selected group

	lines   [][]kit.Run
	joins   []bool            // which of them go on from the one before
	foot    fyne.CanvasObject // Lines, with the field to find something in them
	edge    fyne.CanvasObject // the line between list and detail
	content fyne.CanvasObject
	full1   *Captured // of the exchange with ID fullID, which is looked at
	fullID  uint64
	told    uint64 // whose lines stand there
}

// New makes the panel.
func New(o Options) *Panel {
	p := &Panel{o: o}
	p.List = kit.NewList(p.len, p.row)
	p.List.OnTapped = func(i int, _ float32) bool {
		p.List.Select(i)
		p.open(i)
		return true
	}
	p.List.OnSelected = func(int) { p.choose() }
	p.List.OnActivated = p.open
	p.List.OnMenu = p.menu
	p.List.OnCopy = func() {
		if e, ok := p.at(p.List.Selected()); ok {
			p.copy(p.base()+e.Path, "URL")
		}
	}
	p.List.Empty = p.empty
	p.Filter = kit.NewEntry("filter: POST, path, 404, 4xx, origin; -word leaves out")
	p.Filter.OnChanged = func(s string) { p.query = strings.Fields(strings.ToLower(s)); p.refresh() }
	p.Filter.OnEscape = func() { p.Filter.SetText("") }
	p.missBtn = kit.NewButton(kit.Quiet, "misses", func() { p.SetMisses(!p.misses) })
	p.missBtn.Hint = "Paths that nobody answered, grouped"
	clear := kit.NewButton(kit.Quiet, "Clear", p.Clear)
	clear.Hint = "Forget the requests so far"
	box := container.New(kit.Min{Width: 120}, p.Filter)
	p.head = kit.NewBar(40, box, box, p.missBtn, clear)

	p.Lines = kit.NewList(func() int { return len(p.lines) }, func(i int, r *kit.Row) { r.Add(14, 0, p.lines[i]...) })
	p.Lines.RowHeight = lineHeight
	p.Lines.OnCopy = func() { p.copy(p.Detail(), "request") }
	p.Lines.OnMenu = p.detailMenu
	p.Lines.OnResized = func(float32) { p.tell() }
	p.Find = kit.NewFind(p.Lines, p.Lines)
	p.Find.Joins = func(i int) bool { return p.joins[i] }
	p.foot = p.Find.Content()
	p.foot.Hide()
	p.edge = kit.NewLine()
	p.edge.Hide()
	p.content = container.New(shape{p}, p.head, kit.NewLine(), p.List, p.foot, p.edge)
	return p
}

const lineHeight = 20

// leastRows is how many rows of the list are left, however much is told below it.
const leastRows = 2.5

// Content is the widget tree.
func (p *Panel) Content() fyne.CanvasObject { return p.content }

// Buttons are the panel's buttons, whose hints belong to the status line.
func (p *Panel) Buttons() []*kit.Button { return []*kit.Button{p.missBtn} }

// Detail is what is told of the chosen exchange, "" without one.
func (p *Panel) Detail() string {
	var b strings.Builder
	for i, l := range p.lines {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(kit.Plaintext(l))
	}
	return b.String()
}

// Add takes new exchanges over, oldest first.
func (p *Panel) Add(list []Exchange) {
	if len(list) == 0 {
		return
	}
	defer p.countMisses()
	added := 0
	for i := range list {
		p.missed.add(&list[i])
		if p.match(&list[i]) {
			p.rows = append(p.rows, len(p.all)+i)
			added++
		}
	}
	p.all = append(p.all, list...)
	if len(p.all) > Max+Max/4 {
		p.all = append([]Exchange(nil), p.all[len(p.all)-Max:]...)
		p.filterRows()
	}
	if p.misses {
		p.refresh()
		return
	}
	if top, off := p.List.Top(); !p.List.AtTop() { // what is looked at stays where it is
		p.List.ScrollTo(top+added, off)
	}
	was := p.List.Selected() >= 0
	p.findChosen()
	if was != (p.List.Selected() >= 0) {
		p.tell()
	}
	p.List.Refresh()
}

// Clear forgets everything.
func (p *Panel) Clear() {
	p.all, p.missed, p.chosen, p.path = nil, misses{}, 0, ""
	p.countMisses()
	p.refresh()
}

// SetMisses shows only misses, one row for each path.
func (p *Panel) SetMisses(yes bool) {
	p.misses = yes
	for _, g := range p.missed.list {
		g.guessed = 0
	}
	p.countMisses()
	p.refresh()
	p.List.ScrollTo(0, 0)
}

// countMisses writes on the button how many paths nobody answered.
func (p *Panel) countMisses() {
	c := theme.Text
	if p.misses {
		c = theme.Accent
	}
	runs := []kit.Run{{Text: "misses", Color: c}}
	if n := p.Misses(); n > 0 {
		runs = append(runs, kit.Run{Text: fmt.Sprintf(" %d", n), Color: theme.Warn})
	}
	if kit.Plaintext(runs) != p.missBtn.Text() {
		defer p.head.Refresh()
	}
	p.missBtn.SetRuns(runs...)
}

// Misses counts the different paths that were not found.
func (p *Panel) Misses() int { return len(p.missed.list) }

func (p *Panel) len() int {
	if p.misses {
		return len(p.groups)
	}
	return len(p.rows)
}

// at is the exchange of a row; of a group the newest.
func (p *Panel) at(i int) (Exchange, bool) {
	if i < 0 || i >= p.len() {
		return Exchange{}, false
	}
	if p.misses {
		return p.groups[i].last, true
	}
	return p.all[p.rows[len(p.rows)-1-i]], true
}

func (p *Panel) filterRows() {
	p.rows = p.rows[:0]
	for i := range p.all {
		if p.match(&p.all[i]) {
			p.rows = append(p.rows, i)
		}
	}
}

func (p *Panel) refresh() {
	p.filterRows()
	p.groups = nil
	if p.misses {
		p.groups = p.missed.sorted(p.match)
	}
	p.reselect()
	p.List.Refresh()
}

func (p *Panel) reselect() {
	p.findChosen()
	p.tell()
}

// findChosen puts the selection on the row where the chosen exchange is now.
func (p *Panel) findChosen() {
	to := -1
	if p.misses {
		for i, g := range p.groups {
			if path, _, _ := strings.Cut(g.last.Path, "?"); path == p.path && p.path != "" {
				to = i
			}
		}
	} else if p.chosen > 0 {
		for i := len(p.rows) - 1; i >= 0 && to < 0; i-- {
			if p.all[p.rows[i]].ID == p.chosen {
				to = len(p.rows) - 1 - i
			}
		}
	}
	if to < 0 && p.List.Focused() && p.len() > 0 { // the keyboard is somewhere, and stays there
		to = 0
		if e, _ := p.at(0); p.misses {
			p.path, _, _ = strings.Cut(e.Path, "?")
		} else {
			p.chosen = e.ID
		}
	}
	p.List.SetSelected(to)
}

func (p *Panel) choose() {
	e, ok := p.at(p.List.Selected())
	if ok && p.misses {
		p.path, _, _ = strings.Cut(e.Path, "?")
	} else if ok {
		p.chosen = e.ID
	}
	p.tell()
}

func (p *Panel) match(e *Exchange) bool {
	if len(p.query) == 0 {
		return true
	}
	for _, w := range p.query {
		without, leftOut := strings.CutPrefix(w, "-")
		if leftOut = leftOut && without != ""; leftOut {
			w = without
		}
		if e.says(w) == leftOut {
			return false
		}
	}
	return true
}

// From which width on the origin and the time of day have room; both are told of
// the chosen request.
const (
	wideOrigin = 560
	wide       = 640
)

func (p *Panel) row(i int, r *kit.Row) {
	r.Line = true
	if p.misses {
		p.missRow(p.groups[i], r)
		return
	}
	e := &p.all[p.rows[len(p.rows)-1-i]]
	r.Add(14, 44, kit.Mono(fmt.Sprint(e.Status), StatusColor(e.Status)))
	r.Add(54, 56, kit.Mono(e.Method, theme.Dim))
	r.AddRight(14, 66, kit.Dim(took(e.Duration)))
	r.Cells[len(r.Cells)-1].End = true
	at := float32(88)
	if p.List.Size().Width >= wide && !e.At.IsZero() {
		r.AddRight(at, 62, kit.Dim(e.At.Format("15:04:05")))
		at += 74
	}
	if p.List.Size().Width >= wideOrigin {
		r.AddRight(at, 130, kit.Run{Text: origin(e.Origin), Color: theme.Dim})
	}
	cell := kit.Cell{X: 112, Runs: noted(kit.Mono(ShortPath(e.Path), theme.Text), e.Note)}
	if _, rest, ok := strings.Cut(e.Path, "~process@1.0/"); ok { // what tells requests apart stands behind it
		cell.Short = noted(kit.Mono("…/"+ShortPath(rest), theme.Text), e.Note)
	}
	r.Cells = append(r.Cells, cell)
}

func noted(path kit.Run, note string) []kit.Run {
	if note == "" {
		return []kit.Run{path}
	}
	return []kit.Run{path, {Text: "  ▲ " + note, Color: theme.Warn}}
}

// open shows the key in the tree; of a miss what may have been meant.
func (p *Panel) open(i int) {
	e, ok := p.at(i)
	if !ok || p.o.OnKey == nil {
		return
	}
	if e.Missed() {
		var g Guess
		if p.misses {
			g = p.guessFor(p.groups[i])
		} else if p.o.Guess != nil {
			g = p.o.Guess(e)
		}
		if g.Process != "" {
			p.o.OnKey(g.Process, g.Key, e.Past, e.Slot)
			return
		}
	}
	if e.Process == "" || e.Missed() {
		if p.o.Say != nil {
			p.o.Say("There is no key to show for " + e.Method + " " + ShortPath(e.Path) + ".")
		}
		return
	}
	if e.Sent && p.o.OnSlot != nil {
		p.o.OnSlot(e.Process, e.Slot)
		return
	}
	p.o.OnKey(e.Process, e.Key, e.Past, e.Slot)
}

func (p *Panel) base() string {
	if p.o.URL == nil {
		return ""
	}
	return p.o.URL()
}

func (p *Panel) copy(text, what string) {
	if p.o.Copy != nil {
		p.o.Copy(text, what)
	}
}

func (p *Panel) empty() []string {
	switch {
	case len(p.query) > 0 && len(p.all) > 0:
		return []string{"No request matches the filter.", "Escape in the filter shows all of them again."}
	case p.misses:
		return []string{"Nothing was asked for that is not there."}
	}
	url := p.base()
	if url == "" {
		return []string{"The local node does not listen, so nobody can ask it anything.", "The status line says why."}
	}
	return []string{"Nobody has asked for anything yet.", "Open the URL of a key in a browser (Copy URL at the right), or with curl:", "curl " + url + "/~meta@1.0/info/address"}
}
