package people

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"encoding/hex"
	"net/url"
	"strings"
	"time"

	"github.com/pquerna/otp/hotp"
)

const codeSeconds = 30

// NewSecret gives a person a new secret for a second factor; it counts once
// ConfirmSecret has seen a code of it.
func (p *Person) NewSecret() {
	secret := make([]byte, 20)
	rand.Read(secret)
	p.Secret, p.SecondFactor, p.CodeStep = base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(secret), false, 0
}

// SecretAddress is what a code app reads, from a picture or a link.
func (p *Person) SecretAddress(issuer string) string {
	q := url.Values{"secret": {p.Secret}, "issuer": {issuer}}
	return "otpauth://totp/" + url.PathEscape(issuer+":"+p.Email) + "?" + strings.ReplaceAll(q.Encode(), "+", "%20")
}

// CheckCode reports whether a code is of this moment, or of the half minute
// before or after: clocks differ. A code is good once: the person changes, and
// is to be saved before anything is let through.
func (p *Person) CheckCode(code string, at time.Time) bool {
	if p == nil || p.Ended || p.Secret == "" {
		return false
	}
	code = strings.Join(strings.Fields(code), "")
	now, found := at.Unix()/codeSeconds, int64(0)
	for step := now - 1; step <= now+1; step++ {
		want, err := hotp.GenerateCode(p.Secret, uint64(step))
		if err == nil && subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 && step > p.CodeStep {
			found = step
		}
	}
	if found > 0 {
		p.CodeStep = found
	}
	return found > 0
}

// ConfirmSecret makes the second factor count, once a code shows that the
// person's app has the secret.
func (p *Person) ConfirmSecret(code string, at time.Time) bool {
	if !p.CheckCode(code, at) {
		return false
	}
	p.SecondFactor = true
	return true
}

// NewFeedKey gives the person's calendar feed a new key, to be shown once: its
// hash is kept. The old one is no longer good.
func (p *Person) NewFeedKey() string {
	key := strings.ToLower(rand.Text())
	p.FeedKey = KeyHash(key)
	return key
}

// KeyHash is what is kept of a random key.
func KeyHash(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:])
}
