package attack

import (
	"bufio"
	"bytes"
	"fmt"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"testing"

	"github.com/maxmind/mmdbwriter"
	"github.com/maxmind/mmdbwriter/mmdbtype"

	"github.com/klar-analytics/klar/anonymize/geo"
	"github.com/klar-analytics/klar/hit"
)

// drawCities writes a database of the cities of a log's networks: up to 16 regions in each country and 30 cities in each.
func drawCities(t testing.TB, log string, countries *geo.DB) string {
	t.Helper()
	f, err := os.Open(log)
	if err != nil {
		t.Fatal("the log cannot be opened: ", reasonOf(err))
	}
	defer func() { _ = f.Close() }()
	tree, err := mmdbwriter.New(mmdbwriter.Options{DatabaseType: "GeoIP2-City", RecordSize: 24, IncludeReservedNetworks: true})
	if err != nil {
		t.Fatal(err)
	}
	for s := bufio.NewScanner(f); s.Scan(); {
		addr, _, _ := bytes.Cut(s.Bytes(), []byte{' '})
		a, err := netip.ParseAddr(string(addr))
		if err != nil {
			continue
		}
		network := hit.NewNet(a, 24, 48)
		if err := tree.Insert(ipNet(network), drawPlace(network, countries.Lookup(network).Country.String())); err != nil {
			t.Fatal("a network of the log cannot be given a city")
		}
	}
	name := filepath.Join(t.TempDir(), "city.mmdb")
	out, err := os.Create(name)
	if err == nil {
		_, err = tree.WriteTo(out)
	}
	if err == nil {
		err = out.Close()
	}
	if err != nil {
		t.Fatal(reasonOf(err))
	}
	return name
}

func ipNet(n hit.Net) *net.IPNet {
	_, network, _ := net.ParseCIDR(n.String())
	return network
}

// drawPlace draws where a network of a country is. Of one in twenty the region only is known, of one in fifty nothing.
func drawPlace(n hit.Net, country string) mmdbtype.Map {
	r := dice([]byte(n.String()))
	region := zipf(r, 16)
	city := fmt.Sprintf("City %d-%d", region, zipf(r, 30))
	place := mmdbtype.Map{"country": mmdbtype.Map{"iso_code": mmdbtype.String(country)}}
	known := r.IntN(100)
	if known >= 2 {
		place["subdivisions"] = mmdbtype.Slice{mmdbtype.Map{"iso_code": mmdbtype.String(fmt.Sprint(region))}}
	}
	if known >= 7 {
		place["city"] = mmdbtype.Map{"names": mmdbtype.Map{"en": mmdbtype.String(city)}}
	}
	return place
}
