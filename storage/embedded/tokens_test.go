package embedded_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// TestTokenWithoutPart takes away what an engine lacks that was killed after it noted a token and before it had the
// part: the block is stored when it is sent again. A block whose part was merged is still a duplicate.
func TestTokenWithoutPart(t *testing.T) {
	o := options(t, t.TempDir())
	e := open(t, o)
	conn := client(t, e)
	execute(t, conn, createHits)
	send := func(i uint64) {
		t.Helper()
		if err := conn.InsertFormat(withToken(t.Context(), fmt.Sprint("cut", i)), "Native", "INSERT INTO hits", bytes.NewReader(block(i*1000, i*1000+1000))); err != nil {
			t.Fatal(err)
		}
	}
	for i := range uint64(3) {
		send(i)
	}
	execute(t, conn, "OPTIMIZE TABLE hits FINAL")
	send(3)
	e.Close()
	for name, must := range map[string]bool{"all_4_4_0": true, "all_1_1_0": false, "all_2_2_0": false, "all_3_3_0": false} {
		parts, err := filepath.Glob(filepath.Join(o.Dir, "clickhouse", "store", "*", "*", name))
		if err != nil || must && len(parts) != 1 {
			t.Fatalf("part %s is in %d places: %v", name, len(parts), err)
		}
		for _, p := range parts {
			if err := os.RemoveAll(p); err != nil {
				t.Fatal(err)
			}
		}
	}
	e = open(t, o)
	conn = client(t, e)
	if n := count(t, conn, "SELECT count() FROM hits"); n != 3000 {
		t.Fatalf("%d rows without the lost part, want 3000", n)
	}
	for i := range uint64(4) {
		send(i)
	}
	if n, distinct := count(t, conn, "SELECT count() FROM hits"), count(t, conn, "SELECT uniqExact(n) FROM hits"); n != 4000 || distinct != n {
		t.Errorf("%d rows, %d of them distinct, want 4000", n, distinct)
	}
}
