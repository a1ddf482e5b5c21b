package people

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"braid/ledger/fiscal"

	"github.com/pquerna/otp/hotp"
	"pgregory.net/rapid"
)

var today = fiscal.MustDate("2027-01-12")

func person(t testing.TB, name string, tenures ...Tenure) *Person {
	t.Helper()
	p, err := New(name, strings.ToLower(strings.ReplaceAll(name, " ", "."))+"@bro.gov.example", "en")
	if err != nil {
		t.Fatal(err)
	}
	p.Tenures = tenures
	return p
}

// The matrix of the duties, one row per verb: – none, a area, b board, c council.
// Its columns are Roles in order.
var matrix = map[Action]string{
	See: "abbcac–", SeeBoard: "abbcac–",
	SetAward: "a––––––", ApproveAward: "–––c–––", EditRegisters: "a––c–––",
	Allocate: "a––––––", ApproveAllocation: "–––c–––", Except: "–––c–––", ApproveRisk: "–––c–––",
	Vire: "abb––––", ApproveVirement: "–bbc–––",
	ProposeBoard: "–bb––––", DecideBoard: "–bb––––", DecideCouncil: "a––c–––", Delegate: "–––c–––", ApproveDelegation: "–––c–––",
	ImportRegisters: "a––c–––", ImportMoney: "a––c–––", Pay: "–––c–––",
	ExitPlan: "a––––––", SignOffExit: "–––c–––", ClosePeriod: "–––c–––", Reopen: "–––c–––",
	Judge: "a––c–––", Notes: "abbc–––", Plan: "a––c–––", Respond: "abbc–––", Views: "abbcac–", Export: "abbcac–", Audit: "abbc–c–",
	SecurityEvents: "–––––cc", Verify: "–––c–cc",
	SeeUsers: "–––c–cc", ManageUsers: "––––––c", ApproveUsers: "–––c–––",
	OwnTokens: "a––c–c–", Tokens: "––––––c", Settings: "––––––c", Backup: "––––––c",
}

func TestRights(t *testing.T) {
	if len(Rights) != len(matrix) || len(rightOf) != len(Rights) {
		t.Fatalf("the table has %d rows of %d actions, and the duties %d", len(Rights), len(rightOf), len(matrix))
	}
	for a, want := range matrix {
		for i, letter := range []rune(want) {
			role := Roles[i]
			tenure := Tenure{Role: role, From: today}
			where := Reach{All: letter == 'c' || letter == 'a'}
			if role.OfBoard() {
				tenure.Board = "north"
				if letter == 'b' {
					where.Boards = []string{"north"}
				}
			}
			p := person(t, "Ann Officer", tenure)
			check := func(what string, got, want Reach) {
				t.Helper()
				if got.All != want.All || !slices.Equal(got.Areas, want.Areas) || !slices.Equal(got.Boards, want.Boards) {
					t.Errorf("%s, %s, %s: may %+v, and should %+v", a, role, what, got, want)
				}
			}
			check("today", p.May(a, today), where)
			check("the day before", p.May(a, today-1), Reach{})
			p.Tenures[0].To = today
			check("on the last day", p.May(a, today), where)
			check("after it", p.May(a, today+1), Reach{})
			if letter == 'a' {
				p.Tenures[0].Area = "valley"
				check("in an area", p.May(a, today), Reach{Areas: []string{"valley"}})
			}
			p.Tenures[0].Waits = true
			check("while it waits", p.May(a, today), Reach{})
			p.Tenures[0].Waits, p.Tenures[0].RefusedBy = false, "x"
			check("refused", p.May(a, today), Reach{})
			p.Tenures[0].RefusedBy, p.Ended = "", true
			check("after leaving", p.May(a, today), Reach{})
			var none *Person
			check("nobody", none.May(a, today), Reach{})
		}
		p := person(t, "Ann", Tenure{Role: BoardMember, From: today}, Tenure{Role: "mayor", From: today})
		if got := p.May(a, today); !got.Nowhere() {
			t.Errorf("%s: a role of no board, or no role at all, may %+v", a, got)
		}
	}
	if got := person(t, "Ann", Tenure{Role: Finance, From: today}).May("something new", today); !got.Nowhere() {
		t.Errorf("an action of no row is allowed: %+v", got)
	}
}

