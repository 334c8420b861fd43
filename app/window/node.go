//go:build !headless

package window

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"sync"
	"time"

	"patchbay/engine/node"
	"patchbay/ui"
	"patchbay/ui/inspect"
	"patchbay/ui/traffic"
)

// rememberedExchanges is how many requests the traffic panel can look back on.
const rememberedExchanges = 10_000

// face shows the HTTP server to the window, and remembers what was asked of it.
type face struct {
	url, note string
	handler   http.Handler

	mu    sync.Mutex
	ring  []traffic.Exchange // the exchange with ID n is at n % len
	total uint64
	more  chan struct{}
	// kept is what was asked and answered in full, by ID as in ring: only of the newest.
	kept [node.KeptCaptures]struct {
		id uint64
		c  *node.Captured
	}
}

var _ ui.Node = (*face)(nil)

func newFace() *face {
	return &face{ring: make([]traffic.Exchange, rememberedExchanges), more: make(chan struct{}, 1)}
}

func (f *face) URL() string { return f.url }

func (f *face) Note() string { return f.note }

// access takes a line of the node's log.
func (f *face) access(a node.Access) {
	x := traffic.Exchange{
		At: a.Time, Duration: time.Duration(a.Micros) * time.Microsecond, Method: a.Method, Path: a.Path,
		Status: a.Status, Bytes: a.Bytes, Origin: a.Origin, Note: a.Reason, Process: a.Process,
	}
	if x.Note == "" {
		x.Note = a.Lint
	}
	x.Key, x.Past, x.Slot = traffic.Asked(a.Path, a.Key)
	if a.Slot > 0 {
		x.Sent, x.Slot = true, a.Slot
	}
	f.mu.Lock()
	f.total += 1 + uint64(a.Dropped)
	x.ID = f.total
	f.ring[f.total%uint64(len(f.ring))] = x
	k := &f.kept[f.total%uint64(len(f.kept))]
	k.id, k.c = f.total, a.Captured
	f.mu.Unlock()
	select {
	case f.more <- struct{}{}:
	default:
	}
}

func (f *face) Traffic(after uint64) ([]traffic.Exchange, uint64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	first := after + 1
	if n := uint64(len(f.ring)); f.total > n && first <= f.total-n {
		first = f.total - n + 1
	}
	var list []traffic.Exchange
	for id := first; id <= f.total; id++ {
		if x := f.ring[id%uint64(len(f.ring))]; x.ID == id { // not one of those that were dropped
			list = append(list, x)
		}
	}
	return list, f.total
}

// Captured gives an exchange in full, nil when it is no longer kept.
func (f *face) Captured(id uint64) *traffic.Captured {
	f.mu.Lock()
	k := f.kept[id%uint64(len(f.kept))]
	f.mu.Unlock()
	if k.id != id || k.c == nil {
		return nil
	}
	c := traffic.Captured(*k.c) // the same fields: ui knows nothing of the node
	return &c
}

func (f *face) TrafficC() <-chan struct{} { return f.more }

// Respond asks the server without a connection; the request is not logged as
// traffic of a browser would be, because it is the window's own.
func (f *face) Respond(ctx context.Context, method, path string, header http.Header) (inspect.Response, error) {
	request, err := http.NewRequestWithContext(ctx, method, f.url+path, nil)
	if err != nil {
		return inspect.Response{}, err
	}
	for k, v := range header {
		request.Header[k] = v
	}
	target, err := url.Parse(f.url)
	if err != nil {
		return inspect.Response{}, err
	}
	request.Host, request.RequestURI, request.RemoteAddr = target.Host, path, "127.0.0.1:0"
	r := recorder{header: http.Header{}}
	start := time.Now()
	f.handler.ServeHTTP(&r, request)
	if r.status == 0 {
		r.status = http.StatusOK
	}
	return inspect.Response{Status: r.status, Header: r.header, Body: r.body.Bytes(), Duration: time.Since(start)}, nil
}

// recorder is a ResponseWriter that keeps what is written.
type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (r *recorder) Header() http.Header { return r.header }

func (r *recorder) WriteHeader(status int) {
	if r.status == 0 && status >= 200 {
		r.status = status
	}
}

func (r *recorder) Write(p []byte) (int, error) {
	r.WriteHeader(http.StatusOK)
	return r.body.Write(p)
}
