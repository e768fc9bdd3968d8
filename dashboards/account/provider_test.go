package account

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// staff is a provider of OpenID Connect. What it says of somebody can be bent by tests.
type staff struct {
	*httptest.Server
	key    *rsa.PrivateKey
	claims map[string]any            // of the ID token, beside those that it must have
	info   map[string]any            // of UserInfo
	bend   func(map[string]any)      // changes the ID token
	forge  func(token string) string // changes it after it was signed

	mu        sync.Mutex
	challenge string // of the last sign-in
	nonce     string
}

var staffKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

func newStaff(t *testing.T) *staff {
	s := &staff{key: staffKey(), claims: map[string]any{"preferred_username": "Carl", "groups": []string{"marketing"}}}
	mux := http.NewServeMux()
	s.Server = httptest.NewServer(mux)
	t.Cleanup(s.Close)
	answer := func(w http.ResponseWriter, v any) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(v)
	}
	mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, map[string]any{
			"issuer": s.URL, "authorization_endpoint": s.URL + "/auth", "token_endpoint": s.URL + "/token", "jwks_uri": s.URL + "/keys",
			"userinfo_endpoint": s.URL + "/info", "id_token_signing_alg_values_supported": []string{"RS256"},
		})
	})
	mux.HandleFunc("GET /keys", func(w http.ResponseWriter, _ *http.Request) {
		b := base64.RawURLEncoding.EncodeToString
		answer(w, map[string]any{"keys": []any{map[string]string{
			"kty": "RSA", "alg": "RS256", "use": "sig", "kid": "1", "n": b(s.key.N.Bytes()), "e": b(big.NewInt(int64(s.key.E)).Bytes()),
		}}})
	})
	mux.HandleFunc("GET /info", func(w http.ResponseWriter, _ *http.Request) { answer(w, s.info) })
	mux.HandleFunc("POST /token", func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		sum := sha256.Sum256([]byte(r.FormValue("code_verifier")))
		_, secret, _ := r.BasicAuth()
		if r.FormValue("code") != "good" || secret != "hush" || base64.RawURLEncoding.EncodeToString(sum[:]) != s.challenge {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusBadRequest)
			_, _ = io.WriteString(w, `{"error": "invalid_grant", "error_description": "of carl"}`)
			return
		}
		answer(w, map[string]any{"access_token": "a", "token_type": "Bearer", "id_token": s.token()})
	})
	return s
}

// token is an ID token.
func (s *staff) token() string {
	all := map[string]any{"iss": s.URL, "aud": "klar", "sub": "s-1", "iat": time.Now().Unix(), "exp": time.Now().Add(time.Hour).Unix(), "nonce": s.nonce}
	maps.Copy(all, s.claims)
	if s.bend != nil {
		s.bend(all)
	}
	body, _ := json.Marshal(all)
	signed := b64([]byte(`{"alg":"RS256","kid":"1"}`)) + "." + b64(body)
	digest := sha256.Sum256([]byte(signed))
	signature, err := rsa.SignPKCS1v15(rand.Reader, s.key, crypto.SHA256, digest[:])
	if err != nil {
		panic(err)
	}
	signed += "." + b64(signature)
	if s.forge != nil {
		signed = s.forge(signed)
	}
	return signed
}

