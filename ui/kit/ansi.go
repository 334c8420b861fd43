package kit

import (
	"strconv"
	"strings"

	"fyne.io/fyne/v2"

	"patchbay/ui/theme"
)

// ANSI splits printed text into lines of runs, with the colours that scripts put
// in as terminal escapes. Other escapes are dropped.
func ANSI(text string) [][]Run {
	var lines [][]Run
	look := Run{Mono: true}
	for _, line := range strings.Split(strings.TrimRight(text, "\n"), "\n") {
		var runs []Run
		for line != "" {
			i := strings.IndexByte(line, 0x1b)
			if i != 0 {
				if i < 0 {
					i = len(line)
				}
				r := look
				r.Text = line[:i]
				runs = append(runs, r)
				line = line[i:]
				continue
			}
			code, rest := escape(line)
			line = rest
			apply(&look, code)
		}
		lines = append(lines, runs)
	}
	return lines
}

// escape takes one escape sequence off; code is "" for one that is not a colour.
func escape(s string) (code, rest string) {
	if len(s) < 2 || s[1] != '[' {
		return "", s[min(len(s), 1):]
	}
	i := 2
	for i < len(s) && (s[i] < '@' || s[i] > '~') {
		i++
	}
	if i == len(s) {
		return "", ""
	}
	if s[i] == 'm' {
		code = s[2:i]
		if code == "" {
			code = "0"
		}
	}
	return code, s[i+1:]
}

func apply(r *Run, code string) {
	if code == "" {
		return
	}
	parts := strings.Split(code, ";")
	for i := 0; i < len(parts); i++ {
		n, err := strconv.Atoi(parts[i])
		if err != nil && parts[i] != "" {
			continue
		}
		switch {
		case n == 0:
			*r = Run{Mono: true}
		case n == 1:
			r.Bold = true
		case n == 2:
			r.Color = theme.Dim
		case n == 22:
			r.Bold = false
		case n == 39:
			r.Color = ""
		case n >= 30 && n <= 37:
			r.Color = ansiColor(n - 30)
		case n >= 90 && n <= 97:
			r.Color = ansiColor(n - 90)
		case n == 38 || n == 48: // 256 colours and RGB; backgrounds are not drawn
			skip := 4
			if i+1 < len(parts) && parts[i+1] == "5" {
				skip = 2
			}
			if c, ok := wide(parts[i+1 : min(i+1+skip, len(parts))]); ok && n == 38 {
				r.Color = c
			}
			i += skip
		}
	}
}

// wide is the nearest of our colours to one of 256 ("5;n") or to red, green and
// blue ("2;r;g;b").
func wide(parts []string) (fyne.ThemeColorName, bool) {
	var n [3]int
	if len(parts) < 2 {
		return "", false
	}
	for i, p := range parts[1:] {
		v, err := strconv.Atoi(p)
		if err != nil || v < 0 || v > 255 || i > 2 {
			return "", false
		}
		n[i] = v
	}
	switch {
	case parts[0] == "2" && len(parts) == 4:
	case parts[0] != "5" || len(parts) != 2:
		return "", false
	case n[0] < 16:
		return ansiColor(n[0] % 8), true
	case n[0] < 232: // a cube of 6 by 6 by 6
		k := n[0] - 16
		n = [3]int{k / 36 * 51, k / 6 % 6 * 51, k % 6 * 51}
	default: // greys
		g := 8 + (n[0]-232)*10
		n = [3]int{g, g, g}
	}
	lo, hi := min(n[0], n[1], n[2]), max(n[0], n[1], n[2])
	if hi-lo < 40 { // no hue to speak of
		if hi < 100 {
			return theme.Faint, true
		}
		return theme.Text, true
	}
	bits := 0
	for i, v := range n {
		if v > (lo+hi)/2 {
			bits |= 1 << i
		}
	}
	return ansiColor(bits), true
}

func ansiColor(n int) fyne.ThemeColorName {
	return [...]fyne.ThemeColorName{
		theme.Faint, theme.Bad, theme.Good, theme.Warn,
		theme.Accent, theme.CodeKeyword, theme.CodeFunction, theme.Text,
	}[n]
}

// StripANSI removes terminal escapes.
func StripANSI(s string) string {
	if strings.IndexByte(s, 0x1b) < 0 {
		return s
	}
	var b strings.Builder
	for s != "" {
		i := strings.IndexByte(s, 0x1b)
		if i < 0 {
			b.WriteString(s)
			break
		}
		b.WriteString(s[:i])
		_, s = escape(s[i:])
	}
	return b.String()
}
