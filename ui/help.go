package ui

import (
	"strings"

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
