package inspect

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"unicode/utf8"

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
		out := []Line{{[]kit.Run{kit.Dim(describe(string(x), alias))}}, {}}
		return append(out, BodyLines([]byte(x), "")...)
	case *patchdev.Table, *patchdev.List:
		out := []Line{{[]kit.Run{kit.Dim(count(v))}}, {}}
		return append(out, jsonLines(limited(v))...)
	}
	text := string(patchdev.AppendJSON(nil, v, patchdev.JSONOptions{FloatPoint: true}))
	return []Line{{[]kit.Run{kit.Dim(v.Kind().String())}}, {}, {[]kit.Run{kit.Mono(text, theme.CodeNumber)}}}
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

// limited writes a branch as JSON; of one with very many children only the first.
func limited(v patchdev.Value) []byte {
	const most = 5000
	note := ""
	switch x := v.(type) {
	case *patchdev.Table:
		if x.Len() > most {
			b := patchdev.EmptyTable().Edit()
			for i := range most {
				b.Set(x.At(i))
			}
			note = fmt.Sprintf("\n… %d more keys", x.Len()-most)
			v = b.Table()
		}
	case *patchdev.List:
		if x.Len() > most {
			vals := make([]patchdev.Value, most)
			for i := range vals {
				vals[i] = x.At(i)
			}
			note = fmt.Sprintf("\n… %d more items", x.Len()-most)
			v = patchdev.NewList(vals...)
		}
	}
	return append(patchdev.AppendJSON(nil, v, patchdev.JSONOptions{Indent: "  ", FloatPoint: true}), note...)
}

// describe says what a text is, by looking at it.
func describe(s string, alias func(string) string) string {
	what := "text"
	switch {
	case s == "":
		return "empty text"
	case !utf8.ValidString(s):
		what = "bytes that are no UTF-8 (" + sniff([]byte(s)) + ")"
	case json.Valid([]byte(s)) && strings.ContainsAny(s[:1], "{["):
		what = "text with JSON"
	case len(s) == 43 && alias != nil && alias(s) != "":
		what = "the address of " + alias(s)
	default:
		if t := sniff([]byte(s)); t != "text/plain" {
			what = "text that looks like " + t + ", shown as source"
		}
	}
	return fmt.Sprintf("%s, %s", what, sizeWord(len(s)))
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
			out = append(out, Line{[]kit.Run{kit.Dim("… more lines")}})
			break
		}
		out = append(out, Line{[]kit.Run{kit.Mono(s, theme.Text)}})
	}
	return out
}

func dump(b []byte) []Line {
	const most = 4096
	var out []Line
	for at := 0; at < min(len(b), most); at += 16 {
		part := b[at:min(at+16, len(b))]
		text := strings.Map(func(r rune) rune {
			if r < ' ' || r > '~' {
				return '.'
			}
			return r
		}, latin(part))
		out = append(out, Line{[]kit.Run{
			kit.Mono(fmt.Sprintf("%06x  ", at), theme.Faint),
			kit.Mono(fmt.Sprintf("%-48s", fmt.Sprintf("% x", part)), theme.Text),
			kit.Mono("  "+text, theme.Dim),
		}})
	}
	if len(b) > most {
		out = append(out, Line{[]kit.Run{kit.Dim(fmt.Sprintf("… %d more bytes", len(b)-most))}})
	}
	return out
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
			out = append(out, Line{[]kit.Run{kit.Dim("… more lines")}})
			break
		}
		out = append(out, Line{jsonRuns(s)})
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
