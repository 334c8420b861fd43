package node

import (
	"bytes"
	"html"
	"html/template"
	"net/url"
	"strings"

	"patchbay/patchdev"
)

// maxRows is how many members the viewer lists; the JSON has them all.
const maxRows = 500

// page is the HTML that stands in the body of an answer which is all headers:
// a viewer for browsers, a line for everybody else (spec hyperbeam-http §5.2).
func (x *exec) page(a at, t *patchdev.Table) []byte {
	if !x.browser() {
		return []byte("<!doctype html><title>HyperBEAM</title><p>The members of this message are in the headers; add /serialize~json@1.0 for JSON.</p>\n")
	}
	type row struct{ Key, Href, Kind, Text string }
	doc := struct {
		Path string
		JSON string
		Rows []row
		More int
	}{Path: x.r.URL.Path}
	base := strings.TrimRight(x.r.URL.EscapedPath(), "/")
	doc.JSON = base + "/serialize~json@1.0?bundle"
	for k, v := range t.All() {
		if len(doc.Rows) == maxRows {
			doc.More = t.Len() - maxRows
			break
		}
		r := row{Key: k, Kind: v.Kind().String()}
		if !strings.ContainsAny(k, "~&+=%") {
			r.Href = base + "/" + url.PathEscape(k)
		}
		switch v := v.(type) {
		case *patchdev.Table:
			r.Text = "{…}"
		case *patchdev.List:
			r.Text = "[…]"
		default:
			r.Text, _ = jsonHeader(v)
			if len(r.Text) > 300 {
				r.Text = strings.ToValidUTF8(r.Text[:300], "") + "…"
			}
		}
		doc.Rows = append(doc.Rows, r)
	}
	var b bytes.Buffer
	if err := x.s.viewer.Execute(&b, doc); err != nil {
		return errorPage("HyperBEAM", err.Error())
	}
	return b.Bytes()
}

const viewerPage = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>HyperBEAM</title>
<meta name="viewport" content="width=device-width"><style>
:root{color-scheme:light dark;font:14px/1.5 system-ui,sans-serif}body{max-width:60rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;width:100%}td{padding:.3rem .6rem;border-bottom:1px solid #8884;vertical-align:top;overflow-wrap:anywhere}
td:nth-child(2){opacity:.6;white-space:nowrap}code,td:last-child{font-family:ui-monospace,monospace}</style></head><body>
<h1><code>{{.Path}}</code></h1><p><a href="{{.JSON}}">as JSON</a></p><table>
{{range .Rows}}<tr><td>{{if .Href}}<a href="{{.Href}}">{{.Key}}</a>{{else}}{{.Key}}{{end}}</td><td>{{.Kind}}</td><td>{{.Text}}</td></tr>
{{else}}<tr><td>There is nothing in this message.</td></tr>{{end}}</table>
{{if .More}}<p>and {{.More}} more: see the JSON.</p>{{end}}</body></html>
`

func newViewer() *template.Template {
	return template.Must(template.New("viewer").Parse(viewerPage))
}

// errorPage is a page that says what went wrong.
func errorPage(title, reason string) []byte {
	return []byte(`<!doctype html><html lang="en"><head><meta charset="utf-8"><title>` + html.EscapeString(title) +
		`</title></head><body><h1>` + html.EscapeString(title) + `</h1><p>` + html.EscapeString(reason) + "</p></body></html>\n")
}

// frontPage is what a browser sees at the node's own address.
func (s *Server) frontPage(title string) []byte {
	var b strings.Builder
	b.WriteString(`<!doctype html><html lang="en"><head><meta charset="utf-8"><title>` + html.EscapeString(title) + `</title></head><body><h1>Patchbay</h1><p>A local node, address <code>` +
		html.EscapeString(s.address) + `</code>, answering as profile <code>` + html.EscapeString(s.source.Profile().Name) + `</code>.</p><ul>`)
	for _, p := range s.source.Processes() {
		name := p.Name
		if name == "" {
			name = p.ID
		}
		b.WriteString(`<li><a href="/` + p.ID + `~process@1.0/now">` + html.EscapeString(name) + `</a> <code>` + p.ID + `</code></li>`)
	}
	b.WriteString("</ul></body></html>\n")
	return []byte(b.String())
}
