package account

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strings"
)

// seal returns a text that holds a payload and proves that it is Klar's, for one purpose.
func (s *state) seal(purpose string, payload []byte) string {
	return b64(payload) + "." + b64(s.sign(purpose, payload))
}

// unseal returns the payload of a text that seal made for the same purpose.
func (s *state) unseal(purpose, text string) ([]byte, bool) {
	body, signature, _ := strings.Cut(text, ".")
	payload, bad := base64.RawURLEncoding.DecodeString(body)
	given, badder := base64.RawURLEncoding.DecodeString(signature)
	if len(s.Key) == 0 || bad != nil || badder != nil || !hmac.Equal(given, s.sign(purpose, payload)) {
		return nil, false
	}
	return payload, true
}

func (s *state) sign(purpose string, payload []byte) []byte {
	mac := hmac.New(sha256.New, s.Key)
	mac.Write(append([]byte(purpose), 0))
	mac.Write(payload)
	return mac.Sum(nil)
}

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// sum is what is stored of a secret that nobody can guess.
func sum(secret string) string {
	digest := sha256.Sum256([]byte(secret))
	return b64(digest[:])
}

// stamp tells one hash of a password from the next, without being one.
func stamp(hash string) string { return sum("stamp " + hash)[:16] }
