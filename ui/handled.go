package ui

import (
	"regexp"
	"slices"
	"strings"

	"patchbay/engine/lua53/syntax"
	"patchbay/ui/compose"
)

// What a script handles is read from its text by shape and not by running it: the
// window offers it before the first message, and while the text does not parse.
var (
	handlerAdd = regexp.MustCompile(`Handlers\s*\.\s*(?:add|prepend|append|once)\s*\(\s*(?:["']([^"'\n]*)["']\s*,\s*)?(?:["']([^"'\n]+)["']|Handlers\s*\.\s*utils\s*\.\s*hasMatchingTag\s*\(\s*["']Action["']\s*,\s*["']([^"'\n]+)["']|\{[^}]*Action\s*=\s*["']([^"'\n]+)["'])?`)
	handlerHow = regexp.MustCompile(`Action\s*==\s*["']([^"'\n]+)["']`)
	tagRead    = regexp.MustCompile(`(?:\bTags\s*\.\s*|\bTags\s*\[\s*["'])([A-Za-z][A-Za-z0-9_-]*)`)
	anyAction  = regexp.MustCompile(`\b[Aa]ction["']?\]?\s*==\s*["']([^"'\n]+)["']`)
	fieldRead  = regexp.MustCompile(`\b(?:msg|m|message)\s*\.\s*([A-Z][A-Za-z0-9_]*)`)
)

// notTags are fields of every message, which nobody fills into a form.
var notTags = []string{
	"From", "Owner", "Target", "Data", "Tags", "TagArray", "Action", "Id", "Timestamp", "Cron", "Anchor", "Signature",
	"Module", "Nonce", "Epoch", "Block", "Reply", "Forward", "X", "Type", "Variant", "Reference",
}

// handled lists the actions of a script with the tags that each handler reads, in
// the order in which its text names them first.
func handled(src string) []compose.Action {
	src = withoutComments(src)
	var out []compose.Action
	at := handlerAdd.FindAllStringSubmatchIndex(src, -1)
	group := func(m []int, g int) string {
		if m[2*g] < 0 {
			return ""
		}
		return src[m[2*g]:m[2*g+1]]
	}
	for i, m := range at {
		end := len(src)
		if i+1 < len(at) {
			end = at[i+1][0]
		}
		body := src[m[1]:end]
		action := group(m, 2)
		if action == "" {
			action = group(m, 3)
		}
		if action == "" {
			action = group(m, 4)
		}
		if action == "" {
			if h := handlerHow.FindStringSubmatch(body); h != nil {
				action = h[1]
			}
		}
		if action == "" {
			action = group(m, 1)
		}
		if action == "" || slices.ContainsFunc(out, func(a compose.Action) bool { return a.Name == action }) {
			continue
		}
		a := compose.Action{Name: action}
		var reads [][]int
		for _, re := range []*regexp.Regexp{tagRead, fieldRead} {
			reads = append(reads, re.FindAllStringSubmatchIndex(body, -1)...)
		}
		slices.SortFunc(reads, func(a, b []int) int { return a[2] - b[2] }) // as the handler reads them
		for _, r := range reads {
			if t := body[r[2]:r[3]]; !slices.Contains(a.Tags, t) && !slices.Contains(notTags, t) {
				a.Tags = append(a.Tags, t)
			}
		}
		out = append(out, a)
	}
	if len(out) > 0 {
		return out
	}
	// a raw script compares the action itself
	for _, m := range anyAction.FindAllStringSubmatch(src, 200) {
		if !slices.ContainsFunc(out, func(a compose.Action) bool { return a.Name == m[1] }) {
			out = append(out, compose.Action{Name: m[1]})
		}
	}
	return out
}

// withoutComments puts spaces where the comments of a script are.
func withoutComments(src string) string {
	lines := strings.Split(src, "\n")
	var state syntax.LineState
	var spans []syntax.Span
	for i, line := range lines {
		spans, state = syntax.LexLine(line, state, spans[:0])
		for _, s := range spans {
			if s.Kind == syntax.KindComment {
				line = line[:s.Start] + strings.Repeat(" ", s.End-s.Start) + line[s.End:]
			}
		}
		lines[i] = line
	}
	return strings.Join(lines, "\n")
}
