package node

import (
	"net/http"
	"strconv"
	"strings"

	"patchbay/patchdev"
)

// leafRead answers the reads that front ends poll, `PID~process@1.0/now/…/key` of
// a string or a number, with the least work: no steps are made, nothing is
// encoded twice. Whatever is not plainly such a read is left to the general way,
// by which the answers are the same (TestFastIsSame). It returns false for those.
func (s *Server) leafRead(w http.ResponseWriter, r *http.Request, p *patchdev.Profile, log *Access) bool {
	if r.Method != http.MethodGet && r.Method != http.MethodHead || r.ContentLength != 0 {
		return false
	}
	uri := r.RequestURI
	if len(uri) < 1+43+len("/now/x") || uri[0] != '/' {
		return false
	}
	pid, rest := uri[1:44], uri[44:]
	rest, _ = strings.CutPrefix(rest, "~process@1.0")
	if rest == "" || rest[0] != '/' || !plainPath(rest) || !plainHeaders(r.Header) {
		return false
	}
	verb, keys, ok := strings.Cut(rest[1:], "/")
	if !ok || verb != "now" && verb != "compute" {
		return false
	}
	info, ok := s.source.Process(pid)
	if !ok || info.Flavour == "lua@5.3a" {
		return false // raw processes may be stuck, which takes a look at the slot
	}
	slot, root, ok := s.source.Head(pid)
	if !ok || slot < 0 || root == nil || verb == "now" && slot < s.source.Scheduled(pid) || patchdev.Broken(root, *p) != "" {
		return false
	}
	v := patchdev.Value(root)
	for first := true; keys != ""; first = false {
		key, more, _ := strings.Cut(keys, "/")
		keys = more
		t, isTable := v.(*patchdev.Table)
		if !isTable || first && ownKey(key) || patchdev.Reserved(strings.ToLower(key)) || strings.HasPrefix(key, "priv") {
			return false
		}
		if _, has := t.Get("device"); has {
			return false
		}
		if v, ok = t.Get(key); !ok {
			return false
		}
	}
	var body []byte
	types := s.vals.plainTypes
	switch v := v.(type) {
	case patchdev.String:
		if v == "" || len(v) >= gzipFrom {
			return false
		}
		body = []byte(v)
	case patchdev.Int:
		body, types = strconv.AppendInt(nil, int64(v), 10), s.vals.intTypes
	default:
		return false
	}
	h := w.Header()
	h["access-control-allow-origin"] = s.vals.star
	h["access-control-allow-methods"] = s.vals.methods
	if p.ExposeHeaders {
		h["access-control-expose-headers"] = s.vals.star
	}
	h["ao-result"] = s.vals.body
	h["ao-types"] = types
	h["status"] = s.vals.ok
	h["content-security-policy"] = s.vals.policy
	h["x-content-type-options"] = s.vals.sniff
	h["cache-control"] = s.vals.store
	h["Content-Type"] = nil
	if r.Method == http.MethodHead {
		w.WriteHeader(http.StatusOK)
	} else {
		log.Bytes = int64(len(body))
		if log.Captured != nil {
			log.Captured.ResponseBody, log.Captured.ResponseSize = body, log.Bytes
		}
		_, _ = w.Write(body) // a client that is gone is no error of ours
	}
	log.Status, log.Process, log.Key = http.StatusOK, pid, rest[1:]
	return true
}

// plainPath says whether a path holds only what stands for itself.
func plainPath(s string) bool {
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '-', c == '_', c == '.', c == ':', c == '@':
		case c == '/':
			if i > 0 && s[i-1] == '/' {
				return false
			}
		default:
			return false
		}
	}
	return s[len(s)-1] != '/' && len(s) < maxSegment
}

// plainHeaders says whether no header asks for another form of the answer.
func plainHeaders(h http.Header) bool {
	for name, vals := range h {
		switch name {
		case "Accept":
			if strings.HasPrefix(vals[0], "application/") {
				return false
			}
		case "Require-Codec", "Accept-Bundle", "Accept-Codec", "Slot", "Compute", "Access-Control-Request-Headers", "Codec-Device", "Signature":
			return false
		}
	}
	return true
}

// ownKey says whether a root key is the process's and not (only) the script's.
func ownKey(key string) bool {
	switch strings.ToLower(key) {
	case "now", "compute", "latest", "slot", "schedule", "push", "snapshot", "as", "init", "at-slot", "device", "process", "results", "commitments",
		"initialized", "input-prefix", "previous-input-prefix", "previous-device":
		return true
	}
	return false
}
