// Package tree is the live tree of the cache: a pure [Model] of rows, and the
// [Panel] that draws them.
//
// The model never holds a row for a key. It knows the branches that are open and
// how many keys each has, and asks the immutable table for the keys of the rows
// that are on screen, so that a table of a million keys costs no more than one of
// ten: taking over a new root costs a few steps for each open branch.
package tree