// visit begins a sign-in as a browser does, and returns its cookie and the state that the provider gives back.
func (s *staff) visit(t *testing.T, of *Store, next string) (cookie, state string) {
	t.Helper()
	to, cookie, err := of.BeginWith(t.Context(), "staff", next)
	must(t, err)
	at, err := url.Parse(to)
	must(t, err)
	asked := at.Query()
	if !strings.HasPrefix(to, s.URL+"/auth?") || asked.Get("code_challenge_method") != "S256" || asked.Get("redirect_uri") != "https://stats.example.org/api/sign-in/callback" || asked.Get("scope") != "openid profile email" {
		t.Errorf("led to %s", to)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.challenge, s.nonce = asked.Get("code_challenge"), asked.Get("nonce")
	return cookie, asked.Get("state")
}

// provided are accounts of which people sign in by the provider only.
func provided(t *testing.T, s *staff) (*Store, *clock) {
	t.Helper()
	c := &clock{at: time.Now()}
	of := reopened(t, t.TempDir(), c)
	file := filepath.Join(t.TempDir(), "secret")
	must(t, os.WriteFile(file, []byte("hush\n"), 0o600))
	of.Provide([]*Provider{{
		ID: "staff", Name: "Staff", Issuer: s.URL, ClientID: "klar", SecretFile: file, Callback: "https://stats.example.org/api/sign-in/callback", Claim: "groups",
		Grants: []Grant{{"owners", Rights{All: Owner}}, {"marketing", Rights{All: Viewer, Sites: map[string]Role{"example.org": Editor}}}},
	}})
	return of, c
}

func TestProvider(t *testing.T) {
	s := newStaff(t)
	of, c := provided(t, s)
	if closed, err := of.Closed(); !closed || err != nil {
		t.Error("with a provider, everything is open")
	}
	planted, err := of.begin("", session{User: "eve", Provider: "staff", Rights: &Rights{All: Owner}, Expires: c.now().Add(time.Hour)})
	must(t, err)
	cookie, state := s.visit(t, of, "/settings?tab=users")
	signed, _, next, err := of.FinishWith(t.Context(), cookie, Returned{State: state, Code: "good"}, planted)
	must(t, err)
	if next != "/settings?tab=users" {
		t.Errorf("led to %s", next)
	}
	who, ok := of.Session(signed)
	want := Session{Name: "carl", Provider: "staff", Rights: Rights{All: Viewer, Sites: map[string]Role{"example.org": Editor}}}
	if diff := cmp.Diff(want, who); !ok || diff != "" {
		t.Errorf("signed in (-want +got):\n%s", diff)
	}
	if who.Who() != "staff/carl" {
		t.Errorf("the audit log calls him %s", who.Who())
	}
	if _, ok := of.Session(planted); ok {
		t.Error("the session of before goes on")
	}
	c.pass(providedFor)
	if _, ok := of.Session(signed); ok {
		t.Error("the session goes on after its time")
	}
	cookie, state = s.visit(t, of, "//evil.example")
	again, _, next, err := of.FinishWith(t.Context(), cookie, Returned{State: state, Code: "good"}, "")
	must(t, err)
	if next != "/" {
		t.Errorf("led to %s", next)
	}
	of.Provide(nil)
	if _, ok := of.Session(again); ok {
		t.Error("the session by a provider that is none goes on")
	}
}

// TestProviderRefusals bends each part of a sign-in.
func TestProviderRefusals(t *testing.T) {
	for name, c := range map[string]struct {
		bend  func(map[string]any)
		forge func(string) string
		code  string
		state string // instead of the right one
		late  time.Duration
		want  error
	}{
		"another state":    {state: "guessed", want: ErrState},
		"no state":         {state: "-", want: ErrState},
		"too late":         {late: signingInFor, want: ErrState},
		"another code":     {code: "stolen", want: ErrProvider},
		"another nonce":    {bend: func(c map[string]any) { c["nonce"] = "replayed" }, want: ErrState},
		"another audience": {bend: func(c map[string]any) { c["aud"] = "shop" }, want: ErrProvider},
		"another issuer":   {bend: func(c map[string]any) { c["iss"] = "https://evil.example" }, want: ErrProvider},
		"expired":          {bend: func(c map[string]any) { c["exp"] = time.Now().Add(-time.Hour).Unix() }, want: ErrProvider},
		"no role":          {bend: func(c map[string]any) { c["groups"] = []string{"sales"} }, want: ErrNoRole},
		"no groups":        {bend: func(c map[string]any) { delete(c, "groups") }, want: ErrNoRole},
		"changed":          {forge: func(t string) string { return t[:len(t)-4] + "AAAA" }, want: ErrProvider},
		"not signed": {forge: func(t string) string {
			return b64([]byte(`{"alg":"none"}`)) + "." + strings.Split(t, ".")[1] + "."
		}, want: ErrProvider},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStaff(t)
			of, clock := provided(t, s)
			cookie, state := s.visit(t, of, "/")
			s.bend, s.forge = c.bend, c.forge
			if c.code == "" {
				c.code = "good"
			}
			if c.state != "" {
				state = strings.TrimPrefix(c.state, "-")
			}
			clock.pass(c.late)
			signed, _, _, err := of.FinishWith(t.Context(), cookie, Returned{State: state, Code: c.code}, "")
			if !errors.Is(err, c.want) || signed != "" {
				t.Errorf("cookie %q, %v; want %v", signed, err, c.want)
			}
			if err != nil && (strings.Contains(err.Error(), "carl") || strings.Contains(err.Error(), "s-1")) {
				t.Errorf("the error tells of the user: %v", err)
			}
		})
	}
	s := newStaff(t)
	of, _ := provided(t, s)
	mine, _ := s.visit(t, of, "/")
	_, others := s.visit(t, of, "/")
	if _, _, _, err := of.FinishWith(t.Context(), mine, Returned{State: others, Code: "good"}, ""); !errors.Is(err, ErrState) {
		t.Errorf("somebody else's state: %v", err)
	}
	if _, _, _, err := of.FinishWith(t.Context(), "", Returned{State: others, Code: "good"}, ""); !errors.Is(err, ErrState) {
		t.Errorf("without the cookie: %v", err)
	}
	cookie, state := s.visit(t, of, "/")
	for word, want := range map[string]struct {
		err  error
		says string
	}{
		"access_denied": {ErrDenied, ""}, "server_error": {ErrProvider, "(server_error)"}, "carl@example.org": {ErrProvider, "refuses to sign in"},
	} {
		_, _, _, err := of.FinishWith(t.Context(), cookie, Returned{State: state, Code: "good", Error: word}, "")
		if !errors.Is(err, want.err) || !strings.Contains(err.Error(), want.says) || strings.Contains(err.Error(), "carl") {
			t.Errorf("%s: %v", word, err)
		}
	}
	if _, _, _, err := of.FinishWith(t.Context(), cookie, Returned{State: state, Code: "bad"}, ""); !strings.Contains(err.Error(), "(invalid_grant)") {
		t.Errorf("a code that is refused: %v", err)
	}
	if _, _, err := of.BeginWith(t.Context(), "other", "/"); !errors.Is(err, ErrUnknown) {
		t.Errorf("a provider that is none: %v", err)
	}
	s.Close()
	of, _ = provided(t, s)
	if _, _, err := of.BeginWith(t.Context(), "staff", "/"); !errors.Is(err, ErrProvider) {
		t.Errorf("a provider that does not answer: %v", err)
	}
}

