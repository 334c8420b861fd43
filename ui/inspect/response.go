// Package inspect shows one path of the cache: the path bar with the URL that a
// HyperBEAM node answers it under, its value, the exact HTTP response, and how it
// changed over the slots.
package inspect

import (
	"net/http"
	"time"
)

// Response is the exact answer of the local node to one request.
type Response struct {
	Status   int
	Header   http.Header
	Body     []byte
	Duration time.Duration
}
