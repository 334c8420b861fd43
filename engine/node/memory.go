package node

import (
	"sync"

	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/hashicorp/golang-lru/v2/simplelru"

	"patchbay/engine/ao"
	"patchbay/patchdev"
)

// links remembers what the ids stand for that answers gave as links, so that
// they can be asked for. The newest are kept.
type links struct {
	cache *lru.Cache[string, patchdev.Value]
}

func newLinks(n int) *links {
	c, err := lru.New[string, patchdev.Value](n)
	if err != nil {
		panic("node: " + err.Error()) // n is a constant above zero
	}
	return &links{c}
}

func (l *links) add(id string, v patchdev.Value)      { l.cache.Add(id, v) }
func (l *links) knows(id string) bool                 { return l.cache.Contains(id) }
func (l *links) get(id string) (patchdev.Value, bool) { return l.cache.Get(id) }

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
