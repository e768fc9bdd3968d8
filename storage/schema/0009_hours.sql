-- The tables hits, paths, goals and definitions are kept by the day from now on: their column hour is where the day of
-- the site's time zone begins. What is crossed by the hour is kept for two days, in a table of its own whose partitions
-- are days of UTC.

CREATE TABLE IF NOT EXISTS hours AS hits
ENGINE = SummingMergeTree
PARTITION BY toYYYYMMDD(hour)
ORDER BY (site, hour, country, device, browser, browser_version, os, os_version,
          channel, source, campaign, entry, path, event, host)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;
