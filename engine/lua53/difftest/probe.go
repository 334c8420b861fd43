package difftest

import (
	"bytes"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"sort"
	"strconv"
	"strings"
)

// Probe is one small program of the corpus: a paragraph of a testdata/probes/*.lua file.
type Probe struct {
	File   string // base name without ".lua"
	Line   int    // of its first line in the file
	Source string
	Want   string // what lua5.3 answered; see ReadProbes
}

// Name is "file:line".
func (p Probe) Name() string { return fmt.Sprintf("%s:%d", p.File, p.Line) }

// SplitProbes cuts a corpus file into its paragraphs. Paragraphs of comments only are none.
func SplitProbes(file, text string) []Probe {
	var probes []Probe
	line := 1
	for _, par := range strings.Split(text, "\n\n") {
		body := strings.Trim(par, "\n")
		start := line + strings.Index(par, body)
		if body != "" && strings.Trim(commentLines.ReplaceAllString(body+"\n", ""), "\n") != "" {
			probes = append(probes, Probe{File: file, Line: start, Source: body + "\n"})
		}
		line += strings.Count(par, "\n") + 2
	}
	return probes
}

var commentLines = regexp.MustCompile(`(?m)^--[^\[].*\n`)

// ReadProbes reads the corpus with the recorded answers (NAME.out beside NAME.lua).
func ReadProbes(dir fs.FS) ([]Probe, error) {
	names, err := fs.Glob(dir, "*.lua")
	if err != nil {
		return nil, err
	}
	sort.Strings(names)
	var all []Probe
	for _, n := range names {
		text, err := fs.ReadFile(dir, n)
		if err != nil {
			return nil, err
		}
		base := strings.TrimSuffix(path.Base(n), ".lua")
		probes := SplitProbes(base, string(text))
		out, err := fs.ReadFile(dir, base+".out")
		if err != nil {
			return nil, fmt.Errorf("%w: run `make record-lua`", err)
		}
		answers := parseAnswers(out)
		for i := range probes {
			want, ok := answers[probes[i].Line]
			if !ok {
				return nil, fmt.Errorf("%s has no recorded answer: run `make record-lua`", probes[i].Name())
			}
			probes[i].Want = want
		}
		all = append(all, probes...)
	}
	return all, nil
}

const answerMark = "@@ line "

// FormatAnswers writes recorded answers, in the form that ReadProbes reads: text with bytes that are not
// printable ASCII escaped as \xNN.
func FormatAnswers(probes []Probe) []byte {
	var b bytes.Buffer
	for _, p := range probes {
		fmt.Fprintf(&b, "%s%d\n%s", answerMark, p.Line, p.Want)
		if !strings.HasSuffix(p.Want, "\n") {
			b.WriteByte('\n')
		}
	}
	return b.Bytes()
}

func parseAnswers(out []byte) map[int]string {
	answers := map[int]string{}
	line, start := 0, 0
	text := string(out)
	lines := strings.SplitAfter(text, "\n")
	pos := 0
	flush := func(end int) {
		if line > 0 {
			answers[line] = text[start:end]
		}
	}
	for _, l := range lines {
		if n, ok := strings.CutPrefix(l, answerMark); ok {
			flush(pos)
			line, _ = strconv.Atoi(strings.TrimSpace(n))
			start = pos + len(l)
		}
		pos += len(l)
	}
	flush(pos)
	return answers
}

var (
	addresses = regexp.MustCompile(`\b(table|function|thread|userdata|file|My\.Type|MyType|FILE\*): ?(builtin: )?(\()?0x[0-9a-f]+(\))?`)
	fileAddr  = regexp.MustCompile(`file \(0x[0-9a-f]+\)`)
)

// Normalize makes answers comparable: addresses become ADDR and bytes that are not printable ASCII become
// \xNN; the end is one line break.
func Normalize(s string) string {
	s = addresses.ReplaceAllString(s, "$1: ADDR")
	s = fileAddr.ReplaceAllString(s, "file (ADDR)")
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\n' || c == '\t' || c >= 32 && c < 127:
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "\\x%02x", c)
		}
	}
	return strings.TrimRight(b.String(), "\n") + "\n"
}
