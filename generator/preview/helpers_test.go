package preview_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
)

func get(h http.Handler, method, target, host string) *http.Response {
	r := httptest.NewRequest(method, "http://localhost/", nil)
	r.URL.Path, r.URL.RawQuery, _ = strings.Cut(target, "?")
	r.Host = host
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}
