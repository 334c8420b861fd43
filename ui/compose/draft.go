// Package compose is the panel in which a message is written and sent: sender,
// action, tags, data, and what was sent before.
package compose

import "patchbay/engine/ao"

// Draft is a message as the author writes it: names instead of addresses,
// variables such as {{alice}} or {{last.Id}} not yet filled in.
type Draft struct {
	// From is an account's name, or an address verbatim.
	From string `json:"from"`
	// Target is empty for the process shown, else an address or a process's name.
	Target string `json:"target,omitempty"`
	Action string `json:"action"`
	// Tags are the other tags, in order. Names may repeat.
	Tags []ao.Tag `json:"tags,omitempty"`
	Data string   `json:"data,omitempty"`
	// As says what Data is meant to be: [AsJSON], [AsText], or "" for whatever it
	// looks like.
	As string `json:"as,omitempty"`
}

// Account is somebody who may send: a name of the project and its 43-character address.
type Account struct {
	Name    string
	Address string
}

// Saved is a draft kept in the project's messages folder. Name may contain
// slashes: "transfers/too much" is a file in a folder.
type Saved struct {
	Name  string
	Draft Draft
}
