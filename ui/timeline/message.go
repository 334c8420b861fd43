package timeline

import (
	"fmt"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"patchbay/engine/ao"
	"patchbay/patchdev"
	"patchbay/ui/kit"
	"patchbay/ui/theme"
)

// messageLines are what a message says, a line for each of its fields; what the
// node added to it is in [assignmentLines].
func messageLines(m *ao.Message, names Names) []Line {
	out := textLines("From", m.From, names)
	if m.Owner != "" && m.Owner != m.From {
		out = append(out, textLines("Owner", m.Owner, names)...)
	}
	if m.Target != "" {
		out = append(out, textLines("Target", m.Target, names)...)
	}
	for _, t := range m.Tags {
		out = append(out, textLines(t.Name, t.Value, names)...)
	}
	if m.Data != nil {
		out = append(out, dataLines("Data", m.Data, theme.Text)...)
	}
	out = append(out, textLines("Id", m.ID, nil)...)
	for _, f := range m.Fields {
		out = append(out, dataLines(f.Name, f.Value, theme.Text)...)
	}
	return out
}

// assignmentLines are what the scheduler gave the message.
func assignmentLines(s *ao.Slot) []Line {
	var out []Line
	if t := s.Message.Timestamp; t != 0 {
		out = append(out, Line{Label: "Timestamp", Runs: []kit.Run{
			kit.Mono(fmt.Sprint(t), theme.Text), kit.Dim("  " + time.UnixMilli(t).UTC().Format("2006-01-02 15:04:05 UTC")),
		}})
	}
	if b := s.Message.BlockHeight; b != 0 {
		out = append(out, Line{Label: "Block-Height", Runs: []kit.Run{kit.Mono(fmt.Sprint(b), theme.Text)}})
	}
	if !s.At.IsZero() {
		out = append(out, Line{Label: "At", Runs: []kit.Run{kit.Mono(s.At.Format("2006-01-02 15:04:05.000"), theme.Text)}})
	}
	if out != nil {
		out = append([]Line{head("Assignment", theme.Text)}, out...)
	}
	return out
}

// textLines shows a text after a label. An address stands beside the name that it
// has, and where it does not fit into a line it is shortened; copying gives it whole.
func textLines(label, text string, names Names) []Line {
	if !ao.IsID(text) {
		return valueLines(label, text, theme.Text)
	}
	l := Line{Label: label, Full: text, Runs: []kit.Run{kit.Mono(text, theme.Text)}}
	brief := text[:4] + "…" + text[39:]
	l.Short = func(int) []kit.Run { return []kit.Run{kit.Mono(brief, theme.Text)} }
	if names == nil {
		return []Line{l}
	}
	if n := names(text); n != "" {
		l.Runs = []kit.Run{kit.Mono(n, theme.Text), kit.Mono("  "+text, theme.Dim)}
		l.Short = func(int) []kit.Run { return []kit.Run{kit.Mono(n, theme.Text), kit.Mono("  "+brief, theme.Dim)} }
	}
	return []Line{l}
}

// mostOfValue is how many lines of a branch are shown in a message.
const mostOfValue = 16

// dataLines shows a value after a label: texts as they are, branches as indented
// JSON, of which the beginning is shown and all is copied.
func dataLines(label string, v patchdev.Value, c fyne.ThemeColorName) []Line {
	switch v.(type) {
	case *patchdev.Table, *patchdev.List:
	default:
		return valueLines(label, dataText(v), c)
	}
	text := string(patchdev.AppendJSON(nil, v, patchdev.JSONOptions{Indent: "  "}))
	if len(text) < 60 {
		return valueLines(label, dataText(v), c)
	}
	out := valueLines(label, text, c)
	if len(out) <= mostOfValue+1 {
		return out
	}
	whole := out[0].Full
	rest := strings.Join(strings.Split(whole, "\n")[mostOfValue:], "\n")
	out = append(out[:mostOfValue], Line{
		Indent: true, Full: rest, More: true,
		Runs: []kit.Run{kit.Dim(fmt.Sprintf("… %s more lines, which copying gives", group(int64(strings.Count(rest, "\n")+1))))},
	})
	return out
}

// envelope says whether a tag is one that aos puts on every message.
func envelope(name string) bool {
	switch strings.ToLower(name) {
	case "data-protocol", "variant", "type", "reference", "anchor", "from-process", "from-module", "from-image", "from-owner":
		return true
	}
	return false
}

// tagLines are the tags of a message that was sent: first what the script wrote,
// then in one line what aos writes on every message.
func tagLines(tags []ao.OutTag, names Names) []Line {
	var out []Line
	var around, full []string
	for _, t := range tags {
		name := dataText(t.Name)
		if envelope(name) {
			value := dataText(t.Value)
			full = append(full, name+": "+value)
			if ao.IsID(value) {
				value = names.of(value)
			}
			around = append(around, name+" "+value)
			continue
		}
		if text, ok := t.Value.(patchdev.String); ok {
			out = append(out, textLines(name, string(text), names)...)
		} else {
			out = append(out, dataLines(name, t.Value, theme.Text)...)
		}
	}
	if around != nil {
		out = append(out, Line{Indent: true, Runs: []kit.Run{kit.Dim(strings.Join(around, " · "))}, Full: strings.Join(full, "\n")})
	}
	return out
}
