// Package ao holds the nouns of AO that every part of the engine shares:
// messages, tags, results, slots, events, profiles.
//
// It imports only patchdev and starts nothing. Its values are plain data: who
// receives one may read it from any goroutine and must not change it.
package ao

import "patchbay/patchdev"

// Tag is one name and value of a scheduled message. Names keep their spelling,
// order and duplicates.
type Tag struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// TagValue returns the value of the first tag with exactly this name.
func TagValue(tags []Tag, name string) (string, bool) {
	for _, t := range tags {
		if t.Name == name {
			return t.Value, true
		}
	}
	return "", false
}

// Field is one root field of a message or one entry of an outbox message.
type Field struct {
	Name  string
	Value patchdev.Value
}

// Message is a message as the scheduler hands it to a process (spec
// aos-runtime §3). From is who the process will see as the sender.
//
// Typed fields that are empty are left out of what the script sees, but for
// Data, which is absent only when it is nil.
type Message struct {
	// ID is the message's id, 43 characters of base64url. The engine derives it
	// when it is empty (DESIGN S1).
	ID string
	// From is the sender as the process sees it: the From-Process tag or the signer.
	From string
	// Owner is the signer. Empty means the same as From.
	Owner  string
	Target string
	Anchor string
	Tags   []Tag
	// Data is the payload: nil, a patchdev.String, or (flavour H only) any value.
	Data patchdev.Value

	// Timestamp is in milliseconds since 1970. Zero: the engine's clock fills it in.
	Timestamp   int64
	BlockHeight int64
	Epoch       int64
	HashChain   string
	Signature   string
	ForwardedBy string
	Cron        bool
	ReadOnly    bool

	// Fields, when not nil, are the root fields verbatim and in order, as a
	// recorded messages file gives them; then the script sees these and not the
	// typed ones (Tags included, as a list of {name, value}).
	Fields []Field

	// Root names the message that started the chain of deliveries to which this
	// one belongs (its own id for a root), and Depth how many deliveries ago.
	Root  string
	Depth int
	// Source says where the message came from.
	Source Source
	// Label names the saved message of the project that this one was sent from, ""
	// for others. The script does not see it.
	Label string
}

// Action is the value of the first tag named Action, or "".
func (m *Message) Action() string {
	v, _ := TagValue(m.Tags, "Action")
	return v
}

// Source says through which door a message came in.
type Source uint8

// The doors.
const (
	FromComposer Source = iota // the window, or `patchbay run`
	FromHTTP                   // POST push or schedule
	FromProcess                // the outbox of another local process
	FromRun                    // an edited script: Run appends an Eval (DESIGN S2)
	FromCron                   // a cron tick
	FromSpawn                  // the process message, slot 0
)
