package ui

import (
	"fmt"
	"slices"
	"strings"

	"patchbay/engine/ao"
	"patchbay/patchdev"
	"patchbay/ui/problems"
	"patchbay/ui/timeline"
)

// survey knows what is wrong beside what the window shows: with the processes that
// are not shown, and in the scripts that are not open. UI goroutine.
type survey struct {
	w         *Window
	processes map[string]*trouble
	scripts   map[string]surveyed // by the script's name in the project
	due       bool                // the scripts are to be looked at again
	looking   bool
}

// trouble is what is wrong with a process.
type trouble struct {
	failed   []failure // oldest first
	warnings map[string]patchdev.Warning
	ran      int64 // the slot in which its script was loaded last, -1: at slot 0
	read     bool  // its newest slots were read, or are being read
}

// failure is a slot that ended in an error.
type failure struct {
	slot        int64
	title, text string
	at          ao.Place
}

// surveyed is a script with what was found in it.
type surveyed struct {
	text, profile string
	found         []Problem
}

// Limits of what is looked at: a project may be any folder.
const (
	maxSurveyed     = 200
	maxSurveyedText = 1 << 20
)

func newSurvey(w *Window) *survey {
	return &survey{w: w, processes: map[string]*trouble{}, scripts: map[string]surveyed{}, due: true}
}

func (s *survey) of(pid string) *trouble {
	t := s.processes[pid]
	if t == nil {
		t = &trouble{warnings: map[string]patchdev.Warning{}, ran: -1}
		s.processes[pid] = t
	}
	return t
}

// saw takes a computed slot of any process over, and says whether that changed what
// is listed.
func (s *survey) saw(pid string, x *ao.Slot) bool {
	run := x.Message.Source == ao.FromRun
	if pid == "" || !run && !x.Result.Failed() && len(x.Warnings) == 0 {
		return false
	}
	t := s.of(pid)
	if run && !x.Result.Failed() {
		t.ran = max(t.ran, x.Number)
	}
	news := run
	if x.Result.Failed() && !slices.ContainsFunc(t.failed, func(f failure) bool { return f.slot == x.Number }) {
		f := failure{x.Number, timeline.Title(x), timeline.ErrorText(x.Result.Error), x.Result.ErrorAt}
		if !s.w.ofScript(x, f.at.Line) {
			f.at = ao.Place{}
		}
		t.failed = append(t.failed, f)
		slices.SortFunc(t.failed, func(a, b failure) int { return int(a.slot - b.slot) })
		t.failed = t.failed[max(0, len(t.failed)-maxFailed):]
		news = true
	}
	for _, warning := range x.Warnings {
		warning = s.w.lined(x, warning)
		k := key(warning.Path)
		old, known := t.warnings[k]
		news = news || !known || old.Message != warning.Message
		if !known || old.Slot <= warning.Slot {
			t.warnings[k] = warning
		}
	}
	return news
}

// forget drops what is known of a process; it is read anew when it is listed.
func (s *survey) forget(pid string) { delete(s.processes, pid) }

// read looks at the newest slots of a process that was not followed so far.
func (s *survey) read(pid string, t *trouble) {
	t.read = true
	head, _, ok := s.w.d.Engine.Head(pid)
	if !ok || head < 0 {
		return
	}
	var list []*ao.Slot
	var err error
	s.w.loop.async(func() { list, err = s.w.d.Engine.Slots(s.w.loop.ctx, pid, max(0, head-window+1), head) }, func() {
		if s.processes[pid] != t {
			return
		}
		if err != nil { // what was not read is not known to be right: it is tried when it is listed again
			t.read = false
			return
		}
		news := false
		for _, x := range list {
			if x != nil {
				news = s.saw(pid, x) || news
			}
		}
		if news {
			s.w.gatherProblems()
		}
	})
}

// problems lists what is wrong with the processes that are not shown.
func (s *survey) problems() []problems.Problem {
	var out []problems.Problem
	known := map[string]bool{}
	for _, p := range s.w.d.Engine.Processes() {
		known[p.ID] = true
		if p.ID == s.w.pid {
			continue
		}
		t := s.of(p.ID)
		if !t.read {
			s.read(p.ID, t)
		}
		name := p.Name
		if name == "" {
			name = shortID(p.ID)
		}
		for _, f := range slices.Backward(t.failed) {
			x := problems.Problem{Where: fmt.Sprintf("%s · slot %d · %s", name, f.slot, f.title), Message: f.text}
			if f.slot < t.ran {
				x.Severity = 2 // of a script that was replaced since
			}
			x.Open = func() {
				s.w.showSlotOf(p.ID, f.slot)
				s.w.Bottom.Select(TabOutput)
				if f.at.Line > 0 {
					s.w.place(f.at.Chunk, f.at.Line, f.at.Col)
				}
			}
			out = append(out, x)
		}
		for _, warning := range t.warnings {
			x := s.w.warned(warning)
			x.Where = name + " · " + x.Where
			open := x.Open
			x.Open = func() {
				s.w.choose(p.ID)
				open()
			}
			out = append(out, x)
		}
	}
	for pid := range s.processes {
		if !known[pid] {
			delete(s.processes, pid)
		}
	}
	return append(out, s.written()...)
}

// written lists what is wrong in the scripts that are not open.
func (s *survey) written() []problems.Problem {
	var out []problems.Problem
	for name, x := range s.scripts {
		if s.w.Files.Find(s.w.abs(name)) != nil {
			continue
		}
		for _, p := range x.found {
			says, _ := s.w.why(p.Rule)
			out = append(out, problems.Problem{
				Severity: int(p.Severity), Rule: p.Rule, Where: problems.Where(name, p.Line, p.Col), Message: p.Message, Why: says,
				Open: func() { s.w.Files.OpenAt(s.w.abs(name), max(p.Line, 1), max(p.Col, 1)) },
			})
		}
	}
	slices.SortFunc(out, func(a, b problems.Problem) int { return strings.Compare(a.Where, b.Where) })
	return out
}

// tick looks at the scripts when that is due.
func (s *survey) tick() {
	if !s.due || s.looking || s.w.d.Lint == nil {
		return
	}
	s.due, s.looking = false, true
	open := map[string]bool{}
	for _, k := range s.w.Files.All() {
		open[k.Path] = true
	}
	profile, old := s.w.d.Engine.Profile(), s.scripts
	now := map[string]surveyed{}
	s.w.loop.async(func() {
		list, err := s.w.d.Project.Scripts()
		if err != nil {
			return // told by who needs the list
		}
		for _, name := range list[:min(len(list), maxSurveyed)] {
			if open[s.w.abs(name)] {
				continue
			}
			text, err := s.w.readSource(name)
			if err != nil || len(text) > maxSurveyedText {
				continue
			}
			x := old[name]
			if x.text != text || x.profile != profile {
				x = surveyed{text, profile, s.w.d.Lint(name, text)}
			}
			now[name] = x
		}
	}, func() {
		s.looking, s.scripts = false, now
		s.w.gatherProblems()
	})
}
