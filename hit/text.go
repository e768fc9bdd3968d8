package hit

import (
	"strings"
	"unicode/utf8"
	"unique"
)

// text is an interned string: eight bytes, compared and hashed by its address. The zero value is the empty string.
type text struct{ h unique.Handle[string] }

// String returns the text.
func (t text) String() string {
	if t == (text{}) {
		return ""
	}
	return t.h.Value()
}

// IsZero reports whether the text is empty.
func (t text) IsZero() bool { return t == text{} }

func intern(s string) text {
	if s == "" {
		return text{}
	}
	return text{unique.Make(s)}
}

// The texts that a hit is made of. Each has one constructor, New and its name, which holds its bound.
type (
	// Site is the id of a configured site, at most 255 bytes.
	Site struct{ text }
	// Host is a host name without port, at most 255 bytes, never an address.
	Host struct{ text }
	// Path is a request's path without query and fragment, at most 1,024 bytes.
	Path struct{ text }
	// Event is the name of a custom event, at most 120 characters.
	Event struct{ text }
	// Bot is a bot's name, at most 64 characters.
	Bot struct{ text }
	// Source is the display name or host of where a visit came from, at most 255 bytes.
	Source struct{ text }
	// Referrer is host and path of the referring page, without query, at most 1,024 bytes.
	Referrer struct{ text }
	// Campaign is the value of a campaign parameter, at most 120 characters.
	Campaign struct{ text }
	// Provider is the name of an internet provider, at most 120 characters.
	Provider struct{ text }
	// Browser is a browser's name, at most 40 characters.
	Browser struct{ text }
	// OS is an operating system's name, at most 40 characters.
	OS struct{ text }
	// Version is a version as far as it is counted: "126", "10.15", "XP"; at most 12 characters.
	Version struct{ text }
)

// NewSite returns the site with the given id.
func NewSite(s string) Site { return Site{intern(label(s, 255, ".-_:/"))} }

// NewHost returns the host without port and in lower case; zero for an address or what cannot be a host.
func NewHost(s string) Host {
	s = strings.ToLower(s)
	if i := strings.LastIndexByte(s, ':'); i >= 0 && !strings.Contains(s, "]") {
		s = s[:i]
	}
	s = strings.TrimRight(s, ".")
	for i := range len(s) {
		if c := s[i]; c != '.' && c != '-' && c != '_' && !alnum(c) {
			return Host{}
		}
	}
	return Host{intern(label(s, 255, ".-_"))}
}

// NewPath returns the path up to its query or fragment. Control characters and invalid UTF-8 become U+FFFD, and a path
// in which an address stands becomes "/:ip", so that nothing that slipped past scrubbing is kept.
func NewPath(s string) Path { return Path{intern(path(s))} }

// NewReferrer returns host and path of a referring page, under the rules of [NewPath]; zero if an address stands in it.
func NewReferrer(s string) Referrer {
	if s = path(s); s == addressPath {
		s = ""
	}
	return Referrer{intern(s)}
}

// NewEvent returns the event's name; an event whose name holds an address or a query is called "unnamed".
func NewEvent(s string) Event {
	e := label(s, 120, eventMarks)
	if e == "" && s != "" {
		e = "unnamed"
	}
	return Event{intern(e)}
}

// NewBot returns the bot's name, zero if it cannot be one.
func NewBot(s string) Bot { return Bot{intern(label(s, 64, " .-_+!:&'"))} }

// NewSource returns the source's name, zero if it cannot be one.
func NewSource(s string) Source { return Source{intern(label(s, 255, eventMarks))} }

// NewCampaign returns the campaign parameter's value, zero if it cannot be one.
func NewCampaign(s string) Campaign { return Campaign{intern(label(s, 120, eventMarks))} }

// NewProvider returns the provider's name, zero if it cannot be one.
func NewProvider(s string) Provider { return Provider{intern(label(s, 120, " .,-_+&'()/!*"))} }

// NewBrowser returns the browser's name, zero if it cannot be one.
func NewBrowser(s string) Browser { return Browser{intern(label(s, 40, " .-_+&'!"))} }

// NewOS returns the operating system's name, zero if it cannot be one.
func NewOS(s string) OS { return OS{intern(label(s, 40, " .-_+&'!"))} }

// NewVersion returns the version, zero if it cannot be one.
func NewVersion(s string) Version { return Version{intern(label(s, 12, " ."))} }

const (
	eventMarks  = " .,-_+:/|!'#*()[]@~$€%"
	addressPath = "/:ip"
)

// label returns s if it has at most most bytes, holds only letters, digits and the given marks, and no address; and
// nothing otherwise. Letters beyond ASCII are let through, invalid UTF-8 is not.
func label(s string, most int, marks string) string {
	s = strings.TrimSpace(s)
	if len(s) > most || !utf8.ValidString(s) || holdsAddress(s) || strings.Contains(s, "Mozilla/") {
		return ""
	}
	for _, r := range s {
		if r < utf8.RuneSelf && !alnum(byte(r)) && !strings.ContainsRune(marks, r) {
			return ""
		}
	}
	return s
}

// path cuts last, as a replaced byte takes three: what comes out comes out the same when it goes in again, from the spool.
func path(s string) string {
	if i := strings.IndexAny(s, "?#"); i >= 0 {
		s = s[:i]
	}
	s = s[:min(len(s), maxPath)]
	if !utf8.ValidString(s) || strings.ContainsFunc(s, control) {
		s = strings.Map(func(r rune) rune {
			if control(r) {
				return utf8.RuneError
			}
			return r
		}, strings.ToValidUTF8(s, "\uFFFD"))
	}
	if end := maxPath; len(s) > end {
		for !utf8.RuneStart(s[end]) {
			end--
		}
		s = s[:end]
	}
	if holdsAddress(s) {
		return addressPath
	}
	return s
}

// maxPath bounds a path, in bytes.
const maxPath = 1024

func control(r rune) bool { return r < ' ' || r == 0x7f }

func alnum(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}
