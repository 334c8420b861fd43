package theme_test

import (
	"testing"

	"fyne.io/fyne/v2"

	"patchbay/ui/theme"
)

func TestScaleEnv(t *testing.T) {
	for _, c := range []struct {
		base        string
		setting, by float32
		want        string
	}{
		{"", 1, 1, ""}, // as it was
		{"1.5", 1, 1, "1.5"},
		{"auto", 1, 1, "auto"},
		{"", 1, 1.25, "1.250"},
		{"2", 1, 1.5, "3.000"}, // the user's own scale counts
		{"", 2, 0.5, "1.000"},  // and so does Fyne's setting
		{"1.5", 2, 2, "3.000"}, // of which the variable is the stronger
		{"auto", 3, 2, "2.000"},
		{"nonsense", 0, 2, "2.000"},
		{"-1", 0, 2, "2.000"},
	} {
		if got := theme.ScaleEnv(c.base, c.setting, c.by); got != c.want {
			t.Errorf("ScaleEnv(%q, %v, %v) = %q, want %q", c.base, c.setting, c.by, got, c.want)
		}
	}
}

func TestSameOnScreen(t *testing.T) {
	size := fyne.NewSize(1280, 760)
	if got := theme.SameOnScreen(size, 1, 2); got != fyne.NewSize(640, 380) {
		t.Errorf("twice the scale: %v", got)
	}
	if got := theme.SameOnScreen(theme.SameOnScreen(size, 1, 1.25), 1.25, 1); got != size {
		t.Errorf("there and back: %v", got)
	}
	for _, s := range [][2]float32{{0, 1}, {1, 0}, {-1, 1}} {
		if got := theme.SameOnScreen(size, s[0], s[1]); got != size {
			t.Errorf("from %v to %v: %v", s[0], s[1], got)
		}
	}
}
