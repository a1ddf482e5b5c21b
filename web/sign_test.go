package web

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/pquerna/otp/totp"

	"braid/ledger/people"
	"braid/ledger/store"
	"braid/ledger/store/storetest"
	"braid/seed"
)

const (
	goodPassword    = "heron lantern cobbles fjord"
	anotherPassword = "gwennol crochan mynydd llwybr"
)

// withPassword gives a person a password, as a link would.
func (s *site) withPassword(id string) {
	s.t.Helper()
	ctx := context.Background()
	who, err := s.store.People().Person(ctx, id)
	if err == nil {
		err = who.SetPassword(goodPassword)
	}
	if err == nil {
		err = s.store.People().Save(ctx, who, people.Event{Who: "test", What: people.PasswordSet, About: id})
	}
	if err != nil {
		s.t.Fatal(err)
	}
}

// person reads somebody as they are kept.
func (s *site) person(id string) *people.Person {
	s.t.Helper()
	who, err := s.store.People().Person(context.Background(), id)
	if err != nil {
		s.t.Fatal(err)
	}
	return who
}

// alter saves a person changed.
func (s *site) alter(id string, how func(*people.Person)) {
	s.t.Helper()
	who := s.person(id)
	how(who)
	if err := s.store.People().Save(context.Background(), who, people.Event{Who: "test", What: people.PersonChanged, About: id}); err != nil {
		s.t.Fatal(err)
	}
}

// code is what the person's app shows, so many half minutes from now.
func (s *site) code(secret string, ahead int) string {
	s.t.Helper()
	code, err := totp.GenerateCode(secret, s.web.Clock().Add(time.Duration(ahead)*30*time.Second))
	if err != nil {
		s.t.Fatal(err)
	}
	return code
}

func (b *browser) sessionCookie() string {
	at, _ := url.Parse(b.site.URL)
	for _, c := range b.http.Jar.Cookies(at) {
		if c.Name == "braid" {
			return c.Value
		}
	}
	return ""
}

// mayOpen reports whether the browser's person is signed in.
func (b *browser) mayOpen() bool {
	b.t.Helper()
	return b.get("/account").url.Path == "/"+b.lang+"/account"
}

// Nothing but the pages for those not signed in yet opens without signing in.
func TestEveryRouteAnonymous(t *testing.T) {
	s := demoServer(t)
	b := s.anyone()
	b.http.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	open := []string{"/sign-in", "/sign-in/code", "/sign-in/factor", "/sign-in/council", "/enter/:token", "/start/:token", "/set-up/:token"}
	for _, r := range Routes() {
		path := strings.NewReplacer(":seq", "1", ":month", "2026-04", ":token", "none", ":id", "north").Replace(r.Path)
		p := b.do(r.Method, path, map[string]url.Values{"POST": {}}[r.Method])
		switch {
		case r.Right == Anyone && !slices.Contains(open, r.Path):
			if r.Method != http.MethodGet {
				t.Errorf("%s %s changes something for anyone", r.Method, r.Path)
			}
		case slices.Contains(open, r.Path):
		case p.status != http.StatusSeeOther || !strings.HasPrefix(p.header.Get("Location"), "/en/sign-in"):
			t.Errorf("%s %s answers anybody with %d", r.Method, r.Path, p.status)
		}
	}
}

func TestPassword(t *testing.T) {
	s := demoServer(t)
	s.withPassword("priya")
	for _, lang := range []string{"en", "cy"} {
		b := s.anyone().in(lang)
		p := b.get("/services/risk?sort=-loses")
		if p.url.Path != "/"+lang+"/sign-in" {
			t.Fatalf("sent to %s", p.url)
		}
		p = b.submit(p, "", nil).is(422)
		if want := map[string]string{"en": "Error: ", "cy": "Gwall: "}[lang]; !strings.HasPrefix(p.title(), want) {
			t.Errorf("an empty form is titled %q", p.title())
		}
		p = b.submit(p, "", filled("email", "priya@braid.example", "password", "wrong")).is(422)
		unknown := b.submit(p, "", filled("email", "nobody@braid.example", "password", "wrong")).is(422)
		if strings.ReplaceAll(p.text(), "priya@", "nobody@") != unknown.text() {
			t.Error("the answer tells whether there is such a person")
		}
		if strings.Contains(p.body, "wrong\"") {
			t.Error("the password is sent back")
		}
		email := s.person("priya").Email
		p = b.submit(p, "", filled("email", strings.ToUpper(email), "password", goodPassword)).is(200)
		if p.url.Path != "/"+lang+"/services/risk" || p.url.RawQuery != "sort=-loses" {
			t.Errorf("signed in, and sent to %s", p.url)
		}
		for _, c := range p.header["Set-Cookie"] {
			if strings.HasPrefix(c, "braid=") && (!strings.Contains(c, "HttpOnly") || !strings.Contains(c, "SameSite=Lax")) {
				t.Errorf("the cookie is %s", c)
			}
		}
		if !strings.Contains(p.body, `id="session-warning"`) || !strings.Contains(p.body, `data-person="priya"`) {
			t.Error("nothing warns before the sign-in lapses")
		}
		if got := b.get("/session"); got.status != 200 || got.body != "ok\n" {
			t.Errorf("staying answers %d", got.status)
		}
	}
}

