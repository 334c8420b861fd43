package node

import (
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// Limits on what a client may send or hold.
const (
	maxBody  = 16 << 20
	maxPath  = 16 << 10
	maxConns = 512
)

func lower(s string) string { return strings.ToLower(s) }

func discardLog() *log.Logger { return log.New(io.Discard, "", 0) }

// isLoopback says whether a host name means this machine.
func isLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err == nil && ip.IsLoopback()
}

// hostAllowed keeps pages of other sites from reaching a local node through a
// name of theirs that leads to it (DESIGN S16): the Host header must name this
// machine and the port on which the connection came.
func (s *Server) hostAllowed(r *http.Request) bool {
	if len(s.hosts) > 0 && s.hosts[lower(r.Host)] {
		return true
	}
	local, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	if tcp, isTCP := local.(*net.TCPAddr); isTCP {
		if host, port, found := strings.Cut(r.Host, ":"); found && (host == "127.0.0.1" || host == "localhost") {
			n, err := strconv.Atoi(port)
			return err == nil && n == tcp.Port
		}
	}
	host, port, err := net.SplitHostPort(r.Host)
	if err != nil {
		return false
	}
	switch lower(host) {
	case "127.0.0.1", "localhost", "::1":
	default:
		return false
	}
	if !ok {
		return true // the handler is used without a listener
	}
	_, own, err := net.SplitHostPort(local.String())
	return err == nil && own == port
}

// originAllowed says whether a page from this origin may write. No origin is no
// page; `null` is anybody.
func (s *Server) originAllowed(origin string) bool {
	switch origin {
	case "":
		return true
	case "null":
		return false
	}
	if s.origins[lower(origin)] {
		return true
	}
	u, err := url.Parse(origin)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.User != nil || u.Path != "" {
		return false
	}
	return isLoopback(u.Hostname())
}

// mayWrite refuses what would change or run something for a page of another
// origin (DESIGN S16).
func (s *Server) mayWrite(r *http.Request) error {
	origins := r.Header.Values("Origin")
	for _, o := range origins {
		if !s.originAllowed(o) {
			return saying(http.StatusForbidden, "pages from "+headerText(o)+" may not write here: add the origin to allow-origins in patchbay.toml")
		}
	}
	if len(origins) == 0 && r.Header.Get("Sec-Fetch-Site") == "cross-site" {
		return saying(http.StatusForbidden, "pages of other sites may not write here")
	}
	return nil
}

// readBody reads the body of a request, bounded.
func readBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	if r.Body == nil || r.Body == http.NoBody {
		return nil, nil
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	var tooLong *http.MaxBytesError
	if errors.As(err, &tooLong) {
		return nil, saying(http.StatusRequestEntityTooLarge, "the body is longer than 16 MiB")
	}
	if err != nil {
		return nil, saying(http.StatusBadRequest, "the body could not be read: "+err.Error())
	}
	return body, nil
}
