package web

import (
	"net/http"
	"net/url"
	"strings"

	"braid/web/words"
)

const languageCookie = "language"

// chosenLanguage is the language a browser was last turned to.
func (s *Server) chosenLanguage(r *http.Request) (words.Lang, bool) {
	c, err := r.Cookie(languageCookie)
	if err != nil {
		return "", false
	}
	return words.Parse(c.Value)
}

// rememberLanguage keeps the choice in the browser, for a year.
func (s *Server) rememberLanguage(w http.ResponseWriter, l words.Lang) {
	if _, ok := words.Parse(string(l)); ok {
		http.SetCookie(w, &http.Cookie{Name: languageCookie, Value: string(l), Path: "/", MaxAge: 365 * 24 * 3600, HttpOnly: true, Secure: s.secure(), SameSite: http.SameSiteLaxMode})
	}
}

// noticeLanguage remembers the language when the toggle was used: the reader
// comes from a page of ours in the other one.
func (v *Visit) noticeLanguage(w http.ResponseWriter) {
	if v.Request.Method != http.MethodGet {
		return
	}
	from := v.refererOfOurs()
	if from == nil || !strings.HasPrefix(from.Path+"/", "/"+string(v.Lang().Other())+"/") {
		return
	}
	if was, _ := v.Server.chosenLanguage(v.Request); was != v.Lang() {
		v.Server.rememberLanguage(w, v.Lang())
	}
}

// refererOfOurs is the page of ours that the request comes from, nil for none.
func (v *Visit) refererOfOurs() *url.URL {
	from, err := url.Parse(v.Request.Referer())
	if err != nil || from.Host == "" || from.Host != v.Request.Host {
		return nil
	}
	return from
}

// ownReferer is that page's path, without its language.
func (v *Visit) ownReferer() (string, bool) {
	from := v.refererOfOurs()
	if from == nil {
		return "", false
	}
	for _, l := range words.Languages {
		if rest, ok := strings.CutPrefix(from.EscapedPath(), "/"+string(l)+"/"); ok {
			return "/" + rest, true
		}
	}
	return "", false
}
