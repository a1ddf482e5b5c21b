package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"braid/ledger"
	"braid/ledger/fiscal"
	"braid/ledger/people"

	"gorm.io/gorm"
)

// People keeps people and what goes with their signing in, beside the ledger
// and not in it: nothing here is hashed into the chain or exported.
type People struct{ s *Store }

// People gives the people of the ledger's database.
func (s *Store) People() *People { return &People{s} }

var (
	ErrNobody  = people.ErrNobody
	ErrChanged = people.ErrChanged
)

// peopleState is what a Store keeps for its People.
type peopleState struct {
	sync.Mutex
	prepared map[string]*sql.Stmt
	stopped  error // set for good once a write to disk has failed
}

// Event is kept as people know it.
type Event = people.Event

// What events are called; see people.
const (
	PersonAdded  = people.PersonAdded
	PersonEnded  = people.PersonEnded
	RoleGiven    = people.RoleGiven
	RoleApproved = people.RoleApproved
	RoleRefused  = people.RoleRefused
	RoleEnded    = people.RoleEnded
	LinkMade     = people.LinkMade
	LinkUsed     = people.LinkUsed
	PasswordSet  = people.PasswordSet
	SignedInBy   = people.SignedInBy
	SignInFailed = people.SignInFailed
	SignedOut    = people.SignedOut
	TokenMade    = people.TokenMade
	TokenRevoked = people.TokenRevoked
)

// tenureRow is a tenure as its column holds it.
type tenureRow struct {
	ID       string      `json:"id"`
	Role     people.Role `json:"role"`
	Area     string      `json:"area,omitempty"`
	Board    string      `json:"board,omitempty"`
	From     string      `json:"from"`
	To       string      `json:"to,omitempty"`
	GivenBy  string      `json:"given_by"`
	Waits    bool        `json:"waits,omitempty"`
	Approved string      `json:"approved_by,omitempty"`
	Refused  string      `json:"refused_by,omitempty"`
}

const personColumns = "id, email, name, language, tenures, password_hash, secret, second_factor, code_step, shortcuts, ended, logins, feed_key, version"

func scanPerson(row interface{ Scan(...any) error }) (*people.Person, error) {
	p := new(people.Person)
	var tenureText, loginText string
	var factor, shortcuts, ended int
	err := row.Scan(&p.ID, &p.Email, &p.Name, &p.Language, &tenureText, &p.PasswordHash, &p.Secret, &factor, &p.CodeStep, &shortcuts, &ended, &loginText, &p.FeedKey, &p.Version)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, ErrNobody
	}
	if err != nil {
		return nil, err
	}
	p.SecondFactor, p.Shortcuts, p.Ended = factor == 1, shortcuts == 1, ended == 1
	if p.Tenures, err = readTenures(tenureText); err == nil && loginText != "[]" {
		err = json.Unmarshal([]byte(loginText), &p.Logins)
	}
	if err != nil {
		return nil, fmt.Errorf("what is kept of %s does not read: %w", p.ID, err)
	}
	return p, nil
}

func readTenures(text string) ([]people.Tenure, error) {
	var rows []tenureRow
	if text == "[]" {
		return nil, nil
	}
	if err := json.Unmarshal([]byte(text), &rows); err != nil {
		return nil, err
	}
	tenures := make([]people.Tenure, len(rows))
	for i, r := range rows {
		t := people.Tenure{ID: r.ID, Role: r.Role, Area: r.Area, Board: r.Board, GivenBy: r.GivenBy, Waits: r.Waits, ApprovedBy: r.Approved, RefusedBy: r.Refused}
		var err error
		if t.From, err = fiscal.ParseDate(r.From); err == nil && r.To != "" {
			t.To, err = fiscal.ParseDate(r.To)
		}
		if err != nil {
			return nil, err
		}
		tenures[i] = t
	}
	return tenures, nil
}

func tenuresText(tenures []people.Tenure) string {
	rows := make([]tenureRow, len(tenures))
	for i, t := range tenures {
		rows[i] = tenureRow{t.ID, t.Role, t.Area, t.Board, t.From.String(), t.To.String(), t.GivenBy, t.Waits, t.ApprovedBy, t.RefusedBy}
	}
	text, _ := json.Marshal(rows) // of strings alone
	return string(text)
}

// WhoIs gives the person of a session, as they are now. Every request asks.
func (p *People) WhoIs(ctx context.Context, id string) (*people.Person, error) {
	row, err := p.quick(ctx, "SELECT "+personColumns+" FROM people WHERE id = ?", id)
	if err != nil {
		return nil, err
	}
	who, err := scanPerson(row)
	return who, p.s.engine.explain(err)
}

// Person gives a person by their id, or ErrNobody.
func (p *People) Person(ctx context.Context, id string) (*people.Person, error) {
	return p.WhoIs(ctx, id)
}

