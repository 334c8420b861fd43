package timeline

import (
	"fmt"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"

	"patchbay/engine/ao"
	"patchbay/ui/kit"
	"patchbay/ui/theme"
)

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

// Line is a line of a detail: text, and what a click on it leads to.
type Line struct {
	Label string
	Runs  []kit.Run
	Head  bool
	// Path, Line: a key of the cache or a line of the script, if the line is about one.
	Path  []string
	Place int
	Chunk string
	// Process and Slot are where a message was delivered.
	Process string
	Slot    int64
	// Full is what copying gives, when more than what is shown.
	Full string
	// Indent has the text begin where it does after a label.
	Indent bool
	// Short makes what is shown in a line of so many monospaced cells when Runs need
	// more than a line, nil: they get several.
	Short func(cells int) []kit.Run
	// More is a line that stands for Full, which is not shown.
	More bool
	// joins says that the line goes on from the one before.
	joins bool
}

// Detail is a list of lines about a slot: one of the three views. UI goroutine.
type Detail struct {
	Rows *kit.List
	Find *kit.Find

	o     Options
	view  func(*ao.Slot, Names) []Line
	raw   []Line // as the view gives them
	lines []Line // broken to the width there is
	width float32
	slot  *ao.Slot
	dry   bool
	none  string
	// Lines are made when somebody looks: a message may be of megabytes, and a
	// thousand of them may come in a second.
	stale  bool // raw and lines are not those of slot yet
	hidden bool // the rows are not on the screen
	untold bool // the rows were not told of slot, because they are hidden
}

// NewOutbox shows what a slot sent; NewOutput what it printed and returned;
// NewFacts its message, error, patches, trace and cost.
func NewOutbox(o Options) *Detail {
	return newDetail(o, OutboxLines, "This slot sent nothing.")
}

// NewOutput shows what a slot printed and returned.
func NewOutput(o Options) *Detail {
	return newDetail(o, OutputLines, "This slot printed nothing.")
}

// NewFacts shows everything else that is known of a slot.
func NewFacts(o Options) *Detail { return newDetail(o, FactLines, "") }

func newDetail(o Options, view func(*ao.Slot, Names) []Line, none string) *Detail {
	d := &Detail{o: o, view: view, none: none}
	d.Rows = kit.NewList(d.Len, d.row)
	d.Rows.RowHeight = 21
	d.Rows.OnActivated = d.follow
	d.Rows.OnResized = func(w float32) {
		if w != d.width {
			d.width = w
			if !d.stale {
				d.wrap()
			}
			d.Rows.Refresh()
			d.Find.Changed()
		}
	}
	d.Find = kit.NewFind(d.Rows, d.Rows)
	d.Find.Joins = func(i int) bool { return d.lines[i].joins }
	d.Rows.OnCopy = func() {
		if o.Copy == nil {
			return
		}
		if i := d.Rows.Selected(); i >= 0 && i < len(d.lines) {
			o.Copy(d.text(i), "line")
		}
	}
	d.Rows.OnMenu = d.menu
	d.Rows.Empty = func() []string {
		if d.slot == nil {
			return []string{"Choose a slot at the right to see what it did."}
		}
		return []string{d.none}
	}
	return d
}

// Content is the rows, with the field to find something in them.
func (d *Detail) Content() fyne.CanvasObject { return d.Find.Content() }

func (d *Detail) text(i int) string {
	l := d.lines[i]
	if l.Full != "" {
		return l.Full
	}
	return kit.Plaintext(l.Runs)
}

// All is the whole view as text.
func (d *Detail) All() string {
	d.fresh()
	var b strings.Builder
	for _, l := range d.raw {
		if l.Label != "" {
			b.WriteString(l.Label + ": ")
		}
		if l.More {
			b.WriteString(l.Full + "\n")
			continue
		}
		b.WriteString(kit.Plaintext(l.Runs) + "\n")
	}
	return b.String()
}

// Show shows a slot; nil shows nothing.
func (d *Detail) Show(s *ao.Slot) {
	if d.slot == s && s != nil {
		return
	}
	d.show(s, false)
}

// ShowDry shows what a message would do, under a line that says so.
func (d *Detail) ShowDry(s *ao.Slot) { d.show(s, true) }

func (d *Detail) show(s *ao.Slot, dry bool) {
	d.slot, d.dry, d.stale = s, dry, true
	d.raw, d.lines = nil, nil
	if d.hidden {
		d.untold = true
		return
	}
	d.tell()
}

// tell draws the rows of the slot from the first on.
func (d *Detail) tell() {
	d.untold = false
	d.Rows.SetSelected(-1)
	d.Rows.ScrollTo(0, 0)
	d.Find.Changed()
}

