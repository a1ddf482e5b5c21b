package web

import (
	"slices"

	"braid/ledger/people"
)

// Route is one thing a person can ask for, in either language. The table of
// all routes is the table of rights: a test walks it role by role.
type Route struct {
	Method, Path string
	Right        people.Action // what the person must be allowed; Anyone and SignedIn need no right
	Do           func(*Visit) (Answer, error)
	// Kept: the answer depends on the ledger, the rights and the address alone,
	// and is kept until they change.
	Kept bool
	// Rests is what else a kept answer depends on; nil: nothing.
	Rests func(*Visit) (string, error)
	// Big: the request may hold a file.
	Big bool
}

// What needs no right of the table.
const (
	Anyone   people.Action = "anyone"
	SignedIn people.Action = "signed in"
)

// Routes lists them all.
func Routes() []Route {
	return slices.Concat(homeRoutes, ledgerRoutes, moneyRoutes, editRoutes, streamRoutes, serviceRoutes, timelineRoutes, checkRoutes, boardRoutes,
		askRoutes, scenarioRoutes, importRoutes, periodRoutes, historyRoutes, searchRoutes, calendarRoutes, viewRoutes, settingRoutes, helpRoutes, apiRoutes, paperRoutes,
		outlookRoutes, startRoutes, signRoutes, accountRoutes, personRoutes)
}
