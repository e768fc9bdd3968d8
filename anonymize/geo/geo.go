// Package geo says in which country, region and city a network is and whose it is. It is only ever asked with a shortened address.
package geo

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/netip"
	"strings"
	"time"

	"github.com/oschwald/geoip2-golang"

	"github.com/klar-analytics/klar/anonymize/memo"
	"github.com/klar-analytics/klar/hit"
)

// entries is how many networks are remembered, in about 3 MB.
const entries = 1 << 16

// DB answers from three databases in the format of MaxMind, of which each may be missing. It remembers a bounded number of
// answers and is safe for concurrent use until it is closed.
type DB struct {
	country, city, provider *geoip2.Reader
	isp                     bool // provider is a GeoIP2 ISP database, which names the provider itself
	cache                   memo.Cache[Place]
	countries               records[hit.Country]
	cities                  records[area]
	providers               records[hit.Provider]
}

// Place is what is known of a network. What is not known is zero. The city is in the region, and both in the country, if
// there is a database of countries.
type Place struct {
	Country  hit.Country
	Region   hit.Region
	City     hit.City
	Provider hit.Provider
}

// area is what a database of cities says.
type area struct {
	country hit.Country
	region  hit.Region
	city    hit.City
}

// Files are the names of the databases. An empty one is left out; its answers are then zero.
type Files struct {
	Country string // of countries: GeoLite2, GeoIP2 or DB-IP; Country, City or Enterprise
	City    string // of regions and cities: City or Enterprise
	ASN     string // of internet providers: ASN or ISP
}

// Open opens the databases.
func Open(f Files) (*DB, error) {
	db := &DB{cache: memo.New[Place](entries)}
	var err error
	if db.city, err = open(f.City, "city", func(r *geoip2.Reader) error {
		if kind := r.Metadata().DatabaseType; !strings.Contains(kind, "City") && !strings.Contains(kind, "Enterprise") {
			return geoip2.InvalidMethodError{DatabaseType: kind} // the reader takes any file of countries
		}
		_, err := r.City(net.IPv6loopback)
		return err
	}); err != nil {
		return nil, err
	}
	if db.country, err = open(f.Country, "country", func(r *geoip2.Reader) error {
		_, err := r.Country(net.IPv6loopback)
		return err
	}); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	if db.provider, err = open(f.ASN, "asn", func(r *geoip2.Reader) error {
		if _, err := r.ISP(net.IPv6loopback); err == nil {
			db.isp = true
			return nil
		}
		_, err := r.ASN(net.IPv6loopback)
		return err
	}); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	var errs [3]error
	db.countries, errs[0] = openRecords[hit.Country](f.Country)
	db.providers, errs[1] = openRecords[hit.Provider](f.ASN)
	db.cities, errs[2] = openRecords[area](f.City)
	if err := errors.Join(errs[:]...); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// open opens one file and tries it. The setting is the name of its key in the configuration.
func open(file, setting string, try func(*geoip2.Reader) error) (*geoip2.Reader, error) {
	if file == "" {
		return nil, nil
	}
	r, err := geoip2.Open(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("no geo database at %s: run `make assets`, or set geo.%s", file, setting)
	case err != nil:
		return nil, fmt.Errorf("geo database %s, set by geo.%s: %w", file, setting, err)
	}
	var wrong geoip2.InvalidMethodError
	if err := try(r); errors.As(err, &wrong) {
		err = fmt.Errorf("geo database %s is a %s, which geo.%s cannot be", file, wrong.DatabaseType, setting)
		return nil, errors.Join(err, r.Close())
	}
	return r, nil
}

// Source is one of the open databases.
type Source struct {
	What  string    // country, city or provider
	Name  string    // as it calls itself: DBIP-Country-Lite
	Built time.Time // UTC
}

// Sources lists the databases that are open.
func (db *DB) Sources() []Source {
	var list []Source
	for _, one := range []struct {
		what string
		r    *geoip2.Reader
	}{{"country", db.country}, {"city", db.city}, {"provider", db.provider}} {
		if one.r != nil {
			of := one.r.Metadata()
			list = append(list, Source{one.what, of.DatabaseType, time.Unix(int64(of.BuildEpoch), 0).UTC()})
		}
	}
	return list
}

// Close closes the databases. No lookup may run or follow.
func (db *DB) Close() error {
	errs := []error{db.countries.close(), db.cities.close(), db.providers.close()}
	for _, r := range []*geoip2.Reader{db.country, db.city, db.provider} {
		if r != nil {
			errs = append(errs, r.Close())
		}
	}
	return errors.Join(errs...)
}

// Lookup returns where the network's first address is and the provider it belongs to; zero for what is not known, and
// for private and reserved networks.
func (db *DB) Lookup(n hit.Net) Place {
	if n.IsZero() {
		return Place{}
	}
	addr := n.Addr()
	key := keyOf(addr)
	a, ok := db.cache.Get(key)
	if !ok {
		if !reserved(addr) {
			a = db.read(addr)
		}
		db.cache.Put(key, a)
	}
	return a
}

// read asks the databases. An error there means that this one record is damaged; it counts as unknown.
func (db *DB) read(addr netip.Addr) (a Place) {
	ip := net.IP(addr.AsSlice())
	if db.country != nil {
		a.Country = db.countries.of(ip, db.countryOf)
	}
	if db.provider != nil {
		a.Provider = db.providers.of(ip, db.providerOf)
	}
	if db.city != nil {
		// Two files may disagree. A region or city of another country is left out, so that each lies in what it is in.
		if in := db.cities.of(ip, db.areaOf); db.country == nil || in.country == a.Country {
			a.Region, a.City = in.region, in.city
		}
	}
	return a
}

func (db *DB) countryOf(ip net.IP) hit.Country {
	c, err := db.country.Country(ip)
	if err != nil {
		return hit.Country{}
	}
	return hit.NewCountry(c.Country.IsoCode)
}

// areaOf takes the first of a country's divisions, which is the largest.
func (db *DB) areaOf(ip net.IP) (a area) {
	c, err := db.city.City(ip)
	if err != nil {
		return area{}
	}
	a.country = hit.NewCountry(c.Country.IsoCode)
	if len(c.Subdivisions) > 0 {
		a.region = hit.NewRegion(c.Country.IsoCode + "-" + c.Subdivisions[0].IsoCode)
	}
	a.city = hit.NewCity(plain(c.City.Names["en"], 80))
	return a
}

func (db *DB) providerOf(ip net.IP) hit.Provider {
	if db.isp {
		if p, err := db.provider.ISP(ip); err == nil {
			return provider(p.ISP, p.AutonomousSystemOrganization)
		}
		return hit.Provider{}
	}
	p, err := db.provider.ASN(ip)
	if err != nil {
		return hit.Provider{}
	}
	return provider(p.AutonomousSystemOrganization)
}

// keyOf returns a key that no other network has: an address that was shortened differs from others of its family in its
// first 48 bits. The multiplication spreads the keys, and can be undone, so that two never become one.
func keyOf(addr netip.Addr) uint64 {
	var key uint64
	if addr.Is4() {
		b := addr.As4()
		key = 1<<63 | uint64(binary.BigEndian.Uint32(b[:]))
	} else {
		b := addr.As16()
		key = binary.BigEndian.Uint64(b[:8]) >> 16
	}
	key *= 0x9E3779B97F4A7C15
	return key ^ key>>32
}
