package account

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// Provider lets people sign in by OpenID Connect. Its fields are set once, before it is used.
type Provider struct {
	ID, Name   string // in addresses, and on its button
	Issuer     string // URL, of which everything else is asked
	ClientID   string
	SecretFile string   // of the client, read whenever it is needed; empty: it has none
	Callback   string   // URL of Klar that the provider sends people back to
	Scopes     []string // beside openid, profile and email
	// Claim is what of a user the Grants are given for. Dots lead into objects, as in realm_access.roles.
	Claim  string
	Grants []Grant

	mu    sync.Mutex
	found *oidc.Provider
}

// Grant is what those may do whose claim has a value; of an empty value, all whom the provider lets sign in.
type Grant struct {
	Value  string
	Rights Rights
}

const (
	// providerTimeout bounds each question to a provider.
	providerTimeout = 10 * time.Second
	// signingInFor is how long somebody may take at the provider.
	signingInFor = 10 * time.Minute
)

// Reasons why a sign-in by a provider fails.
var (
	// ErrProvider says that the provider did not answer as it must.
	ErrProvider = errors.New("the provider did not answer as expected")
	// ErrState says that a sign-in was not begun in this browser, or too long ago.
	ErrState = errors.New("this sign-in was not begun here, or took too long")
	// ErrNoRole says that the provider knows somebody whom no grant is for.
	ErrNoRole = errors.New("your account has no role here")
)

// Provide replaces the providers. Sessions by one that is none any more end.
func (s *Store) Provide(providers []*Provider) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.providers = slices.Clone(providers)
}

// Providers lists the providers.
func (s *Store) Providers() []*Provider {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.providers)
}

// Provider returns the provider of an id, or nil.
func (s *Store) Provider(id string) *Provider {
	for _, p := range s.Providers() {
		if p.ID == id {
			return p
		}
	}
	return nil
}

// begun is a sign-in that somebody is at the provider for. The browser keeps it.
type begun struct {
	Provider string    `json:"provider"`
	State    string    `json:"state"`
	Nonce    string    `json:"nonce"`
	Verifier string    `json:"verifier"`
	Next     string    `json:"next"`
	Until    time.Time `json:"until"`
}

// BeginWith returns where at a provider to sign in, and a cookie to bring back from there within ten minutes. next is
// the path to be led to then.
func (s *Store) BeginWith(ctx context.Context, id, next string) (redirect, cookie string, err error) {
	p := s.Provider(id)
	if p == nil {
		return "", "", ErrUnknown
	}
	_, client, err := p.client(ctx)
	if err != nil {
		return "", "", err
	}
	b := begun{id, b64(random(24)), b64(random(24)), oauth2.GenerateVerifier(), LocalPath(next), s.now().Add(signingInFor)}
	payload, err := json.Marshal(b)
	if err != nil {
		return "", "", err
	}
	if cookie, err = s.seal("sign-in", payload); err != nil {
		return "", "", err
	}
	return client.AuthCodeURL(b.State, oidc.Nonce(b.Nonce), oauth2.S256ChallengeOption(b.Verifier)), cookie, nil
}

// FinishWith begins a session of who comes back from the provider with its code and with the cookie of BeginWith. It
// returns the session's cookie and the path to be led to. The session of the old cookie, if any, ends.
func (s *Store) FinishWith(ctx context.Context, cookie string, with Returned, old string) (session string, who Session, next string, err error) {
	b, ok := s.begun(cookie)
	p := s.Provider(b.Provider)
	if !ok || p == nil || subtle.ConstantTimeCompare([]byte(b.State), []byte(with.State)) != 1 {
		return "", Session{}, "", ErrState
	}
	if with.Error != "" {
		return "", Session{}, "", refusal(with.Error)
	}
	claims, err := p.claims(ctx, with.Code, b)
	if err != nil {
		return "", Session{}, "", err
	}
	who = Session{Name: claims.name(), Provider: p.ID, Rights: p.rights(claims)}
	if who.Most() == Everybody {
		return "", who, "", ErrNoRole
	}
	session, err = s.begin(old, newProvided(who, s.now()))
	return session, who, b.Next, err
}

func newProvided(who Session, now time.Time) session {
	return session{User: who.Name, Provider: who.Provider, Rights: &who.Rights, Expires: now.Add(providedFor)}
}

