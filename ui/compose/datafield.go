package compose

import (
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"patchbay/ui/kit"
	"patchbay/ui/theme"
)

// The longest Data that is edited in a field: Fyne's entry lays all of its text out
// at each key. What is longer is kept beside it and shown as one line.
const (
	MaxEdited      = 20_000
	maxEditedLines = 400
)

// setData shows Data in the field, or keeps it aside when it is too long for it.
func (p *Panel) setData(s string) {
	filling := p.filling
	p.filling = true
	if len(s) > MaxEdited || strings.Count(s, "\n") >= maxEditedLines {
		p.big = s
		p.Data.SetText("")
	} else {
		p.big = ""
		p.Data.SetText(s)
	}
	p.filling = filling
	p.bigRow.Hidden = p.big == ""
	p.Data.Hidden = p.big != ""
	p.showKind()
	p.relayout()
}

// keepBig takes a long text that was pasted into the field.
func (p *Panel) keepBig(text string) {
	p.setData(p.Data.Text + text)
	p.changed()
}

// dataText is the Data as it would be sent, as far as its variables are known.
func (p *Panel) dataText() string {
	if p.big != "" {
		return p.big
	}
	env := p.o.Env()
	if s, err := env.expand(p.Data.Text); err == nil {
		return s
	}
	return p.Data.Text
}

// checkData says what is wrong with Data, "" for nothing.
func (p *Panel) checkData() string {
	s := p.dataText()
	if len(s) > 1<<20 { // looked at when it is sent
		return ""
	}
	switch p.as {
	case AsText:
		return ""
	case AsJSON:
		if bad := jsonError(s); bad != "" {
			return "Data is set to JSON but is none: " + bad + "."
		}
		return ""
	}
	return CheckData(s)
}

// showKind tells beside the field what Data is taken for.
func (p *Panel) showKind() {
	s := p.dataText()
	word, c := "Data", theme.Dim
	switch {
	case p.as == AsText:
		word = "Text"
	case p.as == AsJSON:
		word = "JSON"
		if p.checkData() != "" {
			c = theme.Bad
		} else {
			c = theme.Good
		}
	case len(s) < 1<<20 && isJSON(s):
		word, c = "JSON", theme.Good
	case p.checkData() != "":
		c = theme.Warn
	}
	p.Kind.SetRuns(kit.Run{Text: word + " ▾", Color: c})
	if p.big != "" {
		kind := "text"
		if word == "JSON" {
			kind = "JSON"
		}
		p.bigNote.SetRuns(kit.Dim(sizeWord(len(p.big)) + " of " + kind))
	}
}

func sizeWord(n int) string {
	if n < 1_000_000 {
		return fmt.Sprintf("%d kB", n/1000)
	}
	return fmt.Sprintf("%.1f MB", float64(n)/1e6)
}

func (p *Panel) kindMenu() {
	c := fyne.CurrentApp().Driver().CanvasForObject(p.Kind)
	if c == nil {
		return
	}
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(p.Kind)
	widget.ShowPopUpMenuAtPosition(p.KindMenu(), c, at.AddXY(0, p.Kind.Size().Height))
}

// KindMenu lists what Data may be taken for, and what can be done to JSON.
func (p *Panel) KindMenu() *fyne.Menu {
	item := func(as, label string) *fyne.MenuItem {
		it := fyne.NewMenuItem(label, func() { p.SetKind(as) })
		it.Checked = p.as == as
		return it
	}
	format := func(label string, indent bool) *fyne.MenuItem {
		it := fyne.NewMenuItem(label, func() { p.FormatData(indent) })
		_, ok := formatJSON(p.Draft().Data, indent)
		it.Disabled = !ok
		return it
	}
	return fyne.NewMenu("",
		item("", "Text, or JSON that is checked"),
		item(AsJSON, "JSON: sent only when it is valid"),
		item(AsText, "Text: never checked"),
		fyne.NewMenuItemSeparator(),
		format("Format JSON", true),
		format("JSON in one line", false))
}

// SetKind says what Data is: AsJSON, AsText, or "" for either.
func (p *Panel) SetKind(as string) {
	p.as = as
	p.changed()
}

// FormatData writes Data anew, if it is JSON: a name in each line, or all in one.
func (p *Panel) FormatData(indent bool) {
	out, ok := formatJSON(p.Draft().Data, indent)
	if !ok {
		p.Say("Data is no JSON that could be formatted.", theme.Warn)
		return
	}
	p.setData(out)
	p.changed()
}

// Clear empties the form but for the sender.
func (p *Panel) Clear() { p.SetDraft(Draft{From: p.From.Text}) }
