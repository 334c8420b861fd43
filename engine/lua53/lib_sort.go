package lua53

import "errors"

var errInvalidOrder = errors.New("invalid order function for sorting")

// sortMiddleBelow is PUC's RANLIMIT: smaller partitions always take the middle as pivot.
const sortMiddleBelow = 100

// sorter is PUC 5.3's quicksort, step for step: the same reads, comparisons and stores in the same
// order, so that comparators that count, are inconsistent or fail half-way, and the order of equal
// elements, behave as there. Indices are Lua's, from 1.
//
// PUC takes the clock as pivot when a large partition turns out badly; here the choice is fixed, so that
// an evaluation can be replayed.
type sorter[T any] struct {
	get  func(i uint) T
	set  func(i uint, v T)
	less func(a, b T) bool
	err  error // errInvalidOrder once found; nothing is stored afterwards
}

// sort orders the elements 1 … n.
func (s *sorter[T]) sort(n uint) error {
	if n > 1 {
		s.part(1, n, 0)
	}
	return s.err
}

// set2 stores in PUC's order: i first.
func (s *sorter[T]) set2(i uint, v T, j uint, w T) {
	s.set(i, v)
	s.set(j, w)
}

func (s *sorter[T]) part(lo, up, rnd uint) {
	for lo < up && s.err == nil {
		a, b := s.get(lo), s.get(up)
		if s.less(b, a) {
			s.set2(lo, b, up, a)
		}
		if up-lo == 1 {
			return
		}
		p := (lo + up) / 2
		if up-lo >= sortMiddleBelow && rnd != 0 {
			quarter := (up - lo) / 4
			p = rnd%(quarter*2) + lo + quarter
		}
		pivot, a := s.get(p), s.get(lo)
		if s.less(pivot, a) {
			s.set2(p, a, lo, pivot)
		} else if b = s.get(up); s.less(b, pivot) {
			s.set2(p, b, up, pivot)
		}
		if up-lo == 2 {
			return
		}
		pivot = s.get(p)
		s.set2(p, s.get(up-1), up-1, pivot)
		p = s.partition(lo, up, pivot)
		if s.err != nil {
			return
		}
		var smaller uint
		if p-lo < up-p {
			s.part(lo, p-1, rnd)
			smaller = p - lo
			lo = p + 1
		} else {
			s.part(p+1, up, rnd)
			smaller = up - p
			up = p - 1
		}
		if (up-lo)/128 > smaller {
			rnd = 0x9E3779B9
		}
	}
}

// partition moves what is less than the pivot, which is at up-1, before it and returns its place.
func (s *sorter[T]) partition(lo, up uint, pivot T) uint {
	i, j := lo, up-1
	for {
		i++
		a := s.get(i)
		for s.less(a, pivot) {
			if i == up-1 { // a[up-1] is the pivot: it is less than itself
				s.err = errInvalidOrder
				return i
			}
			i++
			a = s.get(i)
		}
		j--
		b := s.get(j)
		for s.less(pivot, b) {
			if j < i {
				s.err = errInvalidOrder
				return i
			}
			j--
			b = s.get(j)
		}
		if j < i {
			s.set2(up-1, a, i, pivot)
			return i
		}
		s.set2(i, b, j, a)
	}
}