func (s *Store) begun(cookie string) (b begun, ok bool) {
	known, err := s.current()
	if err != nil {
		return b, false
	}
	payload, ok := known.unseal("sign-in", cookie)
	return b, ok && json.Unmarshal(payload, &b) == nil && s.now().Before(b.Until)
}

// client returns what is known of the provider, which is asked for it once.
func (p *Provider) client(ctx context.Context) (*oidc.Provider, *oauth2.Config, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.found == nil {
		// The keys are fetched with the context's client later, too, when this request is over.
		found, err := oidc.NewProvider(withClient(context.WithoutCancel(ctx)), p.Issuer)
		if err != nil {
			return nil, nil, fmt.Errorf("%w: %w", ErrProvider, err)
		}
		p.found = found
	}
	secret, err := p.Secret()
	if err != nil {
		return nil, nil, fmt.Errorf("the secret of the provider %s: %w", p.ID, err)
	}
	scopes := append([]string{oidc.ScopeOpenID, "profile", "email"}, p.Scopes...)
	return p.found, &oauth2.Config{ClientID: p.ClientID, ClientSecret: secret, Endpoint: p.found.Endpoint(), RedirectURL: p.Callback, Scopes: scopes}, nil
}

// Secret returns the client's.
func (p *Provider) Secret() (string, error) {
	if p.SecretFile == "" {
		return "", nil
	}
	text, err := os.ReadFile(p.SecretFile)
	return strings.TrimSpace(string(text)), err
}

func withClient(ctx context.Context) context.Context {
	return oidc.ClientContext(ctx, &http.Client{Timeout: providerTimeout})
}

// claims are what the provider says of somebody.
type claims map[string]any

// claims exchanges the code for what the provider signed of somebody, and asks for what it left out.
func (p *Provider) claims(ctx context.Context, code string, b begun) (claims, error) {
	found, client, err := p.client(ctx)
	if err != nil {
		return nil, err
	}
	ctx = withClient(ctx)
	token, err := client.Exchange(ctx, code, oauth2.VerifierOption(b.Verifier))
	if err != nil {
		return nil, refusedCode(err)
	}
	signed, _ := token.Extra("id_token").(string)
	id, err := found.Verifier(&oidc.Config{ClientID: p.ClientID}).Verify(ctx, signed)
	if err != nil {
		return nil, fmt.Errorf("%w: its token cannot be verified", ErrProvider)
	}
	if subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(b.Nonce)) != 1 {
		return nil, ErrState
	}
	var all claims
	if err := id.Claims(&all); err != nil {
		return nil, fmt.Errorf("%w: its token cannot be read", ErrProvider)
	}
	if p.Claim == "" || len(all.values(p.Claim)) > 0 || found.UserInfoEndpoint() == "" {
		return all, nil
	}
	info, err := found.UserInfo(ctx, oauth2.StaticTokenSource(token))
	if err != nil || info.Subject != id.Subject {
		return all, nil // what is left out stays so
	}
	var more claims
	if info.Claims(&more) == nil {
		for name, value := range more {
			if _, signed := all[name]; !signed {
				all[name] = value
			}
		}
	}
	return all, nil
}

// rights are those of all grants that the claims have the value of.
func (p *Provider) rights(c claims) (sum Rights) {
	values := c.values(p.Claim)
	for _, g := range p.Grants {
		if g.Value == "" || slices.Contains(values, g.Value) {
			sum = sum.With(g.Rights)
		}
	}
	return sum
}

// values returns the texts that a claim has: one or a list.
func (c claims) values(path string) (list []string) {
	var at any = map[string]any(c)
	if whole, ok := c[path]; ok { // some have dots in their names
		at = whole
	} else {
		for key := range strings.SplitSeq(path, ".") {
			object, _ := at.(map[string]any)
			at = object[key]
		}
	}
	switch at := at.(type) {
	case string:
		list = append(list, at)
	case []any:
		for _, one := range at {
			if text, ok := one.(string); ok {
				list = append(list, text)
			}
		}
	}
	return list
}

// name returns what to call somebody.
func (c claims) name() string {
	for _, claim := range []string{"preferred_username", "email", "sub"} {
		text, _ := c[claim].(string)
		if name, err := CheckName(text); err == nil {
			return name
		}
	}
	subject, _ := c["sub"].(string)
	return "user-" + strings.ToLower(stamp(subject)[:8])
}
