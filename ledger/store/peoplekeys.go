package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"strings"
	"time"

	"braid/ledger"
	"braid/ledger/fiscal"
	"braid/ledger/people"

	"gorm.io/gorm"
)

var (
	ErrLink  = people.ErrLink
	ErrToken = people.ErrToken

	ErrTokenName = people.ErrTokenName
	ErrTokenLife = people.ErrTokenLife
	ErrTooLarge  = people.ErrTooLarge
)

// MakeLink makes a link that a person can use once, for a purpose such as
// setting a first password; person is "" for whoever sets Braid up. Earlier
// links for it are no longer good. Only the hash is kept, so the token is to be
// handed over now.
func (p *People) MakeLink(ctx context.Context, person, purpose string, until time.Time) (token string, err error) {
	token = strings.ToLower(rand.Text())
	return token, p.write(ctx, func(db *gorm.DB) error {
		if err := db.Exec("UPDATE links SET used_at = ? WHERE coalesce(person, '') = ? AND purpose = ? AND used_at = ''", instant(p.now()), person, purpose).Error; err != nil {
			return err
		}
		return db.Exec("INSERT INTO links (hash, person, purpose, until) VALUES (?,NULLIF(?, ''),?,?)", people.KeyHash(token), person, purpose, instant(until)).Error
	})
}

// UseLink uses a link up and says whose it is and what for; ErrLink if it is
// not good. Of two who use it at once, one can.
func (p *People) UseLink(ctx context.Context, token string) (person, purpose string, err error) {
	err = p.write(ctx, func(db *gorm.DB) error {
		now := instant(p.now())
		return db.Raw("UPDATE links SET used_at = ? WHERE hash = ? AND used_at = '' AND until > ? RETURNING coalesce(person, ''), purpose", now, people.KeyHash(token), now).Row().Scan(&person, &purpose)
	})
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrLink
	}
	return person, purpose, err
}

// PeekLink says whose a link is and what for, and leaves it good.
func (p *People) PeekLink(ctx context.Context, token string) (person, purpose string, err error) {
	err = p.s.reader.WithContext(ctx).Raw("SELECT coalesce(person, ''), purpose FROM links WHERE hash = ? AND used_at = '' AND until > ?", people.KeyHash(token), instant(p.now())).Row().Scan(&person, &purpose)
	if errors.Is(err, sql.ErrNoRows) {
		return "", "", ErrLink
	}
	return person, purpose, p.s.engine.explain(err)
}

// APIToken is a token as people know it.
type APIToken = people.APIToken

// longestToken is how long a token can be good.
const longestToken = 90 * 24 * time.Hour

// MakeToken makes a token by which a program acts as a person. Rights are the
// person's, as they are at each use.
func (p *People) MakeToken(ctx context.Context, person, name string, until time.Time) (string, error) {
	name = strings.Join(strings.Fields(name), " ")
	if name == "" || len(name) > 100 || checkText(name) != nil {
		return "", ErrTokenName
	}
	if now := p.now(); !until.After(now) || until.Sub(now) > longestToken {
		return "", ErrTokenLife
	}
	token := "braid_" + strings.ToLower(rand.Text())
	return token, p.write(ctx, func(db *gorm.DB) error {
		id := people.NewID()
		if err := db.Exec("INSERT INTO tokens (id, hash, person, name, made_at, until) VALUES (?,?,?,?,?,?)", id, people.KeyHash(token), person, name, instant(p.now()), instant(until)).Error; err != nil {
			return err
		}
		return p.note(db, Event{Who: person, What: TokenMade, About: id, Detail: name})
	})
}

// Token gives the person for whom a token acts, or ErrToken. It dies with
// their roles.
func (p *People) Token(ctx context.Context, token string, today fiscal.Date) (*people.Person, error) {
	row, err := p.quick(ctx, "SELECT person FROM tokens WHERE hash = ? AND revoked_at = '' AND until > ?", people.KeyHash(token), instant(p.now()))
	if err != nil {
		return nil, err
	}
	var id string
	if err := row.Scan(&id); errors.Is(err, sql.ErrNoRows) {
		return nil, ErrToken
	} else if err != nil {
		return nil, p.s.engine.explain(err)
	}
	who, err := p.WhoIs(ctx, id)
	if err == nil && len(who.Holds(today)) == 0 {
		return nil, ErrToken
	}
	return who, err
}

