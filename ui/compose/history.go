package compose

import (
	"slices"
	"strings"

	"patchbay/engine/ao"
	"patchbay/ui/kit"
)

// Draft is what the form holds.
func (p *Panel) Draft() Draft {
	d := Draft{From: p.From.Text, Target: p.Target.Text, Action: p.Action.Text, Data: p.Data.Text, As: p.as}
	if p.big != "" {
		d.Data = p.big
	}
	for _, r := range p.rows {
		if n := r.name(); n != "" || r.text() != "" {
			d.Tags = append(d.Tags, ao.Tag{Name: n, Value: r.text()})
		}
	}
	return d
}

// SetDraft fills the form.
func (p *Panel) SetDraft(d Draft) {
	p.filling = true
	p.From.SetText(d.From)
	p.Target.SetText(d.Target)
	p.Action.SetText(d.Action)
	p.as = d.As
	p.setData(d.Data)
	p.setTags(d.Tags)
	p.loaded = ""
	p.filling = false
	p.refreshChoices()
	p.changed()
}

// MaxHistory is how many drafts are remembered.
const MaxHistory = 50

// Remember puts a draft on top of the history and keeps its tags' names as the
// schema of its action.
func (p *Panel) Remember(d Draft) {
	p.history = slices.DeleteFunc(p.history, func(x Draft) bool { return x.Equal(d) })
	p.history = slices.Insert(p.history, 0, d)
	if len(p.history) > MaxHistory {
		p.history = p.history[:MaxHistory]
	}
	if a := strings.TrimSpace(d.Action); a != "" {
		var names []string
		for _, t := range d.Tags {
			if t.Name != "" {
				names = append(names, t.Name)
			}
		}
		p.schemas[a] = names
	}
	if p.o.OnChanged != nil {
		p.o.OnChanged()
	}
}

// History lists the drafts sent, newest first.
func (p *Panel) History() []Draft { return p.history }

// Equal says whether two drafts say the same.
func (d Draft) Equal(e Draft) bool {
	return d.From == e.From && d.Target == e.Target && d.Action == e.Action && d.Data == e.Data && d.As == e.As && slices.Equal(d.Tags, e.Tags)
}

// Title is a draft in a few words: "alice: Transfer Recipient=bob Quantity=250".
func (d Draft) Title() string {
	s := brief(d.From) + ": " + brief(d.Action)
	for i, t := range d.Tags {
		if i == 8 {
			s += " …"
			break
		}
		s += " " + brief(t.Name) + "=" + brief(t.Value)
	}
	return kit.OneLine(s)
}

// Schemas are the tags that each action had last.
func (p *Panel) Schemas() map[string][]string { return p.schemas }

// Restore puts back what was remembered of an earlier time.
func (p *Panel) Restore(d Draft, history []Draft, schemas map[string][]string) {
	p.history = history
	if schemas != nil {
		p.schemas = schemas
	}
	if !d.Equal(Draft{}) {
		p.SetDraft(d)
	}
}
