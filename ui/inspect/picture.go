package inspect

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"image"
	_ "image/gif"  // a picture in the cache may be one of these;
	_ "image/jpeg" // they are decoded to pixels and nothing else,
	_ "image/png"  // so nothing in them can run
	"net/http"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"patchbay/ui/kit"
	"patchbay/ui/theme"
)

// How big a picture is decoded: bytes of its file, and pixels.
const (
	maxPictureFile   = 8 << 20
	maxPicturePixels = 16 << 20
)

// pictureIn gives the bytes of a PNG, JPEG or GIF picture that a text is: as it
// stands, as a data: URL, or in base64. Vector pictures are source and shown so.
func pictureIn(s string) ([]byte, bool) {
	if len(s) > maxPictureFile*4/3+100 || len(s) < 16 {
		return nil, false
	}
	if isPicture([]byte(s[:min(len(s), 512)])) {
		return []byte(s), true
	}
	text := s
	if head, tail, ok := strings.Cut(s, ","); ok && strings.HasPrefix(head, "data:image/") && strings.HasSuffix(head, ";base64") {
		text = tail
	} else if !strings.HasPrefix(s, "iVBOR") && !strings.HasPrefix(s, "/9j/") && !strings.HasPrefix(s, "R0lGOD") {
		return nil, false // neither of the three begins otherwise in base64
	}
	for _, enc := range []*base64.Encoding{base64.StdEncoding, base64.RawStdEncoding} {
		if b, err := enc.DecodeString(strings.TrimSpace(text)); err == nil {
			return b, isPicture(b)
		}
	}
	return nil, false
}

func isPicture(b []byte) bool {
	switch http.DetectContentType(b) {
	case "image/png", "image/jpeg", "image/gif":
		return true
	}
	return false
}

// decode makes pixels of a picture's file; says is what it is in words.
func decode(b []byte) (img image.Image, says string, err error) {
	c, format, err := image.DecodeConfig(bytes.NewReader(b))
	if err != nil {
		return nil, "", fmt.Errorf("it begins like a picture but is none: %w", err)
	}
	says = fmt.Sprintf("%s picture, %d × %d, %s", strings.ToUpper(format), c.Width, c.Height, kit.Bytes(len(b)))
	if len(b) > maxPictureFile || c.Width <= 0 || c.Height <= 0 || c.Width > maxPicturePixels/c.Height {
		return nil, says + ", too big to be shown", nil
	}
	if img, _, err = image.Decode(bytes.NewReader(b)); err != nil {
		return nil, "", fmt.Errorf("%s, which cannot be decoded: %w", says, err)
	}
	return img, says, nil
}

// pictureBox shows the picture of the value above its lines.
type pictureBox struct {
	box   *fyne.Container
	image *canvas.Image
	note  *kit.Label
	of    string // the text that it was decoded from
}

func newPictureBox() *pictureBox {
	p := &pictureBox{image: canvas.NewImageFromImage(image.NewRGBA(image.Rect(0, 0, 1, 1))), note: kit.NewLabel()}
	p.image.FillMode = canvas.ImageFillContain
	p.image.ScaleMode = canvas.ImageScalePixels
	p.note.Pad = 14
	p.note.MinWidth = 60
	room := container.New(kit.Pad{Left: 14, Right: 14, Bottom: 6}, container.New(kit.Min{Height: 110}, p.image))
	p.box = kit.NewStack(room, container.New(kit.Min{Height: 26}, p.note), room, kit.NewLine())
	p.box.Hide()
	return p
}

// showPicture decodes the picture in a text beside the UI goroutine; "" hides it.
func (p *Panel) showPicture(s string) {
	if s == p.picture.of {
		return
	}
	p.picture.of = s
	hide := func() {
		if p.picture.box.Visible() {
			p.picture.box.Hide()
			p.valueBox.Refresh()
		}
	}
	raw, ok := pictureIn(s)
	if !ok || p.o.Async == nil {
		hide()
		return
	}
	var img image.Image
	var says string
	var err error
	p.o.Async(func() { img, says, err = decode(raw) }, func() {
		if s != p.picture.of {
			return
		}
		if err != nil || img == nil {
			if err != nil {
				says = err.Error()
			}
			img = image.NewRGBA(image.Rect(0, 0, 1, 1))
		}
		p.picture.image.Image = img
		p.picture.image.Refresh()
		p.picture.note.SetRuns(kit.Run{Text: says, Color: theme.Dim})
		p.picture.box.Show()
		p.valueBox.Refresh()
	})
}
