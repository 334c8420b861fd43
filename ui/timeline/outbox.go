package timeline

import (
	"fmt"
	"strings"

	"patchbay/engine/ao"
	"patchbay/patchdev"
	"patchbay/ui/kit"
	"patchbay/ui/theme"
)

// OutboxLines shows each message of the outbox with where it went.
func OutboxLines(s *ao.Slot, names Names) []Line {
	var out []Line
	add := func(kind string, i int, m *ao.OutMessage) {
		target, _ := m.Target.(patchdev.String)
		to := names.of(string(target))
		if m.Target == nil {
			to = "no target"
		}
		title := m.Tag("Action")
		if isPatch(m) {
			kind, to = "patch", "patch@1.0"
		}
		runs := []kit.Run{kit.Bold(kind), kit.Dim(" → "), kit.Plain(to)}
		if title != "" {
			runs = append(runs, kit.Dim(" · "), kit.Plain(title))
		}
		if m.Line > 0 {
			runs = append(runs, kit.Dim(fmt.Sprintf("   line %d", m.Line)))
		}
		out = append(out, Line{Head: true, Runs: runs, Place: m.Line, Full: strings.TrimSpace(kind + " → " + string(target) + " " + title)})
		if l, ok := delivery(s, i, names); ok && kind != "patch" {
			out = append(out, l)
		}
		if m.Data != nil {
			out = append(out, dataLines("Data", m.Data, theme.CodeString)...)
		}
		out = append(out, tagLines(m.Tags, names)...)
	}
	n := 0
	for i := range s.Result.Messages {
		add("message", n, &s.Result.Messages[i])
		n++
	}
	for i := range s.Result.Spawns {
		add("spawn", n, &s.Result.Spawns[i])
		n++
	}
	for _, a := range s.Result.Assignments {
		out = append(out, head("assignment", theme.Text))
		out = append(out, valueLines("", dataText(a), theme.Text)...)
	}
	if len(s.Result.Messages)+len(s.Result.Spawns) == 0 { // a raw process
		for _, e := range s.Rest {
			out = append(out, head("outbox/"+e.Key, theme.Text))
			if e.Fields != nil {
				for k, v := range e.Fields.All() {
					out = append(out, dataLines(k, v, theme.Text)...)
				}
			}
		}
	}
	return out
}

// delivery says what became of the i-th outbox message; following it leads to the
// slot that took it.
func delivery(s *ao.Slot, i int, names Names) (Line, bool) {
	if i >= len(s.Delivered) {
		return Line{}, false
	}
	d := s.Delivered[i]
	l := Line{Label: "Delivered"}
	switch {
	case d.Process != "":
		l.Runs = []kit.Run{{Text: fmt.Sprintf("to %s as its slot %d", names.of(d.Process), d.Slot), Color: theme.Good}}
		l.Process, l.Slot = d.Process, d.Slot
	case d.Note == "outside":
		l.Runs = []kit.Run{kit.Dim("kept here: no local process has this id")}
	case strings.HasSuffix(d.Note, "dry run"):
		note := strings.TrimRight(strings.TrimSuffix(d.Note, "dry run"), " ;,:")
		switch note {
		case "":
			note = "to " + names.of(d.Target)
		case "outside":
			note = "nowhere: no local process has this id"
		}
		l.Runs = []kit.Run{kit.Dim("would be: " + note)}
	case d.Note == "":
		return Line{}, false
	default:
		l.Runs = []kit.Run{{Text: d.Note, Color: theme.Warn}}
	}
	return l, true
}
