package web

import (
	"net/http"
	"net/url"
	"testing"

	"braid/ledger"
	"braid/ledger/decide"
	"braid/ledger/fiscal"
)

func TestDuplicationQueue(t *testing.T) {
	s := demoServer(t)
	b := s.as("priya")
	p := b.get("/checks/duplication").is(http.StatusOK).says("Are we paying twice for the same thing?", "3 possible duplications to look at.",
		"Family support hubs and Parenting programme", "£150,000", "14 May 2026", "Early help manager", "Possible duplication", "£290,000", "£180,000")
	if got := s.opened(p.link("£150,000")); got != 150_000_00 {
		t.Errorf("£150,000 opens to %s", got)
	}
	b.in("cy").get("/checks/duplication").says("A ydym yn talu ddwywaith am yr un peth?", "Mae 3 dyblygu posibl i edrych arnynt.", "Hybiau cymorth i deuluoedd a Rhaglen rianta", "Dyblygu posibl")
}

const hubsAndParenting = "/checks/duplication/commissioned-twice/family-hubs/parenting/2026-27"

func TestPairSideBySide(t *testing.T) {
	s := demoServer(t)
	b := s.as("priya")
	p := b.get(hubsAndParenting).is(http.StatusOK).says("of 3", "Next pair", "£150,000 at most", "Why flagged: Both are parenting support, early help, for Confident parents in North, ages 0 to 4",
		"On this overlap £96,000 £54,000", "Paid by Children's Fund, Families First Children's Fund, Families First the same",
		"How it is done 12-week groups home visits ≠ differs", "People it can serve 120 families 85 families ≠ differs", "All its money, 2026-27 £490,000 £900,000",
		"This is duplication", "Both are needed", "Not sure, ask someone")
	for _, amount := range []string{"£96,000", "£54,000", "£490,000", "£900,000"} {
		if got := s.opened(p.link(amount)); got.Whole() != amount {
			t.Errorf("%s opens to %s", amount, got)
		}
	}
	next, met := p, map[string]bool{}
	for range 3 {
		met[next.url.Path] = true
		next = b.get(next.link("Next pair")).is(http.StatusOK)
	}
	if len(met) != 3 || !met[next.url.Path] {
		t.Errorf("next pair goes round %d pairs", len(met))
	}
	b.in("cy").get(hubsAndParenting).says("o 3", "Y pâr nesaf", "Ar y gorgyffwrdd hwn £96,000 £54,000", "≠ yn wahanol", "Dyblygu yw hyn", "Mae angen y ddau", "Ddim yn siŵr, gofyn i rywun", "o deuluoedd")
	b.get("/checks/duplication/commissioned-twice/a/b/2026-27").is(http.StatusNotFound)
}

// A pair is dismissed only with a reason; then it leaves the queue, its history
// says who, when and why, and it comes back when the money of either changes.
func TestDismissAPair(t *testing.T) {
	s := demoServer(t)
	b := s.as("priya")
	p := b.get(hubsAndParenting)
	b.submit(p, "", url.Values{"verdict": {"both needed"}}).is(http.StatusUnprocessableEntity).says("Enter a reason for this decision")
	b.get("/checks/duplication").says("3 possible duplications")

	const reason = "Groups and home visits reach different families"
	done := b.submit(p, "", url.Values{"verdict": {"both needed"}, "reason": {reason}, "review": {""}}).is(http.StatusOK)
	done.says("Decision saved.", "Undo", "2 possible duplications to look at.", "1 has been answered").silent("Family support hubs and Parenting programme")
	b.get(hubsAndParenting).is(http.StatusOK).says("Both needed : "+reason, "Decided by Priya Shah.", "History Both needed "+reason, "2027", "Next pair")
	b.get("/checks?answered=yes&kind=duplication").says(reason, "Priya Shah")

	// the same form again posts nothing more
	n := s.book().Sequence()
	b.submit(p, "", url.Values{"verdict": {"both needed"}, "reason": {reason}, "review": {""}}).is(http.StatusOK)
	if now := s.book().Sequence(); now != n {
		t.Errorf("a form sent twice posted %d batches more", now-n)
	}

	cell := decide.Cell{Award: "childrens-fund", Service: "parenting", Year: fiscal.MustDate("2027-01-12").Year(), Was: 60_000_00, To: 59_000_00}
	s.behind(func(b *ledger.Book) (*decide.Outcome, error) {
		return decide.Reallocate(b, priyaActs, []decide.Cell{cell}, "Less is needed")
	})
	b.get("/checks/duplication").says("3 possible duplications", "Family support hubs and Parenting programme", "Back: its facts have changed")
	b.get(hubsAndParenting).says("The facts have changed since, so the question is open again.", reason)

	// who is not sure says whom they ask, and the pair stays
	b.submit(b.get(hubsAndParenting), "", url.Values{"verdict": {"not sure"}, "reason": {"The hubs' lists would tell"}, "asked": {"Hub manager"}}).is(http.StatusOK).says("3 possible duplications", "Not sure: someone was asked")
	b.get(hubsAndParenting).says("Asked: Hub manager.")
}

func TestNoPossibleDuplication(t *testing.T) {
	s := demoServer(t)
	b := s.as("fin")
	for _, pair := range []string{"commissioned-twice/family-hubs/parenting", "commissioned-twice/play-holiday/youth-inclusion", "commissioned-twice/early-years/speech-language"} {
		b.submit(b.get("/checks/duplication/"+pair+"/2026-27"), "", url.Values{"verdict": {"duplication"}, "reason": {"One should end"}}).is(http.StatusOK)
	}
	b.get("/checks/duplication").says("No possible duplication. Last checked 12 January 2027.")
	b.in("cy").get("/checks/duplication").says("Dim dyblygu posibl. Gwiriwyd ddiwethaf 12 Ionawr 2027.")
}
