package compose

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// request is what a curl command asks for.
type request struct {
	url     string
	query   bool // -G: the data goes into the query
	headers []jsField
	body    string
	has     bool // a body was given, perhaps an empty one
	json    bool // it was given as JSON
}

// valued are the long options of curl that take a value and say nothing about the
// message; valuedShort are the letters that do.
var valued = []string{
	"--request", "--output", "--user", "--user-agent", "--cookie", "--cookie-jar", "--referer", "--max-time", "--connect-timeout",
	"--write-out", "--proxy", "--proxy-user", "--retry", "--retry-delay", "--retry-max-time", "--cert", "--key", "--cacert", "--resolve",
	"--max-redirs", "--limit-rate", "--interface", "--dump-header", "--config", "--oauth2-bearer", "--range", "--ciphers", "--trace",
}

const valuedShort = "AbcCDeEhKmoPQrtTuUwxXyYz"

// curlStart finds the command: after a prompt, a comment, variables that are set for
// it, or a command that it reads from.
var curlStart = regexp.MustCompile(`(?m)^[ \t]*(?:[$%>#]\s+)?(?:[^\n|'"]*\|\s*)?(?:\w+=\S*\s+)*(curl)(?:\.exe)?\s`)

func parseCurl(s string, e Env) (d Draft, open []string, err error) {
	c, err := shellCommand(s)
	if err != nil {
		return d, nil, err
	}
	r, err := curlRequest(c)
	if err != nil {
		return d, nil, err
	}
	return r.draft(e)
}

// curlRequest reads the options.
func curlRequest(c command) (r request, err error) {
	var parts []string
	data := func(option, v string) error {
		r.has = true
		if option != "--data-raw" && strings.HasPrefix(v, "@") && option != "--data-urlencode" {
			switch {
			case v == "@-" && c.piped:
				v = c.input
			case v == "@-":
				return fmt.Errorf("the body comes from another command: paste what that gives in place of @-")
			default:
				return fmt.Errorf("the body is in the file %s, which is not read here: paste its contents in place of @%s", brief(v[1:]), brief(v[1:]))
			}
		}
		if option == "--data-urlencode" {
			if i := strings.IndexAny(v, "=@"); i >= 0 && v[i] == '@' {
				return fmt.Errorf("the body is in the file %s, which is not read here: paste its contents instead", brief(v[i+1:]))
			}
			name, content, ok := strings.Cut(v, "=")
			if v = url.QueryEscape(content); !ok {
				v = url.QueryEscape(name)
			} else if name != "" {
				v = name + "=" + v
			}
		}
		parts = append(parts, v)
		return nil
	}
	for i := 1; i < len(c.words) && err == nil; i++ {
		w := c.words[i]
		next := func() string {
			if i+1 < len(c.words) {
				i++
				return c.words[i]
			}
			return ""
		}
		switch {
		case w == "curl": // another command
			i = len(c.words)
		case strings.HasPrefix(w, "--"):
			name, value, joined := strings.Cut(w, "=")
			arg := func() string {
				if joined {
					return value
				}
				return next()
			}
			switch {
			case name == "--json":
				r.json = true
				err = data(name, arg())
			case strings.HasPrefix(name, "--data"):
				err = data(name, arg())
			case name == "--form" || name == "--form-string":
				err = errForm
			case name == "--header":
				r.header(arg())
			case name == "--get":
				r.query = true
			case name == "--url":
				r.url = arg()
			case slices.Contains(valued, name):
				arg()
			}
		case len(w) > 1 && w[0] == '-': // -X POST, -XPOST, -sSX POST
			for k := 1; k < len(w) && err == nil; k++ {
				arg := func() string {
					v := strings.TrimPrefix(w[k+1:], "=")
					if k = len(w); v == "" {
						v = next()
					}
					return v
				}
				switch o := w[k]; {
				case o == 'd':
					err = data("--data", arg())
				case o == 'H':
					r.header(arg())
				case o == 'G':
					r.query = true
				case o == 'F':
					err = errForm
				case strings.IndexByte(valuedShort, o) >= 0:
					arg()
				}
			}
		case r.url == "":
			r.url = w
		}
	}
	sep := "&"
	if r.json {
		sep = ""
	}
	r.body = strings.Join(parts, sep)
	if c.piped && !r.has {
		r.body, r.has = c.input, true
	}
	return r, err
}

var errForm = fmt.Errorf("the command sends a form of several parts (-F), which no process reads: send JSON with --data '{ … }'")

