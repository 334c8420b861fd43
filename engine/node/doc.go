// Package node is the HTTP face of Patchbay: the paths, encodings and errors of
// a HyperBEAM node, and the control device ~patchbay@1.0 for local tools.
//
// It serves a [Source] and knows nothing of the engine behind it. One [Server]
// may serve several listeners; all its methods may be called from any goroutine.
//
// How a request becomes an answer:
//
//	net/http → guard (Host, Origin, limits: DESIGN S16) → parse (own grammar, no
//	ServeMux) → resolve (steps from a base message) → encode (plain, JSON, HTML)
//	→ access log
//
// Every point on which generations of nodes disagree is asked of
// patchdev.Profile; there is no second copy of a rule.
package node
