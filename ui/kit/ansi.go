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
		case n == 38 || n == 48: // 256 colours and RGB: only skipped
			if i+1 < len(parts) && parts[i+1] == "5" {
				i += 2
			} else {
				i += 4
			}
		}
	}
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
