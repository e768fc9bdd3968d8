-- The tables of DESIGN section 1. Every number is a sum; no row names a visitor or a visit.
-- Times are instants (UTC); an hour and a day start where those of the site's time zone start.
-- The spool gives up what ClickHouse has taken, so parts are fsynced; and a block sent again after a crash is left out
-- if fewer than the deduplication window's blocks came in between.
-- A key says only which rows are one; the order of its columns is for packing and reading: neighbours are alike, so the
-- columns take half the room. Texts that repeat are numbers into a dictionary, packed by ZSTD like all else: LZ4, which
-- is ClickHouse's own choice, finds little in such numbers. A day is read by itself in hits; of paths a month is little.

-- What people did, crossed, by the day. What is moved from a page to the next is signed: a page view adds one exit to its
-- own row and takes one from that of the visit's page before, so that the sums are of where visits ended.
CREATE TABLE IF NOT EXISTS hits
(
    site              LowCardinality(String) CODEC(ZSTD),
    hour              DateTime('UTC') CODEC(DoubleDelta, ZSTD), -- start of the day
    host              LowCardinality(String) CODEC(ZSTD),
    path              LowCardinality(String) CODEC(ZSTD),
    event             LowCardinality(String) CODEC(ZSTD),
    source            LowCardinality(String) CODEC(ZSTD),
    channel           LowCardinality(String) CODEC(ZSTD),
    campaign          LowCardinality(String) CODEC(ZSTD),
    entry             LowCardinality(String) CODEC(ZSTD),
    country           LowCardinality(String) CODEC(ZSTD),
    device            LowCardinality(String) CODEC(ZSTD),
    browser           LowCardinality(String) CODEC(ZSTD),
    browser_version   LowCardinality(String) CODEC(ZSTD),
    os                LowCardinality(String) CODEC(ZSTD),
    os_version        LowCardinality(String) CODEC(ZSTD),
    pageviews         UInt64 CODEC(T64, ZSTD),
    events            UInt64 CODEC(T64, ZSTD),
    visitors          UInt64 CODEC(T64, ZSTD),                  -- first of the visitor today
    visitors_hour     UInt64 CODEC(T64, ZSTD),                  -- first of the visitor in this hour; in table hours only
    visitors_page     UInt64 CODEC(T64, ZSTD),                  -- first of the visitor on this page, or for this event, today
    visitors_host     UInt64 CODEC(T64, ZSTD),                  -- first of the visitor on this host today
    visitors_entry    UInt64 CODEC(T64, ZSTD),                  -- first of the visitor with this entry page today
    visitors_source   UInt64 CODEC(T64, ZSTD),                  -- first of the visitor from this source today
    visitors_channel  UInt64 CODEC(T64, ZSTD),                  -- first of the visitor from this channel today
    visitors_campaign UInt64 CODEC(T64, ZSTD),                  -- first of the visitor from this campaign today
    visits            UInt64 CODEC(T64, ZSTD),                  -- first of the visit
    visits_page       UInt64 CODEC(T64, ZSTD),                  -- first of the visit on this page: unique page views
    engaged           UInt64 CODEC(T64, ZSTD),                  -- second page view or first interaction of the visit
    seconds           UInt64 CODEC(T64, ZSTD),                  -- since the visit's previous hit
    reading           UInt64 CODEC(T64, ZSTD),                  -- seconds that the page was read
    timed             UInt64 CODEC(T64, ZSTD),                  -- visits of the page whose reading time is known
    scroll            UInt64 CODEC(T64, ZSTD),                  -- percent, the deepest of each visit of the page
    scrolled          UInt64 CODEC(T64, ZSTD),                  -- visits of the page whose depth is known
    exits             Int64 CODEC(T64, ZSTD),                   -- visits whose latest page view this is
    visitors_exit     Int64 CODEC(T64, ZSTD),                   -- first of the visitor with this exit page today
    exit_seconds      Int64 CODEC(T64, ZSTD),                   -- how long those visits lasted
    beaconed          UInt64 CODEC(T64, ZSTD)                   -- page views that a beacon told of; the rest are those of blockers and unknown bots
)
ENGINE = SummingMergeTree
PARTITION BY toYYYYMM(hour)
ORDER BY (site, hour, country, device, browser, browser_version, os, os_version,
          channel, source, campaign, entry, path, event, host)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;

