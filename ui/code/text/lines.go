package text

import "strings"

// IndentLine moves a line in by one step; empty lines stay empty.
func IndentLine(line, unit string) string {
	if strings.TrimSpace(line) == "" {
		return line
	}
	return unit + line
}

// Outdent moves a line out by one step, or by what it has when that is less.
func Outdent(line, unit string) string {
	if strings.HasPrefix(line, "\t") {
		return line[1:]
	}
	width := len(unit)
	if unit == "\t" {
		width = 4
	}
	n := 0
	for n < width && n < len(line) && line[n] == ' ' {
		n++
	}
	if n < width && n < len(line) && line[n] == '\t' {
		n++
	}
	return line[n:]
}

// ToggleComment puts a line comment's sign before each line, all at the same column, or takes it away when every line that is not
// empty has one. at is that column.
func ToggleComment(lines []string, sign string) (out []string, at int) {
	all, at := true, -1
	for _, l := range lines {
		t := strings.TrimLeft(l, " \t")
		if t == "" {
			continue
		}
		if in := len(l) - len(t); at < 0 || in < at {
			at = in
		}
		if !strings.HasPrefix(t, sign) {
			all = false
		}
	}
	if at < 0 { // nothing but empty lines: comment the first, so that the key is seen to do something
		if len(lines) != 1 {
			return lines, 0
		}
		return []string{lines[0] + sign + " "}, len(lines[0])
	}
	out = make([]string, len(lines))
	for i, l := range lines {
		t := strings.TrimLeft(l, " \t")
		switch {
		case t == "":
			out[i] = l
		case all:
			rest := strings.TrimPrefix(t, sign)
			out[i] = l[:len(l)-len(t)] + strings.TrimPrefix(rest, " ")
		default:
			out[i] = l[:at] + sign + " " + l[at:]
		}
	}
	return out, at
}