// A session known before signing in is worth nothing after, nor one from before
// a password was changed.
func TestFixation(t *testing.T) {
	s := demoServer(t)
	s.withPassword("fin")
	s.alter("fin", func(p *people.Person) { p.NewSecret(); p.SecondFactor = true })
	fin := s.person("fin")
	b := s.anyone()
	b.submit(b.get("/sign-in"), "", filled("email", fin.Email, "password", goodPassword)).says("Code")
	half := b.sessionCookie()
	if half == "" || b.mayOpen() {
		t.Fatal("a password alone lets finance in")
	}
	b.submit(b.get("/sign-in/code"), "", filled("code", s.code(fin.Secret, 0)))
	whole := b.sessionCookie()
	if whole == half || !b.mayOpen() {
		t.Fatal("the session is not new after the second factor")
	}
	thief := s.anyone()
	at, _ := url.Parse(s.URL)
	thief.http.Jar.SetCookies(at, []*http.Cookie{{Name: "braid", Value: half}})
	if thief.mayOpen() {
		t.Error("the session from before the second factor opens pages")
	}
	p := b.get("/account/password")
	b.submit(p, "", filled("current", "wrong", "password", anotherPassword)).is(422)
	b.submit(p, "", filled("current", goodPassword, "password", "password1234")).is(422).says("easily guessed")
	b.submit(p, "", filled("current", goodPassword, "password", anotherPassword)).is(200).says("Password saved")
	if b.sessionCookie() == whole || !b.mayOpen() {
		t.Error("the session is not new after a new password")
	}
	thief.http.Jar.SetCookies(at, []*http.Cookie{{Name: "braid", Value: whole}})
	if thief.mayOpen() {
		t.Error("a session from before the new password opens pages")
	}
	if s.person("fin").CheckPassword(goodPassword) || !s.person("fin").CheckPassword(anotherPassword) {
		t.Error("the password was not changed")
	}
}

func TestThrottle(t *testing.T) {
	s := demoServer(t)
	s.withPassword("priya")
	email := s.person("priya").Email
	b := s.anyone()
	try := func(email, password string) *page {
		return b.post("/sign-in", filled("email", email, "password", password))
	}
	for range 5 {
		try("sam@example.org", "wrong").is(422)
	}
	// From this network nobody gets on for a while, right or wrong, known or not.
	try(email, goodPassword).is(http.StatusTooManyRequests).says("Too many tries. Wait")
	try("nobody@example.org", "x").is(http.StatusTooManyRequests)
	// But whoever signed in from here before is not kept out by others.
	if err := s.store.People().Succeeded(t.Context(), people.Attempt{Account: email, Network: "127.0.0.0"}); err != nil {
		t.Fatal(err)
	}
	try(email, goodPassword).is(200)
	// And however they are spread, only ten a minute are tried at all.
	for range 12 {
		b.post("/sign-in", filled("email", email, "password", goodPassword))
	}
	try(email, goodPassword).is(http.StatusTooManyRequests)
	s.web.tries = tries{}
	b.in("cy").post("/sign-in", filled("email", "nobody@example.org", "password", "x")).is(http.StatusTooManyRequests).says("Gormod o geisiadau")
}

