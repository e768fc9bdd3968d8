package referrer

import (
	"bytes"
	"strings"

	"github.com/klar-analytics/klar/hit"
)

// page is a referring page or app.
type page struct {
	name string   // host without www, or the app's package; empty if there is no usable one
	host hit.Host // the same, zero for an app
	path []byte   // from the first slash on, perhaps with query and fragment
}

// parse takes a referrer apart: http(s)://host/path or android-app://package/path. User, password and port are left out,
// and an address is no host.
func parse(referrer []byte) page {
	scheme, rest, ok := bytes.Cut(referrer, []byte("://"))
	if !ok {
		return page{}
	}
	app := bytes.EqualFold(scheme, []byte("android-app"))
	if !app && !bytes.EqualFold(scheme, []byte("https")) && !bytes.EqualFold(scheme, []byte("http")) {
		return page{}
	}
	end := bytes.IndexAny(rest, "/?#\\")
	if end < 0 {
		end = len(rest)
	}
	authority, path := rest[:end], rest[end:]
	authority = authority[bytes.LastIndexByte(authority, '@')+1:]
	host := hit.NewHost(string(authority))
	if host.IsZero() {
		return page{}
	}
	name := bare(host.String())
	if app {
		return page{name: name}
	}
	return page{name: name, host: hit.NewHost(name), path: path}
}

// referrer returns the page's host and scrubbed path, or the host alone. The slash of a host without path is left out.
func (p page) referrer(s Scrubber, hostOnly bool) hit.Referrer {
	if p.name == "" {
		return hit.Referrer{}
	}
	path := ""
	if !hostOnly && len(p.path) > 0 && p.path[0] == '/' {
		path = strings.TrimSuffix(s.Path(p.path).String(), "/")
	}
	return hit.NewReferrer(p.name + path)
}

// bare returns the host without www.
func bare(host string) string { return strings.TrimPrefix(host, "www.") }

// Hosts are the hosts of one site, of which a referrer is internal. The zero value is none.
type Hosts struct{ bare []hit.Host }

// NewHosts returns the hosts with the given names, each with and without www. A name that is no host is left out.
func NewHosts(names ...string) Hosts {
	var h Hosts
	for _, name := range names {
		if host := hit.NewHost(bare(hit.NewHost(name).String())); !host.IsZero() && !h.has(host) {
			h.bare = append(h.bare, host)
		}
	}
	return h
}

func (h Hosts) has(host hit.Host) bool {
	for _, b := range h.bare {
		if b == host {
			return true
		}
	}
	return false
}
