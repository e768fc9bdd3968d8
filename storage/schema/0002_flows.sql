-- Where visits go on from and where they end. What is moved from a page to the next is signed: a page view adds one exit
-- to its own row and takes one from that of the visit's page before, so that the sums are of where visits ended.

ALTER TABLE hits
    ADD COLUMN IF NOT EXISTS reading UInt64 CODEC(T64, ZSTD),      -- seconds that the page was read
    ADD COLUMN IF NOT EXISTS timed UInt64 CODEC(T64, ZSTD),        -- visits of the page whose reading time is known
    ADD COLUMN IF NOT EXISTS scroll UInt64 CODEC(T64, ZSTD),       -- percent, the deepest of each visit of the page
    ADD COLUMN IF NOT EXISTS scrolled UInt64 CODEC(T64, ZSTD),     -- visits of the page whose depth is known
    ADD COLUMN IF NOT EXISTS exits Int64 CODEC(T64, ZSTD),         -- visits whose latest page view this is
    ADD COLUMN IF NOT EXISTS visitors_exit Int64 CODEC(T64, ZSTD), -- first of the visitor with this exit page today
    ADD COLUMN IF NOT EXISTS exit_seconds Int64 CODEC(T64, ZSTD);  -- how long those visits lasted

CREATE TABLE IF NOT EXISTS flows
(
    site      LowCardinality(String),
    day       DateTime('UTC') CODEC(DoubleDelta, ZSTD), -- start of the day of the site's time zone
    from_page String CODEC(ZSTD), -- of the visit's page view before; '' where the visit began
    to_page   String CODEC(ZSTD),
    views     UInt64 CODEC(T64, ZSTD)
)
ENGINE = SummingMergeTree
PARTITION BY toYYYYMM(day)
ORDER BY (site, day, from_page, to_page)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;
