package scrub

import (
	"bytes"
	"strings"
)

// emails marks email addresses: local@domain, where the domain has a dot and ends in letters, or is an address. The
// name before an @ that belongs to no such domain (/@name, vue@next) is left.
func emails(s []byte) bool {
	found := false
	for at := 0; ; at++ {
		i := bytes.IndexByte(s[at:], '@')
		if i < 0 {
			return found
		}
		at += i
		start := at
		for start > 0 && localByte(s[start-1]) {
			start--
		}
		end := at + 1
		for end < len(s) && domainByte(s[end]) {
			end++
		}
		for end > at+1 && (s[end-1] == '.' || s[end-1] == '-') {
			end--
		}
		if start < at && mailDomain(s[at+1:end]) {
			if start > 0 && s[start-1] == '@' { // @name@server, as in the Fediverse
				start--
			}
			mark(s[start:end], email)
			found = true
		}
	}
}

// localByte says what may stand before the @. RFC 5322 allows a few more, which separate parts in URLs and texts.
func localByte(c byte) bool {
	return alnum(c) || c >= 0x80 || strings.IndexByte(".-_+!$'*^`{|}~%", c) >= 0
}

func domainByte(c byte) bool { return alnum(c) || c >= 0x80 || c == '.' || c == '-' || c == '_' }

func mailDomain(d []byte) bool {
	dot := bytes.LastIndexByte(d, '.')
	if dot < 1 {
		return false
	}
	top := d[dot+1:]
	if digit(d[0]) && retina(d) {
		return false
	}
	if digit(top[0]) {
		return quads(d) == len(d)
	}
	return len(top) >= 2
}

// retina reports whether the domain is the end of an image's name such as icon@2x.png.
func retina(d []byte) bool {
	name, ext, _ := bytes.Cut(bytes.TrimLeft(d, "0123456789."), []byte{'.'})
	if !bytes.EqualFold(name, []byte{'x'}) {
		return false
	}
	switch string(bytes.ToLower(ext)) {
	case "png", "jpg", "jpeg", "gif", "webp", "avif", "svg":
		return true
	}
	return false
}

// jwts marks JSON Web Tokens: two or three parts of base64url, of which the first begins with {" encoded.
func jwts(s []byte) bool {
	found := false
	for at := 0; ; {
		i := bytes.Index(s[at:], []byte("eyJ"))
		if i < 0 {
			return found
		}
		start := at + i
		at = start + 3
		if !wordStart(s, start) {
			continue
		}
		head := spanBase64(s, start)
		if head >= len(s) || s[head] != '.' {
			at = head // nothing in this part can be the first of a token
			continue
		}
		if head-start < 10 {
			continue
		}
		end := spanBase64(s, head+1)
		if end-head < 5 {
			continue
		}
		for end < len(s) && s[end] == '.' && spanBase64(s, end+1) > end+1 {
			end = spanBase64(s, end+1)
		}
		mark(s[start:end], jwt)
		found, at = true, end
	}
}

func spanBase64(s []byte, i int) int {
	for i < len(s) && (alnum(s[i]) || s[i] == '-' || s[i] == '_') {
		i++
	}
	return i
}
