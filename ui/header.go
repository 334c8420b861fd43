package ui

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"patchbay/ui/kit"
	"patchbay/ui/theme"
	"patchbay/ui/traffic"
)

// header is the bar at the top: project, process, Run, address, profile, theme.
type header struct {
	light   bool // what the sign of the theme says
	w       *Window
	content *fyne.Container

	project *kit.Button
	chip    *kit.Button
	copyID  *kit.Button
	run     *kit.Button
	replay  *kit.Button
	reset   *kit.Button
	address *kit.Button
	browser *kit.Button
	profile *kit.Button
	theme   *kit.Button
	// readOnly is shown when nothing can be changed; its hint says why.
	readOnly *kit.Button

	times []time.Time // of the last second's requests
	rate  int
}

func newHeader(w *Window) *header {
	h := &header{w: w}
	h.project = kit.NewNote(kit.Bare, func() { w.popup(h.project, w.projectMenu()) }, kit.Bold(w.d.Project.Name()))
	h.project.Hint = "Project folder: " + w.d.Project.Dir()
	h.chip = kit.NewNote(kit.Capsule, func() { w.popup(h.chip, w.processMenu()) })
	h.chip.Hint = "Switch, make, rename, delete processes"
	h.copyID = kit.NewIcon(fynetheme.ContentCopyIcon(), w.copyPID)
	h.copyID.Hint = "Copy the process id"
	h.run = kit.NewButton(kit.Strong, "► Run", w.Run)
	h.run.Hint = "Evaluate the edited script (" + w.keyName("R") + ")"
	h.replay = kit.NewButton(kit.Quiet, "⟲ Replay", w.Replay)
	h.replay.Hint = "Run every message again (" + w.keyName("Shift+R") + ")"
	h.reset = kit.NewButton(kit.Quiet, "Reset", w.Reset)
	h.reset.Hint = "Go back to slot 0; the old branch stays"
	h.address = kit.NewNote(kit.Capsule, func() { w.popup(h.address, w.addressMenu()) })
	h.address.Hint = "Where the local node listens"
	h.browser = kit.NewButton(kit.Quiet, "Open in browser", w.openInBrowser)
	h.browser.Hint = "Open the URL of the selected key"
	h.profile = kit.NewNote(kit.Capsule, func() { w.popup(h.profile, w.profileMenu()) })
	h.profile.Hint = "Which generation of nodes is imitated"
	h.theme = kit.NewNote(kit.Quiet, w.toggleTheme, themeSign("☾"))
	h.theme.Hint = "Dark or light"
	h.theme.SetMinWidth(36)
	h.theme.Hidden = w.d.SetTheme == nil
	h.readOnly = kit.NewNote(kit.Capsule, func() { w.say(h.readOnly.Hint) }, kit.Bold("read-only"))
	h.readOnly.SetDot(theme.Warn)
	h.readOnly.Hidden = true
	if r, ok := w.d.Engine.(ReadOnlyer); ok {
		if why, yes := r.ReadOnly(); yes {
			h.readOnly.Hint = "Nothing can be changed here: " + why
			h.readOnly.Hidden = false
			w.Composer.SetReadOnly(h.readOnly.Hint)
		}
	}
	for _, b := range []*kit.Button{
		h.readOnly, h.project, h.chip, h.copyID, h.run, h.replay, h.reset, h.address, h.browser, h.profile, h.theme,
		w.Composer.SendButton, w.Composer.DryButton, w.Composer.SaveButton, w.Composer.MoreButton,
		w.Inspect.URLBtn, w.Inspect.CurlBtn, w.Bar.Back, w.Bar.Next, w.Bar.Live, w.Composer.Kind, w.Slots.Older, w.Slots.Newer, w.Traffic.Buttons()[0],
	} {
		b.OnHover = w.status.hint
	}
	space := kit.Space()
	row := []fyne.CanvasObject{h.project, container.New(&kit.Bar{Gap: 2}, h.chip, h.copyID), h.readOnly, h.run, h.replay, h.reset, space, h.address, h.browser, h.profile, h.theme}
	spare := []fyne.CanvasObject{h.reset} // in a narrow window only in the menu
	if w.d.OpenURL != nil {
		spare = []fyne.CanvasObject{h.browser, h.reset}
	} else {
		row = slices.DeleteFunc(row, func(o fyne.CanvasObject) bool { return o == h.browser })
	}
	h.content = kit.NewBar(43, space, row...)
	h.content.Layout.(*kit.Bar).Gap = 7
	h.content.Layout.(*kit.Bar).Spare = spare
	h.update()
	return h
}

// themeSign is a sign on the button of the theme. The monospaced face has both; for
// the sun another would take Fyne's font of coloured pictures, four megabytes for
// each change of the theme.
func themeSign(s string) kit.Run {
	return kit.Run{Text: s, Mono: true, Size: fynetheme.SizeNameSubHeadingText}
}

