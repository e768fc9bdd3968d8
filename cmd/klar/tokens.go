package main

import (
	"bytes"
	"fmt"
	"os"
	"strings"

	"github.com/klar-analytics/klar/collector/beacon"
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
	if c.Beacons.TokenFile == "" {
		return tokens, nil
	}
	text, err := os.ReadFile(c.Beacons.TokenFile)
	if err != nil {
		return nil, c.fail("beacons.token_file", "%w", err)
	}
	before := len(tokens)
	for i, line := range bytes.Split(text, []byte("\n")) {
		t := strings.TrimSpace(string(line))
		if t == "" {
			continue
		}
		if err := beacon.CheckToken(t); err != nil {
			return nil, c.fail("beacons.token_file", "line %d of the file: %w", i+1, err)
		}
		tokens = append(tokens, t)
	}
	if len(tokens) == before {
		return nil, c.fail("beacons.token_file", "the file holds no token")
	}
	return tokens, nil
}
