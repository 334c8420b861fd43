package node

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"patchbay/patchdev"
)

// respond turns what the steps led to into an answer.
func (x *exec) respond(a at) (*answer, error) {
	c := x.codec()
	if c == unsupported {
		return nil, &failure{kind: silent, status: 500, reason: "there is no such codec: ask for application/json"}
	}
	if a.ready != nil && (c != asJSON || x.unsigned) {
		return x.raw(a.ready), nil
	}
	if a.empty {
		a = at{v: patchdev.EmptyTable()}
	}
	_, isTable := a.v.(*patchdev.Table)
	_, isList := a.v.(*patchdev.List)
	leaf := a.ready == nil && a.proc == nil && !isTable && !isList
	switch {
	case isList && c == asJSON:
		x.hint = listLint
	case c == plain && x.hint == "" && a.ready == nil && acceptsJSONAmong(x.r.Header.Get("Accept")):
		x.hint = acceptLint
	}
	if leaf && c == plain {
		return x.leaf(a.v)
	}
	t, err := x.whole(a)
	if err != nil {
		return nil, err
	}
	if a.proc != nil && a.proc.slot >= 0 && !x.p.RequireCodec && x.r.Header.Get("Accept") == "application/json" {
		return nil, crash(snapshotBytes)
	}
	if why := unreadable(t, x.p); why != "" && a.proc == nil {
		return nil, crash(why)
	}
	if why := x.unsendable(t, c); why != "" {
		return nil, crash(why)
	}
	status, err := x.statusOf(t)
	if err != nil {
		return nil, err
	}
	if c == asJSON {
		return x.jsonAnswer(t, status, leaf), nil
	}
	return x.plainAnswer(a, t, status), nil
}

// acceptsJSONAmong says whether an Accept header names JSON and other types, as
// that of axios does.
func acceptsJSONAmong(accept string) bool {
	return len(accept) > len("application/json") && strings.Contains(accept, "application/json")
}

// longFloat is how long a float may be as a header of a JSON answer.
const longFloat = 255

// unsendable says why a node of this generation cannot send a table in this
// form.
func (x *exec) unsendable(t *patchdev.Table, c codec) string {
	if _, ok := t.Get("set-cookie"); ok && c == plain && x.p.RequireCodec {
		return "the table has a key set-cookie, which the node takes for a cookie it cannot read: name the key otherwise"
	}
	if c == asJSON {
		for k, v := range t.All() {
			if v.Kind() != patchdev.KindFloat || k == "body" || k == "data" {
				continue
			}
			if text, _ := jsonHeader(v); len(text) > longFloat {
				return fmt.Sprintf("%s is a number of more than %d digits, which the node cannot write as a header (float_to_binary, badarg); ask for /serialize~json@1.0", k, longFloat)
			}
		}
	}
	if c == asJSON && !patchdev.ValidText(t) {
		return "a string in the table is not UTF-8, which JSON cannot carry ({invalid_byte,…}): encode bytes as base64 or hex"
	}
	return ""
}

// raw sends a body that a device encoded already.
func (x *exec) raw(r *ready) *answer {
	out := &answer{status: 200, contentType: r.contentType, body: r.body}
	out.add("ao-types", `status="integer"`)
	out.add("status", "200")
	return out
}

// leaf sends a scalar: the bare value, without content type (spec
// hyperbeam-http §5.1).
func (x *exec) leaf(v patchdev.Value) (*answer, error) {
	out := &answer{status: 200}
	types := `status="integer"`
	switch v := v.(type) {
	case patchdev.String:
		out.body = []byte(v)
		if v == "" {
			if x.p.IndexPage && !x.bundled() {
				out.contentType = "text/html"
				out.body = x.page(at{v: v}, patchdev.NewTable("body", ""))
			} else if !x.p.IndexPage {
				types = `body="empty-binary", ` + types
			}
		}
	case patchdev.Int:
		out.body = strconv.AppendInt(nil, int64(v), 10)
		types = `body="integer", ` + types
	case patchdev.Float:
		out.body = []byte(floatText(float64(v)))
		types = `body="float", ` + types
	case patchdev.Bool, patchdev.Atom:
		if x.p.BooleanLeaf500 {
			return nil, crash("nodes of 2025 up to June cannot answer a boolean that is asked for directly: it is in the parent and in the JSON; or patch a string")
		}
		c := patchdev.Codec{}
		out.body = []byte(strings.Trim(string(c.AppendValue(nil, v)), `"`))
		types = `body="atom", ` + types
	}
	out.add("ao-result", "body")
	out.add("ao-types", types)
	out.add("status", "200")
	return out, nil
}

