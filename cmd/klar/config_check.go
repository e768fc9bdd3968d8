package main

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/klar-analytics/klar/anonymize"
	"github.com/klar-analytics/klar/anonymize/referrer"
)

// complete checks the values and fills in what follows from them. It may be called again when a value was changed.
func (c *config) complete() error {
	for _, check := range []func() error{c.checkStorage, c.checkHTTP, c.checkBeacons, c.checkPrivacy, c.checkUsers, c.checkSites, c.checkSources, c.checkMail, c.checkWebhooks, c.checkReports, c.checkAlerts} {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

func (c *config) checkStorage() error {
	if c.Data == "" {
		return c.fail("data", "is empty: it names the directory of the data")
	}
	if err := checkDSN(c.Storage.DSN); err != nil {
		return c.fail("storage.dsn", "%w", err)
	}
	var err error
	if c.memory, err = parseMemory(c.Storage.Memory); err != nil {
		return c.fail("storage.memory", "%w", err)
	}
	if c.spool, err = parseSize(c.Storage.Spool, minSpool, maxSpool); err != nil {
		return c.fail("storage.spool", "%w", err)
	}
	if c.flush, err = time.ParseDuration(c.Storage.Flush); err != nil || c.flush < 0 || c.flush > time.Hour {
		return c.fail("storage.flush", "%q is not a time from 0s to 1h, such as 10s", c.Storage.Flush)
	}
	if l := c.Storage.Listen; l != "" {
		if at, err := netip.ParseAddrPort(l); err != nil || !at.Addr().IsLoopback() || at.Port() == 0 {
			return c.fail("storage.listen", "%q is not a loopback address with a port, such as 127.0.0.1:8123: there is no password", l)
		}
	}
	return nil
}

// checkDSN tells whether the address of a server can be one. It never shows it, nor the words of the URL's parser: the
// password would be in them.
func checkDSN(dsn string) error {
	if dsn == "" {
		return nil
	}
	if !strings.HasPrefix(dsn, "http://") && !strings.HasPrefix(dsn, "https://") {
		return errors.New("must begin with http:// or https://")
	}
	if u, err := url.Parse(dsn); err != nil || u.Hostname() == "" {
		return errors.New("is no URL such as https://user:password@host:8443/klar; in a password, write special characters as %40 for @")
	}
	return nil
}

func (c *config) checkBeacons() error {
	if c.Beacons.Rate < 0 || c.Beacons.Rate > maxBeaconRate {
		return c.fail("beacons.rate", "%d is not from 0 (no bound) to %d a minute", c.Beacons.Rate, maxBeaconRate)
	}
	return nil
}

// maxRateLimit is far more questions an hour than can be answered.
const maxRateLimit = 1_000_000

// maxBeaconRate is far beyond what a network can send.
const maxBeaconRate = 1 << 30

func (c *config) checkHTTP() error {
	if err := checkListen(c.HTTP.Listen); err != nil {
		return c.fail("http.listen", "%w", err)
	}
	if c.HTTP.RequireToken && c.HTTP.TokenFile == "" {
		return c.fail("http.require_token", "nobody could ask: name a file of tokens in http.token_file")
	}
	if a := c.HTTP.URL; a != "" {
		if u, err := url.Parse(a); err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.Scheme+"://"+u.Host != a {
			return c.fail("http.url", "%q is not an address such as https://stats.example.org, without a path", a)
		}
	}
	if n := c.HTTP.RateLimit; n < 0 || n > maxRateLimit {
		return c.fail("http.rate_limit", "%d is not from 0 (no bound) to %d an hour", n, maxRateLimit)
	}
	for i, h := range c.HTTP.Hosts {
		if err := anonymize.CheckHost(h); err != nil {
			return c.fail(fmt.Sprintf("http.hosts.%d", i), "%q cannot be asked for: %w", h, err)
		}
	}
	c.proxies = nil
	for i, p := range c.HTTP.TrustedProxies {
		network, err := netip.ParsePrefix(p)
		if addr, no := netip.ParseAddr(p); no == nil {
			network, err = netip.PrefixFrom(addr, addr.BitLen()), nil
		}
		if err != nil {
			return c.fail(fmt.Sprintf("http.trusted_proxies.%d", i), "%q is neither a network such as 10.0.0.0/8 nor an address", p)
		}
		c.proxies = append(c.proxies, network)
	}
	return nil
}

// checkListen tells whether a server can be told to listen there; whether it may shows when it does.
func checkListen(address string) error {
	host, port, err := net.SplitHostPort(address)
	if n, no := strconv.ParseUint(port, 10, 16); err != nil || no != nil || fmt.Sprint(n) != port {
		return fmt.Errorf("%q is not an address with a port, such as 127.0.0.1:8080", address)
	}
	if host == "" || anonymize.CheckHost(host) == nil {
		return nil
	}
	if _, err := netip.ParseAddr(host); err != nil { // one with a zone
		return fmt.Errorf("%q does not begin with a host's name or address, as 127.0.0.1:8080 does", address)
	}
	return nil
}

func (c *config) checkPrivacy() error {
	if n := c.Privacy.IPv4Prefix; n < 1 || n > 24 {
		return c.fail("privacy.ipv4_prefix", "%d is not a prefix length from 1 to 24 bits: addresses can only be shortened further", n)
	}
	if n := c.Privacy.IPv6Prefix; n < 1 || n > 48 {
		return c.fail("privacy.ipv6_prefix", "%d is not a prefix length from 1 to 48 bits: addresses can only be shortened further", n)
	}
	if n := c.Privacy.Crowd; n < 10 || n > 1000 {
		return c.fail("privacy.crowd", "%d is not from 10 to 1000: the crowd can only be made larger", n)
	}
	for i, r := range c.Privacy.Respect {
		if r != "gpc" && r != "dnt" {
			return c.fail(fmt.Sprintf("privacy.respect.%d", i), "%q is not gpc or dnt", r)
		}
	}
	for i, q := range c.Privacy.Query {
		if !slices.Contains(referrer.Parameters(), q) {
			return c.fail(fmt.Sprintf("privacy.query.%d", i), "%q is none of %s", q, strings.Join(referrer.Parameters(), ", "))
		}
	}
	return nil
}

func (c *config) checkSites() error {
	ids, hosts := map[string]bool{}, map[string]string{}
	for i := range c.Sites {
		s := &c.Sites[i]
		key := fmt.Sprintf("sites.%d", i)
		if s.ID == "" {
			return c.fail(key, "has no id")
		}
		if err := anonymize.CheckSite(s.ID); err != nil {
			return c.fail(key+".id", "%q cannot be one: %w", s.ID, err)
		}
		if ids[s.ID] {
			return c.fail(key+".id", "there are two sites %q", s.ID)
		}
		ids[s.ID] = true
		if s.Timezone == "" {
			s.Timezone = "UTC"
		}
		loc, err := time.LoadLocation(s.Timezone)
		if err != nil {
			return c.fail(key+".timezone", "%q is not a time zone such as Europe/Berlin", s.Timezone)
		}
		s.location = loc
		if s.keep, err = parsePeriod(s.Retention); err != nil {
			return c.fail(key+".retention", "%w", err)
		}
		if err := c.checkSegments(s, key); err != nil {
			return err
		}
		if err := c.checkCounted(s, key); err != nil {
			return err
		}
	}
	// Once all ids are known, which are hosts as well.
	for i, s := range c.Sites {
		for n, h := range append([]string{s.ID}, s.Hosts...) {
			key := fmt.Sprintf("sites.%d.hosts.%d", i, n-1)
			if n == 0 {
				key = fmt.Sprintf("sites.%d.id", i)
			} else if err := anonymize.CheckHost(h); err != nil {
				return c.fail(key, "%q cannot be one: %w", h, err)
			}
			h = strings.ToLower(h)
			if other, ok := hosts[h]; ok && other != s.ID {
				return c.fail(key, "%q belongs to the site %q already", h, other)
			}
			hosts[h] = s.ID
		}
	}
	return nil
}
