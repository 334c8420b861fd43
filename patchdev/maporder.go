package patchdev

import (
	"encoding/binary"
	"math/bits"
	"slices"
	"strconv"
	"strings"
)

// smallMap is how many keys a map of a node may have and still be walked in order
// of its keys. A larger one is a hash trie, walked in order of the keys' hashes.
const smallMap = 32

// MapOrder sorts keys as a node walks a map that has them (spec hyperbeam-http
// §4.5): up to 32 by bytes, more in the order of a hash trie. That order shows
// where several patches write one place, and in the list of the keys of a big
// table. It is that of the Erlang which the recorded nodes ran (27) and is held
// against the recorded order of 1,000 keys.
func MapOrder(keys []string) {
	if len(keys) <= smallMap {
		slices.Sort(keys)
		return
	}
	hashed := make(map[string]uint64, len(keys))
	for _, k := range keys {
		hashed[k] = trieOrder(binaryHash(k))
	}
	slices.SortFunc(keys, func(a, b string) int { return compareHashed(hashed[a], hashed[b], a, b) })
}

// KeyList sorts keys as a node lists those of a map: a small map from its first
// key, a big one from its last.
func KeyList(keys []string) []string {
	MapOrder(keys)
	if len(keys) > smallMap {
		slices.Reverse(keys)
	}
	return keys
}

func compareHashed(x, y uint64, a, b string) int {
	switch {
	case x < y:
		return -1
	case x > y:
		return 1
	}
	return strings.Compare(a, b)
}

// trieOrder turns a hash into a number of the order in which a trie is walked that
// takes four bits a level, the lowest first.
func trieOrder(h uint64) uint64 {
	h = bits.ReverseBytes64(h)
	return h>>4&0x0f0f0f0f0f0f0f0f | h&0x0f0f0f0f0f0f0f0f<<4
}

// Constants of MurmurHash3, by Austin Appleby, in the public domain.
const (
	hashC1 = 0x87c37b91114253d5
	hashC2 = 0x4cf5ad432745937f
)

// termHash takes in 64 bits at a time, in two halves that feed one another.
type termHash struct {
	a, b, ticks uint64
}

func scrambleA(x uint64) uint64 { return bits.RotateLeft64(x*hashC1, 31) * hashC2 }
func scrambleB(x uint64) uint64 { return bits.RotateLeft64(x*hashC2, 33) * hashC1 }

func (h *termHash) mixA(x uint64) {
	h.a = (bits.RotateLeft64(h.a^scrambleA(x), 27)+h.b)*5 + 0x52dce729
	h.ticks++
}

func (h *termHash) mixB(x uint64) {
	h.b = (bits.RotateLeft64(h.b^scrambleB(x), 31)+h.a)*5 + 0x38495ab5
	h.ticks++
}

// avalanche is MurmurHash3's finalizer; alone, it is the hash of a small integer.
func avalanche(x uint64) uint64 {
	x ^= x >> 33
	x *= 0xff51afd7ed558ccd
	x ^= x >> 33
	x *= 0xc4ceb9fe1a85ec53
	return x ^ x>>33
}

// binaryHash is the hash of a key that is a binary.
func binaryHash(key string) uint64 {
	const kind = 11 // of a binary among the terms
	var h termHash
	h.mixA(kind)
	h.mixB(uint64(len(key)) * 8)
	rest := []byte(key)
	for ; len(rest) >= 16; rest = rest[16:] {
		h.mixA(binary.LittleEndian.Uint64(rest))
		h.mixB(binary.LittleEndian.Uint64(rest[8:]))
	}
	var tail [16]byte
	copy(tail[:], rest)
	if len(rest) > 8 {
		h.b ^= scrambleB(binary.LittleEndian.Uint64(tail[8:]))
	}
	if len(rest) > 0 {
		h.a ^= scrambleA(binary.LittleEndian.Uint64(tail[:]))
	}
	a, b := h.a^h.ticks, h.b^h.ticks
	a += b
	b += a
	a, b = avalanche(a), avalanche(b)
	a += b
	b += a
	return a ^ b
}

// integerHash is the hash of a key that is an integer, as the keys of an outbox
// from aos were up to June 2025.
func integerHash(n int) uint64 {
	const tag = 15 // the lowest four bits of a small integer
	return avalanche(uint64(n)<<4 | tag)
}

// outboxOrder sorts patches as the node walks the outbox that they came in, which
// has size messages in all.
func outboxOrder(patches []Entry, size int, integers bool) []Entry {
	if len(patches) < 2 {
		return patches
	}
	out := slices.Clone(patches)
	if size <= smallMap {
		slices.SortStableFunc(out, func(a, b Entry) int {
			if integers {
				x, err1 := strconv.Atoi(a.Key)
				y, err2 := strconv.Atoi(b.Key)
				if err1 == nil && err2 == nil {
					return x - y
				}
			}
			return strings.Compare(a.Key, b.Key)
		})
		return out
	}
	place := func(key string) uint64 {
		if integers {
			if n, err := strconv.Atoi(key); err == nil {
				return trieOrder(integerHash(n))
			}
		}
		return trieOrder(binaryHash(key))
	}
	places := make(map[string]uint64, len(out))
	for _, e := range out {
		places[e.Key] = place(e.Key)
	}
	slices.SortStableFunc(out, func(a, b Entry) int { return compareHashed(places[a.Key], places[b.Key], a.Key, b.Key) })
	return out
}
