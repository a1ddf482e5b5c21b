package exchange_test

import (
	"testing"

	"braid/ledger"
	"braid/ledger/exchange"
	"braid/ledger/exchange/sheet"
)

// What a person says of an upload stands in for what the file does not say
// itself: which register it is, what a heading means, what a cell should be.
func TestWhatIsSaidOfAnUpload(t *testing.T) {
	file := []byte("Code,Service name,Ages\nhubs,Family support hubs,0-99x\nplay,Play scheme,5-13\n")
	read := func(opt exchange.Options) *exchange.Plan {
		t.Helper()
		opt.Limits, opt.SetAside = sheet.Web, true
		im, err := exchange.ReadBytes("month9.csv", file, opt)
		if err != nil {
			t.Fatal(err)
		}
		plan, err := im.Plan(ledger.Empty())
		if err != nil {
			t.Fatal(err)
		}
		return plan
	}
	if plan := read(exchange.Options{}); plan.Draft != nil {
		t.Error("a table that is no register was read")
	}
	said := exchange.Options{Register: "services", Columns: map[string]string{"code": "id", "service name": "name"}}
	plan := read(said)
	if plan.Added["services"] != 1 || plan.Problems.Total != 1 || plan.Problems.List[0].Row != 2 || plan.Problems.List[0].Column != "ages" {
		t.Fatalf("added %v, problems %+v", plan.Added, plan.Problems.List)
	}
	said.Mended = map[exchange.Place]string{{Row: 2, Column: "ages"}: "0-18", {Row: 9, Column: "ages"}: "1", {Row: 3}: "x"}
	plan = read(said)
	if plan.Added["services"] != 2 || plan.Problems.Total != 0 {
		t.Fatalf("added %v, problems %+v", plan.Added, plan.Problems.List)
	}
	if r, _ := plan.Draft.Book().Record("services", "hubs"); r.Get("ages") != "0-18" {
		t.Errorf("mended to %q", r.Get("ages"))
	}
}
