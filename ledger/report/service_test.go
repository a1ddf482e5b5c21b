package report

import (
	"testing"

	"braid/ledger"
	"braid/ledger/fiscal"
	"braid/ledger/ledgertest"
	"braid/ledger/money"
	"braid/seed"
)

// TestPaidForIsWhatPositionsSay: one service's money, found by index, is what
// the positions of the whole book say of it, unknown parts and boards included.
func TestPaidForIsWhatPositionsSay(t *testing.T) {
	compared := 0
	for _, name := range seed.Names() {
		files, err := seed.FS(name)
		if err != nil {
			t.Fatal(err)
		}
		v := ledgertest.Folder(t, files).View(seed.AsAt(name))
		unsized := Unsized(v)
		boards := []string{""}
		for id := range v.Boards {
			boards = append(boards, id)
		}
		from := fiscal.YearOf(v.AsAt)
		for year := from - 3; year <= from+3; year++ {
			for _, board := range boards {
				only := ledger.Filter{}
				if board != "" {
					only[ledger.ByBoard] = board
				}
				whole := NewMap(v, MapOf{Year: year, RowsBy: ledger.ByService, ColumnsBy: ledger.ByAward, Only: only})
				for id := range v.Services {
					p := PaidFor(v, id, board, unsized)
					own := p.Map(year)
					if own.RowTotal(id) != whole.RowTotal(id) {
						t.Errorf("%s %s %s %q: %v, the map says %v", name, year, id, board, own.RowTotal(id), whole.RowTotal(id))
					}
					for _, award := range whole.Columns {
						if own.Cell(id, award) != whole.Cell(id, award) {
							t.Errorf("%s %s %s %s: %v, the map says %v", name, year, id, award, own.Cell(id, award), whole.Cell(id, award))
						}
						compared++
					}
					only := ledger.Filter{ledger.ByService: id, ledger.ByYear: year.String()}
					if board != "" {
						only[ledger.ByBoard] = board
					}
					if sum := v.Position(nil, only).Total.Sums[ledger.AllocatedTo]; p.In(year) != sum {
						t.Errorf("%s %s %s: %v in the year, the position says %v", name, year, id, p.In(year), sum)
					}
					if board != "" {
						continue
					}
					split := p.Split(year)
					rows := 0
					for _, r := range v.Position([]ledger.Dimension{ledger.ByObjective, ledger.ByArea}, only).Rows {
						if sum := r.Sums[ledger.AllocatedTo]; sum != (money.Sum{}) {
							rows++
							if split[[2]string{r.Key[0], r.Key[1]}] != sum {
								t.Errorf("%s %s %s %v: %v, the position says %v", name, year, id, r.Key, split[[2]string{r.Key[0], r.Key[1]}], sum)
							}
						}
					}
					if rows != len(split) {
						t.Errorf("%s %s %s: split %d ways, the position %d", name, year, id, len(split), rows)
					}
				}
			}
		}
	}
	if compared < 100 {
		t.Errorf("only %d cells were compared", compared)
	}
}
