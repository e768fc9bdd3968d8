package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/klar-analytics/klar/anonymize/geo"
	"github.com/klar-analytics/klar/collector"
	"github.com/klar-analytics/klar/storage"
	"github.com/klar-analytics/klar/storage/embedded"
)

// checkTime bounds how long klar check waits for the store.
const checkTime = 10 * time.Second

func checkCommand() command {
	return command{
		name: "check", short: "validates the configuration, naming file, line and key", made: true,
		long: `Reads the configuration file, says what is wrong with it, and lists what is in force. Then it looks whether the logs
can be read and their formats are known, whether the data directory can be written, and whether the store answers;
with --config-only it does not, as on a machine that is not the one that Klar is to run on. It changes nothing.

With --rules it runs the tests that stand beside the rules of alerts instead, for which no configuration is needed.`,
		setup: func(c *call) func(context.Context) error {
			only := c.flags.Bool("config-only", false, "check the file and nothing that it names but GeoIP databases, certificates and tokens")
			rules := c.flags.Bool("rules", false, "run the tests of the rules of alerts, Klar's own and those of the configuration")
			return func(ctx context.Context) error {
				if *rules {
					return c.checkRules(ctx)
				}
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
				if _, err := c.config.tokens(); err != nil {
					return err
				}
				if _, err := c.config.readers(); err != nil {
					return err
				}
				if _, err := c.config.rules(); err != nil {
					return err
				}
				var err error
				if c.config.receivers, err = c.config.openReceivers(); err != nil {
					return err
				}
				p := c.config.Privacy
				fmt.Fprintf(c.stdout, "%s is valid: %d sites, addresses shortened to /%d and /%d, combinations shared by %d people or more\n",
					c.configFile, len(c.config.Sites), p.IPv4Prefix, p.IPv6Prefix, p.Crowd)
				for _, u := range c.config.unused {
					fmt.Fprintf(c.stdout, "made in the interface, and does not hold: %s\n", u)
				}
				if *only {
					return nil
				}
				return c.checkSurroundings(ctx)
			}
		},
	}
}

// checkSurroundings looks at what the configuration names, and says what it finds. The error counts what is wrong.
func (c *call) checkSurroundings(ctx context.Context) error {
	wrong := 0
	say := func(of string, err error, well string) {
		if err != nil {
			wrong++
			well = "WRONG: " + err.Error()
		}
		fmt.Fprintf(c.stdout, "%s: %s\n", of, well)
	}
	for _, s := range c.config.Sources {
		if s.Syslog != "" {
			say("source "+s.Syslog, nil, "taken in when klar serve runs")
			continue
		}
		files, err := collector.FileSource{Pattern: s.File, Site: s.Site, Format: s.Format}.Inspect()
		say("source "+s.File, err, fmt.Sprintf("%d files", len(files)))
		for _, f := range files {
			if f.Format == "" {
				f.Format = "empty"
			}
			say("  "+f.Name, f.Err, f.Format)
		}
	}
	say("data directory "+c.config.Data, c.checkData(), "can be written")
	store, err := c.checkStore(ctx)
	say("store", err, store)
	if mail := c.config.receivers.mail; mail != nil {
		say("mail server", mail.Try(ctx), "answers")
	}
	if wrong > 0 {
		return fmt.Errorf("%d of these are wrong", wrong)
	}
	return nil
}

// checkData returns why the data directory cannot be written, or cannot be made.
func (c *call) checkData() error {
	dir, err := filepath.Abs(c.config.Data)
	if err != nil {
		return err
	}
	for {
		info, err := os.Stat(dir)
		if err == nil && !info.IsDir() {
			return fmt.Errorf("%s is no directory", dir)
		}
		if err == nil {
			return probe(dir)
		}
		if !errors.Is(err, os.ErrNotExist) || dir == filepath.Dir(dir) {
			return err
		}
		dir = filepath.Dir(dir) // it is made when Klar starts
	}
}

// checkStore asks the server whether it answers, or looks whether there is an engine.
func (c *call) checkStore(ctx context.Context) (string, error) {
	if c.config.Storage.DSN == "" {
		library, err := embedded.FindLibrary()
		return "embedded, with " + library, err
	}
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	return "the ClickHouse server answers", storage.Ping(ctx, storage.Options{DSN: c.config.Storage.DSN})
}

// checkGeo opens the databases that the configuration names, as the commands do that need them.
func (c *config) checkGeo() error {
	for _, one := range []struct {
		key   string
		files geo.Files
	}{
		{"geo.country", geo.Files{Country: c.Geo.Country}}, {"geo.city", geo.Files{City: c.Geo.City}}, {"geo.asn", geo.Files{ASN: c.Geo.ASN}},
	} {
		db, err := geo.Open(one.files)
		if err == nil {
			err = db.Close()
		}
		if err != nil {
			return c.fail(one.key, "%w", err)
		}
	}
	return nil
}
