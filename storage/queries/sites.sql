SELECT site, min(first), max(last)
FROM
(
    SELECT site, min(minute) AS first, max(minute) AS last FROM minutes GROUP BY site
    UNION ALL
    SELECT site, min(day), max(day) FROM totals GROUP BY site
)
GROUP BY site
ORDER BY site
