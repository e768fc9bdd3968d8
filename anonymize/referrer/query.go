package referrer

import (
	"bytes"
	"errors"
)

// The parameters that are read.
const (
	utmSource = iota
	utmMedium
	utmCampaign
	utmContent
	utmTerm
	ref
	source
	parameters
)

var parameterNames = [parameters]string{"utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term", "ref", "source"}

// maxValue is the length of a parameter's encoded value, in bytes, from which on it is passed over.
const maxValue = 512

// Parameters returns the names of the campaign parameters that can be read.
func Parameters() []string { return append([]string(nil), parameterNames[:]...) }

func allow(names []string) (allowed [parameters]bool, err error) {
	if names == nil {
		names = parameterNames[:]
	}
	for _, name := range names {
		i := parameter([]byte(name))
		if i < 0 {
			return allowed, errors.New("privacy.query: a parameter that is none of the campaign parameters Klar can keep")
		}
		allowed[i] = true
	}
	return allowed, nil
}

// clicks is a set of advertisers whose click ids stand in a query. The ids themselves are never read.
type clicks uint8

const (
	googleClick clicks = 1 << iota
	microsoftClick
	facebookClick
	twitterClick
	tiktokClick
	linkedInClick
	yandexClick
)

// paidClicks are those that only an advertisement has; Facebook puts its id on every link.
const paidClicks = googleClick | microsoftClick | twitterClick | tiktokClick | yandexClick

// query is what is read of a query: the encoded values of the allowed parameters, and who counted the click.
type query struct {
	values [parameters][]byte
	clicks clicks
}

func (q *query) empty() bool {
	for _, v := range q.values {
		if len(v) > 0 {
			return false
		}
	}
	return q.clicks == 0
}

// read reads a query. Of a parameter that is given twice, the first counts. The values lie in b.
func (r *Resolver) read(b []byte) (q query) {
	if len(b) > 0 && b[0] == '?' {
		b = b[1:]
	}
	for len(b) > 0 {
		var part []byte
		part, b, _ = bytes.Cut(b, []byte{'&'})
		eq := bytes.IndexByte(part, '=')
		if eq < 3 || eq+1 == len(part) {
			continue
		}
		name, value := part[:eq], part[eq+1:]
		if bytes.HasPrefix(name, []byte("amp;")) { // a link that was escaped twice
			name = name[len("amp;"):]
		}
		if i := parameter(name); i >= 0 {
			if r.allowed[i] && len(q.values[i]) == 0 && len(value) <= maxValue {
				q.values[i] = value
			}
			continue
		}
		q.clicks |= click(name)
	}
	return q
}

func parameter(name []byte) int {
	switch string(name) {
	case "utm_source":
		return utmSource
	case "utm_medium":
		return utmMedium
	case "utm_campaign":
		return utmCampaign
	case "utm_content":
		return utmContent
	case "utm_term":
		return utmTerm
	case "ref":
		return ref
	case "source":
		return source
	}
	return -1
}

func click(name []byte) clicks {
	switch string(name) {
	case "gclid", "gbraid", "wbraid", "dclid":
		return googleClick
	case "msclkid":
		return microsoftClick
	case "fbclid":
		return facebookClick
	case "twclid":
		return twitterClick
	case "ttclid":
		return tiktokClick
	case "li_fat_id":
		return linkedInClick
	case "yclid":
		return yandexClick
	}
	return 0
}

// unescape decodes the value of a parameter: %20 and + for a space. What is no escape stays. The result is a copy.
func unescape(v []byte) []byte {
	out := make([]byte, 0, len(v))
	for i := 0; i < len(v); i++ {
		c := v[i]
		switch {
		case c == '+':
			c = ' '
		case c == '%' && i+2 < len(v) && digit(v[i+1]) >= 0 && digit(v[i+2]) >= 0:
			c = byte(digit(v[i+1])<<4 | digit(v[i+2]))
			i += 2
		}
		out = append(out, c)
	}
	return out
}

// digit returns the value of a hexadecimal digit, -1 for anything else.
func digit(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'a' <= c|0x20 && c|0x20 <= 'f':
		return int(c|0x20-'a') + 10
	}
	return -1
}
