package traffic

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"patchbay/ui/kit"
)

// captured is an exchange in full. The one that is looked at stays, also when the node
// keeps it no longer.
func (p *Panel) captured(e Exchange) *Captured {
	if p.o.Captured == nil {
		return nil
	}
	if p.fullID != e.ID {
		return p.o.Captured(e.ID)
	}
	return p.full1
}

// tell says in full what the row cuts, and what went over the wire.
func (p *Panel) tell() {
	p.lines, p.joins = nil, p.joins[:0]
	e, ok := p.at(p.List.Selected())
	if !ok {
		p.full1, p.fullID = nil, 0
	} else {
		p.full1, p.fullID = p.captured(e), e.ID
		width := p.Lines.Size().Width
		if !p.foot.Visible() || width <= 0 {
			width = p.List.Size().Width
		}
		width -= 14 + 16
		p.lines = p.facts(&e, width)
		p.joins = append(p.joins, make([]bool, len(p.lines))...)
		if p.o.Captured != nil {
			cell := kit.Mono("MMMMMMMMMM", "")
			for _, l := range p.full(&e, p.full1) {
				for i, part := range kit.WrapRuns(l, width, cell.Width()/10) {
					p.lines, p.joins = append(p.lines, part), append(p.joins, i > 0)
				}
			}
		}
	}
	if hidden := len(p.lines) == 0; hidden == p.foot.Visible() {
		if hidden {
			p.foot.Hide()
			p.edge.Hide()
		} else {
			p.foot.Show()
			p.edge.Show()
		}
	}
	if p.told != p.fullID {
		p.told = p.fullID
		p.Lines.SetSelected(-1)
		p.Lines.ScrollTo(0, 0)
	}
	p.content.Refresh()
	p.Lines.Refresh()
	p.Find.Changed()
}

// facts are what is known of every exchange.
func (p *Panel) facts(e *Exchange, width float32) (out [][]kit.Run) {
	say := func(run kit.Run) {
		for _, s := range kit.Wrap(run, width) {
			run.Text = s
			out = append(out, []kit.Run{run})
		}
	}
	say(kit.Plain(e.Method + " " + e.Path))
	from := "from " + e.Origin
	if e.Origin == "" {
		from = "without an origin, as curl and other tools ask"
	}
	facts := []string{strconv.Itoa(e.Status) + " " + http.StatusText(e.Status), took(e.Duration), kit.Bytes(int(e.Bytes))}
	if !e.At.IsZero() {
		facts = append(facts, "at "+e.At.Format("15:04:05.000"))
	}
	say(kit.Dim(strings.Join(append(facts, from), " · ")))
	if e.Note != "" {
		say(kit.Dim(e.Note))
	}
	if e.Sent {
		say(kit.Dim(fmt.Sprintf("Its message is slot %d: a click shows what it did.", e.Slot)))
	}
	if e.Missed() && p.o.Guess != nil {
		switch g := p.o.Guess(*e); {
		case g.There:
			say(kit.Dim("It is there now: a click shows it."))
		case g.Text != "":
			say(kit.Dim("Did you mean " + ShortPath(g.Text) + "? A click shows it."))
		}
	}
	return out[:min(len(out), fewLines)]
}
