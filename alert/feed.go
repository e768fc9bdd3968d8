package alert

import (
	"bytes"
	"cmp"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/netip"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/klar-analytics/klar/atomicfile"
	"github.com/klar-analytics/klar/report"
)

// Feed is a file of the networks that tripped rules, for programs that block them.
type Feed struct {
	File string
	// Format is one of [FeedFormats].
	Format string
	// TTL is how long a network is listed after it last tripped a rule.
	TTL time.Duration
	// MaxHarmless leaves out networks from which more harmless requests came at the same time; 0: none is.
	MaxHarmless uint64
}

// FeedFormats are the formats of feeds: nginx's deny lines, lines for nginx's geo, networks alone, decisions for CrowdSec.
var FeedFormats = []string{"nginx", "geo", "plain", "crowdsec"}

// FeedTick is how often feeds should be written anew.
const FeedTick = 30 * time.Second

// Feeding says what feeds there are, and who is in them.
type Feeding struct {
	Feeds []Feed
	Sites []string
	// Rules are those in force. Who only tripped others, or those whose severity is info, is not listed.
	Rules []Rule
	// Silences keep networks out, and so does what lies in Spared.
	Silences []Silence
	Spared   []netip.Prefix
}

// FeedsOptions describe feeds.
type FeedsOptions struct {
	// Offenders lists who tripped rules on a site (see [report.Offenders]).
	Offenders func(ctx context.Context, q report.Query, most int) (report.Offenders, error)
	// Feeding is asked each time.
	Feeding func() Feeding
	Now     func() time.Time
	Logger  *slog.Logger
}

// Feeds writes files of networks. It belongs to one goroutine.
type Feeds struct {
	FeedsOptions
	known   map[string][]listed // by the site: what the store said last
	failing bool
}

// listed is a network of a feed.
type listed struct {
	net                netip.Prefix
	last               time.Time // the end of the last five minutes in which it tripped a rule
	requests, harmless uint64
	rules              []string
}

// NewFeeds returns feeds of which nothing is written.
func NewFeeds(o FeedsOptions) *Feeds { return &Feeds{FeedsOptions: o, known: map[string][]listed{}} }

// Run writes the files at once and on each tick, until ctx ends.
func (f *Feeds) Run(ctx context.Context, tick <-chan time.Time) {
	for {
		f.Write(ctx)
		select {
		case <-ctx.Done():
			return
		case <-tick:
		}
	}
}

// Write writes the files whose lists are others now. While the store does not answer, who is listed stays until it is over.
func (f *Feeds) Write(ctx context.Context) {
	to := f.Feeding()
	if len(to.Feeds) == 0 {
		return
	}
	now := f.Now()
	var failed error
	for _, site := range to.Sites {
		failed = errors.Join(failed, f.ask(ctx, &to, site, now))
	}
	for _, feed := range to.Feeds {
		failed = errors.Join(failed, feed.write(merged(to.Sites, f.known), now))
	}
	if failed != nil && !f.failing && ctx.Err() == nil {
		f.Logger.Warn("the feeds of networks are not up to date", "error", failed)
	}
	f.failing = failed != nil
}

// ask asks for the networks of a site.
func (f *Feeds) ask(ctx context.Context, to *Feeding, site string, now time.Time) error {
	longest := slices.MaxFunc(to.Feeds, func(a, b Feed) int { return cmp.Compare(a.TTL, b.TTL) }).TTL
	answer, err := f.Offenders(ctx, report.Query{Site: site, From: now.Add(-longest).Truncate(coarse), To: now.Add(coarse)}, report.MaxOffenders)
	if err != nil {
		return err
	}
	list := []listed{}
	for _, o := range answer.Networks {
		net, err := netip.ParsePrefix(o.Net)
		rules := to.blocks(site, net, o.Rules, now)
		if err != nil || len(rules) == 0 {
			continue
		}
		list = append(list, listed{net, o.Last.Add(coarse), o.Requests, o.Harmless, rules})
	}
	f.known[site] = list
	return nil
}

// blocks returns the rules for which a network is listed.
func (to *Feeding) blocks(site string, net netip.Prefix, tripped []string, now time.Time) (list []string) {
	if slices.ContainsFunc(to.Spared, net.Overlaps) {
		return nil
	}
	for _, r := range to.Rules {
		a := report.Alert{Rule: r.Name, Site: site, Net: net.String()}
		if r.Severity != "info" && slices.Contains(tripped, r.Name) &&
			!slices.ContainsFunc(to.Silences, func(s Silence) bool { return s.fits(&a, now) }) {
			list = append(list, r.Name)
		}
	}
	return list
}

// merged returns the networks of all sites, each once, in order.
func merged(sites []string, known map[string][]listed) []listed {
	all := map[netip.Prefix]listed{}
	for _, site := range sites {
		for _, l := range known[site] {
			if o, ok := all[l.net]; ok {
				l.requests, l.harmless = l.requests+o.requests, l.harmless+o.harmless
				l.rules = slices.Concat(o.rules, l.rules)
				if o.last.After(l.last) {
					l.last = o.last
				}
			}
			l.rules = slices.Compact(slices.Sorted(slices.Values(l.rules)))
			all[l.net] = l
		}
	}
	list := []listed{}
	for _, l := range all {
		list = append(list, l)
	}
	slices.SortFunc(list, func(a, b listed) int { return a.net.Addr().Compare(b.net.Addr()) })
	return list
}

// write writes the file if it says something else by now.
func (f Feed) write(list []listed, now time.Time) error {
	list = slices.DeleteFunc(list, func(l listed) bool {
		return !l.last.Add(f.TTL).After(now) || f.MaxHarmless > 0 && l.harmless > f.MaxHarmless
	})
	text := f.text(list, now)
	before, err := os.ReadFile(f.File)
	if err == nil && bytes.Equal(before, text) {
		return nil
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return atomicfile.Write(f.File, text)
}

// text writes the networks down.
func (f Feed) text(list []listed, now time.Time) []byte {
	var b bytes.Buffer
	if f.Format == "crowdsec" {
		w := csv.NewWriter(&b) // into memory: it cannot fail
		_ = w.Write([]string{"duration", "scope", "value", "reason", "type"})
		for _, l := range list {
			left := l.last.Add(f.TTL).Sub(now).Round(time.Minute)
			_ = w.Write([]string{max(left, time.Minute).String(), "range", l.net.String(), l.why(), "ban"})
		}
		w.Flush()
		return b.Bytes()
	}
	fmt.Fprintf(&b, "# Written by klar. Networks that tripped rules of alerts, each for %s after the last time. Harmless requests, at least\n# so many, came from each at the same time: a block hits them, too.\n", f.TTL)
	for _, l := range list {
		about := fmt.Sprintf("until %s: %s", l.last.Add(f.TTL).UTC().Format("2006-01-02 15:04 UTC"), l.why())
		switch f.Format {
		case "nginx":
			fmt.Fprintf(&b, "deny %s; # %s\n", l.net, about)
		case "geo":
			fmt.Fprintf(&b, "%s 1; # %s\n", l.net, about)
		default:
			fmt.Fprintf(&b, "# %s\n%s\n", about, l.net)
		}
	}
	return b.Bytes()
}

// why says why a network is listed, and what a block hits besides.
func (l listed) why() string {
	return fmt.Sprintf("%s; %d requests of attacks, %d harmless", strings.Join(l.rules, " "), l.requests, l.harmless)
}
