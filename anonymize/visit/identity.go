package visit

import (
	"encoding/binary"
	"fmt"

	"github.com/dchest/siphash"

	"github.com/klar-analytics/klar/hit"
)

// Identity stands for a visitor from the line that was read until the visits are counted, in memory only. It is a hash
// under a key that no other process and no later start of this one has.
type Identity struct{ a, b uint64 }

// Format prints the type's name only, whatever the verb (see [fmt.Formatter]).
func (Identity) Format(s fmt.State, _ rune) { _, _ = s.Write([]byte("visit.Identity")) }

// Identifier makes identities. It is used by one goroutine, which need not be that of a [Tracker].
//
// Its key stands behind a function value, so that no way of printing an Identifier shows it.
type Identifier struct{ memory func() *identifying }

type identifying struct {
	keys  *keyring
	key   secret
	input []byte // what is hashed; cleared before Of returns
}

// NewIdentifier returns an Identifier with a key of its own. It fails only when the system has no page of memory left.
func NewIdentifier() (*Identifier, error) {
	m := &identifying{keys: &keyring{}}
	var err error
	if m.key, err = m.keys.draw(); err != nil {
		return nil, err
	}
	return &Identifier{func() *identifying { return m }}, nil
}

// Share returns an Identifier that gives the same identities, for another goroutine. Closing either closes both.
func (i *Identifier) Share() *Identifier {
	m := &identifying{keys: i.memory().keys, key: i.memory().key}
	return &Identifier{func() *identifying { return m }}
}

// Of returns the identity of a visitor by shortened address, user agent and language, of which nothing is kept.
func (i *Identifier) Of(n hit.Net, agent, language []byte) Identity {
	m := i.memory()
	addr := n.Addr().As16()
	b := append(m.input[:0], addr[:]...)
	b = append(b, agent...)
	b = append(b, 0)
	b = append(b, language...)
	k0, k1 := m.key.halves()
	var id Identity
	id.a, id.b = siphash.Hash128(k0, k1, b)
	clear(b)
	m.input = b
	return id
}

// Locked reports whether the system agreed to keep the key out of its swap space, as [Tracker.Locked] does.
func (i *Identifier) Locked() bool { return !i.memory().keys.refused }

// Close wipes the key. The Identifier cannot be used again.
func (i *Identifier) Close() error { return i.memory().keys.close() }

// put appends the identity to what a tracker hashes under the key of the day.
func (id Identity) put(b []byte) []byte {
	return binary.LittleEndian.AppendUint64(binary.LittleEndian.AppendUint64(b, id.a), id.b)
}
