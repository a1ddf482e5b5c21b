package people

import (
	"slices"

	"braid/ledger/fiscal"
)

// Action is something that a right is needed for.
type Action string

const (
	See               Action = "see"                // streams, services, allocations, findings
	SeeBoard          Action = "see board"          // a board's own page
	SetAward          Action = "set award"          // a stream, an award, its figures, terms and end
	ApproveAward      Action = "approve award"      //
	EditRegisters     Action = "edit registers"     // services, needs, objectives, agreements
	Allocate          Action = "allocate"           //
	ApproveAllocation Action = "approve allocation" // above the limits
	Except            Action = "except"             // record the ground for an exception to a term
	ApproveRisk       Action = "approve risk"       // commit against money that is not secured
	Vire              Action = "vire"               //
	ApproveVirement   Action = "approve virement"   // above the limits
	ProposeBoard      Action = "propose to board"   //
	DecideBoard       Action = "decide for board"   //
	DecideCouncil     Action = "decide for council" // on what a board recommends
	Delegate          Action = "delegate"           // set money aside for a board
	ApproveDelegation Action = "approve delegation" //
	ImportRegisters   Action = "import registers"   //
	ImportMoney       Action = "import money"       // awards, figures, allocations
	Pay               Action = "pay"                // enter or import actual spend
	ExitPlan          Action = "exit plan"          //
	SignOffExit       Action = "sign off exit"      //
	ClosePeriod       Action = "close period"       //
	Reopen            Action = "reopen period"      // one asks, a second approves
	Judge             Action = "judge"              // answer a finding
	Notes             Action = "notes"              //
	Plan              Action = "plan"               // draw scenarios up and share them; they post nothing
	Respond           Action = "respond"            // say what a board or a group thinks of an option
	Views             Action = "views"              // save views
	Export            Action = "export"             //
	Audit             Action = "audit"              // who entered what, when and why
	SecurityEvents    Action = "security events"    // sign-ins, refusals, roles
	Verify            Action = "verify"             // prove the ledger
	SeeUsers          Action = "see users"          //
	ManageUsers       Action = "manage users"       // propose people and roles; never one's own
	ApproveUsers      Action = "approve users"      // finance, auditor and administrator roles
	OwnTokens         Action = "own tokens"         // make a token that acts as oneself
	Tokens            Action = "tokens"             // see and revoke everybody's
	Settings          Action = "settings"           //
	Backup            Action = "backup"             //
)

// Scope is how far a role's right goes.
type Scope uint8

const (
	Nowhere  Scope = iota
	OwnArea        // the area the role is held in, and what lies beneath
	OwnBoard       // the board the role is held on
	Council        // everywhere
)

// Right is a row of the table: who may take an action, and how far.
type Right struct {
	Action Action
	By     map[Role]Scope
}

