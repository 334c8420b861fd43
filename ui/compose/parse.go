package compose

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"patchbay/engine/ao"
)

// Parse reads a message that another tool wrote: a curl command, a call of
// aoconnect's message, dryrun or request, a fetch, or a JSON or JavaScript object.
// What it cannot read it refuses with a sentence; it never guesses at half a message.
func Parse(text string, e Env) (Draft, error) {
	d, _, err := parse(text, e)
	return d, err
}

// maxImport is how much text is looked at, in bytes.
const maxImport = 16 << 20

// parse is Parse that also lists the fields whose values the snippet computes and
// that are left empty.
func parse(text string, e Env) (d Draft, open []string, err error) {
	t := strings.TrimSpace(strings.TrimPrefix(text, "\ufeff"))
	t = strings.TrimSpace(strings.TrimPrefix(t, "$ "))
	switch {
	case t == "":
		return d, nil, fmt.Errorf("there is nothing to import: paste a curl command, an aoconnect snippet or JSON")
	case len(t) > maxImport:
		return d, nil, fmt.Errorf("the text is %s long; at most %s can be imported", bytesWord(len(t)), bytesWord(maxImport))
	case !utf8.ValidString(t):
		return d, nil, fmt.Errorf("the text is no UTF-8, so it is neither a curl command nor an aoconnect snippet nor JSON")
	case isCurl.MatchString(t):
		return parseCurl(t, e)
	}
	p := &jsParser{s: t}
	p.constants()
	switch i := callStart.FindStringSubmatchIndex(t); {
	case t[0] == '{':
	case i != nil:
		p.i = i[1] - 1
	default:
		if m := fetchStart.FindStringIndex(t); m != nil {
			return p.fetch(m[1], e)
		}
		if p.i = strings.IndexByte(t, '{'); p.i < 0 {
			return d, nil, fmt.Errorf("this is neither a curl command nor an aoconnect call nor JSON: it has no { … }")
		}
	}
	v, err := p.value(0)
	if err != nil {
		line := 1 + strings.Count(t[:min(p.i, len(t))], "\n")
		return d, nil, fmt.Errorf("line %d: %w", line, err)
	}
	obj, ok := v.(jsObject)
	if !ok {
		return d, nil, fmt.Errorf("a message is an object { … }")
	}
	return fromObject(obj, e)
}

var (
	isCurl     = regexp.MustCompile(`^curl(\.exe)?\s`)
	callStart  = regexp.MustCompile(`(?:message|dryrun|dryRun|request)\s*\(\s*\{`)
	fetchStart = regexp.MustCompile(`\bfetch\s*\(\s*`)
)

// fetch reads fetch(url, { body: … }).
func (p *jsParser) fetch(at int, e Env) (d Draft, open []string, err error) {
	p.i = at
	url, err := p.value(0)
	if err == nil {
		err = p.comma(')')
	}
	if err != nil {
		return d, nil, fmt.Errorf("the call of fetch cannot be read: %w", err)
	}
	v, err := p.value(0)
	obj, ok := v.(jsObject)
	if err != nil || !ok {
		return d, nil, fmt.Errorf("the call of fetch has no body: expected fetch(url, { method: 'POST', body: … })")
	}
	for _, f := range obj {
		if f.name != "body" {
			continue
		}
		body, ok := f.value.(string)
		if !ok {
			return d, nil, fmt.Errorf("the body of fetch is computed: paste what it gives as JSON")
		}
		return fromBody(body, text(url), e)
	}
	return d, nil, fmt.Errorf("the call of fetch has no body")
}

// fromBody reads the body of a request, a JSON object, and the process in its URL.
func fromBody(body, url string, e Env) (d Draft, open []string, err error) {
	p := &jsParser{s: strings.TrimSpace(body)}
	v, err := p.value(0)
	if err != nil {
		return d, nil, fmt.Errorf("the body is not JSON: %w", err)
	}
	obj, ok := v.(jsObject)
	if !ok {
		return d, nil, fmt.Errorf("the body is not a JSON object")
	}
	d, open, err = fromObject(obj, e)
	if m := pidInURL.FindStringSubmatch(url); err == nil && d.Target == "" && m != nil && m[1] != e.Process {
		d.Target = e.name(m[1])
	}
	return d, open, err
}

// notOurs are fields of messages and of calls that are not the author's to say.
var notOurs = []string{
	"signer", "anchor", "id", "timestamp", "device", "method", "type", "variant", "data-protocol",
	"signature", "block-height", "signing-format", "accept-bundle", "accept-codec", "cron", "epoch", "nonce",
}

