// Package people says who may do what in Braid, and since when.
//
// A Person holds tenures: a role (commissioner, board member, finance …) over
// an area and what lies beneath it, over one board, or over the council, from
// a first day to a last. May gives where a person may do an Action on a day:
// the union of what the tenures held that day allow by the table Rights, and
// nowhere if no row of it says otherwise. Nothing else in Braid decides on
// rights.
//
//	where := person.May(people.Allocate, today)
//	if where.Nowhere() { … }
//
// Roles are given by Grant, by an administrator and never to oneself. Those
// with power over money or over others (finance, auditor, administrator) wait
// until somebody in finance, who neither asked nor gains, approves. An
// administrator has no right over money, and nobody is given both.
//
// Passwords are kept as Argon2id hashes and refused where they are easily
// guessed; the second factor is a time-based code, of which each is good once.
//
// The package knows no database, page or clock: the day and the instant are
// given. Braid keeps names and work e-mail addresses of officers and members
// here and nothing about anybody else.
package people
