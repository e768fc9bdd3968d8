package useragent

import (
	"bytes"

	"github.com/klar-analytics/klar/hit"
)

// The systems that rules name, as users of Plausible know them.
const (
	nameWindows      = "Windows"
	nameWindowsPhone = "Windows Phone"
	nameMac          = "Mac"
	nameIOS          = "iOS"
	nameIPadOS       = "iPadOS"
	nameTVOS         = "tvOS"
	nameAndroid      = "Android"
	nameLinux        = "Linux"
	nameChromeOS     = "Chrome OS"
	namePlayStation  = "PlayStation"
	nameNintendo     = "Nintendo"
	nameXbox         = "Xbox"
	nameBlackBerry   = "BlackBerry OS"
)

// systemWords name the systems that one word tells; the earlier of two wins. The version stands behind the word, with
// its minor number where minor is set.
var systemWords = []struct {
	word, name string
	minor      bool
}{
	{"xbox", nameXbox, false},
	{"windows phone os", nameWindowsPhone, true},
	{"windows phone", nameWindowsPhone, true},
	{"; wds", nameWindowsPhone, true},
	{"xblwp7", nameWindowsPhone, false},
	{"windows mobile", "Windows Mobile", true},
	{"watchos", "watchOS", false},
	{"tvos", nameTVOS, false},
	{"apple tv", nameTVOS, false},
	{"kaios", "KaiOS", true},
	{"openharmony", "HarmonyOS", false},
	{"harmonyos", "HarmonyOS", false},
	{"tizen", "Tizen", true},
	{"web0s", "webOS", false},
	{"webos", "webOS", true},
	{"hpwos", "webOS", true},
	{"netcast", "NetCast", false},
	{"roku/dvp", "Roku OS", true},
	{"sailfish", "Sailfish OS", true},
	{" cros ", nameChromeOS, false},
	{"fuchsia", "Fuchsia", false},
	{"rim tablet os", "BlackBerry Tablet OS", true},
	{"bada/", "Bada", true},
	{"opera/9.80 (bada", "Bada", true},
	{"meego", "MeeGo", false},
	{"maemo", "Maemo", false},
	{"symbian", "Symbian", false},
	{"symbos", "Symbian", false},
	{"series60", "Symbian", false},
	{"series 60", "Symbian", false},
	{"series40", "Nokia Series 40", false},
	{" kindle/", "Kindle", true},
	{"googletv", "Google TV", true},
}

// otherSystems are looked for when neither Windows, Apple's systems nor Android are named. The number behind the name
// of a distribution is a package's, but for Ubuntu, and the one behind Linux the kernel's.
var otherSystems = []struct {
	word, name     string
	version, minor bool
}{
	{"ubuntu", "Ubuntu", true, true},
	{"fedora", "Fedora", false, false},
	{"debian", "Debian", false, false},
	{"red hat", "Red Hat", false, false},
	{"redhat", "Red Hat", false, false},
	{"centos", "CentOS", false, false},
	{"suse", "SUSE", false, false},
	{"gentoo", "Gentoo", false, false},
	{"mandriva", "Mandriva", false, false},
	{"linux mint", "Linux Mint", true, false},
	{"freebsd", "FreeBSD", true, false},
	{"openbsd", "OpenBSD", true, true},
	{"netbsd", "NetBSD", true, false},
	{"sunos", "Solaris", false, false},
	{"haiku", "Haiku", false, false},
	{"serenityos", "SerenityOS", false, false},
	{"(mobile; rv", "Firefox OS", false, false},
	{"(tablet; rv", "Firefox OS", false, false},
	{"linux", nameLinux, false, false},
}

// systemNames holds the interned form of every system's name.
var systemNames = func() map[string]hit.OS {
	m := make(map[string]hit.OS)
	for _, n := range []string{nameWindows, nameMac, nameIOS, nameIPadOS, nameAndroid, namePlayStation, nameNintendo, nameBlackBerry} {
		m[n] = hit.NewOS(n)
	}
	for _, w := range systemWords {
		m[w.name] = hit.NewOS(w.name)
	}
	for _, w := range otherSystems {
		m[w.name] = hit.NewOS(w.name)
	}
	return m
}()

// systemOf returns the operating system of t, a folded agent, and its version as far as it is counted.
func systemOf(t []byte) (hit.OS, hit.Version) {
	for _, w := range systemWords {
		if i := bytes.Index(t, []byte(w.word)); i >= 0 {
			return systemNames[w.name], dotted(t[i+len(w.word):], w.minor)
		}
	}
	if name, version := console(t); name != "" {
		return systemNames[name], hit.NewVersion(version)
	}
	switch {
	case hasAny(t, "(bb10;", "blackberry"):
		return systemNames[nameBlackBerry], dotted(after(t, " version/"), true)
	case hasAny(t, "iphone", "ipad", "ipod", "ipados", " ios/", " ios ", "(ios;", ";ios ", "iph os", "ipd os"):
		return apple(t)
	case hasAny(t, "android", "; adr ", "silk/", "oculusbrowser/", "juc(", "juc ("):
		return systemNames[nameAndroid], dotted(androidVersion(t), false)
	case hasAny(t, "windows", " winnt", " win9", "(win"):
		return systemNames[nameWindows], hit.NewVersion(windowsVersion(t))
	case hasAny(t, "mac os", "macos", "macintosh", "mac_powerpc", "mac_ppc"):
		return mac(t)
	case has(t, "darwin/"):
		if hasAny(t, "i386", "x86_64") {
			return systemNames[nameMac], hit.Version{}
		}
		return systemNames[nameIOS], hit.Version{}
	}
	for _, w := range otherSystems {
		if i := bytes.Index(t, []byte(w.word)); i >= 0 {
			if !w.version {
				return systemNames[w.name], hit.Version{}
			}
			return systemNames[w.name], dotted(t[i+len(w.word):], w.minor)
		}
	}
	return hit.OS{}, hit.Version{}
}

