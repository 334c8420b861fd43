package lua

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"patchbay/engine/lua53/syntax"
	"patchbay/ui/code/text"
)

//go:embed api.txt
var apiText string

// Entry is one thing that a script can name.
type Entry struct {
	// Name is written in full: "ao.send". Signature shows the arguments and what comes back, or a type; Help is one line.
	Name, Signature, Help string
	// Func is set for what can be called.
	Func bool
	// Kind says where it comes from.
	Kind EntryKind

	order int // in the table, which puts what is used most first
}

// EntryKind orders suggestions.
type EntryKind uint8

// The kinds of an [Entry]: named in this file, part of the API, a word of the language.
const (
	Local EntryKind = iota
	API
	Keyword
)

// Word is the last part of the name, which is what gets typed.
func (e Entry) Word() string { return e.Name[strings.LastIndexByte(e.Name, '.')+1:] }

// Library is the table of all that scripts can call. It is read-only and may be shared.
type Library struct {
	entries []Entry // sorted by name
	modules map[string]string
}

// NewLibrary reads the table that comes with Patchbay.
func NewLibrary() (*Library, error) { return parseLibrary(apiText) }

func parseLibrary(s string) (*Library, error) {
	l := &Library{modules: map[string]string{}}
	for i, line := range strings.Split(s, "\n") {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || line[0] == '#':
		case line[0] == '=':
			mod, table, ok := strings.Cut(line[1:], " ")
			if !ok {
				return nil, fmt.Errorf("api.txt:%d: a module needs the table it gives", i+1)
			}
			l.modules[mod] = table
		default:
			f := strings.SplitN(line, "|", 3)
			if len(f) != 3 {
				return nil, fmt.Errorf("api.txt:%d: want name | signature | help", i+1)
			}
			e := Entry{Name: strings.TrimSpace(f[0]), Signature: strings.TrimSpace(f[1]), Help: strings.TrimSpace(f[2]), Kind: API}
			rest := strings.TrimPrefix(e.Signature, e.Name)
			e.Func = rest != "" && (rest[0] == '(' || rest[0] == '{')
			e.order = i
			l.entries = append(l.entries, e)
		}
	}
	slices.SortFunc(l.entries, func(a, b Entry) int { return strings.Compare(a.Name, b.Name) })
	return l, nil
}

// Lookup gives the entry of a name as it stands in a script: with a message of another name (m.reply), a module under its own
// name (local j = require("json"); j.encode) or a method of a string (s:upper).
func (l *Library) Lookup(name string, aliases map[string]string) (Entry, bool) {
	name = l.resolve(name, aliases)
	i, ok := slices.BinarySearchFunc(l.entries, name, func(e Entry, n string) int { return strings.Compare(e.Name, n) })
	if !ok {
		return Entry{}, false
	}
	return l.entries[i], true
}

// resolve rewrites a name of a script to that of the table.
func (l *Library) resolve(name string, aliases map[string]string) string {
	if base, word, ok := cutLast(name, ':'); ok && base != "" {
		return "string." + word
	}
	base, rest, ok := strings.Cut(name, ".")
	if !ok {
		return name
	}
	if t, known := aliases[base]; known {
		return t + "." + rest
	}
	if !l.table(base) && messageName(base) {
		return "msg." + rest
	}
	return name
}

func cutLast(s string, sep byte) (before, after string, ok bool) {
	i := strings.LastIndexByte(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+1:], true
}

func (l *Library) table(base string) bool {
	i, _ := slices.BinarySearchFunc(l.entries, base+".", func(e Entry, n string) int { return strings.Compare(e.Name, n) })
	return i < len(l.entries) && strings.HasPrefix(l.entries[i].Name, base+".")
}

// messageName guesses that a name holds a message, as authors call them.
func messageName(s string) bool {
	switch s {
	case "msg", "m", "message", "Msg", "req", "request", "reply", "answer":
		return true
	}
	return false
}

// members gives what can stand behind "base." or, for methods, behind "base:".
func (l *Library) members(base string, method bool, aliases map[string]string) []Entry {
	var prefix string
	if method {
		prefix = "string."
	} else {
		prefix = strings.TrimSuffix(l.resolve(base+".x", aliases), "x")
	}
	var out []Entry
	for _, e := range l.entries {
		rest, ok := strings.CutPrefix(e.Name, prefix)
		if !ok {
			continue
		}
		if head, _, deeper := strings.Cut(rest, "."); deeper {
			sub := Entry{Name: prefix + head, Signature: prefix + head + ": table", Kind: API, order: e.order}
			if n := len(out); n == 0 || out[n-1].Name != sub.Name {
				out = append(out, sub)
			}
			continue
		}
		if method && !strings.HasPrefix(e.Signature, e.Name+"(s") {
			continue
		}
		out = append(out, e)
	}
	return out
}

// globals gives the names that stand by themselves, tables included.
func (l *Library) globals() []Entry {
	var out []Entry
	for _, e := range l.entries {
		head, _, deeper := strings.Cut(e.Name, ".")
		if deeper {
			e = Entry{Name: head, Signature: head + ": table", Kind: API, order: e.order}
			if head == "msg" || head == "bint" || head == "base64" {
				continue // they have these names only where the script gives them
			}
		}
		if n := len(out); n == 0 || out[n-1].Name != e.Name {
			out = append(out, e)
		}
	}
	return out
}

var keywords = []string{
	"and", "break", "do", "else", "elseif", "end", "false", "for", "function", "goto", "if", "in", "local", "nil", "not", "or", "repeat", "return",
	"then", "true", "until", "while",
}

// Suggestion is what completion offers: entries, and the range that the chosen word replaces.
type Suggestion struct {
	Entries []Entry
	Replace text.Range
	// Prefix is what is typed already, After the sign before it: '.', ':' or 0.
	Prefix string
	After  byte
}

