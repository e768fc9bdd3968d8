package main

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Bounds of the embedded engine's memory, in bytes: less does not answer the dashboard's questions.
const (
	minMemory = 256 << 20
	maxMemory = 1 << 40
)

// Bounds of a spool, in bytes: less is a moment of a busy site.
const (
	minSpool = 16 << 20
	maxSpool = 64 << 40
)

// sizePattern is a whole number and a unit, perhaps with spaces: 400M, 400 MB, 2G.
var sizePattern = regexp.MustCompile(`^\s*([0-9]{1,15})\s*([KMGT]?)I?B?\s*$`)

// parseMemory reads the bound of the embedded engine's memory, in bytes.
func parseMemory(s string) (int64, error) { return parseSize(s, minMemory, maxMemory) }

// parseSize reads a size between two bounds, in bytes.
func parseSize(s string, least, most int64) (int64, error) {
	m := sizePattern.FindStringSubmatch(strings.ToUpper(s))
	if m == nil {
		return 0, fmt.Errorf("%q is not a size such as 400M or 2G", s)
	}
	n, err := strconv.ParseInt(m[1], 10, 64)
	if err != nil {
		return 0, fmt.Errorf("%q is not a size such as 400M or 2G", s)
	}
	shift := map[string]uint{"": 0, "K": 10, "M": 20, "G": 30, "T": 40}[m[2]]
	if n > most>>shift || n<<shift < least {
		return 0, fmt.Errorf("%q is not from %s to %s", s, sizeText(least), sizeText(most))
	}
	return n << shift, nil
}

// sizeText writes a bound, which is a whole number of one of the units.
func sizeText(bytes int64) string {
	if bytes >= 1<<40 {
		return fmt.Sprintf("%dT", bytes>>40)
	}
	return fmt.Sprintf("%dM", bytes>>20)
}
