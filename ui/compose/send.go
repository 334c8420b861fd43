package compose

import (
	"errors"

	"fyne.io/fyne/v2"

	"patchbay/engine/ao"
	"patchbay/ui/kit"
	"patchbay/ui/theme"
)

// Send resolves and sends. What is wrong is said and nothing is lost.
func (p *Panel) Send() { p.give(p.o.Send, true) }

// DryRun resolves and asks what the message would do.
func (p *Panel) DryRun() { p.give(p.o.DryRun, false) }

func (p *Panel) give(to func(ao.Message, Draft), remember bool) {
	if to == nil || remember && p.disabled != "" {
		return
	}
	d := p.Draft()
	m, err := Resolve(d, p.o.Env())
	if err != nil {
		p.wrong(err)
		return
	}
	p.Say(Warn(d, m), theme.Warn)
	if remember {
		p.Remember(d)
	}
	to(m, d)
}

// wrong tells an error and puts the keyboard into the field that it is about.
func (p *Panel) wrong(err error) {
	p.toScreen()
	p.Say(err.Error(), theme.Bad)
	var f *FieldError
	if !errors.As(err, &f) {
		return
	}
	var o fyne.Focusable
	switch f.Field {
	case "from":
		o = p.From
	case "target":
		o = p.Target
	case "action":
		o = p.Action
	case "data":
		o = p.Data
	default:
		for _, r := range p.rows {
			if r.name() == f.Field {
				o = r.value
				if f.Field == "" {
					o = r.nameEntry
				}
				break
			}
		}
	}
	if o == nil {
		return
	}
	if c := p.canvas(); c != nil && c.Overlays().Top() == nil && kit.OnScreen(p.MoreButton) {
		c.Focus(o)
	}
}
