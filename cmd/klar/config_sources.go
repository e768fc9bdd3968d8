package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/klar-analytics/klar/collector"
	"github.com/klar-analytics/klar/collector/accesslog"
)

// sourceConfig is one source of hits of klar serve.
type sourceConfig struct {
	File   string `yaml:"file"`   // a log, or a pattern of logs
	Format string `yaml:"format"` // auto, a name, or an nginx log_format string
	Site   string `yaml:"site"`   // empty: by the host that the log names
}

func (c *config) checkSources() error {
	seen := map[string]bool{}
	for i, s := range c.Sources {
		key := fmt.Sprintf("sources.%d", i)
		if s.File == "" {
			return c.fail(key, "names no file")
		}
		if _, err := filepath.Match(s.File, ""); err != nil {
			return c.fail(key+".file", "%q is not a valid pattern", s.File)
		}
		if seen[filepath.Clean(s.File)] {
			return c.fail(key+".file", "there are two sources %q", s.File)
		}
		seen[filepath.Clean(s.File)] = true
		if s.Format != "" && !strings.EqualFold(s.Format, "auto") {
			if _, err := accesslog.Compile(s.Format); err != nil {
				return c.fail(key+".format", "%w", err)
			}
		}
		if s.Site == "" && len(c.Sites) == 0 {
			return c.fail(key, "belongs to no site: name its site, or configure sites and their hosts")
		}
		if s.Site != "" && !slices.ContainsFunc(c.Sites, func(known siteConfig) bool { return known.ID == s.Site }) {
			return c.fail(key+".site", "%q is no configured site", s.Site)
		}
	}
	return nil
}

// fileSources returns the sources as the collector takes them.
func (c *config) fileSources() []collector.FileSource {
	var all []collector.FileSource
	for _, s := range c.Sources {
		all = append(all, collector.FileSource{Pattern: s.File, Site: s.Site, Format: s.Format})
	}
	return all
}
