package uitest

import (
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
)

const (
	// nearly is how far a channel of a pixel may be off, of 255: another processor rounds another way.
	nearly = 12
	// strays is how many of a thousand pixels may be further off.
	strays = 1
)

// Golden compares the window with testdata/NAME.png. Where they differ, or when there is none yet, the picture goes to
// testdata/failed and the test fails; look at it and move it to testdata when it is right. UITEST_UPDATE=1 in the environment writes
// it there at once.
func (u *UI) Golden(name string) *UI {
	u.TB.Helper()
	img := u.Capture()
	path := filepath.Join("testdata", name+".png")
	if os.Getenv("UITEST_UPDATE") == "1" {
		if err := WritePNG(path, img); err != nil {
			u.TB.Fatal(err)
		}
		return u
	}
	want, err := readPNG(path)
	if err == nil {
		bad, worst := compare(want, img)
		if bad*1000 <= strays*img.Bounds().Dx()*img.Bounds().Dy() {
			return u
		}
		u.TB.Errorf("the window differs from %s in %d pixels, around %v", path, bad, worst)
	} else {
		u.TB.Errorf("there is no picture to compare with: %v", err)
	}
	failed := filepath.Join("testdata", "failed", name+".png")
	if err := WritePNG(failed, img); err != nil {
		u.TB.Error(err)
	}
	u.TB.Logf("what was drawn is in %s", failed)
	return u
}

func readPNG(path string) (image.Image, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return png.Decode(f)
}

// compare counts the pixels that differ and gives the first of them; pictures of different sizes differ everywhere.
func compare(a, b image.Image) (bad int, first image.Point) {
	r := a.Bounds()
	if r.Size() != b.Bounds().Size() {
		return b.Bounds().Dx() * b.Bounds().Dy(), b.Bounds().Min
	}
	for y := range r.Dy() {
		for x := range r.Dx() {
			p := color.NRGBAModel.Convert(a.At(r.Min.X+x, r.Min.Y+y)).(color.NRGBA)
			q := color.NRGBAModel.Convert(b.At(b.Bounds().Min.X+x, b.Bounds().Min.Y+y)).(color.NRGBA)
			if off(p.R, q.R) || off(p.G, q.G) || off(p.B, q.B) || off(p.A, q.A) {
				if bad++; bad == 1 {
					first = image.Pt(x, y)
				}
			}
		}
	}
	return bad, first
}

func off(a, b uint8) bool { return a > b && a-b > nearly || b > a && b-a > nearly }