// Tokens lists a person's tokens, or everybody's ("").
func (p *People) Tokens(ctx context.Context, person string) ([]APIToken, error) {
	rows, err := p.s.reader.WithContext(ctx).Raw("SELECT id, person, name, made_at, until, revoked_at FROM tokens WHERE ? = '' OR person = ? ORDER BY made_at DESC, id", person, person).Rows()
	if err != nil {
		return nil, p.s.engine.explain(err)
	}
	defer rows.Close()
	var all []APIToken
	for rows.Next() {
		var t APIToken
		var made, until, revoked string
		err := rows.Scan(&t.ID, &t.Person, &t.Name, &made, &until, &revoked)
		if err == nil {
			t.Made, err = time.Parse(ledger.PostedAtForm, made)
		}
		if err == nil {
			t.Until, err = time.Parse(ledger.PostedAtForm, until)
		}
		if err == nil && revoked != "" {
			t.Revoked, err = time.Parse(ledger.PostedAtForm, revoked)
		}
		if err != nil {
			return nil, err
		}
		all = append(all, t)
	}
	return all, p.s.engine.explain(rows.Err())
}

// RevokeToken ends a token at once; by says who did.
func (p *People) RevokeToken(ctx context.Context, id, by string) error {
	return p.write(ctx, func(db *gorm.DB) error {
		done := db.Exec("UPDATE tokens SET revoked_at = ? WHERE id = ? AND revoked_at = ''", instant(p.now()), id)
		if done.Error != nil {
			return done.Error
		}
		if done.RowsAffected != 1 {
			return ErrToken
		}
		return p.note(db, Event{Who: by, What: TokenRevoked, About: id})
	})
}

// Attempt is a try to sign in as people know it.
type Attempt = people.Attempt

const (
	freeFailures = 5 // so many cost nothing
	firstWait    = 30 * time.Second
	longestWait  = 15 * time.Minute
	forgetAfter  = 24 * time.Hour // without another failure
)

// The keys failures are counted under. From a network where the account was
// signed in to before, only its own failures there count: nobody elsewhere can
// keep its owner out. From any other, all of the account's from such networks,
// and all of the network's, do.
func keys(a Attempt) (pair, account, network string) {
	return people.KeyHash("pair\x00" + a.Account + "\x00" + a.Network), people.KeyHash("account\x00" + a.Account), people.KeyHash("network\x00" + a.Network)
}

type failures struct {
	Failures int
	LastAt   string
	Known    int
}

func readFailures(db *gorm.DB, key string) (failures, error) {
	var f failures
	err := db.Raw("SELECT failures, last_at, known FROM attempts WHERE key = ?", key).Row().Scan(&f.Failures, &f.LastAt, &f.Known)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return f, err
}

// counted says under which keys an attempt counts.
func counted(db *gorm.DB, a Attempt) ([]string, error) {
	pair, account, network := keys(a)
	f, err := readFailures(db, pair)
	if f.Known == 1 {
		return []string{pair}, err
	}
	return []string{account, network}, err
}

// Attempts says how long is to be waited before a next try to sign in: nothing
// for the first five failures, then ever longer.
func (p *People) Attempts(ctx context.Context, a Attempt) (wait time.Duration, err error) {
	db := p.s.reader.WithContext(ctx)
	keys, err := counted(db, a)
	now := p.now()
	for _, key := range keys {
		f, readErr := readFailures(db, key)
		if err = errors.Join(err, readErr); err != nil {
			return longestWait, p.s.engine.explain(err)
		}
		if f.Failures < freeFailures {
			continue
		}
		last, parseErr := time.Parse(ledger.PostedAtForm, f.LastAt)
		if parseErr != nil {
			return longestWait, parseErr
		}
		delay := min(firstWait<<min(f.Failures-freeFailures, 10), longestWait)
		wait = max(wait, delay-now.Sub(last))
	}
	return max(wait, 0), p.s.engine.explain(err)
}