-- The same by the hour, of the last two days. Its partitions are days of UTC, which are dropped whole.
CREATE TABLE IF NOT EXISTS hours AS hits
ENGINE = SummingMergeTree
PARTITION BY toYYYYMMDD(hour)
ORDER BY (site, hour, country, device, browser, browser_version, os, os_version,
          channel, source, campaign, entry, path, event, host)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;

-- Each dimension alone, so that no row says which values of two dimensions belong to one visitor; nor must joining rows
-- by their time or by equal sums say it. So attributes of visitors are kept by the day, and of them visitors only.
--   dimension ''                         all people, value '': by the hour, with all sums
--   visit:country, provider, browser …   by the day, with visitors; all other sums are 0
--   visit:referrer, event:page …         by the day, with all sums but visitors_hour
CREATE TABLE IF NOT EXISTS counts
(
    site          LowCardinality(String) CODEC(ZSTD),
    hour          DateTime('UTC') CODEC(DoubleDelta, ZSTD), -- start of the hour, or of the day
    dimension     LowCardinality(String) CODEC(ZSTD),       -- as the Stats API names it: visit:country, visit:browser_version, …
    value         LowCardinality(String) CODEC(ZSTD),
    pageviews     UInt64 CODEC(T64, ZSTD),
    events        UInt64 CODEC(T64, ZSTD),
    visitors      UInt64 CODEC(T64, ZSTD),                  -- first of the visitor with this value today
    visitors_hour UInt64 CODEC(T64, ZSTD),                  -- first of the visitor in this hour; 0 but for totals
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
    site     LowCardinality(String) CODEC(ZSTD),
    minute   DateTime('UTC') CODEC(DoubleDelta, ZSTD),
    origin   LowCardinality(String) CODEC(ZSTD),
    kind     LowCardinality(String) CODEC(ZSTD),
    method   LowCardinality(String) CODEC(ZSTD),
    status   UInt16 CODEC(ZSTD),
    threat   LowCardinality(String) CODEC(ZSTD),
    requests UInt64 CODEC(T64, ZSTD),
    bytes    UInt64 CODEC(T64, ZSTD)
)
ENGINE = SummingMergeTree
PARTITION BY toYYYYMM(minute)
ORDER BY (site, minute, origin, kind, method, status, threat)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS paths
(
    site     LowCardinality(String) CODEC(ZSTD),
    hour     DateTime('UTC') CODEC(DoubleDelta, ZSTD), -- start of the day
    path     LowCardinality(String) CODEC(ZSTD),
    status   UInt16 CODEC(ZSTD),
    method   LowCardinality(String) CODEC(ZSTD),
    kind     LowCardinality(String) CODEC(ZSTD),
    requests UInt64 CODEC(T64, ZSTD),
    bytes    UInt64 CODEC(T64, ZSTD)
)
ENGINE = SummingMergeTree
PARTITION BY toYYYYMM(hour)
ORDER BY (site, kind, status, method, path, hour)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS bots
(
    site     LowCardinality(String) CODEC(ZSTD),
    hour     DateTime('UTC') CODEC(DoubleDelta, ZSTD),
    bot      LowCardinality(String) CODEC(ZSTD),
    class    LowCardinality(String) CODEC(ZSTD), -- what the bot is for; its name says it, so that it adds no rows
    path     LowCardinality(String) CODEC(ZSTD),
    status   UInt16 CODEC(ZSTD),
    requests UInt64 CODEC(T64, ZSTD),
    bytes    UInt64 CODEC(T64, ZSTD)
)
ENGINE = SummingMergeTree
PARTITION BY toYYYYMM(hour)
ORDER BY (site, hour, bot, path, status, class)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;

