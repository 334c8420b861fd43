package inspect

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"unicode/utf8"

	"fyne.io/fyne/v2"

	"patchbay/patchdev"
	"patchbay/ui/kit"
	"patchbay/ui/theme"
)

// maxLines is how many lines of a value are made; a bigger one is for a file.
const maxLines = 20_000

// ValueLines shows a value: branches as indented JSON in colours, JSON in a text
// too, other texts by lines, bytes that are no text as a dump.
func ValueLines(v patchdev.Value, alias func(string) string) []Line {
	switch x := v.(type) {
	case nil:
		return nil
	case patchdev.String:
		out := []Line{{Runs: []kit.Run{kit.Dim(describe(string(x), alias))}}, {}}
		return append(out, BodyLines([]byte(x), "")...)
	case *patchdev.Table, *patchdev.List:
		out := []Line{{Runs: []kit.Run{kit.Dim(count(v))}}, {}}
		return append(out, treeLines(v)...)
	}
	text := string(patchdev.AppendJSON(nil, v, patchdev.JSONOptions{FloatPoint: true}))
	return []Line{{Runs: []kit.Run{kit.Dim(v.Kind().String())}}, {}, {Runs: []kit.Run{kit.Mono(text, theme.CodeNumber)}}}
}

func count(v patchdev.Value) string {
	switch v := v.(type) {
	case *patchdev.Table:
		if v.Len() == 1 {
			return "table with 1 key"
		}
		return fmt.Sprintf("table with %d keys", v.Len())
	case *patchdev.List:
		if v.Len() == 1 {
			return "list with 1 item"
		}
		return fmt.Sprintf("list with %d items", v.Len())
	}
	return ""
}

// How much of a branch is written out: children of each branch, and lines of all.
const (
	maxChildren = 500
	maxTree     = 2000
)

// treeLines writes a branch as indented JSON in colours. It looks at no more of
// the value than it writes, so that a table of a million keys costs no more than
// one of a thousand.
func treeLines(v patchdev.Value) []Line {
	w := treeWriter{}
	w.value(nil, v, 0, "")
	return w.out
}

type treeWriter struct{ out []Line }

func (w *treeWriter) full() bool { return len(w.out) >= maxTree }

// value writes v after name (nil in lists and at the top), and tail behind it.
func (w *treeWriter) value(name *string, v patchdev.Value, depth int, tail string) {
	indent := strings.Repeat("  ", depth)
	var runs []kit.Run
	if indent != "" {
		runs = append(runs, kit.Mono(indent, theme.Text))
	}
	if name != nil {
		key := string(patchdev.AppendJSON(nil, patchdev.String(*name), patchdev.JSONOptions{}))
		runs = append(runs, kit.Mono(key, theme.CodeFunction), kit.Mono(": ", theme.Dim))
	}
	open, closed, n := "{", "}", 0
	switch x := v.(type) {
	case *patchdev.Table:
		n = x.Len()
	case *patchdev.List:
		open, closed, n = "[", "]", x.Len()
	default:
		text := string(patchdev.AppendJSON(nil, v, patchdev.JSONOptions{FloatPoint: true}))
		w.out = append(w.out, Line{Runs: append(runs, kit.Mono(text, colorOf(v)), kit.Mono(tail, theme.Dim))})
		return
	}
	if n == 0 {
		w.out = append(w.out, Line{Runs: append(runs, kit.Mono(open+closed+tail, theme.Text))})
		return
	}
	w.out = append(w.out, Line{Runs: append(runs, kit.Mono(open, theme.Text))})
	shown := 0
	child := func(key *string, c patchdev.Value) bool {
		if shown == maxChildren || w.full() {
			return false
		}
		shown++
		comma := ","
		if shown == n {
			comma = ""
		}
		w.value(key, c, depth+1, comma)
		return true
	}
	switch x := v.(type) {
	case *patchdev.Table:
		for key, c := range x.All() {
			if !child(&key, c) {
				break
			}
		}
	case *patchdev.List:
		for _, c := range x.All() {
			if !child(nil, c) {
				break
			}
		}
	}
	if shown < n {
		w.out = append(w.out, Line{Runs: []kit.Run{kit.Mono(indent+"  ", theme.Text), kit.Dim(fmt.Sprintf("… %d more", n-shown))}})
	}
	last := []kit.Run{kit.Mono(closed, theme.Text), kit.Mono(tail, theme.Dim)}
	if indent != "" {
		last = append([]kit.Run{kit.Mono(indent, theme.Text)}, last...)
	}
	w.out = append(w.out, Line{Runs: last})
}

func colorOf(v patchdev.Value) fyne.ThemeColorName {
	switch v.(type) {
	case patchdev.String:
		return theme.CodeString
	case patchdev.Int, patchdev.Float:
		return theme.CodeNumber
	}
	return theme.CodeConstant
}

