// Package traffic shows what browsers and tools ask of the local node: a live
// list of HTTP exchanges with a filter, and the misses among them grouped by
// path with a guess at what was meant.
package traffic

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Exchange is one HTTP request that the local node answered. It is plain data
// and never changes once handed over.
type Exchange struct {
	// ID grows by one with every exchange, from 1.
	ID uint64
	// At is when the request arrived, Duration how long the answer took.
	At       time.Time
	Duration time.Duration
	Method   string
	// Path is the path and query as they came over the wire, undecoded.
	Path   string
	Status int
	// Bytes is the length of the answer's body.
	Bytes int64
	// Origin is the request's Origin header, "" for tools such as curl.
	Origin string
	// Note says in a sentence what a real node would have done differently, or
	// why the request was refused; "" when there is nothing to say.
	Note string
	// Process and Key are set when the path reads or writes a local process: its
	// id, and the keys below now/ or compute/ (["cache","balances"]).
	Process string
	Key     []string
	// Past says that the path asks for the state after a slot ("compute=12"), Slot
	// for which.
	Past bool
	Slot int64
	// Sent says that the request scheduled a message, at Slot.
	Sent bool
}

// Missed says whether the exchange asked for something that is not there: a path
// that was not found, or one that reached no process.
func (e *Exchange) Missed() bool {
	return e.Status == http.StatusNotFound ||
		e.Status == http.StatusInternalServerError && e.Method == http.MethodGet && e.Process == "" && len(e.Key) == 0
}

// Guess is what a path that was not found may have meant.
type Guess struct {
	// Text is what to write instead; "" for no guess.
	Text string
	// Process and Key are what that leads to; Process is "" when it leads nowhere.
	Process string
	Key     []string
	// There says that the path as it was asked for is there by now.
	There bool
}

// says whether a word of a filter, in lower case, is meant: anywhere, in the part
// that is named before it (method:post), or as a class of status (4xx).
func (e *Exchange) says(w string) bool {
	status := strconv.Itoa(e.Status)
	class := func(w string) bool { return len(w) == 3 && w[1:] == "xx" && w[0] == status[0] }
	part, word, named := strings.Cut(w, ":")
	in := func(s string) bool { return strings.Contains(strings.ToLower(s), word) }
	switch {
	case !named:
	case part == "method":
		return in(e.Method)
	case part == "status" || part == "status-code":
		return strings.HasPrefix(status, word) || class(word)
	case part == "path":
		return in(e.Path)
	case part == "origin":
		return in(origin(e.Origin))
	}
	word = w
	return class(w) || in(e.Method+" "+e.Path+" "+status+" "+origin(e.Origin)+" "+e.Note)
}
