// Package lint knows the traps between a script and a HyperBEAM node: each has
// an id, a sentence for each generation of nodes, and a remedy.
//
// Rules over patches are raised by patchdev when a patch is applied; rules over
// source text by [Source] while typing. Both name the rules of this package.
package lint

// Rule is one trap.
type Rule struct {
	// ID is what a patchdev.Warning names.
	ID string
	// Title is the trap in a few words.
	Title string
	// Current, June and May say what nodes with the profiles `current`, 2025-06 and
	// 2025-05 answer.
	Current, June, May string
	// Remedy is what to write instead.
	Remedy string
	// Stuck: the node cannot compute the slot, so that every read fails.
	Stuck bool
	// Static: found while typing as well.
	Static bool
}

// ByID returns the rule with an id.
func ByID(id string) (Rule, bool) {
	for _, r := range Rules() {
		if r.ID == id {
			return r, true
		}
	}
	return Rule{}, false
}
