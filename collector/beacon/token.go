package beacon

import (
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"net/http"
	"strings"
)

// Bounds of tokens, in bytes.
const (
	minToken = 16
	maxToken = 1 << 10
)

// CheckToken returns why a text cannot be a token of servers that send events. It never shows the text.
func CheckToken(token string) error {
	switch {
	case len(token) < minToken:
		return errors.New("a token has at least 16 characters")
	case len(token) > maxToken:
		return errors.New("a token has at most 1,024 characters")
	case strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r > '~' }):
		return errors.New("a token consists of letters, digits and signs of ASCII, without spaces")
	}
	return nil
}

// SetTokens replaces the tokens by which servers prove that they may tell the visitor's address. None lets nobody.
func (h *Handler) SetTokens(tokens []string) {
	sums := make([][sha256.Size]byte, len(tokens))
	for i, t := range tokens {
		sums[i] = sha256.Sum256([]byte(t))
	}
	h.tokens.Store(&sums)
}

// authorized reports whether a request has a token, and whether it is one of ours. Other schemes than Bearer are of a proxy in
// front of Klar and say nothing. How long it takes tells nothing of the tokens.
func (h *Handler) authorized(header http.Header) (has, ours bool) {
	scheme, token, _ := strings.Cut(strings.TrimSpace(value(header, "Authorization")), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return false, false
	}
	sum, same := sha256.Sum256([]byte(strings.TrimSpace(token))), 0
	if tokens := h.tokens.Load(); tokens != nil {
		for _, t := range *tokens {
			same |= subtle.ConstantTimeCompare(sum[:], t[:])
		}
	}
	return true, same == 1
}
