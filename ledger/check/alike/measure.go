package alike

import (
	"math"
	"strings"
)

// The measures of one pair, each between 0 and 1 or nearly.
const (
	mOne = iota
	mName
	mNameWithin
	mNameLetters
	mNameSame
	mRarity
	mSwapped
	mSwappedKnown
	mAdded
	mText
	mTextWithin
	mVerbatim
	mNoText
	mNoTextName
	mSwapVerbatim
	mTextLessName
	mNumbersDiffer
	mTellingDiffer
	mTellingOneSided
	mWhomOneSided
	mWhomSame
	mTextNumbersDiffer
	mTextTellingDiffer
	mActivity
	mNoActivity
	mLevel
	mNoLevel
	mObjective
	mKin
	mNoObjective
	mAges
	mAgesSame
	mNoAges
	mPlaces
	mWider
	mNoPlaces
	mProvider
	mCapacity
	mMates
	mMatesText
	measures
)

type measured [measures]float32

// names is what two names share, by weight.
type names struct {
	shared, sharedA, sharedB float32 // sharedA of A's weight, sharedB of B's
	restA, restB             float32
	onlyA, onlyB             [8]uint32 // stems that one has alone
	knownA, knownB           float32   // weight of those that other names have too
	nA, nB                   int
}

func compareNames(a, b *text, terms []string) names {
	var n names
	var restA, restB [12]term
	i, j := 0, 0
	for i < len(a.name) || j < len(b.name) {
		switch {
		case j == len(b.name) || i < len(a.name) && a.name[i].concept < b.name[j].concept:
			if n.nA < len(restA) {
				restA[n.nA] = a.name[i]
				n.nA++
			}
			i++
		case i == len(a.name) || b.name[j].concept < a.name[i].concept:
			if n.nB < len(restB) {
				restB[n.nB] = b.name[j]
				n.nB++
			}
			j++
		default:
			n.sharedA += a.name[i].weight
			n.sharedB += b.name[j].weight
			n.shared += min(a.name[i].weight, b.name[j].weight)
			i, j = i+1, j+1
		}
	}
	// What is left over may be the same word, shortened or mistyped.
	keptA := 0
	for x := range n.nA {
		t := restA[x]
		best, at := float32(0), -1
		for y := range n.nB {
			if restB[y].concept == 0 {
				continue
			}
			if s := sameWord(terms[t.stem], terms[restB[y].stem]); s > best {
				best, at = s, y
			}
		}
		if at < 0 {
			if covered := shortForm(terms[t.stem], b.initials); covered > 0 {
				n.sharedA += 0.8 * t.weight
				n.sharedB += 0.8 * coverInitials(restB[:n.nB], terms, terms[t.stem])
				continue
			}
			restA[keptA] = t
			keptA++
			continue
		}
		w := min(t.weight, restB[at].weight)
		n.sharedA += best * t.weight
		n.sharedB += best * restB[at].weight
		n.shared += best * w
		restB[at].concept = 0
	}
	keptB := 0
	for y := range n.nB {
		t := restB[y]
		if t.concept == 0 {
			continue
		}
		if shortForm(terms[t.stem], a.initials) > 0 {
			n.sharedB += 0.8 * t.weight
			n.sharedA += 0.8 * coverInitials(restA[:keptA], terms, terms[t.stem])
			continue
		}
		restB[keptB] = t
		keptB++
	}
	n.nA, n.nB = 0, 0
	for _, t := range restA[:keptA] {
		if t.concept != 0 {
			n.restA += t.weight
			if t.common {
				n.knownA += t.weight
			}
			if n.nA < len(n.onlyA) {
				n.onlyA[n.nA] = t.stem
				n.nA++
			}
		}
	}
	for _, t := range restB[:keptB] {
		n.restB += t.weight
		if t.common {
			n.knownB += t.weight
		}
		if n.nB < len(n.onlyB) {
			n.onlyB[n.nB] = t.stem
			n.nB++
		}
	}
	return n
}