// Failed counts a failure.
func (p *People) Failed(ctx context.Context, a Attempt) error {
	return p.write(ctx, func(db *gorm.DB) error {
		keys, err := counted(db, a)
		if err != nil {
			return err
		}
		now := p.now()
		for _, key := range keys {
			err := db.Exec("INSERT INTO attempts (key, failures, last_at) VALUES (?, 1, ?) ON CONFLICT (key) DO UPDATE SET failures = CASE WHEN attempts.last_at <= ? THEN 1 ELSE attempts.failures + 1 END, last_at = excluded.last_at",
				key, instant(now), instant(now.Add(-forgetAfter))).Error
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// Succeeded makes the network known to be the account's, and forgets its
// failures from there. (Not the network's: whoever has an account of their own
// could go on guessing at others.)
func (p *People) Succeeded(ctx context.Context, a Attempt) error {
	pair, account, _ := keys(a)
	return p.write(ctx, func(db *gorm.DB) error {
		f, err := readFailures(db, pair)
		if err == nil && f.Known == 0 {
			err = db.Exec("UPDATE attempts SET failures = 0 WHERE key = ?", account).Error
		}
		if err != nil {
			return err
		}
		return db.Exec("INSERT INTO attempts (key, failures, last_at, known) VALUES (?, 0, ?, 1) ON CONFLICT (key) DO UPDATE SET failures = 0, last_at = excluded.last_at, known = 1", pair, instant(p.now())).Error
	})
}

// MostKept is the size of what the drawer holds in one piece.
const MostKept = 10 << 20

// Kept is what was put by as people know it.
type Kept = people.Kept

// ErrNotKept says that the drawer does not hold it, or no longer.
var ErrNotKept = people.ErrNotKept

// Keep puts something by until an instant, or for good; what was there under
// its id is replaced.
func (p *People) Keep(ctx context.Context, owner, kind, id string, data []byte, until time.Time) error {
	if len(data) > MostKept {
		return ErrTooLarge
	}
	end := ""
	if !until.IsZero() {
		end = instant(until)
	}
	if data == nil {
		data = []byte{}
	}
	return p.write(ctx, func(db *gorm.DB) error {
		return db.Exec("INSERT INTO drawer (owner, kind, id, data, kept_at, until) VALUES (?,?,?,?,?,?) ON CONFLICT (owner, kind, id) DO UPDATE SET data = excluded.data, kept_at = excluded.kept_at, until = excluded.until",
			owner, kind, id, data, instant(p.now()), end).Error
	})
}

// Kept gives what was put by, or ErrNotKept.
func (p *People) Kept(ctx context.Context, owner, kind, id string) (Kept, error) {
	all, err := p.kept(ctx, "owner = ? AND kind = ? AND id = ?", owner, kind, id)
	if err == nil && len(all) == 0 {
		err = ErrNotKept
	}
	if err != nil {
		return Kept{}, err
	}
	return all[0], nil
}

// KeptAll gives all of a kind that an owner has put by, the latest first.
func (p *People) KeptAll(ctx context.Context, owner, kind string) ([]Kept, error) {
	return p.kept(ctx, "owner = ? AND kind = ?", owner, kind)
}

func (p *People) kept(ctx context.Context, where string, values ...any) ([]Kept, error) {
	rows, err := p.s.reader.WithContext(ctx).Raw("SELECT owner, kind, id, data, kept_at, until FROM drawer WHERE "+where+" AND (until = '' OR until > ?) ORDER BY kept_at DESC, id", append(values, instant(p.now()))...).Rows()
	if err != nil {
		return nil, p.s.engine.explain(err)
	}
	defer rows.Close()
	var all []Kept
	for rows.Next() {
		var k Kept
		var at, until string
		err := rows.Scan(&k.Owner, &k.Kind, &k.ID, &k.Data, &at, &until)
		if err == nil {
			k.At, err = time.Parse(ledger.PostedAtForm, at)
		}
		if err == nil && until != "" {
			k.Until, err = time.Parse(ledger.PostedAtForm, until)
		}
		if err != nil {
			return nil, err
		}
		all = append(all, k)
	}
	return all, p.s.engine.explain(rows.Err())
}

// Drop throws away what was put by, if it is there.
func (p *People) Drop(ctx context.Context, owner, kind, id string) error {
	return p.write(ctx, func(db *gorm.DB) error {
		return db.Exec("DELETE FROM drawer WHERE owner = ? AND kind = ? AND id = ?", owner, kind, id).Error
	})
}
