package useragent

import (
	"bytes"

	"github.com/klar-analytics/klar/hit"
)

type browser struct {
	name    hit.Browser
	version hit.Version
}

// browserOf names the browser of t, a folded agent, by Klar's own rules, and reports whether they know it.
func browserOf(t []byte) (browser, bool) {
	if i, end := namingWords.lowest(t, nil); i >= 0 {
		n := namings[i]
		behind := t[end:]
		if n.version != "" {
			if v := after(t, n.version); v != nil {
				behind = v
			}
		}
		return browser{browserNames[n.name], major(behind)}, true
	}
	name, behind := plain(t)
	if name == "" {
		return browser{}, false
	}
	return browser{browserNames[name], major(behind)}, true
}

// plain recognises the browsers that others are built from, by what only they leave out, and returns the name and
// what its version is at the start of.
func plain(t []byte) (name string, version []byte) {
	switch {
	case has(t, "trident/"):
		return "Internet Explorer", trident(after(t, "trident/"))
	case hasAny(t, " opera/", "/opera/", " opera "):
		if v := after(t, "version/"); v != nil && has(t, "presto") {
			return "Opera", v
		}
		if v := after(t, "opera/"); v != nil {
			return "Opera", v
		}
		return "Opera", after(t, " opera ")
	case has(t, "msie "):
		return "Internet Explorer", after(t, "msie ")
	case has(t, "chromium/"):
		return "Chromium", after(t, "chromium/")
	case has(t, "chrome/"):
		if has(t, "android") && hasAny(t, "; wv)", "version/4.0 ") {
			return "Mobile App", after(t, "chrome/") // Android's WebView
		}
		return "Chrome", after(t, "chrome/")
	case has(t, "firefox"):
		return "Firefox", after(t, "firefox")
	case has(t, "applewebkit"):
		return webkit(t)
	case has(t, "cfnetwork/") && hasAny(t, " mobilesafari/", " safari/"):
		return "Safari", nil // it numbers the engine there
	}
	return "", nil
}

// trident returns the version of the Internet Explorer that an engine's version belongs to. What the agent calls
// itself may be a compatibility mode.
func trident(engine []byte) []byte {
	if len(engine) == 0 {
		return nil
	}
	switch engine[0] {
	case '4':
		return []byte("8")
	case '5':
		return []byte("9")
	case '6':
		return []byte("10")
	case '7', '8':
		return []byte("11")
	}
	return []byte("7")
}

// webkit tells Safari from the other users of its engine.
func webkit(t []byte) (name string, version []byte) {
	switch {
	case hasAny(t, "iphone", "ipad", "ipod"):
		if v := after(t, " version/"); v != nil {
			return "Safari", v
		}
		return "Mobile App", nil // a web view says which system it runs in, not which browser
	case has(t, "android"):
		return "Android Browser", androidVersion(t)
	case has(t, "macintosh") && has(t, "safari/"):
		return "Safari", after(t, " version/")
	case has(t, "x11;") && has(t, " version/") && has(t, "safari/"):
		return "GNOME Web", after(t, " version/")
	case has(t, "windows nt") && has(t, " version/") && has(t, "safari/"):
		return "Safari", after(t, " version/")
	}
	return "", nil
}

// major returns the number that t starts with, perhaps behind marks such as "/". A number of more than four digits is
// no version and could tell people apart.
func major(t []byte) hit.Version {
	n := number(skip(t))
	if len(n) > 4 {
		return hit.Version{}
	}
	return hit.NewVersion(string(n))
}

// skip returns t without the marks, at most three, that may stand between a name and its version.
func skip(t []byte) []byte {
	for range min(len(t), 3) {
		if bytes.IndexByte([]byte("/ _-:;v("), t[0]) < 0 {
			break
		}
		t = t[1:]
	}
	return t
}

// number returns the digits that t starts with, nil if there are none.
func number(t []byte) []byte {
	n := 0
	for n < len(t) && '0' <= t[n] && t[n] <= '9' {
		n++
	}
	if n == 0 {
		return nil
	}
	return t[:n]
}
