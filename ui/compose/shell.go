package compose

import (
	"fmt"
	"regexp"
	"strings"
)

// command is what one command line says.
type command struct {
	words []string
	// input is what a here-document gives it to read, piped whether there is one.
	input string
	piped bool
}

// carets is a command for cmd.exe, as browsers copy it: the first quote or line end
// has a caret.
var carets = regexp.MustCompile(`^[^'^]*(?:\s\^"|\^\r?\n)`)

// shellCommand splits a command as a shell would, for quotes, backslashes and
// comments, up to what goes on with its output. Line ends separate words like
// spaces: a command that was copied from a page has often lost its backslashes.
func shellCommand(s string) (command, error) {
	var c command
	if carets.MatchString(s) {
		s = uncaret(s)
	}
	var word strings.Builder
	in := false
	end := func() {
		if in {
			c.words = append(c.words, word.String())
			word.Reset()
			in = false
		}
	}
	for i := 0; i < len(s); i++ {
		switch b := s[i]; b {
		case ' ', '\t', '\n', '\r':
			end()
		case '#':
			if in {
				word.WriteByte(b)
				continue
			}
			n := strings.IndexByte(s[i:], '\n')
			if n < 0 {
				return c, nil
			}
			i += n
		case '|', '>', ';':
			if in && b == '>' && strings.Trim(word.String(), "12&") == "" { // 2> errors
				in = false
			}
			end()
			return c, nil
		case '&':
			if next := i + 1; next < len(s) && strings.IndexByte(" \t\n\r&>", s[next]) < 0 {
				word.WriteByte(b) // a query without quotes
				in = true
				continue
			}
			end()
			return c, nil
		case '<':
			end()
			m := hereDocument.FindStringSubmatch(s[i:])
			if m == nil {
				return c, nil
			}
			body := s[i+len(m[0]):]
			if rest, _, ok := strings.Cut(body, "\n"+m[1]); ok {
				body = rest
			}
			c.input, c.piped = body, true
			return c, nil
		case '\\':
			if i+1 < len(s) {
				i++
				if s[i] == '\r' && i+1 < len(s) && s[i+1] == '\n' {
					i++
				}
				if s[i] != '\n' {
					word.WriteByte(s[i])
					in = true
				}
			}
		case '$':
			if i+1 < len(s) && s[i+1] == '\'' && !in { // $'…' as browsers copy it
				n, err := ansiC(s[i+2:], &word)
				if err != nil {
					return c, err
				}
				i += n + 1
				in = true
				continue
			}
			word.WriteByte(b)
			in = true
		case '\'':
			n := strings.IndexByte(s[i+1:], '\'')
			if n < 0 {
				return c, fmt.Errorf("a quote ' is not closed in the command")
			}
			word.WriteString(s[i+1 : i+1+n])
			i += n + 1
			in = true
		case '"':
			in = true
			for i++; ; i++ {
				if i >= len(s) {
					return c, fmt.Errorf(`a quote " is not closed in the command`)
				}
				if s[i] == '"' {
					break
				}
				if s[i] == '\\' && i+1 < len(s) && strings.IndexByte("\"\\$`\n", s[i+1]) >= 0 {
					if i++; s[i] == '\n' {
						continue
					}
				}
				word.WriteByte(s[i])
			}
		default:
			word.WriteByte(b)
			in = true
		}
	}
	end()
	return c, nil
}

// hereDocument begins the text that a command is given to read.
var hereDocument = regexp.MustCompile(`^<<-?\s*['"]?(\w+)['"]?[^\n]*\n`)

// uncaret takes the carets of cmd.exe away.
func uncaret(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '^' && i+1 < len(s) {
			if i++; s[i] == '\r' && i+1 < len(s) && s[i+1] == '\n' {
				i++
			}
			if s[i] == '\n' {
				b.WriteByte(' ')
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// ansiC reads the text after $' up to its closing quote, which it takes too, and
// returns its length.
func ansiC(s string, out *strings.Builder) (int, error) {
	p := jsParser{s: s}
	for ; p.i < len(s); p.i++ {
		switch c := s[p.i]; {
		case c == '\'':
			return p.i + 1, nil
		case c == '\\' && p.i+1 < len(s):
			p.i++
			p.escape(out)
		default:
			out.WriteByte(c)
		}
	}
	return 0, fmt.Errorf("a quote $' is not closed in the command")
}
