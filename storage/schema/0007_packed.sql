-- Texts that repeat are numbers into a dictionary, also paths, and packed like all else: ClickHouse's own default, LZ4,
-- finds little in such numbers. What is stored already is written anew for columns that get another type, and packed
-- anew as parts are merged for the others.

ALTER TABLE hits
    MODIFY COLUMN site            LowCardinality(String) CODEC(ZSTD(3)),
    MODIFY COLUMN host            LowCardinality(String) CODEC(ZSTD(3)),
    MODIFY COLUMN path            LowCardinality(String) CODEC(ZSTD(3)),
    MODIFY COLUMN event           LowCardinality(String) CODEC(ZSTD(3)),
    MODIFY COLUMN source          LowCardinality(String) CODEC(ZSTD(3)),
    MODIFY COLUMN channel         LowCardinality(String) CODEC(ZSTD(3)),
    MODIFY COLUMN campaign        LowCardinality(String) CODEC(ZSTD(3)),
    MODIFY COLUMN entry           LowCardinality(String) CODEC(ZSTD(3)),
    MODIFY COLUMN country         LowCardinality(String) CODEC(ZSTD(3)),
    MODIFY COLUMN device          LowCardinality(String) CODEC(ZSTD(3)),
    MODIFY COLUMN browser         LowCardinality(String) CODEC(ZSTD(3)),
    MODIFY COLUMN browser_version LowCardinality(String) CODEC(ZSTD(3)),
    MODIFY COLUMN os              LowCardinality(String) CODEC(ZSTD(3)),
    MODIFY COLUMN os_version      LowCardinality(String) CODEC(ZSTD(3));

ALTER TABLE counts
    MODIFY COLUMN site      LowCardinality(String) CODEC(ZSTD(3)),
    MODIFY COLUMN dimension LowCardinality(String) CODEC(ZSTD(3));

ALTER TABLE minutes
    MODIFY COLUMN site   LowCardinality(String) CODEC(ZSTD(3)),
    MODIFY COLUMN origin LowCardinality(String) CODEC(ZSTD(3)),
    MODIFY COLUMN kind   LowCardinality(String) CODEC(ZSTD(3)),
    MODIFY COLUMN method LowCardinality(String) CODEC(ZSTD(3)),
    MODIFY COLUMN threat LowCardinality(String) CODEC(ZSTD(3)),
    MODIFY COLUMN status UInt16 CODEC(ZSTD(3));

ALTER TABLE paths
    MODIFY COLUMN site   LowCardinality(String) CODEC(ZSTD(3)),
    MODIFY COLUMN path   LowCardinality(String) CODEC(ZSTD(3)),
    MODIFY COLUMN method LowCardinality(String) CODEC(ZSTD(3)),
    MODIFY COLUMN kind   LowCardinality(String) CODEC(ZSTD(3)),
    MODIFY COLUMN status UInt16 CODEC(ZSTD(3));

ALTER TABLE bots
    MODIFY COLUMN site   LowCardinality(String) CODEC(ZSTD(3)),
    MODIFY COLUMN bot    LowCardinality(String) CODEC(ZSTD(3)),
    MODIFY COLUMN class  LowCardinality(String) CODEC(ZSTD(3)),
    MODIFY COLUMN path   LowCardinality(String) CODEC(ZSTD(3)),
    MODIFY COLUMN status UInt16 CODEC(ZSTD(3));

ALTER TABLE flows
    MODIFY COLUMN site      LowCardinality(String) CODEC(ZSTD(3)),
    MODIFY COLUMN from_page LowCardinality(String) CODEC(ZSTD(3)),
    MODIFY COLUMN to_page   LowCardinality(String) CODEC(ZSTD(3));

ALTER TABLE goals
    MODIFY COLUMN site            LowCardinality(String) CODEC(ZSTD(3)),
    MODIFY COLUMN kind            LowCardinality(String) CODEC(ZSTD(3)),
    MODIFY COLUMN definition      LowCardinality(String) CODEC(ZSTD(3)),
    MODIFY COLUMN currency        LowCardinality(String) CODEC(ZSTD(3)),
    MODIFY COLUMN path            LowCardinality(String) CODEC(ZSTD(3)),
    MODIFY COLUMN host            LowCardinality(String) CODEC(ZSTD(3)),
    MODIFY COLUMN source          LowCardinality(String) CODEC(ZSTD(3)),
    MODIFY COLUMN channel         LowCardinality(String) CODEC(ZSTD(3)),
    MODIFY COLUMN campaign        LowCardinality(String) CODEC(ZSTD(3)),
    MODIFY COLUMN entry           LowCardinality(String) CODEC(ZSTD(3)),
    MODIFY COLUMN country         LowCardinality(String) CODEC(ZSTD(3)),
    MODIFY COLUMN device          LowCardinality(String) CODEC(ZSTD(3)),
    MODIFY COLUMN browser         LowCardinality(String) CODEC(ZSTD(3)),
    MODIFY COLUMN browser_version LowCardinality(String) CODEC(ZSTD(3)),
    MODIFY COLUMN os              LowCardinality(String) CODEC(ZSTD(3)),
    MODIFY COLUMN os_version      LowCardinality(String) CODEC(ZSTD(3));

ALTER TABLE definitions
    MODIFY COLUMN site       LowCardinality(String) CODEC(ZSTD(3)),
    MODIFY COLUMN kind       LowCardinality(String) CODEC(ZSTD(3)),
    MODIFY COLUMN definition LowCardinality(String) CODEC(ZSTD(3));
