SELECT toUInt64(greatest(max(value), 0)), toUInt64(0)
FROM system.metrics
WHERE metric = 'MemoryTracking'
