package ui

import (
	"context"
	"slices"

	"patchbay/engine/ao"
)

// store holds the slots of the process shown that are at hand, and fetches others
// when somebody looks at them. UI goroutine.
type store struct {
	engine  Engine
	async   func(work, then func())
	ctx     context.Context
	onFetch func()

	pid      string
	head     int64
	schedule int64
	slots    map[int64]*ao.Slot
	failed   []int64 // ascending, of the slots seen
	asked    map[int64]bool
	gen      int // grows when the process or its branch changes: late answers are dropped
}

// keepSlots is how many slots stay in memory, window how many are fetched at once.
const (
	keepSlots = 4000
	window    = 200
)

func newStore(e Engine, ctx context.Context, async func(work, then func())) *store {
	s := &store{engine: e, ctx: ctx, async: async}
	s.reset("")
	return s
}

// reset shows another process, or the same one from scratch.
func (s *store) reset(pid string) {
	s.gen++
	s.pid, s.head, s.schedule = pid, -1, -1
	s.slots, s.asked, s.failed = map[int64]*ao.Slot{}, map[int64]bool{}, nil
	s.sync()
}

// sync reads how far the process is.
func (s *store) sync() {
	if s.pid == "" {
		return
	}
	if h, _, ok := s.engine.Head(s.pid); ok {
		s.head = h
	}
	s.schedule = max(s.engine.Scheduled(s.pid), s.head)
}

// put takes a computed slot over.
func (s *store) put(x *ao.Slot) {
	if _, known := s.slots[x.Number]; !known && x.Result.Failed() {
		s.fails(x.Number)
	}
	s.slots[x.Number] = x
	if len(s.slots) > keepSlots+keepSlots/4 {
		s.evict(x.Number)
	}
}

// evict forgets the slots farthest from near; they can be fetched again.
func (s *store) evict(near int64) {
	list := make([]int64, 0, len(s.slots))
	for n := range s.slots {
		list = append(list, n)
	}
	slices.SortFunc(list, func(a, b int64) int { return int(abs(a-near) - abs(b-near)) })
	for _, n := range list[keepSlots:] {
		delete(s.slots, n)
		delete(s.asked, n/window)
	}
}

func abs(n int64) int64 { return max(n, -n) }

// Head is the last computed slot, Scheduled the last scheduled one.
func (s *store) Head() int64 { return s.head }

// Scheduled is the last scheduled slot.
func (s *store) Scheduled() int64 { return max(s.schedule, s.head) }

// Slot gives a slot that is at hand, or fetches its neighbourhood.
func (s *store) Slot(n int64) *ao.Slot {
	if x := s.slots[n]; x != nil {
		return x
	}
	if n >= 0 && n <= s.head {
		s.fetch(n / window)
	}
	return nil
}

func (s *store) fetch(w int64) {
	if s.asked[w] || s.pid == "" {
		return
	}
	s.asked[w] = true
	gen, pid := s.gen, s.pid
	var got []*ao.Slot
	var err error
	s.async(func() { got, err = s.engine.Slots(s.ctx, pid, w*window, w*window+window-1) }, func() {
		if gen != s.gen {
			return
		}
		if err != nil || int64(len(got)) < min(window, s.head-w*window+1) {
			s.asked[w] = false // newer ones may come; ask again when looked at
		}
		n := 0
		for _, x := range got {
			if x != nil && s.slots[x.Number] == nil {
				s.put(x)
				n++
			}
		}
		if n > 0 && s.onFetch != nil {
			s.onFetch()
		}
	})
}
