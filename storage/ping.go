package storage

import (
	"context"
	"fmt"
)

// Ping returns why the store does not answer within ctx, or refuses the user. Unlike [Connect] it changes nothing there.
func Ping(ctx context.Context, o Options) error {
	db, err := Open(o)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	return db.ping(ctx)
}

// ping returns an [ErrAway], or why the store refuses Klar.
func (db *DB) ping(ctx context.Context) error {
	err := db.conn.Ping(ctx)
	switch {
	case err == nil:
		return nil
	case judge(err) == away:
		return fmt.Errorf("%w: %w", ErrAway, reason(err))
	}
	return fmt.Errorf("the store refuses Klar: %w", reason(err))
}
