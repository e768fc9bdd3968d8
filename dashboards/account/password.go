package account

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
)

// What argon2id costs, after OWASP's Password Storage Cheat Sheet: 19 MiB and two passes.
const (
	argonMemory  = 19 << 10 // KiB
	argonTime    = 2
	argonThreads = 1
	argonSalt    = 16 // bytes
	argonKey     = 32 // bytes
)

// Bounds of the parameters in hashes that others made, so that none of them stops Klar.
const (
	maxArgonMemory  = 256 << 10 // KiB
	maxArgonTime    = 16
	maxArgonThreads = 16
	maxArgonPart    = 64 // bytes of salt and key
)

const (
	// minPassword is in characters: NIST SP 800-63B wants 8 and no rules of what they are.
	minPassword = 10
	maxPassword = 1024 // bytes
)

// hashing bounds how many passwords are hashed at once, and so the memory of it.
var hashing = make(chan struct{}, 2)

// Hash returns the PHC string of a password by argon2id. It fails for one that is shorter than 10 characters or longer
// than 1,024 bytes.
func Hash(password string) (string, error) {
	switch {
	case utf8.RuneCountInString(password) < minPassword:
		return "", refuse("password", "has fewer than %d characters", minPassword)
	case len(password) > maxPassword:
		return "", refuse("password", "is longer than %d bytes", maxPassword)
	}
	p := argon{memory: argonMemory, time: argonTime, threads: argonThreads, salt: random(argonSalt)}
	p.key = p.of(password, argonKey)
	return p.String(), nil
}

// CheckHash tells why a text is no hash that passwords can be held against: the PHC string of argon2id, version 19, with
// at most 256 MiB, 16 passes and 16 threads.
func CheckHash(hash string) error {
	_, err := parseHash(hash)
	return err
}

// matches reports whether a password has the hash.
func matches(hash, password string) bool {
	p, err := parseHash(hash)
	if err != nil || len(password) > maxPassword {
		return false
	}
	return subtle.ConstantTimeCompare(p.key, p.of(password, len(p.key))) == 1
}

// nobodysHash is held against the passwords of unknown names, so that those take as long as known ones.
var nobodysHash = argon{memory: argonMemory, time: argonTime, threads: argonThreads, salt: random(argonSalt), key: random(argonKey)}.String()

// argon is a hash with what it was made by.
type argon struct {
	memory, time uint32
	threads      uint8
	salt, key    []byte
}

func (a argon) of(password string, size int) []byte {
	hashing <- struct{}{}
	defer func() { <-hashing }()
	return argon2.IDKey([]byte(password), a.salt, a.time, a.memory, a.threads, uint32(size))
}

// String returns the PHC string.
func (a argon) String() string {
	b64 := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, a.memory, a.time, a.threads, b64(a.salt), b64(a.key))
}

var errHash = errors.New("is not an argon2id hash such as $argon2id$v=19$m=19456,t=2,p=1$…$…; 'klar user hash' makes one")

// parseHash reads a PHC string. Errors do not show it.
func parseHash(hash string) (argon, error) {
	var a argon
	parts := strings.Split(hash, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return a, errHash
	}
	if n, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &a.memory, &a.time, &a.threads); n != 3 || err != nil {
		return a, errHash
	}
	var badSalt, badKey error
	a.salt, badSalt = base64.RawStdEncoding.DecodeString(parts[4])
	a.key, badKey = base64.RawStdEncoding.DecodeString(parts[5])
	switch {
	case badSalt != nil || badKey != nil || len(a.salt) < 8 || len(a.key) < 16 || len(a.salt) > maxArgonPart || len(a.key) > maxArgonPart:
		return a, errHash
	case a.time < 1 || a.threads < 1 || a.memory < 8*uint32(a.threads):
		return a, errHash
	case a.time > maxArgonTime || a.threads > maxArgonThreads || a.memory > maxArgonMemory:
		return a, fmt.Errorf("costs more than %d MiB, %d passes or %d threads", maxArgonMemory>>10, maxArgonTime, maxArgonThreads)
	}
	return a, nil
}

// random returns n bytes that nobody can guess.
func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // it never fails, as crypto/rand says
	return b
}
