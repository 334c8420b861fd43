package theme

import (
	"image/color"

	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"
)

// Names of colours that Fyne has no name for. Use them with [Color], or as ThemeColorName of a Fyne widget that takes one
// (RichText segments).
const (
	// Panel is the window's own surface; Sunken is what lies deeper: the editor, input fields, the shown tab.
	Panel  fyne.ThemeColorName = "patchbayPanel"
	Sunken fyne.ThemeColorName = "patchbaySunken"
	// Pill is the background of quiet buttons and capsules ("slot 128 · live"); Border surrounds them and separates panels.
	Pill   fyne.ThemeColorName = "patchbayPill"
	Border fyne.ThemeColorName = "patchbayBorder"
	// Text is the main text, Dim what is said in passing, Faint what is only there when looked for (line numbers).
	Text  fyne.ThemeColorName = "patchbayText"
	Dim   fyne.ThemeColorName = "patchbayDim"
	Faint fyne.ThemeColorName = "patchbayFaint"
	// Accent is the one strong colour: the Run button, the shown tab's edge, the slot slider, links.
	Accent   fyne.ThemeColorName = "patchbayAccent"
	OnAccent fyne.ThemeColorName = "patchbayOnAccent"

	// Good, Warn and Bad are status colours readable on Panel and Sunken.
	Good fyne.ThemeColorName = "patchbayGood"
	Warn fyne.ThemeColorName = "patchbayWarn"
	Bad  fyne.ThemeColorName = "patchbayBad"
	// BadBack lies behind a gutter number or a row that holds an error.
	BadBack fyne.ThemeColorName = "patchbayBadBack"

	// Flash lies behind a row whose value has just changed; Changed is text that tells of a change ("2 keys changed").
	Flash   fyne.ThemeColorName = "patchbayFlash"
	Changed fyne.ThemeColorName = "patchbayChanged"
	// RowSelected lies behind the selected row of a list, RowHover behind the one under the pointer.
	RowSelected fyne.ThemeColorName = "patchbayRowSelected"
	RowHover    fyne.ThemeColorName = "patchbayRowHover"
	// Grid is the lines of a chart.
	Grid fyne.ThemeColorName = "patchbayGrid"

	// Added and Removed lie behind the lines of a diff.
	Added   fyne.ThemeColorName = "patchbayAdded"
	Removed fyne.ThemeColorName = "patchbayRemoved"

	// Source code; values in the tree use the same colours (String, Number, Constant).
	CodeKeyword  fyne.ThemeColorName = "patchbayCodeKeyword"
	CodeName     fyne.ThemeColorName = "patchbayCodeName"
	CodeFunction fyne.ThemeColorName = "patchbayCodeFunction"
	CodeString   fyne.ThemeColorName = "patchbayCodeString"
	CodeNumber   fyne.ThemeColorName = "patchbayCodeNumber"
	CodeConstant fyne.ThemeColorName = "patchbayCodeConstant"
	CodeComment  fyne.ThemeColorName = "patchbayCodeComment"
	CodeOperator fyne.ThemeColorName = "patchbayCodeOperator"
	CodeLabel    fyne.ThemeColorName = "patchbayCodeLabel"

	// The editor's own surfaces.
	CodeBackground  fyne.ThemeColorName = "patchbayCodeBackground"
	CodeCurrentLine fyne.ThemeColorName = "patchbayCodeCurrentLine"
	CodeSelection   fyne.ThemeColorName = "patchbayCodeSelection"
	CodeSelectionBg fyne.ThemeColorName = "patchbayCodeSelectionUnfocused"
	CodeGutter      fyne.ThemeColorName = "patchbayCodeGutter"
	CodeLineNumber  fyne.ThemeColorName = "patchbayCodeLineNumber"
	CodeLineCurrent fyne.ThemeColorName = "patchbayCodeLineNumberCurrent"
	CodeCaret       fyne.ThemeColorName = "patchbayCodeCaret"
	CodeBracket     fyne.ThemeColorName = "patchbayCodeBracket"
	CodeMatch       fyne.ThemeColorName = "patchbayCodeMatch"
	CodeInvisible   fyne.ThemeColorName = "patchbayCodeInvisible"
	Coverage        fyne.ThemeColorName = "patchbayCoverage"
)

