package ui

import (
	"fmt"
	"time"

	"fyne.io/fyne/v2"

	"patchbay/ui/kit"
	"patchbay/ui/theme"
)

// status is the note at the right of the foot: what was just done, what went
// wrong, what the button under the pointer does, what the user waits for.
type status struct {
	w       *Window
	content *fyne.Container
	label   *kit.Label
	bar     *kit.Progress
	cancel  *kit.Button
	action  *kit.Button

	text   string
	color  fyne.ThemeColorName
	since  time.Time
	until  time.Time
	hover  string
	at, of int64
	log    []string
	// computing is the slot that the process computes since computingSince, -1 none.
	computing      int64
	computingSince time.Time
}

// How long a note stays, and after how long a wait is told and may be cancelled.
const (
	sayFor      = 6 * time.Second
	failFor     = 20 * time.Second
	freshFor    = 3 * time.Second // a new note goes before the hint of the button pressed
	tellAfter   = 500 * time.Millisecond
	cancelAfter = 2 * time.Second
)

// leastNote is the least width of the note, which all hints fit into.
const leastNote = 280

func newStatus(w *Window) *status {
	s := &status{w: w, label: kit.NewLabel(), bar: kit.NewProgress(), computing: -1}
	s.label.MinWidth = leastNote
	s.label.End = true
	s.cancel = kit.NewButton(kit.Quiet, "Cancel", w.cancelTasks)
	s.cancel.Hide()
	s.action = kit.NewButton(kit.Quiet, "Undo", nil)
	s.action.Hide()
	bar := kit.NewBar(28, s.label, s.label, s.bar, s.action, s.cancel)
	bar.Layout.(*kit.Bar).Pad = 0
	s.content = bar
	return s
}

// Text is what the note says.
func (s *status) Text() string { return s.label.Text() }

// say shows that something was done.
func (w *Window) say(text string) {
	w.status.note(text, theme.Dim, sayFor)
}

// fail tells an error; nothing is lost.
func (w *Window) fail(err error) { w.status.fail(err.Error()) }

func (s *status) fail(text string) {
	s.note(text, theme.Bad, failFor)
	s.log = append(s.log, text)
	if len(s.log) > 100 {
		s.log = s.log[1:]
	}
	s.w.gatherProblems()
}

func (s *status) note(text string, c fyne.ThemeColorName, d time.Duration) {
	if s.action.Visible() { // it belonged to the note before
		s.action.Hide()
		s.content.Refresh()
	}
	s.text, s.color, s.since = text, c, s.w.now()
	s.until = s.since.Add(d)
	s.tick()
}

// offer is a note with a button.
func (s *status) offer(text, button string, do func()) {
	s.action.SetText(button)
	s.action.OnTapped = func() {
		s.text = ""
		s.action.Hide()
		do()
	}
	s.note(text, theme.Text, failFor)
	s.action.Show()
	s.content.Refresh()
}

// hint shows what the button under the pointer does; "" shows the note again.
func (s *status) hint(text string) {
	s.hover = text
	s.tick()
}

// progress shows how far a replay is.
func (s *status) progress(at, of int64) {
	if s.of > 0 && s.at < s.of && at >= of && of > 0 { // the replay at opening came to its end
		s.w.verified = map[string]string{s.w.pid: "replay verified"}
	}
	s.at, s.of = at, of
	s.tick()
}

// tick shows what is the most important to say now.
func (s *status) tick() {
	now := s.w.now()
	text, c := "", theme.Dim
	switch {
	case s.hover != "" && (s.text == "" || now.Sub(s.since) > freshFor || !now.Before(s.until)):
		text = s.hover
	case s.text != "" && now.Before(s.until):
		text, c = s.text, s.color
	default:
		s.text = ""
		if s.action.Visible() {
			s.action.Hide()
			s.content.Refresh()
		}
		if s.w.d.Node != nil {
			text = s.w.d.Node.Note()
			c = theme.Warn
		}
		if text == "" {
			text, c = s.w.quiet()
		}
	}
	part := float32(-1)
	if s.of > 0 && s.at < s.of {
		part = float32(s.at) / float32(s.of)
		if text == "" {
			text = fmt.Sprintf("replaying %s of %s slots", kit.Thousands(s.at), kit.Thousands(s.of))
		}
	}
	moving, button := part >= 0, ""
	if wait := s.computes(now); wait >= tellAfter && part < 0 {
		text, c, moving = fmt.Sprintf("Computing slot %s … %d s", kit.Thousands(s.computing), int(wait.Seconds())), theme.Text, true
		if wait >= cancelAfter {
			button = "Stop"
		}
	}
	for _, t := range s.w.tasks {
		wait := now.Sub(t.since)
		if wait >= tellAfter {
			text, c, moving = fmt.Sprintf("%s … %d s", t.name, int(wait.Seconds())), theme.Text, true
		}
		if wait >= cancelAfter && button == "" {
			if button = "Cancel"; t.stops {
				button = "Stop"
			}
		}
	}
	s.label.SetRuns(kit.Run{Text: text, Color: c})
	s.fit(text)
	if moving {
		s.bar.Step(part)
	}
	if s.bar.Hidden == moving || s.cancel.Hidden != (button == "") || button != "" && s.cancel.Text() != button {
		s.bar.Hidden, s.cancel.Hidden = !moving, button == ""
		if button != "" {
			s.cancel.SetText(button)
		}
		s.content.Refresh()
		if s.w.Bar != nil { // the foot gives more room to the note then
			s.w.Bar.Content().Refresh()
		}
	}
}

// fit gives the note a fifth of the foot, or what a long one needs: but not a hint,
// with which the slider would come and go as the pointer does.
func (s *status) fit(text string) {
	if s.w.Bar == nil {
		return
	}
	room := s.w.Bar.Content().Size().Width / 5
	if text != s.hover {
		r := kit.Run{Text: text}
		room = max(room, r.Width()+2)
	}
	s.w.Bar.Widen(max(0, room-leastNote))
}

// computes is how long the process has been at the slot that it computes now.
func (s *status) computes(now time.Time) time.Duration {
	st := s.w.store
	at := int64(-1)
	if s.w.pid != "" && st.schedule > st.head {
		at = st.head + 1
	}
	if at != s.computing {
		s.computing, s.computingSince = at, now
	}
	if at < 0 {
		return 0
	}
	return now.Sub(s.computingSince)
}
