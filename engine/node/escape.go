package node

import "bytes"

// net/http itself refuses a request whose path has a malformed escape, with 400,
// and never hands it on. A real node answers 500 with an empty body. So the
// connection notes that such a request line came and puts the node's answer in
// place of net/http's.

// refusal is how net/http's own answer to what it cannot parse begins.
var refusal = []byte("HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n400 Bad Request")

// crashedAnswer is what a node sends when even the page of the error fails.
var crashedAnswer = []byte("HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

// badEscape says whether b begins with a request line whose path has a percent
// sign without two hex digits after it.
func badEscape(b []byte) bool {
	line, _, _ := bytes.Cut(b, []byte{'\n'})
	_, target, ok := bytes.Cut(line, []byte{' '})
	if !ok {
		return false
	}
	target, _, _ = bytes.Cut(target, []byte{' '})
	path, _, _ := bytes.Cut(target, []byte{'?'})
	for {
		at := bytes.IndexByte(path, '%')
		if at < 0 {
			return false
		}
		path = path[at+1:]
		if len(path) < 2 {
			return true
		}
		_, ok1 := hexDigit(path[0])
		_, ok2 := hexDigit(path[1])
		if !ok1 || !ok2 {
			return true
		}
	}
}

// Read implements [net.Conn].
func (c *conn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	// One byte is what net/http reads ahead while a handler runs.
	if n > 1 && (c.badEscape.Load() || bytes.IndexByte(b[:n], '%') >= 0) {
		c.badEscape.Store(badEscape(b[:n]))
	}
	return n, err
}

// answerFor is what goes out in place of b.
func (c *conn) answerFor(b []byte) []byte {
	if c.badEscape.Load() && bytes.HasPrefix(b, refusal) {
		return crashedAnswer
	}
	return b
}
