package pipeline

import "time"

// Status is how everything is at one moment, as GET /api/pipeline answers it. Rates are by the second, over the last
// [RateOver], and null while less than two samples are there. Sizes are in bytes.
type Status struct {
	At       time.Time `json:"at"`
	Version  string    `json:"version"`
	Uptime   float64   `json:"uptime_seconds"`
	Level    Level     `json:"level"`    // the worst of the problems
	Problems []Problem `json:"problems"` // the worst first
	Sources  []Source  `json:"sources"`
	Beacons  Beacons   `json:"beacons"`
	Spools   []Spool   `json:"spools"`
	Inserts  Inserts   `json:"inserts"`
	Engine   Engine    `json:"engine"`
	Storage  Storage   `json:"storage"`
	Disk     Disk      `json:"disk"`
	History  History   `json:"history"`
}

// Configured is a source as the configuration names it.
type Configured struct {
	Name   string `json:"name"` // its pattern or address
	Kind   string `json:"kind"` // file or syslog
	Site   string `json:"site"` // empty: by the host that the log names
	Format string `json:"format"`
}

// Source is one followed source.
type Source struct {
	Configured
	// State is reading, quiet (nothing new), behind, missing (no file) or unknown_format.
	State      string             `json:"state"`
	Files      float64            `json:"files"`   // open ones
	Streams    float64            `json:"streams"` // of syslog, open ones
	Lines      float64            `json:"lines"`   // since the start
	Rate       *float64           `json:"lines_per_second"`
	LagBytes   float64            `json:"lag_bytes"`
	LagSeconds float64            `json:"lag_seconds"`
	Rejected   float64            `json:"rejected"`
	Rejects    map[string]float64 `json:"rejects"` // by the reason
	Lost       float64            `json:"lost"`    // bytes of files, or messages of syslog
	History    []*float64         `json:"history"` // lines by the second, as in History
}

// Beacons are what pages sent.
type Beacons struct {
	Counted float64            `json:"counted"`
	Rate    *float64           `json:"per_second"`
	Dropped map[string]float64 `json:"dropped"` // by the reason
}

// Spool is what waits for the store.
type Spool struct {
	Name    string  `json:"name"`
	Bytes   float64 `json:"bytes"`
	Age     float64 `json:"age_seconds"` // of its oldest hit
	Full    bool    `json:"full"`
	Refused float64 `json:"refused_blocks"` // set aside
}

// Inserts are the deliveries to the store.
type Inserts struct {
	Rows        float64    `json:"rows"` // since the start
	Rate        *float64   `json:"rows_per_second"`
	Failures    float64    `json:"failures"`
	Refused     float64    `json:"refused"`
	LastSuccess *time.Time `json:"last_success"` // null before the first
}

// Engine is the ClickHouse that answers.
type Engine struct {
	Kind     string     `json:"kind"`    // embedded or server
	Answers  bool       `json:"answers"` // to a question of now
	Version  string     `json:"version"` // empty while it does not answer
	Since    *time.Time `json:"up_since"`
	Restarts float64    `json:"restarts"`
	Memory   float64    `json:"memory_bytes"` // 0: unknown
}

// Storage is what is stored.
type Storage struct {
	At     *time.Time  `json:"at"` // when it was counted; null: not yet
	Bytes  uint64      `json:"bytes"`
	Tables []TableSize `json:"tables"`
	Sites  []SiteSize  `json:"sites"`
}

// TableSize is the size of one table.
type TableSize struct {
	Table string `json:"table"`
	Rows  uint64 `json:"rows"`
	Bytes uint64 `json:"bytes"`
}

// SiteSize is what a site has of all tables. The bytes are estimated by its share of the rows.
type SiteSize struct {
	Site  string `json:"site"`
	Rows  uint64 `json:"rows"`
	Bytes uint64 `json:"bytes_estimated"`
}

// Disk is where the spool is, and the embedded engine's data.
type Disk struct {
	Free float64 `json:"free_bytes"`
	Size float64 `json:"size_bytes"` // 0: unknown
}

// History is what was, up to half an hour back: a figure for each [Step], the latest last, and null where nothing is known.
type History struct {
	Step    float64    `json:"step_seconds"`
	Lines   []*float64 `json:"lines_per_second"`
	Beacons []*float64 `json:"beacons_per_second"`
	Rows    []*float64 `json:"rows_per_second"`
	Spool   []*float64 `json:"spool_bytes"`
	Lag     []*float64 `json:"lag_seconds"`
	Memory  []*float64 `json:"engine_memory_bytes"`
}

// Store is what the store told of itself.
type Store struct {
	Version string
	Up      time.Duration
	Memory  uint64 // bytes; 0: unknown
	// Free and Size are of the fullest disk of the store, in bytes; 0: unknown.
	Free, Size uint64
}

// Sizes are what is stored.
type Sizes struct {
	Tables []TableSize
	Sites  []SiteSize
}
