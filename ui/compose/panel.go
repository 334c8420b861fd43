package compose

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"patchbay/engine/ao"
	"patchbay/ui/kit"
	"patchbay/ui/theme"
)

// Action is something that the script handles, with the tags that its messages
// normally carry.
type Action struct {
	Name string
	Tags []string
}

// Options is what a [Panel] needs from outside.
type Options struct {
	// Env gives what names mean right now.
	Env func() Env
	// Send and DryRun get a message that is complete; draft is what it was made of.
	Send, DryRun func(m ao.Message, d Draft)
	// Saved lists the saved messages; Save keeps one.
	Saved func() []Saved
	Save  func(Saved)
	// Ask asks the user for a line of text.
	Ask func(title, label, text string, ok func(string))
	// Copy puts text on the clipboard.
	Copy func(text, what string)
	// BaseURL is the node's, for copying as curl or aoconnect.
	BaseURL func() string
	// OnChanged tells that the draft changed, to remember it.
	OnChanged func()
	// Shortcut is the label of the Send shortcut ("Ctrl+⏎").
	Shortcut string
}

// Panel is the form. UI goroutine.
type Panel struct {
	From, Action, Target *Choice
	Data                 *kit.Entry
	SendButton           *kit.Button
	DryButton            *kit.Button
	SaveButton           *kit.Button
	MoreButton           *kit.Button

	o        Options
	rows     []*tagRow
	tagBox   *fyne.Container
	form     *fyne.Container
	note     *kit.Label
	noteBox  *fyne.Container
	foot     *fyne.Container
	content  fyne.CanvasObject
	actions  []Action
	schemas  map[string][]string // by action, as used last
	history  []Draft
	filling  bool
	target   *fyne.Container
	addRow   *fyne.Container
	disabled string
}

// labelWidth is the width of the column of names.
const labelWidth = 84

// New makes the form.
func New(o Options) *Panel {
	p := &Panel{o: o, schemas: map[string][]string{}}
	p.From = newChoice("account or address")
	p.From.OnChanged = func(string) { p.changed() }
	p.Action = newChoice("what to ask for")
	p.Action.OnChanged = func(a string) { p.actionChanged(a) }
	p.Target = newChoice("this process")
	p.Target.OnChanged = func(string) { p.changed() }
	p.Data = kit.NewMultiline("text or JSON")
	p.Data.SetMinRowsVisible(2)
	p.Data.OnChanged = func(string) { p.changed() }
	p.SendButton = kit.NewButton(kit.Strong, "Send "+o.Shortcut, p.Send)
	p.SendButton.Hint = "Send the message to the process"
	p.DryButton = kit.NewButton(kit.Quiet, "Dry run", p.DryRun)
	p.DryButton.Hint = "Show what the message would do, without keeping it"
	p.SaveButton = kit.NewButton(kit.Quiet, "Save…", p.save)
	p.SaveButton.Hint = "Keep the message in the project's messages folder"
	p.MoreButton = kit.NewButton(kit.Quiet, "⋯", p.more)
	p.MoreButton.Hint = "History, saved messages, import, copy as code"
	p.tagBox = container.New(&kit.Stack{})
	p.note = kit.NewLabel()
	p.note.MinWidth = 40
	p.noteBox = container.New(kit.Min{Height: 22}, p.note)
	p.noteBox.Hide()
	add := kit.NewNote(kit.Bare, func() { p.AddTag("", "") }, kit.Run{Text: "+ tag", Color: theme.Accent})
	add.Hint = "Add a tag to the message"
	p.addRow = row("", container.NewHBox(add))
	p.target = row("Target", p.Target)
	p.target.Hide()
	buttons := kit.NewBar(30, nil, p.SendButton, p.DryButton, p.SaveButton, p.MoreButton)
	buttons.Layout.(*kit.Bar).Gap = 6
	p.form = kit.NewStack(nil,
		row("From", p.From), p.target, row("Action", p.Action), p.tagBox, p.addRow,
		row("Data", p.Data))
	scroll := container.NewVScroll(container.New(kit.Pad{Left: 0, Top: 6, Right: 12, Bottom: 4}, p.form))
	p.note.Pad = 12
	p.foot = kit.NewStack(nil, container.New(kit.Pad{Top: 4, Bottom: 6}, buttons), p.noteBox)
	p.content = container.New(snug{p.form}, scroll, p.foot)
	return p
}

// Content is the panel's widget tree.
func (p *Panel) Content() fyne.CanvasObject { return p.content }

// Note is the sentence below the buttons.
func (p *Panel) Note() string { return p.note.Text() }

// Say shows a sentence below the buttons; bad ones in red.
func (p *Panel) Say(text string, c fyne.ThemeColorName) {
	if c == "" {
		c = theme.Dim
	}
	p.note.SetRuns(kit.Run{Text: text, Color: c})
	if p.noteBox.Hidden != (text == "") {
		p.noteBox.Hidden = text == ""
		p.content.Refresh()
	}
}

// SetActions offers what the script handles.
func (p *Panel) SetActions(list []Action) {
	p.actions = list
	p.refreshChoices()
}

// Refresh takes new accounts and processes over.
func (p *Panel) Refresh() { p.refreshChoices() }