// showTheme says whether the window is dark or light, which the user or the desktop
// may have changed.
func (h *header) showTheme() {
	light := h.w.isLight()
	if light == h.light {
		return
	}
	h.light = light
	sign := "☾"
	if light {
		sign = "☀"
	}
	h.theme.SetRuns(themeSign(sign))
	h.content.Refresh()
}

// mainBranch is the one that a process begins with; another is named beside it.
const mainBranch = "main"

// update shows the process and the node as they are.
func (h *header) update() {
	w := h.w
	p, ok := w.process()
	if ok {
		name := p.Name
		if name == "" {
			name = "process"
		}
		runs := []kit.Run{kit.Dim(name + " "), kit.Mono(shortID(p.ID), theme.Text)}
		if p.Branch != "" && p.Branch != mainBranch {
			runs = append(runs, kit.Run{Text: "  " + p.Branch, Color: theme.Accent})
		}
		h.chip.SetRuns(append(runs, kit.Dim(" ▾"))...)
		h.replay.SetText(fmt.Sprintf("⟲ Replay %d", w.store.head+1))
	} else {
		h.chip.SetRuns(kit.Dim("no process ▾"))
		h.replay.SetText("⟲ Replay")
	}
	h.copyID.Hidden = !ok
	h.browser.SetEnabled(ok)
	ok = ok && h.readOnly.Hidden
	h.run.SetEnabled(ok)
	h.replay.SetEnabled(ok && w.store.head >= 0)
	h.reset.SetEnabled(ok && w.store.head > 0)
	h.profile.SetRuns(kit.Dim("profile  "), kit.Bold(w.d.Engine.Profile()), kit.Dim(" ▾"))
	h.showAddress()
	if h.content != nil {
		h.content.Refresh()
	}
}

func (h *header) showAddress() {
	url := h.w.baseURL()
	if url == "" {
		h.address.SetDot(theme.Bad)
		h.address.SetRuns(kit.Dim("no node"))
		return
	}
	c := theme.Good
	if h.w.d.Node.Note() != "" {
		c = theme.Warn
	}
	h.address.SetDot(c)
	h.address.SetRuns(kit.Run{Text: strings.TrimPrefix(url, "http://"), Mono: true, Bold: true}, kit.Dim(fmt.Sprintf("  %d req/s", h.rate)))
}

// requests counts what was asked.
func (h *header) requests(list []traffic.Exchange) {
	for _, e := range list {
		h.times = append(h.times, e.At)
	}
	if len(h.times) > 20_000 {
		h.times = h.times[len(h.times)-20_000:]
	}
	h.tick()
}

// tick forgets requests older than a second.
func (h *header) tick() {
	h.showTheme()
	if len(h.times) == 0 && h.rate == 0 {
		return
	}
	since := h.w.now().Add(-time.Second)
	i := 0
	for i < len(h.times) && h.times[i].Before(since) {
		i++
	}
	h.times = h.times[i:]
	if h.rate != len(h.times) {
		h.rate = len(h.times)
		h.showAddress()
		h.content.Refresh()
	}
}

func shortID(s string) string {
	if len(s) == 43 {
		return s[:4] + "…" + s[39:]
	}
	return s
}

// popup shows a menu below an object.
func (w *Window) popup(o fyne.CanvasObject, m *fyne.Menu) {
	c := fyne.CurrentApp().Driver().CanvasForObject(o)
	if c == nil || m == nil || len(m.Items) == 0 {
		return
	}
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(o)
	widget.ShowPopUpMenuAtPosition(m, c, at.AddXY(0, o.Size().Height+2))
}

func (w *Window) copyPID() {
	if w.pid != "" {
		w.copy(w.pid, "process id")
	}
}

func (w *Window) openInBrowser() {
	open := w.opener()
	if open == nil {
		return
	}
	if w.pid == "" || w.baseURL() == "" {
		w.status.fail("There is nothing to open yet: start a process, and see that the node listens.")
		return
	}
	path := w.Tree.Selected()
	if len(path) == 0 {
		path = []string{"cache"}
		if w.root.Len() == 0 {
			path = nil
		}
	}
	open(w.url(path))
}

func (w *Window) addressMenu() *fyne.Menu {
	m := fyne.NewMenu("")
	base := w.baseURL()
	if base == "" {
		return m
	}
	if note := w.d.Node.Note(); note != "" {
		it := fyne.NewMenuItem(note, nil)
		it.Disabled = true
		m.Items = append(m.Items, it, fyne.NewMenuItemSeparator())
	}
	m.Items = append(m.Items,
		fyne.NewMenuItem("Copy "+base, func() { w.copy(base, "address") }),
		fyne.NewMenuItem("Show HTTP traffic", func() { w.Bottom.Select(TabTraffic) }))
	return m
}

func (w *Window) profileMenu() *fyne.Menu {
	m := fyne.NewMenu("Profile")
	now := w.d.Engine.Profile()
	for _, name := range w.d.Engine.Profiles() {
		it := fyne.NewMenuItem(name, func() { w.setProfile(name) })
		it.Checked = name == now
		m.Items = append(m.Items, it)
	}
	return m
}
