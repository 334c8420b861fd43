package theme_test

import (
	"math"
	"testing"

	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"

	"patchbay/ui/theme"
)

func TestParse(t *testing.T) {
	for _, mode := range []string{"", "system", "dark", "light", "contrast"} {
		if _, err := theme.Parse(mode, 1); err != nil {
			t.Errorf("%q: %v", mode, err)
		}
	}
	for _, scale := range []float32{0, -1, 0.1, 50, float32(math.NaN())} {
		if _, err := theme.Parse("dark", scale); err == nil {
			t.Errorf("a scale of %g is taken", scale)
		}
	}
	if _, err := theme.Parse("pink", 1); err == nil {
		t.Error("an unknown mode is taken")
	}
	twice, _ := theme.Parse("dark", 2)
	if got, want := twice.Size(theme.SizeRow), 2*theme.New(theme.Dark).Size(theme.SizeRow); got != want {
		t.Errorf("a row is %g high at scale 2, want %g", got, want)
	}
	contrast, _ := theme.Parse("contrast", 1)
	if contrast.Color(theme.Dim, fynetheme.VariantDark) != contrast.Color(theme.Text, fynetheme.VariantDark) {
		t.Error("quiet text is still quiet in high contrast")
	}
}

// In high contrast every text has 7:1 on every surface on which it stands, and what
// bounds a control or shows where the keyboard is has 3:1 (WCAG 2.2 AAA and 1.4.11).
func TestHighContrast(t *testing.T) {
	texts := []fyne.ThemeColorName{
		theme.Text, theme.Dim, theme.Faint, theme.Good, theme.Warn, theme.Bad, theme.Accent, theme.Changed,
		theme.CodeKeyword, theme.CodeFunction, theme.CodeString, theme.CodeNumber, theme.CodeConstant, theme.CodeComment,
		theme.CodeLineNumber, theme.CodeLabel, theme.CodeName, fynetheme.ColorNameForeground, fynetheme.ColorNamePlaceHolder,
		fynetheme.ColorNameDisabled, fynetheme.ColorNameHyperlink, fynetheme.ColorNameError,
	}
	surfaces := []fyne.ThemeColorName{
		theme.Panel, theme.Sunken, theme.Pill, theme.CodeBackground, fynetheme.ColorNameBackground, fynetheme.ColorNameInputBackground,
		fynetheme.ColorNameMenuBackground, fynetheme.ColorNameOverlayBackground, fynetheme.ColorNameButton,
	}
	th, err := theme.Parse("contrast", 1)
	if err != nil {
		t.Fatal(err)
	}
	for variant, name := range map[fyne.ThemeVariant]string{fynetheme.VariantDark: "dark", fynetheme.VariantLight: "light"} {
		on := func(n, back fyne.ThemeColorName, want float64) {
			t.Helper()
			if got := contrast(th.Color(n, variant), th.Color(back, variant)); got < want {
				t.Errorf("%s: %s on %s has contrast %.1f, want %.1f", name, n, back, got, want)
			}
		}
		for _, back := range surfaces {
			for _, n := range texts {
				on(n, back, 7)
			}
			on(theme.Border, back, 3)
			on(fynetheme.ColorNameInputBorder, back, 3)
		}
		on(theme.OnAccent, theme.Accent, 7)
		on(fynetheme.ColorNameForegroundOnPrimary, fynetheme.ColorNamePrimary, 7)
		for _, back := range []fyne.ThemeColorName{theme.RowSelected, theme.Flash, theme.CodeSelection, theme.CodeCurrentLine, theme.BadBack, theme.RowHover} {
			on(theme.Text, back, 7)
			on(theme.CodeNumber, back, 4.5)
			on(theme.CodeString, back, 4.5)
		}
	}
}
