// Package schema owns the definition of Klar's tables in ClickHouse: one SQL file per version, applied in order.
package schema

import "embed"

// Files holds the migrations, named VERSION_WHAT.sql with a version of four digits, counted from 0001.
//
//go:embed *.sql
var Files embed.FS
