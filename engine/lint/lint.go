// Package lint knows the traps between a script and a HyperBEAM node: each has
// an id, a sentence for each generation of nodes, and a remedy.
//
// Rules over patches are raised by patchdev when a patch is applied, rules over
// requests by engine/node when it answers, rules over source text by [Source]
// while typing. All name the rules of this package. docs/lints.md is made of it:
//
//	go test ./engine/lint -run TestDocument -update
package lint

// Level says how bad it is to run into a trap.
type Level uint8

const (
	// Note: a reader may be surprised.
	Note Level = iota
	// Warning: some readers get something else, or nothing.
	Warning
	// Error: the process or the message is lost on a real node.
	Error
)

// String is "note", "warning" or "error".
func (l Level) String() string { return [...]string{"note", "warning", "error"}[l] }

// Rule is one trap.
type Rule struct {
	// ID is what a patchdev.Warning names.
	ID    string
	Level Level
	// Title is the trap in a few words.
	Title string
	// Current, June and May say what nodes with the profiles `current`, 2025-06 and
	// 2025-05 do.
	Current, June, May string
	// Remedy is what to write instead.
	Remedy string
	// Stuck: the node cannot compute the slot, so that every read fails.
	Stuck bool
	// Static: found while typing as well, where it is written out.
	Static bool
}

// Says returns the sentence for a profile by its name.
func (r Rule) Says(profile string) string {
	switch profile {
	case "2025-05":
		return r.May
	case "2025-06":
		return r.June
	}
	return r.Current
}

// ByID returns the rule with an id.
func ByID(id string) (Rule, bool) {
	for _, group := range [][]Rule{patchRules(), valueRules(), keyRules(), rawRules(), requestRules()} {
		for _, r := range group {
			if r.ID == id {
				return r.whole(), true
			}
		}
	}
	return Rule{}, false
}

// same stands, in the tables of rules, for the sentence of the next newer
// generation.
const same = "The same."

// whole writes out what the tables abbreviate.
func (r Rule) whole() Rule {
	if r.June == same {
		r.June = r.Current
	}
	if r.May == same || r.May == "As in June." {
		r.May = r.June
	}
	return r
}

// Group is rules that belong together, under a heading.
type Group struct {
	Title string
	Rules []Rule
}

// Groups lists all rules in the order in which docs/lints.md has them.
func Groups() []Group {
	groups := []Group{
		{"Which messages are patches, and how they are applied", patchRules()},
		{"Values", valueRules()},
		{"Keys", keyRules()},
		{"The Lua of raw processes", rawRules()},
		{"Requests", requestRules()},
	}
	for _, g := range groups {
		for i := range g.Rules {
			g.Rules[i] = g.Rules[i].whole()
		}
	}
	return groups
}

// Rules lists all rules.
func Rules() []Rule {
	var out []Rule
	for _, g := range Groups() {
		out = append(out, g.Rules...)
	}
	return out
}
