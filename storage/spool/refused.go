package spool

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/klar-analytics/klar/atomicfile"
)

// Refused is a block of rows that the store does not take, as it lies in the directory refused of the spool: added up
// and anonymized like everything that is stored.
type Refused struct {
	// Name of its file, without the directory.
	Name string `json:"-"`
	// Cut is the number of the cut that the block is of.
	Cut uint64 `json:"cut"`
	// Table and Columns that the rows are for, Month the partition as in 202611.
	Table   string   `json:"table"`
	Columns []string `json:"columns"`
	Month   uint32   `json:"month"`
	Rows    int      `json:"rows"`
	// Token under which it is sent, the same each time.
	Token string `json:"token"`
	// Reason is what the store answered, without the content of rows.
	Reason string `json:"reason"`
	// At is when it was set aside.
	At time.Time `json:"at"`
	// Bytes is the length of the rows in ClickHouse's Native format, Sum their CRC-32C.
	Bytes int    `json:"bytes"`
	Sum   uint32 `json:"sum"`
}

const (
	refusedDir    = "refused"
	refusedSuffix = ".block"
)

// name is the same whenever the same block is set aside.
func (r *Refused) name() string {
	return fmt.Sprintf("%016d-%s-%d%s", r.Cut, r.Table, r.Month, refusedSuffix)
}

// SetAside keeps a block that the store refuses, apart from what is still to be delivered. It is on the disk when
// SetAside returns. It may be called by several goroutines.
func (s *Spool) SetAside(r Refused, rows []byte) error {
	dir := filepath.Join(s.dir, refusedDir)
	if err := os.Mkdir(dir, 0o700); err == nil {
		err = syncDir(s.dir)
		if err != nil {
			return err
		}
	} else if !errors.Is(err, os.ErrExist) {
		return diskError(err)
	}
	return writeRefused(dir, r, rows)
}

// ReplaceRefused writes a block that is set aside anew, with other rows. It is on the disk when ReplaceRefused returns,
// and nothing is left of the old one.
func ReplaceRefused(dir string, r Refused, rows []byte) error {
	return writeRefused(filepath.Join(dir, refusedDir), r, rows)
}

func writeRefused(dir string, r Refused, rows []byte) error {
	r.Bytes, r.Sum = len(rows), crc32.Checksum(rows, castagnoli)
	head, err := json.Marshal(r)
	if err != nil {
		return err
	}
	return diskError(atomicfile.Write(filepath.Join(dir, r.name()), slices.Concat(head, []byte("\n"), rows)))
}

// Accepted forgets that a block was set aside, if it was: the store has it now.
func (s *Spool) Accepted(r Refused) error {
	err := os.Remove(filepath.Join(s.dir, refusedDir, r.name()))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return diskError(err)
}

// RefusedBlocks returns how many blocks are set aside, and how many bytes of disk they take.
func (s *Spool) RefusedBlocks() (blocks int, bytes int64) {
	entries, _ := os.ReadDir(filepath.Join(s.dir, refusedDir)) // without the directory there are none
	for _, e := range entries {
		if info, err := e.Info(); err == nil && strings.HasSuffix(e.Name(), refusedSuffix) {
			blocks++
			bytes += info.Size()
		}
	}
	return blocks, bytes
}

// ListRefused returns the blocks that are set aside in the spool of a directory, in the order of their cuts. No lock is
// needed: a block is there as a whole or not at all.
func ListRefused(dir string) ([]Refused, error) {
	entries, err := os.ReadDir(filepath.Join(dir, refusedDir))
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	} else if err != nil {
		return nil, diskError(err)
	}
	var all []Refused
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), refusedSuffix) {
			continue
		}
		r, _, err := ReadRefused(dir, e.Name())
		if err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	return all, nil
}

// ReadRefused returns a block and its rows. Its error says that the file cannot be read, or is damaged.
func ReadRefused(dir, name string) (Refused, []byte, error) {
	data, err := os.ReadFile(filepath.Join(dir, refusedDir, name))
	if err != nil {
		return Refused{}, nil, diskError(err)
	}
	head, rows, _ := bytes.Cut(data, []byte("\n"))
	var r Refused
	if json.Unmarshal(head, &r) != nil || len(rows) != r.Bytes || crc32.Checksum(rows, castagnoli) != r.Sum {
		return Refused{}, nil, fmt.Errorf("the block %s is damaged: restore it from a backup, or remove the file, and its rows are lost", name)
	}
	r.Name = name
	return r, rows, nil
}

// RemoveRefused deletes a block that was stored.
func RemoveRefused(dir, name string) error {
	if err := os.Remove(filepath.Join(dir, refusedDir, name)); err != nil {
		return diskError(err)
	}
	return syncDir(filepath.Join(dir, refusedDir))
}
