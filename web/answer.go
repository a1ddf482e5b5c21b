package web

import (
	"bytes"
	"errors"
	"net/http"
	"strings"

	"braid/web/form"
	"braid/web/table"
)

// Answer is what a handler gives: a page, a way on, or a file.
type Answer interface{ isAnswer() }

// Page is a page of a template. Its title is the question it answers.
type Page struct {
	Template string // templates/<name>.html
	Title    string
	Nav      string // the part of the navigation it belongs to
	Data     any
	Tables   []*table.Table // in page order; ?format=csv|xlsx gives the one ?table= names, or the first
	Errors   form.Errors
	Status   int  // 0: 200, or 422 where what was sent has errors
	Money    bool // shows the context bar
	Wide     bool // prints on A4 landscape
}

// Redirect leads on after something was done. Say is a message of the
// catalogue for the green banner, with its facts; Undo a batch that may be
// taken back.
type Redirect struct {
	To   string // a path within Braid, with language, as Visit.To makes them
	Say  string
	Undo int
}

// File is something to download or a document of its own.
type File struct {
	Name, Type string
	Body       []byte
	Inline     bool
}

func (Page) isAnswer()     {}
func (Redirect) isAnswer() {}
func (File) isAnswer()     {}

// Missing is an address under which there is nothing, or nothing this person
// may see: the two are told alike.
type Missing struct{}

func (Missing) Error() string { return "there is nothing here" }

// Barred is a page this person may not use; Ask says who can (a message of the
// catalogue).
type Barred struct{ Ask string }

func (Barred) Error() string { return "not allowed" }

func as[T any](err error, target *T) bool { return errors.As(err, target) }

// give writes an answer.
func (s *Server) give(v *Visit, w http.ResponseWriter, a Answer) error {
	switch a := a.(type) {
	case Redirect:
		if a.Say != "" {
			s.sessions.Put(v.Context(), "say", a.Say)
			s.sessions.Put(v.Context(), "undo", a.Undo)
		}
		http.Redirect(w, v.Request, a.To, http.StatusSeeOther)
		return nil
	case File:
		h := w.Header()
		h.Set("Content-Type", a.Type)
		if !a.Inline {
			h.Set("Content-Disposition", `attachment; filename="`+fileName(a.Name)+`"`)
		}
		_, err := w.Write(a.Body)
		return err
	case Page:
		if f := v.Q("format"); f != "" && len(a.Tables) > 0 {
			file, err := s.export(v, a, f)
			if err != nil {
				return err
			}
			return s.give(v, w, file)
		}
		body, err := s.render(v, a)
		if err != nil {
			return err
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		if a.Status != 0 {
			w.WriteHeader(a.Status)
		}
		return writeNamed(w, body, v.Who)
	}
	return errors.New("a handler gave no answer")
}

// export writes one of a page's tables as a file.
func (s *Server) export(v *Visit, p Page, format string) (File, error) {
	t := p.Tables[0]
	for _, one := range p.Tables {
		if one.ID == v.Q("table") {
			t = one
		}
	}
	name := strings.Trim(strings.ReplaceAll(v.Path, "/", "-"), "-") + "-" + v.AsAt.String()
	var out bytes.Buffer
	switch format {
	case "csv":
		if err := t.CSV(&out, v); err != nil {
			return File{}, err
		}
		return File{Name: name + ".csv", Type: "text/csv; charset=utf-8", Body: out.Bytes()}, nil
	case "xlsx":
		meta := table.Meta{Title: p.Title, Council: v.Council(), AsAt: v.AsAt, Sequence: v.Sequence(), Hash: v.Hash().String(), Filters: v.filters()}
		if err := t.XLSX(&out, v, meta); err != nil {
			return File{}, err
		}
		return File{Name: name + ".xlsx", Type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", Body: out.Bytes()}, nil
	}
	return File{}, Missing{}
}

// fileName keeps what every system takes in a name.
func fileName(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '.', r == '_':
			return r
		}
		return '-'
	}, s)
}
