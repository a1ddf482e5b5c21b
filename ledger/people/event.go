package people

import (
	"errors"
	"time"
)

// Event is something worth knowing later: a sign-in, a refusal, a role given.
type Event struct {
	At     time.Time // none: now
	Who    string    // a person's id, or a word for who is none
	What   string    // a short name, always the same for the same thing
	About  string    // mostly a person's id
	Detail string
}

// What events are called.
const (
	PersonAdded     = "person added"
	PersonChanged   = "person changed"
	PersonEnded     = "person ended"
	RoleGiven       = "role given"
	RoleApproved    = "role approved"
	RoleRefused     = "role refused"
	RoleEnded       = "role ended"
	LinkMade        = "link made"
	LinkUsed        = "link used"
	PasswordSet     = "password set"
	FactorSet       = "second factor set"
	CodeUsed        = "code used"
	SignedInBy      = "signed in"
	SignInFailed    = "sign-in failed"
	SignedOut       = "signed out"
	SignedOutAll    = "signed out everywhere"
	LoginLinked     = "council sign-in linked"
	FeedKeyMade     = "calendar key made"
	TokenMade       = "token made"
	TokenRevoked    = "token revoked"
	SettingsChanged = "settings changed"
)

// EventNames lists them.
var EventNames = []string{SignedInBy, SignInFailed, CodeUsed, SignedOut, SignedOutAll, PersonAdded, PersonChanged, PersonEnded, RoleGiven, RoleApproved, RoleRefused, RoleEnded,
	LinkMade, LinkUsed, PasswordSet, FactorSet, LoginLinked, FeedKeyMade, TokenMade, TokenRevoked, SettingsChanged}

// SignedIn is one of a person's sessions.
type SignedIn struct {
	Began, Until time.Time
	Here         bool // it is the one asked from
}

// APIToken is what is known of a token; itself it is shown once.
type APIToken struct {
	ID, Person, Name     string
	Made, Until, Revoked time.Time // Revoked: none while it is good
}

// Attempt is somebody trying to sign in to an account from a network. The
// account need not exist.
type Attempt struct{ Account, Network string }

// Kept is something put by: a draft, an upload waiting for confirmation, a
// saved view.
type Kept struct {
	Owner, Kind, ID string // Owner "": shared by all
	Data            []byte
	At, Until       time.Time // Until none: for good
}

// What the keeping of people refuses, for errors.Is. Their words are for people.
var (
	ErrNobody    = errors.New("there is nobody like that here")
	ErrChanged   = errors.New("somebody else changed this meanwhile, so nothing was saved; look at it as it is now, and make your change again")
	ErrLink      = errors.New("this link is no longer good: it was used, has run out, or a newer one was made; ask an administrator for a new one")
	ErrToken     = errors.New("this token is not good: it is unknown, has run out or was revoked, or its owner has no role any more")
	ErrTokenName = errors.New("name the token after the program that will use it, in at most 100 characters")
	ErrTokenLife = errors.New("a token is good for at most 90 days; choose an earlier last day, in the future")
	ErrTooLarge  = errors.New("this is larger than the 10 MiB that can be kept; make it smaller")
	ErrNotKept   = errors.New("this is not kept, or no longer; begin again")
)
