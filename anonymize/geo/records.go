package geo

import (
	"net"

	"github.com/oschwald/maxminddb-golang"

	"github.com/klar-analytics/klar/anonymize/memo"
)

// records remembers what a database's records say. Many networks share one record (there are 250 countries), so that one
// is decoded once and then found by its place in the file, which costs a fifth of decoding it.
type records[V any] struct {
	index *maxminddb.Reader
	known memo.Cache[V]
}

// openRecords opens a file a second time, for its index. The system keeps one copy of it in memory.
func openRecords[V any](file string) (records[V], error) {
	if file == "" {
		return records[V]{}, nil
	}
	index, err := maxminddb.Open(file)
	return records[V]{index, memo.New[V](entries / 2)}, err
}

// of returns what the record of the address says, decoded by decode if it was not met before; zero if there is none.
func (r *records[V]) of(ip net.IP, decode func(net.IP) V) (v V) {
	offset, err := r.index.LookupOffset(ip)
	if err != nil || offset == maxminddb.NotFound {
		return v
	}
	key := (uint64(offset) + 1) * 0x9E3779B97F4A7C15
	v, ok := r.known.Get(key)
	if !ok {
		v = decode(ip)
		r.known.Put(key, v)
	}
	return v
}

func (r *records[V]) close() error {
	if r.index == nil {
		return nil
	}
	return r.index.Close()
}
