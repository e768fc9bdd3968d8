-- What each bot is for. The name says it, so it adds no rows.
ALTER TABLE bots
    ADD COLUMN IF NOT EXISTS class LowCardinality(String),
    MODIFY ORDER BY (site, hour, bot, path, status, class);
