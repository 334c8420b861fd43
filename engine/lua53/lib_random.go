package lua53

// randomState is the generator behind math.random: the additive feedback generator of degree 31 that
// glibc's random() is, because PUC 5.3 on Linux uses that one. So a script that calls
// math.randomseed(42) sees the numbers it sees there. The zero value is not seeded; it is a plain value
// so that a transaction can keep a copy of it.
type randomState struct {
	r    [31]uint32
	f, b uint8 // front and rear
}

// seed sets the state as srandom does.
func (g *randomState) seed(seed uint32) {
	if seed == 0 {
		seed = 1
	}
	g.r[0] = seed
	word := int32(seed)
	for i := 1; i < len(g.r); i++ {
		// word = 16807 * word % (2^31-1) without overflow (Schrage).
		hi, lo := word/127773, word%127773
		if word = 16807*lo - 2836*hi; word < 0 {
			word += 2147483647
		}
		g.r[i] = uint32(word)
	}
	g.f, g.b = 3, 0
	for i := 0; i < 310; i++ {
		g.next()
	}
}

// next returns 31 bits.
func (g *randomState) next() uint32 {
	g.r[g.f] += g.r[g.b]
	v := g.r[g.f] >> 1
	if g.f++; int(g.f) == len(g.r) {
		g.f = 0
	}
	if g.b++; int(g.b) == len(g.r) {
		g.b = 0
	}
	return v
}

// float returns a number in [0,1), as l_rand() * (1/(L_RANDMAX+1)) does.
func (g *randomState) float() float64 { return float64(g.next()) * (1.0 / 2147483648.0) }
