-- Page views that a beacon told of. On a site with logs and beacons the rest are those of blockers and unknown bots.
ALTER TABLE hits ADD COLUMN IF NOT EXISTS beaconed UInt64 CODEC(T64, ZSTD);
