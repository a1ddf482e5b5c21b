package commissioning

import (
	"fmt"
	"strconv"
	"strings"
)

// Ages is a band of whole years, both ends counted: under 4 is 0 to 3.
type Ages struct {
	From, To int8
	Known    bool
}

// oldest closes a band such as "11 and over".
const oldest = 120

// BadAges is an age band that cannot be read.
type BadAges struct{ Text string }

func (e *BadAges) Error() string {
	return fmt.Sprintf("ages: cannot read %q; write whole years, both counted, such as 0-3, 5 to 13, under 4 or 11+", cut(e.Text))
}

// ParseAges reads an age band as people write it. A blank, or "not known", is a
// band that is not known. Ages before birth count as 0.
func ParseAges(text string) (Ages, error) {
	band := dashes.Replace(strings.Join(strings.Fields(strings.ToLower(text)), " "))
	switch band {
	case "", "?", "n/a", "tbc", "not known":
		return Ages{}, nil
	case "any", "all", "all ages", "any age":
		return Ages{0, oldest, true}, nil
	}
	for _, prefix := range []string{"ages ", "aged ", "age "} {
		band = strings.TrimPrefix(band, prefix)
	}
	for _, suffix := range []string{" years", " year olds", " yrs"} {
		band = strings.TrimSuffix(band, suffix)
	}
	for _, beginning := range []string{"conception", "pregnancy", "birth"} {
		if rest, found := strings.CutPrefix(band, beginning); found {
			band = "0" + rest
		}
	}

	first, second, isRange := strings.Cut(band, "-")
	under, isUnder := strings.CutPrefix(band, "under ")
	over, isOver := strings.CutSuffix(band, "+")
	from, to := age(first), age(second)
	switch {
	case isUnder:
		from, to = 0, age(under)-1
	case isOver:
		from, to = age(over), oldest
	case !isRange:
		to = from
	}
	if from < 0 || to < from {
		return Ages{}, &BadAges{Text: text}
	}
	return Ages{int8(from), int8(to), true}, nil
}

// dashes turns the ways of writing a band into one.
var dashes = strings.NewReplacer(" to ", "-", " - ", "-", " – ", "-", "–", "-", "—", "-", " and over", "+")

// age reads a whole number of years, or gives -1.
func age(text string) int {
	n, err := strconv.ParseUint(text, 10, 8)
	if err != nil || n > oldest {
		return -1
	}
	return int(n)
}

// Years is how many years of age the band holds; 0 when it is not known.
func (a Ages) Years() int {
	if !a.Known {
		return 0
	}
	return int(a.To) - int(a.From) + 1
}

// Overlap is how many years of age two bands share; 0 when either is not known.
func (a Ages) Overlap(b Ages) int {
	if !a.Known || !b.Known {
		return 0
	}
	return max(0, int(min(a.To, b.To))-int(max(a.From, b.From))+1)
}

// OverlapShare is the overlap as a fraction of the smaller band, so that a band
// within another overlaps wholly. It is 0/0 when either is not known.
func (a Ages) OverlapShare(b Ages) (num, den int) {
	if !a.Known || !b.Known {
		return 0, 0
	}
	return a.Overlap(b), min(a.Years(), b.Years())
}

// Contains says whether all of b lies within a; false when either is not known.
func (a Ages) Contains(b Ages) bool {
	return a.Known && b.Known && a.From <= b.From && b.To <= a.To
}

// String writes the band so that ParseAges reads it back.
func (a Ages) String() string {
	switch {
	case !a.Known:
		return ""
	case a.To == oldest:
		return fmt.Sprintf("%d+", a.From)
	}
	return fmt.Sprintf("%d-%d", a.From, a.To)
}
