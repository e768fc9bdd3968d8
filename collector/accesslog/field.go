package accesslog

// field says what a part of a line is.
type field uint8

const (
	skipped    field = iota
	remoteUser       // known by name to errors, but not read
	remoteAddr
	timeLocal
	timeISO
	msec
	anyTime // a JSON "time", in any of the three notations
	request
	requestMethod
	requestURI
	uri
	args
	status
	bodyBytes
	bytesSent
	referrer
	userAgent
	host
	serverName
	forwardedFor
	language
	secGPC
	dnt
	clientAddr // the client as a server with trusted proxies of its own found it; goes before remoteAddr
	clientPort // an address, a colon and a port; IPv6 may lack its brackets
	clientHost // Traefik's: the forwarded addresses, or the client's where there are none
	peers      // addresses, identity and user, as far as the time
	dateUTC
	timeUTC
	edge   // a column that only CloudFront has
	logger // what of Caddy has written a line
	line   // the line as a whole, for errors
	fields
)

// variables names nginx's variables that are read. Others are skipped.
// See https://nginx.org/en/docs/varindex.html.
var variables = map[string]field{
	"remote_addr":          remoteAddr,
	"remote_user":          remoteUser,
	"time_local":           timeLocal,
	"time_iso8601":         timeISO,
	"msec":                 msec,
	"request":              request,
	"request_method":       requestMethod,
	"request_uri":          requestURI,
	"uri":                  uri,
	"document_uri":         uri,
	"args":                 args,
	"query_string":         args,
	"status":               status,
	"body_bytes_sent":      bodyBytes,
	"bytes_sent":           bytesSent,
	"http_referer":         referrer,
	"http_user_agent":      userAgent,
	"host":                 host,
	"http_host":            host,
	"server_name":          serverName,
	"http_x_forwarded_for": forwardedFor,
	"http_accept_language": language,
	"http_sec_gpc":         secGPC,
	"http_dnt":             dnt,
}

// ours are variables that nginx does not have, for the templates of other servers' formats.
var ours = map[string]field{
	"klar_client": clientPort,
	"klar_peers":  peers,
}

// jsonKeys names the keys that people give nginx's variables in a JSON log, beside the variables' own names.
var jsonKeys = map[string]field{
	"client_ip":       remoteAddr,
	"clientip":        remoteAddr,
	"ip":              remoteAddr,
	"remote_ip":       remoteAddr,
	"remote_address":  remoteAddr,
	"time":            anyTime,
	"timestamp":       anyTime,
	"@timestamp":      anyTime,
	"ts":              anyTime,
	"method":          requestMethod,
	"url":             requestURI,
	"path":            uri,
	"query":           args,
	"status_code":     status,
	"response_status": status,
	"bytes":           bodyBytes,
	"size":            bodyBytes,
	"body_bytes":      bodyBytes,
	"referer":         referrer,
	"referrer":        referrer,
	"http_referrer":   referrer,
	"user_agent":      userAgent,
	"agent":           userAgent,
	"hostname":        serverName,
	"vhost":           serverName,
	"domain":          serverName,
	"x_forwarded_for": forwardedFor,
	"accept_language": language,
	"sec_gpc":         secGPC,
	"gpc":             secGPC,
	"dnt":             dnt,
}

// names are the fields as errors call them: by nginx's variable, in every format.
var names = [fields]string{
	remoteUser:    "$remote_user",
	remoteAddr:    "$remote_addr",
	timeLocal:     "$time_local",
	timeISO:       "$time_iso8601",
	msec:          "$msec",
	anyTime:       "$time",
	request:       "$request",
	requestMethod: "$request_method",
	requestURI:    "$request_uri",
	uri:           "$uri",
	args:          "$args",
	status:        "$status",
	bodyBytes:     "$body_bytes_sent",
	bytesSent:     "$bytes_sent",
	referrer:      "$http_referer",
	userAgent:     "$http_user_agent",
	host:          "$host",
	serverName:    "$server_name",
	forwardedFor:  "$http_x_forwarded_for",
	language:      "$http_accept_language",
	secGPC:        "$http_sec_gpc",
	dnt:           "$http_dnt",
	clientAddr:    "$remote_addr",
	clientPort:    "$remote_addr",
	clientHost:    "$http_x_forwarded_for",
	peers:         "$remote_addr",
	dateUTC:       "$date",
	timeUTC:       "$time",
	edge:          "$edge",
	logger:        "logger",
}

// isFree tells whether the field's value may hold spaces, so that it reaches to the end of a line it ends.
func (f field) isFree() bool { return f == request || f == referrer || f == userAgent }

// isTime tells whether the field is a moment.
func (f field) isTime() bool { return f >= timeLocal && f <= anyTime }
