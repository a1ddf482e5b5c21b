package exchange

import (
	"strconv"
	"strings"
	"unicode"

	"braid/commissioning"
	"braid/ledger"
	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// cellFault says what is wrong with one cell: a stable code, the rule, the remedy.
type cellFault struct{ code, rule, remedy string }

// canonical gives a cell as records keep it. References are left as written:
// whether they exist is asked once the whole import is known.
func canonical(c *ledger.Column, text string, order fiscal.DateOrder) (string, *cellFault) {
	switch c.Form {
	case ledger.Text, ledger.Place:
		return text, nil
	}
	if text == "" || text == "-" || text == "–" {
		return "", nil
	}
	switch c.Form {
	case ledger.Code:
		return text, badID(text)
	case ledger.Choice:
		return chosen(c, text)
	case ledger.List, ledger.References:
		return strings.Join(listed(text), ";"), nil
	case ledger.Labels:
		return labels(text, func(id string) string { return id })
	case ledger.Day:
		d, err := fiscal.ParseDateAs(text, order)
		if err != nil {
			return "", dateFault(err)
		}
		return d.String(), nil
	case ledger.Money, ledger.Signed:
		sign := money.NotNegative
		if c.Form == ledger.Signed {
			sign = money.Signed
		}
		a, given, err := money.Parse(text, sign)
		if err != nil {
			return "", amountFault(err)
		}
		if !given {
			return "", nil
		}
		return a.String(), nil
	case ledger.Count:
		return count(text)
	case ledger.Percent:
		return percent(text)
	case ledger.Rate:
		return rate(text)
	case ledger.Hundredths:
		if unknownWord(text) {
			return "?", nil
		}
		fte, err := commissioning.ParseFTE(text)
		if err != nil {
			return "", &cellFault{"hundredths", "this column is a number with at most two decimals", "write 1, 0.6 or 0.55, or ? if it is not known"}
		}
		return fte.String(), nil
	case ledger.Year:
		y, f := year(text)
		if f != nil {
			return "", f
		}
		return y.String(), nil
	case ledger.YearOrTerm:
		if isTerm(text) {
			return "term", nil
		}
		y, f := year(text)
		if f != nil {
			return "", f
		}
		return y.String(), nil
	case ledger.AgeRange:
		a, err := commissioning.ParseAges(text)
		if err != nil {
			return "", &cellFault{"ages-form", "an age range is in whole years, both counted", "write 0-3, 5 to 13, under 4 or 11+"}
		}
		return a.String(), nil
	case ledger.YesNo:
		return yesOrNo(text), nil
	}
	return text, nil
}

const longestID = 100

func badID(id string) *cellFault {
	switch {
	case len([]rune(id)) > longestID:
		return &cellFault{"id-long", "an id has at most 100 characters", "write a short code of your own"}
	case strings.ContainsAny(id, ";\n"):
		return &cellFault{"id-form", "an id is one code; a semicolon separates several", "take out the semicolon"}
	case !strings.ContainsFunc(id, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }):
		return &cellFault{"id-form", "an id has a letter or a digit", "write a short code of your own"}
	}
	return nil
}

// plain drops the differences between headings and words that people do not
// mean: case, spaces, underscores and hyphens.
func plain(text string) string {
	if !strings.ContainsFunc(text, func(r rune) bool { return r < 'a' || r > 'z' }) {
		return text
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '_' || r == '-' || r == '–' {
			return -1
		}
		return unicode.ToLower(r)
	}, text)
}

func chosen(c *ledger.Column, text string) (string, *cellFault) {
	written := plain(text)
	if c.Words[0] == "" && (written == "notstated" || written == "?") {
		return "", nil
	}
	for _, w := range c.Words {
		if plain(w) == written {
			return w, nil
		}
	}
	remedy := "write " + either(c.Words)
	if near := nearest(text, c.Words); near != "" {
		remedy = "perhaps " + near + "; the words are " + either(c.Words)
	}
	return "", &cellFault{"choice", c.Name + " is one of a few words", remedy}
}

// either writes "a, b or c".
func either(words []string) string {
	var of []string
	for _, w := range words {
		if w != "" {
			of = append(of, w)
		}
	}
	if len(of) < 2 {
		return strings.Join(of, "")
	}
	return strings.Join(of[:len(of)-1], ", ") + " or " + of[len(of)-1]
}

func listed(text string) []string {
	var of []string
	for part := range strings.SplitSeq(text, ";") {
		if part = strings.TrimSpace(part); part != "" {
			of = append(of, part)
		}
	}
	return of
}

// labels reads ids with or without shares and writes them canonically, each id
// as resolve gives it.
func labels(text string, resolve func(string) string) (string, *cellFault) {
	if !strings.ContainsAny(text, ";:") {
		return resolve(text), nil
	}
	parts, err := ledger.ParseLabels(text)
	if err != nil {
		return "", &cellFault{"labels", "labels name ids once each, with shares that come to 100 or with none", "write a;b or a:60;b:40"}
	}
	var b strings.Builder
	for i, p := range parts {
		if i > 0 {
			b.WriteByte(';')
		}
		b.WriteString(resolve(p.ID))
		if !p.Weight.IsZero() {
			b.WriteByte(':')
			b.WriteString(p.Weight.String())
		}
	}
	return b.String(), nil
}

