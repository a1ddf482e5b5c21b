package people

import "time"

// Event is something worth knowing later: a sign-in, a refusal, a role given.
type Event struct {
	At     time.Time // none: now
	Who    string    // a person's id, or a word for who is none
	What   string    // a short name, always the same for the same thing
	About  string    // mostly a person's id
	Detail string
}

// SignedIn is one of a person's sessions.
type SignedIn struct {
	Began, Until time.Time
	Here         bool // it is the one asked from
}
