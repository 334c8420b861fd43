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
// aoconnect's message, dryrun or request, a fetch, a Send of Lua, or a JSON or
// JavaScript object.
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
		return d, nil, fmt.Errorf("the text is not UTF-8, so it is neither a curl command nor an aoconnect snippet nor JSON")
	}
	literal := t[0] == '{' || t[0] == '['
	call := literal || callStart.MatchString(t) || callNamed.MatchString(t)
	if m := curlStart.FindStringSubmatchIndex(t); m != nil && !literal {
		return parseCurl(t[m[2]:], e)
	}
	p := &jsParser{s: unbound.ReplaceAllStringFunc(t, blank)}
	p.constants()
	if m := fetchStart.FindStringIndex(p.s); m != nil && !call {
		return p.fetch(m[1], e)
	}
	if luaStart.MatchString(t) && !call {
		return parseLua(t, e)
	}
	obj, err := p.message()
	if err != nil {
		return d, nil, err
	}
	return fromObject(obj, e)
}

var (
	callStart  = regexp.MustCompile(`(?:message|dryrun|dryRun|request)\s*\(\s*\{`)
	callNamed  = regexp.MustCompile(`\b(?:message|dryrun|dryRun|request)\s*\(\s*([A-Za-z_$][\w$]*)\s*[,)]`)
	fetchStart = regexp.MustCompile(`\bfetch\s*\(\s*`)
	otherCall  = regexp.MustCompile(`\b(spawn|results?|monitor|unmonitor|assign)\s*\(\s*[{\w]`)
	// unbound are names in braces that are imported, or taken out of an object.
	unbound = regexp.MustCompile(`\b(?:import|const|let|var)\s*(?:[\w$]+\s*,\s*)?\{[^{}]*\}\s*(?:from|=)`)
)

// blank keeps the line ends of a text only, so that places stay where they are.
func blank(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' {
			return r
		}
		return ' '
	}, s)
}

// message finds the object of a message: in a call, by a constant's name, or bare.
func (p *jsParser) message() (jsObject, error) {
	t := p.s
	if trimmed := strings.TrimSpace(t); trimmed != "" && trimmed[0] == '[' {
		v, err := p.value(0)
		if err != nil {
			return nil, p.at(err)
		}
		return jsObject{{"tags", v}}, nil
	}
	switch i := callStart.FindStringIndex(t); {
	case strings.HasPrefix(strings.TrimSpace(t), "{"):
	case i != nil:
		p.i = i[1] - 1
	default:
		if m := callNamed.FindStringSubmatch(t); m != nil {
			if obj, ok := p.vars[m[1]].(jsObject); ok {
				return obj, nil
			}
			return nil, fmt.Errorf("the message is in %s, which is not in the text: paste its { … } as well", brief(m[1]))
		}
		switch m := otherCall.FindStringSubmatch(t); {
		case m == nil:
		case m[1] == "spawn":
			return nil, fmt.Errorf("spawn makes a process and is no message: Process › New process… makes one here")
		default:
			return nil, fmt.Errorf("%s sends no message: import the call of message, dryrun or request", m[1])
		}
		if p.i = strings.IndexByte(t, '{'); p.i < 0 {
			return nil, fmt.Errorf("this is neither a curl command nor an aoconnect call nor JSON nor a Send of Lua: it has no { … }")
		}
	}
	v, err := p.value(0)
	if err != nil {
		return nil, p.at(err)
	}
	obj, ok := v.(jsObject)
	if !ok {
		return nil, fmt.Errorf("a message is an object { … }")
	}
	return obj, nil
}

// at puts the line in front of an error.
func (p *jsParser) at(err error) error {
	return fmt.Errorf("line %d: %w", 1+strings.Count(p.s[:min(p.i, len(p.s))], "\n"), err)
}

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
	if d, open, err = fromObject(obj, e); err == nil {
		d.aim(url, e)
	}
	return d, open, err
}

// notOurs are fields of messages and of calls that are not the author's to say.
var notOurs = []string{
	"signer", "anchor", "id", "timestamp", "device", "method", "type", "variant", "data-protocol",
	"signature", "block-height", "signing-format", "accept-bundle", "accept-codec", "cron", "epoch", "nonce",
}

// anyOwner is whom aoconnect's dryrun names when it is told nobody.
const anyOwner = "1234"

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
			if s, ok := f.value.(string); ok && s != anyOwner {
				d.From = e.name(s)
			}
		case field == spread:
			if x, computed := f.value.(unknown); computed {
				open = append(open, brief(x.expr))
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
			if x, computed := f.value.(unknown); computed && f.name == spread {
				open = append(open, "tags ("+brief(x.expr)+")")
				continue
			}
			add(f.name, f.value)
		}
	case []any:
		for _, x := range v {
			if u, computed := x.(unknown); computed {
				open = append(open, "tags ("+brief(u.expr)+")")
				continue
			}
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

var pidInURL = regexp.MustCompile(`(?:/|process-id=)([A-Za-z0-9_-]{43})(?:[~/?&]|$)`)
