package ledger

import (
	"encoding/json"
	"fmt"
	"strings"
)

// ParseValues reads what AppendValues writes, and nothing else.
func ParseValues(text string) ([]Value, error) {
	bad := fmt.Errorf("its values are not written as Braid writes them: %.60q", text)
	d := json.NewDecoder(strings.NewReader(text))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return nil, bad
	}
	var values []Value
	for d.More() {
		column, err := d.Token()
		if err != nil {
			return nil, bad
		}
		cell, err := d.Token()
		if err != nil {
			return nil, bad
		}
		name, _ := column.(string)
		words, ok := cell.(string)
		if !ok {
			return nil, bad
		}
		values = append(values, Value{name, words})
	}
	if string(AppendValues(nil, values)) != text {
		return nil, bad
	}
	return values, nil
}
