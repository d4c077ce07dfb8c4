package doctor

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"syscall"
	"time"

	"kaiho/generator/diag"
)

// soon is how long before its end a certificate should have been renewed: those who
// renew by themselves do so a month before, or at a third of a short life.
const soon = 14 * 24 * time.Hour

// ending is the finding for a certificate that ends soon. A life of a week is no
// mistake where certificates are so short, so that a sixth of a life counts at most.
func ending(host string, state tls.ConnectionState, now time.Time) (Finding, bool) {
	if len(state.PeerCertificates) == 0 {
		return Finding{}, false
	}
	c := state.PeerCertificates[0]
	left := c.NotAfter.Sub(now)
	if left >= min(soon, c.NotAfter.Sub(c.NotBefore)/6) {
		return Finding{}, false
	}
	return found(diag.CertificateSoon, "host", host, "days", strconv.Itoa(int(left/(24*time.Hour)))), true
}

// ofCertificate reports whether err is about a certificate, and why it is not good.
func ofCertificate(err error) (string, bool) {
	if e, ok := errors.AsType[x509.HostnameError](err); ok {
		return e.Error(), true
	}
	if e, ok := errors.AsType[x509.UnknownAuthorityError](err); ok {
		return e.Error(), true
	}
	if e, ok := errors.AsType[x509.CertificateInvalidError](err); ok {
		return e.Error(), true
	}
	if e, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return e.Err.Error(), true
	}
	return "", false
}

// network says in a few words why a connection failed, without the addresses that
// package net puts around it.
func network(err error) string {
	switch {
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded), isTimeout(err):
		return fmt.Sprintf("no answer within %d seconds", int(within/time.Second))
	case errors.Is(err, syscall.ECONNREFUSED):
		return "connection refused"
	case errors.Is(err, syscall.ECONNRESET):
		return "connection reset"
	}
	if e, ok := errors.AsType[*net.OpError](err); ok {
		return e.Err.Error()
	}
	return err.Error()
}

func isTimeout(err error) bool {
	e, ok := errors.AsType[net.Error](err)
	return ok && e.Timeout()
}
