package compose

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"patchbay/ui/kit"
	"patchbay/ui/theme"
)

// Choice is an entry with a list of what is usual: any text may be typed. The arrow
// down opens the list, so that the Tab key need not stop at its button.
type Choice struct {
	widget.SelectEntry
	refuse  func(text string)
	open    func()
	focused func(o fyne.CanvasObject, in bool)
}

// FocusGained is part of fyne.Focusable.
func (c *Choice) FocusGained() {
	c.SelectEntry.FocusGained()
	c.focused(c, true)
}

// FocusLost is part of fyne.Focusable.
func (c *Choice) FocusLost() {
	c.SelectEntry.FocusLost()
	c.focused(c, false)
}

// TypedShortcut keeps what is too long for a line out of it.
func (c *Choice) TypedShortcut(s fyne.Shortcut) {
	if paste, ok := s.(*fyne.ShortcutPaste); ok && paste.Clipboard != nil {
		if text := paste.Clipboard.Content(); len(text) > MaxName {
			if c.refuse != nil {
				c.refuse(text)
			}
			return
		}
	}
	c.SelectEntry.TypedShortcut(s)
}

// TypedKey opens the list with the arrow down.
func (c *Choice) TypedKey(k *fyne.KeyEvent) {
	if k.Name == fyne.KeyDown {
		c.open()
		return
	}
	c.SelectEntry.TypedKey(k)
}

func newChoice(placeholder string) *Choice {
	c := &Choice{open: func() {}, focused: func(fyne.CanvasObject, bool) {}}
	c.ExtendBaseWidget(c)
	c.PlaceHolder = placeholder
	c.TextStyle = fyne.TextStyle{Monospace: true}
	c.SetOptions(nil) // makes Fyne's button
	if b, ok := c.ActionItem.(*widget.Button); ok {
		c.open = b.OnTapped
	}
	c.ActionItem = newOpener(c.open)
	return c
}

// opener is the arrow of a [Choice]: a button for the mouse alone.
type opener struct {
	widget.BaseWidget
	tapped func()
}

var (
	_ fyne.Tappable      = (*opener)(nil)
	_ desktop.Cursorable = (*opener)(nil)
)

func newOpener(tapped func()) *opener {
	o := &opener{tapped: tapped}
	o.ExtendBaseWidget(o)
	return o
}

// CreateRenderer is part of fyne.Widget.
func (o *opener) CreateRenderer() fyne.WidgetRenderer {
	arrow := fynetheme.NewColoredResource(fynetheme.Icon(fynetheme.IconNameArrowDropDown), fynetheme.ColorNamePlaceHolder)
	return widget.NewSimpleRenderer(container.NewCenter(widget.NewIcon(arrow)))
}

// MinSize leaves the arrow some room to be hit.
func (o *opener) MinSize() fyne.Size { return fyne.NewSize(24, 16) }

// Tapped shows the list.
func (o *opener) Tapped(*fyne.PointEvent) { o.tapped() }

// Cursor is an arrow and not that of text.
func (o *opener) Cursor() desktop.Cursor { return desktop.DefaultCursor }

// tagRow is one tag: its name (typed once, then shown) and its value.
type tagRow struct {
	p         *Panel
	label     *kit.Button
	nameEntry *kit.Entry
	value     *kit.Entry
	big       string // the value when it is too long for a field
	box       *fyne.Container
}

func (p *Panel) addTag(name, value string) *tagRow {
	r := &tagRow{p: p}
	switch {
	case len(value) > MaxValue:
		r.big = value
		r.value = kit.NewMonoEntry("")
		r.value.SetText(bytesWord(len(value)) + ", sent as they are")
		r.value.Disable()
	case strings.Contains(value, "\n"):
		r.value = kit.NewMultiline("")
		r.value.SetMinRowsVisible(min(strings.Count(value, "\n")+1, 4))
	default:
		r.value = kit.NewMonoEntry(p.sample(name))
	}
	if r.big == "" {
		r.value.SetText(value)
	}
	r.value.MaxPaste = MaxValue
	r.value.OnRefused = p.refused
	r.value.OnFocus = p.uses(r.value)
	r.value.OnChanged = func(string) { p.changed(); r.resolve(); p.offer(r.value) }
	r.nameEntry = kit.NewMonoEntry("name") // as high as the value beside it
	r.nameEntry.MaxPaste = MaxName
	r.nameEntry.OnRefused = p.refused
	r.nameEntry.SetText(kit.OneLine(name))
	r.nameEntry.OnChanged = func(string) { p.changed() }
	r.nameEntry.OnSubmitted = func(string) { r.fix(true) }
	r.nameEntry.OnFocus = func(in bool) {
		p.focused(r.nameEntry, in)
		if !in {
			r.fix(false)
		}
	}
	r.label = kit.NewNote(kit.Bare, r.menu, kit.Dim(name))
	r.label.Hint = "Rename or remove it (Menu key in its field)"
	r.label.Skip = true
	r.value.OnKey = func(k fyne.KeyName) bool {
		if k == desktop.KeyMenu {
			r.menu()
		}
		return k == desktop.KeyMenu || k == fyne.KeyDown && p.completes(r.value)
	}
	r.box = rowWith(&fyne.Container{Layout: nameCell{}, Objects: []fyne.CanvasObject{r.label, r.nameEntry}}, r.value)
	r.show(name == "")
	p.rows = append(p.rows, r)
	p.tagBox.Objects = append(p.tagBox.Objects, r.box)
	r.resolve()
	return r
}

