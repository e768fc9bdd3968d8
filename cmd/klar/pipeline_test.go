package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/klar-analytics/klar/dashboards/pipeline"
)

// pipelineStatus is what the page of the pipeline is told. Levels are texts in it, which nobody has to read back.
func pipelineStatus(t *testing.T, base string) pipeline.Status {
	t.Helper()
	text := answer(t, base+"/api/pipeline", "")
	for _, level := range []string{"green", "amber", "red"} {
		text = strings.ReplaceAll(text, `"level":"`+level+`"`, `"level":0`)
	}
	var s pipeline.Status
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return s
}

// TestServedPipeline follows a log and looks at what the pipeline says of it, also with its last line unreadable.
func TestServedPipeline(t *testing.T) {
	t.Parallel()
	config, data, logs := follower(t, "combined")
	name := filepath.Join(logs, "*access.log")
	line := `203.0.113.77 - - [` + time.Now().UTC().Format("02/Jan/2006:15:04:05 -0700") + `] "GET /a HTTP/1.1" 200 9 "-" "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"` + "\n"
	if err := os.WriteFile(filepath.Join(logs, "access.log"), []byte(strings.Repeat(line, 30)+"203.0.113.77 no line\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, base := serveLogs(t, config, data)
	var s pipeline.Status
	for late := time.Now().Add(patience); s.Inserts.LastSuccess == nil; s = pipelineStatus(t, base) {
		if time.Now().After(late) {
			t.Fatalf("nothing is delivered: %+v", s)
		}
	}
	if len(s.Sources) != 1 {
		t.Fatalf("%d sources, want 1", len(s.Sources))
	}
	got := s.Sources[0]
	if got.Name != name || got.Site != "z.org" || got.Format != "combined" || got.Files != 1 || got.Lines != 31 || got.Rejected != 1 || len(got.Rejects) != 1 {
		t.Errorf("the source is %+v", got)
	}
	if s.Engine.Kind != "embedded" || !s.Engine.Answers || s.Engine.Version == "" || s.Engine.Since == nil || s.Engine.Memory < 50e6 {
		t.Errorf("the engine is %+v", s.Engine)
	}
	if s.Disk.Free <= 0 || s.Disk.Free > s.Disk.Size || len(s.Spools) != 2 || len(s.Storage.Tables) < 10 {
		t.Errorf("disk %+v, spools %+v, storage %+v", s.Disk, s.Spools, s.Storage)
	}
	if text := answer(t, base+"/api/pipeline", ""); strings.Contains(text, "203.0.113") || strings.Contains(text, "no line") {
		t.Errorf("the pipeline tells of a line: %s", text)
	}
	page := answer(t, base+"/metrics", "")
	for _, want := range []string{`klar_build_info{version="`, "klar_engine_memory_bytes ", "klar_engine_start_timestamp_seconds ", "klar_disk_free_bytes ", "klar_disk_size_bytes ", `klar_insert_success_timestamp_seconds{spool="serve"}`} {
		if !strings.Contains(page, want) {
			t.Errorf("the metrics do not have %s", want)
		}
	}
}
