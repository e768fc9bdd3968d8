-- Reads in the order of the primary key and stops at the first row.
SELECT minute
FROM minutes
WHERE site = {site:String}
ORDER BY site, minute
LIMIT 1
