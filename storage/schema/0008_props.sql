-- Properties of events, by the day and without anything of the visitor.

CREATE TABLE IF NOT EXISTS props
(
    site     LowCardinality(String),
    day      DateTime('UTC') CODEC(DoubleDelta, ZSTD), -- start of the day of the site's time zone
    event    LowCardinality(String),                   -- empty for page views
    name     LowCardinality(String),
    value    String CODEC(ZSTD),
    events   UInt64 CODEC(T64, ZSTD),
    visitors UInt64 CODEC(T64, ZSTD), -- first of the visitor with this event, name and value today
    visits   UInt64 CODEC(T64, ZSTD)  -- first of the visit with them
)
ENGINE = SummingMergeTree
PARTITION BY toYYYYMM(day)
ORDER BY (site, name, day, event, value)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;
