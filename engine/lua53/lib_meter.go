package lua53

// meter is what the pure algorithms of the library need to know of the machine they run in: who pays
// for loops and for bytes. A *State is one; tests bring their own.
//
// Both calls may fail; the algorithm then stops at once and hands the error on unchanged, so that the
// budget's own error (which says what was exceeded) reaches the script.
type meter interface {
	// Charge takes gas for work done inside the library. One unit is worth about one VM instruction.
	Charge(gas int64) error
	// Alloc accounts for bytes about to be allocated for one object, before they are.
	Alloc(bytes int64) error
}

// freeMeter lets everything pass; for tests and for callers that have no budget.
type freeMeter struct{}

func (freeMeter) Charge(int64) error { return nil }
func (freeMeter) Alloc(int64) error  { return nil }

// pay adds up small amounts of work and charges them in portions, because asking the meter for
// every byte would cost more than the byte.
type pay struct {
	m    meter
	owed int64
}

// payBatch is how many steps may be owed before they are charged.
const payBatch = 4096

// step notes n steps; each is one unit of gas.
func (p *pay) step(n int64) error {
	p.owed += n
	if p.owed < payBatch {
		return nil
	}
	return p.settle()
}

// settle charges what is owed.
func (p *pay) settle() error {
	gas := p.owed
	p.owed = 0
	if gas == 0 {
		return nil
	}
	return p.m.Charge(gas)
}
