package compose

import (
	"sort"
	"strings"

	"fyne.io/fyne/v2"

	"patchbay/ui/theme"
)

// Menu is what stands behind the button with the dots.
func (p *Panel) Menu() *fyne.Menu {
	m := fyne.NewMenu("")
	hist := fyne.NewMenuItem("History", nil)
	hist.ChildMenu = fyne.NewMenu("")
	for _, d := range p.history[:min(len(p.history), 15)] {
		hist.ChildMenu.Items = append(hist.ChildMenu.Items, fyne.NewMenuItem(short(d.Title()), func() { p.SetDraft(d) }))
	}
	if len(p.history) == 0 {
		none := fyne.NewMenuItem("Nothing was sent yet", nil)
		none.Disabled = true
		hist.ChildMenu.Items = append(hist.ChildMenu.Items, none)
	}
	m.Items = append(m.Items, hist)
	if p.o.Saved != nil {
		m.Items = append(m.Items, p.savedMenu())
	}
	repeat := fyne.NewMenuItem("Send 10 times", func() { p.Repeat(10) })
	hundred := fyne.NewMenuItem("Send 100 times", func() { p.Repeat(100) })
	m.Items = append(m.Items, fyne.NewMenuItemSeparator(), repeat, hundred)
	if p.o.Ask != nil {
		m.Items = append(m.Items, fyne.NewMenuItemSeparator(),
			fyne.NewMenuItem("Import curl, aoconnect or JSON…", func() {
				p.o.Ask("Import a message", "Paste a curl command, an aoconnect snippet or JSON", "", p.Import)
			}))
	}
	if p.o.Copy != nil {
		m.Items = append(m.Items,
			fyne.NewMenuItem("Copy as curl", func() { p.copyAs("curl", Curl) }),
			fyne.NewMenuItem("Copy as aoconnect", func() { p.copyAs("aoconnect", AOConnect) }),
			fyne.NewMenuItem("Copy as Lua", func() { p.copyAs("Lua", Lua) }))
	}
	m.Items = append(m.Items, fyne.NewMenuItemSeparator(), fyne.NewMenuItem("Clear", func() {
		from := p.From.Text
		p.SetDraft(Draft{From: from})
	}))
	return m
}

func short(s string) string {
	if r := []rune(s); len(r) > 64 {
		return string(r[:63]) + "…"
	}
	return s
}

// savedMenu lists the saved messages, a menu for each folder.
func (p *Panel) savedMenu() *fyne.MenuItem {
	item := fyne.NewMenuItem("Saved messages", nil)
	item.ChildMenu = fyne.NewMenu("")
	folders := map[string]*fyne.Menu{}
	list := p.o.Saved()
	sort.Slice(list, func(a, b int) bool { return list[a].Name < list[b].Name })
	for _, s := range list {
		menu, name := item.ChildMenu, s.Name
		if i := strings.LastIndexByte(name, '/'); i > 0 {
			folder := name[:i]
			name = name[i+1:]
			if folders[folder] == nil {
				folders[folder] = fyne.NewMenu("")
				f := fyne.NewMenuItem(folder, nil)
				f.ChildMenu = folders[folder]
				item.ChildMenu.Items = append(item.ChildMenu.Items, f)
			}
			menu = folders[folder]
		}
		d := s.Draft
		menu.Items = append(menu.Items, fyne.NewMenuItem(short(name), func() { p.SetDraft(d) }))
	}
	if len(list) == 0 {
		none := fyne.NewMenuItem("None yet: press Save…", nil)
		none.Disabled = true
		item.ChildMenu.Items = append(item.ChildMenu.Items, none)
	}
	return item
}

// Repeat sends the draft n times.
func (p *Panel) Repeat(n int) {
	for range n {
		before := p.note.Text()
		p.Send()
		if _, err := Resolve(p.Draft(), p.o.Env()); err != nil {
			return
		}
		_ = before
	}
}

// Import fills the form from what other tools write; what cannot be read is said.
func (p *Panel) Import(text string) {
	d, err := Parse(text, p.o.Env())
	if err != nil {
		p.Say(err.Error(), theme.Bad)
		return
	}
	if d.From == "" {
		d.From = p.From.Text
	}
	p.SetDraft(d)
	p.Say("Imported. Check the sender, then send.", theme.Good)
}

func (p *Panel) copyAs(what string, f func(Draft, Env, string) (string, error)) {
	base := ""
	if p.o.BaseURL != nil {
		base = p.o.BaseURL()
	}
	s, err := f(p.Draft(), p.o.Env(), base)
	if err != nil {
		p.Say(err.Error(), theme.Bad)
		return
	}
	p.o.Copy(s, what)
}