// Finance sets codes up before anything opens; a code is good once.
func TestSecondFactor(t *testing.T) {
	s := demoServer(t)
	s.withPassword("fin")
	email := s.person("fin").Email
	b := s.anyone()
	p := b.submit(b.get("/sign-in?next=/streams"), "", filled("email", email, "password", goodPassword)).is(200).says("Set up codes")
	if p.url.Path != "/en/sign-in/factor" || b.mayOpen() {
		t.Fatalf("let in without a second factor, at %s", p.url)
	}
	p = b.get("/sign-in/factor")
	link := p.link("Open the app on this device")
	u, err := url.Parse(link)
	if err != nil || u.Scheme != "otpauth" {
		t.Fatalf("the app's link is %q", link)
	}
	secret := u.Query().Get("secret")
	if s.person("fin").Secret == secret {
		t.Error("the secret counts before it is shown to work")
	}
	b.submit(p, "", filled("code", "000000")).is(422).says("The code is wrong")
	b.submit(p, "", filled("code", s.code(secret, 0))).is(200)
	if !b.mayOpen() || !s.person("fin").SecondFactor || s.person("fin").Secret != secret {
		t.Fatal("codes were not set up")
	}
	again := s.anyone()
	p = again.submit(again.get("/sign-in"), "", filled("email", email, "password", goodPassword)).says("Enter the code")
	again.submit(p, "", filled("code", s.code(secret, 0))).is(422).says("used already")
	again.submit(p, "", filled("code", s.code(secret, 1))).is(200)
	if !again.mayOpen() {
		t.Error("a good code does not let in")
	}
	// Half way in counts for ten minutes only.
	late := s.anyone()
	late.submit(late.get("/sign-in"), "", filled("email", email, "password", goodPassword))
	s.web.Clock = func() time.Time { return time.Now().Add(11 * time.Minute) }
	if p := late.get("/sign-in/code"); p.url.Path != "/en/sign-in" {
		t.Errorf("half way in still counts at %s", p.url)
	}
}

// Whoever has left, or whose term is over, is out with the next page; a role
// given or ended counts with the next page.
func TestRightsBiteAtOnce(t *testing.T) {
	s := demoServer(t)
	priya, sam := s.as("priya"), s.as("sam")
	priya.get("/ledger/map").is(200)
	sam.get("/boards/north").is(200)
	today := s.web.Today()
	before := sam.sessionCookie()
	s.alter("sam", func(p *people.Person) { p.Tenures[0].To = today - 1 })
	sam.get("/boards/north").is(403)
	if sam.sessionCookie() == before {
		t.Error("the session is not new once rights have changed")
	}
	s.alter("sam", func(p *people.Person) {
		p.Tenures[0].To = 0
		p.Tenures[0].Role = people.Scrutiny
		p.Tenures[0].Board = ""
	})
	sam.get("/services/risk").is(200)
	s.alter("sam", func(p *people.Person) { p.Ended = true })
	if sam.mayOpen() {
		t.Error("who has left still reads")
	}
	// A role in finance needs more than the password that let them in.
	s.withPassword("priya")
	plain := s.anyone()
	plain.submit(plain.get("/sign-in"), "", filled("email", s.person("priya").Email, "password", goodPassword))
	if !plain.mayOpen() {
		t.Fatal("not signed in")
	}
	s.alter("priya", func(p *people.Person) { p.Tenures[0].Role = people.Finance })
	if plain.mayOpen() {
		t.Error("finance works by password alone")
	}
}

// Two servers on one database: who signs in at one is signed in at the other,
// and out at both.
func TestTwoServers(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { twoServers(t, filepath.Join(t.TempDir(), "braid.db")) })
	t.Run("postgres", func(t *testing.T) { twoServers(t, storetest.Database(t)) })
}

func twoServers(t *testing.T, db string) {
	serve := func() *site {
		st, err := store.Open(t.Context(), db, store.Options{Create: true})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { st.Close() })
		return serveStore(t, st, seed.AsAt("demo"))
	}
	one, two := serve(), serve()
	one.populate(seed.People("demo"))
	at := func(s *site, cookie string) *browser {
		b := s.anyone()
		u, _ := url.Parse(s.URL)
		b.http.Jar.SetCookies(u, []*http.Cookie{{Name: "braid", Value: cookie}})
		return b
	}
	b := one.as("priya")
	other := at(two, b.sessionCookie())
	if !other.mayOpen() {
		t.Fatal("signed in at one, unknown at the other")
	}
	// At most three at once: a fourth ends the first.
	for range 3 {
		if b := one.as("priya"); !b.mayOpen() {
			t.Fatal("not signed in")
		}
	}
	if other.mayOpen() || b.mayOpen() {
		t.Error("four sessions at once")
	}
	b = one.as("priya")
	other = at(two, b.sessionCookie())
	other.post("/sign-out", nil)
	if b.mayOpen() {
		t.Error("signed out at one, still in at the other")
	}
	b = one.as("priya")
	third := two.as("priya")
	third.post("/account/sessions", filled("which", "others")).says("signed out everywhere else")
	if b.mayOpen() || !third.mayOpen() {
		t.Error("signing out elsewhere did not")
	}
	third.post("/account/sessions", filled("which", "all"))
	if third.mayOpen() {
		t.Error("signed out everywhere, and still in")
	}
}

