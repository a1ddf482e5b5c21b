package decide

import (
	"fmt"
	"strings"

	"braid/ledger"
	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// Changed refuses a change to a figure that is no longer the one the person saw.
type Changed struct {
	Cell Cell
	Now  money.Pence
}

func (r *Changed) Code() string { return "changed" }
func (r *Changed) Error() string {
	return fmt.Sprintf("%s of %s for %s was %s when you opened it and is %s now; you wrote %s: look again and choose", r.Cell.Service, r.Cell.Award, when(r.Cell.Year), r.Cell.Was.Exact(), r.Now.Exact(), r.Cell.To.Exact())
}

// ChangedRecord refuses an edit of a record that someone has changed since.
type ChangedRecord struct {
	Register, ID string
	Now, Yours   ledger.Record
}

func (r *ChangedRecord) Code() string { return "changed-record" }
func (r *ChangedRecord) Error() string {
	return fmt.Sprintf("%s %q was changed since you opened it; compare the two and save again", r.Register, r.ID)
}

// BoardMoney refuses an officer's change that would take a board's money.
type BoardMoney struct {
	Cell  Cell
	Board money.Pence // what boards have put there
}

func (r *BoardMoney) Code() string { return "board-money" }
func (r *BoardMoney) Error() string {
	return fmt.Sprintf("%s of what %s puts on %s for %s was decided by a board; enter %s or more, or ask the board", r.Board.Exact(), r.Cell.Award, r.Cell.Service, when(r.Cell.Year), r.Board.Exact())
}

// Repeated refuses two changes of one cell.
type Repeated struct{ Cell Cell }

func (r *Repeated) Code() string { return "repeated" }
func (r *Repeated) Error() string {
	return fmt.Sprintf("%s of %s for %s is changed twice; change it once", r.Cell.Service, r.Cell.Award, when(r.Cell.Year))
}

// BadAmount refuses an amount that cannot be moved or left.
type BadAmount struct {
	Amount money.Pence
	Least  money.Pence
}

func (r *BadAmount) Code() string { return "bad-amount" }
func (r *BadAmount) Error() string {
	return fmt.Sprintf("%s cannot be; enter %s or more", r.Amount.Exact(), r.Least.Exact())
}

// Unchanged refuses to post nothing.
type Unchanged struct{}

func (r *Unchanged) Code() string  { return "unchanged" }
func (r *Unchanged) Error() string { return "nothing was changed; change a figure, or leave the page" }

// Needs refuses something that lacks a part.
type Needs struct{ Register, ID, Column string }

func (r *Needs) Code() string { return "needs" }
func (r *Needs) Error() string {
	return fmt.Sprintf("%s %q needs %s; enter it", r.Register, r.ID, strings.ReplaceAll(r.Column, "_", " "))
}

// NeedsApproval refuses one person alone: another must approve.
type NeedsApproval struct{ Need Need }

func (r *NeedsApproval) Code() string { return "needs-approval" }
func (r *NeedsApproval) Error() string {
	n := r.Need
	by := "nobody's limit allows it: take it to the council"
	if len(n.By) > 0 {
		by = "ask for approval by " + strings.Join(n.By, " or ")
	}
	if n.Limit == nil {
		return fmt.Sprintf("this %s of %s takes two people; %s", n.Action, n.Amount.Exact(), by)
	}
	over := "more than"
	if !n.Limit.Inclusive {
		over = "not less than"
	}
	if n.Moved > 0 {
		return fmt.Sprintf("this %s of %s, with %s earlier in the year, is %s the %s that %s may do alone; %s", n.Action, n.Amount.Exact(), n.Moved.Exact(), over, n.Limit.Amount.Exact(), n.Limit.Role, by)
	}
	return fmt.Sprintf("this %s of %s is %s the %s that %s may do alone; %s", n.Action, n.Amount.Exact(), over, n.Limit.Amount.Exact(), n.Limit.Role, by)
}

// WrongRole refuses what belongs to another role.
type WrongRole struct{ Role, What string }

func (r *WrongRole) Code() string  { return "wrong-role" }
func (r *WrongRole) Error() string { return fmt.Sprintf("%s is for %s; ask them", r.What, r.Role) }

// OwnRequest refuses to let those who asked decide.
type OwnRequest struct{ Register, ID, Person string }

func (r *OwnRequest) Code() string { return "own-request" }
func (r *OwnRequest) Error() string {
	return fmt.Sprintf("%s asked for %q and cannot decide on it too; another person must", r.Person, r.ID)
}

// NotWaiting refuses a decision on what has been decided.
type NotWaiting struct{ Register, ID, State, By string }

func (r *NotWaiting) Code() string { return "not-waiting" }
func (r *NotWaiting) Error() string {
	if r.By != "" {
		return fmt.Sprintf("%q is already %s, by %s; there is nothing left to decide", r.ID, r.State, r.By)
	}
	return fmt.Sprintf("%q is already %s; there is nothing left to decide", r.ID, r.State)
}

// NotAsker refuses to let anyone but those who asked withdraw.
type NotAsker struct{ ID string }

func (r *NotAsker) Code() string { return "not-asker" }
func (r *NotAsker) Error() string {
	return fmt.Sprintf("only the person who asked may withdraw %q; you may refuse it, with a reason", r.ID)
}

// OtherBoard refuses a member of one board acting for another.
type OtherBoard struct{ Board, Own string }

func (r *OtherBoard) Code() string { return "other-board" }
func (r *OtherBoard) Error() string {
	return fmt.Sprintf("this is for the board %q; a member of that board must do it", r.Board)
}

// NotDeclared refuses a decision before interests are asked.
type NotDeclared struct{ Proposal, Person string }

func (r *NotDeclared) Code() string { return "not-declared" }
func (r *NotDeclared) Error() string {
	return fmt.Sprintf("say first whether you have an interest in %q", r.Proposal)
}

// Conflict refuses a decision by one who has an interest in it.
type Conflict struct{ Proposal, Person, What string }

func (r *Conflict) Code() string { return "conflict" }
func (r *Conflict) Error() string {
	return fmt.Sprintf("%s declared an interest in %q (%s) and cannot decide on it; another member must", r.Person, r.Proposal, r.What)
}

// SecondNeeded refuses a decision that only one person records.
type SecondNeeded struct{ Proposal string }

func (r *SecondNeeded) Code() string { return "second-needed" }
func (r *SecondNeeded) Error() string {
	return fmt.Sprintf("name a second member, not yourself and not who asked, who agrees this record of the decision on %q", r.Proposal)
}

// NoQuorum refuses a decision by too few.
type NoQuorum struct{ Present, Quorum int }

func (r *NoQuorum) Code() string { return "no-quorum" }
func (r *NoQuorum) Error() string {
	return fmt.Sprintf("%d were present and the board needs %d to decide; decide at another meeting", r.Present, r.Quorum)
}

// BadVotes refuses votes that do not bear the outcome or outnumber the room.
type BadVotes struct{ For, Against, Abstained, Present int }

func (r *BadVotes) Code() string { return "bad-votes" }
func (r *BadVotes) Error() string {
	if r.For+r.Against+r.Abstained > r.Present {
		return fmt.Sprintf("%d votes were counted and %d people were present; count again", r.For+r.Against+r.Abstained, r.Present)
	}
	return fmt.Sprintf("%d voted for and %d against, so it was not agreed; record it as refused, or count again", r.For, r.Against)
}

// ForCouncil refuses a board what now waits for the council.
type ForCouncil struct{ Proposal, Body string }

func (r *ForCouncil) Code() string { return "for-council" }
func (r *ForCouncil) Error() string {
	return fmt.Sprintf("the board has recommended on %q; %s decides next", r.Proposal, r.Body)
}

// BadDate refuses a date on the wrong side of another.
type BadDate struct {
	Column    string
	Date, Day fiscal.Date
	After     bool // must be after Day; otherwise on or before it
}

func (r *BadDate) Code() string { return "bad-date" }
func (r *BadDate) Error() string {
	if r.After {
		return fmt.Sprintf("%s must be after %s", strings.ReplaceAll(r.Column, "_", " "), r.Day.Long())
	}
	return fmt.Sprintf("%s must be on or before %s", strings.ReplaceAll(r.Column, "_", " "), r.Day.Long())
}

// NotByForm refuses a record that only its own verb may write.
type NotByForm struct{ Register string }

func (r *NotByForm) Code() string { return "not-by-form" }
func (r *NotByForm) Error() string {
	return fmt.Sprintf("%s are not edited as records; use the page made for them, or import them", r.Register)
}

// CannotUndo refuses to undo a batch, and says what stands in the way.
type CannotUndo struct {
	Seq          int
	Register, ID string // the record in the way, if one is
	Why          UndoWhy
	Refused      error // for a rule: what it said
}

// UndoWhy is why a batch cannot be undone.
type UndoWhy string

// The reasons.
const (
	NoSuchBatch   UndoWhy = "no such batch"
	AlreadyUndone UndoWhy = "already undone"
	ChangedSince  UndoWhy = "changed since"
	CannotTakeOut UndoWhy = "cannot be taken out"
	UsedSince     UndoWhy = "used since"
)

func (r *CannotUndo) Code() string  { return "cannot-undo" }
func (r *CannotUndo) Unwrap() error { return r.Refused }
func (r *CannotUndo) Error() string {
	switch r.Why {
	case NoSuchBatch:
		return fmt.Sprintf("there is no batch %d", r.Seq)
	case AlreadyUndone:
		return fmt.Sprintf("batch %d, or part of it, was undone before", r.Seq)
	case ChangedSince:
		return fmt.Sprintf("%s %q was changed after batch %d; undo the later change first", r.Register, r.ID, r.Seq)
	case CannotTakeOut:
		return fmt.Sprintf("batch %d added %s %q, and what is recorded there is not taken out; edit it instead", r.Seq, r.Register, r.ID)
	}
	return fmt.Sprintf("batch %d cannot be undone, because its money has been used since: %v", r.Seq, r.Refused)
}

func when(y fiscal.Year) string {
	if y == fiscal.Term {
		return "the whole term"
	}
	return y.String()
}
