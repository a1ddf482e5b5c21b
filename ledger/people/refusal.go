package people

import (
	"fmt"
	"strings"
)

// Refusal is a rule saying no. Code is stable, for translations; the fields of
// each kind are what the words need.
type Refusal interface {
	error
	Code() string
}

// NotAllowed: the person has no right to an action.
type NotAllowed struct{ Action Action }

func (r *NotAllowed) Code() string { return "not-allowed" }
func (r *NotAllowed) Error() string {
	var who []string
	for _, role := range WhoMay(r.Action) {
		who = append(who, string(role))
	}
	return fmt.Sprintf("you may not %s here; ask someone who is %s", r.Action, strings.Join(who, " or "))
}

// OwnRoles: nobody changes what they are themselves.
type OwnRoles struct{}

func (*OwnRoles) Code() string { return "own-roles" }
func (*OwnRoles) Error() string {
	return "nobody may change their own roles; ask another administrator"
}

// SecondPerson: who proposed a role may not approve it.
type SecondPerson struct{}

func (*SecondPerson) Code() string { return "second-person" }
func (*SecondPerson) Error() string {
	return "you proposed this role, so somebody else in finance has to approve it"
}

// RolesApart: two roles that one person may not hold together.
type RolesApart struct{ Name, Role, Other string }

func (*RolesApart) Code() string { return "roles-apart" }
func (r *RolesApart) Error() string {
	return fmt.Sprintf("%s is %s, and nobody may be %s as well: who gives rights has none over money; end the one role first, or choose somebody else", r.Name, r.Other, r.Role)
}

// HeldAlready: the person has this very role for some of these days.
type HeldAlready struct {
	Name string
	Role Role
}

func (*HeldAlready) Code() string { return "held-already" }
func (r *HeldAlready) Error() string {
	return fmt.Sprintf("%s is %s there already; change the dates, or end that first", r.Name, r.Role)
}

// NotWaiting: there is no such role to approve or refuse.
type NotWaiting struct{}

func (*NotWaiting) Code() string { return "not-waiting" }
func (*NotWaiting) Error() string {
	return "this role is not waiting for approval; somebody may have decided on it meanwhile: look again"
}

// NoTenure: the person has no such role.
type NoTenure struct{ Name string }

func (*NoTenure) Code() string    { return "no-tenure" }
func (r *NoTenure) Error() string { return r.Name + " has no such role" }

// UnknownRole: a role that does not exist.
type UnknownRole struct{ Found string }

func (*UnknownRole) Code() string { return "unknown-role" }
func (r *UnknownRole) Error() string {
	return fmt.Sprintf("there is no role %.40q; the roles are commissioner, board member, board chair, finance, scrutiny, auditor and administrator", r.Found)
}

// BadTenure: a role that does not say what it must. Field is role's part at
// fault: board, area or to.
type BadTenure struct {
	Role  Role
	Field string
}

func (r *BadTenure) Code() string { return "tenure-" + r.Field }
func (r *BadTenure) Error() string {
	switch {
	case r.Field == "to":
		return "the last day of the role is before its first; write a later last day, or none"
	case r.Field == "board" && r.Role.OfBoard():
		return fmt.Sprintf("a %s belongs to a board; choose which", r.Role)
	case r.Field == "board":
		return fmt.Sprintf("%s is not a role of a board; leave the board out", r.Role)
	}
	return fmt.Sprintf("%s is not a role of one area; leave the area out", r.Role)
}

// BadName: a name that cannot be kept.
type BadName struct{ Found string }

func (*BadName) Code() string { return "bad-name" }
func (*BadName) Error() string {
	return "write the person's name, as colleagues know it, in at most 100 characters"
}

// BadEmail: an address that is none.
type BadEmail struct{ Found string }

func (*BadEmail) Code() string { return "bad-email" }
func (r *BadEmail) Error() string {
	return fmt.Sprintf("%.40q is not an e-mail address; write one like name@example.gov.uk", r.Found)
}

// EmailTaken: another person has the address.
type EmailTaken struct{ Email string }

func (*EmailTaken) Code() string { return "email-taken" }
func (r *EmailTaken) Error() string {
	return fmt.Sprintf("somebody with the address %s is here already; look for them in the list", r.Email)
}

// LoginTaken: the council's own sign-in account belongs to another person here.
type LoginTaken struct{}

func (*LoginTaken) Code() string { return "login-taken" }
func (*LoginTaken) Error() string {
	return "that account of the council's sign-in already belongs to somebody else here; ask an administrator"
}

// UnknownLanguage: neither English nor Welsh.
type UnknownLanguage struct{ Found string }

func (*UnknownLanguage) Code() string { return "unknown-language" }
func (r *UnknownLanguage) Error() string {
	return fmt.Sprintf("%.40q is no language of Braid; write en or cy", r.Found)
}

// WeakPassword: Why is short, long, not-text or guessable.
type WeakPassword struct{ Why string }

func (r *WeakPassword) Code() string { return "password-" + r.Why }
func (r *WeakPassword) Error() string {
	switch r.Why {
	case "short":
		return fmt.Sprintf("the password is too short; use %d characters or more, such as four words that have nothing to do with one another", ShortestPassword)
	case "long":
		return fmt.Sprintf("the password is too long; use at most %d characters", LongestPassword)
	case "not-text":
		return "the password has characters that cannot be typed again; use letters, digits, signs and spaces"
	}
	return "the password is easily guessed: it is made of common words, names, years or keys in a row; use four words that have nothing to do with one another"
}
