package store

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"braid/ledger"
	"braid/ledger/people"

	"gorm.io/gorm"
)

// Sessions keeps sessions for scs; its manager must use SessionCodec. Tokens
// are hashed. A person has at most three sessions: a fourth ends the oldest.
type Sessions struct{ p *People }

func (p *People) Sessions() *Sessions { return &Sessions{p} }

// SessionPerson is the name under which a session holds its person's id.
const SessionPerson = "person"

const (
	mostSessions = 3
	touchEvery   = time.Minute            // how far a session's end may lag behind
	touchWithin  = 100 * time.Millisecond // how long a page waits to move it on
)

// FindCtx gives what a session holds, unless it has ended.
func (s *Sessions) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	data, _, err := s.find(ctx, token)
	return data, data != nil, err
}

func (s *Sessions) find(ctx context.Context, token string) (data []byte, until time.Time, err error) {
	row, err := s.p.quick(ctx, "SELECT data, until FROM sessions WHERE hash = ? AND until > ? AND ended = 0", people.KeyHash(token), instant(s.p.now()))
	if err != nil {
		return nil, until, err
	}
	var end string
	if err = row.Scan(&data, &end); errors.Is(err, sql.ErrNoRows) {
		return nil, until, nil
	}
	if err == nil {
		until, err = time.Parse(ledger.PostedAtForm, end)
	}
	if err != nil {
		return nil, until, s.p.s.engine.explain(err)
	}
	return data, until, nil
}

// CommitCtx keeps a session. Where nothing changed but its end, and that by
// less than a minute, nothing is written; and a page does not wait for a long
// import only to move the end on.
func (s *Sessions) CommitCtx(ctx context.Context, token string, data []byte, until time.Time) error {
	was, end, err := s.find(ctx, token)
	if err != nil {
		return err
	}
	hash := people.KeyHash(token)
	if was != nil && bytes.Equal(was, data) {
		if moved := until.Sub(end); moved < touchEvery && moved > -touchEvery {
			return nil
		}
		ctx, cancel := context.WithTimeout(ctx, touchWithin)
		defer cancel()
		err := s.p.write(ctx, func(db *gorm.DB) error {
			return db.Exec("UPDATE sessions SET until = ? WHERE hash = ? AND ended = 0", instant(until), hash).Error
		})
		if err != nil && (errors.Is(err, ErrBusy) || ctx.Err() != nil) {
			return nil // the next page tries again
		}
		return err
	}
	person := ""
	if _, values, err := (SessionCodec{}).Decode(data); err == nil {
		person, _ = values[SessionPerson].(string)
	}
	return s.p.write(ctx, func(db *gorm.DB) error {
		err := db.Exec("INSERT INTO sessions (hash, person, data, began, until) VALUES (?,?,?,?,?) ON CONFLICT (hash) DO UPDATE SET person = excluded.person, data = excluded.data, until = excluded.until WHERE sessions.ended = 0",
			hash, person, data, instant(s.p.now()), instant(until)).Error
		if err != nil || person == "" {
			return err
		}
		return db.Exec("UPDATE sessions SET ended = 1, data = ? WHERE person = ? AND ended = 0 AND hash NOT IN (SELECT hash FROM sessions WHERE person = ? AND ended = 0 AND until > ? ORDER BY began DESC, CASE hash WHEN ? THEN 0 ELSE 1 END LIMIT ?)",
			[]byte{}, person, person, instant(s.p.now()), hash, mostSessions).Error
	})
}

// DeleteCtx ends a session.
func (s *Sessions) DeleteCtx(ctx context.Context, token string) error {
	return s.p.write(ctx, func(db *gorm.DB) error {
		return db.Exec("UPDATE sessions SET ended = 1, data = ? WHERE hash = ?", []byte{}, people.KeyHash(token)).Error
	})
}

