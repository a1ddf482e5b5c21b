package acceptance

import "testing"

// inView gives those of the texts that no element shows within the window.
const inView = `texts => texts.filter(text => ![...document.querySelectorAll("main *")].some(e => {
	if (!e.innerText?.replace(/\s+/g, " ").includes(text) || [...e.children].some(c => c.innerText?.replace(/\s+/g, " ").includes(text))) return false;
	const r = e.getBoundingClientRect();
	return r.width > 0 && r.top >= 0 && r.left >= 0 && r.bottom <= innerHeight && r.right <= innerWidth;
}))`

func Test01HomeAtOneLook(t *testing.T) {
	s := demo(t)
	both(t, func(t *testing.T, lang string) {
		priya := s.as(t, "priya").in(lang)
		priya.open("/")
		hidden := eval[[]string](priya, inView, []string{
			said(lang, "5 services lose £900,000 on 31 March 2027", "Mae 5 gwasanaeth yn colli £900,000 ar 31 Mawrth 2027"),
			said(lang, "78 days", "78 diwrnod"), "£350,000", "88%", "£240,000", "100%",
		})
		if len(hidden) > 0 {
			t.Errorf("a first look at the home page, 1280 by 720, misses %q", hidden)
		}
	})
}
