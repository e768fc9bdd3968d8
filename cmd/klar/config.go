package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
	"regexp"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// config is the configuration file. Everything in it has a default.
type config struct {
	Data    string `yaml:"data"`
	Storage struct {
		DSN    string `yaml:"dsn"`
		Memory string `yaml:"memory"` // the embedded engine's bound, such as 400M
		Listen string `yaml:"listen"` // loopback address of the embedded engine's HTTP interface; empty: unix socket only
	} `yaml:"storage"`
	HTTP struct {
		Listen         string         `yaml:"listen"`
		TrustedProxies []netip.Prefix `yaml:"trusted_proxies"`
	} `yaml:"http"`
	Sites   []siteConfig `yaml:"sites"`
	Privacy struct {
		IPv4Prefix int      `yaml:"ipv4_prefix"`
		IPv6Prefix int      `yaml:"ipv6_prefix"`
		Crowd      int      `yaml:"crowd"`
		Respect    []string `yaml:"respect"`
		Query      []string `yaml:"query"`
	} `yaml:"privacy"`
	Geo struct {
		Country string `yaml:"country"`
		ASN     string `yaml:"asn"`
	} `yaml:"geo"`
}

// siteConfig is one site that is measured.
type siteConfig struct {
	ID       string   `yaml:"id"`
	Hosts    []string `yaml:"hosts"`
	Timezone string   `yaml:"timezone"`

	location *time.Location
}

func defaults() config {
	var c config
	c.Data = "./data"
	c.Storage.Memory = "400M"
	c.HTTP.Listen = "127.0.0.1:8080"
	c.HTTP.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}
	c.Privacy.IPv4Prefix, c.Privacy.IPv6Prefix, c.Privacy.Crowd = 24, 48, 10
	c.Privacy.Respect = []string{"gpc", "dnt"}
	c.Privacy.Query = []string{"utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term", "ref", "source"}
	return c
}

// loadConfig reads the file over the defaults. An empty name gives the defaults. Errors name file, line and key.
func loadConfig(name string) (config, error) {
	c := defaults()
	if name == "" {
		return c, c.complete(nil)
	}
	b, err := os.ReadFile(name)
	if err != nil {
		return c, fmt.Errorf("configuration: %w", err)
	}
	dec := yaml.NewDecoder(bytes.NewReader(b))
	dec.KnownFields(true)
	if err := dec.Decode(&c); err != nil && !errors.Is(err, io.EOF) {
		return c, fmt.Errorf("%s: %s", name, oneLine(err))
	}
	var root yaml.Node
	if err := yaml.Unmarshal(b, &root); err != nil {
		return c, fmt.Errorf("%s: %s", name, oneLine(err))
	}
	if err := c.complete(&root); err != nil {
		return c, fmt.Errorf("%s: %w", name, err)
	}
	return c, nil
}

var unknownKey = regexp.MustCompile(`line (\d+): field (\S+) not found in type \S+`)

// wrongType is a value that does not fit its key, such as a word for a number.
var wrongType = regexp.MustCompile(`line (\d+): cannot unmarshal !!\S+ (.*) into (\S+)`)

// oneLine says what the YAML reader found in one line, in the user's words.
func oneLine(err error) string {
	s := unknownKey.ReplaceAllString(err.Error(), `line $1: unknown key "$2"`)
	s = strings.TrimPrefix(strings.TrimPrefix(s, "yaml: "), "unmarshal errors:")
	s = wrongType.ReplaceAllString(s, `line $1: $2 is not of the type $3`)
	var all []string
	for line := range strings.Lines(s) {
		if line = strings.TrimSpace(line); line != "" {
			all = append(all, line)
		}
	}
	return strings.Join(all, "; ")
}

// complete checks the values and fills in what follows from them. root may be nil.
func (c *config) complete(root *yaml.Node) error {
	fail := func(format string, args ...any) error {
		key := fmt.Sprint(args[0])
		return fmt.Errorf("%s%s: "+format, append([]any{position(root, key)}, args...)...)
	}
	if n := c.Privacy.IPv4Prefix; n < 1 || n > 24 {
		return fail("%d is not a prefix length from 1 to 24 bits: addresses can only be shortened further", "privacy.ipv4_prefix", n)
	}
	if n := c.Privacy.IPv6Prefix; n < 1 || n > 48 {
		return fail("%d is not a prefix length from 1 to 48 bits: addresses can only be shortened further", "privacy.ipv6_prefix", n)
	}
	if n := c.Privacy.Crowd; n < 10 || n > 1000 {
		return fail("%d is not from 10 to 1000: the crowd can only be made larger", "privacy.crowd", n)
	}
	for _, r := range c.Privacy.Respect {
		if r != "gpc" && r != "dnt" {
			return fail("%q is not gpc or dnt", "privacy.respect", r)
		}
	}
	if d := c.Storage.DSN; d != "" && !strings.HasPrefix(d, "http://") && !strings.HasPrefix(d, "https://") {
		return fail("must begin with http:// or https://", "storage.dsn")
	}
	if _, err := parseSize(c.Storage.Memory); err != nil {
		return fail("%v", "storage.memory", err)
	}
	seen := map[string]string{}
	for i := range c.Sites {
		s := &c.Sites[i]
		key := fmt.Sprintf("sites.%d", i)
		if s.ID == "" {
			return fail("has no id", key)
		}
		if s.Timezone == "" {
			s.Timezone = "UTC"
		}
		loc, err := time.LoadLocation(s.Timezone)
		if err != nil {
			return fail("%q is not a time zone such as Europe/Berlin", key+".timezone", s.Timezone)
		}
		s.location = loc
		for _, h := range append([]string{s.ID}, s.Hosts...) {
			if other, ok := seen[h]; ok && other != s.ID {
				return fail("%q belongs to the site %q already", key+".hosts", h, other)
			}
			seen[h] = s.ID
		}
	}
	return nil
}

// position returns "line N: " of the key in the file, as far as it stands there.
func position(n *yaml.Node, key string) string {
	if n == nil || len(n.Content) == 0 {
		return ""
	}
	n = n.Content[0]
	line := 0
	for _, part := range strings.Split(key, ".") {
		next := child(n, part)
		if next == nil {
			break
		}
		n, line = next, next.Line
	}
	if line == 0 {
		return ""
	}
	return fmt.Sprintf("line %d: ", line)
}

func child(n *yaml.Node, part string) *yaml.Node {
	for i, c := range n.Content {
		switch {
		case n.Kind == yaml.MappingNode && i%2 == 0 && c.Value == part:
			return n.Content[i+1]
		case n.Kind == yaml.SequenceNode && fmt.Sprint(i) == part:
			return c
		}
	}
	return nil
}

// parseSize reads a number of bytes such as 400M or 2G.
func parseSize(s string) (uint64, error) {
	var n uint64
	unit := ""
	if _, err := fmt.Sscanf(s+" ", "%d%s", &n, &unit); err != nil && unit == "" && n == 0 {
		return 0, fmt.Errorf("%q is not a size such as 400M or 2G", s)
	}
	shift, ok := map[string]uint{"": 0, "K": 10, "M": 20, "G": 30}[strings.TrimSuffix(strings.ToUpper(unit), "B")]
	if !ok || n == 0 {
		return 0, fmt.Errorf("%q is not a size such as 400M or 2G", s)
	}
	return n << shift, nil
}
