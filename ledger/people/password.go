package people

import (
	_ "embed"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"
	"golang.org/x/text/unicode/norm"
)

const (
	ShortestPassword = 12
	LongestPassword  = 128
)

// A hash takes about 40 ms and 19 MiB.
var hashing = &argon2id.Params{Memory: 19 << 10, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// hashers lets few hash at once: memory is not to be used up by guesses.
var hashers = make(chan struct{}, 4)

// nobody is the hash against which a password is tried when there is no such
// person, so that the answer takes as long. No password has it.
const nobody = "$argon2id$v=19$m=19456,t=2,p=1$YnJhaWQtLW5vLXBlcnNvbg$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

// SetPassword keeps the hash of a new password, or refuses a weak one.
func (p *Person) SetPassword(password string) error {
	password = norm.NFC.String(password) // ŵ is one key on some keyboards, two on others
	switch n := utf8.RuneCountInString(password); {
	case n < ShortestPassword:
		return &WeakPassword{"short"}
	case n > LongestPassword:
		return &WeakPassword{"long"}
	case !utf8.ValidString(password) || strings.ContainsFunc(password, unicode.IsControl):
		return &WeakPassword{"not-text"}
	case pieces(password, p.ownWords()) < fewestPieces:
		return &WeakPassword{"guessable"}
	}
	hashers <- struct{}{}
	defer func() { <-hashers }()
	hash, err := argon2id.CreateHash(password, hashing)
	if err == nil {
		p.PasswordHash = hash
	}
	return err
}

// CheckPassword reports whether a password is the person's. It takes as long
// for nobody (a nil Person), for one who has left and for one without a
// password, and the answer is no.
func (p *Person) CheckPassword(password string) bool {
	hash := nobody
	if p != nil && !p.Ended && p.PasswordHash != "" {
		hash = p.PasswordHash
	}
	if len(password) > 4*LongestPassword {
		password = ""
	}
	hashers <- struct{}{}
	defer func() { <-hashers }()
	right, err := argon2id.ComparePasswordAndHash(norm.NFC.String(password), hash)
	return err == nil && right && hash != nobody
}

//go:embed common.txt
var commonText string

// common are words that guessers try first.
var common = strings.Fields(commonText)

// ownWords are those that somebody who knows the person would try.
func (p *Person) ownWords() []string {
	local, domain, _ := strings.Cut(p.Email, "@")
	words := strings.FieldsFunc(strings.ToLower(p.Name+" "+local+" "+domain), func(r rune) bool { return !unicode.IsLetter(r) })
	return append(words, strings.ToLower(local))
}

// fewestPieces is how many unrelated parts a password must have at least.
const fewestPieces = 6

// pieces counts the least parts a guesser needs for a password: a common word
// counts as one however long, as do a year, keys in a row, a repeat; and each
// character that belongs to none.
func pieces(password string, own []string) int {
	text := []rune(strings.ToLower(password))
	least := make([]int, len(text)+1)
	for i := range least {
		least[i] = i
	}
	for i := range text {
		cost := least[i] + 1
		reach := func(n int) {
			for j := i + 1; j <= i+n; j++ {
				least[j] = min(least[j], cost)
			}
		}
		reach(1)
		for _, words := range [...][]string{common, own} {
			for _, w := range words {
				if n := startsWith(text[i:], w); n >= 3 {
					least[i+n] = min(least[i+n], cost)
				}
			}
		}
		if n := inARow(text[i:]); n >= 3 {
			reach(n)
		}
		if i+4 <= len(text) && (string(text[i:i+2]) == "19" || string(text[i:i+2]) == "20") && unicode.IsDigit(text[i+2]) && unicode.IsDigit(text[i+3]) {
			reach(4)
		}
		for n := 2; n <= i && i+n <= len(text); n++ {
			if string(text[i-n:i]) == string(text[i:i+n]) {
				least[i+n] = min(least[i+n], cost)
			}
		}
	}
	return least[len(text)]
}

// startsWith gives the length of a word that text starts with, as it is or with
// signs for letters (p@55w0rd), or nought.
func startsWith(text []rune, word string) int {
	n := 0
	for _, letter := range word {
		if n == len(text) || text[n] != letter && !strings.ContainsRune(likeness[letter], text[n]) {
			return 0
		}
		n++
	}
	return n
}

var likeness = map[rune]string{'a': "4@", 'b': "8", 'e': "3", 'g': "9", 'i': "1!", 'l': "1!", 'o': "0", 's': "5$", 't': "7+", 'z': "2"}

var rows = []string{"qwertyuiop", "asdfghjkl", "zxcvbnm", "01234567890", "abcdefghijklmnopqrstuvwxyz"}

// inARow gives how many keys in a row, either way, or the same key, text starts with.
func inARow(text []rune) int {
	most := 1
	for most < len(text) && text[most] == text[0] {
		most++
	}
	for _, row := range rows {
		for at, c := range row {
			if c != text[0] {
				continue
			}
			for _, step := range [...]int{1, -1} {
				n := 1
				for n < len(text) && at+n*step >= 0 && at+n*step < len(row) && text[n] == rune(row[at+n*step]) {
					n++
				}
				most = max(most, n)
			}
		}
	}
	return most
}
