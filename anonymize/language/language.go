// Package language owns which language a visitor reads: the first of Accept-Language, as one of a closed list.
package language

import (
	"bytes"
	"hash/maphash"
	"strings"

	"github.com/klar-analytics/klar/anonymize/memo"
	"github.com/klar-analytics/klar/hit"
)

// entries is how many headers are remembered, in about 100 KB.
const entries = 1 << 10

// Parser parses headers. It remembers a bounded number of answers by a keyed hash, never the headers, and is safe for
// concurrent use.
type Parser struct {
	seed  maphash.Seed
	known memo.Cache[hit.Language]
}

// New returns a parser.
func New() *Parser {
	return &Parser{seed: maphash.MakeSeed(), known: memo.New[hit.Language](entries)}
}

// Parse returns the first language of an Accept-Language header (RFC 9110, section 12.5.4): its primary subtag and the
// country if one is named. Zero is none, or one that is not on the list. Scripts, variants and extensions are dropped.
func (p *Parser) Parse(header []byte) hit.Language {
	if len(header) == 0 {
		return hit.Language{}
	}
	key := maphash.Bytes(p.seed, header)
	l, ok := p.known.Get(key)
	if !ok {
		l = first(header)
		p.known.Put(key, l)
	}
	return l
}

// maxTag is how long a tag can be that is looked at.
const maxTag = 40

func first(header []byte) hit.Language {
	if end := bytes.IndexAny(header, ",;"); end >= 0 {
		header = header[:end]
	}
	header = bytes.TrimSpace(header)
	if len(header) > maxTag {
		return hit.Language{}
	}
	subtags := strings.FieldsFunc(string(header), func(r rune) bool { return r == '-' || r == '_' })
	if len(subtags) == 0 {
		return hit.Language{}
	}
	tag := strings.ToLower(subtags[0])
	if !listed(languages, tag) {
		return hit.Language{}
	}
	for _, s := range subtags[1:] {
		if len(s) == 1 { // what follows is an extension
			break
		}
		if country := strings.ToUpper(s); len(s) == 2 && listed(countries, country) {
			tag += "-" + country
			break
		}
	}
	return hit.NewLanguage(tag)
}

// listed reports whether a list holds a code of letters.
func listed(list, code string) bool {
	return strings.Trim(code, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") == "" && strings.Contains(list, " "+code+" ")
}
