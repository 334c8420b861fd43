package kit

import "strings"

// Wrap breaks a run's text into lines of at most a width, at spaces where there
// are any. Its own line ends stay.
func Wrap(r Run, width float32) []string {
	var out []string
	for _, para := range strings.Split(r.Text, "\n") {
		out = append(out, wrapLine(r, para, width)...)
	}
	return out
}

func wrapLine(r Run, s string, width float32) []string {
	fits := func(t string) bool {
		r.Text = t
		return r.Width() <= width
	}
	if width <= 0 || fits(s) {
		return []string{s}
	}
	var out []string
	line := ""
	for _, word := range strings.Split(s, " ") {
		next := word
		if line != "" {
			next = line + " " + word
		}
		if fits(next) {
			line = next
			continue
		}
		if line != "" {
			out = append(out, line)
		}
		for !fits(word) { // a word longer than a line
			runes := []rune(word)
			n := len(runes) - 1
			for n > 1 && !fits(string(runes[:n])) {
				n = min(n-1, n*7/8)
			}
			n = max(n, 1)
			if n >= len(runes) {
				break
			}
			out = append(out, string(runes[:n]))
			word = string(runes[n:])
		}
		line = word
	}
	return append(out, line)
}
