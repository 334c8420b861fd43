package tree

import (
	"strings"

	"patchbay/patchdev"
)

// residue says whether a root key is there only because every key of a patch
// message lands in the root (spec hyperbeam-observed §1.1): the tags that aos puts
// on each message. They stand last and closed, so that what the author patched
// stands first.
func residue(key string) bool {
	switch strings.ToLower(key) {
	case "anchor", "data-protocol", "device", "from-image", "from-process", "method", "reference", "tags", "target", "type", "variant":
		return true
	}
	return false
}

// rootOrder is keyOrder with the residue last.
func rootOrder(nd *node) ordering {
	if nd.n > sortNow {
		return keyOrder{}
	}
	var first []int
	for i := range nd.n {
		if key, _ := childAt(nd.value, i); !residue(key) {
			first = append(first, i)
		}
	}
	if len(first) == nd.n {
		return keyOrder{}
	}
	return newFirstOrder(first)
}

// inRootOrder calls each for the root's keys, those of the residue last, until it
// says false; it says whether it never did.
func inRootOrder(root *patchdev.Table, each func(string, patchdev.Value) bool) bool {
	for _, last := range []bool{false, true} {
		for k, v := range root.All() {
			if residue(k) == last && !each(k, v) {
				return false
			}
		}
	}
	return true
}
