package lua53

import (
	"fmt"
	"strings"
	"time"
)

// dateSpecs are the conversions that os.date knows (C99), each group for one length: plain ones,
// with E, with O.
const (
	datePlain = "aAbBcCdDeFgGhHIjmMnprRStTuUVwWxXyYzZ%"
	dateE     = "cCxXyY"
	dateO     = "deHImMSuUVwWy"
)

// dateSpecLen returns the length of the conversion at the start of f (behind the '%'), or 0 if it is
// none that the C library has to know.
func dateSpecLen(f string) int {
	switch {
	case f == "":
		return 0
	case strings.IndexByte(datePlain, f[0]) >= 0:
		return 1
	case len(f) > 1 && f[0] == 'E' && strings.IndexByte(dateE, f[1]) >= 0,
		len(f) > 1 && f[0] == 'O' && strings.IndexByte(dateO, f[1]) >= 0:
		return 2
	}
	return 0
}

// appendDate writes one conversion in the C locale. spec may carry E or O, which change nothing there.
func appendDate(dst []byte, spec string, t time.Time) []byte {
	switch c := spec[len(spec)-1]; c {
	case 'a':
		return append(dst, t.Weekday().String()[:3]...)
	case 'A':
		return append(dst, t.Weekday().String()...)
	case 'b', 'h':
		return append(dst, t.Month().String()[:3]...)
	case 'B':
		return append(dst, t.Month().String()...)
	case 'c':
		return appendDates(dst, "a b e T Y", " ", t)
	case 'C':
		return fmt.Appendf(dst, "%02d", floorDiv(t.Year(), 100))
	case 'd':
		return fmt.Appendf(dst, "%02d", t.Day())
	case 'D', 'x':
		return appendDates(dst, "m d y", "/", t)
	case 'e':
		return fmt.Appendf(dst, "%2d", t.Day())
	case 'F':
		return appendDates(dst, "Y m d", "-", t)
	case 'g':
		y, _ := t.ISOWeek()
		return fmt.Appendf(dst, "%02d", ((y%100)+100)%100)
	case 'G':
		y, _ := t.ISOWeek()
		return fmt.Appendf(dst, "%d", y)
	case 'H':
		return fmt.Appendf(dst, "%02d", t.Hour())
	case 'I':
		return fmt.Appendf(dst, "%02d", (t.Hour()+11)%12+1)
	case 'j':
		return fmt.Appendf(dst, "%03d", t.YearDay())
	case 'm':
		return fmt.Appendf(dst, "%02d", int(t.Month()))
	case 'M':
		return fmt.Appendf(dst, "%02d", t.Minute())
	case 'n':
		return append(dst, '\n')
	case 'p':
		if t.Hour() < 12 {
			return append(dst, "AM"...)
		}
		return append(dst, "PM"...)
	case 'r':
		return append(appendDates(dst, "I M S", ":", t), t.Format(" PM")...)
	case 'R':
		return appendDates(dst, "H M", ":", t)
	case 'S':
		return fmt.Appendf(dst, "%02d", t.Second())
	case 't':
		return append(dst, '\t')
	case 'T', 'X':
		return appendDates(dst, "H M S", ":", t)
	case 'u':
		return fmt.Appendf(dst, "%d", (int(t.Weekday())+6)%7+1)
	case 'U': // weeks that begin on Sunday
		return fmt.Appendf(dst, "%02d", (t.YearDay()+6-int(t.Weekday()))/7)
	case 'V':
		_, w := t.ISOWeek()
		return fmt.Appendf(dst, "%02d", w)
	case 'w':
		return fmt.Appendf(dst, "%d", int(t.Weekday()))
	case 'W': // weeks that begin on Monday
		return fmt.Appendf(dst, "%02d", (t.YearDay()+6-(int(t.Weekday())+6)%7)/7)
	case 'y':
		return fmt.Appendf(dst, "%02d", ((t.Year()%100)+100)%100)
	case 'Y':
		return fmt.Appendf(dst, "%d", t.Year())
	case 'z':
		return append(dst, t.Format("-0700")...)
	case 'Z':
		name, offset := t.Zone()
		if offset == 0 && name == "UTC" {
			name = "GMT" // what gmtime says; a local zone called UTC is shown likewise
		}
		return append(dst, name...)
	}
	return append(dst, '%')
}

func appendDates(dst []byte, specs, sep string, t time.Time) []byte {
	for i, s := range strings.Fields(specs) {
		if i > 0 {
			dst = append(dst, sep...)
		}
		dst = appendDate(dst, s, t)
	}
	return dst
}

func floorDiv(a, b int) int {
	q := a / b
	if a%b != 0 && (a < 0) != (b < 0) {
		q--
	}
	return q
}
