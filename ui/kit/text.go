// Package kit holds the small widgets that several panels are made of: a virtual
// list of drawn rows, flat buttons, capsules, tabs, bars. They know nothing of AO
// and ask ui/theme for every colour.
//
// Everything here belongs to the UI goroutine and starts nothing.
package kit

import (
	"strings"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	fynetheme "fyne.io/fyne/v2/theme"

	"patchbay/ui/theme"
)

// Run is a piece of text of one look.
type Run struct {
	Text  string
	Color fyne.ThemeColorName // "": theme.Text
	Bold  bool
	Mono  bool
	Size  fyne.ThemeSizeName  // "": the theme's text, or theme.SizeCode for Mono
	Back  fyne.ThemeColorName // what lies behind it in a row, "" for nothing
}

// Plain is a run in the main colour, Dim one in the colour of what is said in passing.
func Plain(s string) Run { return Run{Text: s} }

// Dim is a run in the colour of what is said in passing.
func Dim(s string) Run { return Run{Text: s, Color: theme.Dim} }

// Bold is a run in bold.
func Bold(s string) Run { return Run{Text: s, Bold: true} }

// Mono is a monospaced run.
func Mono(s string, c fyne.ThemeColorName) Run { return Run{Text: s, Mono: true, Color: c} }

// style leaves bold away from what is monospaced: the theme has one face for it, and
// Fyne loads all its fonts, some megabytes, for each style that it is asked for.
func (r *Run) style() fyne.TextStyle {
	return fyne.TextStyle{Bold: r.Bold && !r.Mono, Monospace: r.Mono}
}

func (r *Run) size() float32 {
	switch {
	case r.Size != "":
		return theme.Size(r.Size)
	case r.Mono:
		return theme.Size(theme.SizeCode)
	}
	return fynetheme.TextSize()
}

func (r *Run) color() fyne.ThemeColorName {
	if r.Color == "" {
		return theme.Text
	}
	return r.Color
}

// Width is how wide the run is drawn.
func (r *Run) Width() float32 {
	if r.Text == "" {
		return 0
	}
	return fyne.MeasureText(r.Text, r.size(), r.style()).Width
}

// Fyne's proportional font is lineOfText of its size high, and it sets the baseline
// of a text a whole number of pixels below its top: of the monospaced font one less
// at the size of both here.
const (
	lineOfText = 1.3618
	monoSinks  = 1
)

// top is where a run of a height begins in a line, so that both fonts stand on one
// baseline in it.
func (r *Run) top(line, height float32) float32 {
	if !r.Mono {
		return (line - height) / 2
	}
	return (line-lineOfText*r.size())/2 + monoSinks
}

// Plaintext joins the texts of runs.
func Plaintext(runs []Run) string {
	var b strings.Builder
	for _, r := range runs {
		b.WriteString(r.Text)
	}
	return b.String()
}

// draw makes t show the run.
func (r *Run) draw(t *canvas.Text) {
	c := theme.Color(r.color())
	size, style := r.size(), r.style()
	if t.Text == r.Text && t.Color == c && t.TextSize == size && t.TextStyle == style {
		return
	}
	t.Text, t.Color, t.TextSize, t.TextStyle = r.Text, c, size, style
}

// longest is how many bytes of a text are ever drawn in one line: more than fits
// on any screen, and little enough that measuring it costs nothing.
const longest = 600

// Cut shortens the run to a width, with an ellipsis, and says how wide it is then.
// Line ends and tabs are shown as signs, so that a row stays one line.
func (r *Run) Cut(width float32) float32 {
	r.Text = OneLine(r.Text)
	w := r.Width()
	if w <= width {
		return w
	}
	dots := Run{Text: "…", Bold: r.Bold, Mono: r.Mono, Size: r.Size}
	room := width - dots.Width()
	if room <= 0 {
		r.Text = ""
		return 0
	}
	s := r.Text
	lo, hi := 0, len(s) // longest prefix that fits is in [lo, hi)
	for lo < hi {
		m := (lo + hi + 1) / 2
		for m < len(s) && !utf8.RuneStart(s[m]) {
			m++
		}
		if m > hi {
			break
		}
		t := *r
		t.Text = s[:m]
		if t.Width() <= room {
			lo = m
		} else {
			for m--; m > 0 && !utf8.RuneStart(s[m]); m-- {
			}
			hi = m
		}
	}
	r.Text = strings.TrimRight(s[:lo], " …") + "…"
	return r.Width()
}

// OneLine makes a text fit for one row: at most some hundred bytes, control
// characters as signs, invalid UTF-8 replaced.
func OneLine(s string) string {
	if len(s) > longest {
		n := longest
		for n > 0 && !utf8.RuneStart(s[n]) {
			n--
		}
		s = s[:n] + "…"
	}
	clean := true
	for i := 0; i < len(s); i++ {
		if s[i] < ' ' || s[i] >= 0x7f {
			clean = false
			break
		}
	}
	if clean {
		return s
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return '⏎'
		case r == '\r':
			return -1
		case r == '\t':
			return ' '
		case r < ' ' || r == 0x7f:
			return '·'
		case r == utf8.RuneError:
			return '�'
		}
		return r
	}, s)
}

// symbol says that a proportional text has to leave this rune to another font.
func symbol(r rune) bool { return r >= 0x2190 && r < 0x2c00 }

// apart splits runs so that symbols stand alone: what follows a symbol in one text
// is drawn in the symbol's font, which has no letters and no space.
func apart(runs []Run) []Run {
	plain := true
	for i := range runs {
		if !runs[i].Mono && strings.IndexFunc(runs[i].Text, symbol) >= 0 && len(runs[i].Text) > 3 {
			plain = false
		}
	}
	if plain {
		return runs
	}
	var out []Run
	for _, r := range runs {
		if r.Mono {
			out = append(out, r)
			continue
		}
		text, from := r.Text, 0
		for i, c := range text {
			if symbol(c) {
				if i > from {
					r.Text = text[from:i]
					out = append(out, r)
				}
				r.Text = string(c)
				out = append(out, r)
				from = i + utf8.RuneLen(c)
			}
		}
		if from < len(text) {
			r.Text = text[from:]
			out = append(out, r)
		}
	}
	return out
}

// cutFront drops the beginning of a text that is wider than there is room.
func (r *Run) cutFront(width float32) {
	if r.Width() <= width {
		return
	}
	runes := []rune(r.Text)
	lo, hi := 0, len(runes)
	for lo < hi {
		m := (lo + hi) / 2
		t := *r
		t.Text = "…" + strings.TrimPrefix(string(runes[m:]), "…")
		if t.Width() <= width {
			hi = m
		} else {
			lo = m + 1
		}
	}
	r.Text = "…" + strings.TrimPrefix(string(runes[lo:]), "…")
}
