package tree

import (
	"strconv"

	"patchbay/patchdev"
	"patchbay/ui/kit"
	"patchbay/ui/theme"
)

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

// row draws row i.
func (p *Panel) row(i int, out *kit.Row) {
	r := p.Model.Row(i, p.o.Now())
	warn := ""
	if p.o.Warn != nil && r.More == 0 {
		warn = p.o.Warn(r.Path)
	}
	alias := ""
	if p.o.Alias != nil && r.More == 0 {
		alias = p.o.Alias(r.Key)
	}
	p.Draw(r, alias, warn, out)
}

// Draw lays a row of the model out.
func (p *Panel) Draw(r Row, alias, warn string, out *kit.Row) {
	x := firstX + float32(r.Depth)*indentX
	if r.Flash {
		out.Back = theme.Flash
	}
	if r.More > 0 {
		text := "… " + kit.Thousands(int64(r.More)) + " more"
		out.Add(x+14, 0, kit.Mono(text, theme.Dim))
		return
	}
	if r.Branch && r.Keys > 0 {
		sign := "▸"
		if r.Open {
			sign = "▾"
		}
		out.Add(x-2, 14, kit.Mono(sign, theme.Dim))
	}
	x += 14
	var key []kit.Run
	if warn != "" {
		key = append(key, kit.Run{Text: "▲  ", Color: theme.Warn})
	}
	if alias != "" {
		faint := theme.Faint
		if r.Flash {
			faint = theme.Dim
		}
		key = append(key, kit.Mono(alias, theme.Text), kit.Mono("  "+ShortID(r.Key), faint))
	} else {
		key = append(key, kit.Mono(label(r.Key), theme.Text))
	}
	out.AddRight(16, 0, p.value(r)...)
	out.Add(x, 0, key...)
}

// label shows keys that are empty or blank as something that can be seen.
func label(key string) string {
	if key == "" {
		return "(empty key)"
	}
	return key
}

func (p *Panel) value(r Row) []kit.Run {
	var runs []kit.Run
	switch v := r.Value.(type) {
	case patchdev.String:
		text := string(v)
		a := p.aliasOf(text)
		if a != "" {
			runs = append(runs, kit.Mono(a, theme.CodeString), kit.Mono(" "+ShortID(text), theme.Faint))
		} else if text == "" {
			runs = append(runs, kit.Mono("empty text", theme.Faint))
		} else {
			runs = append(runs, kit.Mono(text, theme.CodeString))
		}
		if p.Model.Sort() == BySize && a == "" || len(text) > 60 {
			runs = append([]kit.Run{kit.Dim(kit.Bytes(len(text)) + "  ")}, runs...)
		}
	case patchdev.Float:
		runs = append(runs, kit.Mono(Text(v), theme.CodeNumber), kit.Mono(" float", theme.Dim))
	default:
		runs = append(runs, kit.Mono(Text(r.Value), ColorOf(r.Value)))
	}
	switch {
	case r.Delta != "":
		runs = append(runs, kit.Mono("  "+r.Delta, theme.Dim))
	case r.Below > 0 && !r.Open:
		runs = append(runs, kit.Mono("  "+kit.Thousands(int64(r.Below))+" changed", theme.Changed))
	}
	return runs
}

func (p *Panel) aliasOf(s string) string {
	if p.o.Alias == nil || len(s) != 43 {
		return ""
	}
	return p.o.Alias(s)
}