// statusOf reads the status of an answer: a member `status` of the table sets
// it (spec hyperbeam-http §5.2), within what HTTP allows (DESIGN S19).
func (x *exec) statusOf(t *patchdev.Table) (int, error) {
	v, ok := t.Get("status")
	if !ok {
		return 200, nil
	}
	n, number := slotNumber(v)
	switch {
	case !number && !x.p.RequireCodec:
		return 0, crash("the table has a key status that is no number, which this generation cannot answer: name the key otherwise")
	case !number || n < 200 || n > 599 || n == 204 || n == 205 || n == 304:
		return 200, nil
	}
	return int(n), nil
}

// maxRepeated is how many bytes of scalars are repeated as headers of a JSON
// answer. A node repeats all of them, but no client takes more than this.
const maxRepeated = 64 << 10

// jsonAnswer is the answer to require-codec (spec hyperbeam-http §6.2): the table
// with its status, scalars repeated as headers.
func (x *exec) jsonAnswer(t *patchdev.Table, status int, leaf bool) *answer {
	out := &answer{status: status, contentType: "application/json"}
	out.add("codec-device", "json@1.0")
	t = t.Set("status", patchdev.Int(status))
	room := maxRepeated
	for k, v := range t.All() {
		if room <= 0 {
			break
		}
		if k == "body" || k == "data" || k == "content-type" || k == "status" || k == "codec-device" {
			continue
		}
		text, ok := jsonHeader(v)
		if ok && safeName(k) && safeValue(text) && !patchdev.Framing(k) && k != "ao-types" {
			out.add(k, text)
			room -= len(k) + len(text) + 4
		}
	}
	out.add("status", strconv.Itoa(status))
	if leaf {
		// The wrapper of a leaf is made for this answer and not worth remembering.
		c := patchdev.Codec{OnLink: x.linked}
		out.body = c.AppendTable(nil, t, "")
		return out
	}
	c := patchdev.Codec{Links: !x.bundled(), OnLink: x.linked}
	out.body = c.AppendTable(nil, t, "")
	return out
}

// jsonHeader is a scalar as the headers of a JSON answer repeat it.
func jsonHeader(v patchdev.Value) (string, bool) {
	switch v := v.(type) {
	case patchdev.String:
		return string(v), true
	case *patchdev.Table, *patchdev.List:
		return "", false
	case patchdev.Float:
		// Ten decimals, without the zeros at the end but one digit.
		s := strings.TrimRight(strconv.FormatFloat(float64(v), 'f', 10, 64), "0")
		if strings.HasSuffix(s, ".") {
			s += "0"
		}
		return s, true
	default:
		c := patchdev.Codec{}
		return strings.Trim(string(c.AppendValue(nil, v)), `"`), true
	}
}

// plainAnswer is a table without codec.
func (x *exec) plainAnswer(a at, t *patchdev.Table, status int) *answer {
	e := &encoder{p: x.p, bundle: x.bundled(), onLink: x.s.links.add, room: maxHeaderBytes}
	e.members(t)
	out := &answer{status: status}
	if len(e.ids) > 0 {
		e.headers = append(e.headers, header{"ao-ids", strings.Join(e.ids, ", ")})
	}
	e.types = append(e.types, `status="integer"`)
	slices.Sort(e.types)
	out.headers = e.headers
	out.add("ao-types", strings.Join(slices.Compact(e.types), ", "))
	out.add("status", strconv.Itoa(status))
	if e.bodyKey != "" {
		out.add(x.p.InlineBodyKey, e.bodyKey)
	}
	if v, ok := t.Get("content-type"); ok {
		if s, ok := v.(patchdev.String); ok && safeValue(string(s)) {
			out.contentType = string(s)
		}
	}
	switch {
	case len(e.parts) > 0:
		body, boundary := e.multipart()
		if !x.p.IndexPage {
			out.add("body-keys", bodyKeys(e))
		}
		out.contentType = `multipart/form-data; boundary="` + boundary + `"`
		out.body = body
	case e.hasBody:
		out.body = e.body
	case x.p.IndexPage && out.contentType == "" && !x.bundled():
		out.contentType = "text/html"
		out.body = x.page(a, t)
	}
	return out
}

