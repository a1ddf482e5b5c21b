package store

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"

	"braid/ledger"
	"braid/ledger/fiscal"
	"braid/ledger/money"

	"gorm.io/gorm"
)

// A table is read in pages, and a page comes as one text: fetching a million
// rows of sixteen columns one value at a time costs more than all the rest.
// The control characters that part its rows and columns occur in no text
// (checkWords refuses them), so every row must have its exact count of columns.
const (
	columnEnd = "\x1f"
	rowEnd    = "\x1e"
	pageRows  = 2000
)

// feed gives a table's rows in the order of their number, page after page. The
// next page is fetched while this one is read.
type feed struct {
	pages  chan page
	rest   string // rows of the page not yet read
	fields []string
	err    error
}

type page struct {
	text string
	err  error
}

// The tables as read: batches by seq, the others by seq and n. Both engines
// understand these.
var (
	batchColumns  = []string{"seq", "0", "prev", "hash", "author", "role", "reason", "coalesce(idem_key, '')", "source", "as_found", "posted_at", "entries", "records"}
	recordColumns = []string{"seq", "n", "register", "id", "body"}
	entryColumns  = []string{"seq", "n", "kind", "amount", "from_account", "to_account", "line", "objective", "area", "element", "cost_type", "match_for",
		"effective", "source_row", "coalesce(reverses_seq, 0)", "coalesce(reverses_n, 0)"}
)

// read starts to read a table's rows after a batch number.
func read(ctx context.Context, db *gorm.DB, one *sync.Mutex, table string, columns []string, after int) *feed {
	place, key := "(seq, n) > (?, ?)", "seq, n"
	if table == "batches" {
		place, key = "seq > ? AND 0 >= ?", "seq"
	}
	query := fmt.Sprintf("SELECT coalesce(string_agg(concat_ws(?, %s), ?), '') FROM (SELECT * FROM %s WHERE %s ORDER BY %s LIMIT %d) AS p",
		strings.Join(columns, ", "), table, place, key, pageRows)
	f := &feed{pages: make(chan page, 2), fields: make([]string, len(columns))}
	go func() {
		defer close(f.pages)
		seq, n := after, int(^uint32(0)>>1) // past every row of the batch before
		if table == "batches" {
			n = 0
		}
		for {
			var p page
			one.Lock()
			p.err = db.WithContext(ctx).Raw(query, columnEnd, rowEnd, seq, n).Row().Scan(&p.text)
			one.Unlock()
			if p.err == nil && p.text == "" {
				return
			}
			if p.err == nil {
				seq, n, p.err = lastPlace(p.text)
			}
			select {
			case f.pages <- p:
			case <-ctx.Done():
				return
			}
			if p.err != nil || strings.Count(p.text, rowEnd) < pageRows-1 {
				return
			}
		}
	}()
	return f
}

// lastPlace gives the number of a page's last row.
func lastPlace(text string) (seq, n int, err error) {
	last := text[strings.LastIndex(text, rowEnd)+1:]
	first, rest, _ := strings.Cut(last, columnEnd)
	second, _, _ := strings.Cut(rest, columnEnd)
	if seq, err = parseNumber(first); err == nil {
		n, err = parseNumber(second)
	}
	return seq, n, err
}

// next gives the next row's fields, good until the next call; nil at the end.
func (f *feed) next() []string {
	if f.rest == "" {
		p, more := <-f.pages
		if !more || f.err != nil {
			return nil
		}
		if f.err = p.err; f.err != nil {
			return nil
		}
		f.rest = p.text
	}
	row := f.rest
	if end := strings.IndexByte(row, rowEnd[0]); end >= 0 {
		row, f.rest = row[:end], row[end+1:]
	} else {
		f.rest = ""
	}
	for i := range f.fields {
		end := strings.IndexByte(row, columnEnd[0])
		if (end < 0) != (i == len(f.fields)-1) {
			f.err = errors.New("a row holds control characters, which Braid never writes")
			return nil
		}
		if end < 0 {
			end = len(row)
		}
		f.fields[i] = row[:end]
		row = row[min(end+1, len(row)):]
	}
	return f.fields
}

