package commissioning_test

import (
	"testing"

	"braid/commissioning"
)

func TestFTE(t *testing.T) {
	for text, want := range map[string]string{"1": "1", "0.6": "0.6", "0.55": "0.55", "2.50": "2.5", "10": "10", "0": "0", " 0.05 ": "0.05"} {
		if got, err := commissioning.ParseFTE(text); err != nil || got.String() != want {
			t.Errorf("%q reads %v, %v; want %s", text, got, err, want)
		}
	}
	for _, text := range []string{"", "half", "0.555", "-1", "1.", ".5", "1e3", "70000", "1.-5", "1. 5"} {
		if got, err := commissioning.ParseFTE(text); err == nil {
			t.Errorf("%q reads %v", text, got)
		}
	}
	if commissioning.UnknownFTE.String() != "?" {
		t.Error("an unknown equivalent is printed as a number")
	}
}

func TestSavingFound(t *testing.T) {
	for status, want := range map[string]bool{"found": true, " Agreed ": true, "made": true, "": false, "not yet identified: £1.5m": false, "unfound": false} {
		if (commissioning.Saving{Status: status}).Found() != want {
			t.Errorf("a saving of status %q is found: %v", status, !want)
		}
	}
	for text, want := range map[string]commissioning.SavingKind{"": commissioning.SavingNotStated, "Non cashable": commissioning.NonCashable, "pressure": commissioning.Pressure} {
		if got, err := commissioning.ParseSavingKind(text); err != nil || got != want {
			t.Errorf("%q reads %v, %v", text, got, err)
		}
	}
	if _, err := commissioning.ParseSavingKind("efficiency"); err == nil {
		t.Error("the kinds of saving are closed")
	}
}
