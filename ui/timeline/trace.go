package timeline

import (
	"fmt"
	"regexp"
	"strings"

	"patchbay/engine/ao"
	"patchbay/ui/kit"
	"patchbay/ui/theme"
)

// traceLines is the walk over the handlers: which ran, and why the others did not.
func traceLines(s *ao.Slot) []Line {
	list := s.Result.Trace
	if len(list) == 0 {
		return nil
	}
	out := []Line{head("Handlers", theme.Text)}
	ended := false
	for i, h := range list {
		if i == maxLines {
			out = append(out, Line{Runs: []kit.Run{kit.Dim(fmt.Sprintf("… %d more", len(list)-i))}})
			break
		}
		out = append(out, traceLine(h, &s.Message))
		ended = h.Outcome == "ran" || h.Outcome == "failed"
	}
	if last := list[len(list)-1]; ended {
		why := "it ran and its pattern did not say “continue”"
		if last.Outcome == "failed" {
			why = "it failed"
		}
		out = append(out, Line{Runs: []kit.Run{kit.Dim("Handlers after " + name(last) + " were not asked: " + why + ".")}})
	}
	return out
}

func name(h ao.HandlerTrace) string {
	if h.Name == "" {
		return "(unnamed)"
	}
	return h.Name
}

func traceLine(h ao.HandlerTrace, m *ao.Message) Line {
	c := theme.Dim
	switch {
	case strings.HasPrefix(h.Outcome, "ran"):
		c = theme.Good
	case h.Outcome == "failed":
		c = theme.Bad
	}
	runs := []kit.Run{kit.Mono(name(h), theme.Text), kit.Dim("  "), {Text: h.Outcome, Color: c}}
	switch h.Outcome {
	case "skipped":
		runs = append(runs, kit.Dim(": "+whyNot(h, m)))
	case "default":
		runs = append(runs, kit.Dim(": no other handler wanted the message"))
	case "yielded":
		runs = append(runs, kit.Dim(": it waits in Receive for another message"))
	default:
		if h.Pattern != "" {
			runs = append(runs, kit.Mono("  "+h.Pattern, theme.Dim))
		}
	}
	if h.Outcome != "skipped" {
		if t := Took(h.Duration); t != "" {
			runs = append(runs, kit.Dim("  "+t))
		}
		if h.Gas > 0 {
			runs = append(runs, kit.Dim("  "+group(h.Gas)+" gas"))
		}
	}
	return Line{Runs: runs, Place: h.Line}
}

// tablePattern is a pattern given as a table, as the engine writes it.
var tablePattern = regexp.MustCompile(`^\{(.*)\}$`)

// whyNot says why a pattern did not match a message: what the engine knows, and
// with what the message has where that says more.
func whyNot(h ao.HandlerTrace, m *ao.Message) string {
	pattern := h.Pattern
	action := m.Action()
	has := "Action is " + action
	if action == "" {
		has = "the message has no Action"
	}
	if fields := tablePattern.FindStringSubmatch(pattern); fields != nil {
		for _, f := range strings.Split(fields[1], ", ") {
			key, want, ok := strings.Cut(f, "=")
			if !ok || key == "" {
				continue
			}
			if got, found := field(m, key); !found {
				return "it wants " + f + ", and the message has no " + key
			} else if want != got && !strings.ContainsAny(want, "%^$*+?.[(_") && want != "function" && want != "table" {
				return "it wants " + f + ", and " + key + " is " + got
			}
		}
		if h.Why != "" {
			return "it wants " + pattern + ": " + h.Why
		}
		return "it wants " + pattern
	}
	switch {
	case pattern == "":
		return "its pattern did not match"
	case strings.HasPrefix(pattern, "function") && strings.HasPrefix(h.Why, "its pattern "):
		return "its pattern, a " + pattern + "," + strings.TrimPrefix(h.Why, "its pattern")
	case strings.HasPrefix(pattern, "function"):
		return "its pattern, a " + pattern + ", said no"
	}
	pattern = strings.TrimPrefix(pattern, "Action = ")
	return "it wants Action = " + pattern + ", and " + has
}

// field is what a pattern's table looks at.
func field(m *ao.Message, key string) (string, bool) {
	if v, ok := ao.TagValue(m.Tags, key); ok {
		return v, true
	}
	switch key {
	case "From":
		return m.From, m.From != ""
	case "Owner":
		return m.Owner, m.Owner != ""
	case "Target":
		return m.Target, m.Target != ""
	case "Id":
		return m.ID, m.ID != ""
	case "Data":
		return "something else", m.Data != nil
	}
	return "", false
}
