package traffic

import (
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
)

func (p *Panel) menu(i int) *fyne.Menu {
	e, ok := p.at(i)
	if !ok {
		return nil
	}
	label := "Show the key"
	if e.Sent {
		label = "Show slot " + strconv.FormatInt(e.Slot, 10)
	}
	show := fyne.NewMenuItem(label, func() { p.open(i) })
	show.Disabled = !e.Missed() && e.Process == ""
	path, _, _ := strings.Cut(e.Path, "?")
	m := fyne.NewMenu("", show, fyne.NewMenuItemSeparator(),
		fyne.NewMenuItem("Copy URL", func() { p.copy(p.base()+e.Path, "URL") }),
		fyne.NewMenuItem("Copy path", func() { p.copy(e.Path, "path") }),
		fyne.NewMenuItem("Copy as curl", func() { p.copyCurl(e) }))
	m.Items = append(m.Items, p.bodyItems(e)...)
	m.Items = append(m.Items, fyne.NewMenuItemSeparator(),
		fyne.NewMenuItem("Only this path", func() { p.Filter.SetText(path) }))
	if e.Origin != "" {
		m.Items = append(m.Items, fyne.NewMenuItem("Only "+origin(e.Origin), func() { p.Filter.SetText(origin(e.Origin)) }))
	}
	return m
}

// bodyItems copy the bodies, as far as they are kept.
func (p *Panel) bodyItems(e Exchange) (out []*fyne.MenuItem) {
	c := p.captured(e)
	if c == nil {
		return nil
	}
	add := func(what string, b []byte) {
		if len(b) > 0 {
			out = append(out, fyne.NewMenuItem("Copy "+what+" body", func() { p.copy(string(b), what+" body") }))
		}
	}
	add("request", c.RequestBody)
	add("response", c.ResponseBody)
	return out
}

func (p *Panel) copyCurl(e Exchange) {
	command, cut := Curl(e, p.captured(e), p.base())
	p.copy(command, "curl command")
	if cut && p.o.Say != nil {
		p.o.Say("The command has only the beginning of the request's body: the rest was not kept.")
	}
}

// detailMenu is the menu of what is told of the chosen request.
func (p *Panel) detailMenu(int) *fyne.Menu {
	e, ok := p.at(p.List.Selected())
	if !ok {
		return nil
	}
	m := fyne.NewMenu("",
		fyne.NewMenuItem("Copy all", func() { p.copy(p.Detail(), "request") }),
		fyne.NewMenuItem("Copy as curl", func() { p.copyCurl(e) }))
	m.Items = append(m.Items, p.bodyItems(e)...)
	return m
}
