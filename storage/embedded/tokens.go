package embedded

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// ClickHouse writes the token of an insert down before it makes the part visible (MergeTreeSink, also in 26.7; seen with
// strace). Killed in between, it knows the token and has no rows: the block that is sent again would be left out as a
// duplicate, and be lost. So before an engine starts, tokens whose part is not there are taken back, in ClickHouse's
// own notes: lines of operation (1 added, 2 dropped), part and token, with tabs between.

const (
	tokenAdded   = "1"
	tokenDropped = "2"
)

// partName is a partition, its first and last block, the level of merges and, perhaps, the version of a mutation.
var partName = regexp.MustCompile(`^(.+)_(\d+)_(\d+)_(\d+)(?:_\d+)?$`)

// blocks is what a part holds: blocks of a partition, which a merged part has many of.
type blocks struct {
	partition   string
	first, last uint64
}

// blocksOf reads a part's name.
func blocksOf(part string) (b blocks, ok bool) {
	m := partName.FindStringSubmatch(part)
	if m == nil {
		return b, false
	}
	b.partition = m[1]
	var errs [2]error
	b.first, errs[0] = strconv.ParseUint(m[2], 10, 64)
	b.last, errs[1] = strconv.ParseUint(m[3], 10, 64)
	return b, errs[0] == nil && errs[1] == nil
}

// takeBackTokens goes through all tables of an engine that does not run. data is its directory.
func takeBackTokens(data string) error {
	notes, err := filepath.Glob(filepath.Join(data, "store", "*", "*", "deduplication_logs"))
	if err != nil {
		return err
	}
	for _, dir := range notes {
		if err := takeBackTokensOf(dir); err != nil {
			return fmt.Errorf("the tokens of a table cannot be checked: %w", err)
		}
	}
	return nil
}

// takeBackTokensOf adds to the notes in dir that tokens are dropped whose parts are not in the directory above.
func takeBackTokensOf(dir string) error {
	entries, err := os.ReadDir(filepath.Dir(dir))
	if err != nil {
		return err
	}
	var there []blocks
	for _, e := range entries {
		if b, ok := blocksOf(e.Name()); ok && e.IsDir() {
			there = append(there, b)
		}
	}
	files, err := noteFiles(dir)
	if err != nil || len(files) == 0 {
		return err
	}
	parts := map[string]string{} // by token
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			return err
		}
		for line := range bytes.Lines(text) {
			fields := strings.Split(strings.TrimSuffix(string(line), "\n"), "\t")
			switch {
			case len(fields) != 3:
			case fields[0] == tokenAdded:
				parts[fields[2]] = fields[1]
			case fields[0] == tokenDropped:
				delete(parts, fields[2])
			}
		}
	}
	var lost []byte
	for token, part := range parts {
		b, ok := blocksOf(part)
		if ok && !slices.ContainsFunc(there, func(p blocks) bool {
			return p.partition == b.partition && p.first <= b.first && b.last <= p.last
		}) {
			lost = fmt.Appendf(lost, "%s\t%s\t%s\n", tokenDropped, part, token)
		}
	}
	if len(lost) == 0 {
		return nil
	}
	f, err := os.OpenFile(files[len(files)-1], os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		return err
	}
	_, err = f.Write(lost)
	return errors.Join(err, f.Sync(), f.Close())
}

// noteFiles lists the files in the order in which they were written, which their names count.
func noteFiles(dir string) ([]string, error) {
	files, err := filepath.Glob(filepath.Join(dir, "deduplication_log_*.txt"))
	number := func(name string) int {
		n, _ := strconv.Atoi(strings.TrimSuffix(strings.TrimPrefix(filepath.Base(name), "deduplication_log_"), ".txt"))
		return n
	}
	slices.SortFunc(files, func(a, b string) int { return number(a) - number(b) })
	return files, err
}
