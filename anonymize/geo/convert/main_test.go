package main

import (
	"bytes"
	"io"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/maxmind/mmdbwriter"
	"github.com/maxmind/mmdbwriter/mmdbtype"

	"github.com/klar-analytics/klar/anonymize/geo"
	"github.com/klar-analytics/klar/hit"
)

// install writes packages as npm would, but with a handful of networks.
func install(t *testing.T, v4, v6 string) string {
	t.Helper()
	dir := t.TempDir()
	write := func(name, text string) {
		file := filepath.Join(dir, "@ip-location-db", name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	tree, err := mmdbwriter.New(mmdbwriter.Options{DatabaseType: "ipv46-country", BuildEpoch: 1})
	if err != nil {
		t.Fatal(err)
	}
	for network, code := range map[string]string{"1.0.0.0/24": "AU", "2.16.0.0/13": "FR", "2a00::/16": "DE", "2001:200::/32": "JP"} {
		_, n, err := net.ParseCIDR(network)
		if err != nil {
			t.Fatal(err)
		}
		if err := tree.Insert(n, mmdbtype.Map{"country_code": mmdbtype.String(code)}); err != nil {
			t.Fatal(err)
		}
	}
	var db bytes.Buffer
	if _, err := tree.WriteTo(&db); err != nil {
		t.Fatal(err)
	}
	write("dbip-country-mmdb/dbip-country.mmdb", db.String())
	write("dbip-country-mmdb/package.json", `{"version": "2.3.2026060120"}`)
	write("asn/package.json", `{"version": "2.3.2026061719"}`)
	write("asn/asn-ipv4.csv", v4)
	write("asn/asn-ipv6.csv", v6)
	return dir
}

const (
	v4 = "1.0.0.0,1.0.0.255,13335,\"Cloudflare, Inc.\"\n2.16.0.0,2.16.5.255,20940,Akamai\n10.0.0.0,10.255.255.255,1,Private\n"
	v6 = "2001::,2001::ffff:ffff:ffff:ffff:ffff:ffff,6939,Teredo\n2a00:1450::,2a00:1450:ffff:ffff:ffff:ffff:ffff:ffff,15169,Google\n"
)

func TestConvertedDatabasesAnswer(t *testing.T) {
	out := filepath.Join(t.TempDir(), "bin", "assets")
	var messages strings.Builder
	if err := run([]string{"--packages", install(t, v4, v6), "--out", out}, &messages); err != nil {
		t.Fatal(err)
	}
	if got := messages.String(); strings.Count(got, "\n") != 2 || !strings.Contains(got, "asn.mmdb: 4 networks") {
		t.Errorf("messages: %q", got)
	}
	files, err := os.ReadDir(out)
	if err != nil || len(files) != 2 {
		t.Errorf("%d files, want 2, %v", len(files), err)
	}
	db, err := geo.Open(geo.Files{Country: filepath.Join(out, "country.mmdb"), ASN: filepath.Join(out, "asn.mmdb")})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, c := range []struct{ addr, code, company string }{
		{"1.0.0.7", "AU", "Cloudflare, Inc."},
		{"2.16.5.7", "FR", "Akamai"},
		{"2.16.6.7", "FR", ""},
		{"10.0.0.7", "", ""},
		{"2a00:1450::7", "DE", "Google"},
		{"2001:200::7", "JP", ""},
		{"2001::7", "", ""},
	} {
		p := db.Lookup(hit.NewNet(netip.MustParseAddr(c.addr), 24, 48))
		code, company := p.Country, p.Provider
		if code.String() != c.code || company.String() != c.company {
			t.Errorf("%s: got %q of %q, want %q of %q", c.addr, code, company, c.code, c.company)
		}
	}
}

func TestConvertingTwiceGivesTheSameBytes(t *testing.T) {
	packages := install(t, v4, v6)
	var got [2][]byte
	for i := range got {
		out := t.TempDir()
		if err := run([]string{"--packages", packages, "--out", out}, io.Discard); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"country.mmdb", "asn.mmdb"} {
			b, err := os.ReadFile(filepath.Join(out, name))
			if err != nil {
				t.Fatal(err)
			}
			got[i] = append(got[i], b...)
		}
	}
	if !bytes.Equal(got[0], got[1]) {
		t.Error("the databases differ")
	}
}

func TestBadPackages(t *testing.T) {
	broken := install(t, v4, v6)
	if err := os.WriteFile(filepath.Join(broken, "@ip-location-db/asn/package.json"), []byte(`{"version": "1.0.0"}`), 0o644); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ packages, want string }{
		"not installed": {t.TempDir(), "run npm ci first"},
		"version":       {broken, "does not end in a date"},
		"address":       {install(t, "1.0.0.0,1.0.0.255,1,A\nx,y,z,B\n", v6), "asn-ipv4.csv: line 2"},
		"fields":        {install(t, v4, "2a00::,2a00::1\n"), "asn-ipv6.csv: record on line 1"},
	} {
		out := t.TempDir()
		err := run([]string{"--packages", c.packages, "--out", out}, io.Discard)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
		files, err := filepath.Glob(filepath.Join(out, "*asn*"))
		if err != nil || len(files) != 0 {
			t.Errorf("%s: %d files of providers left, want none, %v", name, len(files), err)
		}
	}
	if err := run([]string{"--nonsense"}, io.Discard); err == nil {
		t.Error("an unknown flag is accepted")
	}
}