// ByEmail gives a person by their address, or ErrNobody.
func (p *People) ByEmail(ctx context.Context, email string) (*people.Person, error) {
	normal, err := people.NormalEmail(email)
	if err != nil {
		return nil, ErrNobody
	}
	return p.one(ctx, "email = ?", normal)
}

// ByLogin gives a person by what the council's own sign-in calls them.
func (p *People) ByLogin(ctx context.Context, login string) (*people.Person, error) {
	return p.one(ctx, "id = (SELECT person FROM logins WHERE login = ?)", login)
}

// ByFeedKey gives the person whose calendar feed has a key.
func (p *People) ByFeedKey(ctx context.Context, key string) (*people.Person, error) {
	return p.one(ctx, "feed_key = ?", people.KeyHash(key))
}

func (p *People) one(ctx context.Context, where, value string) (*people.Person, error) {
	who, err := scanPerson(p.s.reader.WithContext(ctx).Raw("SELECT "+personColumns+" FROM people WHERE "+where, value).Row())
	return who, p.s.engine.explain(err)
}

// All gives everybody, those who have left too, by name.
func (p *People) All(ctx context.Context) ([]*people.Person, error) {
	rows, err := p.s.reader.WithContext(ctx).Raw("SELECT " + personColumns + " FROM people ORDER BY lower(name), id").Rows()
	if err != nil {
		return nil, p.s.engine.explain(err)
	}
	defer rows.Close()
	var all []*people.Person
	for rows.Next() {
		who, err := scanPerson(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, who)
	}
	return all, p.s.engine.explain(rows.Err())
}

// Count gives how many people there are; with none, Braid is to be set up.
func (p *People) Count(ctx context.Context) (n int, err error) {
	err = p.s.reader.WithContext(ctx).Raw("SELECT count(*) FROM people").Row().Scan(&n)
	return n, p.s.engine.explain(err)
}

// Save keeps a person, new or changed, and what happened, or neither. It is
// ErrChanged if they were saved by another since they were read. A new
// password, and leaving, end all the person's sessions.
func (p *People) Save(ctx context.Context, who *people.Person, event Event) error {
	for _, text := range []string{who.Name, who.Email, event.Who, event.What, event.About, event.Detail} {
		if err := checkText(text); err != nil {
			return err
		}
	}
	logins := []byte("[]")
	if len(who.Logins) > 0 {
		logins, _ = json.Marshal(who.Logins)
	}
	err := p.write(ctx, func(db *gorm.DB) error {
		var other string
		if err := db.Raw("SELECT id FROM people WHERE email = ? AND id <> ?", who.Email, who.ID).Scan(&other).Error; err != nil {
			return err
		}
		if other != "" {
			return &people.EmailTaken{Email: who.Email}
		}
		values := []any{who.Email, who.Name, who.Language, tenuresText(who.Tenures), who.PasswordHash, who.Secret, bit(who.SecondFactor), who.CodeStep, bit(who.Shortcuts), bit(who.Ended),
			string(logins), who.FeedKey, who.Version + 1, who.ID}
		if who.Version == 0 {
			if err := db.Exec("INSERT INTO people (email, name, language, tenures, password_hash, secret, second_factor, code_step, shortcuts, ended, logins, feed_key, version, id) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)", values...).Error; err != nil {
				return err
			}
		} else {
			if err := db.Exec("UPDATE sessions SET ended = 1, data = ? WHERE person = ? AND ended = 0 AND (? = 1 OR (SELECT password_hash FROM people WHERE id = ?) <> ?)",
				[]byte{}, who.ID, bit(who.Ended), who.ID, who.PasswordHash).Error; err != nil {
				return err
			}
			done := db.Exec("UPDATE people SET email = ?, name = ?, language = ?, tenures = ?, password_hash = ?, secret = ?, second_factor = ?, code_step = ?, shortcuts = ?, ended = ?, logins = ?, feed_key = ?, version = ? WHERE id = ? AND version = ?",
				append(values, who.Version)...)
			if done.Error != nil {
				return done.Error
			}
			if done.RowsAffected != 1 {
				return ErrChanged
			}
		}
		if err := saveLogins(db, who); err != nil {
			return err
		}
		return p.note(db, event)
	})
	if err == nil {
		who.Version++
	}
	return err
}

func saveLogins(db *gorm.DB, who *people.Person) error {
	if err := db.Exec("DELETE FROM logins WHERE person = ?", who.ID).Error; err != nil {
		return err
	}
	for _, login := range who.Logins {
		done := db.Exec("INSERT INTO logins (login, person) VALUES (?, ?) ON CONFLICT (login) DO NOTHING", login, who.ID)
		if done.Error != nil {
			return done.Error
		}
		if done.RowsAffected != 1 {
			return &people.LoginTaken{}
		}
	}
	return nil
}

