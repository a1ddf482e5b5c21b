package web

import (
	"net/http"
	"testing"
)

func TestSearchFindsInBothLanguages(t *testing.T) {
	s := demoServer(t)
	priya := s.as("priya")
	priya.get("/search?q=youth").is(http.StatusOK).says("Services", "Youth inclusion panels", "Young Voices")
	priya.get("/search?q=paneli").says("Youth inclusion panels")
	priya.in("cy").get("/search?q=youth+panels").says("Paneli cynhwysiant ieuenctid")
	priya.get("/search?q=dechraun+deg").says("Flying Start")
	priya.get("/search?q=grwp+tadau").says("Dads' group")
	for _, word := range []string{"ffrwd+gyllido", "ffrwd+ariannu", "funding+stream"} {
		priya.get("/search?q="+word).says("Flying Start", "Children's Fund", "Core budget")
	}
	priya.get("/search?q=CF/26/107").says("Children's Fund")
	priya.get("/search?q=zzzz").says("0 things found.", "Try fewer words")
	priya.get("/search").says("What are you looking for?")
}

func TestSearchFindsOnlyWhatIsTheReaders(t *testing.T) {
	s := demoServer(t)
	sam := s.as("sam")
	sam.get("/search?q=parenting").says("Parenting programme") // the board pays for it
	sam.get("/search?q=early+years+centres").says("0 things found.")
	sam.get("/search?q=flying+start").silent("Funding streams")
	sam.get("/search?q=north+board").says("Boards", "North board")
	s.as("ada").get("/search?q=youth").says("0 things found.")
}
