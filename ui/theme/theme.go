// Package theme is Patchbay's look: a calm dark and a calm light palette, dense enough for a developer's tool, with names for
// the colours that Fyne does not know (source code, coverage, changed values).
//
// Panels never write a colour down. They ask [Color] by name when they draw, so that a change of theme reaches everything:
//
//	text.Color = theme.Color(theme.Dim)
package theme

import (
	"fmt"
	"image/color"
	"strings"

	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"
)

// Mode says which palette is used.
type Mode int

// The three modes. System follows the desktop's setting, as Fyne reports it.
const (
	System Mode = iota
	Dark
	Light
)

// String gives the word that settings files hold: "system", "dark" or "light".
func (m Mode) String() string {
	switch m {
	case Dark:
		return "dark"
	case Light:
		return "light"
	default:
		return "system"
	}
}

// ParseMode reads what [Mode.String] writes; the empty string is System.
func ParseMode(s string) (Mode, error) {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "", "system":
		return System, nil
	case "dark":
		return Dark, nil
	case "light":
		return Light, nil
	}
	return System, fmt.Errorf("theme %q is not known: use system, dark or light", s)
}

// Theme is the [fyne.Theme] of Patchbay. It is immutable and safe to share between goroutines; to change the mode set a new one
// with app.Settings().SetTheme.
type Theme struct {
	mode     Mode
	contrast bool       // quiet text is as strong as the rest, see contrast.go
	scale    float32    // of all sizes
	base     fyne.Theme // fonts and icons
}

var _ fyne.Theme = (*Theme)(nil)

// New makes the theme for a mode. A Fyne app need not exist yet.
func New(m Mode) *Theme { return &Theme{mode: m, scale: 1, base: fynetheme.DefaultTheme()} }

// Mode tells which mode the theme was made for.
func (t *Theme) Mode() Mode { return t.mode }

// Color gives the colour of a name of Fyne or of this package. The variant counts only in mode System; a variant that is
// neither light nor dark is taken as dark. An unknown name is asked of Fyne's default theme.
func (t *Theme) Color(n fyne.ThemeColorName, v fyne.ThemeVariant) color.Color {
	light := t.mode == Light || t.mode == System && v == fynetheme.VariantLight
	if t.contrast {
		n = stronger(n)
		if c, ok := strongest(n); ok {
			return c.of(light)
		}
	}
	if c, ok := lookup(n, light); ok {
		return c
	}
	if light {
		return t.base.Color(n, fynetheme.VariantLight)
	}
	return t.base.Color(n, fynetheme.VariantDark)
}

// Font gives Fyne's bundled fonts.
func (t *Theme) Font(s fyne.TextStyle) fyne.Resource { return t.base.Font(s) }

// Icon gives Fyne's bundled icons.
func (t *Theme) Icon(n fyne.ThemeIconName) fyne.Resource { return t.base.Icon(n) }

// Size gives sizes in device independent pixels; what this package does not tighten is Fyne's.
func (t *Theme) Size(n fyne.ThemeSizeName) float32 {
	if s, ok := size(n); ok {
		return s * t.scale
	}
	return t.base.Size(n) * t.scale
}

// Color looks a name up in the theme of the running app, so that it is right in whichever mode the user is. If the app runs
// another theme (a test of a single widget) that does not know the name, the dark palette answers. UI goroutine.
func Color(n fyne.ThemeColorName) color.Color {
	if _, ours := fynetheme.Current().(*Theme); !ours {
		if _, own := own(n); own {
			c, _ := lookup(n, false)
			return c
		}
	}
	return fynetheme.Color(n)
}

// Size looks a size up in the theme of the running app; the names of this package are known without it. UI goroutine.
func Size(n fyne.ThemeSizeName) float32 {
	if s := fynetheme.Size(n); s > 0 {
		return s
	}
	s, _ := size(n)
	return s
}