func (p *Panel) refreshChoices() {
	env := p.o.Env()
	var names []string
	for _, a := range env.Accounts {
		names = append(names, a.Name)
	}
	p.From.SetOptions(names)
	if p.From.Text == "" && len(names) > 0 {
		p.filling = true
		p.From.SetText(names[0])
		p.filling = false
	}
	var actions []string
	for _, a := range p.actions {
		actions = append(actions, a.Name)
	}
	for a := range p.schemas {
		if a != "" && !slices.Contains(actions, a) {
			actions = append(actions, a)
		}
	}
	p.Action.SetOptions(actions)
	var procs []string
	for _, q := range env.Processes {
		procs = append(procs, q.Name)
	}
	p.Target.SetOptions(procs)
	p.target.Hidden = len(procs) < 2 && p.Target.Text == ""
	for _, r := range p.rows {
		r.resolve()
	}
	p.relayout()
}

// actionChanged brings the tags that this action had last, or that its handler reads.
func (p *Panel) actionChanged(a string) {
	if p.filling {
		return
	}
	tags, ok := p.schemas[a]
	if !ok {
		for _, x := range p.actions {
			if x.Name == a {
				tags, ok = x.Tags, true
			}
		}
	}
	if ok {
		old := map[string]string{}
		for _, r := range p.rows {
			old[r.name()] = r.value.Text
		}
		var rows []ao.Tag
		for _, t := range tags {
			rows = append(rows, ao.Tag{Name: t, Value: old[t]})
		}
		p.setTags(rows)
	}
	p.changed()
}

func (p *Panel) changed() {
	if p.filling {
		return
	}
	if warn := CheckData(p.Data.Text); warn != "" {
		p.Say(warn, theme.Warn)
	} else {
		p.Say("", "")
	}
	if p.o.OnChanged != nil {
		p.o.OnChanged()
	}
}

// Draft is what the form holds.
func (p *Panel) Draft() Draft {
	d := Draft{From: p.From.Text, Target: p.Target.Text, Action: p.Action.Text, Data: p.Data.Text}
	for _, r := range p.rows {
		if n := r.name(); n != "" || r.value.Text != "" {
			d.Tags = append(d.Tags, ao.Tag{Name: n, Value: r.value.Text})
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
	p.Data.SetText(d.Data)
	p.setTags(d.Tags)
	p.filling = false
	p.refreshChoices()
	p.changed()
}

func (p *Panel) setTags(tags []ao.Tag) {
	p.rows = nil
	p.tagBox.Objects = nil
	for _, t := range tags {
		p.addTag(t.Name, t.Value)
	}
	p.relayout()
}

// AddTag adds a row; without a name the user types one.
func (p *Panel) AddTag(name, value string) {
	r := p.addTag(name, value)
	p.relayout()
	if name == "" {
		if c := fyne.CurrentApp().Driver().CanvasForObject(r.nameEntry); c != nil {
			c.Focus(r.nameEntry)
		}
	}
	p.changed()
}

// Tag is the entry of the first tag with this name, nil if there is none.
func (p *Panel) Tag(name string) *kit.Entry {
	for _, r := range p.rows {
		if r.name() == name {
			return r.value
		}
	}
	return nil
}

// RemoveTag takes the first row with this name away.
func (p *Panel) RemoveTag(name string) {
	for i, r := range p.rows {
		if r.name() == name {
			p.removeRow(i)
			return
		}
	}
}

func (p *Panel) removeRow(i int) {
	p.rows = slices.Delete(p.rows, i, i+1)
	p.tagBox.Objects = slices.Delete(p.tagBox.Objects, i, i+1)
	p.relayout()
	p.changed()
}

// SetReadOnly says why nothing can be sent; "" lets the buttons act.
func (p *Panel) SetReadOnly(why string) {
	p.disabled = why
	p.SendButton.SetEnabled(why == "")
	p.DryButton.SetEnabled(why == "")
	if why != "" {
		p.Say(why, theme.Warn)
	}
}

// Send resolves and sends. What is wrong is said and nothing is lost.
func (p *Panel) Send() { p.give(p.o.Send, true) }

// DryRun resolves and asks what the message would do.
func (p *Panel) DryRun() { p.give(p.o.DryRun, false) }

func (p *Panel) give(to func(ao.Message, Draft), remember bool) {
	if to == nil || p.disabled != "" {
		return
	}
	d := p.Draft()
	m, err := Resolve(d, p.o.Env())
	if err != nil {
		p.Say(err.Error(), theme.Bad)
		return
	}
	if w := CheckData(d.Data); w != "" {
		p.Say(w, theme.Warn)
	} else {
		p.Say("", "")
	}
	if remember {
		p.Remember(d)
	}
	to(m, d)
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
	return d.From == e.From && d.Target == e.Target && d.Action == e.Action && d.Data == e.Data && slices.Equal(d.Tags, e.Tags)
}

// Title is a draft in a few words: "alice: Transfer Recipient=bob Quantity=250".
func (d Draft) Title() string {
	s := d.From + ": " + d.Action
	for _, t := range d.Tags {
		s += " " + t.Name + "=" + t.Value
	}
	return kit.OneLine(s)
}

func (p *Panel) save() {
	if p.o.Ask == nil || p.o.Save == nil {
		return
	}
	d := p.Draft()
	name := strings.ToLower(d.Action)
	if name == "" {
		name = "message"
	}
	p.o.Ask("Save message", "Name (folders with /)", name, func(s string) {
		p.o.Save(Saved{Name: strings.TrimSpace(s), Draft: d})
	})
}

func (p *Panel) more() {
	c := fyne.CurrentApp().Driver().CanvasForObject(p.MoreButton)
	if c == nil {
		return
	}
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(p.MoreButton)
	widget.ShowPopUpMenuAtPosition(p.Menu(), c, at.AddXY(0, p.MoreButton.Size().Height))
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

// relayout fits the form to rows that came or went.
func (p *Panel) relayout() {
	p.form.Refresh()
	p.content.Refresh()
}