// SetHidden says whether the rows are off the screen. Then nothing is drawn, and no
// line made, until they are on it again or somebody asks for them.
func (d *Detail) SetHidden(yes bool) {
	d.hidden = yes
	if !yes && d.untold {
		d.tell()
	}
}

// fresh makes the lines of the slot when that was put off.
func (d *Detail) fresh() {
	if !d.stale {
		return
	}
	d.stale = false
	d.raw = nil
	if d.slot != nil {
		d.raw = d.view(d.slot, d.o.Names)
	}
	if d.dry {
		d.raw = append([]Line{{Head: true, Runs: []kit.Run{
			{Text: "Dry run", Bold: true, Color: theme.Changed}, kit.Dim(fmt.Sprintf("  would be slot %d · not kept", d.slot.Number)),
		}}}, d.raw...)
		if len(d.raw) == 1 && d.none != "" {
			d.raw = append(d.raw, Line{Runs: []kit.Run{kit.Dim(d.none)}})
		}
	}
	d.wrap()
}

// Dry says whether a dry run is shown.
func (d *Detail) Dry() bool { return d.dry }

// wrap breaks monospaced lines that are wider than the view; what follows stands
// below the first part.
func (d *Detail) wrap() {
	d.lines = nil
	m := kit.Mono("MMMMMMMMMM", "")
	cell := m.Width() / 10
	for _, l := range d.raw {
		left := float32(14)
		if l.Label != "" || l.Indent {
			left = 108
		}
		room := d.width - left - 16
		if room < 8*cell || l.Head {
			d.lines = append(d.lines, l)
			continue
		}
		parts := kit.WrapRuns(l.Runs, room, cell)
		if len(parts) > 1 && l.Short != nil {
			// words are measured one by one, which may make a line of just so many cells too wide
			for cells := int(room / cell); len(parts) > 1 && cells > int(room/cell)-4; cells-- {
				parts = kit.WrapRuns(l.Short(cells), room, cell)
			}
		}
		for i, runs := range parts {
			part := l
			part.Runs, part.joins = runs, i > 0
			if i > 0 && l.Label != "" {
				part.Label, part.Indent = "", true
			}
			if part.Full == "" {
				part.Full = kit.Plaintext(l.Runs)
			}
			d.lines = append(d.lines, part)
		}
	}
}

// Len is the number of lines.
func (d *Detail) Len() int {
	d.fresh()
	return len(d.lines)
}

func (d *Detail) row(i int, out *kit.Row) {
	l := d.lines[i]
	switch {
	case l.Head:
		out.Line = true
		out.Back = theme.Sunken
		out.Add(14, 0, l.Runs...)
	case l.Label != "":
		out.Cells = append(out.Cells, kit.Cell{X: 8, Width: 88, End: true, Runs: []kit.Run{kit.Dim(l.Label)}})
		out.Add(108, 0, l.Runs...)
	case l.Indent:
		out.Add(108, 0, l.Runs...)
	default:
		out.Add(14, 0, l.Runs...)
	}
}

func (d *Detail) follow(i int) {
	l := d.lines[i]
	switch {
	case l.Path != nil && d.o.OnKey != nil:
		d.o.OnKey(l.Path)
	case l.Process != "" && d.o.OnSlot != nil:
		d.o.OnSlot(l.Process, l.Slot)
	case l.Place > 0 && d.o.OnPlace != nil && (d.o.OfScript == nil || d.o.OfScript(d.slot, l.Place)):
		d.o.OnPlace(l.Chunk, l.Place)
	}
}

func (d *Detail) menu(i int) *fyne.Menu {
	m := fyne.NewMenu("")
	l := d.lines[i]
	if l.Path != nil {
		m.Items = append(m.Items, fyne.NewMenuItem("Show the key", func() { d.follow(i) }))
	} else if l.Process != "" && d.o.OnSlot != nil {
		m.Items = append(m.Items, fyne.NewMenuItem("Show where it went", func() { d.follow(i) }))
	} else if l.Place > 0 {
		m.Items = append(m.Items, fyne.NewMenuItem("Show line "+strconv.Itoa(l.Place), func() { d.follow(i) }))
	}
	if d.o.Copy != nil {
		m.Items = append(m.Items,
			fyne.NewMenuItem("Copy line", func() { d.o.Copy(d.text(i), "line") }),
			fyne.NewMenuItem("Copy all", func() { d.o.Copy(d.All(), "everything") }))
	}
	return m
}

func head(text string, c fyne.ThemeColorName) Line {
	return Line{Head: true, Runs: []kit.Run{{Text: text, Bold: true, Color: c}}}
}

// maxLines is how many lines of one value are shown.
const maxLines = 2000

