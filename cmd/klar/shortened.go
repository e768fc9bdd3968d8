package main

import (
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/klar-analytics/klar/anonymize"
	"github.com/klar-analytics/klar/collector/beacon"
)

// peers are the networks of the trusted proxies and the URL at which they answer for Klar, which a reload can change.
type peers struct {
	trusted atomic.Pointer[[]netip.Prefix]
	url     atomic.Pointer[string]
}

// answersAt makes a URL that at which people find the dashboard; it may be empty.
func (p *peers) answersAt(url string) { p.url.Store(&url) }

// trust makes the networks those of the trusted proxies.
func (p *peers) trust(networks []netip.Prefix) { p.trusted.Store(&networks) }

// shortened returns a listener whose connections tell the shortened address of who is at their other end, so that not even
// net/http gets to know a visitor's. Trusted proxies are no visitors, and are told as they are.
func (p *peers) shortened(listener net.Listener) net.Listener {
	return shortenedListener{listener, p}
}

type shortenedListener struct {
	net.Listener
	peers *peers
}

// Accept waits for the next connection.
func (l shortenedListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &shortenedConn{lazyConn: lazyConn{Conn: conn}, peers: l.peers}, nil
}

type shortenedConn struct {
	lazyConn
	peers *peers
}

// asker returns the shortened network of who sent a request, and false for this machine.
func (p *peers) asker(r *http.Request) (netip.Addr, bool) {
	peer, forwarded := []byte(r.RemoteAddr), beacon.Forwarded(r.Header)
	defer clear(forwarded)
	network, local := anonymize.Client(peer, forwarded, *p.trusted.Load())
	if !network.IsValid() {
		network = netip.IPv6Unspecified() // who cannot be told apart is bounded together
	}
	return network, !local
}

// secure reports whether a request came over https: to the URL that is configured, or to a trusted proxy, which says so.
// The nearest proxy's word stands at the end.
func (p *peers) secure(r *http.Request) bool {
	if strings.EqualFold(*p.url.Load(), "https://"+r.Host) {
		return true
	}
	at, err := netip.ParseAddrPort(r.RemoteAddr)
	said := strings.Split(strings.Join(r.Header.Values("X-Forwarded-Proto"), ","), ",")
	return err == nil && strings.EqualFold(strings.TrimSpace(said[len(said)-1]), "https") &&
		slices.ContainsFunc(*p.trusted.Load(), func(n netip.Prefix) bool { return n.Contains(at.Addr().Unmap().WithZone("")) })
}

// RemoteAddr returns the shortened address, with port 0. With the PROXY protocol it waits for the proxy to tell it.
func (c *shortenedConn) RemoteAddr() net.Addr {
	full := c.Conn.RemoteAddr()
	at, ok := full.(*net.TCPAddr)
	if !ok { // a unix socket has none
		return full
	}
	short := anonymize.Peer(at.AddrPort().Addr(), *c.peers.trusted.Load())
	return net.TCPAddrFromAddrPort(netip.AddrPortFrom(short, 0))
}
