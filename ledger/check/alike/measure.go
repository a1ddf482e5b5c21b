package alike

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
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
	mSwappedMeaning
	mAdded
	mText
	mVerbatim
	mVerbatimWithin
	mNoText
	mNoTextName
	mSwapVerbatim
	mTextSame
	mNameInText
	mTopic
	mTopicSwapped
	mNumbersDiffer
	mTellingDiffer
	mModeDiffers
	mTellingOneSided
	mWhomOneSided
	mWhomNamed
	mWhomSame
	mTextNumbersDiffer
	mTextTellingDiffer
	mMatesText
	mCore
	mCoreSwapped
	mCoreText
	mSpreadSwapped
	mSpreadMore
	mAnchoredSwapped
	mAnchoredMore
	mActivity
	mNoActivity
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
	mMates
	mProvider
	mCapacity
	mCapacityDiffers
	looks       // those above are of a pair alone, those below beside other pairs
	mAsNearMost = iota - 1
	mAsNearLeast
	mLook
	mAhead
	mRivalSure
	mRivalsSum
	mSameKind
	mExpected
	measures
)

type measured [measures]float32

// names is what two names share and what each has alone, by weight.
type names struct {
	shared, sharedA, sharedB float32 // the lesser weight of shared words; of A's weight; of B's
	restA, restB             rest
	core                     float32 // of what is shared, by words that say what is done
}

// rest is the weight of a name's words that the other lacks; of those that other names have too, and
// of those whose meaning is known. A slip of the pen is neither.
type rest struct{ all, common, meant, spread, anchored, core float32 }

func (r *rest) add(t term, other *text) {
	if (t.spread || t.anchored) && !other.says(t.concept) {
		if t.spread {
			r.spread += t.weight
		}
		if t.spread && t.anchored {
			r.anchored += t.weight
		}
	}
	r.all += t.weight
	if !t.spread && t.common {
		r.core += t.weight
	}
	if t.common {
		r.common += t.weight
	}
	if t.meant {
		r.meant += t.weight
	}
}

const longestRest = 12 // words left over on one side that are looked at

func compareNames(a, b *text, terms []string) names {
	var n names
	var roomA, roomB [longestRest]term
	onlyA, onlyB := roomA[:0], roomB[:0]
	i, j := 0, 0
	for i < len(a.name) || j < len(b.name) {
		switch {
		case j == len(b.name) || i < len(a.name) && a.name[i].concept < b.name[j].concept:
			if len(onlyA) < longestRest {
				onlyA = append(onlyA, a.name[i])
			}
			i++
		case i == len(a.name) || b.name[j].concept < a.name[i].concept:
			if len(onlyB) < longestRest {
				onlyB = append(onlyB, b.name[j])
			}
			j++
		default:
			n.match(&a.name[i], &b.name[j], 1)
			i, j = i+1, j+1
		}
	}
	// What is left over may be the same word, shortened or mistyped, or a short form of several.
	for x := range onlyA {
		if y, sure := bestMatch(&onlyA[x], onlyB, terms); sure > 0 {
			n.match(&onlyA[x], &onlyB[y], sure)
			onlyA[x].concept, onlyB[y].concept = 0, 0
		}
	}
	initialled(onlyA, onlyB, b.initials, terms, &n.sharedA, &n.sharedB)
	initialled(onlyB, onlyA, a.initials, terms, &n.sharedB, &n.sharedA)
	for _, t := range onlyA {
		if t.concept != 0 {
			n.restA.add(t, b)
		}
	}
	for _, t := range onlyB {
		if t.concept != 0 {
			n.restB.add(t, a)
		}
	}
	return n
}

func (n *names) match(a, b *term, sure float32) {
	n.sharedA += sure * a.weight
	n.sharedB += sure * b.weight
	n.shared += sure * min(a.weight, b.weight)
	if !a.spread && !b.spread {
		n.core += sure * (a.weight + b.weight)
	}
}

// bestMatch finds the word that t most surely is. A word already matched has concept 0.
func bestMatch(t *term, among []term, terms []string) (at int, sure float32) {
	for y := range among {
		o := &among[y]
		if o.concept == 0 || t.letters&^o.letters != 0 && o.letters&^t.letters != 0 && bits.OnesCount32(t.letters^o.letters) > 4 {
			continue // too many letters apart to be one word
		}
		if s := sameWord(terms[t.stem], terms[o.stem]); s > sure {
			at, sure = y, s
		}
	}
	return at, sure
}

const initialsSure = 0.8

