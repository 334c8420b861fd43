package node

import (
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// limited is a listener that bounds how many connections are open at a time, so
// that slow readers cannot hold more than so many goroutines, and that watches
// their time limits.
//
// Time limits are kept here and not by timers of the connections: a server that
// sets and clears three of them for every request spends more on that than on
// the answer. One goroutine looks at all connections once a second.
type limited struct {
	net.Listener
	slots chan struct{}
	done  chan struct{}
	once  sync.Once
	tick  atomic.Int64 // how often watch has looked

	mu    sync.Mutex
	conns map[*conn]struct{}
}

func limitListener(ln net.Listener) *limited {
	l := &limited{Listener: ln, slots: make(chan struct{}, maxConns), done: make(chan struct{}), conns: map[*conn]struct{}{}}
	l.tick.Store(1)
	return l
}

// Accept waits for a connection and for a place for it.
func (l *limited) Accept() (net.Conn, error) {
	select {
	case l.slots <- struct{}{}:
	case <-l.done:
		return nil, net.ErrClosed
	}
	raw, err := l.Listener.Accept()
	if err != nil {
		<-l.slots
		return nil, err
	}
	c := &conn{Conn: raw, l: l}
	l.mu.Lock()
	l.conns[c] = struct{}{}
	l.mu.Unlock()
	return c, nil
}

// Close ends Accept. Connections stay open.
func (l *limited) Close() error {
	l.once.Do(func() { close(l.done) })
	return l.Listener.Close()
}

// watch enforces the time limits of the connections until done is closed.
func (l *limited) watch(done <-chan struct{}, every time.Duration) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		select {
		case <-done:
			return
		case now := <-ticker.C:
			l.look(now, l.tick.Add(1), int64(writeLimit/every))
		}
	}
}

func (l *limited) look(now time.Time, tick, most int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for c := range l.conns {
		c.look(now, tick, most)
	}
}

// conn is a connection that gives its place back when it is closed. Read
// deadlines that lie in the future are kept until [limited.watch] sees that they
// have passed; no single write may take longer than writeLimit or a bit more.
type conn struct {
	net.Conn
	l      *limited
	closed atomic.Bool

	mu       sync.Mutex
	deadline time.Time // of reads; zero: none
	past     bool      // the connection itself has a deadline that has passed
	writing  atomic.Int64

	badEscape atomic.Bool // the last request line has a malformed escape
}

// SetReadDeadline implements [net.Conn].
func (c *conn) SetReadDeadline(t time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.deadline = time.Time{}
	switch {
	case t.IsZero():
		if !c.past {
			return nil
		}
		c.past = false
	case isOver(t):
		c.past = true // net/http ends a read that way
	default:
		c.deadline = t
		if !c.past {
			return nil
		}
		c.past, t = false, time.Time{}
	}
	return c.Conn.SetReadDeadline(t)
}

// isOver says whether a deadline is one that is to end a read at once.
func isOver(t time.Time) bool { return t.Unix() < 1_000_000 }

// SetDeadline implements [net.Conn].
func (c *conn) SetDeadline(t time.Time) error {
	if err := c.SetReadDeadline(t); err != nil {
		return err
	}
	return c.SetWriteDeadline(t)
}

// Write implements [net.Conn].
func (c *conn) Write(b []byte) (int, error) {
	c.writing.Store(c.l.tick.Load())
	defer c.writing.Store(0)
	if instead := c.answerFor(b); len(instead) != len(b) {
		_, err := c.Conn.Write(instead)
		return len(b), err
	}
	return c.Conn.Write(b)
}

// Close implements [net.Conn].
func (c *conn) Close() error {
	if c.closed.CompareAndSwap(false, true) {
		c.l.mu.Lock()
		delete(c.l.conns, c)
		c.l.mu.Unlock()
		<-c.l.slots
	}
	return c.Conn.Close()
}

// look ends what takes too long.
func (c *conn) look(now time.Time, tick, most int64) {
	over := time.Unix(1, 0)
	if begun := c.writing.Load(); begun != 0 && tick-begun > most {
		_ = c.Conn.SetWriteDeadline(over) // a closed connection needs no end
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.deadline.IsZero() && now.After(c.deadline) && !c.past {
		c.past = true
		_ = c.Conn.SetReadDeadline(over)
	}
}
