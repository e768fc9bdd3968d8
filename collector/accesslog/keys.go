package accesslog

// table says what the values of a JSON object are, by their keys.
type table struct {
	fields map[string]field
	// nested are the objects within that are read, too.
	nested map[string]*table
	// headers is true for an object of the request's headers, each a list: one that has no agent was sent without.
	headers bool
}

const jsonName = "nginx-json"

// jsonFormat is nginx-json: one object per line, its keys named after the variables or as people commonly name them.
func jsonFormat() *Format {
	keys := make(map[string]field, len(variables)+len(jsonKeys))
	for name, f := range variables {
		if f > remoteUser {
			keys[name] = f
		}
	}
	for name, f := range jsonKeys {
		keys[name] = f
	}
	return &Format{name: jsonName, table: &table{fields: keys}, escape: '\\', agentless: true}
}

// caddyFormat is Caddy's own JSON. Before version 2.5 it had remote_addr with a port. See
// https://caddyserver.com/docs/caddyfile/directives/log.
func caddyFormat() *Format {
	headers := &table{headers: true, fields: map[string]field{
		"User-Agent":      userAgent,
		"Referer":         referrer,
		"X-Forwarded-For": forwardedFor,
		"Accept-Language": language,
		"Sec-Gpc":         secGPC,
		"Dnt":             dnt,
	}}
	request := &table{
		fields: map[string]field{
			"client_ip":   clientAddr,
			"remote_ip":   remoteAddr,
			"remote_addr": remoteAddr,
			"method":      requestMethod,
			"host":        host,
			"uri":         requestURI,
		},
		nested: map[string]*table{"headers": headers},
	}
	return &Format{name: "caddy", escape: '\\', agentless: true, table: &table{
		fields: map[string]field{"ts": anyTime, "status": status, "size": bodyBytes, "logger": logger},
		nested: map[string]*table{"request": request},
	}}
}

// traefikFormat is Traefik's JSON. It has the headers only when Traefik is told to keep them. See
// https://doc.traefik.io/traefik/observability/access-logs/.
func traefikFormat() *Format {
	return &Format{name: "traefik-json", escape: '\\', agentless: true, table: &table{fields: map[string]field{
		"ClientAddr":              remoteAddr,
		"ClientHost":              clientHost,
		"StartUTC":                anyTime,
		"StartLocal":              anyTime,
		"time":                    anyTime,
		"RequestMethod":           requestMethod,
		"RequestPath":             requestURI,
		"RequestHost":             serverName,
		"RequestAddr":             host,
		"DownstreamStatus":        status,
		"DownstreamContentSize":   bodyBytes,
		"request_User-Agent":      userAgent,
		"request_Referer":         referrer,
		"request_Accept-Language": language,
		"request_Sec-Gpc":         secGPC,
		"request_Dnt":             dnt,
	}}}
}
