package alike

import (
	"fmt"
	"strings"
)

// Reason is one thing that speaks for or against a pair. A and B are the texts of either side, or A
// is what both share.
type Reason struct{ Code, A, B string }

// Words says a reason in English, never as a bare number.
func (r Reason) Words() string {
	both := func(s string) string { return fmt.Sprintf("%s: %q, %q", s, r.A, r.B) }
	switch r.Code {
	case "same-name":
		return fmt.Sprintf("same name: %q", r.A)
	case "near-name":
		return both("near-equal names")
	case "differs-name":
		return both("names differ")
	case "same-description":
		return "same description"
	case "near-description":
		return "descriptions say much the same"
	case "differs-description":
		return "descriptions differ"
	case "differs-words":
		return fmt.Sprintf("one says %q, the other %q", r.A, r.B)
	case "same-objective":
		return "same objective: " + r.A
	case "sister-objective":
		return fmt.Sprintf("sister objectives: %s, %s", r.A, r.B)
	case "differs-objective":
		return fmt.Sprintf("objectives differ: %s, %s", r.A, r.B)
	case "unknown-objective":
		return "the objective of one is not known"
	case "same-activity":
		return "same activity: " + r.A
	case "differs-activity":
		return fmt.Sprintf("activities differ: %s, %s", r.A, r.B)
	case "unknown-activity":
		return "the activity of one is not known"
	case "same-level":
		return "same level of need: " + r.A
	case "differs-level":
		return fmt.Sprintf("levels of need differ: %s, %s", r.A, r.B)
	case "unknown-level":
		return "the level of need of one is not known"
	case "same-ages":
		return "same ages: " + r.A
	case "ages-overlap":
		return fmt.Sprintf("ages overlap: %s, %s", r.A, r.B)
	case "unknown-ages":
		return "the ages of one are not known"
	case "same-places":
		return "same place"
	case "places-overlap":
		return "places overlap"
	case "unknown-places":
		return "the place of one is not known"
	case "same-provider":
		return "same provider: " + r.A
	case "same-amount":
		return "same amount"
	case "differs-amount":
		return "amounts differ"
	case "same-dates":
		return "same dates"
	case "dates-overlap":
		return "dates overlap"
	case "differs-dates":
		return "dates do not overlap"
	case "differs-text":
		return both("the rest differs")
	case "same-text":
		return "the rest says the same"
	case "near-text":
		return "the rest says much the same"
	}
	return r.Code
}

func ages(s *Service) string { return fmt.Sprintf("%d-%d", s.AgeFrom, s.AgeTo) }

// reasons puts the measures into words: what speaks for the pair first, then what differs.
func reasons(a, b *Service, m measured) []Reason {
	var is, not []Reason
	pick := func(r Reason, against bool) {
		if against {
			not = append(not, r)
		} else {
			is = append(is, r)
		}
	}
	switch {
	case m[mName] > 0.99 && m[mNameLetters] > 0.99:
		pick(Reason{"same-name", a.Name, ""}, false)
	case max(m[mName], m[mNameLetters]) >= 0.55:
		pick(Reason{"near-name", a.Name, b.Name}, false)
	default:
		pick(Reason{"differs-name", a.Name, b.Name}, true)
	}
	if m[mNumbersDiffer]+m[mTellingDiffer]+m[mModeDiffers] > 0 {
		pick(Reason{"differs-words", onlyIn(a.Name, b.Name), onlyIn(b.Name, a.Name)}, true)
	}
	if m[mNoText] == 0 {
		switch {
		case m[mVerbatim] > 0.97:
			pick(Reason{"same-description", "", ""}, false)
		case m[mVerbatim] >= 0.6 || m[mText] >= 0.55:
			pick(Reason{"near-description", "", ""}, false)
		default:
			pick(Reason{"differs-description", "", ""}, true)
		}
	}
	switch {
	case m[mNoObjective] == 1:
		pick(Reason{"unknown-objective", "", ""}, true)
	case m[mObjective] == 1:
		pick(Reason{"same-objective", shareOne(a.Objectives, b.Objectives), ""}, false)
	case m[mKin] == 1:
		pick(Reason{"sister-objective", a.Objectives[0], b.Objectives[0]}, false)
	default:
		pick(Reason{"differs-objective", a.Objectives[0], b.Objectives[0]}, true)
	}
	known := func(what, x, y string, same, unknown float32) {
		switch {
		case unknown == 1:
			pick(Reason{"unknown-" + what, "", ""}, true)
		case same == 1:
			pick(Reason{"same-" + what, x, ""}, false)
		default:
			pick(Reason{"differs-" + what, x, y}, true)
		}
	}
	known("activity", a.Activity, b.Activity, m[mActivity], m[mNoActivity])
	known("level", a.Level, b.Level, 1-m[mNoLevel], m[mNoLevel])
	switch {
	case m[mNoPlaces] == 1:
		pick(Reason{"unknown-places", "", ""}, true)
	case m[mPlaces] == 1:
		pick(Reason{"same-places", "", ""}, false)
	default:
		pick(Reason{"places-overlap", "", ""}, false)
	}
	switch {
	case m[mNoAges] == 1:
		pick(Reason{"unknown-ages", "", ""}, true)
	case m[mAgesSame] == 1:
		pick(Reason{"same-ages", ages(a), ""}, false)
	default:
		pick(Reason{"ages-overlap", ages(a), ages(b)}, false)
	}
	if a.Provider != "" && strings.EqualFold(a.Provider, b.Provider) {
		pick(Reason{"same-provider", a.Provider, ""}, false)
	}
	return append(is, not...)
}

// onlyIn is the words of a text that another lacks.
func onlyIn(s, other string) string {
	has := map[string]bool{}
	eachWord(other, nil, func(w []byte) { has[string(w)] = true })
	var only []string
	eachWord(s, nil, func(w []byte) {
		if !has[string(w)] {
			only = append(only, string(w))
		}
	})
	return strings.Join(only, " ")
}
