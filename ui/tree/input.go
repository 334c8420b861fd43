package tree

import (
	"fyne.io/fyne/v2"

	"patchbay/ui/kit"
)

func (p *Panel) choose(i int) {
	r := p.Model.Row(i, p.o.Now())
	if r.More > 0 {
		return
	}
	p.selected = r.Path
	if p.o.OnSelected != nil {
		p.o.OnSelected(r.Path)
	}
}

func (p *Panel) activate(i int) {
	r := p.Model.Row(i, p.o.Now())
	switch {
	case r.More > 0:
		p.Model.ShowAll(r.Path)
		p.List.Refresh()
	case r.Branch && !p.Model.Filtered():
		p.toggle(r.Path)
	case r.Branch:
		p.showInTree(r.Path)
	case p.o.OnOpen != nil:
		p.o.OnOpen(r.Path)
	}
}

// showInTree ends the filter and shows a branch that it found with its keys.
func (p *Panel) showInTree(path []string) {
	p.Filter.SetText("")
	if p.Select(path) && !p.Model.IsOpen(path) {
		p.toggle(path)
	}
}

// typed begins a filter with what is typed in the tree.
func (p *Panel) typed(r rune) {
	if r <= ' ' || r == '*' {
		return
	}
	if !kit.OnScreen(p.Filter) {
		return
	}
	kit.Focus(p.Filter)
	if r == '/' && p.Filter.Text == "" {
		return
	}
	p.Filter.TypedRune(r)
}

func (p *Panel) toggle(path []string) {
	p.Model.Toggle(path)
	p.reselect()
	p.jobs()
	p.List.Refresh()
}

const (
	indentX = 15
	firstX  = 12
)

func (p *Panel) tapped(i int, x float32) bool {
	r := p.Model.Row(i, p.o.Now())
	if r.More > 0 {
		p.Model.ShowAll(r.Path)
		p.List.Refresh()
		return true
	}
	at := firstX + float32(r.Depth)*indentX
	if r.Branch && !p.Model.Filtered() && x >= at-8 && x < at+16 {
		p.toggle(r.Path)
		return true
	}
	return false
}

func (p *Panel) key(k fyne.KeyName) bool {
	i := p.List.Selected()
	if i < 0 || i >= p.Model.Len() {
		return false
	}
	r := p.Model.Row(i, p.o.Now())
	switch k {
	case fyne.KeyRight:
		if r.Branch && !r.Open && !p.Model.Filtered() {
			p.toggle(r.Path)
		} else if r.Branch {
			p.List.Select(i + 1)
		}
		return true
	case fyne.KeyLeft:
		if r.Branch && r.Open && !p.Model.Filtered() {
			p.toggle(r.Path)
		} else if len(r.Path) > 1 {
			if up := p.Model.IndexOf(r.Path[:len(r.Path)-1]); up >= 0 {
				p.List.Select(up)
			}
		}
		return true
	case fyne.KeySpace:
		p.activate(i)
		return true
	case fyne.KeyAsterisk:
		p.expand(r.Path)
		return true
	case fyne.KeySlash:
		return true // comes as a rune, too
	case fyne.KeyEscape:
		if p.query != "" {
			p.Filter.SetText("")
			return true
		}
	}
	return false
}
