package code

import (
	"strings"

	"fyne.io/fyne/v2"
)

// wrap breaks a text into lines no wider than width, at spaces where there are any; the last of limit lines ends with an ellipsis
// when something is left over.
func wrap(s string, width, size float32, style fyne.TextStyle, limit int) []string {
	var out []string
	fits := func(t string) bool { return fyne.MeasureText(t, size, style).Width <= width }
	for _, para := range strings.Split(s, "\n") {
		line := ""
		for _, word := range strings.Fields(para) {
			next := word
			if line != "" {
				next = line + " " + word
			}
			if line != "" && !fits(next) {
				out = append(out, line)
				next = word
			}
			line = next
			if !fits(line) { // one word wider than the line
				for rs := []rune(line); !fits(line); rs = []rune(line) {
					n := max(1, len(rs)-1)
					for n > 1 && !fits(string(rs[:n])) {
						n = n * 9 / 10
					}
					if n == len(rs) {
						break
					}
					out = append(out, string(rs[:n]))
					line = string(rs[n:])
					if len(out) > limit {
						break
					}
				}
			}
			if len(out) > limit {
				break
			}
		}
		out = append(out, line)
	}
	if len(out) > limit {
		out = out[:limit]
		out[limit-1], _ = clip(out[limit-1]+" …", width, size, style)
	}
	return out
}
