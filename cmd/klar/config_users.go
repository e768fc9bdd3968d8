package main

import (
	"fmt"
	"net/url"
	"regexp"

	"github.com/klar-analytics/klar/dashboards/account"
)

// userConfig is one user whom the configuration file has.
type userConfig struct {
	Name         string            `yaml:"name"`
	PasswordHash string            `yaml:"password_hash"` // of klar user hash
	Role         string            `yaml:"role"`          // on all sites
	Sites        map[string]string `yaml:"sites"`         // roles by site
}

// providerConfig is one OpenID Connect provider that people may sign in by.
type providerConfig struct {
	ID               string        `yaml:"id"`
	Name             string        `yaml:"name"`
	Issuer           string        `yaml:"issuer"`
	ClientID         string        `yaml:"client_id"`
	ClientSecretFile string        `yaml:"client_secret_file"`
	Scopes           []string      `yaml:"scopes"`
	Claim            string        `yaml:"claim"`
	Roles            []grantConfig `yaml:"roles"`
}

// grantConfig is what those may do whose claim has a value.
type grantConfig struct {
	Value string            `yaml:"value"`
	Role  string            `yaml:"role"`
	Sites map[string]string `yaml:"sites"`
}

// checkUsers checks who the file says may sign in, and how.
func (c *config) checkUsers() error {
	c.users = nil
	taken := map[string]bool{}
	for i, u := range c.Users {
		key := fmt.Sprintf("users.%d", i)
		name, err := account.CheckName(u.Name)
		if err != nil {
			return c.fail(key+".name", "%q %w", u.Name, err)
		}
		if taken[name] {
			return c.fail(key+".name", "there are two users %q", name)
		}
		taken[name] = true
		if err := account.CheckHash(u.PasswordHash); err != nil {
			return c.fail(key+".password_hash", "%w", err)
		}
		if u.Role == "" && len(u.Sites) == 0 {
			u.Role = account.Owner.String()
		}
		rights, err := c.rights(key, u.Role, u.Sites)
		if err != nil {
			return err
		}
		c.users = append(c.users, account.User{Name: name, Hash: u.PasswordHash, Rights: rights})
	}
	return c.checkProviders()
}

// providerID is what can stand in an address and in the audit log.
var providerID = regexp.MustCompile(`^[a-z0-9-]{1,32}$`)

func (c *config) checkProviders() error {
	c.providers = nil
	taken := map[string]bool{}
	for i, p := range c.SignIn.Providers {
		key := fmt.Sprintf("sign_in.providers.%d", i)
		if !providerID.MatchString(p.ID) || taken[p.ID] {
			return c.fail(key+".id", "%q is not of up to 32 small letters, digits and -, or is taken", p.ID)
		}
		taken[p.ID] = true
		if p.Name == "" {
			p.Name = p.ID
		}
		if u, err := url.Parse(p.Issuer); err != nil || u.Host == "" || u.Scheme != "https" && (u.Scheme != "http" || !loopbackName(u.Hostname())) {
			return c.fail(key+".issuer", "%q is not a URL with https://", p.Issuer)
		}
		if p.ClientID == "" {
			return c.fail(key, "has no client_id")
		}
		if c.HTTP.URL == "" {
			return c.fail(key, "needs http.url: where the provider sends people back to")
		}
		if len(p.Roles) == 0 {
			return c.fail(key, "has no roles: nobody could sign in by it")
		}
		one := &account.Provider{
			ID: p.ID, Name: p.Name, Issuer: p.Issuer, ClientID: p.ClientID, Scopes: p.Scopes, Claim: p.Claim,
			SecretFile: p.ClientSecretFile, Callback: c.HTTP.URL + "/api/sign-in/callback",
		}
		for n, g := range p.Roles {
			at := fmt.Sprintf("%s.roles.%d", key, n)
			if g.Value != "" && p.Claim == "" {
				return c.fail(at, "has a value, but the provider has no claim to hold it against")
			}
			rights, err := c.rights(at, g.Role, g.Sites)
			if err != nil {
				return err
			}
			one.Grants = append(one.Grants, account.Grant{Value: g.Value, Rights: rights})
		}
		c.providers = append(c.providers, one)
	}
	return nil
}

func loopbackName(host string) bool {
	return host == "localhost" || host == "127.0.0.1" || host == "::1"
}

// rights reads the roles that stand at a key.
func (c *config) rights(key, all string, sites map[string]string) (account.Rights, error) {
	var r account.Rights
	if all == "" && len(sites) == 0 {
		return r, c.fail(key, "has neither role nor sites")
	}
	var err error
	if all != "" {
		if r.All, err = account.ParseRole(all); err != nil {
			return r, c.fail(key+".role", "%w", err)
		}
	}
	for site, name := range sites {
		role, err := account.ParseRole(name)
		if err != nil {
			return r, c.fail(key+".sites", "%w", err)
		}
		if r.Sites == nil {
			r.Sites = map[string]account.Role{}
		}
		r.Sites[site] = role
	}
	return r, nil
}

// checkSecrets tells why the secrets of the providers cannot be read. Errors never show one.
func (c *config) checkSecrets() error {
	for i, p := range c.providers {
		if _, err := p.Secret(); err != nil {
			return c.fail(fmt.Sprintf("sign_in.providers.%d.client_secret_file", i), "%w", err)
		}
	}
	return nil
}