// Rights is the whole of who may do what. What it does not say is denied.
var Rights = []Right{
	{See, by{Commissioner: OwnArea, BoardMember: OwnBoard, BoardChair: OwnBoard, Finance: Council, Scrutiny: OwnArea, Auditor: Council}},
	{SeeBoard, by{Commissioner: OwnArea, BoardMember: OwnBoard, BoardChair: OwnBoard, Finance: Council, Scrutiny: OwnArea, Auditor: Council}},
	{SetAward, by{Commissioner: OwnArea}},
	{ApproveAward, by{Finance: Council}},
	{EditRegisters, by{Commissioner: OwnArea, Finance: Council}},
	{Allocate, by{Commissioner: OwnArea}},
	{ApproveAllocation, by{Finance: Council}},
	{Except, by{Finance: Council}},
	{ApproveRisk, by{Finance: Council}},
	{Vire, by{Commissioner: OwnArea, BoardMember: OwnBoard, BoardChair: OwnBoard}},
	{ApproveVirement, by{Finance: Council, BoardMember: OwnBoard, BoardChair: OwnBoard}},
	{ProposeBoard, by{BoardMember: OwnBoard, BoardChair: OwnBoard}},
	{DecideBoard, by{BoardMember: OwnBoard, BoardChair: OwnBoard}},
	{DecideCouncil, by{Commissioner: OwnArea, Finance: Council}},
	{Delegate, by{Finance: Council}},
	{ApproveDelegation, by{Finance: Council}},
	{ImportRegisters, by{Commissioner: OwnArea, Finance: Council}},
	{ImportMoney, by{Commissioner: OwnArea, Finance: Council}},
	{Pay, by{Finance: Council}},
	{ExitPlan, by{Commissioner: OwnArea}},
	{SignOffExit, by{Finance: Council}},
	{ClosePeriod, by{Finance: Council}},
	{Reopen, by{Finance: Council}},
	{Judge, by{Commissioner: OwnArea, Finance: Council}},
	{Notes, by{Commissioner: OwnArea, BoardMember: OwnBoard, BoardChair: OwnBoard, Finance: Council}},
	{Plan, by{Commissioner: OwnArea, Finance: Council}},
	{Respond, by{Commissioner: OwnArea, BoardMember: OwnBoard, BoardChair: OwnBoard, Finance: Council}},
	{Views, by{Commissioner: OwnArea, BoardMember: OwnBoard, BoardChair: OwnBoard, Finance: Council, Scrutiny: OwnArea, Auditor: Council}},
	{Export, by{Commissioner: OwnArea, BoardMember: OwnBoard, BoardChair: OwnBoard, Finance: Council, Scrutiny: OwnArea, Auditor: Council}},
	{Audit, by{Commissioner: OwnArea, BoardMember: OwnBoard, BoardChair: OwnBoard, Finance: Council, Auditor: Council}},
	{SecurityEvents, by{Auditor: Council, Administrator: Council}},
	{Verify, by{Finance: Council, Auditor: Council, Administrator: Council}},
	{SeeUsers, by{Finance: Council, Auditor: Council, Administrator: Council}},
	{ManageUsers, by{Administrator: Council}},
	{ApproveUsers, by{Finance: Council}},
	{OwnTokens, by{Commissioner: OwnArea, Finance: Council, Auditor: Council}},
	{Tokens, by{Administrator: Council}},
	{Settings, by{Administrator: Council}},
	{Backup, by{Administrator: Council}},
}

type by = map[Role]Scope

var rightOf = func() map[Action]map[Role]Scope {
	of := make(map[Action]map[Role]Scope, len(Rights))
	for _, r := range Rights {
		of[r.Action] = r.By
	}
	return of
}()

// Reach is where somebody may act. The zero Reach is nowhere.
type Reach struct {
	All           bool
	Areas, Boards []string // each area with all that lies beneath it
}

// Nowhere reports a reach that holds nothing.
func (r Reach) Nowhere() bool { return !r.All && len(r.Areas) == 0 && len(r.Boards) == 0 }

// OnBoard reports whether a board is reached as a board of one's own, or as
// one of all.
func (r Reach) OnBoard(id string) bool { return r.All || slices.Contains(r.Boards, id) }

// May gives where a person may take an action on a day: the union over the
// tenures held on it.
func (p *Person) May(a Action, today fiscal.Date) Reach {
	var r Reach
	if p == nil || p.Ended {
		return r
	}
	right := rightOf[a]
	for i := range p.Tenures {
		t := &p.Tenures[i]
		if !t.Held(today) {
			continue
		}
		switch scope := right[t.Role]; {
		case scope == Nowhere:
		case scope == OwnBoard || t.Role.OfBoard(): // a board's right never widens
			if t.Board != "" && !slices.Contains(r.Boards, t.Board) {
				r.Boards = append(r.Boards, t.Board)
			}
		case t.Area == "":
			r.All = true
		default:
			if !slices.Contains(r.Areas, t.Area) {
				r.Areas = append(r.Areas, t.Area)
			}
		}
	}
	if r.All {
		return Reach{All: true}
	}
	return r
}

// WhoMay lists the roles that have a right to an action, for telling somebody
// without it whom to ask.
func WhoMay(a Action) []Role {
	var who []Role
	for _, r := range Roles {
		if rightOf[a][r] != Nowhere {
			who = append(who, r)
		}
	}
	return who
}
