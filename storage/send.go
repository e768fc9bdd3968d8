package storage

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"github.com/klar-analytics/klar/storage/spool"
)

// The wait between two attempts doubles from the first to the last.
const (
	firstWait = 100 * time.Millisecond
	lastWait  = 10 * time.Second
)

// maxTimeout bounds how long an insert is waited for; up to that, each one that took too long doubles the time that the
// next one gets, so that a store that is slow is not taken for one that hangs.
const maxTimeout = 16 * time.Minute

// token names a block, the same whenever it is sent.
func (s *shipper) token(cut spool.Cut, b *block) string {
	return fmt.Sprintf("%s/%d/%s/%d", s.w.spool.ID(), cut.Number, b.table, b.month)
}

// insert sends a block once.
func insert(ctx context.Context, conn driver.Conn, token, statement string, rows []byte) error {
	return conn.InsertFormat(clickhouse.Context(ctx, clickhouse.WithSettings(clickhouse.Settings{
		"insert_deduplicate":         1,
		"insert_deduplication_token": token,
		// An asynchronous insert would be mixed with others and lose the token.
		"async_insert": 0,
		// The rows of a block are sorted and no two have the same key, so there is nothing to sum up on the way in;
		// looking for it costs the engine three to five times as much as storing them.
		"optimize_on_insert": 0,
	})), "Native", statement, bytes.NewReader(rows))
}

// send inserts a block. While the store is away, send tries again until ctx ends; what the store refuses is set aside.
func (s *shipper) send(ctx context.Context, cut spool.Cut, b *block) error {
	timeout := s.w.options.InsertTimeout
	for wait, refusedTimes := firstWait, 0; ; wait = min(2*wait, lastWait) {
		start := s.w.options.Now()
		err := s.attempt(ctx, timeout, cut, b)
		if err == nil {
			s.w.metrics.inserted(b, s.w.options.Now().Sub(start))
			s.settle()
			return s.accepted(cut, b)
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if errors.Is(err, context.DeadlineExceeded) {
			timeout = min(2*timeout, maxTimeout)
		}
		why := judge(err)
		if why != refused {
			refusedTimes = 0
		} else if refusedTimes++; refusedTimes == refusals {
			return s.setAside(cut, b, err)
		}
		if err := s.giveUp(why, b, err); err != nil {
			return err
		}
		if !s.troubled.Swap(true) {
			s.w.log.Warn("the store does not take rows; trying again", "table", b.table, "error", reason(err))
		}
		s.w.metrics.retries.WithLabelValues(b.table).Inc()
		s.wake()
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-s.w.options.After(wait):
		}
	}
}

// attempt inserts a block once. An engine that was stopped takes a connection and never answers: then the insert ends by
// its timeout, and long before the keeper learns that it has to do without the store.
func (s *shipper) attempt(ctx context.Context, timeout time.Duration, cut spool.Cut, b *block) error {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	slow := time.AfterFunc(s.w.options.InsertTimeout/6, func() {
		s.slow.Add(1)
		s.wake()
	})
	err := insert(ctx, s.db.conn, s.token(cut, b), b.insert(), b.data)
	if !slow.Stop() {
		s.slow.Add(-1)
	}
	return err
}

// giveUp returns an error where somebody attends to the work who can do something about it.
func (s *shipper) giveUp(why verdict, b *block, err error) error {
	switch {
	case !s.w.options.Attended:
	case why == misled:
		return fmt.Errorf("table %s does not take its rows: %w", b.table, reason(err))
	case why == noRoom:
		return fmt.Errorf("the disk of the store is full; make room and start again, nothing stored is lost: %w", reason(err))
	}
	return nil
}

// settle ends the trouble, if there was any.
func (s *shipper) settle() {
	if s.troubled.Swap(false) {
		s.w.log.Info("the store takes rows again")
	}
}

// away reports whether the store takes nothing at the moment.
func (s *shipper) away() bool { return s.troubled.Load() || s.slow.Load() > 0 }
