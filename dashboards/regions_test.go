package dashboards

import (
	"maps"
	"testing"
	"testing/fstest"
)

func TestRegionsAreNamedByTheInterface(t *testing.T) {
	list := "AT|1 Burgenland|2 Kärnten\nDE|BE Berlin|NW Nordrhein-Westfalen"
	want := map[string]string{"AT-1": "Burgenland", "AT-2": "Kärnten", "DE-BE": "Berlin", "DE-NW": "Nordrhein-Westfalen"}
	if got := regionNames(fstest.MapFS{regionList: {Data: []byte(list)}}); !maps.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if got := regionNames(fstest.MapFS{}); len(got) > 0 {
		t.Errorf("without the interface: %v", got)
	}
}
