package gate_test

import "net/http"

// recorder keeps the header and the length of an answer, and costs little.
type recorder struct {
	header http.Header
	status int
	bytes  int
}

func newRecorder() *recorder { return &recorder{header: http.Header{}} }

func (r *recorder) Header() http.Header { return r.header }

func (r *recorder) WriteHeader(status int) { r.status = status }

func (r *recorder) Write(p []byte) (int, error) {
	r.bytes += len(p)
	return len(p), nil
}

func (r *recorder) reset() {
	clear(r.header)
	r.status, r.bytes = 0, 0
}
