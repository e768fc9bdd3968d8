SELECT site, min(minute), max(minute)
FROM minutes
GROUP BY site
ORDER BY site
