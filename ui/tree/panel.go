package tree

import (
	"context"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"patchbay/patchdev"
	"patchbay/ui/kit"
	"patchbay/ui/theme"
)

// Options is what a [Panel] needs from outside. Nil functions are not used.
type Options struct {
	// Now is the clock; nil is time.Now.
	Now func() time.Time
	// Async runs work on another goroutine and then then on the UI goroutine; nil
	// runs both at once.
	Async func(work, then func())
	// Copy puts a text on the clipboard.
	Copy func(text, what string)
	// Alias gives the account's or process's name of an address, "" if it has none.
	// Any goroutine.
	Alias func(address string) string
	// Warn says what a real node would do with a path, "" if nothing is wrong.
	Warn func(path []string) string
	// OnSelected tells which path the user chose.
	OnSelected func(path []string)
	// OnOpen is Enter or a double click on a value.
	OnOpen func(path []string)
	// URL is where the path is read.
	URL func(path []string) string
	// Empty says what to do when there is no key yet.
	Empty func() []string
	// Spark gives the numbers that a path had over the last slots, oldest first, for
	// the watch list.
	Spark func(path []string) []float64
	// OnPins tells that the watch list changed.
	OnPins func(pins [][]string)
	// OnSort tells that the user chose another order.
	OnSort func(Sort)
}

// Panel is the tree with its header: slot shown, filter, order. UI goroutine.
type Panel struct {
	Model *Model
	List  *kit.List
	// Filter is the entry, for focus and tests.
	Filter *kit.Entry

	o        Options
	content  fyne.CanvasObject
	head     *fyne.Container
	pill     *kit.Button
	note     *kit.Label
	noteBox  *fyne.Container
	sortBtn  *kit.Button
	watch    *watchList
	selected []string
	anchor   []string
	slot     int64
	live     bool
	cancel   context.CancelFunc
	searched *patchdev.Table // the root of the last search
	query    string
	busy     bool // a search or a sort is running
	again    bool
}

// New makes the panel.
func New(o Options) *Panel {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Async == nil {
		o.Async = func(work, then func()) { work(); then() }
	}
	p := &Panel{Model: NewModel(), o: o, slot: -1}
	p.List = kit.NewList(p.Model.Len, p.row)
	p.List.Now = o.Now
	p.List.RowHeight = 25
	p.List.OnSelected = p.choose
	p.List.OnActivated = p.activate
	p.List.OnTapped = p.tapped
	p.List.OnKey = p.key
	p.List.OnRune = p.typed
	p.List.OnCopy = p.copyValue
	p.List.OnMenu = p.menu
	p.List.Empty = p.empty
	p.pill = kit.NewNote(kit.Capsule, nil, kit.Dim("no slot yet"))
	p.Filter = kit.NewEntry("filter keys and values")
	p.Filter.OnChanged = func(string) { p.filter() }
	p.Filter.OnRefused = func(string) { p.say("That is too long for a filter: a few words find a key.") }
	p.Filter.OnKey = func(k fyne.KeyName) bool {
		if k == fyne.KeyDown && p.Model.Len() > 0 {
			p.List.Focus()
			return true
		}
		return false
	}
	p.Filter.OnSubmitted = func(string) { p.List.Focus() }
	p.Filter.OnEscape = func() { p.Filter.SetText(""); p.List.Focus() }
	p.sortBtn = kit.NewButton(kit.Quiet, "⇅", p.sortMenu)
	p.sortBtn.Hint = "Order of the keys"
	p.note = kit.NewLabel()
	p.note.Pad = 12
	p.note.MinWidth = 50
	p.noteBox = container.New(kit.Min{Height: 22}, p.note)
	p.noteBox.Hide()
	p.watch = newWatchList(p)
	field := container.New(kit.Min{Width: 120}, p.Filter)
	head := kit.NewBar(45, field, kit.NewLabel(kit.Bold("Cache")), p.pill, field, p.sortBtn)
	p.head = head
	p.content = kit.NewStack(p.List, head, kit.NewLine(), p.watch.content, p.noteBox, p.List)
	return p
}