// Names of sizes of this package, in device independent pixels.
const (
	// SizeCode is the text size of source code, of values in the tree and of everything monospaced.
	SizeCode fyne.ThemeSizeName = "patchbayCode"
	// SizeCaption is the text size of notes: Fyne's own name for it.
	SizeCaption = fynetheme.SizeNameCaptionText
	// SizeRow is the height of a row in the dense lists (tree, slots, traffic).
	SizeRow fyne.ThemeSizeName = "patchbayRow"
	// SizeBar is the height of the toolbar, of tab rows and of the status bar.
	SizeBar fyne.ThemeSizeName = "patchbayBar"
)

// shade is a colour in both palettes.
type shade struct{ dark, light color.NRGBA }

func lookup(n fyne.ThemeColorName, light bool) (color.Color, bool) {
	s, ok := own(n)
	if !ok {
		if s, ok = fyneNames(n); !ok {
			return nil, false
		}
	}
	return s.of(light), true
}

func (s shade) of(light bool) color.Color {
	if light {
		return s.light
	}
	return s.dark
}

// hex makes a shade of two 0xRRGGBB values.
func hex(dark, light uint32) shade { return hexAlpha(dark, 0xff, light, 0xff) }

// hexAlpha is hex with an opacity for each, for what is laid over other things.
func hexAlpha(dark uint32, da uint8, light uint32, la uint8) shade {
	return shade{
		color.NRGBA{R: uint8(dark >> 16), G: uint8(dark >> 8), B: uint8(dark), A: da},
		color.NRGBA{R: uint8(light >> 16), G: uint8(light >> 8), B: uint8(light), A: la},
	}
}

// own is the palette of the names declared here. A switch, not a map: no global state, and a name without a colour is found by the test.
func own(n fyne.ThemeColorName) (shade, bool) {
	switch n {
	case Panel:
		return hex(0x1b1e25, 0xffffff), true
	case Sunken, CodeBackground, CodeGutter:
		return hex(0x15171c, 0xf6f7f9), true
	case Pill:
		return hex(0x232833, 0xeef1f6), true
	case Border:
		return hex(0x2a2e38, 0xdfe3ea), true
	case Text, CodeName, CodeOperator, CodeCaret:
		return hex(0xd7dae0, 0x20242c), true
	case Dim, CodeLineCurrent:
		return hex(0x858b98, 0x6d7482), true
	case Faint, CodeLineNumber:
		return hex(0x6c7784, 0x7c8491), true
	case CodeComment: // quieter than the code, but to be read
		return hex(0x7d8996, 0x66707e), true
	case Accent:
		return hex(0x4f9cf9, 0x1f6feb), true
	case OnAccent:
		return hex(0xffffff, 0xffffff), true
	case Good, Coverage:
		return hex(0x43b581, 0x1a7f4b), true
	case Warn, Changed:
		return hex(0xe0a53c, 0x9a6700), true
	case Bad:
		return hex(0xe5534b, 0xc93c37), true
	case BadBack:
		return hex(0x4a2226, 0xfbdcda), true
	case Flash:
		return hex(0x463810, 0xffe9b0), true
	case RowSelected:
		return hex(0x25324a, 0xdcebff), true
	case RowHover:
		return hex(0x20242d, 0xf1f4f8), true
	case Grid:
		return hex(0x22262e, 0xeff1f5), true
	case Added:
		return hex(0x1b3a2c, 0xd9f2e3), true
	case Removed:
		return hex(0x45252a, 0xfde2e0), true
	case CodeKeyword:
		return hex(0xc792ea, 0x8839b5), true
	case CodeFunction:
		return hex(0x82aaff, 0x1c60c5), true
	case CodeString:
		return hex(0xc3e88d, 0x3f7d20), true
	case CodeNumber, CodeConstant:
		return hex(0xf78c6c, 0xb8500f), true
	case CodeLabel:
		return hex(0xe0a53c, 0x9a6700), true
	case CodeCurrentLine:
		return hex(0x21252d, 0xe7eaef), true
	case CodeSelection:
		return hex(0x2b4670, 0xbcd8ff), true
	case CodeSelectionBg:
		return hex(0x2a303c, 0xdce1e9), true
	case CodeBracket:
		return hex(0x3a4150, 0xcdd4df), true
	case CodeMatch:
		return hex(0x4d4222, 0xffe08a), true
	case CodeInvisible:
		return hex(0x3d434f, 0xc3c8d1), true
	}
	return shade{}, false
}

