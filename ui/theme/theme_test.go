package theme_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"image/color"
	"math"
	"strconv"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	fynetheme "fyne.io/fyne/v2/theme"

	"patchbay/ui/theme"
)

// names reads the declared colour names out of the source, so that a new one cannot be forgotten here.
func names(t *testing.T) []fyne.ThemeColorName {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), "palette.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var out []fyne.ThemeColorName
	for _, d := range f.Decls {
		g, ok := d.(*ast.GenDecl)
		if !ok || g.Tok != token.CONST {
			continue
		}
		for _, s := range g.Specs {
			v := s.(*ast.ValueSpec)
			if sel, ok := v.Type.(*ast.SelectorExpr); !ok || sel.Sel.Name != "ThemeColorName" {
				continue
			}
			n, err := strconv.Unquote(v.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, fyne.ThemeColorName(n))
		}
	}
	if len(out) < 30 {
		t.Fatalf("found only %d colour names", len(out))
	}
	return out
}

func TestEveryNameHasAColourInBothPalettes(t *testing.T) {
	seen := map[fyne.ThemeColorName]bool{}
	for _, n := range names(t) {
		if seen[n] {
			t.Errorf("%s is declared twice", n)
		}
		seen[n] = true
		for _, m := range []theme.Mode{theme.Dark, theme.Light} {
			if c, ok := theme.New(m).Color(n, 0).(color.NRGBA); !ok || c.A == 0 {
				t.Errorf("%s has no colour in the %v palette", n, m)
			}
		}
	}
}

func TestFyneNamesFollowTheVariantOnlyInSystemMode(t *testing.T) {
	test.NewTempApp(t)
	n := fynetheme.ColorNameBackground
	dark, light := theme.New(theme.Dark).Color(n, fynetheme.VariantLight), theme.New(theme.Light).Color(n, fynetheme.VariantDark)
	if dark == light {
		t.Fatal("the palettes are the same")
	}
	sys := theme.New(theme.System)
	if sys.Color(n, fynetheme.VariantDark) != dark || sys.Color(n, fynetheme.VariantLight) != light {
		t.Error("system mode does not follow the variant")
	}
	if sys.Color(n, 2) != dark {
		t.Error("no preference must be dark")
	}
}

func luminance(c color.Color) float64 {
	n := color.NRGBAModel.Convert(c).(color.NRGBA)
	lin := func(v uint8) float64 {
		f := float64(v) / 255
		if f <= 0.03928 {
			return f / 12.92
		}
		return math.Pow((f+0.055)/1.055, 2.4)
	}
	return 0.2126*lin(n.R) + 0.7152*lin(n.G) + 0.0722*lin(n.B)
}

func contrast(a, b color.Color) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// TestTextIsReadable holds every text colour to the contrast of WCAG AA (4.5) on the surfaces where it stands; only what is meant to
// recede (line numbers, addresses beside names) may be fainter.
func TestTextIsReadable(t *testing.T) {
	texts := map[fyne.ThemeColorName]float64{
		theme.Text: 7, theme.Dim: 4.2, theme.Faint: 3.4, theme.CodeComment: 4.5, theme.Good: 4.5, theme.Warn: 4.5, theme.Bad: 4.2,
		theme.CodeKeyword: 4.5, theme.CodeFunction: 4.5, theme.CodeString: 4.5, theme.CodeNumber: 4.5,
	}
	for _, m := range []theme.Mode{theme.Dark, theme.Light} {
		th := theme.New(m)
		for n, want := range texts {
			for _, back := range []fyne.ThemeColorName{theme.Panel, theme.Sunken} {
				if got := contrast(th.Color(n, 0), th.Color(back, 0)); got < want {
					t.Errorf("%v: %s on %s has contrast %.1f, want %.1f", m, n, back, got, want)
				}
			}
		}
	}
}

func TestColorWorksWithoutOurThemeRunning(t *testing.T) {
	test.NewTempApp(t)
	if c := theme.Color(theme.Flash); c != theme.New(theme.Dark).Color(theme.Flash, 0) {
		t.Errorf("got %v", c)
	}
	test.ApplyTheme(t, theme.New(theme.Light))
	if c := theme.Color(theme.Flash); c != theme.New(theme.Light).Color(theme.Flash, 0) {
		t.Errorf("light: got %v", c)
	}
	if theme.Size(theme.SizeRow) != 25 || theme.Size(fynetheme.SizeNameScrollBarSmall) != 3 {
		t.Error("sizes")
	}
}

func TestParseMode(t *testing.T) {
	for _, m := range []theme.Mode{theme.System, theme.Dark, theme.Light} {
		if got, err := theme.ParseMode(m.String()); err != nil || got != m {
			t.Errorf("%v: got %v, %v", m, got, err)
		}
	}
	if _, err := theme.ParseMode("blue"); err == nil {
		t.Error("blue was taken for a mode")
	}
}
