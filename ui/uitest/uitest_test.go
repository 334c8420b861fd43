package uitest_test

import (
	"image"
	"os"
	"path/filepath"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"patchbay/ui/uitest"
)

func TestEntriesButtonsAndMenus(t *testing.T) {
	entry, second := widget.NewEntry(), widget.NewEntry()
	entry.PlaceHolder = "name"
	tapped, saved := 0, 0
	button := widget.NewButton("Run", func() { tapped++ })
	save := fyne.NewMenuItem("Save", func() { saved++ })
	save.Shortcut = &desktop.CustomShortcut{KeyName: fyne.KeyS, Modifier: fyne.KeyModifierControl}
	ui := uitest.Open(t, 300, 200, container.NewVBox(entry, second, button), uitest.Menu(fyne.NewMainMenu(fyne.NewMenu("File", save))))
	ui.Fill("name", "alice").Press("Tab").Type("b").Press("Ctrl+S", "Shift+Tab")
	if entry.Text != "alice" || second.Text != "b" || saved != 1 {
		t.Errorf("entries %q %q, saved %d", entry.Text, second.Text, saved)
	}
	if ui.Canvas().Focused() != fyne.Focusable(entry) {
		t.Error("Shift+Tab did not go back")
	}
	ui.Press("Shift+Left", "Ctrl+X", "Home", "Ctrl+V")
	if entry.Text != "ealic" {
		t.Errorf("cut and paste: %q", entry.Text)
	}
	ui.Tap("Run").Choose("File", "Save").Sees("Run", "ealic").SeesNot("nowhere")
	if tapped != 1 || saved != 2 {
		t.Errorf("tapped %d, saved %d", tapped, saved)
	}
	if got := len(uitest.FindAll[*widget.Entry](ui)); got != 2 {
		t.Errorf("%d entries", got)
	}
}

func TestListsScrollAndClocksTick(t *testing.T) {
	list := widget.NewList(func() int { return 100 }, func() fyne.CanvasObject { return widget.NewLabel("template") }, func(i int, o fyne.CanvasObject) {
		o.(*widget.Label).SetText(string(rune('A' + i%26)))
	})
	ui := uitest.Open(t, 200, 150, list, uitest.Light(), uitest.Scale(2))
	before := list.GetScrollOffset()
	ui.Scroll(50, 50, 0, -200)
	if list.GetScrollOffset() <= before {
		t.Error("the list did not scroll")
	}
	ticks := 0
	ui.OnTick(func() { ticks++ })
	start := ui.Clock.Now()
	ui.Wait(time.Second)
	if ticks != 20 || ui.Clock.Now().Sub(start) != time.Second {
		t.Errorf("%d ticks in %v", ticks, ui.Clock.Now().Sub(start))
	}
	if s := ui.Capture().Bounds().Size(); s != image.Pt(400, 300) {
		t.Errorf("the picture has %v", s)
	}
	p := filepath.Join(t.TempDir(), "a", "b.png")
	if err := uitest.WritePNG(p, ui.Capture()); err != nil {
		t.Error(err)
	}
	if st, err := os.Stat(p); err != nil || st.Size() == 0 {
		t.Error(err)
	}
}
