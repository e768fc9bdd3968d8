-- The tables of DESIGN section 1. Every number is a sum; no row names a visitor or a visit.
-- Hours and minutes are instants (UTC); an hour starts where the hour of the site's time zone starts.
-- The spool gives up what ClickHouse has taken, so parts are fsynced; and a block sent again after a crash is left out
-- if fewer than the deduplication window's blocks came in between.
-- A key says only which rows are one; the order of its columns is for packing and reading: neighbours are alike, so the
-- columns take half the room. An hour is read by itself in hits; of paths a month is little. (Stores that were made earlier
-- have the columns in another order, with which all works the same.)

CREATE TABLE IF NOT EXISTS hits
(
    site              LowCardinality(String),
    hour              DateTime('UTC') CODEC(DoubleDelta, ZSTD),
    host              LowCardinality(String),
    path              String CODEC(ZSTD),
    event             LowCardinality(String),
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
    visitors          UInt64 CODEC(T64, ZSTD), -- first of the visitor today
    visitors_hour     UInt64 CODEC(T64, ZSTD), -- first of the visitor in this hour
    visitors_page     UInt64 CODEC(T64, ZSTD), -- first of the visitor on this page, or for this event, today
    visitors_host     UInt64 CODEC(T64, ZSTD), -- first of the visitor on this host today
    visitors_entry    UInt64 CODEC(T64, ZSTD), -- first of the visitor with this entry page today
    visitors_source   UInt64 CODEC(T64, ZSTD), -- first of the visitor from this source today
    visitors_channel  UInt64 CODEC(T64, ZSTD), -- first of the visitor from this channel today
    visitors_campaign UInt64 CODEC(T64, ZSTD), -- first of the visitor from this campaign today
    visits            UInt64 CODEC(T64, ZSTD), -- first of the visit
    visits_page       UInt64 CODEC(T64, ZSTD), -- first of the visit on this page: unique page views
    engaged           UInt64 CODEC(T64, ZSTD), -- second page view or first interaction of the visit
    seconds           UInt64 CODEC(T64, ZSTD)  -- since the visit's previous hit
)
ENGINE = SummingMergeTree
PARTITION BY toYYYYMM(hour)
ORDER BY (site, hour, country, device, browser, browser_version, os, os_version,
          channel, source, campaign, entry, path, event, host)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;

-- Each dimension alone, so that no row says which values of two dimensions belong to one visitor; nor must joining rows
-- by their time or by equal sums say it. So attributes of visitors are kept by the day, and of them visitors only.
--   dimension ''                         all people, value '': by the hour, with all sums
--   visit:country, provider, browser …   by the day, with visitors; all other sums are 0
--   visit:referrer, visit:utm_source …   by the day, with all sums but visitors_hour
CREATE TABLE IF NOT EXISTS counts
(
    site          LowCardinality(String),
    hour          DateTime('UTC') CODEC(DoubleDelta, ZSTD), -- start of the hour, or of the day of the site's time zone
    dimension     LowCardinality(String), -- as the Stats API names it: visit:country, visit:browser_version, …
    value         String CODEC(ZSTD),
    pageviews     UInt64 CODEC(T64, ZSTD),
    events        UInt64 CODEC(T64, ZSTD),
    visitors      UInt64 CODEC(T64, ZSTD), -- first of the visitor with this value today
    visitors_hour UInt64 CODEC(T64, ZSTD), -- first of the visitor in this hour; 0 but for totals
    visits        UInt64 CODEC(T64, ZSTD),
    engaged       UInt64 CODEC(T64, ZSTD),
    seconds       UInt64 CODEC(T64, ZSTD)
)
ENGINE = SummingMergeTree
PARTITION BY toYYYYMM(hour)
ORDER BY (site, dimension, hour, value)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS minutes
(
    site     LowCardinality(String),
    minute   DateTime('UTC') CODEC(DoubleDelta, ZSTD),
    origin   LowCardinality(String),
    kind     LowCardinality(String),
    method   LowCardinality(String),
    status   UInt16,
    threat   LowCardinality(String),
    requests UInt64 CODEC(T64, ZSTD),
    bytes    UInt64 CODEC(T64, ZSTD)
)
ENGINE = SummingMergeTree
PARTITION BY toYYYYMM(minute)
ORDER BY (site, minute, origin, kind, method, status, threat)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS paths
(
    site     LowCardinality(String),
    hour     DateTime('UTC') CODEC(DoubleDelta, ZSTD),
    path     String CODEC(ZSTD),
    status   UInt16,
    method   LowCardinality(String),
    kind     LowCardinality(String),
    requests UInt64 CODEC(T64, ZSTD),
    bytes    UInt64 CODEC(T64, ZSTD)
)
ENGINE = SummingMergeTree
PARTITION BY toYYYYMM(hour)
ORDER BY (site, kind, status, method, path, hour)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS bots
(
    site     LowCardinality(String),
    hour     DateTime('UTC') CODEC(DoubleDelta, ZSTD),
    bot      LowCardinality(String),
    path     String CODEC(ZSTD),
    status   UInt16,
    requests UInt64 CODEC(T64, ZSTD),
    bytes    UInt64 CODEC(T64, ZSTD)
)
ENGINE = SummingMergeTree
PARTITION BY toYYYYMM(hour)
ORDER BY (site, hour, bot, path, status)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;
