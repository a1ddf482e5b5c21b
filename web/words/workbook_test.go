package words

import (
	"testing"

	"braid/ledger/forecast/workbook"
)

// A workbook from a page says in English what one from the command line says,
// and all of it in Welsh.
func TestWorkbooksAreTheirOwnEnglish(t *testing.T) {
	for key, says := range workbook.English {
		if got := In(English).T("workbook." + key); got != says {
			t.Errorf("workbook.%s: a page says %q, the workbook %q", key, got, says)
		}
		if !In(Welsh).Has("workbook." + key) {
			t.Errorf("workbook.%s is not said in Welsh", key)
		}
	}
}
