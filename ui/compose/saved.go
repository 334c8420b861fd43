package compose

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"unicode/utf8"
)

// Save asks for a name and keeps the draft in the project's messages folder.
func (p *Panel) Save() {
	if p.o.Ask == nil || p.o.Save == nil {
		return
	}
	d := p.Draft()
	name := p.loaded
	if name == "" {
		name = fileWord(d.Action)
	}
	p.sure = p.loaded
	p.o.Ask("Save message", "Name in messages/; a slash makes a folder, as in transfers/small", name, p.checkName, func(s string) {
		s = cleanName(s)
		p.loaded = s
		p.o.Save(Saved{Name: s, Draft: d})
	})
}

// fileWord makes a name of an action.
func fileWord(action string) string {
	s := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-' || r == '_':
			return r
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		case r == ' ' || r == '.':
			return '-'
		}
		return -1
	}, action)
	if s == "" {
		return "message"
	}
	return s[:min(len(s), 60)]
}

// cleanName takes what the project adds itself off a name.
func cleanName(s string) string {
	s = strings.TrimSpace(s)
	s = strings.TrimPrefix(s, "messages/")
	return path.Clean(strings.TrimSuffix(s, ".json"))
}

// checkName says what is wrong with the name of a saved message, "" for nothing. A
// name that is taken has to be confirmed by giving it once more.
func (p *Panel) checkName(s string) string {
	s = strings.TrimSpace(s)
	clean := cleanName(s)
	switch {
	case s == "" || clean == "." || clean == "":
		return "The message needs a name, for instance transfers/small."
	case !utf8.ValidString(s) || hasControl(s):
		return "A name holds no line ends or other control characters."
	case strings.ContainsAny(s, `\:*?"<>|`):
		return `A name cannot hold any of \ : * ? " < > |: it is a file's name. Use letters, digits, - and /.`
	case path.IsAbs(s) || clean == ".." || strings.HasPrefix(clean, "../"):
		return "The name has to stay inside messages/: leave out the .. and the slash in front."
	case slices.ContainsFunc(strings.Split(clean, "/"), func(part string) bool { return strings.HasPrefix(part, ".") || len(part) > 100 }):
		return "A name and its folders begin with a letter or a digit and have at most 100 bytes."
	case len(clean) > 400:
		return fmt.Sprintf("The name is %s long; at most 400 bytes are possible.", bytesWord(len(clean)))
	}
	if p.o.Saved != nil && clean != p.sure {
		for _, m := range p.o.Saved() {
			switch {
			case m.Name == clean:
				p.sure = clean
				return "There is " + clean + " already. OK once more replaces it."
			case strings.HasPrefix(m.Name, clean+"/"):
				return clean + " is a folder of saved messages. Write " + clean + "/ and a name."
			case strings.HasPrefix(clean, m.Name+"/"):
				return m.Name + " is a saved message and no folder. Choose another folder."
			}
		}
	}
	return ""
}

// load fills the form with a saved message, whose name is proposed when it is
// saved again.
func (p *Panel) load(m Saved) {
	p.put(m.Draft)
	p.loaded = m.Name
}

// PickSaved shows the saved messages to search in.
func (p *Panel) PickSaved() {
	p.pickSaved("saved messages: which one goes into the form?", "Nothing was saved yet: press Save…", p.load)
}

// PickRemove shows the saved messages to take one away.
func (p *Panel) PickRemove() {
	if p.o.Remove != nil {
		p.pickSaved("delete which saved message?", "Nothing was saved yet", p.o.Remove)
	}
}

func (p *Panel) pickSaved(hint, none string, run func(Saved)) {
	if p.o.Pick == nil || p.o.Saved == nil {
		return
	}
	var items []Item
	for _, m := range p.sorted() {
		items = append(items, Item{Title: m.Name, Note: short(m.Draft.Title()), Run: func() { run(m) }})
	}
	if len(items) == 0 {
		items = []Item{{Title: none}}
	}
	p.o.Pick(hint, items)
}

func (p *Panel) sorted() []Saved {
	list := slices.Clone(p.o.Saved())
	slices.SortFunc(list, func(a, b Saved) int { return strings.Compare(a.Name, b.Name) })
	return list
}

// PickHistory shows the drafts that were sent to search in.
func (p *Panel) PickHistory() {
	if p.o.Pick == nil {
		return
	}
	var items []Item
	for _, d := range p.history {
		items = append(items, Item{Title: short(d.Title()), Note: brief(d.Data), Run: func() { p.put(d) }})
	}
	if len(items) == 0 {
		items = []Item{{Title: "Nothing was sent yet"}}
	}
	p.o.Pick("sent before: which one goes into the form?", items)
}
