package ui

import (
	"fmt"
	"slices"
	"strings"

	"patchbay/engine/ao"
	"patchbay/patchdev"
	"patchbay/ui/code"
	"patchbay/ui/problems"
	"patchbay/ui/theme"
	"patchbay/ui/timeline"
)

// How many failed slots and how many errors of the program are listed.
const (
	maxFailed = 50
	maxFaults = 20
)

// gatherProblems lists everything that is wrong: marks of the open scripts and what
// is found in the others, what the node would answer otherwise and slots that
// failed, of all processes, and what the program could not do. What is shown in the
// window comes first among what is equally bad.
func (w *Window) gatherProblems() {
	if w.Problems == nil || w.Files == nil || w.Bottom == nil {
		return
	}
	var out []problems.Problem
	for _, k := range w.Files.All() {
		for _, m := range k.Editor.Marks() {
			if slices.ContainsFunc(w.marks, func(r code.Mark) bool { return r.Message == m.Message && r.Col == m.Col }) {
				continue // told below with its slot or its key
			}
			p := problems.Problem{Rule: m.Rule, Where: problems.Where(k.Title(), m.Line, m.Col), Message: m.Message}
			p.Severity = 2 - int(m.Severity)
			says, _ := w.why(m.Rule)
			p.Why = says
			path, line, col := k.Path, m.Line, m.Col
			p.Open = func() { w.Files.OpenAt(path, line, max(col, 1)) }
			out = append(out, p)
		}
	}
	for _, n := range slices.Backward(w.store.failed[max(0, len(w.store.failed)-maxFailed):]) {
		s := w.store.slots[n]
		if s == nil {
			continue
		}
		sev := 0
		if n < w.ran {
			sev = 2 // of a script that was replaced since
		}
		at := s.Result.ErrorAt
		out = append(out, problems.Problem{
			Severity: sev, Where: fmt.Sprintf("slot %d · %s", n, timeline.Title(s)),
			Message: timeline.ErrorText(s.Result.Error),
			Open: func() {
				w.showSlot(n)
				w.Bottom.Select(TabOutput)
				if at.Line > 0 && w.ofScript(s, at.Line) {
					w.place(at.Chunk, at.Line, at.Col)
				}
			},
		})
	}
	for _, x := range w.warnings {
		out = append(out, w.warned(x))
	}
	out = append(out, w.survey.problems()...)
	for _, s := range slices.Backward(w.status.log[max(0, len(w.status.log)-maxFaults):]) {
		out = append(out, problems.Problem{Severity: 2, Where: "Patchbay", Message: s})
	}
	slices.SortStableFunc(out, func(a, b problems.Problem) int {
		if a.Severity != b.Severity {
			return a.Severity - b.Severity
		}
		if a.Severity == 1 {
			return strings.Compare(a.Where, b.Where)
		}
		return 0
	})
	w.Problems.Set(out)
	badge, c := "", theme.Dim
	n := 0
	for _, p := range out {
		if p.Severity < 2 {
			n++
		}
	}
	if n > 0 {
		badge, c = itoa(int64(n)), theme.Warn
		if w.Problems.Worst() == 0 {
			c = theme.Bad
		}
	}
	w.Bottom.SetBadge(TabProblems, badge, c)
	w.markRuntime()
}

// warned is a warning of the process shown, or of one that is shown before it is
// opened.
func (w *Window) warned(x patchdev.Warning) problems.Problem {
	says, remedy := w.why(x.Rule)
	return problems.Problem{
		Severity: 1, Rule: x.Rule, Where: strings.Join(x.Path, "/"), Message: x.Message, Why: strings.TrimSpace(says + " " + remedy),
		Open: func() {
			w.showKey(x.Path)
			if x.Line > 0 {
				w.place("", x.Line, 1)
			}
		},
	}
}

// withPath is a warning's message with the key that it is about, which most messages
// name themselves.
func withPath(x patchdev.Warning) string {
	path := strings.Join(x.Path, ".")
	if path == "" || strings.Contains(x.Message, path) {
		return x.Message
	}
	return path + ": " + x.Message
}

// markError marks the line that a slot's error names.
func (w *Window) markError(s *ao.Slot) {
	w.failedAt = s
	w.markRuntime()
	w.gatherProblems()
}

// markRuntime puts what happened at run time beside the lines of the script: the
// error of the newest slot, and the Sends whose patches a node would treat
// otherwise.
func (w *Window) markRuntime() {
	k := w.script()
	if k == nil || !k.Loaded() { // which would forget them when its text comes
		return
	}
	var marks []code.Mark
	if s := w.failedAt; s != nil && s.Process == w.pid && s.Result.ErrorAt.Line > 0 && s.Number >= w.ran && w.ofScript(s, s.Result.ErrorAt.Line) {
		marks = append(marks, code.Mark{
			Line: s.Result.ErrorAt.Line, Col: s.Result.ErrorAt.Col, Severity: code.Error,
			Message: fmt.Sprintf("Slot %d: %s", s.Number, timeline.ErrorText(s.Result.Error)),
		})
	}
	told := func(line int, rule string) bool { // while typing already
		return slices.ContainsFunc(k.Editor.Marks(), func(m code.Mark) bool {
			return m.Line == line && m.Rule == rule && m.Col > 0
		})
	}
	for _, x := range w.warnings {
		if x.Line > 0 && !told(x.Line, x.Rule) {
			marks = append(marks, code.Mark{Line: x.Line, Severity: code.Warning, Rule: x.Rule, Message: withPath(x)})
		}
	}
	slices.SortFunc(marks, func(a, b code.Mark) int {
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		return strings.Compare(a.Message, b.Message)
	})
	if slices.Equal(marks, w.marks) && k == w.marked {
		return
	}
	w.marks, w.marked = marks, k
	k.Editor.SetMarks(marks)
	w.strip.update()
}