// nameCell shows either the label at the right or the entry in full width.
type nameCell struct{}

func (nameCell) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(labelWidth, o[1].MinSize().Height)
}

func (nameCell) Layout(o []fyne.CanvasObject, s fyne.Size) {
	m := o[0].MinSize()
	w := min(m.Width, s.Width+4)
	o[0].Resize(fyne.NewSize(w, m.Height))
	o[0].Move(fyne.NewPos(s.Width-w+4, (s.Height-m.Height)/2))
	o[1].Resize(fyne.NewSize(s.Width, s.Height))
	o[1].Move(fyne.NewPos(8, 0))
}

// text is the tag's value.
func (r *tagRow) text() string {
	if r.big != "" {
		return r.big
	}
	return r.value.Text
}

func (r *tagRow) name() string { return strings.TrimSpace(r.nameEntry.Text) }

func (r *tagRow) show(edit bool) {
	r.label.Hidden = edit
	r.nameEntry.Hidden = !edit
	r.label.SetRuns(kit.Dim(r.name()))
}

// fix turns a typed name into a label.
func (r *tagRow) fix(focusValue bool) {
	if r.name() == "" {
		return
	}
	r.show(false)
	r.box.Refresh()
	if focusValue {
		kit.Focus(r.value)
	}
	r.resolve()
	r.p.changed()
}

func (r *tagRow) menu() {
	c := fyne.CurrentApp().Driver().CanvasForObject(r.label)
	if c == nil {
		return
	}
	m := fyne.NewMenu("",
		fyne.NewMenuItem("Rename "+r.name(), func() {
			r.show(true)
			r.box.Refresh()
			c.Focus(r.nameEntry)
		}),
		fyne.NewMenuItem("Move up", func() { r.p.moveUp(r) }),
		fyne.NewMenuItem("Remove "+r.name(), func() {
			for i, x := range r.p.rows {
				if x == r {
					r.p.removeRow(i)
					return
				}
			}
		}))
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(r.label)
	widget.ShowPopUpMenuAtPosition(m, c, at.AddXY(0, r.label.Size().Height))
}

// moveUp puts a tag one place up; the first goes to the end.
func (p *Panel) moveUp(r *tagRow) {
	i := slices.Index(p.rows, r)
	if i < 0 {
		return
	}
	tags := p.Draft().Tags
	if len(tags) != len(p.rows) { // rows without anything in them
		return
	}
	t := tags[i]
	tags = slices.Delete(tags, i, i+1)
	p.setTags(slices.Insert(tags, (i+len(tags))%(len(tags)+1), t))
	p.changed()
}

// resolve shows in the placeholder-like hint what a name stands for.
func (r *tagRow) resolve() {
	if r.value.Text == "" {
		return
	}
	env := r.p.o.Env()
	if a, ok := env.Address(r.value.Text); ok && !literal(r.name()) && len(a) == 43 {
		if r.p.note.Text() == "" {
			r.p.Say(r.value.Text+" is sent as "+shortID(a), theme.Dim)
		}
	}
}

// sample is a value that a saved message of the same action has for a tag: it
// stands in the empty field as an example.
func (p *Panel) sample(tag string) string {
	if p.o.Saved == nil || tag == "" {
		return ""
	}
	for _, s := range p.o.Saved() {
		if s.Draft.Action != p.Action.Text {
			continue
		}
		for _, t := range s.Draft.Tags {
			if t.Name == tag && t.Value != "" {
				return "e.g. " + t.Value
			}
		}
	}
	return ""
}
