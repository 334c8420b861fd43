package journal

import (
	"cmp"
	"slices"
)

// sortChanges orders by slot; within a slot what is nearest to the root first,
// as it happened: a table is replaced before something in it changes.
func sortChanges(list []PathChange) {
	order := func(a, b PathChange) int {
		return cmp.Or(cmp.Compare(a.Slot, b.Slot), cmp.Compare(a.Depth, b.Depth))
	}
	if !slices.IsSortedFunc(list, order) { // as a rule they are all of one path
		slices.SortStableFunc(list, order)
	}
}

func sortEntries(list []Entry) {
	slices.SortFunc(list, func(a, b Entry) int { return cmp.Compare(a.Slot, b.Slot) })
}
