package node

import (
	"errors"
	"net/http"

	"patchbay/patchdev"
)

// failure is an answer that is not what was asked for. Kind decides how it
// looks in each generation (spec hyperbeam-http §14); reason is ours and says what
// a real node leaves unsaid.
type failure struct {
	kind   failKind
	reason string
	// fields are members of an answer that a node gives as a message.
	fields *patchdev.Table
	status int
}

type failKind uint8

const (
	notFound  failKind = iota // a key that is not there: 404
	noProcess                 // a process that is not there, read below its id
	crashed                   // the node would crash on it: 500
	silent                    // 500 with an empty body: the error formatter crashes too
	tooFar                    // a slot that is not scheduled yet
	message                   // a status with fields
)

func (f *failure) Error() string { return f.reason }

func missing(reason string) *failure { return &failure{kind: notFound, reason: reason, status: 404} }

func crash(reason string) *failure { return &failure{kind: crashed, reason: reason, status: 500} }

// asFailure turns any error into a failure.
func asFailure(err error) *failure {
	var f *failure
	var bad *errPath
	switch {
	case errors.As(err, &f):
		return f
	case errors.As(err, &bad):
		return crash(bad.reason)
	case errors.Is(err, ErrNoProcess):
		return &failure{kind: noProcess, reason: err.Error(), status: 404}
	case errors.Is(err, ErrNoSlot):
		return &failure{kind: tooFar, reason: err.Error(), status: 404}
	case errors.Is(err, ErrNoMessage):
		return missing(err.Error())
	case errors.Is(err, ErrBadMessage):
		return invalid(err.Error())
	case errors.Is(err, ErrReadOnly):
		return saying(http.StatusServiceUnavailable, err.Error())
	case errors.Is(err, ErrNameTaken):
		return saying(http.StatusConflict, err.Error())
	}
	return crash(err.Error())
}

// saying is an answer with a status and a reason.
func saying(status int, reason string) *failure {
	return &failure{
		kind: message, reason: reason, status: status,
		fields: patchdev.NewTable("body", reason, "reason", reason),
	}
}

// invalid is what a scheduler answers to a message that it cannot take.
func invalid(reason string) *failure {
	return &failure{
		kind: message, reason: reason, status: 400,
		fields: patchdev.NewTable("body", "Message is not valid.", "reason", "Given message is invalid."),
	}
}
