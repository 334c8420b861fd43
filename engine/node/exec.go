package node

import (
	"context"
	"net/http"
	"strings"

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
	// pid and path are what the access log tells: the process that was read, and
	// the keys below now, compute or the like.
	pid  string
	path []string
	lint string
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
	if !x.p.RequireCodec {
		return plain
	}
	want := x.text(-1, "require-codec")
	required := want != ""
	if !required {
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

// bundled says whether nested tables are wanted in the answer itself.
func (x *exec) bundled() bool {
	is := func(v patchdev.Value) bool {
		return v == patchdev.Value(patchdev.String("true")) || v == patchdev.Value(patchdev.Bool(true))
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
