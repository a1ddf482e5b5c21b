package people

import (
	"crypto/rand"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"braid/ledger/fiscal"
)

// Role is what somebody is in Braid.
type Role string

const (
	Commissioner  Role = "commissioner"
	BoardMember   Role = "board member"
	BoardChair    Role = "board chair"
	Finance       Role = "finance"
	Scrutiny      Role = "scrutiny"
	Auditor       Role = "auditor"
	Administrator Role = "administrator"
)

// Roles lists them in the order of the rights table's columns.
var Roles = []Role{Commissioner, BoardMember, BoardChair, Finance, Scrutiny, Auditor, Administrator}

// ParseRole reads a role as people write it.
func ParseRole(text string) (Role, error) {
	r := Role(strings.Join(strings.Fields(strings.ToLower(strings.NewReplacer("-", " ", "_", " ").Replace(text))), " "))
	if !slices.Contains(Roles, r) {
		return "", &UnknownRole{text}
	}
	return r, nil
}

// OfBoard reports a role that is held on one board.
func (r Role) OfBoard() bool { return r == BoardMember || r == BoardChair }

// OfCouncil reports a role that is held over the whole council only.
func (r Role) OfCouncil() bool { return r == Finance || r == Auditor || r == Administrator }

// Tenure is a role held from a day to a day.
type Tenure struct {
	ID          string
	Role        Role
	Area, Board string      // Area "": all the council
	From, To    fiscal.Date // To is the last day, none: open
	GivenBy     string      // a person's id

	Waits      bool   // for somebody in finance to approve
	ApprovedBy string // who did
	RefusedBy  string // who would not
}

// Held reports whether the tenure is in force on a day.
func (t Tenure) Held(today fiscal.Date) bool {
	return !t.Waits && t.RefusedBy == "" && t.From <= today && (t.To == 0 || today <= t.To)
}

// over reports that the tenure gives nothing now and never will.
func (t Tenure) over(today fiscal.Date) bool {
	return t.RefusedBy != "" || t.To != 0 && t.To < today
}

// Person is an officer or member who uses Braid. Nobody is ever removed: who
// leaves is Ended, and what they did keeps their name.
type Person struct {
	ID, Name, Email, Language string // Language: en or cy
	Tenures                   []Tenure
	PasswordHash, Secret      string // Secret: of the second factor
	SecondFactor              bool   // the secret was shown to work
	CodeStep                  int64  // of the last code used, which is not good again
	Shortcuts                 bool   // optional keys are switched on
	Ended                     bool
	Logins                    []string // how the council's own sign-in knows them
	FeedKey                   string   // of the calendar feed, "" none
	Version                   int      // one more at each save
}

// New makes a person without any role.
func New(name, email, language string) (*Person, error) {
	p := &Person{ID: NewID(), Language: language}
	if language != "en" && language != "cy" {
		return nil, &UnknownLanguage{language}
	}
	if err := p.Rename(name); err != nil {
		return nil, err
	}
	var err error
	p.Email, err = NormalEmail(email)
	return p, err
}

// NewID gives an id that cannot be guessed: ids stand in addresses of pages.
func NewID() string { return strings.ToLower(rand.Text()) }

// Rename gives a person another name.
func (p *Person) Rename(name string) error {
	name = strings.Join(strings.Fields(name), " ")
	if name == "" || utf8.RuneCountInString(name) > 100 || strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return &BadName{name}
	}
	p.Name = name
	return nil
}

// NormalEmail gives the one way in which an address is kept and looked up.
func NormalEmail(email string) (string, error) {
	normal := strings.ToLower(strings.TrimSpace(email))
	local, domain, _ := strings.Cut(normal, "@")
	odd := func(r rune) bool {
		return !unicode.IsPrint(r) || unicode.IsSpace(r) || strings.ContainsRune(`"(),:;<>@[\]`, r)
	}
	if local == "" || len(normal) > 254 || !strings.Contains(strings.Trim(domain, "."), ".") || strings.ContainsFunc(local, odd) || strings.ContainsFunc(domain, odd) {
		return "", &BadEmail{email}
	}
	return normal, nil
}

// Holds lists the tenures in force on a day.
func (p *Person) Holds(today fiscal.Date) []Tenure {
	if p == nil || p.Ended {
		return nil
	}
	var held []Tenure
	for _, t := range p.Tenures {
		if t.Held(today) {
			held = append(held, t)
		}
	}
	return held
}

// Is reports whether a person holds a role on a day.
func (p *Person) Is(role Role, today fiscal.Date) bool {
	return slices.ContainsFunc(p.Holds(today), func(t Tenure) bool { return t.Role == role })
}

// NeedsSecondFactor reports that a password alone is not enough for what the
// person holds.
func (p *Person) NeedsSecondFactor(today fiscal.Date) bool {
	return p.Is(Finance, today) || p.Is(Administrator, today)
}
