package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/klar-analytics/klar/anonymize"
	"github.com/klar-analytics/klar/collector/beacon"
	"github.com/klar-analytics/klar/dashboards"
)

// tokenVariable is the variable of the environment that holds a token of servers that send events.
const tokenVariable = "KLAR_BEACON_TOKEN"

// tokens reads the tokens by which servers may send events for their visitors: the file's, a line each, and the
// environment's. Errors never show one.
func (c *config) tokens() ([]string, error) {
	var tokens []string
	if t := os.Getenv(tokenVariable); t != "" {
		if err := beacon.CheckToken(t); err != nil {
			return nil, fmt.Errorf("%s: %w", tokenVariable, err)
		}
		tokens = append(tokens, t)
	}
	err := c.tokenLines("beacons.token_file", c.Beacons.TokenFile, func(line string) error {
		tokens = append(tokens, line)
		return beacon.CheckToken(line)
	})
	return tokens, err
}

// readers reads the tokens by which statistics may be asked for: the file's, a line each, with the sites behind it for
// which it is good, none for all. Errors never show one.
func (c *config) readers() ([]dashboards.Token, error) {
	var tokens []dashboards.Token
	err := c.tokenLines("http.token_file", c.HTTP.TokenFile, func(line string) error {
		words := strings.Fields(line)
		t := dashboards.Token{Secret: words[0], Sites: words[1:]}
		if slices.ContainsFunc(t.Sites, func(id string) bool { return anonymize.CheckSite(id) != nil }) {
			return errors.New("what stands behind the token are not the ids of sites") // it may be part of a token: it is not shown
		}
		if slices.ContainsFunc(tokens, func(other dashboards.Token) bool { return other.Secret == t.Secret }) {
			return errors.New("the token stands twice; name all of its sites in one line")
		}
		tokens = append(tokens, t)
		return beacon.CheckToken(t.Secret)
	})
	return tokens, err
}

// tokenLines calls take for the lines of a file that a key names, if it names one. Errors never show a line.
func (c *config) tokenLines(key, file string, take func(line string) error) error {
	if file == "" {
		return nil
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return c.fail(key, "%w", err)
	}
	some := false
	for i, line := range bytes.Split(text, []byte("\n")) {
		line := strings.TrimSpace(string(line))
		if line == "" {
			continue
		}
		some = true
		if err := take(line); err != nil {
			return c.fail(key, "line %d of the file: %w", i+1, err)
		}
	}
	if !some {
		return c.fail(key, "the file holds no token")
	}
	return nil
}
