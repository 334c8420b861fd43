package theme

import (
	"fmt"

	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"
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
	if mode == "contrast" {
		t := Contrast(System)
		t.scale = scale
		return t, nil
	}
	m, err := ParseMode(mode)
	if err != nil {
		return nil, err
	}
	t := New(m)
	t.scale = scale
	return t, nil
}

// Contrast makes the theme of high contrast for a mode.
func Contrast(m Mode) *Theme {
	t := New(m)
	t.contrast = true
	return t
}

// stronger is the colour that stands for a quiet one in high contrast.
func stronger(n fyne.ThemeColorName) fyne.ThemeColorName {
	switch n {
	case Dim, Faint, CodeLineCurrent, CodeComment, CodeLineNumber, CodeInvisible:
		return Text
	case Border, Grid, fynetheme.ColorNameInputBorder, fynetheme.ColorNameSeparator:
		return Dim
	default:
		return n
	}
}

// strongest is the palette of high contrast: black on white or white on black, and
// colours that are told apart on both (7:1 and more for text, WCAG AAA).
func strongest(n fyne.ThemeColorName) (shade, bool) {
	switch n {
	case Panel, Sunken, CodeBackground, CodeGutter, Pill, fynetheme.ColorNameBackground, fynetheme.ColorNameHeaderBackground,
		fynetheme.ColorNameOverlayBackground, fynetheme.ColorNameButton,
		fynetheme.ColorNameDisabledButton, fynetheme.ColorNameInputBackground:
		return hex(0x000000, 0xffffff), true
	case fynetheme.ColorNameMenuBackground: // which has no border on what it lies over
		return hex(0x262626, 0xeeeeee), true
	case Text, CodeName, CodeOperator, CodeCaret, fynetheme.ColorNameForeground:
		return hex(0xffffff, 0x000000), true
	case fynetheme.ColorNamePlaceHolder, fynetheme.ColorNameDisabled: // which must not be taken for what was typed, or can be done
		return hex(0xbcc4d2, 0x454c59), true
	case Dim: // lines; quiet text is Text
		return hex(0x9aa3b5, 0x5b6475), true
	case Accent, fynetheme.ColorNamePrimary, fynetheme.ColorNameHyperlink, CodeFunction:
		return hex(0x8ec2ff, 0x003f99), true
	case OnAccent, fynetheme.ColorNameForegroundOnPrimary:
		return hex(0x000000, 0xffffff), true
	case Good, Coverage, fynetheme.ColorNameSuccess:
		return hex(0x5fe0a2, 0x00562c), true
	case Warn, Changed, CodeLabel, fynetheme.ColorNameWarning:
		return hex(0xffd35c, 0x5f3f00), true
	case Bad, fynetheme.ColorNameError:
		return hex(0xff9a94, 0x96100b), true
	case CodeKeyword:
		return hex(0xdcb5ff, 0x5c148a), true
	case CodeString:
		return hex(0xc9f08f, 0x1f5000), true
	case CodeNumber, CodeConstant:
		return hex(0xffb59c, 0x7d3000), true
	case RowSelected, CodeSelection, fynetheme.ColorNameSelection:
		return hex(0x0b3a78, 0xb8d8ff), true
	case Flash:
		return hex(0x4a3800, 0xffe08a), true
	case fynetheme.ColorNameFocus:
		return hexAlpha(0x8ec2ff, 0x80, 0x003f99, 0x60), true
	}
	return shade{}, false
}
