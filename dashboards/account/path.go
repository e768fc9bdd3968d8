package account

import (
	"net/url"
	"strings"
)

// LocalPath returns the path and query of a text if that leads to this origin, whatever browsers make of it, else /.
func LocalPath(text string) string {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || u.Opaque != "" {
		return "/"
	}
	// Browsers take \ for /, and leave out tabs and line ends.
	if !strings.HasPrefix(text, "/") || strings.HasPrefix(text, "//") || strings.ContainsFunc(text, func(r rune) bool { return r == '\\' || r < ' ' || r == 0x7f }) {
		return "/"
	}
	return u.RequestURI()
}
