package storage

import (
	"context"
	"fmt"

	"github.com/klar-analytics/klar/storage/spool"
)

// setAside keeps a block that the store refuses out of the way of the others.
func (s *shipper) setAside(cut spool.Cut, b *block, err error) error {
	why := reason(err)
	r := s.refusedBlock(cut, b)
	r.Columns, r.Rows, r.Token, r.Reason, r.At = b.columns, b.rows, s.token(cut, b), why.Error(), s.w.options.Now().UTC()
	if err := s.w.spool.SetAside(r, b.data); err != nil {
		return err
	}
	s.w.refused.Add(1)
	s.w.metrics.refused.WithLabelValues(b.table).Inc()
	s.w.log.Error("the store refuses a block of rows; it is set aside, see klar spool", "table", b.table, "cut", cut.Number, "rows", b.rows, "error", why)
	s.w.measureRefused()
	s.settle() // the store is there
	return nil
}

// accepted forgets what an earlier process may have set aside.
func (s *shipper) accepted(cut spool.Cut, b *block) error {
	if !s.again {
		return nil
	}
	err := s.w.spool.Accepted(s.refusedBlock(cut, b))
	s.w.measureRefused()
	return err
}

func (s *shipper) refusedBlock(cut spool.Cut, b *block) spool.Refused {
	return spool.Refused{Cut: cut.Number, Table: b.table, Month: b.month}
}

// Retry sends a block that was set aside in the spool of a directory again, and deletes it when the store has it. It may
// run beside the Writer of that spool, and more than once: the block is stored once. The error says why it is still
// refused, or that the store does not answer.
func (db *DB) Retry(ctx context.Context, dir string, r spool.Refused) error {
	r, rows, err := spool.ReadRefused(dir, r.Name)
	if err != nil {
		return err
	}
	b := block{table: r.Table, columns: r.Columns}
	if err := insert(ctx, db.conn, r.Token, b.insert(), rows); err != nil {
		return fmt.Errorf("cut %d, table %s: %w", r.Cut, r.Table, reason(err))
	}
	return spool.RemoveRefused(dir, r.Name)
}