func TestSetUp(t *testing.T) {
	s := emptyServer(t, seed.AsAt("demo"))
	b := s.anyone().in("cy")
	b.get("/sign-in").says("Ni all neb fewngofnodi eto")
	token, err := s.store.People().MakeLink(t.Context(), "", "first", time.Now().Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	b.get("/set-up/nothing").is(http.StatusGone)
	p := b.get("/set-up/" + token).is(200)
	p = b.submit(p, "", filled("name", "Ann Owen", "email", "nonsense", "password", "short", "language", "cy")).is(422)
	if !strings.Contains(p.body, `value="Ann Owen"`) {
		t.Error("what was typed is lost")
	}
	p = b.submit(p, "", filled("name", "Ann Owen", "email", "Ann@Bro.gov.example", "password", goodPassword, "council", "Cyngor Bro", "language", "cy")).is(200)
	if p.url.Path != "/cy/sign-in/factor" {
		t.Fatalf("an administrator is let in without a second factor, at %s", p.url)
	}
	u, _ := url.Parse(p.link("Agor yr ap ar y ddyfais hon"))
	p = b.submit(p, "", filled("code", s.code(u.Query().Get("secret"), 0))).is(200)
	if !strings.Contains(p.body, "Cyngor Bro") {
		t.Error("the council's name is not on the page")
	}
	who, err := s.store.People().ByEmail(t.Context(), "ann@bro.gov.example")
	if err != nil {
		t.Fatal(err)
	}
	if !who.Is(people.Administrator, s.web.Today()) || !who.Is(people.Commissioner, s.web.Today()) {
		t.Errorf("the first person holds %+v", who.Tenures)
	}
	s.anyone().get("/set-up/" + token).is(http.StatusGone)
	// Another link, made before, makes no second first person.
	if token, err = s.store.People().MakeLink(t.Context(), "", "first", time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	s.anyone().get("/set-up/" + token).is(http.StatusGone)
}

// A link lets its person choose a password, once; a lost phone needs one that
// says so.
func TestStartLinks(t *testing.T) {
	s := demoServer(t)
	s.withPassword("fin")
	s.alter("fin", func(p *people.Person) { p.NewSecret(); p.SecondFactor = true })
	link := func(purpose string) string {
		token, err := s.store.People().MakeLink(t.Context(), "fin", purpose, time.Now().Add(time.Hour))
		if err != nil {
			t.Fatal(err)
		}
		return "/start/" + token
	}
	before := s.as("fin")
	b, at := s.anyone(), link("start")
	p := b.get(at).is(200).says(s.person("fin").Name)
	b.submit(p, "", filled("password", "aaaaaaaaaaaa")).is(422)
	p = b.submit(p, "", filled("password", anotherPassword)).is(200).says("Enter the code")
	if before.mayOpen() {
		t.Error("sessions outlive a new password")
	}
	s.anyone().get(at).is(http.StatusGone)
	b = s.anyone()
	p = b.submit(b.get(link("recover")), "", filled("password", goodPassword)).is(200).says("Set up codes")
	if b.mayOpen() || s.person("fin").SecondFactor {
		t.Error("a lost phone's codes still count")
	}
	_ = p
	s.alter("fin", func(p *people.Person) { p.Ended = true })
	s.anyone().get(link("start")).is(http.StatusGone)
}

// The language a person turned to is remembered; that of a link is not.
func TestLanguageRemembered(t *testing.T) {
	s := demoServer(t)
	b := s.as("priya")
	home := func() string { return b.send(request(t, s.URL+"/", "")).url.Path }
	b.send(request(t, s.URL+"/cy/services", ""))
	if got := home(); got != "/en/" {
		t.Errorf("a link turned the language: %s", got)
	}
	b.send(request(t, s.URL+"/cy/services", s.URL+"/en/services"))
	if got := home(); got != "/cy/" {
		t.Errorf("the toggle is forgotten: %s", got)
	}
	b.send(request(t, s.URL+"/en/services", "https://elsewhere.example/cy/services"))
	if got := home(); got != "/cy/" {
		t.Errorf("another site turned the language: %s", got)
	}
}

func request(t *testing.T, at, from string) *http.Request {
	t.Helper()
	r, err := http.NewRequest(http.MethodGet, at, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept-Language", "en")
	if from != "" {
		r.Header.Set("Referer", from)
	}
	return r
}

func TestNextStaysHere(t *testing.T) {
	for to, want := range map[string]string{"": "/", "/ledger/map?year=2026-27": "/ledger/map?year=2026-27", "//evil.example": "/", "https://evil.example": "/", "/\\evil.example": "/", "javascript:alert(1)": "/", "/a\nb": "/"} {
		if got := ourPath(to); got != want {
			t.Errorf("%q leads to %q", to, got)
		}
	}
}

// provider is a council's sign-in that says what it is told to, with a key of
// its own, and holds the client to PKCE.
type provider struct {
	*httptest.Server
	key       *rsa.PrivateKey
	mu        sync.Mutex
	claims    map[string]any
	nonce     string
	challenge string
	redirect  string
}

func newProvider(t *testing.T) *provider {
	p := &provider{}
	var err error
	if p.key, err = rsa.GenerateKey(rand.Reader, 2048); err != nil {
		t.Fatal(err)
	}
	write := func(w http.ResponseWriter, v any) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(v)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		write(w, map[string]any{"issuer": p.URL, "authorization_endpoint": p.URL + "/authorize", "token_endpoint": p.URL + "/token", "jwks_uri": p.URL + "/keys",
			"id_token_signing_alg_values_supported": []string{"RS256"}})
	})
	mux.HandleFunc("/keys", func(w http.ResponseWriter, _ *http.Request) {
		write(w, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: p.key.Public(), KeyID: "k", Algorithm: "RS256", Use: "sig"}}})
	})
	mux.HandleFunc("/authorize", func(w http.ResponseWriter, r *http.Request) {
		p.mu.Lock()
		defer p.mu.Unlock()
		q := r.URL.Query()
		p.nonce, p.challenge, p.redirect = q.Get("nonce"), q.Get("code_challenge"), q.Get("redirect_uri")
		if q.Get("code_challenge_method") != "S256" || q.Get("client_id") != "braid" {
			http.Error(w, "bad request", http.StatusBadRequest)
			return
		}
		http.Redirect(w, r, p.redirect+"?"+url.Values{"code": {"the-code"}, "state": {q.Get("state")}}.Encode(), http.StatusSeeOther)
	})
	mux.HandleFunc("/token", func(w http.ResponseWriter, r *http.Request) {
		p.mu.Lock()
		defer p.mu.Unlock()
		if oauthChallenge(r.FormValue("code_verifier")) != p.challenge || r.FormValue("code") != "the-code" {
			http.Error(w, `{"error":"invalid_grant"}`, http.StatusBadRequest)
			return
		}
		claims := map[string]any{"iss": p.URL, "aud": "braid", "sub": "s-1", "nonce": p.nonce, "iat": time.Now().Unix(), "exp": time.Now().Add(time.Hour).Unix()}
		for name, value := range p.claims {
			claims[name] = value
		}
		body, _ := json.Marshal(claims)
		signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: p.key}, (&jose.SignerOptions{}).WithHeader("kid", "k"))
		if err != nil {
			panic(err)
		}
		signed, err := signer.Sign(body)
		if err != nil {
			panic(err)
		}
		token, _ := signed.CompactSerialize()
		write(w, map[string]any{"access_token": "a", "token_type": "Bearer", "expires_in": 3600, "id_token": token})
	})
	p.Server = httptest.NewServer(mux)
	t.Cleanup(p.Close)
	return p
}

