SELECT version(), toUInt64(uptime())
