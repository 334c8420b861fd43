package tree

import (
	"math"
	"regexp"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"

	"patchbay/engine/lua53/syntax"
	"patchbay/patchdev"
	"patchbay/ui/kit"
	"patchbay/ui/theme"
)

// Text is a value as a reader sees it: a text as it is, a float as Lua's %.14g
// prints it, a branch as JSON-like brackets with its size.
func Text(v patchdev.Value) string {
	switch v := v.(type) {
	case nil:
		return ""
	case patchdev.String:
		return string(v)
	case patchdev.Int:
		return strconv.FormatInt(int64(v), 10)
	case patchdev.Float:
		return Float(float64(v))
	case patchdev.Bool:
		return strconv.FormatBool(bool(v))
	}
	n, _ := branch(v)
	if v.Kind() == patchdev.KindList {
		return Count(n, "item", "items")
	}
	return Count(n, "key", "keys")
}

// Float prints a float with 14 digits and always so that it is not taken for an integer.
func Float(f float64) string {
	s := strconv.FormatFloat(f, 'g', 14, 64)
	if math.IsNaN(f) || math.IsInf(f, 0) || strings.ContainsAny(s, ".e") {
		return s
	}
	return s + ".0"
}

// Count is a number with its thousands apart and its noun.
func Count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return kit.Thousands(int64(n)) + " " + many
}

// ColorOf is the colour in which values of a kind are written.
func ColorOf(v patchdev.Value) fyne.ThemeColorName {
	switch v.(type) {
	case patchdev.String:
		return theme.CodeString
	case patchdev.Int, patchdev.Float:
		return theme.CodeNumber
	case patchdev.Bool:
		return theme.CodeConstant
	}
	return theme.Dim
}

// ShortID shortens an id of 43 characters to "Kx3q…9aQw"; other keys stay.
func ShortID(s string) string {
	if len(s) != 43 || strings.ContainsAny(s, " /.") {
		return s
	}
	return s[:4] + "…" + s[len(s)-4:]
}

// LuaPath is a path as a script writes it: cache.balances["a-b"].
func LuaPath(path []string) string {
	var b strings.Builder
	for i, k := range path {
		switch n, err := strconv.Atoi(k); {
		case luaName.MatchString(k) && !syntax.IsKeyword(k):
			if i > 0 {
				b.WriteByte('.')
			}
			b.WriteString(k)
		case err == nil && i > 0 && strconv.Itoa(n) == k:
			b.WriteString("[" + k + "]")
		default:
			b.WriteString("[" + strconv.Quote(k) + "]")
		}
	}
	return b.String()
}

var luaName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)
