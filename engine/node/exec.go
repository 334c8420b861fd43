package node

import (
	"context"
	"net/http"
	"strings"

	"patchbay/engine/ao"
	"patchbay/patchdev"
)

// exec is one request on its way to an answer. One goroutine uses it.
type exec struct {
	s   *Server
	ctx context.Context
	r   *http.Request
	p   *patchdev.Profile

	steps []step
	query query
	// body is the JSON object that came with the request, merged over everything.
	body *patchdev.Table
	// signed is the signed message that came as the body; notSigned why what claims
	// to be one is none.
	signed    *ao.Message
	notSigned error
	// unsigned: a JSON message without signature was believed.
	unsigned bool
	// pid and path are what the access log tells: the process that was read, and
	// the keys below now, compute or the like.
	pid  string
	path []string
	// slot is what a message was scheduled at, 0 when none was.
	slot int64
	// question: the query began with a question mark that was escaped.
	question bool
	// lint goes out as a header, hint only into the access log.
	lint, hint string
}

// param looks up a key for the i-th step: in the step, in the query, in the
// body, in the headers (spec hyperbeam-http §2.1.7).
func (x *exec) param(i int, key string) (patchdev.Value, bool) {
	if i >= 0 && i < len(x.steps) {
		if v, ok := find(x.steps[i].params, key); ok {
			return v, true
		}
		if v, ok := find(x.query.scoped[i+1], key); ok {
			return v, true
		}
	}
	if v, ok := find(x.query.all, key); ok {
		return v, true
	}
	if x.signed != nil {
		for _, t := range x.signed.Tags {
			if strings.EqualFold(t.Name, key) {
				return patchdev.String(t.Value), true
			}
		}
	}
	if x.body != nil {
		if v, ok := x.body.Get(key); ok {
			return v, true
		}
	}
	return x.header(key)
}

func (x *exec) header(key string) (patchdev.Value, bool) {
	if key == "host" {
		return patchdev.String(x.r.Host), true
	}
	for name, vals := range x.r.Header {
		if len(vals) > 0 && strings.EqualFold(name, key) {
			return patchdev.String(vals[0]), true
		}
	}
	return nil, false
}

// text is a parameter as text, "" when there is none.
func (x *exec) text(i int, key string) string {
	v, ok := x.param(i, key)
	if !ok {
		return ""
	}
	switch v := v.(type) {
	case patchdev.String:
		return string(v)
	case patchdev.Bool, patchdev.Int, patchdev.Float:
		return string(patchdev.AppendJSON(nil, v, patchdev.JSONOptions{}))
	}
	return ""
}

// codec is the form in which a client wants its answer.
type codec uint8

const (
	plain codec = iota // headers, multipart or the bare value
	asJSON
	unsupported // a codec whose answers break on a real node, or no codec at all
)

// codec reads which form is asked for (spec hyperbeam-http §6.1). Only September
// 2025 and later know require-codec; Accept counts when the whole of it names
// one application type.
func (x *exec) codec() codec {
	if x.unsigned {
		return asJSON // who sends JSON is answered JSON
	}
	if !x.p.RequireCodec {
		return plain // and oldCodec says what fails
	}
	var want string
	switch {
	case x.signed != nil:
		// With a signed body only its own tags count, the query does not
		// (hyperbeam-2025-09 §2).
		for _, t := range x.signed.Tags {
			if strings.EqualFold(t.Name, "require-codec") {
				want = t.Value
			}
		}
	case x.nobody():
		return asJSON
	default:
		want = x.text(-1, "require-codec")
	}
	required := want != ""
	if !required && x.signed == nil {
		want = x.text(-1, "accept")
	}
	name, isType := strings.CutPrefix(want, "application/")
	device, isDevice := strings.CutPrefix(want, "device/")
	switch {
	case isType:
		switch name {
		case "json":
			return asJSON
		case "ans104", "structured", "flat", "lua":
			return unsupported
		}
		return plain
	case !required:
		return plain
	case isDevice:
		want = device
	}
	switch {
	case want == "json@1.0":
		return asJSON
	case want == "httpsig@1.0" || !strings.Contains(want, "@"):
		return plain
	}
	return unsupported
}

// oldCodec says why nodes before September 2025 fail on what the request accepts,
// "" when they do not. Where they hang up instead the answer here is the plain one.
func (x *exec) oldCodec() string {
	if x.p.RequireCodec {
		return ""
	}
	accept := strings.TrimPrefix(x.r.Header.Get("Accept"), "application/")
	if x.p.IndexPage && len(accept) < len(x.r.Header.Get("Accept")) && patchdev.KnownDevice(accept+"@1.0") {
		return "this generation fails on Accept: application/" + accept + "; ask for /serialize~json@1.0"
	}
	if c := x.r.Header.Get("Accept-Codec"); strings.Contains(c, "@") && !patchdev.KnownDevice(c) {
		return "accept-codec names a device that no node knows"
	}
	return ""
}

// nobody says whether the request came from a client without signer, whose
// tags, which would ask for JSON, are lost: results are JSON then (spec
// hyperbeam-http §9.1.5). A bare slot number stays text.
func (x *exec) nobody() bool {
	return x.notSigned != nil && string(x.s.bodyOf(x.r)) == "[object Object]" && len(x.steps) > 0 && x.steps[len(x.steps)-1].name != "current"
}

// bundled says whether nested tables are wanted in the answer itself.
func (x *exec) bundled() bool {
	is := func(v patchdev.Value) bool {
		return v == patchdev.Value(patchdev.String("true")) || v == patchdev.Value(patchdev.Bool(true))
	}
	if x.nobody() || x.unsigned {
		return true
	}
	if x.p.QueryBundle {
		v, ok := x.param(-1, "accept-bundle")
		return ok && is(v)
	}
	v, ok := x.header("accept-bundle")
	return ok && is(v)
}

// browser says whether the client shows pages: its Accept names text/html first.
func (x *exec) browser() bool {
	return strings.HasPrefix(x.r.Header.Get("Accept"), "text/html")
}

// requestKeys are the keys of the request itself, which some answers of a real
// node carry along (spec hyperbeam-http §6.5).
func (x *exec) requestKeys() *patchdev.Table {
	b := patchdev.EmptyTable().Edit()
	b.Set("host", patchdev.String(x.r.Host))
	b.Set("method", patchdev.String(x.r.Method))
	if x.p.IndexPage {
		b.Set("accept-bundle", patchdev.Bool(false))
	}
	if x.p.RequireCodec {
		b.Set("accept", patchdev.String("*/*"))
		for name, vals := range x.r.Header {
			switch name = strings.ToLower(name); name {
			case "connection", "content-length", "accept-encoding", "user-agent", "cookie", "origin", "referer", "authorization":
				// What frames the connection, and what speaks of the user.
			default:
				if len(vals) > 0 && !strings.HasPrefix(name, "sec-") {
					b.Set(name, patchdev.String(vals[0]))
				}
			}
		}
		for _, p := range x.query.all {
			b.Set(p.key, p.val)
		}
	} else if x.p.IndexPage {
		b.Set("body", patchdev.String(""))
	}
	return b.Table()
}
