package node

import (
	"sync"

	"github.com/hashicorp/golang-lru/v2/simplelru"

	"patchbay/engine/ao"
	"patchbay/patchdev"
)

// links remembers what the ids stand for that answers gave as links, so that
// they can be asked for. The newest are kept: so many entries of tables and lists
// in all, for a single link may hold a thousand others. Any goroutine may use it.
type links struct {
	mu     sync.Mutex
	lru    *simplelru.LRU[string, patchdev.Value]
	weight int
	limit  int
}

// linkWeight is how many entries the tables and lists behind links have together.
const linkWeight = 1 << 18

func newLinks(limit int) *links {
	l := &links{limit: limit}
	c, err := simplelru.NewLRU(limit, func(_ string, v patchdev.Value) { l.weight -= weigh(v) })
	if err != nil {
		panic("node: " + err.Error()) // the limit is a constant above zero
	}
	l.lru = c
	return l
}

// weigh is how many entries a value keeps; what is below them weighs for itself.
func weigh(v patchdev.Value) int {
	switch v := v.(type) {
	case *patchdev.Table:
		return 1 + v.Len()
	case *patchdev.List:
		return 1 + v.Len()
	}
	return 1
}

func (l *links) add(id string, v patchdev.Value) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, known := l.lru.Get(id); known { // the id is a hash: it stands for the same
		return
	}
	l.lru.Add(id, v)
	l.weight += weigh(v)
	for l.weight > l.limit && l.lru.Len() > 1 {
		l.lru.RemoveOldest()
	}
}

func (l *links) knows(id string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.lru.Contains(id)
}

func (l *links) get(id string) (patchdev.Value, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.lru.Get(id)
}

// bodies remembers encoded bodies by the immutable table that they encode, up to
// so many bytes (spec issue "Serving"). Any goroutine may use it.
type bodies struct {
	mu    sync.Mutex
	lru   *simplelru.LRU[bodyKey, encoded]
	bytes int
	limit int
}

type bodyKey struct {
	table  *patchdev.Table
	native bool
	links  bool
}

// encoded is a body with the links that it contains, which are made known again
// whenever it is sent.
type encoded struct {
	body  []byte
	links []link
}

type link struct {
	id string
	v  patchdev.Value
}

func newBodies(limit int) *bodies {
	b := &bodies{limit: limit}
	l, err := simplelru.NewLRU(1<<20, func(_ bodyKey, e encoded) { b.bytes -= len(e.body) })
	if err != nil {
		panic("node: " + err.Error()) // the size is a constant above zero
	}
	b.lru = l
	return b
}

// smallBody is how many bytes are cheaper to encode again than to remember.
const smallBody = 512

// json is a table as serialize~json@1.0 writes it. The bytes are shared: do not
// change them.
func (b *bodies) json(x *exec, t *patchdev.Table, bundle bool) []byte {
	key := bodyKey{t, x.p.NativeBooleans, x.p.Links && !bundle}
	b.mu.Lock()
	e, ok := b.lru.Get(key)
	b.mu.Unlock()
	if ok {
		if n := len(e.links); n > 0 {
			x.hint = linksLint
			if _, known := x.s.links.get(e.links[0].id); !known || n > 1 && !x.s.links.knows(e.links[n-1].id) {
				for _, l := range e.links {
					x.s.links.add(l.id, l.v)
				}
			}
		}
		return e.body
	}
	c := patchdev.Codec{NativeBooleans: key.native, Links: key.links, OnLink: func(id string, v patchdev.Value) {
		x.linked(id, v)
		e.links = append(e.links, link{id, v})
	}}
	e.body = c.AppendTable(make([]byte, 0, 64+48*t.Len()), t, "json@1.0")
	if len(e.body) > smallBody && len(e.body) < b.limit/2 {
		b.mu.Lock()
		if !b.lru.Contains(key) {
			b.lru.Add(key, e)
			b.bytes += len(e.body)
			for b.bytes > b.limit {
				b.lru.RemoveOldest()
			}
		}
		b.mu.Unlock()
	}
	return e.body
}

// linked makes an id known that an answer gives out.
func (x *exec) linked(id string, v patchdev.Value) {
	x.hint = linksLint
	x.s.links.add(id, v)
}

// messages remembers the process messages as tables.
type messages struct {
	mu     sync.Mutex
	tables map[string]rememberedMessage
}

type rememberedMessage struct {
	tags  *ao.Tag // identity of the tags that it was made of
	count int
	table *patchdev.Table
}

func (m *messages) get(info ao.ProcessInfo) *patchdev.Table {
	var first *ao.Tag
	if len(info.Tags) > 0 {
		first = &info.Tags[0]
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if r, ok := m.tables[info.ID]; ok && r.tags == first && r.count == len(info.Tags) {
		return r.table
	}
	t := processMessage(info)
	if m.tables == nil {
		m.tables = map[string]rememberedMessage{}
	}
	m.tables[info.ID] = rememberedMessage{first, len(info.Tags), t}
	return t
}