// TestProviderClaims finds roles where providers put them.
func TestProviderClaims(t *testing.T) {
	for name, c := range map[string]struct {
		path   string
		claims claims
		want   []string
	}{
		"a text":      {"role", claims{"role": "x"}, []string{"x"}},
		"a list":      {"groups", claims{"groups": []any{"x", 1, "y"}}, []string{"x", "y"}},
		"in objects":  {"realm_access.roles", claims{"realm_access": map[string]any{"roles": []any{"x"}}}, []string{"x"}},
		"with dots":   {"https://example.org/roles", claims{"https://example.org/roles": []any{"x"}}, []string{"x"}},
		"none":        {"groups", claims{}, nil},
		"of no texts": {"a.b", claims{"a": "text"}, nil},
	} {
		if diff := cmp.Diff(c.want, c.claims.values(c.path)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	for _, c := range []struct {
		claims claims
		want   string
	}{
		{claims{"preferred_username": "Carl", "email": "c@example.org"}, "carl"}, {claims{"preferred_username": "Carl K.", "email": "c@example.org"}, "c@example.org"},
		{claims{"sub": "1b2c"}, "1b2c"}, {claims{"sub": "auth0|x y"}, "user-"},
	} {
		if got := c.claims.name(); !strings.HasPrefix(got, c.want) {
			t.Errorf("the name of %v is %s", c.claims, got)
		}
	}
	s := newStaff(t)
	s.info = map[string]any{"sub": "s-1", "groups": "owners"}
	delete(s.claims, "groups")
	of, _ := provided(t, s)
	cookie, state := s.visit(t, of, "/")
	_, who, _, err := of.FinishWith(t.Context(), cookie, Returned{State: state, Code: "good"}, "")
	if err != nil || who.All != Owner {
		t.Errorf("groups of UserInfo give %+v, %v", who, err)
	}
	s.info["sub"] = "s-2"
	cookie, state = s.visit(t, of, "/")
	if _, _, _, err := of.FinishWith(t.Context(), cookie, Returned{State: state, Code: "good"}, ""); !errors.Is(err, ErrNoRole) {
		t.Errorf("groups of somebody else: %v", err)
	}
}
