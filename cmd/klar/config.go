package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/klar-analytics/klar/alert"
	"github.com/klar-analytics/klar/dashboards"
	"github.com/klar-analytics/klar/dashboards/account"
	"github.com/klar-analytics/klar/dashboards/settings"
	"github.com/klar-analytics/klar/report"
)

// config is the configuration file. Everything in it has a default.
type config struct {
	Data    string `yaml:"data"`
	Storage struct {
		DSN    string `yaml:"dsn"`
		Memory string `yaml:"memory"` // the embedded engine's bound, such as 400M
		Listen string `yaml:"listen"` // loopback address of the embedded engine's HTTP interface; empty: unix socket only
		Spool  string `yaml:"spool"`  // how large a spool may grow while ClickHouse is away, such as 4G
		Flush  string `yaml:"flush"`  // how long the end of serve waits for what is on its way to ClickHouse, such as 10s
	} `yaml:"storage"`
	HTTP struct {
		Listen         string   `yaml:"listen"`
		Hosts          []string `yaml:"hosts"`           // names a reverse proxy passes on
		TrustedProxies []string `yaml:"trusted_proxies"` // networks, or single addresses
		ProxyProtocol  bool     `yaml:"proxy_protocol"`  // what the trusted proxies begin connections with
		TokenFile      string   `yaml:"token_file"`      // tokens of who may ask for statistics, a line each
		RequireToken   bool     `yaml:"require_token"`   // nobody else may
		RateLimit      int      `yaml:"rate_limit"`      // questions an hour of a token; 0: no bound
		URL            string   `yaml:"url"`             // where people find the dashboard
	} `yaml:"http"`
	Beacons struct {
		Rate      int    `yaml:"rate"`       // per shortened network and minute; 0: no bound
		TokenFile string `yaml:"token_file"` // tokens of servers, a line each
	} `yaml:"beacons"`
	Users  []userConfig `yaml:"users"`
	SignIn struct {
		Providers []providerConfig `yaml:"providers"`
	} `yaml:"sign_in"`
	Sites   []siteConfig   `yaml:"sites"`
	Sources []sourceConfig `yaml:"sources"`
	Mail    struct {
		SMTP         string `yaml:"smtp"` // the server, a URL (see notify.MailOptions)
		From         string `yaml:"from"`
		Username     string `yaml:"username"`
		PasswordFile string `yaml:"password_file"` // of one line
	} `yaml:"mail"`
	Webhooks []webhookConfig `yaml:"webhooks"`
	Privacy  struct {
		IPv4Prefix int      `yaml:"ipv4_prefix"`
		IPv6Prefix int      `yaml:"ipv6_prefix"`
		Crowd      int      `yaml:"crowd"`
		Respect    []string `yaml:"respect"`
		Query      []string `yaml:"query"`
		Page       bool     `yaml:"page"` // everybody may read what is collected and stored
	} `yaml:"privacy"`
	Geo struct {
		Country string `yaml:"country"`
		City    string `yaml:"city"` // of countries, too, if country is empty
		ASN     string `yaml:"asn"`
	} `yaml:"geo"`
	Alerts struct {
		Alertmanager string          `yaml:"alertmanager"` // its URL
		Receivers    []string        `yaml:"receivers"`    // mail addresses and names of webhooks
		Language     string          `yaml:"language"`     // of what receivers are told, en or de; empty: en
		Rules        []string        `yaml:"rules"`        // files of rules, besides Klar's own
		Without      []string        `yaml:"without"`      // names of rules that are switched off
		Silences     []silenceConfig `yaml:"silences"`
		Volumes      bool            `yaml:"volumes"` // whether figures are watched for what is unusual
		Feeds        []feedConfig    `yaml:"feeds"`   // files of networks that tripped rules
	} `yaml:"alerts"`

	file    string     // where it was read from, empty for none
	root    *yaml.Node // the file's content, to find the lines of keys; nil without a file
	memory  int64      // Storage.Memory in bytes
	spool   int64      // Storage.Spool in bytes
	flush   time.Duration
	proxies []netip.Prefix

	silences []alert.Silence // Alerts.Silences
	feeds    []alert.Feed    // Alerts.Feeds
	ruleset  []alert.Rule    // of Alerts.Rules and Without, and Klar's own, where requests are judged

	receivers receivers         // of Mail and Webhooks, with their secrets, where something is sent
	filed     []siteConfig      // Sites as the file has them
	made      settings.Settings // what was made in the interface
	unused    []unused          // what of that does not hold

	readerTokens []dashboards.Token  // of HTTP.TokenFile, in klar serve
	users        []account.User      // Users
	providers    []*account.Provider // SignIn.Providers
}

