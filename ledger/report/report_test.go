package report

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"braid/ledger"
	"braid/ledger/check"
	"braid/ledger/fiscal"
	"braid/ledger/ledgertest"
)

// council is two grants, two services; one grant's figure is not known.
const council = `
# streams
id,name,permanence,starts,ends,fate,certainty,stated_on,2026-27
cf,Children's Fund,multi-year,2024-04-01,2027-03-31,stops,confirmed,2026-02-01,900
nrf,=NRF,annual,2026-04-01,2027-03-31,,confirmed,2026-02-01,?
# services
id,name,2026-27
hubs,Family hubs,600
panels,Youth panels,?
# allocations
id,award,service,agreed_on,2026-27
a1,cf,hubs,2026-04-01,500.50
a2,cf,panels,2026-04-01,450
a3,nrf,panels,2026-04-01,?
`

func view(t *testing.T) *ledger.View {
	return ledgertest.Book(t, council).View(fiscal.MustDate("2027-01-12"))
}

func golden(t *testing.T, got, want string) {
	t.Helper()
	trim := func(s string) string {
		lines := strings.Split(strings.Trim(s, "\n"), "\n")
		for i := range lines {
			lines[i] = strings.TrimRight(lines[i], " ")
		}
		return strings.Join(lines, "\n")
	}
	if diff := cmp.Diff(trim(want), trim(got)); diff != "" {
		t.Errorf("want −, got +:\n%s", diff)
	}
}

func TestPositionOnScreenInCSVAndJSONAgree(t *testing.T) {
	v := view(t)
	p := v.Position([]ledger.Dimension{ledger.ByStream}, ledger.Filter{ledger.ByYear: "2026-27"})
	var out bytes.Buffer
	screen := PositionTable(v, p)
	screen.Text(&out)
	golden(t, out.String(), `
Stream                 Awarded  Delegated      Allocated  Promised  Spent       Left
──────────────────────────────────────────────────────────────────────────────────────
Children's Fund           £900          –           £951         –      –       −£51
=NRF                 not known          –      not known         –      –  not known
──────────────────────────────────────────────────────────────────────────────────────
Total            at least £900          –  at least £951         –      –  not known
`)
	out.Reset()
	sheet := PositionCSV(p)
	if err := sheet.CSV(&out); err != nil {
		t.Fatal(err)
	}
	golden(t, out.String(), `
stream,awarded,delegated,allocated,committed,paid,left,at_least
cf,900.00,0.00,950.50,0.00,0.00,-50.50,
nrf,?,0.00,?,0.00,0.00,?,
`)
	out.Reset()
	if err := PositionJSON(&out, v, p); err != nil {
		t.Fatal(err)
	}
	golden(t, strings.Replace(out.String(), v.Hash().String(), "HASH", 1), `
{
  "as_at": "2027-01-12",
  "sequence": 1,
  "hash": "HASH",
  "by": [
    "stream"
  ],
  "rows": [
    {
      "stream": "cf",
      "awarded": "900.00",
      "delegated": "0.00",
      "allocated": "950.50",
      "committed": "0.00",
      "paid": "0.00",
      "left": "-50.50"
    },
    {
      "stream": "nrf",
      "awarded": null,
      "delegated": "0.00",
      "allocated": null,
      "committed": "0.00",
      "paid": "0.00",
      "left": null
    }
  ],
  "total": {
    "awarded": "900.00",
    "delegated": "0.00",
    "allocated": "950.50",
    "committed": "0.00",
    "paid": "0.00",
    "left": null,
    "at_least": true
  }
}
`)
}

func TestAttentionSaysWhatIsNotKnown(t *testing.T) {
	v := view(t)
	var out bytes.Buffer
	Attention(&out, v, check.Run(v, check.DefaultPolicy()))
	for _, want := range []string{
		"2 services lose at least £951 on 31 March 2027, in 78 days.",
		"£51 of it is already unfunded (more was allocated than awarded).",
		"Awarded: at least £900. Allocated: at least £951.",
		"Children's Fund by £51",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("it does not say %q:\n%s", want, out.String())
		}
	}
}

func TestCSVMakesFormulasSafe(t *testing.T) {
	table := Table{Columns: []Column{{Name: "name"}, {Name: "left", Number: true}}, Rows: [][]string{{"=cmd()", "-5.00"}, {"+44", "1.00"}, {"plain", ""}}}
	var out bytes.Buffer
	if err := table.CSV(&out); err != nil {
		t.Fatal(err)
	}
	golden(t, out.String(), "name,left\n'=cmd(),-5.00\n'+44,1.00\nplain,\n")
}

func TestOnScreenTheMapAndPositionAgree(t *testing.T) {
	v := view(t)
	m := Matrix(v, 2026)
	var out bytes.Buffer
	m.Text(&out)
	golden(t, out.String(), `
Which grants pay for which services in 2026-27?  Awarded: at least £900. Allocated: at least £951.
2026-27           Children's Fund         =NRF          Total
───────────────────────────────────────────────────────────────
Ends                  31 Mar 2027  31 Mar 2027
Awarded                      £900    not known  at least £900
Allocated                    £951    not known  at least £951
Left to allocate             −£51    not known      not known
Family hubs                  £501            –           £501
Youth panels                 £450    not known  at least £450
`)
}
