SELECT toUInt64(min(unreserved_space)), toUInt64(argMin(total_space, unreserved_space))
FROM system.disks
WHERE total_space > 0
