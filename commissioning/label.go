package commissioning

import (
	"fmt"
	"strings"
)

// UnknownLabel is a word that a register's column does not allow.
type UnknownLabel struct {
	What    string // the column, such as "evidence"
	Text    string // what was written
	Allowed []string
}

func (e *UnknownLabel) Error() string {
	return fmt.Sprintf("%s: %q is not one of its words; write %s", e.What, cut(e.Text), choice(e.Allowed))
}

// readLabel finds text among an enum's words and gives its place. Case, spaces,
// hyphens and underscores do not matter; a blank is the first word.
func readLabel(what, text string, words []string) (int, error) {
	written := plain(text)
	if written == "" {
		return 0, nil
	}
	for i, word := range words {
		if plain(word) == written {
			return i, nil
		}
	}
	return 0, &UnknownLabel{What: what, Text: text, Allowed: words}
}

func wordFor(words []string, i int) string {
	if i < 0 || i >= len(words) {
		return "not a known label"
	}
	return words[i]
}

func plain(text string) string {
	return strings.Join(strings.Fields(joins.Replace(strings.ToLower(text))), " ")
}

var joins = strings.NewReplacer("_", " ", "-", " ")

// cut keeps a message short whatever was typed.
func cut(text string) string {
	if runes := []rune(text); len(runes) > 40 {
		return string(runes[:40]) + "…"
	}
	return text
}

// choice writes "a, b or c".
func choice(words []string) string {
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}