// A person may do what their tenures allow, each by itself, and no more.
func TestMayIsTheUnionOfTenures(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := &Person{}
		for range rapid.IntRange(0, 5).Draw(t, "tenures") {
			p.Tenures = append(p.Tenures, Tenure{
				Role: rapid.SampledFrom(Roles).Draw(t, "role"), Area: rapid.SampledFrom([]string{"", "a", "b"}).Draw(t, "area"), Board: rapid.SampledFrom([]string{"", "x", "y"}).Draw(t, "board"),
				From: today + fiscal.Date(rapid.IntRange(-2, 2).Draw(t, "from")), To: rapid.SampledFrom([]fiscal.Date{0, today - 1, today, today + 1}).Draw(t, "to"),
			})
		}
		a := rapid.SampledFrom(Rights).Draw(t, "right").Action
		got := p.May(a, today)
		var all bool
		var areas, boards []string
		for _, tenure := range p.Tenures {
			r := (&Person{Tenures: []Tenure{tenure}}).May(a, today)
			if !r.Nowhere() && (tenure.From > today || tenure.To != 0 && tenure.To < today) {
				t.Fatalf("%+v gives %+v outside its days", tenure, r)
			}
			all, areas, boards = all || r.All, append(areas, r.Areas...), append(boards, r.Boards...)
		}
		same := func(x, y []string) bool {
			slices.Sort(y)
			x = slices.Sorted(slices.Values(x))
			return slices.Equal(x, slices.Compact(y))
		}
		if got.All != all || !all && !(same(got.Areas, areas) && same(got.Boards, boards)) {
			t.Fatalf("%+v may %s in %+v", p.Tenures, a, got)
		}
	})
}

func refused[T Refusal](t *testing.T, what string, err error) {
	t.Helper()
	var want T
	if !errors.As(err, &want) || want.Code() == "" || len(want.Error()) < 15 {
		t.Errorf("%s: %v, and should be refused as %T", what, err, want)
	}
}

func TestSettingUp(t *testing.T) {
	first := person(t, "Ann First")
	for _, role := range []Role{Administrator, Commissioner} {
		if got, err := Grant(Keeper, first, Tenure{Role: role}, []*Person{first}, today); err != nil || got.Waits || got.From != today {
			t.Fatalf("the first person is not %s: %+v, %v", role, got, err)
		}
	}
	// The administrator names the first finance officer, whom nobody could approve; then no other.
	money, late := person(t, "Ffion Cyllid"), person(t, "Late Comer")
	all := []*Person{first, money, late}
	if got, err := Grant(first, money, Tenure{Role: Finance}, all, today); err != nil || got.Waits {
		t.Fatalf("the first finance officer: %+v, %v", got, err)
	}
	if got, err := Grant(first, late, Tenure{Role: Finance}, all, today); err != nil || !got.Waits || late.Is(Finance, today) {
		t.Fatalf("the second finance officer: %+v, %v", got, err)
	}
	// Nor by first ending the one there was.
	if err := End(first, money, money.Tenures[0].ID, today-1, today); err != nil {
		t.Fatal(err)
	}
	other := person(t, "Other Friend")
	if got, err := Grant(first, other, Tenure{Role: Finance}, append(all, other), today); err != nil || !got.Waits {
		t.Errorf("an administrator made their own finance officer: %+v, %v", got, err)
	}
	if got, err := Grant(Keeper, person(t, "New Finance"), Tenure{Role: Finance}, all, today); err != nil || got.Waits {
		t.Errorf("the keeper cannot mend a council without finance: %+v, %v", got, err)
	}
	// Only the first person is both administrator and over money.
	second := person(t, "Second Person", Tenure{Role: Commissioner, From: today})
	_, err := Grant(Keeper, second, Tenure{Role: Administrator}, append(all, second), today)
	refused[*RolesApart](t, "a second administrator over money", err)
}

