package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"kaiho/generator/config"
	"kaiho/generator/gate"
)

// lastRequests is how long requests that run may take when serve ends.
const lastRequests = 10 * time.Second

func (s *session) listen(f serveFlags) (net.Listener, error) {
	listener, err := net.Listen("tcp", f.addr)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", s.say("listen on "+f.addr+" (choose another address with --addr)",
			f.addr+" で待ち受けられません（--addr で別のアドレスを指定してください）"), err)
	}
	if f.cert == "" {
		return listener, nil
	}
	c := &certificate{cert: f.cert, key: f.key}
	if err := c.load(); err != nil {
		listener.Close()
		return nil, err
	}
	return tls.NewListener(listener, &tls.Config{MinVersion: tls.VersionTLS12, NextProtos: []string{"h2", "http/1.1"}, GetCertificate: c.get}), nil
}

// listenCheck listens on the check address; nil if there is none.
func (s *session) listenCheck(address string) (net.Listener, error) {
	if address == "" {
		return nil, nil
	}
	network, where := "tcp", address
	if path, found := strings.CutPrefix(address, "unix:"); found {
		network, where = "unix", path
		if info, err := os.Lstat(path); err == nil && info.Mode()&fs.ModeSocket != 0 {
			if c, err := net.DialTimeout("unix", path, time.Second); err == nil {
				c.Close()
				return nil, errors.New(s.say("another process listens on "+address, address+" では別のプロセスが待ち受けています"))
			}
			os.Remove(path) // of a process that has ended
		}
	}
	listener, err := net.Listen(network, where)
	if err != nil {
		return nil, fmt.Errorf("listen on the check address: %w", err)
	}
	if network == "unix" {
		if err := os.Chmod(where, 0o660); err != nil { // the web server is in the group
			listener.Close()
			return nil, fmt.Errorf("open the check address to the group: %w", err)
		}
	}
	return listener, nil
}

// runServers serves until ctx ends, or until one of the servers cannot go on.
func (s *session) runServers(ctx context.Context, f serveFlags, site *config.Site, g *gate.Gate, listener net.Listener, log *slog.Logger) error {
	check, err := s.listenCheck(f.checkAddr)
	if err != nil {
		listener.Close()
		return err
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var running sync.WaitGroup
	var servers []*http.Server
	start := func(h http.Handler, l net.Listener) {
		server := gate.NewServer(h, log)
		servers = append(servers, server)
		running.Go(func() {
			if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
				stop(fmt.Errorf("serve: %w", err))
			}
		})
	}
	start(g, listener)
	if check != nil {
		start(g.Check(), check)
	}
	s.greet(f, site, listener.Addr())
	<-ctx.Done()
	last, done := context.WithTimeout(context.WithoutCancel(ctx), lastRequests)
	defer done()
	for _, server := range servers {
		if server.Shutdown(last) != nil {
			server.Close() // what takes longer is cut
		}
	}
	running.Wait()
	if cause := context.Cause(ctx); !errors.Is(cause, context.Canceled) {
		return cause
	}
	return nil
}

// greet prints the address, and what there is to beware of.
func (s *session) greet(f serveFlags, site *config.Site, addr net.Addr) {
	scheme := "http"
	if f.cert != "" {
		scheme = "https"
	}
	host, _, _ := net.SplitHostPort(f.addr)
	if scheme == "http" && !isLoopback(host) {
		fmt.Fprintf(s.stderr, "kaiho: %s\n", s.say(
			"plain HTTP on "+f.addr+": only a web server with TLS should reach it, or links and sessions can be read on the way",
			f.addr+" は暗号化していません。TLS を受け持つウェブサーバーだけが届くようにしてください。そうでないと、リンクやログインの情報を途中で読まれます"))
	}
	fmt.Fprintf(s.stdout, "%s://%s%s\n", scheme, addr, site.Base())
}

// servedHosts is what may stand in a Host header, beside the host of base_url:
// on a loopback address, also this machine's own names.
func servedHosts(configured, flags []string, addr net.Addr) []string {
	hosts := append(append([]string{}, configured...), flags...)
	host, port, err := net.SplitHostPort(addr.String())
	if err == nil && isLoopback(host) {
		hosts = append(hosts, "localhost:"+port, "127.0.0.1:"+port, "[::1]:"+port)
	}
	return hosts
}

// certificate is read again when its file has changed, since certificates are
// renewed more often than programs are started.
type certificate struct {
	cert, key string

	mu       sync.Mutex
	current  *tls.Certificate
	modified time.Time
	looked   time.Time
}

// lookAgain is how often the certificate's file is looked at.
const lookAgain = 30 * time.Second

func (c *certificate) load() error {
	info, err := os.Stat(c.cert)
	if err != nil {
		return fmt.Errorf("find the certificate: %w", err)
	}
	pair, err := tls.LoadX509KeyPair(c.cert, c.key)
	if err != nil {
		return fmt.Errorf("read the certificate: %w", err)
	}
	c.current, c.modified = &pair, info.ModTime()
	return nil
}

// get returns the certificate; the one before, while a new one is half written.
func (c *certificate) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now := time.Now(); now.Sub(c.looked) > lookAgain {
		c.looked = now
		if info, err := os.Stat(c.cert); err == nil && !info.ModTime().Equal(c.modified) {
			_ = c.load()
		}
	}
	return c.current, nil
}
