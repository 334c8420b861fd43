package node

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"patchbay/engine/ao"
	"patchbay/patchdev"
)

// control answers ~patchbay@1.0, the device for local tools (DESIGN §7). Only
// allowed origins may read it, for it tells more than a node would (S17).
func (s *Server) control(w http.ResponseWriter, r *http.Request, log *Access) *answer {
	name := strings.Trim(strings.TrimPrefix(r.URL.Path, "/~patchbay@1.0/"), "/")
	log.Key = "~patchbay@1.0/" + name
	out := s.controlAnswer(w, r, name)
	if out == nil {
		return nil
	}
	log.Reason = out.reason
	out.bare = true
	s.reflectOrigin(r, out)
	return out
}

// reflectOrigin lets an allowed origin read the answer, and no other.
func (s *Server) reflectOrigin(r *http.Request, out *answer) {
	out.add("vary", "Origin")
	if origin := r.Header.Get("Origin"); origin != "" && s.originAllowed(origin) && safeValue(origin) {
		out.add("access-control-allow-origin", origin)
		out.add("access-control-expose-headers", "*")
	}
}

func (s *Server) controlAnswer(w http.ResponseWriter, r *http.Request, name string) *answer {
	if r.Method == http.MethodOptions {
		out := &answer{status: http.StatusNoContent}
		if s.originAllowed(r.Header.Get("Origin")) {
			out.add("access-control-allow-methods", "GET, POST, OPTIONS")
			out.add("access-control-allow-headers", "content-type, last-event-id")
			out.add("access-control-max-age", "600")
		}
		return out
	}
	if err := s.mayWrite(r); err != nil {
		return controlError(err)
	}
	switch {
	case name == "spawn" && r.Method == http.MethodPost:
		return s.controlSpawn(w, r)
	case name == "processes" && (r.Method == http.MethodGet || r.Method == http.MethodHead):
		list := s.source.Processes()
		if list == nil {
			list = []ao.ProcessInfo{}
		}
		return controlJSON(200, list)
	case name == "events" && r.Method == http.MethodGet:
		return s.events(w, r)
	case name == "spawn" || name == "processes" || name == "events":
		return controlError(saying(http.StatusMethodNotAllowed, r.Method+" is not for "+name))
	}
	return controlError(saying(http.StatusNotFound, "~patchbay@1.0 has spawn, processes and events"))
}

func controlJSON(status int, v any) *answer {
	body, err := json.Marshal(v)
	if err != nil {
		return &answer{status: 500, reason: err.Error()}
	}
	return &answer{status: status, contentType: "application/json", body: append(body, '\n')}
}

func controlError(err error) *answer {
	f := asFailure(err)
	out := controlJSON(f.status, map[string]any{"status": f.status, "error": f.reason})
	out.reason = f.reason
	return out
}

// spawnBody is what POST ~patchbay@1.0/spawn takes. Tags are a list of {name,
// value} or an object.
type spawnBody struct {
	Name   string          `json:"name"`
	Source string          `json:"source"`
	Script string          `json:"script"`
	Owner  string          `json:"owner"`
	Tags   json.RawMessage `json:"tags"`
}

func (s *Server) controlSpawn(w http.ResponseWriter, r *http.Request) *answer {
	body, err := readBody(w, r)
	if err != nil {
		return controlError(err)
	}
	var b spawnBody
	if err := json.Unmarshal(body, &b); err != nil {
		return controlError(saying(http.StatusBadRequest, `the body is not {"name","source","owner","tags"}: `+err.Error()))
	}
	req := SpawnRequest{Name: b.Name, Source: b.Source, Script: b.Script, Owner: b.Owner}
	if len(b.Tags) > 0 {
		v, err := patchdev.ParseJSON(b.Tags)
		if err != nil {
			return controlError(saying(http.StatusBadRequest, "tags: "+err.Error()))
		}
		req.Tags = tagsOf(v)
	}
	info, err := s.source.Spawn(r.Context(), req)
	if err != nil {
		return controlError(err)
	}
	doc := map[string]any{"process": info.ID, "slot": 0, "name": info.Name}
	if slot, err := s.source.Slot(r.Context(), info.ID, 0); err == nil && slot.Result.Failed() {
		doc["error"] = slot.Result.Error
	}
	return controlJSON(200, doc)
}

// postSpawn makes a process of a message with Type: Process and answers the
// assignment of slot 0, with the process id in the header `process` (spec
// hyperbeam-http §9.2).
func (x *exec) postSpawn() (at, error) {
	m, err := x.messageOf("")
	if err != nil {
		return at{}, err
	}
	kind := ""
	for _, t := range m.Tags {
		if strings.EqualFold(t.Name, "type") {
			kind = t.Value
		}
	}
	if kind != "Process" {
		if m.Target == "" {
			return at{}, invalid("the message has neither Type: Process nor a target")
		}
		info, ok := x.s.source.Process(m.Target)
		if !ok {
			return at{}, missing("there is no process " + m.Target)
		}
		x.pid = info.ID
		x.steps = append([]step{{name: info.ID}}, x.steps...)
		return x.postPush(&view{x: x, info: info, slot: -1}, 1)
	}
	req := SpawnRequest{Tags: m.Tags, Owner: m.From}
	if m.Signature != "" {
		req.Message = &m
	}
	if s, ok := m.Data.(patchdev.String); ok {
		req.Source = string(s)
	}
	req.Name, _ = ao.TagValue(m.Tags, "Name")
	info, err := x.s.source.Spawn(x.ctx, req)
	if err != nil && !errors.Is(err, ErrDuplicate) {
		return at{}, err
	}
	ms, err := x.s.source.Schedule(x.ctx, info.ID, 0, 0)
	if err != nil || len(ms) == 0 {
		ms = []ao.Message{m}
	}
	return at{v: x.assignment(info.ID, 0, &ms[0])}, nil
}