-- Minutes by the quarter of an hour, in which days and hours of every time zone begin, and bots without their paths:
-- what long periods are asked of, from a tenth of the rows.
CREATE TABLE IF NOT EXISTS quarters AS minutes
ENGINE = SummingMergeTree
PARTITION BY toYYYYMM(minute)
ORDER BY (site, minute, origin, kind, method, status, threat)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS crawls
(
    site     LowCardinality(String) CODEC(ZSTD),
    hour     DateTime('UTC') CODEC(DoubleDelta, ZSTD),
    bot      LowCardinality(String) CODEC(ZSTD),
    class    LowCardinality(String) CODEC(ZSTD),
    status   UInt16 CODEC(ZSTD),
    requests UInt64 CODEC(T64, ZSTD),
    bytes    UInt64 CODEC(T64, ZSTD)
)
ENGINE = SummingMergeTree
PARTITION BY toYYYYMM(hour)
ORDER BY (site, hour, bot, status, class)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS flows
(
    site      LowCardinality(String) CODEC(ZSTD),
    day       DateTime('UTC') CODEC(DoubleDelta, ZSTD),
    from_page LowCardinality(String) CODEC(ZSTD), -- of the visit's page view before; '' where the visit began
    to_page   LowCardinality(String) CODEC(ZSTD),
    views     UInt64 CODEC(T64, ZSTD)
)
ENGINE = SummingMergeTree
PARTITION BY toYYYYMM(day)
ORDER BY (site, day, from_page, to_page)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;

-- What a site defines: goals, content groups and steps of funnels, each as a sum like those of hits. A definition is what
-- was counted, "page /blog/**" or "event Signup plan=pro", and not its name.
CREATE TABLE IF NOT EXISTS goals
(
    site            LowCardinality(String) CODEC(ZSTD),
    kind            LowCardinality(String) CODEC(ZSTD),       -- goal, group, funnel
    definition      LowCardinality(String) CODEC(ZSTD),
    step            UInt8 CODEC(ZSTD),                        -- of a funnel, from 1; else 0
    currency        LowCardinality(String) CODEC(ZSTD),       -- of the revenue; empty for none
    hour            DateTime('UTC') CODEC(DoubleDelta, ZSTD), -- start of the day
    path            LowCardinality(String) CODEC(ZSTD),       -- empty for events
    host            LowCardinality(String) CODEC(ZSTD),
    source          LowCardinality(String) CODEC(ZSTD),
    channel         LowCardinality(String) CODEC(ZSTD),
    campaign        LowCardinality(String) CODEC(ZSTD),
    entry           LowCardinality(String) CODEC(ZSTD),
    country         LowCardinality(String) CODEC(ZSTD),
    device          LowCardinality(String) CODEC(ZSTD),
    browser         LowCardinality(String) CODEC(ZSTD),
    browser_version LowCardinality(String) CODEC(ZSTD),
    os              LowCardinality(String) CODEC(ZSTD),
    os_version      LowCardinality(String) CODEC(ZSTD),
    pageviews       UInt64 CODEC(T64, ZSTD),
    events          UInt64 CODEC(T64, ZSTD),
    visitors        UInt64 CODEC(T64, ZSTD),                  -- first of the visitor for this today
    visits          UInt64 CODEC(T64, ZSTD),                  -- first of the visit for this
    revenue         Decimal(38, 4) CODEC(ZSTD)
)
ENGINE = SummingMergeTree
PARTITION BY toYYYYMM(hour)
ORDER BY (site, kind, definition, step, currency, hour, path, host, source, channel, campaign, entry,
          country, device, browser, browser_version, os, os_version)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;

-- The days on which something was defined. What happened on others is not in goals.
CREATE TABLE IF NOT EXISTS definitions
(
    site       LowCardinality(String) CODEC(ZSTD),
    kind       LowCardinality(String) CODEC(ZSTD),
    definition LowCardinality(String) CODEC(ZSTD),
    hour       DateTime('UTC') CODEC(DoubleDelta, ZSTD), -- start of the day
    told       UInt64 CODEC(T64, ZSTD)                   -- how often a collector said so
)
ENGINE = SummingMergeTree
PARTITION BY toYYYYMM(hour)
ORDER BY (site, kind, definition, hour)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;

-- Properties of events, without anything of the visitor.
CREATE TABLE IF NOT EXISTS props
(
    site     LowCardinality(String) CODEC(ZSTD),
    day      DateTime('UTC') CODEC(DoubleDelta, ZSTD),
    event    LowCardinality(String) CODEC(ZSTD), -- empty for page views
    name     LowCardinality(String) CODEC(ZSTD),
    value    String CODEC(ZSTD),
    events   UInt64 CODEC(T64, ZSTD),
    visitors UInt64 CODEC(T64, ZSTD),            -- first of the visitor with this event, name and value today
    visits   UInt64 CODEC(T64, ZSTD)             -- first of the visit with them
)
ENGINE = SummingMergeTree
PARTITION BY toYYYYMM(day)
ORDER BY (site, name, day, event, value)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;
