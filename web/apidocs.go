package web

import (
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"braid/web/api"
)

var apiRoutes = []Route{
	{Method: "GET", Path: "/api", Right: SignedIn, Do: apiDocs},
}

type apiPage struct {
	Address    string
	Operations []apiOperation
}

type apiOperation struct {
	ID, Method, Path, Summary, Right string
	Takes, Sends                     []apiField
}

// apiField is a part of a request. What it is for is said in English, as in the
// OpenAPI document.
type apiField struct {
	Name, Type, About string
	Required          bool
}

// apiDocs says what programs can ask for, from the same document that they
// read.
func apiDocs(v *Visit) (Answer, error) {
	p := apiPage{Address: v.Server.Origin(v.Request) + api.Prefix}
	doc := v.Server.api.Document()
	for path, item := range doc.Paths {
		for method, op := range map[string]*huma.Operation{"GET": item.Get, "POST": item.Post} {
			if op == nil {
				continue
			}
			one := apiOperation{ID: op.OperationID, Method: method, Path: api.Prefix + path, Summary: v.T("api.op." + op.OperationID), Right: op.Description}
			for _, in := range op.Parameters {
				one.Takes = append(one.Takes, apiField{in.Name, kindOf(doc, in.Schema), in.Description, in.Required})
			}
			if op.RequestBody != nil {
				if content := op.RequestBody.Content["application/json"]; content != nil {
					one.Sends = fieldsOf(doc, content.Schema)
				}
			}
			p.Operations = append(p.Operations, one)
		}
	}
	slices.SortFunc(p.Operations, func(a, b apiOperation) int { return strings.Compare(a.Method+a.Path, b.Method+b.Path) })
	return Page{Template: "api", Title: v.T("api.title"), Data: p}, nil
}

// behind follows a reference.
func behind(doc *huma.OpenAPI, s *huma.Schema) *huma.Schema {
	if s != nil && s.Ref != "" {
		return doc.Components.Schemas.SchemaFromRef(s.Ref)
	}
	return s
}

func fieldsOf(doc *huma.OpenAPI, s *huma.Schema) []apiField {
	s = behind(doc, s)
	if s == nil {
		return nil
	}
	var fields []apiField
	for name, part := range s.Properties {
		fields = append(fields, apiField{name, kindOf(doc, part), about(doc, part), slices.Contains(s.Required, name)})
	}
	slices.SortFunc(fields, func(a, b apiField) int {
		if a.Required != b.Required {
			if a.Required {
				return -1
			}
			return 1
		}
		return strings.Compare(a.Name, b.Name)
	})
	return fields
}

func about(doc *huma.OpenAPI, s *huma.Schema) string {
	if s.Description != "" {
		return s.Description
	}
	return behind(doc, s).Description
}

// kindOf says what a value is: string, string[], one of a few words.
func kindOf(doc *huma.OpenAPI, s *huma.Schema) string {
	s = behind(doc, s)
	switch {
	case s == nil:
		return ""
	case len(s.Enum) > 0:
		var words []string
		for _, w := range s.Enum {
			if text, ok := w.(string); ok {
				words = append(words, text)
			}
		}
		return strings.Join(words, " | ")
	case s.Type == huma.TypeArray:
		return kindOf(doc, s.Items) + "[]"
	case s.Format != "":
		return s.Format
	}
	return s.Type
}
