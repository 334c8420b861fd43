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
		m.Items = append(m.Items, fyne.NewMenuItem("Copy as "+k, func() { p.copy(Code(k, p.base, p.Path(), p.pid, p.keys), k) }))
	}
	if p.o.Open != nil {
		m.Items = append(m.Items, fyne.NewMenuItemSeparator(), fyne.NewMenuItem("Open in browser", func() { p.o.Open(p.URL()) }))
	}
	return m
}

// Code writes the request for a tool.
func Code(tool, base, path, pid string, keys []string) string {
	url := base + path
	switch tool {
	case "curl":
		return "curl '" + strings.ReplaceAll(url, "'", "%27") + "'"
	case "wget":
		return "wget -qO- '" + strings.ReplaceAll(url, "'", "%27") + "'"
	case "fetch":
		return fmt.Sprintf("const res = await fetch(%q)\nif (!res.ok) throw new Error(`${res.status} ${await res.text()}`)\nconst value = await res.text()", url)
	case "aoconnect":
		// aoconnect's own request(): a GET against the node it was connected to
		return fmt.Sprintf("import { connect } from '@permaweb/aoconnect'\n\nconst { request } = connect({ MODE: 'mainnet', URL: %q })\nconst res = await request({ method: 'GET', path: %q })", base, path)
	}
	return url
}

// encodings are the ways to ask for a value.
var encodings = [...]struct{ name, suffix string }{
	{"as a node sends it", ""},
	{"serialize~json@1.0", "/serialize~json@1.0"},
	{"~json@1.0/serialize", "/~json@1.0/serialize"},
}

func (p *Panel) encodingMenu() {
	c := fyne.CurrentApp().Driver().CanvasForObject(p.encBtn)
	if c == nil {
		return
	}
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(p.encBtn)
	widget.ShowPopUpMenuAtPosition(p.EncodingMenu(), c, at.AddXY(0, p.encBtn.Size().Height))
}

// EncodingMenu lists the encodings.
func (p *Panel) EncodingMenu() *fyne.Menu {
	m := fyne.NewMenu("")
	for i, e := range encodings {
		it := fyne.NewMenuItem(e.name, func() { p.encoding = i; p.response = nil; p.bar(); p.show() })
		it.Checked = i == p.encoding
		m.Items = append(m.Items, it)
	}
	it := fyne.NewMenuItem("?bundle: links filled in", func() { p.bundle = !p.bundle; p.response = nil; p.bar(); p.show() })
	it.Checked = p.bundle
	m.Items = append(m.Items, fyne.NewMenuItemSeparator(), it)
	return m
}
