package alike

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// Record is anything that may have been entered twice: an award, a service, a provider.
type Record struct {
	Ref            int // the caller's own number, not looked at
	Kind, ID, Name string
	Extra          string // other text: funder, purpose, address
	Amount         int64  // whole pence; 0: not known
	From, To       int32  // dates, in any one unit; 0: not known
}

// NearText says how alike two short texts are, from 0 to 1, by their words and letters alone: word
// order, case, short forms and slips of the pen count for little.
func NearText(a, b string) float64 {
	ts, v := texts(2, func(i, field int) string {
		switch {
		case field > 0:
			return ""
		case i == 0:
			return a
		}
		return b
	}, false)
	var m measured
	m.names(&ts[0], &ts[1], v.terms)
	return float64(nearName(&m))
}

func nearName(m *measured) float32 { return min(1, max(m[mName], m[mNameLetters])) }

// What speaks for one record entered twice, on the scale of a logit. Set by hand from the examples of
// records_test.go, not learned: a name alone must be all but equal, and what else is known can only
// part the doubtful ones. Two dates apart are instalments or a successor, and so count against.
const (
	recordBase      = -7.0
	recordName      = 9.0
	recordAmount    = 1.5 // equal for, different against
	recordDates     = 1.0 // the same for
	recordApart     = 2.5 // none in common against
	recordText      = 3.0 // from different to the same
	recordTelling   = 4.0 // North and South, 1 and 2: against
	leastRecord     = 0.5
	recordKeys      = 8
	recordVisits    = 400
	lettersInCommon = 0.5
)

// Records finds records that look like one thing recorded twice, best first, ties by id. Only
// records of one kind are compared. The order of the input changes nothing but the indices.
func Records(records []Record) []Pair {
	order := make([]int, len(records))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int {
		a, b := &records[i], &records[j]
		return cmp.Or(strings.Compare(a.Kind, b.Kind), strings.Compare(a.ID, b.ID), strings.Compare(a.Name, b.Name),
			strings.Compare(a.Extra, b.Extra), cmp.Compare(a.Amount, b.Amount), cmp.Compare(a.From, b.From))
	})
	ts, v := texts(len(order), func(i, field int) string {
		switch field {
		case 0:
			return records[order[i]].Name
		case 1:
			return records[order[i]].Extra
		}
		return ""
	}, false)
	var out []Pair
	for from := 0; from < len(order); {
		to := from
		for to < len(order) && records[order[to]].Kind == records[order[from]].Kind {
			to++
		}
		for _, c := range sharingLetters(ts[from:to]) {
			i, j := from+int(c.a), from+int(c.b)
			if p, ok := judge(records, order[i], order[j], &ts[i], &ts[j], v.terms); ok {
				out = append(out, p)
			}
		}
		from = to
	}
	slices.SortFunc(out, func(p, q Pair) int {
		return cmp.Or(cmp.Compare(q.Score, p.Score), compareIDs(records[p.A].ID, records[p.B].ID, records[q.A].ID, records[q.B].ID),
			cmp.Compare(p.A, q.A), cmp.Compare(p.B, q.B))
	})
	return out
}

// sharingLetters gives pairs whose names share uncommon threes of letters, or uncommon words.
func sharingLetters(ts []text) []candidate {
	lists := map[uint32][]uint32{} // a three of letters, or a word above them -> texts
	keys := func(t *text) []uint32 {
		ks := make([]uint32, 0, len(t.letters)+len(t.name))
		for _, l := range t.letters {
			ks = append(ks, uint32(l))
		}
		for _, w := range t.name {
			ks = append(ks, 1<<16+w.concept)
		}
		return ks
	}
	for i := range ts {
		for _, k := range keys(&ts[i]) {
			lists[k] = append(lists[k], uint32(i))
		}
	}
	seen := make([]int, len(ts)) // with which text last met, plus one
	var out []candidate
	for i := range ts {
		ks := slices.DeleteFunc(keys(&ts[i]), func(k uint32) bool { return len(lists[k]) < 2 })
		slices.SortFunc(ks, func(a, b uint32) int { return cmp.Or(cmp.Compare(len(lists[a]), len(lists[b])), cmp.Compare(a, b)) })
		visits := 0
		for _, k := range ks[:min(len(ks), recordKeys)] {
			list := lists[k]
			at, _ := slices.BinarySearch(list, uint32(i))
			for _, j := range list[at+1:] {
				if visits++; visits > recordVisits {
					break
				}
				if seen[j] != i+1 {
					seen[j] = i + 1
					if lettersAlike(ts[i].letters, ts[j].letters) >= lettersInCommon {
						out = append(out, candidate{uint32(i), j})
					}
				}
			}
		}
	}
	return out
}

func judge(records []Record, x, y int, tx, ty *text, terms []string) (Pair, bool) {
	if x > y {
		x, y, tx, ty = y, x, ty, tx
	}
	a, b := &records[x], &records[y]
	var m measured
	m.names(tx, ty, terms)
	m.tell(tx, ty)
	name := nearName(&m)
	z := recordBase + recordName*float64(name) - recordTelling*float64(m[mNumbersDiffer]+m[mTellingDiffer])
	var why []Reason
	if name == 1 {
		why = append(why, Reason{"same-name", a.Name, ""})
	} else {
		why = append(why, Reason{"near-name", a.Name, b.Name})
	}
	if a.Amount != 0 && b.Amount != 0 {
		if a.Amount == b.Amount {
			z += recordAmount
			why = append(why, Reason{Code: "same-amount"})
		} else {
			z -= recordAmount
			why = append(why, Reason{Code: "differs-amount"})
		}
	}
	if a.From != 0 && a.To != 0 && b.From != 0 && b.To != 0 {
		switch {
		case a.From == b.From && a.To == b.To:
			z += recordDates
			why = append(why, Reason{Code: "same-dates"})
		case a.From <= b.To && b.From <= a.To:
			why = append(why, Reason{Code: "dates-overlap"})
		default:
			z -= recordApart
			why = append(why, Reason{Code: "differs-dates"})
		}
	}
	if len(tx.verbatim) > 0 && len(ty.verbatim) > 0 {
		same := cosine(tx.verbatim, ty.verbatim)
		z += recordText * (float64(same) - 0.5)
		switch {
		case same > 0.97:
			why = append(why, Reason{Code: "same-text"})
		case same >= 0.6:
			why = append(why, Reason{Code: "near-text"})
		default:
			why = append(why, Reason{"differs-text", a.Extra, b.Extra})
		}
	}
	score := 1 / (1 + math.Exp(-z))
	return Pair{x, y, score, why}, score >= leastRecord
}
