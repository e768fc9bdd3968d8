-- The days of a range with any people, under no definition, and those on which each definition was counted.
SELECT '' AS definition, toInt64(toUnixTimestamp(hour)) AS day
FROM counts
WHERE site = {site:String} AND dimension = {channel:String}
    AND hour >= {from_day:DateTime('UTC')} AND hour < {to:DateTime('UTC')}
GROUP BY day
UNION ALL
SELECT definition, toInt64(toUnixTimestamp(hour)) AS day
FROM definitions
WHERE site = {site:String} AND kind = {kind:String} AND definition IN {counted:Array(String)}
    AND hour >= {from_day:DateTime('UTC')} AND hour < {to:DateTime('UTC')}
GROUP BY definition, day
