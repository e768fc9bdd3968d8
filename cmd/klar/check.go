package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/klar-analytics/klar/anonymize/geo"
)

func checkCommand() command {
	return command{
		name: "check", short: "validates the configuration, naming file, line and key",
		long: `Reads the configuration file, says what is wrong with it, and lists what is in force.`,
		setup: func(c *call) func(context.Context) error {
			return func(context.Context) error {
				if c.configFile == "" {
					return errors.New("check needs --config FILE")
				}
				if len(c.args) > 0 {
					return errors.New("check takes no argument")
				}
				if err := c.config.checkGeo(); err != nil {
					return err
				}
				if _, err := c.config.syslogSources(); err != nil {
					return err
				}
				p := c.config.Privacy
				fmt.Fprintf(c.stdout, "%s is valid: %d sites, addresses shortened to /%d and /%d, combinations shared by %d people or more\n",
					c.configFile, len(c.config.Sites), p.IPv4Prefix, p.IPv6Prefix, p.Crowd)
				return nil
			}
		},
	}
}

// checkGeo opens the databases that the configuration names, as the commands do that need them.
func (c *config) checkGeo() error {
	for _, files := range []struct{ key, country, asn string }{
		{"geo.country", c.Geo.Country, ""}, {"geo.asn", "", c.Geo.ASN},
	} {
		db, err := geo.Open(files.country, files.asn)
		if err == nil {
			err = db.Close()
		}
		if err != nil {
			return c.fail(files.key, "%w", err)
		}
	}
	return nil
}
