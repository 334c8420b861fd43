// Package mt19937 is the Mersenne twister behind math.random and `.chance` of an
// aos process (spec aos-runtime §12): 32-bit outputs, seeded by one number.
package mt19937

const (
	size   = 624
	middle = 397

	// DefaultSeed is what a generator starts from that was never seeded.
	DefaultSeed = 5489
)

// Source is one generator. It is a plain value: a copy is a snapshot that goes on
// by itself. The zero value is a generator that was never seeded.
type Source struct {
	state  [size]uint32
	next   int // index of the next word to hand out; size when a new batch is due
	seeded bool
}

// Seed starts the generator anew from the low 32 bits of seed.
func (s *Source) Seed(seed int64) {
	s.state[0] = uint32(seed)
	for i := uint32(1); i < size; i++ {
		prev := s.state[i-1]
		s.state[i] = 1812433253*(prev^prev>>30) + i
	}
	s.next, s.seeded = size, true
}

// Uint32 returns the next output.
func (s *Source) Uint32() uint32 {
	if !s.seeded {
		s.Seed(DefaultSeed)
	}
	if s.next >= size {
		s.refill()
	}
	y := s.state[s.next]
	s.next++
	y ^= y >> 11
	y ^= y << 7 & 0x9d2c5680
	y ^= y << 15 & 0xefc60000
	return y ^ y>>18
}

// Float64 returns a number in [0, 1): an output divided by 2^32.
func (s *Source) Float64() float64 {
	return float64(s.Uint32()) * (1.0 / 4294967296.0)
}

// refill makes the next batch of outputs.
func (s *Source) refill() {
	for i := 0; i < size; i++ {
		y := s.state[i]&0x80000000 | s.state[(i+1)%size]&0x7fffffff
		v := s.state[(i+middle)%size] ^ y>>1
		if y&1 != 0 {
			v ^= 0x9908b0df
		}
		s.state[i] = v
	}
	s.next = 0
}
