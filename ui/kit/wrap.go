package kit

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

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
		if line != "" && fits(word) {
			out = append(out, line)
		} else if line != "" { // the word does not fit into any line: it begins in this one
			word = line + " " + word
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

// Columns breaks a line of monospaced runs into lines of at most cols runes, after a
// space in the second half of the line rather than within a word, and before a run
// that is a short word or a number rather than within it. A line
// with a run in another font stays whole, as one of so many parts that nobody reads it.
func Columns(runs []Run, cols int) [][]Run {
	n := 0
	for i := range runs {
		if !runs[i].Mono {
			return [][]Run{runs}
		}
		n += utf8.RuneCountInString(runs[i].Text)
	}
	const most = 200 // lines
	if n <= cols || cols < 1 || n > cols*most {
		return [][]Run{runs}
	}
	var out [][]Run
	var line []Run
	room := cols
	for _, r := range runs {
		text := []rune(r.Text)
		if n := len(text); n > room && room < cols && 2*n <= cols && (unicode.IsLetter(text[0]) || unicode.IsNumber(text[0])) {
			out, line, room = append(out, line), nil, cols // a number, a word: whole in the next line
		}
		for len(text) > room {
			cut := room
			for i := room; 2*i >= cols; i-- { // after a space, where one is near
				if text[i-1] == ' ' {
					cut = i
					break
				}
			}
			r.Text = string(text[:cut])
			out = append(out, append(line, r))
			text, line, room = text[cut:], nil, cols
		}
		if len(text) > 0 {
			r.Text = string(text)
			line = append(line, r)
			room -= len(text)
		}
	}
	if len(line) > 0 {
		out = append(out, line)
	}
	return out
}

// WrapRuns breaks runs into lines of at most a width: monospaced ones of so many
// cells, others between words. cell is the width of a monospaced rune.
func WrapRuns(runs []Run, width, cell float32) [][]Run {
	mono := true
	for _, r := range runs {
		mono = mono && r.Mono
	}
	if mono {
		return Columns(runs, max(int(width/cell), 1))
	}
	var out [][]Run
	var line []Run
	var used float32
	flush := func() {
		out = append(out, line)
		line, used = nil, 0
	}
	add := func(r Run, w float32) {
		if n := len(line); n > 0 {
			if last := line[n-1]; last.Color == r.Color && last.Bold == r.Bold && last.Mono == r.Mono && last.Size == r.Size {
				line[n-1].Text += r.Text
				used += w
				return
			}
		}
		line = append(line, r)
		used += w
	}
	for _, r := range runs {
		if len(r.Text) > longestParagraph {
			r.Text = r.Text[:longestParagraph] + "…"
		}
		for _, word := range strings.SplitAfter(r.Text, " ") {
			r.Text = word
			w := r.Width()
			if r.Text = strings.TrimRight(word, " "); used > 0 && used+r.Width() > width {
				flush()
			}
			r.Text = word
			for w > width && len([]rune(r.Text)) > 1 { // a word longer than a line
				cut := []rune(r.Text)
				n := max(1, int(float32(len(cut))*width/w))
				part := r
				for part.Text = string(cut[:n]); n > 1 && part.Width() > width; part.Text = string(cut[:n]) {
					n--
				}
				add(part, part.Width())
				flush()
				r.Text = string(cut[n:])
				w = r.Width()
			}
			if r.Text != "" {
				add(r, w)
			}
		}
	}
	if len(line) > 0 || len(out) == 0 {
		flush()
	}
	return out
}
