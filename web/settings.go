package web

import (
	"regexp"
	"strconv"

	"braid/ledger"
	"braid/ledger/check"
	"braid/ledger/decide"
	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// Settings are what a council has set: they are kept in the ledger, so that a
// figure of last year can be worked out with last year's thresholds.
type Settings struct {
	Council    string
	Accent     string // a colour, #rrggbb, dark enough beneath white
	Policy     check.Policy
	AmberShare money.Share // from which a variance is amber, and red
	RedShare   money.Share
}

var hexColour = regexp.MustCompile(`^#[0-9a-fA-F]{6}$`)

// settingsOf reads the register of settings; what is not set, or cannot be
// read, is as Braid comes.
func settingsOf(b *ledger.Book) Settings {
	two, _ := money.NewShare(2, 100)
	five, _ := money.NewShare(5, 100)
	s := Settings{Accent: "#12436d", Policy: check.DefaultPolicy(), AmberShare: two, RedShare: five}
	whole := func(text string, into *int) {
		if n, err := strconv.Atoi(text); err == nil && n >= 0 && n <= 1000 {
			*into = n
		}
	}
	share := func(text string, into *money.Share) {
		if x, err := money.ParseShare(text); err == nil {
			*into = x
		}
	}
	pence := func(text string, into *money.Pence) {
		if p, err := money.ParsePence(text); err == nil {
			*into = p
		}
	}
	for id, r := range b.Records("settings") {
		value := r.Get("value")
		if value == decide.DefaultSetting {
			continue
		}
		switch id {
		case "council":
			s.Council = value
		case "accent":
			if hexColour.MatchString(value) {
				s.Accent = value
			}
		case "horizon-months":
			whole(value, &s.Policy.HorizonMonths)
		case "consultation-days":
			whole(value, &s.Policy.ConsultationDays)
		case "recent-days":
			whole(value, &s.Policy.RecentDays)
		case "paid-twice-over":
			pence(value, &s.Policy.PaidTwiceOver)
		case "paid-twice-share":
			share(value, &s.Policy.PaidTwiceShare)
		case "twice-floor":
			pence(value, &s.Policy.TwiceFloor)
		case "yearly-rise":
			share(value, &s.Policy.YearlyRise)
		case "amber-share":
			share(value, &s.AmberShare)
		case "red-share":
			share(value, &s.RedShare)
		}
	}
	return s
}

// yearsOf lists the financial years that figures or entries speak of.
func yearsOf(v *ledger.View) []fiscal.Year {
	met := map[fiscal.Year]bool{fiscal.YearOf(v.AsAt): true}
	for id := range v.Awards {
		for _, y := range v.FigureYears(id) {
			if y != fiscal.Term {
				met[y] = true
			}
		}
	}
	for _, h := range v.AllHoldings() {
		if h.Year != fiscal.Term {
			met[h.Year] = true
		}
	}
	return sortedYears(met)
}
