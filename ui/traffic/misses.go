package traffic

import (
	"fmt"
	"sort"
	"strings"

	"patchbay/ui/kit"
	"patchbay/ui/theme"
)

// maxGroups is how many different missed paths are told apart; what comes after
// that is counted no more, until the list is cleared.
const maxGroups = 1000

// group is what missed one path, whatever its query.
type group struct {
	last  Exchange
	times int
	// guess was made when times was guessed: again at twice as many, because keys
	// come and go while somebody asks.
	guess   Guess
	guessed int
}

// misses counts misses by path.
type misses struct {
	at   map[string]*group
	list []*group // as they came
}

// add counts an exchange if it is a miss.
func (m *misses) add(e *Exchange) {
	if !e.Missed() {
		return
	}
	path, _, _ := strings.Cut(e.Path, "?")
	g := m.at[path]
	if g == nil {
		if len(m.list) >= maxGroups {
			return
		}
		if m.at == nil {
			m.at = map[string]*group{}
		}
		g = &group{}
		m.at[path] = g
		m.list = append(m.list, g)
	}
	g.last = *e
	g.times++
}

// sorted lists those that match, the most asked first.
func (m *misses) sorted(match func(*Exchange) bool) []*group {
	var out []*group
	for _, g := range m.list {
		if match(&g.last) {
			out = append(out, g)
		}
	}
	sort.SliceStable(out, func(a, b int) bool { return out[a].times > out[b].times })
	return out
}

// guessFor is the guess for a group, made when it is first looked at.
func (p *Panel) guessFor(g *group) Guess {
	if p.o.Guess != nil && (g.guessed == 0 || g.times >= 2*g.guessed) {
		g.guess, g.guessed = p.o.Guess(g.last), g.times
	}
	return g.guess
}

func (p *Panel) missRow(g *group, r *kit.Row) {
	r.Cells = append(r.Cells, kit.Cell{X: 6, Width: 44, End: true, Runs: []kit.Run{kit.Mono(fmt.Sprintf("%d×", g.times), theme.Warn)}})
	switch guess := p.guessFor(g); {
	case guess.There:
		r.AddRight(14, 0, kit.Dim("it is there now"))
	case guess.Text != "":
		r.AddRight(14, 0, kit.Dim("did you mean "), kit.Mono(ShortPath(guess.Text), theme.Accent))
	default:
		r.AddRight(14, 0, kit.Dim("nothing like it"))
	}
	path, _, _ := strings.Cut(g.last.Path, "?")
	r.Add(62, 0, kit.Mono(ShortPath(path), theme.Text))
}