func TestGrant(t *testing.T) {
	admin := person(t, "Ann Admin", Tenure{Role: Administrator, From: today})
	finance := person(t, "Ffion Cyllid", Tenure{Role: Finance, From: today})
	officer := person(t, "Owen Officer", Tenure{ID: "o", Role: Commissioner, From: today - 30})
	new := person(t, "New Person")
	all := []*Person{admin, finance, officer, new}
	grant := func(by, to *Person, tenure Tenure) error {
		_, err := Grant(by, to, tenure, all, today)
		return err
	}
	refused[*OwnRoles](t, "one's own role", grant(admin, admin, Tenure{Role: Scrutiny}))
	refused[*NotAllowed](t, "by an officer", grant(officer, new, Tenure{Role: Scrutiny}))
	refused[*NotAllowed](t, "by finance", grant(finance, new, Tenure{Role: Scrutiny}))
	refused[*NotAllowed](t, "by nobody", grant(nil, new, Tenure{Role: Scrutiny}))
	refused[*UnknownRole](t, "no role", grant(admin, new, Tenure{Role: "mayor"}))
	refused[*BadTenure](t, "no board", grant(admin, new, Tenure{Role: BoardChair}))
	refused[*BadTenure](t, "a board too many", grant(admin, new, Tenure{Role: Scrutiny, Board: "north"}))
	refused[*BadTenure](t, "an auditor of an area", grant(admin, new, Tenure{Role: Auditor, Area: "valley"}))
	refused[*BadTenure](t, "days turned round", grant(admin, new, Tenure{Role: Scrutiny, From: today, To: today - 1}))
	refused[*HeldAlready](t, "twice", grant(admin, officer, Tenure{Role: Commissioner}))
	refused[*RolesApart](t, "an officer as administrator", grant(admin, officer, Tenure{Role: Administrator}))
	refused[*RolesApart](t, "an administrator as finance", grant(Keeper, admin, Tenure{Role: Finance}))
	refused[*RolesApart](t, "finance that audits itself", grant(admin, finance, Tenure{Role: Auditor}))
	if len(new.Tenures)+len(officer.Tenures) != 1 {
		t.Fatal("a refusal changed something")
	}
	if err := grant(admin, officer, Tenure{Role: Commissioner, Area: "valley"}); err != nil {
		t.Error(err)
	}
	if err := grant(admin, new, Tenure{Role: BoardMember, Board: "north", From: today + 1}); err != nil || new.Is(BoardMember, today) || !new.Is(BoardMember, today+1) {
		t.Errorf("a member from tomorrow: %+v, %v", new.Tenures, err)
	}
}

func TestApprove(t *testing.T) {
	admin := person(t, "Ann Admin", Tenure{Role: Administrator, From: today})
	finance := person(t, "Ffion Cyllid", Tenure{Role: Finance, From: today})
	all := []*Person{admin, finance}
	for _, role := range []Role{Finance, Auditor, Administrator} {
		new := person(t, "New Person")
		asked, err := Grant(admin, new, Tenure{Role: role}, append(all, new), today)
		if err != nil || !asked.Waits || new.Is(role, today) {
			t.Fatalf("%s does not wait: %+v, %v", role, asked, err)
		}
		refused[*NotAllowed](t, "approving by the administrator", Approve(admin, new, asked.ID, today))
		refused[*NotAllowed](t, "approving by the keeper", Approve(Keeper, new, asked.ID, today))
		refused[*NotAllowed](t, "approving oneself", Approve(new, new, asked.ID, today))
		refused[*NotWaiting](t, "approving another", Approve(finance, new, "x", today))
		both := person(t, "Both", Tenure{Role: Finance, From: today})
		new.Tenures[0].GivenBy = both.ID
		refused[*SecondPerson](t, "approving what one proposed", Approve(both, new, asked.ID, today))
		new.Tenures[0].GivenBy = admin.ID
		self := *finance
		self.Tenures = append(slices.Clone(self.Tenures), Tenure{ID: "w", Role: Finance, From: today, Waits: true, GivenBy: admin.ID})
		refused[*OwnRoles](t, "approving for oneself", Approve(&self, &self, "w", today))
		if err := Approve(finance, new, asked.ID, today); err != nil || !new.Is(role, today) || new.Tenures[0].ApprovedBy != finance.ID {
			t.Errorf("approved: %+v, %v", new.Tenures, err)
		}
		refused[*NotWaiting](t, "approving twice", Approve(finance, new, asked.ID, today))
	}
	new := person(t, "New Person")
	asked, _ := Grant(admin, new, Tenure{Role: Auditor}, append(all, new), today)
	if err := Refuse(finance, new, asked.ID, today); err != nil || new.Is(Auditor, today) {
		t.Errorf("refused: %+v, %v", new.Tenures, err)
	}
	refused[*NotWaiting](t, "approving what was refused", Approve(finance, new, asked.ID, today))
	if _, err := Grant(admin, new, Tenure{Role: Auditor}, append(all, new), today); err != nil {
		t.Errorf("asking again: %v", err)
	}
}

