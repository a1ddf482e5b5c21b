package store

import (
	"fmt"
	"testing"
	"time"

	"braid/ledger"
	"braid/ledger/fiscal"
	"braid/ledger/money"
)

const y26 = fiscal.Year(2026)

var (
	april  = fiscal.MustDate("2026-04-01")
	posted = time.Date(2027, 1, 12, 9, 0, 0, 0, time.UTC)
)

// record makes a record of column, text, column, text …
func record(register, id string, cells ...string) ledger.Record {
	r := ledger.Record{Register: register, ID: id}
	for i := 0; i < len(cells); i += 2 {
		r.Values = append(r.Values, ledger.Value{Column: cells[i], Text: cells[i+1]})
	}
	return r
}

func intent(key string) ledger.Intent {
	return ledger.Intent{Author: "Ann Officer", Role: "commissioner", Reason: "plan for 2026-27", Key: key, Source: "plan.csv"}
}

// council is a draft of an award of so many pence and two services.
func council(b *ledger.Book, pence money.Pence) (*ledger.Draft, error) {
	d := b.Draft(intent(""))
	if err := d.Put(
		record("streams", "cf", "name", "Children's Fund", "permanence", "multi-year"),
		record("awards", "cf", "stream", "cf", "starts", "2024-04-01", "ends", "2027-03-31"),
		record("services", "hubs", "name", "Family support \"hubs\"\nand more", "2026-27", "900.00"),
		record("services", "panels", "name", "Paneli cynnwys ieuenctid ŵ", "2026-27", "400.00"),
	); err != nil {
		return d, err
	}
	return d, d.State(record("figures", "cf/2026-27", "award", "cf", "year", "2026-27",
		"amount", string(money.AppendPence(nil, pence)), "certainty", "confirmed", "stated_on", "2026-02-01"), 0)
}

// allocate is a decision to put so many pence on the hubs.
func allocate(pence money.Pence, key, line string) func(*ledger.Book) (*ledger.Draft, error) {
	return func(b *ledger.Book) (*ledger.Draft, error) {
		d := b.Draft(intent(key))
		err := d.Allocate("cf", "hubs", "", y26, ledger.Move{Amount: pence, Line: line, Effective: april, Row: 7,
			Label: ledger.Label{Objective: "confident-parents", Area: "north", Element: "core"}})
		return d, err
	}
}

// big drafts n allocations over many services of one award.
func big(b *ledger.Book, n int) (*ledger.Draft, error) {
	const services = 5000
	d := b.Draft(intent(""))
	records := []ledger.Record{record("streams", "cf", "name", "Children's Fund"), record("awards", "cf", "stream", "cf", "starts", "2024-04-01", "ends", "2027-03-31")}
	for i := range min(services, n) {
		records = append(records, record("services", fmt.Sprintf("service-%05d", i), "name", fmt.Sprintf("Service %d", i)))
	}
	if err := d.Put(records...); err != nil {
		return d, err
	}
	if err := d.State(record("figures", "cf/2026-27", "award", "cf", "year", "2026-27", "amount", "99000000000.00", "certainty", "confirmed", "stated_on", "2026-02-01"), 0); err != nil {
		return d, err
	}
	for i := range n {
		m := ledger.Move{Amount: money.Pence(100 + i%9900), Line: fmt.Sprintf("line-%07d", i), Effective: april + fiscal.Date(i/3000), Row: i + 2,
			Label: ledger.Label{Objective: fmt.Sprintf("objective-%02d", i%40), Area: fmt.Sprintf("area-%03d", i%300)}}
		if err := d.Allocate("cf", fmt.Sprintf("service-%05d", i%services), "", y26, m); err != nil {
			return d, err
		}
	}
	return d, nil
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
