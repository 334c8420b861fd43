package compose

import (
	"fmt"
	"maps"
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
	// Repeat sends n messages one after the other; message gives the i-th (from 1)
	// when its turn has come. nil: sent all at once.
	Repeat func(n int, message func(i int) (ao.Message, error))
	// Saved lists the saved messages; Save keeps one, Remove takes one away (nil: not
	// offered).
	Saved  func() []Saved
	Save   func(Saved)
	Remove func(Saved)
	// Ask asks the user for a line of text. check says what is wrong with it while it
	// is not taken, "" when it is right.
	Ask func(title, label, text string, check func(string) string, ok func(string))
	// Pick shows a list to search in and to choose from.
	Pick func(hint string, items []Item)
	// Copy puts text on the clipboard.
	Copy func(text, what string)
	// BaseURL is the node's, for copying as curl or aoconnect.
	BaseURL func() string
	// OnChanged tells that the draft changed, to remember it.
	OnChanged func()
	// Show brings the form to the screen: something came into it, or is wrong with it.
	Show func()
	// OnSay is told what is said below the buttons, for when they are not on the screen.
	OnSay func(text string, c fyne.ThemeColorName)
	// Shortcut is the label of the Send shortcut ("Ctrl+⏎").
	Shortcut string
}

// Item is a line of a list to choose from.
type Item struct {
	Title, Note string
	Run         func()
}

// Panel is the form. UI goroutine.
type Panel struct {
	From, Action, Target *Choice
	Data                 *kit.Entry
	SendButton           *kit.Button
	DryButton            *kit.Button
	SaveButton           *kit.Button
	MoreButton           *kit.Button
	// Kind is the name of the Data field, which tells what it is taken for.
	Kind *kit.Button

	o        Options
	rows     []*tagRow
	tagBox   *fyne.Container
	form     *fyne.Container
	note     *kit.Paragraph
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
	as       string // Draft.As
	big      string // Data too long to be edited in a field; then it counts and not the field
	bigRow   *fyne.Container
	bigNote  *kit.Label
	data     *fyne.Container
	used     *kit.Entry        // had the keyboard last
	at       fyne.CanvasObject // the field that has the keyboard, nil when none has
	scroll   *container.Scroll
	loaded   string // the name under which the draft was saved
	sure     string // the name whose message may be replaced
}

// labelWidth is the width of the column of names.
const labelWidth = 84

// New makes the form.
func New(o Options) *Panel {
	p := &Panel{o: o, schemas: map[string][]string{}}
	p.From = newChoice("account or address")
	p.From.OnChanged = func(string) { p.changed(); p.impersonate() }
	p.Action = newChoice("what to ask for")
	p.Action.OnChanged = func(a string) { p.actionChanged(a) }
	p.Target = newChoice("this process")
	p.Target.OnChanged = func(string) { p.changed() }
	for _, c := range []*Choice{p.From, p.Action, p.Target} {
		c.refuse, c.focused = p.refused, p.focused
	}
	p.Data = kit.NewMultiline("text or JSON")
	p.Data.SetMinRowsVisible(2)
	p.Data.MaxPaste, p.Data.MaxLines = MaxEdited, maxEditedLines
	p.Data.OnRefused = p.keepBig
	p.Data.OnChanged = func(string) { p.changed(); p.offer(p.Data) }
	p.Data.OnKey = func(k fyne.KeyName) bool { return k == fyne.KeyDown && p.completes(p.Data) }
	p.Data.OnFocus = p.uses(p.Data)
	p.Kind = kit.NewNote(kit.Bare, p.kindMenu, kit.Dim("Data"))
	p.Kind.Hint = "Text or JSON: check it, format it"
	p.bigNote = kit.NewLabel()
	p.bigNote.MinWidth = 60
	drop := kit.NewButton(kit.Quiet, "Remove", func() { p.setData(""); p.changed() })
	drop.Hint = "Take the long Data out of the message"
	p.bigRow = kit.NewBar(34, p.bigNote, p.bigNote, drop)
	p.bigRow.Hide()
	p.data = container.NewStack(p.Data, p.bigRow)
	p.SendButton = kit.NewButton(kit.Strong, "Send "+o.Shortcut, p.Send)
	p.SendButton.Hint = "Send the message to the process"
	p.DryButton = kit.NewButton(kit.Quiet, "Dry run", p.DryRun)
	p.DryButton.Hint = "Show what it would do, keep nothing"
	p.SaveButton = kit.NewButton(kit.Quiet, "Save…", p.Save)
	p.SaveButton.Hint = "Keep it in the project's messages folder"
	p.MoreButton = kit.NewButton(kit.Quiet, "⋯", p.more)
	p.MoreButton.Hint = "History, saved messages, import, code"
	p.tagBox = container.New(&kit.Stack{})
	p.note = kit.NewParagraph()
	p.note.MaxLines = mostNote
	p.noteBox = container.New(kit.Pad{Top: 1, Bottom: 6}, p.note)
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
		rowWith(&fyne.Container{Layout: kindCell{}, Objects: []fyne.CanvasObject{p.Kind}}, p.data))
	p.scroll = container.NewVScroll(container.New(kit.Pad{Left: 0, Top: formTop, Right: 12, Bottom: 4}, p.form))
	p.note.Pad = 12
	p.foot = kit.NewStack(nil, container.New(kit.Pad{Top: 4, Bottom: 6}, buttons), p.noteBox)
	p.content = container.New(snug{p.form, p.note}, p.scroll, p.foot)
	p.Kind.SetRuns(kit.Dim("Data ▾"))
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
	if text == p.note.Text() && text == "" {
		return
	}
	p.note.Set(kit.Run{Text: text, Color: c})
	p.noteBox.Hidden = text == ""
	p.content.Refresh()
	p.reveal()
	if text != "" && p.o.OnSay != nil {
		p.o.OnSay(text, c)
	}
}

