package sheet

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	utf "golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// chunk is how much of a file is looked at in one go.
const chunk = 256 << 10

const saveAgain = `in the spreadsheet, save it again as "CSV UTF-8 (comma delimited)"`

// textFile is a CSV whose encoding is known.
type textFile struct {
	r      io.ReaderAt
	size   int64
	mark   int64 // length of the byte order mark
	coding encoding.Encoding
}

// open reads the text from its start, as UTF-8.
func (f textFile) open() io.Reader {
	body := io.NewSectionReader(f.r, f.mark, f.size-f.mark)
	if f.coding == nil {
		return body
	}
	return transform.NewReader(body, f.coding.NewDecoder())
}

// findEncoding decides by the file's mark, then by whether it is valid UTF-8,
// and only then takes it for Windows-1252, which any bytes could be.
func findEncoding(r io.ReaderAt, size int64) (textFile, []Problem, *Problem) {
	head := make([]byte, 4)
	n, _ := r.ReadAt(head, 0)
	head = head[:n]
	f := textFile{r: r, size: size}
	switch {
	case bytes.HasPrefix(head, []byte{0xff, 0xfe, 0, 0}), bytes.HasPrefix(head, []byte{0, 0, 0xfe, 0xff}):
		return f, nil, &Problem{Code: "encoding", Rule: "the text is in UTF-32, which Braid does not read", Remedy: saveAgain}
	case bytes.HasPrefix(head, []byte{0xff, 0xfe}):
		f.mark, f.coding = 2, utf.UTF16(utf.LittleEndian, utf.IgnoreBOM)
		return f, nil, nil
	case bytes.HasPrefix(head, []byte{0xfe, 0xff}):
		f.mark, f.coding = 2, utf.UTF16(utf.BigEndian, utf.IgnoreBOM)
		return f, nil, nil
	case bytes.HasPrefix(head, []byte{0xef, 0xbb, 0xbf}):
		f.mark = 3
	}
	valid, err := validUTF8(f.open())
	if err != nil {
		return f, nil, unreadable()
	}
	if valid {
		return f, nil, nil
	}
	t, err := lookAtBytes(f.open())
	switch {
	case err != nil:
		return f, nil, unreadable()
	case t.notText:
		return f, nil, &Problem{Code: "not-text", Rule: "this is not text", Remedy: "choose a CSV or XLSX file"}
	case f.mark > 0 || t.valid > 0 || t.overlong:
		return f, nil, &Problem{Code: "encoding", Row: t.badRow,
			Rule: "the text is partly UTF-8 and partly not, so some letters cannot be told", Remedy: saveAgain}
	}
	f.coding = charmap.Windows1252
	notes := []Problem{{Code: "windows-1252",
		Rule: "the text is not UTF-8 and was read as Windows-1252", Remedy: "check £ signs, quote marks and accents; if any is wrong, " + saveAgain}}
	if t.welsh {
		notes = append(notes, Problem{Code: "welsh-letters-lost",
			Rule: "the text looks Welsh, and Windows-1252 has no ŵ or ŷ: they may be missing", Remedy: saveAgain})
	}
	return f, notes, nil
}

func unreadable() *Problem { // the cause may hold a path, so it is not shown
	return &Problem{Code: "unreadable", Rule: "the file could not be read to its end", Remedy: "copy it again, or save it again"}
}

func validUTF8(r io.Reader) (bool, error) {
	buf := make([]byte, chunk)
	kept := 0
	for {
		n, err := io.ReadFull(r, buf[kept:])
		data := buf[:kept+n]
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			return utf8.Valid(data), nil
		}
		if err != nil {
			return false, err
		}
		whole := len(data)
		for back := 1; back <= 3 && back < len(data); back++ { // a character may lie across two chunks
			if b := data[len(data)-back]; utf8.RuneStart(b) {
				if !utf8.FullRune(data[len(data)-back:]) {
					whole = len(data) - back
				}
				break
			}
		}
		if !utf8.Valid(data[:whole]) {
			return false, nil
		}
		kept = copy(buf, data[whole:])
	}
}

// bytesSeen is what tells Windows-1252 from damaged UTF-8 and from noise.
type bytesSeen struct {
	valid    int  // whole characters of UTF-8 beyond ASCII: chance hardly makes one
	overlong bool // forbidden spellings: overlong, halves of pairs, beyond Unicode
	notText  bool
	welsh    bool
	badRow   int
}

func lookAtBytes(r io.Reader) (bytesSeen, error) {
	var t bytesSeen
	var sample strings.Builder
	in := bufio.NewReaderSize(r, chunk)
	row, quoted, before := 1, false, byte(0)
	for {
		next, _ := in.Peek(1)
		c, size, err := in.ReadRune()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return t, err
		}
		bad := byte(0)
		switch {
		case c == utf8.RuneError && size == 1:
			bad = next[0]
			if t.badRow == 0 {
				t.badRow = row
			}
			switch bad {
			case 0x81, 0x8d, 0x8f, 0x90, 0x9d: // nothing in Windows-1252
				t.notText = true
			}
			if bad >= 0x80 && bad < 0xc0 {
				t.overlong = t.overlong || before == 0xc0 || before == 0xc1 || before == 0xed && bad >= 0xa0 ||
					before == 0xe0 && bad < 0xa0 || before == 0xf0 && bad < 0x90 || before == 0xf4 && bad >= 0x90
			}
			c = charmap.Windows1252.DecodeByte(bad)
		case size > 1:
			t.valid++
		case c == '"':
			quoted = !quoted
		case c == '\n' && !quoted:
			row++
		case c < ' ' && c != '\t' && c != '\r' && c != '\n', c == 0x7f:
			t.notText = true
		}
		before = bad
		if sample.Len() < 1<<20 {
			sample.WriteRune(unicode.ToLower(c))
		}
	}
	// An overlong spelling may use bytes that Windows-1252 has not: still text.
	t.notText = t.notText && !t.overlong && t.valid == 0
	t.welsh = looksWelsh(sample.String())
	return t, nil
}

// looksWelsh asks for two different words that English and codes do not share.
func looksWelsh(text string) bool {
	found := map[string]bool{}
	for _, w := range strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) }) {
		switch w {
		case "cyngor", "gwasanaeth", "gwasanaethau", "plant", "teuluoedd", "dechrau", "cymru", "ysgol", "canolfan",
			"ieuenctid", "cynnar", "blynyddoedd", "cymorth", "cymunedau", "ariannu", "ardal", "deulu", "gyfer", "gyda":
			found[w] = true
		}
	}
	return len(found) >= 2
}
