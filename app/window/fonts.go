//go:build !headless

package window

import (
	_ "unsafe" // for go:linkname

	"fyne.io/fyne/v2"
	"github.com/go-text/typesetting/shaping"
)

// shaper is what Fyne measures and draws all text with. It never lets go of a font
// that it met (harfbuzz.Buffer keeps plans for each face, typesetting v0.3.4), and
// Fyne 2.8.0 loads all fonts anew at each change of its settings: every other theme
// and every step of the scale took 4.5 MB for good. Fyne has no door to it; should
// its name change, the program does not link.
//
//go:linkname shaper fyne.io/fyne/v2/internal/painter.shaper
var shaper *shaping.HarfbuzzShaper

// forgetFonts lets the fonts go that were loaded before a change of the settings.
// Fyne tells of one on the UI goroutine, which is the only one that shapes text.
func forgetFonts(fyne.Settings) { *shaper = shaping.HarfbuzzShaper{} }
