package text_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"patchbay/ui/code/text"
)

// TestDiffHoldsBothTexts takes the two texts back out of their comparison.
func TestDiffHoldsBothTexts(t *testing.T) {
	gen := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "", "c ", "\xff", "é"}), 1, 20)
	rapid.Check(t, func(t *rapid.T) {
		a, b := gen.Draw(t, "a"), gen.Draw(t, "b")
		var ga, gb []string
		for _, l := range text.Diff(a, b) {
			if l.Kind != text.Added {
				ga = append(ga, l.Text)
				if l.Old != len(ga) {
					t.Fatalf("line %d is numbered %d", len(ga), l.Old)
				}
			}
			if l.Kind != text.Removed {
				gb = append(gb, l.Text)
				if l.New != len(gb) {
					t.Fatalf("line %d is numbered %d", len(gb), l.New)
				}
			}
		}
		if strings.Join(ga, "\n") != strings.Join(a, "\n") || strings.Join(gb, "\n") != strings.Join(b, "\n") {
			t.Fatalf("%q and %q came back as %q and %q", a, b, ga, gb)
		}
	})
}

func TestAround(t *testing.T) {
	var a, b []string
	for i := range 40 {
		a, b = append(a, fmt.Sprint(i)), append(b, fmt.Sprint(i))
	}
	b[20] = "x"
	var got []string
	for _, l := range text.Around(text.Diff(a, b), 2) {
		got = append(got, fmt.Sprintf("%d:%s", l.Kind, l.Text))
	}
	if s := strings.Join(got, " "); s != "3: 0:18 0:19 1:20 2:x 0:21 0:22 3:" {
		t.Errorf("got %s", s)
	}
}