// bodyKeys names the parts, as May 2025 does.
func bodyKeys(e *encoder) string {
	names := make([]string, 0, len(e.parts)+1)
	for _, p := range e.parts {
		names = append(names, `"`+escapePart(p.name)+`"`)
	}
	if e.hasBody {
		names = append(names, `"body"`)
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}

// fail is the answer to a request that failed (spec hyperbeam-http §14). The
// status is what a real node of this generation sends; the reason is ours.
func (x *exec) fail(err error) *answer {
	f := asFailure(err)
	kind, status := f.kind, f.status
	if kind == noProcess {
		switch {
		case x.p.RequireCodec:
			kind, status = crashed, 500
		case len(x.steps) == 1 && x.steps[0].device == "":
			kind = notFound
		}
	}
	c := x.codec()
	out := &answer{status: status, reason: f.reason}
	out.add("patchbay-reason", headerText(f.reason))
	switch kind {
	case silent:
		out.bare = true
		return out
	case notFound, noProcess:
		return x.failMissing(out, kind, c, f)
	case tooFar:
		if f.fields == nil || c != asJSON && x.p.HTMLNotFound && !x.bundled() {
			return x.failMissing(out, notFound, c, f)
		}
		return x.failFields(out, c, f)
	case message:
		return x.failFields(out, c, f)
	}
	return x.failCrash(out, c, f)
}

func (x *exec) failMissing(out *answer, kind failKind, c codec, f *failure) *answer {
	page := x.p.HTMLNotFound && (x.serializes() || !x.bundled())
	switch {
	case c == asJSON:
		t := patchdev.NewTable("ao-result", "body", "body", patchdev.Atom("not_found"), "status", 404)
		if len(x.steps) == 1 && isID(x.steps[0].name) && x.steps[0].device == "" {
			t = t.Delete("ao-result")
		} else {
			out.add("ao-result", "body")
		}
		out.add("codec-device", "json@1.0")
		out.add("status", "404")
		out.contentType = "application/json"
		codec := patchdev.Codec{}
		out.body = codec.AppendTable(nil, t, "")
		return out
	case page && x.question:
		// The page of the 404 is itself looked up by the path, and fails on it.
		out.status = 500
		return x.failCrash(out, c, f)
	case page:
		out.contentType = "text/html"
		out.body = errorPage("404 - Page not found.", f.reason)
		return out
	}
	if kind == noProcess {
		id := x.steps[0].name
		out.add("ao-types", `status="integer"`)
		out.add("status", "404")
		out.add("unavailable", id)
		out.body = []byte("Message necessary to resolve request not found: " + id)
		return out
	}
	if !(len(x.steps) == 1 && isID(x.steps[0].name) && x.steps[0].device == "") {
		out.add("ao-result", "body")
	}
	out.add("ao-types", `body="atom", status="integer"`)
	out.add("status", "404")
	out.body = []byte(`"not_found"`)
	if x.p.IndexPage {
		out.body = []byte("not_found")
	}
	return out
}

// serializes says whether the path ends in serialize~json@1.0.
func (x *exec) serializes() bool {
	n := len(x.steps)
	return n > 0 && x.steps[n-1].name == "serialize"
}

func (x *exec) failFields(out *answer, c codec, f *failure) *answer {
	t := f.fields
	if c == asJSON || x.isJSON() {
		j := x.jsonAnswer(t.Set("status", patchdev.Int(out.status)), out.status, true)
		j.headers = append(j.headers, out.headers...)
		j.reason = out.reason
		return j
	}
	p := x.plainAnswer(at{v: t}, t, out.status)
	p.headers = append(p.headers, out.headers...)
	p.reason = out.reason
	if x.p.HTMLNotFound && p.contentType == "text/html" {
		p.body = errorPage(strconv.Itoa(out.status), f.reason)
	}
	return p
}

func (x *exec) failCrash(out *answer, c codec, f *failure) *answer {
	switch {
	case c == asJSON:
		t := patchdev.NewTable("status", out.status, "type", "error", "details", f.reason, "stacktrace", "")
		j := x.jsonAnswer(t, out.status, true)
		j.headers = append(j.headers, out.headers...)
		j.reason = out.reason
		return j
	case x.p.HTMLNotFound && x.p.RequireCodec && x.bundled():
		out.add("ao-types", `status="integer"`)
		out.add("status", strconv.Itoa(out.status))
		out.add("details", headerText(f.reason))
		return out
	case x.p.HTMLNotFound:
		if !x.p.RequireCodec {
			out.add("ao-types", `status="integer"`)
			out.add("status", strconv.Itoa(out.status))
		}
		out.contentType = "text/html"
		out.body = errorPage("500 - Oops.", f.reason)
		return out
	}
	out.add("ao-types", `status="integer"`)
	out.add("status", strconv.Itoa(out.status))
	out.body = []byte("Oops! Something went wrong. Here's the rundown:\n" + f.reason + "\n")
	return out
}

// headerText makes any text fit for a header.
func headerText(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < 0x20 || r == 0x7f {
			return ' '
		}
		return r
	}, s)
	if len(s) > 1000 {
		s = s[:1000]
	}
	return strings.TrimSpace(s)
}
