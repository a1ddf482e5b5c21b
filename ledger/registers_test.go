package ledger_test

import (
	"testing"

	"braid/commissioning"
	"braid/ledger"
	"braid/ledger/ledgertest"
)

// Posts and savings are read from their registers as they stand.
func TestPostsAndSavings(t *testing.T) {
	b := ledgertest.Book(t, `
		# streams
		id,name,permanence,2026-27
		cf,Children's Fund,multi-year,100000
		nrf,NRF,multi-year,100000
		# services
		id,name
		hubs,Family support hubs
		# posts
		id,service,fte,employer,contract_end,service_band,annual_cost,exit_cost,tupe,awards
		lead,hubs,1,council,,5 to 10 years,45000,?,no,cf
		worker,hubs,0.60,council,2027-08-31,,21000,3000,yes,cf:75;nrf:25
		visitor,hubs,?,charity,,,,,,cf;nrf
		# savings
		id,service,kind,deadweight_percent,status,2026-27,2027-28
		rooms,hubs,Cashable,,agreed,10000,12000
		twice,,cashable,20%,allowance for counting twice,-600,
		care,,avoided,,,?,`)
	posts := map[string]commissioning.Post{}
	for id, p := range b.Posts {
		posts[id] = p
	}
	lead, worker, visitor := posts["lead"], posts["worker"], posts["visitor"]
	if lead.FTE != 100 || !lead.ExitCost.IsUnknown() || lead.TUPE != commissioning.DoesNotTransfer || lead.Awards[0].Weight.Of(100) != 100 || !lead.ContractEnd.IsZero() {
		t.Errorf("the lead is %+v", lead)
	}
	if worker.FTE.String() != "0.6" || worker.TUPE != commissioning.Transfers || worker.Awards[1].Weight.Of(100) != 25 || worker.ContractEnd.String() != "2027-08-31" {
		t.Errorf("the worker is %+v", worker)
	}
	if visitor.FTE != commissioning.UnknownFTE || !visitor.AnnualCost.IsUnknown() || visitor.TUPE != commissioning.TUPENotKnown || !visitor.Awards[0].Weight.IsZero() {
		t.Errorf("the visitor is %+v", visitor)
	}
	for id, s := range b.Savings {
		switch p, known := s.Amount[2026].Known(); {
		case id == "rooms" && (s.Kind != commissioning.Cashable || !s.Found() || p != 10_000_00 || s.Weighed),
			id == "twice" && (p != -600_00 || s.Found() || !s.Weighed || s.Deadweight.Of(100) != 20),
			id == "care" && (known || s.Kind != commissioning.Avoided):
			t.Errorf("%s is %+v", id, s)
		}
	}
}

// A row of the assumptions is held to its kind, and what was stored before a
// column had a form is read as far as it makes sense.
func TestRowsOfNewForms(t *testing.T) {
	row := func(register string, cells ...string) ledger.Record {
		r := ledger.Record{Register: register, ID: "a"}
		for i := 0; i < len(cells); i += 2 {
			r.Values = append(r.Values, ledger.Value{Column: cells[i], Text: cells[i+1]})
		}
		return r
	}
	for _, r := range []ledger.Record{
		row("assumptions", "kind", "price", "percent", "2.5%", "low", "-1%"), row("assumptions", "kind", "renewal", "award", "cf", "percent", "80%"),
		row("assumptions", "kind", "timing", "award", "cf", "low", "0", "high", "6"), row("posts", "fte", "full time"), row("savings", "kind", "efficiency", "deadweight_percent", "some"),
	} {
		if err := r.Check(); err != nil {
			t.Errorf("%v is refused: %v", r, err)
		}
	}
	for _, r := range []ledger.Record{
		row("assumptions", "kind", "price", "percent", "some"), row("assumptions", "kind", "renewal", "percent", "80%"),
		row("assumptions", "kind", "renewal", "award", "cf", "percent", "120%"), row("assumptions", "kind", "price", "year", "soon"),
		row("assumptions", "kind", "price", "percent", "2%", "high", "lots"), row("assumptions", "kind", "timing", "award", "cf", "low", "3%"),
	} {
		if err := r.Check(); err == nil {
			t.Errorf("%v is accepted", r)
		}
	}
}