// sameWord says how surely two words that differ are one: shortened, or a slip of the pen.
func sameWord(a, b string) float32 {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(a) < 2 || a[0] == '#' || b[0] == '#' {
		return 0
	}
	switch {
	case a[0] == b[0] && len(a) >= 3 && strings.HasPrefix(b, a):
		return 0.9
	case a[0] == b[0] && len(a) >= 2 && len(a)*3 <= len(b)*2 && a[len(a)-1] == b[len(b)-1] && within(a, b):
		return 0.75
	case len(a) == 3 && a[0] == b[0] && len(b) <= 4 && slips(a, b, 1) <= 1:
		return 0.7
	case len(a) >= 4 && len(b)-len(a) <= 2:
		switch d := slips(a, b, 2); {
		case d <= 1 && a[0] == b[0]:
			return 0.85
		case d <= 1 || d == 2 && len(a) >= 8 && a[0] == b[0]:
			return 0.7
		}
	}
	return 0
}

// within says whether the letters of a stand in b in order.
func within(a, b string) bool {
	i := 0
	for j := 0; j < len(b) && i < len(a); j++ {
		if a[i] == b[j] {
			i++
		}
	}
	return i == len(a)
}

// shortForm says whether a short word is made of the first letters of words in a row.
func shortForm(w, initials string) int {
	if len(w) < 3 || len(w) > 6 || w[0] == '#' || !strings.Contains(initials, w) {
		return 0
	}
	return len(w)
}

// coverInitials strikes out the words a short form stands for, and gives their weight.
func coverInitials(rest []term, terms []string, short string) float32 {
	sum := float32(0)
	for i := range rest {
		if rest[i].concept != 0 && strings.IndexByte(short, terms[rest[i].stem][0]) >= 0 {
			sum += rest[i].weight
			rest[i].concept = 0
		}
	}
	return sum
}

func cosine(a, b []term) float32 {
	sum := float32(0)
	i, j := 0, 0
	for i < len(a) && j < len(b) {
		switch x, y := a[i].concept, b[j].concept; {
		case x < y:
			i++
		case y < x:
			j++
		default:
			sum += a[i].weight * b[j].weight
			i, j = i+1, j+1
		}
	}
	return min(sum, 1)
}

// contained is how much of the weight of the lesser text the greater one has.
func contained(a, b []term) float32 {
	if len(a) > len(b) {
		a, b = b, a
	}
	whole, shared := float32(0), float32(0)
	j := 0
	for _, t := range a {
		w := t.weight * t.weight
		whole += w
		for j < len(b) && b[j].concept < t.concept {
			j++
		}
		if j < len(b) && b[j].concept == t.concept {
			shared += w
		}
	}
	if whole == 0 {
		return 0
	}
	return shared / whole
}

func lettersAlike(a, b []uint16) float32 {
	if len(a)+len(b) == 0 {
		return 0
	}
	same, i, j := 0, 0, 0
	for i < len(a) && j < len(b) {
		switch {
		case a[i] < b[j]:
			i++
		case b[j] < a[i]:
			j++
		default:
			same++
			i, j = i+1, j+1
		}
	}
	return float32(2*same) / float32(len(a)+len(b))
}

// conflicts counts the classes in which both tell a value and share none, and those only one tells.
func conflicts(a, b *[classes]uint32) (numbers, others, oneSided float32) {
	for c := range classes {
		switch x, y := a[c], b[c]; {
		case x != 0 && y != 0 && x&y == 0:
			if c == classNumber {
				numbers++
			} else {
				others++
			}
		case (x == 0) != (y == 0):
			oneSided++
		}
	}
	return
}

func share(part, whole float32) float32 {
	if whole <= 0 {
		return 0
	}
	return min(part/whole, 1)
}

func yes(b bool) float32 {
	if b {
		return 1
	}
	return 0
}

// likeness of texts alone, for services and records.
func (m *measured) texts(a, b *text, terms []string) names {
	n := compareNames(a, b, terms)
	total := a.nameSum + b.nameSum
	m[mName] = share(n.sharedA+n.sharedB, total)
	m[mNameWithin] = max(share(n.sharedA, a.nameSum), share(n.sharedB, b.nameSum))
	m[mNameLetters] = lettersAlike(a.letters, b.letters)
	m[mNameSame] = yes(m[mName] > 0.99)
	m[mRarity] = min(n.shared/12, 1)
	m[mSwapped] = share(2*min(n.restA, n.restB), total)
	m[mSwappedKnown] = share(2*min(n.knownA, n.knownB), total)
	m[mAdded] = share(max(n.restA, n.restB)-min(n.restA, n.restB), total)
	return n
}

