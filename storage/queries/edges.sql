-- The page views of some days by the page before them, the most frequent pairs.
SELECT from_page, to_page, toInt64(sum(views)) AS n
FROM flows
WHERE site = {site:String} AND day >= {first:DateTime('UTC')} AND day <= {last:DateTime('UTC')}
GROUP BY from_page, to_page
HAVING n > 0
ORDER BY n DESC, from_page, to_page
LIMIT 200000
