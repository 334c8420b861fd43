package ui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"patchbay/ui/kit"
	"patchbay/ui/theme"
)

// emptyTree says what to do when the cache shows no key.
func (w *Window) emptyTree() []string {
	if w.pid == "" {
		return []string{"No process runs yet.", "Process › New process… makes one from a template."}
	}
	if w.shown >= 0 {
		if s := w.store.slots[w.shown]; s != nil && s.Number == 0 && s.Result.Failed() {
			return []string{"The script was not loaded, so nothing is exposed.", "Mend it and press Run."}
		}
	}
	return []string{
		"This process has exposed nothing yet.",
		"A script exposes state with Send({ device = \"patch@1.0\", cache = { … } }).",
	}
}

// emptySlots says what to do when there is no slot.
func (w *Window) emptySlots() []string {
	if w.pid == "" {
		return []string{"No process runs yet.", "Process › New process… makes one from a template."}
	}
	return []string{"No slot yet.", "Fill the form at the left and press Send."}
}

// steps are the five steps of the tour.
func (w *Window) steps() [][2]string {
	first := "Change the script at the left and press Run (" + w.keyName("R") + "): the process evaluates it and keeps its state."
	if w.pid == "" {
		first = "Press " + w.keyName("N") + " to make a process from a template; its script opens at the left, and Run (" + w.keyName("R") + ") loads it."
	}
	return [][2]string{
		{"1 of 5 · The script", first},
		{"2 of 5 · A message", "Below it choose who sends and what, then press Send (" + w.keyName("Enter") + "). Dry run only shows what would happen."},
		{"3 of 5 · The slots", "Every message is a slot. Click one, or move the slider at the foot: the whole window shows that time."},
		{"4 of 5 · The cache", "At the right is what the process exposed. Changed keys light up; ▲ marks what a real node would answer differently."},
		{"5 of 5 · The address", "Choose a key and press Copy URL: it answers on this machine now. " + w.keyName("Shift+P") + " finds every command."},
	}
}

// tour is a line below the header that explains the window in five steps and
// never stands in the way of using it.
type tour struct {
	w       *Window
	content *fyne.Container
	text    *kit.Label
	next    *kit.Button
	back    *kit.Button
	at      int
}

func newTour(w *Window) *tour {
	t := &tour{w: w, text: kit.NewLabel()}
	t.text.MinWidth = 100
	t.back = kit.NewButton(kit.Quiet, "Back", func() { t.show(t.at - 1) })
	t.next = kit.NewButton(kit.Strong, "Next", func() { t.show(t.at + 1) })
	skip := kit.NewButton(kit.Quiet, "Close", t.done)
	bar := kit.NewBar(42, t.text, t.text, t.back, t.next, skip)
	bar.Layout.(*kit.Bar).Gap = 6
	t.content = kit.NewStack(nil, container.NewStack(kit.NewSurface(theme.Sunken), bar), kit.NewLine())
	t.content.Hide()
	return t
}

func (t *tour) show(i int) {
	steps := t.w.steps()
	if i >= len(steps) {
		t.done()
		return
	}
	t.at = max(i, 0)
	t.text.SetRuns(kit.Run{Text: steps[t.at][0], Bold: true, Color: theme.Accent}, kit.Plain("   "+steps[t.at][1]))
	t.back.SetEnabled(t.at > 0)
	if t.at == len(steps)-1 {
		t.next.SetText("Done")
	} else {
		t.next.SetText("Next")
	}
	t.content.Show()
	t.w.content.Refresh()
}

func (t *tour) done() {
	t.w.d.Settings.Set("tour", "seen")
	t.content.Hide()
	t.w.content.Refresh()
}

// Tour is the sentence of the tour's step, "" when it is not shown.
func (w *Window) Tour() string {
	if w.tour.content.Hidden {
		return ""
	}
	return w.tour.text.Text()
}

// showTour shows the first steps.
func (w *Window) showTour() { w.tour.show(0) }

// about shows what this is, with versions that can be copied into a report.
func (w *Window) about() {
	if w.win == nil {
		return
	}
	lines := []string{"Project " + w.d.Project.Dir(), "Profile " + w.d.Engine.Profile()}
	if url := w.baseURL(); url != "" {
		lines = append(lines, "Node "+url)
	}
	lines = append(lines, w.d.Versions...)
	list := kit.NewList(func() int { return len(lines) }, func(i int, r *kit.Row) { r.Add(0, 0, kit.Mono(lines[i], theme.Dim)) })
	list.RowHeight = 20
	text := "A workbench for authors of AO processes. What you see here is what a HyperBEAM node will answer; if it would not be, Patchbay tells you before you deploy."
	all := func() { w.copy("Patchbay "+w.d.Version+"\n"+strings.Join(lines, "\n"), "versions") }
	list.OnCopy = all
	var m *kit.Modal
	m = kit.ShowModal(w.win.Canvas(), kit.Dialog{
		Title: "Patchbay " + w.d.Version, Width: 560,
		Body: kit.NewStack(list, kit.NewText(text, theme.Text, 3), container.New(kit.Min{Height: float32(len(lines)) * 20}, list)),
		Buttons: []*kit.Button{
			kit.NewButton(kit.Quiet, "Copy versions", all),
			kit.NewButton(kit.Strong, "Close", func() { m.Hide() }),
		},
	})
}
