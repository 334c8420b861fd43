package code_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"patchbay/ui/code/text"
)

// tenThousand is a script of 10,000 lines like those that authors write.
func tenThousand() string {
	var sb strings.Builder
	for i := 0; sb.Len() == 0 || i < 10_000/25; i++ {
		fmt.Fprintf(&sb, "-- part %d\n", i)
		sb.WriteString(strings.TrimSuffix(token, "\n"))
		sb.WriteByte('\n')
	}
	lines := strings.Split(sb.String(), "\n")
	return strings.Join(lines[:10_000], "\n")
}

// percentiles times f and reports the median and the 95th percentile, which it gives back.
func percentiles(b *testing.B, f func()) (p50, p95 time.Duration) {
	b.Helper()
	var took []time.Duration
	for b.Loop() {
		t := time.Now()
		f()
		took = append(took, time.Since(t))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Nanoseconds())/1e3, "p50-µs")
	b.ReportMetric(float64(took[len(took)*95/100].Nanoseconds())/1e3, "p95-µs")
	return took[len(took)/2], took[len(took)*95/100]
}

// BenchmarkKey is the whole work of a key in the middle of 10,000 lines: buffer, colours, matching, drawing.
// The metric "of-40-lines" compares it with the same in a text of one screen: what the length of the text costs.
func BenchmarkKey(b *testing.B) {
	key := func(src string, line int) func() {
		ui, e := open(b, src)
		ui.Resize(1200, 800)
		e.Reveal(line, 3)
		n := 0
		return func() {
			e.TypedRune(rune("local x = f(a) "[n%15]))
			if n++; n%40 == 0 {
				ui.Press("Return")
			}
			if n%400 == 0 { // else the text grows while it is measured
				for e.CanUndo() {
					e.Undo()
				}
			}
		}
	}
	short := key(strings.Join(strings.Split(tenThousand(), "\n")[:40], "\n"), 20)
	var base []time.Duration
	for range 2000 {
		t := time.Now()
		short()
		base = append(base, time.Since(t))
	}
	slices.Sort(base)
	p50, _ := percentiles(b, key(tenThousand(), 5_000))
	b.ReportMetric(float64(p50)/float64(base[len(base)/2]), "of-40-lines")
}

func BenchmarkNewline(b *testing.B) {
	ui, e := open(b, tenThousand())
	ui.Resize(1200, 800)
	e.Reveal(5_000, 3)
	percentiles(b, func() { ui.Press("Return") })
}

// BenchmarkOpen is what it takes until the text of 10,000 lines is on screen.
func BenchmarkOpen(b *testing.B) {
	ui, e := open(b, "")
	ui.Resize(1200, 800)
	src := tenThousand()
	percentiles(b, func() { e.SetText(src) })
}

func BenchmarkScroll(b *testing.B) {
	ui, e := open(b, tenThousand())
	ui.Resize(1200, 800)
	y := float32(0)
	percentiles(b, func() {
		if y += 57; y > 150_000 {
			y = 0
		}
		e.ScrollTo(y)
	})
}

func BenchmarkScrollToTheEnd(b *testing.B) {
	ui, e := open(b, tenThousand())
	ui.Resize(1200, 800)
	percentiles(b, func() {
		b.StopTimer()
		e.SetText(e.Text())
		b.StartTimer()
		e.ScrollTo(1e6)
	})
}

func BenchmarkFindNext(b *testing.B) {
	ui, e := open(b, tenThousand())
	ui.Resize(1200, 800)
	for name, q := range map[string]text.Query{"plain": {Text: "Insufficient"}, "regexp": {Text: `ao\.send\(.*Insuf`, Regexp: true}} {
		b.Run(name, func(b *testing.B) {
			if _, err := e.Find(q); err != nil {
				b.Fatal(err)
			}
			percentiles(b, func() { e.FindNext() })
		})
	}
	b.Run("far", func(b *testing.B) { // the only match is the one before: the whole text is searched
		if _, err := e.Find(text.Query{Text: "part 77\n"}); err != nil {
			b.Fatal(err)
		}
		percentiles(b, func() { e.FindNext() })
	})
}

// BenchmarkKeyInAHugeFile types into 100 MB and into a line of 5 MB.
func BenchmarkKeyInAHugeFile(b *testing.B) {
	for name, src := range map[string]string{
		"100MB": strings.Repeat(token, 100<<20/len(token)), "5MBline": strings.Repeat("x = 1 ", 5<<20/6), "5MBwide": strings.Repeat("漢字 ", 5<<20/7),
	} {
		b.Run(name, func(b *testing.B) {
			ui, e := open(b, src)
			ui.Resize(1200, 800)
			e.Reveal(e.Lines()/2, 30)
			percentiles(b, func() { e.TypedRune('x') })
		})
	}
}
