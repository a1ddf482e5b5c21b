package decide

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"braid/ledger"
	"braid/ledger/money"
	"braid/ledger/people"
)

// importRight says what it takes to import a register. What is not listed has a
// page and a verb of its own, where more than one person is asked.
var importRight = map[string]people.Action{
	"areas": people.ImportRegisters, "organisations": people.ImportRegisters, "objectives": people.ImportRegisters, "services": people.ImportRegisters,
	"needs": people.ImportRegisters, "agreements": people.ImportRegisters, "boards": people.ImportRegisters, "meetings": people.ImportRegisters, "notes": people.ImportRegisters,
	"indicators": people.ImportRegisters, "measurements": people.ImportRegisters, "savings": people.ImportRegisters, "views": people.ImportRegisters,
	"requests": people.ImportRegisters, "actions": people.ImportRegisters, "returns": people.ImportRegisters,
	"streams": people.ImportMoney, "awards": people.ImportMoney, "figures": people.ImportMoney, "terms": people.ImportMoney, "allocations": people.ImportMoney,
	"payments": people.Pay, "codes": people.Pay, "claims": people.Pay, "outturns": people.Pay, "posts": people.Pay, "transfers": people.Pay, "assumptions": people.Pay,
}

// ImportRight says what it takes to import a register; "" for one that is not
// imported by people.
func ImportRight(register string) people.Action { return importRight[register] }

// Importer is who imports. Sees tells the services they may act for.
type Importer struct {
	Actor
	Who  *people.Person
	Sees func(service string) bool
}

// MayImport refuses the registers that a person may not import. The first import
// of all, by finance, may hold any.
func MayImport(b *ledger.Book, by Importer, counts map[string]int) error {
	for _, register := range slices.Sorted(maps.Keys(counts)) {
		switch need := importRight[register]; {
		case need == "" && b.Sequence() == 0 && by.Who.Is(people.Finance, by.Today):
		case need == "":
			return &NotImported{register}
		case by.Who.May(need, by.Today).Nowhere():
			return &ForFinance{register}
		}
	}
	return nil
}

// MayPostImport refuses a batch that reaches outside the person's area, or
// allocates more than their role may alone. After is the book with it.
func MayPostImport(b, after *ledger.Book, by Importer, batch ledger.Batch) error {
	reach := by.Who.May(people.ImportRegisters, by.Today)
	within := func(area string) bool {
		return reach.All || slices.ContainsFunc(reach.Areas, func(own string) bool { return area != "" && area == own || after.AreaTree().Within(area, own) })
	}
	var allocated money.Pence
	outside := map[Row]bool{}
	service := func(id string) {
		if id != "" && b.Has("services", id) && !by.Sees(id) {
			outside[Row{"services", id}] = true
		}
	}
	for n := range batch.Len() {
		e := batch.Entry(n + 1)
		if e.Kind == ledger.Allocation && e.To.Stage == ledger.Allocated {
			allocated += e.Amount
		}
		service(cmp.Or(e.To.Service, e.From.Service))
	}
	for _, r := range batch.Records {
		var areas []string
		switch r.Register {
		case "services":
			service(r.ID)
			areas = strings.Split(r.Get("areas"), ";") // none is everywhere, which is more than one's own
		case "areas":
			areas = []string{r.Get("parent")}
		case "needs", "boards":
			areas = []string{r.Get("area")}
		default:
			service(r.Get("service"))
		}
		for _, area := range areas {
			if !within(area) {
				outside[Row{r.Register, r.ID}] = true
			}
		}
	}
	if len(outside) > 0 {
		rows := slices.Collect(maps.Keys(outside))
		slices.SortFunc(rows, func(x, y Row) int { return cmp.Or(cmp.Compare(x.Register, y.Register), cmp.Compare(x.ID, y.ID)) })
		return &OutsideArea{rows}
	}
	if allocated > 0 && b.Sequence() > 0 {
		if need := Judge(b, by.Actor, ToAllocate, allocated, false); !need.MayApprove(by.Role) {
			return &NeedsApproval{need}
		}
	}
	return nil
}

// Row names a row of a register.
type Row struct{ Register, ID string }

// NotImported refuses a register that has a page of its own, where two people
// can be asked.
type NotImported struct{ Register string }

func (r *NotImported) Code() string { return "not-imported" }
func (r *NotImported) Error() string {
	return r.Register + " are not imported here: they have pages of their own, where two people can be asked; take that sheet out of the file"
}

// ForFinance refuses a register that only finance imports.
type ForFinance struct{ Register string }

func (r *ForFinance) Code() string { return "for-finance" }
func (r *ForFinance) Error() string {
	return "only finance imports " + r.Register + "; ask somebody in finance to load this file"
}

// OutsideArea refuses rows beyond the area a person looks after.
type OutsideArea struct{ Rows []Row }

func (r *OutsideArea) Code() string { return "outside-area" }
func (r *OutsideArea) Error() string {
	var ids []string
	for _, row := range r.Rows[:min(len(r.Rows), 10)] {
		ids = append(ids, row.ID)
	}
	return "these are outside your area: " + strings.Join(ids, ", ") + "; take their rows out, or ask somebody who looks after the whole council"
}
