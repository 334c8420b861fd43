package node

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"patchbay/engine/ao"
	"patchbay/patchdev"
)

// Headers of every answer that comes from process state: a script's text must
// never run as a page of this origin (DESIGN S18).
const contentPolicy = "sandbox allow-scripts allow-forms"

const methods = "GET, POST, PUT, DELETE, OPTIONS"

// writeLimit is how long a write may take to be taken (see conn), readLimit
// how long a body may take to come.
const (
	writeLimit = 30 * time.Second
	readLimit  = 30 * time.Second
)

type bodyContext struct{}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	start := s.clock()
	s.requests.Add(1)
	log := Access{Time: start, Method: r.Method, Path: r.RequestURI, Origin: r.Header.Get("Origin")}
	if s.capture {
		log.Captured, r = capture(r)
	}
	if !s.hostAllowed(r) || !s.leafRead(w, r, s.currentProfile(), &log) {
		if out := s.answer(w, r, &log); out != nil {
			log.Status = out.status
			log.Bytes = s.send(w, r, out)
			if log.Captured != nil {
				log.Captured.answered(r, out)
			}
		}
	}
	if s.onAccess != nil {
		log.Micros = s.clock().Sub(start).Microseconds()
		if log.Captured != nil {
			log.Captured.end(w.Header())
		}
		s.log.add(&log)
	}
}

// answer makes the answer, or nil when it was sent already.
func (s *Server) answer(w http.ResponseWriter, r *http.Request, log *Access) *answer {
	if !s.hostAllowed(r) {
		log.Reason = "the Host header is not this machine"
		out := &answer{status: http.StatusForbidden, bare: true, contentType: "text/plain; charset=utf-8"}
		out.body = []byte("This local node answers only to 127.0.0.1, localhost and [::1] with its own port. For another name, add it to allow-hosts in patchbay.toml.\n")
		return out
	}
	if len(r.RequestURI) > maxPath {
		log.Reason = "the path is too long"
		return &answer{status: http.StatusRequestURITooLong, bare: true}
	}
	if strings.HasPrefix(r.URL.Path, "/~patchbay@1.0/") {
		return s.control(w, r, log)
	}
	if r.Method == http.MethodOptions {
		return s.preflight(r)
	}
	if s.fallback != nil && s.fallback(w, r) {
		return nil
	}
	p := s.currentProfile()
	if r.URL.Path == "/" && r.URL.RawQuery == "" {
		out := &answer{status: http.StatusFound, bare: true}
		to := "/~hyperbuddy@1.0/index"
		if p.RequireCodec {
			to = "/~hyperbuddy@1.0/dashboard"
		}
		out.add("location", to)
		return out
	}
	x := &exec{s: s, ctx: r.Context(), r: r, p: p}
	out, err := x.run(w)
	if err != nil {
		out = x.fail(err)
	}
	log.Process, log.Key, log.Reason, log.Lint = x.pid, strings.Join(x.path, "/"), out.reason, x.lint
	log.Slot = x.slot
	if log.Lint == "" {
		log.Lint = x.hint
	}
	if x.lint != "" {
		out.add("patchbay-lint", x.lint)
	}
	return out
}

// run parses, resolves and encodes.
func (x *exec) run(w http.ResponseWriter) (*answer, error) {
	path, rawQuery, _ := strings.Cut(x.r.RequestURI, "?")
	if strings.HasPrefix(path, "http://") || path == "" || x.r.RequestURI == "*" {
		path = x.r.URL.EscapedPath()
	}
	var err error
	if x.p.NameValue {
		// This generation decodes first and looks for the query then, so that a
		// question mark in a key begins a query.
		if at := strings.Index(lower(path), "%3f"); at >= 0 {
			path, rawQuery = path[:at], strings.TrimSuffix(path[at+3:]+"?"+rawQuery, "?")
			x.question = true
		}
	}
	if rawQuery != "" {
		if x.query, err = parseQuery(rawQuery, x.p); err != nil {
			return nil, err
		}
	}
	if why := x.oldCodec(); why != "" {
		return nil, crash(why)
	}
	if x.r.ContentLength != 0 || x.r.Method == http.MethodPost {
		if err := x.readRequest(w); err != nil {
			return nil, err
		}
	}
	if x.steps, err = parsePath(path, x.p); err != nil {
		return nil, err
	}
	if len(x.steps) == 0 {
		const why = "Attempted to resolve an empty message sequence."
		return nil, &failure{kind: message, reason: why, status: 500, fields: patchdev.NewTable("body", why)}
	}
	a, err := x.route()
	if err != nil {
		return nil, err
	}
	return x.respond(a)
}

// readRequest reads the body, and JSON in it as keys of the request.
func (x *exec) readRequest(w http.ResponseWriter) error {
	rc := http.NewResponseController(w)
	_ = rc.SetReadDeadline(time.Now().Add(readLimit)) // not all writers can; then the server's own limits hold
	body, err := readBody(w, x.r)
	_ = rc.SetReadDeadline(time.Time{})
	if err != nil {
		return err
	}
	x.r = x.r.WithContext(context.WithValue(x.r.Context(), bodyContext{}, body))
	x.decode(body)
	if !x.isJSON() || len(body) == 0 {
		return nil
	}
	v, err := patchdev.ParseJSON(body)
	if err != nil {
		return &failure{kind: silent, status: 500, reason: err.Error()}
	}
	x.body, _ = v.(*patchdev.Table)
	return nil
}