// Content is the panel's widget tree.
func (p *Panel) Content() fyne.CanvasObject { return p.content }

// Head is the text of the capsule ("slot 128 · live").
func (p *Panel) Head() string { return p.pill.Text() }

// Show shows the tree after a slot. live says that it is the newest.
func (p *Panel) Show(root *patchdev.Table, slot int64, live bool) {
	top, off := p.List.Top()
	if top > 0 && top < p.Model.Len() {
		p.anchor = p.Model.Row(top, time.Time{}).Path
	} else {
		p.anchor = nil
	}
	p.Model.SetRoot(root)
	p.slot, p.live = slot, live
	before := len(p.pill.Text())
	word := " · past"
	if live {
		word = " · live"
	}
	if slot < 0 {
		p.pill.SetRuns(kit.Dim("no slot yet"))
	} else {
		p.pill.SetRuns(kit.Dim("slot "), kit.Bold(itoa(slot)), kit.Dim(word))
	}
	if len(p.pill.Text()) != before {
		p.head.Refresh()
	}
	if p.anchor != nil {
		if i := p.Model.IndexOf(p.anchor); i >= 0 && i != top {
			p.List.ScrollTo(i, off)
		}
	}
	p.reselect()
	p.jobs()
	if p.query != "" && p.searched != p.Model.Root() {
		p.search()
	}
	p.watch.refresh()
	p.List.Refresh()
}

func (p *Panel) reselect() {
	i := -1
	if p.selected != nil {
		i = p.Model.IndexOf(p.selected)
	}
	p.List.SetSelected(i)
}

// Changed lights the keys that the slot just shown changed.
func (p *Panel) Changed(slot int64, changes []patchdev.Change) {
	p.Model.Changed(slot, changes, p.o.Now())
	p.reselect()
	p.List.Refresh()
}

// Refresh draws the rows again, after Model was changed.
func (p *Panel) Refresh() {
	p.reselect()
	p.List.Refresh()
	p.watch.refresh()
}

// Travel marks what a slot of the past changed, without flashing.
func (p *Panel) Travel(slot int64, changes []patchdev.Change) {
	p.Model.Travel(slot, changes, p.o.Now())
	p.List.Refresh()
	p.watch.refresh()
}

// Tick puts flashes out and says whether more are lit. Call it some ten times a
// second as long as it says so.
func (p *Panel) Tick() bool {
	if p.Model.marks.until.IsZero() {
		return false
	}
	lit := p.Model.Flashing(p.o.Now())
	if !lit {
		p.Model.marks.until = time.Time{}
		p.List.Refresh()
		p.watch.refresh()
	}
	return lit
}

// Preselect chooses a path when none is chosen, without telling anybody or
// scrolling; false when there is none or one is chosen already.
func (p *Panel) Preselect(path []string) bool {
	if _, ok := Lookup(p.Model.Root(), path); p.selected != nil || !ok {
		return false
	}
	p.selected = path
	p.reselect()
	return true
}

// Selected is the path chosen, nil for none.
func (p *Panel) Selected() []string { return p.selected }

// Select opens what is needed and chooses a path; false when there is none.
func (p *Panel) Select(path []string) bool {
	if p.Model.Filtered() && p.Model.IndexOf(path) < 0 {
		p.Filter.SetText("")
	}
	i := p.Model.Reveal(path)
	if i < 0 {
		return false
	}
	p.List.Select(i)
	return true
}

// MaxExpand is how many rows "expand all below" makes at most.
const MaxExpand = 100_000

func (p *Panel) expand(path []string) {
	if p.Model.ExpandAll(path, MaxExpand) {
		p.say("Not everything was expanded: that would be more than " + kit.Thousands(MaxExpand) + " rows or " + kit.Thousands(maxOpened) + " branches. Expand a smaller branch, or filter.")
	} else if !p.Model.Filtered() {
		p.say("")
	}
	p.reselect()
	p.List.Refresh()
}