// Note keeps an event, for good.
func (p *People) Note(ctx context.Context, event Event) error {
	return p.write(ctx, func(db *gorm.DB) error { return p.note(db, event) })
}

func (p *People) note(db *gorm.DB, e Event) error {
	if e.At.IsZero() {
		e.At = p.now()
	}
	for _, text := range []*string{&e.Who, &e.What, &e.About, &e.Detail} {
		*text = strings.ToValidUTF8(strings.ReplaceAll(*text, "\x00", ""), "�") // an event is kept whatever was typed
	}
	return db.Exec("INSERT INTO events (at, who, what, about, detail) VALUES (?,?,?,?,?)", instant(e.At), e.Who, e.What, e.About, e.Detail).Error
}

// Events gives at most so many events since an instant, the newest first.
func (p *People) Events(ctx context.Context, since time.Time, limit int) ([]Event, error) {
	rows, err := p.s.reader.WithContext(ctx).Raw("SELECT at, who, what, about, detail FROM events WHERE at >= ? ORDER BY n DESC LIMIT ?", instant(since), limit).Rows()
	if err != nil {
		return nil, p.s.engine.explain(err)
	}
	defer rows.Close()
	var events []Event
	for rows.Next() {
		var e Event
		var at string
		if err := rows.Scan(&at, &e.Who, &e.What, &e.About, &e.Detail); err != nil {
			return nil, err
		}
		if e.At, err = time.Parse(ledger.PostedAtForm, at); err != nil {
			return nil, err
		}
		events = append(events, e)
	}
	return events, p.s.engine.explain(rows.Err())
}

// Clean clears away what has run out: sessions, links, drafts, old failures.
func (p *People) Clean(ctx context.Context) error {
	now := p.now()
	return p.write(ctx, func(db *gorm.DB) error {
		return errors.Join(
			db.Exec("DELETE FROM sessions WHERE until <= ?", instant(now)).Error,
			db.Exec("DELETE FROM links WHERE until <= ?", instant(now.AddDate(0, 0, -30))).Error,
			db.Exec("DELETE FROM drawer WHERE until <> '' AND until <= ?", instant(now)).Error,
			db.Exec("DELETE FROM attempts WHERE last_at <= ? AND known = 0 OR last_at <= ?", instant(now.Add(-forgetAfter)), instant(now.AddDate(-1, 0, 0))).Error,
		)
	})
}

func (p *People) now() time.Time { return p.s.options.Clock() }

func instant(t time.Time) string { return t.UTC().Format(ledger.PostedAtForm) }

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

// write runs do in one transaction. (It does not take the ledger's lock: no
// book depends on people.)
func (p *People) write(ctx context.Context, do func(db *gorm.DB) error) error {
	s := p.s
	if s.writer == nil {
		return ErrReadOnly
	}
	s.people.Lock()
	err := s.people.stopped
	s.people.Unlock()
	if err != nil {
		return err
	}
	err = s.engine.explain(p.transact(ctx, do))
	if errors.Is(err, ErrDiskFault) {
		s.people.Lock()
		s.people.stopped = err
		s.people.Unlock()
	}
	return err
}

func (p *People) transact(ctx context.Context, do func(db *gorm.DB) error) error {
	pool, err := p.s.writer.DB()
	if err != nil {
		return err
	}
	tx, err := pool.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := do(session(p.s.writer, ctx, tx)); err != nil {
		return err
	}
	return tx.Commit()
}

// quick asks for one row by a statement prepared once: for what every request
// asks. On SQLite it is not given up when the request is: that costs more than
// the answer.
func (p *People) quick(ctx context.Context, query string, values ...any) (*sql.Row, error) {
	if _, file := p.s.engine.(*sqlite); file {
		ctx = context.WithoutCancel(ctx)
	}
	statement, err := p.prepare(ctx, query)
	if err != nil {
		return nil, p.s.engine.explain(err)
	}
	return statement.QueryRowContext(ctx, values...), nil
}

func (p *People) prepare(ctx context.Context, query string) (*sql.Stmt, error) {
	state := &p.s.people
	state.Lock()
	defer state.Unlock()
	if statement := state.prepared[query]; statement != nil {
		return statement, nil
	}
	pool, err := p.s.reader.DB()
	if err != nil {
		return nil, err
	}
	text := query
	if _, file := p.s.engine.(*sqlite); !file {
		text = numbered(query)
	}
	statement, err := pool.PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	if state.prepared == nil {
		state.prepared = map[string]*sql.Stmt{}
	}
	state.prepared[query] = statement
	return statement, nil
}

// numbered writes ? as PostgreSQL's $1, $2 …
func numbered(query string) string {
	parts := strings.Split(query, "?")
	var b strings.Builder
	for i, part := range parts {
		if i > 0 {
			b.WriteString("$" + strconv.Itoa(i))
		}
		b.WriteString(part)
	}
	return b.String()
}
