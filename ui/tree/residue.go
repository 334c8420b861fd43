package tree

import "strings"

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
