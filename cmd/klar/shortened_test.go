package main

import (
	"io"
	"net"
	"net/http"
	"net/netip"
	"testing"
	"time"
)

// TestPeersAreShortened wants a handler to be told the network of a visitor, and the whole address of a trusted proxy only.
func TestPeersAreShortened(t *testing.T) {
	t.Parallel()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var p peers
	p.trust(nil)
	server := http.Server{ReadHeaderTimeout: time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, r.RemoteAddr)
	})}
	server.SetKeepAlivesEnabled(false)
	loopback := []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	go func() { _ = server.Serve(p.shortened(proxied(listener, loopback))) }()
	t.Cleanup(func() { _ = server.Close() })
	address := "http://" + listener.Addr().String()
	if got := answeredWith(t, proxyClient(t, proxyOfPlanted), address); got != "198.51.100.0:0" {
		t.Errorf("a visitor is told as %q, want the network", got)
	}
	if got := answeredWith(t, proxyClient(t, "PROXY TCP6 2001:db8:1:2::3 ::1 4711 8080\r\n"), address); got != "[2001:db8:1::]:0" {
		t.Errorf("a visitor is told as %q, want the network", got)
	}
	if got := answeredWith(t, proxyClient(t, proxyOfUnknown), address); got != "127.0.0.0:0" {
		t.Errorf("who is not trusted is told as %q, want the network", got)
	}
	p.trust(loopback)
	if got := answeredWith(t, proxyClient(t, proxyOfUnknown), address); got != "127.0.0.1" {
		t.Errorf("a trusted proxy is told as %q", got)
	}
}
