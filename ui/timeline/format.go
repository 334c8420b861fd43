// Package timeline shows the slots of a process: the list, the detail of one,
// and the slider that moves the whole window through time.
package timeline

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"patchbay/engine/ao"
	"patchbay/patchdev"
	"patchbay/ui/kit"
	"patchbay/ui/theme"
)

// Names turns addresses into what a person calls them; "" when nobody does.
type Names func(address string) string

func (n Names) of(address string) string {
	if n != nil {
		if s := n(address); s != "" {
			return s
		}
	}
	if len(address) == 43 {
		return address[:4] + "…" + address[len(address)-4:]
	}
	if address == "" {
		return "nobody"
	}
	return address
}

// Took writes a duration with two significant digits: "41 µs", "1.2 ms", "3.4 s".
func Took(d time.Duration) string {
	switch {
	case d <= 0:
		return ""
	case d < time.Microsecond:
		return "1 µs"
	case d < time.Millisecond:
		return fmt.Sprintf("%d µs", d.Microseconds())
	case d < 10*time.Millisecond:
		return fmt.Sprintf("%.1f ms", float64(d)/1e6)
	case d < time.Second:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	case d < 10*time.Second:
		return fmt.Sprintf("%.1f s", d.Seconds())
	}
	return fmt.Sprintf("%d s", int(d.Seconds()))
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// Title is what a slot is called: the action, or what it is when it has none.
func Title(s *ao.Slot) string {
	if a := s.Message.Action(); a != "" {
		return a
	}
	switch {
	case s.Number == 0 || s.Message.Source == ao.FromSpawn:
		return "Spawn"
	case s.Message.Source == ao.FromCron || s.Message.Cron:
		return "Cron"
	}
	return "(no action)"
}

// Sent counts the messages that left the process: the outbox but for its patches.
func Sent(s *ao.Slot) int {
	n := len(s.Result.Spawns) + len(s.Result.Assignments)
	for i := range s.Result.Messages {
		if !isPatch(&s.Result.Messages[i]) {
			n++
		}
	}
	if len(s.Result.Messages) == 0 && s.Result.Results != nil {
		n += len(s.Rest)
	}
	return n
}

func isPatch(m *ao.OutMessage) bool {
	for _, name := range []string{"device", "Device"} {
		if m.Tag(name) == "patch@1.0" {
			return true
		}
	}
	return false
}

// Summary says what a slot did: "alice → 3 out", and how many keys it changed.
// For a failed slot it is the error.
func Summary(s *ao.Slot, names Names) (what, changed string) {
	if s.Result.Failed() {
		return ErrorText(s.Result.Error), ""
	}
	who := names.of(s.Message.From)
	switch {
	case s.Number == 0 || s.Message.Source == ao.FromSpawn:
		what = who
	case s.Message.Source == ao.FromRun:
		what = "script loaded"
		if who != "owner" {
			what = who + " · script loaded"
		}
	default:
		what = who
		if n := len(s.Result.Messages) + len(s.Result.Spawns) + len(s.Result.Assignments); n > 0 {
			what += fmt.Sprintf(" → %d out", n)
		}
	}
	if n := Changed(s); n > 0 {
		changed = count(n, "key changed", "keys changed")
	}
	return what, changed
}

// plumbing says whether a root key is a field that aos puts on every message,
// patches too: these land at the root of the tree and change with each, but
// nobody exposed them.
func plumbing(key string) bool {
	switch strings.ToLower(key) {
	case "anchor", "data-protocol", "reference", "tags", "type", "variant",
		"from-image", "from-process", "from-module", "from-owner":
		return true
	}
	return false
}

// Changed counts the keys that a slot changed, without what aos puts on every
// message.
func Changed(s *ao.Slot) int {
	n := 0
	for i := range s.Changes {
		if p := s.Changes[i].Path; len(p) == 0 || !plumbing(p[0]) {
			n++
		}
	}
	return n
}

// libraryPlace is a place in a chunk of aos itself, which helps nobody.
var libraryPlace = regexp.MustCompile(`^\[string "\.[^"]*"\]:\d+: `)

// scriptPlace is a place in the process's script.
var scriptPlace = regexp.MustCompile(`^\[string "aos"\]:(\d+): `)

// ErrorText says in one line what went wrong. The error of a handler is a small
// page (spec aos-runtime §9): what counts stands behind its "error:".
func ErrorText(text string) string {
	text = kit.StripANSI(text)
	if i := strings.LastIndex(text, "\nerror:\n"); i >= 0 {
		text = text[i+len("\nerror:\n"):]
	}
	line := FirstLine(text)
	for {
		rest := libraryPlace.ReplaceAllString(line, "")
		if rest == line || rest == "" {
			break
		}
		line = rest
	}
	return scriptPlace.ReplaceAllString(line, "line $1: ")
}

// FirstLine is the first line of a text that has something in it, without ANSI colours.
func FirstLine(s string) string {
	for _, l := range strings.Split(s, "\n") {
		if l = strings.TrimSpace(kit.StripANSI(l)); l != "" {
			return l
		}
	}
	return ""
}

// The column of the actions: as wide as a row lets it, so that long ones are read
// in full where there is room.
const (
	leastTitle = 76
	mostTitle  = 150
	leastTimed = 300 // from which width on a row has room for the time
)

// DrawSlot lays a slot of the list out in a row of a width. shown marks the slot
// whose state the window shows.
func DrawSlot(s *ao.Slot, names Names, shown bool, width float32, out *kit.Row) {
	out.Line = true
	number := fmt.Sprint(s.Number)
	out.Cells = append(out.Cells, kit.Cell{X: 4, Width: 36, End: true, Runs: []kit.Run{kit.Mono(number, theme.Dim)}})
	title := kit.Bold(Title(s))
	what, changed := Summary(s, names)
	runs := []kit.Run{kit.Dim(what)}
	if s.Result.Failed() {
		title.Color = theme.Bad
		runs[0].Color = theme.Bad
		if !shown {
			runs[0].Color = theme.Dim
		}
	}
	var took []kit.Run
	if len(s.Warnings) > 0 {
		took = append(took, kit.Run{Text: "▲", Color: theme.Warn})
	}
	if t := Took(s.Result.Duration); t != "" && width >= leastTimed {
		if took != nil {
			t = "  " + t
		}
		took = append(took, kit.Dim(t))
	}
	if took != nil {
		out.AddRight(14, 0, took...)
	}
	summary := kit.Cell{Runs: runs}
	if changed != "" {
		c := kit.Dim(changed)
		if shown {
			c.Color = theme.Changed
		}
		summary.Runs = append(runs, kit.Dim(" · "), c)
		c.Text = strings.TrimSuffix(c.Text, " changed")
		summary.Short = append(slices.Clone(runs), kit.Dim(" · "), c)
	}
	column := max(leastTitle, min((width-10)/5, mostTitle))
	out.Add(50, column, title)
	summary.X = 50 + column + 4
	out.Cells = append(out.Cells, summary)
}

// dataText is a value as text: strings as they are, the rest as JSON.
func dataText(v patchdev.Value) string {
	switch v := v.(type) {
	case nil:
		return ""
	case patchdev.String:
		return string(v)
	}
	return string(patchdev.AppendJSON(nil, v, patchdev.JSONOptions{}))
}