// say shows a note above the rows, "" none.
func (p *Panel) say(note string) {
	if note == "" {
		p.noteBox.Hide()
	} else {
		p.note.SetRuns(kit.Run{Text: note, Color: theme.Dim, Size: theme.SizeCaption})
		p.noteBox.Show()
	}
	p.content.Refresh()
}

// Note is the note above the rows, "" for none.
func (p *Panel) Note() string {
	if p.noteBox.Hidden {
		return ""
	}
	return p.note.Text()
}

func (p *Panel) copyValue() {
	if p.selected == nil || p.o.Copy == nil {
		return
	}
	v, _ := Lookup(p.Model.Root(), p.selected)
	if _, is := branch(v); is {
		p.o.Copy(string(patchdev.AppendJSON(nil, v, patchdev.JSONOptions{})), "value as JSON")
		return
	}
	p.o.Copy(Text(v), "value")
}

func (p *Panel) empty() []string {
	if p.query != "" {
		return []string{"Nothing matches “" + p.query + "”.", "Words look at keys and values, with a / at paths; key:, value: and path: narrow that."}
	}
	if p.o.Empty != nil {
		return p.o.Empty()
	}
	return []string{"This process has exposed nothing yet."}
}

func (p *Panel) menu(i int) *fyne.Menu {
	r := p.Model.Row(i, p.o.Now())
	if r.More > 0 {
		return fyne.NewMenu("", fyne.NewMenuItem("Show all "+kit.Thousands(int64(r.More))+" more", func() { p.activate(i) }))
	}
	items := []*fyne.MenuItem{
		fyne.NewMenuItem("Copy value", p.copyValue),
		fyne.NewMenuItem("Copy path", func() { p.copy(strings.Join(r.Path, "/"), "path") }),
		fyne.NewMenuItem("Copy path for Lua", func() { p.copy(LuaPath(r.Path), "path") }),
	}
	if p.o.URL != nil {
		items = append(items, fyne.NewMenuItem("Copy URL", func() { p.copy(p.o.URL(r.Path), "URL") }))
	}
	if p.watch.has(r.Path) {
		items = append(items, fyne.NewMenuItem("Unpin", func() { p.Unpin(r.Path) }))
	} else {
		items = append(items, fyne.NewMenuItem("Pin to the top", func() { p.Pin(r.Path) }))
	}
	if p.Model.Filtered() {
		items = append(items, fyne.NewMenuItem("Show in the whole tree", func() { p.Filter.SetText(""); p.Select(r.Path) }))
	}
	if r.Branch && !p.Model.Filtered() {
		items = append(items, fyne.NewMenuItemSeparator(),
			fyne.NewMenuItem("Expand all below", func() { p.expand(r.Path) }),
			fyne.NewMenuItem("Collapse all below", func() { p.Model.CollapseAll(r.Path); p.reselect(); p.List.Refresh() }))
	}
	return fyne.NewMenu("", items...)
}

// CopyValue copies the selected key's value, without the shortening of its row.
func (p *Panel) CopyValue() { p.copyValue() }

// CopyPath copies the selected key's path with slashes.
func (p *Panel) CopyPath() {
	if len(p.selected) > 0 {
		p.copy(strings.Join(p.selected, "/"), "path")
	}
}

// ExpandAll opens everything below the selected key, or below the root, as far as
// MaxExpand allows.
func (p *Panel) ExpandAll() { p.expand(p.selected) }

// CollapseAll closes everything below the selected key.
func (p *Panel) CollapseAll() {
	p.Model.CollapseAll(p.selected)
	p.reselect()
	p.List.Refresh()
}

func (p *Panel) copy(text, what string) {
	if p.o.Copy != nil {
		p.o.Copy(text, what)
	}
}
