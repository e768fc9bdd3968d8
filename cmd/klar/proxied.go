package main

import (
	"net"
	"net/netip"
	"time"

	"github.com/pires/go-proxyproto"
)

// proxyHeaderTime bounds how long a proxy takes to say whom it speaks for.
const proxyHeaderTime = 5 * time.Second

// proxied returns a listener on which the trusted proxies must begin each connection with a header of the PROXY protocol, of
// either version, whose address then is the connection's. Who is no trusted proxy speaks for himself, without a header.
func proxied(listener net.Listener, trusted []netip.Prefix) net.Listener {
	return &proxyproto.Listener{
		Listener: listener, ReadHeaderTimeout: proxyHeaderTime,
		ConnPolicy: func(o proxyproto.ConnPolicyOptions) (proxyproto.Policy, error) {
			at, err := netip.ParseAddrPort(o.Upstream.String())
			if err != nil { // a unix socket, say
				return proxyproto.SKIP, nil
			}
			for _, network := range trusted {
				if network.Contains(at.Addr().Unmap().WithZone("")) {
					return proxyproto.REQUIRE, nil
				}
			}
			return proxyproto.SKIP, nil
		},
	}
}
