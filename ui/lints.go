package ui

import (
	"path/filepath"
	"regexp"
	"strings"

	"patchbay/engine/lint"
	"patchbay/patchdev"
	"patchbay/ui/code"
	"patchbay/ui/inspect"
	"patchbay/ui/templates"
)

// lintText is the Lint of a window that was given none: syntax errors, and the
// traps of package lint for the profile in force. Any goroutine; the profile is
// read when the check begins.
func lintText(e Engine) func(file, text string) []Problem {
	return func(file, text string) []Problem {
		var out []Problem
		for _, m := range code.SyntaxMarks(text) {
			out = append(out, Problem{Severity: Error, File: file, Line: m.Line, Col: m.Col, Message: chunkPlace.ReplaceAllString(m.Message, "")})
		}
		p, ok := patchdev.ProfileByName(e.Profile())
		if !ok {
			p = patchdev.Current()
		}
		for _, f := range lint.Text(file, text, "aos", p) {
			x := Problem{Severity: Warning, Rule: f.Rule.ID, File: file, Line: f.Line, Col: f.Col, Path: f.Path, Message: f.Message}
			switch f.Rule.Level {
			case lint.Error:
				x.Severity = Error
			case lint.Note:
				x.Severity = Hint
			}
			x.Why = f.Rule.Says(p.Name)
			if f.Rule.Remedy != "" {
				x.Message = sentence(x.Message) + " " + f.Rule.Remedy
			}
			out = append(out, x)
		}
		return out
	}
}

// chunkPlace is the place in front of a message that is shown beside its place.
var chunkPlace = regexp.MustCompile(`^[^:\n]{0,80}:\d+: `)

// sentence ends a text with a full stop.
func sentence(s string) string {
	s = strings.TrimSpace(s)
	if s == "" || strings.HasSuffix(s, ".") || strings.HasSuffix(s, "!") || strings.HasSuffix(s, "?") {
		return s
	}
	return s + "."
}

// why says at length what nodes of the profile in force do about a rule, and what
// to write instead.
func (w *Window) why(rule string) (says, remedy string) {
	r, ok := lint.ByID(rule)
	if !ok {
		return "", ""
	}
	return r.Says(w.d.Engine.Profile()), r.Remedy
}

// lintsOf is what is to be said about a path and those above it.
func (w *Window) lintsOf(path []string) []inspect.Lint {
	var out []inspect.Lint
	for i := 1; i <= len(path); i++ {
		if x, ok := w.warnings[key(path[:i])]; ok {
			_, remedy := w.why(x.Rule)
			out = append(out, inspect.Lint{Rule: x.Rule, Message: x.Message, Remedy: remedy})
		}
	}
	return out
}

// kinds are the templates that "New process" offers.
func (w *Window) kinds() []Template {
	if len(w.d.Templates) > 0 {
		return w.d.Templates
	}
	list, err := templates.All()
	if err != nil {
		w.fail(err)
	}
	out := make([]Template, 0, len(list)+1)
	for _, t := range list {
		out = append(out, Template{Name: t.Name, About: t.About, Source: t.Source, Messages: t.Messages})
	}
	out = append(out, Template{Name: "empty", About: "A script with one handler.", Source: emptyScript})
	for _, s := range w.scripts {
		if !strings.HasSuffix(s, "_test.lua") {
			out = append(out, Template{Name: s, About: "The script " + s + " of this project, as it is.", Script: s})
		}
	}
	for _, k := range w.Files.All() { // dropped in from elsewhere
		if filepath.IsAbs(w.rel(k.Path)) && k.Loaded() {
			out = append(out, Template{Name: filepath.Base(k.Path), About: "A copy of " + k.Path + ", as it is in the editor.", Source: k.Editor.Text()})
		}
	}
	return out
}