// valueLines shows a value after a label; texts of several lines below each other.
func valueLines(label, text string, c fyne.ThemeColorName) []Line {
	parts := strings.Split(strings.TrimRight(text, "\n"), "\n")
	out := make([]Line, 0, min(len(parts), maxLines)+1)
	for i, s := range parts {
		if i == maxLines {
			out = append(out, Line{Indent: true, Runs: []kit.Run{kit.Dim(fmt.Sprintf("… %d more lines", len(parts)-i))}})
			break
		}
		l := Line{Runs: []kit.Run{kit.Mono(s, c)}, Indent: true, Full: s}
		if i == 0 {
			l.Label, l.Indent, l.Full = label, false, text
		}
		out = append(out, l)
	}
	return out
}

// OutputLines shows the error, what was printed and what the evaluation returned.
func OutputLines(s *ao.Slot, _ Names) []Line {
	var out []Line
	if s.Result.Error != "" {
		if short := ErrorText(s.Result.Error); short != kit.StripANSI(strings.TrimSpace(s.Result.Error)) {
			out = append(out, Line{Runs: []kit.Run{{Text: short, Bold: true, Color: theme.Bad}}, Place: s.Result.ErrorAt.Line, Chunk: s.Result.ErrorAt.Chunk}, Line{})
		}
		for _, runs := range kit.ANSI(s.Result.Error) {
			for i := range runs {
				if runs[i].Color == "" {
					runs[i].Color = theme.Bad
				}
			}
			out = append(out, Line{Runs: runs, Place: s.Result.ErrorAt.Line, Chunk: s.Result.ErrorAt.Chunk})
		}
		if hint := remedy(&s.Result); hint != "" {
			out = append(out, Line{Runs: []kit.Run{kit.Dim(hint)}})
		}
	}
	if s.Result.Text != "" {
		for _, runs := range kit.ANSI(s.Result.Text) {
			out = append(out, Line{Runs: runs, Full: kit.Plaintext(runs)})
		}
	}
	if s.Result.Truncated > 0 {
		out = append(out, Line{Runs: []kit.Run{{Text: fmt.Sprintf("… %d more bytes were printed and cut off. Print less, or raise the limit of output.", s.Result.Truncated), Color: theme.Warn}}})
	}
	return out
}

// remedy says what to do about an error of a kind.
func remedy(r *ao.Result) string {
	switch r.Limit {
	case "":
		return "The state is as it was before this message."
	case "gas":
		return "The message was stopped: it ran longer than a message may (an endless loop?). The state is as it was before."
	case "memory", "alloc", "heap":
		return "The message was stopped: it used more memory than a message may. The state is as it was before."
	}
	return "The message was stopped by its limit of " + r.Limit + ". The state is as it was before."
}

// FactLines shows the message, the error, patches with old and new, lints, the
// walk over the handlers and the cost.
func FactLines(s *ao.Slot, names Names) []Line {
	out := []Line{head(fmt.Sprintf("Slot %d · %s", s.Number, Title(s)), theme.Text)}
	if s.Result.Failed() {
		for i, l := range valueLines("Error", kit.StripANSI(s.Result.Error), theme.Bad) {
			l.Place, l.Chunk = s.Result.ErrorAt.Line, s.Result.ErrorAt.Chunk
			if i == 0 && l.Label == "" {
				l.Label = "Error"
			}
			out = append(out, l)
		}
		out = append(out, Line{Indent: true, Runs: []kit.Run{kit.Dim(remedy(&s.Result))}})
	}
	if s.Failure != "" {
		out = append(out, valueLines("Node", "a real node fails this slot when it applies the outbox: "+s.Failure, theme.Bad)...)
		out = append(out, Line{Indent: true, Runs: []kit.Run{kit.Dim("So the tree is that of the slot before, and nothing was delivered.")}})
	}
	out = append(out, messageLines(&s.Message, names)...)
	out = append(out, changeLines(s, names)...)
	for _, w := range s.Warnings {
		out = append(out, Line{Path: w.Path, Place: w.Line, Runs: []kit.Run{
			{Text: "▲ ", Color: theme.Warn}, kit.Mono(strings.Join(w.Path, "/")+"  ", theme.Text), kit.Dim(w.Message),
		}, Full: w.Message})
	}
	out = append(out, traceLines(s)...)
	out = append(out, head("Cost", theme.Text),
		Line{Label: "Gas", Runs: []kit.Run{kit.Mono(group(s.Result.GasUsed), theme.Text), kit.Dim(" instructions")}})
	if t := Took(s.Result.Duration); t != "" {
		out = append(out, Line{Label: "Time", Runs: []kit.Run{kit.Mono(t, theme.Text)}})
	}
	return append(out, assignmentLines(s)...)
}
