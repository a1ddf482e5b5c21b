package api

import (
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"net/http"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"braid/ledger"
	"braid/ledger/decide"
	"braid/ledger/exchange"
	"braid/ledger/exchange/mapping"
	"braid/ledger/exchange/sheet"
	"braid/web/words"
)

// LargestBody is what an import may send: 10 MiB as base64, and what is said of
// it.
const LargestBody = 15 << 20

type importIn struct {
	Key     string `header:"Idempotency-Key" maxLength:"255" pattern:"^[!-~]+$" doc:"needed unless it is a preview"`
	RawBody []byte
	Body    struct {
		Name     string `json:"name" minLength:"1" maxLength:"200" example:"services.csv" doc:"of the file: .csv or .xlsx. A CSV's name says its register where register does not"`
		Content  string `json:"content" minLength:"1"`
		Encoding string `json:"encoding,omitempty" enum:"text,base64" doc:"text where it is not given; a workbook takes base64"`
		Register string `json:"register,omitempty" maxLength:"40" doc:"what the file's one table is: a register, or start"`
		Mapping  string `json:"mapping,omitempty" maxLength:"100" doc:"for a table that is not a register: a mapping kept in Braid"`
		SetAside bool   `json:"set_aside,omitempty" doc:"take the good rows in and leave the others out"`
		Reason   string `json:"reason,omitempty" doc:"needed unless it is a preview"`
		Preview  bool   `json:"preview,omitempty" doc:"say what it would do and save nothing"`
		Digest   string `json:"digest,omitempty" maxLength:"64" doc:"of the preview: what is posted is that, or nothing"`
	}
}

// Imported is a preview, or what was posted.
type Imported struct {
	Preview *ImportPreview `json:"preview,omitempty"`
	Posted  *Batch         `json:"posted,omitempty"`
}

// ImportPreview is what an import would do to the ledger as it is.
type ImportPreview struct {
	Head
	Ready       bool            `json:"ready" doc:"it can be posted, by its digest"`
	Digest      string          `json:"digest,omitempty"`
	Sheets      []ImportSheet   `json:"sheets"`
	SetAside    int             `json:"set_aside" doc:"rows left out"`
	Differences []Difference    `json:"differences" doc:"the first 200"`
	Changes     int             `json:"differences_count" doc:"how many there are"`
	Problems    []ImportProblem `json:"problems" doc:"the first 200"`
	Total       int             `json:"problems_count" doc:"how many there are"`
	Notes       []ImportProblem `json:"notes" doc:"not faults, but to be known; the first 200"`
}

// ImportSheet is what would come of the rows of a register.
type ImportSheet struct {
	Register string `json:"register"`
	Added    int    `json:"added"`
	Changed  int    `json:"changed"`
	Same     int    `json:"same"`
	Absent   int    `json:"absent" doc:"rows that stand and the file does not name; they stay"`
	In       Pounds `json:"in,omitzero" required:"false" doc:"what the file's amounts come to"`
	Stands   Pounds `json:"stands,omitzero" required:"false" doc:"what of them stands afterwards"`
	AtLeast  bool   `json:"at_least,omitempty"`
}

// Difference is one cell that would change.
type Difference struct {
	Register string `json:"register"`
	ID       string `json:"id"`
	Column   string `json:"column"`
	Was      string `json:"was"`
	Now      string `json:"now"`
}

// ImportProblem is one thing wrong with a file, or to be known of it.
type ImportProblem struct {
	File    string `json:"file,omitempty"`
	Sheet   string `json:"sheet,omitempty"`
	Row     int    `json:"row" doc:"as a spreadsheet counts; 0 is the whole file"`
	Column  string `json:"column,omitempty"`
	Code    string `json:"code" doc:"stable, for programs"`
	Found   string `json:"found,omitempty"`
	Remedy  string `json:"remedy,omitempty"`
	Message string `json:"message" doc:"in the language asked for"`
}

type importOut struct{ Body Imported }

// file gives what was sent, held to what a file may be.
func (in *importIn) file(c *caller) ([]byte, error) {
	b := in.Body
	data := []byte(b.Content)
	if b.Encoding == "base64" {
		var err error
		if data, err = base64.StdEncoding.DecodeString(b.Content); err != nil {
			return nil, c.invalid("body.content", "base64", b.Content)
		}
	}
	switch {
	case len(data) > int(sheet.Web.Bytes):
		return nil, made(c.lang, http.StatusRequestEntityTooLarge, "")
	case !slices.Contains([]string{".csv", ".xlsx"}, strings.ToLower(path.Ext(b.Name))) || strings.ContainsAny(b.Name, "/\\"):
		return nil, c.invalid("body.name", "a file's name that ends in .csv or .xlsx", b.Name)
	case b.Mapping != "" && !slices.Contains(mapping.Names(), b.Mapping):
		return nil, c.invalid("body.mapping", "one of: "+strings.Join(mapping.Names(), ", "), b.Mapping)
	case b.Mapping != "" && b.SetAside:
		return nil, c.invalid("body.set_aside", "nothing: a mapped table is taken whole", nil)
	case b.Register != "" && b.Register != "start" && decide.ImportRight(b.Register) == "":
		return nil, c.invalid("body.register", "start, or a register that is imported", b.Register)
	case !b.Preview && strings.TrimSpace(b.Reason) == "":
		return nil, c.invalid("body.reason", "why", nil)
	case !b.Preview && b.Digest == "":
		return nil, c.invalid("body.digest", "the digest of a preview", nil)
	case !b.Preview && in.Key == "":
		return nil, c.invalid("header.Idempotency-Key", "a key", nil)
	}
	return data, nil
}

