package ui

import (
	"context"
	"time"

	"fyne.io/fyne/v2"

	"patchbay/ui/code"
	"patchbay/ui/theme"
)

// Shadower is what an Engine may also be able to do: run the whole schedule
// against another text of the script beside the process, which is not disturbed,
// and say in a sentence what would come out otherwise ("3 of 128 results differ,
// first at 57; 2 keys of the final state differ"). Cancelling ctx breaks it off.
type Shadower interface {
	Shadow(ctx context.Context, pid, source string) (same bool, what string, err error)
}

// shadowAfter is how long nothing is typed before the schedule is tried out.
const shadowAfter = 600 * time.Millisecond

// shadow is the live loop (DESIGN S2): what is typed is tried out against the
// whole schedule, and a quiet line says what a Replay would change. UI goroutine.
type shadow struct {
	w *Window

	tab     *code.Tab
	pid     string
	ran     int64  // w.ran when the text was taken for the one that runs
	version uint64 // the text that was seen last
	tried   uint64 // the text whose outcome text tells, or the one that runs
	since   time.Time
	cancel  context.CancelFunc // of the try under way, or nil
	text    string
}

// tick starts a try when the author pauses, and breaks one off when he goes on.
func (s *shadow) tick() {
	engine, can := s.w.d.Engine.(Shadower)
	k := s.w.script()
	if !can || k == nil || s.w.pid == "" || s.w.processScript() == "" {
		s.stop()
		return
	}
	version := k.Editor.Version()
	loaded := version != s.version && !k.Editor.Modified() // from the disk, not typed
	if k != s.tab || s.w.pid != s.pid || s.w.ran != s.ran || loaded {
		s.stop()
		s.tab, s.pid, s.ran = k, s.w.pid, s.w.ran
		s.version, s.tried = version, version
		return
	}
	if version != s.version {
		s.stop()
		s.version, s.since = version, s.w.now()
	}
	if version == s.tried || s.cancel != nil || s.w.now().Sub(s.since) < shadowAfter {
		return
	}
	s.tried = version
	if broken(k.Editor.Marks()) {
		return // the editor says why already
	}
	ctx, cancel := context.WithCancel(s.w.loop.ctx)
	s.cancel = cancel
	pid, source := s.pid, k.Editor.Text()
	var same bool
	var what string
	var err error
	s.w.loop.async(func() { same, what, err = engine.Shadow(ctx, pid, source) }, func() {
		if ctx.Err() != nil {
			return // typed on meanwhile
		}
		s.cancel = nil
		cancel()
		switch {
		case err != nil:
			s.text = "" // Replay will say it aloud
		case same:
			s.text = "Replay would change nothing"
		default:
			s.text = "Replay: " + what
		}
		s.w.status.tick()
	})
}

// adopt takes the text as the one that runs.
func (s *shadow) adopt() {
	s.stop()
	s.tab = nil
}

// stop breaks a try off and forgets what was told.
func (s *shadow) stop() {
	if s.cancel != nil {
		s.cancel()
		s.cancel = nil
	}
	s.text = ""
}

// quiet is what stands at the foot when there is nothing more important to say.
func (w *Window) quiet() (string, fyne.ThemeColorName) {
	if w.shadow.text != "" {
		return w.shadow.text, theme.Changed
	}
	if w.faulty[w.pid] {
		return "", theme.Dim // and no word of a replay that came to its end
	}
	return w.verified[w.pid], theme.Dim
}

func broken(marks []code.Mark) bool {
	for _, m := range marks {
		if m.Severity == code.Error && m.Rule == "" {
			return true
		}
	}
	return false
}