func TestEnd(t *testing.T) {
	admin := person(t, "Ann Admin", Tenure{ID: "a", Role: Administrator, From: today})
	officer := person(t, "Owen Officer", Tenure{ID: "o", Role: Commissioner, From: today - 30})
	refused[*OwnRoles](t, "one's own", End(admin, admin, "a", today, today))
	refused[*OwnRoles](t, "leaving oneself", Leave(admin, admin, today))
	refused[*NotAllowed](t, "by an officer", Leave(officer, admin, today))
	refused[*NoTenure](t, "no such", End(admin, officer, "x", today, today))
	refused[*BadTenure](t, "in the past", End(admin, officer, "o", today-2, today))
	if err := End(admin, officer, "o", today-1, today); err != nil || officer.Is(Commissioner, today) || !officer.Is(Commissioner, today-1) {
		t.Errorf("ended: %+v, %v", officer.Tenures, err)
	}
	refused[*NoTenure](t, "twice", End(admin, officer, "o", today, today))
	if err := Leave(admin, officer, today); err != nil || !officer.Ended {
		t.Error(err)
	}
}

func TestPasswords(t *testing.T) {
	p := person(t, "Gwenllian Prys")
	for password, why := range map[string]string{
		"Ab3$efgh!jk": "short", "": "short", strings.Repeat("k9 ", 43): "long", "abc\x00 wimple tarn ox": "not-text", "bad \xff bytes here!": "not-text",
		"password1234": "guessable", "P@ssw0rd2026!": "guessable", "123456789012": "guessable", "qwertyuiop[]": "guessable", "aaaaaaaaaaaaaaa": "guessable",
		"SummerSummerSummer": "guessable", "Liverpool2005!!": "guessable", "letmeinletmein": "guessable", "cyfrinair1234": "guessable", "croesocymru2027": "guessable",
		"xyxyxyxyxyxyxyxy": "guessable", "gwenllian.prys": "guessable", "GwenllianPrys1": "guessable", "bro.gov.example": "guessable", "0987654321qwerty": "guessable", "Cardiff-Cardiff1": "guessable",
	} {
		var weak *WeakPassword
		if err := p.SetPassword(password); !errors.As(err, &weak) || weak.Why != why {
			t.Errorf("%q: %v, and should be %s", password, err, why)
		}
	}
	if p.PasswordHash != "" {
		t.Fatal("a refused password was kept")
	}
	for _, password := range []string{"wimple tarn oxbow lichen", "vK7#pw2Lq9zT", "llwynog pendil crwban", strings.Repeat("kü9 ", 32), "8f3c91e77b2a"} {
		if got := pieces(password, p.ownWords()); got < fewestPieces {
			t.Errorf("%q counts %d pieces", password, got)
		}
	}
	const good = "pendil tŵr mwsogl oxbow"
	if err := p.SetPassword(good); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(p.PasswordHash, "$argon2id$v=19$m=19456,t=2,p=1$") || strings.Contains(p.PasswordHash, "pendil") {
		t.Errorf("the hash is %s", p.PasswordHash)
	}
	if !p.CheckPassword(good) || !p.CheckPassword("pendil tw\u0302r mwsogl oxbow") || p.CheckPassword(good+" ") || p.CheckPassword("") || p.CheckPassword(strings.Repeat("x", 1<<20)) {
		t.Error("the password is not told from others")
	}
	p.Ended = true
	if p.CheckPassword(good) {
		t.Error("who has left can still sign in")
	}
	var none *Person
	if none.CheckPassword(good) || (&Person{}).CheckPassword("") {
		t.Error("nobody has a password")
	}
}

// An address that nobody has must not be told by the time the answer takes.
func TestNobodyTakesAsLong(t *testing.T) {
	p := person(t, "Gwenllian Prys")
	if err := p.SetPassword("pendil tŵr mwsogl oxbow"); err != nil {
		t.Fatal(err)
	}
	var none *Person
	fastest := func(p *Person) time.Duration {
		least := time.Hour
		for range 8 {
			began := time.Now()
			p.CheckPassword("something else entirely")
			least = min(least, time.Since(began))
		}
		return least
	}
	known, unknown, ended := fastest(p), fastest(none), fastest(&Person{Ended: true, PasswordHash: p.PasswordHash})
	if known > 2*unknown || unknown > 2*known || known > 2*ended || ended > 2*known {
		t.Errorf("a known person takes %v, nobody %v, one who has left %v", known, unknown, ended)
	}
}

