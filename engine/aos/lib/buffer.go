package lib

import "patchbay/engine/lua53"

// buffer collects text for a script and pays for it while it grows, so that a
// text that never ends is stopped by the budget and not by the machine.
type buffer struct {
	c    *lua53.Call
	b    []byte
	paid int
}

// payEvery is how many bytes may be owed.
const payEvery = 32 << 10

func (b *buffer) str(s string) {
	b.b = append(b.b, s...)
	if len(b.b)-b.paid > payEvery {
		b.pay()
	}
}

func (b *buffer) spaces(n int) {
	const blank = "                                "
	for ; n > len(blank); n -= len(blank) {
		b.str(blank)
	}
	b.str(blank[:max(n, 0)])
}

// cut takes back what was written after a mark.
func (b *buffer) cut(mark int) { b.b, b.paid = b.b[:mark], min(b.paid, mark) }

// pay settles what is owed: bytes, and gas for having moved them.
func (b *buffer) pay() {
	owed := len(b.b) - b.paid
	b.paid = len(b.b)
	b.c.Charge(int64(owed / 16))
	b.c.Alloc(int64(owed))
	if whole := int64(len(b.b)); whole > b.c.State().Limits().Object {
		b.c.Alloc(whole) // says that it is too large for one object
	}
}

// done pays the rest and returns the text.
func (b *buffer) done() string {
	b.pay()
	return string(b.b)
}