// initialled takes for shared the short forms among only that are first letters of words in a row of
// the other name, and those words.
func initialled(only, others []term, initials string, terms []string, shared, othersShared *float32) {
	for x := range only {
		w := terms[only[x].stem]
		if only[x].concept == 0 || len(w) < 3 || len(w) > 6 || w[0] == '#' || !strings.Contains(initials, w) {
			continue
		}
		*shared += initialsSure * only[x].weight
		only[x].concept = 0
		for y := range others {
			if others[y].concept != 0 && strings.IndexByte(w, terms[others[y].stem][0]) >= 0 {
				*othersShared += initialsSure * others[y].weight
				others[y].concept = 0
			}
		}
	}
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

// says whether a word stands anywhere in a text.
func (t *text) says(concept uint32) bool {
	_, ok := slices.BinarySearchFunc(t.all, concept, func(w term, c uint32) int { return cmp.Compare(w.concept, c) })
	return ok
}

// coreCosine leaves out the words that go with every sort of activity.
func coreCosine(a, b *text) float32 {
	sum := float32(0)
	i, j := 0, 0
	for i < len(a.all) && j < len(b.all) {
		switch x, y := a.all[i].concept, b.all[j].concept; {
		case x < y:
			i++
		case y < x:
			j++
		default:
			if !a.all[i].spread {
				sum += a.all[i].weight * b.all[j].weight
			}
			i, j = i+1, j+1
		}
	}
	if sum == 0 {
		return 0
	}
	return min(1, sum/(a.coreLength*b.coreLength))
}

// nameIn is how much of a name stands in the other's texts.
func (t *text) nameIn(other *text) float32 {
	shared, j := float32(0), 0
	for _, w := range t.name {
		for j < len(other.all) && other.all[j].concept < w.concept {
			j++
		}
		if j < len(other.all) && other.all[j].concept == w.concept {
			shared += w.weight
		}
	}
	return share(shared, t.nameSum)
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

// conflict of a class of words: 1 when both tell a value and share none, less when each has a value
// of its own beside a shared one, 0 otherwise. Numbers tell apart even so: Triple P 4 stage 1, stage 2.
func conflict(class int, x, y uint32) float32 {
	switch {
	case x&^y == 0 || y&^x == 0:
		return 0
	case x&y == 0 || class == classNumber:
		return 1
	}
	return 0.6
}

func (m *measured) tell(a, b *text) {
	for c := range classes {
		name := conflict(c, a.told[c], b.told[c])
		all := conflict(c, a.toldAll[c], b.toldAll[c])
		oneSided := yes((a.toldAll[c] == 0) != (b.toldAll[c] == 0))
		switch c {
		case classNumber, classLetter:
			m[mNumbersDiffer] += name
			m[mTextNumbersDiffer] += all
		case classMode:
			m[mModeDiffers] += name
			m[mTextTellingDiffer] += all
		case classWhom, classGender:
			m[mTellingDiffer] += name
			m[mTextTellingDiffer] += all
			m[mWhomOneSided] += oneSided
			m[mWhomNamed] += yes(oneSided == 1 && a.told[c]|b.told[c] != 0)
			m[mWhomSame] += yes(a.toldAll[c]&b.toldAll[c] != 0)
			continue
		default:
			m[mTellingDiffer] += name
			m[mTextTellingDiffer] += all
		}
		m[mTellingOneSided] += yes((a.told[c] == 0) != (b.told[c] == 0))
	}
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

// names measures two names.
func (m *measured) names(a, b *text, terms []string) {
	n := compareNames(a, b, terms)
	total := a.nameSum + b.nameSum
	m[mName] = share(n.sharedA+n.sharedB, total)
	m[mNameWithin] = max(share(n.sharedA, a.nameSum), share(n.sharedB, b.nameSum))
	m[mNameLetters] = lettersAlike(a.letters, b.letters)
	m[mNameSame] = yes(m[mName] > 0.99)
	m[mRarity] = min(n.shared/12, 1)
	m[mSwapped] = share(2*min(n.restA.all, n.restB.all), total)
	m[mSwappedKnown] = share(2*min(n.restA.common, n.restB.common), total)
	m[mSwappedMeaning] = share(2*min(n.restA.meant, n.restB.meant), total)
	m[mCore] = share(n.core, a.coreSum+b.coreSum)
	m[mCoreSwapped] = share(2*min(n.restA.core, n.restB.core), a.coreSum+b.coreSum)
	m[mSpreadSwapped] = min(1, min(n.restA.spread, n.restB.spread)/6)
	m[mSpreadMore] = min(1, max(n.restA.spread, n.restB.spread)/6)
	m[mAnchoredSwapped] = min(1, min(n.restA.anchored, n.restB.anchored)/6)
	m[mAnchoredMore] = min(1, max(n.restA.anchored, n.restB.anchored)/6)
	m[mAdded] = share(max(n.restA.all, n.restB.all)-min(n.restA.all, n.restB.all), total)
}

// measure compares two services. terms are the words of the book; mates how many structural mates
// each has, which is how easily two such services meet by chance.
func measure(a, b *Service, ta, tb *text, terms []string, matesA, matesB float32) measured {
	var m measured
	m[mOne] = 1
	m.names(ta, tb, terms)
	m[mText], m[mCoreText] = cosine(ta.all, tb.all), coreCosine(ta, tb)
	m[mNameInText] = (ta.nameIn(tb) + tb.nameIn(ta)) / 2
	if len(ta.verbatim) > 0 && len(tb.verbatim) > 0 {
		m[mVerbatim] = cosine(ta.verbatim, tb.verbatim)
		m[mSwapVerbatim] = m[mVerbatim] * m[mVerbatim] * m[mSwapped]
		m[mVerbatimWithin] = contained(ta.verbatim, tb.verbatim)
		m[mTextSame] = yes(m[mVerbatim] > 0.98) * (1 - m[mName])
	} else {
		m[mNoText] = 1
		m[mText], m[mCoreText] = m[mName], m[mCore]
		m[mNoTextName] = m[mName]
	}
	m.tell(ta, tb)
	m[mTopic] = max(0, ta.topic.dot(&tb.topic))
	m[mTopicSwapped] = m[mTopic] * m[mSwapped]
	m[mActivity], m[mNoActivity] = sameKnown(a.Activity, b.Activity)
	_, m[mNoLevel] = sameKnown(a.Level, b.Level)
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
	if a.Capacity > 0 && b.Capacity > 0 {
		m[mCapacity] = yes(a.Capacity == b.Capacity)
		m[mCapacityDiffers] = min(1, float32(math.Abs(math.Log(float64(a.Capacity)/float64(b.Capacity)))))
	}
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