// describe says what a text is, by looking at it.
func describe(s string, alias func(string) string) string {
	what := "text"
	switch {
	case s == "":
		return "empty text"
	case !utf8.ValidString(s):
		what = "bytes that are not UTF-8 (" + sniff([]byte(s)) + ")"
	case json.Valid([]byte(s)) && strings.ContainsAny(s[:1], "{["):
		what = "text with JSON"
	case len(s) == 43 && alias != nil && alias(s) != "":
		what = "the address of " + alias(s)
	case strings.HasPrefix(strings.TrimSpace(s[:min(len(s), 200)]), "<svg"):
		what = "text that looks like image/svg+xml, shown as source"
	default:
		if b, ok := pictureIn(s); ok {
			what = "text with a picture (" + sniff(b) + ")"
		} else if t := sniff([]byte(s)); t != "text/plain" {
			what = "text that looks like " + t + ", shown as source"
		}
	}
	return fmt.Sprintf("%s, %s", what, kit.Bytes(len(s)))
}

func sniff(b []byte) string {
	t := http.DetectContentType(b)
	t, _, _ = strings.Cut(t, ";")
	return t
}

// BodyLines shows bytes: JSON indented and coloured, text by lines, the rest as a
// hexadecimal dump of its beginning. Nothing is ever rendered live.
func BodyLines(body []byte, contentType string) []Line {
	t := bytes.TrimSpace(body)
	if len(t) > 0 && (t[0] == '{' || t[0] == '[') && len(t) < 4<<20 {
		var b bytes.Buffer
		if json.Indent(&b, t, "", "  ") == nil {
			return jsonLines(b.Bytes())
		}
	}
	if !utf8.Valid(body) || bytes.IndexByte(body, 0) >= 0 {
		return dump(body)
	}
	var out []Line
	for i, s := range strings.Split(string(body), "\n") {
		if i == maxLines {
			out = append(out, Line{Runs: []kit.Run{kit.Dim("… more lines")}})
			break
		}
		out = append(out, Line{Runs: []kit.Run{kit.Mono(s, theme.Text)}})
	}
	return out
}

func dump(b []byte) []Line {
	const most = 4096
	var out []Line
	for at := 0; at < min(len(b), most); at += dumpRow {
		out = append(out, dumpLine(at, b[at:min(at+dumpRow, len(b))], dumpRow))
	}
	if len(b) > most {
		out = append(out, Line{Runs: []kit.Run{kit.Dim(fmt.Sprintf("… %d more bytes", len(b)-most))}})
	}
	return out
}

// dumpRow is how many bytes stand in a row of a dump: as many as fit into a narrow
// panel. A wide one shows two rows in a line.
const dumpRow = 8

// dumpLine is a line of a dump with room for so many bytes.
func dumpLine(at int, b []byte, room int) Line {
	text := strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return '.'
		}
		return r
	}, latin(b))
	return Line{Runs: []kit.Run{
		kit.Mono(fmt.Sprintf("%06x  ", at), theme.Faint),
		kit.Mono(fmt.Sprintf("%-*s", 3*room, fmt.Sprintf("% x", b)), theme.Text),
		kit.Mono("  "+text, theme.Dim),
	}, dump: b, at: at}
}

func latin(b []byte) string {
	r := make([]rune, len(b))
	for i, c := range b {
		r[i] = rune(c)
	}
	return string(r)
}

// jsonLines colours indented JSON.
func jsonLines(b []byte) []Line {
	var out []Line
	for i, s := range strings.Split(string(b), "\n") {
		if i == maxLines {
			out = append(out, Line{Runs: []kit.Run{kit.Dim("… more lines")}})
			break
		}
		out = append(out, Line{Runs: jsonRuns(s)})
	}
	return out
}

// jsonRuns colours one line of indented JSON: an optional name, then a value.
func jsonRuns(s string) []kit.Run {
	trimmed := strings.TrimLeft(s, " ")
	indent := s[:len(s)-len(trimmed)]
	runs := []kit.Run{}
	if indent != "" {
		runs = append(runs, kit.Mono(indent, theme.Text))
	}
	if strings.HasPrefix(trimmed, `"`) {
		if end := stringEnd(trimmed); end < len(trimmed) && trimmed[end] == ':' {
			runs = append(runs, kit.Mono(trimmed[:end], theme.CodeFunction), kit.Mono(":", theme.Dim))
			trimmed = trimmed[end+1:]
			if strings.HasPrefix(trimmed, " ") {
				runs = append(runs, kit.Mono(" ", theme.Dim))
				trimmed = trimmed[1:]
			}
		}
	}
	tail := ""
	if strings.HasSuffix(trimmed, ",") {
		trimmed, tail = trimmed[:len(trimmed)-1], ","
	}
	c := theme.Text
	switch {
	case trimmed == "":
	case trimmed[0] == '"':
		c = theme.CodeString
	case trimmed == "true" || trimmed == "false" || trimmed == "null":
		c = theme.CodeConstant
	case trimmed[0] == '-' || trimmed[0] >= '0' && trimmed[0] <= '9':
		c = theme.CodeNumber
	case strings.HasPrefix(trimmed, "…"):
		c = theme.Dim
	}
	if trimmed != "" {
		runs = append(runs, kit.Mono(trimmed, c))
	}
	if tail != "" {
		runs = append(runs, kit.Mono(tail, theme.Dim))
	}
	return runs
}

// stringEnd is the index behind the closing quote of the JSON string at the start of s.
func stringEnd(s string) int {
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(s)
}