// siteConfig is one site that is measured.
type siteConfig struct {
	ID       string   `yaml:"id"`
	Hosts    []string `yaml:"hosts"`
	Timezone string   `yaml:"timezone"`
	// Retention is how long figures are kept, such as 25 months; empty: until they are deleted.
	Retention string          `yaml:"retention"`
	Segments  []segmentConfig `yaml:"segments"`
	Goals     []goalConfig    `yaml:"goals"`
	Groups    []groupConfig   `yaml:"groups"`
	Funnels   []funnelConfig  `yaml:"funnels"`
	Reports   reportsConfig   `yaml:"reports"`

	location *time.Location
	keep     period           // Retention
	segments []report.Segment // Segments
	defined  definitions      // Goals, Groups and Funnels
}

// reportsConfig says who is told of a site by itself: mail addresses, and names of webhooks.
type reportsConfig struct {
	Weekly    []string          `yaml:"weekly"`
	Monthly   []string          `yaml:"monthly"`
	Notices   []string          `yaml:"notices"`
	Language  string            `yaml:"language"`  // en or de; empty: en
	Languages map[string]string `yaml:"languages"` // of receivers that read another one
	Hour      *int              `yaml:"hour"`      // of the site's day at which reports are sent; nil: 7
	Spike     int               `yaml:"spike"`     // current visitors that are worth a notice; 0: no number is
	Drop      *bool             `yaml:"drop"`      // whether none, where there usually are, is worth one; nil: it is
}

// webhookConfig is where messages are sent by HTTP.
type webhookConfig struct {
	Name       string `yaml:"name"`
	URL        string `yaml:"url"`
	URLFile    string `yaml:"url_file"` // in place of URL, which may be a secret
	SecretFile string `yaml:"secret_file"`
	Format     string `yaml:"format"` // json or slack; empty: json
}

// segmentConfig is a list of filters that can be asked for by name.
type segmentConfig struct {
	ID      int    `yaml:"id"` // a number to ask by; 0: only the name
	Name    string `yaml:"name"`
	Filters []any  `yaml:"filters"` // as in the Stats API
}

func defaults() config {
	var c config
	c.Data = "./data"
	c.Storage.Memory = "400M"
	c.Storage.Spool, c.Storage.Flush = "4G", "10s"
	c.HTTP.Listen = "127.0.0.1:8080"
	c.HTTP.TrustedProxies = []string{"127.0.0.0/8", "::1/128"}
	c.HTTP.RateLimit = 600
	c.Beacons.Rate = 1000
	c.Alerts.Volumes = true
	c.Privacy.IPv4Prefix, c.Privacy.IPv6Prefix, c.Privacy.Crowd = 24, 48, 10
	c.Privacy.Respect = []string{"gpc", "dnt"}
	c.Privacy.Query = []string{"utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term", "ref", "source"}
	return c
}

// empty reports whether the file says nothing at all.
func (c *config) empty() bool { return c.root != nil && len(c.root.Content) == 0 }

// loadConfig reads the file over the defaults. An empty name gives the defaults. Errors name file, line and key.
func loadConfig(name string) (config, error) {
	c, err := readConfig(name)
	if err != nil {
		return c, err
	}
	return c, c.merge(settings.Settings{})
}

// readConfig reads the file, whose values are yet to be checked by merge.
func readConfig(name string) (config, error) {
	c := defaults()
	if name == "" {
		return c, nil
	}
	b, err := os.ReadFile(name)
	if err != nil {
		return c, fmt.Errorf("configuration: %w", err)
	}
	c.file, c.root = name, new(yaml.Node)
	if err := yaml.Unmarshal(b, c.root); err != nil {
		return c, fmt.Errorf("%s: %s", name, readingError(err, nil))
	}
	dec := yaml.NewDecoder(bytes.NewReader(b))
	dec.KnownFields(true)
	if err := dec.Decode(&c); err != nil && !errors.Is(err, io.EOF) {
		return c, fmt.Errorf("%s: %s", name, readingError(err, c.root))
	}
	if err := dec.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		return c, fmt.Errorf("%s: what stands behind the first --- is not read: a configuration is one document", name)
	}
	c.filed = c.Sites
	return c, nil
}
