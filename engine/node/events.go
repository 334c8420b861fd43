package node

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"patchbay/engine/ao"
	"patchbay/patchdev"
)

// beat is how often an idle stream says that it is alive.
const beat = 15 * time.Second

// gzipFrom is the smallest body that is compressed when a client asks for it.
const gzipFrom = 1400

func compress(body []byte) []byte {
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestSpeed)
	if err != nil {
		return body
	}
	_, _ = z.Write(body) // into memory
	_ = z.Close()
	return b.Bytes()
}

// events streams what happens as server-sent events (DESIGN §7): `slot` with the
// keys that changed, `process`, `script`, `storm`, `fault`. ?process= limits the stream to
// one process, ?path= to slots that changed something there. The id of a slot
// event is PID:SLOT of every process seen so far; who comes back with it as
// Last-Event-ID is told the slots missed.
func (s *Server) events(w http.ResponseWriter, r *http.Request) *answer {
	select {
	case s.streams <- struct{}{}:
	default:
		return controlError(saying(http.StatusServiceUnavailable, fmt.Sprintf("there are %d event streams open already: close one", maxStreams)))
	}
	defer func() { <-s.streams }()
	q, err := parseQuery(r.URL.RawQuery, s.currentProfile())
	if err != nil {
		return controlError(err)
	}
	text := func(k string) string {
		v, _ := find(q.all, k)
		t, _ := v.(patchdev.String)
		return string(t)
	}
	st := stream{
		s: s, r: r, w: w, rc: http.NewResponseController(w), process: text("process"),
		path: strings.FieldsFunc(text("path"), func(c rune) bool { return c == '/' }), seen: map[string]int64{},
	}
	if st.process != "" {
		if _, ok := s.source.Process(st.process); !ok {
			return controlError(saying(http.StatusNotFound, "there is no process "+st.process))
		}
	}
	sub := s.source.Subscribe(st.process)
	defer sub.Close()
	st.open()
	last := r.Header.Get("Last-Event-ID")
	if last == "" {
		last = text("last-event-id")
	}
	if !st.resume(last) {
		return nil
	}
	st.follow(sub)
	return nil
}

// stream is one open event stream; one goroutine uses it.
type stream struct {
	s       *Server
	r       *http.Request
	w       http.ResponseWriter
	rc      *http.ResponseController
	process string
	path    []string
	seen    map[string]int64 // the last slot told, by process
}

func (st *stream) open() {
	h := st.w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", contentPolicy)
	h.Set("Vary", "Origin")
	if origin := st.r.Header.Get("Origin"); origin != "" && st.s.originAllowed(origin) {
		h.Set("Access-Control-Allow-Origin", origin)
	}
	st.w.WriteHeader(http.StatusOK)
	for _, p := range st.s.source.Processes() {
		if slot, _, ok := st.s.source.Head(p.ID); ok && (st.process == "" || st.process == p.ID) {
			st.seen[p.ID] = slot
		}
	}
}

// resume tells the slots after those that the last event id names. It returns
// false when the client is gone.
func (st *stream) resume(last string) bool {
	if !st.raw(": patchbay events\n\nretry: 1000\n\n") {
		return false
	}
	for part := range strings.SplitSeq(last, ",") {
		pid, num, ok := strings.Cut(part, ":")
		n, err := strconv.ParseInt(num, 10, 64)
		head, here := st.seen[pid]
		if !ok || err != nil || !here || n < -1 || n >= head {
			continue
		}
		st.seen[pid] = n
		for slot := n + 1; slot <= head; slot++ {
			computed, err := st.s.source.Slot(st.r.Context(), pid, slot)
			if err != nil {
				break
			}
			if !st.slot(computed) {
				return false
			}
		}
		st.seen[pid] = head
	}
	return true
}

func (st *stream) follow(sub Events) {
	alive := time.NewTicker(beat)
	defer alive.Stop()
	for {
		select {
		case <-st.r.Context().Done():
			return
		case <-alive.C:
			if !st.raw(": alive\n\n") {
				return
			}
		case <-sub.C():
			for _, e := range sub.Drain() {
				if !st.event(&e) {
					return
				}
			}
		}
	}
}

func (st *stream) event(e *ao.Event) bool {
	switch e.Kind {
	case ao.SlotComputed:
		if e.Computed == nil {
			return true
		}
		if last, ok := st.seen[e.Process]; ok && e.Slot <= last {
			return true // told by resume already, or seen before the stream began
		}
		return st.slot(e.Computed)
	case ao.ProcessAdded:
		return st.send("process", map[string]any{"process": e.Process, "added": true})
	case ao.ProcessRemoved:
		delete(st.seen, e.Process)
		return st.send("process", map[string]any{"process": e.Process, "removed": true})
	case ao.ScriptReloaded:
		delete(st.seen, e.Process) // slots may begin again on another branch
		return st.send("script", map[string]any{"process": e.Process, "slot": e.Slot, "text": e.Text})
	case ao.Fault:
		return st.send("fault", map[string]any{"process": e.Process, "text": e.Text})
	case ao.StormEnded:
		return st.send("storm", map[string]any{"process": e.Process, "slot": e.Slot, "text": e.Text})
	case ao.Lost:
		return st.send("lost", map[string]any{"text": "events were dropped: read the state again"})
	}
	return true
}

// slotEvent is what a `slot` event tells.
type slotEvent struct {
	Process string   `json:"process"`
	Slot    int64    `json:"slot"`
	Error   string   `json:"error,omitempty"`
	Action  string   `json:"action,omitempty"`
	Keys    []string `json:"keys"`
	More    int      `json:"more,omitempty"`
}

// maxKeys is how many changed keys one event names.
const maxKeys = 200

func (st *stream) slot(c *ao.Slot) bool {
	st.seen[c.Process] = c.Number
	e := slotEvent{Process: c.Process, Slot: c.Number, Error: c.Result.Error, Action: c.Message.Action(), Keys: []string{}}
	hit := len(st.path) == 0
	for _, ch := range c.Changes {
		if len(st.path) > 0 && !touches(ch.Path, st.path) {
			continue
		}
		hit = true
		if len(e.Keys) < maxKeys {
			e.Keys = append(e.Keys, strings.Join(ch.Path, "/"))
		} else {
			e.More++
		}
	}
	if !hit {
		return true
	}
	return st.send("slot", e)
}

// touches says whether a change at one path is on the way to, or below, another.
func touches(a, b []string) bool {
	for i := 0; i < len(a) && i < len(b); i++ {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

func (st *stream) send(event string, data any) bool {
	body, err := json.Marshal(data)
	if err != nil {
		return false
	}
	var b strings.Builder
	b.WriteString("event: " + event + "\nid: ")
	for i, pid := range sortedKeys(st.seen) {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "%s:%d", pid, st.seen[pid])
	}
	b.WriteString("\ndata: ")
	b.Write(body)
	b.WriteString("\n\n")
	return st.raw(b.String())
}

// raw writes and flushes, with a time limit; false when the client is gone.
func (st *stream) raw(s string) bool {
	if _, err := st.w.Write([]byte(s)); err != nil {
		return false
	}
	return st.rc.Flush() == nil
}
