package e2e

import (
	binenc "encoding/binary"
	"fmt"
	"image"
	"os"
	"path/filepath"
)

// screen is the memory that Xvfb draws into, which it shares as a file in the
// format of xwd: looking at it costs a copy, where a screenshot program costs a
// process and a tenth of a second.
type screen struct {
	path          string
	width, height int
	stride        int
	from          int64 // where the pixels begin
}

// openScreen reads what Xvfb wrote about its first screen into dir.
func openScreen(dir string) (*screen, error) {
	s := &screen{path: filepath.Join(dir, "Xvfb_screen0")}
	f, err := os.Open(s.path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var head [25]uint32 // XWDFileHeader of X11/XWDFile.h
	if err := binenc.Read(f, binenc.BigEndian, &head); err != nil {
		return nil, err
	}
	const headerSize, pixmapWidth, pixmapHeight, byteOrder, bitsPerPixel, bytesPerLine, colours = 0, 4, 5, 7, 11, 12, 19
	if head[bitsPerPixel] != 32 || head[byteOrder] != 0 {
		return nil, fmt.Errorf("%s: %d bits a pixel in byte order %d is not what this test reads", s.path, head[bitsPerPixel], head[byteOrder])
	}
	s.width, s.height, s.stride = int(head[pixmapWidth]), int(head[pixmapHeight]), int(head[bytesPerLine])
	s.from = int64(head[headerSize]) + 12*int64(head[colours]) // a colour of the map takes 12 bytes
	return s, nil
}

// picture is a copy of what is on the screen now.
func (s *screen) picture() (*image.NRGBA, error) {
	f, err := os.Open(s.path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	raw := make([]byte, s.stride*s.height)
	if _, err := f.ReadAt(raw, s.from); err != nil {
		return nil, err
	}
	img := image.NewNRGBA(image.Rect(0, 0, s.width, s.height))
	for y := range s.height {
		line := raw[y*s.stride:]
		for x := range s.width {
			img.Pix[y*img.Stride+4*x] = line[4*x+2]
			img.Pix[y*img.Stride+4*x+1] = line[4*x+1]
			img.Pix[y*img.Stride+4*x+2] = line[4*x]
			img.Pix[y*img.Stride+4*x+3] = 0xff
		}
	}
	return img, nil
}

// part is a copy of the bytes of a part of the screen, cheap enough to be asked for
// a thousand times a second; nil when the screen is gone.
func (s *screen) part(r image.Rectangle) []byte {
	f, err := os.Open(s.path)
	if err != nil {
		return nil
	}
	defer f.Close()
	raw := make([]byte, 4*r.Dx()*r.Dy())
	for y := range r.Dy() {
		if _, err := f.ReadAt(raw[4*r.Dx()*y:4*r.Dx()*(y+1)], s.from+int64((r.Min.Y+y)*s.stride+4*r.Min.X)); err != nil {
			return nil
		}
	}
	return raw
}
