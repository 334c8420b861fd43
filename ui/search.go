package ui

import (
	"context"
	"slices"
	"sort"

	"patchbay/engine/ao"
)

// chunk is how many slots a search reads at a time.
const chunk = 500

// Search goes through the slots from..to, backwards when to is below from, also
// those that are not at hand. each gets what match found in a chunk with the last
// slot looked at, and says whether to go on; end comes once at the end, unless the
// search was stopped. match runs beside the UI goroutine, the others on it.
func (s *store) Search(from, to int64, match func(*ao.Slot) bool, each func(hits []*ao.Slot, at int64) (more bool), end func(error)) (stop func()) {
	ctx, cancel := context.WithCancel(s.ctx)
	gen, pid := s.gen, s.pid
	var next func(at int64)
	next = func(at int64) {
		a, b := at, min(at+chunk-1, to)
		if to < from {
			a, b = max(at-chunk+1, to), at
		}
		if a > b || a < 0 || pid == "" {
			cancel()
			end(nil)
			return
		}
		var hits []*ao.Slot
		var failed []int64
		var err error
		s.async(func() {
			var list []*ao.Slot
			if list, err = s.engine.Slots(ctx, pid, a, b); err != nil {
				return
			}
			if to < from {
				slices.Reverse(list)
			}
			for _, x := range list {
				if x == nil {
					continue
				}
				if x.Result.Failed() {
					failed = append(failed, x.Number)
				}
				if match(x) {
					hits = append(hits, x)
				}
			}
		}, func() {
			if ctx.Err() != nil || gen != s.gen {
				cancel()
				return
			}
			if err != nil {
				cancel()
				end(err)
				return
			}
			for _, n := range failed {
				s.fails(n)
			}
			last := b
			if to < from {
				last = a
			}
			if !each(hits, last) || last == to {
				cancel()
				end(nil)
				return
			}
			if to < from {
				next(a - 1)
			} else {
				next(b + 1)
			}
		})
	}
	next(from)
	return cancel
}

// fails notes that a slot ended in an error.
func (s *store) fails(n int64) {
	i := sort.Search(len(s.failed), func(i int) bool { return s.failed[i] >= n })
	if i == len(s.failed) || s.failed[i] != n {
		s.failed = slices.Insert(s.failed, i, n)
	}
}
