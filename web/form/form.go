// Package form reads what people typed and keeps it: strictly, and without
// losing a keystroke when something is wrong.
//
// Read fills a struct of plain strings from a posted form. Unknown and repeated
// fields are refused: what a page did not ask for nobody gets to send. Fields
// and Errors are what templates/parts draws.
package form

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// MaxFields is the most fields a form may have: a grid of 60 by 25, and more.
const MaxFields = 4000

// Error is one thing to put right, beside its field.
type Error struct{ Field, Text string }

// Errors lists what to put right, in the order of the page.
type Errors []Error

// Add notes an error.
func (e *Errors) Add(field, text string) { *e = append(*e, Error{field, text}) }

// Of gives a field's error, "" for none.
func (e Errors) Of(field string) string {
	for _, one := range e {
		if one.Field == field {
			return one.Text
		}
	}
	return ""
}

// Option is one choice of a select, of radios or of checkboxes.
type Option struct {
	Value, Label, Hint, Lang string
	Selected                 bool
}

// Field is one question as a template draws it.
type Field struct {
	Name, Label, Hint, Value, Error string
	Type                            string // text, money, date, textarea, select, radios, checkboxes, password, file, hidden, email, number
	Options                         []Option
	Rows                            int
	Prefix, Suffix                  string
	Autocomplete, Inputmode         string
	Lang                            string // of the value
	Required, Big                   bool   // Big: the label is the page's heading
}

// ID is the field's element.
func (f Field) ID() string { return "f-" + f.Name }

// Bad is a form that no page of ours sends.
type Bad struct{ Why string }

func (b *Bad) Error() string { return "the form was not read: " + b.Why }

// Read fills into, a pointer to a struct whose string, []string, bool and
// map[string]string fields carry a tag `form:"name"`. A map takes every field
// that starts with its name and a dot. Text is trimmed and put in NFC; control
// characters other than line ends are refused.
func Read(r *http.Request, into any) error {
	if err := r.ParseForm(); err != nil {
		var big *http.MaxBytesError
		if errors.As(err, &big) {
			return err
		}
		return &Bad{"it could not be parsed"}
	}
	return Fill(r.PostForm, into)
}

// Fill is Read from values at hand.
func Fill(values url.Values, into any) error {
	if len(values) > MaxFields {
		return &Bad{fmt.Sprintf("it has more than %d fields", MaxFields)}
	}
	v := reflect.ValueOf(into).Elem()
	byName, maps := map[string]reflect.Value{}, map[string]reflect.Value{}
	for i := range v.NumField() {
		name := v.Type().Field(i).Tag.Get("form")
		switch {
		case name == "":
		case v.Field(i).Kind() == reflect.Map:
			v.Field(i).Set(reflect.ValueOf(map[string]string{}))
			maps[name+"."] = v.Field(i)
		default:
			byName[name] = v.Field(i)
		}
	}
	for name, given := range values {
		for i, text := range given {
			clean, err := clean(text)
			if err != nil {
				return err
			}
			given[i] = clean
		}
		if f, ok := byName[name]; ok {
			if f.Kind() == reflect.Slice {
				f.Set(reflect.ValueOf(given))
				continue
			}
			if len(given) > 1 {
				return &Bad{"the field " + cut(name) + " is there twice"}
			}
			if f.Kind() == reflect.Bool {
				f.SetBool(given[0] != "")
			} else {
				f.SetString(given[0])
			}
			continue
		}
		known := false
		for prefix, m := range maps {
			if key, ok := strings.CutPrefix(name, prefix); ok {
				m.SetMapIndex(reflect.ValueOf(key), reflect.ValueOf(given[0]))
				known = true
			}
		}
		if !known {
			return &Bad{"it has a field nobody asked for, " + cut(name)}
		}
	}
	return nil
}

func clean(text string) (string, error) {
	if !utf8.ValidString(text) {
		return "", &Bad{"it is not UTF-8"}
	}
	text = strings.ReplaceAll(text, "\r\n", "\n")
	for _, c := range text {
		if c < ' ' && c != '\n' && c != '\t' || c == 0x7f {
			return "", &Bad{"it holds control characters"}
		}
	}
	return norm.NFC.String(strings.TrimSpace(text)), nil
}

func cut(s string) string {
	if len(s) > 40 {
		s = s[:40]
	}
	return fmt.Sprintf("%q", s)
}
