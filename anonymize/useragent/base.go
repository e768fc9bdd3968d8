package useragent

import (
	"github.com/klar-analytics/klar/hit"
	"github.com/mssola/useragent"
)

// baseBrowsers and baseSystems are the names that are taken over from the base parser, which reads them out of the
// agent: any other could be anything.
var (
	baseBrowsers = map[string]string{
		"Chrome": "Chrome", "Chromium": "Chromium", "Firefox": "Firefox", "Opera": "Opera", "Edge": "Microsoft Edge",
		"Internet Explorer": "Internet Explorer", "Coc Coc": "Coc Coc", "YaBrowser": "Yandex Browser",
		"Google App": "Google App", "Netscape": "Netscape", "Netscape6": "Netscape", "Firebird": "Firefox",
		"Phoenix": "Firefox", "BonEcho": "Firefox", "GranParadiso": "Firefox", "Basilisk": "Basilisk", "Galeon": "Galeon",
	}
	baseSystems = map[string]string{
		"Linux": nameLinux, "Windows": nameWindows, "Mac OS X": nameMac, "Android": nameAndroid, "FreeBSD": "FreeBSD",
		"OpenBSD": "OpenBSD", "NetBSD": "NetBSD", "SunOS": "Solaris",
	}
)

// withBase fills in what Klar's rules left open from github.com/mssola/useragent. It makes strings of the agent's parts,
// which are garbage when it returns; agents of common browsers do not get here.
func withBase(a Agent, ua []byte) Agent {
	base := useragent.New(string(ua))
	if a.Browser.IsZero() {
		name, version := base.Browser()
		if own, ok := baseBrowsers[name]; ok {
			a.Browser, a.BrowserVersion = browserNames[own], major([]byte(version))
		}
	}
	if a.OS.IsZero() {
		if own, ok := baseSystems[base.OSInfo().Name]; ok {
			a.OS = hit.NewOS(own)
		}
	}
	return a
}
