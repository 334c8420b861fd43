package node

import "net/http"

// Quiet answers as the server does, but leaves no trace in the access log: for
// the window's own look at what a browser would get.
func (s *Server) Quiet() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var unlogged Access
		if out := s.answer(w, r, &unlogged); out != nil {
			s.send(w, r, out)
		}
	})
}
