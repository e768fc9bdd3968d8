package spool

import (
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"github.com/klar-analytics/klar/atomicfile"
)

// state is what outlives the segments. It is written whole, before the first send of each cut.
type state struct {
	ID ID `json:"spool"`
	// Cut is the number of the last cut whose sending began, and End its size in bytes.
	Cut uint64 `json:"cut"`
	End int64  `json:"end"`
	// Positions of the sources as of the end of that cut.
	Positions positions `json:"positions"`
}

// positions are what the sources gave, by their keys. A key need not be UTF-8, so in JSON both are lists of bytes.
type positions map[string][]byte

func (p positions) MarshalJSON() ([]byte, error) {
	list := make([][2][]byte, 0, len(p))
	for _, key := range slices.Sorted(maps.Keys(p)) {
		list = append(list, [2][]byte{[]byte(key), p[key]})
	}
	return json.Marshal(list)
}

func (p *positions) UnmarshalJSON(text []byte) error {
	var list [][2][]byte
	if err := json.Unmarshal(text, &list); err != nil {
		return err
	}
	*p = make(positions, len(list))
	for _, pair := range list {
		(*p)[string(pair[0])] = pair[1]
	}
	return nil
}

const stateFile = "state"

// readState reads the state file; an error that is os.ErrNotExist says that there is none.
func readState(dir string) (state, error) {
	var s state
	text, err := os.ReadFile(filepath.Join(dir, stateFile))
	if err != nil {
		return s, diskError(err)
	}
	sum, body, _ := strings.Cut(strings.TrimSuffix(string(text), "\n"), " ")
	if want, err := strconv.ParseUint(sum, 16, 32); err != nil || uint32(want) != crc32.Checksum([]byte(body), castagnoli) {
		return s, errors.New("the spool's state file is damaged: restore it from a backup, or remove the spool directory, which forgets what of the logs was already read")
	}
	if err := json.Unmarshal([]byte(body), &s); err != nil {
		return s, errors.New("the spool's state file is of another version of Klar")
	}
	return s, nil
}

// write replaces the state file. It is on the disk when write returns.
func (s state) write(dir string) error {
	body, err := json.Marshal(s)
	if err != nil {
		return err
	}
	text := fmt.Appendf(nil, "%08x %s\n", crc32.Checksum(body, castagnoli), body)
	return diskError(atomicfile.Write(filepath.Join(dir, stateFile), text))
}

// syncDir makes the names in a directory last.
func syncDir(dir string) error { return diskError(atomicfile.SyncDir(dir)) }

// diskError says what to do about an error of the disk.
func diskError(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return fmt.Errorf("the disk of the spool is full; make room and start again, nothing stored is lost: %w", err)
	case errors.Is(err, os.ErrPermission), errors.Is(err, syscall.EROFS):
		return fmt.Errorf("the spool directory is not writable for this user: %w", err)
	}
	return fmt.Errorf("spool: %w", err)
}
