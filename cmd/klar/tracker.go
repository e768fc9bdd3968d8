package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/klar-analytics/klar/anonymize"
	"github.com/klar-analytics/klar/collector/beacon"
)

func trackerCommand() command {
	return command{
		name: "tracker", args: "[PART...]", short: "prints the tag of the tracker script, with its integrity hash",
		long: `Prints the HTML that makes a page report itself to the Klar at a URL, with a hash (Subresource Integrity) by which
browsers run this very script only; it changes with Klar's version. Parts that may be added: ` + strings.Join(beacon.Parts, ", ") + `.

  klar tracker --site example.org --url https://stats.example.org outbound-links`,
		setup: func(c *call) func(context.Context) error {
			site := c.flags.String("site", "", "`ID` of the site")
			at := c.flags.String("url", "", "`URL` at which browsers reach Klar, such as https://stats.example.org")
			return func(context.Context) error {
				if err := anonymize.CheckSite(*site); err != nil {
					return fmt.Errorf("--site: %w", err)
				}
				if u, err := url.Parse(*at); err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.RawQuery != "" || strings.ContainsAny(*at, `"<>& `) {
					return errors.New("--url: give where browsers reach Klar, such as https://stats.example.org")
				}
				script, err := beacon.NewScript(c.args...)
				if errors.Is(err, beacon.ErrPart) {
					return fmt.Errorf("%w; it has %s", err, strings.Join(beacon.Parts, ", "))
				}
				if err != nil {
					return err
				}
				fmt.Fprintf(c.stdout, "<script defer data-domain=\"%s\" src=\"%s%s\"\n  integrity=\"%s\" crossorigin=\"anonymous\"></script>\n",
					*site, strings.TrimRight(*at, "/"), script.Path, script.Integrity)
				return nil
			}
		},
	}
}
