SELECT toString(net) AS network, toString(max(country)), toString(max(provider)),
    greatest(sumIf(requests, threat != ''), arrayMax(mapValues(sumMapIf(map(toString(rule), requests), threat = '' AND rule != '')))) AS attacks,
    sum(certain), sumIf(requests, rule = ''),
    sumMapIf(map(toString(threat), requests), threat != ''),
    arraySort(groupUniqArrayIf(20)(toString(rule), rule != threat)),
    minIf(minute, rule != ''), maxIf(minute, rule != ''), count() OVER ()
FROM signals
WHERE site = {site:String} AND minute >= toDateTime({from:UInt32}) AND minute < toDateTime({to:UInt32})
GROUP BY net
HAVING attacks > 0
ORDER BY attacks DESC, network
LIMIT {most:UInt32}
