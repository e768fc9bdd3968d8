package main

import (
	"crypto/tls"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/klar-analytics/klar/collector"
	"github.com/klar-analytics/klar/collector/accesslog"
	"github.com/klar-analytics/klar/collector/syslog"
)

// sourceConfig is one source of hits of klar serve: files or syslog.
type sourceConfig struct {
	File    string `yaml:"file"`     // a log, or a pattern of logs
	Syslog  string `yaml:"syslog"`   // an address such as udp://127.0.0.1:5140
	TLSCert string `yaml:"tls_cert"` // the files of a tls:// address
	TLSKey  string `yaml:"tls_key"`
	Format  string `yaml:"format"` // auto, a name, or an nginx log_format string
	Site    string `yaml:"site"`   // empty: by the host that the log names
}

func (c *config) checkSources() error {
	seen := map[string]bool{}
	for i, s := range c.Sources {
		key := fmt.Sprintf("sources.%d", i)
		check := c.checkFile
		switch {
		case s.File == "" && s.Syslog == "":
			return c.fail(key, "names neither file nor syslog")
		case s.File != "" && s.Syslog != "":
			return c.fail(key+".syslog", "stands beside file: make two sources of them")
		case s.Syslog != "":
			check = c.checkSyslog
		}
		if err := check(key, s, seen); err != nil {
			return err
		}
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

// checkFile checks what only sources of files have.
func (c *config) checkFile(key string, s sourceConfig, seen map[string]bool) error {
	if _, err := filepath.Match(s.File, ""); err != nil {
		return c.fail(key+".file", "%q is not a valid pattern", s.File)
	}
	if seen[filepath.Clean(s.File)] {
		return c.fail(key+".file", "there are two sources %q", s.File)
	}
	seen[filepath.Clean(s.File)] = true
	if s.TLSCert != "" || s.TLSKey != "" {
		return c.fail(key, "has a certificate, which only a source with syslog: tls://... needs")
	}
	return nil
}

// checkSyslog checks what only sources of syslog have.
func (c *config) checkSyslog(key string, s sourceConfig, seen map[string]bool) error {
	address, err := syslog.ParseAddress(s.Syslog)
	if err != nil {
		return c.fail(key+".syslog", "%q %w", s.Syslog, err)
	}
	if seen[address.Clash()] {
		return c.fail(key+".syslog", "there are two sources %q", s.Syslog)
	}
	seen[address.Clash()] = true
	if s.Format == "" || strings.EqualFold(s.Format, "auto") {
		return c.fail(key, "needs its format: it cannot be found out from messages")
	}
	switch certified := s.TLSCert != "" && s.TLSKey != ""; {
	case address.TLS() && !certified:
		return c.fail(key, "needs tls_cert and tls_key, the files of its certificate and key")
	case !address.TLS() && (s.TLSCert != "" || s.TLSKey != ""):
		return c.fail(key, "has a certificate, which only a source with syslog: tls://... needs")
	}
	return nil
}

// logged reports whether a source may tell of a site: one that names it, or none.
func (c *config) logged(site string) bool {
	return slices.ContainsFunc(c.Sources, func(s sourceConfig) bool { return s.Site == site || s.Site == "" })
}

// fileSources returns the sources of files as the collector takes them.
func (c *config) fileSources() []collector.FileSource {
	var all []collector.FileSource
	for _, s := range c.Sources {
		if s.File != "" {
			all = append(all, collector.FileSource{Pattern: s.File, Site: s.Site, Format: s.Format})
		}
	}
	return all
}

// syslogSources returns the sources of syslog as the collector takes them, their certificates read.
func (c *config) syslogSources() ([]collector.SyslogSource, error) {
	var all []collector.SyslogSource
	for i, s := range c.Sources {
		if s.Syslog == "" {
			continue
		}
		source := collector.SyslogSource{Address: s.Syslog, Site: s.Site, Format: s.Format}
		if s.TLSCert != "" {
			pair, err := tls.LoadX509KeyPair(s.TLSCert, s.TLSKey)
			if err != nil {
				return nil, c.fail(fmt.Sprintf("sources.%d.tls_cert", i), "the certificate cannot be used: %w", err)
			}
			source.TLS = &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}
		}
		all = append(all, source)
	}
	return all, nil
}
