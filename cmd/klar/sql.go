package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
)

func sqlCommand() command {
	return command{
		name: "sql", args: "QUERY", short: "read-only SQL on the store, in any of ClickHouse's formats",
		long: `Runs one read-only query on ClickHouse and prints its answer. "-" reads the query from standard input. It also works
while serve runs. docs/schema.md describes the tables.

  klar sql 'SELECT path, sum(requests) AS requests FROM paths GROUP BY path ORDER BY requests DESC LIMIT 10'`,
		setup: func(c *call) func(context.Context) error {
			format := c.flags.String("format", "", "output `FORMAT`, such as TSV, CSVWithNames, JSONEachRow, Vertical (default the query's own, or PrettyCompact)")
			return func(ctx context.Context) error {
				if len(c.args) != 1 {
					return errors.New("sql takes one argument, the query; see 'klar help sql'")
				}
				query := c.args[0]
				if query == "-" {
					b, err := io.ReadAll(io.LimitReader(c.stdin, 1<<20))
					if err != nil {
						return err
					}
					query = string(b)
				}
				if err := c.existingData(); err != nil {
					return err
				}
				db, closeStore, err := c.store(ctx, slog.New(slog.DiscardHandler), nil)
				if err != nil {
					return err
				}
				defer closeStore()
				return db.SQL(ctx, c.stdout, query, *format)
			}
		},
	}
}
