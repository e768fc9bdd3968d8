-- What a site defines: goals, content groups and steps of funnels, each as a sum like those of hits.
-- A definition is what was counted, "page /blog/**" or "event Signup plan=pro", and not its name.

CREATE TABLE IF NOT EXISTS goals
(
    site              LowCardinality(String),
    kind              LowCardinality(String), -- goal, group, funnel
    definition        LowCardinality(String),
    step              UInt8,                  -- of a funnel, from 1; else 0
    currency          LowCardinality(String), -- of the revenue; empty for none
    hour              DateTime('UTC') CODEC(DoubleDelta, ZSTD),
    path              String CODEC(ZSTD),     -- empty for events
    host              LowCardinality(String),
    source            LowCardinality(String),
    channel           LowCardinality(String),
    campaign          LowCardinality(String),
    entry             String CODEC(ZSTD),
    country           LowCardinality(String),
    device            LowCardinality(String),
    browser           LowCardinality(String),
    browser_version   LowCardinality(String),
    os                LowCardinality(String),
    os_version        LowCardinality(String),
    pageviews         UInt64 CODEC(T64, ZSTD),
    events            UInt64 CODEC(T64, ZSTD),
    visitors          UInt64 CODEC(T64, ZSTD), -- first of the visitor for this today
    visits            UInt64 CODEC(T64, ZSTD), -- first of the visit for this
    revenue           Decimal(38, 4) CODEC(ZSTD)
)
ENGINE = SummingMergeTree
PARTITION BY toYYYYMM(hour)
ORDER BY (site, kind, definition, step, currency, hour, path, host, source, channel, campaign, entry,
          country, device, browser, browser_version, os, os_version)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;

-- The hours in which something was defined. What happened in others is not in goals.
CREATE TABLE IF NOT EXISTS definitions
(
    site       LowCardinality(String),
    kind       LowCardinality(String),
    definition LowCardinality(String),
    hour       DateTime('UTC') CODEC(DoubleDelta, ZSTD),
    told       UInt64 CODEC(T64, ZSTD) -- how often a collector said so
)
ENGINE = SummingMergeTree
PARTITION BY toYYYYMM(hour)
ORDER BY (site, kind, definition, hour)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;
