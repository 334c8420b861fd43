package theme

import (
	"fmt"

	"fyne.io/fyne/v2"
)

// Limits of the scale that [Parse] takes.
const (
	MinScale = 0.5
	MaxScale = 3
)

// Parse makes the theme of a setting: "system", "dark", "light" or "contrast"
// (which follows the system with stronger text and lines), and a scale of 1 for
// the usual size.
func Parse(mode string, scale float32) (*Theme, error) {
	if !(scale >= MinScale && scale <= MaxScale) {
		return nil, fmt.Errorf("a scale of %g is not between %g and %g", scale, float32(MinScale), float32(MaxScale))
	}
	contrast := mode == "contrast"
	if contrast {
		mode = ""
	}
	m, err := ParseMode(mode)
	if err != nil {
		return nil, err
	}
	t := New(m)
	t.contrast, t.scale = contrast, scale
	return t, nil
}

// stronger is the colour that stands for a quiet one in high contrast.
func stronger(n fyne.ThemeColorName) fyne.ThemeColorName {
	switch n {
	case Dim, Faint, CodeLineCurrent:
		return Text
	case CodeComment, CodeLineNumber:
		return Dim
	case Border, Grid:
		return Dim
	default:
		return n
	}
}
