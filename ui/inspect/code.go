package inspect

import (
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

func (p *Panel) codeMenu() {
	c := fyne.CurrentApp().Driver().CanvasForObject(p.CurlBtn)
	if c == nil {
		return
	}
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(p.CurlBtn)
	widget.ShowPopUpMenuAtPosition(p.CodeMenu(), c, at.AddXY(-110, p.CurlBtn.Size().Height))
}

// CodeMenu lists the ways to copy the request.
func (p *Panel) CodeMenu() *fyne.Menu {
	m := fyne.NewMenu("")
	for _, k := range []string{"curl", "fetch", "aoconnect", "wget", "URL"} {
		m.Items = append(m.Items, fyne.NewMenuItem("Copy as "+k, func() { p.copy(Code(k, p.base, p.Path(), p.header()), k) }))
	}
	if p.o.Open != nil {
		m.Items = append(m.Items, fyne.NewMenuItemSeparator(), fyne.NewMenuItem("Open in browser", func() { p.o.Open(p.URL()) }))
	}
	return m
}

// Code writes the request for a tool. header is a name and a value, or empty.
func Code(tool, base, path string, header [2]string) string {
	url := base + path
	has := header != [2]string{}
	switch tool {
	case "curl":
		opt := ""
		if has {
			opt = fmt.Sprintf("-H '%s: %s' ", header[0], header[1])
		}
		return "curl " + opt + "'" + strings.ReplaceAll(url, "'", "%27") + "'"
	case "wget":
		opt := ""
		if has {
			opt = fmt.Sprintf("--header='%s: %s' ", header[0], header[1])
		}
		return "wget -qO- " + opt + "'" + strings.ReplaceAll(url, "'", "%27") + "'"
	case "fetch":
		opt := ""
		if has {
			opt = fmt.Sprintf(", { headers: { %q: %q } }", header[0], header[1])
		}
		return fmt.Sprintf("const res = await fetch(%q%s)\nif (!res.ok) throw new Error(`${res.status} ${await res.text()}`)\nconst value = await res.text()", url, opt)
	case "aoconnect":
		// aoconnect's own request(): a GET against the node it was connected to
		opt := ""
		if has {
			opt = fmt.Sprintf(", %q: %q", header[0], header[1])
		}
		return fmt.Sprintf("import { connect } from '@permaweb/aoconnect'\n\nconst { request } = connect({ MODE: 'mainnet', URL: %q })\nconst res = await request({ method: 'GET', path: %q%s })", base, path, opt)
	}
	return url
}

// encodings are the ways to ask for a value: a step at the end of the path, a
// query, or a header. bundle is the query that fills links in.
var encodings = [...]struct {
	name, suffix, query string
	header              [2]string
	bundle              string
}{
	{name: "as a node sends it", bundle: "bundle"},
	{name: "serialize~json@1.0", suffix: "/serialize~json@1.0", bundle: "bundle"},
	{name: "~json@1.0/serialize", suffix: "/~json@1.0/serialize", bundle: "bundle"},
	{name: "?require-codec=application/json", query: "require-codec=application/json", bundle: "accept-bundle=true"},
	{name: "accept: application/json", header: [2]string{"accept", "application/json"}, bundle: "accept-bundle=true"},
}

// suffix is what the encoding adds to the path.
func (p *Panel) suffix() string {
	e := encodings[p.encoding]
	var query []string
	if e.query != "" {
		query = append(query, e.query)
	}
	if p.bundle {
		query = append(query, e.bundle)
	}
	if len(query) == 0 {
		return e.suffix
	}
	return e.suffix + "?" + strings.Join(query, "&")
}

// header is what the encoding adds to the headers, when its response is shown.
func (p *Panel) header() [2]string {
	if p.Tabs.Current() == TabResponse && p.typed == "" {
		return encodings[p.encoding].header
	}
	return [2]string{}
}

func (p *Panel) encodingMenu() {
	c := fyne.CurrentApp().Driver().CanvasForObject(p.encBtn)
	if c == nil {
		return
	}
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(p.encBtn)
	widget.ShowPopUpMenuAtPosition(p.EncodingMenu(), c, at.AddXY(0, p.encBtn.Size().Height))
}

// Encodings are the names of the ways to ask for a value.
func Encodings() []string {
	var out []string
	for _, e := range encodings {
		out = append(out, e.name)
	}
	return out
}

// ToggleBundle asks for what links lead to as well, or no more.
func (p *Panel) ToggleBundle() {
	p.bundle, p.response, p.typed = !p.bundle, nil, ""
	p.bar()
	p.show()
}

// SetEncoding asks for the value in another way from now on.
func (p *Panel) SetEncoding(i int) {
	p.encoding, p.response, p.typed = i, nil, ""
	p.bar()
	p.show()
}

// EncodingMenu lists the encodings.
func (p *Panel) EncodingMenu() *fyne.Menu {
	m := fyne.NewMenu("")
	for i, e := range encodings {
		it := fyne.NewMenuItem(e.name, func() { p.SetEncoding(i) })
		it.Checked = i == p.encoding
		m.Items = append(m.Items, it)
	}
	it := fyne.NewMenuItem("With what links lead to ("+encodings[p.encoding].bundle+")", p.ToggleBundle)
	it.Checked = p.bundle
	m.Items = append(m.Items, fyne.NewMenuItemSeparator(), it)
	return m
}
