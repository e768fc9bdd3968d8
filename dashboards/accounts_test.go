package dashboards

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/klar-analytics/klar/dashboards/account"
)

// emptyAccounts are those of a new installation: nobody's.
func emptyAccounts(t *testing.T) *account.Store {
	t.Helper()
	accounts, err := account.Open(t.TempDir(), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	return accounts
}

// What the users, the token and the links of someAccounts are known by.
const (
	password   = "correct horse battery"
	linkSecret = "the-secret-of-a-shared-link"
	tokenID    = "00112233445566aa"
	linkID     = "00112233445566bb"
)

// known is what a browser or program shows, by whose it is.
type known struct {
	file    []byte
	cookies map[string]string // of the users
	token   string            // of example.org
	pass    string            // of a link to example.org
}

// accountsFile makes, once, the file of someAccounts: hashing passwords takes its time.
var accountsFile = sync.OnceValue(func() known {
	check := func(err error) {
		if err != nil {
			panic(err)
		}
	}
	dir, err := os.MkdirTemp("", "klar-accounts-")
	check(err)
	defer os.RemoveAll(dir)
	s, err := account.Open(dir, time.Now)
	check(err)
	all := known{cookies: map[string]string{}}
	for name, rights := range map[string]account.Rights{
		"ada": {All: owner}, "sue": {Sites: map[string]account.Role{"example.org": owner}}, "bob": {Sites: map[string]account.Role{"example.org": editor}},
		"vic": {Sites: map[string]account.Role{"example.org": viewer}}, "eve": {Sites: map[string]account.Role{"new.example.org": viewer}},
	} {
		check(s.AddUser(name, password, rights))
		all.cookies[name], _, err = s.SignIn(name, password, "here", "")
		check(err)
	}
	token, secret, err := s.AddToken("nightly", []string{"example.org"}, "ada")
	check(err)
	link, _, err := s.AddLink(account.Link{Site: "example.org", Name: "press", By: "ada", Origins: []string{"https://press.example"}}, "")
	check(err)
	text, err := os.ReadFile(filepath.Join(dir, "accounts.json"))
	check(err)
	sum := sha256.Sum256([]byte(linkSecret))
	text = []byte(strings.NewReplacer(token.ID, tokenID, link.ID, linkID, link.Sum, base64.RawURLEncoding.EncodeToString(sum[:])).Replace(string(text)))
	check(os.WriteFile(filepath.Join(dir, "accounts.json"), text, 0o600))
	_, all.pass, err = s.OpenLink(linkSecret, "", "here")
	check(err)
	all.file, all.token = text, secret
	return all
})

// someAccounts are ada, who owns all, sue, who owns example.org, bob, who edits example.org, vic, who views it, and eve, who views new.example.org;
// a token and a shared link of example.org. What they show is in accountsFile.
func someAccounts(t *testing.T) *account.Store {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "accounts.json"), accountsFile().file, 0o600); err != nil {
		t.Fatal(err)
	}
	accounts, err := account.Open(dir, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	return accounts
}

// as makes a request one of a user of someAccounts, or of its token or link.
func as(who string, r *http.Request) *http.Request {
	known := accountsFile()
	switch who {
	case "nobody":
	case "token":
		r.Header.Set("Authorization", "Bearer "+known.token)
	case "link":
		r.Header.Set(linkHeader, known.pass)
	default:
		r.AddCookie(&http.Cookie{Name: sessionCookie, Value: known.cookies[who]})
	}
	return r
}
