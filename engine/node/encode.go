package node

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"patchbay/patchdev"
)

// answer is what goes out: a status, headers in the order in which they were
// added, and a body.
type answer struct {
	status  int
	headers []header
	// contentType is "" when the answer has none, as leaves have none.
	contentType string
	body        []byte
	reason      string
	// bare: no CORS headers, as when a real node's error formatter crashes.
	bare bool
}

type header struct{ name, value string }

func (a *answer) add(name, value string) { a.headers = append(a.headers, header{name, value}) }

// maxHeaderBytes is how much of a table goes into headers: a node sends all of
// it, but no client takes more than this; what is left goes into parts.
const maxHeaderBytes = 512 << 10

// longHeader is the longest value that is a header; longer ones become a part.
const longHeader = 4096

// encoder writes one table as an answer without codec: scalars as headers,
// the rest as parts or links (spec hyperbeam-http §5).
type encoder struct {
	p       *patchdev.Profile
	bundle  bool
	onLink  func(id string, v patchdev.Value)
	types   []string // entries of ao-types
	headers []header
	ids     []string // entries of ao-ids
	parts   []part
	body    []byte
	hasBody bool
	bodyKey string
	room    int // how many bytes of headers there may still be
}

type part struct {
	name    string // of the member; the inline body has the name of its member too
	inline  bool
	headers []header
	body    []byte
	hasBody bool
}

// scalar is the text and the type of a scalar in a header; ok is false for
// lists and tables.
func (e *encoder) scalar(v patchdev.Value) (text, typ string, ok bool) {
	switch v := v.(type) {
	case patchdev.String:
		return string(v), "", true
	case patchdev.Int:
		return strconv.FormatInt(int64(v), 10), "integer", true
	case patchdev.Float:
		return floatText(float64(v)), "float", true
	case patchdev.Bool:
		return e.atomText(strconv.FormatBool(bool(v))), "atom", true
	case patchdev.Atom:
		return e.atomText(string(v)), "atom", true
	}
	return "", "", false
}

func (e *encoder) atomText(s string) string {
	if !e.p.IndexPage {
		return `"` + s + `"`
	}
	return s
}

// floatText writes a float as Erlang does: 20 digits, scientific (spec §5.1).
func floatText(f float64) string {
	s := strconv.FormatFloat(f, 'e', 20, 64)
	return s
}

func typeEntry(key, typ string) string { return patchdev.TypeKey(key) + `="` + typ + `"` }

// members encodes the members of the table that is the answer itself.
func (e *encoder) members(t *patchdev.Table) {
	_, hasBody := t.Get("body")
	for k, v := range t.All() {
		switch {
		case k == "content-type" || k == "status" || k == "ao-types" || k == "commitments":
			// The caller's, or what a plain answer has in its signature headers.
		case k == "body" || k == "data" && !hasBody:
			e.bodyMember(k, v)
		default:
			e.member("", k, v, &e.headers, &e.types)
		}
	}
}

// bodyMember makes the body of the answer of a member `body` or `data`.
func (e *encoder) bodyMember(k string, v patchdev.Value) {
	text, typ, ok := e.scalar(v)
	switch t := v.(type) {
	case *patchdev.Table:
		if e.p.PlainLinks && !e.bundle || t.Len() == 0 {
			e.member("", k, v, &e.headers, &e.types)
			return
		}
		e.inlinePart(k, t)
		return
	case *patchdev.List:
		e.member("", k, v, &e.headers, &e.types)
		return
	}
	if !ok {
		return
	}
	if typ == "atom" {
		text = strings.Trim(text, `"`)
	}
	if typ != "" {
		e.types = append(e.types, typeEntry(k, typ))
	}
	if text == "" && !e.p.IndexPage {
		e.types = append(e.types, typeEntry(k, "empty-binary"))
	}
	e.body, e.hasBody = []byte(text), text != ""
	if k != "body" {
		e.bodyKey = k
	}
}

