package node

import (
	"bytes"
	"io"
	"net/http"
	"strings"
)

// MaxCaptured is how many bytes of a body are captured, and KeptCaptures how many
// exchanges wait with theirs for a watcher that is slow: the newest.
const (
	MaxCaptured  = 16 << 10
	KeptCaptures = 200
)

// Captured is what went over the wire in one exchange, as far as the handler sees it:
// the headers that net/http adds by itself (date, content-length) are not in it. It
// does not change once it was handed over, and nor may who gets it change it.
type Captured struct {
	Proto, Host string
	Request     http.Header
	// RequestBody is the beginning of what was read of the body; RequestSize is the
	// length of the whole, -1 where it was not read and no header tells it.
	RequestBody []byte
	RequestSize int64
	// Response has no nil values. ResponseBody is the beginning of the body before it
	// was compressed, ResponseSize the length of the whole; both are empty for streams.
	Response     http.Header
	ResponseBody []byte
	ResponseSize int64
}

// capture begins with the request, and gives the one to go on with, whose body is copied
// while the handler reads it. That is another request: net/http looks at the body of its
// own to know whether anybody waits for a client that asked before it sends.
func capture(r *http.Request) (*Captured, *http.Request) {
	c := &Captured{Proto: r.Proto, Host: r.Host, Request: r.Header, RequestSize: max(r.ContentLength, -1)}
	if r.Body != nil && r.Body != http.NoBody {
		r = r.WithContext(r.Context())
		r.Body = &copied{ReadCloser: r.Body, c: c}
	}
	return c, r
}

// answered takes the body of an answer that was sent whole.
func (c *Captured) answered(r *http.Request, out *answer) {
	if r.Method == http.MethodHead || out.status == http.StatusNoContent {
		return
	}
	// A copy: the body may be part of one that is remembered, and many times as long.
	c.ResponseBody, c.ResponseSize = bytes.Clone(out.body[:min(len(out.body), MaxCaptured)]), int64(len(out.body))
}

// end takes the headers of the answer. They belong to the handler, and net/http does
// not change them after it.
func (c *Captured) end(h http.Header) {
	c.Response = make(http.Header, len(h))
	for name, values := range h {
		if len(values) > 0 { // net/http was told to add none
			name = strings.ToLower(name)
			c.Response[name] = append(c.Response[name], values...)
		}
	}
}

// copied is a body that leaves its beginning in c as it is read.
type copied struct {
	io.ReadCloser
	c    *Captured
	read int64
}

// Read implements [io.Reader].
func (b *copied) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if room := MaxCaptured - len(b.c.RequestBody); room > 0 && n > 0 {
		b.c.RequestBody = append(b.c.RequestBody, p[:min(n, room)]...)
	}
	b.read += int64(n)
	if b.c.RequestSize < 0 && err == io.EOF { // in chunks, of which no header tells how many
		b.c.RequestSize = b.read
	}
	return n, err
}
