-- The last day of a range that is older than the first of which there is more than totals; 1970 if there is none.
SELECT max(day)
FROM totals
WHERE site = {site:String} AND day >= {from_day:DateTime('UTC')} AND day < {to:DateTime('UTC')} AND day < ifNull(
    (SELECT toStartOfDay(minute, {tz:String}) FROM minutes WHERE site = {site:String} ORDER BY site, minute LIMIT 1),
    toDateTime(4294967295, 'UTC'))
