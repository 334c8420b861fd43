package theme_test

import (
	"math"
	"testing"

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