// bodyOf is the body that came with a request.
func (s *Server) bodyOf(r *http.Request) []byte {
	b, _ := r.Context().Value(bodyContext{}).([]byte)
	return b
}

// decode reads a signed message. What aoconnect sends without a signer, the text
// "[object Object]", is no message but may read (DESIGN S13).
func (x *exec) decode(body []byte) {
	if x.s.signed != nil {
		m, ok, err := x.s.signed(x.r, body)
		if err != nil {
			x.notSigned = err
		} else if ok {
			m.Source = ao.FromHTTP
			x.signed = &m
		}
		if ok || err != nil {
			return
		}
	}
	if x.r.Header.Get("Content-Type") == "application/ans104" || x.r.Header.Get("Codec-Device") == "ans104@1.0" {
		x.notSigned = &failure{kind: silent, status: 500, reason: "the body is not an ANS-104 data item; a client without signer sends [object Object], which can read but not write"}
	}
}

// route sends the paths that have no base to write to where they belong, and
// resolves the others.
func (x *exec) route() (at, error) {
	if x.r.Method == http.MethodPost {
		first := x.steps[0]
		spawn := first.name == "push" && first.device == "" ||
			(first.device == "process@1.0" || first.device == "scheduler@1.0" || first.device == "push@1.0") && first.name == "" &&
				len(x.steps) > 1 && (x.steps[1].name == "push" || x.steps[1].name == "schedule") && x.text(1, "target") == ""
		if spawn {
			return x.postSpawn()
		}
	}
	return x.resolve()
}

// preflight answers OPTIONS, for any path, without looking it up.
func (s *Server) preflight(r *http.Request) *answer {
	out := &answer{status: http.StatusNoContent, bare: true}
	allow := "*"
	if strings.Contains(lower(r.Header.Get("Access-Control-Request-Headers")), "authorization") {
		allow = "*, authorization" // the star does not cover it
	}
	out.add("access-control-allow-origin", "*")
	out.add("access-control-allow-headers", allow)
	out.add("access-control-allow-methods", methods+", PATCH")
	out.add("access-control-max-age", "86400")
	if r.Header.Get("Access-Control-Request-Private-Network") == "true" {
		out.add("access-control-allow-private-network", "true")
	}
	return out
}

// headerValues are values of headers that most answers share, so that they are
// not made for each. They are never changed.
type headerValues struct {
	star, methods, policy, sniff, store, body, ok, plainTypes, intTypes []string
}

func newHeaderValues() headerValues {
	return headerValues{
		star: []string{"*"}, methods: []string{methods}, policy: []string{contentPolicy}, sniff: []string{"nosniff"}, store: []string{"no-store"},
		body: []string{"body"}, ok: []string{"200"}, plainTypes: []string{`status="integer"`}, intTypes: []string{`body="integer", status="integer"`},
	}
}

// send writes an answer and returns how many bytes its body has. Header names
// are set as they are, so that they keep their case; those that net/http looks
// for itself have their own spelling.
func (s *Server) send(w http.ResponseWriter, r *http.Request, out *answer) int64 {
	h := w.Header()
	if !out.bare {
		h["access-control-allow-origin"] = s.vals.star
		h["access-control-allow-methods"] = s.vals.methods
		if s.currentProfile().ExposeHeaders {
			h["access-control-expose-headers"] = s.vals.star
		}
		if asked := r.Header["Access-Control-Request-Headers"]; len(asked) > 0 {
			h["access-control-allow-headers"] = []string{headerText(asked[0])}
		}
	}
	for _, f := range out.headers {
		if f.name == "cache-control" {
			continue
		}
		h[f.name] = append(h[f.name], f.value)
	}
	h["content-security-policy"] = s.vals.policy
	h["x-content-type-options"] = s.vals.sniff
	h["cache-control"] = s.vals.store
	if out.contentType == "" {
		h["Content-Type"] = nil // or net/http would guess one
	} else {
		h["Content-Type"] = []string{out.contentType}
	}
	body := out.body
	if out.status == http.StatusNoContent {
		delete(h, "Content-Type")
		w.WriteHeader(out.status)
		return 0
	}
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") && len(body) > gzipFrom {
		body = compress(body)
		h["Content-Encoding"] = []string{"gzip"}
		h["vary"] = []string{"accept-encoding"}
	}
	if r.Method == http.MethodHead {
		w.WriteHeader(out.status)
		return 0
	}
	h["Content-Length"] = []string{strconv.Itoa(len(body))}
	w.WriteHeader(out.status)
	return writeSlowly(w, body)
}

// pieceSize is how much of a body is written at a time, so that each piece has
// a time limit of its own.
const pieceSize = 256 << 10

func writeSlowly(w http.ResponseWriter, body []byte) int64 {
	var sent int64
	for len(body) > 0 {
		n, err := w.Write(body[:min(len(body), pieceSize)])
		sent += int64(n)
		if err != nil {
			return sent // a client that is gone is no error of ours
		}
		body = body[n:]
	}
	return sent
}
