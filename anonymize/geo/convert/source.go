package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strconv"

	"github.com/maxmind/mmdbwriter"
	"github.com/maxmind/mmdbwriter/mmdbtype"
	"github.com/oschwald/maxminddb-golang"
)

// aliased are networks that hold IPv4 addresses in IPv6 (Teredo, 6to4). The database answers for the inner address.
var aliased = []netip.Prefix{netip.MustParsePrefix("2001::/32"), netip.MustParsePrefix("2002::/16")}

func skip(a netip.Addr) bool {
	for _, p := range aliased {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

// countries copies the networks of the package's database, whose records are {country_code}.
func countries(tree *mmdbwriter.Tree, dir string, p *progress) error {
	db, err := maxminddb.Open(filepath.Join(dir, "dbip-country.mmdb"))
	if err != nil {
		return err
	}
	defer db.Close()
	known := make(map[string]mmdbtype.DataType) // one value per country
	networks := db.Networks(maxminddb.SkipAliasedNetworks)
	for networks.Next() {
		var record struct {
			Code string `maxminddb:"country_code"`
		}
		network, err := networks.Network(&record)
		if err != nil {
			return err
		}
		addr, _ := netip.AddrFromSlice(network.IP)
		if len(record.Code) != 2 || skip(addr) {
			continue
		}
		value := known[record.Code]
		if value == nil {
			value = mmdbtype.Map{"country": mmdbtype.Map{"iso_code": mmdbtype.String(record.Code)}}
			known[record.Code] = value
		}
		if err := tolerate(tree.Insert(network, value)); err != nil {
			return err
		}
		p.add()
	}
	return networks.Err()
}

// providers reads the package's two lists: first address, last address, number, name.
func providers(tree *mmdbwriter.Tree, dir string, p *progress) error {
	for _, name := range []string{"asn-ipv4.csv", "asn-ipv6.csv"} {
		if err := list(tree, filepath.Join(dir, name), p); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

func list(tree *mmdbwriter.Tree, file string, p *progress) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.FieldsPerRecord = 4
	r.ReuseRecord = true
	for {
		record, err := r.Read()
		if err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		line, _ := r.FieldPos(0)
		first, err1 := netip.ParseAddr(record[0])
		last, err2 := netip.ParseAddr(record[1])
		number, err3 := strconv.ParseUint(record[2], 10, 32)
		if err := errors.Join(err1, err2, err3); err != nil {
			return fmt.Errorf("line %d: %w", line, err)
		}
		if skip(first) {
			continue
		}
		value := mmdbtype.Map{
			"autonomous_system_number":       mmdbtype.Uint32(number),
			"autonomous_system_organization": mmdbtype.String(record[3]),
		}
		if err := tolerate(tree.InsertRange(net.IP(first.AsSlice()), net.IP(last.AsSlice()), value)); err != nil {
			return fmt.Errorf("line %d: %w", line, err)
		}
		p.add()
	}
}

// tolerate lets pass that a network is reserved or aliased: the database has nothing to say about those.
func tolerate(err error) error {
	var reserved *mmdbwriter.ReservedNetworkError
	var alias *mmdbwriter.AliasedNetworkError
	if errors.As(err, &reserved) || errors.As(err, &alias) {
		return nil
	}
	return err
}