// importing is a file read, with what it takes to plan and judge it.
type importing struct {
	*exchange.Import
	by decide.Importer
}

// planned is what it would do to a book, judged; the digest is blank where there
// is nothing to post.
func (im *importing) planned(b *ledger.Book) (*exchange.Plan, string, error) {
	if err := decide.MayImport(b, im.by, im.Counts); err != nil {
		return nil, "", err
	}
	plan, err := im.Plan(b)
	if err != nil || plan.Draft == nil || plan.Draft.Empty() {
		return plan, "", err
	}
	batch, after := plan.Draft.Seal(time.Time{}) // when is no part of what it does
	return plan, exchange.Digest(batch), decide.MayPostImport(b, after, im.by, batch)
}

// imports says what a file would do, or does just that.
func (a *API) imports(ctx context.Context, c *caller, in *importIn) (*importOut, error) {
	data, err := in.file(c)
	if err != nil {
		return nil, err
	}
	done, err := a.Turn(ctx)
	if err != nil {
		if a.Explain(err) == http.StatusTooManyRequests {
			err = huma.ErrorWithHeaders(made(c.lang, http.StatusTooManyRequests, ""), http.Header{"Retry-After": {"5"}})
		}
		return nil, err
	}
	defer done()
	actor := c.actor()
	file, err := exchange.ReadBytes(in.Body.Name, data, exchange.Options{Author: cmp.Or(actor.Name, actor.Person), Role: actor.Role, Reason: cmp.Or(strings.TrimSpace(in.Body.Reason), "?"),
		SetAside: in.Body.SetAside, Mapping: in.Body.Mapping, Limits: sheet.Web, Today: c.today, Register: in.Body.Register})
	if err != nil {
		return nil, err
	}
	r := a.Reading(c.book, c.today)
	im := &importing{file, decide.Importer{Actor: actor, Who: c.who, Sees: func(s string) bool { return r.Sees(c.reach, s) }}}
	if in.Body.Preview {
		plan, digest, err := im.planned(c.book)
		if err != nil {
			return nil, err
		}
		preview := c.preview(plan, digest)
		return &importOut{Imported{Preview: &preview}}, nil
	}
	posted, err := a.post(ctx, c, Doing{in.Key, in.RawBody}, "", func(b *ledger.Book, actor decide.Actor) (*decide.Outcome, error) {
		im.by.Actor = actor
		plan, digest, err := im.planned(b)
		switch {
		case err != nil:
			return nil, err
		case plan.Draft == nil:
			return nil, made(c.lang, http.StatusUnprocessableEntity, "import-problems")
		case digest == "":
			return nil, made(c.lang, http.StatusConflict, "import-nothing")
		case digest != in.Body.Digest:
			return nil, made(c.lang, http.StatusConflict, "import-changed")
		}
		if plan, err = im.Plan(b); err != nil { // judging used the draft up
			return nil, err
		}
		plan.Draft.Key, plan.Draft.Source = actor.Key, actor.Source+" "+sheet.Printable(in.Body.Name, 80)
		return &decide.Outcome{Draft: plan.Draft}, nil
	})
	if err != nil {
		return nil, err
	}
	return &importOut{Imported{Posted: &posted.Body}}, nil
}

func (c *caller) preview(plan *exchange.Plan, digest string) ImportPreview {
	p := ImportPreview{Head: head(c.book.View(c.today)), Ready: digest != "", Digest: digest, Sheets: []ImportSheet{}, SetAside: plan.Kept,
		Differences: []Difference{}, Changes: len(plan.Differences), Total: plan.Problems.Total, Problems: c.problems(plan.Problems.List), Notes: c.problems(plan.Notes)}
	for _, d := range plan.Differences[:min(len(plan.Differences), 200)] {
		p.Differences = append(p.Differences, Difference(d))
	}
	for _, r := range ledger.Registers {
		one := ImportSheet{Register: r.Name, Added: plan.Added[r.Name], Changed: len(plan.Changed[r.Name]), Same: plan.Same[r.Name], Absent: len(plan.Absent[r.Name])}
		in, met := plan.In[r.Name]
		if one.Added+one.Changed+one.Same == 0 && !met {
			continue
		}
		if met && (r.Posts || r.Name == "figures") {
			one.In, one.AtLeast = summed(in)
		}
		if stands, met := plan.Posted[r.Name]; met && (r.Posts || r.Name == "figures") {
			partial := false
			one.Stands, partial = summed(stands)
			one.AtLeast = one.AtLeast || partial
		}
		p.Sheets = append(p.Sheets, one)
	}
	return p
}

func (c *caller) problems(list []sheet.Problem) []ImportProblem {
	w := words.In(c.lang)
	out := []ImportProblem{}
	for _, p := range list[:min(len(list), 200)] {
		out = append(out, ImportProblem{p.File, p.Sheet, p.Row, p.Column, p.Code, p.Found, p.Remedy, w.Problem(p)})
	}
	return out
}

// outside lists the rows that an import was refused for.
func outside(p *Problem, err error) {
	var out *decide.OutsideArea
	if errors.As(err, &out) {
		for _, row := range out.Rows[:min(len(out.Rows), 50)] {
			p.Errors = append(p.Errors, &huma.ErrorDetail{Location: row.Register + "/" + row.ID, Message: p.Detail})
		}
	}
}
