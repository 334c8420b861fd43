package traffic

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"patchbay/ui/kit"
	"patchbay/ui/theme"
)

// Captured is an exchange in full. It is read only.
type Captured struct {
	Proto, Host string
	Request     http.Header
	// RequestBody is the beginning of a body, RequestSize the length of the whole (-1:
	// not known), ResponseBody and ResponseSize the same of what was answered. They are
	// empty for streams.
	RequestBody  []byte
	RequestSize  int64
	Response     http.Header
	ResponseBody []byte
	ResponseSize int64
}

// noLonger is said of an exchange that is too old to be kept in full.
const noLonger = "The headers and bodies of this request are no longer kept: those of the newest 200 are."

// full are the lines of request and response.
func (p *Panel) full(e *Exchange, c *Captured) (out [][]kit.Run) {
	line := func(runs ...kit.Run) { out = append(out, runs) }
	if c == nil {
		line()
		line(kit.Dim(noLonger))
		return out
	}
	part := func(title string, first []kit.Run, h http.Header, body []byte, size int64) {
		line()
		line(kit.Run{Text: title, Bold: true})
		line(first...)
		for _, f := range fields(h) {
			line(kit.Mono(strings.ToLower(f[0])+": ", theme.CodeFunction), kit.Mono(f[1], theme.Text))
		}
		if size != 0 || len(body) > 0 {
			line()
			out = append(out, p.bodyOf(h, body, size)...)
		}
	}
	head := http.Header{"Host": {c.Host}}
	for name, values := range c.Request {
		head[name] = values
	}
	part("Request", []kit.Run{kit.Mono(e.Method+" ", theme.Good), kit.Mono(e.Path+" ", theme.Text), kit.Mono(c.Proto, theme.Dim)},
		head, c.RequestBody, c.RequestSize)
	status := []kit.Run{kit.Mono(c.Proto+" ", theme.Dim), kit.Mono(fmt.Sprintf("%d %s", e.Status, http.StatusText(e.Status)), StatusColor(e.Status))}
	if e.Status == 0 { // a stream logs none
		status = []kit.Run{kit.Mono(c.Proto, theme.Dim)}
	}
	part("Response", status, c.Response, c.ResponseBody, c.ResponseSize)
	if strings.HasPrefix(field(c.Response, "content-type"), "text/event-stream") {
		line()
		line(kit.Dim("A stream of events, of which nothing is kept."))
	}
	return out
}

// bodyOf are the lines of a body, with what they leave out.
func (p *Panel) bodyOf(h http.Header, body []byte, size int64) (out [][]kit.Run) {
	say := func(format string, args ...any) { out = append(out, []kit.Run{kit.Dim(fmt.Sprintf(format, args...))}) }
	cut := int64(len(body)) < size
	if cut {
		body = wholeRunes(body)
	}
	switch {
	case len(body) == 0 && size > 0:
		say("A body of %s, which nobody read.", kit.Bytes(int(size)))
		return out
	case len(body) == 0:
		say("A body of unknown length, which nobody read.")
		return out
	case !utf8.Valid(body) || slices.Contains(body, 0):
		kind := ""
		if t := field(h, "content-type"); t != "" {
			kind = " (" + t + ")"
		}
		say("%s that are no text%s", kit.Bytes(max(int(size), len(body))), kind)
	}
	if e := field(h, "content-encoding"); e != "" && utf8.Valid(body) {
		say("sent compressed (%s), shown as it is", e)
	}
	if p.o.Body != nil {
		for _, l := range p.o.Body(body, field(h, "content-type")) {
			out = append(out, pieces(l)...)
		}
	} else {
		for s := range strings.SplitSeq(string(body), "\n") {
			out = append(out, []kit.Run{kit.Mono(s, theme.Text)})
		}
	}
	if cut {
		say("… cut here: these are the first %d of %s", len(body), kit.Bytes(int(size)))
	}
	return out
}

// pieceRunes is how long a line may be to be broken to any width: longer ones are no
// text that anybody reads as one line.
const pieceRunes = 2000

// pieces takes a very long line apart.
func pieces(runs []kit.Run) [][]kit.Run {
	if len(runs) != 1 || utf8.RuneCountInString(runs[0].Text) <= pieceRunes {
		return [][]kit.Run{runs}
	}
	var out [][]kit.Run
	for part := range slices.Chunk([]rune(runs[0].Text), pieceRunes) {
		r := runs[0]
		r.Text = string(part)
		out = append(out, []kit.Run{r})
	}
	return out
}

// wholeRunes leaves out the part of a rune at the end of a text that was cut.
func wholeRunes(b []byte) []byte {
	for i := 1; i <= min(utf8.UTFMax-1, len(b)); i++ {
		if c := b[len(b)-i]; utf8.RuneStart(c) {
			if !utf8.FullRune(b[len(b)-i:]) {
				return b[:len(b)-i]
			}
			break
		}
	}
	return b
}

// field is a header's first value, whatever the case of its name.
func field(h http.Header, name string) string {
	for n, values := range h {
		if strings.EqualFold(n, name) && len(values) > 0 {
			return values[0]
		}
	}
	return ""
}

// fields are the headers in the order of their names.
func fields(h http.Header) (out [][2]string) {
	for name, values := range h {
		for _, v := range values {
			out = append(out, [2]string{name, v})
		}
	}
	slices.SortStableFunc(out, func(a, b [2]string) int { return strings.Compare(strings.ToLower(a[0]), strings.ToLower(b[0])) })
	return out
}
