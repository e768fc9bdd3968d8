SELECT day
FROM totals
WHERE site = {site:String}
ORDER BY site, day
LIMIT 1