// put fills the form and brings it to the screen.
func (p *Panel) put(d Draft) {
	p.SetDraft(d)
	p.toScreen()
}

func (p *Panel) toScreen() {
	if p.o.Show != nil {
		p.o.Show()
	}
}

// SetActions offers what the script handles.
func (p *Panel) SetActions(list []Action) {
	known := func(list []Action, name string) bool {
		return slices.ContainsFunc(list, func(a Action) bool { return a.Name == name })
	}
	a := p.Action.Text
	late := a != "" && len(p.rows) == 0 && known(list, a) && !known(p.actions, a)
	p.actions = list
	p.refreshChoices()
	if late { // typed before the script was read: its tags come now
		p.actionChanged(a)
	}
}

// Refresh takes new accounts and processes over.
func (p *Panel) Refresh() { p.refreshChoices() }

func (p *Panel) refreshChoices() {
	env := p.o.Env()
	var names []string
	for _, a := range env.Accounts {
		names = append(names, a.Name)
	}
	p.From.SetOptions(append(slices.Clone(names), procNames(env)...))
	if p.From.Text == "" && len(names) > 0 {
		p.filling = true
		p.From.SetText(names[0])
		p.filling = false
	}
	var actions []string
	for _, a := range p.actions {
		actions = append(actions, a.Name)
	}
	for _, a := range slices.Sorted(maps.Keys(p.schemas)) {
		if a != "" && !slices.Contains(actions, a) {
			actions = append(actions, a)
		}
	}
	p.Action.SetOptions(actions)
	procs := procNames(env)
	p.Target.SetOptions(procs)
	p.target.Hidden = len(procs) < 2 && p.Target.Text == ""
	for _, r := range p.rows {
		r.resolve()
	}
	p.relayout()
}

func procNames(env Env) []string {
	var out []string
	for _, q := range env.Processes {
		out = append(out, q.Name)
	}
	return out
}

// shortID is an address for a sentence.
func shortID(a string) string {
	if len(a) != 43 {
		return a
	}
	return a[:4] + "…" + a[39:]
}

// impersonate says as whom the message will be sent.
func (p *Panel) impersonate() {
	if p.filling {
		return
	}
	env := p.o.Env()
	from := strings.TrimSpace(p.From.Text)
	if a, ok := env.Address(from); ok && p.note.Text() == "" {
		p.Say("Sent as "+from+", "+shortID(a), theme.Dim)
	} else if ao.IsID(from) && p.note.Text() == "" {
		p.Say("Sent as if from this address.", theme.Dim)
	}
}

// place is where a name stands in a list; behind it when it does not.
func place(list []string, name string) int {
	if i := slices.Index(list, name); i >= 0 {
		return i
	}
	return len(list)
}

// actionChanged brings the tags that this action had last, or that its handler
// reads: in the order in which that reads them, so that the form looks alike
// whoever wrote the message before.
func (p *Panel) actionChanged(a string) {
	if p.filling {
		return
	}
	tags, ok := p.schemas[a]
	for _, x := range p.actions {
		if x.Name != a {
			continue
		}
		if !ok {
			tags, ok = x.Tags, true
			break
		}
		tags = slices.Clone(tags)
		slices.SortStableFunc(tags, func(a, b string) int { return place(x.Tags, a) - place(x.Tags, b) })
	}
	if ok {
		old := map[string]string{}
		for _, r := range p.rows {
			old[r.name()] = r.text()
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
	p.Say(p.checkData(), theme.Warn)
	p.showKind()
	if p.o.OnChanged != nil {
		p.o.OnChanged()
	}
}

// refused tells of a text that is too long for its field.
func (p *Panel) refused(text string) {
	p.Say(fmt.Sprintf("Not pasted: the clipboard holds %s, and this field is for a line. Paste it into Data.", bytesWord(len(text))), theme.Bad)
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
		if c := p.canvas(); c != nil {
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

// SetReadOnly says why nothing can be sent; "" lets the button act. A dry run leaves
// nothing behind, so it stays.
func (p *Panel) SetReadOnly(why string) {
	p.disabled = why
	p.SendButton.SetEnabled(why == "")
	if why != "" {
		p.Say(why, theme.Warn)
	}
}

// canvas is where the form stands. It is asked of an object that was there before:
// Fyne does not know where one is until it has drawn it.
func (p *Panel) canvas() fyne.Canvas {
	return fyne.CurrentApp().Driver().CanvasForObject(p.MoreButton)
}

func (p *Panel) more() {
	c := p.canvas()
	if c == nil {
		return
	}
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(p.MoreButton)
	widget.ShowPopUpMenuAtPosition(p.Menu(), c, at.AddXY(0, p.MoreButton.Size().Height))
}

// relayout fits the form to rows that came or went.
func (p *Panel) relayout() {
	p.form.Refresh()
	p.content.Refresh()
	p.reveal()
}
