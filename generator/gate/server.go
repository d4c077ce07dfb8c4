package gate

import (
	"bytes"
	"log"
	"log/slog"
	"net/http"
	"regexp"
	"time"
)

// Limits of a connection. A reader on a slow line gets the largest file that
// fits into writeTime; nobody holds a connection by saying nothing.
const (
	headerTime     = 10 * time.Second
	readTime       = 30 * time.Second
	writeTime      = 10 * time.Minute
	idleTime       = 2 * time.Minute
	maxHeaderBytes = 16 << 10 // net/http adds 4 KB
	maxStreams     = 100      // of an HTTP/2 connection
)

// NewServer returns a server for one of the gate's handlers, with the limits of
// the gate. What net/http has to say goes to log, without addresses.
func NewServer(h http.Handler, log *slog.Logger) *http.Server {
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	protocols.SetHTTP2(true)
	return &http.Server{
		Handler: h, ReadHeaderTimeout: headerTime, ReadTimeout: readTime, WriteTimeout: writeTime, IdleTimeout: idleTime,
		MaxHeaderBytes: maxHeaderBytes, Protocols: protocols, HTTP2: &http.HTTP2Config{MaxConcurrentStreams: maxStreams},
		ErrorLog: newServerLog(log), DisableGeneralOptionsHandler: true,
	}
}

func newServerLog(l *slog.Logger) *log.Logger { return log.New(serverLog{l}, "", 0) }

// serverLog takes the lines of net/http: handshakes that went wrong, panics.
type serverLog struct{ log *slog.Logger }

var (
	peer  = regexp.MustCompile(`\[[0-9A-Fa-f:.%a-z]*\]:\d+|\b\d{1,3}(\.\d{1,3}){3}(:\d+)?\b`)
	token = regexp.MustCompile(`[A-Za-z0-9_-]{48,}`)
)

// Write logs a line.
func (s serverLog) Write(line []byte) (int, error) {
	text := token.ReplaceAll(peer.ReplaceAll(bytes.TrimSpace(line), []byte("‹address›")), []byte("‹cut›"))
	s.log.Warn("http", "message", string(text))
	return len(line), nil
}
