package storage

import (
	"context"
	"fmt"

	"github.com/ClickHouse/clickhouse-go/v2"
)

// Ping returns why the store does not answer within ctx, or refuses the user. Unlike [Connect] it changes nothing there.
func Ping(ctx context.Context, o Options) error {
	options, err := clientOptions(o)
	if err != nil {
		return err
	}
	conn, err := clickhouse.Open(options)
	if err != nil {
		return fmt.Errorf("the store cannot be opened: %w", reason(err))
	}
	defer conn.Close()
	if err := conn.Ping(ctx); err != nil {
		return fmt.Errorf("the store does not answer: %w", reason(err))
	}
	return nil
}
