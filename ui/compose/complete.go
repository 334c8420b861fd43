package compose

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"patchbay/ui/kit"
	"patchbay/ui/theme"
)

// known are the variables that are no names of somebody, the project's own first, each
// with what it gives.
func (e *Env) known() [][2]string {
	var out [][2]string
	for _, v := range e.Variables {
		says := "“" + kit.OneLine(brief(v.Value)) + "”, from patchbay.toml"
		out = append(out, [2]string{v.Name, says})
	}
	return append(out, variables...)
}

// completions are the variables that go on from what stands after open braces:
// accounts and processes too.
func (e *Env) completions(typed string) (out []string) {
	all := make([]string, 0, len(variables))
	for _, v := range e.known() {
		if !strings.Contains(v[0], "TAG") {
			all = append(all, v[0])
		}
	}
	for _, name := range append(all, e.allNames()...) {
		if len(name) > len(typed) && strings.EqualFold(name[:len(typed)], typed) {
			out = append(out, name)
		}
	}
	return out
}

// openName is the beginning of a variable that ends at the caret of an entry.
func openName(e *kit.Entry) (typed string, ok bool) {
	lines := strings.Split(e.Text, "\n")
	if e.CursorRow >= len(lines) {
		return "", false
	}
	line := []rune(lines[e.CursorRow])
	before := string(line[:min(e.CursorColumn, len(line))])
	i := strings.LastIndex(before, "{{")
	if i < 0 || strings.HasSuffix(before[:i], `\`) {
		return "", false
	}
	typed = before[i+2:]
	return typed, typed == "" || variableName.MatchString(typed+"x") && !strings.Contains(typed, " ")
}

// completes makes the arrow down complete the variable that is begun in an entry, and
// says so while one is. It returns false when there is none.
func (p *Panel) completes(e *kit.Entry) bool {
	typed, ok := openName(e)
	if !ok {
		return false
	}
	names := p.env().completions(typed)
	put := func(name string) {
		kit.Focus(e)
		for _, r := range name[len(typed):] + "}}" {
			e.TypedRune(r)
		}
	}
	c := fyne.CurrentApp().Driver().CanvasForObject(e)
	switch {
	case len(names) == 0 || c == nil:
		return false
	case len(names) == 1:
		put(names[0])
		return true
	}
	m := fyne.NewMenu("")
	for _, name := range names[:min(len(names), 16)] {
		m.Items = append(m.Items, fyne.NewMenuItem("{{"+name+"}}", func() { put(name) }))
	}
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(e)
	widget.ShowPopUpMenuAtPosition(m, c, at.AddXY(0, e.Size().Height))
	return true
}

// offer says what the arrow down would write.
func (p *Panel) offer(e *kit.Entry) {
	typed, ok := openName(e)
	if !ok || p.filling {
		return
	}
	if names := p.env().completions(typed); len(names) > 0 {
		more := ""
		if len(names) > 3 {
			names, more = names[:3], ", …"
		}
		p.Say("Arrow down completes: {{"+strings.Join(names, "}}, {{")+"}}"+more, theme.Dim)
	}
}

func (p *Panel) env() *Env {
	e := p.o.Env()
	return &e
}