func dateFault(err error) *cellFault {
	if u, ok := err.(*fiscal.Unreadable); ok {
		return &cellFault{u.Code, "this is not read as a date", u.Remedy}
	}
	return &cellFault{"date-form", "this is not read as a date", err.Error()}
}

func amountFault(err error) *cellFault {
	if u, ok := err.(*money.Unreadable); ok {
		return &cellFault{u.Code, "this is not read as an amount", u.Remedy}
	}
	return &cellFault{"amount", "this is not read as an amount", err.Error()}
}

func unknownWord(text string) bool {
	switch strings.ToLower(text) {
	case "?", "n/a", "tbc", "not known":
		return true
	}
	return false
}

func count(text string) (string, *cellFault) {
	if unknownWord(text) {
		return "?", nil
	}
	a, _, err := money.Parse(text, money.NotNegative) // the same commas are allowed
	p, known := a.Known()
	if err != nil || !known || p%100 != 0 || p > 1e11 || strings.ContainsAny(text, "£kKmM.") {
		return "", &cellFault{"count", "this column is a whole number, not below nought", "write digits such as 4400, or ? if it is not known"}
	}
	return strconv.FormatInt(int64(p/100), 10), nil
}

// percent reads 25% or 25. A bare 0.25 might be a quarter or a quarter of one
// per cent, so it is refused.
func percent(text string) (string, *cellFault) {
	bad := &cellFault{"percent", "this column is a percentage of at most 100", "write 25% for a quarter"}
	if unknownWord(text) {
		return "", nil
	}
	written := text
	if !strings.ContainsAny(text, "%/") {
		if strings.HasPrefix(text, "0.") {
			return "", bad
		}
		written += "%"
	}
	share, err := money.ParseShare(written)
	whole, _ := money.NewShare(1, 1)
	if err != nil || share.Cmp(whole) > 0 {
		return "", bad
	}
	return share.String(), nil
}

// rate reads 2.5%, -1% or 2.5.
func rate(text string) (string, *cellFault) {
	if !strings.HasSuffix(text, "%") {
		text += "%"
	}
	r, err := money.ParseRate(text)
	if err != nil {
		return "", &cellFault{"rate-percent", "this column is a percentage a year", "write 2.5%, or -1% for a fall"}
	}
	return r.String(), nil
}

func isTerm(text string) bool {
	switch plain(text) {
	case "term", "wholeterm", "thewholeterm":
		return true
	}
	return false
}

func year(text string) (fiscal.Year, *cellFault) {
	y, err := fiscal.ParseYear(text)
	if u, ok := err.(*fiscal.Unreadable); ok {
		return y, &cellFault{u.Code, "this is not read as a financial year", u.Remedy}
	}
	return y, nil
}

// yesOrNo keeps other words: they explain a yes.
func yesOrNo(text string) string {
	switch strings.ToLower(text) {
	case "yes", "y", "true", "1", "ie", "oes":
		return "yes"
	case "no", "n", "false", "0", "na", "nac oes", "none":
		return "no"
	}
	if unknownWord(text) {
		return ""
	}
	return text
}

// slug makes an id from a name: lower case, a hyphen between words.
func slug(name string) string {
	var b strings.Builder
	gap := false
	for _, r := range strings.ToLower(name) {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r):
			if gap && b.Len() > 0 {
				b.WriteByte('-')
			}
			gap = false
			b.WriteRune(r)
		case r == '\'' || r == '’':
		default:
			gap = true
		}
		if b.Len() >= 60 {
			break
		}
	}
	return b.String()
}

// nearest offers what was probably meant: a name a few letters away, or one that
// has most of the words written, as "Youth pannels" for "Youth inclusion panels".
func nearest(text string, names []string) string {
	best, least := "", 1+max(1, len([]rune(text))/4)
	from := strings.ToLower(text)
	for _, n := range names {
		if n == "" {
			continue
		}
		if d := edits([]rune(from), []rune(strings.ToLower(n)), least); d < least {
			best, least = n, d
		}
	}
	if best != "" {
		return best
	}
	written, most := strings.Fields(from), 0
	for _, n := range names {
		met, words := 0, strings.Fields(strings.ToLower(n))
		for _, w := range written {
			limit := 1 + len([]rune(w))/4
			for _, has := range words {
				if edits([]rune(w), []rune(has), limit+1) <= limit && len(w) > 2 {
					met++
					break
				}
			}
		}
		if met > most && 2*met > len(written) {
			best, most = n, met
		}
	}
	return best
}

// edits counts the letters to add, take out or change, up to a limit.
func edits(a, b []rune, limit int) int {
	if len(a)-len(b) >= limit || len(b)-len(a) >= limit || len(a) > 200 {
		return limit
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i, x := range a {
		diagonal := row[0]
		row[0] = i + 1
		least := row[0]
		for j, y := range b {
			d := diagonal
			if x != y {
				d = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], d
			least = min(least, d)
		}
		if least >= limit {
			return limit
		}
	}
	return row[len(b)]
}
