package main

import (
	"context"

	"github.com/klar-analytics/klar/storage/embedded"
)

func engineCommand() command {
	return command{
		name: "engine", short: "the embedded ClickHouse; the other commands start it",
		long: `Serves ClickHouse's HTTP interface on a unix socket in the data directory. It is started by serve, import, query
and sql, takes its options from standard input and ends when the process that started it ends.`,
		setup: func(c *call) func(context.Context) error {
			return func(ctx context.Context) error { return embedded.ServeChild(ctx, c.stdin, c.stdout) }
		},
	}
}