// console names the systems of game consoles, whose model is their version.
func console(t []byte) (name, version string) {
	switch {
	case has(t, "playstation vita"):
		return namePlayStation, "Vita"
	case has(t, "playstation portable"):
		return namePlayStation, "Portable"
	case has(t, "playstation"):
		for _, model := range []string{"5", "4", "3"} {
			if has(t, "playstation "+model) {
				return namePlayStation, model
			}
		}
		return namePlayStation, ""
	case has(t, "nintendo"):
		for _, model := range []string{"Switch", "WiiU", "Wii", "3DS", "DSi", "DS"} {
			if has(t, "nintendo "+string(bytes.ToLower([]byte(model)))) {
				return nameNintendo, model
			}
		}
		return nameNintendo, ""
	}
	return "", ""
}

// windowsVersion returns the name of a version of Windows. 10 and 11 say the same.
func windowsVersion(t []byte) string {
	for _, v := range windowsVersions {
		if has(t, v.word) {
			return v.version
		}
	}
	return ""
}

var windowsVersions = []struct{ word, version string }{
	{"windows nt 10", "10"}, {"windows nt 6.4", "10"}, {"windows nt 6.3", "8.1"}, {"windows nt 6.2", "8"},
	{"windows nt 6.1", "7"}, {"windows nt 6.0", "Vista"}, {"windows nt 5.2", "XP"}, {"windows nt 5.1", "XP"},
	{"windows nt 5.0", "2000"}, {"win nt 5.0", "2000"}, {"windows nt", "NT"}, {"winnt", "NT"}, {"windows 11", "10"},
	{"windows 10", "10"}, {"windows/10", "10"}, {"windows 8.1", "8.1"}, {"windows/8.1", "8.1"}, {"windows 8", "8"},
	{"windows 7", "7"}, {"windows vista", "Vista"}, {"windows xp", "XP"}, {"windows 2000", "2000"}, {"win 9x 4.90", "ME"},
	{"windows me", "ME"}, {"windows 98", "98"}, {"win98", "98"}, {"windows 95", "95"}, {"win95", "95"},
	{"windows ce", "CE"}, {"windowsce", "CE"}, {"windows 3.1", "3.1"}, {"win3.1", "3.1"}, {"win16", "3.1"},
}

// apple tells iOS from iPadOS, which iPads have since version 13. Safari 26 and later say the system's version only as
// their own: the other is frozen at 18.
func apple(t []byte) (hit.OS, hit.Version) {
	v := dotted(appleVersion(t), false)
	if own := after(t, " version/"); own != nil && len(v.String()) == 2 && v.String() >= "18" {
		if m := major(own); len(m.String()) == 2 && m.String() >= "26" {
			v = m
		}
	}
	if hasAny(t, "ipad;", "ipad ", "ipados") && len(v.String()) == 2 && v.String() >= "13" {
		return systemNames[nameIPadOS], v
	}
	return systemNames[nameIOS], v
}

func appleVersion(t []byte) []byte {
	for _, w := range []string{" os ", "cpu iphone ", " ios ", " ios/", "ipados ", " ios; ", ";ios ", "iphone/", "cpu "} {
		for rest := after(t, w); rest != nil; rest = after(rest, w) {
			if v := skip(rest); number(v) != nil {
				return v
			}
		}
	}
	return nil
}

// androidVersion returns what the version of Android is at the start of.
func androidVersion(t []byte) []byte {
	for _, w := range []string{"android mobile/", "android", "; adr ", "linux;u;", "linux; u; "} {
		for rest := after(t, w); rest != nil; rest = after(rest, w) {
			if v := skip(rest); number(v) != nil {
				return v
			}
		}
	}
	return nil
}

// mac returns the version of macOS, of which browsers say no more than 10.15 since 11. An iPad that asks for a
// desktop's pages gives itself away by the names of browsers that only iPhones and iPads have.
func mac(t []byte) (hit.OS, hit.Version) {
	if hasAny(t, "crios/", "edgios/", "fxios/", " opt/") {
		return systemNames[nameIPadOS], hit.Version{}
	}
	v := after(t, "os x ")
	if n := number(v); n != nil && string(n) != "10" {
		return systemNames[nameMac], dotted(v, false)
	}
	return systemNames[nameMac], dotted(v, true)
}

// dotted returns the version that t starts with, perhaps behind a mark: its major number and, if minor is set, the
// next. Either has at most three digits.
func dotted(t []byte, minor bool) hit.Version {
	t = skip(t)
	n := number(t)
	if n == nil || len(n) > 3 {
		return hit.Version{}
	}
	v := string(n)
	if rest := t[len(n):]; minor && len(rest) > 1 && (rest[0] == '.' || rest[0] == '_') {
		if m := number(rest[1:]); m != nil && len(m) <= 3 {
			v += "." + string(m)
		}
	}
	return hit.NewVersion(v)
}
