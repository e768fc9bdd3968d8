package storage

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/ClickHouse/ch-go/proto"
	native "github.com/ClickHouse/clickhouse-go/v2/lib/proto"
	"golang.org/x/sys/unix"

	"github.com/klar-analytics/klar/storage/spool"
)

// Drained returns when everything that the spool of a directory held is in ClickHouse, or set aside: it delivers what an
// earlier process left. While another process has the spool it waits until that one has delivered what was there when
// the time settle was over, in which what it had in memory gets into the spool; with a negative one it fails with a
// *spool.LockedError. What was drained is never delivered again.
func (db *DB) Drained(ctx context.Context, dir string, settle time.Duration, log *slog.Logger) error {
	opened := func(context.Context) (*DB, error) { return db, nil }
	for first, last := true, uint64(0); ; first = false {
		w, err := OpenWriter(ctx, opened, WriterOptions{Dir: dir, Attended: true, Logger: log})
		var locked *spool.LockedError
		switch {
		case err == nil:
			return w.Close(ctx)
		case !errors.As(err, &locked) || settle < 0:
			return err
		}
		if first {
			if err := pause(ctx, settle); err != nil {
				return err
			}
			if last, err = spool.Newest(dir); err != nil {
				return err
			}
		}
		// The process may let another program take its place, which must find the spool free: not before it has ended is
		// opening tried again.
		for ended := false; !ended; ended = locked.PID != 0 && errors.Is(unix.Kill(locked.PID, 0), unix.ESRCH) {
			oldest, err := spool.Oldest(dir)
			if err != nil {
				return err
			}
			if oldest == 0 || oldest > last {
				return nil
			}
			if err := pause(ctx, deletePoll); err != nil {
				return fmt.Errorf("waiting for what process %d has still to deliver: %w", locked.PID, err)
			}
		}
	}
}

// DeleteRefused takes the rows out of the blocks that were set aside in the spool of a directory, and returns how many
// they were. A block of which nothing is left is removed.
func DeleteRefused(dir string, d Deletion) (rows int, err error) {
	blocks, err := spool.ListRefused(dir)
	if err != nil {
		return 0, err
	}
	for _, r := range blocks {
		r, data, err := spool.ReadRefused(dir, r.Name)
		if err != nil {
			return rows, err
		}
		left, kept, err := d.without(data)
		if err != nil {
			return rows, fmt.Errorf("the block %s, which ClickHouse refused, cannot be read; send it again with klar spool retry, or remove it: %w", r.Name, err)
		}
		if kept == r.Rows {
			continue
		}
		rows += r.Rows - kept
		r.Rows = kept
		if kept == 0 {
			err = spool.RemoveRefused(dir, r.Name)
		} else {
			err = spool.ReplaceRefused(dir, r, left)
		}
		if err != nil {
			return rows, err
		}
	}
	return rows, nil
}

// without returns a block of ClickHouse's Native format without the rows of the deletion, and how many are left.
func (d Deletion) without(data []byte) ([]byte, int, error) {
	from, to := native.NewBlock(), native.NewBlock()
	if err := from.Decode(proto.NewReader(bytes.NewReader(data)), 0); err != nil {
		return nil, 0, errors.New("it is not in the Native format")
	}
	for i, c := range from.Columns {
		if err := to.AddColumn(from.ColumnsNames()[i], c.Type()); err != nil {
			return nil, 0, errors.New("it has a column of an unknown type")
		}
	}
	row := make([]any, len(from.Columns))
	for n := range from.Rows() {
		for i, c := range from.Columns {
			row[i] = c.Row(n, false)
		}
		if d.takes(from.ColumnsNames(), row) {
			continue
		}
		if err := to.Append(row...); err != nil {
			return nil, 0, errors.New("its rows cannot be written again") // an error of the client could hold a value
		}
	}
	var buffer proto.Buffer
	if err := to.Encode(&buffer, 0); err != nil {
		return nil, 0, errors.New("its rows cannot be written again")
	}
	return buffer.Buf, to.Rows(), nil
}

// takes reports whether a row is one of those that go.
func (d Deletion) takes(names []string, row []any) bool {
	of, before := false, d.Before.IsZero()
	for i, name := range names {
		switch value := row[i].(type) {
		case string:
			of = of || name == "site" && value == d.Site
		case time.Time:
			before = before || strings.Contains(" minute hour day ", " "+name+" ") && value.Before(d.Before)
		}
	}
	return of && before
}