// Find, Commit and Delete are what scs uses where it has no context.
func (s *Sessions) Find(token string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), token)
}
func (s *Sessions) Commit(token string, data []byte, until time.Time) error {
	return s.CommitCtx(context.Background(), token, data, until)
}
func (s *Sessions) Delete(token string) error { return s.DeleteCtx(context.Background(), token) }

// SignedIn is a session as people know it.
type SignedIn = people.SignedIn

// SignedIn lists a person's sessions, the newest first.
func (p *People) SignedIn(ctx context.Context, person, token string) ([]SignedIn, error) {
	rows, err := p.s.reader.WithContext(ctx).Raw("SELECT hash, began, until FROM sessions WHERE person = ? AND ended = 0 AND until > ? ORDER BY began DESC", person, instant(p.now())).Rows()
	if err != nil {
		return nil, p.s.engine.explain(err)
	}
	defer rows.Close()
	here := people.KeyHash(token)
	var all []SignedIn
	for rows.Next() {
		var hash, began, until string
		var one SignedIn
		err := rows.Scan(&hash, &began, &until)
		if err == nil {
			one.Began, err = time.Parse(ledger.PostedAtForm, began)
		}
		if err == nil {
			one.Until, err = time.Parse(ledger.PostedAtForm, until)
		}
		if err != nil {
			return nil, err
		}
		one.Here = hash == here
		all = append(all, one)
	}
	return all, p.s.engine.explain(rows.Err())
}

// EndSessions ends a person's sessions, all or all but the one of a token.
func (p *People) EndSessions(ctx context.Context, person, except string) error {
	return p.write(ctx, func(db *gorm.DB) error {
		return db.Exec("UPDATE sessions SET ended = 1, data = ? WHERE person = ? AND hash <> ?", []byte{}, person, people.KeyHash(except)).Error
	})
}

// SessionCodec writes the same session as the same bytes, which scs's own does
// not: without that every page would write. A session holds text, yes or no,
// whole numbers and instants.
type SessionCodec struct{}

type sessionData struct {
	Deadline string            `json:"deadline"`
	Values   map[string]string `json:"values"` // each after a letter for its kind
}

func (SessionCodec) Encode(deadline time.Time, values map[string]any) ([]byte, error) {
	data := sessionData{deadline.UTC().Format(time.RFC3339Nano), make(map[string]string, len(values))}
	for name, value := range values {
		switch v := value.(type) {
		case string:
			data.Values[name] = "s" + v
		case bool:
			data.Values[name] = "?" + strconv.FormatBool(v)
		case int:
			data.Values[name] = "i" + strconv.Itoa(v)
		case int64:
			data.Values[name] = "l" + strconv.FormatInt(v, 10)
		case time.Time:
			data.Values[name] = "t" + v.UTC().Format(time.RFC3339Nano)
		default:
			return nil, fmt.Errorf("a session cannot hold %s, which is a %T", name, value)
		}
	}
	return json.Marshal(data)
}

func (SessionCodec) Decode(text []byte) (deadline time.Time, values map[string]any, err error) {
	var data sessionData
	if err = json.Unmarshal(text, &data); err != nil {
		return deadline, nil, err
	}
	if deadline, err = time.Parse(time.RFC3339Nano, data.Deadline); err != nil {
		return deadline, nil, err
	}
	values = make(map[string]any, len(data.Values))
	for name, value := range data.Values {
		if value == "" {
			return deadline, nil, fmt.Errorf("a session's %s does not read", name)
		}
		var v any
		switch text := value[1:]; value[0] {
		case 's':
			v = text
		case '?':
			v = text == "true"
		case 'i':
			v, err = strconv.Atoi(text)
		case 'l':
			v, err = strconv.ParseInt(text, 10, 64)
		case 't':
			v, err = time.Parse(time.RFC3339Nano, text)
		default:
			err = fmt.Errorf("a session's %s does not read", name)
		}
		if err != nil {
			return deadline, nil, err
		}
		values[name] = v
	}
	return deadline, values, nil
}
