package acceptance

import (
	"bytes"
	"cmp"
	"context"
	"flag"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/chromedp/chromedp"
)

var pictures = flag.String("screenshots", "", "the folder, from the module's root, to write the README's pictures to")

// TestScreenshots makes the README's pictures:
//
//	go test ./web/acceptance -run Screenshots -screenshots web/acceptance/pictures
func TestScreenshots(t *testing.T) {
	if *pictures == "" {
		t.Skip("-screenshots names no folder")
	}
	dir := *pictures
	if !filepath.IsAbs(dir) {
		dir = filepath.Join("..", "..", dir)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	s := demo(t)
	priya, sam := s.as(t, "priya"), s.as(t, "sam")
	for _, p := range []struct {
		name          string
		b             *tab
		path          string
		width, height int64
	}{
		{"home", priya, "/en/", 1280, 720},
		{"hafan", priya, "/cy/", 1280, 720},
		{"map", priya, "/en/ledger/map?year=2026-27", 1280, 900},
		{"timeline", priya, "/en/timeline", 1280, 800},
		{"coverage", priya, "/en/checks/coverage", 1280, 800},
		{"pair", priya, "/en/checks/duplication/commissioned-twice/family-hubs/parenting/2026-27", 1280, 900},
		{"forecast", priya, "/en/plan/forecast", 1280, 1400},
		{"compare", priya, "/en/plan/compare?ids=use-money-left,end-play-scheme", 1280, 760},
		{"board", sam, "/en/boards/north", 390, 844},
	} {
		p.b.size(p.width, p.height)
		p.b.open(p.path)
		var shot []byte
		p.b.do(func(ctx context.Context) (err error) {
			shot, err = chromedp.Run(ctx, chromedp.CaptureScreenshot())
			return err
		})
		small, err := paletted(shot)
		if err != nil {
			t.Fatal(err)
		}
		if len(small) > 150<<10 {
			t.Errorf("%s takes %d KB", p.name, len(small)>>10)
		}
		if err := os.WriteFile(filepath.Join(dir, p.name+".png"), small, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// paletted keeps a picture's 256 commonest colours, which is all that letters
// and flat colours need, at a quarter of the size.
func paletted(shot []byte) ([]byte, error) {
	full, err := png.Decode(bytes.NewReader(shot))
	if err != nil {
		return nil, err
	}
	met := map[color.RGBA]int{}
	for y := full.Bounds().Min.Y; y < full.Bounds().Max.Y; y++ {
		for x := full.Bounds().Min.X; x < full.Bounds().Max.X; x++ {
			met[color.RGBAModel.Convert(full.At(x, y)).(color.RGBA)]++
		}
	}
	colours := slices.SortedFunc(maps.Keys(met), func(a, b color.RGBA) int {
		return cmp.Or(met[b]-met[a], int(a.R)-int(b.R), int(a.G)-int(b.G), int(a.B)-int(b.B))
	})
	var palette color.Palette
	for _, c := range colours[:min(len(colours), 256)] {
		palette = append(palette, c)
	}
	flat := image.NewPaletted(full.Bounds(), palette)
	draw.Draw(flat, flat.Bounds(), full, full.Bounds().Min, draw.Src)
	var out bytes.Buffer
	err = (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&out, flat)
	return out.Bytes(), err
}