// fromObject makes a draft of the object of a message; open lists the fields whose
// values are computed.
func fromObject(o jsObject, e Env) (d Draft, open []string, err error) {
	get := func(name string, v any) string {
		if x, computed := v.(unknown); computed {
			open = append(open, name+" ("+brief(x.expr)+")")
		}
		return Escape(text(v))
	}
	for _, f := range o {
		switch field := strings.ToLower(f.name); {
		case field == "from" || field == "owner":
			if s, ok := f.value.(string); ok {
				d.From = e.name(s)
			}
		case field == "target" || field == "process":
			if id, ok := f.value.(string); ok && id != e.Process {
				d.Target = e.name(id)
			}
		case field == "path":
			if s, ok := f.value.(string); ok {
				if m := pidInURL.FindStringSubmatch("/" + s); m != nil && m[1] != e.Process && d.Target == "" {
					d.Target = e.name(m[1])
				}
			}
		case field == "action":
			d.Action = get("Action", f.value)
		case field == "data":
			switch v := f.value.(type) {
			case jsObject, []any: // a body with JSON in it
				b, err := appendJS(nil, v)
				if err != nil {
					return d, nil, fmt.Errorf("data cannot be read: %w", err)
				}
				d.Data = Escape(string(b))
			default:
				d.Data = get("Data", f.value)
			}
		case field == "tags":
			if open, err = d.addTags(f.value, e, open); err != nil {
				return d, nil, err
			}
		case slices.Contains(notOurs, field):
		default:
			switch f.value.(type) {
			case string, float64, bool, unknown:
				d.Tags = append(d.Tags, ao.Tag{Name: f.name, Value: e.name(get(f.name, f.value))})
			}
		}
	}
	if d.Action == "" && len(d.Tags) == 0 && d.Data == "" && len(open) == 0 {
		return d, nil, fmt.Errorf("the object has no Action, no Tags and no Data: it is not a message")
	}
	return d, open, nil
}

func (d *Draft) addTags(v any, e Env, open []string) ([]string, error) {
	add := func(name string, v any) {
		if x, computed := v.(unknown); computed {
			open = append(open, name+" ("+brief(x.expr)+")")
		}
		value := Escape(text(v))
		if name == "Action" && d.Action == "" {
			d.Action = value
		} else {
			d.Tags = append(d.Tags, ao.Tag{Name: name, Value: e.name(value)})
		}
	}
	switch v := v.(type) {
	case jsObject:
		for _, f := range v {
			add(f.name, f.value)
		}
	case []any:
		for _, x := range v {
			o, ok := x.(jsObject)
			if !ok {
				return open, fmt.Errorf("tags is a list of { name, value }")
			}
			var name string
			var value any
			for _, f := range o {
				switch f.name {
				case "name":
					name = text(f.value)
				case "value":
					value = f.value
				}
			}
			if name == "" {
				return open, fmt.Errorf("a tag has no name")
			}
			add(name, value)
		}
	case unknown:
		open = append(open, "the tags ("+brief(v.expr)+")")
	default:
		return open, fmt.Errorf("tags is a list of { name, value }")
	}
	return open, nil
}

// name is the account's name of an address, or the text as it is.
func (e *Env) name(s string) string {
	if len(s) == 43 {
		for _, a := range e.Accounts {
			if a.Address == s {
				return a.Name
			}
		}
	}
	return s
}

func text(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case bool:
		return strconv.FormatBool(v)
	}
	return ""
}

// valued are the options of curl that take a value and say nothing about the message.
var valued = []string{
	"-X", "--request", "-H", "--header", "-o", "--output", "-u", "--user", "-A", "--user-agent", "-b", "--cookie", "-e", "--referer",
	"-m", "--max-time", "--connect-timeout", "-w", "--write-out", "-x", "--proxy", "--retry", "-F", "--form", "-T", "--upload-file",
}

func parseCurl(s string, e Env) (d Draft, open []string, err error) {
	args, err := shellWords(s)
	if err != nil {
		return d, nil, err
	}
	var body []string
	var url string
	for i := 1; i < len(args); i++ {
		name, value, joined := strings.Cut(args[i], "=")
		if short := args[i]; len(short) > 2 && short[0] == '-' && short[1] != '-' { // -XPOST, -d{…}
			name, value, joined = short[:2], short[2:], true
		}
		next := func() string {
			if !joined && i+1 < len(args) {
				i++
				return args[i]
			}
			return value
		}
		switch {
		case name == "-d" || name == "--json" || strings.HasPrefix(name, "--data"):
			body = append(body, next())
		case name == "--url":
			url = next()
		case slices.Contains(valued, name):
			next()
		case !strings.HasPrefix(args[i], "-"):
			url = args[i]
		}
	}
	switch {
	case len(body) == 0:
		return d, nil, fmt.Errorf("the curl command has no body: expected --data '{ … }' with the message")
	case strings.HasPrefix(body[0], "@"):
		return d, nil, fmt.Errorf("the body is in the file %s: paste its contents instead", brief(body[0][1:]))
	}
	return fromBody(strings.Join(body, "&"), url, e)
}

var pidInURL = regexp.MustCompile(`(?:/|process-id=)([A-Za-z0-9_-]{43})(?:[~/?&]|$)`)

// shellWords splits a command as a shell would, for quotes and backslashes.
func shellWords(s string) ([]string, error) {
	var out []string
	var word strings.Builder
	in := false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; c {
		case ' ', '\t', '\n', '\r':
			if in {
				out = append(out, word.String())
				word.Reset()
				in = false
			}
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
					return nil, err
				}
				i += n + 1
				in = true
				continue
			}
			word.WriteByte(c)
			in = true
		case '\'':
			end := strings.IndexByte(s[i+1:], '\'')
			if end < 0 {
				return nil, fmt.Errorf("a quote ' is not closed in the command")
			}
			word.WriteString(s[i+1 : i+1+end])
			i += end + 1
			in = true
		case '"':
			in = true
			for i++; ; i++ {
				if i >= len(s) {
					return nil, fmt.Errorf(`a quote " is not closed in the command`)
				}
				if s[i] == '"' {
					break
				}
				if s[i] == '\\' && i+1 < len(s) && strings.IndexByte("\"\\$`", s[i+1]) >= 0 {
					i++
				}
				word.WriteByte(s[i])
			}
		default:
			word.WriteByte(c)
			in = true
		}
	}
	if in {
		out = append(out, word.String())
	}
	return out, nil
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
