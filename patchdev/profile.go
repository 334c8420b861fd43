package patchdev

// Profile holds the points on which generations of nodes disagree (DESIGN §9
// S10–S12). It is settings, not copies of code: every rule asks the profile.
type Profile struct {
	// Name is "current", "2025-05" or "2025-06".
	Name string

	// FoldKeys: keys of patches are stored in lower case, at every depth (spec
	// hyperbeam-observed §1.3). Otherwise they keep their case, and a request is
	// tried as written, then in lower case. Keys of 32, 42 and 43 bytes are ids and
	// never folded.
	FoldKeys bool
	// AnyCasePatch: the keys `device` and `method` of an outbox message make it a
	// patch in any spelling.
	AnyCasePatch bool
	// EmptyIsList: the `{}` of a raw Lua process is an empty list, which clears,
	// and not an empty table, which changes nothing. From aos it always is a list.
	EmptyIsList bool
	// IntegerOutbox: the outbox of aos has integer keys, so several patches are
	// folded in order of sending; otherwise its keys are strings, and "10" comes
	// before "2".
	IntegerOutbox bool
	// Unset: the string "__ao-unset__" in a patch from aos removes the key.
	Unset bool
	// StuckOnUnknownDevice: an outbox message with a `device` that the node does
	// not know fails the slot.
	StuckOnUnknownDevice bool
	// FailWithoutFrom: patch@1.0 in the stack without `patch-from` fails every slot.
	FailWithoutFrom bool

	// NativeBooleans: JSON has true and false; otherwise the strings "true" and
	// "false" with an `ao-types` member beside them.
	NativeBooleans bool
	// Links: JSON has "key+link" ids in place of nested tables unless bundled.
	Links bool
	// PlainLinks: plain answers have "key+link" headers in place of multipart parts
	// unless bundled.
	PlainLinks bool
	// IndexPage: a plain answer with neither body nor content type has the HTML
	// page as its body.
	IndexPage bool
	// HTMLNotFound: a plain 404 is the HTML page, not the text "not_found" in quotes.
	HTMLNotFound bool
	// BooleanLeaf500: asking for a boolean directly is a 500.
	BooleanLeaf500 bool
	// RequireCodec: require-codec and a whole Accept of application/json ask for JSON.
	RequireCodec bool
	// QueryBundle: accept-bundle works in the query as well as in a header.
	QueryBundle bool
	// NameValue: `name=V` in a path is name with the parameter name=V.
	NameValue bool
	// ExposeHeaders: answers carry access-control-expose-headers.
	ExposeHeaders bool
	// TypedQuery: `a%2Binteger=7` in a query is typed.
	TypedQuery bool
	// DoubleDecode: the path is percent-decoded twice.
	DoubleDecode bool
	// StuckOnBadValue: integers of 16 and more digits, NaN and infinities make
	// every read of the process fail (in all generations; only `current` repeats
	// it: DESIGN S11, S12).
	StuckOnBadValue bool
	// InlineBodyKey is the name of the header that says which member became the body.
	InlineBodyKey string
	// IDHeaders: members named by an id are one `ao-ids` dictionary.
	IDHeaders bool
}

// Current is the profile `current`: the build of 6 September 2025, and what the
// tree of 2026 adds where that build has nothing (DESIGN S11).
func Current() Profile {
	return Profile{
		Name: "current", Unset: true, StuckOnUnknownDevice: true, FailWithoutFrom: true,
		Links: true, PlainLinks: true, IndexPage: true, HTMLNotFound: true, RequireCodec: true,
		QueryBundle: true, NameValue: true, ExposeHeaders: true, TypedQuery: true,
		StuckOnBadValue: true, InlineBodyKey: "ao-body-key", IDHeaders: true,
	}
}

// Profile202505 is the build of 19 May 2025 ("main").
func Profile202505() Profile {
	return Profile{
		Name: "2025-05", FoldKeys: true, AnyCasePatch: true, EmptyIsList: true, IntegerOutbox: true,
		FailWithoutFrom: true, NativeBooleans: true, BooleanLeaf500: true, DoubleDecode: true,
		InlineBodyKey: "inline-body-key",
	}
}

// Profile202506 is the build of 14 June 2025 ("edge").
func Profile202506() Profile {
	return Profile{
		Name: "2025-06", FoldKeys: true, AnyCasePatch: true, EmptyIsList: true, IntegerOutbox: true,
		NativeBooleans: true, BooleanLeaf500: true, PlainLinks: true, IndexPage: true,
		HTMLNotFound: true, ExposeHeaders: true, DoubleDecode: true,
		InlineBodyKey: "ao-body-key", IDHeaders: true,
	}
}

// ProfileByName returns the profile with that name; "" is `current`.
func ProfileByName(name string) (Profile, bool) {
	switch name {
	case "", "current":
		return Current(), true
	case "2025-05":
		return Profile202505(), true
	case "2025-06":
		return Profile202506(), true
	}
	return Profile{}, false
}

// ProfileNames lists the profiles, the default first.
func ProfileNames() []string { return []string{"current", "2025-06", "2025-05"} }
