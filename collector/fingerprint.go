package collector

import (
	"bytes"
	"fmt"
	"math/bits"

	"github.com/klar-analytics/klar/collector/raw"
)

// fingerprint is a running 64-bit hash of a log, by which it is known again when it is renamed, compressed or has grown.
// So that it leads to no person it covers only the time, method, status, size, host and the length of the path of each
// line, and of a rejected line only that there was one. The values are on disk: what goes in here must never change.
type fingerprint uint64

// Words of lines that are not parsed.
const (
	rejectedWord uint64 = 0x9e3779b97f4a7c15
	longWord     uint64 = 0xc2b2ae3d27d4eb4f
)

// methodWords number the methods. Anything else is 15, since a broken request's first word could be anything.
func methodWord(m []byte) uint64 {
	switch string(m) {
	case "GET":
		return 1
	case "POST":
		return 2
	case "HEAD":
		return 3
	case "PUT":
		return 4
	case "DELETE":
		return 5
	case "OPTIONS":
		return 6
	case "PATCH":
		return 7
	case "CONNECT":
		return 8
	case "":
		return 0
	}
	return 15
}

// add takes a hit in.
func (f *fingerprint) add(x *raw.Fields) {
	length := bytes.IndexByte(x.Target, '?')
	if length < 0 {
		length = len(x.Target)
	}
	f.mix(uint64(x.Time))
	f.mix(x.Bytes)
	f.mix(uint64(length)<<16 | uint64(x.Status)<<4 | methodWord(x.Method))
	if host := bareHost(x.Host); len(host) > 0 {
		f.mixHost(host)
	}
}

// bareHost returns a host without its port. That of an IPv6 address stands behind the bracket.
func bareHost(host []byte) []byte {
	if i := bytes.LastIndexByte(host, ':'); i >= 0 && bytes.IndexByte(host[i:], ']') < 0 {
		return host[:i]
	}
	return host
}

// mixHost takes a host in, eight bytes a word and in lower case, so that the logs of two hosts are two logs.
func (f *fingerprint) mixHost(host []byte) {
	word := uint64(0)
	for i, c := range host {
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		if word = word<<8 | uint64(c); i%8 == 7 {
			f.mix(word)
			word = 0
		}
	}
	f.mix(word<<8 | uint64(byte(len(host)))) // seven bytes at most are left
}

// mix takes one word in: the halves of a 128-bit product, folded, as wyhash does.
func (f *fingerprint) mix(word uint64) {
	hi, lo := bits.Mul64(uint64(*f)^0xa0761d6478bd642f, word^0xe7037ed1a0b428db)
	*f = fingerprint(hi ^ lo ^ bits.RotateLeft64(word, 17))
}

// String writes the hash in hexadecimal, as positions hold it.
func (f fingerprint) String() string { return fmt.Sprintf("%016x", uint64(f)) }
