package web

import (
	"net/http"
	"testing"
)

func TestHelpIsOpenToAnyone(t *testing.T) {
	s := demoServer(t)
	nobody := s.anyone()
	nobody.get("/help").is(http.StatusOK).says("Open a figure")
	nobody.get("/accessibility").is(http.StatusOK).says("partially compliant", "Demo council")
	nobody.get("/glossary").is(http.StatusOK).says("Money that may be spent only on what the funder says.")
	nobody.in("cy").get("/glossary").is(http.StatusOK).says("Clustnodedig", "Ffrwd ariannu")
	nobody.in("cy").get("/help").is(http.StatusOK).says("Agor ffigur")
	nobody.in("cy").get("/accessibility").is(http.StatusOK).says("cydymffurfio'n rhannol")
}
