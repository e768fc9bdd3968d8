package attack

import (
	"bytes"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash/crc64"
	"hash/fnv"
	"net/netip"
	"slices"
	"testing"

	"github.com/dchest/siphash"

	"github.com/klar-analytics/klar/hit"
)

// needles are what an attacker who tries all addresses would recognise an address by: whoever finds none of those that
// were there finds none with the others either.
type needles struct {
	texts  map[string]bool // of at least 7 bytes
	hashes map[uint64]bool // the first 8 bytes of what anybody can reckon from an address, and from one with its agent
	binary map[uint32]bool // as it stands, in either order of bytes
}

func newNeedles() *needles {
	return &needles{map[string]bool{}, map[uint64]bool{}, map[uint32]bool{}}
}

// needlesOf returns those of all people of a log, with their addresses changed by move.
func needlesOf(t *truth, move func(uint32) uint32) *needles {
	n := newNeedles()
	for i := range t.views {
		if a, err := netip.ParseAddr(t.views[i].addr); err == nil && a.Is4() {
			b := a.As4()
			n.add(move(binary.BigEndian.Uint32(b[:])), t.views[i].agent)
		}
	}
	return n
}

func (n *needles) add(address uint32, agent string) {
	var b [4]byte
	binary.BigEndian.PutUint32(b[:], address)
	text := netip.AddrFrom4(b).String()
	n.binary[address] = true
	n.binary[binary.LittleEndian.Uint32(b[:])] = true
	// Shorter ones are found by chance in anything.
	for _, s := range []string{text, hex.EncodeToString(b[:]), base64.RawStdEncoding.EncodeToString([]byte(text)), fmt.Sprint(address)} {
		if len(s) >= 8 {
			n.texts[s] = true
		}
	}
	for _, in := range [][]byte{[]byte(text), b[:], []byte(text + agent), []byte(agent + text), []byte(site + text + agent), []byte(text + agent + site)} {
		m, s1, s2 := md5.Sum(in), sha1.Sum(in), sha256.Sum256(in)
		f := fnv.New64a()
		_, _ = f.Write(in)
		c := crc64.Checksum(in, crc64.MakeTable(crc64.ISO))
		for _, h := range []uint64{binary.BigEndian.Uint64(m[:]), binary.BigEndian.Uint64(s1[:]), binary.BigEndian.Uint64(s2[:]), f.Sum64(), c, siphash.Hash(0, 0, in)} {
			n.hashes[h] = true
			var other [8]byte
			binary.LittleEndian.PutUint64(other[:], h)
			n.hashes[binary.BigEndian.Uint64(other[:])] = true
		}
		// As they are written out: hexadecimal, by their first 8 bytes.
		n.hashes[binary.BigEndian.Uint64([]byte(hex.EncodeToString(m[:4])))] = true
		n.hashes[binary.BigEndian.Uint64([]byte(hex.EncodeToString(s1[:4])))] = true
		n.hashes[binary.BigEndian.Uint64([]byte(hex.EncodeToString(s2[:4])))] = true
	}
}

// finds are how many different needles of each kind are in a haystack.
type finds struct{ texts, hashes, binary int }

func (n *needles) in(haystack []byte) (found finds) {
	texts, hashes, numbers := map[string]bool{}, map[uint64]bool{}, map[uint32]bool{}
	lengths := map[int]bool{}
	for s := range n.texts {
		lengths[len(s)] = true
	}
	begins := map[uint32]bool{}
	for s := range n.texts {
		begins[binary.BigEndian.Uint32([]byte(s[:4]))] = true
	}
	for i := 0; i+8 <= len(haystack); i++ {
		first := binary.BigEndian.Uint32(haystack[i:])
		if n.binary[first] {
			numbers[first] = true
		}
		if h := uint64(first)<<32 | uint64(binary.BigEndian.Uint32(haystack[i+4:])); n.hashes[h] {
			hashes[h] = true
		}
		if !begins[first] {
			continue
		}
		for l := range lengths {
			if i+l <= len(haystack) && n.texts[string(haystack[i:i+l])] && apart(haystack, i, i+l) {
				texts[string(haystack[i:i+l])] = true
			}
		}
	}
	return finds{len(texts), len(hashes), len(numbers)}
}

