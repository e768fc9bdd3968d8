package anonymize

import (
	"errors"
	"net/netip"
	"strings"

	"github.com/klar-analytics/klar/hit"
)

// CheckSite returns why a site cannot have the id, nil if it can.
func CheckSite(id string) error {
	if id == "" || hit.NewSite(id).String() != id {
		return errors.New("a site's id has 1 to 255 letters, digits and .-_:/ and is no address")
	}
	return nil
}

// CheckHost returns why name cannot be a host of a site, nil if it can: a host name without port, in any case, or the
// address of a server.
func CheckHost(name string) error {
	if _, err := netip.ParseAddr(name); err == nil {
		return nil
	}
	if host := hit.NewHost(name).String(); host == "" || host != strings.ToLower(name) {
		return errors.New("a host is a name such as www.example.org, without scheme, port and path")
	}
	return nil
}
