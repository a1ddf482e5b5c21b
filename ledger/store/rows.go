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

type batchRow struct {
	Seq      int     `gorm:"column:seq;primaryKey;autoIncrement:false"`
	Prev     string  `gorm:"column:prev"`
	Hash     string  `gorm:"column:hash"`
	Author   string  `gorm:"column:author"`
	Role     string  `gorm:"column:role"`
	Reason   string  `gorm:"column:reason"`
	IdemKey  *string `gorm:"column:idem_key"`
	Source   string  `gorm:"column:source"`
	AsFound  int     `gorm:"column:as_found"`
	PostedAt string  `gorm:"column:posted_at"`
	Entries  int     `gorm:"column:entries"`
	Records  int     `gorm:"column:records"`
}

func (batchRow) TableName() string { return "batches" }

type entryRow struct {
	Seq         int    `gorm:"column:seq;primaryKey;autoIncrement:false"`
	N           int    `gorm:"column:n;primaryKey;autoIncrement:false"`
	Kind        string `gorm:"column:kind"`
	Amount      int64  `gorm:"column:amount"`
	FromAccount string `gorm:"column:from_account"`
	ToAccount   string `gorm:"column:to_account"`
	Line        string `gorm:"column:line"`
	Objective   string `gorm:"column:objective"`
	Area        string `gorm:"column:area"`
	Element     string `gorm:"column:element"`
	CostType    string `gorm:"column:cost_type"`
	MatchFor    string `gorm:"column:match_for"`
	Effective   string `gorm:"column:effective"`
	SourceRow   int    `gorm:"column:source_row"`
	ReversesSeq *int   `gorm:"column:reverses_seq"`
	ReversesN   *int   `gorm:"column:reverses_n"`
}

func (entryRow) TableName() string { return "entries" }

type recordRow struct {
	Seq      int    `gorm:"column:seq;primaryKey;autoIncrement:false"`
	N        int    `gorm:"column:n;primaryKey;autoIncrement:false"`
	Register string `gorm:"column:register"`
	ID       string `gorm:"column:id"`
	Body     string `gorm:"column:body"`
}

func (recordRow) TableName() string { return "records" }

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

func rowOfBatch(b ledger.Batch, hash ledger.Hash) batchRow {
	h := b.Head
	row := batchRow{Seq: h.Seq, Prev: h.Prev.String(), Hash: hash.String(), Author: h.Author, Role: h.Role, Reason: h.Reason, Source: h.Source,
		PostedAt: h.PostedAt.UTC().Format(ledger.PostedAtForm), Entries: b.Len(), Records: len(b.Records)}
	if h.Key != "" {
		row.IdemKey = &h.Key
	}
	if h.AsFound {
		row.AsFound = 1
	}
	return row
}

func rowOfEntry(seq, n int, r ledger.Row) entryRow {
	row := entryRow{Seq: seq, N: n, Kind: r.Kind, Amount: int64(r.Amount), FromAccount: r.From, ToAccount: r.To,
		Line: r.Line, Objective: r.Objective, Area: r.Area, Element: r.Element, CostType: r.CostType, MatchFor: r.Match,
		Effective: dateText(r.Effective), SourceRow: r.Row}
	if r.Reverses != (ledger.EntryID{}) {
		row.ReversesSeq, row.ReversesN = &r.Reverses.Seq, &r.Reverses.N
	}
	return row
}

func dateText(d fiscal.Date) string {
	if d == 0 {
		return ""
	}
	return d.String()
}

func rowsOfRecords(b ledger.Batch) []recordRow {
	rows := make([]recordRow, len(b.Records))
	for i, r := range b.Records {
		rows[i] = recordRow{Seq: b.Head.Seq, N: i + 1, Register: r.Register, ID: r.ID, Body: string(ledger.AppendValues(nil, r.Values))}
	}
	return rows
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
