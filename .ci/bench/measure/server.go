package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

const (
	pollEvery = time.Millisecond
	patience  = 5 * time.Minute // a page that is not there by then is an error
)

// server is a preview that runs.
type server struct {
	cmd    *exec.Cmd
	end    context.CancelFunc
	died   chan struct{} // closed when the process is gone
	said   *bytes.Buffer // complete when died is closed
	client http.Client
	page   string // address of the page that is edited
	first  time.Duration
}

// start starts the preview of s as a user would, and waits until it serves the
// page that is edited. The caller must stop it.
func (s *site) start(ctx context.Context) (*server, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	ctx, end := context.WithCancel(ctx)
	line := s.serve(port)
	v := &server{cmd: exec.CommandContext(ctx, line[0], line[1:]...), end: end, died: make(chan struct{}), said: &bytes.Buffer{},
		page: fmt.Sprintf("http://127.0.0.1:%d%s", port, s.url)}
	v.client.Transport = &http.Transport{MaxIdleConnsPerHost: 1}
	v.client.Timeout = patience
	v.cmd.Dir, v.cmd.Stdout, v.cmd.Stderr = s.dir, v.said, v.said
	v.cmd.Cancel = func() error { return v.cmd.Process.Signal(os.Interrupt) }
	v.cmd.WaitDelay = 10 * time.Second
	started := time.Now()
	if err := v.cmd.Start(); err != nil {
		end()
		return nil, fmt.Errorf("start a preview: %w", err)
	}
	go func() {
		_ = v.cmd.Wait() // it ends by a signal
		close(v.died)
	}()
	if v.first, err = v.wait(ctx, s.title, started); err != nil {
		v.stop()
		return nil, fmt.Errorf("%w\n%s", err, v.said.Bytes())
	}
	return v, nil
}

// stop ends the process and waits until it is gone.
func (v *server) stop() {
	v.end()
	<-v.died
	v.client.CloseIdleConnections()
}

// wait asks for the page until it shows word, and returns how long that is
// after since.
func (v *server) wait(ctx context.Context, word string, since time.Time) (time.Duration, error) {
	for time.Since(since) < patience {
		if strings.Contains(v.get(ctx), word) {
			return time.Since(since), nil
		}
		select {
		case <-ctx.Done():
			return 0, ctx.Err()
		case <-v.died:
			return 0, errors.New("the preview ended")
		case <-time.After(pollEvery):
		}
	}
	return 0, fmt.Errorf("%s does not show %q after %v", v.page, word, patience)
}

// get returns what the server shows at the page; nothing while it does not show
// it, which is not told apart from not running yet.
func (v *server) get(ctx context.Context) string {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, v.page, nil)
	if err != nil {
		return ""
	}
	response, err := v.client.Do(request)
	if err != nil {
		return ""
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body) // to its end, or the connection is not kept
	if err != nil || response.StatusCode != http.StatusOK {
		return ""
	}
	return string(body)
}

// memory returns the resident memory of the process, now and at its highest, in
// MiB.
func (v *server) memory() (now, peak float64, err error) {
	status, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(v.cmd.Process.Pid), "status"))
	if err != nil {
		return 0, 0, fmt.Errorf("read the memory of a preview: %w", err)
	}
	for line := range strings.Lines(string(status)) {
		fields := strings.Fields(line)
		if len(fields) < 2 {
			continue
		}
		kib, _ := strconv.ParseFloat(fields[1], 64)
		switch fields[0] {
		case "VmRSS:":
			now = kib / 1024
		case "VmHWM:":
			peak = kib / 1024
		}
	}
	return now, peak, nil
}

// freePort returns a port that nothing listens on now.
func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("look for a free port: %w", err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}