// apart reports whether no further digit follows or precedes, so that what was found is not a part of something longer.
func apart(b []byte, from, to int) bool {
	digit := func(i int) bool { return i >= 0 && i < len(b) && b[i] >= '0' && b[i] <= '9' }
	return !digit(from-1) && !digit(to)
}

// recovered searches all that is stored for the addresses of a log. Four bytes are found by chance in megabytes of
// others, so addresses in their binary form are counted beyond what is found of as many that were not there.
func recovered(t testing.TB, from *truth, haystack []byte) (found finds, chance int) {
	t.Helper()
	found = needlesOf(from, func(a uint32) uint32 { return a }).in(haystack)
	for i := range uint32(4) {
		other := needlesOf(from, func(a uint32) uint32 { return a ^ (0x5a17c3<<8 | 0x9d + i*0x01010101) })
		f := other.in(haystack)
		chance = max(chance, f.binary)
	}
	return found, chance
}

// TestAddressesWouldBeFound plants what must not be there, so that not finding it means something.
func TestAddressesWouldBeFound(t *testing.T) {
	n := newNeedles()
	n.add(0xc6336407, "an agent")
	sum := sha256.Sum256([]byte("198.51.100.7an agent"))
	for name, planted := range map[string][]byte{
		"text": []byte("x 198.51.100.7 y      "), "hexadecimal": []byte("(c6336407)......."), "number": []byte("\t3325256711\t......"),
		"binary": {0, 0, 0xc6, 0x33, 0x64, 7, 0, 0, 0, 0, 0, 0}, "the other way round": {7, 0x64, 0x33, 0xc6, 0, 0, 0, 0, 0, 0, 0},
		"a hash": append([]byte("abc"), sum[:]...), "a hash in text": []byte("......" + hex.EncodeToString(sum[:])),
	} {
		if n.in(planted) == (finds{}) {
			t.Errorf("%s: not found", name)
		}
	}
	if f := n.in(bytes.Repeat([]byte("1198.51.100.70 and nothing else "), 10)); f != (finds{}) {
		t.Errorf("found what is not there: %+v", f)
	}
}

// TestNothingKeyedIsStored watches a log twice, each time under other random keys: what is stored is the same, so no
// key and no hash under one is in it, and who tries all addresses has nothing to hold them against.
func TestNothingKeyedIsStored(t *testing.T) {
	for _, batch := range []int{0, 7} {
		a, b := watch(t, *logFile, way{batch: batch}), watch(t, *logFile, way{batch: batch})
		if !slices.Equal(a.hits, b.hits) || !bytes.Equal(a.names, b.names) {
			t.Errorf("in batches of %d lines, other keys store something else", batch)
		}
	}
}

// TestAddressesLeaveNothing exchanges all addresses for others: what is stored is the same, so nothing of them is in it
// but what the databases of countries and providers say of the shortened address, of which the last byte is no part. The
// networks of attackers, which table signals is of, are left out where the network is exchanged, too.
func TestAddressesLeaveNothing(t *testing.T) {
	last := func(addr []byte) []byte {
		cut := bytes.LastIndexByte(addr, '.') + 1
		var n int
		_, _ = fmt.Sscan(string(addr[cut:]), &n)
		return fmt.Append(bytes.Clone(addr[:cut]), (n+101)%256)
	}
	whole := func(addr []byte) []byte {
		a, err := netip.ParseAddr(string(addr))
		if err != nil || !a.Is4() {
			return addr
		}
		b := a.As4()
		network := binary.BigEndian.Uint32(b[:]) >> 8
		binary.BigEndian.PutUint32(b[:], network*0x9e3779b1<<8|uint32(b[3])) // odd, so no two networks become one
		return []byte(netip.AddrFrom4(b).String())
	}
	for name, c := range map[string]way{"the last byte": {rewrite: last}, "the whole address": {rewrite: whole, noGeo: true}} {
		same := c
		same.rewrite = nil
		a, b := watch(t, *logFile, same), watch(t, *logFile, c)
		if c.noGeo {
			a.hits, b.hits = slices.DeleteFunc(a.hits, isSignal), slices.DeleteFunc(b.hits, isSignal)
		}
		if len(a.views) == 0 || !slices.Equal(a.hits, b.hits) || !bytes.Equal(a.names, b.names) {
			t.Errorf("what is stored depends on %s", name)
		}
	}
}

func isSignal(h hit.Hit) bool { return h.Kind == hit.KindSignal }
