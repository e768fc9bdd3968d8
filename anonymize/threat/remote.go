package threat

import "strings"

// remote looks for addresses that are inside, and for scripts to be included from elsewhere.
func remote(v string) level {
	if host, _, ok := strings.Cut(v, "/"); ok && insideNames[host] {
		return suspicious
	}
	scheme, rest, ok := strings.Cut(v, ":")
	if !ok || len(scheme) < 2 {
		return nothing
	}
	for i := range len(scheme) {
		if !alnum(scheme[len(scheme)-1-i]) && i > 1 { // what stands in front of the scheme
			scheme = scheme[len(scheme)-i:]
			break
		}
	}
	slashes := strings.HasPrefix(rest, "//")
	if !slashes && scheme != "http" && scheme != "https" {
		return nothing
	}
	rest = strings.TrimLeft(rest, `/\`)
	host, path := rest, ""
	if end := strings.IndexAny(rest, "/?#"); end >= 0 && !has(rest[end:], "@") {
		host, path = rest[:end], rest[end:]
	}
	if i := strings.LastIndexByte(host, '@'); i >= 0 {
		host = host[i+1:]
		if end := strings.IndexAny(host, "/?#"); end >= 0 {
			host, path = host[:end], host[end:]
		}
	}
	host = strings.ReplaceAll(host, `\`, "")
	if l := inside(host, scheme, slashes); l != nothing {
		return l
	}
	if slashes && (strings.HasSuffix(path, "?") || hasAny(path, ".txt?", ".php?cmd", "shell.", "c99", "r57", "rfiinc", "/rfi")) &&
		hasAny(path, ".txt", ".dat", ".gif", ".jpg", ".php", "shell", "c99", "r57") {
		return certain
	}
	if slashes && strings.HasSuffix(v, "?") && (scheme == "http" || scheme == "https" || scheme == "ftp") {
		return suspicious
	}
	return nothing
}

// insideNames are names that machines give themselves and each other, here without a scheme.
var insideNames = set("localhost localhost.localdomain localhost4 localhost6 localhost4.localdomain4 ip6-localhost ipv6-localhost ip6-loopback host.docker.internal " +
	"gateway.docker.internal kubernetes.docker.internal host.containers.internal kubernetes.default.svc kubernetes.default.svc.cluster.local 127.0.0.1 0.0.0.0 " +
	"localtest.me lvh.me 169.254.169.254 metadata.google.internal")

// insideHosts are hosts that are inside, or that tell whoever owns them that they were asked.
var insideHosts = newWords(
	"169.254.169.254", "metadata.google", "metadata.packet.net", "metadata.azure", ".docker.internal", ".cluster.local", "100.100.100.200", "instance-data", "169.254.170.2", "[::]", "[::1]", "[fe80:", "[::ffff:", "[0:0:0:0:",
	"burpcollaborator", "interact.sh", "oast.", "oastify", "xip.io", "nip.io", "sslip.io", "localtest.me", "lvh.me", "spoofed.burp", "wapiti3.ovh",
)

// inside says whether a host of an address is one of the network behind the server, however it is written.
func inside(host, scheme string, slashes bool) level {
	switch {
	case insideHosts.in(host):
		return certain
	case strings.HasPrefix(host, "["):
		return suspicious
	case strings.HasPrefix(host, "localhost"), strings.HasPrefix(host, "0x"):
		return suspicious
	}
	if end := strings.LastIndexByte(host, ':'); end >= 0 && strings.Count(host, ":") == 1 {
		host = host[:end]
	}
	parts := strings.Split(host, ".")
	odd := len(parts) < 4 // a number in the place of an address
	for _, p := range parts {
		hex := strings.HasPrefix(p, "0x")
		odd = odd || hex || len(p) > 3 || len(p) > 1 && p[0] == '0'
		if p == "" || !allHex([]byte(strings.TrimPrefix(p, "0x"))) || !hex && !number(p) {
			return nothing
		}
	}
	switch {
	case odd && len(parts) <= 4 && (slashes || len(host) > 6), len(parts) == 4 && !slashes:
		return certain
	case len(parts) == 4 && slashes && (len(scheme) < 6 || private(parts)):
		return suspicious
	}
	return nothing
}

// private reports whether an address of four numbers is not to be reached from everywhere.
func private(parts []string) bool {
	switch parts[0] {
	case "127", "10", "0":
		return true
	case "192":
		return parts[1] == "168"
	case "169":
		return parts[1] == "254"
	case "172":
		return len(parts[1]) == 2 && "16" <= parts[1] && parts[1] <= "31"
	}
	return false
}