// load hands every batch after a number to a loader, in order. What does not
// fit is Damaged, naming the batch.
func load(db *gorm.DB, into *ledger.Loader, after int, progress func(done, total int)) error {
	ctx, cancel := context.WithCancel(db.Statement.Context)
	defer cancel()
	var total, done int
	if progress != nil {
		if err := db.Raw("SELECT coalesce(sum(entries), 0) FROM batches WHERE seq > ?", after).Row().Scan(&total); err != nil {
			return err
		}
	}
	var one sync.Mutex // a transaction answers one query at a time
	batches := read(ctx, db, &one, "batches", batchColumns, after)
	records := read(ctx, db, &one, "records", recordColumns, after)
	entries := read(ctx, db, &one, "entries", entryColumns, after)
	defer func() { // a query still running must end before its transaction does
		cancel()
		for _, f := range []*feed{batches, records, entries} {
			for range f.pages {
			}
		}
	}()

	record, entry := records.next(), entries.next()
	dates := dateReader{}
	seq := after
	for b := batches.next(); b != nil; b = batches.next() {
		seq++
		bad := func(why string) error { return &ledger.Damaged{Seq: seq, Why: why} }
		head, err := parseHead(b[0], b[2], b[4], b[5], b[6], b[7], b[8], b[9], b[10])
		if err != nil {
			return bad(err.Error())
		}
		hash, err := ledger.ParseHash(b[3])
		if err == nil && (hash.String() != b[3] || head.Prev.String() != b[2]) {
			err = errors.New("its hashes are not written as Braid writes them")
		}
		if err != nil {
			return bad(err.Error())
		}
		entryCount, _ := strconv.Atoi(b[11])
		recordCount, _ := strconv.Atoi(b[12])
		if err := into.Begin(head); err != nil {
			return err
		}
		n := 0
		for ; record != nil && record[0] == b[0]; record = records.next() {
			if n++; record[1] != strconv.Itoa(n) {
				return bad(fmt.Sprintf("record %d is missing", n))
			}
			values, err := ledger.ParseValues(record[4])
			if err != nil {
				return bad(fmt.Sprintf("record %d: %v", n, err))
			}
			if err := into.Record(ledger.Record{Register: strings.Clone(record[2]), ID: strings.Clone(record[3]), Values: values}); err != nil {
				return err
			}
		}
		if n != recordCount {
			return bad(fmt.Sprintf("it was posted with %d records and has %d", recordCount, n))
		}
		into.Grow(min(entryCount, 1<<20))
		n = 0
		for ; entry != nil && entry[0] == b[0]; entry = entries.next() {
			n++
			row, err := parseEntry(entry, n, &dates)
			if err != nil {
				return bad(fmt.Sprintf("entry %d: %v", n, err))
			}
			if err := into.Row(row); err != nil {
				return err
			}
			if done++; progress != nil && done%pageRows == 0 {
				progress(done, total)
			}
		}
		if n != entryCount {
			return bad(fmt.Sprintf("it was posted with %d entries and has %d", entryCount, n))
		}
		for _, f := range []*feed{records, entries} {
			if f.err != nil {
				return damagedUnlessFault(f.err, seq)
			}
		}
		if err := into.End(hash); err != nil {
			return err
		}
	}
	for _, f := range []*feed{batches, records, entries} {
		if f.err != nil {
			return damagedUnlessFault(f.err, seq+1)
		}
	}
	if record != nil || entry != nil {
		return &ledger.Damaged{Seq: seq + 1, Why: "the database holds entries or records of a batch that it does not hold"}
	}
	if progress != nil {
		progress(done, total)
	}
	return nil
}

// damagedUnlessFault tells a row that does not read from a database that does not.
func damagedUnlessFault(err error, seq int) error {
	if errors.Is(err, errNumber) || strings.HasPrefix(err.Error(), "a row holds") {
		return &ledger.Damaged{Seq: seq, Why: err.Error()}
	}
	return err
}

var errNumber = errors.New("a number does not read")

func parseNumber(text string) (int, error) {
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0, fmt.Errorf("%w: %q", errNumber, text)
	}
	return n, nil
}

func parseEntry(f []string, n int, dates *dateReader) (ledger.Row, error) {
	r := ledger.Row{Kind: f[2], From: f[4], To: f[5], Line: f[6], Objective: f[7], Area: f[8], Element: f[9], CostType: f[10], Match: f[11]}
	if f[1] != strconv.Itoa(n) {
		return r, errors.New("it is missing")
	}
	amount, err := strconv.ParseInt(f[3], 10, 64)
	if err != nil {
		return r, fmt.Errorf("its amount reads %q", f[3])
	}
	r.Amount = money.Pence(amount)
	if r.Effective, err = dates.read(f[12]); err != nil {
		return r, err
	}
	if f[13] != "0" {
		if r.Row, err = parseNumber(f[13]); err != nil {
			return r, err
		}
	}
	if f[14] != "0" {
		if r.Reverses.Seq, err = parseNumber(f[14]); err == nil {
			r.Reverses.N, err = parseNumber(f[15])
		}
	}
	return r, err
}

// dateReader reads dates, which come again and again.
type dateReader struct {
	text string
	date fiscal.Date
}

func (d *dateReader) read(text string) (fiscal.Date, error) {
	if text == "" {
		return 0, nil
	}
	if text != d.text {
		date, err := fiscal.ParseDate(text)
		if err != nil {
			return 0, err
		}
		d.text, d.date = strings.Clone(text), date
	}
	return d.date, nil
}
