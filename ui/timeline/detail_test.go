package timeline

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2/test"

	"patchbay/engine/ao"
)

// TestLinesAreMadeWhenSomebodyLooks: a hidden detail makes none, however many
// slots it is shown; asked, or on the screen again, it tells of the last one.
func TestLinesAreMadeWhenSomebodyLooks(t *testing.T) {
	test.NewTempApp(t)
	made := 0
	d := newDetail(Options{}, func(s *ao.Slot, names Names) []Line {
		made++
		return FactLines(s, names)
	}, "")
	d.SetHidden(true)
	for n := range int64(50) {
		d.Show(&ao.Slot{Number: n})
	}
	if made != 0 {
		t.Errorf("lines of %d slots were made while hidden", made)
	}
	if !strings.Contains(d.All(), "Slot 49") || made != 1 {
		t.Errorf("%d times made: %q", made, d.All())
	}
	d.Show(&ao.Slot{Number: 50})
	d.Rows.Select(0) // of the list that is there
	d.SetHidden(false)
	if d.Rows.Selected() != -1 || !strings.Contains(d.Rows.RowText(0), "Slot 50") || made != 2 {
		t.Errorf("%d times made: row %d of %q", made, d.Rows.Selected(), d.All())
	}
	d.Show(&ao.Slot{Number: 51})
	if !strings.Contains(d.Rows.RowText(0), "Slot 51") {
		t.Errorf("on the screen: %q", d.All())
	}
	d.ShowDry(&ao.Slot{Number: 52})
	if !strings.HasPrefix(d.All(), "Dry run") || !strings.Contains(d.All(), "Slot 52") || !d.Dry() {
		t.Errorf("dry: %q", d.All())
	}
}
