package gate

import (
	"net/http"

	"kaiho/generator/signedlink"
)

// pageSignIn is where a link leads that was asked for: a GET shows a button, for
// programs that follow every link of a letter follow this one too, and a POST
// signs in.
func (g *Gate) pageSignIn(w http.ResponseWriter, r *http.Request, v visit, token string) {
	claims, verdict := g.verify(r, &v, token, signedlink.SignIn)
	if !g.accepted(w, r, v, verdict, claims, token) {
		return
	}
	if r.Method == http.MethodPost {
		g.enter(w, r, v, claims, "/")
		return
	}
	m, ok := g.person(w, r, v, claims.Member)
	if !ok {
		return
	}
	lang := g.language(r, m.Language)
	s := g.sheet(lang, g.desk.words[lang].say("signin.title"), m)
	s.Member = ""
	s.Body = struct{ Name, Action string }{callName(m, lang), r.URL.EscapedPath()}
	g.show(w, r, http.StatusOK, "signin", s)
}