// header takes a header over that may be a tag: nodes read those of a message there.
func (r *request) header(s string) {
	name, value, ok := strings.Cut(s, ":")
	name, value = strings.TrimSpace(name), strings.TrimSpace(value)
	if !ok || name == "" || notTags.MatchString(name) {
		return
	}
	r.headers = append(r.headers, jsField{name, value})
}

// notTags are headers of HTTP, of browsers and of signatures.
var notTags = regexp.MustCompile(`(?i)^(accept.*|access-control-.*|ao-types|authorization|cache-control|codec-.*|connection|content-.*|cookie|date|dnt|expect|host|if-.*|origin|pragma|priority|proxy-.*|range|referer|sec-.*|signature.*|te|transfer-encoding|upgrade.*|user-agent|via|x-forwarded-.*|x-requested-with)$`)

// asked are parts of a query that say how to answer, and are no tags.
var asked = []string{"process-id", "bundle", "require-codec", "accept-bundle", "accept"}

// pairs reads a=1&b=2, as queries and forms have it; known leaves out what is asked of
// the node.
func pairs(s string, known bool) (out []jsField, ok bool) {
	for _, part := range strings.FieldsFunc(s, func(r rune) bool { return r == '&' }) {
		name, value, has := strings.Cut(part, "=")
		name, typed, isTyped := strings.Cut(name, "+") // Quantity+integer=5
		if isTyped && !wordOnly.MatchString(typed) {
			name += "+" + typed
		}
		n, err := url.QueryUnescape(name)
		v, err2 := url.QueryUnescape(value)
		if err != nil || err2 != nil || n == "" || strings.ContainsAny(n, " \t\n{}[]\"'") {
			return nil, false
		}
		if known && (!has || slices.Contains(asked, strings.ToLower(n))) {
			continue
		}
		if !has {
			return nil, false
		}
		out = append(out, jsField{n, v})
	}
	return out, len(out) > 0
}

var (
	wordOnly = regexp.MustCompile(`^\w+$`)
	reads    = regexp.MustCompile(`~process@1\.0/(?:now|compute|latest|slot|schedule)\b`)
)

// draft makes a message of the request: of its body if that is JSON, of its query,
// its headers, or a form; another text is the message's Data.
func (r *request) draft(e Env) (d Draft, open []string, err error) {
	path, query, _ := strings.Cut(r.url, "?")
	if r.query && r.has {
		query, r.body, r.has = strings.Trim(query+"&"+r.body, "&"), "", false
	}
	extra, _ := pairs(query, true)
	extra = append(extra, r.headers...)
	var obj jsObject
	switch body := strings.TrimSpace(r.body); {
	case body == "" && reads.MatchString(path) && !slices.ContainsFunc(extra, func(f jsField) bool { return strings.EqualFold(f.name, "action") }):
		return d, nil, fmt.Errorf("this command reads from a process and sends it no message: look for the key in the cache tree")
	case body == "" && len(extra) == 0:
		return d, nil, fmt.Errorf("the curl command has no body: expected --data '{ … }' with the message")
	case body == "":
	case r.json || body[0] == '{' || body[0] == '[' || body[0] == '"':
		p := &jsParser{s: body}
		v, err := p.value(0)
		if err == nil && p.peek() != 0 {
			err = fmt.Errorf("after it comes %q", rest(p.s[p.i:]))
		}
		if err != nil && len(extra) == 0 {
			return d, nil, fmt.Errorf("the body is not JSON: %w", err)
		}
		o, ok := v.(jsObject)
		switch {
		case ok && err == nil:
			obj = o
		case len(extra) == 0:
			return d, nil, fmt.Errorf("the body is not a JSON object")
		default:
			obj = jsObject{{"Data", r.body}}
		}
	default:
		form, ok := pairs(body, false)
		switch {
		case ok && len(r.headers) == 0:
			obj = form
		case len(extra) > 0:
			obj = jsObject{{"Data", r.body}}
		default:
			return d, nil, fmt.Errorf("the body is not JSON: expected --data '{ … }' with the message")
		}
	}
	if d, open, err = fromObject(append(obj, extra...), e); err == nil {
		d.aim(r.url, e)
	}
	return d, open, err
}

// aim takes the process in a URL for the target, if the message names none.
func (d *Draft) aim(url string, e Env) {
	if m := pidInURL.FindStringSubmatch(url); d.Target == "" && m != nil && m[1] != e.Process {
		d.Target = e.name(m[1])
	}
}
