package geo

import (
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klar-analytics/klar/hit"
)

// data returns the path of a test database, which lies beside the repository.
func data(t testing.TB, name string) string {
	t.Helper()
	file := filepath.Join("..", "..", "..", "shared", "data", "geoip", name)
	if _, err := os.Stat(file); err != nil {
		t.Fatalf("the test data %s is missing beside the repository, in shared/data/geoip", name)
	}
	return file
}

func network(s string) hit.Net { return hit.NewNet(netip.MustParseAddr(s), 0, 0) }

func opened(t testing.TB, country, asn string) *DB {
	t.Helper()
	return openedFiles(t, Files{Country: country, ASN: asn})
}

func openedFiles(t testing.TB, f Files) *DB {
	t.Helper()
	db, err := Open(f)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func TestLookup(t *testing.T) {
	for _, c := range []struct {
		country, asn  string
		addr          string
		code, company string
	}{
		{"GeoLite2-Country-Test.mmdb", "GeoLite2-ASN-Test.mmdb", "67.43.156.1", "BT", ""},
		{"GeoLite2-Country-Test.mmdb", "GeoLite2-ASN-Test.mmdb", "202.196.224.7", "PH", ""},
		{"GeoLite2-Country-Test.mmdb", "GeoLite2-ASN-Test.mmdb", "::ffff:67.43.156.1", "BT", ""},
		{"GeoLite2-Country-Test.mmdb", "GeoLite2-ASN-Test.mmdb", "2001:218::1", "JP", ""},
		{"GeoLite2-Country-Test.mmdb", "GeoLite2-ASN-Test.mmdb", "1.128.0.9", "", "Telstra Pty Ltd"},
		{"GeoLite2-City-Test.mmdb", "GeoIP2-ISP-Test.mmdb", "67.43.156.1", "BT", ""},
		{"GeoIP2-City-Test.mmdb", "GeoIP2-ISP-Test.mmdb", "1.128.0.9", "", "Telstra Internet"},
		{"GeoLite2-Country-Test.mmdb", "", "67.43.156.1", "BT", ""},
	} {
		asn := c.asn
		if asn != "" {
			asn = data(t, asn)
		}
		db := opened(t, data(t, c.country), asn)
		for _, round := range []string{"new", "cached"} {
			p := db.Lookup(network(c.addr))
			code, company := p.Country, p.Provider
			if code.String() != c.code || c.company != "" && company.String() != c.company {
				t.Errorf("%s, %s, case %s, %s: got %q of %q, want %q of %q",
					c.country, c.asn, c.addr, round, code, company, c.code, c.company)
			}
		}
	}
}

// TestCities wants country, region and city of shortened networks from one file.
func TestCities(t *testing.T) {
	for _, c := range []struct{ addr, country, region, city string }{
		{"2.2.3.200", "GB", "GB-ENG", "Boxford"},
		{"175.16.199.77", "CN", "CN-22", "Changchun"},
		{"214.78.120.1", "US", "US-CA", "San Diego"},
		{"67.43.156.1", "BT", "", ""},
		{"2001:218::1", "JP", "", ""},
		{"8.8.8.8", "", "", ""},
	} {
		db := openedFiles(t, Files{Country: data(t, "GeoIP2-City-Test.mmdb"), City: data(t, "GeoIP2-City-Test.mmdb")})
		p := db.Lookup(hit.NewNet(netip.MustParseAddr(c.addr), 24, 48))
		if got := (struct{ country, region, city string }{p.Country.String(), p.Region.String(), p.City.String()}); got.country != c.country || got.region != c.region || got.city != c.city {
			t.Errorf("%s is in %+v, want %v", c.addr, got, c)
		}
	}
	both := openedFiles(t, Files{Country: data(t, "GeoLite2-City-Test.mmdb"), City: data(t, "GeoIP2-City-Test.mmdb")})
	if p := both.Lookup(network("175.16.199.0")); p.City.String() != "Changchun" {
		t.Errorf("two files agree about %q of %q", p.City, p.Country)
	}
	if p := both.Lookup(network("2.2.3.0")); !p.Region.IsZero() || !p.City.IsZero() {
		t.Errorf("%q and %q do not lie in %q, which another file says", p.Region, p.City, p.Country)
	}
	if _, err := Open(Files{City: data(t, "GeoLite2-Country-Test.mmdb")}); err == nil || !strings.Contains(err.Error(), "which geo.city cannot be") {
		t.Errorf("a database without cities: %v", err)
	}
}

func TestReservedNetworksAreNowhere(t *testing.T) {
	db := opened(t, data(t, "GeoLite2-Country-Test.mmdb"), data(t, "GeoLite2-ASN-Test.mmdb"))
	for _, a := range []string{
		"0.0.0.1", "10.1.2.3", "100.64.1.1", "127.0.0.1", "169.254.1.1", "172.16.0.1", "192.0.2.1", "192.168.1.1",
		"198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "255.255.255.255",
		"::", "::1", "fe80::1", "fc00::1", "ff02::1", "2001:db8::1", "::ffff:10.0.0.1",
	} {
		if !reserved(network(a).Addr()) {
			t.Errorf("%s is not taken for reserved", a)
		}
		if db.Lookup(network(a)) != (Place{}) {
			t.Errorf("%s has a country or provider", a)
		}
	}
	if db.Lookup(hit.Net{}) != (Place{}) {
		t.Error("no network has a country or provider")
	}
	if reserved(network("8.8.8.8").Addr()) || reserved(network("2a00::1").Addr()) {
		t.Error("a public network is taken for reserved")
	}
}

func TestOpenSaysWhatToDo(t *testing.T) {
	dir := t.TempDir()
	broken := filepath.Join(dir, "broken.mmdb")
	if err := os.WriteFile(broken, []byte("no database"), 0o600); err != nil {
		t.Fatal(err)
	}
	country := data(t, "GeoLite2-Country-Test.mmdb")
	for name, c := range map[string]struct{ country, asn, want string }{
		"missing country": {filepath.Join(dir, "none"), "", "run `make assets`, or set geo.country"},
		"missing asn":     {country, filepath.Join(dir, "none"), "run `make assets`, or set geo.asn"},
		"broken":          {broken, "", "set by geo.country"},
		"directory":       {dir, "", "set by geo.country"},
		"swapped":         {data(t, "GeoLite2-ASN-Test.mmdb"), "", "is a GeoLite2-ASN, which geo.country cannot be"},
		"swapped asn":     {"", country, "is a GeoLite2-Country, which geo.asn cannot be"},
	} {
		db, err := Open(Files{Country: c.country, ASN: c.asn})
		if err == nil || !strings.Contains(err.Error(), c.want) || db != nil {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
	}
}

func TestProviderNames(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"Cloudflare, Inc.", "Cloudflare, Inc."},
		{`PJSC "Rostelecom"`, "PJSC Rostelecom"},
		{"O2 [old]: Telefónica", "O2  old   Telefónica"},
		{strings.Repeat("ü", 100), strings.Repeat("ü", 60)},
		{"", "second"},
	} {
		if got := provider(c.in, "second").String(); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}

func FuzzLookup(f *testing.F) {
	db := opened(f, data(f, "GeoLite2-Country-Test.mmdb"), data(f, "GeoLite2-ASN-Test.mmdb"))
	f.Add([]byte{67, 43, 156, 1}, 24)
	f.Add(netip.MustParseAddr("2001:218::1").AsSlice(), 32)
	f.Fuzz(func(t *testing.T, b []byte, bits int) {
		addr, _ := netip.AddrFromSlice(b)
		n := hit.NewNet(addr, bits, bits)
		p := db.Lookup(n)
		if db.Lookup(n) != p {
			t.Error("the second answer differs from the first")
		}
		if !n.IsZero() {
			if !reserved(n.Addr()) && db.read(n.Addr()) != p {
				t.Error("the remembered answer differs from the database's")
			}
		}
	})
}

func TestCachedAllocatesNothing(t *testing.T) {
	db := opened(t, data(t, "GeoLite2-Country-Test.mmdb"), "")
	n := network("67.43.156.1")
	if got := testing.AllocsPerRun(100, func() { db.Lookup(n) }); got != 0 {
		t.Errorf("%v allocations, want 0", got)
	}
}

func BenchmarkLookupCached(b *testing.B) {
	db := opened(b, data(b, "GeoLite2-Country-Test.mmdb"), data(b, "GeoLite2-ASN-Test.mmdb"))
	n := network("67.43.156.1")
	b.ReportAllocs()
	for b.Loop() {
		db.Lookup(n)
	}
}

func BenchmarkLookupNew(b *testing.B) {
	db := opened(b, data(b, "GeoLite2-Country-Test.mmdb"), data(b, "GeoLite2-ASN-Test.mmdb"))
	a := network("67.43.156.1").Addr()
	b.ReportAllocs()
	for b.Loop() {
		db.read(a)
	}
}