// wordsAround is how many lines up and down names of the file are taken from.
const wordsAround = 2000

// Suggest gives what may be meant at p. Nothing is suggested within strings, comments and numbers.
func (d *Doc) Suggest(l *Library, p text.Pos) Suggestion {
	line := d.buf.Line(p.Line)
	from := p.Col
	for from > 0 && wordByte(line[from-1]) && line[from-1] < 0x80 {
		from--
	}
	s := Suggestion{Replace: text.Range{From: text.Pos{Line: p.Line, Col: from}, To: p}, Prefix: line[from:p.Col]}
	if d.InText(p) || s.Prefix != "" && s.Prefix[0] >= '0' && s.Prefix[0] <= '9' {
		return s
	}
	var all []Entry
	if from > 0 && (line[from-1] == '.' || line[from-1] == ':') && (from < 2 || line[from-2] != line[from-1]) {
		s.After = line[from-1]
		base, _ := d.buf.Name(text.Pos{Line: p.Line, Col: from - 1})
		if base == "" && s.After == '.' {
			return s
		}
		all = l.members(base, s.After == ':', d.aliases(l))
		all = append(all, d.fields(p, base)...)
	} else {
		all = append(d.names(p), l.globals()...)
		for _, k := range keywords {
			all = append(all, Entry{Name: k, Signature: k, Kind: Keyword})
		}
	}
	s.Entries = rank(all, s.Prefix)
	return s
}

// rank keeps what fits the prefix: names that start with it before those that only contain it, each once.
func rank(all []Entry, prefix string) []Entry {
	low := strings.ToLower(prefix)
	score := func(e Entry) int {
		w := e.Word()
		switch lw := strings.ToLower(w); {
		case strings.HasPrefix(w, prefix):
			return 0
		case strings.HasPrefix(lw, low):
			return 1
		case len(low) > 1 && strings.Contains(lw, low):
			return 2
		}
		return -1
	}
	type ranked struct {
		Entry
		score int
	}
	var out []ranked
	seen := map[string]bool{}
	for _, e := range all {
		// The API's entry of a name tells more than the file's.
		if n := score(e); n >= 0 && !(e.Kind == Local && slices.ContainsFunc(all, func(o Entry) bool { return o.Kind != Local && o.Word() == e.Word() })) && !seen[e.Word()] {
			seen[e.Word()] = true
			out = append(out, ranked{e, n})
		}
	}
	slices.SortStableFunc(out, func(a, b ranked) int {
		if a.score != b.score {
			return a.score - b.score
		}
		if a.Kind != b.Kind {
			return int(a.Kind) - int(b.Kind)
		}
		if a.order != b.order && prefix == "" {
			return a.order - b.order
		}
		return strings.Compare(a.Word(), b.Word())
	})
	es := make([]Entry, len(out))
	for i := range out {
		es[i] = out[i].Entry
	}
	return es
}

// names gives the names used near p, but the one being typed.
func (d *Doc) names(p text.Pos) []Entry {
	return d.words(p, func(line string, s syntax.Span) bool {
		return s.Start == 0 || line[s.Start-1] != '.' && line[s.Start-1] != ':'
	})
}

// fields gives the names used behind "base." elsewhere in the file.
func (d *Doc) fields(p text.Pos, base string) []Entry {
	return d.words(p, func(line string, s syntax.Span) bool {
		return s.Start > len(base) && (line[s.Start-1] == '.' || line[s.Start-1] == ':') && strings.HasSuffix(line[:s.Start-1], base)
	})
}

func (d *Doc) words(p text.Pos, ok func(line string, s syntax.Span) bool) []Entry {
	seen := map[string]bool{}
	var out []Entry
	for i := max(0, p.Line-wordsAround); i < min(d.buf.Len(), p.Line+wordsAround); i++ {
		line := d.buf.Line(i)
		for _, s := range d.Spans(i) {
			if s.Kind != syntax.KindIdent && s.Kind != syntax.KindFunction && s.Kind != syntax.KindBuiltin || s.End > len(line) || s.End-s.Start < 2 {
				continue
			}
			w := line[s.Start:s.End]
			if i == p.Line && s.Start <= p.Col && p.Col <= s.End || seen[w] || !ok(line, s) {
				continue
			}
			seen[w] = true
			out = append(out, Entry{Name: w, Signature: "in this file", Func: s.Kind == syntax.KindFunction, Kind: Local})
		}
	}
	return out
}

// aliases finds which names of the file hold a module: local j = require("json").
func (d *Doc) aliases(l *Library) map[string]string {
	out := map[string]string{}
	for i := range min(d.buf.Len(), 400) {
		line := d.buf.Line(i)
		at := strings.Index(line, "require")
		if at < 0 {
			continue
		}
		mod := strings.Trim(line[at+len("require"):], "()[] \t;'\"")
		name := strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(line[:at]), "="))
		name = strings.TrimSpace(strings.TrimPrefix(name, "local "))
		// bint is called once to set its width: require('.bint')(256)
		mod, _, _ = strings.Cut(mod, "'")
		mod, _, _ = strings.Cut(mod, `"`)
		if t, ok := l.modules[mod]; ok && name != "" {
			out[name] = t
		}
	}
	return out
}

// Help gives the entry for the name at p.
func (d *Doc) Help(l *Library, p text.Pos) (Entry, text.Range, bool) {
	if d.InText(p) {
		return Entry{}, text.Range{}, false
	}
	name, r := d.buf.Name(p)
	if name == "" {
		return Entry{}, r, false
	}
	e, ok := l.Lookup(name, d.aliases(l))
	return e, r, ok
}
