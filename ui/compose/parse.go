package compose

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"patchbay/engine/ao"
)

// Parse reads a message that another tool wrote: a curl command, a call of
// aoconnect's message or dryrun, a Lua-free JSON or JavaScript object. What it
// cannot read it refuses with a sentence; it never guesses at half a message.
func Parse(text string, e Env) (Draft, error) {
	t := strings.TrimSpace(text)
	switch {
	case t == "":
		return Draft{}, fmt.Errorf("there is nothing to import: paste a curl command, an aoconnect snippet or JSON")
	case strings.HasPrefix(t, "curl ") || strings.HasPrefix(t, "curl\t"):
		return parseCurl(t, e)
	}
	i := callStart.FindStringIndex(t)
	at := 0
	if i != nil {
		at = i[1] - 1
	} else if at = strings.IndexByte(t, '{'); at < 0 {
		return Draft{}, fmt.Errorf("this is neither a curl command nor an aoconnect call nor JSON: it has no { … }")
	}
	p := &jsParser{s: t, i: at}
	v, err := p.value(0)
	if err != nil {
		line := 1 + strings.Count(t[:min(p.i, len(t))], "\n")
		return Draft{}, fmt.Errorf("line %d: %w", line, err)
	}
	obj, ok := v.(jsObject)
	if !ok {
		return Draft{}, fmt.Errorf("a message is an object { … }")
	}
	return fromObject(obj, e)
}

var callStart = regexp.MustCompile(`(?:message|dryrun|dryRun|request)\s*\(\s*\{`)

func fromObject(o jsObject, e Env) (Draft, error) {
	var d Draft
	for _, f := range o {
		switch strings.ToLower(f.name) {
		case "from", "owner":
			d.From = e.name(text(f.value))
		case "target", "process":
			if id := text(f.value); id != e.Process {
				d.Target = e.name(id)
			}
		case "action":
			d.Action = text(f.value)
		case "data":
			d.Data = text(f.value)
		case "tags":
			if err := d.addTags(f.value, e); err != nil {
				return d, err
			}
		case "signer", "anchor", "id", "timestamp", "device", "method", "path", "type", "variant", "data-protocol", "signature", "block-height":
			// not the author's to say
		default:
			switch f.value.(type) {
			case string, float64, bool:
				d.Tags = append(d.Tags, ao.Tag{Name: f.name, Value: e.name(text(f.value))})
			}
		}
	}
	if d.Action == "" && len(d.Tags) == 0 && d.Data == "" {
		return d, fmt.Errorf("the object has no Action, no Tags and no Data: it is not a message")
	}
	return d, nil
}

func (d *Draft) addTags(v any, e Env) error {
	add := func(name, value string) {
		if name == "Action" {
			d.Action = value
		} else {
			d.Tags = append(d.Tags, ao.Tag{Name: name, Value: e.name(value)})
		}
	}
	switch v := v.(type) {
	case jsObject:
		for _, f := range v {
			add(f.name, text(f.value))
		}
	case []any:
		for _, x := range v {
			o, ok := x.(jsObject)
			if !ok {
				return fmt.Errorf("tags is a list of { name, value }")
			}
			var name, value string
			for _, f := range o {
				switch f.name {
				case "name":
					name = text(f.value)
				case "value":
					value = text(f.value)
				}
			}
			if name == "" {
				return fmt.Errorf("a tag has no name")
			}
			add(name, value)
		}
	}
	return nil
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

func parseCurl(s string, e Env) (Draft, error) {
	args, err := shellWords(s)
	if err != nil {
		return Draft{}, err
	}
	var body, url string
	for i := 1; i < len(args); i++ {
		a := args[i]
		name, value, joined := strings.Cut(a, "=")
		switch name {
		case "-d", "--data", "--data-raw", "--data-binary", "--data-ascii", "--json":
			if !joined && i+1 < len(args) {
				i++
				value = args[i]
			}
			body = value
		case "-X", "--request", "-H", "--header", "-o", "--output", "-u", "--user":
			if !joined {
				i++
			}
		default:
			if !strings.HasPrefix(a, "-") {
				url = a
			}
		}
	}
	if body == "" {
		return Draft{}, fmt.Errorf("the curl command has no body: expected --data '{ … }' with the message")
	}
	if strings.HasPrefix(body, "@") {
		return Draft{}, fmt.Errorf("the body is in the file %s: paste its contents instead", body[1:])
	}
	p := &jsParser{s: strings.TrimSpace(body)}
	v, err := p.value(0)
	if err != nil {
		return Draft{}, fmt.Errorf("the body is not JSON: %w", err)
	}
	obj, ok := v.(jsObject)
	if !ok {
		return Draft{}, fmt.Errorf("the body is not a JSON object")
	}
	d, err := fromObject(obj, e)
	if m := pidInURL.FindStringSubmatch(url); err == nil && d.Target == "" && m != nil && m[1] != e.Process {
		d.Target = e.name(m[1])
	}
	return d, err
}

var pidInURL = regexp.MustCompile(`/([A-Za-z0-9_-]{43})(?:~process@1\.0)?`)

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
				if s[i] != '\n' {
					word.WriteByte(s[i])
					in = true
				}
			}
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
