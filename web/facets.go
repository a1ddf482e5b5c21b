package web

import (
	"net/url"
	"slices"
	"strings"

	"braid/web/templates/parts"
	"braid/web/words"
)

// facet is one question by which a list is narrowed. A row has any number of
// answers to it; none is "not recorded", which can be asked for too.
type facet[T any] struct {
	name    string // in the address
	legend  string
	answers func(T) []string
	label   func(string) words.Name
	order   []string // of the options; those not in it follow by label
	lacks   string   // counts the rows that record no answer: "6 services have no place recorded …"
}

// unrecorded is the answer of a row that has none.
const unrecorded = "-"

func (f *facet[T]) of(row T) []string {
	if all := f.answers(row); len(all) > 0 {
		return all
	}
	return []string{unrecorded}
}

// narrow keeps the rows that the address asks for: any answer chosen of each
// question. Each option says how many rows it would leave.
func narrow[T any](v *Visit, rows []T, facets []facet[T]) ([]T, parts.FilterPanel) {
	chosen := make([][]string, len(facets))
	for i, f := range facets {
		chosen[i] = slices.DeleteFunc(slices.Clone(v.Query[f.name]), func(s string) bool { return s == "" })
	}
	passes := func(row T, i int) bool {
		return len(chosen[i]) == 0 || slices.ContainsFunc(facets[i].of(row), func(a string) bool { return slices.Contains(chosen[i], a) })
	}
	counts := make([]map[string]int, len(facets))
	for i := range facets {
		counts[i] = map[string]int{}
	}
	var kept []T
	for _, row := range rows {
		misses, miss := 0, -1
		for i := range facets {
			if !passes(row, i) {
				misses, miss = misses+1, i
			}
		}
		if misses == 0 {
			kept = append(kept, row)
		}
		for i := range facets {
			if misses == 0 || misses == 1 && miss == i {
				for _, a := range facets[i].of(row) {
					counts[i][a]++
				}
			}
		}
	}
	p := parts.FilterPanel{Action: v.Base() + v.Path}
	names := map[string]bool{"page": true, "format": true, "table": true}
	for _, f := range facets {
		names[f.name] = true
	}
	for name, values := range v.Query {
		if !names[name] {
			for _, value := range values {
				p.Hidden = append(p.Hidden, parts.Hidden{Name: name, Value: value})
			}
		}
	}
	slices.SortFunc(p.Hidden, func(a, b parts.Hidden) int { return strings.Compare(a.Name+a.Value, b.Name+b.Value) })
	compare := v.Sort()
	for i, f := range facets {
		group := parts.Filter{ID: "by-" + f.name, Name: f.name, Legend: f.legend}
		answers := slices.Clone(f.order)
		var others []string
		for a := range counts[i] {
			if !slices.Contains(answers, a) && a != unrecorded {
				others = append(others, a)
			}
		}
		slices.SortFunc(others, func(a, b string) int { return compare(f.label(a).Text, f.label(b).Text) })
		answers = append(append(answers, others...), unrecorded)
		for _, a := range answers {
			picked := slices.Contains(chosen[i], a)
			if counts[i][a] == 0 && !picked {
				continue
			}
			n := words.Name{Text: v.T("filters.not-recorded")}
			if a != unrecorded {
				n = f.label(a)
			}
			group.Options = append(group.Options, parts.FilterOption{Value: a, Label: n.Text, Lang: string(n.Lang), Count: v.Count(counts[i][a]), Selected: picked})
			if picked {
				p.Chips = append(p.Chips, parts.Chip{Text: f.legend + ": " + n.Text, Remove: v.without(f.name, a)})
			}
		}
		if len(group.Options) > 0 {
			p.Groups = append(p.Groups, group)
		}
		if lacking := counts[i][unrecorded]; lacking > 0 && len(chosen[i]) > 0 && f.lacks != "" && !slices.Contains(chosen[i], unrecorded) {
			p.Left = v.N(f.lacks, lacking)
			p.LeftTo = v.with(f.name, unrecorded)
		}
	}
	if len(p.Chips) > 0 {
		q := v.narrowed()
		for _, f := range facets {
			q.Del(f.name)
		}
		p.Clear = v.at(q)
	}
	return kept, p
}

// narrowed is the address's query from its first page.
func (v *Visit) narrowed() url.Values {
	q := url.Values{}
	for name, values := range v.Query {
		if name != "page" {
			q[name] = slices.Clone(values)
		}
	}
	return q
}

func (v *Visit) at(q url.Values) string {
	link := v.Base() + v.Path
	if len(q) > 0 {
		link += "?" + q.Encode()
	}
	return link
}

// without is this page without one answer of a filter, with is it with one
// alone.
func (v *Visit) without(name, answer string) string {
	q := v.narrowed()
	q[name] = slices.DeleteFunc(q[name], func(s string) bool { return s == answer })
	return v.at(q)
}

func (v *Visit) with(name, answer string) string {
	q := v.narrowed()
	q[name] = []string{answer}
	return v.at(q)
}