func TestCodes(t *testing.T) {
	p := person(t, "Ann Admin")
	at := time.Unix(1_800_000_000, 0)
	if p.CheckCode("", at) || p.CheckCode("000000", at) {
		t.Error("a code without a secret")
	}
	p.NewSecret()
	code := func(at time.Time) string {
		c, err := hotp.GenerateCode(p.Secret, uint64(at.Unix()/30))
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	if p.ConfirmSecret("12345", at) || p.SecondFactor {
		t.Error("a wrong code confirms")
	}
	if c := code(at); !p.ConfirmSecret(c[:3]+" "+c[3:], at) || !p.SecondFactor {
		t.Error("the right code does not confirm")
	}
	if p.CheckCode(code(at), at) || p.CheckCode(code(at.Add(-30*time.Second)), at) {
		t.Error("a code is good twice, or an earlier one after it")
	}
	if !p.CheckCode(code(at.Add(30*time.Second)), at) {
		t.Error("a clock half a minute fast is not borne with")
	}
	later := at.Add(10 * time.Minute)
	if p.CheckCode(code(later.Add(-time.Minute)), later) || p.CheckCode(code(later.Add(time.Minute)), later) || !p.CheckCode(code(later.Add(-30*time.Second)), later) {
		t.Error("codes are good for too long, or not long enough")
	}
	if link := p.SecretAddress("Braid Bro"); !strings.HasPrefix(link, "otpauth://totp/Braid%20Bro:ann.admin@bro.gov.example?") || !strings.Contains(link, "secret="+p.Secret) {
		t.Errorf("the app reads %s", link)
	}
}

// The codes are those of RFC 6238 (its last six digits), which every app gives.
func TestCodesOfTheStandard(t *testing.T) {
	for seconds, want := range map[int64]string{59: "287082", 1111111109: "081804", 20000000000: "353130"} {
		p := &Person{Secret: "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"}
		if !p.CheckCode(want, time.Unix(seconds, 0)) {
			t.Errorf("%s is not good at %d", want, seconds)
		}
	}
}

func TestSecondFactor(t *testing.T) {
	for _, role := range Roles {
		p := person(t, "Ann", Tenure{Role: role, Board: "north", From: today})
		if got, want := p.NeedsSecondFactor(today), role == Finance || role == Administrator; got != want || p.NeedsSecondFactor(today-1) {
			t.Errorf("%s needs a second factor: %v", role, got)
		}
	}
}

func TestReading(t *testing.T) {
	for text, want := range map[string]string{" Ann.Officer@Bro.GOV.example ": "ann.officer@bro.gov.example", "ŵyn@bro.cymru": "ŵyn@bro.cymru"} {
		if got, err := NormalEmail(text); err != nil || got != want {
			t.Errorf("%q reads as %q, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "ann", "@bro.cymru", "ann@", "ann@bro", "a b@bro.cymru", "ann@bro@cymru.x", "ann@bro.cymru\nBcc: x@y.z", "<ann@bro.cymru>", strings.Repeat("a", 250) + "@b.cy"} {
		_, err := NormalEmail(text)
		refused[*BadEmail](t, text, err)
	}
	for text, want := range map[string]Role{"Board-Member": BoardMember, "FINANCE": Finance, "board_chair": BoardChair} {
		if got, err := ParseRole(text); err != nil || got != want {
			t.Errorf("%q reads as %q, %v", text, got, err)
		}
	}
	_, err := ParseRole("mayor")
	refused[*UnknownRole](t, "mayor", err)
	_, err = New("  ", "a@b.cy", "en")
	refused[*BadName](t, "no name", err)
	_, err = New("Ann", "a@b.cy", "fr")
	refused[*UnknownLanguage](t, "French", err)
	if who := WhoMay(Pay); len(who) != 1 || who[0] != Finance {
		t.Errorf("%v may pay", who)
	}
	for _, err := range []error{&NotAllowed{Pay}, &WeakPassword{"short"}, &WeakPassword{"long"}, &WeakPassword{"not-text"}, &BadTenure{BoardChair, "board"}, &BadTenure{Scrutiny, "board"}, &BadTenure{Auditor, "area"}, &EmailTaken{"x"}} {
		if len(err.Error()) < 20 {
			t.Errorf("%T says %q", err, err)
		}
	}
}

func BenchmarkMay(b *testing.B) {
	p := &Person{Tenures: []Tenure{{Role: BoardMember, Board: "north", From: today}, {Role: Commissioner, Area: "valley", From: today}}}
	for b.Loop() {
		p.May(See, today)
	}
}
