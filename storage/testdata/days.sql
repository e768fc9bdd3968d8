-- Of rows of hits: pages, hosts, entry pages, sources and channels alone, by the day, in table counts. A day begins where
-- the site's attributes, which are counted by the day, say; each day with a hit has such a row.

INSERT INTO counts (site, hour, dimension, value, pageviews, events, visitors, visits, engaged, seconds)
SELECT hits.site, days.day, 'event:page', path,
    sum(pageviews), sum(events), sum(visitors_page), sum(visits_page), sum(engaged), sum(seconds)
FROM hits ASOF JOIN (SELECT DISTINCT site, hour AS day FROM counts WHERE startsWith(dimension, 'visit:')) AS days
    ON hits.site = days.site AND hits.hour >= days.day
WHERE path != ''
GROUP BY ALL ORDER BY ALL;

INSERT INTO counts (site, hour, dimension, value, pageviews, events, visitors, visits, engaged, seconds)
SELECT hits.site, days.day, 'event:hostname', host,
    sum(pageviews), sum(events), sum(visitors_host), sum(visits), sum(engaged), sum(seconds)
FROM hits ASOF JOIN (SELECT DISTINCT site, hour AS day FROM counts WHERE startsWith(dimension, 'visit:')) AS days
    ON hits.site = days.site AND hits.hour >= days.day
GROUP BY ALL ORDER BY ALL;

INSERT INTO counts (site, hour, dimension, value, pageviews, events, visitors, visits, engaged, seconds)
SELECT hits.site, days.day, 'visit:source', source,
    sum(pageviews), sum(events), sum(visitors_source), sum(visits), sum(engaged), sum(seconds)
FROM hits ASOF JOIN (SELECT DISTINCT site, hour AS day FROM counts WHERE startsWith(dimension, 'visit:')) AS days
    ON hits.site = days.site AND hits.hour >= days.day
GROUP BY ALL ORDER BY ALL;

INSERT INTO counts (site, hour, dimension, value, pageviews, events, visitors, visits, engaged, seconds)
SELECT hits.site, days.day, 'visit:channel', channel,
    sum(pageviews), sum(events), sum(visitors_channel), sum(visits), sum(engaged), sum(seconds)
FROM hits ASOF JOIN (SELECT DISTINCT site, hour AS day FROM counts WHERE startsWith(dimension, 'visit:')) AS days
    ON hits.site = days.site AND hits.hour >= days.day
GROUP BY ALL ORDER BY ALL;

INSERT INTO counts (site, hour, dimension, value, pageviews, events, visitors, visits, engaged, seconds)
SELECT hits.site, days.day, 'visit:entry_page', entry,
    sum(pageviews), sum(events), sum(visitors_entry), sum(visits), sum(engaged), sum(seconds)
FROM hits ASOF JOIN (SELECT DISTINCT site, hour AS day FROM counts WHERE startsWith(dimension, 'visit:')) AS days
    ON hits.site = days.site AND hits.hour >= days.day
GROUP BY ALL ORDER BY ALL;

INSERT INTO quarters SELECT * REPLACE toDateTime(intDiv(toUnixTimestamp(minute), 900) * 900, 'UTC') AS minute FROM minutes;

INSERT INTO crawls SELECT site, hour, bot, class, status, requests, bytes FROM bots;

INSERT INTO totals
SELECT site, toStartOfDay(at, '{zone}') AS day, sum(pageviews), sum(events), sum(visitors), sum(visits), sum(engaged), sum(seconds),
    sum(requests), sum(bytes), sum(errors), sum(threats), sum(bots)
FROM
(
    SELECT site, hour AS at, pageviews, events, visitors, visits, engaged, seconds,
        0 AS requests, 0 AS bytes, 0 AS errors, 0 AS threats, 0 AS bots
    FROM counts WHERE dimension = ''
    UNION ALL
    SELECT site, minute, 0, 0, 0, 0, 0, 0, requests, bytes, if(status BETWEEN 400 AND 599, requests, 0), if(threat != '', requests, 0), 0
    FROM minutes
    UNION ALL
    SELECT site, hour, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, requests FROM bots
)
GROUP BY site, day ORDER BY site, day;
