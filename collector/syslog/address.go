package syslog

import (
	"errors"
	"io/fs"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// Address is where messages are listened for.
type Address struct {
	network string // udp, tcp, tls, unix or unixgram
	where   string // host and port, or a file
}

// errAddress is what [ParseAddress] says of everything that is none.
var errAddress = errors.New("is not udp://, tcp:// or tls:// with an address and a port, such as udp://127.0.0.1:5140, nor unix:// or unixgram:// with a file, such as unixgram:///run/klar/nginx.sock")

// ParseAddress reads an address such as udp://127.0.0.1:5140, tcp://, tls://, unix:///run/klar.sock or unixgram://. The
// host is an address, localhost, or empty for all; the file is an absolute one. The error is a predicate of s.
func ParseAddress(s string) (Address, error) {
	network, where, ok := strings.Cut(s, "://")
	if !ok {
		return Address{}, errAddress
	}
	switch network {
	case "udp", "tcp", "tls":
		host, port, err := net.SplitHostPort(where)
		n, no := strconv.ParseUint(port, 10, 16)
		if err != nil || no != nil || strconv.FormatUint(n, 10) != port {
			return Address{}, errAddress
		}
		if _, err := netip.ParseAddr(host); err != nil && host != "" && host != "localhost" {
			return Address{}, errAddress
		}
	case "unix", "unixgram":
		if !filepath.IsAbs(where) || strings.HasSuffix(where, "/") {
			return Address{}, errAddress
		}
		if len(where) > 100 {
			return Address{}, errors.New("names a file that is too long: sockets take 100 bytes")
		}
	default:
		return Address{}, errAddress
	}
	return Address{network, where}, nil
}

// TLS tells whether the address needs a certificate.
func (a Address) TLS() bool { return a.network == "tls" }

// Local tells whether only this machine reaches the address.
func (a Address) Local() bool {
	if a.network == "unix" || a.network == "unixgram" {
		return true
	}
	host, _, _ := net.SplitHostPort(a.where)
	addr, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && addr.Unmap().IsLoopback()
}

// Queue returns how many datagrams the system keeps for a unixgram:// address until they are read, 0 where that is not
// known. Senders that do not wait, such as nginx, throw away what does not fit, and nobody here learns of it.
func (a Address) Queue() int {
	if a.network != "unixgram" {
		return 0
	}
	b, err := os.ReadFile("/proc/sys/net/unix/max_dgram_qlen")
	if err != nil {
		return 0
	}
	n, err := strconv.Atoi(strings.TrimSpace(string(b)))
	if err != nil {
		return 0
	}
	return n
}

// Clash is the same for two addresses that cannot be listened on at the same time, as far as their names tell.
func (a Address) Clash() string {
	switch a.network {
	case "tls":
		return "tcp " + a.where
	case "unixgram":
		return "unix " + a.where
	}
	return a.network + " " + a.where
}

// removeStale removes the socket that a process left behind which was killed. Anything else at that place stays, and
// listening there fails.
func removeStale(a Address) error {
	info, err := os.Lstat(a.where)
	if err != nil || info.Mode().Type() != fs.ModeSocket {
		return nil
	}
	conn, err := net.Dial(a.network, a.where)
	if err == nil {
		_ = conn.Close()
		return errors.New("another process listens on this socket")
	}
	if errors.Is(err, syscall.ECONNREFUSED) {
		return os.Remove(a.where)
	}
	return nil
}

// openToAll lets all users who may enter the directory write to the socket, and returns what removes it at the end.
func (a Address) openToAll() func() {
	_ = os.Chmod(a.where, 0o666)
	if a.network == "unix" {
		return func() {} // net does it
	}
	return func() { _ = os.Remove(a.where) }
}
