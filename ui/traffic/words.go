package traffic

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"patchbay/ui/theme"
)

// StatusColor is the colour of an HTTP status.
func StatusColor(status int) fyne.ThemeColorName {
	switch {
	case status >= 500:
		return theme.Bad
	case status >= 400:
		return theme.Warn
	case status >= 300:
		return theme.Accent
	}
	return theme.Good
}

// ShortPath shortens the ids in a path.
func ShortPath(path string) string {
	var b strings.Builder
	for {
		i := 0
		for i < len(path) && idByte(path[i]) {
			i++
		}
		if i == 43 {
			b.WriteString(path[:4] + "…" + path[39:43])
		} else {
			b.WriteString(path[:i])
		}
		if i == len(path) {
			return b.String()
		}
		b.WriteByte(path[i])
		path = path[i+1:]
	}
}

func idByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_'
}

func took(d time.Duration) string {
	switch {
	case d < time.Millisecond:
		return fmt.Sprintf("%d µs", max(d.Microseconds(), 1))
	case d < 10*time.Millisecond:
		return fmt.Sprintf("%.1f ms", float64(d)/1e6)
	case d < 10*time.Second:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	}
	return fmt.Sprintf("%.1f s", d.Seconds())
}

func origin(s string) string {
	if s == "" {
		return "no origin"
	}
	return strings.TrimPrefix(strings.TrimPrefix(s, "http://"), "https://")
}

// Nearest is the candidate that is most like what was asked for, "" if none is
// like enough: at most a third of its letters differ.
func Nearest(asked string, known []string) string {
	best, bestD := "", 1<<30
	for _, k := range known {
		if k == asked {
			continue
		}
		if max(len(k)-len(asked), len(asked)-len(k))*3 > max(len(asked), len(k)) {
			continue // at least that many letters differ
		}
		d := distance(strings.ToLower(asked), strings.ToLower(k))
		if d < bestD || d == bestD && k < best {
			best, bestD = k, d
		}
	}
	if best == "" || bestD*3 > max(len(asked), len(best)) {
		return ""
	}
	return best
}

// distance is Levenshtein's, with a swap of neighbours as one step.
func distance(a, b string) int {
	if len(a) > 200 || len(b) > 200 {
		return 1 << 20
	}
	prev2 := make([]int, len(b)+1)
	prev := make([]int, len(b)+1)
	cur := make([]int, len(b)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(a); i++ {
		cur[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			cur[j] = min(prev[j]+1, cur[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				cur[j] = min(cur[j], prev2[j-2]+1)
			}
		}
		prev2, prev, cur = prev, cur, prev2
	}
	return prev[len(b)]
}

var slotAsked = regexp.MustCompile(`/compute(?:=|&slot=|\+slot=)(\d{1,18})(?:[/&?]|$)`)

// Asked reads which key a request asked for, and after which slot. key is what the
// node says that it read, from the step after the process on ("now/cache/x").
func Asked(path, key string) (keys []string, past bool, slot int64) {
	for _, verb := range []string{"now/", "compute/", "latest/"} {
		if rest, ok := strings.CutPrefix(key, verb); ok && rest != "" {
			keys = strings.Split(rest, "/")
		}
	}
	if m := slotAsked.FindStringSubmatch(path); m != nil {
		slot, _ = strconv.ParseInt(m[1], 10, 64)
		past = true
	}
	return keys, past, slot
}