// inlinePart writes a table that is the body as the part without a name.
func (e *encoder) inlinePart(k string, t *patchdev.Table) {
	p := part{name: k, inline: true}
	var types []string
	for name, v := range t.All() {
		e.member(k, name, v, &p.headers, &types)
	}
	e.finish(&p, types)
	e.parts = append(e.parts, p)
	if k != "body" {
		e.bodyKey = k
	}
}

// member encodes one member of the answer, or of the part whose name is within.
func (e *encoder) member(within, k string, v patchdev.Value, headers *[]header, types *[]string) {
	name := k
	if within != "" {
		name = within + "/" + k
	}
	text, typ, ok := e.scalar(v)
	if ok {
		if typ != "" {
			*types = append(*types, typeEntry(k, typ))
		}
		if text == "" && !e.p.IndexPage {
			*types = append(*types, typeEntry(k, "empty-binary"))
			return
		}
		switch {
		case len(text) > longHeader || !safeValue(text) || !safeName(k) || e.room < 0:
			e.parts = append(e.parts, part{name: name, body: []byte(text), hasBody: true})
		case e.p.IDHeaders && isID(k) && within == "":
			e.ids = append(e.ids, k+`="`+escapeQuoted(text)+`"`)
		case within == "" && patchdev.Framing(k):
			// Never the user's (DESIGN S19).
		default:
			*headers = append(*headers, header{k, text})
			if within == "" {
				e.room -= len(k) + len(text) + 4
			}
		}
		return
	}
	switch v := v.(type) {
	case *patchdev.Table:
		e.table(within, name, k, v, headers, types)
	case *patchdev.List:
		e.list(within, name, k, v, headers, types)
	}
}

func (e *encoder) link(within, k string, v patchdev.Value, headers *[]header) bool {
	if !e.p.PlainLinks || e.bundle {
		return false
	}
	id := patchdev.LinkID(v)
	e.onLink(id, v)
	if safeName(k) && (within != "" || !patchdev.Framing(k+"+link") && e.room >= 0) {
		if within == "" {
			e.room -= len(k) + len(id) + 9
		}
		*headers = append(*headers, header{k + "+link", id})
	}
	return true
}

func (e *encoder) table(within, name, k string, t *patchdev.Table, headers *[]header, types *[]string) {
	if e.link(within, k, t, headers) {
		return
	}
	if t.Len() == 0 {
		if e.p.IndexPage {
			e.parts = append(e.parts, part{name: name, headers: []header{{"ao-types", "empty-message"}}})
		} else {
			*types = append(*types, typeEntry(k, "empty-message"))
		}
		return
	}
	e.tablePart(name, t, nil)
}

// tablePart writes a table as a part of its own, unless it has nothing but
// tables, and what is below it as further parts.
func (e *encoder) tablePart(name string, t *patchdev.Table, types []string) {
	p := part{name: name}
	own := len(types) > 0
	for k, v := range t.All() {
		if k == "body" {
			if text, typ, ok := e.scalar(v); ok {
				p.body, p.hasBody = []byte(text), true
				if typ != "" {
					types = append(types, typeEntry(k, typ))
				}
				continue
			}
		}
		e.member(name, k, v, &p.headers, &types)
	}
	if len(p.headers) > 0 || p.hasBody || len(types) > 0 || own {
		e.finish(&p, types)
		e.parts = append(e.parts, p)
	}
}

func (e *encoder) finish(p *part, types []string) {
	if len(types) > 0 {
		slices.Sort(types)
		p.headers = append(p.headers, header{"ao-types", strings.Join(types, ", ")})
	}
}

