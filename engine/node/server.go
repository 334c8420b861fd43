package node

import (
	"context"
	"errors"
	"fmt"
	"html/template"
	"net"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"patchbay/engine/ao"
	"patchbay/patchdev"
)

// Options say how a [Server] works. Source must be given.
type Options struct {
	Source Source
	// Address is the node's own address; empty is a fixed one.
	Address string
	// Version is what ~meta@1.0/build tells.
	Version string
	// Clock tells the time; nil is time.Now.
	Clock func() time.Time
	// AllowHosts are further values of the Host header that are answered, with
	// their port, as in "studio.local:8734" (DESIGN S16).
	AllowHosts []string
	// AllowOrigins are further origins from which pages may write, as in
	// "https://app.example".
	AllowOrigins []string
	// OnAccess, if not nil, is told of every request that was answered. It is called
	// from one goroutine at a time and never holds up an answer: when it is too
	// slow, events are dropped and counted in the next one's Dropped.
	OnAccess func(Access)
	// Capture says that OnAccess is to be told of headers and bodies too.
	Capture bool
	// Decode, if not nil, reads signed bodies (ANS-104, HTTP signatures). It returns
	// false for what is not its concern.
	Decode func(r *http.Request, body []byte) (m ao.Message, ok bool, err error)
	// Fallback, if not nil, is offered every request before the paths of a node are
	// tried (the interfaces of older units); it returns false for what is not its own.
	Fallback func(w http.ResponseWriter, r *http.Request) bool
	// NowLimit is how long `now` waits for a computing script (0: 30 s).
	NowLimit time.Duration
	// Memory is how many bytes of encoded bodies are remembered (0: 64 MiB).
	Memory int
}

// Access is one line of the access log.
type Access struct {
	Time   time.Time
	Method string
	// Path is the path and query as they came.
	Path   string
	Status int
	Bytes  int64
	// Micros is how long the answer took, in microseconds.
	Micros int64
	// Process and Key are what was read: the process, and the keys after its
	// device joined by slashes ("now/cache/balances").
	Process, Key string
	// Slot is what the message of the request was scheduled at, 0 when it sent none.
	Slot   int64
	Origin string
	// Reason is why the answer is an error, or what a real node would do otherwise.
	Reason string
	// Lint is the note that went out in the patchbay-lint header.
	Lint string
	// Captured is what was asked and answered in full, nil unless Options.Capture is set,
	// and for all but the newest exchanges when the watcher is slow.
	Captured *Captured
	// Dropped counts the events that were lost before this one.
	Dropped int64
}

// Server answers HTTP for a Source. Make one with New, run it with Serve; its
// handler may also be used alone.
type Server struct {
	source   Source
	address  string
	version  string
	clock    func() time.Time
	started  time.Time
	hosts    map[string]bool
	origins  map[string]bool
	onAccess func(Access)
	capture  bool
	signed   func(r *http.Request, body []byte) (ao.Message, bool, error)
	fallback func(w http.ResponseWriter, r *http.Request) bool
	nowLimit time.Duration

	links    *links
	assigned *lru.Cache[assignedKey, *patchdev.Table]
	bodies   *bodies
	messages messages
	viewer   *template.Template
	profile  atomic.Pointer[patchdev.Profile]
	requests atomic.Int64
	streams  chan struct{} // a token for every open event stream
	log      *accessLog
	vals     headerValues
}

// maxStreams is how many event streams there may be (DESIGN S19).
const maxStreams = 32

// New makes a server. Nothing runs until Serve.
func New(o Options) (*Server, error) {
	if o.Source == nil {
		return nil, errors.New("node: Options.Source is missing")
	}
	s := &Server{
		source: o.Source, address: o.Address, version: o.Version, clock: o.Clock, onAccess: o.OnAccess, capture: o.Capture && o.OnAccess != nil, signed: o.Decode,
		fallback: o.Fallback, nowLimit: o.NowLimit, hosts: map[string]bool{}, origins: map[string]bool{},
		links: newLinks(linkWeight), viewer: newViewer(), streams: make(chan struct{}, maxStreams), log: newAccessLog(), vals: newHeaderValues(),
		assigned: newAssigned(),
	}
	if s.address == "" {
		s.address = ao.Address("node")
	}
	if s.version == "" {
		s.version = "0"
	}
	if s.clock == nil {
		s.clock = time.Now
	}
	if s.nowLimit == 0 {
		s.nowLimit = nowLimit
	}
	if o.Memory == 0 {
		o.Memory = 64 << 20
	}
	s.bodies = newBodies(o.Memory)
	s.started = s.clock()
	for _, h := range o.AllowHosts {
		s.hosts[lower(h)] = true
	}
	for _, origin := range o.AllowOrigins {
		s.origins[lower(origin)] = true
	}
	return s, nil
}

// Address is the node's own address.
func (s *Server) Address() string { return s.address }

// currentProfile is the Source's profile, without a copy for every request.
func (s *Server) currentProfile() *patchdev.Profile {
	p := s.source.Profile()
	if old := s.profile.Load(); old != nil && *old == p {
		return old
	}
	kept := new(patchdev.Profile)
	*kept = p
	s.profile.Store(kept)
	return kept
}

// stopLimit is how long answers that are under way may take when the server stops.
const stopLimit = 5 * time.Second

// Serve answers on a listener until ctx is done, then stops: it takes no new
// connections, ends event streams, and gives answers under way some seconds. It
// returns nil after such a stop. It closes the listener.
func (s *Server) Serve(ctx context.Context, ln net.Listener) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	srv := &http.Server{
		Handler:           s,
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		BaseContext:       func(net.Listener) context.Context { return ctx },
		ErrorLog:          discardLog(),
	}
	var workers sync.WaitGroup
	defer workers.Wait()
	if s.onAccess != nil {
		logDone := make(chan struct{})
		defer close(logDone)
		workers.Go(func() { s.log.tell(logDone, s.onAccess) })
	}
	stopped := make(chan error, 1)
	workers.Go(func() {
		<-ctx.Done()
		deadline, end := context.WithTimeout(context.WithoutCancel(ctx), stopLimit)
		defer end()
		err := srv.Shutdown(deadline)
		if err != nil {
			err = errors.Join(err, srv.Close())
		}
		stopped <- err
	})
	limited := limitListener(ln)
	workers.Go(func() { limited.watch(ctx.Done(), time.Second) })
	err := srv.Serve(limited)
	cancel()
	stop := <-stopped
	if !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serving %s: %w", ln.Addr(), err)
	}
	if errors.Is(stop, context.DeadlineExceeded) {
		return nil // what did not end in time was cut off
	}
	return stop
}

// Listen listens on addr ("127.0.0.1" when empty) and port. When the port is
// taken, the next free one of the hundred after it is used and moved is true: say
// so to the user. Port 0 is any free port.
func Listen(addr string, port int) (ln net.Listener, moved bool, err error) {
	if addr == "" {
		addr = "127.0.0.1"
	}
	for p := port; p <= port+100 && p < 1<<16; p++ {
		ln, err = net.Listen("tcp", net.JoinHostPort(addr, strconv.Itoa(p)))
		if err == nil {
			return ln, p != port, nil
		}
		if port == 0 || !errors.Is(err, syscall.EADDRINUSE) {
			break
		}
	}
	return nil, false, fmt.Errorf("no port to listen on, tried %s and the next 100: choose another with --port: %w", net.JoinHostPort(addr, strconv.Itoa(port)), err)
}
