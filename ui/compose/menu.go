package compose

import (
	"fmt"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"

	"patchbay/engine/ao"
	"patchbay/ui/kit"
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
	if len(p.history) > 15 && p.o.Pick != nil {
		hist.ChildMenu.Items = append(hist.ChildMenu.Items, fyne.NewMenuItemSeparator(), fyne.NewMenuItem("All of them…", p.PickHistory))
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
	m.Items = append(m.Items, fyne.NewMenuItemSeparator(),
		fyne.NewMenuItem("Send 10 times", func() { p.Repeat(10) }),
		fyne.NewMenuItem("Send 100 times", func() { p.Repeat(100) }))
	if p.o.Ask != nil {
		m.Items = append(m.Items, fyne.NewMenuItem("Send how many times…", p.AskRepeat))
	}
	insert := fyne.NewMenuItem("Insert a variable", nil)
	insert.ChildMenu = p.variableMenu()
	m.Items = append(m.Items, insert)
	if p.o.Ask != nil {
		m.Items = append(m.Items, fyne.NewMenuItemSeparator(),
			fyne.NewMenuItem("Import curl, aoconnect or JSON…", func() {
				p.AskImport()
			}))
	}
	if p.o.Copy != nil {
		m.Items = append(m.Items,
			fyne.NewMenuItem("Copy as curl", func() { p.Copy("curl") }),
			fyne.NewMenuItem("Copy as aoconnect", func() { p.Copy("aoconnect") }),
			fyne.NewMenuItem("Copy as Lua", func() { p.Copy("Lua") }))
	}
	m.Items = append(m.Items, fyne.NewMenuItemSeparator(), fyne.NewMenuItem("Clear", p.Clear))
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
	list := p.sorted()
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
		menu.Items = append(menu.Items, fyne.NewMenuItem(short(name), func() { p.load(s) }))
	}
	if len(list) > 0 && p.o.Pick != nil {
		item.ChildMenu.Items = append(item.ChildMenu.Items, fyne.NewMenuItemSeparator(), fyne.NewMenuItem("Search…", p.PickSaved))
		if p.o.Remove != nil {
			item.ChildMenu.Items = append(item.ChildMenu.Items, fyne.NewMenuItem("Delete one…", p.PickRemove))
		}
	}
	if len(list) == 0 {
		none := fyne.NewMenuItem("None yet: press Save…", nil)
		none.Disabled = true
		item.ChildMenu.Items = append(item.ChildMenu.Items, none)
	}
	return item
}

// MaxRepeat is how often a message is sent at a stroke at most.
const MaxRepeat = 10_000

// Repeat sends the draft n times. Its variables are filled in anew each time.
func (p *Panel) Repeat(n int) {
	if p.disabled != "" {
		return
	}
	d := p.Draft()
	message := func(i int) (ao.Message, error) {
		e := p.o.Env()
		e.Repeat = i
		return Resolve(d, e)
	}
	if _, err := message(1); err != nil {
		p.wrong(err)
		return
	}
	p.Remember(d)
	if p.o.Repeat != nil {
		p.o.Repeat(n, message)
		return
	}
	for i := 1; i <= n; i++ {
		if m, err := message(i); err == nil {
			p.o.Send(m, d)
		}
	}
}

// AskRepeat asks how often the draft is to be sent.
func (p *Panel) AskRepeat() {
	p.o.Ask("Send several times", fmt.Sprintf("How many times, 1 to %s? {{n}} counts them.", "10,000"), "10", func(s string) string {
		if n, err := strconv.Atoi(strings.TrimSpace(s)); err != nil || n < 1 || n > MaxRepeat {
			return fmt.Sprintf("“%s” is no number from 1 to 10,000.", brief(s))
		}
		return ""
	}, func(s string) {
		n, _ := strconv.Atoi(strings.TrimSpace(s))
		p.Repeat(n)
	})
}

// AskImport asks for what another tool wrote.
func (p *Panel) AskImport() {
	p.o.Ask("Import a message", "Paste a curl command, an aoconnect snippet, JSON or a Send of Lua", "", func(s string) string {
		if _, _, err := parse(s, p.o.Env()); err != nil {
			return err.Error()
		}
		return ""
	}, p.Import)
}

// variableMenu lists the variables; choosing one writes it at the caret of the
// field that had the keyboard last.
func (p *Panel) variableMenu() *fyne.Menu {
	m := fyne.NewMenu("")
	add := func(name, says string) {
		m.Items = append(m.Items, fyne.NewMenuItem("{{"+name+"}}   "+says, func() { p.insert("{{" + name + "}}") }))
	}
	env := p.o.Env()
	for _, a := range env.Accounts[:min(len(env.Accounts), 5)] {
		add(a.Name, "address of the account")
	}
	for _, v := range env.known() {
		add(v[0], v[1])
	}
	return m
}

// PickVariable lists the variables to search in; choosing one writes it as the menu does.
func (p *Panel) PickVariable() {
	if p.o.Pick == nil {
		return
	}
	var items []Item
	for _, it := range p.variableMenu().Items {
		name, says, _ := strings.Cut(it.Label, "   ")
		items = append(items, Item{Title: name, Note: says, Run: it.Action})
	}
	p.o.Pick("which variable goes into the field?", items)
}

// insert writes a text into the field used last, or into Data.
func (p *Panel) insert(s string) {
	e := p.Data
	for _, r := range p.rows {
		if r.value == p.used && r.big == "" {
			e = r.value
		}
	}
	if !kit.OnScreen(e) || e == p.Data && p.big != "" {
		return
	}
	kit.Focus(e)
	for _, r := range s {
		e.TypedRune(r)
	}
}

// Import fills the form from what other tools write; what cannot be read is said.
func (p *Panel) Import(text string) {
	d, open, err := parse(text, p.o.Env())
	if err != nil {
		p.Say(err.Error(), theme.Bad)
		return
	}
	if d.From == "" {
		d.From = p.From.Text
	}
	p.put(d)
	if len(open) > 0 {
		p.Say("Imported. Fill in what the snippet computes: "+strings.Join(open, ", ")+".", theme.Warn)
		return
	}
	p.Say("Imported. Check the sender, then send.", theme.Good)
}

// Copy puts the draft on the clipboard as "curl", "aoconnect" or "Lua".
func (p *Panel) Copy(what string) {
	f := Curl
	switch what {
	case "aoconnect":
		f = AOConnect
	case "Lua":
		f = Lua
	}
	base := ""
	if p.o.BaseURL != nil {
		base = p.o.BaseURL()
	}
	s, err := f(p.Draft(), p.o.Env(), base)
	if err != nil {
		p.wrong(err)
		return
	}
	p.o.Copy(s, "message as "+what)
}