func (e *encoder) list(within, name, k string, l *patchdev.List, headers *[]header, types *[]string) {
	if e.link(within, k, l, headers) {
		return
	}
	if e.p.IndexPage { // a numbered table that says what it is
		if l.Len() == 0 {
			e.parts = append(e.parts, part{name: name, headers: []header{{"ao-types", `.="list"`}}})
			return
		}
		e.tablePart(name, patchdev.Numbered(l), []string{`.="list"`})
		return
	}
	if l.Len() == 0 {
		*types = append(*types, typeEntry(k, "empty-list"))
		return
	}
	*types = append(*types, typeEntry(k, "list"))
	items := make([]string, 0, l.Len())
	for _, v := range l.All() {
		text, typ, ok := e.scalar(v)
		if !ok { // a list with tables in it is parts by number
			e.tablePart(name, patchdev.Numbered(l), nil)
			return
		}
		text = strings.Trim(text, `"`)
		if typ != "" {
			text = "(ao-type-" + typ + ") " + text
		}
		items = append(items, `"`+escapeQuoted(text)+`"`)
	}
	text := strings.Join(items, ", ")
	if len(text) > longHeader || !safeValue(text) || !safeName(k) {
		e.parts = append(e.parts, part{name: name, body: []byte(text), hasBody: true})
		return
	}
	if within != "" || !patchdev.Framing(k) {
		*headers = append(*headers, header{k, text})
	}
}

func escapeQuoted(s string) string {
	return strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s)
}

// safeName says whether a key can be the name of a header. A key that cannot
// would break the framing of the answer, so its member becomes a part.
func safeName(k string) bool {
	if k == "" {
		return false
	}
	for i := 0; i < len(k); i++ {
		c := k[i]
		if c <= ' ' || c >= 0x7f || strings.IndexByte(`()<>@,;:\"/[]?={}`, c) >= 0 {
			return false
		}
	}
	return true
}

// safeValue says whether a text can be the value of a header (spec §5.5).
func safeValue(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c < 0x20 && c != '\t' || c == 0x7f {
			return false
		}
	}
	return s == strings.Trim(s, " \t")
}

// multipart joins the parts into a body and returns it with its boundary.
func (e *encoder) multipart() ([]byte, string) {
	parts := slices.Clone(e.parts)
	if e.hasBody {
		key := e.bodyKey
		if key == "" {
			key = "body"
		}
		parts = append(parts, part{name: key, inline: true, body: e.body, hasBody: true})
	}
	slices.SortStableFunc(parts, func(a, b part) int { return strings.Compare(a.name, b.name) })
	bodies := make([][]byte, len(parts))
	digest := sha256.New()
	for i, p := range parts {
		bodies[i] = p.encode()
		digest.Write(bodies[i])
	}
	boundary := base64.RawURLEncoding.EncodeToString(digest.Sum(nil))
	var out []byte
	for _, b := range bodies {
		out = append(append(append(out, "--"...), boundary...), "\r\n"...)
		out = append(append(out, b...), "\r\n"...)
	}
	out = append(append(append(out, "--"...), boundary...), "--"...)
	return out, boundary
}

func (p *part) encode() []byte {
	name := p.name
	if p.hasBody && len(p.headers) == 0 && !p.inline && strings.HasSuffix(name, "/body") {
		name = strings.TrimSuffix(name, "/body")
	}
	disposition := `form-data;name="` + escapePart(name) + `"`
	if p.inline {
		disposition = "inline"
	}
	headers := append(slices.Clone(p.headers), header{"content-disposition", disposition})
	slices.SortStableFunc(headers, func(a, b header) int { return strings.Compare(a.name, b.name) })
	var out []byte
	for i, h := range headers {
		if i > 0 {
			out = append(out, "\r\n"...)
		}
		out = append(append(append(out, h.name...), ": "...), h.value...)
	}
	if p.hasBody {
		out = append(append(out, "\r\n\r\n"...), p.body...)
	}
	return out
}

// escapePart keeps a key from ending the quoted name of its part or the line.
func escapePart(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if c := s[i]; c < 0x20 || c == 0x7f || c == '"' {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}
