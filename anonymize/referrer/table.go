package referrer

import "strings"

// class is what kind of site a source is.
type class uint8

const (
	plain class = iota
	search
	social
	video
	shopping
	mail
	assistant
	text
)

// origin is a source by the name it is shown with; no name is no source.
type origin struct {
	name    string
	class   class
	guessed bool // from a click id only; what the referrer says is better
}

// table finds sources by host and by the names that campaigns give them.
type table struct {
	domains map[string]origin // with all their subdomains
	labels  map[string]origin // the google of google.*, under any country's domain
	aliases map[string]origin // in lower case
}

func newTable() *table {
	t := &table{make(map[string]origin), make(map[string]origin), make(map[string]origin)}
	for class, lists := range sources {
		for line := range strings.Lines(lists) {
			name, keys, ok := strings.Cut(strings.TrimSpace(line), ": ")
			if !ok {
				continue
			}
			from := origin{name: name, class: class}
			lower := strings.ToLower(name)
			t.aliases[lower] = from
			t.aliases[strings.ReplaceAll(lower, " ", "")] = from
			for _, key := range strings.Fields(keys) {
				if label, ok := strings.CutSuffix(key, ".*"); ok {
					t.labels[label] = from
				} else if strings.Contains(key, ".") {
					t.domains[key] = from
				} else {
					t.aliases[strings.ReplaceAll(key, "+", " ")] = from
				}
			}
		}
	}
	return t
}

// host returns the source of a host in lower case: what the tables call it or the nearest domain above it, else the
// host itself.
func (t *table) host(host string) origin {
	for domain := host; domain != ""; {
		if from, ok := t.domains[domain]; ok {
			return from
		}
		label, rest, _ := strings.Cut(domain, ".")
		if from, ok := t.labels[label]; ok && country(rest) {
			return from
		}
		domain = rest
	}
	return origin{name: host}
}

// country reports whether a domain is one under which anybody's name may stand: de, com, co.uk, com.br. A source under
// any other (google.example.org) is not the source.
func country(domain string) bool {
	second, top, ok := strings.Cut(domain, ".")
	if !ok {
		switch second {
		case "com", "net", "org", "info", "biz", "cat", "asia", "eus", "gal":
			return true
		}
		return twoLetters(second)
	}
	switch second {
	case "co", "com", "net", "org", "ne", "or", "gen", "web", "in":
		return twoLetters(top)
	}
	return false
}

func twoLetters(s string) bool { return len(s) == 2 && letter(s[0]) && letter(s[1]) }

// tagged returns the source that the campaign's parameters name: utm_source, then ref, then source, then a click id.
func (t *table) tagged(tags *[parameters]string, ids clicks) origin {
	for _, i := range []int{utmSource, ref, source} {
		if tags[i] != "" {
			return t.named(tags[i])
		}
	}
	for _, c := range []struct {
		ids  clicks
		name string
	}{
		{googleClick, "google"}, {microsoftClick, "bing"}, {facebookClick, "facebook"}, {twitterClick, "twitter"},
		{tiktokClick, "tiktok"}, {linkedInClick, "linkedin"}, {yandexClick, "yandex"},
	} {
		if ids&c.ids != 0 {
			from := t.aliases[c.name]
			from.guessed = true
			return from
		}
	}
	return origin{}
}

// named returns the source that a campaign calls by a name, a host or a URL.
func (t *table) named(tag string) origin {
	lower := strings.ToLower(tag)
	if from, ok := t.aliases[lower]; ok {
		return from
	}
	if !strings.ContainsAny(lower, " :/") && strings.Contains(lower, ".") {
		host := bare(lower)
		if from := t.host(host); from.class != plain || from.name != host {
			return from
		}
		return origin{name: host}
	}
	if p := parse([]byte(lower)); p.name != "" {
		return t.host(p.name)
	}
	return origin{name: tag}
}
