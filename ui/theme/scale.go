package theme

import (
	"strconv"

	"fyne.io/fyne/v2"
)

// ScaleEnv is the value of the environment variable FYNE_SCALE with which everything
// is by times as big as the user has it otherwise: base is what the variable was when
// the program began, setting is Fyne's own setting. "" means that the variable is not
// set. Fyne takes the variable whenever the theme is set; there is no other way to
// change its scale while the program runs.
func ScaleEnv(base string, setting, by float32) string {
	if by == 1 {
		return base
	}
	usual := float64(setting)
	if f, err := strconv.ParseFloat(base, 64); err == nil && f > 0 {
		usual = f
	}
	if usual <= 0 || base == "auto" {
		usual = 1
	}
	return strconv.FormatFloat(usual*float64(by), 'f', 3, 64)
}

// SameOnScreen is the size in device independent pixels that a window of a size
// gets when its scale changes and it is to stay as big on the screen; a scale that is
// not known changes nothing.
func SameOnScreen(size fyne.Size, was, now float32) fyne.Size {
	if was <= 0 || now <= 0 {
		return size
	}
	return fyne.NewSize(size.Width*was/now, size.Height*was/now)
}
