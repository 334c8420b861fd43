package node

import (
	"sync"

	"github.com/hashicorp/golang-lru/v2/simplelru"

	"patchbay/engine/ao"
	"patchbay/patchdev"
)

// links remembers what the ids stand for that answers gave as links, so that
// they can be asked for. The newest are kept: so many entries of tables and lists
// in all, whatever is below them included, for a single link may hold a whole
// schedule that nothing else holds. Any goroutine may use it.
type links struct {
	mu     sync.Mutex
	lru    *simplelru.LRU[string, linked]
	weight int
	limit  int
}

type linked struct {
	v      patchdev.Value
	weight int
}

// linkWeight is how many entries the tables and lists behind links have together.
const linkWeight = 1 << 18

func newLinks(limit int) *links {
	l := &links{limit: limit}
	c, err := simplelru.NewLRU(limit, func(_ string, x linked) { l.weight -= x.weight })
	if err != nil {
		panic("node: " + err.Error()) // the limit is a constant above zero
	}
	l.lru = c
	return l
}

// weigh estimates how many entries a value and all below it have, from the first
// few of each table and list: what is large is mostly of a kind.
func weigh(v patchdev.Value, depth int) int {
	const few = 16
	seen, below, all := 0, 0, 0
	add := func(x patchdev.Value) (more bool) {
		if seen == few || depth == 0 {
			return false
		}
		seen++
		below += weigh(x, depth-1)
		return true
	}
	switch v := v.(type) {
	case *patchdev.Table:
		all = v.Len()
		v.All()(func(_ string, x patchdev.Value) bool { return add(x) })
	case *patchdev.List:
		all = v.Len()
		v.All()(func(_ int, x patchdev.Value) bool { return add(x) })
	}
	if seen > 0 {
		all = all * below / seen
	}
	return 1 + all
}

// add makes an id known. A single value counts for an eighth of what is kept at
// most: what is larger is the state of a process, which is there anyway, and shall
// not push out the other links of its answer.
func (l *links) add(id string, v patchdev.Value) {
	l.mu.Lock()
	_, known := l.lru.Get(id)
	l.mu.Unlock()
	if known { // the id is a hash: it stands for the same
		return
	}
	x := linked{v, min(weigh(v, 3), max(l.limit/8, 1))}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.lru.Contains(id) {
		return
	}
	l.lru.Add(id, x)
	l.weight += x.weight
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
	x, ok := l.lru.Get(id)
	return x.v, ok
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
