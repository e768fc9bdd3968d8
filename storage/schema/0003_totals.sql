-- All of a site's day in one row, of which nothing can be told apart: what is left of a day that is past its retention.
CREATE TABLE IF NOT EXISTS totals
(
    site      LowCardinality(String) CODEC(ZSTD),
    day       DateTime('UTC') CODEC(DoubleDelta, ZSTD), -- its start
    pageviews UInt64 CODEC(T64, ZSTD),
    events    UInt64 CODEC(T64, ZSTD),
    visitors  UInt64 CODEC(T64, ZSTD),
    visits    UInt64 CODEC(T64, ZSTD),
    engaged   UInt64 CODEC(T64, ZSTD),
    seconds   UInt64 CODEC(T64, ZSTD),
    requests  UInt64 CODEC(T64, ZSTD),
    bytes     UInt64 CODEC(T64, ZSTD),
    errors    UInt64 CODEC(T64, ZSTD),
    threats   UInt64 CODEC(T64, ZSTD),
    bots      UInt64 CODEC(T64, ZSTD)                   -- requests of bots
)
ENGINE = SummingMergeTree
PARTITION BY toYear(day)
ORDER BY (site, day)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;

-- Days that were counted before there was this table. A day begins where rows of days say so. The token lets two
-- processes do this at the same time, and one of them again.
INSERT INTO totals
    (site, day, pageviews, events, visitors, visits, engaged, seconds, requests, bytes, errors, threats, bots)
SETTINGS insert_deduplication_token = 'days before totals'
SELECT site, day, sum(pageviews), sum(events), sum(visitors), sum(visits), sum(engaged), sum(seconds),
    sum(requests), sum(bytes), sum(errors), sum(threats), sum(bots)
FROM
(
    SELECT site, hour AS at, pageviews, events, visitors, visits, engaged, seconds,
        0 AS requests, 0 AS bytes, 0 AS errors, 0 AS threats, 0 AS bots
    FROM counts
    WHERE dimension = ''
    UNION ALL
    SELECT site, minute, 0, 0, 0, 0, 0, 0,
        requests, bytes, if(status >= 400 AND status <= 599, requests, 0), if(threat != '', requests, 0), 0
    FROM quarters
    UNION ALL
    SELECT site, hour, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, requests
    FROM crawls
) AS hours
ASOF JOIN
(
    SELECT DISTINCT site, hour AS day FROM counts WHERE dimension != ''
    UNION DISTINCT
    SELECT DISTINCT site, hour FROM paths
) AS days ON hours.site = days.site AND hours.at >= days.day
GROUP BY site, day
ORDER BY site, day;
