package traffic

import (
	"net/http"
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
		fyne.NewMenuItem("Copy as curl", func() { p.copy(curl(e, p.base()), "curl command") }),
		fyne.NewMenuItemSeparator(),
		fyne.NewMenuItem("Only this path", func() { p.Filter.SetText(path) }))
	if e.Origin != "" {
		m.Items = append(m.Items, fyne.NewMenuItem("Only "+origin(e.Origin), func() { p.Filter.SetText(origin(e.Origin)) }))
	}
	return m
}

// curl is the request as a command; what a POST carried is not remembered.
func curl(e Exchange, base string) string {
	quote := func(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }
	s := "curl -i "
	if e.Method != http.MethodGet {
		s += "-X " + e.Method + " "
	}
	if e.Origin != "" {
		s += "-H " + quote("origin: "+e.Origin) + " "
	}
	return s + quote(base+e.Path)
}