func oauthChallenge(verifier string) string {
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// The council's own sign-in lets in who is a person here, by a verified address
// the first time and by the account after; and believes nothing else.
func TestCouncilSignIn(t *testing.T) {
	p := newProvider(t)
	s := demoServer(t)
	s.web.OIDC = &OIDC{Issuer: p.URL, ClientID: "braid", ClientSecret: "shh", Name: "Bro ID"}
	s.web.Address = s.URL
	fin := s.person("fin")
	says := func(claims map[string]any) { p.mu.Lock(); p.claims = claims; p.mu.Unlock() }
	signIn := func() (*browser, *page) {
		b := s.anyone()
		at := b.get("/sign-in?next=/streams").link("Sign in with Bro ID")
		return b, b.get(at)
	}
	refusals := map[string]map[string]any{
		"another audience":      {"aud": "another", "email": fin.Email, "email_verified": true},
		"another issuer":        {"iss": "https://evil.example", "email": fin.Email, "email_verified": true},
		"another nonce":         {"nonce": "x", "email": fin.Email, "email_verified": true},
		"out of date":           {"exp": time.Now().Add(-time.Hour).Unix(), "email": fin.Email, "email_verified": true},
		"an unverified address": {"email": fin.Email, "email_verified": false},
		"nobody here":           {"email": "stranger@bro.gov.example", "email_verified": true},
	}
	for what, claims := range refusals {
		says(claims)
		if b, p := signIn(); p.status != http.StatusForbidden || b.mayOpen() {
			t.Errorf("%s: %d %s", what, p.status, p.text())
		}
	}
	if n, _ := s.store.People().Count(t.Context()); n != len(seed.People("demo")) {
		t.Error("the council's sign-in registers people")
	}
	says(map[string]any{"email": strings.ToUpper(fin.Email), "email_verified": true})
	b, got := signIn()
	if !b.mayOpen() || got.url.Path != "/en/streams" {
		t.Fatalf("%d at %s: %s", got.status, got.url, got.text())
	}
	if got := s.person("fin").Logins; len(got) != 1 || got[0] != p.URL+" s-1" {
		t.Errorf("linked: %q", got)
	}
	says(map[string]any{"email": "new-name@bro.gov.example", "email_verified": true})
	if b, _ := signIn(); !b.mayOpen() {
		t.Error("the account is not known once its address changes")
	}
	says(map[string]any{"sub": "s-2", "email": fin.Email, "email_verified": true})
	if b, p := signIn(); b.mayOpen() {
		t.Errorf("whoever gets the address gets the rights: %s", p.text())
	}
	// The answer to a question that this browser did not ask is not believed.
	says(nil)
	stranger := s.anyone()
	r := request(t, s.URL+backPath+"?code=the-code&state=made-up", "")
	if p := stranger.send(r); p.status != http.StatusBadRequest || stranger.mayOpen() {
		t.Errorf("a state made up: %d", p.status)
	}
	s.alter("fin", func(p *people.Person) { p.Ended = true })
	if b, _ := signIn(); b.mayOpen() {
		t.Error("who has left signs in through the council")
	}
	p.Close()
	s.web.council.provider = nil
	s.anyone().get("/sign-in/council").is(http.StatusBadGateway)
	s.web.OIDC = nil
	s.anyone().get("/sign-in/council").is(http.StatusNotFound)
}

func TestHealth(t *testing.T) {
	s := demoServer(t)
	get := func(path string) *page { return s.anyone().send(request(t, s.URL+path, "")) }
	if p := get("/healthz"); p.status != 200 || p.body != "ok\n" || p.header.Get("Set-Cookie") != "" {
		t.Errorf("health: %d %q", p.status, p.body)
	}
	if p := get("/readyz"); p.status != 200 {
		t.Errorf("ready: %d", p.status)
	}
	s.as("priya").get("/history/999999")
	p := get("/metrics")
	for _, want := range []string{fmt.Sprintf("braid_ledger_sequence %d\n", s.book().Sequence()), `braid_requests_total{method="GET",route="/en/history/:seq",status="404"} 1`, `braid_request_seconds_count{route="/en/history/:seq"} 1`} {
		if !strings.Contains(p.body, want) {
			t.Errorf("the metrics lack %s:\n%s", want, p.body)
		}
	}
	if strings.Contains(p.body, "999999") {
		t.Error("an id is a label")
	}
	s.store.Close()
	if p := get("/readyz"); p.status != http.StatusServiceUnavailable {
		t.Errorf("without a database, ready says %d", p.status)
	}
	if p := get("/healthz"); p.status != 200 {
		t.Errorf("without a database, health says %d", p.status)
	}
}
