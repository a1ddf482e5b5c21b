package seed

import (
	"embed"
	"fmt"
	"io/fs"
	"strings"

	"braid/ledger/fiscal"
)

//go:embed demo/*.csv salford/*.csv bridgend/*.csv
var registers embed.FS

// council is one folder of registers and the day on which it is looked at.
type council struct {
	name, title string
	asAt        fiscal.Date
}

var councils = []council{
	{"demo", "Demo council", fiscal.MustDate("2027-01-12")},
	// The day the Cabinet received the paper.
	{"salford", "Salford City Council", fiscal.MustDate("2005-07-12")},
	// The minute as read bears no date. The posts it names existed in 2014, and its
	// number in the council's series of agenda items falls late in that year; the
	// first of December also keeps the grants of 2014-15 running.
	{"bridgend", "Bridgend County Borough Council", fiscal.MustDate("2014-12-01")},
}

// Names lists the councils, the made-up one first.
func Names() []string {
	var names []string
	for _, c := range councils {
		names = append(names, c.name)
	}
	return names
}

// FS gives a council's registers, one CSV file each.
func FS(name string) (fs.FS, error) {
	if _, found := find(name); !found {
		return nil, fmt.Errorf("there is no council %q to begin with; choose %s", name, strings.Join(Names(), ", "))
	}
	return fs.Sub(registers, name)
}

// AsAt is the day on which a council's registers are meant to be looked at; no
// date for a council that is not here.
func AsAt(name string) fiscal.Date {
	c, _ := find(name)
	return c.asAt
}

// Title is a council's name as its screens show it; blank for one not here.
func Title(name string) string {
	c, _ := find(name)
	return c.title
}

func find(name string) (council, bool) {
	for _, c := range councils {
		if c.name == name {
			return c, true
		}
	}
	return council{}, false
}
