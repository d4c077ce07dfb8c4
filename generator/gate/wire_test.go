package gate_test

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"encoding/binary"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// exchange sends text and returns the first status and all that comes back.
func exchange(t *testing.T, dial func() (net.Conn, error), text string) (int, []byte) {
	t.Helper()
	c, err := dial()
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(5 * time.Second))
	sent := make(chan struct{})
	go func() { // a server that refuses early does not read to the end
		defer close(sent)
		_, _ = io.WriteString(c, text)
	}()
	var all bytes.Buffer
	r := bufio.NewReader(io.TeeReader(c, &all))
	res, err := http.ReadResponse(r, nil)
	if err != nil {
		return 0, all.Bytes()
	}
	_ = c.SetReadDeadline(time.Now().Add(100 * time.Millisecond)) // for what was hidden behind
	_, _ = io.Copy(io.Discard, r)
	c.Close()
	<-sent
	return res.StatusCode, all.Bytes()
}

// exchange2 writes the attempt as frames of HTTP/2 (RFC 9113), with the
// pseudo-headers as they are, and returns the status, if it is one of HPACK's
// static table, and all data.
func exchange2(t *testing.T, address string, a attempt) (int, []byte) {
	t.Helper()
	c, err := tls.Dial("tcp", address, &tls.Config{InsecureSkipVerify: true, NextProtos: []string{"h2"}})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(5 * time.Second))
	var block bytes.Buffer
	field := func(name, value string) { // literal, never indexed, no Huffman code (RFC 7541, 6.2.3)
		block.WriteByte(0x10)
		for _, s := range []string{name, value} {
			if n := len(s); n < 127 {
				block.WriteByte(byte(n))
			} else {
				block.WriteByte(127)
				for n -= 127; n >= 128; n >>= 7 {
					block.WriteByte(byte(n) | 0x80)
				}
				block.WriteByte(byte(n))
			}
			block.WriteString(s)
		}
	}
	method, host := a.method, a.host
	if method == "" {
		method = "GET"
	}
	if host == "" {
		host = "nagi.example"
	}
	field(":method", method)
	field(":scheme", "https")
	field(":authority", host)
	field(":path", a.target)
	field("x-forwarded-for", a.network())
	for line := range strings.SplitSeq(strings.TrimSuffix(a.headers, "\n"), "\n") {
		if name, value, found := strings.Cut(line, ": "); found {
			field(strings.ToLower(name), value)
		}
	}
	const data, headers, settings, goaway, reset, more = 0, 1, 4, 7, 3, 9
	var out bytes.Buffer
	out.WriteString("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
	frame := func(kind, flags byte, stream uint32, payload []byte) {
		_ = binary.Write(&out, binary.BigEndian, uint32(len(payload))<<8|uint32(kind))
		out.WriteByte(flags)
		_ = binary.Write(&out, binary.BigEndian, stream)
		out.Write(payload)
	}
	frame(settings, 0, 0, nil)
	rest, kind, end := block.Bytes(), byte(headers), byte(1)
	if a.body != "" {
		end = 0
	}
	for len(rest) > 16000 {
		frame(kind, end, 1, rest[:16000])
		rest, kind, end = rest[16000:], more, 0
	}
	frame(kind, end|4, 1, rest)
	if a.body != "" {
		frame(data, 1, 1, []byte(a.body))
	}
	go func() { _, _ = c.Write(out.Bytes()) }()
	status, all := 0, []byte(nil)
	r := bufio.NewReader(c)
	for {
		var head [9]byte
		if _, err := io.ReadFull(r, head[:]); err != nil {
			return status, all
		}
		payload := make([]byte, binary.BigEndian.Uint32(head[:4])>>8)
		if _, err := io.ReadFull(r, payload); err != nil {
			return status, all
		}
		all = append(all, payload...)
		switch head[3] {
		case headers:
			if len(payload) > 0 {
				status = map[byte]int{0x88: 200, 0x8b: 304, 0x8c: 400, 0x8d: 404, 0x8e: 500}[payload[0]]
			}
		case goaway, reset:
			return status, all
		}
		if head[4]&1 != 0 && (head[3] == data || head[3] == headers) {
			return status, all
		}
	}
}
