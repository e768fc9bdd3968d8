package collector

import (
	"crypto/rand"
	"encoding/json"
	"slices"
	"strings"
)

// headLines is how many lines at a log's beginning its positions are looked up by.
const headLines = 16

// position says how far a log was imported. It is committed together with the hits, and holds no line of the log.
type position struct {
	// Lines is the number of lines that are done and end in a line feed, Bytes the decompressed size up to there.
	Lines int64 `json:"lines"`
	Bytes int64 `json:"bytes"`
	// Head is the fingerprint of the first HeadLines lines, Hash that of all Lines.
	Head      string `json:"head"`
	HeadLines int    `json:"head_lines"`
	Hash      string `json:"hash"`
	// Tail is true when one line more was stored, at the end of the log and without a line feed. Should the log grow,
	// that line counts as known, however it goes on.
	Tail bool `json:"tail,omitempty"`
	// Done is true when the log was read to its end.
	Done bool `json:"done"`
}

// entry is a position and the key it is kept under.
type entry struct {
	key string
	position
}

// keyPrefix is what the keys of a site's imports begin with.
func keyPrefix(site string) string { return "import/" + site + "/" }

// newKey returns a key for a log not seen before. Its end is random, because a name or an inode says nothing lasting.
func newKey(site string) string { return keyPrefix(site) + rand.Text() }

// readPositions returns the entries that can be read. One that cannot comes from another version; it is left alone.
func readPositions(stored map[string][]byte) []entry {
	var all []entry
	for key, value := range stored {
		e := entry{key: key}
		if json.Unmarshal(value, &e.position) == nil && e.Head != "" {
			all = append(all, e)
		}
	}
	slices.SortFunc(all, func(a, b entry) int { return strings.Compare(a.key, b.key) })
	return all
}

// encode returns the position as it is stored.
func (p position) encode() []byte {
	b, err := json.Marshal(p)
	if err != nil {
		panic(err) // numbers, strings and booleans cannot fail
	}
	return b
}