// fyneNames gives Fyne's own names the same palette, so that stock widgets look at home.
func fyneNames(n fyne.ThemeColorName) (shade, bool) {
	switch n {
	case fynetheme.ColorNameBackground, fynetheme.ColorNameHeaderBackground, fynetheme.ColorNameOverlayBackground:
		return own(Panel)
	case fynetheme.ColorNameMenuBackground:
		return hex(0x232833, 0xffffff), true
	case fynetheme.ColorNameButton, fynetheme.ColorNameDisabledButton:
		return own(Pill)
	case fynetheme.ColorNameForeground:
		return own(Text)
	case fynetheme.ColorNamePlaceHolder:
		return own(Dim)
	case fynetheme.ColorNameDisabled:
		return own(Faint)
	case fynetheme.ColorNamePrimary, fynetheme.ColorNameHyperlink:
		return own(Accent)
	case fynetheme.ColorNameForegroundOnPrimary, fynetheme.ColorNameForegroundOnError,
		fynetheme.ColorNameForegroundOnSuccess, fynetheme.ColorNameForegroundOnWarning:
		return own(OnAccent)
	case fynetheme.ColorNameFocus:
		return hexAlpha(0x4f9cf9, 0x40, 0x1f6feb, 0x2a), true
	case fynetheme.ColorNameSelection:
		return own(CodeSelection)
	case fynetheme.ColorNameInputBackground:
		return own(Sunken)
	case fynetheme.ColorNameInputBorder, fynetheme.ColorNameSeparator:
		return own(Border)
	case fynetheme.ColorNameHover:
		return hexAlpha(0xffffff, 0x0c, 0x1b2433, 0x0d), true
	case fynetheme.ColorNamePressed:
		return hexAlpha(0xffffff, 0x22, 0x1b2433, 0x22), true
	case fynetheme.ColorNameScrollBar:
		return hexAlpha(0x9aa3b5, 0x70, 0x5b6475, 0x70), true
	case fynetheme.ColorNameScrollBarBackground:
		return hexAlpha(0x000000, 0x00, 0x000000, 0x00), true
	case fynetheme.ColorNameShadow:
		return hexAlpha(0x000000, 0x66, 0x1b2433, 0x28), true
	case fynetheme.ColorNameSuccess:
		return own(Good)
	case fynetheme.ColorNameWarning:
		return own(Warn)
	case fynetheme.ColorNameError:
		return own(Bad)
	}
	return shade{}, false
}

// size is what Patchbay sets tighter than Fyne, plus its own names.
func size(n fyne.ThemeSizeName) (float32, bool) {
	switch n {
	case fynetheme.SizeNameText, SizeCode:
		return 13, true
	case fynetheme.SizeNameCaptionText:
		return 11, true
	case fynetheme.SizeNameHeadingText:
		return 20, true
	case fynetheme.SizeNameSubHeadingText:
		return 15, true
	case fynetheme.SizeNameInnerPadding:
		return 5, true
	case fynetheme.SizeNamePadding:
		return 4, true
	case fynetheme.SizeNameInlineIcon:
		return 16, true
	case fynetheme.SizeNameScrollBar:
		return 10, true
	case fynetheme.SizeNameSplitThickness:
		return 5, true
	case fynetheme.SizeNameInputRadius, fynetheme.SizeNameButtonRadius:
		return 5, true
	case fynetheme.SizeNameModalBlurRadius:
		// What lies under a dialog is darkened, not blurred: without a graphics card the
		// blur took most of a second a frame, and keys typed meanwhile waited for it.
		return 0, true
	case SizeRow:
		return 25, true
	case SizeBar:
		return 34, true
	}
	return 0, false
}
