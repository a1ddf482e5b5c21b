// Package parts says what the components of a page take. The components are the
// .html files beside this one; a page fills a struct and writes, say,
//
//	{{template "summary-list" .Answers}}
//
//	field           form.Field              one question, of any type
//	error-summary   form.Errors             nothing where there are none
//	warning         string                  what cannot be taken back
//	tag             Tag
//	tabs            Tabs                    one row of sub-navigation
//	pagination      Pagination              nothing where there is one page
//	summary-list    []Row                   check your answers
//	task-list       []Task                  what a new council does first
//	filter-panel    FilterPanel             choices with counts and one Apply
//	chips           FilterPanel             what is chosen, each with its way out
//	history         []Change                newest first
//	figures         []Figure                big numbers that open
//	board-words     nothing                 what a board's numbers are, in place
//	confirm         Confirm                 the check page's form
//	session         Session                 the warning before a sign-in lapses
//	script-words    nothing                 what the scripts say; once, before them
//
// Every word of theirs is a message; what a struct carries is already in the
// reader's language. Addresses in it lead with the language.
package parts

import "slices"

// Hidden is a field people do not see.
type Hidden struct{ Name, Value string }

// Row is one answer of a summary list. Value is text or template.HTML; Change
// is the address at which it is altered, if it can be.
type Row struct {
	Key    string
	Value  any
	Lang   string // of the value, where it is not the page's
	Change string
}

// Tag is a status: red, amber, green, blue or grey. Its words carry it alone.
type Tag struct{ Text, Colour string }

// Tabs is a row of sub-navigation.
type Tabs struct {
	Label string
	Items []Tab
}

// Tab is one page of it. Shortcut is its keys, like "g m".
type Tab struct {
	Text, Href, Count, Shortcut string
	Current                     bool
}

// Pagination leads through the pages of a list, from 1.
type Pagination struct {
	Page, Pages int
	Link        func(n int) string
}

// Step is a page number to draw; 0 stands for those left out.
type Step struct {
	N       int
	Href    string
	Current bool
}

// Steps gives the first, the last and the pages around this one.
func (p Pagination) Steps() []Step {
	shown := []int{1, p.Page - 1, p.Page, p.Page + 1, p.Pages}
	if p.Page == 4 {
		shown = append(shown, 2) // a gap of one page is that page
	}
	if p.Page == p.Pages-3 {
		shown = append(shown, p.Pages-1)
	}
	slices.Sort(shown)
	var steps []Step
	last := 0
	for _, n := range slices.Compact(shown) {
		if n < 1 || n > p.Pages {
			continue
		}
		if n > last+1 {
			steps = append(steps, Step{})
		}
		steps = append(steps, Step{N: n, Href: p.Link(n), Current: n == p.Page})
		last = n
	}
	return steps
}

// Previous and Next are the neighbours' addresses, "" at the ends.
func (p Pagination) Previous() string {
	if p.Page <= 1 {
		return ""
	}
	return p.Link(p.Page - 1)
}

// Next is the address of the page after this one, "" on the last.
func (p Pagination) Next() string {
	if p.Page >= p.Pages {
		return ""
	}
	return p.Link(p.Page + 1)
}

// Task is a line of a task list. Href is "" for one that cannot be started yet.
type Task struct {
	Text, Hint, Href string
	Status           Tag
}

// FilterPanel narrows a list by its address: a GET form.
type FilterPanel struct {
	Action string
	Hidden []Hidden // what the address keeps: sort, year, place, unit
	Groups []Filter
	Chips  []Chip
	Clear  string // the address without filters
	Left   string // "6 services have no place recorded and are not shown"
	LeftTo string // where those are
}

// Filter is one question of the panel. ID is unique on the page.
type Filter struct {
	ID, Name, Legend string
	Options          []FilterOption
}

// FilterOption is one of its answers, with how many rows it would leave.
type FilterOption struct {
	Value, Label, Lang, Count string
	Selected                  bool
}

// Chip is a chosen filter and the address without it.
type Chip struct{ Text, Remove string }

// Change is one line of an item's history. Before and After are given together
// or not at all; Href opens the entries.
type Change struct {
	When, Who, What, Href string
	Before, After         string
	Why                   string
	Paper, PaperTo        string
}

// Figure is a big number: what it is, and the address at which it opens.
type Figure struct{ Amount, What, Href string }

// Confirm asks once more, showing all that will happen.
type Confirm struct {
	Action, Button, Cancel string
	Rows                   []Row
	Warning                string
	Danger                 bool
	Hidden                 []Hidden
}

// Session is how long a sign-in lasts without use. Stay is an address whose
// answer renews it.
type Session struct {
	Seconds     int
	Stay, Leave string
	Person      string // whose typing may be put back
}
