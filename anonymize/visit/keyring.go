package visit

import (
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// secret is a key of SipHash, in memory that is no part of the heap. It is read where it stands and never copied.
type secret []byte

const secretSize = 16

// halves returns the key as SipHash takes it.
func (s secret) halves() (k0, k1 uint64) {
	return binary.LittleEndian.Uint64(s), binary.LittleEndian.Uint64(s[8:])
}

// keyring hands out random keys in memory that is locked against swapping and left out of core dumps, and wipes them.
type keyring struct {
	pages   [][]byte
	free    []secret
	refused bool // the system would not lock
}

// draw returns a fresh random key.
func (r *keyring) draw() (secret, error) {
	if len(r.free) == 0 {
		if err := r.grow(); err != nil {
			return nil, err
		}
	}
	k := r.free[len(r.free)-1]
	r.free = r.free[:len(r.free)-1]
	// Read never fails: it ends the program when the system has no randomness.
	_, _ = rand.Read(k)
	return k, nil
}

// wipe overwrites a key and takes it back.
func (r *keyring) wipe(k secret) {
	clear(k)
	r.free = append(r.free, k)
}

// close wipes all keys and gives their memory back.
func (r *keyring) close() error {
	var failed error
	for _, p := range r.pages {
		clear(p)
		if err := unix.Munmap(p); err != nil {
			failed = fmt.Errorf("visit: give back the memory of the keys: %w", err)
		}
	}
	r.pages, r.free = nil, nil
	return failed
}

func (r *keyring) grow() error {
	size := os.Getpagesize()
	p, err := unix.Mmap(-1, 0, size, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_ANON|unix.MAP_PRIVATE)
	if err != nil {
		return fmt.Errorf("visit: no memory for the keys of visits: %w", err)
	}
	if unix.Mlock(p) != nil || hide(p) != nil {
		r.refused = true
	}
	r.pages = append(r.pages, p)
	for ; len(p) >= secretSize; p = p[secretSize:] {
		r.free = append(r.free, secret(p[:secretSize:secretSize]))
	}
	return nil
}
