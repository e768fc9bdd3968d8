package main

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/netip"
	"testing"
	"time"
)

// proxyClient returns a client that begins each connection with a header of the PROXY protocol; empty is none.
func proxyClient(t *testing.T, header string) *http.Client {
	t.Helper()
	transport := &http.Transport{DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := new(net.Dialer).DialContext(ctx, network, address)
		if err == nil {
			_, err = io.WriteString(conn, header)
		}
		return conn, err
	}}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, Timeout: patience}
}

// The headers of proxies: the client is 198.51.100.77, or not told.
const (
	proxyOfPlanted = "PROXY TCP4 198.51.100.77 127.0.0.1 4711 8080\r\n"
	proxyOfUnknown = "PROXY UNKNOWN\r\n"
)

// TestProxyProtocol wants the client that a trusted proxy names, and nobody else, to be believed.
func TestProxyProtocol(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ header, trusted, want string }{
		"a trusted proxy":                {proxyOfPlanted, "127.0.0.0/8", "198.51.100.77:4711"},
		"one that speaks for itself":     {proxyOfUnknown, "127.0.0.0/8", "127.0.0.1"},
		"a trusted proxy without header": {"", "127.0.0.0/8", ""},
		"somebody else with a header":    {proxyOfPlanted, "10.0.0.0/8", ""},
		"somebody else":                  {"", "10.0.0.0/8", "127.0.0.1"},
		"half a header":                  {"PROXY TCP4 198.51.100.77\r\n", "127.0.0.0/8", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			server := http.Server{ReadHeaderTimeout: time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				_, _ = io.WriteString(w, r.RemoteAddr)
			})}
			server.SetKeepAlivesEnabled(false)
			go func() { _ = server.Serve(proxied(listener, []netip.Prefix{netip.MustParsePrefix(test.trusted)})) }()
			t.Cleanup(func() { _ = server.Close() })
			if got := answeredWith(t, proxyClient(t, test.header), "http://"+listener.Addr().String()); got != test.want {
				t.Errorf("taken for %q, want %q", got, test.want)
			}
		})
	}
}

// answeredWith returns the body of an answer, without a local port, or nothing if there is none or an error.
func answeredWith(t *testing.T, client *http.Client, address string) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := client.Do(r)
	if err != nil {
		return ""
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		return ""
	}
	if host, _, err := net.SplitHostPort(string(body)); err == nil && host == "127.0.0.1" {
		return host
	}
	return string(body)
}
