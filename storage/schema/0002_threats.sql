-- What shortened networks did that tripped a rule, and how many harmless requests came from them in the same five minutes:
-- only of these, and without path, agent or visitor.
CREATE TABLE IF NOT EXISTS signals
(
    site     LowCardinality(String) CODEC(ZSTD),
    minute   DateTime('UTC') CODEC(DoubleDelta, ZSTD), -- start of the five minutes
    net      LowCardinality(String) CODEC(ZSTD),       -- in CIDR notation, at most /24 or /48
    threat   LowCardinality(String) CODEC(ZSTD),       -- class; empty for the harmless requests
    rule     LowCardinality(String) CODEC(ZSTD),       -- what was recognised: the class, a CVE or a rule's name; empty likewise
    country  LowCardinality(String) CODEC(ZSTD),
    provider LowCardinality(String) CODEC(ZSTD),
    requests UInt64 CODEC(T64, ZSTD),
    certain  UInt64 CODEC(T64, ZSTD)                   -- of them, those that were an attack beyond doubt
)
ENGINE = SummingMergeTree
PARTITION BY toYYYYMM(minute)
ORDER BY (site, minute, net, threat, rule, country, provider)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;

-- Which paths attacks were aimed at.
ALTER TABLE paths
    ADD COLUMN IF NOT EXISTS threat LowCardinality(String) CODEC(ZSTD) AFTER kind,
    MODIFY ORDER BY (site, kind, status, method, path, hour, threat);