// measure compares two services. terms are the words of the book; mates how many structural mates
// each has, which is how easily two such services meet by chance.
func measure(a, b *Service, ta, tb *text, terms []string, matesA, matesB float32) measured {
	var m measured
	m[mOne] = 1
	m.texts(ta, tb, terms)
	m[mText] = cosine(ta.all, tb.all)
	m[mTextWithin] = contained(ta.all, tb.all)
	if len(ta.verbatim) > 0 && len(tb.verbatim) > 0 {
		m[mVerbatim] = cosine(ta.verbatim, tb.verbatim)
		m[mSwapVerbatim] = m[mVerbatim] * m[mVerbatim] * m[mSwapped]
		m[mTextLessName] = max(0, m[mVerbatim]-m[mName])
	} else {
		m[mNoText] = 1
		m[mText] = m[mName]
		m[mNoTextName] = m[mName]
	}
	m[mNumbersDiffer], m[mTellingDiffer], m[mTellingOneSided] = conflicts(&ta.told, &tb.told)
	m[mTextNumbersDiffer], m[mTextTellingDiffer], _ = conflicts(&ta.toldAll, &tb.toldAll)
	for _, c := range []int{classWhom, classGender} {
		switch x, y := ta.toldAll[c], tb.toldAll[c]; {
		case (x == 0) != (y == 0):
			m[mWhomOneSided]++
		case x&y != 0:
			m[mWhomSame]++
		}
	}

	m[mActivity], m[mNoActivity] = sameKnown(a.Activity, b.Activity)
	m[mLevel], m[mNoLevel] = sameKnown(a.Level, b.Level)
	switch {
	case len(a.Objectives) == 0 || len(b.Objectives) == 0:
		m[mNoObjective] = 1
	case shareOne(a.Objectives, b.Objectives) != "":
		m[mObjective] = 1
	case shareOne(a.Kin, b.Kin) != "" || shareOne(a.Kin, b.Objectives) != "" || shareOne(a.Objectives, b.Kin) != "":
		m[mKin] = 1
	}
	if a.AgeFrom < 0 || b.AgeFrom < 0 {
		m[mNoAges] = 1
	} else {
		both := float32(min(a.AgeTo, b.AgeTo)) - float32(max(a.AgeFrom, b.AgeFrom)) + 1
		either := float32(max(a.AgeTo, b.AgeTo)) - float32(min(a.AgeFrom, b.AgeFrom)) + 1
		m[mAges] = max(0, both/either)
		m[mAgesSame] = yes(both == either)
	}
	switch {
	case len(a.Places) == 0 || len(b.Places) == 0:
		m[mNoPlaces] = 1
	case samePlaces(a.Places, b.Places):
		m[mPlaces] = 1
	default:
		m[mWider] = min(1, float32(math.Abs(math.Log(float64(extent(a.Places))/float64(extent(b.Places)))))/6)
	}
	m[mProvider], _ = sameKnown(a.Provider, b.Provider)
	m[mCapacity] = yes(a.Capacity > 0 && a.Capacity == b.Capacity)
	m[mMates] = float32(math.Log1p(float64(matesA))+math.Log1p(float64(matesB))) / 8
	m[mMatesText] = m[mMates] * max(m[mName], m[mText])
	return m
}

func sameKnown(a, b string) (same, unknown float32) {
	if a == "" || b == "" {
		return 0, 1
	}
	return yes(strings.EqualFold(a, b)), 0
}

func shareOne(a, b []string) string {
	for _, x := range a {
		for _, y := range b {
			if x == y {
				return x
			}
		}
	}
	return ""
}

func samePlaces(a, b []Span) bool {
	if len(a) != len(b) {
		return false
	}
	for _, x := range a {
		found := false
		for _, y := range b {
			found = found || x == y
		}
		if !found {
			return false
		}
	}
	return true
}

func extent(spans []Span) int64 {
	n := int64(0)
	for _, s := range spans {
		n += int64(s.Out) - int64(s.In)
	}
	return max(n, 1)
}
