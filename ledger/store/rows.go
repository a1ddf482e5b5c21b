package store

import (
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"braid/ledger"
	"braid/ledger/fiscal"

	"gorm.io/gorm"
)

// tail is the last batch stored; zero when there is none.
type tail struct {
	Seq  int
	Hash string
}

func readTail(db *gorm.DB) (tail, error) {
	var t tail
	err := db.Raw("SELECT seq, hash FROM batches ORDER BY seq DESC LIMIT 1").Row().Scan(&t.Seq, &t.Hash)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return t, err
}

// rowOfBatch gives a batch's columns, in the order of the table.
func rowOfBatch(b ledger.Batch, hash ledger.Hash) []any {
	h := b.Head
	var key any
	if h.Key != "" {
		key = h.Key
	}
	asFound := 0
	if h.AsFound {
		asFound = 1
	}
	return []any{h.Seq, h.Prev.String(), hash.String(), h.Author, h.Role, h.Reason, key, h.Source, asFound,
		h.PostedAt.UTC().Format(ledger.PostedAtForm), b.Len(), len(b.Records)}
}

// rowOfEntry gives an entry's columns, in the order of the table.
func rowOfEntry(seq, n int, r ledger.Row) []any {
	var reversesSeq, reversesN any
	if r.Reverses != (ledger.EntryID{}) {
		reversesSeq, reversesN = r.Reverses.Seq, r.Reverses.N
	}
	return []any{seq, n, r.Kind, int64(r.Amount), r.From, r.To, r.Line, r.Objective, r.Area, r.Element, r.CostType, r.Match,
		dateText(r.Effective), r.Row, reversesSeq, reversesN}
}

func dateText(d fiscal.Date) string {
	if d == 0 {
		return ""
	}
	return d.String()
}

// checkWords refuses a batch with text that would not come back as it went in:
// bad UTF-8, and control characters, which also part the columns when the
// ledger is read (load.go). Records are kept as JSON, where they are escaped.
func checkWords(b ledger.Batch) error {
	h := b.Head
	for _, text := range [...]string{h.Author, h.Role, h.Reason, h.Key, h.Source} {
		if err := checkText(text); err != nil {
			return err
		}
	}
	for _, r := range b.Records {
		if err := checkText(r.ID); err != nil {
			return err
		}
		for _, v := range r.Values {
			if !utf8.ValidString(v.Text) || !utf8.ValidString(v.Column) {
				return unreadable(v.Text)
			}
		}
	}
	return nil
}

func checkEntry(r ledger.Row) error {
	for _, text := range [...]string{r.From, r.To, r.Line, r.Objective, r.Area, r.Element, r.CostType, r.Match} {
		if err := checkText(text); err != nil {
			return err
		}
	}
	return nil
}

func checkText(text string) error {
	plain := true
	for i := 0; i < len(text); i++ {
		if c := text[i]; c < ' ' && c != '\n' && c != '\t' {
			return unreadable(text)
		} else if c >= utf8.RuneSelf {
			plain = false
		}
	}
	if !plain && !utf8.ValidString(text) {
		return unreadable(text)
	}
	return nil
}

func unreadable(text string) error {
	if len(text) > 40 {
		text = text[:40]
	}
	return &ledger.Malformed{Register: "batches", Found: strings.ToValidUTF8(text, "�"),
		Remedy: "this text has characters that cannot be kept: control characters, or bytes that are not UTF-8; type it again"}
}

func parseHead(seq, prev, author, role, reason, key, source, asFound, postedAt string) (ledger.Head, error) {
	h := ledger.Head{Author: strings.Clone(author), Role: strings.Clone(role), Reason: strings.Clone(reason), Key: strings.Clone(key), Source: strings.Clone(source), AsFound: asFound == "1"}
	var err error
	if h.Seq, err = parseNumber(seq); err != nil {
		return h, err
	}
	if h.Prev, err = ledger.ParseHash(prev); err != nil {
		return h, err
	}
	if h.PostedAt, err = time.Parse(ledger.PostedAtForm, postedAt); err != nil || h.PostedAt.Format(ledger.PostedAtForm) != postedAt {
		return h, fmt.Errorf("its posting time reads %q", postedAt)
	}
	return h, nil
}
