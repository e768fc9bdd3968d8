SELECT toString(net) AS network, toString(max(country)), toString(max(provider)),
    sumIf(requests, threat != '') AS attacks, sum(certain), sumIf(requests, threat = ''),
    sumMapIf(map(toString(threat), requests), threat != ''),
    arraySort(groupUniqArrayIf(20)(toString(rule), rule != threat)),
    minIf(minute, threat != ''), maxIf(minute, threat != ''), count() OVER ()
FROM signals
WHERE site = {site:String} AND minute >= toDateTime({from:UInt32}) AND minute < toDateTime({to:UInt32})
GROUP BY net
HAVING attacks > 0
ORDER BY attacks DESC, network
LIMIT {most:UInt32}
