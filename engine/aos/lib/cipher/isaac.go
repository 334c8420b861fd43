package cipher

import "errors"

// Isaac is Bob Jenkins' generator as aos holds it, once per process. It is a
// plain value: a copy is a snapshot.
type Isaac struct {
	mem, results [256]uint32
	a, b, c      uint32
	next         int
	seeded       bool
}

// ErrUnseeded says that numbers ran out in a generator that was never seeded.
var ErrUnseeded = errors.New("attempt to perform arithmetic on a nil value (field '?')")

// Seed starts the generator from a text, of which the first 256 bytes count; with
// full the text is worked into all of the state, otherwise it has no influence
// (so aos' unseeded random numbers are always the same).
func (g *Isaac) Seed(text string, full bool) {
	*g = Isaac{seeded: true}
	for i := 0; i < len(text) && i < len(g.results); i++ {
		g.results[i] = uint32(text[i])
	}
	var s [8]uint32
	for i := range s {
		s[i] = 0x9e3779b9
	}
	for i := 0; i < 4; i++ {
		scramble(&s)
	}
	g.fill(&s, full, &g.results)
	if full {
		g.fill(&s, true, &g.mem)
	}
	g.batch()
}

// fill writes the memory from s, adding the words of from first when add is set.
func (g *Isaac) fill(s *[8]uint32, add bool, from *[256]uint32) {
	for i := 0; i < len(g.mem); i += 8 {
		if add {
			for j := range s {
				s[j] += from[i+j]
			}
		}
		scramble(s)
		copy(g.mem[i:], s[:])
	}
}

func scramble(s *[8]uint32) {
	shifts := [8]int{11, -2, 8, -16, 10, -4, 8, -9}
	for i, k := range shifts {
		next := s[(i+1)%8]
		if k > 0 {
			s[i] ^= next << uint(k)
		} else {
			s[i] ^= next >> uint(-k)
		}
		s[(i+3)%8] += s[i]
		s[(i+1)%8] += s[(i+2)%8]
	}
}

// batch makes the next 256 results.
func (g *Isaac) batch() {
	g.c++
	g.b += g.c
	for i := range g.mem {
		x := g.mem[i]
		switch i % 4 {
		case 0:
			g.a ^= g.a << 13
		case 1:
			g.a ^= g.a >> 6
		case 2:
			g.a ^= g.a << 2
		default:
			g.a ^= g.a >> 16
		}
		g.a += g.mem[(i+128)%256]
		y := g.mem[x>>2%256] + g.a + g.b
		g.mem[i] = y
		g.b = g.mem[y>>10%256] + x
		g.results[i] = g.b
	}
	g.next = 0
}

// Next returns the next number. Before the first Seed there is none (ok false);
// after 256 such calls there is an error, as in aos.
func (g *Isaac) Next() (v uint32, ok bool, err error) {
	v, ok = g.results[g.next], g.seeded
	g.next++
	if g.next > 255 {
		if !g.seeded {
			g.next = 255
			return 0, false, ErrUnseeded
		}
		g.batch()
	}
	return v, ok, nil
}

// Crypt shifts every byte of text within printable ASCII by numbers of a generator
// seeded with key: forwards, or back when decrypt is set.
func (g *Isaac) Crypt(text, key string, decrypt bool) []byte {
	const first, span = 32, 95
	g.Seed(key, true)
	out := make([]byte, len(text))
	for i := range out {
		v, _, _ := g.Next() // seeded just now
		shift := int(v%span) + first
		if decrypt {
			shift = -shift
		}
		n := (int(text[i]) - first + shift) % span
		if n < 0 {
			n += span
		}
		out[i] = byte(first + n)
	}
	return out
}
