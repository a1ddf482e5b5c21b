package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestAViewIsSavedPinnedAndDropped(t *testing.T) {
	s := demoServer(t)
	priya := s.as("priya")
	to := priya.get("/services?sort=-allocated").is(http.StatusOK).link("Save view")
	form := priya.get(to).is(http.StatusOK)
	priya.submit(form, "/views/new", url.Values{"name": {""}}).is(http.StatusUnprocessableEntity).says("There is a problem", "Enter a name for the view")
	saved := priya.submit(form, "/views/new", url.Values{"name": {"The largest <first>"}, "pinned": {"yes"}})
	saved.is(http.StatusOK).says("The largest <first> saved.", "1 saved view.")
	if at := saved.link("The largest <first>"); at != "/en/services?sort=-allocated" {
		t.Errorf("the view leads to %s", at)
	}
	priya.get("/").says("Saved views", "The largest <first>")
	s.as("fin").get("/views").says("You have saved no views.")
	if p := priya.submit(saved, "/drop", nil); !strings.Contains(p.text(), "removed.") {
		t.Error("the view was not dropped")
	}
	priya.get("/").silent("The largest")
}

func TestASharedViewIsItsMakersToDrop(t *testing.T) {
	s := demoServer(t)
	priya, fin := s.as("priya"), s.as("fin")
	form := priya.get("/views/new?at=" + url.QueryEscape("/timeline")).is(http.StatusOK)
	priya.submit(form, "/views/new", url.Values{"name": {"Ends"}, "shared": {"yes"}}).is(http.StatusOK)
	if fin.get("/views").says("Ends", "Shared").form("/drop") != nil {
		t.Error("another may drop a shared view")
	}
	for _, away := range []string{"https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)", ""} {
		fin.get("/views/new?at=" + url.QueryEscape(away)).is(http.StatusNotFound)
	}
}
